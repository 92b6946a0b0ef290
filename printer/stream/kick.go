package stream

import (
	"context"
	"errors"
	"fmt"
	"os"

	"kassa/printer"
)

// kick is a drawer to be opened by whoever has the printer.
type kick struct {
	urgent []byte
	done   chan<- error
}

// Kick is printer.Kicker's. With the printer free, it is asked how it is: one that works gets the job, one that has
// stopped the urgent pulse, because it would keep the job and open the drawer when the paper is back.
func (p *Printer) Kick(ctx context.Context, job, urgent []byte) error {
	done := make(chan error, 1)
	select {
	case <-p.turn:
		defer func() { p.turn <- struct{}{} }()
		return p.kickFree(ctx, job, urgent)
	case p.kicks <- kick{urgent, done}:
		return <-done
	case <-ctx.Done():
		return p.unreachable(context.Cause(ctx))
	}
}

func (p *Printer) kickFree(ctx context.Context, job, urgent []byte) error {
	c, s, err := p.begin(ctx)
	if err != nil {
		return err
	}
	pulse := job
	if !s.Ready() {
		pulse = urgent
	}
	if _, err := c.piece(pulse); err != nil {
		c.close()
		return fmt.Errorf("opening the drawer at %s: %w", p.o.Name, err)
	}
	if s.Ready() {
		p.keep(c)
		return nil
	}
	defer c.close()
	if err := c.finish(); err != nil {
		return fmt.Errorf("opening the drawer at %s: %w", p.o.Name, err)
	}
	return fmt.Errorf("opening the drawer at %s: %w", p.o.Name, printer.NotReadyError{Status: s})
}

// kickMeanwhile opens the drawer while the printer is busy with a job that is all sent.
func (c *conversation) kickMeanwhile() {
	select {
	case k := <-c.p.kicks:
		_, err := c.piece(k.urgent)
		k.done <- err
	default:
	}
}

// timedOut hides an error that only says that time is up.
func timedOut(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
}
