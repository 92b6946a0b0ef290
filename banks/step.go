package banks

import "errors"

// Errors of the state machine.
var (
	// ErrStep tells that an attempt does not go from where it stands to where it was sent. The attempt is unchanged.
	ErrStep = errors.New("banks: the payment cannot take this step")
	// ErrAmountDiffers tells that the bank speaks of another sum than was asked for. It is an alarm: no goods leave,
	// and the attempt is unchanged.
	ErrAmountDiffers = errors.New("banks: the bank names another sum")
	// ErrRefund tells that a refund is for nothing or for more than is left. The attempt is unchanged.
	ErrRefund = errors.New("banks: so much cannot be given back")
	// ErrClosing tells that the bank says paid, while a cancel that would give the money back may still be on its way.
	ErrClosing = errors.New("banks: paid, and a cancel may still be on its way")
	// ErrNoRefund tells that the bank has no trace of a refund that was sent.
	ErrNoRefund = errors.New("banks: the bank has no trace of the refund")
	// ErrOtherPayment tells that the answer is about a payment with another id at the bank. The attempt is unchanged.
	ErrOtherPayment = errors.New("banks: the answer is about another payment")
)

// steps are the single steps that a bank makes with a payment, from each of our states. Every step in which this
// side is the one that acts (CreateLost, CancelSent, RefundSent and so on) stands in attempt.go. There is no way back from a
// state in which the bank has had the money to one in which it has not.
var steps = map[State][]State{
	StateCreating:       {StateWaiting},
	StateCreateUnknown:  {StateWaiting, StateProcessing, StatePaid},
	StateWaiting:        {StateProcessing, StatePaid, StateExpired, StateRejected, StateCancelled},
	StateProcessing:     {StateWaiting, StatePaid, StateExpired, StateRejected},
	StateCancelling:     {StateWaiting, StateProcessing, StatePaid, StateCancelled, StateRefundPending, StateRefunded},
	StatePaid:           {StateRefundPending, StatePartlyRefunded, StateRefunded},
	StateRefundPending:  {StatePaid, StatePartlyRefunded, StateRefunded},
	StatePartlyRefunded: {StateRefundPending, StateRefunded},

	// Closed, yet the bank may still find that somebody paid.
	StateCancelled: {StatePaid},
	StateExpired:   {StatePaid},
	StateRejected:  {StatePaid},
	StateFailed:    {StatePaid},

	StateRefunded: nil,
}

// reachable tells whether a bank can bring a payment from one state to the other, in one step or, since a bank does
// not wait for us to look, in several: a code that was waiting at the last look may be paid and refunded at the next.
func reachable(from, to State) bool {
	if from == to {
		return true
	}
	seen := map[State]bool{from: true}
	for next := []State{from}; len(next) > 0; next = next[1:] {
		for _, s := range steps[next[0]] {
			if s == to {
				return true
			}
			if !seen[s] {
				seen[s] = true
				next = append(next, s)
			}
		}
	}
	return false
}

// Valid tells whether s is a state at all; what was read from a file or a wire is asked.
func (s State) Valid() bool {
	_, ok := steps[s]
	return ok
}

// Final tells that there is no need to ask the bank again for the moment. A payment that was closed unpaid is still
// looked at a few times later: money can arrive after all.
func (s State) Final() bool {
	switch s {
	case StatePaid, StatePartlyRefunded, StateRefunded, StateCancelled, StateExpired, StateRejected, StateFailed:
		return true
	}
	return false
}

// Open tells that the attempt is alive: its code can be paid, or nobody knows that it cannot. While a sale has an open
// attempt it gets no other.
func (s State) Open() bool {
	switch s {
	case StateCreating, StateCreateUnknown, StateWaiting, StateProcessing, StateCancelling:
		return true
	}
	return false
}

// Paid tells that the buyer's money, or what a partial refund left of it, is at the bank and stays there. It is false
// while a refund is under way: no goods leave on money that is going back.
func (s State) Paid() bool {
	return s == StatePaid || s == StatePartlyRefunded
}

// HadMoney tells that the buyer's money came to the bank, whatever went back since.
func (s State) HadMoney() bool {
	switch s {
	case StatePaid, StatePartlyRefunded, StateRefunded, StateRefundPending:
		return true
	}
	return false
}

// Closed tells that the attempt ended without money: the states that a late payment can still overtake.
func (s State) Closed() bool {
	switch s {
	case StateCancelled, StateExpired, StateRejected, StateFailed:
		return true
	}
	return false
}
