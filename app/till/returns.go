package till

import (
	"context"
	"errors"

	"kassa/localdb"
	"kassa/register"
)

// Returnable is a sale and what may still come back of it.
type Returnable struct {
	ID         string // of the sale
	Operation  register.Operation
	Sale       register.Sale
	Left       []register.Line // a line for each of the sale's; the quantity is zero where nothing is left
	Refundable map[register.Method]register.Money
	OtherShift bool   // it was sold in an earlier shift
	Back       string // id of the refund by QR that is under way for it; nothing else can be returned until it has ended
}

// ReturnOrder says what comes back of a sale.
type ReturnOrder struct {
	Sale   string // its id
	Wants  []register.Want
	Prefer register.Method // of a mixed payment, what goes back first: cash or card
	Reason string

	Outside Outside // for StartReturn alone
}

// Returnable tells what may still come back of a sale.
func (t *Till) Returnable(ctx context.Context, saleID string) (Returnable, error) {
	op, earlier, err := t.c.Store.SaleReturns(ctx, saleID)
	if errors.Is(err, localdb.ErrNoOperation) {
		return Returnable{}, problem(CodeNoSale, err)
	}
	if err != nil {
		return Returnable{}, disk(err)
	}
	sale, err := op.Sale()
	if err != nil {
		return Returnable{}, problem(CodeNoSale, err)
	}
	return Returnable{ID: op.ID, Operation: op, Sale: sale, Left: sale.Left(earlier), Refundable: sale.Refundable(earlier),
		OtherShift: op.Shift != t.View().Shift.Number, Back: t.underWay(op.ID)}, nil
}

// SaleByCode finds the sale or the prepayment whose slip was scanned.
func (t *Till) SaleByCode(ctx context.Context, code string) (Operation, error) {
	o, err := t.c.Store.ByReceiptCode(ctx, code)
	if errors.Is(err, localdb.ErrNoOperation) {
		return Operation{}, problem(CodeNoSale, err)
	}
	if err != nil {
		return Operation{}, disk(err)
	}
	return listed(o), nil
}

// PlanReturn computes what a return would come to, without doing it. A payment by QR in it tells that StartReturn does it,
// and Return otherwise. The problem is CodeBackOpen while a refund by QR is under way for the sale.
func (t *Till) PlanReturn(ctx context.Context, r ReturnOrder) (register.SaleReturn, error) {
	plan, _, err := t.planReturn(ctx, r)
	return plan, err
}

// planReturn is PlanReturn, and gives the earlier returns of the sale too.
func (t *Till) planReturn(ctx context.Context, r ReturnOrder) (register.SaleReturn, []register.SaleReturn, error) {
	op, earlier, err := t.c.Store.SaleReturns(ctx, r.Sale)
	if errors.Is(err, localdb.ErrNoOperation) {
		return register.SaleReturn{}, nil, problem(CodeNoSale, err)
	}
	if err != nil {
		return register.SaleReturn{}, nil, disk(err)
	}
	sale, err := op.Sale()
	if err != nil {
		return register.SaleReturn{}, nil, problem(CodeNoSale, err)
	}
	v := t.View()
	switch {
	case op.Shift != v.Shift.Number && !v.Settings.ReturnOtherShift:
		return register.SaleReturn{}, nil, problem(CodeReturnOtherShift, nil)
	case t.underWay(r.Sale) != "":
		return register.SaleReturn{}, nil, problem(CodeBackOpen, nil)
	}
	back, err := register.NewReturn(sale, op.Ref(sale.Receipt), earlier, r.Wants, r.Prefer, r.Reason)
	if err != nil {
		return back, nil, named(err, "")
	}
	back.Contact = sale.Contact // the buyer gave it for this purchase; the paper goes with the money
	return back, earlier, t.mayPayBack(back.Payments, sale.Payments)
}

// mayPayBack tells whether the money can go out: cash that the drawer holds, and by QR what the bank gives back, which
// may be all or nothing.
func (t *Till) mayPayBack(payments, paid []register.Payment) error {
	v := t.View()
	for _, p := range payments {
		switch {
		case p.Method == register.Cash && p.Amount > v.Shift.Totals.CashEnd:
			return problem(CodeDrawer, nil, "sum", v.Shift.Totals.CashEnd)
		case p.Method == register.QR && v.Bank.WholeOnly && p.Bank == v.Bank.Name:
			if was, _ := byQR(paid); was.Amount != p.Amount {
				return problem(CodeBackWhole, nil, "sum", was.Amount)
			}
		}
	}
	return nil
}

// Return takes goods of a sale back and pays the money back as it was paid. When it has returned without an error the
// return is on the disk. What goes back by QR is for StartReturn: CodeReturnQR.
func (t *Till) Return(ctx context.Context, r ReturnOrder) (Sold, error) {
	back, err := t.PlanReturn(ctx, r)
	if err != nil {
		return Sold{}, err
	}
	if _, ok := byQR(back.Payments); ok {
		return Sold{}, problem(CodeReturnQR, nil)
	}
	l, err := t.may(RightReturn)
	if err != nil {
		return Sold{}, err
	}
	op, err := t.record(ctx, localdb.Entry{Kind: register.KindReturn, Approved: l.name(), Body: back, Slips: t.slips("return")})
	if err != nil {
		return Sold{}, t.unused(l, err)
	}
	return t.paidBack(op)
}

// ReturnCart takes the goods that are rung up back, with no sale as a basis, and pays their price by one method: cash or
// card.
func (t *Till) ReturnCart(ctx context.Context, method register.Method, reason string) (Sold, error) {
	v := t.View()
	if !v.Settings.ReturnWithoutSale {
		return Sold{}, problem(CodeReturnNoSale, nil)
	}
	if method == register.Cash && v.Total > v.Shift.Totals.CashEnd {
		return Sold{}, problem(CodeDrawer, nil, "sum", v.Shift.Totals.CashEnd)
	}
	l, err := t.may(RightReturnFree)
	if err != nil {
		return Sold{}, err
	}
	sold, err := t.settle(ctx, func(cart *register.Cart) (localdb.Entry, error) {
		if cart.Order() != nil {
			return localdb.Entry{}, named(register.ErrLocked, "")
		}
		back, err := register.NewFreeReturn(cart, method, reason)
		return localdb.Entry{Kind: register.KindReturn, Approved: l.name(), Body: back, Slips: t.slips("return")}, named(err, "")
	})
	return sold, t.unused(l, err)
}
