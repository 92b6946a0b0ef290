package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"kassa/register"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// Refund gives some of a paid payment's money back, because a till asks for it. The same refund again changes nothing and
// tells what became of it. The wish is stored first; the payment that comes back shows how far it was carried out in the
// time that a till waits. The error is ErrNotFound, ErrInvalid when the sum is not above zero or more than is left,
// ErrWholeOnly, or ErrConflict when the id stands for another sum, the payment is not paid, or another refund is under way.
func (s *Service) Refund(ctx context.Context, t pg.Till, id uuid.UUID, r wire.Refund) (pg.Payment, error) {
	if _, err := s.Wait(ctx, t, id, 0, 0); err != nil {
		return pg.Payment{}, err
	}
	refund, err := uuid.Parse(r.ID)
	if err != nil || refund.String() != r.ID {
		return pg.Payment{}, fmt.Errorf("%w: the refund's id is not a UUID", ErrInvalid)
	}
	return s.giveBack(ctx, t.Account, id, pg.Wish{ID: refund, Amount: register.Money(r.Amount), Till: t.ID})
}

func (s *Service) giveBack(ctx context.Context, account, id uuid.UUID, w pg.Wish) (pg.Payment, error) {
	p, err := s.store.Payment(ctx, account, id)
	if err != nil {
		return pg.Payment{}, err
	}
	if w.Amount <= 0 || w.Amount > p.Attempt.Amount {
		return pg.Payment{}, fmt.Errorf("%w: %v of %v cannot be given back", ErrInvalid, w.Amount, p.Attempt.Amount)
	}
	if w.Amount != p.Attempt.Amount && s.wholeOnly(ctx, p) {
		return pg.Payment{}, ErrWholeOnly
	}
	p, err = s.store.WantRefund(ctx, s.clock().UTC(), account, id, w)
	switch {
	case errors.Is(err, pg.ErrTooMuch):
		return pg.Payment{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	case errors.Is(err, pg.ErrConflict), errors.Is(err, pg.ErrNotPaid), errors.Is(err, pg.ErrUnderWay):
		return pg.Payment{}, fmt.Errorf("%w: %w", ErrConflict, err)
	case err != nil || p.Wanted.ID != w.ID.String():
		return p, err
	}
	return s.carryOut(ctx, account, id)
}

// wholeOnly tells whether the payment's bank gives back all or nothing.
func (s *Service) wholeOnly(ctx context.Context, p pg.Payment) bool {
	if p.Setting == (uuid.UUID{}) {
		return false
	}
	bank, err := s.bankOf(ctx, p)
	return err == nil && !bank.Can().PartialRefund
}

// Tell says a payment in the wire's words.
func (s *Service) Tell(ctx context.Context, p pg.Payment) (wire.Payment, error) {
	a := p.Attempt
	w := wire.Payment{
		ID: a.ID, Revision: p.Revision, State: string(a.State), Amount: int64(a.Amount), Refunded: int64(a.Refunded),
		Returned: int64(a.Returned), Left: int64(a.Left()), ByHand: a.ByHand, Bank: a.Bank, BankID: a.BankID, Payload: a.Payload,
		Expires: a.Expires.UTC(), Trouble: p.Trouble, Message: p.Message,
	}
	if left := a.Expires.Sub(s.clock()); a.State.Open() && left > 0 {
		w.Life = int64((left + time.Second - 1) / time.Second)
	}
	if !a.State.HadMoney() {
		return w, nil
	}
	w.WholeOnly = s.wholeOnly(ctx, p)
	switch {
	case w.Trouble != "":
	case a.Outside() > 0:
		w.Trouble = wire.TroubleOutsideRefund
	case p.LateAt != nil:
		w.Trouble = wire.TroubleLate
	}
	refunds, err := s.store.Refunds(ctx, p.Account, p.ID)
	for _, r := range refunds {
		w.Refunds = append(w.Refunds, wire.Refund{ID: r.ID.String(), Amount: int64(r.Amount), State: r.State})
	}
	return w, err
}
