// Package stream prints over a two-way line of bytes: a network connection, a serial port, a USB printer's node. What
// differs between them is a Line; what is the same stands here: the printer is asked how it is before the first byte
// (DLE EOT, Epson ESC/POS reference), the job goes out in pieces that must each make progress, the end is gentle, and a
// printer that can is asked whether the job is on paper.
//
// A printer that answers nothing is taken as it is, and one that never did is not waited for before every job. That all
// bytes were sent is no proof of printing: see printer.Transport.
package stream

import (
	"context"
	"io"
	"time"

	"kassa/printer"
)

// Line is an open way to a printer, for one job.
type Line interface {
	// Write takes bytes, or returns os.ErrDeadlineExceeded with as many as may have left. Read gives what came, at least
	// one byte, or os.ErrDeadlineExceeded.
	io.ReadWriteCloser
	// SetDeadline is for what waits now and for what comes. It may be called from another goroutine.
	SetDeadline(t time.Time) error
	// Finish returns when all that was written has left this machine, as far as the line can tell. Nothing is written
	// after it. An error leaves the job in doubt.
	Finish() error
}

// Port is a Line that knows something of a printer that answers no questions.
type Port interface {
	// Port tells what it knows; ok is false when that is nothing.
	Port() (s printer.Status, ok bool)
}

// Opener opens a line, within ctx. Every error means that the printer cannot be reached.
type Opener func(ctx context.Context) (Line, error)

// Timeouts say how long a printer may take. The zero value of each means its default.
type Timeouts struct {
	Answer time.Duration // to answer one question; 0.7 s
	Stall  time.Duration // without taking a single byte of the job; 10 s. There is no limit on the whole job
	Close  time.Duration // to take the end of the job; 1 s
	Proof  time.Duration // to say that the job is on paper; 30 s, and a second more for every two kilobytes
	Keep   time.Duration // to leave the line open after the drawer, for the slip that follows it; 0.3 s
	Look   time.Duration // between two looks at a printer that has not said so yet; 1 s
}

func (t Timeouts) withDefaults() Timeouts {
	return Timeouts{
		Answer: defaulted(t.Answer, 700*time.Millisecond),
		Stall:  defaulted(t.Stall, 10*time.Second),
		Close:  defaulted(t.Close, time.Second),
		Proof:  defaulted(t.Proof, 30*time.Second),
		Keep:   defaulted(t.Keep, 300*time.Millisecond),
		Look:   defaulted(t.Look, time.Second),
	}
}

func defaulted(d, usual time.Duration) time.Duration {
	if d <= 0 {
		return usual
	}
	return d
}
