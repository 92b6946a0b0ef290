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
