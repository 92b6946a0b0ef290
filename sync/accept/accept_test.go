package accept_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
	"kassa/sync/accept"
	"kassa/sync/wire"
)

// history is a till's journal as strings.
type history []string

func (h history) head(n int64) accept.Head {
	var hash register.Hash
	for _, r := range h[:n] {
		hash = register.Link(hash, []byte(r))
	}
	return accept.Head{Number: n, Hash: hash}
}

// batch is the operations after from, up to to.
func (h history) batch(from, to int64) wire.Batch {
	prev := h.head(from)
	b := wire.Batch{After: from, AfterHash: prev.Hash.String()}
	for i, r := range h[from:to] {
		prev.Hash = register.Link(prev.Hash, []byte(r))
		b.Operations = append(b.Operations, wire.Record{Number: from + int64(i) + 1, Hash: prev.Hash.String(), Record: r})
	}
	return b
}

// server is the smallest store that follows Decide.
type server struct {
	records []string
	hashes  map[int64]register.Hash
	head    accept.Head
}

func (s *server) take(t interface{ Fatal(...any) }, w wire.Batch) accept.Decision {
	b, err := accept.Read(w)
	if err != nil {
		t.Fatal(err)
	}
	known := map[int64]register.Hash{}
	for from, to := b.Overlap(s.head); from <= to; from++ {
		if h, ok := s.hashes[from]; ok {
			known[from] = h
		}
	}
	d, err := accept.Decide(s.head, known, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.Tail {
		s.records = append(s.records, string(r.Bytes))
		s.hashes[r.Number] = r.Hash
	}
	s.head = d.Head
	return d
}

func newServer() *server { return &server{hashes: map[int64]register.Hash{}} }

// TestWhateverArrivesTheServerHasAPrefix sends pieces of one journal in any order, any number of times.
func TestWhateverArrivesTheServerHasAPrefix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		till := history(rapid.SliceOfN(rapid.StringN(1, 5, -1), 1, 20).Draw(t, "journal"))
		s := newServer()
		for range rapid.IntRange(1, 20).Draw(t, "sendings") {
			from := rapid.Int64Range(0, int64(len(till))).Draw(t, "from")
			to := rapid.Int64Range(from, int64(len(till))).Draw(t, "to")
			before := s.head.Number
			d := s.take(t, till.batch(from, to))
			switch {
			case d.Verdict == accept.Fork:
				t.Fatalf("a fork in an unforked journal, at %d", d.At)
			case (d.Verdict == accept.Gap) != (from > before):
				t.Fatalf("%d..%d upon %d: verdict %d", from, to, before, d.Verdict)
			case d.Verdict == accept.Accept && s.head.Number != max(before, to):
				t.Fatalf("%d..%d upon %d gave %d", from, to, before, s.head.Number)
			}
			if s.head != till.head(s.head.Number) {
				t.Fatalf("the head is not the till's at %d", s.head.Number)
			}
			if fmt.Sprint(s.records) != fmt.Sprint(till[:s.head.Number]) {
				t.Fatalf("stored %q", s.records)
			}
		}
	})
}

// TestAForkIsAlwaysSeen has two histories part at some number; whatever the second one sends that reaches into the part
// where they differ is a fork, and the server's history stays as it was.
func TestAForkIsAlwaysSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		common := rapid.SliceOfN(rapid.StringN(1, 3, -1), 0, 5).Draw(t, "common")
		rest := func(label string) []string {
			return rapid.SliceOfN(rapid.StringN(1, 3, -1), 1, 5).Draw(t, label)
		}
		ours := append(append(history{}, common...), append([]string{"ours"}, rest("ours")...)...)
		theirs := append(append(history{}, common...), append([]string{"their"}, rest("theirs")...)...)
		s := newServer()
		s.take(t, ours.batch(0, rapid.Int64Range(int64(len(common))+1, int64(len(ours))).Draw(t, "stored")))
		before := s.head
		from := rapid.Int64Range(0, min(before.Number, int64(len(theirs)))).Draw(t, "from")
		to := rapid.Int64Range(max(from, int64(len(common))+1), int64(len(theirs))).Draw(t, "to")
		d := s.take(t, theirs.batch(from, to))
		if d.Verdict != accept.Fork || s.head != before || len(d.Tail) != 0 {
			t.Fatalf("verdict %d, head %d", d.Verdict, s.head.Number)
		}
		if want := max(from, int64(len(common))+1); d.At != want {
			t.Fatalf("the fork is at %d, not at %d", d.At, want)
		}
	})
}

func TestRead(t *testing.T) {
	till := history{`{"a":1}`, `{"b":2}`, `{"c":3}`}
	zero := strings.Repeat("0", 64)
	tests := []struct {
		name   string
		change func(*wire.Batch)
		want   error
	}{
		{"as it was sent", func(*wire.Batch) {}, nil},
		{"no operations", func(b *wire.Batch) { b.Operations = nil }, nil},
		{"a byte changed", func(b *wire.Batch) { b.Operations[1].Record = `{"b":3}` }, accept.ErrInvalid},
		{"two swapped", func(b *wire.Batch) { b.Operations[0], b.Operations[1] = b.Operations[1], b.Operations[0] }, accept.ErrInvalid},
		{"one left out", func(b *wire.Batch) { b.Operations = b.Operations[1:] }, accept.ErrInvalid},
		{"one twice", func(b *wire.Batch) { b.Operations[1] = b.Operations[0] }, accept.ErrInvalid},
		{"a number shifted", func(b *wire.Batch) { b.Operations[1].Number++ }, accept.ErrInvalid},
		{"an empty record", func(b *wire.Batch) { b.Operations[0].Record = "" }, accept.ErrInvalid},
		{"a hash too short", func(b *wire.Batch) { b.Operations[0].Hash = "00" }, accept.ErrInvalid},
		{"after_hash not hex", func(b *wire.Batch) { b.AfterHash = strings.Repeat("x", 64) }, accept.ErrInvalid},
		{"a negative number", func(b *wire.Batch) { b.After = -1; b.AfterHash = zero }, accept.ErrInvalid},
		{"a number near the end of numbers", func(b *wire.Batch) { b.After = 1<<63 - 1 }, accept.ErrInvalid},
		{"the start with a hash", func(b *wire.Batch) { b.After = 0 }, accept.ErrInvalid},
		{"too many", func(b *wire.Batch) { b.Operations = make([]wire.Record, wire.MaxBatch+1) }, accept.ErrTooLarge},
		{"a huge one", func(b *wire.Batch) { b.Operations[0].Record = strings.Repeat("x", register.MaxRecord+1) }, accept.ErrTooLarge},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := till.batch(1, 3)
			test.change(&b)
			if _, err := accept.Read(b); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestAHoleIsAnError(t *testing.T) {
	till := history{"a", "b", "c"}
	b, err := accept.Read(till.batch(1, 3))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := accept.Decide(till.head(3), nil, b); !errors.Is(err, accept.ErrHole) {
		t.Errorf("got %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	till := history{`{"a":1}`, "\u0000", `{"c":3}`}
	for _, b := range []wire.Batch{till.batch(0, 3), till.batch(1, 2), {}} {
		seed, err := json.Marshal(b)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Add([]byte(`{"after":0,"operations":[{}]} x`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := accept.Decode(body)
		if err != nil {
			if !errors.Is(err, accept.ErrInvalid) && !errors.Is(err, accept.ErrTooLarge) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		hash := b.After.Hash
		for i, r := range b.Records {
			if hash = register.Link(hash, r.Bytes); hash != r.Hash || r.Number != b.After.Number+int64(i)+1 {
				t.Fatalf("a broken chain was read, at %d", r.Number)
			}
		}
	})
}
