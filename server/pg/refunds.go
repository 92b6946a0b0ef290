package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/banks"
	"kassa/register"
	"kassa/sync/wire"
)

// States of a refund's row; those of package wire.
const (
	RefundWanted  = wire.RefundWanted
	RefundSent    = wire.RefundSent
	RefundUnknown = wire.RefundUnknown
	RefundDone    = wire.RefundDone
	RefundFailed  = wire.RefundFailed
)

// Refund is money that goes back, or went, because it was asked for here.
type Refund struct {
	ID      uuid.UUID
	Amount  register.Money
	State   string
	Till    uuid.UUID // who asked for it: a till,
	By      By        // or an owner
	Message string    // why it failed, in the bank's words
	Wanted  time.Time
	Sent    *time.Time
	Ended   *time.Time
}

// Refunds lists a payment's refunds, oldest first.
func (s *Store) Refunds(ctx context.Context, account, id uuid.UUID) ([]Refund, error) {
	rows, _ := s.pool.Query(ctx, `select refund_id, amount, state, till_id, who, reason, message, wanted_at, sent_at, ended_at
		from payment_refunds where account_id = $1 and payment_id = $2 order by wanted_at, refund_id`, account, id) // CollectRows gives the error
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Refund, error) {
		var r Refund
		var till *uuid.UUID
		err := row.Scan(&r.ID, &r.Amount, &r.State, &till, &r.By.Name, &r.By.Reason, &r.Message, &r.Wanted, &r.Sent, &r.Ended)
		if till != nil {
			r.Till = *till
		}
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the refunds of payment %s: %w", id, err)
	}
	return list, nil
}

// refundMove is what became of one refund between two states of a payment.
type refundMove struct {
	refund banks.Refund
	state  string
}

// refundMoves reads out of an attempt's movement what became of its refunds: rows follow the attempt, in the transaction
// that stores it. Again tells that one that was proven not to be carried out is to be sent once more.
func refundMoves(old, next banks.Attempt, unknown, again bool) []refundMove {
	var moves []refundMove
	if r := old.Refund; r.ID != "" && next.Refund.ID != r.ID {
		state := RefundFailed
		if next.Returned >= old.Returned+r.Amount {
			state = RefundDone
		} else if again {
			state = RefundWanted
		}
		moves = append(moves, refundMove{r, state})
	}
	switch r := next.Refund; {
	case r.ID != "" && unknown:
		moves = append(moves, refundMove{r, RefundUnknown})
	case r.ID != "":
		moves = append(moves, refundMove{r, RefundSent})
	case old.Refund.ID == "" && next.Returned > old.Returned:
		// The cancel of an unpaid code came after the payment, and gave it back at once.
		moves = append(moves, refundMove{banks.Refund{ID: next.ID, Amount: next.Returned - old.Returned}, RefundDone})
	}
	return moves
}

// moveRefund brings a refund's row to a state. A refund that nobody wished for by itself, since it is the end of a cancel,
// gets its row now.
func moveRefund(ctx context.Context, tx pgx.Tx, now time.Time, p Payment, m refundMove) error {
	id, err := refundID(m.refund)
	if err != nil || id == nil {
		return err
	}
	message := ""
	if m.state == RefundFailed {
		message = p.Message
	}
	_, err = tx.Exec(ctx, `insert into payment_refunds as r
			(account_id, payment_id, refund_id, amount, state, till_id, who, reason, message, wanted_at, sent_at, ended_at)
		values ($1, $2, $3, $4, $5, $6, '', '', $7, $8, $8, case when $9 then $8::timestamptz end)
		on conflict (account_id, payment_id, refund_id) do update
		set state = excluded.state, message = excluded.message, sent_at = coalesce(r.sent_at, excluded.sent_at),
			ended_at = excluded.ended_at
		where r.state <> excluded.state`,
		p.Account, p.ID, *id, m.refund.Amount, m.state, idOrNull(p.Till), message, now, m.state == RefundDone || m.state == RefundFailed)
	return err
}
