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

// QRRefund is money that goes back by a QR payment, and the return that it becomes. State, Trouble and Message belong to
// the till's side, which alone understands them.
type QRRefund struct {
	ID       string
	Payment  string // id of the QR payment
	Try      string // the id that the bank knows
	State    string
	Trouble  string
	Message  string
	Kind     register.Kind
	Basis    string // id of the sale or the prepayment
	Amount   register.Money
	Body     json.RawMessage // of the operation, without its receipt number
	Cashier  string
	Approved string
	Created  time.Time
	Position int64 // of the operation that it became; zero while there is none
}

// ErrNoRefund tells that there is no such refund, or no open one.
var ErrNoRefund = errors.New("localdb: no such refund")

// AddQRRefund stores a new refund. It is called before the bank hears of it. p is the payment that it goes back by, which
// is stored too where this database does not know it: it was made before the database was lost. The error is
// ErrRefundOpen while another refund of the basis or the payment is under way.
func (s *Store) AddQRRefund(ctx context.Context, r QRRefund, p QRPayment) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		now := ms(s.now())
		for where, id := range map[string]string{`basis = ?`: r.Basis, `payment = ?`: r.Payment} {
			if _, err := openRefund(ctx, tx, where, id); err == nil {
				return ErrRefundOpen
			} else if !errors.Is(err, ErrNoRefund) {
				return err
			}
		}
		if err := s.knowPayment(ctx, tx, p, r.Basis, now); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `insert into qr_refunds (id, payment, try, state, trouble, message, kind, basis, amount, body, cashier, approved, created_at, updated_at)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)`, r.ID, r.Payment, r.Try, r.State, r.Trouble, r.Message,
			string(r.Kind), r.Basis, int64(r.Amount), string(r.Body), r.Cashier, r.Approved, now)
		if err != nil {
			return fmt.Errorf("storing a refund: %w", err)
		}
		return nil
	})
}

func (s *Store) knowPayment(ctx context.Context, tx *sql.Tx, p QRPayment, basis string, now int64) error {
	var known bool
	if err := tx.QueryRowContext(ctx, `select count(*) > 0 from qr_payments where id = ?`, p.ID).Scan(&known); err != nil {
		return fmt.Errorf("storing a refund: %w", err)
	}
	const cause = "the cashier began a refund"
	if known {
		return updateAttempt(ctx, tx, p.ID, p.State, p.Attempt, cause, now)
	}
	p.Receipt = p.ID
	if err := addQRPayment(ctx, tx, p, now, cause); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `update qr_payments set operation = o.position, sold = o.position from operations o where o.id = ? and qr_payments.id = ?`, basis, p.ID)
	if err != nil {
		return fmt.Errorf("storing a refund: %w", err)
	}
	return nil
}

// UpdateQRRefund stores where a refund stands, with the attempt that it goes back by and the cause.
func (s *Store) UpdateQRRefund(ctx context.Context, r QRRefund, state string, attempt json.RawMessage, cause string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		now := ms(s.now())
		_, err := tx.ExecContext(ctx, `update qr_refunds set try = ?, state = ?, trouble = ?, message = ?, updated_at = ? where id = ? and operation is null`,
			r.Try, r.State, r.Trouble, r.Message, now, r.ID)
		if err != nil {
			return fmt.Errorf("storing a refund: %w", err)
		}
		return updateAttempt(ctx, tx, r.Payment, state, attempt, cause, now)
	})
}

// DropQRRefund gives a refund up of which nothing went back.
func (s *Store) DropQRRefund(ctx context.Context, id, cause string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		now := ms(s.now())
		var payment string
		err := tx.QueryRowContext(ctx, `update qr_refunds set dropped = 1, updated_at = ? where id = ? and operation is null and dropped = 0 returning payment`, now, id).Scan(&payment)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoRefund
		}
		if err != nil {
			return fmt.Errorf("giving a refund up: %w", err)
		}
		_, err = tx.ExecContext(ctx, `insert into qr_events (payment, at, state, cause) select id, ?, state, ? from qr_payments where id = ?`, now, cause, payment)
		if err != nil {
			return fmt.Errorf("giving a refund up: %w", err)
		}
		return nil
	})
}

const selectQRRefund = `select id, payment, try, state, trouble, message, kind, basis, amount, body, cashier, approved, created_at, coalesce(operation, 0) from qr_refunds `

// OpenQRRefunds returns the refunds that neither became a return nor were given up, oldest first.
func (s *Store) OpenQRRefunds(ctx context.Context) ([]QRRefund, error) {
	rows, err := s.r.QueryContext(ctx, selectQRRefund+`where operation is null and dropped = 0 order by created_at, id`)
	if err != nil {
		return nil, fmt.Errorf("reading refunds: %w", err)
	}
	defer rows.Close()
	var all []QRRefund
	for rows.Next() {
		r, err := scanQRRefund(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// OpenQRRefund finds the refund that is under way for a sale or a prepayment: ErrNoRefund when none is.
func (s *Store) OpenQRRefund(ctx context.Context, basis string) (QRRefund, error) {
	return openRefund(ctx, s.r, `basis = ?`, basis)
}

// QRRefundByID finds a refund, also one that has ended.
func (s *Store) QRRefundByID(ctx context.Context, id string) (QRRefund, error) {
	return scanQRRefund(s.r.QueryRowContext(ctx, selectQRRefund+`where id = ?`, id))
}

func openRefund(ctx context.Context, db querier, where, id string) (QRRefund, error) {
	return scanQRRefund(db.QueryRowContext(ctx, selectQRRefund+`where operation is null and dropped = 0 and `+where, id))
}

func scanQRRefund(row interface{ Scan(...any) error }) (QRRefund, error) {
	var r QRRefund
	var kind, body string
	var created int64
	err := row.Scan(&r.ID, &r.Payment, &r.Try, &r.State, &r.Trouble, &r.Message, &kind, &r.Basis, &r.Amount, &body, &r.Cashier, &r.Approved, &created, &r.Position)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return r, ErrNoRefund
	case err != nil:
		return r, fmt.Errorf("reading a refund: %w", err)
	}
	r.Kind, r.Body, r.Created = register.Kind(kind), json.RawMessage(body), fromMS(created)
	return r, nil
}

// PaidByQR is what an operation was paid by a QR payment; zero when none was.
func (s *Store) PaidByQR(ctx context.Context, payment string) (sum register.Money, err error) {
	err = s.r.QueryRowContext(ctx, `select coalesce(sum(amount), 0) from operation_payments indexed by operation_payments_qr
		where qr_payment = ? and qr_payment is not null and kind in ('sale', 'prepayment')`, payment).Scan(&sum)
	if err != nil {
		return 0, fmt.Errorf("reading what was paid by a QR payment: %w", err)
	}
	return sum, nil
}
