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

// QRPayment is a QR payment and the cart that it is for. State and Attempt belong to the bank's side, which alone
// understands them.
type QRPayment struct {
	ID       string
	State    string
	Attempt  json.RawMessage
	Cart     register.Draft
	Total    register.Money
	Shift    int64
	Cashier  string
	Created  time.Time
	Position int64 // of the operation that it paid for; zero while there is none
}

// AddQRPayment stores a new QR payment with its cart, which is no draft from then on. It is called before the first byte
// goes to any bank.
func (s *Store) AddQRPayment(ctx context.Context, p QRPayment) error {
	cart, err := json.Marshal(p.Cart)
	if err != nil {
		return fmt.Errorf("storing a QR payment: %w", err)
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		now := ms(s.now())
		_, err := tx.ExecContext(ctx, `insert into qr_payments (id, state, attempt, cart, total, shift, cashier, created_at, updated_at)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)`,
			p.ID, p.State, string(p.Attempt), string(cart), int64(p.Total), p.Shift, p.Cashier, now)
		if err != nil {
			return fmt.Errorf("storing a QR payment: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `delete from draft`); err != nil {
			return fmt.Errorf("clearing the draft: %w", err)
		}
		return addQREvent(ctx, tx, p.ID, p.State, now, "the cashier asked for a code")
	})
}

// UpdateQRPayment stores an attempt's new state and its cause.
func (s *Store) UpdateQRPayment(ctx context.Context, id, state string, attempt json.RawMessage, cause string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		now := ms(s.now())
		_, err := tx.ExecContext(ctx, `update qr_payments set state = ?, attempt = ?, updated_at = ? where id = ?`,
			state, string(attempt), now, id)
		if err != nil {
			return fmt.Errorf("storing a QR payment: %w", err)
		}
		return addQREvent(ctx, tx, id, state, now, cause)
	})
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
		_, err := tx.ExecContext(ctx, `update qr_payments set put_away = 1, updated_at = ? where id = ?`, ms(s.now()), id)
		if err != nil {
			return fmt.Errorf("putting a QR payment away: %w", err)
		}
		if cart == nil {
			return nil
		}
		return s.writer(ctx, tx).saveDraft(*cart)
	})
}

const selectQRPayment = `select id, state, attempt, cart, total, shift, cashier, created_at, coalesce(operation, 0) from qr_payments `

// OpenQRPayments returns the payments that neither became a sale nor were put away, oldest first.
func (s *Store) OpenQRPayments(ctx context.Context) ([]QRPayment, error) {
	rows, err := s.r.QueryContext(ctx, selectQRPayment+`where operation is null and put_away = 0 order by created_at`)
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
	var attempt, cart string
	var created int64
	if err := row.Scan(&p.ID, &p.State, &attempt, &cart, &p.Total, &p.Shift, &p.Cashier, &created, &p.Position); err != nil {
		return p, fmt.Errorf("reading a QR payment: %w", err)
	}
	p.Created = fromMS(created)
	p.Attempt = json.RawMessage(attempt)
	if err := json.Unmarshal([]byte(cart), &p.Cart); err != nil {
		return p, fmt.Errorf("reading a QR payment: %w", err)
	}
	return p, nil
}
