// Package banktest is what every bank's adapter must be able to do, as tests. An adapter runs it against its simulator,
// over a real wire:
//
//	func TestBank(t *testing.T) {
//		banktest.Run(t, func(t *testing.T) banktest.Fixture { … })
//	}
//
// The tests move payments the way the till and the server do, through banks.Create, banks.Ask and banks.Cancel, and
// check at the bank's side what came of it: one payment for one id, and no kopeck there that nobody knows of.
package banktest

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/register"
)

// Fixture is an adapter, the bank behind it, and the hands to move that bank. A field may be nil only where it says so.
type Fixture struct {
	Bank banks.Bank

	Now     func() time.Time      // the clock of both
	Advance func(d time.Duration) // moves it, by more than a refund takes where d is an hour

	Pay     func(bankID string) error // the payer pays
	PayLate func(bankID string) error // the same, after the code was closed
	Process func(bankID string) error // the payer has confirmed, the bank works; nil: there is no such state
	Reject  func(bankID string) error // the bank refuses the payer; nil: there is no such state

	// RefundOutside is a refund that somebody makes at the bank; nil: the bank's State does not tell of it.
	RefundOutside func(bankID string, amount register.Money) error

	// At tells what the bank holds for an id of ours. A refund counts when it is done.
	At func(id string) []Held

	// Troubles are ways, by name, in which the next calls go wrong: answers lost at each step, requests lost,
	// time-outs, nonsense. A trouble lasts for one request or until Mend.
	Troubles map[string]func()
	Mend     func()

	PayDuringCancel       func() // the payer pays just before the next cancel arrives
	FailRefund            func() // the next refund begins and fails; nil: it is answered at once
	NoBalance             func() // the next refund is refused: the shop's balance is too small; nil: there is no such answer
	NextCodeDiffers       func() // the next code names another sum
	NextCodeOtherCurrency func() // the next code names another currency; nil: its codes have none
	NextCodeBare          func() // the next code is a link without a query; nil: its codes are no links
	NextSumDiffers        func() // the next answer about a payment's state names another sum; nil: it names none
	Refuse                func() // the bank refuses the next creation
	WrongPassword         func(t *testing.T) banks.Bank

	// CodeOnce tells that the bank gives a code in the answer to its creation and never again: a payment whose answer was
	// lost is found, and cancelled.
	CodeOnce bool

	// Notice is the bank's notification about a payment as it is now; nil: there are none. An unsigned one proves nothing.
	Notice         func(bankID string) (http.Header, []byte)
	NoticeUnsigned bool
}

// Held is one payment at the bank.
type Held struct {
	BankID   string
	Paid     bool // money came, whatever went back since
	Amount   register.Money
	Refunded register.Money
}

// Run runs the suite. Each test opens a fixture of its own. What a bank cannot do, by its Capabilities or its fixture, is
// not asked of it.
func Run(t *testing.T, open func(t *testing.T) Fixture) {
	f := open(t)
	tests := life(f)
	maps.Copy(tests, refunds(f))
	maps.Copy(tests, news(f))
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, newShop(t, open)) })
	}
	for trouble := range f.Troubles {
		t.Run("trouble/"+trouble, func(t *testing.T) {
			for step, test := range troubles(f) {
				t.Run(step, func(t *testing.T) {
					s := newShop(t, open)
					test(t, s, s.Troubles[trouble])
				})
			}
		})
	}
}

// shop is a fixture with the hands of a shop.
type shop struct {
	Fixture
	t *testing.T
}

func newShop(t *testing.T, open func(*testing.T) Fixture) *shop {
	t.Helper()
	return &shop{Fixture: open(t), t: t}
}

const price register.Money = 199_00

// request is a request for a code of fifteen minutes.
func (s *shop) request() banks.Request {
	s.t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		s.t.Fatal(err)
	}
	return banks.Request{ID: id.String(), Amount: price, Purpose: "Покупка 0001", Expires: s.Now().Add(15 * time.Minute)}
}

// begin gives a new attempt.
func (s *shop) begin() (banks.Attempt, banks.Request) {
	s.t.Helper()
	r := s.request()
	a, err := banks.Begin(s.Bank, r)
	if err != nil {
		s.t.Fatal(err)
	}
	return a, r
}

// waiting gives an attempt whose code is out.
func (s *shop) waiting() banks.Attempt {
	s.t.Helper()
	a, r := s.begin()
	a, err := banks.Create(s.ctx(), s.Bank, a, r)
	if err != nil {
		s.t.Fatal(err)
	}
	s.is(a, banks.StateWaiting)
	return a
}

// paid gives an attempt that was paid.
func (s *shop) paid() banks.Attempt {
	s.t.Helper()
	a := s.waiting()
	s.do(s.Pay, a)
	a = s.ask(a)
	s.is(a, banks.StatePaid)
	return a
}

func (s *shop) ask(a banks.Attempt) banks.Attempt {
	s.t.Helper()
	a, err := banks.Ask(s.ctx(), s.Bank, a)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *shop) cancel(a banks.Attempt) banks.Attempt {
	s.t.Helper()
	a, err := s.tryCancel(a)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// tryCancel closes an unpaid attempt, and gives back all of a paid one.
func (s *shop) tryCancel(a banks.Attempt) (banks.Attempt, error) {
	s.t.Helper()
	sent, err := a.CancelSent()
	if a.State.Paid() {
		sent, err = a.RefundSent(uuid.NewString(), a.Left())
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return banks.Cancel(s.ctx(), s.Bank, sent)
}

// settle follows an attempt with a refund under way until it has none, the way a server does: a refund that the bank goes
// on knowing nothing of was not carried out. Of a bank that knows no id of a refund it may ask a person in the end,
// who looks at the bank.
func (s *shop) settle(a banks.Attempt) banks.Attempt {
	s.t.Helper()
	var missing banks.Missing
	for range 5 {
		next, err := banks.Ask(s.ctx(), s.Bank, a)
		lost := errors.Is(err, banks.ErrNoRefund)
		if err != nil && !lost {
			s.t.Fatal(err)
		}
		a = next
		if a.Refund.ID == "" && a.State != banks.StateRefundPending {
			return a
		}
		var proven bool
		if missing, proven = missing.Heard(s.Now(), lost); proven {
			return s.step(a.RefundLost())
		}
		s.Advance(time.Hour)
	}
	if s.Bank.Can().RefundID {
		s.t.Fatalf("the bank knows the refund's id and does not tell what became of it: %+v", a)
	}
	if s.held(a).Refunded >= a.Refund.Base+a.Refund.Amount {
		return s.step(a.RefundSeen())
	}
	return s.step(a.RefundLost())
}

// step takes a step of ours that must be allowed.
func (s *shop) step(a banks.Attempt, err error) banks.Attempt {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// refund sends a refund.
func (s *shop) refund(a banks.Attempt, amount register.Money) (banks.Attempt, error) {
	s.t.Helper()
	return banks.Cancel(s.ctx(), s.Bank, s.step(a.RefundSent(uuid.NewString(), amount)))
}

// held is the one payment that the bank has for an attempt.
func (s *shop) held(a banks.Attempt) Held {
	s.t.Helper()
	held := s.At(a.ID)
	if len(held) != 1 {
		s.t.Fatalf("%d payments for one id", len(held))
	}
	return held[0]
}

func (s *shop) do(act func(string) error, a banks.Attempt) {
	s.t.Helper()
	if err := act(a.BankID); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) is(a banks.Attempt, want ...banks.State) {
	s.t.Helper()
	for _, state := range want {
		if a.State == state {
			return
		}
	}
	s.t.Fatalf("it is %s (%s), want %v", a.State, a.Words, want)
}

// agrees checks that the attempt and the bank tell the same story, and that there is one payment in it at most.
func (s *shop) agrees(a banks.Attempt) {
	s.t.Helper()
	held := s.At(a.ID)
	if len(held) > 1 {
		s.t.Fatalf("%d payments for one id", len(held))
	}
	if len(held) == 0 {
		if a.State != banks.StateFailed && a.State != banks.StateCreateUnknown {
			s.t.Fatalf("%s here, unknown there", a.State)
		}
		return
	}
	h := held[0]
	money := a.State.Paid() || a.State == banks.StateRefundPending || a.State == banks.StateRefunded
	if h.Paid != money || h.Amount != a.Amount || h.Refunded != a.Refunded || a.BankID != "" && a.BankID != h.BankID {
		s.t.Fatalf("here %s %v of %v back (%s), there %+v", a.State, a.Refunded, a.Amount, a.BankID, h)
	}
}

// ctx is long enough for any answer that comes at all.
func (s *shop) ctx() context.Context {
	ctx, stop := context.WithTimeout(s.t.Context(), 20*time.Second)
	s.t.Cleanup(stop)
	return ctx
}

// known tells whether an error is one that the contract of banks.Bank has.
func known(err error) bool {
	return errors.Is(err, banks.ErrUnknown) || errors.Is(err, banks.ErrNotFound) || errors.Is(err, banks.ErrRefused) ||
		errors.Is(err, banks.ErrAmountDiffers)
}
