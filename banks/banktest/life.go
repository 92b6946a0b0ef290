package banktest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/banks"
	"kassa/register"
)

// life are the tests of a payment's life, up to the refund of all of it.
func life(f Fixture) map[string]func(*testing.T, *shop) {
	can := f.Bank.Can()
	tests := map[string]func(*testing.T, *shop){
		"a code is made":                    codeIsMade,
		"a code is paid":                    codeIsPaid,
		"a code expires":                    codeExpires,
		"paid money is given back":          moneyGivenBack,
		"money comes late":                  lateMoney,
		"the bank refuses a creation":       createRefused,
		"sums outside the limits":           sumsOutside,
		"a life outside the limits":         lifeOutside,
		"what was never made is not found":  neverMade,
		"a code of another sum is an alarm": otherCode,
		"a wrong password shows":            wrongPassword,
		"a deadline is kept":                deadlineKept,
	}
	for _, one := range []struct {
		where bool
		name  string
		test  func(*testing.T, *shop)
	}{
		{f.Process != nil, "the payer tries", payerTries},
		{f.Reject != nil, "the bank refuses the payer", payerRefused},
		{can.Close, "a code is cancelled", codeCancelled},
		{can.Close, "the payer is faster than the cancel", payerFaster},
		{!can.Close, "a code that cannot be closed waits on", codeNotClosed},
		{can.LookUp, "creation is idempotent", createTwice},
		{can.LookUp, "creations at once are one", createAtOnce},
		{f.NextSumDiffers != nil, "another sum is an alarm", otherSum},
		{f.NextCodeOtherCurrency != nil, "a code of another currency is an alarm", otherCurrency},
		{f.NextCodeBare != nil, "a code without a query is shown", bareCode},
	} {
		if one.where {
			tests[one.name] = one.test
		}
	}
	return tests
}

func codeIsMade(t *testing.T, s *shop) {
	a := s.waiting()
	if a.Payload == "" || a.BankID == "" || a.Words == "" {
		t.Errorf("something is missing: %+v", a)
	}
	again := s.ask(a)
	s.is(again, banks.StateWaiting)
	if again.Payload != a.Payload {
		t.Errorf("the code was %q, now it is %q", a.Payload, again.Payload)
	}
	s.agrees(again)
	if err := s.Bank.Check(s.ctx()); err != nil {
		t.Errorf("a bank that makes codes does not pass its check: %v", err)
	}
}

func codeIsPaid(_ *testing.T, s *shop) {
	s.agrees(s.paid())
}

func payerTries(_ *testing.T, s *shop) {
	a := s.waiting()
	if s.Process == nil {
		return
	}
	s.do(s.Process, a)
	a = s.ask(a)
	s.is(a, banks.StateProcessing)
	s.do(s.Pay, a)
	a = s.ask(a)
	s.is(a, banks.StatePaid)
	s.agrees(a)
}

func payerRefused(_ *testing.T, s *shop) {
	a := s.waiting()
	s.do(s.Reject, a)
	a = s.ask(a)
	s.is(a, banks.StateRejected)
	s.agrees(a)
}

func codeExpires(t *testing.T, s *shop) {
	a := s.waiting()
	s.Advance(14 * time.Minute)
	s.is(s.ask(a), banks.StateWaiting)
	s.Advance(2 * time.Minute)
	a = s.ask(a)
	s.is(a, banks.StateExpired, banks.StateRejected)
	s.agrees(a)
	if s.Pay(a.BankID) == nil {
		t.Error("a code that has expired was paid")
	}
}

func codeCancelled(t *testing.T, s *shop) {
	a := s.cancel(s.waiting())
	s.is(a, banks.StateCancelled)
	s.is(s.ask(a), banks.StateCancelled)
	s.agrees(a)
	if s.Pay(a.BankID) == nil {
		t.Error("a code that was cancelled was paid")
	}
	if ans, err := s.Bank.Cancel(s.ctx(), a.Ref()); err != nil || ans.State != banks.StateCancelled {
		t.Errorf("cancelled again: %+v, %v", ans, err)
	}
	if !s.Bank.Can().LookUp {
		return
	}
	b := s.waiting()
	if ans, err := s.Bank.Cancel(s.ctx(), banks.Ref{ID: b.ID, Amount: b.Amount}); err != nil || ans.State != banks.StateCancelled {
		t.Errorf("cancelled by our id alone: %+v, %v", ans, err)
	}
}

// codeNotClosed cancels at a bank that cannot close a code: it says so, and the code's own time ends it.
func codeNotClosed(_ *testing.T, s *shop) {
	a := s.cancel(s.waiting())
	s.is(a, banks.StateWaiting)
	s.Advance(16 * time.Minute)
	s.is(s.ask(a), banks.StateExpired)
}

func moneyGivenBack(_ *testing.T, s *shop) {
	a := s.cancel(s.paid())
	s.is(a, banks.StateRefundPending, banks.StateRefunded)
	a = s.settle(a)
	s.is(a, banks.StateRefunded)
	s.agrees(a)
	if a.Outside() != 0 {
		s.t.Errorf("what we gave back counts as somebody else's: %+v", a)
	}
}

func payerFaster(_ *testing.T, s *shop) {
	a := s.waiting()
	s.PayDuringCancel()
	a = s.cancel(a)
	s.is(a, banks.StatePaid, banks.StateRefundPending, banks.StateRefunded)
	if a.State == banks.StatePaid { // cancel and refund are two calls there
		s.agrees(a)
		return
	}
	a = s.settle(a)
	s.is(a, banks.StateRefunded)
	s.agrees(a)
	if a.Outside() != 0 {
		s.t.Errorf("what our cancel gave back counts as somebody else's: %+v", a)
	}
}

func lateMoney(_ *testing.T, s *shop) {
	if s.Bank.Can().Close {
		a := s.cancel(s.waiting())
		s.do(s.PayLate, a)
		a = s.ask(a)
		s.is(a, banks.StatePaid)
		s.agrees(a)
	}
	b := s.waiting()
	s.Advance(16 * time.Minute)
	b = s.ask(b)
	s.is(b, banks.StateExpired, banks.StateRejected)
	s.do(s.PayLate, b)
	b = s.ask(b)
	s.is(b, banks.StatePaid)
	s.agrees(b)
}

func createTwice(t *testing.T, s *shop) {
	a, r := s.begin()
	first, err := s.Bank.Create(s.ctx(), r)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Bank.Create(s.ctx(), r)
	if err != nil || second.BankID != first.BankID || second.Payload != first.Payload {
		t.Fatalf("first %+v, then %+v, %v", first, second, err)
	}
	if err := s.Pay(first.BankID); err != nil {
		t.Fatal(err)
	}
	third, err := s.Bank.Create(s.ctx(), r)
	if err != nil || third.State != banks.StatePaid {
		t.Errorf("created again after the payment: %+v, %v", third, err)
	}
	if a, err = a.Apply(third); err != nil {
		t.Fatal(err)
	}
	s.agrees(a)

	r.Amount++
	if other, err := s.Bank.Create(s.ctx(), r); err == nil && other.Amount == r.Amount {
		t.Errorf("the same id with another sum: %+v", other)
	}
}

func createAtOnce(t *testing.T, s *shop) {
	_, r := s.begin()
	ctx := s.ctx()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.Bank.Create(ctx, r); err != nil && !known(err) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if held := s.At(r.ID); len(held) != 1 {
		t.Errorf("%d payments for one id", len(held))
	}
}

func createRefused(t *testing.T, s *shop) {
	a, r := s.begin()
	s.Refuse()
	a, err := banks.Create(s.ctx(), s.Bank, a, r)
	if !errors.Is(err, banks.ErrRefused) {
		t.Fatal(err)
	}
	s.is(a, banks.StateFailed)
	if held := s.At(r.ID); len(held) > 0 && held[0].Paid {
		t.Error("paid all the same")
	}
}

func sumsOutside(t *testing.T, s *shop) {
	can := s.Bank.Can()
	refused := map[string]register.Money{"nothing": 0, "below zero": -price, "too little": can.MinAmount - 1}
	taken := map[string]register.Money{"least": max(1, can.MinAmount)}
	if can.MaxAmount > 0 {
		refused["too much"], taken["most"] = can.MaxAmount+1, can.MaxAmount
	}
	for name, sum := range refused {
		r := s.request()
		r.Amount = sum
		if _, err := s.Bank.Create(s.ctx(), r); !errors.Is(err, banks.ErrRefused) {
			t.Errorf("%s, %v: %v", name, sum, err)
		}
	}
	for name, sum := range taken {
		r := s.request()
		r.Amount = sum
		if _, err := s.Bank.Create(s.ctx(), r); err != nil {
			t.Errorf("%s, %v: %v", name, sum, err)
		}
	}
}

func lifeOutside(t *testing.T, s *shop) {
	can := s.Bank.Can()
	refused := map[string]time.Duration{"over already": -time.Minute, "too short": can.MinLife - time.Second}
	if can.MaxLife > 0 {
		refused["too long"] = can.MaxLife + time.Hour
	}
	for name, life := range refused {
		r := s.request()
		r.Expires = s.Now().Add(life)
		if _, err := s.Bank.Create(s.ctx(), r); !errors.Is(err, banks.ErrRefused) {
			t.Errorf("%s, %v: %v", name, life, err)
		}
		if held := s.At(r.ID); len(held) != 0 {
			t.Errorf("%s: made all the same", name)
		}
	}
}

func neverMade(t *testing.T, s *shop) {
	a, _ := s.begin()
	for range 2 {
		var err error
		if a, err = banks.Ask(s.ctx(), s.Bank, a); !errors.Is(err, banks.ErrNotFound) {
			t.Fatal(err)
		}
		s.is(a, banks.StateCreateUnknown)
	}
	a, err := a.CreateFailed()
	if err != nil {
		t.Fatal(err)
	}
	s.agrees(a)
	if _, err := s.Bank.Cancel(s.ctx(), a.Ref()); !errors.Is(err, banks.ErrNotFound) {
		t.Errorf("cancelled what was never made: %v", err)
	}
}

// alarm creates a payment whose code must not be shown.
func (s *shop) alarm() {
	s.t.Helper()
	a, r := s.begin()
	a, err := banks.Create(s.ctx(), s.Bank, a, r)
	if !errors.Is(err, banks.ErrAmountDiffers) || a.Payload != "" {
		s.t.Errorf("%+v, %v", a, err)
	}
	s.is(a, banks.StateCreateUnknown)
	if !s.Bank.Can().Close {
		return
	}
	for _, h := range s.At(a.ID) {
		if s.Pay(h.BankID) == nil {
			s.t.Error("what was made is not closed: it could be paid")
		}
	}
}

func otherCode(_ *testing.T, s *shop) {
	s.NextCodeDiffers()
	s.alarm()
}

func otherCurrency(_ *testing.T, s *shop) {
	s.NextCodeOtherCurrency()
	s.alarm()
}

func bareCode(t *testing.T, s *shop) {
	s.NextCodeBare()
	if a := s.waiting(); strings.Contains(a.Payload, "?") {
		t.Errorf("it has a query: %s", a.Payload)
	}
}

func otherSum(t *testing.T, s *shop) {
	a := s.waiting()
	s.do(s.Pay, a)
	s.NextSumDiffers()
	a, err := banks.Ask(s.ctx(), s.Bank, a)
	if !errors.Is(err, banks.ErrAmountDiffers) {
		t.Errorf("paid with another sum: %v", err)
	}
	s.is(a, banks.StateWaiting)
}

func wrongPassword(t *testing.T, s *shop) {
	bank := s.WrongPassword(t)
	var refusal *banks.Refusal
	if err := bank.Check(s.ctx()); !errors.As(err, &refusal) || refusal.Reason != banks.ReasonSettings {
		t.Errorf("the check says %v", err)
	}
	if _, err := bank.Create(s.ctx(), s.request()); !errors.As(err, &refusal) || refusal.Reason != banks.ReasonSettings {
		t.Errorf("the creation says %v", err)
	}
}

func deadlineKept(t *testing.T, s *shop) {
	a := s.waiting()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.Bank.State(ctx, a.Ref()); !errors.Is(err, banks.ErrUnknown) {
		t.Errorf("asked with no time left: %v", err)
	}
	if _, err := s.Bank.Create(ctx, s.request()); !errors.Is(err, banks.ErrUnknown) {
		t.Errorf("created with no time left: %v", err)
	}
	if _, err := s.Bank.Cancel(ctx, a.Ref()); !errors.Is(err, banks.ErrUnknown) {
		t.Errorf("cancelled with no time left: %v", err)
	}
}
