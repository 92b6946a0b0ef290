package banktest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"kassa/banks"
	"kassa/register"
)

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
	b := s.waiting()
	if ans, err := s.Bank.Cancel(s.ctx(), banks.Ref{ID: b.ID, Amount: b.Amount}); err != nil || ans.State != banks.StateCancelled {
		t.Errorf("cancelled by our id alone: %+v, %v", ans, err)
	}
}

func moneyGivenBack(t *testing.T, s *shop) {
	a := s.cancel(s.paid())
	s.is(a, banks.StateRefundPending, banks.StateRefunded)
	if _, err := s.Bank.Cancel(s.ctx(), a.Ref()); err != nil && !errors.Is(err, banks.ErrRefused) {
		t.Errorf("refunded again: %v", err)
	}
	s.Advance(time.Hour)
	a = s.ask(a)
	s.is(a, banks.StateRefunded)
	s.agrees(a)
}

func payerFaster(_ *testing.T, s *shop) {
	a := s.waiting()
	s.PayDuringCancel()
	a = s.cancel(a)
	s.is(a, banks.StateRefundPending, banks.StateRefunded)
	s.Advance(time.Hour)
	a = s.ask(a)
	s.is(a, banks.StateRefunded)
	s.agrees(a)
}

func lateMoney(_ *testing.T, s *shop) {
	a := s.cancel(s.waiting())
	s.do(s.PayLate, a)
	a = s.ask(a)
	s.is(a, banks.StatePaid)
	s.agrees(a)

	b := s.waiting()
	s.Advance(16 * time.Minute)
	b = s.ask(b)
	s.is(b, banks.StateExpired, banks.StateRejected)
	s.do(s.PayLate, b)
	b = s.ask(b)
	s.is(b, banks.StatePaid)
	s.agrees(b)
}

func refundFails(_ *testing.T, s *shop) {
	a := s.paid()
	if s.FailRefund == nil {
		return
	}
	s.FailRefund()
	a = s.cancel(a)
	s.is(a, banks.StateRefundPending)
	s.Advance(time.Hour)
	a = s.ask(a)
	s.is(a, banks.StatePaid)
	s.agrees(a)
	s.Advance(2 * time.Hour)
	a = s.cancel(a)
	s.Advance(time.Hour)
	a = s.ask(a)
	s.is(a, banks.StateRefunded)
	s.agrees(a)
}

func refundLacksBalance(t *testing.T, s *shop) {
	a := s.paid()
	if s.NoBalance == nil {
		return
	}
	s.NoBalance()
	a, err := s.tryCancel(a)
	var refusal *banks.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != banks.ReasonBalance {
		t.Fatalf("%v", err)
	}
	s.is(a, banks.StatePaid)
	a = s.ask(a)
	s.is(a, banks.StatePaid)
	s.agrees(a)
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
	for name, sum := range map[string]register.Money{
		"nothing": 0, "below zero": -price, "too little": can.MinAmount - 1, "too much": can.MaxAmount + 1,
	} {
		r := s.request()
		r.Amount = sum
		if _, err := s.Bank.Create(s.ctx(), r); !errors.Is(err, banks.ErrRefused) {
			t.Errorf("%s, %v: %v", name, sum, err)
		}
	}
	for name, sum := range map[string]register.Money{"least": can.MinAmount, "most": can.MaxAmount} {
		r := s.request()
		r.Amount = sum
		if _, err := s.Bank.Create(s.ctx(), r); err != nil {
			t.Errorf("%s, %v: %v", name, sum, err)
		}
	}
}

func lifeOutside(t *testing.T, s *shop) {
	can := s.Bank.Can()
	for name, life := range map[string]time.Duration{
		"over already": -time.Minute, "too short": can.MinLife - time.Second, "too long": can.MaxLife + time.Hour,
	} {
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

func anotherSum(t *testing.T, s *shop) {
	a, r := s.begin()
	s.NextCodeDiffers()
	a, err := banks.Create(s.ctx(), s.Bank, a, r)
	if !errors.Is(err, banks.ErrAmountDiffers) || a.Payload != "" || a.State != banks.StateCreateUnknown {
		t.Errorf("a code of another sum: %+v, %v", a, err)
	}
	b := s.waiting()
	s.do(s.Pay, b)
	if s.NextSumDiffers == nil {
		return
	}
	s.NextSumDiffers()
	b, err = banks.Ask(s.ctx(), s.Bank, b)
	if !errors.Is(err, banks.ErrAmountDiffers) {
		t.Errorf("paid with another sum: %v", err)
	}
	s.is(b, banks.StateWaiting)
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
