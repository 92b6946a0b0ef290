package localdb

import (
	"fmt"

	"kassa/register"
)

// complete gives a body its receipt's number and, at a shift's end, its totals, and checks it: by itself, against what
// it goes back to, and against the QR payment that it settles.
func (w *writer) complete(e Entry, totals register.Totals) (any, error) {
	if err := e.checkKind(); err != nil {
		return nil, err
	}
	next := totals.Receipts + 1
	switch b := e.Body.(type) {
	case register.ShiftOpened:
		return b, nil
	case register.ShiftClosed:
		b.Totals = totals
		return b, checkCounted(b)
	case register.Sale:
		b.Receipt = next
		if err := checkQR(e.QRPayment, b.Payments); err != nil {
			return nil, err
		}
		return b, w.checkSale(b)
	case register.SaleReturn:
		b.Receipt = next
		return b, w.checkReturn(e.QRRefund, b)
	case register.Prepayment:
		b.Receipt = next
		if err := checkQR(e.QRPayment, b.Payments); err != nil {
			return nil, err
		}
		return b, b.Check()
	case register.PrepaymentReturn:
		b.Receipt = next
		return b, w.checkPrepaymentReturn(e.QRRefund, b)
	case register.CashMove:
		return b, b.Check()
	case register.FiscalDocument:
		return b, b.Check()
	}
	return e.Body, nil
}

// checkQR tells whether an operation that says "paid by QR" settles that payment, and no other.
func checkQR(settles string, payments []register.Payment) error {
	for _, p := range payments {
		if p.Method == register.QR && p.QRID != settles {
			return fmt.Errorf("%w: paid by QR %q, and %q is settled", register.ErrPayment, p.QRID, settles)
		}
	}
	return nil
}

// checkCounted tells whether a drawer can hold what was counted.
func checkCounted(b register.ShiftClosed) error {
	if err := b.Totals.Balance(); err != nil {
		return err
	}
	if b.Counted != nil && (*b.Counted < 0 || *b.Counted > register.MaxMoney) {
		return fmt.Errorf("%w: %s was counted", register.ErrPayment, *b.Counted)
	}
	return nil
}

// checkSale tells whether a sale is whole and, where it hands a prepaid order over, whether the prepayment can still be
// and has so much left.
func (w *writer) checkSale(b register.Sale) error {
	if err := b.Check(); err != nil || b.Prepayment == nil {
		return err
	}
	if err := w.checkRefunds("", b.Prepayment.ID, nil); err != nil {
		return err
	}
	state, err := prepaymentState(w.ctx, w.tx, b.Prepayment.ID)
	if err != nil {
		return err
	}
	return checkHandOver(b, state)
}

func checkHandOver(b register.Sale, state register.PrepaymentState) error {
	if sum := paidBy(b.Payments, register.Prepaid); !state.Open() || sum != state.Left() {
		return fmt.Errorf("%w: %s of %s", register.ErrPrepaid, sum, state.Left())
	}
	return nil
}

func (w *writer) checkReturn(refund string, b register.SaleReturn) error {
	if b.Sale == nil {
		return checkFreeReturn(b)
	}
	if err := w.checkRefunds(refund, b.Sale.ID, b.Payments); err != nil {
		return err
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

// checkFreeReturn tells whether goods of an unknown sale may be taken back: by cash or card alone, since nothing was
// paid that a bank or a prepayment could give back.
func checkFreeReturn(b register.SaleReturn) error {
	for _, p := range b.Payments {
		if p.Method != register.Cash && p.Method != register.Card {
			return fmt.Errorf("%w: by %s, with no sale", register.ErrRefund, p.Method)
		}
	}
	return b.Check()
}

func (w *writer) checkPrepaymentReturn(refund string, b register.PrepaymentReturn) error {
	if err := w.checkRefunds(refund, b.Prepayment.ID, b.Payments); err != nil {
		return err
	}
	op, earlier, err := withPrepaymentReturns(w.ctx, w.tx, b.Prepayment.ID)
	if err != nil {
		return err
	}
	p, err := op.Prepayment()
	if err != nil {
		return err
	}
	state, err := prepaymentState(w.ctx, w.tx, b.Prepayment.ID)
	if err != nil {
		return err
	}
	return b.CheckAgainst(p, state.Left(), earlier)
}
