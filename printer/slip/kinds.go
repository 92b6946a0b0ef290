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
// in or out. The slip of a shift's end is the Z report: the totals that its closing operation holds, as they stand, whether
// or not they balance; the paper shows what the till believed. The error is register.ErrBadOperation when the operation
// cannot be read.
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
	if err := p.copy(op, at); err != nil {
		return printer.Document{}, err
	}
	return p.doc, nil
}

func (p *paper) copy(op register.Operation, at time.Time) error {
	p.add(printer.Text{Text: p.lang.T("slip.copy"), Align: printer.Center, Bold: true, Big: true})
	p.center(p.lang.T("slip.copied_at", "time", p.lang.DateTime(at)))
	p.feed()
	has, err := p.write(op)
	if err == nil && !has {
		err = fmt.Errorf("%w: %s has no slip", register.ErrBadOperation, op.Kind)
	}
	if err != nil {
		return fmt.Errorf("making the copy of a slip: %w", err)
	}
	return nil
}

func wrap(op register.Operation, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("making the slip of %s %d: %w", op.Kind, op.Number, err)
}
