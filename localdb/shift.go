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

// Errors of shifts and the drawer.
var (
	ErrShift     = errors.New("localdb: the shift is not open")
	ErrShiftOpen = errors.New("localdb: a shift is open")
	ErrDrawer    = errors.New("localdb: the drawer does not hold so much")
)

// Shift is a shift as the journal has left it.
type Shift struct {
	Number  int64
	Opened  time.Time
	Closed  time.Time // zero while it is open
	Cashier string    // who opened it
	Open    bool
	Totals  register.Totals
	Counted *register.Money // cash that was counted at the end; nil when nobody did
}

const selectShift = `select number, opened_at, coalesce(closed_at, 0), cashier, closed_at is null, counted, totals from shifts`

// LastShift returns the open shift, or the last one that was closed; a zero Shift when there was none yet.
func (s *Store) LastShift(ctx context.Context) (Shift, error) {
	sh, err := scanShift(s.r.QueryRowContext(ctx, selectShift+` order by number desc limit 1`))
	if errors.Is(err, sql.ErrNoRows) {
		return Shift{}, nil
	}
	return sh, err
}

// ShiftByNumber returns a shift. The error is ErrShift when there was none of that number.
func (s *Store) ShiftByNumber(ctx context.Context, number int64) (Shift, error) {
	sh, err := scanShift(s.r.QueryRowContext(ctx, selectShift+` where number = ?`, number))
	if errors.Is(err, sql.ErrNoRows) {
		return Shift{}, fmt.Errorf("shift %d: %w", number, ErrShift)
	}
	return sh, err
}

func scanShift(row interface{ Scan(...any) error }) (Shift, error) {
	var sh Shift
	var opened, closed int64
	var totals string
	err := row.Scan(&sh.Number, &opened, &closed, &sh.Cashier, &sh.Open, &sh.Counted, &totals)
	if err == nil {
		err = json.Unmarshal([]byte(totals), &sh.Totals)
	}
	if err != nil {
		return Shift{}, fmt.Errorf("reading the shift: %w", err)
	}
	sh.Opened = fromMS(opened)
	if !sh.Open {
		sh.Closed = fromMS(closed)
	}
	return sh, nil
}

// Drawer is the cash that the drawer should hold.
func (s *Store) Drawer(ctx context.Context) (register.Money, error) {
	var m register.Money
	if err := s.r.QueryRowContext(ctx, `select balance from drawer where one = 1`).Scan(&m); err != nil {
		return 0, fmt.Errorf("reading the drawer: %w", err)
	}
	return m, nil
}

// projectShift moves the shift and the drawer by an operation.
func (w *writer) projectShift(position int64, op register.Operation, body any, totals register.Totals) (register.Totals, error) {
	switch b := body.(type) {
	case register.ShiftOpened:
		return w.openShift(position, op)
	case register.ShiftClosed:
		return totals, w.closeShift(op, b)
	case register.FiscalDocument:
		return totals, nil // it is counted nowhere, and may come when no shift is open
	}
	before := totals.CashEnd
	money, err := withoutLines(op, body)
	if err != nil {
		return totals, err
	}
	if err := totals.Apply(money); err != nil {
		return totals, err
	}
	if err := w.storeTotals(op, totals); err != nil {
		return totals, err
	}
	return totals, w.moveDrawer(totals.CashEnd - before)
}

// anyShift is the number of the shift that is open, or of the last one; zero before the first.
func (w *writer) anyShift(last *tail) (number int64, err error) {
	if last.shift != 0 {
		return last.shift, nil
	}
	if err := w.tx.QueryRowContext(w.ctx, `select coalesce(max(number), 0) from shifts`).Scan(&number); err != nil {
		return 0, fmt.Errorf("reading shifts: %w", err)
	}
	return number, nil
}

// withoutLines is an operation with no more of its body than the counters look at: they read it, and a long receipt would
// be written and read again in every commit.
func withoutLines(op register.Operation, body any) (register.Operation, error) {
	switch b := body.(type) {
	case register.Sale:
		b.Lines = nil
		body = b
	case register.SaleReturn:
		b.Lines = nil
		body = b
	case register.Prepayment:
		b.Lines, b.Shares = nil, nil
		body = b
	default:
		return op, nil
	}
	text, err := json.Marshal(body)
	op.Body = text
	return op, err
}

func (w *writer) storeTotals(op register.Operation, totals register.Totals) error {
	text, err := json.Marshal(totals)
	if err != nil {
		return err
	}
	if _, err := w.exec(w.stmts.totals, string(text), op.Shift); err != nil {
		return fmt.Errorf("counting the shift: %w", err)
	}
	return nil
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

// openShift opens the shift after the last one, with what the drawer holds.
func (w *writer) openShift(position int64, op register.Operation) (t register.Totals, err error) {
	var last, open int64
	err = w.tx.QueryRowContext(w.ctx, `select number, closed_at is null from shifts order by number desc limit 1`).Scan(&last, &open)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("reading shifts: %w", err)
	}
	if open > 0 {
		return t, ErrShiftOpen
	}
	if op.Shift != last+1 {
		return t, fmt.Errorf("%w: number %d follows %d", ErrShift, op.Shift, last)
	}
	var balance register.Money
	if err := w.tx.QueryRowContext(w.ctx, `select balance from drawer where one = 1`).Scan(&balance); err != nil {
		return t, fmt.Errorf("reading the drawer: %w", err)
	}
	if err := t.Apply(op); err != nil {
		return t, err
	}
	if balance != t.CashStart {
		return t, fmt.Errorf("%w: the drawer holds %s, not %s", ErrShift, balance, t.CashStart)
	}
	text, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	_, err = w.tx.ExecContext(w.ctx, `insert into shifts (number, first, opened_at, cashier, totals) values (?, ?, ?, ?, ?)`, op.Shift, position, ms(op.At), op.Cashier, string(text))
	if err != nil {
		return t, fmt.Errorf("opening the shift: %w", err)
	}
	return t, nil
}

// closeShift closes the shift. Where cash was counted, the drawer holds from then on what was counted.
func (w *writer) closeShift(op register.Operation, b register.ShiftClosed) error {
	_, err := w.tx.ExecContext(w.ctx, `update shifts set closed_at = ?, counted = ? where number = ?`, ms(op.At), (*int64)(b.Counted), op.Shift)
	if err != nil {
		return fmt.Errorf("closing the shift: %w", err)
	}
	return w.moveDrawer(b.Difference())
}
