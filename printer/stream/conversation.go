package stream

import (
	"bytes"
	"context"
	"errors"
	"os"
	"time"

	"kassa/printer"
)

// conversation is what is said on one line.
type conversation struct {
	p    *Printer
	ctx  context.Context
	line Line
	stop func() bool

	want   []byte // the printer's word that is waited for, with whatever it says beside it
	said   []byte // the last bytes that came
	proven bool
}

// follow has the end of ctx interrupt whatever waits on the line.
func (c *conversation) follow(ctx context.Context) {
	c.ctx = ctx
	c.stop = context.AfterFunc(ctx, func() { _ = c.line.SetDeadline(time.Unix(1, 0)) })
}

func (c *conversation) close() {
	c.stop()
	_ = c.line.Close()
}

// within gives the line a new deadline, unless ctx has ended: its end has set one in the past, which stays.
func (c *conversation) within(d time.Duration) error {
	if err := c.line.SetDeadline(time.Now().Add(d)); err != nil {
		return err
	}
	return context.Cause(c.ctx)
}

// greet asks how the printer is before a job, and clears what an earlier job left in it.
func (c *conversation) greet() (printer.Status, error) {
	p := c.p
	if !p.answers && !p.silent.IsZero() && time.Since(p.silent) < silence {
		return c.port(), nil
	}
	s, err := c.ask()
	if err == nil {
		err = c.clear(s)
	}
	if err != nil {
		return s, p.unreachable(err)
	}
	return s, nil
}

// port is the status of a printer that answers nothing.
func (c *conversation) port() printer.Status {
	if l, ok := c.line.(Port); ok {
		if s, ok := l.Port(); ok {
			return s
		}
	}
	return printer.Status{Silent: true}
}

// write sends the job, piece by piece.
func (c *conversation) write(job []byte) (sent int, err error) {
	for sent < len(job) {
		n, err := c.piece(job[sent:min(sent+c.p.o.Chunk, len(job))])
		sent += n
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

func (c *conversation) piece(data []byte) (int, error) {
	if err := c.within(c.p.o.Timeouts.Stall); err != nil {
		return 0, err
	}
	n, err := c.line.Write(data)
	if err != nil && c.ctx.Err() != nil {
		err = context.Cause(c.ctx)
	}
	return n, err
}

// finish ends the job gently: a hard end can lose its tail.
func (c *conversation) finish() error {
	if err := c.within(c.p.o.Timeouts.Close); err != nil {
		return nil // all is sent, and nobody wants to wait
	}
	err := c.line.Finish()
	if err != nil && c.ctx.Err() != nil {
		return nil
	}
	return err
}

// read gives the next byte that comes within d; ok is false when none came.
func (c *conversation) read(d time.Duration) (b byte, ok bool, err error) {
	if err := c.within(d); err != nil {
		return 0, false, err
	}
	var one [1]byte
	n, err := c.line.Read(one[:])
	switch {
	case n == 1:
		c.hear(one[0])
		return one[0], true, nil
	case c.ctx.Err() != nil:
		return 0, false, context.Cause(c.ctx)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return 0, false, nil
	case err == nil:
		return 0, false, errors.New("nothing was read, and no reason given")
	}
	return 0, false, err
}

// hear notes the word that is waited for, in whatever it stands.
func (c *conversation) hear(b byte) {
	if c.want == nil {
		return
	}
	c.said = append(c.said, b)
	c.said = c.said[max(len(c.said)-len(c.want), 0):]
	c.proven = c.proven || bytes.Equal(c.said, c.want)
}

const (
	blink = 50 * time.Millisecond // how long a drawer waits meanwhile

	maxTalk = 64 << 10 // bytes that a printer may say instead of the answer
)

// errNoWord tells that a printer did not confirm a job although it confirms them, or that it answers nothing any more.
var errNoWord = errors.New("the printer has not said that the job is on paper")

// prove asks whether the job is on paper and waits for the answer. When ctx ends, nobody wants to wait.
func (c *conversation) prove(id printer.ProcessID, most time.Duration) (bool, error) {
	c.want = id.Answer()
	silent := false
	_, err := c.piece(id.Ask())
	if err == nil {
		silent, err = c.await(most)
	}
	switch {
	case c.proven:
		c.p.proves = true
		return true, nil
	case c.ctx.Err() != nil:
		return false, nil
	case err == nil && (c.p.proves || silent):
		err = errNoWord
	}
	return false, err // one that answers everything but this does not know the question
}

// await waits for the printer's word. A printer that stops meanwhile is told to forget the rest of the job: otherwise it
// would come out when the paper is back, after a person has had it printed again. silent tells of one that answered
// before the job and now does not.
func (c *conversation) await(most time.Duration) (silent bool, err error) {
	until := time.Now().Add(most)
	asked := time.Now()
	for heard := 0; !c.proven && heard < maxTalk && time.Now().Before(until); {
		c.kickMeanwhile()
		_, ok, err := c.read(min(blink, c.p.o.Timeouts.Look))
		if err != nil {
			return false, err
		}
		if ok {
			heard++
			continue
		}
		if time.Since(asked) < c.p.o.Timeouts.Look {
			continue
		}
		s, err := c.ask()
		if err != nil {
			return false, err
		}
		asked, silent = time.Now(), s.Silent
		if !s.Ready() && !c.proven {
			_ = c.clear(s) // if it does not work it is tried again before the next job
			return false, printer.StoppedError{Status: s}
		}
	}
	return silent, nil
}
