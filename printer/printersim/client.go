package printersim

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

// Sizes and times of a connection.
const (
	receiveBuffer = 64 << 10         // held while the printer cannot print; then the sender has to wait
	idleTime      = 90 * time.Second // then the printer hangs up, as a TM-T20II does
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
	recent  []byte // the last two bytes, in which a status question may have begun
	dead    bool
}

func (p *Printer) serve(ctx context.Context, conn net.Conn) {
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	c := &client{printer: p, conn: conn, in: newInterpreter(p.model)}
	err := c.read(ctx)
	if c.dead || ctx.Err() != nil {
		return
	}
	if p.await(ctx, func() bool { return p.faults.ready() }) != nil {
		return // switched off before it could print
	}
	c.obey()
	c.end(!errors.Is(err, io.EOF))
}

// read takes what comes until the connection ends.
func (c *client) read(ctx context.Context) error {
	buf := make([]byte, 4096)
	for {
		size := len(buf)
		if c.printer.now().on[Slow] {
			size = slowBytes
			select {
			case <-time.After(slowPause):
			case <-ctx.Done():
			}
		}
		if err := c.conn.SetReadDeadline(time.Now().Add(idleTime)); err != nil {
			return err
		}
		n, err := c.conn.Read(buf[:size])
		if n > 0 {
			c.answer(buf[:n])
			if err := c.take(ctx, buf[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

// answer answers the status questions in data at once, wherever they stand.
func (c *client) answer(data []byte) {
	c.recent = append(c.recent, data...)
	for i := 0; i+2 < len(c.recent); i++ {
		if n := c.recent[i+2]; c.recent[i] == 0x10 && c.recent[i+1] == 0x04 && n >= 1 && n <= 4 {
			if b, ok := c.printer.now().answer(n); ok {
				_, _ = c.conn.Write([]byte{b}) // a client that is gone is noticed when reading
			}
		}
	}
	c.recent = append([]byte(nil), c.recent[max(len(c.recent)-2, 0):]...)
}

var errDied = errors.New("printersim: died")

// take adds data to the job and prints what can be printed. Its error ends the connection.
func (c *client) take(ctx context.Context, data []byte) error {
	if c.printer.now().on[Die] {
		return c.takeOneByOne(data)
	}
	c.pending = append(c.pending, data...)
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

// takeOneByOne breaks the connection at the byte that the fault names.
func (c *client) takeOneByOne(data []byte) error {
	for _, b := range data {
		c.pending = append(c.pending, b)
		c.obey()
		come := len(c.raw) + len(c.pending)
		if c.maybeQuestion() {
			come -= len(c.pending)
		}
		if come == 0 || come < c.printer.now().dieAfter || !c.printer.die() {
			continue
		}
		if tcp, ok := c.conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset, as of a printer whose plug was pulled
		}
		_ = c.conn.Close()
		c.dead = true
		c.end(true)
		return errDied
	}
	return nil
}

// maybeQuestion tells whether what is pending may become a status question, which is no part of a job.
func (c *client) maybeQuestion() bool {
	p := c.pending
	return len(p) > 0 && p[0] == 0x10 && (len(p) < 2 || p[1] == 0x04)
}

// obey prints what is pending, as far as it is complete. A cut ends the job.
func (c *client) obey() {
	for len(c.pending) > 0 {
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

// end keeps the job, unless nothing came, and begins the next one.
func (c *client) end(broken bool) {
	raw := append(c.raw, c.pending...)
	if len(raw) > 0 {
		c.printer.record(raw, c.in.finish(c.pending), broken)
	}
	c.in, c.raw, c.pending = newInterpreter(c.printer.model), nil, nil
}
