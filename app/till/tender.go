package till

import (
	"context"
	"errors"

	"kassa/localdb"
	"kassa/register"
)

// Tender is the money that a buyer gives: by card, in cash, or both.
type Tender struct {
	Card  register.Money // charged at the terminal beside the till
	Slip  string         // what the terminal's slip says: its number, the authorisation code
	Given register.Money // cash handed over
}

// PayCash sells what is on the receipt for cash. When it has returned without an error the sale is on the disk.
func (t *Till) PayCash(ctx context.Context, given register.Money) (Sold, error) {
	return t.Pay(ctx, Tender{Given: given})
}

// PayCard sells what is on the receipt by card, all of it.
func (t *Till) PayCard(ctx context.Context, slip string) (Sold, error) {
	return t.Pay(ctx, Tender{Card: t.View().Due, Slip: slip})
}

// Pay sells what is on the receipt, or hands over the prepaid order on it. When it has returned without an error the
// sale is on the disk.
func (t *Till) Pay(ctx context.Context, with Tender) (Sold, error) {
	return t.settle(ctx, func(cart *register.Cart) (localdb.Entry, error) {
		payments, err := with.payments(cart.Due())
		if err != nil {
			return localdb.Entry{}, err
		}
		sale, err := register.NewSale(cart, payments)
		return localdb.Entry{Kind: register.KindSale, Body: sale, Slips: t.slips("sale")}, named(err, "")
	})
}

// payments divides what is due over the tender.
func (w Tender) payments(due register.Money) ([]register.Payment, error) {
	payments, err := register.PayMixed(due, w.Card, w.Slip, w.Given)
	if errors.Is(err, register.ErrTooLittle) {
		return nil, problem(CodeTooLittle, err, "missing", due-w.Card-w.Given)
	}
	return payments, named(err, "")
}

// settle commits what becomes of the receipt that is being rung up, and empties it.
func (t *Till) settle(ctx context.Context, entry func(*register.Cart) (localdb.Entry, error)) (Sold, error) {
	var cart register.Cart
	cashier, err := t.begin(func() error {
		if err := t.ringing(); err != nil {
			return err
		}
		if t.cart.Len() == 0 {
			return problem(CodeEmptyCart, nil)
		}
		cart = t.cart
		return t.orderReady()
	})
	if err != nil {
		return Sold{}, err
	}
	defer t.end()
	e, err := entry(&cart)
	if err != nil {
		return Sold{}, err
	}
	e.Shift, e.Cashier, e.Draft = t.View().Shift.Number, cashier, &register.Draft{}
	t.drafts.Lock()
	defer t.drafts.Unlock()
	op, err := t.commit(ctx, e)
	if err != nil {
		return Sold{}, err
	}
	sold, err := soldBy(op)
	if err != nil {
		return Sold{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cart.Clear()
	t.cart.SetRules(t.settings.rules())
	t.last = &sold
	if len(t.late) > 0 {
		poke(t.lateNews) // money that comes for one of its codes can only be given back now
	}
	t.changed()
	return sold, nil
}

// record commits an operation that leaves the receipt as it is, while nothing else is going on.
func (t *Till) record(ctx context.Context, e localdb.Entry) (register.Operation, error) {
	return t.recordIf(ctx, e, func() error { return nil })
}

// recordIf is record if allowed agrees, which is asked with t.mu held.
func (t *Till) recordIf(ctx context.Context, e localdb.Entry, allowed func() error) (register.Operation, error) {
	cashier, err := t.begin(func() error {
		switch {
		case t.cashier == "":
			return problem(CodeNotSignedIn, nil)
		case !t.shift.Open:
			return problem(CodeNoShift, nil)
		}
		return allowed()
	})
	if err != nil {
		return register.Operation{}, err
	}
	defer t.end()
	e.Shift, e.Cashier = t.View().Shift.Number, cashier
	return t.commit(ctx, e)
}

// paidBack tells of an operation that paid money back beside the receipt. It is the last thing that was sold or taken
// back, unless the next buyer's goods are being rung up.
func (t *Till) paidBack(op register.Operation) (Sold, error) {
	sold, err := soldBy(op)
	if err != nil {
		return Sold{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cart.Len() == 0 {
		t.last = &sold
		t.changed()
	}
	return sold, nil
}

// soldBy reads from a committed operation what the cashier is told.
func soldBy(op register.Operation) (Sold, error) {
	s := Sold{Kind: op.Kind, ID: op.ID, Number: op.Number}
	var err error
	switch op.Kind {
	case register.KindSale:
		var b register.Sale
		b, err = op.Sale()
		s.Receipt, s.Total, s.Payments = b.Receipt, b.Total, b.Payments
	case register.KindReturn:
		var b register.SaleReturn
		b, err = op.Return()
		s.Receipt, s.Total, s.Payments = b.Receipt, b.Total, b.Payments
	case register.KindPrepayment:
		var b register.Prepayment
		b, err = op.Prepayment()
		s.Receipt, s.Total, s.Payments = b.Receipt, b.Amount, b.Payments
	case register.KindPrepaymentReturn:
		var b register.PrepaymentReturn
		b, err = op.PrepaymentReturn()
		s.Receipt, s.Total, s.Payments = b.Receipt, b.Amount, b.Payments
	case register.KindCashIn, register.KindCashOut:
		var b register.CashMove
		b, err = op.CashMove()
		s.Total = b.Sum
	}
	for _, p := range s.Payments {
		if p.Method != register.Prepaid || s.Method == "" {
			s.Method = p.Method
		}
		s.Given += p.Given
		s.Change += p.Change
	}
	return s, err
}
