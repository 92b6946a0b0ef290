package tbank

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kassa/banks"
	"kassa/banks/nspk"
	"kassa/register"
)

// moscow is the zone in which the bank takes times. It has had no summer time since 2014.
var moscow = time.FixedZone("MSK", 3*60*60)

// Create opens a payment and fetches its code. See banks.Bank; a payment that was made by an earlier call with the same
// id is found and answered.
func (b *Bank) Create(ctx context.Context, r banks.Request) (banks.Answer, error) {
	if err := b.check(r); err != nil {
		return banks.Answer{}, err
	}
	p, err := b.init(ctx, r)
	var refusal *banks.Refusal
	switch {
	case err == nil:
		return b.fresh(ctx, p, r)
	case errors.As(err, &refusal) && duplicate(refusal.Code), errors.Is(err, banks.ErrUnknown):
		ans, again := b.byOrder(ctx, banks.Ref{ID: r.ID, Amount: r.Amount})
		switch {
		case again == nil && ans.State == banks.StateWaiting && ans.Payload == "":
			return banks.Answer{}, fmt.Errorf("tbank: payment %s has no code: %w", ans.BankID, banks.ErrUnknown)
		case again == nil:
			return ans, nil
		case refusal == nil || !errors.Is(again, banks.ErrNotFound):
			// A payment that is not there now may be there in a second: the first request may still be on its way.
			return banks.Answer{}, fmt.Errorf("%w (then %v)", banks.Unknown(err), again)
		}
	}
	return banks.Answer{}, err
}

// fresh fetches the code of a payment that Init has just made. Without one that may be shown, nobody has seen a code and
// nobody will; the payment is closed for tidiness, and would expire by itself.
func (b *Bank) fresh(ctx context.Context, p payment, r banks.Request) (banks.Answer, error) {
	payload, err := b.getQR(ctx, p.id, r.ID)
	var ans banks.Answer
	if err == nil {
		ans, err = waiting(p, payload, r.Amount)
	}
	if errors.Is(err, banks.ErrRefused) || errors.Is(err, banks.ErrAmountDiffers) {
		_, _ = b.cancel(ctx, banks.Ref{ID: r.ID, BankID: p.id, Amount: r.Amount})
	}
	if err != nil {
		return banks.Answer{}, err
	}
	return ans, nil
}

// State asks by the bank's id or, where that was lost, by ours. In the second case the code comes with the answer while
// the payment waits, unless the bank refuses to give it again.
func (b *Bank) State(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	if ref.BankID == "" {
		return b.byOrder(ctx, ref)
	}
	p, err := b.getState(ctx, ref)
	if err != nil {
		return banks.Answer{}, err
	}
	return b.money(ctx, p, ref), nil
}

// byOrder finds the payment by our id.
func (b *Bank) byOrder(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	p, err := b.checkOrder(ctx, ref.ID)
	if err != nil {
		return banks.Answer{}, err
	}
	if p.state != banks.StateWaiting {
		ref.BankID = p.id
		return b.money(ctx, p, ref), nil
	}
	payload, err := b.getQR(ctx, p.id, ref.ID)
	switch {
	case errors.Is(err, banks.ErrRefused), errors.Is(err, banks.ErrNotFound):
		return p.answer(), nil
	case err != nil:
		return banks.Answer{}, err
	}
	return waiting(p, payload, ref.Amount)
}

// waiting is the answer for a payment whose code is known. A code that names another sum is shown to nobody.
func waiting(p payment, payload string, asked register.Money) (banks.Answer, error) {
	if err := nspk.Check(payload, asked); err != nil {
		return banks.Answer{}, fmt.Errorf("tbank: the code of payment %s: %w: %w", p.id, banks.ErrAmountDiffers, err)
	}
	ans := p.answer()
	ans.Payload = payload
	return ans, nil
}

// Cancel cancels an unpaid payment, or carries out a refund. A payment that was paid a moment before it was to be
// cancelled goes back whole: the two are one call at this bank. When the bank refuses because nothing is left to cancel,
// the answer says where the payment stands.
func (b *Bank) Cancel(ctx context.Context, ref banks.Ref) (banks.Answer, error) {
	if ref.BankID == "" {
		p, err := b.checkOrder(ctx, ref.ID)
		if err != nil {
			return banks.Answer{}, err
		}
		ref.BankID = p.id
	}
	if ref.Refund.ID != "" {
		return b.refund(ctx, ref)
	}
	p, err := b.cancel(ctx, ref)
	var refusal *banks.Refusal
	if errors.As(err, &refusal) && refusal.Reason == banks.ReasonState {
		now, asked := b.getState(ctx, ref)
		switch {
		case asked != nil:
			return banks.Answer{}, fmt.Errorf("%w (then %v)", err, asked)
		case now.state.Closed(), now.state.HadMoney():
			return now.answer(), nil
		}
	}
	if err != nil {
		return banks.Answer{}, err
	}
	return p.answer(), nil
}

// check refuses what the bank would refuse, before anything is made there: a sum outside SBP's limits, and an end of the
// code outside of one minute to 90 days ahead (RedirectDueDate).
func (b *Bank) check(r banks.Request) error { return capabilities.Check(r, b.clock()) }
