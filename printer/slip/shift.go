package slip

import (
	"fmt"

	"kassa/i18n"
	"kassa/printer"
	"kassa/register"
)

// ShiftReport is the report of a closed shift, with the totals that its closing operation holds. It is printed as they
// stand, whether or not they balance: the paper shows what the till believed. The error is register.ErrBadOperation
// when op closes no shift or cannot be read.
func ShiftReport(shop Shop, op register.Operation, lang *i18n.Language) (printer.Document, error) {
	var closed register.ShiftClosed
	if op.Kind != register.KindShiftClosed {
		return printer.Document{}, fmt.Errorf("making a shift report: %w: %s closes no shift", register.ErrBadOperation, op.Kind)
	}
	if err := op.Decode(&closed); err != nil {
		return printer.Document{}, fmt.Errorf("making a shift report: %w", err)
	}
	p := newPaper(shop, lang)
	p.title(p.lang.T("slip.shift_report", "shift", op.Shift))
	p.feed()
	p.place(shop, op.At)
	p.cashier(op.Cashier)
	p.rule()
	p.totals(closed.Totals)
	p.rule()
	p.add(printer.Text{Text: p.lang.T("slip.shift_closed"), Align: printer.Center, Bold: true})
	return p.doc, nil
}

func (p *paper) totals(t register.Totals) {
	sum := p.lang.Sum
	p.pair(p.lang.T("slip.sales"), p.lang.Integer(t.Sales))
	p.addPair(printer.Pair{Left: p.lang.T("slip.sales_sum"), Right: sum(t.SalesSum), Bold: true, Big: true})
	p.pair("  "+p.lang.T("method.cash"), sum(t.Cash))
	p.pair("  "+p.lang.T("method.card"), sum(t.Card))
	p.pair("  "+p.lang.T("method.qr"), sum(t.QR))
	p.rule()
	p.add(printer.Text{Text: p.lang.T("slip.drawer"), Bold: true})
	p.pair("  "+p.lang.T("slip.cash_start"), sum(t.CashStart))
	p.pair("  "+p.lang.T("slip.cash_in"), sum(t.Cash))
	p.boldPair("  "+p.lang.T("slip.cash_end"), sum(t.CashEnd))
}
