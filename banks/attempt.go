package banks

import (
	"fmt"
	"time"

	"kassa/register"
)

// Attempt is one attempt to be paid by QR: one code. A sale may have several, at most one of them open. It is a value:
// every method gives a new one and leaves the old as it was, and whoever keeps attempts stores the new one.
//
// Of the money that went back, Returned is what this side asked for; the rest, Outside, was given back by somebody at
// the bank. While this side has a refund under way, Refund names it and the state is StateRefundPending.
type Attempt struct {
	ID       string         `json:"id"`                // ours, a UUID; the idempotency key everywhere
	Bank     string         `json:"bank"`              // Bank.Name
	BankID   string         `json:"bank_id,omitempty"` // the bank's, empty until it has told
	Amount   register.Money `json:"amount"`            // what was asked for
	Refunded register.Money `json:"refunded"`          // what the bank is known to have given back, in all; at least this
	Returned register.Money `json:"returned,omitempty"`
	Refund   Refund         `json:"refund,omitzero"`
	State    State          `json:"state"`
	Payload  string         `json:"payload,omitempty"` // the string for the QR
	Expires  time.Time      `json:"expires"`           // when the code should stop working; the bank's word counts, not this
	Words    string         `json:"words,omitempty"`   // the bank's own last word, for the story
	ByHand   bool           `json:"by_hand,omitempty"` // a person said that it is paid, not the bank
	Closing  bool           `json:"closing,omitempty"` // a cancel was sent that has no answer: it may still arrive, see CloseLost
}

// Ref names the attempt's payment to a bank.
func (a Attempt) Ref() Ref {
	return Ref{ID: a.ID, BankID: a.BankID, Amount: a.Amount, Refunded: a.Refunded, Refund: a.Refund, State: a.State}
}

// Outside is how much was given back at the bank without this side's asking.
func (a Attempt) Outside() register.Money { return a.Refunded - a.Returned }

// Left is how much of a paid attempt's money is at the bank and not on its way back; nothing of an unpaid one. It can be
// too much while the state is StatePartlyRefunded and Refunded zero: the bank has told that a part went back, not how much.
func (a Attempt) Left() register.Money {
	if !a.State.HadMoney() {
		return 0
	}
	return max(0, a.Amount-a.Refunded-a.Refund.Amount)
}

// Apply takes a bank's answer into the attempt. The attempt that comes back with an error is the one that was given.
//
// The error is ErrAmountDiffers when the bank speaks of another sum, ErrOtherPayment when it speaks of another payment,
// and ErrStep when the bank says what cannot be (a paid code that waits again) or what is not a bank's to say. An
// answer that tells nothing new is no error, and neither is an unpaid word about an attempt that a person has called
// paid: the person's word stands until the bank has the money too. Sums decide between paid, partly refunded and
// refunded, whatever the bank's word is; only where it tells no sum the word counts. What went back does not come again.
//
// A refund of ours ends when the bank says what became of it or, where it can only tell totals, when as much more has
// gone back as it was for. An answer that shows no trace of it does not end it, see RefundLost. Where a total rose
// by somebody else's refund of the same sum or more, the two cannot be told apart: ours counts as done, the money that
// went back is the same, and should ours follow after all, it shows as Outside.
func (a Attempt) Apply(ans Answer) (Attempt, error) {
	switch {
	case ans.Amount != 0 && ans.Amount != a.Amount:
		return a, fmt.Errorf("%w: %v instead of %v (%s)", ErrAmountDiffers, ans.Amount, a.Amount, ans.Words)
	case ans.Refunded < 0 || ans.Refunded > a.Amount:
		return a, fmt.Errorf("%w: %v refunded of %v (%s)", ErrAmountDiffers, ans.Refunded, a.Amount, ans.Words)
	case a.BankID != "" && ans.BankID != "" && ans.BankID != a.BankID:
		return a, fmt.Errorf("%w: %q instead of %q", ErrOtherPayment, ans.BankID, a.BankID)
	}
	next := a
	switch {
	case ans.State.HadMoney():
		next = a.withMoney(ans)
		next.ByHand = false // the bank says so itself now
		if a.Closing && !a.State.HadMoney() && next.State == StatePaid {
			// A cancel that still arrives may take the money away again: nothing is sold on it yet.
			next.State = StateProcessing
		}
	case ans.unpaid() && (a.ByHand || a.State.Closed() && ans.State.Closed()):
		// A person has seen the money; or it was closed unpaid, one way or another.
	default:
		next.State = ans.State
	}
	if !saidByBanks(ans.State) || !reachable(a.State, next.State) {
		return a, fmt.Errorf("%w: from %s to %s (%s)", ErrStep, a.State, ans.State, ans.Words)
	}
	if next.State.HadMoney() || next.State.Closed() {
		next.Closing = false
	}
	if next.BankID == "" {
		next.BankID = ans.BankID
	}
	if ans.Payload != "" {
		next.Payload = ans.Payload
	}
	if ans.Words != "" {
		next.Words = ans.Words
	}
	return next, nil
}

// withMoney puts an attempt whose money the bank has, or had, where the answer's word and the sums together say.
func (a Attempt) withMoney(ans Answer) Attempt {
	next := a
	total := ans.Refunded
	if ans.State == StateRefunded && total == 0 {
		total = a.Amount
	}
	next.Refunded = max(a.Refunded, total)
	if a.State == StateCancelling || a.Closing {
		next.Refund = a.lateCancel(ans.State, total)
	}
	next = next.settle(ans.Refund, total)
	over := ans.Refund == RefundDone || ans.Refund == RefundFailed
	if next.Refund.ID == "" && ans.State == StateRefundPending && next.Refunded < a.Amount && !over {
		next.State = StateRefundPending // somebody else's, at the bank
		return next
	}
	next.State = next.bySums(ans.State)
	return next
}

// lateCancel is the refund that a cancel became which came after the payment: the bank gives all back that it has.
func (a Attempt) lateCancel(word State, total register.Money) Refund {
	base := a.Refunded
	switch word {
	case StateRefundPending:
		base = max(base, total)
	case StateRefunded:
	default:
		return Refund{} // the cancel had no effect
	}
	if base >= a.Amount {
		return Refund{}
	}
	return Refund{ID: a.ID, Amount: a.Amount - base, Base: base, Taken: true}
}

// settle ends the refund that is under way where it is known what became of it. The bank's word about this very refund
// wins over totals, which others move too.
func (a Attempt) settle(o Outcome, total register.Money) Attempt {
	r := &a.Refund
	if r.ID == "" {
		return a
	}
	switch {
	case o == RefundDone, o == "" && total >= r.Base+r.Amount:
		a.Refunded = max(a.Refunded, r.Base+r.Amount)
		a.Returned += r.Amount
		a.Refund = Refund{}
	case o == RefundFailed:
		a.Refund = Refund{}
	case o == RefundPending, o == RefundNone:
		justTaken := o == RefundPending && !r.Taken
		r.Taken = r.Taken || o == RefundPending
		// The total is without this refund, so it is somebody else's. Later on a total that is large enough may hold this
		// one, where what is pending is another that the bank cannot tell from it.
		if justTaken || total < r.Base+r.Amount {
			r.Base = min(max(r.Base, total), a.Amount-r.Amount)
		}
	}
	return a
}

// bySums is the state of an attempt whose money the bank has, or had. The bank's word counts where it told no sum.
func (a Attempt) bySums(word State) State {
	switch {
	case a.Refund.ID != "":
		return StateRefundPending
	case a.Refunded == a.Amount:
		return StateRefunded
	case a.Refunded > 0, word == StatePartlyRefunded:
		return StatePartlyRefunded
	}
	return StatePaid
}

// unpaid tells that the bank has not seen any money.
func (ans Answer) unpaid() bool {
	return saidByBanks(ans.State) && (ans.State.Open() || ans.State.Closed())
}

// saidByBanks tells whether a bank can put a payment into s; the other states are about what we know.
func saidByBanks(s State) bool {
	switch s {
	case StateCreating, StateCreateUnknown, StateCancelling, StateFailed:
		return false
	}
	return true
}

// CreateLost tells that the bank's answer to the creation was lost, or that a program that had stored the attempt
// died before it could store the answer. It is what is done with every attempt found in StateCreating at a start.
func (a Attempt) CreateLost() (Attempt, error) {
	switch a.State {
	case StateCreating, StateCreateUnknown:
		return a.in(StateCreateUnknown), nil
	}
	return a, a.wrong(StateCreateUnknown)
}

// CreateFailed tells that the payment was never made at the bank. That needs a proof: the bank refused it, or
// answered ErrNotFound to at least two questions by our id, some seconds apart; see Missing.
func (a Attempt) CreateFailed() (Attempt, error) {
	switch a.State {
	case StateCreating, StateCreateUnknown, StateFailed:
		return a.in(StateFailed), nil
	}
	return a, a.wrong(StateFailed)
}

// CancelSent tells that an unpaid code is about to be closed; it is stored before the first byte goes to the bank, and
// the code is taken off the screen before that. An attempt that is processing is not cancelled (the payer has confirmed:
// wait for the outcome), one that may not exist is asked for first, and one that is closed or paid has nothing to
// cancel: ErrStep.
func (a Attempt) CancelSent() (Attempt, error) {
	switch a.State {
	case StateWaiting, StateCancelling:
		a.Closing = true
		return a.in(StateCancelling), nil
	}
	return a, a.wrong(StateCancelling)
}

// CloseLost tells that a cancel whose answer was lost does not arrive any more, and that the payer was faster: the attempt is
// paid. That needs a proof, at a bank where the cancel of a paid payment gives the money back: ErrClosing to at least two
// questions, some time apart, see Missing.HeardRefund.
func (a Attempt) CloseLost() (Attempt, error) {
	if !a.Closing || a.State != StateProcessing {
		return a, a.wrong(StatePaid)
	}
	a.Closing = false
	return a.in(StatePaid), nil
}

// RefundSent tells that money is about to be given back; it is stored before the first byte goes to the bank. The same
// refund again, while it is under way, changes nothing. An id names one refund for ever: one that was done is not sent
// under its id again, and one that was lost is, so that a bank that takes our ids carries it out once even if the lost
// request turns up after all. The error is ErrStep for an attempt that is not paid or has
// another refund under way, and ErrRefund for a sum that is not above zero or more than is left.
func (a Attempt) RefundSent(id string, amount register.Money) (Attempt, error) {
	switch {
	case a.Refund.ID != "" && a.Refund.ID == id && a.Refund.Amount == amount:
		return a, nil
	case !a.State.HadMoney() || id == "":
		return a, a.wrong(StateRefundPending)
	case amount <= 0 || amount > a.Amount-a.Refunded:
		return a, fmt.Errorf("%w: %v of %v", ErrRefund, amount, a.Amount-a.Refunded)
	case !a.State.Paid():
		return a, a.wrong(StateRefundPending) // money is on its way back already
	}
	a.Refund = Refund{ID: id, Amount: amount, Base: a.Refunded}
	return a.in(StateRefundPending), nil
}

// RefundLost tells that the refund under way was not carried out. That needs a proof: the bank refused it, or answered
// RefundNone to at least two questions, some seconds apart (see Missing), or a person has looked at the bank.
func (a Attempt) RefundLost() (Attempt, error) { return a.refundEnds(RefundFailed) }

// RefundSeen tells that a person has seen at the bank that the refund under way was carried out: some banks' answers
// cannot tell.
func (a Attempt) RefundSeen() (Attempt, error) { return a.refundEnds(RefundDone) }

func (a Attempt) refundEnds(o Outcome) (Attempt, error) {
	if a.State != StateRefundPending || a.Refund.ID == "" {
		return a, a.wrong(StatePaid)
	}
	a = a.settle(o, 0)
	return a.in(a.bySums("")), nil
}

// PaidByHand tells that a person has seen the money at the bank, although the bank's interface has not told of it: an
// open attempt or one that was closed is paid from then on. Whoever calls it keeps who, when and why. What the bank says
// later counts all the same.
func (a Attempt) PaidByHand() (Attempt, error) {
	if !a.State.Open() && !a.State.Closed() {
		return a, a.wrong(StatePaid)
	}
	a.ByHand = true
	return a.in(StatePaid), nil
}

func (a Attempt) in(s State) Attempt {
	a.State = s
	return a
}

func (a Attempt) wrong(to State) error {
	return fmt.Errorf("%w: from %s to %s", ErrStep, a.State, to)
}
