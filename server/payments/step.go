package payments

import (
	"context"
	"errors"

	"kassa/banks"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// work does what can be done now for a payment that the caller has leased, and gives the lease back. Nobody has counted its
// question among the calls that the contract allows; those of Run are counted when they are reserved.
func (s *Service) work(ctx context.Context, p pg.Payment) (pg.Payment, error) {
	if bank, err := s.bankOf(ctx, p); err == nil && asksFirst(p) {
		if err := s.takeCalls(ctx, bank, p.Setting, 1); err != nil {
			return p, errors.Join(err, s.release(ctx, p, true))
		}
	}
	p, leased, err := s.step(ctx, p)
	if err != nil || !leased {
		return p, err
	}
	return s.save(ctx, p, pg.Change{Cause: pg.CauseAsk})
}

// step does what can be done now for a payment that the caller has leased. When nothing is left to store but the time of the
// next question, the lease goes on, and whoever called gives it back.
func (s *Service) step(ctx context.Context, p pg.Payment) (_ pg.Payment, leased bool, _ error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	bank, err := s.bankOf(ctx, p)
	if err != nil {
		return p, false, errors.Join(err, s.putOff(ctx, p))
	}
	answered := true
	if asksFirst(p) {
		if p, answered, err = s.ask(ctx, bank, p); err != nil {
			return p, false, err
		}
	}
	// The wish is as it stands now: it may have come while the bank was asked.
	switch {
	case answered && readyToRefund(p):
		p, err = s.refund(ctx, bank, p)
		return p, false, err
	case answered && readyToCancel(p):
		p, err = s.cancel(ctx, bank, p)
		return p, false, err
	}
	s.schedule(bank, &p)
	return p, true, nil
}

// asksFirst tells whether the bank is asked before anything else is done.
func asksFirst(p pg.Payment) bool { return !readyToRefund(p) && (p.UnpaidOnly || !readyToCancel(p)) }

// readyToCancel tells whether there is a cancel that can be sent without asking first. While one is under way its outcome
// is asked for before it is sent again, and while the payer's bank works there is nothing but to wait.
func readyToCancel(p pg.Payment) bool {
	return p.CancelAt != nil && p.Attempt.State == banks.StateWaiting
}

// readyToRefund tells whether there is a refund that can be sent.
func readyToRefund(p pg.Payment) bool { return p.Wanted.ID != "" && p.Attempt.State.Paid() }

func (s *Service) bankOf(ctx context.Context, p pg.Payment) (banks.Bank, error) {
	return s.bankAt(ctx, pg.SettingKey{Account: p.Account, Setting: p.Setting})
}

// putOff gives up for now, when it is our own side that cannot.
func (s *Service) putOff(ctx context.Context, p pg.Payment) error {
	p.Asks++
	at := s.clock().UTC().Add(putOffPause)
	p.AskAt = &at
	_, err := s.save(ctx, p, pg.Change{Cause: pg.CauseAsk})
	return err
}

// ask asks the bank where a payment stands, and stores what it says when that is anything new; the lease goes on. It tells
// whether the bank answered.
func (s *Service) ask(ctx context.Context, bank banks.Bank, p pg.Payment) (_ pg.Payment, answered bool, _ error) {
	change := pg.Change{Cause: pg.CauseAsk, Keep: true}
	old, before := p, p.Attempt
	hinted := withHint(bank, p)
	next, lost := lostForGood(bank, hinted)
	var err error
	if !lost {
		next, err = banks.Ask(ctx, bank, hinted)
		if err != nil && hinted != before {
			next.BankID = before.BankID // the bank has not confirmed the other
		}
		if err == nil || proving(next, err) {
			next, err, change.Again = s.proven(bank, &p, next, err)
		}
	}
	p.Asks = asksAfter(p.Asks, before, next)
	answered = err == nil || errors.Is(err, banks.ErrNoRefund) || errors.Is(err, banks.ErrClosing)
	if p.Attempt = next; !lost {
		p = s.heard(p, next, err)
		s.judge(&p, before, err == nil, change.Again)
	}
	s.schedule(bank, &p)
	if err = nil; !p.Same(old) || change.Again {
		if p, err = s.save(ctx, p, change); err != nil {
			return p, answered, err
		}
	}
	if answered && s.unusable(p) {
		p, err = s.giveUp(ctx, p)
	}
	return p, answered, err
}

// withHint is a payment's attempt, with the bank's id that a notification named where the bank cannot be asked without one.
func withHint(bank banks.Bank, p pg.Payment) banks.Attempt {
	a := p.Attempt
	if a.BankID == "" && !bank.Can().LookUp {
		a.BankID = p.NoticedID
	}
	return a
}

// proving tells whether an answer says that the bank has no trace of what was sent to it.
func proving(a banks.Attempt, err error) bool {
	return errors.Is(err, banks.ErrNotFound) && a.State == banks.StateCreateUnknown || errors.Is(err, banks.ErrNoRefund) ||
		errors.Is(err, banks.ErrClosing)
}

// proven takes one more answer to what the bank has no trace of, and ends the creation or the refund when that is proven.
// Such a refund was never carried out although nobody refused it: again tells that it is to be sent once more.
func (s *Service) proven(bank banks.Bank, p *pg.Payment, a banks.Attempt, err error) (_ banks.Attempt, _ error, again bool) {
	now, step, sure := s.clock().UTC(), a.CreateFailed, false
	again = errors.Is(err, banks.ErrNoRefund)
	switch {
	case again:
		step = a.RefundLost
		p.Missing, sure = p.Missing.HeardRefund(now, true, bank.Can())
	case errors.Is(err, banks.ErrClosing):
		step = a.CloseLost
		p.Missing, sure = p.Missing.HeardRefund(now, true, banks.Capabilities{})
	default:
		p.Missing, sure = p.Missing.Heard(now, err != nil)
	}
	if !sure {
		return a, err, false
	}
	ended, stepErr := step()
	if stepErr != nil {
		return a, err, false
	}
	p.Missing = banks.Missing{}
	return ended, nil, again
}

// asksAfter counts the questions that brought nothing new. A cancel or a refund that did not work brought nothing new either:
// it is not sent again and again without a pause.
func asksAfter(asks int, before, next banks.Attempt) int {
	inVain := next.State == banks.StateWaiting && before.State == banks.StateCancelling ||
		next.State.Paid() && before.Refund.ID != "" && next.Returned == before.Returned
	if inVain || before.State == next.State && before.Refunded == next.Refunded {
		return asks + 1
	}
	return 0
}

// After so many questions that brought nothing new, a person is to look what became of a refund: about three minutes where
// the bank has never said that it took it, about a day where it has.
const (
	asksUntaken = 6
	asksTaken   = 150
)

// judge says what is wrong with a refund, when something is.
func (s *Service) judge(p *pg.Payment, before banks.Attempt, answered, again bool) {
	a := p.Attempt
	switch {
	case again:
	case before.Refund.ID != "" && a.Refund.ID == "" && a.Returned == before.Returned:
		p.Trouble, p.Message = wire.TroubleRefundFailed, a.Words // the bank took the refund and did not carry it out
	case a.Refund.ID != "" && answered && p.Trouble == "" && p.Asks >= patience(a.Refund):
		p.Trouble = wire.TroubleRefundUnknown
	}
}

func patience(r banks.Refund) int {
	if r.Taken {
		return asksTaken
	}
	return asksUntaken
}

// unusable tells that a payment still waits although nobody can or should pay it any more: its code was lost on the
// way here, or has long expired without the bank's noticing.
func (s *Service) unusable(p pg.Payment) bool {
	a := p.Attempt
	return a.State == banks.StateWaiting && p.CancelAt == nil &&
		(a.Payload == "" || s.clock().After(a.Expires.Add(expiryGrace)))
}

// giveUp wishes a payment cancelled as a till would: if it is paid after all, a person decides.
func (s *Service) giveUp(ctx context.Context, p pg.Payment) (pg.Payment, error) {
	wanted, err := s.store.WantCancel(ctx, s.clock().UTC(), p.Account, p.ID, true)
	if err != nil {
		return p, err
	}
	p.CancelAt, p.UnpaidOnly, p.Revision = wanted.CancelAt, wanted.UnpaidOnly, wanted.Revision
	return p, nil
}

// cancel sends the cancel of an unpaid code, and stores that it will before it does. Of one that could not be cancelled the
// bank is asked next: perhaps it was paid in between.
func (s *Service) cancel(ctx context.Context, bank banks.Bank, p pg.Payment) (pg.Payment, error) {
	sent, err := p.Attempt.CancelSent()
	if err != nil {
		return p, errors.Join(err, s.putOff(ctx, p))
	}
	p.Missing = banks.Missing{}
	if p, err = s.announce(ctx, bank, p, sent, pg.CauseCancelSent); err != nil {
		return p, err
	}
	next, err := banks.Cancel(ctx, bank, p.Attempt)
	if err == nil {
		p.Asks = 0
	}
	p = s.heard(p, next, err)
	s.schedule(bank, &p)
	faster := next.State.Paid()
	p, err = s.save(ctx, p, pg.Change{Cause: pg.CauseCancel, Keep: faster})
	switch {
	case err != nil || !faster:
		return p, err
	case readyToRefund(p):
		return s.refund(ctx, bank, p) // the payer was faster, and whoever cancelled wants the money to go back
	}
	s.schedule(bank, &p)
	return s.save(ctx, p, pg.Change{Cause: pg.CauseCancel})
}

// refund sends a refund, and stores that it will before it does. One that the bank refused is for a person to decide upon:
// banks count failed refunds, and stop taking them. What becomes of one that has no answer is asked for; it is not sent
// again before the bank has said twice that it has no trace of it.
func (s *Service) refund(ctx context.Context, bank banks.Bank, p pg.Payment) (pg.Payment, error) {
	sent, err := p.Attempt.RefundSent(p.Wanted.ID, p.Wanted.Amount)
	if err != nil {
		return p, errors.Join(err, s.putOff(ctx, p))
	}
	p.Missing = banks.Missing{}
	if p, err = s.announce(ctx, bank, p, sent, pg.CauseRefundSent); err != nil {
		return p, err
	}
	next, err := banks.Cancel(ctx, bank, p.Attempt)
	var refusal *banks.Refusal
	refused := errors.As(err, &refusal)
	if err == nil {
		p.Asks = 0
	}
	p = s.heard(p, next, err)
	if refused {
		p.Trouble, p.Message = wire.TroubleRefundFailed, refusal.Message
	} else {
		s.judge(&p, sent, err == nil, false)
	}
	s.schedule(bank, &p)
	if refused && p.Attempt.State.Paid() {
		// Perhaps it was refused because it had been given back at the bank: one look.
		at := s.clock().UTC().Add(bank.Can().Poll)
		p.AskAt = &at
	}
	return s.save(ctx, p, pg.Change{Cause: pg.CauseRefund})
}

// announce stores that something is about to be sent to the bank. Whoever finds the payment like that asks for the outcome.
func (s *Service) announce(ctx context.Context, bank banks.Bank, p pg.Payment, sent banks.Attempt, cause string) (pg.Payment, error) {
	p.Attempt, p.Trouble, p.Message = sent, "", ""
	s.schedule(bank, &p)
	p, err := s.save(ctx, p, pg.Change{Cause: cause, Keep: true})
	if err != nil {
		return p, err
	}
	if err := s.takeCalls(ctx, bank, p.Setting, cancelCalls); err != nil {
		return p, err
	}
	if !p.Leased(s.clock()) {
		return p, errTooLate
	}
	return p, nil
}

// errTooLate tells that this process stood still for longer than a lease runs: whatever it was about to send, another has seen to
// it.
var errTooLate = errors.New("payments: the lease has run out")

// heard takes a bank's answer, or its absence, into the payment.
func (s *Service) heard(p pg.Payment, next banks.Attempt, err error) pg.Payment {
	p.Attempt = next
	var refusal *banks.Refusal
	switch {
	case p.Trouble == wire.TroubleRefundFailed && next.State.Paid():
		// It stays until somebody has dealt with it.
	case err != nil && (next.State.Paid() || next.State.Closed() && !errors.As(err, &refusal)):
		// Nobody waits for this answer: the payment was over, and was looked at once more.
	case err == nil, errors.Is(err, banks.ErrNoRefund), errors.Is(err, banks.ErrClosing):
		p.Trouble, p.Message = "", ""
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
