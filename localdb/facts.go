package localdb

import (
	"fmt"

	"kassa/register"
)

// facts are what an operation is found by and what it moves. They follow from its body alone.
type facts struct {
	receipt  int64
	total    register.Money
	customer string
	basis    string
	lines    []register.Line
	payments []register.Payment
	stock    int64                // -1: the lines leave the shop, 1: they come back
	ordered  *register.Prepayment // a new prepaid order
	prepaid  prepaidMove          // what happens to an earlier one
}

// prepaidMove is money of a prepayment that goes somewhere.
type prepaidMove struct {
	id     string // empty: none
	column string // of table prepayments
	sum    register.Money
}

// factsOf tells the facts of a body. One of a kind that is not known has none.
func factsOf(body any) facts {
	switch b := body.(type) {
	case register.ShiftOpened:
		return facts{total: b.Float}
	case register.ShiftClosed:
		return facts{total: b.Totals.Sales.Sum}
	case register.Sale:
		return facts{receipt: b.Receipt, total: b.Total, customer: customerID(b.Customer), basis: basisID(b.Prepayment),
			lines: b.Lines, payments: b.Payments, stock: -1,
			prepaid: prepaidMove{basisID(b.Prepayment), "used", paidBy(b.Payments, register.Prepaid)}}
	case register.SaleReturn:
		f := facts{receipt: b.Receipt, total: b.Total, customer: customerID(b.Customer), basis: basisID(b.Sale),
			payments: b.Payments, stock: 1,
			prepaid: prepaidMove{basisID(b.Prepayment), "restored", paidBy(b.Payments, register.Prepaid)}}
		for _, l := range b.Lines {
			f.lines = append(f.lines, l.Line)
		}
		return f
	case register.Prepayment:
		return facts{receipt: b.Receipt, total: b.Amount, customer: customerID(b.Customer), lines: b.Lines, payments: b.Payments, ordered: &b}
	case register.PrepaymentReturn:
		return facts{receipt: b.Receipt, total: b.Amount, customer: customerID(b.Customer), basis: b.Prepayment.ID, payments: b.Payments,
			prepaid: prepaidMove{b.Prepayment.ID, "returned", b.Amount}}
	case register.CashMove:
		return facts{total: b.Sum}
	case register.LineRemoved:
		return facts{total: b.Line.Sum}
	case register.ReceiptCleared:
		return facts{total: b.Total}
	case register.FiscalDocument:
		return facts{total: b.Total, basis: b.Of.ID}
	}
	return facts{}
}

// bodyOf reads the body of a stored operation; nil for a kind that this program does not know.
func bodyOf(op register.Operation) (any, error) {
	switch op.Kind {
	case register.KindShiftOpened:
		return decoded[register.ShiftOpened](op)
	case register.KindShiftClosed:
		return decoded[register.ShiftClosed](op)
	case register.KindSale:
		return decoded[register.Sale](op)
	case register.KindReturn:
		return decoded[register.SaleReturn](op)
	case register.KindPrepayment:
		return decoded[register.Prepayment](op)
	case register.KindPrepaymentReturn:
		return decoded[register.PrepaymentReturn](op)
	case register.KindCashIn, register.KindCashOut:
		return decoded[register.CashMove](op)
	case register.KindLineRemoved:
		return decoded[register.LineRemoved](op)
	case register.KindReceiptCleared:
		return decoded[register.ReceiptCleared](op)
	case register.KindDrawerOpened:
		return decoded[register.DrawerOpened](op)
	case register.KindFiscalDocument:
		return decoded[register.FiscalDocument](op)
	}
	return nil, nil
}

func decoded[T any](op register.Operation) (any, error) {
	var b T
	err := op.Decode(&b)
	return b, err
}

// fits tells whether a body is one of a kind.
func fits(body any, kind register.Kind) bool {
	switch body.(type) {
	case register.ShiftOpened:
		return kind == register.KindShiftOpened
	case register.ShiftClosed:
		return kind == register.KindShiftClosed
	case register.Sale:
		return kind == register.KindSale
	case register.SaleReturn:
		return kind == register.KindReturn
	case register.Prepayment:
		return kind == register.KindPrepayment
	case register.PrepaymentReturn:
		return kind == register.KindPrepaymentReturn
	case register.CashMove:
		return kind == register.KindCashIn || kind == register.KindCashOut
	case register.LineRemoved:
		return kind == register.KindLineRemoved
	case register.ReceiptCleared:
		return kind == register.KindReceiptCleared
	case register.DrawerOpened:
		return kind == register.KindDrawerOpened
	case register.FiscalDocument:
		return kind == register.KindFiscalDocument
	}
	return false
}

func (e Entry) checkKind() error {
	if !fits(e.Body, e.Kind) {
		return fmt.Errorf("%w: a body of type %T", register.ErrBadOperation, e.Body)
	}
	return nil
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

func paidBy(payments []register.Payment, m register.Method) register.Money {
	var sum register.Money
	for _, p := range payments {
		if p.Method == m {
			sum += p.Amount
		}
	}
	return sum
}
