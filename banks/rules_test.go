package banks

import (
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

// anAnswer draws anything that a bank could say, sense or nonsense.
func anAnswer(t *rapid.T, amount register.Money) Answer {
	states := append([]State{"", "nonsense"}, allStates...)
	return Answer{
		State:    rapid.SampledFrom(states).Draw(t, "said"),
		BankID:   rapid.SampledFrom([]string{"", "1", "1", "2"}).Draw(t, "bank id"),
		Amount:   rapid.SampledFrom([]register.Money{0, amount, amount, amount + 1}).Draw(t, "sum"),
		Refunded: register.Money(rapid.Int64Range(-1, int64(amount)+1).Draw(t, "refunded")),
		Refund:   rapid.SampledFrom([]Outcome{"", "", RefundPending, RefundDone, RefundFailed, RefundNone}).Draw(t, "outcome"),
		Words:    rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "words"),
	}
}

// anEvent does something to an attempt and gives what came of it.
func anEvent(t *rapid.T, a Attempt) (Attempt, error) {
	switch rapid.IntRange(0, 13).Draw(t, "event") {
	case 0:
		return a.CreateLost()
	case 1:
		return a.CreateFailed()
	case 2:
		return a.CancelSent()
	case 3:
		return a.RefundLost()
	case 4:
		return a.RefundSeen()
	case 5:
		return a.PaidByHand()
	case 13:
		return a.CloseLost()
	case 6, 7:
		id := rapid.SampledFrom([]string{"r1", "r2", "r3"}).Draw(t, "refund")
		return a.RefundSent(id, register.Money(rapid.Int64Range(-1, int64(a.Amount)+1).Draw(t, "part")))
	}
	return a.Apply(anAnswer(t, a.Amount))
}

// TestNoStoryBreaksTheRules throws random answers and steps of our own at an attempt.
func TestNoStoryBreaksTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := register.Money(rapid.Int64Range(1, 1000).Draw(t, "amount"))
		a := Attempt{ID: "a", Amount: amount, State: StateCreating}
		for range rapid.IntRange(1, 40).Draw(t, "events") {
			was := a
			var err error
			if a, err = anEvent(t, a); err != nil && a != was {
				t.Fatalf("an error changed the attempt from %+v to %+v: %v", was, a, err)
			}
			if rule := broken(was, a); rule != "" {
				t.Fatalf("%s: from %+v to %+v", rule, was, a)
			}
		}
	})
}

// broken names a rule that an attempt, or its step from another, breaks.
func broken(was, a Attempt) string {
	r := a.Refund
	switch {
	case !a.State.Valid():
		return "no such state"
	case was.State.HadMoney() && !a.State.HadMoney():
		return "the money that came is forgotten"
	case was.State.Closed() && a.State.Open():
		return "closed, yet open again"
	case was.State == StateRefunded && a.State != StateRefunded:
		return "all had gone back, yet it goes on"
	case a.Returned < 0 || a.Returned > a.Refunded || a.Refunded > a.Amount:
		return "not: returned <= refunded <= amount"
	case a.Returned < was.Returned || a.Refunded < was.Refunded:
		return "what went back came again"
	case !a.State.HadMoney() && a.Refunded != 0:
		return "money went back that never came"
	case (r.ID == "") != (r == Refund{}) || r.ID != "" && r.Amount <= 0:
		return "half a refund"
	case r.ID != "" && a.State != StateRefundPending:
		return "a refund under way, and the state does not say so"
	case r.Base < 0 || r.Base+r.Amount > a.Amount:
		return "more on its way than there is"
	case a.Returned+r.Amount > a.Amount:
		return "more was sent than was paid"
	case a.State == StateRefunded && a.Refunded != a.Amount, a.State == StatePaid && a.Refunded != 0,
		a.State == StatePartlyRefunded && a.Refunded == a.Amount:
		return "the state and the sums differ"
	case a.ByHand && a.State != StatePaid && a.State != StateRefundPending && a.State != StatePartlyRefunded && a.State != StateRefunded:
		return "paid by hand, and not paid"
	case was.BankID != "" && a.BankID != was.BankID:
		return "another payment"
	case a.ID != was.ID || a.Amount != was.Amount:
		return "another attempt"
	case a.Left() < 0 || a.Left() > a.Amount-a.Refunded || a.Outside() < 0:
		return "sums below zero"
	}
	return ""
}

// TestAnAnswerAgainTellsNothingNew applies each answer twice.
func TestAnAnswerAgainTellsNothingNew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Attempt{ID: "a", Amount: register.Money(rapid.Int64Range(1, 100).Draw(t, "amount")), State: StateCreating}
		for range rapid.IntRange(1, 20).Draw(t, "events") {
			a, _ = anEvent(t, a)
		}
		ans := anAnswer(t, a.Amount)
		once, err := a.Apply(ans)
		if err != nil {
			return
		}
		if twice, err := once.Apply(ans); err != nil || twice != once {
			t.Fatalf("%+v said to %+v: once %+v, twice %+v, %v", ans, a, once, twice, err)
		}
	})
}

// TestSilenceProvesNothing has a bank that does not answer, at every moment: nothing ends by that.
func TestSilenceProvesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Attempt{ID: request.ID, Amount: request.Amount, State: StateCreating}
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			a, _ = anEvent(t, a)
		}
		silent := &told{err: errors.Join(ErrUnknown, context.DeadlineExceeded)}
		after := map[string]Attempt{}
		after["create"], _ = Create(context.Background(), silent, a, request)
		after["ask"], _ = Ask(context.Background(), silent, a)
		after["cancel"], _ = Cancel(context.Background(), silent, a)
		for call, next := range after {
			lost := a.in(StateCreateUnknown)
			if next != a && (a.State != StateCreating || next != lost) {
				t.Fatalf("%s, no answer: from %+v to %+v", call, a, next)
			}
		}
	})
}
