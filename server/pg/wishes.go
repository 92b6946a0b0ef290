package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/banks"
	"kassa/register"
)

// Errors of a wish to give money back.
var (
	ErrNotPaid  = errors.New("pg: the payment is not paid")
	ErrUnderWay = errors.New("pg: another refund of the payment is under way")
	ErrTooMuch  = errors.New("pg: more than is left of the payment")
)

// WantCancel notes that somebody asked to cancel a payment, so that it will be done whatever happens to this process. It is
// repeated safely. With unpaidOnly the wish ends when the payment turns out paid; otherwise it becomes one to give back all
// that is left, and does so at once for a payment that is paid already. A wish for an unpaid payment only does not weaken
// an earlier one. The error is ErrNotFound.
func (s *Store) WantCancel(ctx context.Context, now time.Time, account, id uuid.UUID, unpaidOnly bool) (Payment, error) {
	var p Payment
	err := s.inTx(ctx, func(tx pgx.Tx) (err error) {
		if p, err = lockPayment(ctx, tx, account, id); err != nil || !wants(p, unpaidOnly) {
			return err
		}
		cause := CauseCancelWanted
		if p.Attempt.State.Paid() {
			cause = CauseRefundWanted
			if err := wantRest(ctx, tx, now, &p); err != nil {
				return err
			}
		} else {
			p.CancelAt, p.UnpaidOnly = &now, unpaidOnly
		}
		return writeWish(ctx, tx, now, &p, cause, By{})
	})
	if err != nil {
		return Payment{}, fmt.Errorf("noting that payment %s is to be cancelled: %w", id, err)
	}
	return p, nil
}

// wants tells whether a wish to cancel is news.
func wants(p Payment, unpaidOnly bool) bool {
	switch {
	case p.Attempt.State.Closed(), p.Wanted.ID != "":
		return false
	case p.Attempt.State.HadMoney():
		return !unpaidOnly && p.Attempt.State.Paid() && p.Attempt.Left() > 0
	case p.CancelAt != nil:
		return p.UnpaidOnly && !unpaidOnly
	}
	return true
}

// Wish is a wish to give money back.
type Wish struct {
	ID     uuid.UUID
	Amount register.Money
	Till   uuid.UUID // who asks for it: a till,
	By     By        // or an owner
}

// WantRefund notes that money is to be given back, so that it will be done whatever happens to this process. The same wish
// again changes nothing, whatever became of it. The error is ErrNotFound, ErrConflict when the id stands for another sum,
// ErrNotPaid, ErrUnderWay, or ErrTooMuch.
func (s *Store) WantRefund(ctx context.Context, now time.Time, account, id uuid.UUID, w Wish) (Payment, error) {
	var p Payment
	err := s.inTx(ctx, func(tx pgx.Tx) (err error) {
		if p, err = lockPayment(ctx, tx, account, id); err != nil {
			return err
		}
		var amount register.Money
		err = tx.QueryRow(ctx, `select amount from payment_refunds where account_id = $1 and payment_id = $2 and refund_id = $3`,
			account, id, w.ID).Scan(&amount)
		switch {
		case err == nil && amount == w.Amount:
			return nil
		case err == nil:
			return ErrConflict
		case !errors.Is(err, pgx.ErrNoRows):
			return err
		case p.Wanted.ID != "" || p.Attempt.State == banks.StateRefundPending:
			return ErrUnderWay
		case !p.Attempt.State.HadMoney():
			return ErrNotPaid
		case w.Amount <= 0 || w.Amount > p.Attempt.Left():
			return ErrTooMuch
		}
		if err := insertWish(ctx, tx, now, &p, w); err != nil {
			return err
		}
		return writeWish(ctx, tx, now, &p, CauseRefundWanted, w.By)
	})
	if err != nil {
		return Payment{}, fmt.Errorf("noting that money of payment %s is to be given back: %w", id, err)
	}
	return p, nil
}

func lockPayment(ctx context.Context, tx pgx.Tx, account, id uuid.UUID) (Payment, error) {
	return one(queryPayments(ctx, tx, `select `+paymentColumns+` from payments
		where account_id = $1 and payment_id = $2 for update`, account, id))
}

// wantRest wishes that all that is left goes back. The first such refund has the payment's own id: so a wish that is
// repeated, or noted by two at once, is one.
func wantRest(ctx context.Context, tx pgx.Tx, now time.Time, p *Payment) error {
	w := Wish{ID: p.ID, Amount: p.Attempt.Left(), Till: p.Till}
	var there bool
	err := tx.QueryRow(ctx, `select exists (select from payment_refunds
		where account_id = $1 and payment_id = $2 and refund_id = $3)`, p.Account, p.ID, p.ID).Scan(&there)
	if err != nil {
		return err
	}
	if there {
		w.ID = newID() // that one is over; this is another try, or another part
	}
	return insertWish(ctx, tx, now, p, w)
}

func insertWish(ctx context.Context, tx pgx.Tx, now time.Time, p *Payment, w Wish) error {
	p.Wanted = banks.Refund{ID: w.ID.String(), Amount: w.Amount}
	_, err := tx.Exec(ctx, `insert into payment_refunds
			(account_id, payment_id, refund_id, amount, state, till_id, who, reason, message, wanted_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, '', $9)`,
		p.Account, p.ID, w.ID, w.Amount, RefundWanted, idOrNull(w.Till), w.By.Name, w.By.Reason, now)
	return err
}

// writeWish stores a wish in the payment's row, and has the bank called at once.
func writeWish(ctx context.Context, tx pgx.Tx, now time.Time, p *Payment, cause string, by By) error {
	wanted, err := refundID(p.Wanted)
	if err != nil {
		return err
	}
	p.Revision, p.Updated, p.Asks, p.AskAt = p.Revision+1, now, 0, &now
	_, err = tx.Exec(ctx, `update payments set cancel_at = $3, cancel_unpaid = $4, want_id = $5, want_amount = $6, ask_at = $7,
			asks = 0, updated_at = $7, revision = $8
		where account_id = $1 and payment_id = $2`,
		p.Account, p.ID, p.CancelAt, p.UnpaidOnly, wanted, p.Wanted.Amount, now, p.Revision)
	if err != nil {
		return err
	}
	return addEvent(ctx, tx, *p, cause, by)
}

// refundID is the id of a refund for a column; null for none.
func refundID(r banks.Refund) (*uuid.UUID, error) {
	if r.ID == "" {
		return nil, nil
	}
	id, err := uuid.Parse(r.ID)
	if err != nil {
		return nil, fmt.Errorf("a refund's id: %w", err)
	}
	return &id, nil
}

func idOrNull(id uuid.UUID) *uuid.UUID {
	if id == (uuid.UUID{}) {
		return nil
	}
	return &id
}
