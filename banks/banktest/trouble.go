package banktest

import (
	"errors"
	"testing"

	"kassa/banks"
)

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
		t.Fatal("a payment was found, its code was not")
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

// troubleRefunding gives back what was paid.
func troubleRefunding(t *testing.T, s *shop, trouble func()) {
	a := s.paid()
	trouble()
	a, err := s.tryCancel(a)
	if err != nil && !known(err) {
		t.Fatalf("an error outside of the contract: %v", err)
	}
	s.is(a, banks.StateRefundPending, banks.StateRefunded, banks.StatePaid)
	if a.State == banks.StatePaid && !errors.Is(err, banks.ErrRefused) {
		t.Fatalf("a refund is over without a refusal: %v", err)
	}
	s.Mend()
	a = s.settle(a)
	if a.State == banks.StatePaid {
		a = s.settle(s.cancel(a))
	}
	s.is(a, banks.StateRefunded)
	s.agrees(a)
}
