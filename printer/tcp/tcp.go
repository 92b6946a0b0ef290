// Package tcp carries print jobs to a receipt printer over the network: raw bytes to TCP port 9100, which nearly every
// network receipt printer listens on. What is said on the connection stands in printer/stream.
package tcp

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"kassa/printer"
	"kassa/printer/stream"
)

// DefaultPort is what an address without a port means.
const DefaultPort = "9100"

// Timeouts say how long a printer may take. The zero value of each means its default.
type Timeouts struct {
	Dial   time.Duration // to take the connection; 2.5 s
	Answer time.Duration // to answer one question; 0.7 s
	Stall  time.Duration // without taking a single byte of the job; 10 s. There is no limit on the whole job
	Close  time.Duration // to close the connection after the job; 1 s
	Proof  time.Duration // to say that the job is on paper; see stream.Timeouts
	Look   time.Duration // between two looks meanwhile
}

// Printer is a printer.Transport over TCP. Each job has a connection of its own.
type Printer struct{ *stream.Printer }

var _ printer.Confirmer = (*Printer)(nil)

// New names the printer at an address, "192.168.1.50" or "192.168.1.50:9100". Nothing is dialled yet.
func New(address string, timeouts Timeouts) *Printer {
	address = withPort(address)
	dial := timeouts.Dial
	if dial <= 0 {
		dial = 2500 * time.Millisecond
	}
	return &Printer{stream.New(stream.Options{
		Name: address,
		Open: func(ctx context.Context) (stream.Line, error) {
			dialer := net.Dialer{Timeout: dial}
			conn, err := dialer.DialContext(ctx, "tcp", address)
			if err != nil {
				return nil, err
			}
			return line{conn.(*net.TCPConn)}, nil
		},
		Timeouts: stream.Timeouts{Answer: timeouts.Answer, Stall: timeouts.Stall, Close: timeouts.Close, Proof: timeouts.Proof, Look: timeouts.Look},
	})}
}

// withPort adds the usual port to a host that names none. An empty address stays empty: it must not become this machine.
func withPort(address string) string {
	if _, _, err := net.SplitHostPort(address); err == nil || address == "" {
		return address
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), DefaultPort)
}

// line is a connection.
type line struct{ *net.TCPConn }

// Finish closes the connection gently: a hard close can lose the tail of the job. A printer that keeps the connection open
// has taken everything all the same; one that resets it may have thrown the job away.
func (l line) Finish() error {
	if err := l.CloseWrite(); err != nil {
		return err
	}
	const most = 64 << 10 // late answers and automatic status, not a stream without end
	_, err := io.CopyN(io.Discard, l.TCPConn, most)
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
}
