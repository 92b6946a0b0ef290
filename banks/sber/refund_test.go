package sber_test

import (
	"errors"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/sber/sbersim"
	"kassa/register"
)

// paid gives a payment that was paid.
func paid(t *testing.T, w world) banks.Attempt {
	t.Helper()
	a, r := attempt(t, w)
	a, err := banks.Create(t.Context(), w.bank, a, r)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.sim.Pay(a.BankID, false); err != nil {
		t.Fatal(err)
	}
	if a, err = banks.Ask(t.Context(), w.bank, a); err != nil || a.State != banks.StatePaid {
		t.Fatalf("%s, %v", a.State, err)
	}
	return a
}

func refund(t *testing.T, w world, a banks.Attempt, id string, amount register.Money) (banks.Attempt, error) {
	t.Helper()
	a, err := a.RefundSent(id, amount)
	if err != nil {
		t.Fatal(err)
	}
	return banks.Cancel(t.Context(), w.bank, a)
}

func (w world) breaks(t *testing.T, f banksim.Fault, method string) {
	t.Helper()
	if err := w.sim.Break(banksim.Plan{Name: f, Times: 1, Method: method}); err != nil {
		t.Fatal(err)
	}
}

// TestRefundListedLate holds that a refund that the bank has taken is waited for, not sent again: its list was late.
func TestRefundListedLate(t *testing.T) {
	w := open(t)
	a := paid(t, w)
	w.breaks(t, sbersim.RefundLate, "")
	a, err := refund(t, w, a, "r1", 5000)
	if err != nil || a.State != banks.StateRefundPending || !a.Refund.Taken {
		t.Fatalf("%+v, %v", a, err)
	}
	w.clock.Advance(20 * time.Second)
	if a, err = banks.Ask(t.Context(), w.bank, a); err != nil || a.State != banks.StateRefundPending {
		t.Fatalf("%+v, %v", a, err)
	}
	w.clock.Advance(20 * time.Second)
	if a, err = banks.Ask(t.Context(), w.bank, a); err != nil || a.State != banks.StatePartlyRefunded || a.Returned != 5000 {
		t.Fatalf("%+v, %v", a, err)
	}
}

// TestRefundNotSeenAfter holds that a refund is not over because the question after it met trouble.
func TestRefundNotSeenAfter(t *testing.T) {
	w := open(t)
	a := paid(t, w)
	if err := w.sim.Break(banksim.Plan{Name: banksim.HTTP503, Method: "status"}); err != nil {
		t.Fatal(err)
	}
	if _, err := refund(t, w, a, "r1", 5000); !errors.Is(err, banks.ErrUnknown) {
		t.Fatalf("a refund of an order that cannot be asked for: %v", err)
	}
	w.sim.Mend()
	if p := w.sim.Payments(""); p[0].Refunded != 0 {
		t.Fatalf("it was sent: %+v", p)
	}
	// The first question is slow, the second meets trouble.
	if err := errors.Join(
		w.sim.Break(banksim.Plan{Name: banksim.Slow, Times: 1, Method: "status", Delay: time.Millisecond}),
		w.sim.Break(banksim.Plan{Name: banksim.HTTP503, Method: "status"}),
	); err != nil {
		t.Fatal(err)
	}
	a, err := refund(t, w, a, "r1", 5000)
	if err != nil || a.State != banks.StateRefundPending || !a.Refund.Taken {
		t.Fatalf("%+v, %v", a, err)
	}
	w.sim.Mend()
	if a, err = banks.Ask(t.Context(), w.bank, a); err != nil || a.Returned != 5000 || a.Refund.ID != "" {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestRefundFails holds that a refund that the bank took, and lists as failed, is over.
func TestRefundFails(t *testing.T) {
	w := open(t)
	a := paid(t, w)
	w.breaks(t, sbersim.RefundFails, "")
	a, err := refund(t, w, a, "r1", 5000)
	if err != nil || a.State != banks.StatePaid || a.Refund.ID != "" || a.Refunded != 0 {
		t.Fatalf("%+v, %v", a, err)
	}
	// The failure stands in the list, and is not taken for the next refund's.
	if a, err = refund(t, w, a, "r2", 5000); err != nil || a.State != banks.StatePartlyRefunded || a.Returned != 5000 {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestRefundLost loses the answers to refunds, carried out or not, and holds that each is told from the sums.
func TestRefundLost(t *testing.T) {
	for fault, carriedOut := range map[banksim.Fault]bool{banksim.AnswerLost: true, banksim.RequestLost: false, banksim.HTTP504: false} {
		w := open(t)
		a, err := refund(t, w, paid(t, w), "r1", 5000)
		if err != nil {
			t.Fatal(err)
		}
		w.breaks(t, fault, "cancel")
		a, err = refund(t, w, a, "r2", 5000)
		if !errors.Is(err, banks.ErrUnknown) || a.State != banks.StateRefundPending {
			t.Fatalf("%s: %+v, %v", fault, a, err)
		}
		a, err = banks.Ask(t.Context(), w.bank, a)
		want := register.Money(5000)
		if carriedOut {
			want = 10000
		}
		if errors.Is(err, banks.ErrNoRefund) == carriedOut || a.Returned != want || w.sim.Payments("")[0].Refunded != want {
			t.Errorf("%s: %+v, %v", fault, a, err)
		}
	}
}

// TestRefundDenied holds that a refund is not over when the bank refuses it and its list shows that it was carried out.
func TestRefundDenied(t *testing.T) {
	w := open(t)
	a := paid(t, w)
	w.breaks(t, sbersim.RefundDenied, "")
	a, err := refund(t, w, a, "r1", 5000)
	if !errors.Is(err, banks.ErrUnknown) || a.State != banks.StateRefundPending {
		t.Fatalf("%+v, %v", a, err)
	}
	if a, err = banks.Ask(t.Context(), w.bank, a); err != nil || a.Returned != 5000 {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestRefundSentAgain holds that the same refund, sent again in spite of the contract, is not carried out twice even when
// the bank would.
func TestRefundSentAgain(t *testing.T) {
	w := open(t)
	sent, err := paid(t, w).RefundSent("r1", 5000)
	if err != nil {
		t.Fatal(err)
	}
	w.breaks(t, banksim.AnswerLost, "cancel")
	if _, err := w.bank.Cancel(t.Context(), sent.Ref()); !errors.Is(err, banks.ErrUnknown) {
		t.Fatal(err)
	}
	if _, err := w.bank.Cancel(t.Context(), sent.Ref()); !errors.Is(err, banks.ErrRefused) {
		t.Errorf("%v", err)
	}
	if p := w.sim.Payments(""); p[0].Refunded != 5000 {
		t.Errorf("%+v", p)
	}
}

// TestRefundOfUnpaid holds that what the bank does not have is not given back.
func TestRefundOfUnpaid(t *testing.T) {
	w := open(t)
	a, r := attempt(t, w)
	a, err := banks.Create(t.Context(), w.bank, a, r)
	if err != nil {
		t.Fatal(err)
	}
	if a, err = a.PaidByHand(); err != nil {
		t.Fatal(err)
	}
	a, err = refund(t, w, a, "r1", 5000)
	var refusal *banks.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != banks.ReasonState || a.Refund.ID != "" {
		t.Errorf("%+v, %v", a, err)
	}
}
