package payments

import (
	"context"
	"errors"
	"time"

	"kassa/banks"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// work does what can be done now for a payment that the caller has leased, and gives the lease back.
func (s *Service) work(ctx context.Context, p pg.Payment) (pg.Payment, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	bank, err := s.bankOf(ctx, p)
	if err != nil {
		return p, errors.Join(err, s.putOff(ctx, p))
	}
	answered := true
	if p.CancelAt == nil || p.UnpaidOnly || !readyToCancel(p) {
		if p, answered, err = s.ask(ctx, bank, p); err != nil {
			return p, err
		}
	}
	// The wish is as it stands now: one for an unpaid payment only may have come while the bank was asked.
	if answered && p.CancelAt != nil && readyToCancel(p) && !cancelSettled(p) {
		return s.cancel(ctx, bank, p)
	}
	s.schedule(bank, &p)
	return s.save(ctx, p, pg.CauseAsk, cancelSettled(p), false)
}

// readyToCancel tells whether a cancel can be sent without asking first. While one is under way its outcome is asked for
// before it is sent again, and while the payer's bank works there is nothing but to wait.
func readyToCancel(p pg.Payment) bool {
	switch p.Attempt.State {
	case banks.StateWaiting, banks.StatePaid, banks.StatePartlyRefunded:
		return true
	}
	return false
}

// cancelSettled tells that there is nothing more to cancel or refund.
func cancelSettled(p pg.Payment) bool {
	return p.Attempt.State.Closed() || p.Attempt.State == banks.StateRefunded || p.UnpaidOnly && p.Attempt.State.Paid()
}

func (s *Service) bankOf(ctx context.Context, p pg.Payment) (banks.Bank, error) {
	setting, err := s.store.Bank(ctx, s.key, p.Account, p.Setting)
	if err != nil {
		return nil, err
	}
	return s.client(setting)
}

// putOff gives up for now, when it is our own side that cannot.
func (s *Service) putOff(ctx context.Context, p pg.Payment) error {
	p.Asks++
	at := s.clock().UTC().Add(time.Minute)
	p.AskAt = &at
	_, err := s.save(ctx, p, pg.CauseAsk, false, false)
	return err
}

// notFoundTwice is how far apart the bank's two words must be that it knows of no such payment, to be a proof that it was
// never created: the first may have been said while the creation was still on its way.
const notFoundTwice = 5 * time.Second

// ask asks the bank where a payment stands, and stores what it says; the lease goes on. It tells whether the bank
// answered.
func (s *Service) ask(ctx context.Context, bank banks.Bank, p pg.Payment) (_ pg.Payment, answered bool, _ error) {
	before := p.Attempt.State
	next, err := banks.Ask(ctx, bank, p.Attempt)
	now := s.clock().UTC()
	if errors.Is(err, banks.ErrNotFound) && next.State == banks.StateCreateUnknown {
		switch {
		case p.MissingAt == nil:
			p.MissingAt = &now
		case now.Sub(*p.MissingAt) >= notFoundTwice:
			if failed, stepErr := next.CreateFailed(); stepErr == nil {
				next, err = failed, nil
			}
		}
	}
	// A cancel that did not work brought nothing new either: it is not sent again and again without a pause.
	inVain := readyToCancel(pg.Payment{Attempt: next}) && (before == banks.StateCancelling || before == banks.StateRefundPending)
	if inVain || before == next.State && p.Attempt.Refunded == next.Refunded {
		p.Asks++
	} else {
		p.Asks = 0
	}
	answered = err == nil
	p = s.heard(p, next, err)
	if before == banks.StateRefundPending && next.State.Paid() && p.CancelAt == nil && p.Trouble == "" {
		p.Trouble, p.Message = wire.TroubleRefused, next.Words // the bank took the refund and did not carry it out
	}
	s.schedule(bank, &p)
	if p, err = s.save(ctx, p, pg.CauseAsk, cancelSettled(p), true); err != nil {
		return p, answered, err
	}
	if answered && s.unusable(p) {
		p, err = s.giveUp(ctx, p)
	}
	return p, answered, err
}

// unusable tells that a payment still waits although nobody can or should pay it any more: its code was lost on the
// way here, or has long expired without the bank's noticing.
func (s *Service) unusable(p pg.Payment) bool {
	a := p.Attempt
	return a.State == banks.StateWaiting && p.CancelAt == nil &&
		(a.Payload == "" || s.clock().After(a.Expires.Add(expiryGrace)))
}

// expiryGrace is how long after a code's end the bank may take to say so by itself.
const expiryGrace = 2 * time.Minute

// giveUp wishes a payment cancelled as a till would: if it is paid after all, a person decides.
func (s *Service) giveUp(ctx context.Context, p pg.Payment) (pg.Payment, error) {
	wanted, err := s.store.WantCancel(ctx, s.clock().UTC(), p.Account, p.ID, true)
	if err != nil {
		return p, err
	}
	p.CancelAt, p.UnpaidOnly, p.Revision = wanted.CancelAt, wanted.UnpaidOnly, wanted.Revision
	return p, nil
}

// cancel sends a cancel, which refunds what was paid, and stores that it will before it does.
func (s *Service) cancel(ctx context.Context, bank banks.Bank, p pg.Payment) (pg.Payment, error) {
	sent, err := p.Attempt.CancelSent()
	if p.Attempt.State.Paid() {
		sent, err = p.Attempt.RefundSent(p.Attempt.ID, p.Attempt.Left())
	}
	if err != nil {
		return p, errors.Join(err, s.putOff(ctx, p))
	}
	p.Attempt, p.Trouble, p.Message = sent, "", ""
	s.schedule(bank, &p)
	if p, err = s.save(ctx, p, pg.CauseCancelSent, false, true); err != nil {
		return p, err
	}
	next, err := banks.Cancel(ctx, bank, p.Attempt)
	if err == nil {
		p.Asks = 0
	}
	p = s.heard(p, next, err)
	// Of an unpaid code that could not be cancelled, the bank is asked next: perhaps it was paid in between. A refund that
	// was refused is for a person to decide upon: banks count failed refunds, and stop taking them.
	refusedRefund := errors.Is(err, banks.ErrRefused) && sent.State == banks.StateRefundPending
	settled := refusedRefund || err == nil && (cancelSettled(p) || next.State == banks.StateRefundPending)
	s.schedule(bank, &p)
	return s.save(ctx, p, pg.CauseCancel, settled, false)
}

// heard takes a bank's answer, or its absence, into the payment.
func (s *Service) heard(p pg.Payment, next banks.Attempt, err error) pg.Payment {
	p.Attempt = next
	var refusal *banks.Refusal
	switch {
	case err != nil && next.State.Closed() && !errors.As(err, &refusal):
		// Nobody waits for this answer: the payment was over, and was looked at once more.
	case err == nil:
		if p.Trouble != wire.TroubleRefused || !next.State.Paid() {
			p.Trouble, p.Message = "", ""
		}
	case errors.As(err, &refusal):
		p.Trouble, p.Message = wire.TroubleRefused, refusal.Message
	case errors.Is(err, banks.ErrAmountDiffers):
		p.Trouble, p.Message = wire.TroubleAmount, err.Error()
		s.log.Error("the bank names another sum", "payment", p.ID, "error", err)
	case errors.Is(err, banks.ErrNotFound):
		p.Trouble, p.Message = wire.TroubleUnreachable, ""
	default:
		p.Trouble, p.Message = wire.TroubleUnreachable, ""
		s.log.Warn("the bank did not answer as it should", "payment", p.ID, "state", next.State, "error", err)
	}
	return p
}
