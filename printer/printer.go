// Package printer is paper: what stands on a slip (Document), how it is laid out for a width in columns, and the way
// to a printer (Transport).
//
// A slip is described once, as a Document: it can be kept as JSON in a queue, drawn by printer/escpos as bytes for a
// receipt printer of any width, by printer/picture as a picture, or as text. The slips of the till are made in
// printer/slip. printer/printersim is a practice printer that understands the same bytes and draws the paper.
package printer

import (
	"context"
	"errors"
	"strings"
)

// Transport carries bytes to a printer. Implementations are used by one goroutine at a time.
type Transport interface {
	// Send delivers one whole job. sent is how many bytes left us: zero with an error means that nothing was
	// printed and the job may be sent again; more than zero with an error means that nobody knows how much was printed.
	Send(ctx context.Context, job []byte) (sent int, err error)
	// Status asks the printer how it is. A printer that answers nothing gives Status{Silent: true} and no error.
	Status(ctx context.Context) (Status, error)
}

// Status is what a printer says of itself.
type Status struct {
	Silent   bool // no answer to questions: many cheap printers
	Offline  bool
	Cover    bool // open
	PaperOut bool
	PaperLow bool
	Failed   bool // cutter, head or another fault
}

// Ready tells whether a job may be sent.
func (s Status) Ready() bool {
	return !s.Offline && !s.Cover && !s.PaperOut && !s.Failed
}

// ErrUnreachable tells that the printer did not take the connection: off, unplugged, or another address.
var ErrUnreachable = errors.New("printer: cannot be reached")

// ErrNotReady tells that the printer answered, and cannot print now. The error that says so is a NotReadyError, which
// holds the reason.
var ErrNotReady = errors.New("printer: not ready")

// NotReadyError is an ErrNotReady with the printer's own words. It comes before the first byte of a job was sent.
type NotReadyError struct{ Status Status }

func (e NotReadyError) Error() string {
	return ErrNotReady.Error() + ": " + strings.Join(e.Status.reasons(), ", ")
}

// reasons are why no job may be sent.
func (s Status) reasons() []string {
	var why []string
	for _, r := range []struct {
		is   bool
		text string
	}{
		{s.PaperOut, "out of paper"},
		{s.Cover, "cover open"},
		{s.Failed, "cutter or head failed"},
	} {
		if r.is {
			why = append(why, r.text)
		}
	}
	if len(why) == 0 {
		why = []string{"offline"}
	}
	return why
}

// Is makes a NotReadyError an ErrNotReady.
func (e NotReadyError) Is(target error) bool { return target == ErrNotReady }
