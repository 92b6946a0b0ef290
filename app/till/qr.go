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
// rest shows in View.QR. Until the payment has ended the receipt cannot be changed. The problem is CodeQRLimits for a sum
// that the bank does not take, where that is known before it is asked.
func (t *Till) StartQR(ctx context.Context) error {
	return t.startQR(ctx, register.KindSale, func(cart *register.Cart) (register.Money, error) { return cart.Due(), nil })
}

// PrepayQR takes the receipt to be prepaid by QR: as StartQR, with an amount up to the total, and a prepayment instead of a
// sale when it is paid.
func (t *Till) PrepayQR(ctx context.Context, amount register.Money) error {
	return t.startQR(ctx, register.KindPrepayment, func(cart *register.Cart) (register.Money, error) {
		// What would be refused when it is paid is refused now.
		_, err := register.NewPrepayment(cart, amount, []register.Payment{{Method: register.QR, Amount: amount, QRID: "new"}})
		return amount, named(err, "")
	})
}

// startQR begins a payment of what amount says. amount is called with t.mu held.
func (t *Till) startQR(ctx context.Context, kind register.Kind, amount func(*register.Cart) (register.Money, error)) error {
	f := &follower{t: t, kind: kind, wake: make(chan struct{}, 1)}
	var sum register.Money
	cashier, err := t.begin(func() (err error) {
		p := t.parts()
		switch {
		case t.ringing() != nil:
			return t.ringing()
		case t.cart.Len() == 0 || t.cart.Due() == 0:
			return problem(CodeEmptyCart, nil)
		case p.payments == nil:
			return problem(CodeQRUnavailable, nil)
		}
		f.cart, f.setting = t.cart.Draft(), p.setting
		if sum, err = amount(&t.cart); err != nil {
			return err
		}
		return t.orderReady()
	})
	if err != nil {
		return err
	}
	defer t.end()
	if err := t.orderStands(ctx, f.cart.Order); err != nil {
		return err
	}
	f.cashier, f.shift = cashier, t.View().Shift.Number
	if f.a, err = f.payments().Begin(banks.Request{ID: t.c.NewID(), Amount: sum, Expires: t.c.Now().Add(codeLife)}); err != nil {
		return err
	}
	t.drafts.Lock()
	defer t.drafts.Unlock()
	stored, err := f.stored()
	if err != nil {
		return err
	}
	if f.receipt, err = t.c.Store.AddQRPayment(context.WithoutCancel(ctx), stored); err != nil {
		return disk(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current = f
	t.changed()
	t.follow(f)
	return nil
}

// loadQR finds the payments that were left open. The newest is put before the cashier again if no other receipt was
// begun after it; the others go on in the background.
func (t *Till) loadQR(ctx context.Context) error {
	open, err := t.c.Store.OpenQRPayments(ctx)
	if err != nil {
		return err
	}
	for i, p := range open {
		f := &follower{t: t, kind: p.Kind, cart: p.Cart, receipt: p.Receipt, setting: p.Setting, shift: p.Shift, cashier: p.Cashier,
			left: true, wake: make(chan struct{}, 1)}
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
	j, err := job("qr", doc)
	if err != nil {
		return disk(err)
	}
	j.About, j.Expires = q.ID, q.Expires
	if err := t.queueJob(ctx, j); err != nil {
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
	t.current.cancelling, t.current.renewing = true, false
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
	if done {
		f.renewing = false
	}
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
	f.away = true
	if t.current == f {
		t.current = nil
		t.applyRules()
		t.changed()
	}
	poke(t.lateNews)
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
	next := bankOf(t.parts(), LinkUp)
	var p *Problem
	if errors.As(err, &p) {
		next.Link, next.Trouble = LinkDown, p.Code
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.showBank(next)
}

// showBank shows how the bank is reached. A link that came back has what waits for it looked at. t.mu is held.
func (t *Till) showBank(next Bank) {
	if t.bank == next {
		return
	}
	if next.Link == LinkUp && t.bank.Link == LinkDown {
		poke(t.lateNow)
		for _, b := range t.backs {
			poke(b.wake)
		}
	}
	t.bank = next
	t.changed()
}

// bankOf is how a bank shows that is reached like this.
func bankOf(p *parts, link Link) Bank {
	b := Bank{Link: link, Direct: p.direct}
	if p.payments != nil {
		l := p.payments.Limits()
		b.Name, b.Min, b.Max, b.WholeOnly = l.Bank, l.Min, l.Max, l.WholeOnly
	}
	return b
}

// stored is a new payment as it is kept.
func (f *follower) stored() (localdb.QRPayment, error) {
	attempt, err := json.Marshal(f.a)
	return localdb.QRPayment{ID: f.a.ID, Kind: f.kind, Setting: f.setting, State: string(f.a.State), Attempt: attempt,
		Cart: f.cart, Total: f.a.Amount, Shift: f.shift, Cashier: f.cashier}, err
}
