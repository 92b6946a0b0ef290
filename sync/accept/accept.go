// Package accept decides what the server does with a batch of a till's operations: pure code, without a database.
//
// A batch is read (Read checks that it is a chain of its own), then held against what the server has (Decide), and what
// is new is looked into (Understand). The three answer different questions on purpose: a broken chain is the transport's
// or the till's fault and is refused; a gap or a fork is told to the till, which knows what to do; and what an operation
// says is never a reason to refuse it, because one bad operation must not stop a till's queue for ever.
package accept

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"kassa/register"
	"kassa/sync/wire"
)

// Errors of Read.
var (
	ErrInvalid  = errors.New("accept: not a batch of operations")
	ErrTooLarge = errors.New("accept: the batch is too large")
)

// ErrHole tells that the server lacks an operation below the number that it acknowledged: its history is damaged.
var ErrHole = errors.New("accept: the server's history has a hole")

// Head is how far a journal goes. The zero Head is a journal's start.
type Head struct {
	Number int64
	Hash   register.Hash
}

// Record is one operation of a batch. Its hash has been checked.
type Record struct {
	Number int64
	Hash   register.Hash
	Bytes  []byte // as the till stored them
}

// Batch is operations that follow one another, from the one after After.
type Batch struct {
	After   Head
	Records []Record
	SentAt  time.Time // the till's clock; zero when it did not say
}

// Last is where the journal stands after the batch.
func (b Batch) Last() Head {
	if len(b.Records) == 0 {
		return b.After
	}
	r := b.Records[len(b.Records)-1]
	return Head{Number: r.Number, Hash: r.Hash}
}

// Decode reads a batch from JSON. Fields that it does not know are passed over: the till may be newer.
func Decode(body []byte) (Batch, error) {
	var b wire.Batch
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&b); err != nil {
		return Batch{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Batch{}, fmt.Errorf("%w: something follows it", ErrInvalid)
	}
	return Read(b)
}

// Read checks that a batch is one gapless chain: numbers follow one another, and each hash is the link of the hash before
// it and the record's bytes.
func Read(w wire.Batch) (Batch, error) {
	if len(w.Operations) > wire.MaxBatch {
		return Batch{}, fmt.Errorf("%w: %d operations", ErrTooLarge, len(w.Operations))
	}
	hash, err := register.ParseHash(w.AfterHash)
	if err != nil {
		return Batch{}, fmt.Errorf("%w: after_hash: %w", ErrInvalid, err)
	}
	if w.After < 0 || w.After > maxNumber || (w.After == 0) != (hash == register.Hash{}) {
		return Batch{}, fmt.Errorf("%w: number %d cannot have hash %s", ErrInvalid, w.After, hash)
	}
	b := Batch{After: Head{Number: w.After, Hash: hash}, SentAt: w.SentAt, Records: make([]Record, 0, len(w.Operations))}
	for _, op := range w.Operations {
		r, err := next(b.Last(), op)
		if err != nil {
			return Batch{}, err
		}
		b.Records = append(b.Records, r)
	}
	return b, nil
}

// maxNumber keeps the arithmetic of numbers far from overflowing.
const maxNumber = 1 << 60

func next(prev Head, op wire.Record) (Record, error) {
	if op.Number != prev.Number+1 {
		return Record{}, fmt.Errorf("%w: number %d after %d", ErrInvalid, op.Number, prev.Number)
	}
	r := Record{Number: op.Number, Bytes: []byte(op.Record)}
	if len(r.Bytes) == 0 {
		return Record{}, fmt.Errorf("%w: operation %d is empty", ErrInvalid, op.Number)
	}
	if len(r.Bytes) > register.MaxRecord {
		return Record{}, fmt.Errorf("%w: operation %d has %d bytes", ErrTooLarge, op.Number, len(r.Bytes))
	}
	var err error
	if r.Hash, err = register.ParseHash(op.Hash); err != nil {
		return Record{}, fmt.Errorf("%w: operation %d: %w", ErrInvalid, op.Number, err)
	}
	if r.Hash != register.Link(prev.Hash, r.Bytes) {
		return Record{}, fmt.Errorf("%w: operation %d does not have the hash that it names", ErrInvalid, op.Number)
	}
	return r, nil
}

// Verdict is what comes of a batch.
type Verdict int

// The verdicts.
const (
	Accept Verdict = iota // Tail is stored, Head acknowledged
	Gap                   // operations are missing before the batch
	Fork                  // the server has another operation at a number that the till named
)

// Decision is the verdict on a batch.
type Decision struct {
	Verdict Verdict
	Tail    []Record // what the server does not have yet, in order
	Head    Head     // how far the server has the journal afterwards
	At      int64    // for Fork: the first number where the two histories differ, as far as the batch shows
}

// Overlap is the range of numbers whose stored hashes Decide asks for; from is above to when it asks for none.
func (b Batch) Overlap(have Head) (from, to int64) {
	if b.After.Number >= have.Number {
		return 1, 0
	}
	return max(b.After.Number, 1), min(b.Last().Number, have.Number)
}

// Decide holds a batch against what the server has. known gives the hashes of the stored operations in the range that
// Overlap names. The error is ErrHole.
func Decide(have Head, known map[int64]register.Hash, b Batch) (Decision, error) {
	if b.After.Number > have.Number {
		return Decision{Verdict: Gap, Head: have}, nil
	}
	if b.After.Number == have.Number {
		if b.After.Hash != have.Hash {
			return Decision{Verdict: Fork, Head: have, At: have.Number}, nil
		}
		return Decision{Verdict: Accept, Tail: b.Records, Head: b.Last()}, nil
	}
	same := func(h Head) (bool, error) {
		if h.Number == 0 {
			return true, nil
		}
		stored, ok := known[h.Number]
		if !ok {
			return false, fmt.Errorf("%w: operation %d", ErrHole, h.Number)
		}
		return stored == h.Hash, nil
	}
	if ok, err := same(b.After); err != nil || !ok {
		return Decision{Verdict: Fork, Head: have, At: b.After.Number}, err
	}
	for i, r := range b.Records {
		if r.Number > have.Number {
			return Decision{Verdict: Accept, Tail: b.Records[i:], Head: b.Last()}, nil
		}
		if ok, err := same(Head{Number: r.Number, Hash: r.Hash}); err != nil || !ok {
			return Decision{Verdict: Fork, Head: have, At: r.Number}, err
		}
	}
	return Decision{Verdict: Accept, Head: have}, nil
}
