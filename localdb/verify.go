package localdb

import (
	"context"
	"database/sql"
	"fmt"

	"kassa/register"
)

// Report is what Verify found.
type Report struct {
	Operations int64          `json:"operations"`
	Waiting    int64          `json:"waiting"` // operations that the server does not have yet
	Products   int64          `json:"products"`
	Drawer     register.Money `json:"drawer"` // kopecks, as the operations give it
	Faults     []string       `json:"faults"` // empty: all is well; at most maxFaults, and a last line where there are more
}

// maxFaults bounds a report: who has so many needs no more of them.
const maxFaults = 100

func (r *Report) fault(format string, args ...any) {
	switch n := len(r.Faults); {
	case n < maxFaults:
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	case n == maxFaults:
		r.Faults = append(r.Faults, "there is more")
	}
}

// Verify checks the file and the chain of every journal, recomputes from the records alone what every projection should
// hold (lines and payments, shifts, receipt numbers, returns and prepayments, the drawer), and reports where one differs.
// It looks at one moment: what is sold meanwhile does not disturb it.
func (s *Store) Verify(ctx context.Context) (Report, error) {
	var r Report
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return r, fmt.Errorf("verifying: %w", err)
	}
	defer tx.Rollback()
	if said, err := checkFile(ctx, tx); err != nil || said != "ok" {
		r.fault("the file: %s %v", said, err)
		return r, nil
	}
	c := newRecount(ctx, tx, &r)
	if err := c.walk(); err != nil {
		return r, err
	}
	if err := c.compare(); err != nil {
		return r, err
	}
	r.Operations, r.Drawer = c.position.count, c.drawer
	if r.Waiting, err = waiting(ctx, tx); err != nil {
		return r, err
	}
	r.Products, err = s.countGoods(ctx)
	return r, err
}

func checkFile(ctx context.Context, db querier) (said string, err error) {
	err = db.QueryRowContext(ctx, `pragma quick_check(1)`).Scan(&said)
	return said, err
}

// compare tells where the projections that hold states differ from what the operations gave.
func (c *recount) compare() error {
	for _, step := range []func() error{c.compareShifts, c.compareSpans, c.comparePrepayments, c.compareDrawer, c.compareCounts} {
		if err := step(); err != nil {
			return fmt.Errorf("verifying: %w", err)
		}
	}
	return nil
}

func (c *recount) compareShifts() error {
	rows, err := c.tx.QueryContext(c.ctx, `select first, number, opened_at, coalesce(closed_at, 0), cashier, closed_at is null, counted, totals from shifts`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var got countedShift
		if got.Shift, err = scanShift(rowAfter{rows, []any{&got.first}}); err != nil {
			c.report.fault("a shift cannot be read: %v", err)
			continue
		}
		want := c.shifts[got.Number]
		delete(c.shifts, got.Number)
		if want == nil {
			c.report.fault("shift %d: no operation opened it", got.Number)
		} else if what := want.differs(got); what != "" {
			c.report.fault("shift %d: the %s differs from its operations", got.Number, what)
		}
	}
	for n := range c.shifts {
		c.report.fault("shift %d is not kept", n)
	}
	return rows.Err()
}

// rowAfter is a row whose first columns go somewhere else.
type rowAfter struct {
	row   interface{ Scan(...any) error }
	first []any
}

func (r rowAfter) Scan(to ...any) error { return r.row.Scan(append(r.first, to...)...) }

func (c *recount) compareSpans() error {
	rows, err := c.tx.QueryContext(c.ctx, `select first, last, earliest, latest from operation_spans`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var got countedSpan
		if err := rows.Scan(&got.first, &got.last, &got.earliest, &got.latest); err != nil {
			return err
		}
		if got != c.spans[got.first] {
			c.report.fault("the times of the operations from %d on differ", got.first)
		}
		delete(c.spans, got.first)
	}
	for first := range c.spans {
		c.report.fault("the times of the operations from %d on are not kept", first)
	}
	return rows.Err()
}

func (c *recount) comparePrepayments() error {
	rows, err := c.tx.QueryContext(c.ctx, `select id, position, name, total, paid, returned, used, restored from prepayments`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var p countedPrepayment
		err := rows.Scan(&id, &p.position, &p.words, &p.total, &p.state.Paid, &p.state.Returned, &p.state.Used, &p.state.Restored)
		if err != nil {
			return err
		}
		if want := c.prepayments[id]; want == nil || *want != p {
			c.report.fault("prepayment %s: its state differs from its operations", id)
		}
		delete(c.prepayments, id)
	}
	for id := range c.prepayments {
		c.report.fault("prepayment %s is not kept", id)
	}
	return rows.Err()
}

func (c *recount) compareDrawer() error {
	var drawer register.Money
	if err := c.tx.QueryRowContext(c.ctx, `select balance from drawer where one = 1`).Scan(&drawer); err != nil {
		return err
	}
	if drawer != c.drawer {
		c.report.fault("the drawer holds %s, the operations give %s", drawer, c.drawer)
	}
	return nil
}

// compareCounts finds lines and payments of no operation.
func (c *recount) compareCounts() error {
	for table, want := range map[string]int64{"operation_lines": c.lines, "operation_payments": c.payments} {
		var n int64
		if err := c.tx.QueryRowContext(c.ctx, `select count(*) from `+table).Scan(&n); err != nil {
			return err
		}
		if n != want {
			c.report.fault("%s: %d rows, the operations have %d", table, n, want)
		}
	}
	return nil
}
