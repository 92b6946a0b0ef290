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
	operation, line, payment, shift, totals, drawer, counts, stock, draft, job, span, sold *sql.Stmt
}

func (c *commitStatements) all() []**sql.Stmt {
	return []**sql.Stmt{&c.operation, &c.line, &c.payment, &c.shift, &c.totals, &c.drawer, &c.counts, &c.stock, &c.draft, &c.job, &c.span, &c.sold}
}

func (s *Store) prepareCommit(ctx context.Context) error {
	texts := []string{
		`insert into operations (position, journal, number, id, kind, at, shift, receipt, total, customer, basis, record, hash)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''), nullif(?, ''), ?, ?)`,
		`insert into operation_lines (position, line, kind, product, name, quantity, price, sum, vat) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		`insert into operation_payments (position, payment, kind, method, amount, given, change, qr_payment)
			values (?, ?, ?, ?, ?, ?, ?, nullif(?, ''))`,
		`select totals from shifts where number = ? and closed_at is null`,
		`update shifts set totals = ? where number = ?`,
		`update drawer set balance = balance + ?1 where one = 1 and balance + ?1 >= 0`,
		`select exists (select 1 from stock)`,
		`update stock set quantity = quantity + ? where product = ?`,
		`insert into draft (one, cart) values (1, ?1) on conflict (one) do update set cart = excluded.cart, receipt = iif(?2, receipt, '')`,
		`insert into print_jobs (id, operation, name, document, state, created_at, updated_at, about, expires_at)
			values (?1, ?2, ?3, ?4, 'waiting', ?5, ?5, ?6, ?7)`,
		`insert into operation_spans (first, last, earliest, latest) select ?1, ?2, min(at), max(at) from operations where position between ?1 and ?2`,
		`update qr_payments set sold = ? where receipt = (select nullif(receipt, '') from draft)`,
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

// writer is one writing transaction.
type writer struct {
	*Store
	ctx context.Context
	tx  *sql.Tx
}

func (s *Store) writer(ctx context.Context, tx *sql.Tx) *writer {
	return &writer{Store: s, ctx: ctx, tx: tx}
}

func (w *writer) exec(st *sql.Stmt, args ...any) (sql.Result, error) {
	return w.tx.StmtContext(w.ctx, st).ExecContext(w.ctx, args...)
}

// openTotals reads the counters of a shift that is open. The error is ErrShift when it is not.
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

// project brings everything up to date that follows from an operation and can be computed again: the shift and the
// drawer, lines and payments, what became of a prepayment. It returns the shift's counters as they are then.
func (w *writer) project(position int64, op register.Operation, body any, f facts, totals register.Totals) (register.Totals, error) {
	totals, err := w.projectShift(position, op, body, totals)
	if err != nil {
		return totals, err
	}
	if err := w.storeParts(position, op.Kind, f); err != nil {
		return totals, err
	}
	return totals, w.followPrepayment(position, op, f)
}

// storeParts writes lines and payments.
func (w *writer) storeParts(position int64, kind register.Kind, f facts) error {
	for i, l := range f.lines {
		_, err := w.exec(w.stmts.line, position, i+1, string(kind), l.Product, l.Name, int64(l.Quantity), int64(l.Price), int64(l.Sum), string(l.VAT))
		if err != nil {
			return fmt.Errorf("storing line %d: %w", i+1, err)
		}
	}
	for i, p := range f.payments {
		_, err := w.exec(w.stmts.payment, position, i+1, string(kind), string(p.Method), int64(p.Amount), int64(p.Given), int64(p.Change), p.QRID)
		if err != nil {
			return fmt.Errorf("storing payment %d: %w", i+1, err)
		}
	}
	return nil
}

// store writes the operation itself and what it is found by.
func (w *writer) store(op register.Operation, record []byte, t *tail, f facts) error {
	_, err := w.exec(w.stmts.operation, t.position, t.seq, op.Number, op.ID, string(op.Kind), ms(op.At), op.Shift,
		f.receipt, int64(f.total), f.customer, f.basis, record, t.hash[:])
	if err != nil {
		return fmt.Errorf("storing the operation: %w", err)
	}
	return nil
}

// followUp moves the stock, changes the draft, and queues what is to be printed and what a fiscal registrar is to make.
func (w *writer) followUp(position int64, op register.Operation, e Entry, f facts) error {
	if err := w.moveStock(f); err != nil {
		return err
	}
	if e.Draft != nil {
		if err := w.saveDraft(*e.Draft); err != nil {
			return err
		}
	}
	if e.Fiscal != nil {
		if err := w.queueFiscal(position, op, e.Fiscal); err != nil {
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

func (w *writer) moveStock(f facts) error {
	if f.stock == 0 {
		return nil
	}
	var counts bool // most small shops count nothing
	if err := w.tx.StmtContext(w.ctx, w.stmts.counts).QueryRowContext(w.ctx).Scan(&counts); err != nil {
		return fmt.Errorf("moving the stock: %w", err)
	}
	if !counts {
		return nil
	}
	for _, l := range f.lines {
		if _, err := w.exec(w.stmts.stock, f.stock*int64(l.Quantity), l.Product); err != nil {
			return fmt.Errorf("moving the stock: %w", err)
		}
	}
	return nil
}

func (w *writer) queue(position *int64, j PrintJob) error {
	if j.Document == nil {
		return nil
	}
	var expires *int64
	if !j.Expires.IsZero() {
		at := ms(j.Expires)
		expires = &at
	}
	if _, err := w.exec(w.stmts.job, w.newID(), position, j.Name, string(j.Document), ms(w.now()), j.About, expires); err != nil {
		return fmt.Errorf("keeping the slip: %w", err)
	}
	return nil
}
