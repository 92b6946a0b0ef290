// Package tcp carries print jobs to a receipt printer over the network: raw bytes to TCP port 9100, which nearly every
// network receipt printer listens on.
//
// Each job has a connection of its own, because printers serve one client at a time and drop idle ones. Before the first
// byte of a job the printer is asked how it is (DLE EOT, Epson ESC/POS reference); a printer that does not answer is
// taken as it is, and one that never did is not waited for before every job. That all bytes were sent is no proof of printing: see printer.Transport.
package tcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"kassa/printer"
)

// DefaultPort is what an address without a port means.
const DefaultPort = "9100"

// Timeouts say how long a printer may take. The zero value of each means its default.
type Timeouts struct {
	Dial   time.Duration // to take the connection; 2.5 s
	Answer time.Duration // to answer one question; 0.7 s
	Stall  time.Duration // without taking a single byte of the job; 10 s. There is no limit on the whole job
	Close  time.Duration // to close the connection after the job; 1 s
}

func (t Timeouts) withDefaults() Timeouts {
	return Timeouts{
		Dial:   defaulted(t.Dial, 2500*time.Millisecond),
		Answer: defaulted(t.Answer, 700*time.Millisecond),
		Stall:  defaulted(t.Stall, 10*time.Second),
		Close:  defaulted(t.Close, time.Second),
	}
}

func defaulted(d, usual time.Duration) time.Duration {
	if d <= 0 {
		return usual
	}
	return d
}

// Printer is a printer.Transport over TCP. It is used by one goroutine at a time.
type Printer struct {
	address  string
	timeouts Timeouts
	answers  bool      // it has answered a question
	silent   time.Time // when it last left one unanswered
}

// silence is how long a printer that has never answered is not asked before a job. One that can answer is always asked:
// its silence may be trouble.
const silence = time.Minute

var _ printer.Transport = (*Printer)(nil)

// New names the printer at an address, "192.168.1.50" or "192.168.1.50:9100". Nothing is dialled yet.
func New(address string, timeouts Timeouts) *Printer {
	return &Printer{address: withPort(address), timeouts: timeouts.withDefaults()}
}

// withPort adds the usual port to a host that names none. An empty address stays empty: it must not become this machine.
func withPort(address string) string {
	if _, _, err := net.SplitHostPort(address); err == nil || address == "" {
		return address
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), DefaultPort)
}

// chunk is how much of a job is written under one deadline.
const chunk = 1024

// Send delivers one job. Errors with nothing sent are printer.ErrUnreachable and printer.ErrNotReady; after the first
// byte, any error leaves the job in doubt.
func (p *Printer) Send(ctx context.Context, job []byte) (sent int, err error) {
	if len(job) == 0 {
		return 0, nil
	}
	conn, done, err := p.dial(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	status := printer.Status{Silent: true}
	if p.answers || p.silent.IsZero() || time.Since(p.silent) >= silence {
		if status, err = p.ask(ctx, conn); err != nil {
			return 0, err
		}
	}
	if !status.Ready() {
		return 0, fmt.Errorf("printing at %s: %w", p.address, printer.NotReadyError{Status: status})
	}
	for sent < len(job) {
		n, err := p.write(ctx, conn, job[sent:min(sent+chunk, len(job))])
		sent += n
		if err != nil {
			return sent, fmt.Errorf("printing at %s: %d of %d bytes sent: %w", p.address, sent, len(job), err)
		}
	}
	if err := p.finish(ctx, conn); err != nil {
		return sent, fmt.Errorf("printing at %s: connection lost after the job: %w", p.address, err)
	}
	return sent, nil
}

// Status asks the printer how it is. The error is printer.ErrUnreachable, also when the connection breaks.
func (p *Printer) Status(ctx context.Context) (printer.Status, error) {
	conn, done, err := p.dial(ctx)
	if err != nil {
		return printer.Status{}, err
	}
	defer done()
	return p.ask(ctx, conn)
}

// dial connects. The end of ctx interrupts whatever waits on the connection; done closes it.
func (p *Printer) dial(ctx context.Context) (conn *net.TCPConn, done func(), err error) {
	dialer := net.Dialer{Timeout: p.timeouts.Dial}
	c, err := dialer.DialContext(ctx, "tcp", p.address)
	if err != nil {
		return nil, nil, p.unreachable(err)
	}
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	return c.(*net.TCPConn), func() { stop(); _ = c.Close() }, nil
}

func (p *Printer) unreachable(err error) error {
	return fmt.Errorf("%w at %s: %w", printer.ErrUnreachable, p.address, err)
}

// within gives the connection a new deadline, unless ctx has ended: its end has set one in the past, which stays.
func within(ctx context.Context, conn net.Conn, d time.Duration) error {
	if err := conn.SetDeadline(time.Now().Add(d)); err != nil {
		return err
	}
	return context.Cause(ctx)
}

func (p *Printer) write(ctx context.Context, conn net.Conn, data []byte) (int, error) {
	if err := within(ctx, conn, p.timeouts.Stall); err != nil {
		return 0, err
	}
	n, err := conn.Write(data)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return n, err
}

// finish closes the connection gently: a hard close can lose the tail of the job. A printer that keeps the connection open
// has taken everything all the same; one that resets it may have thrown the job away.
func (p *Printer) finish(ctx context.Context, conn *net.TCPConn) error {
	if err := conn.CloseWrite(); err != nil {
		return err
	}
	if err := within(ctx, conn, p.timeouts.Close); err != nil {
		return nil // all is sent, and nobody wants to wait
	}
	const most = 64 << 10 // late answers and automatic status, not a stream without end
	_, err := io.CopyN(io.Discard, conn, most)
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
}
