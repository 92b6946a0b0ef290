package till

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kassa/banks"
	"kassa/localdb"
	"kassa/register"
)

// Pauses of a follower.
const (
	longPoll   = 20 * time.Second
	bankFirst  = time.Second
	bankLong   = 5 * time.Second
	callLimit  = 30 * time.Second
	expiryRest = 5 * time.Second // a code that has run out is cancelled after this, if the bank has not ended it
)

// follower brings one QR payment to its end. Its fields are guarded by the till's lock; run alone changes the attempt.
type follower struct {
	t       *Till
	kind    register.Kind // what it becomes
	cart    register.Draft
	receipt string // as in localdb.QRPayment
	setting string // by which it was made
	running bool
	shift   int64
	cashier string
	wake    chan struct{}

	a          banks.Attempt
	cancelling bool // the cashier wants it cancelled, or its time ran out
	renewing   bool // the cashier wants another code when this one is closed
	done       bool // ended, and not as a sale
	away       bool // the cashier has put it away
	left       bool
	printed    bool
	trouble    Code
	message    string
}

func (f *follower) view() QR {
	q := QR{ID: f.a.ID, Kind: f.kind, Renewing: f.renewing, Amount: f.a.Amount, State: f.a.State, Payload: f.a.Payload, Expires: f.a.Expires, Left: f.left,
		Done: f.done, Trouble: f.trouble, Message: f.message, Printed: f.printed}
	if f.cancelling && !f.done {
		switch q.State {
		case banks.StateCreating, banks.StateCreateUnknown, banks.StateWaiting:
			q.State = banks.StateCancelling
		}
	}
	// A code that nobody may pay any more is not shown: not while it is being cancelled, not after its time.
	if q.State != banks.StateWaiting || !f.t.c.Now().Before(f.a.Expires) {
		q.Payload = ""
	}
	return q
}

// run asks until the payment has ended, and makes the sale when it was paid.
func (f *follower) run(ctx context.Context) {
	pause := bankFirst
	for ctx.Err() == nil {
		a, cancelling, done := f.look()
		switch {
		case done && f.renewal():
			if f.renew(ctx) {
				return
			}
			wait(ctx, f.wake, bankLong)
			continue
		case done:
			return
		case a.State.Paid() && !refunding(a.State):
			if f.sell(ctx) {
				return
			}
			wait(ctx, f.wake, bankLong)
			continue
		}
		next, err := f.step(ctx, a, cancelling)
		if ctx.Err() != nil {
			// What was learnt stays, above all that the bank was asked: it must not be asked for a second payment.
			if next != a {
				f.take(ctx, next, nil)
			}
			return
		}
		f.take(ctx, next, err)
		if err != nil {
			wait(ctx, f.wake, pause)
			pause = min(2*pause, bankLong)
			continue
		}
		pause = bankFirst
		if next.State == a.State {
			wait(ctx, f.wake, f.payments().Pause())
		}
	}
}

// refunding: the bank has, or had, the money, and it goes back: no sale comes of that.
func refunding(s banks.State) bool {
	return s == banks.StateRefundPending || s == banks.StatePartlyRefunded || s == banks.StateRefunded
}

// look reads what the next step depends on, and notices a code that nobody can pay: its time ran out, or it was lost with
// the answer that brought it.
func (f *follower) look() (a banks.Attempt, cancelling, done bool) {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	if f.a.State == banks.StateWaiting && (f.a.Payload == "" || f.t.c.Now().After(f.a.Expires.Add(expiryRest))) {
		f.cancelling = true
	}
	return f.a, f.cancelling, f.done
}

// step makes one call. A cashier's cancel ends a long wait.
func (f *follower) step(ctx context.Context, a banks.Attempt, cancelling bool) (banks.Attempt, error) {
	ctx, stop := context.WithTimeout(ctx, callLimit)
	defer stop()
	if !cancelling {
		return f.advance(ctx, a)
	}
	// Whoever wants to cancel asks first: a buyer who has paid keeps the goods. Cancelling a paid payment gives the
	// money back. A server is told also while its bank is in trouble: it keeps the wish until it can be carried out.
	next, err := f.payments().Advance(ctx, a, f.purpose(), 0)
	answered := err == nil || errors.Is(err, banks.ErrAmountDiffers) || errors.Is(err, errTrouble)
	if answered && (next.State == banks.StateWaiting || next.State == banks.StateCancelling) {
		// On the disk before the bank hears of it: after a power cut the cancel may still be on its way.
		sent, stepErr := next.CancelSent()
		if stepErr != nil {
			return next, stepErr
		}
		if storeErr := f.store(ctx, sent, nil); storeErr != nil {
			return next, disk(storeErr)
		}
		return f.payments().Cancel(ctx, sent)
	}
	return next, err
}

// advance asks, but not longer than until the cashier wants something.
func (f *follower) advance(ctx context.Context, a banks.Attempt) (banks.Attempt, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type answer struct {
		a   banks.Attempt
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		next, err := f.payments().Advance(ctx, a, f.purpose(), longPoll)
		answers <- answer{next, err}
	}()
	select {
	case ans := <-answers:
		return ans.a, ans.err
	case <-f.wake:
	}
	if a.State != banks.StateWaiting && a.State != banks.StateProcessing {
		// A call that makes something is not given up half way: its answer is worth the wait.
		ans := <-answers
		return ans.a, ans.err
	}
	stop()
	if ans := <-answers; ans.err == nil {
		return ans.a, nil
	}
	return a, nil
}

func (f *follower) payments() Payments { return f.t.paymentsOf(f.setting) }

func (f *follower) purpose() string {
	return f.t.c.Language.T("common.purchase", "shop", f.t.View().Shop.Name)
}

// take stores what a step brought, and shows it.
func (f *follower) take(ctx context.Context, next banks.Attempt, err error) {
	f.t.mu.Lock()
	old := f.a
	f.t.mu.Unlock()
	if next != old {
		if storeErr := f.store(ctx, next, err); storeErr != nil {
			// Without the disk nothing may go on: what is not stored has not happened.
			next, err = old, disk(storeErr)
		}
	}
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	f.a = next
	f.trouble, f.message = troubleOf(err)
	f.done = f.away || ended(next.State) || f.givenUp()
	f.renewing = f.renewing && !next.State.HadMoney()
	f.t.changed()
	if f.away {
		f.t.tookAway(next)
	}
}

func (f *follower) store(ctx context.Context, a banks.Attempt, cause error) error {
	b, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return f.t.c.Store.UpdateQRPayment(context.WithoutCancel(ctx), a.ID, string(a.State), b, causeOf(a, cause))
}

// causeOf is what a payment's story keeps of a step.
func causeOf(a banks.Attempt, err error) string {
	switch {
	case err != nil:
		return err.Error()
	case a.Words != "":
		return "the bank: " + a.Words
	}
	return "the bank or the server answered"
}

// givenUp: the cashier wants no payment of which no code was ever seen. Nobody can pay it, so there is nothing to wait
// for, whatever the bank made of our question.
func (f *follower) givenUp() bool {
	return f.cancelling && f.trouble != "" && f.a.Payload == "" &&
		(f.a.State == banks.StateCreating || f.a.State == banks.StateCreateUnknown)
}

// ended tells whether a state leaves nothing to wait for at the till. A refund is under way at the bank, and the server
// goes on asking about it.
func ended(s banks.State) bool {
	switch s {
	case banks.StateCancelled, banks.StateExpired, banks.StateRejected, banks.StateFailed:
		return true
	}
	return refunding(s)
}

// troubleOf is what a screen shows of an error: its sentence, and the bank's words.
func troubleOf(err error) (Code, string) {
	var p *Problem
	if !errors.As(err, &p) {
		return "", ""
	}
	return p.Code, messageOf(p)
}

func messageOf(p *Problem) string {
	for i := 0; i+1 < len(p.Args); i += 2 {
		if p.Args[i] == "message" {
			return fmt.Sprint(p.Args[i+1])
		}
	}
	return ""
}

// payable tells whether somebody may be paying the code now. The till's lock is held.
func (f *follower) payable() bool { return !f.done && f.t.c.Now().Before(f.a.Expires) }

// entry is what was paid for.
func (f *follower) entry() (localdb.Entry, error) { return paidEntry(f.kind, f.cart, f.a) }

// paidEntry is the operation that a paid attempt becomes.
func paidEntry(kind register.Kind, draft register.Draft, a banks.Attempt) (localdb.Entry, error) {
	cart, err := register.RestoreCart(draft)
	if err != nil {
		return localdb.Entry{}, err
	}
	e := localdb.Entry{Kind: kind, QRPayment: a.ID}
	payments := []register.Payment{{Method: register.QR, Amount: a.Amount, QRID: a.ID, BankID: a.BankID, Bank: a.Bank}}
	if kind == register.KindPrepayment {
		e.Body, err = register.NewPrepayment(&cart, a.Amount, payments)
		return e, err
	}
	e.Body, err = register.NewSale(&cart, payments)
	return e, err
}

// settled finds the sale that was made of the payment though its commit seemed to have failed, and counts the shift
// anew, which does not know of it.
func (f *follower) settled(ctx context.Context) (register.Operation, error) {
	p, err := f.t.c.Store.QRPaymentByID(ctx, f.a.ID)
	if err != nil {
		return register.Operation{}, err
	}
	o, err := f.t.c.Store.At(ctx, p.Position)
	if err != nil {
		return register.Operation{}, err
	}
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	return o.Operation, f.t.loadShift(ctx)
}

// hindered shows what keeps a paid sale from being made.
func (f *follower) hindered(code Code) {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	if f.trouble != code {
		f.trouble = code
		f.t.changed()
	}
}

// sell makes the sale that was paid, in the shift that is open now. False: there is none, or the disk refused, and it is
// to be tried again.
func (f *follower) sell(ctx context.Context) bool {
	t := f.t
	shift := t.View().Shift
	if !shift.Open {
		f.hindered(CodeNoShift)
		return false
	}
	e, err := f.entry()
	if err != nil {
		t.c.Log.Error("making the sale that was paid by QR", "payment", f.a.ID, "error", err)
		f.hindered(CodePayment)
		return false
	}
	e.Shift, e.Cashier, e.Slips = shift.Number, f.cashier, t.slips(string(f.kind))
	op, err := t.commit(ctx, e)
	if err != nil && !errors.Is(err, localdb.ErrSettled) {
		code := CodeDisk
		var p *Problem
		if errors.As(err, &p) {
			code = p.Code
		}
		f.hindered(code)
		return false
	}
	if err != nil {
		if op, err = f.settled(ctx); err != nil {
			t.c.Log.Error("reading the sale that was paid by QR", "payment", f.a.ID, "error", err)
			f.hindered(CodeDisk)
			return false
		}
	}
	sold, readErr := soldBy(op)
	t.mu.Lock()
	defer t.mu.Unlock()
	f.done = true
	if t.current == f {
		t.current = nil
		t.cart = register.NewCart(t.settings.rules())
		if readErr == nil {
			t.last = &sold
		}
	}
	for i, p := range t.parked {
		if p == f {
			t.parked = append(t.parked[:i:i], t.parked[i+1:]...)
			if readErr == nil {
				t.parkedSold = &sold
			}
			break
		}
	}
	t.changed()
	poke(t.lateNews) // other codes of the receipt can only be given back now
	return true
}
