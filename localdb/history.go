package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

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
	return storedBy(ctx, s.r, query, args...)
}

func storedBy(ctx context.Context, db querier, query string, args ...any) ([]Stored, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	defer rows.Close()
	var all []Stored
	for rows.Next() {
		o, err := scanStored(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	return all, nil
}

// scanStored reads the columns of selectStored, and more that stand behind them.
func scanStored(rows *sql.Rows, more ...any) (Stored, error) {
	var o Stored
	var hash []byte
	err := rows.Scan(append([]any{&o.Position, &o.Record, &hash, &o.Sent}, more...)...)
	if err != nil {
		return o, fmt.Errorf("reading the history: %w", err)
	}
	copy(o.Hash[:], hash)
	if o.Operation, err = register.DecodeOperation(o.Record); err != nil {
		return o, fmt.Errorf("reading operation at %d: %w", o.Position, err)
	}
	return o, nil
}
