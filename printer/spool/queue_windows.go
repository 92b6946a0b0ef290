package spool

import (
	"context"
	"errors"
	"fmt"
	"time"

	spooler "github.com/alexbrainman/printer"

	"kassa/printer"
)

// Queue is a printer.Transport through a queue of Windows. The printer is installed with its maker's driver or with
// "Generic / Text Only".
type Queue struct{ name string }

var _ printer.Transport = (*Queue)(nil)

// NewWindows names a queue. Nothing is asked yet.
func NewWindows(name string) *Queue { return &Queue{name: name} }

// trouble are the states of a job that keep it from being printed.
const trouble = spooler.JOB_STATUS_ERROR | spooler.JOB_STATUS_OFFLINE | spooler.JOB_STATUS_PAUSED | spooler.JOB_STATUS_BLOCKED_DEVQ |
	spooler.JOB_STATUS_USER_INTERVENTION

// done are the states of a job that is out of the queue's hands, though the queue may still list it.
const done = spooler.JOB_STATUS_PRINTED | spooler.JOB_STATUS_COMPLETE | spooler.JOB_STATUS_DELETED

// slowest bounds a call of the spooler, which has no time limit of its own.
const slowest = 30 * time.Second

// Send hands one job over, if the queue holds no other.
func (q *Queue) Send(ctx context.Context, job []byte) (sent int, err error) {
	if len(job) == 0 {
		return 0, nil
	}
	status, err := q.Status(ctx)
	if err != nil {
		return 0, err
	}
	if !status.Ready() {
		return 0, fmt.Errorf("printing through queue %s: %w", q.name, printer.NotReadyError{Status: status})
	}
	var began bool
	err = bounded(ctx, func() error {
		p, err := spooler.Open(q.name)
		if err != nil {
			return err
		}
		defer p.Close()
		if err := p.StartRawDocument(title); err != nil {
			return err
		}
		began = true
		return errors.Join(write(p, job), p.EndDocument())
	})
	switch {
	case err == nil:
		return len(job), nil
	case errors.Is(err, errSlow) || began:
		return len(job), fmt.Errorf("printing through queue %s: nobody knows whether it took the job: %w", q.name, err)
	}
	return 0, q.unreachable(err)
}

// write writes a job as one page. The spooler may take less than it was given.
func write(p *spooler.Printer, job []byte) error {
	if err := p.StartPage(); err != nil {
		return err
	}
	for len(job) > 0 { // the library panics when it is given nothing
		n, err := p.Write(job)
		if err != nil {
			return errors.Join(err, p.EndPage())
		}
		if n <= 0 {
			return errors.Join(errors.New("the spooler takes nothing"), p.EndPage())
		}
		job = job[min(n, len(job)):]
	}
	return p.EndPage()
}

// Status tells what the queue says of the jobs that it holds. Of an idle printer that is nothing: a queue opens with the
// printer unplugged.
func (q *Queue) Status(ctx context.Context) (printer.Status, error) {
	s := printer.Status{Silent: true}
	var jobs []spooler.JobInfo
	err := bounded(ctx, func() error {
		p, err := spooler.Open(q.name)
		if err != nil {
			return err
		}
		defer p.Close()
		jobs, err = p.Jobs()
		return err
	})
	if err != nil {
		return printer.Status{}, q.unreachable(err)
	}
	for _, j := range jobs {
		s.PaperOut = s.PaperOut || j.StatusCode&spooler.JOB_STATUS_PAPEROUT != 0
		s.Offline = s.Offline || j.StatusCode&trouble != 0 || j.StatusCode&done == 0
	}
	return s, nil
}

func (q *Queue) unreachable(err error) error {
	return fmt.Errorf("%w through queue %s: %w", printer.ErrUnreachable, q.name, err)
}

var errSlow = errors.New("spool: the spooler does not answer")

// bounded runs calls that have no time limit, and leaves them alone when they take too long. What f writes may be read
// only when the error is not errSlow.
func bounded(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, slowest)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errors.Join(errSlow, context.Cause(ctx))
	}
}

// WindowsQueues lists the queues of this machine.
func WindowsQueues() ([]string, error) {
	names, err := spooler.ReadNames()
	if err != nil {
		return nil, fmt.Errorf("listing print queues: %w", err)
	}
	return names, nil
}
