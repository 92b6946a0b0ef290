// Package printertest is what every printer.Transport must do, as one suite of tests: it brings jobs whole and in order,
// tells the printer's state, and never claims less than it did, because what it says decides whether a job may be sent
// again.
package printertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kassa/printer"
)

// Bench is a transport with a printer at its other end that the suite can break. A suite of tests gets a new one for
// each test.
type Bench struct {
	Transport printer.Transport

	// Jobs waits until n jobs have come in since the start and gives the bytes of each, status questions left out. A job
	// that broke off is one too.
	Jobs func(ctx context.Context, n int) ([][]byte, error)
	// Set puts the printer into the state that a Status describes.
	Set func(printer.Status)
	// DieAfter breaks the connection, once, when n bytes of a job have come in.
	DieAfter func(n int)
	// Unplug makes the printer unreachable.
	Unplug func()
}

// patience bounds what would otherwise hang; no test waits for it when it passes.
const patience = 2 * time.Minute

// Run runs the suite. start makes a bench whose printer is fine; it cleans up by t.Cleanup.
func Run(t *testing.T, start func(t *testing.T) Bench) {
	tests := []struct {
		name string
		run  func(t *testing.T, b Bench)
	}{
		{"jobs arrive whole and in order", testOrder},
		{"an empty job sends nothing", testEmpty},
		{"status", testStatus},
		{"a printer that is not ready gets nothing", testNotReady},
		{"a printer that answers nothing prints", testSilent},
		{"an unreachable printer gets nothing", testUnplugged},
		{"a cancelled job sends nothing", testCancelled},
		{"a broken job is never called whole", func(t *testing.T, _ Bench) { testBroken(t, start) }},
		{"after a broken job the next one is whole", testAfterBroken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, start(t)) })
	}
}

func background(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// job is text that ends in a cut, so that the printer knows its end.
func job(n, size int) []byte {
	line := fmt.Appendf(nil, "job %d of some length\n", n)
	text := bytes.Repeat(line, size/len(line)+1)
	return append(text[:size:size], "\n\x1dVB\x00"...)
}

func testOrder(t *testing.T, b Bench) {
	ctx := background(t)
	var want [][]byte
	for i, size := range []int{1, 1000, 1023, 1024, 1025, 5000, 12_000, 2} {
		want = append(want, job(i, size))
	}
	for i, j := range want {
		if sent, err := b.Transport.Send(ctx, j); err != nil || sent != len(j) {
			t.Fatalf("job %d: sent %d of %d bytes: %v", i, sent, len(j), err)
		}
	}
	got, err := b.Jobs(ctx, len(want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func testEmpty(t *testing.T, b Bench) {
	b.Unplug()
	if sent, err := b.Transport.Send(background(t), nil); sent != 0 || err != nil {
		t.Errorf("sent %d bytes: %v", sent, err)
	}
}

func testStatus(t *testing.T, b Bench) {
	ctx := background(t)
	states := []printer.Status{
		{},
		{Offline: true, PaperOut: true, PaperLow: true},
		{Offline: true, Cover: true},
		{Offline: true},
		{PaperLow: true},
		{Silent: true},
		{},
	}
	for _, want := range states {
		b.Set(want)
		got, err := b.Transport.Status(ctx)
		if err != nil {
			t.Fatalf("%+v: %v", want, err)
		}
		if got != want {
			t.Errorf("status %+v, want %+v", got, want)
		}
	}
}

func testNotReady(t *testing.T, b Bench) {
	ctx := background(t)
	j := job(1, 3000)
	states := []printer.Status{{Offline: true, PaperOut: true, PaperLow: true}, {Offline: true, Cover: true}, {Offline: true}}
	for _, state := range states {
		b.Set(state)
		sent, err := b.Transport.Send(ctx, j)
		if sent != 0 || !errors.Is(err, printer.ErrNotReady) {
			t.Errorf("%+v: sent %d bytes: %v", state, sent, err)
		}
		var why printer.NotReadyError
		if !errors.As(err, &why) || why.Status != state {
			t.Errorf("the error holds %+v, want %+v", why.Status, state)
		}
	}
	// The first job that comes in is the one sent after the repair: nothing of the refused ones was kept.
	b.Set(printer.Status{PaperLow: true})
	sendsOne(ctx, t, b, job(2, 100))
}

// sendsOne sends a job and finds it the only one that came in.
func sendsOne(ctx context.Context, t *testing.T, b Bench, j []byte) {
	t.Helper()
	if sent, err := b.Transport.Send(ctx, j); sent != len(j) || err != nil {
		t.Fatalf("sent %d of %d bytes: %v", sent, len(j), err)
	}
	got, err := b.Jobs(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]byte{j}, got); diff != "" {
		t.Error(diff)
	}
}

func testSilent(t *testing.T, b Bench) {
	b.Set(printer.Status{Silent: true})
	sendsOne(background(t), t, b, job(1, 3000))
}

func testUnplugged(t *testing.T, b Bench) {
	ctx := background(t)
	b.Unplug()
	if sent, err := b.Transport.Send(ctx, job(1, 3000)); sent != 0 || !errors.Is(err, printer.ErrUnreachable) {
		t.Errorf("sent %d bytes: %v", sent, err)
	}
	if _, err := b.Transport.Status(ctx); !errors.Is(err, printer.ErrUnreachable) {
		t.Errorf("status: %v", err)
	}
}

func testCancelled(t *testing.T, b Bench) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if sent, err := b.Transport.Send(ctx, job(1, 3000)); sent != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("sent %d bytes: %v", sent, err)
	}
	sendsOne(background(t), t, b, job(2, 100))
}

// testBroken breaks a job at each of its bytes. Whatever was printed must have been counted as sent, and there must be
// an error: with sent above zero the job is in doubt.
func testBroken(t *testing.T, start func(t *testing.T) Bench) {
	ctx := background(t)
	b := start(t)
	j := job(1, 40)
	for n := 1; n <= len(j)-1; n++ {
		b.DieAfter(n)
		sent, err := b.Transport.Send(ctx, j)
		if err == nil {
			t.Errorf("broken after %d bytes: no error", n)
		}
		if errors.Is(err, printer.ErrUnreachable) || errors.Is(err, printer.ErrNotReady) {
			t.Errorf("broken after %d bytes: the error promises that nothing was sent: %v", n, err)
		}
		got, err := b.Jobs(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		if printed := got[n-1]; len(printed) > sent || !bytes.HasPrefix(j, printed) {
			t.Errorf("broken after %d bytes: %q was printed, and %d bytes sent", n, printed, sent)
		}
	}
}

func testAfterBroken(t *testing.T, b Bench) {
	ctx := background(t)
	b.DieAfter(100)
	if sent, err := b.Transport.Send(ctx, job(1, 8000)); sent == 0 || err == nil {
		t.Errorf("sent %d bytes: %v", sent, err)
	}
	whole := job(2, 3000)
	if sent, err := b.Transport.Send(ctx, whole); sent != len(whole) || err != nil {
		t.Fatalf("sent %d of %d bytes: %v", sent, len(whole), err)
	}
	got, err := b.Jobs(ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got[1], whole) {
		t.Errorf("the next job came in as %d bytes of %d", len(got[1]), len(whole))
	}
}
