// Package printer is paper: what stands on a slip (Document), how it is laid out for a width in columns, and the way
// to a printer (Transport).
//
// A slip is described once, as a Document: it can be kept as JSON in a queue, drawn by printer/escpos as bytes for a
// receipt printer of any width, or as text. The slips of the till are made in printer/slip. printer/printersim is a
// practice printer that understands the same bytes and draws the paper.
package printer

import (
	"context"
	"errors"
	"strings"
)

// Align places text on a line.
type Align string

// The alignments. The zero value is left.
const (
	Left   Align = ""
	Center Align = "center"
	Right  Align = "right"
)

// Document is one slip, top to bottom. It is plain data: it marshals to JSON and back unchanged.
type Document struct {
	Elements   []Element `json:"elements"`
	OpenDrawer bool      `json:"open_drawer,omitempty"` // kick the drawer before the first line
}

// Element is one piece of a Document; exactly one of its parts is set.
type Element struct {
	Text    *Text  `json:"text,omitempty"`
	Pair    *Pair  `json:"pair,omitempty"`
	Rule    bool   `json:"rule,omitempty"`    // a line across the paper
	Feed    int    `json:"feed,omitempty"`    // empty lines
	QR      string `json:"qr,omitempty"`      // a QR code of this text, centred
	Barcode string `json:"barcode,omitempty"` // a Code 128 of this text, centred, with the text below it
}

// Text is a paragraph, wrapped at words.
type Text struct {
	Text  string `json:"text"`
	Align Align  `json:"align,omitempty"`
	Bold  bool   `json:"bold,omitempty"`
	Big   bool   `json:"big,omitempty"` // double width and height
}

// Pair is a text at the left edge and another at the right one of the same line. The left text gives way: it is wrapped
// or goes to a line of its own; the right one is never broken.
type Pair struct {
	Left  string `json:"left"`
	Right string `json:"right"`
	Bold  bool   `json:"bold,omitempty"`
	Big   bool   `json:"big,omitempty"`
}

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
	var why []string
	for _, r := range []struct {
		is   bool
		text string
	}{
		{e.Status.PaperOut, "out of paper"},
		{e.Status.Cover, "cover open"},
		{e.Status.Failed, "cutter or head failed"},
	} {
		if r.is {
			why = append(why, r.text)
		}
	}
	if len(why) == 0 {
		why = []string{"offline"}
	}
	return ErrNotReady.Error() + ": " + strings.Join(why, ", ")
}

// Is makes a NotReadyError an ErrNotReady.
func (e NotReadyError) Is(target error) bool { return target == ErrNotReady }
