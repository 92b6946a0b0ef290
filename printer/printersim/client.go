package printersim

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"time"
)

// Sizes and times of a connection.
const (
	receiveBuffer = 64 << 10              // held while the printer cannot print; then the sender has to wait
	idleTime      = 90 * time.Second      // then the printer hangs up, as a TM-T20II does
	wakeTime      = 20 * time.Millisecond // between two looks whether what waits can be printed
	slowBytes     = 128
	slowPause     = 50 * time.Millisecond
)

// client is one connection and the job that comes in on it.
type client struct {
	printer *Printer
	conn    net.Conn
	in      *interpreter
	raw     []byte // of the job, obeyed already
	pending []byte // not obeyed yet
	recent  []byte // the last bytes, in which a real-time command may have begun
	forgot  int    // as the printer's, when it was looked at last
	dead    bool
}

func (p *Printer) serve(ctx context.Context, conn net.Conn) {
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	c := &client{printer: p, conn: conn, in: newInterpreter(p.model)}
	p.change(func() { c.forgot = p.forgot; p.clients++ })
	err := c.read(ctx)
	p.change(func() { p.clients-- })
	if c.dead || ctx.Err() != nil {
		return
	}
	if p.await(ctx, func() bool { return p.faults.ready() || p.forgot != c.forgot }) != nil {
		return // switched off before it could print
	}
	c.forgets()
	c.obey()
	c.end(!errors.Is(err, io.EOF))
}

// refused turns a second client away where the printer takes one at a time.
func (p *Printer) refused(conn net.Conn) bool {
	p.mu.Lock()
	busy := p.faults.on[Busy] && p.clients > 0
	p.mu.Unlock()
	if busy {
		reset(conn)
	}
	return busy
}

// reset breaks a connection, as a printer whose plug was pulled does.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// read takes what comes until the connection ends.
func (c *client) read(ctx context.Context) error {
	buf := make([]byte, 4096)
	heard := time.Now()
	for {
		size := len(buf)
		if c.printer.now().on[Slow] {
			size = slowBytes
			select {
			case <-time.After(slowPause):
			case <-ctx.Done():
			}
		}
		patience := idleTime
		if len(c.pending) > 0 {
			patience = wakeTime
		}
		if err := c.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		n, err := c.conn.Read(buf[:size])
		if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) && time.Since(heard) < idleTime {
			c.wake()
			continue
		}
		heard = time.Now()
		if err := c.unstick(ctx); err != nil {
			return err
		}
		if n > 0 {
			if err := c.take(ctx, buf[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

// unstick waits while the printer takes nothing.
func (c *client) unstick(ctx context.Context) error {
	return c.printer.await(ctx, func() bool { return !c.printer.faults.on[Stuck] })
}

// wake prints what waits, once the printer can, and forgets it if another client had that done.
func (c *client) wake() {
	c.forgets()
	if c.printer.now().ready() {
		c.obey()
	}
}

var errDied = errors.New("printersim: died")

// take adds data to the job and prints what can be printed. Its error ends the connection.
func (c *client) take(ctx context.Context, data []byte) error {
	for _, b := range data {
		c.pending = append(c.pending, b)
		c.atOnce(ctx, b)
		c.forgets()
		if c.printer.now().armed() {
			if err := c.strike(); err != nil {
				return err
			}
			if err := c.unstick(ctx); err != nil {
				return err
			}
		}
	}
	if c.printer.now().ready() {
		c.obey()
	} else if len(c.pending) >= receiveBuffer {
		if err := c.printer.await(ctx, func() bool { return c.printer.faults.ready() }); err != nil {
			return err
		}
		c.obey()
	}
	if len(c.raw)+len(c.pending) > MaxJob {
		c.in.paper.Truncated = true
		return ErrTooLong
	}
	return nil
}

// strike breaks what is to break at this byte of the job. Everything before it is on paper, where there is paper.
func (c *client) strike() error {
	if c.printer.now().ready() {
		c.obey()
	}
	come := len(c.raw) + len(c.pending)
	if c.maybeTalk() {
		come -= len(c.pending)
	}
	if come == 0 || !c.printer.strike(come) {
		return nil
	}
	reset(c.conn)
	c.dead = true
	c.end(true)
	return errDied
}

// obey prints what is pending, as far as it is complete. A cut ends the job.
func (c *client) obey() {
	for len(c.pending) > 0 {
		if n := c.proves() + obeyed(c.pending); n > 0 {
			c.pending = c.pending[n:]
			continue
		}
		n, effect := c.in.step(c.pending)
		if n == 0 {
			return
		}
		if effect != question {
			c.raw = append(c.raw, c.pending[:n]...)
		}
		c.pending = c.pending[n:]
		if effect == cut {
			rest := c.pending
			c.pending = nil
			c.end(false)
			c.pending = rest
		}
	}
	c.pending = nil
}

// end keeps the job, unless nothing came, and begins the next one. What only opened the drawer is no job.
func (c *client) end(broken bool) {
	raw := append(c.raw, c.pending...)
	paper := c.in.finish(c.pending)
	c.in, c.raw, c.pending = newInterpreter(c.printer.model), nil, nil
	if paper.Drawer > 0 {
		c.printer.change(func() { c.printer.kicks += paper.Drawer })
	}
	if len(raw) == 0 || !broken && paper.Drawer > 0 && len(paper.Items) == 0 && paper.Ignored == 0 {
		return
	}
	c.printer.record(raw, paper, broken)
}
