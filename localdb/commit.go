package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"kassa/register"
)

// commitStatements are prepared once: parsing SQL costs more than running it.
type commitStatements struct {
	operation, line, payment, shift, totals, drawer, stock, job *sql.Stmt
}

func (c *commitStatements) all() []**sql.Stmt {
	return []**sql.Stmt{&c.operation, &c.line, &c.payment, &c.shift, &c.totals, &c.drawer, &c.stock, &c.job}
}

func (s *Store) prepareCommit(ctx context.Context) error {
	texts := []string{
		`insert into operations (journal, number, id, kind, at, shift, receipt, total, customer, basis, record, hash)
			values (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''), nullif(?, ''), ?, ?)`,
		`insert into operation_lines (position, line, product, name, quantity, price, sum, vat) values (?, ?, ?, ?, ?, ?, ?, ?)`,
		`insert into operation_payments (position, payment, method, amount, given, change, qr_payment)
			values (?, ?, ?, ?, ?, ?, nullif(?, ''))`,
		`select totals from shifts where number = ? and closed_at is null`,
		`update shifts set totals = ? where number = ?`,
		`update drawer set balance = balance + ?1 where one = 1 and balance + ?1 >= 0`,
		`update stock set quantity = quantity + ? where product = ?`,
		`insert into print_jobs (id, operation, name, document, state, created_at, updated_at)
			values (?1, ?2, ?3, ?4, 'waiting', ?5, ?5)`,
	}
	for i, to := range s.stmts.all() {
		st, err := s.w.PrepareContext(ctx, texts[i])
		if err != nil {
			return fmt.Errorf("preparing statements: %w", err)
		}
		*to = st
	}
	return nil
}

func (c *commitStatements) close() {
	for _, st := range c.all() {
		if *st != nil {
			(*st).Close()
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

// openTotals reads the counters of a shift that is open.
func (w *writer) openTotals(shift int64) (register.Totals, error) {
	var text string
	err := w.tx.StmtContext(w.ctx, w.stmts.shift).QueryRowContext(w.ctx, shift).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return register.Totals{}, ErrShift
	}
	var t register.Totals
	if err == nil {
		err = json.Unmarshal([]byte(text), &t)
	}
	if err != nil {
		return t, fmt.Errorf("reading the shift: %w", err)
	}
	return t, nil
}

// project moves the shift and the drawer by an operation.
func (w *writer) project(op register.Operation, totals register.Totals) error {
	switch op.Kind {
	case register.KindShiftOpened:
		return w.openShift(op)
	case register.KindShiftClosed:
		return w.closeShift(op)
	}
	before := totals.CashEnd
	if err := totals.Apply(op); err != nil {
		return err
	}
	text, err := json.Marshal(totals)
	if err != nil {
		return err
	}
	if _, err := w.exec(w.stmts.totals, string(text), op.Shift); err != nil {
		return fmt.Errorf("counting the shift: %w", err)
	}
	return w.moveDrawer(totals.CashEnd - before)
}

func (w *writer) moveDrawer(by register.Money) error {
	if by == 0 {
		return nil
	}
	res, err := w.exec(w.stmts.drawer, int64(by))
	if err != nil {
		return fmt.Errorf("moving the drawer: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrDrawer
	}
	return nil
}

func (w *writer) openShift(op register.Operation) error {
	var open, last int64
	err := w.tx.QueryRowContext(w.ctx, `select count(*) filter (where closed_at is null), coalesce(max(number), 0) from shifts`).
		Scan(&open, &last)
	if err != nil {
		return fmt.Errorf("reading shifts: %w", err)
	}
	if open > 0 {
		return ErrShiftOpen
	}
	if op.Shift != last+1 {
		return fmt.Errorf("%w: number %d follows %d", ErrShift, op.Shift, last)
	}
	var balance register.Money
	if err := w.tx.QueryRowContext(w.ctx, `select balance from drawer where one = 1`).Scan(&balance); err != nil {
		return fmt.Errorf("reading the drawer: %w", err)
	}
	var t register.Totals
	if err := t.Apply(op); err != nil {
		return err
	}
	if balance != t.CashStart {
		return fmt.Errorf("%w: the drawer holds %s, not %s", ErrShift, balance, t.CashStart)
	}
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	_, err = w.tx.ExecContext(w.ctx, `insert into shifts (number, opened_at, cashier, totals) values (?, ?, ?, ?)`,
		op.Shift, ms(op.At), op.Cashier, string(text))
	if err != nil {
		return fmt.Errorf("opening the shift: %w", err)
	}
	return nil
}

func (w *writer) closeShift(op register.Operation) error {
	var b register.ShiftClosed
	if err := op.Decode(&b); err != nil {
		return err
	}
	if err := b.Totals.Balance(); err != nil {
		return err
	}
	var counted *int64
	if b.Counted != nil {
		counted = (*int64)(b.Counted)
	}
	_, err := w.tx.ExecContext(w.ctx, `update shifts set closed_at = ?, counted = ? where number = ?`, ms(op.At), counted, op.Shift)
	if err != nil {
		return fmt.Errorf("closing the shift: %w", err)
	}
	return w.moveDrawer(b.Difference())
}

// store writes the operation, what it is found by, and the work that follows.
func (w *writer) store(op register.Operation, record []byte, t *tail, e Entry, f facts) error {
	res, err := w.exec(w.stmts.operation, t.seq, op.Number, op.ID, string(op.Kind), ms(op.At), op.Shift,
		f.receipt, int64(f.total), f.customer, f.basis, record, t.hash[:])
	if err != nil {
		return fmt.Errorf("storing the operation: %w", err)
	}
	position, err := res.LastInsertId()
	if err != nil {
		return fmt.Errorf("storing the operation: %w", err)
	}
	for _, step := range []func(int64, register.Operation, Entry, facts) error{w.followUp, w.storeParts, w.followPrepayment} {
		if err := step(position, op, e, f); err != nil {
			return err
		}
	}
	return nil
}

// storeParts writes lines and payments, and moves the stock.
func (w *writer) storeParts(position int64, _ register.Operation, _ Entry, f facts) error {
	for i, l := range f.lines {
		_, err := w.exec(w.stmts.line, position, i+1, l.Product, l.Name, int64(l.Quantity), int64(l.Price), int64(l.Sum), string(l.VAT))
		if err != nil {
			return fmt.Errorf("storing line %d: %w", i+1, err)
		}
		if f.stock == 0 {
			continue
		}
		if _, err := w.exec(w.stmts.stock, f.stock*int64(l.Quantity), l.Product); err != nil {
			return fmt.Errorf("moving the stock: %w", err)
		}
	}
	for i, p := range f.payments {
		_, err := w.exec(w.stmts.payment, position, i+1, string(p.Method), int64(p.Amount), int64(p.Given), int64(p.Change), p.QRID)
		if err != nil {
			return fmt.Errorf("storing payment %d: %w", i+1, err)
		}
	}
	return nil
}

// followUp settles the QR payment, changes the draft, and queues the slips.
func (w *writer) followUp(position int64, op register.Operation, e Entry, _ facts) error {
	if e.QRPayment != "" {
		if err := w.settle(e.QRPayment, position); err != nil {
			return err
		}
	}
	if e.Draft != nil {
		if err := saveDraft(w.ctx, w.tx, *e.Draft); err != nil {
			return err
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

// settle ties a QR payment to its operation; it can be done once.
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
