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
		payments         []uuid.UUID
		numbers, amounts []int64
		kinds            []string
		ats              []time.Time
	)
	for _, u := range used {
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
			(account_id, journal_id, store_id, till_id, received_at, payment_id, number, amount, kind, at, known)
		select $1, $2, $3, $4, $5, u.*, false from unnest($6::uuid[], $7::bigint[], $8::bigint[], $9::text[], $10::timestamptz[]) u`,
		t.Account, journal, t.Store, t.ID, now, payments, numbers, amounts, kinds, ats)
	if err != nil {
		return err
	}
	return countUses(ctx, tx, t.Account, payments)
}

// countUses adds to payments what operations that were not counted yet say of them.
func countUses(ctx context.Context, tx pgx.Tx, account uuid.UUID, payments []uuid.UUID) error {
	// In one order, so that two tills that name the same payments do not block each other.
	_, err := tx.Exec(ctx, `select from payments where account_id = $1 and payment_id = any($2) order by payment_id for update`, account, payments)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `with counted as (
			update payment_uses u set known = true from payments p
			where u.account_id = $1 and u.payment_id = any($2) and not u.known and p.account_id = $1 and p.payment_id = u.payment_id
			returning u.payment_id, u.amount),
		sums as (select payment_id, sum(greatest(amount, 0)) as named, sum(amount) as sold from counted group by payment_id)
		update payments p set named = p.named + s.named, sold = p.sold + s.sold, late_at = case when s.named > 0 then null else late_at end
		from sums s where p.account_id = $1 and p.payment_id = s.payment_id`, account, payments)
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
