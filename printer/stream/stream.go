package stream

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"kassa/printer"
)

// Options are what a Printer is made of.
type Options struct {
	Name     string // of the printer in errors: its address
	Open     Opener
	Timeouts Timeouts
	Chunk    int // bytes that are written under one deadline; 1024 when zero
}

// Printer is a printer.Transport over a line that is opened for each job, because a printer serves one client at a time
// and drops idle ones. Kick may be called from any goroutine, all else from one at a time.
type Printer struct {
	o     Options
	turn  chan struct{} // holds one token: whoever has it has the printer
	kicks chan kick     // for whoever has the printer and can open the drawer meanwhile

	answers bool      // it has answered a question
	silent  time.Time // when it last left one unanswered
	proves  bool      // it has confirmed a job
	dirty   bool      // it may hold the rest of a job that was cut off

	kept *conversation // an open line from a moment ago, for the slip that mostly follows the drawer
}

// silence is how long a printer that has never answered is not asked before a job. One that can answer is always asked:
// its silence may be trouble.
const silence = time.Minute

var (
	_ printer.Confirmer = (*Printer)(nil)
	_ printer.Kicker    = (*Printer)(nil)
	_ printer.Clearer   = (*Printer)(nil)
)

// New makes the transport. Nothing is opened yet.
func New(o Options) *Printer {
	o.Timeouts = o.Timeouts.withDefaults()
	if o.Chunk <= 0 {
		o.Chunk = 1024
	}
	p := &Printer{o: o, turn: make(chan struct{}, 1), kicks: make(chan kick)}
	p.turn <- struct{}{}
	return p
}

// take takes the printer for one conversation; give ends it.
func (p *Printer) take(ctx context.Context) (give func(), err error) {
	select {
	case <-p.turn:
		return func() { p.turn <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, p.unreachable(context.Cause(ctx))
	}
}

// Send delivers one job. Errors with nothing sent are printer.ErrUnreachable and printer.ErrNotReady; after the first
// byte, any error leaves the job in doubt.
func (p *Printer) Send(ctx context.Context, job []byte) (sent int, err error) {
	sent, _, err = p.send(ctx, job, nil)
	return sent, err
}

// SendConfirmed is printer.Confirmer's.
func (p *Printer) SendConfirmed(ctx context.Context, job []byte, id printer.ProcessID) (sent int, confirmed bool, err error) {
	return p.send(ctx, job, &id)
}

func (p *Printer) send(ctx context.Context, job []byte, id *printer.ProcessID) (sent int, confirmed bool, err error) {
	if len(job) == 0 {
		return 0, false, nil
	}
	give, err := p.take(ctx)
	if err != nil {
		return 0, false, err
	}
	defer give()
	c, status, err := p.begin(ctx)
	if err != nil {
		return 0, false, err
	}
	defer c.close()
	if !status.Ready() {
		return 0, false, fmt.Errorf("printing at %s: %w", p.o.Name, printer.NotReadyError{Status: status})
	}
	p.dirty = true // until it is known to be whole
	if id != nil {
		job = bytes.TrimSuffix(job, id.Ask()) // it is asked below
	}
	if sent, err = c.write(job); err != nil {
		p.dirty = sent > 0
		return sent, false, fmt.Errorf("printing at %s: %d of %d bytes sent: %w", p.o.Name, sent, len(job), err)
	}
	if id != nil && p.answers {
		if confirmed, err = c.prove(*id, p.o.Timeouts.Proof+time.Duration(len(job)/2048)*time.Second); err != nil {
			return sent, false, fmt.Errorf("printing at %s: all bytes sent: %w", p.o.Name, err)
		}
	}
	if err := c.finish(); err != nil && !confirmed {
		return sent, false, fmt.Errorf("printing at %s: line lost after the job: %w", p.o.Name, err)
	}
	p.dirty = false
	return sent, confirmed, nil
}

// Status asks the printer how it is. The error is printer.ErrUnreachable, also when the line breaks.
func (p *Printer) Status(ctx context.Context) (printer.Status, error) {
	give, err := p.take(ctx)
	if err != nil {
		return printer.Status{}, err
	}
	defer give()
	c, s, err := p.begin(ctx)
	if err != nil {
		return printer.Status{}, err
	}
	c.close()
	return s, nil
}

// ClearFirst is printer.Clearer's.
func (p *Printer) ClearFirst() {
	<-p.turn
	p.dirty = true
	p.turn <- struct{}{}
}

func (p *Printer) unreachable(err error) error {
	return fmt.Errorf("%w at %s: %w", printer.ErrUnreachable, p.o.Name, err)
}

// begin opens the line, or goes on with the one that is open, and asks the printer how it is.
func (p *Printer) begin(ctx context.Context) (*conversation, printer.Status, error) {
	if c := p.kept; c != nil {
		p.kept = nil
		c.follow(ctx)
		if s, err := c.greet(); err == nil {
			return c, s, nil
		}
		c.close() // the printer may have hung up meanwhile
	}
	c, err := p.open(ctx)
	if err != nil {
		return nil, printer.Status{}, err
	}
	s, err := c.greet()
	if err != nil {
		c.close()
		return nil, s, err
	}
	return c, s, nil
}

// keep leaves the line open for a moment. A printer serves one client at a time, and many take a second to see that one
// has gone: a slip that follows the drawer at once would wait for that.
func (p *Printer) keep(c *conversation) {
	c.stop()
	p.kept = c
	time.AfterFunc(p.o.Timeouts.Keep, func() {
		<-p.turn
		defer func() { p.turn <- struct{}{} }()
		if p.kept == c {
			p.kept = nil
			c.follow(context.Background())
			_ = c.finish() // there is nobody to tell
			c.close()
		}
	})
}

// open opens the line. The end of ctx interrupts whatever waits on it.
func (p *Printer) open(ctx context.Context) (*conversation, error) {
	if err := ctx.Err(); err != nil {
		return nil, p.unreachable(context.Cause(ctx))
	}
	line, err := p.o.Open(ctx)
	if err != nil {
		return nil, p.unreachable(err)
	}
	c := &conversation{p: p, line: line}
	c.follow(ctx)
	return c, nil
}
