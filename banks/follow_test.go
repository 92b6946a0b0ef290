package banks

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/register"
)

// shop follows one attempt at a model bank the way the till and the server do. What is in attempt is what is stored.
type shop struct {
	t       *rapid.T
	bank    *model
	attempt Attempt
	missing Missing
	story   []string

	cancel  bool // the cashier wants the code closed
	wishes  []wish
	outside bool // somebody gave money back at the bank

	cancelSent bool
}

// wish is a refund that somebody wants.
type wish struct {
	id     string
	amount register.Money
	over   bool // done, or given up
}

// TestTheBooksFollowTheBank lets a shop and a bank live together badly, and compares their books when it is quiet.
func TestTheBooksFollowTheBank(t *testing.T) {
	for kind := range 1 << 4 {
		bank := model{unified: kind&1 > 0, totals: kind&2 > 0, can: Capabilities{MinAmount: 1, LookUp: kind&4 > 0, RefundID: kind&8 > 0}}
		name := fmt.Sprintf("cancel refunds %v, totals %v, found by our id %v, refund ids %v", bank.unified, bank.totals, bank.can.LookUp, bank.can.RefundID)
		t.Run(name, func(t *testing.T) { follow(t, bank) })
	}
}

func follow(t *testing.T, bank model) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShop(t, bank)
		t.Repeat(map[string]func(*rapid.T){
			"":                s.check,
			"time passes":     func(t *rapid.T) { s.bank.advance(time.Duration(rapid.IntRange(1, 7).Draw(t, "seconds")) * time.Second) },
			"the shop works":  func(*rapid.T) { s.work() },
			"the payer pays":  s.pay,
			"the cashier":     func(*rapid.T) { s.cancel = true },
			"a refund":        s.wish,
			"at the bank":     s.refundOutside,
			"the code's time": func(*rapid.T) { s.bank.advance(time.Minute) },
		})
		s.settle()
		s.compare()
	})
}

func newShop(t *rapid.T, bank model) *shop {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	bank.t, bank.now = t, now
	s := &shop{t: t, bank: &bank}
	r := Request{ID: "a", Amount: register.Money(rapid.Int64Range(1, 20).Draw(t, "amount")), Expires: now.Add(5 * time.Minute)}
	s.bank.amount = r.Amount
	a, err := Begin(s.bank, r)
	if err != nil {
		t.Fatal(err)
	}
	s.attempt = a
	return s
}

// pay pays a code that somebody has seen, perhaps after it was closed.
func (s *shop) pay(t *rapid.T) {
	m := s.bank
	if s.attempt.Payload == "" || m.paid {
		return
	}
	if over := m.closed || !m.now.Before(m.expires); !over || rapid.IntRange(0, 4).Draw(t, "late") == 0 {
		m.paid = true
		s.tell("the payer pays")
	}
}

func (s *shop) wish(t *rapid.T) {
	if left := s.attempt.Left(); left > 0 && s.open() == nil {
		part := register.Money(rapid.Int64Range(1, int64(left)).Draw(t, "part"))
		s.wishes = append(s.wishes, wish{id: fmt.Sprint("r", len(s.wishes)), amount: part})
	}
}

// open is the wish that is not over, or nil.
func (s *shop) open() *wish {
	if n := len(s.wishes); n > 0 && !s.wishes[n-1].over {
		return &s.wishes[n-1]
	}
	return nil
}

func (s *shop) refundOutside(t *rapid.T) {
	m := s.bank
	if left := m.left(); m.paid && left > 0 && (m.can.RefundID || !m.pending()) {
		s.outside = true
		m.begin("", register.Money(rapid.Int64Range(1, int64(left)).Draw(t, "outside")))
		s.tell("somebody gives back at the bank")
	}
}

// work is one piece of work: ask, and do what is wanted. The program may die between storing and sending.
func (s *shop) work() {
	ctx := context.Background()
	a := s.attempt
	if a.State == StateCreating {
		next, err := Create(ctx, s.bank, a, Request{ID: a.ID, Amount: a.Amount, Expires: a.Expires})
		s.store("create", next, err)
		return
	}
	next, err := Ask(ctx, s.bank, a)
	if !s.heard(&next, err) {
		s.store("ask", next, err)
		return
	}
	s.store("ask", next, err)
	var sent Attempt
	switch w := s.open(); {
	case s.cancel && next.State == StateWaiting:
		sent, err = next.CancelSent()
		s.cancelSent = true
	case w != nil && next.State.Paid():
		if sent, err = next.RefundSent(w.id, w.amount); err != nil {
			w.over = true // others gave it back
			return
		}
		s.missing = Missing{} // another request, another proof
	default:
		return
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.store("about to send", sent, nil)
	if !s.bank.calm && rapid.IntRange(0, 9).Draw(s.t, "power") == 0 {
		return
	}
	next, err = Cancel(ctx, s.bank, sent)
	if w := s.open(); w != nil && errors.Is(err, ErrRefused) && sent.Refund.ID == w.id {
		w.over = true // a person decides, and wishes it anew
	}
	s.store("sent", next, err)
}

// heard takes a bank's silence about something into account, and tells whether there is more to do.
func (s *shop) heard(next *Attempt, err error) bool {
	gone := errors.Is(err, ErrNoRefund) || errors.Is(err, ErrNotFound) && next.State == StateCreateUnknown
	if err != nil && !gone {
		return false
	}
	var proven bool
	if s.missing, proven = s.missing.Heard(s.bank.now, gone); !proven {
		return err == nil
	}
	lost, stepErr := next.RefundLost()
	if next.State == StateCreateUnknown {
		lost, stepErr = next.CreateFailed()
	}
	if stepErr != nil {
		s.t.Fatal(stepErr)
	}
	*next, s.missing = lost, Missing{}
	return true
}

// store keeps an attempt, and looks at what became of the wish.
func (s *shop) store(what string, next Attempt, err error) {
	s.tell(what, fmt.Sprintf("%+v", next), fmt.Sprint(err))
	if rule := broken(s.attempt, next); rule != "" {
		s.fail(rule)
	}
	if w := s.open(); w != nil && next.Returned > s.attempt.Returned && s.attempt.Refund.ID == w.id {
		w.over = true
	}
	s.attempt = next
}

// settle lets everything come to its end, with a person for what the bank cannot tell.
func (s *shop) settle() {
	s.bank.calm = true
	s.bank.advance(5 * time.Minute) // no code lives longer
	for range 4 {
		for range 10 {
			s.bank.advance(10 * time.Second)
			s.work()
		}
		a := s.attempt
		if a.State != StateRefundPending || a.Refund.ID == "" {
			return
		}
		_, times := s.bank.done(a.Refund.ID)
		next, err := a.RefundLost()
		if times > 0 {
			next, err = a.RefundSeen()
		}
		if err != nil || s.bank.can.RefundID {
			s.fail("a refund that nobody can tell of")
		}
		s.store("a person has looked", next, nil)
	}
}

// check holds the attempt to what can be said of it at any time.
func (s *shop) check(t *rapid.T) {
	ours := register.Money(0)
	for _, w := range s.wishes {
		sum, times := s.bank.done(w.id)
		if times > 1 || sum > w.amount {
			s.fail("given back twice")
		}
		ours += sum
	}
	switch {
	case s.bank.total() > s.bank.amount:
		s.fail("more went back than was paid")
	case s.attempt.State.HadMoney() && !s.bank.paid:
		s.fail("paid here, and not at the bank")
	case s.attempt.Refunded > s.bank.total() && !s.outside:
		s.fail("more went back here than at the bank")
	}
}

// compare compares the books.
func (s *shop) compare() {
	a, m := s.attempt, s.bank
	s.check(s.t)
	ours := register.Money(0)
	for _, w := range append(s.wishes, wish{id: a.ID}) {
		sum, _ := m.done(w.id)
		ours += sum
	}
	switch {
	case a.State.HadMoney() != m.paid:
		s.fail("the bank has the money, or has not")
	case a.State.Open(), a.State == StateRefundPending:
		s.fail("it did not come to an end")
	case m.totals && a.Refunded != m.total():
		s.fail("the totals differ")
	case a.Returned != ours && s.tellable():
		s.fail("what we gave back differs")
	case s.open() != nil && a.Left() >= s.open().amount && m.totals:
		s.fail("a wish was forgotten")
	}
}

// tellable tells that our refunds can be told from those at the bank: by ids or because there were none there.
// A cancel that arrives after its payment was seen paid gives back what counts as given back at the bank: an alarm, as it
// should be.
func (s *shop) tellable() bool {
	return !s.cancelSent && (s.bank.can.RefundID || s.bank.totals && !s.outside)
}

func (s *shop) tell(words ...string) {
	s.story = append(s.story, fmt.Sprint(s.bank.now.Format("15:04:05 "), words))
}

func (s *shop) fail(rule string) {
	last := ""
	for _, line := range s.story {
		if line[9:] != last { // after the time
			s.t.Log(line)
		}
		last = line[9:]
	}
	for _, r := range s.bank.refunds {
		s.t.Logf("at the bank: %+v", *r)
	}
	s.t.Logf("wishes: %+v", s.wishes)
	s.t.Fatalf("%s: here %+v, there paid %v, %v back of %v (ids %v, totals %v, unified %v)",
		rule, s.attempt, s.bank.paid, s.bank.total(), s.bank.amount, s.bank.can.RefundID, s.bank.totals, s.bank.unified)
}
