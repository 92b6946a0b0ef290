package banktest

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/register"
)

// troubles are the moments at which things go wrong.
func troubles(f Fixture) map[string]func(*testing.T, *shop, func()) {
	can := f.Bank.Can()
	tests := map[string]func(*testing.T, *shop, func()){
		"at the creation": troubleCreating,
		"while waiting":   troubleAsking,
		"at the refund":   func(t *testing.T, s *shop, trouble func()) { troubleRefunding(t, s, trouble, price) },
	}
	if can.Close {
		tests["at the cancel"] = troubleCancelling
	}
	if can.PartialRefund {
		tests["at the refund of a part"] = func(t *testing.T, s *shop, trouble func()) { troubleRefunding(t, s, trouble, price/4) }
		tests["at the second refund"] = troubleSecondRefund
	}
	return tests
}

// troubleCreating makes a code while something goes wrong, brings the attempt to an end afterwards as a till would,
// and compares with the bank.
func troubleCreating(t *testing.T, s *shop, trouble func()) {
	a, r := s.begin()
	trouble()
	a, err := banks.Create(s.ctx(), s.Bank, a, r)
	switch {
	case err != nil && !known(err):
		t.Fatalf("an error outside of the contract: %v", err)
	case err == nil && a.Payload == "":
		t.Fatalf("no code and no error: %+v", a)
	case errors.Is(err, banks.ErrRefused):
		s.is(a, banks.StateFailed)
		return
	case err != nil:
		s.is(a, banks.StateCreateUnknown)
	}
	s.Mend()
	for range 2 {
		if a.State != banks.StateCreateUnknown {
			break
		}
		if a, err = banks.Ask(s.ctx(), s.Bank, a); err != nil && !errors.Is(err, banks.ErrNotFound) {
			t.Fatal(err)
		}
	}
	if a.State == banks.StateCreateUnknown {
		if a, err = a.CreateFailed(); err != nil {
			t.Fatal(err)
		}
		s.agrees(a)
		return
	}
	s.is(a, banks.StateWaiting)
	if a.Payload == "" {
		if !s.CodeOnce {
			t.Fatal("a payment was found, its code was not")
		}
		a = s.cancel(a) // nobody has seen the code, and nobody will
		s.is(a, banks.StateCancelled)
		s.agrees(a)
		return
	}
	s.agrees(a)
	s.do(s.Pay, a)
	a = s.ask(a)
	s.is(a, banks.StatePaid)
	s.agrees(a)
}

// troubleAsking asks for a code that is paid meanwhile.
func troubleAsking(t *testing.T, s *shop, trouble func()) {
	a := s.waiting()
	s.do(s.Pay, a)
	trouble()
	a, err := banks.Ask(s.ctx(), s.Bank, a)
	switch {
	case err != nil && !known(err):
		t.Fatalf("an error outside of the contract: %v", err)
	case err != nil:
		s.is(a, banks.StateWaiting)
	default:
		s.is(a, banks.StatePaid)
	}
	s.Mend()
	a = s.ask(a)
	s.is(a, banks.StatePaid)
	s.agrees(a)
}

// troubleCancelling cancels a code that nobody has paid.
func troubleCancelling(t *testing.T, s *shop, trouble func()) {
	a := s.waiting()
	trouble()
	a, err := s.tryCancel(a)
	if err != nil && !known(err) {
		t.Fatalf("an error outside of the contract: %v", err)
	}
	s.is(a, banks.StateCancelling, banks.StateCancelled)
	if err == nil {
		s.is(a, banks.StateCancelled)
	}
	s.Mend()
	a = s.ask(a)
	if a.State == banks.StateWaiting {
		a = s.cancel(a)
	}
	s.is(a, banks.StateCancelled)
	s.agrees(a)
}

// troubleRefunding gives back what was paid, or a part of it.
func troubleRefunding(t *testing.T, s *shop, trouble func(), part register.Money) {
	a := s.troubled(s.paid(), trouble, part)
	want := banks.StateRefunded
	if part < price {
		want = banks.StatePartlyRefunded
	}
	s.is(a, want)
	s.agrees(a)
	if a.Refunded != part || a.Returned != part {
		t.Errorf("%v was given back: %+v", part, a)
	}
}

// troubleSecondRefund gives back a part when another part went back before it.
func troubleSecondRefund(t *testing.T, s *shop, trouble func()) {
	a := s.paid()
	a, err := s.refund(a, price/4)
	if err != nil {
		t.Fatal(err)
	}
	a = s.settle(a)
	s.is(a, banks.StatePartlyRefunded)
	a = s.troubled(a, trouble, price/4)
	s.is(a, banks.StatePartlyRefunded)
	s.agrees(a)
	if a.Refunded != 2*(price/4) || a.Returned != a.Refunded {
		t.Errorf("two times %v was given back: %+v", price/4, a)
	}
}

// troubled sends a refund while something goes wrong, and brings it to its end; one that was not carried out is sent
// again, under its own id.
func (s *shop) troubled(a banks.Attempt, trouble func(), part register.Money) banks.Attempt {
	s.t.Helper()
	sent := s.step(a.RefundSent(uuid.NewString(), part))
	trouble()
	a, err := banks.Cancel(s.ctx(), s.Bank, sent)
	switch over := a.Refund.ID == "" && a.Returned == sent.Returned; {
	case err != nil && !known(err):
		s.t.Fatalf("an error outside of the contract: %v", err)
	case over && !errors.Is(err, banks.ErrRefused):
		s.t.Fatalf("the refund is over without a refusal: %+v, %v", a, err)
	}
	s.Mend()
	if a.Refund.ID != "" {
		a = s.settle(a)
	}
	if a.Returned == sent.Returned {
		again := s.step(a.RefundSent(sent.Refund.ID, part))
		if a, err = banks.Cancel(s.ctx(), s.Bank, again); err != nil {
			s.t.Fatal(err)
		}
		a = s.settle(a)
	}
	return a
}
