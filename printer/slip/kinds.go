package slip

import (
	"fmt"
	"time"

	"kassa/i18n"
	"kassa/printer"
	"kassa/register"
)

// write puts the slip of an operation on paper, below the shop's heading; false when its kind has none. The error is
// register.ErrBadOperation.
func (p *paper) write(op register.Operation) (has bool, err error) {
	switch op.Kind {
	case register.KindSale:
		return true, p.sale(op)
	case register.KindReturn:
		return true, p.saleReturn(op)
	case register.KindPrepayment:
		return true, p.prepayment(op)
	case register.KindPrepaymentReturn:
		return true, p.prepaymentReturn(op)
	case register.KindCashIn, register.KindCashOut:
		return true, p.cashMove(op)
	case register.KindShiftClosed:
		return true, p.shiftClosed(op)
	}
	return false, nil
}

// For is the slip of an operation, whatever its kind; false when its kind has none. It opens the drawer when cash goes
// in or out. The error is register.ErrBadOperation when the operation cannot be read.
func For(shop Shop, op register.Operation, lang *i18n.Language) (printer.Document, bool, error) {
	p := newPaper(shop, lang)
	has, err := p.write(op)
	if err != nil || !has {
		return printer.Document{}, has, wrap(op, err)
	}
	if op.Kind.Money() {
		cash, err := op.Drawer()
		if err != nil {
			return printer.Document{}, true, wrap(op, err)
		}
		p.doc.OpenDrawer = cash != 0
	}
	return p.doc, true, nil
}

// Copy is the slip of an operation made again at a later time, and says so. It never opens the drawer. The error is
// register.ErrBadOperation when the operation cannot be read, or is of a kind that has no slip.
func Copy(shop Shop, op register.Operation, at time.Time, lang *i18n.Language) (printer.Document, error) {
	p := newPaper(shop, lang)
	p.add(printer.Text{Text: p.lang.T("slip.copy"), Align: printer.Center, Bold: true, Big: true})
	p.center(p.lang.T("slip.copied_at", "time", p.lang.DateTime(at)))
	p.feed()
	has, err := p.write(op)
	if err == nil && !has {
		err = fmt.Errorf("%w: %s has no slip", register.ErrBadOperation, op.Kind)
	}
	if err != nil {
		return printer.Document{}, fmt.Errorf("making the copy of a slip: %w", err)
	}
	return p.doc, nil
}

// Sale is the slip of a sale, the handing over of a prepaid order included. It opens the drawer when cash was taken. The
// error is register.ErrBadOperation when op is no sale or cannot be read.
func Sale(shop Shop, op register.Operation, lang *i18n.Language) (printer.Document, error) {
	return only(shop, op, lang, register.KindSale)
}

// Return is the slip of a sale return, for the buyer to sign. It opens the drawer when cash went back. Errors are those
// of Sale.
func Return(shop Shop, op register.Operation, lang *i18n.Language) (printer.Document, error) {
	return only(shop, op, lang, register.KindReturn)
}

// Prepayment is the slip of a prepayment: what was ordered, what was paid, and what is left to pay. It opens the drawer
// when cash was taken. Errors are those of Sale.
func Prepayment(shop Shop, op register.Operation, lang *i18n.Language) (printer.Document, error) {
	return only(shop, op, lang, register.KindPrepayment)
}

// PrepaymentReturn is the slip of prepaid money that went back, for the buyer to sign. It opens the drawer when cash
// went back. Errors are those of Sale.
func PrepaymentReturn(shop Shop, op register.Operation, lang *i18n.Language) (printer.Document, error) {
	return only(shop, op, lang, register.KindPrepaymentReturn)
}

// CashMove is the slip of cash put into the drawer or taken out of it, which it opens. Errors are those of Sale.
func CashMove(shop Shop, op register.Operation, lang *i18n.Language) (printer.Document, error) {
	return only(shop, op, lang, register.KindCashIn, register.KindCashOut)
}

// ShiftReport is the Z report: that of a closed shift, with the totals that its closing operation holds. It is printed as
// they stand, whether or not they balance: the paper shows what the till believed. The error is register.ErrBadOperation
// when op closes no shift or cannot be read.
func ShiftReport(shop Shop, op register.Operation, lang *i18n.Language) (printer.Document, error) {
	return only(shop, op, lang, register.KindShiftClosed)
}

// only is For with the kinds that the caller means.
func only(shop Shop, op register.Operation, lang *i18n.Language, kinds ...register.Kind) (printer.Document, error) {
	for _, k := range kinds {
		if op.Kind == k {
			doc, _, err := For(shop, op, lang)
			return doc, err
		}
	}
	return printer.Document{}, wrap(op, fmt.Errorf("%w: not a %s", register.ErrBadOperation, kinds[0]))
}

func wrap(op register.Operation, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("making the slip of %s %d: %w", op.Kind, op.Number, err)
}
