package banks

import (
	"context"
	"errors"
	"fmt"
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
	if errors.Is(err, ErrRefused) {
		return a.in(StateFailed), err
	}
	return a.in(StateCreateUnknown), err
}

// Ask asks the bank where the attempt stands. The attempt that comes back is to be stored, with an error too; an
// error never closes it. ErrNotFound is the bank's word that it has no such payment: twice, some seconds apart and in
// StateCreateUnknown, it is the proof that CreateFailed needs. An attempt that comes back from StateCreateUnknown
// as waiting but without a payload has no code that could be shown: cancel it.
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
	next, err := a.Apply(ans)
	if err != nil {
		return a, fmt.Errorf("asking for payment %s: %w", a.ID, err)
	}
	return next, nil
}

// Cancel cancels or refunds the whole payment of an attempt for which CancelSent was called and stored (it is called
// here otherwise, and its ErrStep comes back). The state of the attempt that comes back says what happened: cancelled,
// or refund pending or refunded because it had been paid. With an error the attempt stays in StateCancelling or
// StateRefundPending, whatever the error is: the next thing to do is to Ask, and Cancel again if the code still waits.
func Cancel(ctx context.Context, b Bank, a Attempt) (Attempt, error) {
	sent, err := a.CancelSent()
	if err != nil {
		return a, fmt.Errorf("cancelling payment %s: %w", a.ID, err)
	}
	ans, err := b.Cancel(ctx, sent.Ref())
	if err != nil {
		return sent, fmt.Errorf("cancelling payment %s: %w", a.ID, err)
	}
	next, err := sent.Apply(ans)
	if err != nil {
		return sent, fmt.Errorf("cancelling payment %s: %w", a.ID, err)
	}
	return next, nil
}
