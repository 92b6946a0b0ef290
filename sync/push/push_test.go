package push_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kassa/register"
	"kassa/sync/accept"
	"kassa/sync/client"
	"kassa/sync/push"
	"kassa/sync/wire"
)

// journal is a till's journal in memory.
type journal struct {
	mu      sync.Mutex
	records []push.Record
	acked   int64
	broken  error
}

func (j *journal) add(n int) { j.addWith(n, "") }

// addWith adds operations that carry a text.
func (j *journal) addWith(n int, text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for range n {
		var prev register.Hash
		if len(j.records) > 0 {
			prev = j.records[len(j.records)-1].Hash
		}
		number := int64(len(j.records) + 1)
		b := fmt.Appendf(nil, `{"journal":"j","number":%d,"text":"%s"}`, number, text)
		j.records = append(j.records, push.Record{Number: number, Hash: register.Link(prev, b), Bytes: b})
	}
}

func (j *journal) Unsent(_ context.Context, limit int) (push.Run, int64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	waiting := int64(len(j.records)) - j.acked
	run := push.Run{Journal: "j", After: j.acked, Records: slices.Clone(j.records[j.acked:min(j.acked+int64(limit), int64(len(j.records)))])}
	if j.acked > 0 {
		run.AfterHash = j.records[j.acked-1].Hash
	}
	return run, waiting, j.broken
}

func (j *journal) Acknowledge(_ context.Context, _ string, number int64, hash register.Hash) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if number > 0 && (number > int64(len(j.records)) || j.records[number-1].Hash != hash) {
		return push.ErrForked
	}
	j.acked = number
	return nil
}

// server decides as the real one does, and loses what it is told to.
type server struct {
	mu      sync.Mutex
	records []accept.Record
	head    accept.Head
	down    bool
	lose    int // answers to lose after the work was done
	calls   int
	batches int
}

func (s *server) Status(context.Context) (wire.Status, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.down {
		return wire.Status{}, client.ErrUnreachable
	}
	return wire.Status{Till: "t", Bank: "tbank"}, nil
}

func (s *server) Upload(_ context.Context, _ string, w wire.Batch) (wire.Ack, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.down {
		return wire.Ack{}, client.ErrUnreachable
	}
	if body, err := json.Marshal(w); err != nil || len(body) > wire.MaxBody {
		return wire.Ack{}, errors.Join(err, &client.Refusal{Status: 413, Wire: wire.Error{Code: wire.CodeTooLarge}})
	}
	b, err := accept.Read(w)
	if err != nil {
		return wire.Ack{}, err
	}
	known := map[int64]register.Hash{}
	for _, r := range s.records {
		known[r.Number] = r.Hash
	}
	d, err := accept.Decide(s.head, known, b)
	if err != nil {
		return wire.Ack{}, err
	}
	ack := wire.Ack{Number: d.Head.Number, Hash: d.Head.Hash.String()}
	switch d.Verdict {
	case accept.Gap:
		return wire.Ack{}, &client.Refusal{Status: 409, Wire: wire.Error{Code: wire.CodeGap, Ack: &ack}}
	case accept.Fork:
		return wire.Ack{}, &client.Refusal{Status: 409, Wire: wire.Error{Code: wire.CodeFork, Ack: &ack}}
	}
	s.records, s.head = append(s.records, d.Tail...), d.Head
	s.batches++
	if s.lose > 0 {
		s.lose--
		return wire.Ack{}, fmt.Errorf("%w: the answer was lost", client.ErrUnreachable)
	}
	return ack, nil
}

// bench is a worker between the two, on a clock that jumps.
type bench struct {
	*journal
	*server
	*push.Worker
	mu   sync.Mutex
	last push.State
}

func newBench() *bench {
	b := &bench{journal: &journal{}, server: &server{}}
	b.Worker = push.New(b.journal, b.server, time.Now, rand.New(rand.NewPCG(1, 2)), func(s push.State) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.last = s
	})
	return b
}

func (b *bench) state() push.State {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last
}

// run works in a bubble until f returns.
func (b *bench) run(t *testing.T, f func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); b.Run(ctx) }()
	f()
	cancel()
	<-done
}

func (b *bench) arrivedOnce(t *testing.T, want int) {
	t.Helper()
	if len(b.server.records) != want || b.state().Waiting != 0 {
		t.Errorf("%d arrived, %d wait; want %d", len(b.server.records), b.state().Waiting, want)
	}
	for i, r := range b.server.records {
		if r.Number != int64(i+1) {
			t.Fatalf("number %d at place %d", r.Number, i+1)
		}
	}
}

func TestEverythingArrivesOnce(t *testing.T) {
	for _, c := range []struct {
		name    string
		trouble func(*bench)
	}{
		{"a good line", func(*bench) {}},
		{"lost answers", func(b *bench) { b.server.lose = 3 }},
		{"the server lost its newest data", func(b *bench) {
			b.add(700)
			b.server.records, b.server.head = nil, accept.Head{}
			b.journal.acked = 700
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench()
				c.trouble(b)
				b.add(1234)
				b.run(t, func() { time.Sleep(time.Minute) })
				b.arrivedOnce(t, len(b.journal.records))
			})
		})
	}
}

// Receipts of hundreds of lines, many of them waiting, must not make a batch that the server can never take.
func TestLongReceiptsAreSentInBatchesThatTheServerTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.addWith(40, strings.Repeat("x", register.MaxRecord-100))
		b.add(700)
		b.run(t, func() { time.Sleep(time.Minute) })
		b.arrivedOnce(t, 740)
	})
}

// deaf answers every batch, and never moves on.
type deaf struct {
	calls  int
	answer func() (wire.Ack, error)
}

func (d *deaf) Status(context.Context) (wire.Status, error) { return wire.Status{}, nil }
func (d *deaf) Upload(context.Context, string, wire.Batch) (wire.Ack, error) {
	d.calls++
	return d.answer()
}

func TestAServerThatTakesNothingIsNotAskedWithoutAPause(t *testing.T) {
	ack := wire.Ack{Hash: register.Hash{}.String()}
	for name, answer := range map[string]func() (wire.Ack, error){
		"it says well done": func() (wire.Ack, error) { return ack, nil },
		"it says that operations are missing": func() (wire.Ack, error) {
			return wire.Ack{}, &client.Refusal{Status: 409, Wire: wire.Error{Code: wire.CodeGap, Ack: &ack}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, server := newBench(), &deaf{answer: answer}
			b.add(3)
			w := push.New(b.journal, server, time.Now, rand.New(rand.NewPCG(1, 2)), func(push.State) {})
			if more, err := w.Step(t.Context()); !errors.Is(err, client.ErrUnreachable) {
				t.Errorf("more %t, error %v; the next try would follow at once, for ever", more, err)
			}
		})
	}
}

func TestPausesGrowWhileTheServerIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.add(5)
		b.server.down = true
		b.run(t, func() {
			time.Sleep(time.Hour)
			synctest.Wait()
			if s := b.state(); !errors.Is(s.Err, client.ErrUnreachable) || s.Waiting != 5 {
				t.Errorf("the state is %+v", s)
			}
			if b.server.calls < 60 || b.server.calls > 300 {
				t.Errorf("%d calls in an hour without a server", b.server.calls)
			}
			b.server.mu.Lock()
			b.server.down = false
			b.server.mu.Unlock()
			b.Wake() // the cashier, or the next sale
			synctest.Wait()
			b.arrivedOnce(t, 5)
		})
	})
}

func TestASaleIsSentAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.run(t, func() {
			synctest.Wait()
			b.add(1)
			b.Wake()
			synctest.Wait() // no time passes
			b.arrivedOnce(t, 1)
			if s := b.state(); s.Server.Bank != "tbank" || s.Last.IsZero() || s.Err != nil {
				t.Errorf("the state is %+v", s)
			}
		})
	})
}

func TestAForkIsToldAndNothingIsMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.add(3)
		other := newBench()
		other.journal.records = []push.Record{{Number: 1, Hash: register.Link(register.Hash{}, []byte("{}")), Bytes: []byte("{}")}}
		if _, err := other.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.server.records, b.server.head = other.server.records, other.server.head
		_, err := b.Step(t.Context())
		if client.Code(err) != wire.CodeFork || b.journal.acked != 0 {
			t.Errorf("got %v, acknowledged %d", err, b.journal.acked)
		}
	})
}

func TestNonsenseFromTheServerMovesNothing(t *testing.T) {
	b := newBench()
	b.add(2)
	w := push.New(b.journal, nonsense{}, time.Now, rand.New(rand.NewPCG(1, 2)), func(push.State) {})
	if _, err := w.Step(t.Context()); err == nil || b.journal.acked != 0 {
		t.Errorf("got %v, acknowledged %d", err, b.journal.acked)
	}
}

type nonsense struct{}

func (nonsense) Status(context.Context) (wire.Status, error) { return wire.Status{}, nil }
func (nonsense) Upload(context.Context, string, wire.Batch) (wire.Ack, error) {
	return wire.Ack{Number: 2, Hash: "xyz"}, nil
}
