package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
)

// PaymentCursor is a place in the list of payments, newest first. The zero one is the list's start.
type PaymentCursor struct {
	Created time.Time
	ID      uuid.UUID
}

// PaymentFilter narrows the list of payments; its zero fields let everything through.
type PaymentFilter struct {
	Store   uuid.UUID
	State   banks.State
	Trouble bool      // only those that something stands in the way of, or that came late
	From    time.Time // created at or after
	To      time.Time // created before
	After   PaymentCursor
	Limit   int // zero for none
}

// Payments lists an account's payments, newest first.
func (s *Store) Payments(ctx context.Context, account uuid.UUID, f PaymentFilter) ([]Payment, error) {
	q := query{args: []any{account}}
	where := `account_id = $1`
	if f.Store != (uuid.UUID{}) {
		where += ` and store_id = ` + q.arg(f.Store)
	}
	if f.State != "" {
		where += ` and state = ` + q.arg(string(f.State))
	}
	if f.Trouble {
		where += ` and (trouble <> '' or late_at is not null)`
	}
	if !f.From.IsZero() {
		where += ` and created_at >= ` + q.arg(f.From)
	}
	if !f.To.IsZero() {
		where += ` and created_at < ` + q.arg(f.To)
	}
	if !f.After.Created.IsZero() {
		where += ` and (created_at, payment_id) < (` + q.arg(f.After.Created) + `, ` + q.arg(f.After.ID) + `)`
	}
	limit := ``
	if f.Limit > 0 {
		limit = ` limit ` + q.arg(f.Limit)
	}
	list, err := queryPayments(ctx, s.pool, `select `+paymentColumns+` from payments where `+where+`
		order by created_at desc, payment_id desc`+limit, q.args...)
	if err != nil {
		return nil, fmt.Errorf("listing payments: %w", err)
	}
	return list, nil
}
