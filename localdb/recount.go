package localdb

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"kassa/register"
)

// recount computes from the records what the projections should hold. It shares with Commit only what a body says
// (factsOf) and what the register rules: what stands in the tables is added up here in another way.
type recount struct {
	ctx    context.Context
	tx     *sql.Tx
	report *Report

	position        struct{ last, count int64 }
	ends            map[string]chainEnd // of the journals
	shifts          map[int64]*countedShift
	open            *countedShift // nil: none is
	spans           map[int64]countedSpan
	span            countedSpan // that the last operation is in
	last            int64       // number of the last shift
	prepayments     map[string]*countedPrepayment
	drawer          register.Money
	lines, payments int64
}

type chainEnd struct {
	number int64
	hash   register.Hash
}

type countedShift struct {
	Shift
	first int64
}

type countedSpan struct{ first, last, earliest, latest int64 }

// differs names what another shift has otherwise; empty when nothing.
func (s countedShift) differs(o countedShift) string {
	switch {
	case s.Totals != o.Totals:
		return "count"
	case s.Open != o.Open || !s.Opened.Equal(o.Opened) || !s.Closed.Equal(o.Closed):
		return "time"
	case (s.Counted == nil) != (o.Counted == nil) || s.Counted != nil && *s.Counted != *o.Counted:
		return "counted cash"
	case s.first != o.first:
		return "first operation"
	case s.Cashier != o.Cashier:
		return "cashier"
	}
	return ""
}

type countedPrepayment struct {
	position int64
	words    string
	total    register.Money
	state    register.PrepaymentState
}

func newRecount(ctx context.Context, tx *sql.Tx, r *Report) *recount {
	return &recount{ctx: ctx, tx: tx, report: r, ends: map[string]chainEnd{}, shifts: map[int64]*countedShift{}, spans: map[int64]countedSpan{},
		prepayments: map[string]*countedPrepayment{}}
}

// recountPage is how many operations are read at once.
const recountPage = 500

// walk goes through all operations in the order of their commit.
func (c *recount) walk() error {
	for {
		page, err := c.page()
		if err != nil {
			return fmt.Errorf("verifying: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		if err := c.checkParts(page); err != nil {
			return fmt.Errorf("verifying: %w", err)
		}
		for i := range page {
			if err := c.step(&page[i]); err != nil {
				return fmt.Errorf("verifying: %w", err)
			}
		}
	}
}

// step takes one operation in.
func (c *recount) step(o *kept) error {
	if o.position != c.position.last+1 {
		c.report.fault("position %d follows %d", o.position, c.position.last)
	}
	c.position.last, c.position.count = o.position, c.position.count+1
	end := c.ends[o.journal]
	if o.number != end.number+1 {
		c.report.fault("journal %s: number %d follows %d", o.journal, o.number, end.number)
	}
	if register.Link(end.hash, o.record) != o.hash {
		c.report.fault("journal %s: the hash of operation %d is wrong", o.journal, o.number)
	}
	c.ends[o.journal] = chainEnd{o.number, o.hash}
	if o.err != nil {
		c.report.fault("operation %d: %v", o.number, o.err)
		return nil
	}
	if !o.agrees() {
		c.report.fault("operation %d: what it is found by differs from its record", o.number)
	}
	c.countInSpan(o)
	if err := c.countInShift(o); err != nil {
		c.report.fault("operation %d: %v", o.number, err)
	}
	if err := c.followRules(o); err != nil {
		if c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		c.report.fault("operation %d: %v", o.number, err)
	}
	return nil
}

// countInSpan counts an operation in the span that it is in.
func (c *recount) countInSpan(o *kept) {
	at := ms(o.op.At)
	if s := &c.span; s.first == 0 {
		*s = countedSpan{o.position, o.position, at, at}
	} else {
		*s = countedSpan{s.first, o.position, min(s.earliest, at), max(s.latest, at)}
	}
	if o.op.Kind == register.KindShiftClosed || o.position-c.span.first+1 == spanSize {
		c.spans[c.span.first], c.span = c.span, countedSpan{}
	}
}

// countInShift counts an operation in the shift that is open.
func (c *recount) countInShift(o *kept) error {
	if b, ok := o.body.(register.ShiftOpened); ok {
		return c.openShift(o, b)
	}
	if _, ok := o.body.(register.FiscalDocument); ok {
		if o.op.Shift != c.last {
			return fmt.Errorf("it stands in shift %d, the last one is %d", o.op.Shift, c.last)
		}
		return nil
	}
	sh := c.open
	if sh == nil || sh.Number != o.op.Shift {
		return fmt.Errorf("shift %d is not open", o.op.Shift)
	}
	if o.facts.receipt > 0 && o.facts.receipt != sh.Totals.Receipts+1 {
		c.report.fault("operation %d: receipt %d follows %d in shift %d", o.number, o.facts.receipt, sh.Totals.Receipts, sh.Number)
	}
	if b, ok := o.body.(register.ShiftClosed); ok {
		c.moveDrawer(o, b.Difference())
		return c.closeShift(o, b)
	}
	money, err := withoutLines(o.op, o.body)
	if err != nil {
		return err
	}
	before := sh.Totals.CashEnd
	err = sh.Totals.Apply(money)
	c.moveDrawer(o, sh.Totals.CashEnd-before)
	return err
}

func (c *recount) moveDrawer(o *kept, by register.Money) {
	if c.drawer += by; c.drawer < 0 {
		c.report.fault("operation %d: the drawer would hold %s", o.number, c.drawer)
	}
}

func (c *recount) openShift(o *kept, b register.ShiftOpened) error {
	if c.open != nil {
		c.report.fault("operation %d: shift %d is open still", o.number, c.open.Number)
	}
	if o.op.Shift != c.last+1 {
		c.report.fault("operation %d: shift %d follows %d", o.number, o.op.Shift, c.last)
	}
	if b.Float != c.drawer {
		c.report.fault("operation %d: shift %d begins with %s, the drawer holds %s", o.number, o.op.Shift, b.Float, c.drawer)
	}
	c.open = &countedShift{Shift: Shift{Number: o.op.Shift, Opened: fromMS(ms(o.op.At)), Cashier: o.op.Cashier, Open: true}, first: o.position}
	c.last = o.op.Shift
	c.shifts[o.op.Shift] = c.open
	return c.open.Totals.Apply(o.op)
}

func (c *recount) closeShift(o *kept, b register.ShiftClosed) error {
	sh := c.open
	sh.Open, sh.Closed, sh.Counted = false, fromMS(ms(o.op.At)), b.Counted
	c.open = nil
	if b.Totals != sh.Totals {
		return fmt.Errorf("shift %d was closed with other totals than its operations give", sh.Number)
	}
	return b.Totals.Balance()
}

// followRules checks what goes back to an earlier operation, and follows the prepayments.
func (c *recount) followRules(o *kept) error {
	switch b := o.body.(type) {
	case register.Sale:
		return c.checkSale(b)
	case register.SaleReturn:
		return c.checkReturn(o, b)
	case register.Prepayment:
		c.prepayments[o.op.ID] = &countedPrepayment{position: o.position, words: orderWords(b), total: b.Total,
			state: register.PrepaymentState{Paid: b.Amount}}
		return b.Check()
	case register.PrepaymentReturn:
		return c.checkPrepaymentReturn(o, b)
	case register.FiscalDocument:
		return b.Check()
	}
	return nil
}

func (c *recount) prepayment(ref *register.Ref) (*countedPrepayment, error) {
	p := c.prepayments[ref.ID]
	if p == nil {
		return nil, fmt.Errorf("there is no prepayment %s", ref.ID)
	}
	return p, nil
}

func (c *recount) checkSale(b register.Sale) error {
	if err := b.Check(); err != nil || b.Prepayment == nil {
		return err
	}
	p, err := c.prepayment(b.Prepayment)
	if err != nil {
		return err
	}
	before := p.state
	p.state.Used += paidBy(b.Payments, register.Prepaid)
	return checkHandOver(b, before)
}

func (c *recount) checkReturn(o *kept, b register.SaleReturn) error {
	if b.Prepayment != nil {
		p, err := c.prepayment(b.Prepayment)
		if err != nil {
			return err
		}
		p.state.Restored += paidBy(b.Payments, register.Prepaid)
	}
	if b.Sale == nil {
		return checkFreeReturn(b)
	}
	op, earlier, err := returnsBefore(c.ctx, c.tx, b.Sale.ID, o.position)
	if err != nil {
		return err
	}
	sale, err := op.Sale()
	if err != nil {
		return err
	}
	return b.CheckAgainst(sale, earlier)
}

func (c *recount) checkPrepaymentReturn(o *kept, b register.PrepaymentReturn) error {
	p, err := c.prepayment(&b.Prepayment)
	if err != nil {
		return err
	}
	left := p.state.Left()
	p.state.Returned += b.Amount
	op, earlier, err := prepaymentReturnsBefore(c.ctx, c.tx, b.Prepayment.ID, o.position)
	if err != nil {
		return err
	}
	ordered, err := op.Prepayment()
	if err != nil {
		return err
	}
	return b.CheckAgainst(ordered, left, earlier)
}

// kept is an operation as the tables hold it, beside what its record says.
type kept struct {
	position, number, at, shift, receipt, total int64
	journal, id, kind, customer, basis          string
	record                                      []byte
	hash                                        register.Hash

	op    register.Operation // from the record
	body  any
	facts facts
	err   error // the record cannot be read
}

// agrees tells whether the columns say what the record says.
func (o *kept) agrees() bool {
	p, f := o.op, o.facts
	return o.number == p.Number && o.journal == p.Journal && o.id == p.ID && o.kind == string(p.Kind) && o.at == ms(p.At) && o.shift == p.Shift &&
		o.receipt == f.receipt && o.total == int64(f.total) && o.customer == f.customer && o.basis == f.basis
}

// page reads the next operations.
func (c *recount) page() ([]kept, error) {
	rows, err := c.tx.QueryContext(c.ctx, `select o.position, j.id, o.number, o.id, o.kind, o.at, o.shift, o.receipt, o.total,
		coalesce(o.customer, ''), coalesce(o.basis, ''), o.record, o.hash
		from operations o join journals j on j.seq = o.journal where o.position > ? order by o.position limit ?`, c.position.last, recountPage)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []kept
	for rows.Next() {
		var o kept
		var hash []byte
		err := rows.Scan(&o.position, &o.journal, &o.number, &o.id, &o.kind, &o.at, &o.shift, &o.receipt, &o.total, &o.customer, &o.basis, &o.record, &hash)
		if err != nil {
			return nil, err
		}
		copy(o.hash[:], hash)
		if o.op, o.err = register.DecodeOperation(o.record); o.err == nil {
			if o.body, o.err = bodyOf(o.op); o.err == nil {
				o.facts = factsOf(o.body)
			}
		}
		page = append(page, o)
	}
	return page, rows.Err()
}

// checkParts compares the lines and payments of a page with the records.
func (c *recount) checkParts(page []kept) error {
	from, to := page[0].position, page[len(page)-1].position
	for _, part := range []struct {
		query string
		want  func(*kept) [][]any
		count *int64
	}{
		{`select position, line, kind, product, name, quantity, price, sum, vat from operation_lines where position between ? and ? order by position, line`, (*kept).wantLines, &c.lines},
		{`select position, payment, kind, method, amount, given, change, coalesce(qr_payment, '') from operation_payments where position between ? and ? order by position, payment`, (*kept).wantPayments, &c.payments},
	} {
		got, err := c.rendered(part.query, from, to)
		if err != nil {
			return err
		}
		for i := range page {
			var want bytes.Buffer
			for _, row := range part.want(&page[i]) {
				fmt.Fprintln(&want, row...)
				*part.count++
			}
			if want.String() != got[page[i].position] {
				c.report.fault("operation %d: its lines or payments differ from its record", page[i].number)
			}
		}
	}
	return nil
}

// rendered reads rows as text, by their first column.
func (c *recount) rendered(query string, args ...any) (map[int64]string, error) {
	rows, err := c.tx.QueryContext(c.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	texts := map[int64]*bytes.Buffer{}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		position, _ := values[0].(int64)
		if texts[position] == nil {
			texts[position] = &bytes.Buffer{}
		}
		fmt.Fprintln(texts[position], values[1:]...)
	}
	out := make(map[int64]string, len(texts))
	for p, b := range texts {
		out[p] = b.String()
	}
	return out, rows.Err()
}

func (o *kept) wantLines() [][]any {
	rows := make([][]any, len(o.facts.lines))
	for i, l := range o.facts.lines {
		rows[i] = []any{i + 1, o.kind, l.Product, l.Name, int64(l.Quantity), int64(l.Price), int64(l.Sum), string(l.VAT)}
	}
	return rows
}

func (o *kept) wantPayments() [][]any {
	rows := make([][]any, len(o.facts.payments))
	for i, p := range o.facts.payments {
		rows[i] = []any{i + 1, o.kind, string(p.Method), int64(p.Amount), int64(p.Given), int64(p.Change), p.QRID}
	}
	return rows
}
