package till

import (
	"context"
	"errors"
	"sync"
	"time"

	"kassa/banks"
	"kassa/register"
)

// Payments is where QR payments are made: the central server, or a bank that the till asks itself. Both move an
// attempt by the same rules, those of package banks.
//
// The attempt that comes back is to be kept, with an error too; an error never ends an attempt and is a *Problem that
// tells what stands in the way. Implementations are safe for concurrent use.
type Payments interface {
	// Begin gives the attempt that must be on the disk before Advance is called with it.
	Begin(r banks.Request) (banks.Attempt, error)
	// Advance makes the payment if it is not known to have been made, and asks for news of it otherwise, at most wait
	// long. Of an attempt with a refund it tells as Refund does.
	Advance(ctx context.Context, a banks.Attempt, purpose string, wait time.Duration) (banks.Attempt, error)
	// Cancel closes it if it is not paid; one that turns out paid on the way may stay paid, or be given back.
	Cancel(ctx context.Context, a banks.Attempt) (banks.Attempt, error)
	// Refundable asks how a paid attempt stands, and how its money can go back.
	Refundable(ctx context.Context, a banks.Attempt) (banks.Attempt, Refundable, error)
	// Refund sends the refund that a.Refund names, which must be on the disk (banks.Attempt.RefundSent). While a.Refund
	// stays in the attempt nobody knows the outcome: Advance asks for it. When it is gone and there is no error, the money
	// went back; with banks.ErrNoRefund it is proven that the bank never had it, and it may be sent again; with
	// any other problem it was refused or came to nothing.
	Refund(ctx context.Context, a banks.Attempt) (banks.Attempt, error)
	// Pause is how long to wait between two calls of Advance.
	Pause() time.Duration
	// Check tells whether payments could be made now.
	Check(ctx context.Context) error
	// Limits are those of the bank, where they are known.
	Limits() Limits
}

// Limits are what a bank takes and gives back. The zero value is that of a bank that a server knows.
type Limits struct {
	Bank      string
	Min, Max  register.Money
	WholeOnly bool
}

// Refundable is how the money of a paid attempt can go back.
type Refundable struct {
	Left      register.Money // so much of it is at the bank
	WholeOnly bool           // and can go back in full only
}

// DirectPayments asks a bank itself: for a till with no server.
type DirectPayments struct {
	bank banks.Bank
	now  func() time.Time

	mu      sync.Mutex
	missing map[string]banks.Missing // by payment and refund: since when the bank has had no trace of it
}

// NewDirectPayments makes QR payments at a bank.
func NewDirectPayments(b banks.Bank, now func() time.Time) *DirectPayments {
	return &DirectPayments{bank: b, now: now, missing: map[string]banks.Missing{}}
}

// Limits implements Payments.
func (d *DirectPayments) Limits() Limits {
	can := d.bank.Can()
	return Limits{Bank: d.bank.Name(), Min: can.MinAmount, Max: can.MaxAmount, WholeOnly: !can.PartialRefund}
}

// Begin implements Payments. A code that should live longer or shorter than the bank's do lives as long as they do.
func (d *DirectPayments) Begin(r banks.Request) (banks.Attempt, error) {
	can, life := d.bank.Can(), r.Expires.Sub(d.now())
	if life < can.MinLife {
		r.Expires = d.now().Add(can.MinLife + 10*time.Second)
	}
	if can.MaxLife > 0 && life > can.MaxLife {
		r.Expires = d.now().Add(can.MaxLife)
	}
	a, err := banks.Begin(d.bank, r)
	var refusal *banks.Refusal
	if errors.As(err, &refusal) && refusal.Reason == banks.ReasonAmount && can.MaxAmount > 0 {
		return a, problem(CodeQRLimits, err, "min", can.MinAmount, "max", can.MaxAmount)
	}
	return a, bankProblem(err)
}

// Advance implements Payments.
func (d *DirectPayments) Advance(ctx context.Context, a banks.Attempt, purpose string, _ time.Duration) (banks.Attempt, error) {
	if a.State == banks.StateCreating {
		next, err := banks.Create(ctx, d.bank, a, banks.Request{ID: a.ID, Amount: a.Amount, Purpose: purpose, Expires: a.Expires})
		return next, bankProblem(err)
	}
	return d.ask(ctx, a)
}

func (d *DirectPayments) ask(ctx context.Context, a banks.Attempt) (banks.Attempt, error) {
	next, err := banks.Ask(ctx, d.bank, a)
	noPayment := errors.Is(err, banks.ErrNotFound) && next.State == banks.StateCreateUnknown
	noRefund := errors.Is(err, banks.ErrNoRefund)
	switch {
	case err == nil:
		d.heard(a, false)
		return next, refundEnd(a, next)
	case noPayment && d.heard(a, true):
		if failed, stepErr := next.CreateFailed(); stepErr == nil {
			next = failed
		}
	case errors.Is(err, banks.ErrClosing):
		err = nil
		if d.heard(a, true) {
			next, err = next.CloseLost()
		}
		return next, bankProblem(err)
	case noRefund && d.heard(a, true):
		if lost, stepErr := next.RefundLost(); stepErr == nil {
			next = lost
		}
	}
	if a.Refund.ID != "" {
		return next, backProblem(err)
	}
	return next, bankProblem(err)
}

// heard takes one more word about a payment or its refund that may be missing at the bank; true when that is proven.
func (d *DirectPayments) heard(a banks.Attempt, missing bool) (proven bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := a.ID + " " + a.Refund.ID
	m, proven := d.missing[key].Heard(d.now(), missing)
	switch {
	case a.Refund.ID != "":
		m, proven = d.missing[key].HeardRefund(d.now(), missing, d.bank.Can())
	case a.Closing:
		m, proven = d.missing[key].HeardRefund(d.now(), missing, banks.Capabilities{})
	}
	if d.missing[key] = m; !missing || proven {
		delete(d.missing, key)
	}
	return proven
}

// forget begins anew: what was heard before a request was sent proves nothing about it.
func (d *DirectPayments) forget(a banks.Attempt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.missing, a.ID+" "+a.Refund.ID)
}

// refundEnd is the problem of a refund that the bank took and did not carry out; nil for every other end.
func refundEnd(before, next banks.Attempt) error {
	if before.Refund.ID == "" || next.Refund.ID != "" || next.Returned >= before.Returned+before.Refund.Amount {
		return nil
	}
	return problem(CodeBackFailed, banks.ErrRefused, "message", next.Words)
}

// Cancel implements Payments.
func (d *DirectPayments) Cancel(ctx context.Context, a banks.Attempt) (banks.Attempt, error) {
	sent, err := a.CancelSent()
	if err != nil {
		return a, bankProblem(err)
	}
	d.forget(sent)
	next, err := banks.Cancel(ctx, d.bank, sent)
	return next, bankProblem(err)
}

// Refundable implements Payments.
func (d *DirectPayments) Refundable(ctx context.Context, a banks.Attempt) (banks.Attempt, Refundable, error) {
	next, err := d.ask(ctx, a)
	return next, Refundable{Left: next.Left(), WholeOnly: !d.bank.Can().PartialRefund}, err
}

// Refund implements Payments.
func (d *DirectPayments) Refund(ctx context.Context, a banks.Attempt) (banks.Attempt, error) {
	d.forget(a)
	next, err := banks.Cancel(ctx, d.bank, a)
	if err != nil {
		return next, backProblem(err)
	}
	return next, refundEnd(a, next)
}

// Pause implements Payments.
func (d *DirectPayments) Pause() time.Duration { return d.bank.Can().Poll }

// Check implements Payments.
func (d *DirectPayments) Check(ctx context.Context) error { return bankProblem(d.bank.Check(ctx)) }

// bankProblem gives a bank's error its sentence.
func bankProblem(err error) error {
	var r *banks.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &r):
		code := CodeBankRefused
		switch r.Reason {
		case banks.ReasonSettings:
			code = CodeBankSettings
		case banks.ReasonAmount:
			code = CodeQRAmount
		}
		return problem(code, err, "message", r.Message)
	case errors.Is(err, banks.ErrAmountDiffers):
		return problem(CodeAmountDiffers, err)
	case errors.Is(err, banks.ErrStep), errors.Is(err, banks.ErrOtherPayment):
		return problem(CodeBankNonsense, err)
	}
	return problem(CodeBankDown, err)
}

// backProblem is bankProblem for money that goes back.
func backProblem(err error) error {
	var r *banks.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &r):
		code := CodeBackRefused
		switch r.Reason {
		case banks.ReasonSettings:
			code = CodeBackSettings
		case banks.ReasonBalance:
			code = CodeBackBalance
		}
		return problem(code, err, "message", r.Message)
	}
	return problem(CodeBackWaiting, err)
}
