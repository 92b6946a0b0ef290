package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/banks"
	"kassa/register"
)

// Payment is one QR payment: the attempt, and what the server needs to bring it to an end.
type Payment struct {
	Account  uuid.UUID
	ID       uuid.UUID // the attempt's
	Store    uuid.UUID
	Till     uuid.UUID
	Setting  uuid.UUID // of the bank; zero when the store had none
	Attempt  banks.Attempt
	Purpose  string
	Trouble  string // one of package wire's words
	Message  string // for a person
	Revision int64
	Created  time.Time
	Updated  time.Time
	PaidAt   *time.Time     // when it was first known to be paid
	LateAt   *time.Time     // paid after it was closed, and neither a sale nor a person has dealt with that
	Named    register.Money // what operations of the tills say was sold for it,
	Sold     register.Money // and that less what they say was given back

	CancelAt   *time.Time    // when somebody asked to close it; nil when that is settled
	UnpaidOnly bool          // the wish is for an unpaid payment only: one that turns out paid stays paid
	Wanted     banks.Refund  // the refund that was asked for and is not sent yet; zero when there is none
	Missing    banks.Missing // since when the bank has had no trace of the payment, or of its refund
	Asks       int           // questions since the last change
	AskAt      *time.Time    // when the bank is asked next; nil when there is nothing to ask

	// NoticedID is the bank's id of the payment as a notification named it. It is not believed, but asked with where the bank
	// has not told the id itself.
	NoticedID string

	noticed time.Time
	trouble string // as it was read or stored last
	lease   time.Time
}

// By is the person who decides, and why.
type By struct {
	Name   string // the owner's
	Reason string
}

// Event is one step in a payment's story.
type Event struct {
	Revision int64
	At       time.Time
	Cause    string
	State    banks.State
	Refunded register.Money
	Trouble  string
	Words    string
	Message  string
	Who      string // the owner who decided; empty where nobody did
	Reason   string
}

// Causes of events.
const (
	CauseRequested    = "requested"     // the till asked for a code; nothing has gone to the bank yet
	CauseCreate       = "create"        // the bank answered, or failed to answer, the creation
	CauseAsk          = "ask"           // the bank was asked where the payment stands
	CauseCancelWanted = "cancel_wanted" // somebody asked to cancel it
	CauseCancelSent   = "cancel_sent"   // about to be sent to the bank
	CauseCancel       = "cancel"        // the bank answered, or failed to answer, the cancel
	CauseRefundWanted = "refund_wanted" // somebody asked to give money back
	CauseRefundSent   = "refund_sent"   // about to be sent to the bank
	CauseRefund       = "refund"        // the bank answered, or failed to answer, the refund
	CauseRegistry     = "registry"      // the bank's list of payments told it
	CauseMarkedPaid   = "marked_paid"   // a person has seen the money at the bank
	CauseRefundSeen   = "refund_seen"   // a person has seen at the bank that the refund was carried out
	CauseRefundLost   = "refund_lost"   // a person has seen at the bank that it was not
	CauseNote         = "note"          // a person wrote something down
	CauseClosed       = "closed"        // a person closed a trouble
)

// Causes lists every cause.
func Causes() []string {
	return []string{CauseRequested, CauseCreate, CauseAsk, CauseCancelWanted, CauseCancelSent, CauseCancel, CauseRefundWanted,
		CauseRefundSent, CauseRefund, CauseRegistry, CauseMarkedPaid, CauseRefundSeen, CauseRefundLost, CauseNote, CauseClosed}
}

const paymentColumns = `account_id, payment_id, store_id, till_id, setting_id, bank, bank_id, amount, refunded, returned,
	refund_id, refund_amount, refund_base, refund_taken, by_hand, closing, purpose, expires_at, state, payload, words, trouble, message,
	revision, created_at, updated_at, paid_at, late_at, named, sold, cancel_at, cancel_unpaid, want_id, want_amount, missing_at, asks, ask_at,
	noticed_at, noticed_id, leased_until`

func scanPayment(row pgx.CollectableRow) (Payment, error) {
	var p Payment
	var setting, refund, wanted *uuid.UUID
	var missing, noticed, lease *time.Time
	a := &p.Attempt
	err := row.Scan(&p.Account, &p.ID, &p.Store, &p.Till, &setting, &a.Bank, &a.BankID, &a.Amount, &a.Refunded, &a.Returned,
		&refund, &a.Refund.Amount, &a.Refund.Base, &a.Refund.Taken, &a.ByHand, &a.Closing, &p.Purpose, &a.Expires, &a.State, &a.Payload,
		&a.Words, &p.Trouble, &p.Message, &p.Revision, &p.Created, &p.Updated, &p.PaidAt, &p.LateAt, &p.Named, &p.Sold, &p.CancelAt, &p.UnpaidOnly,
		&wanted, &p.Wanted.Amount, &missing, &p.Asks, &p.AskAt, &noticed, &p.NoticedID, &lease)
	p.trouble = p.Trouble
	a.ID = p.ID.String()
	if setting != nil {
		p.Setting = *setting
	}
	if refund != nil {
		a.Refund.ID = refund.String()
	}
	if wanted != nil {
		p.Wanted.ID = wanted.String()
	}
	p.Missing.Since, p.noticed, p.lease = timeOrZero(missing), timeOrZero(noticed), timeOrZero(lease)
	return p, err
}

// queryPayments runs a statement that gives paymentColumns.
func queryPayments(ctx context.Context, q interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}, sql string, args ...any) ([]Payment, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanPayment)
}

// one takes the only payment of a list; ErrNotFound when there is none.
func one(list []Payment, err error) (Payment, error) {
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Payment{}, err
	}
	return list[0], nil
}

// CreatePayment stores a payment that was not there, leased by the caller until lease, and tells whether it did. When a
// payment of that id is there already, it comes back instead, whatever it holds. A payment that is over before it
// began, for want of a bank, has no lease: pass the zero time.
func (s *Store) CreatePayment(ctx context.Context, p Payment, lease time.Time) (Payment, bool, error) {
	var created bool
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		a := p.Attempt
		var setting *uuid.UUID
		if p.Setting != (uuid.UUID{}) {
			setting = &p.Setting
		}
		list, err := queryPayments(ctx, tx, `insert into payments (`+paymentColumns+`)
			values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, null, 0, 0, false, false, false, $9, $10, $11, $12, $13, $14, $15, 1, $16, $16,
				null, null, 0, 0, null, false, null, 0, null, 0, $17, null, '', $18)
			on conflict do nothing returning `+paymentColumns,
			p.Account, p.ID, p.Store, p.Till, setting, a.Bank, a.BankID, a.Amount, p.Purpose, a.Expires, a.State,
			a.Payload, a.Words, p.Trouble, p.Message, p.Created, p.AskAt, timeOrNull(lease))
		if err != nil {
			return err
		}
		if created = len(list) == 1; created {
			p = list[0]
			// Operations may name it already: this server was restored from a backup, or the payment was.
			if err := countUses(ctx, tx, p.Account, []uuid.UUID{p.ID}); err != nil {
				return err
			}
			return addEvent(ctx, tx, p, CauseRequested, By{})
		}
		p, err = one(queryPayments(ctx, tx, `select `+paymentColumns+` from payments
			where account_id = $1 and payment_id = $2`, p.Account, p.ID))
		return err
	})
	if err != nil {
		return Payment{}, false, fmt.Errorf("storing payment %s: %w", p.ID, err)
	}
	return p, created, nil
}

// Payment reads a payment. The error is ErrNotFound.
func (s *Store) Payment(ctx context.Context, account, id uuid.UUID) (Payment, error) {
	p, err := one(queryPayments(ctx, s.pool, `select `+paymentColumns+` from payments
		where account_id = $1 and payment_id = $2`, account, id))
	if err != nil {
		return Payment{}, fmt.Errorf("reading payment %s: %w", id, err)
	}
	return p, nil
}

// Events is a payment's story, from its beginning.
func (s *Store) Events(ctx context.Context, account, id uuid.UUID) ([]Event, error) {
	rows, err := s.pool.Query(ctx, `select revision, at, cause, state, refunded, trouble, words, message, who, reason
		from payment_events where account_id = $1 and payment_id = $2 order by revision`, account, id)
	if err != nil {
		return nil, fmt.Errorf("reading the story of payment %s: %w", id, err)
	}
	events, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Event])
	if err != nil {
		return nil, fmt.Errorf("reading the story of payment %s: %w", id, err)
	}
	return events, nil
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func timeOrZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
