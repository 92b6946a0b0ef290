package till

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"kassa/banks"
	"kassa/localdb"
	"kassa/register"
)

// refundAsk is how long a cashier waits for the bank's first word about a payment that is to go back.
const refundAsk = 12 * time.Second

// StartReturn takes goods of a sale back whose money goes back by QR; PlanReturn tells whether it does, by the payments of
// its plan. When it has returned without an error the refund is on the disk and shows in View.Back, also after a power
// cut. The return is written, and shows in View.Last or View.BackDone, when the bank says that the money went back.
//
// The bank is asked about the payment first, which may take some seconds. The problem is CodeBackOffline when it does not
// answer, CodeBackOutside, CodeBackTooMuch, CodeBackWhole, CodeBackOpen, or one of Return's; nothing was begun then.
func (t *Till) StartReturn(ctx context.Context, r ReturnOrder) error {
	plan, earlier, err := t.planReturn(ctx, r)
	if err != nil {
		return err
	}
	back := make([][]register.Payment, len(earlier))
	for i, e := range earlier {
		back[i] = e.Payments
	}
	return t.startBack(ctx, planned{kind: register.KindReturn, right: RightReturn, basis: *plan.Sale, body: plan, payments: plan.Payments,
		booked: bookedOf(plan.Payments, back), outside: r.Outside})
}

// StartPrepaymentReturn gives an amount of a prepayment back that was paid by QR. It is to ReturnPrepayment what
// StartReturn is to Return.
func (t *Till) StartPrepaymentReturn(ctx context.Context, r PrepaymentReturnOrder) error {
	plan, earlier, err := t.planPrepaymentReturn(ctx, r.Prepayment, r.Amount, register.QR, r.Reason)
	if err != nil {
		return err
	}
	back := make([][]register.Payment, len(earlier))
	for i, e := range earlier {
		back[i] = e.Payments
	}
	return t.startBack(ctx, planned{kind: register.KindPrepaymentReturn, right: RightPrepaymentReturn, basis: plan.Prepayment, body: plan,
		payments: plan.Payments, booked: bookedOf(plan.Payments, back), outside: r.Outside})
}

// planned is a return whose money goes back by QR.
type planned struct {
	kind     register.Kind
	right    Right
	basis    register.Ref
	body     any
	payments []register.Payment
	booked   register.Money // what earlier returns say has gone back by the same QR payment
	outside  Outside
}

// byQR is the payment that goes back by QR; false when none does.
func byQR(payments []register.Payment) (register.Payment, bool) {
	for _, p := range payments {
		if p.Method == register.QR {
			return p, true
		}
	}
	return register.Payment{}, false
}

// bookedOf is what earlier returns say has gone back by the QR payment of a plan.
func bookedOf(plan []register.Payment, earlier [][]register.Payment) (sum register.Money) {
	by, _ := byQR(plan)
	for _, payments := range earlier {
		if p, ok := byQR(payments); ok && p.QRID == by.QRID {
			sum += p.Amount
		}
	}
	return sum
}

func (t *Till) startBack(ctx context.Context, plan planned) error {
	money, ok := byQR(plan.payments)
	if !ok {
		return problem(CodeReturnQR, nil) // its money goes back otherwise
	}
	if err := t.mayBack(plan); err != nil {
		return err
	}
	p, a, err := t.paidAttempt(ctx, money)
	if err != nil {
		return err
	}
	asked, stop := context.WithTimeout(ctx, refundAsk)
	defer stop()
	a, can, err := t.paymentsOf(p.Setting).Refundable(asked, a)
	if err != nil || !a.State.HadMoney() {
		return problem(CodeBackOffline, err)
	}
	state, err := howBack(a, can, money.Amount, plan.booked, plan.outside)
	if err != nil {
		return err
	}
	return t.beginBack(ctx, plan, p, a, money.Amount, state)
}

// howBack decides what becomes of a return, by what the bank says of its payment: BackSending, or BackDone where
// somebody has given the money back at the bank. amount is to go back, booked is what earlier returns say has.
func howBack(a banks.Attempt, can Refundable, amount, booked register.Money, outside Outside) (BackState, error) {
	unbooked := a.Refunded - booked // went back, and no return says so
	switch {
	case outside == OutsideCounts && unbooked >= amount:
		return BackDone, nil
	case outside == OutsideCounts:
		return "", problem(CodeBackTooMuch, nil, "sum", max(unbooked, 0))
	case outside == "" && unbooked >= amount:
		return "", problem(CodeBackOutside, nil, "sum", unbooked)
	case can.WholeOnly && amount != a.Amount:
		return "", problem(CodeBackWhole, nil, "sum", a.Amount)
	case amount > can.Left:
		return "", problem(CodeBackTooMuch, nil, "sum", max(can.Left, 0))
	}
	return BackSending, nil
}

// mayBack tells whether a return by QR can be begun, before the bank is asked. A leave is looked at and not used up yet.
func (t *Till) mayBack(plan planned) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.cashier == "":
		return problem(CodeNotSignedIn, nil)
	case !t.shift.Open:
		return problem(CodeNoShift, nil)
	}
	l, err := t.allowed(plan.right)
	if l != nil {
		t.leave = l
	}
	return err
}

// paidAttempt finds the attempt that a payment of an operation was made by. One that the database does not know any
// more is known by what the operation says of it; the bank is asked before anything is done with it.
func (t *Till) paidAttempt(ctx context.Context, by register.Payment) (localdb.QRPayment, banks.Attempt, error) {
	p, err := t.c.Store.QRPaymentByID(ctx, by.QRID)
	var a banks.Attempt
	switch {
	case errors.Is(err, localdb.ErrNoQRPayment):
		sum, err := t.paidByQR(ctx, by.QRID)
		return localdb.QRPayment{ID: by.QRID, Total: sum}, banks.Attempt{ID: by.QRID, Bank: by.Bank, BankID: by.BankID, Amount: sum,
			State: banks.StatePaid, Expires: t.c.Now().UTC()}, err
	case err != nil:
		return p, a, disk(err)
	}
	if err := json.Unmarshal(p.Attempt, &a); err != nil {
		return p, a, disk(err)
	}
	return p, a, nil
}

// paidByQR is what an operation was paid by a QR payment of which nothing else is known.
func (t *Till) paidByQR(ctx context.Context, id string) (register.Money, error) {
	sum, err := t.c.Store.PaidByQR(ctx, id)
	return sum, disk(err)
}

// beginBack stores the refund and follows it.
func (t *Till) beginBack(ctx context.Context, plan planned, p localdb.QRPayment, a banks.Attempt, amount register.Money, state BackState) error {
	body, err := json.Marshal(plan.body)
	if err != nil {
		return err
	}
	cashier, err := t.begin(func() error { return t.backReady(plan) })
	if err != nil {
		return err
	}
	defer t.end()
	l, err := t.may(plan.right)
	if err != nil {
		return err
	}
	b := &refunder{t: t, a: a, setting: p.Setting, wake: make(chan struct{}, 1), r: localdb.QRRefund{
		ID: t.c.NewID(), Payment: p.ID, Try: t.c.NewID(), State: string(state), Kind: plan.kind, Basis: plan.basis.ID, Amount: amount,
		Body: body, Cashier: cashier, Approved: l.name(), Created: t.c.Now(),
	}}
	if err := b.read(); err != nil {
		return t.unused(l, err)
	}
	if p.Attempt, err = json.Marshal(a); err != nil {
		return t.unused(l, err)
	}
	p.State = string(a.State)
	if err := t.c.Store.AddQRRefund(context.WithoutCancel(ctx), b.r, p); errors.Is(err, localdb.ErrRefundOpen) {
		return t.unused(l, problem(CodeBackOpen, err))
	} else if err != nil {
		return t.unused(l, disk(err))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.backs, t.back = append(t.backs, b), b
	t.changed()
	t.followBack(b)
	return nil
}

// backReady tells whether a return by QR can be begun. t.mu is held.
func (t *Till) backReady(plan planned) error {
	switch {
	case t.cashier == "":
		return problem(CodeNotSignedIn, nil)
	case !t.shift.Open:
		return problem(CodeNoShift, nil)
	case t.backOf(plan.basis.ID) != "":
		return problem(CodeBackOpen, nil)
	case plan.kind == register.KindPrepaymentReturn:
		return t.orderAtRest(plan.basis.ID)
	}
	return nil
}

// backOf is the id of the refund that is under way for a sale or a prepayment; empty when none is. t.mu is held.
func (t *Till) backOf(basis string) string {
	for _, b := range t.backs {
		if b.r.Basis == basis {
			return b.r.ID
		}
	}
	return ""
}

// underWay is backOf for those who do not hold t.mu.
func (t *Till) underWay(basis string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.backOf(basis)
}
