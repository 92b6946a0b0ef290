package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"kassa/register"
)

// SaveDraft keeps the receipt that is being rung up, so that it is there again after a power cut.
func (s *Store) SaveDraft(ctx context.Context, d register.Draft) error {
	return saveDraft(ctx, s.w, d)
}

func saveDraft(ctx context.Context, db interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, d register.Draft) error {
	b, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("keeping the receipt: %w", err)
	}
	_, err = db.ExecContext(ctx, `insert into draft (one, cart) values (1, ?) on conflict (one) do update set cart = excluded.cart`, string(b))
	if err != nil {
		return fmt.Errorf("keeping the receipt: %w", err)
	}
	return nil
}

// Draft returns the receipt that was being rung up when the program stopped; an empty one when there was none.
func (s *Store) Draft(ctx context.Context) (register.Draft, error) {
	var d register.Draft
	var b string
	err := s.r.QueryRowContext(ctx, `select cart from draft where one = 1`).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return d, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(b), &d)
	}
	if err != nil {
		return register.Draft{}, fmt.Errorf("reading the kept receipt: %w", err)
	}
	return d, nil
}
