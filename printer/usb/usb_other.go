//go:build !linux

// Package usb carries print jobs to a receipt printer at a USB port of a Linux machine. On other systems a USB printer is
// reached through the system's queue: see printer/spool.
package usb

import (
	"context"
	"errors"

	"kassa/printer"
	"kassa/printer/stream"
)

// Printer is a printer.Transport that no printer can be reached by.
type Printer struct{ *stream.Printer }

var _ printer.Confirmer = (*Printer)(nil)

// Timeouts are of no use here.
type Timeouts = stream.Timeouts

var errSystem = errors.New("usb: this system has no printer nodes; use its queue")

// New names a printer that cannot be reached.
func New(node string, timeouts Timeouts) *Printer {
	return &Printer{stream.New(stream.Options{
		Name: node, Timeouts: timeouts,
		Open: func(context.Context) (stream.Line, error) { return nil, errSystem },
	})}
}

// NewBySerial names a printer that cannot be reached.
func NewBySerial(serial string, timeouts Timeouts) *Printer { return New(serial, timeouts) }

// Node is a USB printer that is plugged in.
type Node struct{ Path, Maker, Model, Serial string }

// Nodes lists none.
func Nodes() []Node { return nil }
