package qrpay

import (
	"context"
	"errors"
	"fmt"

	"kassa/banks"
	"kassa/banks/nspk"
	"kassa/register"
)

// Create asks for a code. See banks.Bank; a payment that was made by an earlier call with the same id is found and
// answered.
func (b *Bank) Create(ctx context.Context, r banks.Request) (banks.Answer, error) {
	if err := b.check(r); err != nil {
		return banks.Answer{}, err
	}
	payload, err := b.qr(ctx, r.ID, r.Amount)
	if err == nil {
		return b.shown(ctx, payload, r.ID, r.Amount)
	}
	var refusal *banks.Refusal
	if errors.As(err, &refusal) && refusal.Reason == banks.ReasonSettings {
		return banks.Answer{}, err
	}
	// The answer was lost, or it is refused because it was made before.
	ans, again := b.State(ctx, banks.Ref{ID: r.ID, Amount: r.Amount, State: banks.StateCreateUnknown})
	switch {
	case again == nil && ans.State == banks.StateWaiting && ans.Payload == "":
		return banks.Answer{}, fmt.Errorf("qrpay: payment %s has no code: %w", r.ID, banks.ErrUnknown)
	case again == nil:
		return ans, nil
	case errors.Is(again, banks.ErrAmountDiffers):
		return banks.Answer{}, again
	case refusal != nil && errors.Is(again, banks.ErrNotFound):
		return banks.Answer{}, err
	}
	// A payment that is not there now may be there in a second: the first request may still be on its way.
	return banks.Answer{}, fmt.Errorf("%w (%v, then %v)", banks.ErrUnknown, err, again)
}

// shown is the answer for a code that nobody has paid. A code that names another sum is shown to nobody, and closed.
func (b *Bank) shown(ctx context.Context, payload, id string, amount register.Money) (banks.Answer, error) {
	if err := nspk.Check(payload, amount); err != nil {
		_ = b.cancel(ctx, id, amount) // for tidiness: nobody has seen the code
		return banks.Answer{}, fmt.Errorf("qrpay: the code of payment %s: %w: %w", id, banks.ErrAmountDiffers, err)
	}
	return banks.Answer{State: banks.StateWaiting, BankID: id, Payload: payload, Words: string(inProgress)}, nil
}

// State asks by our id, which is the provider's too. Where the answer to the creation was lost, the code is asked for
// again while nobody has paid. A refund of all that was left, whose answer was lost, is sent again: there is no other
// way to ask for it, and it cannot give the money back twice.
func (b *Bank) State(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	word, err := b.state(ctx, ref.ID, ref.Amount)
	if err != nil {
		return banks.Answer{}, err
	}
	ans := banks.Answer{BankID: ref.ID, Words: string(word)}
	switch word {
	case done:
		return b.whenPaid(ctx, ref, ans)
	case rejected:
		return whenRejected(ref, ans), nil
	}
	return b.whenOpen(ctx, ref, ans)
}

// whenPaid is the answer to State when the provider says DONE. It goes on saying so when the money has gone back.
func (b *Bank) whenPaid(ctx context.Context, ref banks.Ref, ans banks.Answer) (banks.Answer, error) {
	ans.State = banks.StatePaid
	switch {
	case ref.Refund.ID == "" && ref.State == banks.StateCancelling:
		// The cancel whose answer was lost either never arrived, or came after the payer and gave all of it back. No answer
		// will ever tell which: so it is a refund now, and is sent once more when it is asked for.
		ans.State = banks.StateRefundPending
	case ref.Refund.ID != "" && ref.Refund.Base+ref.Refund.Amount == ref.Amount:
		err := b.cancel(ctx, ref.ID, ref.Refund.Amount)
		var refusal *banks.Refusal
		switch {
		case err == nil:
			ans.State, ans.Refund = banks.StateRefunded, banks.RefundDone
		case errors.As(err, &refusal):
			// Because it was carried out the first time, or for a reason that stood in its way then, too.
			ans.State, ans.Words = banks.StateRefundPending, ans.Words+", "+refusal.Code+": "+refusal.Message
		default:
			return banks.Answer{}, err
		}
	}
	return ans, nil
}

// whenRejected is the answer to State when the provider says REJECTED: the only word it has for a payment that is
// closed without money, so that it is also heard of what was cancelled, has expired or was given back.
func whenRejected(ref banks.Ref, ans banks.Answer) banks.Answer {
	ans.State = banks.StateRejected
	switch {
	case ref.Refund.ID != "" && ref.Refund.Base+ref.Refund.Amount == ref.Amount:
		ans.State, ans.Refund = banks.StateRefunded, banks.RefundDone
	case ref.State == banks.StateCancelling:
		ans.State = banks.StateCancelled
	case ref.State == banks.StateRefunded, ref.State.Closed() && ref.State != banks.StateFailed:
		ans.State = ref.State
	}
	return ans
}

// whenOpen is the answer to State when the provider says IN_PROGRESS. Some go on saying so of what was closed.
func (b *Bank) whenOpen(ctx context.Context, ref banks.Ref, ans banks.Answer) (banks.Answer, error) {
	ans.State = banks.StateWaiting
	switch {
	case ref.State.Closed() && ref.State != banks.StateFailed:
		ans.State = ref.State
	case ref.BankID == "" && ref.State != banks.StateCancelling:
		payload, err := b.qr(ctx, ref.ID, ref.Amount)
		switch {
		case errors.Is(err, banks.ErrRefused):
			return ans, nil // there is a code, and nobody will ever see it
		case err != nil:
			return banks.Answer{}, err
		}
		return b.shown(ctx, payload, ref.ID, ref.Amount)
	}
	return ans, nil
}

// Cancel gives money back where there is a refund in ref, and closes an unpaid code otherwise.
func (b *Bank) Cancel(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	if ref.Refund.ID == "" {
		return b.close(ctx, ref)
	}
	if err := b.cancel(ctx, ref.ID, ref.Refund.Amount); err != nil {
		return banks.Answer{}, err
	}
	ans := banks.Answer{State: banks.StatePartlyRefunded, BankID: ref.ID, Refund: banks.RefundDone, Words: string(done)}
	if ref.Refund.Base+ref.Refund.Amount == ref.Amount {
		ans.State = banks.StateRefunded
	}
	return ans, nil
}

// close closes an unpaid code. The provider's answer is the same whether nobody has paid or somebody has and gets it
// back, so the state is asked for before and after. Money that is seen before is left alone. Money that is seen after
// came just before the cancel, and went back with it, or just after: no answer tells which, so it is given back once more.
func (b *Bank) close(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	ans := banks.Answer{BankID: ref.ID}
	before, err := b.state(ctx, ref.ID, ref.Amount)
	switch {
	case err != nil:
		return banks.Answer{}, err
	case before == done:
		ans.State, ans.Words = banks.StatePaid, string(before)
		return ans, nil
	case before == rejected:
		ans.State, ans.Words = banks.StateCancelled, string(before)
		return ans, nil
	}
	refused := b.cancel(ctx, ref.ID, ref.Amount)
	if refused != nil && !errors.Is(refused, banks.ErrRefused) {
		return banks.Answer{}, refused
	}
	after, err := b.state(ctx, ref.ID, ref.Amount)
	if err != nil {
		return banks.Answer{}, banks.Unknown(err)
	}
	ans.Words = string(after)
	switch {
	case after == done && refused == nil:
		ref.Refund = banks.Refund{ID: ref.ID, Amount: ref.Amount}
		return b.whenPaid(ctx, ref, ans)
	case after == done:
		ans.State = banks.StatePaid
	case refused == nil, after == rejected:
		ans.State = banks.StateCancelled
	default:
		return banks.Answer{}, refused
	}
	return ans, nil
}

// check refuses what is outside of Can before anything is made.
func (b *Bank) check(r banks.Request) error { return capabilities.Check(r, b.clock()) }
