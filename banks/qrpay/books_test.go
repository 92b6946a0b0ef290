package qrpay_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/qrpay"
	"kassa/banks/qrpay/qrpaysim"
	"kassa/register"
)

// TestBooksFollowTheProvider lets a payer, a cashier and the network do anything in any order, and compares the attempt
// with the provider's books when the dust has settled. The provider tells of closed codes in one test, and has no word
// for them in the other.
func TestBooksFollowTheProvider(t *testing.T) {
	for name, mute := range map[string]bool{"with a word for closed codes": false, "with none": true} {
		t.Run(name, func(t *testing.T) {
			sim, bank, _, c := open(t, mute)
			rapid.Check(t, func(t *rapid.T) {
				sim.Mend()
				r := banks.Request{ID: uuid.NewString(), Amount: 19900, Purpose: "Покупка", Expires: c.Now().Add(codeLife)}
				s := story{T: t, sim: sim, bank: bank, id: r.ID}
				s.fault()
				a, err := banks.Begin(bank, r)
				if err != nil {
					t.Fatal(err)
				}
				if s.a, err = banks.Create(t.Context(), bank, a, r); err != nil && s.a.State == banks.StateFailed && len(sim.Payments(r.ID)) > 0 {
					t.Fatalf("failed, yet it is there: %v", err)
				}
				for range rapid.IntRange(0, 12).Draw(t, "steps") {
					s.step()
				}
				s.settle()
			})
		})
	}
}

// codeLife is how long the codes live: longer than a test's clock moves.
const codeLife = 15 * time.Minute

// story is one payment.
type story struct {
	*rapid.T
	sim  *qrpaysim.Bank
	bank *qrpay.Bank
	id   string
	a    banks.Attempt
}

// fault makes the next request go wrong, or none.
func (s *story) fault() {
	f := rapid.SampledFrom([]banksim.Fault{
		"", "", banksim.AnswerLost, banksim.AnswerLost, banksim.RequestLost, banksim.HTTP500, banksim.HTTP500After, banksim.Nonsense,
		banksim.Truncated, qrpaysim.Refuse, qrpaysim.TokenRefused, qrpaysim.PaidDuringCancel, qrpaysim.PaidDuringCancel,
		qrpaysim.PaidAfterCancel, qrpaysim.RepeatRefused, qrpaysim.NotFound, qrpaysim.PayloadOtherSum,
	}).Draw(s.T, "fault")
	if f == "" {
		return
	}
	plan := banksim.Plan{Name: f, Times: rapid.IntRange(1, 2).Draw(s.T, "times")}
	if s.sim.Known()[f] == nil {
		plan.Method = rapid.SampledFrom([]string{"", "qr", "state", "cancel", "cancel"}).Draw(s.T, "method")
	}
	if err := s.sim.Break(plan); err != nil {
		s.Fatal(err)
	}
}

// step lets somebody do something.
func (s *story) step() {
	switch rapid.SampledFrom([]string{"fault", "pay", "pay", "pay late", "process", "reject", "expire", "ask", "ask", "close", "close", "refund"}).Draw(s.T, "step") {
	case "fault":
		s.fault()
	case "pay":
		_ = s.sim.Pay(s.id, false)
	case "pay late":
		_ = s.sim.Pay(s.id, true)
	case "process":
		_ = s.sim.Process(s.id)
	case "reject":
		_ = s.sim.Reject(s.id)
	case "expire":
		_ = s.sim.Expire(s.id)
	case "ask":
		s.ask()
	case "close":
		if s.a.State == banks.StateWaiting { // a cancel whose answer was lost is asked about first
			s.send(s.a.CancelSent())
		}
	case "refund":
		if left := s.a.Left(); s.a.State.Paid() && left > 0 {
			part := register.Money(rapid.Int64Range(1, int64(left)).Draw(s.T, "part"))
			if rapid.Bool().Draw(s.T, "whole") {
				part = left
			}
			s.send(s.a.RefundSent(uuid.NewString(), part))
		}
	}
}

func (s *story) ask() {
	s.a, _ = banks.Ask(s.Context(), s.bank, s.a)
}

func (s *story) send(sent banks.Attempt, err error) {
	if err != nil {
		s.Fatal(err)
	}
	s.a, _ = banks.Cancel(s.Context(), s.bank, sent)
}

// settle brings the story to its end: everything works, and what the provider cannot tell a person looks up.
func (s *story) settle() {
	s.sim.Mend()
	for range 3 {
		if s.a.State != banks.StateFailed || s.a.BankID != "" {
			s.ask()
		}
	}
	if s.a.Closing && s.a.State == banks.StateProcessing { // nothing of ours is on its way any more
		var err error
		if s.a, err = s.a.CloseLost(); err != nil {
			s.Fatal(err)
		}
	}
	var paid bool
	var refunded register.Money
	held := s.sim.Payments(s.id)
	if len(held) > 0 {
		paid, refunded = held[0].Status == "DONE", held[0].Refunded
	}
	if r := s.a.Refund; s.a.State == banks.StateRefundPending && r.ID != "" {
		if r.Base+r.Amount == s.a.Amount {
			s.Fatalf("a refund of all that was left is not told: %+v", s.a)
		}
		look := s.a.RefundLost
		if refunded > r.Base {
			look = s.a.RefundSeen
		}
		var err error
		if s.a, err = look(); err != nil {
			s.Fatal(err)
		}
	}
	switch {
	case len(held) > 1:
		s.Fatalf("%d payments for one id", len(held))
	case s.a.State == banks.StateCreateUnknown && len(held) > 0, s.a.State == banks.StateCreating:
		s.Fatalf("%s for good", s.a.State)
	case s.a.State.HadMoney() != paid || s.a.Refunded != refunded:
		s.Fatalf("here %s with %v back (%s), there %+v", s.a.State, s.a.Refunded, s.a.Words, held)
	case s.a.Outside() != 0:
		s.Fatalf("%v was given back by nobody", s.a.Outside())
	}
}

// TestPartLost loses the answer to a refund of a part: nobody can tell, and a person decides.
func TestPartLost(t *testing.T) {
	for name, c := range map[string]struct {
		fault banksim.Fault
		seen  bool
	}{"carried out": {banksim.AnswerLost, true}, "never arrived": {banksim.RequestLost, false}} {
		t.Run(name, func(t *testing.T) {
			sim, bank, _, clock := open(t, false)
			r := banks.Request{ID: uuid.NewString(), Amount: 19900, Expires: clock.Now().Add(codeLife)}
			a, err := banks.Begin(bank, r)
			if err != nil {
				t.Fatal(err)
			}
			if a, err = banks.Create(t.Context(), bank, a, r); err != nil {
				t.Fatal(err)
			}
			if err := sim.Pay(r.ID, false); err != nil {
				t.Fatal(err)
			}
			if a, err = banks.Ask(t.Context(), bank, a); err != nil {
				t.Fatal(err)
			}
			if a, err = a.RefundSent("r1", 4900); err != nil {
				t.Fatal(err)
			}
			if err := sim.Break(banksim.Plan{Name: c.fault, Times: 1, Method: "cancel"}); err != nil {
				t.Fatal(err)
			}
			if a, err = banks.Cancel(t.Context(), bank, a); !errors.Is(err, banks.ErrUnknown) {
				t.Fatal(err)
			}
			for range 3 {
				if a, err = banks.Ask(t.Context(), bank, a); err != nil || a.State != banks.StateRefundPending {
					t.Fatalf("%s, %v", a.State, err)
				}
			}
			want := banks.StatePaid
			if c.seen {
				want = banks.StatePartlyRefunded
				a, err = a.RefundSeen()
			} else {
				a, err = a.RefundLost()
			}
			if err != nil || a.State != want || a.Refunded != sim.Payments(r.ID)[0].Refunded {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}
