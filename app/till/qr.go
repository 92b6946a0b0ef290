package till

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kassa/banks"
	"kassa/localdb"
	"kassa/printer/slip"
	"kassa/register"
)

// codeLife is how long a buyer has to pay a code.
const codeLife = 15 * time.Minute

// StartQR takes the receipt to be paid by QR: the payment and its receipt are on the disk when it returns, and the
// rest shows in View.QR. Until the payment has ended the receipt cannot be changed.
func (t *Till) StartQR(ctx context.Context) error {
	var cart register.Draft
	var total register.Money
	var payments Payments
	cashier, err := t.begin(func() error {
		cart, total, payments = t.cart.Draft(), t.cart.Due(), t.parts().payments
		switch {
		case t.ringing() != nil:
			return t.ringing()
		case len(cart.Lines) == 0 || total == 0:
			return problem(CodeEmptyCart, nil)
		case payments == nil:
			return problem(CodeQRUnavailable, nil)
		}
		return t.orderReady()
	})
	if err != nil {
		return err
	}
	defer t.end()
	if err := t.orderStands(ctx, cart.Order); err != nil {
		return err
	}
	a, err := payments.Begin(banks.Request{ID: t.c.NewID(), Amount: total, Expires: t.c.Now().Add(codeLife)})
	if err != nil {
		return err
	}
	t.drafts.Lock()
	defer t.drafts.Unlock()
	f := &follower{t: t, a: a, cart: cart, shift: t.View().Shift.Number, cashier: cashier, wake: make(chan struct{}, 1)}
	if err := f.add(context.WithoutCancel(ctx)); err != nil {
		return disk(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current = f
	t.changed()
	t.follow(f)
	return nil
}

// PrepayQR takes the receipt to be prepaid by QR: as StartQR, with an amount up to the total, and a prepayment instead of a
// sale when it is paid.
func (t *Till) PrepayQR(ctx context.Context, amount register.Money) error {
	return problem(CodeQRUnavailable, nil)
}

// RenewQR gives the buyer another code for the same receipt: at once when the payment on the screen has ended unpaid, and
// otherwise as soon as its code is closed at the bank. A buyer who was faster has paid, and there is no other code.
func (t *Till) RenewQR(ctx context.Context) error {
	return problem(CodeNoQR, nil)
}

// loadQR finds the payments that were left open. The newest is put before the cashier again if no other receipt was
// begun after it; the others go on in the background.
func (t *Till) loadQR(ctx context.Context) error {
	open, err := t.c.Store.OpenQRPayments(ctx)
	if err != nil {
		return err
	}
	for i, p := range open {
		f := &follower{t: t, cart: p.Cart, shift: p.Shift, cashier: p.Cashier, left: true, wake: make(chan struct{}, 1)}
		if err := json.Unmarshal(p.Attempt, &f.a); err != nil {
			return fmt.Errorf("reading QR payment %s: %w", p.ID, err)
		}
		if f.a.State == banks.StateCreating {
			// The program stopped before the bank's answer was stored: nobody knows whether there was one.
			if f.a, err = f.a.CreateLost(); err != nil {
				return fmt.Errorf("reading QR payment %s: %w", p.ID, err)
			}
		}
		cart, err := register.RestoreCart(p.Cart)
		if err == nil && i == len(open)-1 && t.cart.Len() == 0 && t.parts().payments != nil {
			t.current, t.cart = f, cart
			continue
		}
		t.parked = append(t.parked, f)
	}
	return nil
}

// PrintQR prints the code on a slip.
func (t *Till) PrintQR(ctx context.Context) error {
	q := t.View().QR
	switch {
	case q == nil || q.Payload == "":
		return problem(CodeNoQR, nil)
	case t.parts().printer == nil:
		return problem(CodeNoPrinter, nil)
	}
	doc, err := slip.QR(t.slipShop(), slip.Code{Amount: q.Amount, Payload: q.Payload, At: t.c.Now(), Expires: q.Expires}, t.c.Language)
	if err != nil {
		return problem(CodeNotPrintable, err)
	}
	if err := t.queue(ctx, "qr", doc); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current != nil && t.current.a.ID == q.ID {
		t.current.printed = true
		t.changed()
	}
	return nil
}

// CancelQR has the payment on the screen cancelled. What comes of it shows in View.QR: a buyer who was faster has paid,
// and then the sale is made.
func (t *Till) CancelQR(context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == nil || t.current.done {
		return problem(CodeNoQR, nil)
	}
	t.current.cancelling = true
	t.current.done = t.current.givenUp()
	poke(t.current.wake)
	t.changed()
	return nil
}

// CloseQR puts away a payment that ended unpaid; the receipt can be changed again.
func (t *Till) CloseQR(ctx context.Context) error {
	t.drafts.Lock()
	defer t.drafts.Unlock()
	t.mu.Lock()
	f := t.current
	done := f != nil && f.done
	cart := t.cart.Draft()
	t.mu.Unlock()
	if !done {
		return problem(CodeNoQR, nil)
	}
	if err := t.c.Store.PutAwayQRPayment(ctx, f.a.ID, &cart); err != nil {
		return disk(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == f {
		t.current = nil
		t.applyRules()
		t.changed()
	}
	return nil
}

// ParkQR lets the payment on the screen go on in the background, so that the next buyer can be served. The sale is made
// when the bank says paid.
func (t *Till) ParkQR(context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == nil || t.current.done || t.busy {
		return problem(CodeNoQR, nil)
	}
	t.parked = append(t.parked, t.current)
	t.current = nil
	t.cart = register.NewCart(t.settings.rules())
	t.changed()
	return nil
}

// ResumeQR puts a parked payment back on the screen. The receipt must be empty.
func (t *Till) ResumeQR(_ context.Context, id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.current != nil || t.busy:
		return problem(CodeQROpen, nil)
	case t.cart.Len() > 0:
		return problem(CodeCartNotEmpty, nil)
	}
	for i, f := range t.parked {
		if f.a.ID != id {
			continue
		}
		cart, err := register.RestoreCart(f.cart)
		if err != nil {
			return problem(CodeNoQR, err)
		}
		t.parked = append(t.parked[:i:i], t.parked[i+1:]...)
		t.current, t.cart = f, cart
		t.changed()
		return nil
	}
	return problem(CodeNoQR, nil)
}

// PracticePay plays the buyer: it pays the code on the screen at the practice bank.
func (t *Till) PracticePay(ctx context.Context) error {
	t.mu.Lock()
	var id string
	if t.current != nil {
		id = t.current.a.BankID
	}
	t.mu.Unlock()
	if id == "" || t.c.PracticePay == nil {
		return problem(CodeNoQR, nil)
	}
	if err := t.c.PracticePay(ctx, id); err != nil {
		return problem(CodeBankDown, err)
	}
	return nil
}

// watchBank looks whether a bank that the till asks itself can be reached. Through a server the sync worker tells.
func (t *Till) watchBank(ctx context.Context) {
	if !t.parts().direct {
		return
	}
	for {
		err := t.parts().payments.Check(ctx)
		if ctx.Err() != nil {
			return
		}
		t.bankSaid(err)
		if !wait(ctx, nil, 30*time.Second) {
			return
		}
	}
}

func (t *Till) bankSaid(err error) {
	next := Bank{Link: LinkUp, Direct: true}
	var p *Problem
	if errors.As(err, &p) {
		next.Link, next.Trouble = LinkDown, p.Code
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bank != next {
		t.bank = next
		t.changed()
	}
}

// add stores a new payment with its receipt.
func (f *follower) add(ctx context.Context) error {
	attempt, err := json.Marshal(f.a)
	if err != nil {
		return err
	}
	return f.t.c.Store.AddQRPayment(ctx, localdb.QRPayment{ID: f.a.ID, State: string(f.a.State), Attempt: attempt,
		Cart: f.cart, Total: f.a.Amount, Shift: f.shift, Cashier: f.cashier})
}
