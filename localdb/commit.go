package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kassa/register"
)

// commitStatements are prepared once: parsing SQL costs more than running it.
type commitStatements struct {
	operation, line, payment, addSale, drawer, job *sql.Stmt
}

func (s *Store) prepareCommit(ctx context.Context) error {
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&s.stmts.operation, `insert into operations (journal, number, id, kind, at, shift, record, hash)
			values (?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.stmts.line, `insert into operation_lines (position, line, product, name, quantity, price, sum, vat)
			values (?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.stmts.payment, `insert into operation_payments (position, payment, method, amount, given, change, qr_payment)
			values (?, ?, ?, ?, ?, ?, nullif(?, ''))`},
		{&s.stmts.addSale, `update shifts set sales = sales + 1, sales_sum = sales_sum + ?1, cash = cash + ?2,
			card = card + ?3, qr = qr + ?4, cash_end = cash_end + ?2
			where number = ?5 and closed_at is null returning sales`},
		{&s.stmts.drawer, `update drawer set balance = balance + ? where one = 1`},
		{&s.stmts.job, `insert into print_jobs (id, operation, name, document, state, created_at, updated_at)
			values (?1, ?2, ?3, ?4, 'waiting', ?5, ?5)`},
	} {
		st, err := s.w.PrepareContext(ctx, p.text)
		if err != nil {
			return fmt.Errorf("preparing statements: %w", err)
		}
		*p.to = st
	}
	return nil
}

func (c *commitStatements) close() {
	for _, st := range []*sql.Stmt{c.operation, c.line, c.payment, c.addSale, c.drawer, c.job} {
		if st != nil {
			st.Close()
		}
	}
}

// writer is one transaction of Commit.
type writer struct {
	*Store
	ctx context.Context
	tx  *sql.Tx
}

func (w *writer) exec(st *sql.Stmt, args ...any) (sql.Result, error) {
	return w.tx.StmtContext(w.ctx, st).ExecContext(w.ctx, args...)
}

// project moves the shift and the drawer, and returns the body as it is to be stored.
func (w *writer) project(e *Entry) (any, error) {
	switch body := e.Body.(type) {
	case register.ShiftOpened:
		return body, w.openShift(e.Shift, &body)
	case register.Sale:
		return w.addSale(e.Shift, body)
	case register.ShiftClosed:
		return w.closeShift(e.Shift)
	}
	return nil, fmt.Errorf("%w: nothing is known of a body of type %T", register.ErrBadOperation, e.Body)
}

func (w *writer) openShift(number int64, body *register.ShiftOpened) error {
	var open, last int64
	err := w.tx.QueryRowContext(w.ctx, `select count(*) filter (where closed_at is null), coalesce(max(number), 0) from shifts`).
		Scan(&open, &last)
	if err != nil {
		return fmt.Errorf("reading shifts: %w", err)
	}
	if open > 0 {
		return ErrShiftOpen
	}
	if number != last+1 {
		return fmt.Errorf("%w: number %d follows %d", ErrShift, number, last)
	}
	var balance int64
	if err := w.tx.QueryRowContext(w.ctx, `select balance from drawer where one = 1`).Scan(&balance); err != nil {
		return fmt.Errorf("reading the drawer: %w", err)
	}
	if register.Money(balance) != body.Float {
		return fmt.Errorf("%w: the drawer holds %s, not %s", ErrShift, register.Money(balance), body.Float)
	}
	_, err = w.tx.ExecContext(w.ctx, `insert into shifts (number, opened_at, cash_start, cash_end) values (?1, ?2, ?3, ?3)`,
		number, ms(w.now()), balance)
	if err != nil {
		return fmt.Errorf("opening the shift: %w", err)
	}
	return nil
}

func (w *writer) addSale(shift int64, sale register.Sale) (register.Sale, error) {
	if err := sale.CheckPayments(); err != nil {
		return sale, err
	}
	by := map[register.Method]register.Money{}
	for _, p := range sale.Payments {
		by[p.Method] += p.Amount
	}
	err := w.tx.StmtContext(w.ctx, w.stmts.addSale).QueryRowContext(w.ctx,
		int64(sale.Total), int64(by[register.Cash]), int64(by[register.Card]), int64(by[register.QR]), shift).Scan(&sale.Receipt)
	if errors.Is(err, sql.ErrNoRows) {
		return sale, ErrShift
	}
	if err != nil {
		return sale, fmt.Errorf("adding to the shift: %w", err)
	}
	if cash := sale.Drawer(); cash != 0 {
		if _, err := w.exec(w.stmts.drawer, int64(cash)); err != nil {
			return sale, fmt.Errorf("adding to the drawer: %w", err)
		}
	}
	return sale, nil
}

func (w *writer) closeShift(number int64) (register.ShiftClosed, error) {
	res, err := w.tx.ExecContext(w.ctx, `update shifts set closed_at = ? where number = ? and closed_at is null`, ms(w.now()), number)
	if err != nil {
		return register.ShiftClosed{}, fmt.Errorf("closing the shift: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return register.ShiftClosed{}, ErrShift
	}
	sh, err := scanShift(w.tx.QueryRowContext(w.ctx, selectShift+` where number = ?`, number))
	if err != nil {
		return register.ShiftClosed{}, err
	}
	return register.ShiftClosed{Totals: sh.Totals}, sh.Totals.Balance()
}

// store writes the operation, its lines and payments, and the work that follows.
func (w *writer) store(op register.Operation, record []byte, t *tail, e Entry, body any) error {
	res, err := w.exec(w.stmts.operation, t.seq, op.Number, op.ID, string(op.Kind), ms(op.At), op.Shift, record, t.hash[:])
	if err != nil {
		return fmt.Errorf("storing the operation: %w", err)
	}
	position, err := res.LastInsertId()
	if err != nil {
		return fmt.Errorf("storing the operation: %w", err)
	}
	if e.QRPayment != "" {
		if err := w.settle(e.QRPayment, position); err != nil {
			return err
		}
	}
	if sale, ok := body.(register.Sale); ok {
		if err := w.storeSale(position, sale); err != nil {
			return err
		}
	}
	if e.ClearDraft {
		if _, err := w.tx.ExecContext(w.ctx, `delete from draft`); err != nil {
			return fmt.Errorf("clearing the draft: %w", err)
		}
	}
	if e.Slips == nil {
		return nil
	}
	jobs, err := e.Slips(op)
	if err != nil {
		return fmt.Errorf("making slips: %w", err)
	}
	for _, j := range jobs {
		if err := w.queue(&position, j); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) storeSale(position int64, sale register.Sale) error {
	for i, l := range sale.Lines {
		_, err := w.exec(w.stmts.line, position, i+1, l.Product, l.Name, int64(l.Quantity), int64(l.Price), int64(l.Sum), string(l.VAT))
		if err != nil {
			return fmt.Errorf("storing line %d: %w", i+1, err)
		}
	}
	for i, p := range sale.Payments {
		_, err := w.exec(w.stmts.payment, position, i+1, string(p.Method), int64(p.Amount), int64(p.Given), int64(p.Change), p.QRID)
		if err != nil {
			return fmt.Errorf("storing payment %d: %w", i+1, err)
		}
	}
	return nil
}

// settle ties a QR payment to its sale; it can be done once.
func (w *writer) settle(payment string, position int64) error {
	res, err := w.tx.ExecContext(w.ctx, `update qr_payments set operation = ?, updated_at = ? where id = ? and operation is null`,
		position, ms(w.now()), payment)
	if err != nil {
		return fmt.Errorf("settling the QR payment: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrSettled
	}
	return nil
}

func (w *writer) queue(position *int64, j PrintJob) error {
	if _, err := w.exec(w.stmts.job, w.newID(), position, j.Name, string(j.Document), ms(w.now())); err != nil {
		return fmt.Errorf("keeping the slip: %w", err)
	}
	return nil
}
