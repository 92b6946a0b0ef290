package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/banks"
	"kassa/sync/wire"
)

// Lease reserves a payment for the caller until a time, so that nobody else asks the bank about it. It is false when
// somebody else has it. The error is ErrNotFound.
func (s *Store) Lease(ctx context.Context, now, until time.Time, account, id uuid.UUID) (Payment, bool, error) {
	p, err := one(queryPayments(ctx, s.pool, `update payments set leased_until = $4
		where account_id = $1 and payment_id = $2 and (leased_until is null or leased_until <= $3)
		returning `+paymentColumns, account, id, now, until))
	if err == nil {
		return p, true, nil
	}
	if errors.Is(err, ErrNotFound) {
		p, err = s.Payment(ctx, account, id)
	}
	if err != nil {
		return Payment{}, false, fmt.Errorf("reserving payment %s: %w", id, err)
	}
	return p, false, nil
}

// Leased tells whether the lease under which the payment was read still runs.
func (p Payment) Leased(now time.Time) bool { return now.Before(p.lease) }

// Change is what a holder of a lease has to say about what SavePayment stores.
type Change struct {
	Cause string
	By    By   // the person who decided; zero where nobody did
	Keep  bool // the lease goes on
	Again bool // the refund that ended was never carried out, which is proven: it is wanted again
}

// SavePayment stores what the holder of a lease found out, as one more line of the story when anything changed. The error
// is ErrConflict when the lease had run out and somebody else took it; then nothing is stored.
//
// What others may have written since the lease began, wishes and notices and that a person has dealt with a refund that
// failed, is left as it stands in the database. In the same transaction the wishes are held against where the payment stands now (see weigh), and the rows of its refunds follow it.
func (s *Store) SavePayment(ctx context.Context, now time.Time, p Payment, c Change) (Payment, error) {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		old, err := one(queryPayments(ctx, tx, `select `+paymentColumns+` from payments
			where account_id = $1 and payment_id = $2 and leased_until = $3 for update`, p.Account, p.ID, p.lease))
		if errors.Is(err, ErrNotFound) {
			return ErrConflict
		}
		if err != nil {
			return err
		}
		wished := p.Wanted.ID
		p.CancelAt, p.UnpaidOnly, p.Wanted, p.Revision, p.Updated = old.CancelAt, old.UnpaidOnly, old.Wanted, old.Revision, old.Updated
		if p.Trouble == wire.TroubleRefundFailed && p.trouble == p.Trouble && old.Trouble != p.Trouble {
			p.Trouble, p.Message = old.Trouble, old.Message // a person has dealt with it meanwhile
		}
		if err := p.follow(ctx, tx, now, old, c); err != nil {
			return err
		}
		if old.noticed.After(p.noticed) || p.Wanted.ID != wished && p.Wanted.ID != "" || p.AskAt == nil && p.wishes() {
			p.AskAt = &now
		}
		p.noticed, p.NoticedID, p.trouble = old.noticed, old.NoticedID, p.Trouble
		if !c.Keep {
			p.lease = time.Time{}
		}
		changed := tells(old) != tells(p) || c.By != By{}
		if changed {
			p.Revision, p.Updated = old.Revision+1, now
		}
		if err := writePayment(ctx, tx, p); err != nil || !changed {
			return err
		}
		return addEvent(ctx, tx, p, c.Cause, c.By)
	})
	if err != nil {
		return p, fmt.Errorf("storing payment %s: %w", p.ID, err)
	}
	return p, nil
}

func (p Payment) wishes() bool { return p.CancelAt != nil || p.Wanted.ID != "" }

// follow does what a movement of the payment brings with it.
func (p *Payment) follow(ctx context.Context, tx pgx.Tx, now time.Time, old Payment, c Change) error {
	for _, m := range refundMoves(old.Attempt, p.Attempt, p.Trouble == wire.TroubleRefundUnknown, c.Again) {
		if err := moveRefund(ctx, tx, now, *p, m); err != nil {
			return err
		}
		switch {
		case m.state == RefundWanted:
			p.Wanted = banks.Refund{ID: m.refund.ID, Amount: m.refund.Amount}
		case m.refund.ID == p.Wanted.ID:
			p.Wanted = banks.Refund{}
		}
	}
	p.datePayment(now, old)
	a := p.Attempt
	// A bank may tell that a part went back and not how much.
	unsaid := a.State == banks.StatePartlyRefunded && a.Refunded == 0 && old.Attempt.State != a.State
	if a.Outside() > old.Attempt.Outside() || unsaid {
		f := Finding{Kind: TroubleOutsideRefund, Subject: p.ID.String(), Payment: p.ID, Setting: p.Setting, BankID: a.BankID,
			Ours: a.Returned, Theirs: a.Refunded, At: now}
		if err := addFinding(ctx, tx, now, p.Account, f); err != nil {
			return err
		}
	}
	return p.weigh(ctx, tx, now)
}

// datePayment notes when the money came, and whether it came after the end and no sale names it.
func (p *Payment) datePayment(now time.Time, old Payment) {
	p.PaidAt, p.LateAt, p.Named, p.Sold = old.PaidAt, old.LateAt, old.Named, old.Sold
	state := p.Attempt.State
	if state.HadMoney() && p.PaidAt == nil {
		p.PaidAt = &now
	}
	switch {
	case state == banks.StateRefunded:
		p.LateAt = nil
	case state.HadMoney() && old.Attempt.State.Closed() && p.Named == 0:
		p.LateAt = &now
	}
}

// weigh holds the wishes against where the payment stands. A wish to cancel ends with a payment that is closed, and with one
// that is paid: then, unless it was for an unpaid payment only, it becomes one to give back what is left. A wish to give
// money back that cannot be carried out any more, because somebody gave it back at the bank, has failed.
func (p *Payment) weigh(ctx context.Context, tx pgx.Tx, now time.Time) error {
	a := p.Attempt
	if p.CancelAt != nil && (a.State.Closed() || a.State.HadMoney()) {
		p.CancelAt = nil
		if !p.UnpaidOnly && a.State.Paid() && a.Left() > 0 && p.Wanted.ID == "" {
			if err := wantRest(ctx, tx, now, p); err != nil {
				return err
			}
		}
	}
	if p.Wanted.ID != "" && a.State.HadMoney() && a.Refund.ID == "" && p.Wanted.Amount > a.Left() {
		p.Trouble = wire.TroubleRefundFailed
		failed := p.Wanted
		p.Wanted = banks.Refund{}
		return moveRefund(ctx, tx, now, *p, refundMove{failed, RefundFailed})
	}
	return nil
}

// told is what a till sees of a payment.
type told struct {
	attempt          banks.Attempt
	trouble, message string
	wanted           string
	late             bool
}

func tells(p Payment) told {
	p.Attempt.Expires = time.Time{} // never changes; two Times can be equal and yet differ
	return told{attempt: p.Attempt, trouble: p.Trouble, message: p.Message, wanted: p.Wanted.ID, late: p.LateAt != nil}
}

func writePayment(ctx context.Context, tx pgx.Tx, p Payment) error {
	a := p.Attempt
	refund, err := refundID(a.Refund)
	if err != nil {
		return err
	}
	wanted, err := refundID(p.Wanted)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update payments set bank_id = $3, refunded = $4, returned = $5, refund_id = $6, refund_amount = $7,
			refund_base = $8, refund_taken = $9, by_hand = $10, state = $11, payload = $12, words = $13, trouble = $14, message = $15,
			revision = $16, updated_at = $17, paid_at = $18, late_at = $19, cancel_at = $20, want_id = $21, want_amount = $22,
			missing_at = $23, asks = $24, ask_at = $25, leased_until = $26, closing = $27
		where account_id = $1 and payment_id = $2`, p.Account, p.ID, a.BankID, a.Refunded, a.Returned, refund, a.Refund.Amount,
		a.Refund.Base, a.Refund.Taken, a.ByHand, a.State, a.Payload, a.Words, p.Trouble, p.Message, p.Revision, p.Updated,
		p.PaidAt, p.LateAt, p.CancelAt, wanted, p.Wanted.Amount, timeOrNull(p.Missing.Since), p.Asks, p.AskAt, timeOrNull(p.lease), a.Closing)
	return err
}

// addEvent writes a line of the story and wakes whoever waits for a change of the payment.
func addEvent(ctx context.Context, tx pgx.Tx, p Payment, cause string, by By) error {
	a := p.Attempt
	_, err := tx.Exec(ctx, `insert into payment_events
		(account_id, payment_id, revision, at, cause, state, refunded, trouble, words, message, who, reason)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		p.Account, p.ID, p.Revision, p.Updated, cause, a.State, a.Refunded, p.Trouble, a.Words, p.Message, by.Name, by.Reason)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `select pg_notify('`+paymentsChannel+`', $1)`, p.ID.String())
	return err
}
