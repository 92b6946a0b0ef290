//go:build !windows

package spool

import (
	"context"
	"errors"
	"fmt"

	"kassa/printer"
)

// Queue is a printer.Transport through a queue of Windows, which this system is not.
type Queue struct{ name string }

var _ printer.Transport = (*Queue)(nil)

var errSystem = errors.New("spool: this system is not Windows")

// NewWindows names a queue that cannot be reached.
func NewWindows(name string) *Queue { return &Queue{name: name} }

// Send sends nothing: the error is printer.ErrUnreachable.
func (q *Queue) Send(context.Context, []byte) (int, error) { return 0, q.unreachable() }

// Status knows nothing: the error is printer.ErrUnreachable.
func (q *Queue) Status(context.Context) (printer.Status, error) {
	return printer.Status{}, q.unreachable()
}

func (q *Queue) unreachable() error {
	return fmt.Errorf("%w through queue %s: %w", printer.ErrUnreachable, q.name, errSystem)
}

// WindowsQueues lists none.
func WindowsQueues() ([]string, error) { return nil, nil }
