package banks

import (
	"errors"
	"testing"

	"kassa/register"
)

// allStates are the states in the order of an attempt's life.
var allStates = []State{
	StateCreating, StateCreateUnknown, StateWaiting, StateProcessing, StatePaid, StateCancelling, StateCancelled,
	StateExpired, StateRejected, StateRefundPending, StatePartlyRefunded, StateRefunded, StateFailed,
}

func TestApplyMovesTheAttempt(t *testing.T) {
	for _, c := range []struct {
		name     string
		from     State
		refunded register.Money
		answer   Answer
		want     State
		back     register.Money
		err      error
	}{
		{name: "code is out", from: StateCreating, answer: Answer{State: StateWaiting}, want: StateWaiting},
		{name: "lost creation found", from: StateCreateUnknown, answer: Answer{State: StateWaiting}, want: StateWaiting},
		{name: "lost creation already expired", from: StateCreateUnknown, answer: Answer{State: StateExpired}, want: StateExpired},
		{name: "payer confirmed", from: StateWaiting, answer: Answer{State: StateProcessing}, want: StateProcessing},
		{name: "payer failed and may try again", from: StateProcessing, answer: Answer{State: StateWaiting}, want: StateWaiting},
		{name: "paid", from: StateWaiting, answer: Answer{State: StatePaid, Amount: 100}, want: StatePaid},
		{name: "paid and refunded between two looks", from: StateWaiting, answer: Answer{State: StateRefunded}, want: StateRefunded, back: 100},
		{name: "paid never waits again", from: StatePaid, answer: Answer{State: StateWaiting}, want: StatePaid, err: ErrStep},
		{name: "paid never expires", from: StatePaid, answer: Answer{State: StateExpired}, want: StatePaid, err: ErrStep},
		{name: "refund pending never waits again", from: StateRefundPending, answer: Answer{State: StateWaiting}, want: StateRefundPending, err: ErrStep},
		{name: "cancelled in time", from: StateCancelling, answer: Answer{State: StateCancelled}, want: StateCancelled},
		{name: "cancel came too late", from: StateCancelling, answer: Answer{State: StateRefundPending}, want: StateRefundPending},
		{name: "cancel had no effect", from: StateCancelling, answer: Answer{State: StateWaiting}, want: StateWaiting},
		{name: "expired while cancelling", from: StateCancelling, answer: Answer{State: StateExpired}, want: StateExpired},
		{name: "late payment after cancel", from: StateCancelled, answer: Answer{State: StatePaid, Amount: 100}, want: StatePaid},
		{name: "late payment after expiry", from: StateExpired, answer: Answer{State: StatePaid}, want: StatePaid},
		{name: "late payment after rejection", from: StateRejected, answer: Answer{State: StatePaid}, want: StatePaid},
		{name: "payment of an attempt given up", from: StateFailed, answer: Answer{State: StatePaid}, want: StatePaid},
		{name: "closed is closed", from: StateCancelled, answer: Answer{State: StateExpired}, want: StateCancelled},
		{name: "a part went back, nobody says how much", from: StatePaid, answer: Answer{State: StatePartlyRefunded}, want: StatePartlyRefunded},
		{name: "closed does not open again", from: StateExpired, answer: Answer{State: StateWaiting}, want: StateExpired, err: ErrStep},
		{name: "refund failed", from: StateRefundPending, answer: Answer{State: StatePaid}, want: StatePaid},
		{name: "second refund failed", from: StateRefundPending, refunded: 30, answer: Answer{State: StatePaid}, want: StatePartlyRefunded, back: 30},
		{name: "part went back, said as paid", from: StatePaid, answer: Answer{State: StatePaid, Refunded: 30}, want: StatePartlyRefunded, back: 30},
		{name: "all went back in parts", from: StatePartlyRefunded, refunded: 30, answer: Answer{State: StatePartlyRefunded, Refunded: 100}, want: StateRefunded, back: 100},
		{name: "refunded, but only a part of it", from: StatePaid, answer: Answer{State: StateRefunded, Refunded: 40}, want: StatePartlyRefunded, back: 40},
		{name: "an older sum does not count back", from: StatePartlyRefunded, refunded: 30, answer: Answer{State: StatePartlyRefunded, Refunded: 10}, want: StatePartlyRefunded, back: 30},
		{name: "refunded is the end", from: StateRefunded, refunded: 100, answer: Answer{State: StatePaid, Refunded: 0}, want: StateRefunded, back: 100},
		{name: "paid another sum", from: StateWaiting, answer: Answer{State: StatePaid, Amount: 99}, want: StateWaiting, err: ErrAmountDiffers},
		{name: "refunded more than paid", from: StatePaid, answer: Answer{State: StateRefunded, Refunded: 101}, want: StatePaid, err: ErrAmountDiffers},
		{name: "negative refund", from: StatePaid, answer: Answer{State: StatePartlyRefunded, Refunded: -1}, want: StatePaid, err: ErrAmountDiffers},
		{name: "another payment", from: StateWaiting, answer: Answer{State: StatePaid, BankID: "2"}, want: StateWaiting, err: ErrOtherPayment},
		{name: "a word of ours", from: StateCreating, answer: Answer{State: StateFailed}, want: StateCreating, err: ErrStep},
		{name: "no word at all", from: StateWaiting, answer: Answer{}, want: StateWaiting, err: ErrStep},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := Attempt{ID: "a", BankID: "1", Amount: 100, Refunded: c.refunded, State: c.from}
			got, err := a.Apply(c.answer)
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if got.State != c.want || got.Refunded != c.back {
				t.Errorf("%s with %v back, want %s with %v", got.State, got.Refunded, c.want, c.back)
			}
			if err != nil && got != a {
				t.Errorf("an answer that was not taken changed the attempt: %+v", got)
			}
		})
	}
}

func TestApplyTakesWhatTheBankTold(t *testing.T) {
	a := Attempt{ID: "a", Amount: 100, State: StateCreating}
	a, err := a.Apply(Answer{State: StateWaiting, BankID: "7", Payload: "https://qr.nspk.ru/X", Words: "NEW"})
	if err != nil {
		t.Fatal(err)
	}
	a, err = a.Apply(Answer{State: StateProcessing, Words: "AUTHORIZING"})
	if err != nil {
		t.Fatal(err)
	}
	want := Attempt{ID: "a", BankID: "7", Amount: 100, State: StateProcessing, Payload: "https://qr.nspk.ru/X", Words: "AUTHORIZING"}
	if a != want {
		t.Errorf("got %+v, want %+v", a, want)
	}
}

func TestOwnSteps(t *testing.T) {
	steps := map[string]func(Attempt) (Attempt, error){
		"lost": Attempt.CreateLost, "failed": Attempt.CreateFailed, "cancel": Attempt.CancelSent, "by hand": Attempt.PaidByHand,
		"refund": func(a Attempt) (Attempt, error) { return a.RefundSent("r", 1) },
	}
	allowed := map[string]map[State]State{
		"lost":   {StateCreating: StateCreateUnknown, StateCreateUnknown: StateCreateUnknown},
		"failed": {StateCreating: StateFailed, StateCreateUnknown: StateFailed, StateFailed: StateFailed},
		"cancel": {StateWaiting: StateCancelling, StateCancelling: StateCancelling},
		"refund": {StatePaid: StateRefundPending, StatePartlyRefunded: StateRefundPending},
		"by hand": {
			StateCreating: StatePaid, StateCreateUnknown: StatePaid, StateWaiting: StatePaid, StateProcessing: StatePaid,
			StateCancelling: StatePaid, StateCancelled: StatePaid, StateExpired: StatePaid, StateRejected: StatePaid, StateFailed: StatePaid,
		},
	}
	for name, step := range steps {
		for _, from := range allStates {
			want, ok := allowed[name][from]
			if !ok {
				want = from
			}
			got, err := step(Attempt{ID: "a", Amount: 100, State: from})
			if got.State != want || ok == errors.Is(err, ErrStep) {
				t.Errorf("%s from %s: %s, %v", name, from, got.State, err)
			}
		}
	}
}

func TestEveryStateIsOneOfFour(t *testing.T) {
	for _, s := range allStates {
		n := 0
		for _, is := range []bool{s.Open(), s.Closed(), s.Paid(), s == StateRefundPending || s == StateRefunded} {
			if is {
				n++
			}
		}
		if n != 1 || !s.Valid() {
			t.Errorf("%s is %d of: open, closed, paid, going or gone back", s, n)
		}
		if s.Final() == (s.Open() || s == StateRefundPending) {
			t.Errorf("%s: final is %v", s, s.Final())
		}
	}
	if len(steps) != len(allStates) || State("").Valid() || State("PAID").Valid() {
		t.Error("there are other states than these")
	}
}

// refunding is an attempt that is paid, with a refund of 30 of 100 under way.
func refunding(t *testing.T) Attempt {
	t.Helper()
	a, err := Attempt{ID: "a", BankID: "1", Amount: 100, State: StatePaid}.RefundSent("r", 30)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestRefundsEnd(t *testing.T) {
	under := Refund{ID: "r", Amount: 30}
	taken := Refund{ID: "r", Amount: 30, Taken: true}
	for _, c := range []struct {
		name         string
		answers      []Answer
		state        State
		back, ours   register.Money
		stillPending Refund
	}{
		{"no trace of it", []Answer{{State: StatePaid, Refund: RefundNone}}, StateRefundPending, 0, 0, under},
		{"nobody can tell", []Answer{{State: StatePaid}}, StateRefundPending, 0, 0, under},
		{"taken", []Answer{{State: StateRefundPending, Refund: RefundPending}}, StateRefundPending, 0, 0, taken},
		{"done", []Answer{{State: StatePaid, Refund: RefundDone}}, StatePartlyRefunded, 30, 30, Refund{}},
		{"failed", []Answer{{State: StatePaid, Refund: RefundFailed}}, StatePaid, 0, 0, Refund{}},
		{"as much went back", []Answer{{State: StatePartlyRefunded, Refunded: 30}}, StatePartlyRefunded, 30, 30, Refund{}},
		{"less went back", []Answer{{State: StatePartlyRefunded, Refunded: 29}}, StateRefundPending, 29, 0, under},
		{"all went back", []Answer{{State: StateRefunded}}, StateRefunded, 100, 30, Refund{}},
		{"more went back, and not ours", []Answer{{State: StatePartlyRefunded, Refunded: 50, Refund: RefundNone}}, StateRefundPending, 50, 0, under},
		{"more went back, ours comes", []Answer{{State: StateRefundPending, Refunded: 50, Refund: RefundPending}}, StateRefundPending, 50, 0, Refund{ID: "r", Amount: 30, Base: 50, Taken: true}},
		{"more went back, and then ours", []Answer{{State: StateRefundPending, Refunded: 50, Refund: RefundPending}, {State: StatePartlyRefunded, Refund: RefundDone}}, StatePartlyRefunded, 80, 30, Refund{}},
		{"more went back, ours failed", []Answer{{State: StatePartlyRefunded, Refunded: 50, Refund: RefundFailed}}, StatePartlyRefunded, 50, 0, Refund{}},
		{"less went back, and not ours", []Answer{{State: StatePartlyRefunded, Refunded: 20, Refund: RefundNone}}, StateRefundPending, 20, 0, Refund{ID: "r", Amount: 30, Base: 20}},
		{"so much went back that ours cannot", []Answer{{State: StateRefundPending, Refunded: 90, Refund: RefundPending}}, StateRefundPending, 90, 0, Refund{ID: "r", Amount: 30, Base: 70, Taken: true}},
		{"ours was done while another was under way", []Answer{{State: StateRefundPending, Refund: RefundPending}, {State: StateRefundPending, Refunded: 30, Refund: RefundPending}}, StateRefundPending, 30, 0, taken},
		{"done, and another one goes on", []Answer{{State: StateRefundPending, Refunded: 30}}, StateRefundPending, 30, 30, Refund{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := refunding(t)
			for _, ans := range c.answers {
				var err error
				if a, err = a.Apply(ans); err != nil {
					t.Fatal(err)
				}
			}
			if a.State != c.state || a.Refunded != c.back || a.Returned != c.ours || a.Refund != c.stillPending {
				t.Errorf("%+v", a)
			}
		})
	}
}

func TestRefundSent(t *testing.T) {
	a := refunding(t)
	if again, err := a.RefundSent("r", 30); err != nil || again != a {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	for name, other := range map[string]struct {
		id     string
		amount register.Money
	}{"another id": {"q", 30}, "another sum": {"r", 31}} {
		if got, err := a.RefundSent(other.id, other.amount); !errors.Is(err, ErrStep) || got != a {
			t.Errorf("%s beside it: %+v, %v", name, got, err)
		}
	}
	done, err := a.RefundSeen()
	if err != nil || done.State != StatePartlyRefunded || done.Left() != 70 {
		t.Fatalf("%+v, %v", done, err)
	}
	for _, sum := range []register.Money{-1, 0, 71} {
		if _, err := done.RefundSent("q", sum); !errors.Is(err, ErrRefund) {
			t.Errorf("%v of 70: %v", sum, err)
		}
	}
	gone := done
	gone.State, gone.Refunded = StateRefunded, done.Amount
	if _, err := gone.RefundSent("q", 1); !errors.Is(err, ErrRefund) {
		t.Errorf("when all went back already: %v", err)
	}
	if rest, err := done.RefundSent("q", 70); err != nil || rest.Left() != 0 {
		t.Errorf("the rest: %+v, %v", rest, err)
	}
}

// TestACancelThatCameTooLate takes the money back that was paid a moment before, without anybody's being surprised.
func TestACancelThatCameTooLate(t *testing.T) {
	a := Attempt{ID: "a", Amount: 100, State: StateCancelling}
	pending, err := a.Apply(Answer{State: StateRefundPending})
	if want := (Refund{ID: "a", Amount: 100, Taken: true}); err != nil || pending.Refund != want || pending.State != StateRefundPending {
		t.Errorf("%+v, %v", pending, err)
	}
	for name, ans := range map[string]Answer{"later": {State: StateRefunded, Refund: RefundDone}, "by its word alone": {State: StateRefunded}} {
		if done, err := pending.Apply(ans); err != nil || done.State != StateRefunded || done.Outside() != 0 {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
	if failed, err := pending.Apply(Answer{State: StatePaid, Refund: RefundFailed}); err != nil || failed.State != StatePaid {
		t.Errorf("it failed: %+v, %v", failed, err)
	}
	if done, err := a.Apply(Answer{State: StateRefunded}); err != nil || done.State != StateRefunded || done.Outside() != 0 {
		t.Errorf("at once: %+v, %v", done, err)
	}
	part, err := a.Apply(Answer{State: StateRefundPending, Refunded: 40})
	if want := (Refund{ID: "a", Amount: 60, Base: 40, Taken: true}); err != nil || part.Refund != want {
		t.Errorf("the rest: %+v, %v", part, err)
	}
}

// TestPaidByHand holds that a person's word stands until the bank has the money too.
func TestPaidByHand(t *testing.T) {
	a, err := Attempt{ID: "a", BankID: "1", Amount: 100, State: StateExpired}.PaidByHand()
	if err != nil || a.State != StatePaid || !a.ByHand {
		t.Fatalf("%+v, %v", a, err)
	}
	for _, unpaid := range []State{StateWaiting, StateProcessing, StateExpired, StateCancelled, StateRejected} {
		if got, err := a.Apply(Answer{State: unpaid, Words: "OLD"}); err != nil || got.State != StatePaid || !got.ByHand || got.Words != "OLD" {
			t.Errorf("the bank says %s: %+v, %v", unpaid, got, err)
		}
	}
	if got, err := a.Apply(Answer{State: StatePaid}); err != nil || got.ByHand {
		t.Errorf("the bank says so, too: %+v, %v", got, err)
	}
	if _, err := a.Apply(Answer{State: StateFailed}); !errors.Is(err, ErrStep) {
		t.Errorf("a word that is not the bank's: %v", err)
	}
	sent, err := a.RefundSent("r", 100)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Ask(t.Context(), &told{answer: Answer{State: StateExpired}}, sent); !errors.Is(err, ErrNoRefund) || got.State != StateRefundPending {
		t.Errorf("the bank never had it: %+v, %v", got, err)
	}
}

// A cancel without an answer may still arrive after the payment, and at some banks it gives the money back then: nothing is
// sold on such money before it is proven that the cancel does not come any more.
func TestACancelOnItsWayHoldsThePaymentBack(t *testing.T) {
	sent, err := Attempt{ID: "a", BankID: "1", Amount: 100, State: StateWaiting}.CancelSent()
	if err != nil {
		t.Fatal(err)
	}
	apply := func(a Attempt, answers ...Answer) Attempt {
		t.Helper()
		for _, ans := range answers {
			if a, err = a.Apply(ans); err != nil {
				t.Fatal(err)
			}
		}
		return a
	}
	for name, heard := range map[string][]Answer{
		"paid at once":             {{State: StatePaid}},
		"waiting first, then paid": {{State: StateWaiting}, {State: StatePaid}},
		"paid, said again":         {{State: StatePaid}, {State: StatePaid}},
	} {
		t.Run(name, func(t *testing.T) {
			held := apply(sent, heard...)
			if held.State != StateProcessing || !held.Closing {
				t.Fatalf("it is %s", held.State)
			}
			if paid, err := held.CloseLost(); err != nil || paid.State != StatePaid || paid.Closing {
				t.Errorf("after the proof it is %s, %v", paid.State, err)
			}
			if back := apply(held, Answer{State: StateRefunded}); back.State != StateRefunded || back.Returned != 100 || back.Outside() != 0 {
				t.Errorf("after the cancel arrived it is %s, %v of it ours", back.State, back.Returned)
			}
		})
	}
	if closed := apply(sent, Answer{State: StateCancelled}); closed.Closing || closed.State != StateCancelled {
		t.Errorf("closed, it is %+v", closed)
	}
	if late := apply(sent, Answer{State: StateCancelled}, Answer{State: StatePaid}); late.State != StatePaid {
		t.Errorf("late money is %s", late.State)
	}
	if _, err := (Attempt{State: StateProcessing}).CloseLost(); !errors.Is(err, ErrStep) {
		t.Errorf("without a cancel: %v", err)
	}
}
