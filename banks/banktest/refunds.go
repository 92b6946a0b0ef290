package banktest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
)

// refunds are the tests of money that goes back.
func refunds(f Fixture) map[string]func(*testing.T, *shop) {
	can := f.Bank.Can()
	tests := map[string]func(*testing.T, *shop){
		"more than was paid is not given back": moreThanPaid,
		"a refund is not done twice":           refundTwice,
	}
	for _, one := range []struct {
		where bool
		name  string
		test  func(*testing.T, *shop)
	}{
		{f.FailRefund != nil, "a refund fails", refundFails},
		{f.NoBalance != nil, "a refund lacks balance", refundLacksBalance},
		{can.PartialRefund, "paid money is given back in parts", refundInParts},
		{!can.PartialRefund, "a part is not given back", noParts},
		{can.PartialRefund && f.FailRefund != nil, "the second refund fails", secondRefundFails},
		{f.RefundOutside != nil, "all is given back at the bank", allOutside},
		{f.RefundOutside != nil && can.PartialRefund, "a part is given back at the bank", partOutside},
		{f.RefundOutside != nil && can.PartialRefund, "a part is given back at the bank before ours", outsideBefore},
		{f.RefundOutside != nil && can.PartialRefund, "a part is given back at the bank beside ours", outsideBeside},
	} {
		if one.where {
			tests[one.name] = one.test
		}
	}
	return tests
}

func refundFails(_ *testing.T, s *shop) {
	a := s.paid()
	s.FailRefund()
	a = s.cancel(a)
	s.is(a, banks.StateRefundPending)
	s.Advance(time.Hour)
	a = s.ask(a)
	s.is(a, banks.StatePaid)
	s.agrees(a)
	s.Advance(2 * time.Hour) // banks bound the refunds that fail in an hour
	a = s.settle(s.cancel(a))
	s.is(a, banks.StateRefunded)
	s.agrees(a)
}

func refundLacksBalance(t *testing.T, s *shop) {
	a := s.paid()
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

func refundInParts(t *testing.T, s *shop) {
	a := s.paid()
	for left := price; left > 0; left = a.Left() {
		part := min(left, price/3)
		next, err := s.refund(a, part)
		if err != nil {
			t.Fatal(err)
		}
		s.agrees(next)
		next = s.settle(next)
		s.agrees(next)
		if next.Refunded != a.Refunded+part || next.Returned != next.Refunded {
			t.Fatalf("from %+v by %v to %+v", a, part, next)
		}
		a = next
	}
	s.is(a, banks.StateRefunded)
}

func noParts(t *testing.T, s *shop) {
	a, err := s.refund(s.paid(), price/3)
	if !errors.Is(err, banks.ErrRefused) {
		t.Errorf("given back a part: %v", err)
	}
	s.is(a, banks.StatePaid)
	s.agrees(a)
}

func moreThanPaid(t *testing.T, s *shop) {
	a := s.paid()
	if _, err := a.RefundSent("x", price+1); !errors.Is(err, banks.ErrRefund) {
		t.Errorf("%v", err)
	}
	ref := a.Ref()
	ref.Refund = banks.Refund{ID: uuid.NewString(), Amount: price + 1}
	if _, err := s.Bank.Cancel(s.ctx(), ref); !errors.Is(err, banks.ErrRefused) {
		t.Errorf("the bank says %v", err)
	}
	s.Advance(time.Hour)
	a = s.ask(a)
	s.is(a, banks.StatePaid)
	s.agrees(a)
}

// refundTwice sends one refund twice, which the till and the server never do: a bank with ids of ours carries it out once,
// and another refuses what it no longer has.
func refundTwice(t *testing.T, s *shop) {
	a := s.paid()
	part := price
	if can := s.Bank.Can(); can.RefundID && can.PartialRefund {
		part = price / 2
	}
	sent := s.step(a.RefundSent(uuid.NewString(), part))
	for range 2 {
		if _, err := s.Bank.Cancel(s.ctx(), sent.Ref()); err != nil && !known(err) {
			t.Errorf("an error outside of the contract: %v", err)
		}
		s.Advance(time.Hour)
	}
	a = s.settle(sent)
	s.agrees(a)
	if a.Refunded != part {
		t.Errorf("%v was given back twice: %+v", part, a)
	}
}

func secondRefundFails(t *testing.T, s *shop) {
	a, err := s.refund(s.paid(), price/4)
	if err != nil {
		t.Fatal(err)
	}
	a = s.settle(a)
	s.is(a, banks.StatePartlyRefunded)
	s.FailRefund()
	if a, err = s.refund(a, price/4); err != nil {
		t.Fatal(err)
	}
	s.is(a, banks.StateRefundPending)
	s.Advance(time.Hour)
	a = s.settle(a)
	s.is(a, banks.StatePartlyRefunded)
	s.agrees(a)
	if a.Returned != price/4 {
		t.Errorf("a refund that failed counts: %+v", a)
	}
}

func allOutside(t *testing.T, s *shop) {
	a := s.paid()
	if err := s.RefundOutside(a.BankID, price); err != nil {
		t.Fatal(err)
	}
	// A refund of ours that does not know of it yet is refused, and changes nothing.
	b, err := s.refund(a, price)
	if err == nil || !known(err) {
		t.Errorf("given back twice: %+v, %v", b, err)
	}
	s.Advance(time.Hour)
	a = s.ask(a)
	s.is(a, banks.StateRefunded)
	s.agrees(a)
	if a.Outside() != price {
		t.Errorf("it counts as ours: %+v", a)
	}
}

// partOutside gives back a part at the bank. A bank may tell that it did, and not how much it was.
func partOutside(t *testing.T, s *shop) {
	a := s.paid()
	if err := s.RefundOutside(a.BankID, price/4); err != nil {
		t.Fatal(err)
	}
	s.Advance(time.Hour)
	a = s.ask(a)
	s.is(a, banks.StatePartlyRefunded)
	if a.Refunded != 0 && a.Refunded != price/4 || a.Outside() != a.Refunded {
		t.Errorf("%v went back at the bank: %+v", price/4, a)
	}
	if err := s.RefundOutside(a.BankID, price-price/4); err != nil {
		t.Fatal(err)
	}
	s.Advance(time.Hour)
	a = s.ask(a)
	s.is(a, banks.StateRefunded)
	s.agrees(a)
}

// outsideBefore gives back a part at the bank that we do not know of when we give back another.
func outsideBefore(t *testing.T, s *shop) {
	a := s.paid()
	if err := s.RefundOutside(a.BankID, price/4); err != nil {
		t.Fatal(err)
	}
	s.Advance(time.Hour)
	a, err := s.refund(a, price/2)
	if err != nil {
		t.Fatal(err)
	}
	a = s.settle(a)
	s.is(a, banks.StatePartlyRefunded)
	s.agrees(a)
	if a.Returned != price/2 || a.Outside() != price/4 {
		t.Errorf("%v is ours and %v is not: %+v", price/2, price/4, a)
	}
}

// outsideBeside gives back a part at the bank while ours is under way, where the bank lets one.
func outsideBeside(t *testing.T, s *shop) {
	a, err := s.refund(s.paid(), price/4)
	if err != nil {
		t.Fatal(err)
	}
	if s.RefundOutside(a.BankID, price/2) != nil {
		return // one at a time
	}
	a = s.ask(a)
	s.Advance(time.Hour)
	if a.Refund.ID != "" {
		a = s.settle(a)
	} else {
		a = s.ask(a)
	}
	s.agrees(a)
	if a.Returned != price/4 || a.Outside() != price/2 {
		t.Errorf("%v is ours and %v is not: %+v", price/4, price/2, a)
	}
}
