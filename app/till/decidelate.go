package till

import (
	"context"
	"errors"

	"kassa/banks"
	"kassa/localdb"
	"kassa/register"
)

// FinishLate makes the sale, or the prepayment, that late money was for, in the shift that is open. The bank is asked once
// more before. The problem is CodeNoLate when the money is gone, CodeLateSold, CodeQROpen when another code for
// the same receipt is open, CodeNoShift, CodeBankDown or CodeServerDown when the bank cannot be asked, or one of Pay's.
func (t *Till) FinishLate(ctx context.Context, id string) (Sold, error) {
	l, err := t.lateByID(id)
	if err != nil {
		return Sold{}, err
	}
	if err := l.asking.take(ctx); err != nil {
		return Sold{}, err
	}
	defer l.asking.give()
	if err := t.mayFinish(l); err != nil {
		return Sold{}, err
	}
	a, err := t.askAgain(ctx, l)
	if err != nil {
		return Sold{}, err
	}
	if a.State != banks.StatePaid {
		return Sold{}, problem(CodeNoLate, nil)
	}
	e, err := paidEntry(l.p.Kind, l.p.Cart, a)
	if err != nil {
		return Sold{}, problem(CodePayment, err)
	}
	cashier, err := t.begin(func() error { return t.finishReady(l) })
	if err != nil {
		return Sold{}, err
	}
	defer t.end()
	t.drafts.Lock()
	defer t.drafts.Unlock()
	ringing, err := t.c.Store.DraftReceipt(ctx)
	if err != nil {
		return Sold{}, disk(err)
	}
	same := ringing == l.p.Receipt && t.View().QR == nil
	if same {
		e.Draft = &register.Draft{} // the receipt that is being rung up is the one that was paid
	}
	e.Shift, e.Cashier, e.Slips = t.View().Shift.Number, cashier, t.slips(string(e.Kind))
	op, err := t.commit(ctx, e)
	if err != nil {
		if errors.Is(err, localdb.ErrSettled) || errors.Is(err, localdb.ErrSold) {
			poke(t.lateNews)
		}
		return Sold{}, err
	}
	sold, err := soldBy(op)
	if err != nil {
		return Sold{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if same {
		t.cart.Clear()
		t.cart.SetRules(t.settings.rules())
	}
	if t.cart.Len() == 0 {
		t.last = &sold
	} else {
		t.parkedSold = &sold
	}
	t.removeLate(l)
	t.changed()
	poke(t.lateNews)
	return sold, nil
}

// RefundLate gives late money back, all that is left of it. No operation is written: there was no sale. The refund is on
// the disk when it has returned without an error, and the payment stays in View.Late until the bank has said that the
// money went back; what the bank has against it shows there as Trouble. It needs RightReturn.
func (t *Till) RefundLate(ctx context.Context, id string) error {
	l, err := t.lateByID(id)
	if err != nil {
		return err
	}
	if err := l.asking.take(ctx); err != nil {
		return err
	}
	defer l.asking.give()
	t.mu.Lock()
	a := l.a
	t.mu.Unlock()
	switch {
	case !a.State.Paid():
		return problem(CodeNoLate, nil)
	case t.gone(l.p.Setting):
		return problem(CodeQRUnavailable, nil)
	}
	lv, err := t.may(RightReturn)
	if err != nil {
		return err
	}
	sent, err := a.RefundSent(t.c.NewID(), a.Left())
	if err != nil {
		return t.unused(lv, problem(CodeNoLate, err))
	}
	who := lv.name()
	if who == "" {
		who = t.View().Cashier
	}
	if err := t.keepLate(ctx, sent, who+" gives late money back", true); err != nil {
		return t.unused(lv, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	l.a, l.unsent = sent, true
	l.next, l.failed, l.trouble, l.message = t.c.Now(), 0, "", ""
	t.changed()
	poke(t.lateNews)
	return nil
}

// lateByID finds late money.
func (t *Till) lateByID(id string) (*late, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range t.late {
		if l.p.ID == id && l.shows() {
			return l, nil
		}
	}
	return nil, problem(CodeNoLate, nil)
}

// mayFinish tells whether late money can become what it was for, before the bank is asked.
func (t *Till) mayFinish(l *late) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.finishReady(l)
}

// finishReady is mayFinish with t.mu held.
func (t *Till) finishReady(l *late) error {
	switch {
	case t.cashier == "":
		return problem(CodeNotSignedIn, nil)
	case !t.shift.Open:
		return problem(CodeNoShift, nil)
	case l.p.Sold:
		return problem(CodeLateSold, nil)
	case l.a.State != banks.StatePaid:
		return problem(CodeNoLate, nil)
	}
	for _, f := range t.followers() {
		if f.receipt == l.p.Receipt {
			return problem(CodeQROpen, nil)
		}
	}
	if o := l.p.Cart.Order; o != nil {
		return t.orderUnpaid(o.Prepayment.ID)
	}
	return nil
}

// askAgain asks the bank about late money before anything is done with it.
func (t *Till) askAgain(ctx context.Context, l *late) (banks.Attempt, error) {
	ctx, stop := context.WithTimeout(ctx, refundAsk)
	defer stop()
	next, err := t.askLate(ctx, l.p.Setting, l.a)
	t.tookLate(ctx, l, next, err)
	return next, err
}

// removeLate ends the watch. t.mu is held.
func (t *Till) removeLate(l *late) {
	for i, o := range t.late {
		if o == l {
			t.late = append(t.late[:i:i], t.late[i+1:]...)
			return
		}
	}
}
