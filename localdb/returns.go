package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"kassa/register"
)

// SaleReturns returns a sale and what came back of it.
func (s *Store) SaleReturns(ctx context.Context, id string) (register.Operation, []register.SaleReturn, error) {
	return withReturns(ctx, s.r, id)
}

func withReturns(ctx context.Context, db querier, id string) (register.Operation, []register.SaleReturn, error) {
	return returnsBefore(ctx, db, id, math.MaxInt64)
}

// returnsBefore reads a sale and its returns from before a position.
func returnsBefore(ctx context.Context, db querier, id string, before int64) (register.Operation, []register.SaleReturn, error) {
	op, later, err := withLater(ctx, db, id, register.KindReturn, before)
	if err != nil {
		return op, nil, err
	}
	returns := make([]register.SaleReturn, len(later))
	for i, o := range later {
		if returns[i], err = o.Return(); err != nil {
			return op, nil, err
		}
	}
	return op, returns, nil
}

// withLater reads an operation and those of one kind that go back to it, from before a position, oldest first.
func withLater(ctx context.Context, db querier, id string, kind register.Kind, before int64) (op register.Operation, later []register.Operation, err error) {
	var record []byte
	err = db.QueryRowContext(ctx, `select record from operations where id = ?`, id).Scan(&record)
	if errors.Is(err, sql.ErrNoRows) {
		return op, nil, fmt.Errorf("operation %s: %w", id, ErrNoOperation)
	}
	if err == nil {
		op, err = register.DecodeOperation(record)
	}
	if err != nil {
		return op, nil, fmt.Errorf("reading operation %s: %w", id, err)
	}
	rows, err := db.QueryContext(ctx, `select record from operations where basis = ? and kind = ? and position < ? order by position`, id, string(kind), before)
	if err != nil {
		return op, nil, fmt.Errorf("reading what goes back to %s: %w", id, err)
	}
	defer rows.Close()
	for rows.Next() {
		var record []byte
		if err := rows.Scan(&record); err != nil {
			return op, nil, fmt.Errorf("reading what goes back to %s: %w", id, err)
		}
		o, err := register.DecodeOperation(record)
		if err != nil {
			return op, nil, err
		}
		later = append(later, o)
	}
	return op, later, rows.Err()
}
