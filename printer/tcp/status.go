package tcp

import (
	"context"
	"errors"
	"net"
	"os"
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
// further. The error is printer.ErrUnreachable: the connection broke, or ctx ended.
func (p *Printer) ask(ctx context.Context, conn net.Conn) (printer.Status, error) {
	var s printer.Status
	for i, question := range []byte{askPrinter, askOffline, askPaper} {
		answer, ok, err := p.question(ctx, conn, question)
		switch {
		case err != nil:
			return printer.Status{}, p.unreachable(err)
		case !ok:
			s.Silent = i == 0
			if s.Silent {
				p.silent = time.Now()
			}
			return s, nil
		}
		p.answers = true
		read(&s, question, answer)
	}
	return s, nil
}

// maxJunk is how many bytes that are no answer are passed over while waiting for one.
const maxJunk = 64

// question gives the byte that the printer answers; false means no answer, or none that can be one.
func (p *Printer) question(ctx context.Context, conn net.Conn, n byte) (answer byte, ok bool, err error) {
	if err := within(ctx, conn, p.timeouts.Answer); err != nil {
		return 0, false, err
	}
	if _, err := conn.Write([]byte{0x10, 0x04, n}); err != nil {
		return 0, false, err
	}
	var b [1]byte
	for range maxJunk {
		if _, err := conn.Read(b[:]); err != nil {
			switch {
			case ctx.Err() != nil:
				return 0, false, context.Cause(ctx)
			case errors.Is(err, os.ErrDeadlineExceeded):
				return 0, false, nil
			}
			return 0, false, err
		}
		if isAnswer(b[0]) {
			return b[0], true, nil
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
