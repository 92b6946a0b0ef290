package serial

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.bug.st/serial"

	"kassa/printer"
	"kassa/printer/printersim"
	"kassa/printer/printertest/pty"
)

// patient are timeouts that no test waits for when it passes.
var patient = Timeouts{Answer: time.Minute, Stall: time.Minute, Close: time.Minute, Proof: time.Minute}

func TestJobsArrive(t *testing.T) {
	sim, err := printersim.New(printersim.Config{Dir: t.TempDir(), Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- sim.Serve(ctx, ln) }()
	t.Cleanup(func() { stop(); <-served })
	cable := pty.New(t)
	cable.Connect(ln.Addr().String())

	p := New(cable.Node, 115200, patient)
	for i, lines := range []int{1, 300, 3} {
		job := []byte("\x1b@" + strings.Repeat("line\r\n", lines) + "\x1dVB\x00")
		sent, confirmed, err := p.SendConfirmed(t.Context(), job, printer.NewProcessID(int64(i)))
		if sent != len(job) || !confirmed || err != nil {
			t.Fatalf("job %d: sent %d, confirmed %v, %v", i, sent, confirmed, err)
		}
		if got := sim.Jobs()[i]; got.Lines != lines || got.Bytes != len(job) || got.Unknown != 0 {
			t.Errorf("job %d came as %d lines, %d bytes, %d unknown", i, got.Lines, got.Bytes, got.Unknown)
		}
	}
	if err := sim.Break(printersim.PaperOut); err != nil {
		t.Fatal(err)
	}
	if sent, err := p.Send(t.Context(), []byte("job")); sent != 0 || !errors.Is(err, printer.ErrNotReady) {
		t.Errorf("sent %d: %v", sent, err)
	}
}

func TestPrinterThatTakesNothing(t *testing.T) {
	cable := pty.New(t)
	hasty := Timeouts{Answer: 10 * time.Millisecond, Stall: 50 * time.Millisecond}
	sent, err := New(cable.Node, 0, hasty).Send(t.Context(), make([]byte, 1<<20))
	if sent == 0 || sent == 1<<20 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("sent %d: %v", sent, err)
	}
}

func TestCancelledInTheMiddle(t *testing.T) {
	cable := pty.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = io.ReadFull(cable.Printer(), make([]byte, 100)) // the job has begun
		cancel()
	}()
	hasty := patient
	hasty.Answer = 10 * time.Millisecond
	sent, err := New(cable.Node, 0, hasty).Send(ctx, make([]byte, 1<<20))
	if sent == 0 || sent == 1<<20 || !errors.Is(err, context.Canceled) {
		t.Errorf("sent %d: %v", sent, err)
	}
}

func TestNoPort(t *testing.T) {
	cable := pty.New(t)
	cable.Unplug()
	for _, port := range []string{cable.Node, os.DevNull, t.TempDir()} {
		if sent, err := New(port, 0, patient).Send(t.Context(), []byte("job")); sent != 0 || !errors.Is(err, printer.ErrUnreachable) {
			t.Errorf("%s: sent %d: %v", port, sent, err)
		}
	}
}

// wired is a port whose cable has all lines, which a printer lowers when it is busy.
type wired struct {
	serial.Port
	bits   func() serial.ModemStatusBits
	pieces func(int)
}

func (w wired) GetModemStatusBits() (*serial.ModemStatusBits, error) {
	bits := w.bits()
	return &bits, nil
}

func (w wired) Write(p []byte) (int, error) {
	w.pieces(len(p))
	return w.Port.Write(p)
}

func TestABusyPrinterIsWaitedFor(t *testing.T) {
	up := serial.ModemStatusBits{CTS: true, DSR: true}
	for name, tt := range map[string]struct {
		open, busy serial.ModemStatusBits
		waits      bool
	}{
		"CTS goes down":     {up, serial.ModemStatusBits{DSR: true}, true},
		"DSR goes down":     {up, serial.ModemStatusBits{CTS: true}, true},
		"three wires":       {serial.ModemStatusBits{}, serial.ModemStatusBits{}, false},
		"only DSR is wired": {serial.ModemStatusBits{DSR: true}, serial.ModemStatusBits{DSR: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			cable := pty.New(t)
			go func() { _, _ = io.Copy(io.Discard, cable.Printer()) }()
			var sent, busy atomic.Int64
			var sizes []int
			p := newPrinter(cable.Node, Timeouts{Answer: time.Millisecond, Stall: 50 * time.Millisecond}, func() (serial.Port, error) {
				port, err := serial.Open(cable.Node, &serial.Mode{BaudRate: 9600, DataBits: 8})
				if err != nil {
					return nil, err
				}
				return wired{port, func() serial.ModemStatusBits {
					if sent.Load() < 200 {
						return tt.open
					}
					busy.Add(1)
					return tt.busy
				}, func(n int) { sizes = append(sizes, n); sent.Add(int64(n)) }}, nil
			})
			n, err := p.Send(t.Context(), make([]byte, 1000))
			if tt.waits {
				if n == 0 || n >= 1000 || !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("sent %d to a busy printer: %v", n, err)
				}
			} else if n != 1000 || err != nil {
				t.Errorf("sent %d: %v", n, err)
			}
			if slices.Max(sizes) > 64 {
				t.Errorf("sent in pieces of %d", slices.Max(sizes))
			}
		})
	}
}

func TestBusyForAMoment(t *testing.T) {
	cable := pty.New(t)
	go func() { _, _ = io.Copy(io.Discard, cable.Printer()) }()
	var looks atomic.Int64
	p := newPrinter(cable.Node, Timeouts{Answer: time.Millisecond, Stall: time.Minute}, func() (serial.Port, error) {
		port, err := serial.Open(cable.Node, &serial.Mode{BaudRate: 9600, DataBits: 8})
		if err != nil {
			return nil, err
		}
		return wired{port, func() serial.ModemStatusBits {
			n := looks.Add(1)
			return serial.ModemStatusBits{CTS: n%3 != 0, DSR: true}
		}, func(int) {}}, nil
	})
	if n, err := p.Send(t.Context(), make([]byte, 1000)); n != 1000 || err != nil {
		t.Errorf("sent %d: %v", n, err)
	}
}
