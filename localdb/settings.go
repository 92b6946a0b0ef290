package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// Setting reads a setting into v. ok is false when it was never set; v is then unchanged.
func (s *Store) Setting(ctx context.Context, name string, v any) (ok bool, err error) {
	var text string
	err = s.r.QueryRowContext(ctx, `select value from settings where name = ?`, name).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), v)
	}
	if err != nil {
		return false, fmt.Errorf("reading the setting %s: %w", name, err)
	}
	return true, nil
}

// SetSetting keeps a setting. Secrets go through SetSecret.
func (s *Store) SetSetting(ctx context.Context, name string, v any) error {
	return s.SetSettings(ctx, map[string]any{name: v})
}

// SetSettings keeps settings by their names, all of them or none.
func (s *Store) SetSettings(ctx context.Context, settings map[string]any) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		for name, v := range settings {
			b, err := json.Marshal(v)
			if err != nil {
				return fmt.Errorf("keeping the setting %s: %w", name, err)
			}
			_, err = tx.ExecContext(ctx, `insert into settings (name, value) values (?, ?)
				on conflict (name) do update set value = excluded.value`, name, string(b))
			if err != nil {
				return fmt.Errorf("keeping the setting %s: %w", name, err)
			}
		}
		return nil
	})
}
