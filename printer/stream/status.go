package stream

import (
	"bytes"
	"time"

	"kassa/printer"
)

// The questions of DLE EOT n.
const (
	askPrinter = 1
	askOffline = 2
	askPaper   = 4
)

// ask puts the three questions that tell whether a job may be sent. A printer that leaves one unanswered is not asked
// further. An error tells that the line broke, or ctx ended.
func (c *conversation) ask() (printer.Status, error) {
	var s printer.Status
	for i, question := range []byte{askPrinter, askOffline, askPaper} {
		answer, ok, err := c.question(question)
		switch {
		case err != nil:
			return printer.Status{}, err
		case !ok:
			if i == 0 {
				c.p.silent = time.Now()
				return c.port(), nil
			}
			return s, nil
		}
		c.p.answers = true
		read(&s, question, answer)
	}
	return s, nil
}

// maxJunk is how many bytes that are no answer are passed over while waiting for one.
const maxJunk = 64

// question gives the byte that the printer answers; false means no answer, or none that can be one.
func (c *conversation) question(n byte) (answer byte, ok bool, err error) {
	if err := c.within(c.p.o.Timeouts.Answer); err != nil {
		return 0, false, err
	}
	if _, err := c.line.Write([]byte{0x10, 0x04, n}); err != nil {
		return 0, false, timedOut(err)
	}
	until := time.Now().Add(c.p.o.Timeouts.Answer)
	for range maxJunk {
		b, ok, err := c.read(time.Until(until))
		if err != nil || !ok {
			return 0, false, err
		}
		if isAnswer(b) {
			return b, true, nil
		}
	}
	return 0, false, nil
}

// isAnswer tells an answer to DLE EOT, 0xx1xx10, from automatic status (0xx1xx00), flow control and junk.
func isAnswer(b byte) bool { return b&0x93 == 0x12 }

// read notes what an answer says (Epson ESC/POS reference, DLE EOT).
func read(s *printer.Status, question, b byte) {
	switch question {
	case askPrinter:
		s.Offline = b&0x08 != 0
	case askOffline:
		s.Cover = b&0x04 != 0
		s.PaperOut = s.PaperOut || b&0x20 != 0
		s.Failed = b&0x40 != 0
	case askPaper:
		s.PaperLow = b&0x0C != 0
		s.PaperOut = s.PaperOut || b&0x60 != 0
	}
}

// forget has the printer empty its buffers (DLE DC4, function 8), and forgotten is its answer. It is a real-time command:
// it works in the middle of a picture and with no paper.
var (
	forget    = []byte{0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08}
	forgotten = []byte{0x37, 0x25, 0x00}
)

// clear empties a printer that may hold the rest of a job that was cut off. Nothing may be sent until it has answered;
// one that answers questions, but not this, does not know the command: the next job begins with ESC @ all the same.
func (c *conversation) clear(s printer.Status) error {
	if !c.p.dirty || s.Silent || !c.p.answers {
		return nil
	}
	if err := c.within(c.p.o.Timeouts.Answer); err != nil {
		return err
	}
	if _, err := c.line.Write(forget); err != nil {
		return timedOut(err)
	}
	var said []byte
	until := time.Now().Add(3 * c.p.o.Timeouts.Answer)
	for range maxJunk {
		b, ok, err := c.read(time.Until(until))
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if said = append(said, b); bytes.HasSuffix(said, forgotten) {
			break
		}
	}
	c.p.dirty = false
	return nil
}
