package payments

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/register"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// maxReason is the longest reason that a person may give, in letters.
const maxReason = 500

// checkBy refuses a decision that nobody stands behind.
func checkBy(by pg.By) (pg.By, error) {
	by = pg.By{Name: strings.TrimSpace(clean(by.Name)), Reason: strings.TrimSpace(clean(by.Reason))}
	if by.Name == "" || by.Reason == "" || utf8.RuneCountInString(by.Reason) > maxReason {
		return by, fmt.Errorf("%w: a decision needs a name and a reason of at most %d letters", ErrInvalid, maxReason)
	}
	return by, nil
}

// RefundByHand gives money back because an owner decided so. The id is made by whoever asks, so that a form that is sent
// twice is one refund; a sum of zero is all that is left. Errors as in Refund.
func (s *Service) RefundByHand(ctx context.Context, account, id, refund uuid.UUID, amount register.Money, by pg.By) (pg.Payment, error) {
	by, err := checkBy(by)
	if err != nil {
		return pg.Payment{}, err
	}
	if amount == 0 {
		if amount, err = s.leftOrAsked(ctx, account, id, refund); err != nil {
			return pg.Payment{}, err
		}
	}
	return s.giveBack(ctx, account, id, pg.Wish{ID: refund, Amount: amount, By: by})
}

// leftOrAsked is what a refund of all that is left comes to: of one that was asked for before, what it came to then.
func (s *Service) leftOrAsked(ctx context.Context, account, id, refund uuid.UUID) (register.Money, error) {
	list, err := s.store.Refunds(ctx, account, id)
	if err != nil {
		return 0, err
	}
	for _, r := range list {
		if r.ID == refund {
			return r.Amount, nil
		}
	}
	p, err := s.store.Payment(ctx, account, id)
	if err == nil && p.Attempt.Left() <= 0 {
		err = fmt.Errorf("%w: nothing is left", ErrConflict)
	}
	return p.Attempt.Left(), err
}

// MarkPaid notes that an owner has seen the money at the bank, although the bank's interface has not told of it. The error is
// ErrNotFound, ErrInvalid, or ErrConflict for a payment that is paid already or cannot be.
func (s *Service) MarkPaid(ctx context.Context, account, id uuid.UUID, by pg.By) (pg.Payment, error) {
	return s.decide(ctx, account, id, pg.CauseMarkedPaid, by, always, banks.Attempt.PaidByHand)
}

// RefundSeen notes that an owner has seen at the bank that the refund under way was carried out. Errors as in MarkPaid;
// ErrConflict also while the bank can still be expected to say it itself.
func (s *Service) RefundSeen(ctx context.Context, account, id uuid.UUID, by pg.By) (pg.Payment, error) {
	return s.decide(ctx, account, id, pg.CauseRefundSeen, by, bankCannotTell, banks.Attempt.RefundSeen)
}

// RefundLost notes that an owner has seen at the bank that the refund under way was not carried out. It is not sent again by
// itself. Errors as in RefundSeen.
func (s *Service) RefundLost(ctx context.Context, account, id uuid.UUID, by pg.By) (pg.Payment, error) {
	return s.decide(ctx, account, id, pg.CauseRefundLost, by, bankCannotTell, banks.Attempt.RefundLost)
}

// Note writes down what an owner has to say about a payment. The error is ErrNotFound or ErrInvalid.
func (s *Service) Note(ctx context.Context, account, id uuid.UUID, by pg.By) error {
	by, err := checkBy(by)
	if err != nil {
		return err
	}
	return s.store.Note(ctx, s.clock().UTC(), account, id, by)
}

// CloseTrouble ends a trouble because an owner has dealt with it. Errors as in pg.Store.CloseTrouble, and ErrInvalid.
func (s *Service) CloseTrouble(ctx context.Context, account uuid.UUID, kind pg.TroubleKind, subject string, by pg.By) error {
	by, err := checkBy(by)
	if err != nil {
		return err
	}
	return s.store.CloseTrouble(ctx, s.clock().UTC(), account, kind, subject, by)
}

// AskNow has the bank asked at once, and tells where the payment stands then. It waits for the bank as a till does.
func (s *Service) AskNow(ctx context.Context, account, id uuid.UUID) (pg.Payment, error) {
	p, err := s.reserve(ctx, account, id)
	if err != nil {
		return pg.Payment{}, err
	}
	if p.Setting == (uuid.UUID{}) {
		return p, s.release(ctx, p, true)
	}
	return s.work(context.WithoutCancel(ctx), p)
}

// bankCannotTell tells that a person is to say what became of a refund. The bank may have answered while the person was
// writing: then the person's word, which is older, could have the money sent a second time.
func bankCannotTell(p pg.Payment) bool { return p.Trouble == wire.TroubleRefundUnknown }

func always(pg.Payment) bool { return true }

// decide takes a person's word into a payment, under its lease. Whether there is anything to decide is looked at then.
func (s *Service) decide(ctx context.Context, account, id uuid.UUID, cause string, by pg.By, open func(pg.Payment) bool,
	step func(banks.Attempt) (banks.Attempt, error)) (pg.Payment, error) {
	by, err := checkBy(by)
	if err != nil {
		return pg.Payment{}, err
	}
	p, err := s.reserve(ctx, account, id)
	if err != nil {
		return pg.Payment{}, err
	}
	next, err := step(p.Attempt)
	if err == nil && !open(p) {
		err = errors.New("there is nothing to decide")
	}
	if err != nil {
		if giveErr := s.release(ctx, p, true); giveErr != nil {
			return pg.Payment{}, giveErr
		}
		return pg.Payment{}, fmt.Errorf("%w: %w", ErrConflict, err)
	}
	p.Attempt, p.Trouble, p.Message, p.Asks, p.Missing = next, "", "", 0, banks.Missing{}
	p.AskAt = nil
	if bank, bankErr := s.bankOf(ctx, p); bankErr == nil {
		s.schedule(bank, &p)
	}
	return s.save(ctx, p, pg.Change{Cause: cause, By: by})
}

// reserve takes a payment's lease, and waits for whoever has it.
func (s *Service) reserve(ctx context.Context, account, id uuid.UUID) (pg.Payment, error) {
	deadline := time.Now().Add(cancelPatience)
	for {
		p, ok, err := s.lease(ctx, account, id)
		if err != nil || ok {
			return p, err
		}
		if time.Now().After(deadline) {
			return pg.Payment{}, fmt.Errorf("%w: the bank is being asked about payment %s", ErrConflict, id)
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return pg.Payment{}, err
		}
	}
}
