package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kassa/register"
)

// QRPayment is a QR payment and the cart that it is for. State, Attempt and Setting belong to the bank's side, which alone
// understands them.
type QRPayment struct {
	ID       string
	Receipt  string        // shared by all payments of one receipt; AddQRPayment gives it
	Kind     register.Kind // what it becomes when it is paid: a sale, unless it says a prepayment
	Setting  string        // by which of the till's bank settings it was made
	State    string
	Attempt  json.RawMessage
	Cart     register.Draft
	Total    register.Money
	Shift    int64
	Cashier  string
	Created  time.Time
	PutAway  time.Time // zero while it is not
	Asked    time.Time // when the bank last answered since it was put away; zero when it has not
	Late     time.Time // when money came after it was put away; zero when none did
	Position int64     // of the operation that it paid for; zero while there is none
	Sold     bool      // its receipt was sold, by it or otherwise
}

// AddQRPayment stores a new QR payment with its cart, which is no draft from then on, and returns which receipt it is
// for. It is called before the first byte goes to any bank.
func (s *Store) AddQRPayment(ctx context.Context, p QRPayment) (receipt string, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `select coalesce((select nullif(receipt, '') from draft), ?)`, p.ID).Scan(&receipt)
		if err != nil {
			return fmt.Errorf("storing a QR payment: %w", err)
		}
		p.Receipt = receipt
		if err := addQRPayment(ctx, tx, p, ms(s.now()), "the cashier asked for a code"); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from draft`); err != nil {
			return fmt.Errorf("clearing the draft: %w", err)
		}
		return nil
	})
	return receipt, err
}

// RenewQRPayment puts a payment that ended unpaid away and stores another one for its receipt.
func (s *Store) RenewQRPayment(ctx context.Context, old string, p QRPayment) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		now := ms(s.now())
		if err := tx.QueryRowContext(ctx, `select receipt from qr_payments where id = ?`, old).Scan(&p.Receipt); err != nil {
			return fmt.Errorf("renewing a QR payment: %w", err)
		}
		if err := putAway(ctx, tx, old, now, "the cashier asked for another code"); err != nil {
			return err
		}
		return addQRPayment(ctx, tx, p, now, "the cashier asked for another code")
	})
}

func addQRPayment(ctx context.Context, tx *sql.Tx, p QRPayment, now int64, cause string) error {
	cart, err := json.Marshal(p.Cart)
	if err != nil {
		return fmt.Errorf("storing a QR payment: %w", err)
	}
	if p.Kind == "" {
		p.Kind = register.KindSale
	}
	_, err = tx.ExecContext(ctx, `insert into qr_payments (id, receipt, kind, setting, state, attempt, cart, total, shift, cashier, created_at, updated_at)
		values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)`,
		p.ID, p.Receipt, string(p.Kind), p.Setting, p.State, string(p.Attempt), string(cart), int64(p.Total), p.Shift, p.Cashier, now)
	if err != nil {
		return fmt.Errorf("storing a QR payment: %w", err)
	}
	return addQREvent(ctx, tx, p.ID, p.State, now, cause)
}

// UpdateQRPayment stores an attempt's new state and its cause.
func (s *Store) UpdateQRPayment(ctx context.Context, id, state string, attempt json.RawMessage, cause string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error { return updateAttempt(ctx, tx, id, state, attempt, cause, ms(s.now())) })
}

func updateAttempt(ctx context.Context, tx *sql.Tx, id, state string, attempt json.RawMessage, cause string, now int64) error {
	_, err := tx.ExecContext(ctx, `update qr_payments set state = ?, attempt = ?, updated_at = ? where id = ?`, state, string(attempt), now, id)
	if err != nil {
		return fmt.Errorf("storing a QR payment: %w", err)
	}
	return addQREvent(ctx, tx, id, state, now, cause)
}

func addQREvent(ctx context.Context, tx *sql.Tx, id, state string, now int64, cause string) error {
	_, err := tx.ExecContext(ctx, `insert into qr_events (payment, at, state, cause) values (?, ?, ?, ?)`, id, now, state, cause)
	if err != nil {
		return fmt.Errorf("storing a QR payment's story: %w", err)
	}
	return nil
}

// PutAwayQRPayment notes that the cashier has done with a payment that ended unpaid. cart, when not nil, is the receipt
// that the cashier goes on with: it becomes the draft in the same transaction.
func (s *Store) PutAwayQRPayment(ctx context.Context, id string, cart *register.Draft) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := putAway(ctx, tx, id, ms(s.now()), "the cashier put it away"); err != nil || cart == nil {
			return err
		}
		if err := s.writer(ctx, tx).saveDraft(*cart); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update draft set receipt = (select receipt from qr_payments where id = ?)`, id); err != nil {
			return fmt.Errorf("putting a QR payment away: %w", err)
		}
		return nil
	})
}

func putAway(ctx context.Context, tx *sql.Tx, id string, now int64, cause string) error {
	var state string
	err := tx.QueryRowContext(ctx, `update qr_payments set put_away_at = ?1, updated_at = ?1 where id = ?2 returning state`, now, id).Scan(&state)
	if err != nil {
		return fmt.Errorf("putting a QR payment away: %w", err)
	}
	return addQREvent(ctx, tx, id, state, now, cause)
}

const selectQRPayment = `select id, receipt, kind, setting, state, attempt, cart, total, shift, cashier, created_at,
	coalesce(put_away_at, 0), coalesce(asked_at, 0), coalesce(late_at, 0), coalesce(operation, 0), sold is not null from qr_payments `

// OpenQRPayments returns the payments that neither became a sale nor were put away, oldest first.
func (s *Store) OpenQRPayments(ctx context.Context) ([]QRPayment, error) {
	return s.qrPayments(ctx, `where operation is null and put_away_at is null order by created_at, id`)
}

func (s *Store) qrPayments(ctx context.Context, where string, args ...any) ([]QRPayment, error) {
	rows, err := s.r.QueryContext(ctx, selectQRPayment+where, args...)
	if err != nil {
		return nil, fmt.Errorf("reading QR payments: %w", err)
	}
	defer rows.Close()
	var all []QRPayment
	for rows.Next() {
		p, err := scanQRPayment(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// ErrNoQRPayment tells that there is no such QR payment.
var ErrNoQRPayment = errors.New("localdb: no such QR payment")

// QRPaymentByID finds a payment.
func (s *Store) QRPaymentByID(ctx context.Context, id string) (QRPayment, error) {
	p, err := scanQRPayment(s.r.QueryRowContext(ctx, selectQRPayment+`where id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNoQRPayment
	}
	return p, err
}

func scanQRPayment(row interface{ Scan(...any) error }) (QRPayment, error) {
	var p QRPayment
	var kind, attempt, cart string
	var created, away, asked, late int64
	err := row.Scan(&p.ID, &p.Receipt, &kind, &p.Setting, &p.State, &attempt, &cart, &p.Total, &p.Shift, &p.Cashier, &created, &away, &asked, &late,
		&p.Position, &p.Sold)
	if err != nil {
		return p, fmt.Errorf("reading a QR payment: %w", err)
	}
	p.Kind, p.Attempt = register.Kind(kind), json.RawMessage(attempt)
	p.Created, p.PutAway, p.Asked, p.Late = fromMS(created), maybeTime(away), maybeTime(asked), maybeTime(late)
	if err := json.Unmarshal([]byte(cart), &p.Cart); err != nil {
		return p, fmt.Errorf("reading a QR payment: %w", err)
	}
	return p, nil
}

// maybeTime is the zero time for zero.
func maybeTime(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return fromMS(at)
}

// QREvent is one line of a QR payment's story.
type QREvent struct {
	At    time.Time
	State string
	Cause string
}

// QRStory returns a payment's story, oldest line first.
func (s *Store) QRStory(ctx context.Context, id string) ([]QREvent, error) {
	rows, err := s.r.QueryContext(ctx, `select at, state, cause from qr_events where payment = ? order by seq`, id)
	if err != nil {
		return nil, fmt.Errorf("reading a QR payment's story: %w", err)
	}
	defer rows.Close()
	var all []QREvent
	for rows.Next() {
		var e QREvent
		var at int64
		if err := rows.Scan(&at, &e.State, &e.Cause); err != nil {
			return nil, fmt.Errorf("reading a QR payment's story: %w", err)
		}
		e.At = fromMS(at)
		all = append(all, e)
	}
	return all, rows.Err()
}
