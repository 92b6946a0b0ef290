package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"kassa/register"
)

// Prepayment is a prepaid order and what became of its money.
type Prepayment struct {
	Stored
	State register.PrepaymentState
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// OpenPrepayments returns those of which money is left, newest first, from before a position; zero starts at the newest.
// Every word of the text, if there is any, must stand in the customer's name, phone, card or e-mail or in the remark; or
// the text is the number of the receipt or of the operation.
func (s *Store) OpenPrepayments(ctx context.Context, text string, before int64, limit int) ([]Prepayment, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	like, args := parseWords(text).like("p.name")
	if number, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
		like += ` or o.receipt = ? or o.number = ?`
		args = append(args, number, number)
	}
	args = append(append([]any{before}, args...), limit)
	rows, err := s.r.QueryContext(ctx, `select o.position, o.record, o.hash, o.number <= j.acknowledged, p.paid, p.returned, p.used, p.restored
		from prepayments p indexed by prepayments_open
		join operations o on o.position = p.position join journals j on j.seq = o.journal
		where p.paid - p.returned - p.used + p.restored > 0 and p.position < ? and (`+like+`)
		order by p.position desc limit ?`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading prepayments: %w", err)
	}
	defer rows.Close()
	var all []Prepayment
	for rows.Next() {
		var p Prepayment
		if p.Stored, err = scanStored(rows, &p.State.Paid, &p.State.Returned, &p.State.Used, &p.State.Restored); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading prepayments: %w", err)
	}
	return all, nil
}

// PrepaymentState tells what became of a prepayment's money.
func (s *Store) PrepaymentState(ctx context.Context, id string) (register.PrepaymentState, error) {
	return prepaymentState(ctx, s.r, id)
}

// PrepaymentReturns returns a prepayment and what was given back of it.
func (s *Store) PrepaymentReturns(ctx context.Context, id string) (register.Operation, []register.PrepaymentReturn, error) {
	return withPrepaymentReturns(ctx, s.r, id)
}

func prepaymentState(ctx context.Context, db querier, id string) (st register.PrepaymentState, err error) {
	err = db.QueryRowContext(ctx, `select paid, returned, used, restored from prepayments where id = ?`, id).
		Scan(&st.Paid, &st.Returned, &st.Used, &st.Restored)
	if errors.Is(err, sql.ErrNoRows) {
		return st, fmt.Errorf("prepayment %s: %w", id, ErrNoOperation)
	}
	if err != nil {
		return st, fmt.Errorf("reading prepayment %s: %w", id, err)
	}
	return st, nil
}

// followPrepayment keeps what became of a prepayment's money.
func (w *writer) followPrepayment(position int64, op register.Operation, f facts) error {
	if f.ordered != nil {
		return w.addPrepayment(position, op.ID, *f.ordered)
	}
	m := f.prepaid
	if m.id == "" {
		return nil
	}
	res, err := w.tx.ExecContext(w.ctx, `update prepayments set `+m.column+` = `+m.column+` + ? where id = ?`, int64(m.sum), m.id)
	if err != nil {
		return fmt.Errorf("following the prepayment: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("following prepayment %s: %w", m.id, ErrNoOperation)
	}
	return nil
}

func (w *writer) addPrepayment(position int64, id string, p register.Prepayment) error {
	_, err := w.tx.ExecContext(w.ctx, `insert into prepayments (id, position, name, total, paid) values (?, ?, ?, ?, ?)`,
		id, position, orderWords(p), int64(p.Total), int64(p.Amount))
	if err != nil {
		return fmt.Errorf("keeping the prepayment: %w", err)
	}
	return nil
}

// orderWords is what a prepaid order is found by.
func orderWords(p register.Prepayment) string {
	if p.Customer == nil {
		return fold(p.Comment)
	}
	return customerWords(*p.Customer) + " " + fold(p.Comment)
}

func withPrepaymentReturns(ctx context.Context, db querier, id string) (register.Operation, []register.PrepaymentReturn, error) {
	return prepaymentReturnsBefore(ctx, db, id, math.MaxInt64)
}

// prepaymentReturnsBefore reads a prepayment and its returns from before a position.
func prepaymentReturnsBefore(ctx context.Context, db querier, id string, before int64) (register.Operation, []register.PrepaymentReturn, error) {
	op, later, err := withLater(ctx, db, id, register.KindPrepaymentReturn, before)
	if err != nil {
		return op, nil, err
	}
	returns := make([]register.PrepaymentReturn, len(later))
	for i, o := range later {
		if returns[i], err = o.PrepaymentReturn(); err != nil {
			return op, nil, err
		}
	}
	return op, returns, nil
}
