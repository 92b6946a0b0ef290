package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
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
// text, if not empty, must stand in the customer's name, phone or the remark, or be the receipt's number.
func (s *Store) OpenPrepayments(ctx context.Context, text string, before int64, limit int) ([]Prepayment, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	like := "%" + likeText(text) + "%"
	found, err := s.stored(ctx, selectStored+`where o.position in (
		select p.position from prepayments p join operations b on b.position = p.position
		where p.paid - p.returned - p.used + p.restored > 0 and p.position < ?1
			and (p.name like ?2 escape '\' or cast(b.receipt as text) = ?3 or cast(b.number as text) = ?3)
		order by p.position desc limit ?4) order by o.position desc`, before, like, strings.TrimSpace(text), limit)
	if err != nil {
		return nil, err
	}
	all := make([]Prepayment, len(found))
	for i, o := range found {
		all[i].Stored = o
		if all[i].State, err = prepaymentState(ctx, s.r, o.ID); err != nil {
			return nil, err
		}
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

func (w *writer) prepaymentState(id string) (register.PrepaymentState, error) {
	return prepaymentState(w.ctx, w.tx, id)
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
func (w *writer) followPrepayment(position int64, op register.Operation, e Entry, f facts) error {
	var id, column string
	var sum register.Money
	switch op.Kind {
	case register.KindPrepayment:
		return w.addPrepayment(position, op)
	case register.KindPrepaymentReturn:
		id, column, sum = f.basis, "returned", f.total
	case register.KindSale:
		id, column, sum = f.basis, "used", prepaid(f.payments)
	case register.KindReturn:
		b, err := op.Return()
		if err != nil {
			return err
		}
		id, column, sum = basisID(b.Prepayment), "restored", prepaid(f.payments)
	}
	if id == "" {
		return nil
	}
	_, err := w.tx.ExecContext(w.ctx, `update prepayments set `+column+` = `+column+` + ? where id = ?`, int64(sum), id)
	if err != nil {
		return fmt.Errorf("following the prepayment: %w", err)
	}
	return nil
}

func (w *writer) addPrepayment(position int64, op register.Operation) error {
	p, err := op.Prepayment()
	if err != nil {
		return err
	}
	name := p.Comment
	if p.Customer != nil {
		name = p.Customer.Name + " " + p.Customer.Phone + " " + p.Customer.Card + " " + name
	}
	_, err = w.tx.ExecContext(w.ctx, `insert into prepayments (id, position, name, total, paid) values (?, ?, ?, ?, ?)`,
		op.ID, position, foldText(name), int64(p.Total), int64(p.Amount))
	if err != nil {
		return fmt.Errorf("keeping the prepayment: %w", err)
	}
	return nil
}

func withPrepaymentReturns(ctx context.Context, db querier, id string) (register.Operation, []register.PrepaymentReturn, error) {
	op, later, err := withLater(ctx, db, id, register.KindPrepaymentReturn)
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
