package stream

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/printer"
)

// fake is a printer at the end of its lines. It answers every question, and what it took is in the order in which it came.
type fake struct {
	mu      sync.Mutex
	took    strings.Builder
	lines   int
	dead    bool // lines that are open are dead
	status  byte // of the first question
	cleared int
	open    chan struct{} // one for each line that was closed
}

type fakeLine struct {
	f       *fake
	answers []byte
	number  int
}

func (f *fake) Open(context.Context) (Line, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lines++
	f.dead = false
	return &fakeLine{f: f, number: f.lines}, nil
}

func (l *fakeLine) Write(p []byte) (int, error) {
	l.f.mu.Lock()
	defer l.f.mu.Unlock()
	if l.f.dead {
		return 0, errors.New("hung up")
	}
	switch {
	case len(p) == 3 && p[0] == 0x10 && p[1] == 4:
		b := byte(0x12)
		if p[2] == 1 {
			b |= l.f.status
		}
		l.answers = append(l.answers, b)
	case string(p) == string(forget):
		l.f.cleared++
		l.answers = append(l.answers, forgotten...)
	default:
		l.f.took.Write(p)
		l.f.took.WriteByte('|')
	}
	return len(p), nil
}

func (l *fakeLine) Read(p []byte) (int, error) {
	l.f.mu.Lock()
	defer l.f.mu.Unlock()
	if len(l.answers) == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	p[0] = l.answers[0]
	l.answers = l.answers[1:]
	return 1, nil
}

func (l *fakeLine) SetDeadline(time.Time) error { return nil }
func (l *fakeLine) Finish() error               { return nil }
func (l *fakeLine) Close() error {
	if l.f.open != nil {
		l.f.open <- struct{}{}
	}
	return nil
}

func (f *fake) printer(keep time.Duration) *Printer {
	return New(Options{Name: "printer", Open: f.Open, Timeouts: Timeouts{Answer: time.Minute, Stall: time.Minute, Keep: keep, Look: time.Millisecond}})
}

func (f *fake) said() (string, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.took.String(), f.lines
}

func TestTheSlipFollowsTheDrawerOnOneLine(t *testing.T) {
	f := &fake{}
	p := f.printer(time.Hour)
	if err := p.Kick(t.Context(), []byte("drawer"), []byte("urgent")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Send(t.Context(), []byte("slip")); err != nil {
		t.Fatal(err)
	}
	if said, lines := f.said(); said != "drawer|slip|" || lines != 1 {
		t.Errorf("took %q on %d lines", said, lines)
	}
}

func TestALineThatHungUpAfterTheDrawer(t *testing.T) {
	f := &fake{}
	p := f.printer(time.Hour)
	if err := p.Kick(t.Context(), []byte("drawer"), []byte("urgent")); err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	f.dead = true
	f.mu.Unlock()
	if _, err := p.Send(t.Context(), []byte("slip")); err != nil {
		t.Fatal(err)
	}
	if said, lines := f.said(); said != "drawer|slip|" || lines != 2 {
		t.Errorf("took %q on %d lines", said, lines)
	}
}

func TestALineIsNotKeptForLong(t *testing.T) {
	f := &fake{open: make(chan struct{}, 1)}
	if err := f.printer(time.Millisecond).Kick(t.Context(), []byte("drawer"), []byte("urgent")); err != nil {
		t.Fatal(err)
	}
	select {
	case <-f.open:
	case <-time.After(time.Minute):
		t.Error("the line is still open")
	}
}

// A printer that has stopped would keep the usual pulse and open the drawer when the paper is back.
func TestTheDrawerOfAPrinterThatStopped(t *testing.T) {
	f := &fake{status: 0x08}
	err := f.printer(time.Hour).Kick(t.Context(), []byte("drawer"), []byte("urgent"))
	if !errors.Is(err, printer.ErrNotReady) {
		t.Errorf("it says %v", err)
	}
	if said, _ := f.said(); said != "urgent|" {
		t.Errorf("took %q", said)
	}
}

// While a job is being proved the drawer need not wait.
func TestTheDrawerDoesNotWaitForProof(t *testing.T) {
	f := &fake{}
	p := New(Options{Name: "printer", Open: f.Open, Timeouts: Timeouts{Answer: time.Minute, Stall: time.Minute, Proof: time.Minute, Look: time.Millisecond}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sent := make(chan error, 1)
	go func() {
		_, _, err := p.SendConfirmed(ctx, []byte("slip"), printer.NewProcessID(1))
		sent <- err
	}()
	for said := ""; !strings.HasPrefix(said, "slip|"); said, _ = f.said() {
		time.Sleep(time.Millisecond)
	}
	if err := p.Kick(t.Context(), []byte("drawer"), []byte("urgent")); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-sent; err != nil {
		t.Errorf("all was sent, and nobody wanted to wait: %v", err)
	}
	if said, _ := f.said(); !strings.HasSuffix(said, "|urgent|") {
		t.Errorf("took %q", said)
	}
}

// What a broken job left in the printer is cleared before the next one, once.
func TestBuffersAreClearedAfterABrokenJob(t *testing.T) {
	f := &fake{}
	p := f.printer(time.Hour)
	p.ClearFirst()
	for range 2 {
		if _, err := p.Send(t.Context(), []byte("slip")); err != nil {
			t.Fatal(err)
		}
	}
	if f.cleared != 1 {
		t.Errorf("cleared %d times", f.cleared)
	}
}
