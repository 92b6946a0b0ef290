// Package serial carries print jobs to a receipt printer at a serial port, or at a USB cable that makes one.
//
// The port library switches flow control off and its writes have no time limit, so both are done here: a job goes out
// about a line at a time, each only while the printer holds the lines CTS and DSR up, where its cable has them; and a
// write that hangs is abandoned by closing the port.
package serial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.bug.st/serial"

	"kassa/printer"
	"kassa/printer/stream"
)

// DefaultBaud is the speed of most receipt printers as they are delivered.
const DefaultBaud = 9600

// Bounds of what receipt printers can be set to.
const (
	MinBaud = 1200
	MaxBaud = 921600
)

// Printer is a printer.Transport over a serial port, with 8 data bits, no parity and one stop bit.
type Printer struct{ *stream.Printer }

var _ printer.Confirmer = (*Printer)(nil)

// Timeouts say how long a printer may take. The zero value of each means its default.
type Timeouts = stream.Timeouts

// chunk is about a line.
const chunk = 64

// New names the printer at a port, "/dev/ttyUSB0" or "COM3"; a baud of zero means DefaultBaud. Nothing is opened yet.
func New(port string, baud int, timeouts Timeouts) *Printer {
	if baud == 0 {
		baud = DefaultBaud
	}
	return newPrinter(port, timeouts, func() (serial.Port, error) {
		return serial.Open(port, &serial.Mode{BaudRate: baud, DataBits: 8, Parity: serial.NoParity, StopBits: serial.OneStopBit})
	})
}

func newPrinter(name string, timeouts Timeouts, open func() (serial.Port, error)) *Printer {
	return &Printer{stream.New(stream.Options{
		Name: name, Chunk: chunk, Timeouts: timeouts,
		Open: func(ctx context.Context) (stream.Line, error) {
			port, err := open()
			if err != nil {
				return nil, err
			}
			return newLine(port), nil
		},
	})}
}

// Ports lists the serial ports of this machine.
func Ports() ([]string, error) {
	all, err := serial.GetPortsList()
	if err != nil {
		return nil, fmt.Errorf("listing serial ports: %w", err)
	}
	return all, nil
}

// pause is between two looks at a port: for an end of the wait, for a line of the cable.
const pause = 20 * time.Millisecond

// line is an open port.
type line struct {
	port     serial.Port
	cts, dsr bool // the cable has these
	deadline atomic.Pointer[time.Time]
	closing  sync.Once
	closed   error
}

// newLine finds which lines the cable has: a cable with three wires never raises any, and then the printer's DLE EOT is
// all there is. One that is down now counts as missing for this job; a printer that keeps it down takes nothing anyway.
func newLine(port serial.Port) *line {
	l := &line{port: port}
	_ = port.ResetInputBuffer() // what an earlier conversation left: at worst it is taken for junk
	if bits, err := port.GetModemStatusBits(); err == nil {
		l.cts, l.dsr = bits.CTS, bits.DSR
	}
	_ = l.SetDeadline(time.Time{})
	return l
}

// SetDeadline never fails. What waits now notices within pause.
func (l *line) SetDeadline(t time.Time) error {
	l.deadline.Store(&t)
	return nil
}

// over tells whether the time is up.
func (l *line) over() bool {
	t := *l.deadline.Load()
	return !t.IsZero() && !time.Now().Before(t)
}

// Read waits in short pieces, because the port's own time limit cannot be changed while it waits.
func (l *line) Read(p []byte) (int, error) {
	for !l.over() {
		wait := pause
		if t := *l.deadline.Load(); !t.IsZero() {
			wait = min(wait, max(time.Until(t), time.Millisecond))
		}
		if err := l.port.SetReadTimeout(wait); err != nil {
			return 0, err
		}
		if n, err := l.port.Read(p); n > 0 || err != nil {
			return n, err
		}
	}
	return 0, os.ErrDeadlineExceeded
}

// Write sends one piece when the printer holds its lines up, and waits until it has left.
func (l *line) Write(p []byte) (int, error) {
	for !l.clear() {
		if l.over() {
			return 0, os.ErrDeadlineExceeded
		}
		time.Sleep(pause / 4)
	}
	sent := 0
	for sent < len(p) {
		n, err := l.bounded(func() (int, error) { return l.port.Write(p[sent:]) })
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return len(p), err // nobody knows how many of them left
		}
		sent += n
		if err != nil {
			return sent, err
		}
		if n == 0 {
			return sent, errors.New("the port takes nothing")
		}
	}
	_, err := l.bounded(func() (int, error) { return 0, l.port.Drain() })
	return sent, err
}

// clear tells whether the printer wants more.
func (l *line) clear() bool {
	if !l.cts && !l.dsr {
		return true
	}
	bits, err := l.port.GetModemStatusBits()
	if err != nil {
		return true // the write will tell
	}
	return (bits.CTS || !l.cts) && (bits.DSR || !l.dsr)
}

// bounded runs a call that has no time limit of its own. One that takes too long is abandoned: the port is closed, and
// what it still held is thrown away where the system can do that.
func (l *line) bounded(f func() (int, error)) (int, error) {
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	go func() {
		n, err := f()
		done <- result{n, err}
	}()
	for {
		timer := time.NewTimer(pause)
		select {
		case r := <-done:
			timer.Stop()
			return r.n, r.err
		case <-timer.C:
		}
		if l.over() {
			_ = l.port.ResetOutputBuffer()
			_ = l.Close()
			return 0, os.ErrDeadlineExceeded
		}
	}
}

// Finish has nothing left to wait for: every piece was waited for.
func (l *line) Finish() error { return nil }

// Close closes the port, once.
func (l *line) Close() error {
	l.closing.Do(func() { l.closed = l.port.Close() })
	return l.closed
}
