package till

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"kassa/banks"
	"kassa/localdb"
	"kassa/register"
)

// Pauses of a refund.
const (
	backLong    = 30 * time.Second // the longest pause between two questions
	backUnclear = time.Minute      // after which a bank that cannot tell what became of a refund is said to be unclear
)

// refunder brings one refund by QR to its end. Its fields are guarded by the till's lock; run alone changes the
// attempt, but for a refund that was refused or is unclear: then the cashier's word does.
type refunder struct {
	steps   sync.Mutex // held while an answer or a person's decision is taken in
	t       *Till
	setting string // by which the payment was made
	total   register.Money
	basis   register.Ref
	lines   []register.ReturnLine
	wake    chan struct{}
	running bool
	left    bool

	r       localdb.QRRefund
	a       banks.Attempt
	trouble Code // for the moment; what it was refused for is in r
	message string
	silent  time.Time // since when the bank answers and cannot tell
}

// read takes what is shown out of the body.
func (b *refunder) read() error {
	if b.r.Kind == register.KindPrepaymentReturn {
		var body register.PrepaymentReturn
		err := json.Unmarshal(b.r.Body, &body)
		b.total, b.basis = body.Amount, body.Prepayment
		return err
	}
	var body register.SaleReturn
	if err := json.Unmarshal(b.r.Body, &body); err != nil {
		return err
	}
	if body.Sale == nil {
		return errors.New("till: a refund of no sale")
	}
	b.total, b.basis, b.lines = body.Total, *body.Sale, body.Lines
	return nil
}

func (b *refunder) view() Back {
	v := Back{ID: b.r.ID, Kind: b.r.Kind, Basis: b.basis, Payment: b.r.Payment, Amount: b.r.Amount, Total: b.total, Lines: b.lines,
		Began: b.r.Created, State: BackState(b.r.State), Trouble: b.trouble, Message: b.message, Left: b.left,
		DecideHere: b.t.decidesHere(b.setting)}
	if v.State == BackRefused {
		v.Trouble, v.Message = Code(b.r.Trouble), b.r.Message
	}
	if v.State == BackUnclear && v.Trouble == "" {
		v.Trouble = CodeBackUnclear
	}
	return v
}

// loadBacks finds the refunds that were left open. The newest is put before the cashier again.
func (t *Till) loadBacks(ctx context.Context) error {
	open, err := t.c.Store.OpenQRRefunds(ctx)
	if err != nil {
		return err
	}
	for _, r := range open {
		p, err := t.c.Store.QRPaymentByID(ctx, r.Payment)
		if err != nil {
			return err
		}
		b := &refunder{t: t, r: r, setting: p.Setting, left: true, wake: make(chan struct{}, 1)}
		if err := errors.Join(json.Unmarshal(p.Attempt, &b.a), b.read()); err != nil {
			return fmt.Errorf("reading refund %s: %w", r.ID, err)
		}
		t.backs, t.back = append(t.backs, b), b
	}
	return nil
}

// followBack runs a refund, if it does not run already. t.mu is held.
func (t *Till) followBack(b *refunder) {
	if b.running || BackState(b.r.State) == BackRefused {
		return
	}
	b.running = t.tasks.do(func(ctx context.Context) {
		b.run(ctx)
		t.mu.Lock()
		defer t.mu.Unlock()
		b.running = false
		if ctx.Err() == nil && BackState(b.r.State) != BackRefused && t.backOf(b.r.Basis) == b.r.ID {
			t.followBack(b) // tried again in the last moment
		}
	})
}

// run asks until the refund has ended, and writes the return when the money went back.
func (b *refunder) run(ctx context.Context) {
	pause := bankFirst
	for ctx.Err() == nil {
		r, a := b.now()
		switch BackState(r.State) {
		case BackRefused:
			return
		case BackDone:
			if b.record(ctx) {
				return
			}
			wait(ctx, b.wake, bankLong)
			continue
		}
		sent, next, err := b.step(ctx, r, a)
		changed := b.take(ctx, r, sent, next, err)
		if ctx.Err() != nil {
			return
		}
		if changed && (err == nil || errors.Is(err, banks.ErrNoRefund)) {
			pause = bankFirst
			if b.payments().Pause() < pause {
				continue // there is something to do, or to hear, at once
			}
		}
		wait(ctx, b.wake, max(pause, b.payments().Pause()))
		pause = min(2*pause, backLong)
	}
}

func (b *refunder) payments() Payments { return b.t.paymentsOf(b.setting) }

func (b *refunder) now() (localdb.QRRefund, banks.Attempt) {
	b.t.mu.Lock()
	defer b.t.mu.Unlock()
	return b.r, b.a
}

// step makes one call. What is about to be sent is on the disk before; what may have been sent is asked about. It returns
// the attempt before the call and after it.
func (b *refunder) step(ctx context.Context, r localdb.QRRefund, a banks.Attempt) (sent, next banks.Attempt, err error) {
	call, stop := context.WithTimeout(ctx, callLimit)
	defer stop()
	if a.Refund.ID == r.Try {
		next, err = b.payments().Advance(call, a, "", longPoll)
		return a, next, err
	}
	if b.t.gone(b.setting) {
		return a, a, problem(CodeQRUnavailable, nil)
	}
	sent, err = a.RefundSent(r.Try, r.Amount)
	if errors.Is(err, banks.ErrRefund) {
		return a, a, problem(CodeBackTooMuch, err, "sum", a.Left())
	}
	if err != nil {
		// Somebody gives money of the same payment back at the bank at this moment.
		next, _, err = b.payments().Refundable(call, a)
		return a, next, err
	}
	if err := b.keep(ctx, r, sent, "the till asks the bank to give money back"); err != nil {
		return a, a, err
	}
	next, err = b.payments().Refund(call, sent)
	return sent, next, err
}

// take stores what a step brought, and shows it. It tells whether anything has changed.
func (b *refunder) take(ctx context.Context, was localdb.QRRefund, sent, next banks.Attempt, err error) (changed bool) {
	b.steps.Lock()
	defer b.steps.Unlock()
	if now, _ := b.now(); now.State != was.State {
		return false // a person has decided while the bank was asked
	}
	r := was
	code, message := troubleOf(err)
	r.State, r.Trouble, r.Message = string(b.outcome(was, sent, next, err)), "", ""
	if BackState(r.State) == BackRefused {
		r.Trouble, r.Message = string(code), message
	}
	if now, a := b.now(); r.State != now.State || next != a {
		if keepErr := b.keep(ctx, r, next, causeOf(next, err)); keepErr != nil {
			code, message = troubleOf(keepErr)
		} else {
			changed = true
		}
	}
	b.t.mu.Lock()
	defer b.t.mu.Unlock()
	if changed || b.trouble != code || b.message != message {
		b.trouble, b.message = code, message
		b.t.changed()
	}
	return changed
}

// outcome is where a refund stands after a step.
func (b *refunder) outcome(r localdb.QRRefund, sent, next banks.Attempt, err error) BackState {
	state := BackState(r.State)
	code, _ := troubleOf(err)
	lost := code == CodeQRUnavailable && b.t.gone(b.setting)
	switch {
	case sent.Refund.ID != r.Try && (code == CodeBackTooMuch || lost):
		return BackRefused
	case sent.Refund.ID != r.Try:
		return state
	case next.Refund.ID != r.Try && err == nil:
		return BackDone
	case next.Refund.ID != r.Try && errors.Is(err, banks.ErrNoRefund):
		return BackSending
	case next.Refund.ID != r.Try:
		return BackRefused
	case code == CodeBackUnclear, lost: // nobody can be asked what became of it
		return BackUnclear
	case next.Refund.Taken:
		return BackPending
	case err == nil && b.silentFor(state) >= backUnclear:
		return BackUnclear
	}
	return state
}

// silentFor is since when the bank has been answering without a word about a refund whose own answer was lost.
func (b *refunder) silentFor(state BackState) time.Duration {
	if state == BackPending {
		return 0 // it has taken it
	}
	if b.silent.IsZero() {
		b.silent = b.t.c.Now()
	}
	return b.t.c.Now().Sub(b.silent)
}

// keep stores a refund with its attempt, and goes on from there. Without the disk nothing may go on: the problem is
// CodeDisk, and nothing has changed.
func (b *refunder) keep(ctx context.Context, r localdb.QRRefund, a banks.Attempt, cause string) error {
	attempt, err := json.Marshal(a)
	if err == nil {
		err = b.t.c.Store.UpdateQRRefund(context.WithoutCancel(ctx), r, string(a.State), attempt, cause)
	}
	if err != nil {
		b.t.c.Log.Error("keeping a refund", "refund", r.ID, "error", err)
		return disk(err)
	}
	b.t.mu.Lock()
	defer b.t.mu.Unlock()
	b.r, b.a = r, a
	return nil
}

// hindered shows what keeps the return from being written.
func (b *refunder) hindered(code Code) {
	b.t.mu.Lock()
	defer b.t.mu.Unlock()
	if b.trouble != code {
		b.trouble, b.message = code, ""
		b.t.changed()
	}
}

// record writes the return whose money went back, in the shift that is open now. False: there is none, or the disk
// refused, and it is to be tried again.
func (b *refunder) record(ctx context.Context) bool {
	t := b.t
	r, _ := b.now()
	shift := t.View().Shift
	if !shift.Open {
		b.hindered(CodeNoShift)
		return false
	}
	e := localdb.Entry{Kind: r.Kind, Shift: shift.Number, Cashier: r.Cashier, Approved: r.Approved, QRRefund: r.ID}
	slip := "return"
	var err error
	if r.Kind == register.KindPrepaymentReturn {
		slip = "prepayment return"
		e.Body, err = decodeBody[register.PrepaymentReturn](r.Body)
	} else {
		e.Body, err = decodeBody[register.SaleReturn](r.Body)
	}
	if err != nil {
		t.c.Log.Error("writing the return whose money went back", "refund", r.ID, "error", err)
		b.hindered(CodePayment)
		return false
	}
	e.Slips = t.slips(slip)
	op, err := t.commit(ctx, e)
	if errors.Is(err, localdb.ErrSettled) {
		op, err = b.recorded(ctx)
	}
	if err != nil {
		t.c.Log.Error("writing the return whose money went back", "refund", r.ID, "error", err)
		code, _ := troubleOf(err)
		if code == "" {
			code = CodeDisk
		}
		b.hindered(code)
		return false
	}
	b.end(op)
	return true
}

func decodeBody[T any](text []byte) (any, error) {
	var body T
	err := json.Unmarshal(text, &body)
	return body, err
}

// recorded finds the return that was written though its commit seemed to have failed, and counts the shift anew.
func (b *refunder) recorded(ctx context.Context) (register.Operation, error) {
	r, err := b.t.c.Store.QRRefundByID(ctx, b.r.ID)
	if err != nil {
		return register.Operation{}, disk(err)
	}
	o, err := b.t.c.Store.At(ctx, r.Position)
	if err != nil {
		return register.Operation{}, disk(err)
	}
	b.t.mu.Lock()
	defer b.t.mu.Unlock()
	return o.Operation, disk(b.t.loadShift(ctx))
}

// end shows that the return is written.
func (b *refunder) end(op register.Operation) {
	t := b.t
	sold, err := soldBy(op)
	t.mu.Lock()
	defer t.mu.Unlock()
	looking := t.back == b
	t.removeBack(b)
	switch {
	case err != nil:
		t.c.Log.Error("reading a return", "operation", op.ID, "error", err)
	case looking && t.cart.Len() == 0:
		t.last = &sold
	default:
		t.backDone = &sold
	}
	t.changed()
}

// removeBack takes a refund that has ended off the screen. t.mu is held.
func (t *Till) removeBack(b *refunder) {
	if t.back == b {
		t.back = nil
	}
	for i, o := range t.backs {
		if o == b {
			t.backs = append(t.backs[:i:i], t.backs[i+1:]...)
			return
		}
	}
}
