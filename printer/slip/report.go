package slip

import (
	"time"

	"kassa/i18n"
	"kassa/printer"
	"kassa/register"
)

// Shift is the open shift of an X report.
type Shift struct {
	Number  int64
	Opened  time.Time
	Cashier string
}

// XReport is the report of a shift that goes on, as its totals stand now.
func XReport(shop Shop, shift Shift, totals register.Totals, now time.Time, lang *i18n.Language) printer.Document {
	p := newPaper(shop, lang)
	p.title(p.lang.T("slip.x_report", "shift", shift.Number))
	p.place(now)
	if !shift.Opened.IsZero() {
		p.pair(p.lang.T("slip.shift_opened"), p.lang.DateTime(shift.Opened))
	}
	p.cashier(shift.Cashier)
	p.totals(totals)
	p.drawer(totals)
	p.rule()
	p.add(printer.Text{Text: p.lang.T("slip.shift_goes_on"), Align: printer.Center, Bold: true})
	return p.doc
}

func (p *paper) shiftClosed(op register.Operation) error {
	var closed register.ShiftClosed
	if err := op.Decode(&closed); err != nil {
		return err
	}
	p.title(p.lang.T("slip.shift_report", "shift", op.Shift))
	p.place(op.At)
	p.staff(op)
	p.totals(closed.Totals)
	p.drawer(closed.Totals)
	p.counted(closed)
	p.rule()
	p.add(printer.Text{Text: p.lang.T("slip.shift_closed"), Align: printer.Center, Bold: true})
	p.signature("slip.sign_cashier")
	return nil
}

// totals are the counters of the shift: by operation and payment method, and what was taken in all.
func (p *paper) totals(t register.Totals) {
	p.rule()
	p.counter("slip.sales", t.Sales)
	p.counter("slip.returns", t.Returns)
	p.counter("slip.prepayments", t.Prepayments)
	p.counter("slip.prepayment_returns", t.PrepaymentReturns)
	p.rule()
	p.total("slip.takings", t.Taken(register.Cash)+t.Taken(register.Card)+t.Taken(register.QR))
	for _, m := range []register.Method{register.Cash, register.Card, register.QR} {
		p.pair(indent+p.method(m), p.lang.Sum(t.Taken(m)))
	}
	p.rule()
	p.pair(p.lang.T("slip.discounts_given"), p.lang.Sum(t.Off))
	p.pair(p.lang.T("slip.removed"), p.lang.Integer(t.Removed))
	receipts := p.lang.T("slip.no_receipts")
	if t.Receipts > 0 {
		receipts = p.lang.T("slip.receipt_numbers", "first", 1, "last", t.Receipts)
	}
	p.pair(p.lang.T("slip.receipts"), receipts)
}

// counter is how many operations of a kind there were and what they came to, by the methods that were used.
func (p *paper) counter(key string, c register.Counter) {
	p.boldPair(p.lang.T(key, "n", p.lang.Integer(c.Count)), p.lang.Sum(c.Sum))
	for _, m := range []struct {
		method register.Method
		sum    register.Money
	}{{register.Cash, c.Cash}, {register.Card, c.Card}, {register.QR, c.QR}, {register.Prepaid, c.Prepaid}} {
		if m.sum != 0 {
			p.pair(indent+p.method(m.method), p.lang.Sum(m.sum))
		}
	}
}

// drawer is how the cash in the drawer came to be what it should be.
func (p *paper) drawer(t register.Totals) {
	sum, count := p.lang.Sum, p.lang.Integer
	p.rule()
	p.add(printer.Text{Text: p.lang.T("slip.drawer"), Bold: true})
	p.pair(indent+p.lang.T("slip.cash_start"), sum(t.CashStart))
	p.pair(indent+p.lang.T("slip.cash_taken"), sum(t.Taken(register.Cash)))
	p.pair(indent+p.lang.T("slip.cash_in", "n", count(t.CashIn.Count)), sum(t.CashIn.Sum))
	p.pair(indent+p.lang.T("slip.cash_out", "n", count(t.CashOut.Count)), sum(-t.CashOut.Sum))
	p.boldPair(indent+p.lang.T("slip.cash_expected"), sum(t.CashEnd))
}

// counted is what the drawer really held, and what that differs by.
func (p *paper) counted(b register.ShiftClosed) {
	if b.Counted == nil {
		p.text(indent + p.lang.T("slip.not_counted"))
		return
	}
	p.boldPair(indent+p.lang.T("slip.cash_counted"), p.lang.Sum(*b.Counted))
	switch d := b.Difference(); {
	case d < 0:
		p.boldPair(indent+p.lang.T("slip.cash_missing"), p.lang.Sum(-d))
	case d > 0:
		p.boldPair(indent+p.lang.T("slip.cash_over"), p.lang.Sum(d))
	default:
		p.text(indent + p.lang.T("slip.cash_agrees"))
	}
}
