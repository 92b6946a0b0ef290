package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// AwayQRPayments returns the payments that were put away and became no sale, and of which money may still come: those
// that are not in one of the ended states, and those that are in one but of which the bank has not said so since
// watched after they were put away. Oldest first.
func (s *Store) AwayQRPayments(ctx context.Context, watched time.Duration, ended []string) ([]QRPayment, error) {
	states, err := json.Marshal(ended)
	if err != nil {
		return nil, fmt.Errorf("reading QR payments: %w", err)
	}
	return s.qrPayments(ctx, `indexed by qr_payments_late where operation is null and put_away_at is not null and state <> 'refunded'
		and (state not in (select value from json_each(?)) or coalesce(asked_at, 0) < put_away_at + ?) order by put_away_at, id`,
		string(states), watched.Milliseconds())
}

// LookedAtQRPayment stores what the bank said of a payment that was put away: its state, with a cause when it has changed,
// and whether that is the first word of money.
func (s *Store) LookedAtQRPayment(ctx context.Context, id, state string, attempt json.RawMessage, cause string, money bool) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		now := ms(s.now())
		if cause != "" {
			if err := updateAttempt(ctx, tx, id, state, attempt, cause, now); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `update qr_payments set asked_at = ?1, late_at = iif(?2, coalesce(late_at, ?1), late_at) where id = ?3`, now, money, id)
		if err != nil {
			return fmt.Errorf("storing a look at a QR payment: %w", err)
		}
		return nil
	})
}

// DraftReceipt tells which receipt is being rung up, as in QRPayment; empty when no code of it was ever put away.
func (s *Store) DraftReceipt(ctx context.Context) (receipt string, err error) {
	err = s.r.QueryRowContext(ctx, `select coalesce((select receipt from draft), '')`).Scan(&receipt)
	if err != nil {
		return "", fmt.Errorf("reading the kept receipt: %w", err)
	}
	return receipt, nil
}

// QRSettings lists the settings by which any payment was made.
func (s *Store) QRSettings(ctx context.Context) ([]string, error) {
	rows, err := s.r.QueryContext(ctx, `select distinct setting from qr_payments`)
	if err != nil {
		return nil, fmt.Errorf("reading the payments' settings: %w", err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("reading the payments' settings: %w", err)
		}
		all = append(all, id)
	}
	return all, rows.Err()
}
