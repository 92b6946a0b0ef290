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
func (s *Store) SaveDraft(ctx context.Context, lines []register.Line) error {
	return saveDraft(ctx, s.w, lines)
}

func saveDraft(ctx context.Context, db interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, lines []register.Line) error {
	b, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("keeping the receipt: %w", err)
	}
	_, err = db.ExecContext(ctx, `insert into draft (one, lines) values (1, ?) on conflict (one) do update set lines = excluded.lines`, string(b))
	if err != nil {
		return fmt.Errorf("keeping the receipt: %w", err)
	}
	return nil
}

// Draft returns the receipt that was being rung up when the program stopped.
func (s *Store) Draft(ctx context.Context) ([]register.Line, error) {
	var b string
	err := s.r.QueryRowContext(ctx, `select lines from draft where one = 1`).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the kept receipt: %w", err)
	}
	var lines []register.Line
	if err := json.Unmarshal([]byte(b), &lines); err != nil {
		return nil, fmt.Errorf("reading the kept receipt: %w", err)
	}
	return lines, nil
}
