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
	type key struct {
		payment uuid.UUID
		number  int64
	}
	place := map[key]int{}
	var (
		payments, sold   []uuid.UUID
		numbers, amounts []int64
		kinds            []string
		ats              []time.Time
	)
	for _, u := range used {
		if u.Amount > 0 {
			sold = append(sold, u.Payment)
		}
		k := key{u.Payment, u.number}
		if i, twice := place[k]; twice {
			amounts[i] += int64(u.Amount)
			continue
		}
		place[k] = len(payments)
		payments, numbers, amounts = append(payments, u.Payment), append(numbers, u.number), append(amounts, int64(u.Amount))
		kinds, ats = append(kinds, u.kind), append(ats, u.at)
	}
	if len(payments) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `insert into payment_uses
			(account_id, journal_id, store_id, till_id, received_at, payment_id, number, amount, kind, at)
		select $1, $2, $3, $4, $5, u.* from unnest($6::uuid[], $7::bigint[], $8::bigint[], $9::text[], $10::timestamptz[]) u`,
		t.Account, journal, t.Store, t.ID, now, payments, numbers, amounts, kinds, ats)
	if err != nil || len(sold) == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `update payments set late_at = null where account_id = $1 and payment_id = any($2) and late_at is not null`,
		t.Account, sold)
	return err
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
