package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"kassa/register"
)

// Stored is an operation of the history.
type Stored struct {
	register.Operation
	Position int64 // in the order of commit, across journals
	Record   []byte
	Hash     register.Hash
	Sent     bool // the server has acknowledged it
}

const selectStored = `select o.position, o.record, o.hash, o.number <= j.acknowledged
	from operations o join journals j on j.seq = o.journal `

// History returns operations, newest first, from before a position; zero starts at the newest.
func (s *Store) History(ctx context.Context, before int64, limit int) ([]Stored, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	return s.stored(ctx, selectStored+`where o.position < ? order by o.position desc limit ?`, before, limit)
}

// Since returns operations after a position, oldest first.
func (s *Store) Since(ctx context.Context, after int64, limit int) ([]Stored, error) {
	return s.stored(ctx, selectStored+`where o.position > ? order by o.position limit ?`, after, limit)
}

// ErrNoOperation tells that there is no such operation.
var ErrNoOperation = errors.New("localdb: no such operation")

// At returns the operation at a position.
func (s *Store) At(ctx context.Context, position int64) (Stored, error) {
	found, err := s.stored(ctx, selectStored+`where o.position = ?`, position)
	if err != nil {
		return Stored{}, err
	}
	if len(found) == 0 {
		return Stored{}, ErrNoOperation
	}
	return found[0], nil
}

func (s *Store) stored(ctx context.Context, query string, args ...any) ([]Stored, error) {
	rows, err := s.r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	defer rows.Close()
	var all []Stored
	for rows.Next() {
		var o Stored
		var hash []byte
		if err := rows.Scan(&o.Position, &o.Record, &hash, &o.Sent); err != nil {
			return nil, fmt.Errorf("reading the history: %w", err)
		}
		copy(o.Hash[:], hash)
		if o.Operation, err = register.DecodeOperation(o.Record); err != nil {
			return nil, fmt.Errorf("reading operation at %d: %w", o.Position, err)
		}
		all = append(all, o)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	return all, nil
}

// Shift is a shift as the journal has left it.
type Shift struct {
	Number  int64
	Opened  time.Time
	Cashier string // who opened it
	Open    bool
	Totals  register.Totals
}

const selectShift = `select number, opened_at, cashier, closed_at is null, totals from shifts`

// LastShift returns the open shift, or the last one that was closed; a zero Shift when there was none yet.
func (s *Store) LastShift(ctx context.Context) (Shift, error) {
	sh, err := scanShift(s.r.QueryRowContext(ctx, selectShift+` order by number desc limit 1`))
	if errors.Is(err, sql.ErrNoRows) {
		return Shift{}, nil
	}
	return sh, err
}

func scanShift(row *sql.Row) (Shift, error) {
	var sh Shift
	var opened int64
	var totals string
	err := row.Scan(&sh.Number, &opened, &sh.Cashier, &sh.Open, &totals)
	if err == nil {
		err = json.Unmarshal([]byte(totals), &sh.Totals)
	}
	if err != nil {
		return Shift{}, fmt.Errorf("reading the shift: %w", err)
	}
	sh.Opened = fromMS(opened)
	return sh, nil
}

// Drawer is the cash that the drawer should hold.
func (s *Store) Drawer(ctx context.Context) (register.Money, error) {
	var m register.Money
	if err := s.r.QueryRowContext(ctx, `select balance from drawer where one = 1`).Scan(&m); err != nil {
		return 0, fmt.Errorf("reading the drawer: %w", err)
	}
	return m, nil
}
