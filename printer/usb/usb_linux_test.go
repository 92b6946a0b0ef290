package usb

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kassa/printer"
	"kassa/printer/printersim"
	"kassa/printer/printertest/pty"
)

// patient are timeouts that no test waits for when it passes.
var patient = Timeouts{Answer: time.Minute, Stall: time.Minute, Close: time.Minute, Proof: time.Minute}

// plugged is a practice printer at a node.
func plugged(t *testing.T) (*printersim.Printer, *pty.Cable) {
	t.Helper()
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
	return sim, cable
}

func jobs(t *testing.T, sim *printersim.Printer, n int) []printersim.Job {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := sim.Wait(ctx, n); err != nil {
		t.Fatal(err)
	}
	return sim.Jobs()
}

func TestJobsArrive(t *testing.T) {
	sim, cable := plugged(t)
	p := New(cable.Node, patient)
	id := printer.NewProcessID(7)
	for i, lines := range []int{1, 900, 3} {
		job := []byte("\x1b@" + strings.Repeat("line\r\n", lines) + "\x1dVB\x00")
		sent, confirmed, err := p.SendConfirmed(t.Context(), job, id)
		if sent != len(job) || !confirmed || err != nil {
			t.Fatalf("job %d: sent %d, confirmed %v, %v", i, sent, confirmed, err)
		}
		if got := jobs(t, sim, i+1)[i]; got.Lines != lines || got.Bytes != len(job) || got.Unknown != 0 {
			t.Errorf("job %d came as %d lines, %d bytes, %d unknown", i, got.Lines, got.Bytes, got.Unknown)
		}
	}
	if err := sim.Break(printersim.CoverOpen); err != nil {
		t.Fatal(err)
	}
	if s, err := p.Status(t.Context()); err != nil || s != (printer.Status{Offline: true, Cover: true}) {
		t.Errorf("status %+v, %v", s, err)
	}
	if sent, err := p.Send(t.Context(), []byte("job")); sent != 0 || !errors.Is(err, printer.ErrNotReady) {
		t.Errorf("sent %d: %v", sent, err)
	}
}

func TestPaperOutInTheMiddle(t *testing.T) {
	sim, cable := plugged(t)
	p := New(cable.Node, patient)
	if err := sim.BreakAt(printersim.PaperOut, 100); err != nil {
		t.Fatal(err)
	}
	job := []byte(strings.Repeat("line\n", 100) + "\x1dVB\x00")
	sent, confirmed, err := p.SendConfirmed(t.Context(), job, printer.NewProcessID(1))
	var why printer.StoppedError
	if sent != len(job) || confirmed || !errors.As(err, &why) || !why.Status.PaperOut || errors.Is(err, printer.ErrNotReady) {
		t.Fatalf("sent %d, confirmed %v, %v", sent, confirmed, err)
	}
	sim.Repair()
	whole := []byte("whole\n\x1dVB\x00")
	if _, confirmed, err := p.SendConfirmed(t.Context(), whole, printer.NewProcessID(2)); !confirmed || err != nil {
		t.Fatalf("confirmed %v, %v", confirmed, err)
	}
	all := jobs(t, sim, 2)
	if len(all) != 2 || all[0].Lines != 20 || !all[0].Broken || all[1].Bytes != len(whole) {
		t.Errorf("printed %+v", all)
	}
}

// A printer with no paper takes nothing: the write is given up, and the job is in doubt.
func TestPrinterThatTakesNothing(t *testing.T) {
	cable := pty.New(t)
	hasty := Timeouts{Answer: 10 * time.Millisecond, Stall: 50 * time.Millisecond, Close: 50 * time.Millisecond}
	sent, err := New(cable.Node, hasty).Send(t.Context(), make([]byte, 1<<20))
	if sent == 0 || sent == 1<<20 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("sent %d: %v", sent, err)
	}
	if s, err := New(cable.Node, hasty).Status(t.Context()); err != nil || !s.Silent {
		t.Errorf("status %+v, %v", s, err)
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
	sent, err := New(cable.Node, hasty).Send(ctx, make([]byte, 1<<20))
	if sent == 0 || sent == 1<<20 || !errors.Is(err, context.Canceled) {
		t.Errorf("sent %d: %v", sent, err)
	}
}

func TestNoPrinterAtTheNode(t *testing.T) {
	cable := pty.New(t)
	cable.Unplug()
	regular := filepath.Join(t.TempDir(), "lp0")
	if err := os.WriteFile(regular, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, node := range []string{cable.Node, regular, t.TempDir()} {
		if sent, err := New(node, patient).Send(t.Context(), []byte("job")); sent != 0 || !errors.Is(err, printer.ErrUnreachable) {
			t.Errorf("%s: sent %d: %v", node, sent, err)
		}
	}
	if b, _ := os.ReadFile(regular); string(b) != "kept" {
		t.Errorf("a file was printed into: %q", b)
	}
	if _, err := NewBySerial("nobody's", patient).Status(t.Context()); !errors.Is(err, printer.ErrUnreachable) || !errors.Is(err, ErrNotPlugged) {
		t.Errorf("no such serial number: %v", err)
	}
}

// The port status is believed of paper alone, and asked only where the printer answers nothing.
func TestPortStatus(t *testing.T) {
	cable := pty.New(t)
	for _, tt := range []struct {
		status int
		err    error
		want   printer.Status
		ok     bool
	}{
		{0x18, nil, printer.Status{Silent: true}, true},
		{0x00, nil, printer.Status{Silent: true}, true},
		{0x38, nil, printer.Status{Silent: true, PaperOut: true}, true},
		{0, errors.New("not this driver"), printer.Status{}, false},
	} {
		l, err := open(cable.Node, func(_ int, request uint) (int, error) {
			if request != 0x060B {
				t.Errorf("request %#x", request)
			}
			return tt.status, tt.err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := l.(line).Port(); got != tt.want || ok != tt.ok {
			t.Errorf("%#x: %+v, %v", tt.status, got, ok)
		}
		_ = l.Close()
	}
}

func TestNodes(t *testing.T) {
	root := t.TempDir()
	dev, sys, device := filepath.Join(root, "dev"), filepath.Join(root, "sys"), filepath.Join(root, "1-2")
	for _, dir := range []string{dev, filepath.Join(sys, "lp1"), filepath.Join(device, "1-2:1.0")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range map[string]string{
		filepath.Join(dev, "lp0"): "", filepath.Join(dev, "lp1"): "", filepath.Join(dev, "hiddev0"): "",
		filepath.Join(device, "manufacturer"): "EPSON\n", filepath.Join(device, "product"): "TM-T20III\x07\n", filepath.Join(device, "serial"): "X3F0\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(device, "1-2:1.0"), filepath.Join(sys, "lp1", "device")); err != nil {
		t.Fatal(err)
	}
	got := nodes(sys, dev)
	want := []Node{{Path: filepath.Join(dev, "lp0")}, {Path: filepath.Join(dev, "lp1"), Maker: "EPSON", Model: "TM-T20III", Serial: "X3F0"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if node, err := nodeOf(got, "X3F0"); err != nil || node != filepath.Join(dev, "lp1") {
		t.Errorf("%s, %v", node, err)
	}
	if _, err := nodeOf(got, ""); err == nil {
		t.Error("a printer without a number was found by none")
	}
}
