// Package spool hands print jobs to the system's own print queue: CUPS through its programs lp and lpstat, Windows
// through its spooler.
//
// A queue is the last choice. It takes every job and says that all is well, also with the paper out or the printer
// unplugged; CUPS reports such a job as completed, or keeps it and prints it hours later. No answers come back through
// it. So a job that was handed over is sent and never confirmed, and as long as the queue still holds a job, it gets no
// other one: what waits is better kept by the till, which knows what is stale.
package spool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"kassa/printer"
)

// title is what jobs are called in the queue.
const title = "Kassa"

// CUPS is a printer.Transport through a queue of CUPS, which must pass bytes unchanged (-o raw).
type CUPS struct{ queue string }

var _ printer.Transport = (*CUPS)(nil)

// NewCUPS names a queue. Nothing is asked yet.
func NewCUPS(queue string) *CUPS { return &CUPS{queue: queue} }

// Send hands one job over, if the queue works and holds no other.
func (c *CUPS) Send(ctx context.Context, job []byte) (sent int, err error) {
	if len(job) == 0 {
		return 0, nil
	}
	status, err := c.Status(ctx)
	if err != nil {
		return 0, err
	}
	if !status.Ready() {
		return 0, fmt.Errorf("printing through queue %s: %w", c.queue, printer.NotReadyError{Status: status})
	}
	_, err = run(ctx, job, "lp", "-d", c.queue, "-o", "raw", "-t", title)
	var refused *exec.ExitError
	switch {
	case err == nil:
		return len(job), nil
	case ctx.Err() == nil && errors.As(err, &refused) && refused.Exited():
		return 0, c.unreachable(err) // lp says that it handed nothing over
	case errors.Is(err, exec.ErrNotFound):
		return 0, c.unreachable(err)
	}
	return len(job), fmt.Errorf("printing through queue %s: nobody knows whether it took the job: %w", c.queue, err)
}

// Status tells whether the queue works and is empty. It cannot know about paper.
func (c *CUPS) Status(ctx context.Context) (printer.Status, error) {
	said, err := run(ctx, nil, "lpstat", "-p", c.queue)
	if err != nil {
		return printer.Status{}, c.unreachable(err)
	}
	if !strings.Contains(said, "printer "+c.queue+" ") {
		return printer.Status{}, c.unreachable(errors.New("there is no such queue"))
	}
	s := printer.Status{Silent: true, Offline: strings.Contains(said, "printer "+c.queue+" disabled")}
	waiting, err := run(ctx, nil, "lpstat", "-o", c.queue)
	if err != nil {
		return printer.Status{}, c.unreachable(err)
	}
	s.Offline = s.Offline || strings.TrimSpace(waiting) != ""
	return s, nil
}

func (c *CUPS) unreachable(err error) error {
	return fmt.Errorf("%w through queue %s: %w", printer.ErrUnreachable, c.queue, err)
}

// Queues lists the queues of CUPS; none where CUPS is not installed or does not run.
func Queues(ctx context.Context) ([]string, error) {
	said, err := run(ctx, nil, "lpstat", "-e")
	if errors.Is(err, exec.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing print queues: %w", err)
	}
	return strings.Fields(said), nil
}

// maxSaid bounds what is read of a program's answer.
const maxSaid = 64 << 10

// run runs one of CUPS's programs and gives what it wrote, in English.
func run(ctx context.Context, in []byte, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "LANGUAGE=C")
	cmd.WaitDelay = 2 * time.Second
	cmd.Stdin = bytes.NewReader(in)
	var out, wrong limited
	cmd.Stdout, cmd.Stderr = &out, &wrong
	err := cmd.Run()
	if err != nil {
		if why := strings.TrimSpace(wrong.String()); why != "" {
			err = fmt.Errorf("%s: %w", clip(why), err)
		}
		return "", fmt.Errorf("%s: %w", name, errors.Join(err, context.Cause(ctx)))
	}
	return out.String(), nil
}

// clip shortens a program's words.
func clip(s string) string {
	const most = 200
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "")
	}
	return s
}

// limited keeps the beginning of what is written.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	l.Buffer.Write(p[:min(len(p), max(maxSaid-l.Len(), 0))])
	return len(p), nil
}
