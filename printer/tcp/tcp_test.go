package tcp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kassa/printer"
	"kassa/printer/printersim"
	"kassa/printer/printertest"
	"kassa/printer/tcp"
)

// patient are timeouts for a printer that answers at once: none of them is met, however slow the machine.
var patient = tcp.Timeouts{Dial: time.Minute, Answer: time.Minute, Stall: time.Minute, Close: time.Minute}

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	return ln
}

// bench is the transport with the practice printer behind it.
func bench(t *testing.T) printertest.Bench {
	dir := t.TempDir()
	sim, err := printersim.New(printersim.Config{Dir: dir, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	ln := listen(t)
	ctx, unplug := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- sim.Serve(ctx, ln) }()
	off := func() {
		unplug()
		if err := <-served; err != nil {
			t.Error(err)
		}
		served <- nil
	}
	t.Cleanup(off)
	// Silence is told by waiting alone, so the wait for an answer is short where the printer is set to be silent.
	line := &switched{patient: tcp.New(ln.Addr().String(), patient)}
	hasty := patient
	hasty.Answer = 20 * time.Millisecond
	line.hasty = tcp.New(ln.Addr().String(), hasty)
	return printertest.Bench{
		Transport: line,
		Jobs: func(ctx context.Context, n int) ([][]byte, error) {
			if err := sim.Wait(ctx, n); err != nil {
				return nil, err
			}
			var jobs [][]byte
			for _, j := range sim.Jobs() {
				raw, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%04d.bin", j.Number)))
				if err != nil {
					return nil, err
				}
				jobs = append(jobs, raw)
			}
			return jobs, nil
		},
		Set: func(s printer.Status) {
			line.silent = s.Silent
			sim.Repair()
			for fault, on := range map[printersim.Fault]bool{
				printersim.PaperOut: s.PaperOut, printersim.PaperLow: s.PaperLow, printersim.CoverOpen: s.Cover,
				printersim.Offline: s.Offline && !s.PaperOut && !s.Cover, printersim.Silent: s.Silent,
			} {
				if !on {
					continue
				}
				if err := sim.Break(fault); err != nil {
					t.Error(err)
				}
			}
		},
		DieAfter: sim.DieAfter,
		Unplug:   off,
	}
}

// switched is one printer with two measures of patience.
type switched struct {
	patient, hasty printer.Transport
	silent         bool
}

func (s *switched) now() printer.Transport {
	if s.silent {
		return s.hasty
	}
	return s.patient
}

func (s *switched) Send(ctx context.Context, job []byte) (int, error) { return s.now().Send(ctx, job) }

func (s *switched) Status(ctx context.Context) (printer.Status, error) { return s.now().Status(ctx) }

func TestConformance(t *testing.T) { printertest.Run(t, bench) }

// answering listens and lets a function play the printer on one connection.
func answering(t *testing.T, play func(conn net.Conn)) string {
	t.Helper()
	ln := listen(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		play(conn)
	}()
	t.Cleanup(func() { _ = ln.Close(); <-done })
	return ln.Addr().String()
}

// question reads one status question.
func question(conn net.Conn) bool {
	var q [3]byte
	_, err := io.ReadFull(conn, q[:])
	return err == nil && q[0] == 0x10 && q[1] == 0x04
}

func TestAnswers(t *testing.T) {
	automatic := []byte{0x10, 0x00, 0x00, 0x00, 0x11, 0x13, 0xFF, 0x92}
	tests := []struct {
		name    string
		answers [3][]byte
		want    printer.Status
	}{
		{"fine", [3][]byte{{0x12}, {0x12}, {0x12}}, printer.Status{}},
		{"drawer open", [3][]byte{{0x16}, {0x12}, {0x12}}, printer.Status{}},
		{"offline", [3][]byte{{0x1A}, {0x12}, {0x12}}, printer.Status{Offline: true}},
		{"cover open", [3][]byte{{0x1A}, {0x16}, {0x12}}, printer.Status{Offline: true, Cover: true}},
		{"paper end", [3][]byte{{0x1A}, {0x32}, {0x7E}}, printer.Status{Offline: true, PaperOut: true, PaperLow: true}},
		{"paper end by sensor alone", [3][]byte{{0x12}, {0x12}, {0x72}}, printer.Status{PaperOut: true}},
		{"paper end stops printing", [3][]byte{{0x12}, {0x32}, {0x12}}, printer.Status{PaperOut: true}},
		{"paper near end", [3][]byte{{0x12}, {0x12}, {0x1E}}, printer.Status{PaperLow: true}},
		{"fault", [3][]byte{{0x1A}, {0x52}, {0x12}}, printer.Status{Offline: true, Failed: true}},
		{"automatic status before the answer", [3][]byte{append(automatic, 0x12), {0x12}, {0x1E}}, printer.Status{PaperLow: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			address := answering(t, func(conn net.Conn) {
				for _, a := range tt.answers {
					if !question(conn) {
						return
					}
					_, _ = conn.Write(a)
				}
			})
			got, err := tcp.New(address, patient).Status(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("status %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestJunkIsNoAnswer(t *testing.T) {
	address := answering(t, func(conn net.Conn) {
		question(conn)
		for range 1000 {
			if _, err := conn.Write([]byte("GET / HTTP/1.1\r\n")); err != nil {
				return
			}
		}
	})
	got, err := tcp.New(address, patient).Status(t.Context())
	if err != nil || got != (printer.Status{Silent: true}) {
		t.Errorf("status %+v: %v", got, err)
	}
}

func TestHangingUpBeforeTheJob(t *testing.T) {
	address := answering(t, func(conn net.Conn) { question(conn) })
	sent, err := tcp.New(address, patient).Send(t.Context(), []byte("job\n"))
	if sent != 0 || !errors.Is(err, printer.ErrUnreachable) {
		t.Errorf("sent %d bytes: %v", sent, err)
	}
}

// stuck plays a printer that answers and then reads nothing until release is closed.
func stuck(t *testing.T, reading func(), release <-chan struct{}) string {
	return answering(t, func(conn net.Conn) {
		_ = conn.(*net.TCPConn).SetReadBuffer(4096)
		for range 3 {
			if !question(conn) {
				return
			}
			_, _ = conn.Write([]byte{0x12})
		}
		_, _ = conn.Read(make([]byte, 1)) // the job has begun
		reading()
		<-release
	})
}

// longJob is more than the buffers of both ends hold.
func longJob() []byte { return make([]byte, 64<<20) }

func TestPrinterThatTakesNothing(t *testing.T) {
	release := make(chan struct{})
	address := stuck(t, func() {}, release)
	defer close(release)
	hasty := patient
	hasty.Stall = 50 * time.Millisecond
	sent, err := tcp.New(address, hasty).Send(t.Context(), longJob())
	if sent == 0 || sent == len(longJob()) || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("sent %d bytes: %v", sent, err)
	}
}

func TestCancelledInTheMiddle(t *testing.T) {
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	address := stuck(t, cancel, release)
	defer close(release)
	sent, err := tcp.New(address, patient).Send(ctx, longJob())
	if sent == 0 || sent == len(longJob()) || !errors.Is(err, context.Canceled) {
		t.Errorf("sent %d bytes: %v", sent, err)
	}
}

// A printer that keeps the connection open has taken the job all the same.
func TestPrinterThatDoesNotHangUp(t *testing.T) {
	release := make(chan struct{})
	address := answering(t, func(conn net.Conn) {
		for range 3 {
			question(conn)
			_, _ = conn.Write([]byte{0x12})
		}
		_, _ = io.Copy(io.Discard, conn)
		<-release
	})
	defer close(release)
	hasty := patient
	hasty.Close = 20 * time.Millisecond
	if sent, err := tcp.New(address, hasty).Send(t.Context(), []byte("job\n")); sent != 4 || err != nil {
		t.Errorf("sent %d bytes: %v", sent, err)
	}
}

func TestAddressThatIsNone(t *testing.T) {
	for _, address := range []string{"", "127.0.0.1:port", "[::1", "127.0.0.1:0"} {
		sent, err := tcp.New(address, tcp.Timeouts{}).Send(t.Context(), []byte("job\n"))
		if sent != 0 || !errors.Is(err, printer.ErrUnreachable) {
			t.Errorf("%q: sent %d bytes: %v", address, sent, err)
		}
	}
}

// A printer that has never answered a question is not waited for before every job.
func TestSilentPrinterIsNotAskedBeforeEveryJob(t *testing.T) {
	ln := listen(t)
	jobs := make(chan []byte, 3)
	go func() {
		for range cap(jobs) {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			all, _ := io.ReadAll(conn)
			_ = conn.Close()
			jobs <- all
		}
	}()
	hasty := patient
	hasty.Answer = 20 * time.Millisecond
	p := tcp.New(ln.Addr().String(), hasty)
	for i, want := range []string{"\x10\x04\x01job", "job", "job"} {
		if _, err := p.Send(t.Context(), []byte("job")); err != nil {
			t.Fatal(err)
		}
		if got := <-jobs; string(got) != want {
			t.Fatalf("job %d came as %q, want %q", i, got, want)
		}
	}
}
