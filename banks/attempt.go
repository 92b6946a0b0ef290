package banks

import (
	"fmt"
	"time"

	"kassa/register"
)

// Attempt is one attempt to be paid by QR: one code. A sale may have several, at most one of them open. It is a value:
// every method gives a new one and leaves the old as it was, and whoever keeps attempts stores the new one.
type Attempt struct {
	ID       string         `json:"id"`                // ours, a UUID; the idempotency key everywhere
	Bank     string         `json:"bank"`              // Bank.Name
	BankID   string         `json:"bank_id,omitempty"` // the bank's, empty until it has told
	Amount   register.Money `json:"amount"`            // what was asked for
	Refunded register.Money `json:"refunded"`          // what the bank is known to have given back
	State    State          `json:"state"`
	Payload  string         `json:"payload,omitempty"` // the string for the QR
	Expires  time.Time      `json:"expires"`           // when the code should stop working; the bank's word counts, not this
	Words    string         `json:"words,omitempty"`   // the bank's own last word, for the story
}

// Ref names the attempt's payment to a bank.
func (a Attempt) Ref() Ref {
	return Ref{ID: a.ID, BankID: a.BankID, Amount: a.Amount}
}

// Apply takes a bank's answer into the attempt. The attempt that comes back with an error is the one that was given.
//
// The error is ErrAmountDiffers when the bank speaks of another sum, ErrOtherPayment when it speaks of another payment,
// and ErrStep when the bank says what cannot be (a paid code that waits again) or what is not a bank's to say. An
// answer that tells nothing new is no error. Sums decide between paid, partly refunded and refunded, whatever the
// bank's word is: what went back does not come again.
func (a Attempt) Apply(ans Answer) (Attempt, error) {
	switch {
	case ans.Amount != 0 && ans.Amount != a.Amount:
		return a, fmt.Errorf("%w: %v instead of %v (%s)", ErrAmountDiffers, ans.Amount, a.Amount, ans.Words)
	case ans.Refunded < 0 || ans.Refunded > a.Amount:
		return a, fmt.Errorf("%w: %v refunded of %v (%s)", ErrAmountDiffers, ans.Refunded, a.Amount, ans.Words)
	case a.BankID != "" && ans.BankID != "" && ans.BankID != a.BankID:
		return a, fmt.Errorf("%w: %q instead of %q", ErrOtherPayment, ans.BankID, a.BankID)
	}
	next := a.bySums(ans)
	if !saidByBanks(next.State) || !reachable(a.State, next.State) {
		return a, fmt.Errorf("%w: from %s to %s (%s)", ErrStep, a.State, ans.State, ans.Words)
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

// bySums puts the attempt where the answer's word and the sums together say.
func (a Attempt) bySums(ans Answer) Attempt {
	next := a
	next.State = ans.State
	next.Refunded = max(a.Refunded, ans.Refunded)
	switch ans.State {
	case StatePaid, StatePartlyRefunded:
		switch {
		case next.Refunded == a.Amount:
			next.State = StateRefunded
		case next.Refunded > 0 || a.State == StatePartlyRefunded:
			next.State = StatePartlyRefunded
		}
	case StateRefunded:
		if 0 < ans.Refunded && ans.Refunded < a.Amount {
			next.State = StatePartlyRefunded
		} else {
			next.Refunded = a.Amount
		}
	}
	return next
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
// answered ErrNotFound to at least two questions by our id, some seconds apart.
func (a Attempt) CreateFailed() (Attempt, error) {
	switch a.State {
	case StateCreating, StateCreateUnknown, StateFailed:
		return a.in(StateFailed), nil
	}
	return a, a.wrong(StateFailed)
}

// CancelSent tells that a cancel is about to be sent; it is stored before the first byte goes to the bank, and the code
// is taken off the screen before that. An unpaid attempt is then cancelling, a paid one has a refund pending. An attempt
// that is processing is not cancelled (the payer has confirmed: wait for the outcome), one that may not exist is asked
// for first, and one that is closed has nothing to cancel: ErrStep.
func (a Attempt) CancelSent() (Attempt, error) {
	switch a.State {
	case StateWaiting, StateCancelling:
		return a.in(StateCancelling), nil
	case StatePaid, StatePartlyRefunded, StateRefundPending:
		return a.in(StateRefundPending), nil
	}
	return a, a.wrong(StateCancelling)
}

func (a Attempt) in(s State) Attempt {
	a.State = s
	return a
}

func (a Attempt) wrong(to State) error {
	return fmt.Errorf("%w: from %s to %s", ErrStep, a.State, to)
}
