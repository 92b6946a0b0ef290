package banks

import (
	"context"
	"errors"
	"testing"
	"time"

	"kassa/register"
)

// told is a bank that answers what it was told to.
type told struct {
	answer Answer
	err    error
	calls  int
}

func (b *told) Name() string { return "told" }
func (b *told) Can() Capabilities {
	return Capabilities{MinAmount: 1000, MaxAmount: 100_000}
}
func (b *told) Check(context.Context) error { return b.err }
func (b *told) Create(context.Context, Request) (Answer, error) {
	b.calls++
	return b.answer, b.err
}
func (b *told) State(context.Context, Ref) (Answer, error) {
	b.calls++
	return b.answer, b.err
}
func (b *told) Cancel(context.Context, Ref) (Answer, error) {
	b.calls++
	return b.answer, b.err
}

var request = Request{ID: "0190a1b2-0000-7000-8000-000000000001", Amount: 5000, Expires: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}

func TestBegin(t *testing.T) {
	a, err := Begin(&told{}, request)
	want := Attempt{ID: request.ID, Bank: "told", Amount: 5000, State: StateCreating, Expires: request.Expires}
	if err != nil || a != want {
		t.Fatalf("%+v, %v", a, err)
	}
	for name, spoil := range map[string]func(*Request){
		"too little": func(r *Request) { r.Amount = 999 },
		"too much":   func(r *Request) { r.Amount = 100_001 },
		"nothing":    func(r *Request) { r.Amount = 0 },
		"no id":      func(r *Request) { r.ID = "" },
		"long id":    func(r *Request) { r.ID += "1" },
		"no end":     func(r *Request) { r.Expires = time.Time{} },
	} {
		t.Run(name, func(t *testing.T) {
			r := request
			spoil(&r)
			_, err := Begin(&told{}, r)
			if err == nil {
				t.Fatal("taken")
			}
			var refusal *Refusal
			if bySum := r.Amount != request.Amount; bySum != (errors.As(err, &refusal) && refusal.Reason == ReasonAmount) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestCalls(t *testing.T) {
	timeout := errors.Join(ErrUnknown, context.DeadlineExceeded)
	refused := &Refusal{Reason: ReasonSettings, Code: "204"}
	create := func(b Bank, a Attempt) (Attempt, error) { return Create(t.Context(), b, a, request) }
	ask := func(b Bank, a Attempt) (Attempt, error) { return Ask(t.Context(), b, a) }
	cancel := func(b Bank, a Attempt) (Attempt, error) { return Cancel(t.Context(), b, a) }
	for _, c := range []struct {
		name   string
		call   func(Bank, Attempt) (Attempt, error)
		from   State
		refund register.Money // sent before the call
		answer Answer
		fails  error
		want   State
		err    error
		silent bool // the bank must not be called
	}{
		{name: "create", call: create, from: StateCreating, answer: Answer{State: StateWaiting, Payload: "x"}, want: StateWaiting},
		{name: "create, answer lost", call: create, from: StateCreating, fails: timeout, want: StateCreateUnknown, err: ErrUnknown},
		{name: "create, refused", call: create, from: StateCreating, fails: refused, want: StateFailed, err: ErrRefused},
		{name: "create, refused or not", call: create, from: StateCreating, fails: errors.Join(ErrUnknown, refused), want: StateCreateUnknown, err: ErrRefused},
		{name: "create, another sum", call: create, from: StateCreating, answer: Answer{State: StateWaiting, Amount: 1}, want: StateCreateUnknown, err: ErrAmountDiffers},
		{name: "create again", call: create, from: StateCreateUnknown, want: StateCreateUnknown, err: ErrStep, silent: true},
		{name: "ask after a crash", call: ask, from: StateCreating, fails: timeout, want: StateCreateUnknown, err: ErrUnknown},
		{name: "ask, not found", call: ask, from: StateCreateUnknown, fails: ErrNotFound, want: StateCreateUnknown, err: ErrNotFound},
		{name: "ask, nobody answers", call: ask, from: StateWaiting, fails: timeout, want: StateWaiting, err: ErrUnknown},
		{name: "ask, refused", call: ask, from: StateWaiting, fails: refused, want: StateWaiting, err: ErrRefused},
		{name: "ask, paid", call: ask, from: StateWaiting, answer: Answer{State: StatePaid}, want: StatePaid},
		{name: "ask, another sum", call: ask, from: StateWaiting, answer: Answer{State: StatePaid, Amount: 1}, want: StateWaiting, err: ErrAmountDiffers},
		{name: "cancel", call: cancel, from: StateCancelling, answer: Answer{State: StateCancelled}, want: StateCancelled},
		{name: "cancel, answer lost", call: cancel, from: StateCancelling, fails: timeout, want: StateCancelling, err: ErrUnknown},
		{name: "cancel, refused", call: cancel, from: StateCancelling, fails: &Refusal{Reason: ReasonState}, want: StateCancelling, err: ErrRefused},
		{name: "cancel, paid a moment before", call: cancel, from: StateCancelling, answer: Answer{State: StateRefundPending}, want: StateRefundPending},
		{name: "refund, answer lost", call: cancel, from: StatePaid, refund: 1000, fails: timeout, want: StateRefundPending, err: ErrUnknown},
		{name: "refund, balance", call: cancel, from: StatePaid, refund: 1000, fails: &Refusal{Reason: ReasonBalance}, want: StatePaid, err: ErrRefused},
		{name: "refund, refused or not", call: cancel, from: StatePaid, refund: 1000, fails: errors.Join(ErrUnknown, refused), want: StateRefundPending, err: ErrRefused},
		{name: "refund, taken", call: cancel, from: StatePaid, refund: 1000, answer: Answer{State: StateRefundPending, Refund: RefundPending}, want: StateRefundPending},
		{name: "refund, done at once", call: cancel, from: StatePaid, refund: 1000, answer: Answer{State: StatePartlyRefunded, Refund: RefundDone}, want: StatePartlyRefunded},
		{name: "refund, no trace of it", call: ask, from: StatePaid, refund: 1000, answer: Answer{State: StatePaid, Refund: RefundNone}, want: StateRefundPending, err: ErrNoRefund},
		{name: "refund that nobody asked for", call: cancel, from: StatePaid, want: StatePaid, err: ErrStep, silent: true},
		{name: "cancel of a code that was not said to be cancelled", call: cancel, from: StateWaiting, want: StateWaiting, err: ErrStep, silent: true},
		{name: "cancel, answered nonsense", call: cancel, from: StateCancelling, answer: Answer{State: "?"}, want: StateCancelling, err: ErrStep},
		{name: "cancel while processing", call: cancel, from: StateProcessing, want: StateProcessing, err: ErrStep, silent: true},
		{name: "cancel what may not exist", call: cancel, from: StateCreateUnknown, want: StateCreateUnknown, err: ErrStep, silent: true},
		{name: "cancel what is closed", call: cancel, from: StateExpired, want: StateExpired, err: ErrStep, silent: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &told{answer: c.answer, err: c.fails}
			a := Attempt{ID: request.ID, Amount: request.Amount, State: c.from}
			if c.refund > 0 {
				var err error
				if a, err = a.RefundSent("r", c.refund); err != nil {
					t.Fatal(err)
				}
			}
			got, err := c.call(b, a)
			if got.State != c.want || !errors.Is(err, c.err) {
				t.Errorf("%s, %v; want %s, %v", got.State, err, c.want, c.err)
			}
			if c.silent != (b.calls == 0) {
				t.Errorf("the bank was called %d times", b.calls)
			}
		})
	}
}

// TestATakenRefundIsNotSentAgain holds back what the bank has already.
func TestATakenRefundIsNotSentAgain(t *testing.T) {
	b := &told{answer: Answer{State: StateRefundPending, Refund: RefundPending}}
	a, err := Attempt{ID: "a", Amount: 100, State: StatePaid}.RefundSent("r", 100)
	if err != nil {
		t.Fatal(err)
	}
	if a, err = Cancel(t.Context(), b, a); err != nil || !a.Refund.Taken {
		t.Fatalf("%+v, %v", a, err)
	}
	if again, err := Cancel(t.Context(), b, a); !errors.Is(err, ErrStep) || again != a || b.calls != 1 {
		t.Errorf("%+v, %v after %d calls", again, err, b.calls)
	}
}

func TestAbsenceIsProvenByTime(t *testing.T) {
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		heard []bool // missing or not, a second after another
		want  bool   // proven by the last
	}{
		{"once", []bool{true}, false},
		{"for four seconds", []bool{true, true, true, true, true}, false},
		{"for five seconds", []bool{true, true, true, true, true, true}, true},
		{"seen in between", []bool{true, true, true, false, true, true, true}, false},
		{"seen at last", []bool{true, true, true, true, true, true, false}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m Missing
			proven := false
			for i, missing := range c.heard {
				m, proven = m.Heard(start.Add(time.Duration(i)*time.Second), missing)
			}
			if proven != c.want {
				t.Errorf("proven: %v", proven)
			}
		})
	}
	// A refund may stand in the bank's queue for a while.
	for _, can := range []Capabilities{{}, {RefundID: true}} {
		var m Missing
		m, _ = m.HeardRefund(start, true, can)
		if _, proven := m.HeardRefund(start.Add(29*time.Second), true, can); proven != can.RefundID {
			t.Errorf("a refund, after 29 seconds: %v", proven)
		}
		if _, proven := m.HeardRefund(start.Add(30*time.Second), true, can); !proven {
			t.Error("a refund, after 30 seconds: not proven")
		}
	}
	// A clock that was put back proves nothing sooner.
	m, _ := Missing{}.Heard(start, true)
	if _, proven := m.Heard(start.Add(-time.Hour), true); proven {
		t.Error("proven before it began")
	}
}
