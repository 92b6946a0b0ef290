package fiscal

import (
	"fmt"

	"kassa/register"
)

// Seller is what a shop's settings say of its receipts.
type Seller struct {
	Taxation Taxation
}

// Chain is what an operation goes back to, where its document depends on that: for a prepayment's return, the prepayment
// and what became of it since. Other operations need none.
type Chain struct {
	Prepayment *register.Prepayment
	// Before are the operations that moved the prepayment's money before this one, oldest first: its returns, the sale
	// that handed the order over, and the returns of that sale. The prepayment itself may be among them.
	Before []register.Operation
}

// For makes the document that an operation of the till wants of a fiscal registrar. It is false for operations that
// want none: those kept for audit, a fiscal document itself, and a return for which no money was moved. Notes are left
// to the caller, who knows the language. The error is ErrBad for an operation that does not agree with itself or is of a
// later version.
//
// What document each operation becomes, with the method of settlement (tag 1214) of its lines:
//
//	sale                                 sale, 4, at the rate of the goods
//	sale of a prepaid order              sale, 4, at the rate of the goods and the full price; what was prepaid is Prepaid
//	return                               return of the lines as they were sold, money as it is paid back
//	return of goods of a prepaid order   the same; what goes back to the prepayment is Prepaid, and when that is paid
//	                                     back it is a return of the prepayment
//	prepayment of the whole price        sale, 1, at the calculated rate
//	prepayment of a part                 sale, 2, at the calculated rate; each line at its share
//	prepayment's return                  return, 1 or 2 as the prepayment, at the calculated rate
//	cash in and out, shift               the same
//
// Card and QR are both Electronic: the format knows no difference.
func For(op register.Operation, c Chain, s Seller) (Document, bool, error) {
	if op.Version > register.BodyVersion {
		return Document{}, false, fmt.Errorf("%w: %s of version %d", ErrBad, op.Kind, op.Version)
	}
	d := Document{Mark: op.ID, Operator: Operator{Name: cut(op.Cashier, maxOperator)}}
	var err error
	switch op.Kind {
	case register.KindShiftOpened:
		d.Kind = OpenShift
	case register.KindShiftClosed:
		d.Kind = CloseShift
	case register.KindCashIn:
		d.Kind = CashIn
		err = d.cash(op)
	case register.KindCashOut:
		d.Kind = CashOut
		err = d.cash(op)
	case register.KindSale:
		err = d.sale(op)
	case register.KindReturn:
		err = d.saleReturn(op)
	case register.KindPrepayment:
		err = d.prepayment(op)
	case register.KindPrepaymentReturn:
		err = d.prepaymentReturn(op, c)
	default:
		return Document{}, false, nil
	}
	if err == nil && d.Kind.Receipt() {
		d.Taxation = s.Taxation
		d.fitNames()
		err = d.addsUp()
	}
	if err != nil {
		return Document{}, false, fmt.Errorf("%w: %s %d: %w", ErrBad, op.Kind, op.Number, err)
	}
	return d, !d.Kind.Receipt() || d.Total > 0, nil
}

// Report is an X report, which is no operation of the till.
func Report(cashier string) Document {
	return Document{Kind: XReport, Operator: Operator{Name: cut(cashier, maxOperator)}}
}

func (d *Document) cash(op register.Operation) error {
	b, err := op.CashMove()
	d.Total = b.Sum
	if err != nil {
		return err
	}
	return b.Check()
}

func (d *Document) sale(op register.Operation) error {
	b, err := op.Sale()
	if err == nil {
		err = b.Check()
	}
	if err != nil {
		return err
	}
	d.Kind, d.Total, d.Contact, d.NoPaper = Sale, b.Total, b.Contact, b.NoPaper
	return d.settle(b.Lines, b.Payments)
}

func (d *Document) saleReturn(op register.Operation) error {
	b, err := op.Return()
	if err == nil {
		err = b.Check()
	}
	if err != nil {
		return err
	}
	d.Kind, d.Total, d.Contact, d.NoPaper = Return, b.Total, b.Contact, b.NoPaper
	lines := make([]register.Line, len(b.Lines))
	for i, l := range b.Lines {
		lines[i] = l.Line
	}
	return d.settle(lines, b.Payments)
}

// settle takes over the lines and payments of goods that change hands.
func (d *Document) settle(lines []register.Line, payments []register.Payment) error {
	for _, l := range lines {
		all, err := split(l.Price, l.Quantity, l.Sum)
		if err != nil {
			return fmt.Errorf("%q: %w", l.Name, err)
		}
		d.add(l, l.Off, l.VAT, FullPayment, all)
	}
	return d.pay(payments)
}

// add puts the parts of one line of the till on the document.
func (d *Document) add(l register.Line, off register.Money, vat register.VAT, m Method, parts []part) {
	sums := make([]register.Money, len(parts))
	for i, p := range parts {
		sums[i] = p.sum
	}
	offs := register.Spread(off, sums)
	for i, p := range parts {
		d.Lines = append(d.Lines, Line{Name: lineName(l), Price: p.price, Quantity: p.quantity, Unit: l.Unit, Sum: p.sum,
			VAT: vat, Method: m, Object: Goods, Off: offs[i]})
	}
}

// pay takes over the payments. Their amounts are without the change.
func (d *Document) pay(payments []register.Payment) error {
	for _, p := range payments {
		switch p.Method {
		case register.Cash:
			d.Payments.Cash += p.Amount
		case register.Card, register.QR:
			d.Payments.Electronic += p.Amount
		case register.Prepaid:
			d.Payments.Prepaid += p.Amount
		default:
			return fmt.Errorf("paid by %q", p.Method)
		}
	}
	return nil
}

// addsUp tells whether a registrar could take the sums.
func (d *Document) addsUp() error {
	var lines register.Money
	for _, l := range d.Lines {
		lines += l.Sum
	}
	if lines != d.Total || d.Payments.Sum() != d.Total {
		return fmt.Errorf("lines of %s, payments of %s, for %s", lines, d.Payments.Sum(), d.Total)
	}
	return nil
}
