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
	return s.inTx(ctx, func(tx *sql.Tx) error { return s.writer(ctx, tx).saveDraft(d) })
}

func (w *writer) saveDraft(d register.Draft) error {
	b, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("keeping the receipt: %w", err)
	}
	if _, err := w.exec(w.stmts.draft, string(b), len(d.Lines) > 0); err != nil {
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
