package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"kassa/register"
)

// Filter says which operations of the history are wanted. Every field that is not empty has to fit.
type Filter struct {
	Kinds     []register.Kind
	Except    register.Kind // left out where no kinds are named
	Method    register.Method
	From, To  time.Time // the day's beginning, and the end that does not count
	Shift     int64
	Number    int64          // of the operation, or of the receipt within its shift
	Sum       register.Money // what it came to
	Products  []string       // ids of goods, any of which stands on it
	Customer  string         // id
	Customers []string       // ids, one of which it has to be
	Basis     string         // id of the sale or the prepayment that it goes back to
}

// Find returns the operations that fit, newest first, from before a position; zero starts at the newest.
//
// A page takes about as long anywhere in the history. Days and shifts are ranges of positions. Of the other fields the one
// that fits least is looked up in its index, which gives the positions in their order for every value and kind; those
// ranges are merged, newest first, and what the index does not know is tested on the way.
func (s *Store) Find(ctx context.Context, f Filter, before int64, limit int) ([]Stored, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	defer tx.Rollback()
	found, err := (&historySearch{ctx: ctx, tx: tx, f: f}).find(before, limit)
	if err != nil {
		return nil, fmt.Errorf("searching the history: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	positions, err := json.Marshal(found)
	if err != nil {
		return nil, fmt.Errorf("searching the history: %w", err)
	}
	return storedBy(ctx, tx, selectStored+`where o.position in (select value from json_each(?)) order by o.position desc`, string(positions))
}

// historySearch is one search.
type historySearch struct {
	ctx context.Context
	tx  preparer
	f   Filter
}

// preparer is a transaction that is read from.
type preparer interface {
	querier
	PrepareContext(context.Context, string) (*sql.Stmt, error)
}

// find gives the positions of a page.
func (q *historySearch) find(before int64, limit int) (found []int64, err error) {
	spans, err := q.spans(before)
	if err != nil {
		return nil, err
	}
	ways, err := q.ways()
	if err != nil {
		return nil, err
	}
	for _, sp := range spans {
		if len(found) >= limit {
			break
		}
		more, err := q.within(sp, ways, limit-len(found))
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

// within finds positions in one span.
func (q *historySearch) within(sp span, ways []way, limit int) ([]int64, error) {
	best, err := q.narrowest(sp, ways)
	if err != nil {
		return nil, err
	}
	m, err := q.merge(sp, best, ways, limit)
	if err != nil {
		return nil, err
	}
	defer m.close()
	return m.take(limit)
}

// times are the bounds of the operations' times in milliseconds.
func (f Filter) times() (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	if !f.From.IsZero() {
		from = ms(f.From)
	}
	if !f.To.IsZero() {
		to = ms(f.To)
	}
	return from, to
}

// ByReceiptCode finds the operation whose slip holds the code. The error is ErrNoOperation.
func (s *Store) ByReceiptCode(ctx context.Context, code string) (Stored, error) {
	number, match, ok := register.ParseReceiptCode(code)
	if !ok {
		return Stored{}, ErrNoOperation
	}
	found, err := s.stored(ctx, selectStored+`where o.number = ? and o.journal in (select seq from journals)`, number)
	if err != nil {
		return Stored{}, err
	}
	for _, o := range found {
		if match(o.Operation) {
			return o, nil
		}
	}
	return Stored{}, ErrNoOperation
}
