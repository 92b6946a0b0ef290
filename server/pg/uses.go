package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/register"
	"kassa/sync/accept"
)

// use is a QR payment that an operation of a batch names.
type use struct {
	accept.Use
	number int64
	kind   string
	at     time.Time
}

// insertUses notes which payments the operations of a batch name, in the transaction that stores the operations. A payment
// that came late is dealt with when something was sold for it. What a till names twice is added up.
func insertUses(ctx context.Context, tx pgx.Tx, now time.Time, t Till, journal uuid.UUID, used []use) error {
	for _, u := range used {
		_, err := tx.Exec(ctx, `insert into payment_uses as u
				(account_id, payment_id, journal_id, number, store_id, till_id, kind, amount, at, received_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			on conflict (account_id, payment_id, journal_id, number) do update set amount = u.amount + excluded.amount`,
			t.Account, u.Payment, journal, u.number, t.Store, t.ID, u.kind, u.Amount, u.at, now)
		if err != nil {
			return err
		}
		if u.Amount <= 0 {
			continue
		}
		_, err = tx.Exec(ctx, `update payments set late_at = null where account_id = $1 and payment_id = $2 and late_at is not null`,
			t.Account, u.Payment)
		if err != nil {
			return err
		}
	}
	return nil
}

// Use is an operation that names a payment.
type Use struct {
	Place  accept.Place
	Till   uuid.UUID
	Kind   string
	Amount register.Money // above zero for what was sold, below for what was given back
	At     time.Time      // the till's clock
}

// Uses lists the operations that name a payment, by the tills' clocks, oldest first.
func (s *Store) Uses(ctx context.Context, account, payment uuid.UUID) ([]Use, error) {
	rows, _ := s.pool.Query(ctx, `select journal_id, number, till_id, kind, amount, at from payment_uses
		where account_id = $1 and payment_id = $2 order by at, journal_id, number`, account, payment) // CollectRows gives the error
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Use, error) {
		var u Use
		err := row.Scan(&u.Place.Journal, &u.Place.Number, &u.Till, &u.Kind, &u.Amount, &u.At)
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("reading what names payment %s: %w", payment, err)
	}
	return list, nil
}
