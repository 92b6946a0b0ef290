package localdb

import (
	"fmt"

	"kassa/register"
)

// facts are what an operation is found by and what it moves.
type facts struct {
	receipt  int64
	total    register.Money
	customer string
	basis    string
	lines    []register.Line
	payments []register.Payment
	stock    int64 // -1: the lines leave the shop, 1: they come back
}

// complete gives a body its receipt's number and, at a shift's end, its totals, checks it against what it goes back
// to, and tells its facts.
func (w *writer) complete(e *Entry, totals register.Totals) (any, facts, error) {
	next := totals.Receipts + 1
	switch b := e.Body.(type) {
	case register.ShiftOpened:
		return b, facts{total: b.Float}, nil
	case register.ShiftClosed:
		b.Totals = totals
		return b, facts{total: totals.Sales.Sum}, nil
	case register.Sale:
		b.Receipt = next
		f := facts{receipt: next, total: b.Total, customer: customerID(b.Customer), basis: basisID(b.Prepayment), lines: b.Lines, payments: b.Payments, stock: -1}
		return b, f, w.checkSale(b)
	case register.SaleReturn:
		b.Receipt = next
		f := facts{receipt: next, total: b.Total, customer: customerID(b.Customer), basis: basisID(b.Sale), payments: b.Payments, stock: 1}
		for _, l := range b.Lines {
			f.lines = append(f.lines, l.Line)
		}
		return b, f, w.checkReturn(b)
	case register.Prepayment:
		b.Receipt = next
		f := facts{receipt: next, total: b.Amount, customer: customerID(b.Customer), lines: b.Lines, payments: b.Payments}
		return b, f, b.Check()
	case register.PrepaymentReturn:
		b.Receipt = next
		f := facts{receipt: next, total: b.Amount, customer: customerID(b.Customer), basis: b.Prepayment.ID, payments: b.Payments}
		return b, f, w.checkPrepaymentReturn(b)
	case register.CashMove:
		return b, facts{total: b.Sum}, b.Check()
	case register.LineRemoved:
		return b, facts{total: b.Line.Sum}, nil
	case register.ReceiptCleared:
		return b, facts{total: b.Total}, nil
	case register.DrawerOpened:
		return b, facts{}, nil
	}
	return nil, facts{}, fmt.Errorf("%w: nothing is known of a body of type %T", register.ErrBadOperation, e.Body)
}

func customerID(c *register.Customer) string {
	if c == nil {
		return ""
	}
	return c.ID
}

func basisID(r *register.Ref) string {
	if r == nil {
		return ""
	}
	return r.ID
}

// checkSale tells whether a sale is whole and, where it hands a prepaid order over, whether the prepayment has so much
// left.
func (w *writer) checkSale(b register.Sale) error {
	if err := b.Check(); err != nil || b.Prepayment == nil {
		return err
	}
	state, err := w.prepaymentState(b.Prepayment.ID)
	if err != nil {
		return err
	}
	if !state.Open() || prepaid(b.Payments) != state.Left() {
		return fmt.Errorf("%w: %s of %s", register.ErrPrepaid, prepaid(b.Payments), state.Left())
	}
	return nil
}

func (w *writer) checkReturn(b register.SaleReturn) error {
	if b.Sale == nil {
		return b.Check()
	}
	op, earlier, err := withReturns(w.ctx, w.tx, b.Sale.ID)
	if err != nil {
		return err
	}
	sale, err := op.Sale()
	if err != nil {
		return err
	}
	return b.CheckAgainst(sale, earlier)
}

func (w *writer) checkPrepaymentReturn(b register.PrepaymentReturn) error {
	op, earlier, err := withPrepaymentReturns(w.ctx, w.tx, b.Prepayment.ID)
	if err != nil {
		return err
	}
	p, err := op.Prepayment()
	if err != nil {
		return err
	}
	state, err := w.prepaymentState(b.Prepayment.ID)
	if err != nil {
		return err
	}
	return b.CheckAgainst(p, state.Left(), earlier)
}

func prepaid(payments []register.Payment) register.Money {
	var sum register.Money
	for _, p := range payments {
		if p.Method == register.Prepaid {
			sum += p.Amount
		}
	}
	return sum
}
