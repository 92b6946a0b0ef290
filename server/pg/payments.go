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

	CancelAt   *time.Time // when somebody asked to cancel or refund; nil when that is settled
	UnpaidOnly bool       // the wish is for an unpaid payment only: one that turns out paid stays paid
	MissingAt  *time.Time // when the bank first said that it knows of no such payment
	Asks       int        // questions since the last change
	AskAt      *time.Time // when the bank is asked next; nil when there is nothing to ask

	lease time.Time
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
}

// Causes of events.
const (
	CauseRequested    = "requested"     // the till asked for a code; nothing has gone to the bank yet
	CauseCreate       = "create"        // the bank answered, or failed to answer, the creation
	CauseAsk          = "ask"           // the bank was asked where the payment stands
	CauseCancelWanted = "cancel_wanted" // the till asked to cancel or refund
	CauseCancelSent   = "cancel_sent"   // about to be sent to the bank
	CauseCancel       = "cancel"        // the bank answered, or failed to answer, the cancel
)

// Causes lists every cause.
func Causes() []string {
	return []string{CauseRequested, CauseCreate, CauseAsk, CauseCancelWanted, CauseCancelSent, CauseCancel}
}

const paymentColumns = `account_id, payment_id, store_id, till_id, setting_id, bank, bank_id, amount, refunded, purpose,
	expires_at, state, payload, words, trouble, message, revision, created_at, updated_at, cancel_at, cancel_unpaid, missing_at,
	asks, ask_at, leased_until`

func scanPayment(row pgx.CollectableRow) (Payment, error) {
	var p Payment
	var setting *uuid.UUID
	var lease *time.Time
	a := &p.Attempt
	err := row.Scan(&p.Account, &p.ID, &p.Store, &p.Till, &setting, &a.Bank, &a.BankID, &a.Amount, &a.Refunded,
		&p.Purpose, &a.Expires, &a.State, &a.Payload, &a.Words, &p.Trouble, &p.Message, &p.Revision, &p.Created,
		&p.Updated, &p.CancelAt, &p.UnpaidOnly, &p.MissingAt, &p.Asks, &p.AskAt, &lease)
	a.ID = p.ID.String()
	if setting != nil {
		p.Setting = *setting
	}
	if lease != nil {
		p.lease = *lease
	}
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
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $17, null, false, null, 0, $18, $19)
			on conflict do nothing returning `+paymentColumns,
			p.Account, p.ID, p.Store, p.Till, setting, a.Bank, a.BankID, a.Amount, a.Refunded, p.Purpose, a.Expires, a.State,
			a.Payload, a.Words, p.Trouble, p.Message, p.Created, p.AskAt, timeOrNull(lease))
		if err != nil {
			return err
		}
		if created = len(list) == 1; created {
			p = list[0]
			return addEvent(ctx, tx, p, CauseRequested)
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

// WantCancel notes that the till asked to cancel or refund a payment, so that it will be done whatever happens to this
// process. It is repeated safely. With unpaidOnly the wish ends when the payment turns out paid; it does not weaken an
// earlier wish to refund. The error is ErrNotFound.
func (s *Store) WantCancel(ctx context.Context, now time.Time, account, id uuid.UUID, unpaidOnly bool) (Payment, error) {
	var p Payment
	err := s.inTx(ctx, func(tx pgx.Tx) (err error) {
		p, err = one(queryPayments(ctx, tx, `select `+paymentColumns+` from payments
			where account_id = $1 and payment_id = $2 for update`, account, id))
		if err != nil || !wants(p, unpaidOnly) {
			return err
		}
		p, err = one(queryPayments(ctx, tx, `update payments
			set cancel_at = $3, cancel_unpaid = $4, ask_at = $3, asks = 0, updated_at = $3, revision = revision + 1
			where account_id = $1 and payment_id = $2 returning `+paymentColumns, account, id, now, unpaidOnly))
		if err != nil {
			return err
		}
		return addEvent(ctx, tx, p, CauseCancelWanted)
	})
	if err != nil {
		return Payment{}, fmt.Errorf("noting that payment %s is to be cancelled: %w", id, err)
	}
	return p, nil
}

// wants tells whether a wish to cancel is news.
func wants(p Payment, unpaidOnly bool) bool {
	switch {
	case p.Attempt.State == banks.StateRefunded || p.Attempt.State.Closed():
		return false
	case unpaidOnly && p.Attempt.State.Paid():
		return false
	case p.CancelAt != nil:
		return p.UnpaidOnly && !unpaidOnly
	}
	return true
}

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

// LeaseDue reserves up to limit payments whose bank is to be asked now, the longest due first. Several processes may
// call it at once; each gets others.
func (s *Store) LeaseDue(ctx context.Context, now, until time.Time, limit int) ([]Payment, error) {
	// Chosen in a materialized part of its own: as a plain subquery it may be run again for each row of the table, and then
	// reserves more than the limit.
	list, err := queryPayments(ctx, s.pool, `with due as materialized (
			select account_id as account, payment_id as payment from payments
			where ask_at <= $1 and (leased_until is null or leased_until <= $1)
			order by ask_at limit $3 for update skip locked)
		update payments set leased_until = $2 from due
		where account_id = due.account and payment_id = due.payment
		returning `+paymentColumns, now, until, limit)
	if err != nil {
		return nil, fmt.Errorf("looking for payments to ask about: %w", err)
	}
	return list, nil
}

// SavePayment stores what the holder of a lease found out, as one more line of the story when anything changed. Unless
// keep is set the lease ends. The error is ErrConflict when the lease had run out and somebody else took it; then nothing
// is stored.
//
// Settled tells that the wish to cancel has been dealt with; otherwise it is left as it stands in the database, where a
// till may have put it since the lease began. A wish for an unpaid payment only, settled because it was paid, does not
// settle one to refund that has taken its place since.
func (s *Store) SavePayment(ctx context.Context, now time.Time, p Payment, cause string, settled, keep bool) (Payment, error) {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		old, err := one(queryPayments(ctx, tx, `select `+paymentColumns+` from payments
			where account_id = $1 and payment_id = $2 and leased_until = $3 for update`, p.Account, p.ID, p.lease))
		if errors.Is(err, ErrNotFound) {
			return ErrConflict
		}
		if err != nil {
			return err
		}
		if p.UnpaidOnly && !old.UnpaidOnly && p.Attempt.State.Paid() {
			settled = false
		}
		p.CancelAt, p.UnpaidOnly, p.Revision, p.Updated = old.CancelAt, old.UnpaidOnly, old.Revision, old.Updated
		if settled {
			p.CancelAt = nil
		} else if old.CancelAt != nil && p.AskAt == nil {
			p.AskAt = old.CancelAt
		}
		if !keep {
			p.lease = time.Time{}
		}
		changed := tells(old) != tells(p)
		if changed {
			p.Revision, p.Updated = old.Revision+1, now
		}
		if err := writePayment(ctx, tx, p); err != nil || !changed {
			return err
		}
		return addEvent(ctx, tx, p, cause)
	})
	if err != nil {
		return p, fmt.Errorf("storing payment %s: %w", p.ID, err)
	}
	return p, nil
}

// told is what a till sees of a payment.
type told struct {
	attempt          banks.Attempt
	trouble, message string
}

func tells(p Payment) told {
	p.Attempt.Expires = time.Time{} // never changes; two Times can be equal and yet differ
	return told{attempt: p.Attempt, trouble: p.Trouble, message: p.Message}
}

func writePayment(ctx context.Context, tx pgx.Tx, p Payment) error {
	a := p.Attempt
	_, err := tx.Exec(ctx, `update payments set bank_id = $3, refunded = $4, state = $5, payload = $6, words = $7,
			trouble = $8, message = $9, revision = $10, updated_at = $11, cancel_at = $12, missing_at = $13, asks = $14,
			ask_at = $15, leased_until = $16
		where account_id = $1 and payment_id = $2`, p.Account, p.ID, a.BankID, a.Refunded, a.State, a.Payload, a.Words,
		p.Trouble, p.Message, p.Revision, p.Updated, p.CancelAt, p.MissingAt, p.Asks, p.AskAt, timeOrNull(p.lease))
	return err
}

// addEvent writes a line of the story and wakes whoever waits for a change of the payment.
func addEvent(ctx context.Context, tx pgx.Tx, p Payment, cause string) error {
	a := p.Attempt
	_, err := tx.Exec(ctx, `insert into payment_events
		(account_id, payment_id, revision, at, cause, state, refunded, trouble, words, message)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.Account, p.ID, p.Revision, p.Updated, cause, a.State, a.Refunded, p.Trouble, a.Words, p.Message)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `select pg_notify('`+paymentsChannel+`', $1)`, p.ID.String())
	return err
}

const paymentsChannel = "kassa_payments"

// ListenPayments calls changed with the id of every payment that changes, in whatever process, until the context ends or
// the connection is lost. Changes before ready is called are not told.
func (s *Store) ListenPayments(ctx context.Context, ready func(), changed func(id uuid.UUID)) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("listening for payments: %w", err)
	}
	// A connection that listens must not go back to the pool.
	c := conn.Hijack()
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, `listen `+paymentsChannel); err != nil {
		return fmt.Errorf("listening for payments: %w", err)
	}
	ready()
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("listening for payments: %w", err)
		}
		if id, err := uuid.Parse(n.Payload); err == nil {
			changed(id)
		}
	}
}

// Events is a payment's story, from its beginning.
func (s *Store) Events(ctx context.Context, account, id uuid.UUID) ([]Event, error) {
	rows, err := s.pool.Query(ctx, `select revision, at, cause, state, refunded, trouble, words, message
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

// PaymentCursor is a place in the list of payments, newest first. The zero one is the list's start.
type PaymentCursor struct {
	Created time.Time
	ID      uuid.UUID
}

// Payments lists an account's payments, newest first.
func (s *Store) Payments(ctx context.Context, account uuid.UUID, after PaymentCursor, limit int) ([]Payment, error) {
	q := query{args: []any{account}}
	where := `account_id = $1`
	if !after.Created.IsZero() {
		where += ` and (created_at, payment_id) < (` + q.arg(after.Created) + `, ` + q.arg(after.ID) + `)`
	}
	list, err := queryPayments(ctx, s.pool, `select `+paymentColumns+` from payments where `+where+`
		order by created_at desc, payment_id desc limit `+q.arg(limit), q.args...)
	if err != nil {
		return nil, fmt.Errorf("listing payments: %w", err)
	}
	return list, nil
}

// PaymentsInTrouble counts the payments that something stands in the way of, of the last thirty days.
func (s *Store) PaymentsInTrouble(ctx context.Context, now time.Time, account uuid.UUID) (int64, error) {
	var n int64
	err := s.pool.QueryRow(ctx, `select count(*) from payments
		where account_id = $1 and created_at > $2 and trouble <> '' and state <> $3`,
		account, now.AddDate(0, 0, -30), banks.StateFailed).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting payments in trouble: %w", err)
	}
	return n, nil
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
