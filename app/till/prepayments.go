package till

import (
	"context"
	"errors"

	"kassa/localdb"
	"kassa/register"
)

// Prepayment is a prepaid order and what became of its money.
type Prepayment struct {
	Operation
	Order register.Prepayment
	State register.PrepaymentState
	Back  string // id of the refund by QR that is under way for it; empty in a list
}

// Prepay takes an amount for what is on the receipt, to be handed over later. When it has returned without an error the
// prepayment is on the disk.
func (t *Till) Prepay(ctx context.Context, amount register.Money, with Tender) (Sold, error) {
	return t.settle(ctx, func(cart *register.Cart) (localdb.Entry, error) {
		payments, err := with.payments(amount)
		if err != nil {
			return localdb.Entry{}, err
		}
		p, err := register.NewPrepayment(cart, amount, payments)
		return localdb.Entry{Kind: register.KindPrepayment, Body: p, Slips: t.slips("prepayment")}, named(err, "")
	})
}

// Prepayments lists those of which money is left, newest first, from before a position; zero starts at the newest. A
// text is looked for in the customer, the remark and the receipt's number.
func (t *Till) Prepayments(ctx context.Context, text string, before int64, limit int) ([]Prepayment, error) {
	stored, err := t.c.Store.OpenPrepayments(ctx, text, before, limit)
	if err != nil {
		return nil, disk(err)
	}
	all := make([]Prepayment, len(stored))
	for i, o := range stored {
		all[i] = Prepayment{Operation: listed(o.Stored), State: o.State}
		if all[i].Order, err = o.Prepayment(); err != nil {
			return nil, disk(err)
		}
	}
	return all, nil
}

// PrepaymentByID finds a prepayment, also one that is done with.
func (t *Till) PrepaymentByID(ctx context.Context, id string) (Prepayment, error) {
	op, ok, err := t.c.Store.OperationByID(ctx, id)
	if err != nil {
		return Prepayment{}, disk(err)
	}
	order, err := op.Prepayment()
	if !ok || err != nil {
		return Prepayment{}, problem(CodeNoPrepayment, err)
	}
	state, err := t.c.Store.PrepaymentState(ctx, id)
	if err != nil {
		return Prepayment{}, disk(err)
	}
	p := Prepayment{Operation: listed(localdb.Stored{Operation: op}), Order: order, State: state, Back: t.underWay(id)}
	if stored, err := t.c.Store.ByReceiptCode(ctx, op.ReceiptCode()); err == nil {
		p.Operation = listed(stored) // with its place in the history
	}
	return p, nil
}

// HandOver puts a prepaid order on the receipt, which must be empty, to be paid for what is left of it. Its lines cannot
// be changed; clearing the receipt leaves the order as it was.
func (t *Till) HandOver(ctx context.Context, id string) error {
	p, err := t.PrepaymentByID(ctx, id)
	if err != nil {
		return err
	}
	if !p.State.Open() {
		return problem(CodeNoPrepayment, register.ErrPrepaid)
	}
	cart, err := register.OrderCart(p.Order, p.Operation.Operation.Ref(p.Order.Receipt), p.State.Left())
	if err != nil {
		return problem(CodeNoPrepayment, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.ringing(); err != nil {
		return err
	}
	if t.cart.Len() > 0 {
		return problem(CodeCartNotEmpty, nil)
	}
	if err := t.orderUnpaid(id); err != nil {
		return err
	}
	t.cart, t.last, t.parkedSold = cart, nil, nil
	t.changed()
	poke(t.draft)
	return nil
}

// ReturnPrepayment gives an amount of a prepayment back, as it was paid; of a mixed payment, prefer goes first. What goes
// back by QR is for StartPrepaymentReturn: CodeReturnQR.
func (t *Till) ReturnPrepayment(ctx context.Context, id string, amount register.Money, prefer register.Method, reason string) (Sold, error) {
	back, _, err := t.planPrepaymentReturn(ctx, id, amount, prefer, reason)
	if err != nil {
		return Sold{}, err
	}
	if _, ok := byQR(back.Payments); ok {
		return Sold{}, problem(CodeReturnQR, nil)
	}
	l, err := t.may(RightPrepaymentReturn)
	if err != nil {
		return Sold{}, err
	}
	done, err := t.recordIf(ctx, localdb.Entry{Kind: register.KindPrepaymentReturn, Approved: l.name(), Body: back,
		Slips: t.slips("prepayment return")}, func() error { return t.orderAtRest(id) })
	if err != nil {
		return Sold{}, t.unused(l, err)
	}
	return t.paidBack(done)
}

// planPrepaymentReturn computes what giving back a part of a prepayment comes to, and gives the earlier returns of it too.
func (t *Till) planPrepaymentReturn(ctx context.Context, id string, amount register.Money, prefer register.Method, reason string) (register.PrepaymentReturn, []register.PrepaymentReturn, error) {
	var none register.PrepaymentReturn
	op, earlier, err := t.c.Store.PrepaymentReturns(ctx, id)
	if errors.Is(err, localdb.ErrNoOperation) {
		return none, nil, problem(CodeNoPrepayment, err)
	}
	if err != nil {
		return none, nil, disk(err)
	}
	order, err := op.Prepayment()
	if err != nil {
		return none, nil, problem(CodeNoPrepayment, err)
	}
	state, err := t.c.Store.PrepaymentState(ctx, id)
	if err != nil {
		return none, nil, disk(err)
	}
	if t.underWay(id) != "" {
		return none, nil, problem(CodeBackOpen, nil)
	}
	back, err := register.NewPrepaymentReturn(order, op.Ref(order.Receipt), state.Left(), earlier, amount, prefer, reason)
	if err != nil {
		return none, nil, named(err, "")
	}
	back.Contact = order.Contact
	return back, earlier, t.mayPayBack(back.Payments, order.Payments)
}

// orderAtRest tells whether nothing is being done with an order: it is not on the receipt, and not in a QR payment. t.mu
// is held.
func (t *Till) orderAtRest(id string) error {
	if o := t.cart.Order(); o != nil && o.Prepayment.ID == id {
		return problem(CodeCartNotEmpty, nil)
	}
	return t.orderUnpaid(id)
}

// orderUnpaid tells whether no parked QR payment may yet bring the rest of an order, and no money of it is on its way
// back: the buyer would have paid it twice, or for a prepayment that is gone. t.mu is held.
func (t *Till) orderUnpaid(id string) error {
	if t.backOf(id) != "" {
		return problem(CodeBackOpen, nil)
	}
	for _, f := range t.parked {
		if o := f.cart.Order; o != nil && o.Prepayment.ID == id && !f.done {
			return problem(CodeQROpen, nil)
		}
	}
	return nil
}

// orderReady is orderUnpaid for the order on the receipt, if there is one. t.mu is held.
func (t *Till) orderReady() error {
	if o := t.cart.Order(); o != nil {
		return t.orderUnpaid(o.Prepayment.ID)
	}
	return nil
}

// orderStands tells whether there is still so much of an order's prepayment as the receipt says. A commit looks again;
// here it is asked before a buyer pays a bank.
func (t *Till) orderStands(ctx context.Context, o *register.Order) error {
	if o == nil {
		return nil
	}
	state, err := t.c.Store.PrepaymentState(ctx, o.Prepayment.ID)
	switch {
	case err != nil:
		return disk(err)
	case !state.Open() || state.Left() != o.Paid:
		return problem(CodePrepaid, register.ErrPrepaid)
	}
	return nil
}
