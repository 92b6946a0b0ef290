package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Noticed has the bank asked at once about a payment that it told of by itself. The payment is the setting's with our id, or
// with the bank's; it is false when there is none. Nothing of a notification is believed: some banks do not sign theirs, and
// not every signature covers the bank's id. That id is kept beside a payment to ask with.
func (s *Store) Noticed(ctx context.Context, now time.Time, k SettingKey, id uuid.UUID, bankID string) (bool, error) {
	var found bool
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		p, err := one(queryPayments(ctx, tx, `select `+paymentColumns+` from payments
			where account_id = $1 and setting_id = $2 and payment_id = $3 for update`, k.Account, k.Setting, id))
		if errors.Is(err, ErrNotFound) && bankID != "" {
			p, err = one(queryPayments(ctx, tx, `select `+paymentColumns+` from payments
				where account_id = $1 and setting_id = $2 and bank_id = $3 order by created_at desc limit 1 for update`,
				k.Account, k.Setting, bankID))
		}
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		found = true
		_, err = tx.Exec(ctx, `update payments set noticed_at = $3, ask_at = least(ask_at, $3), asks = 0, noticed_id = $4
			where account_id = $1 and payment_id = $2`, p.Account, p.ID, now, bankID)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("having the bank asked about payment %s: %w", id, err)
	}
	return found, nil
}
