package banks

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// maxID is the longest id of ours that every bank takes.
const maxID = 36

// Begin gives the attempt that must be stored before Create is called with it. It refuses what the bank would not
// take anyway: a *Refusal with ReasonAmount for a sum outside the bank's limits, a plain error for a request without an
// id or an end.
func Begin(b Bank, r Request) (Attempt, error) {
	can := b.Can()
	switch {
	case r.ID == "" || len(r.ID) > maxID:
		return Attempt{}, fmt.Errorf("banks: an id of %d characters; a payment needs 1 to %d", len(r.ID), maxID)
	case r.Expires.IsZero():
		return Attempt{}, errors.New("banks: a payment needs a time when its code stops working")
	case r.Amount <= 0 || r.Amount < can.MinAmount || can.MaxAmount > 0 && r.Amount > can.MaxAmount:
		return Attempt{}, &Refusal{
			Reason:  ReasonAmount,
			Code:    "limits",
			Message: fmt.Sprintf("%v is outside %v to %v", r.Amount, can.MinAmount, can.MaxAmount),
		}
	}
	return Attempt{ID: r.ID, Bank: b.Name(), Amount: r.Amount, State: StateCreating, Expires: r.Expires.UTC()}, nil
}

// Create asks the bank for the code of an attempt that is in StateCreating and is already stored. The attempt that comes
// back is to be stored, with an error too:
//
//   - no error: the code is there, nearly always in StateWaiting;
//   - a *Refusal: StateFailed, the payment was never made;
//   - any other error: StateCreateUnknown. Then Ask, never Create: an attempt in another state is ErrStep.
func Create(ctx context.Context, b Bank, a Attempt, r Request) (Attempt, error) {
	if a.State != StateCreating || a.ID != r.ID || a.Amount != r.Amount {
		return a, fmt.Errorf("creating payment %s: %w: it is %s", a.ID, ErrStep, a.State)
	}
	ans, err := b.Create(ctx, r)
	if err == nil {
		var next Attempt
		if next, err = a.Apply(ans); err == nil {
			return next, nil
		}
	}
	err = fmt.Errorf("creating payment %s: %w", a.ID, err)
	if refused(err) {
		return a.in(StateFailed), err
	}
	return a.in(StateCreateUnknown), err
}

// Ask asks the bank where the attempt stands. The attempt that comes back is to be stored, with an error too; an
// error never closes it. ErrNotFound is the bank's word that it has no such payment: twice, some seconds apart and in
// StateCreateUnknown, it is the proof that CreateFailed needs; see Missing. ErrClosing comes with an attempt that is paid
// while a cancel of ours has no answer, and is the proof that CloseLost needs. ErrNoRefund comes with an attempt whose refund the bank
// has no trace of, and is the proof that RefundLost needs in the same way. An attempt that comes back from
// StateCreateUnknown as waiting but without a payload has no code that could be shown: cancel it.
//
// Calls about one attempt are made one after another: an answer that was on its way while a cancel was sent would undo
// what the cancel's answer said.
func Ask(ctx context.Context, b Bank, a Attempt) (Attempt, error) {
	if a.State == StateCreating {
		a = a.in(StateCreateUnknown)
	}
	ans, err := b.State(ctx, a.Ref())
	if err != nil {
		return a, fmt.Errorf("asking for payment %s: %w", a.ID, err)
	}
	next, err := a.closingAt(b).Apply(ans)
	if err != nil {
		return a, fmt.Errorf("asking for payment %s: %w", a.ID, err)
	}
	if next.Closing && ans.State == StatePaid {
		return next, fmt.Errorf("asking for payment %s: %w", a.ID, ErrClosing)
	}
	// A bank that does not know of the money, which a person has seen, has not given it back either.
	if next.Refund.ID != "" && (ans.Refund == RefundNone || ans.unpaid()) {
		return next, fmt.Errorf("asking for payment %s: %w", a.ID, ErrNoRefund)
	}
	return next, nil
}

// closingAt is the attempt at a bank: where a cancel leaves a paid payment alone, one that is on its way is no matter.
func (a Attempt) closingAt(b Bank) Attempt {
	a.Closing = a.Closing && b.Can().CloseRefunds
	return a
}

// Cancel sends the cancel of an attempt for which CancelSent was called and stored, or the refund for which RefundSent was.
// Any other attempt is ErrStep, and so is one whose refund the bank has taken already. The state of the attempt that comes back says what happened: cancelled, refund pending,
// refunded, or paid because the payer was faster. With an error the attempt stays as it was, whatever the error is: the
// next thing to do is to Ask, and Cancel again if the code still waits. A refund that the bank refused is over (the
// error is a *Refusal and the attempt is paid again); one that met any other error is not sent again before Ask and
// Missing have proved that it was not carried out.
func Cancel(ctx context.Context, b Bank, a Attempt) (Attempt, error) {
	ours := a.Refund.ID != "" && a.State == StateRefundPending
	if a.State != StateCancelling && !ours || a.Refund.Taken {
		return a, fmt.Errorf("cancelling payment %s: %w: it is %s", a.ID, ErrStep, a.State)
	}
	ans, err := b.Cancel(ctx, a.Ref())
	if err == nil {
		var next Attempt
		if next, err = a.closingAt(b).Apply(ans); err == nil {
			return next, nil
		}
	}
	err = fmt.Errorf("cancelling payment %s: %w", a.ID, err)
	if ours && refused(err) {
		if lost, stepErr := a.RefundLost(); stepErr == nil {
			return lost, err
		}
	}
	return a, err
}

// refused tells that the bank has refused, and that nothing else of the answer is in doubt.
func refused(err error) bool { return errors.Is(err, ErrRefused) && !errors.Is(err, ErrUnknown) }

// Missing keeps since when a bank has been saying that it has no trace of a payment, or of a refund. One such answer
// proves nothing: the request may still be on its way. It is kept with the attempt; every request that is sent begins
// with the zero value, and an answer that says nothing of it (ErrUnknown) is not Heard.
type Missing struct {
	Since time.Time `json:"since,omitzero"`
}

// How long the bank must go on saying so. A code that was never made is replaced by another one, and the first is shown to
// nobody; a refund that is sent a second time while the first still stands in some queue of the bank's is money lost. A
// bank that takes our id for it carries it out once all the same.
const (
	missingProof = 5 * time.Second
	refundProof  = 30 * time.Second
)

// Heard takes one more answer. It is true when the absence is proven: CreateFailed or RefundLost may follow.
func (m Missing) Heard(now time.Time, missing bool) (Missing, bool) {
	return m.heard(now, missing, missingProof)
}

// HeardRefund is Heard for a refund at a bank that can do so much.
func (m Missing) HeardRefund(now time.Time, missing bool, can Capabilities) (Missing, bool) {
	if can.RefundID {
		return m.heard(now, missing, missingProof)
	}
	return m.heard(now, missing, refundProof)
}

func (m Missing) heard(now time.Time, missing bool, proof time.Duration) (Missing, bool) {
	switch {
	case !missing:
		return Missing{}, false
	case m.Since.IsZero():
		return Missing{Since: now}, false
	}
	return m, now.Sub(m.Since) >= proof
}

// Unknown makes ErrUnknown of any error: something was sent, and what came of it is not known.
func Unknown(err error) error {
	if errors.Is(err, ErrUnknown) {
		return err
	}
	return fmt.Errorf("%w: %v", ErrUnknown, err)
}
