package banks

import (
	"context"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"kassa/register"
)

// model is a bank with one payment, as simple as its rules can be said, whose wire is as bad as it can be.
type model struct {
	t   *rapid.T
	now time.Time
	can Capabilities
	// unified: a cancel of a paid payment gives it back, as at T-Bank; elsewhere the two are two calls.
	unified bool
	totals  bool // State tells how much went back
	calm    bool // nothing goes wrong any more

	made, closed, paid bool
	expires            time.Time
	amount             register.Money
	refunds            []*modelRefund
	onTheirWay         []delayed
}

// modelRefund is a refund at the bank.
type modelRefund struct {
	id      string // ours; empty for one that was made at the bank
	amount  register.Money
	until   time.Time // under way before that
	pending bool
	failed  bool
}

// delayed is a request that the bank gets later.
type delayed struct {
	at time.Time
	do func()
}

func (m *model) Name() string                { return "model" }
func (m *model) Can() Capabilities           { return m.can }
func (m *model) Check(context.Context) error { return nil }

// advance lets time pass.
func (m *model) advance(d time.Duration) {
	m.now = m.now.Add(d)
	var rest []delayed
	for _, one := range m.onTheirWay {
		if one.at.After(m.now) {
			rest = append(rest, one)
		} else {
			one.do()
		}
	}
	m.onTheirWay = rest
	for _, r := range m.refunds {
		r.pending = r.pending && m.now.Before(r.until)
	}
}

// wire carries a request to the bank: as it should be, without the answer, not at all, or late. The last comes before
// the absence of its effect counts as proven.
func (m *model) wire(do func() (Answer, error)) (Answer, error) {
	const fine, answerLost, requestLost, late = 0, 1, 2, 3
	what := fine
	if !m.calm {
		what = rapid.SampledFrom([]int{fine, fine, fine, answerLost, requestLost, late}).Draw(m.t, "wire")
	}
	switch what {
	case fine:
		return do()
	case answerLost:
		_, _ = do()
	case late:
		d := time.Duration(rapid.IntRange(1, 4).Draw(m.t, "late by")) * time.Second
		m.onTheirWay = append(m.onTheirWay, delayed{at: m.now.Add(d), do: func() { _, _ = do() }})
	}
	return Answer{}, fmt.Errorf("%w: no answer", ErrUnknown)
}

func (m *model) Create(_ context.Context, r Request) (Answer, error) {
	return m.wire(func() (Answer, error) {
		m.made, m.amount, m.expires = true, r.Amount, r.Expires
		ans := m.answer()
		ans.Payload = "code"
		return ans, nil
	})
}

func (m *model) State(_ context.Context, ref Ref) (Answer, error) {
	if !m.calm && rapid.IntRange(0, 3).Draw(m.t, "asked in vain") == 0 {
		return Answer{}, ErrUnknown
	}
	if !m.made || ref.BankID == "" && !m.can.LookUp {
		return Answer{}, ErrNotFound
	}
	ans := m.answer()
	ans.Refund = m.outcome(ref)
	return ans, nil
}

func (m *model) Cancel(_ context.Context, ref Ref) (Answer, error) {
	return m.wire(func() (Answer, error) {
		switch {
		case !m.made:
			return Answer{}, ErrNotFound
		case ref.Refund.ID != "":
			return m.refund(ref.Refund.ID, ref.Refund.Amount)
		case m.paid && m.unified && m.left() > 0:
			return m.refund(ref.ID, m.left())
		case !m.paid:
			m.closed = true
		}
		return m.answer(), nil
	})
}

// refund begins a refund, or refuses it. A bank that takes our ids knows one again.
func (m *model) refund(id string, amount register.Money) (Answer, error) {
	if known := m.find(id); known != nil && m.can.RefundID && !known.failed {
		ans := m.answer()
		ans.Refund = m.outcome(Ref{Refund: Refund{ID: id}})
		return ans, nil
	}
	switch {
	case !m.paid, m.pending() && !m.can.RefundID:
		return Answer{}, &Refusal{Reason: ReasonState}
	case amount > m.left():
		return Answer{}, &Refusal{Reason: ReasonAmount}
	case !m.calm && rapid.IntRange(0, 7).Draw(m.t, "balance") == 0:
		return Answer{}, &Refusal{Reason: ReasonBalance}
	}
	m.begin(id, amount)
	ans := m.answer()
	if ans.Refund = RefundPending; !m.find(id).pending {
		ans.Refund = RefundDone
		if m.find(id).failed {
			ans.Refund = RefundFailed
		}
	}
	return ans, nil
}

// begin puts a refund into the books: done at once, done after a while, or failed after a while.
func (m *model) begin(id string, amount register.Money) {
	r := &modelRefund{id: id, amount: amount}
	if rapid.Bool().Draw(m.t, "takes time") {
		r.until, r.pending = m.now.Add(time.Duration(rapid.IntRange(1, 20).Draw(m.t, "seconds"))*time.Second), true
		r.failed = !m.calm && rapid.IntRange(0, 2).Draw(m.t, "fails") == 0
	}
	m.refunds = append(m.refunds, r)
}

// answer is where the payment stands.
func (m *model) answer() Answer {
	ans := Answer{BankID: "1", Amount: m.amount, Words: "word"}
	switch {
	case m.paid && m.pending():
		ans.State = StateRefundPending
	case m.paid && m.total() == m.amount:
		ans.State = StateRefunded
	case m.paid && m.total() > 0:
		ans.State = StatePartlyRefunded
	case m.paid:
		ans.State = StatePaid
	case m.closed:
		ans.State = StateCancelled
	case !m.now.Before(m.expires):
		ans.State = StateExpired
	default:
		ans.State = StateWaiting
	}
	if m.totals {
		ans.Refunded = m.total()
	}
	return ans
}

// outcome is what an adapter can tell of a refund: by its id, by the total, or hardly.
func (m *model) outcome(ref Ref) Outcome {
	r := ref.Refund
	if r.ID == "" {
		return ""
	}
	if m.can.RefundID {
		known := m.find(r.ID)
		switch {
		case known == nil:
			return RefundNone
		case known.pending:
			return RefundPending
		case known.failed:
			return RefundFailed
		}
		return RefundDone
	}
	switch {
	case m.pending() && r.Taken:
		return RefundPending
	case m.pending():
		return "" // it may be somebody else's
	case m.total() == m.amount:
		return RefundDone
	case m.total() == 0 && r.Taken, m.totals && m.total() < r.Base+r.Amount && r.Taken:
		return RefundFailed
	case m.total() == 0, m.totals && m.total() < r.Base+r.Amount:
		return RefundNone
	case m.totals:
		return RefundDone
	}
	return ""
}

// find gives the newest refund with an id, or nil.
func (m *model) find(id string) *modelRefund {
	for i := len(m.refunds) - 1; i >= 0; i-- {
		if m.refunds[i].id == id {
			return m.refunds[i]
		}
	}
	return nil
}

func (m *model) pending() bool {
	for _, r := range m.refunds {
		if r.pending {
			return true
		}
	}
	return false
}

// total is what has gone back.
func (m *model) total() register.Money {
	sum := register.Money(0)
	for _, r := range m.refunds {
		if !r.pending && !r.failed {
			sum += r.amount
		}
	}
	return sum
}

// left is what can still go back.
func (m *model) left() register.Money {
	sum := m.amount
	for _, r := range m.refunds {
		if r.pending || !r.failed {
			sum -= r.amount
		}
	}
	return sum
}

// done is what went back under an id of ours, and how often.
func (m *model) done(id string) (sum register.Money, times int) {
	for _, r := range m.refunds {
		if r.id == id && !r.pending && !r.failed {
			sum += r.amount
			times++
		}
	}
	return sum, times
}
