package till

import (
	"context"

	"kassa/banks"
)

// RenewQR gives the buyer another code for the same receipt: at once when the payment on the screen has ended unpaid, and
// otherwise as soon as its code is closed at the bank. A buyer who was faster has paid, and there is no other code.
func (t *Till) RenewQR(context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.current
	if f == nil || f.a.State.HadMoney() {
		return problem(CodeNoQR, nil)
	}
	f.renewing = true
	if !f.done {
		f.cancelling = true
		f.done = f.givenUp()
	}
	poke(f.wake)
	t.follow(f) // one that has ended runs no more
	t.changed()
	return nil
}

// renewal tells whether another code is wanted in place of this one, which has ended. Money that is on its way back is no
// such end: the cashier sees it first.
func (f *follower) renewal() bool {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	return f.renewing && f.done && !f.a.State.HadMoney()
}

// renew puts the payment away and begins another one for its receipt, both or none. False: it is to be tried again.
func (f *follower) renew(ctx context.Context) bool {
	t := f.t
	t.mu.Lock()
	p, shift, open := t.parts(), t.shift.Number, t.shift.Open
	t.mu.Unlock()
	if p.payments == nil || !open {
		f.renewed(nil, problem(CodeQRUnavailable, nil))
		return true
	}
	next := &follower{t: t, kind: f.kind, cart: f.cart, receipt: f.receipt, setting: p.setting, shift: shift, cashier: f.cashier, wake: make(chan struct{}, 1)}
	var err error
	if next.a, err = p.payments.Begin(banks.Request{ID: t.c.NewID(), Amount: f.a.Amount, Expires: t.c.Now().Add(codeLife)}); err != nil {
		f.renewed(nil, err)
		return true
	}
	t.drafts.Lock()
	defer t.drafts.Unlock()
	if !f.renewal() {
		return true // the cashier has put it away, or cancelled, meanwhile
	}
	stored, err := next.stored()
	if err == nil {
		err = t.c.Store.RenewQRPayment(context.WithoutCancel(ctx), f.a.ID, stored)
	}
	if err != nil {
		f.hindered(CodeDisk)
		return false
	}
	f.renewed(next, nil)
	return true
}

// renewed puts the new payment in the old one's place, wherever that is by now; with none, it tells why.
func (f *follower) renewed(next *follower, err error) {
	t := f.t
	t.mu.Lock()
	defer t.mu.Unlock()
	f.renewing = false
	if next == nil {
		f.trouble, f.message = troubleOf(err)
		t.changed()
		return
	}
	f.away = true
	if t.current == f {
		t.current = next
	}
	for i, p := range t.parked {
		if p == f {
			t.parked[i] = next
		}
	}
	t.follow(next)
	t.changed()
	poke(t.lateNews)
}
