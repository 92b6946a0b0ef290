package payments_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// taking is a bank that has taken a refund, and is at it.
type taking struct{ banks.Bank }

func (b taking) State(_ context.Context, r banks.Ref) (banks.Answer, error) {
	return banks.Answer{State: banks.StateRefundPending, BankID: r.BankID, Refund: banks.RefundPending}, nil
}

// TestADecisionThatComesTooLate: while the owner was writing that a refund was lost, the bank has said that it carries it out.
// The money would go back twice.
func TestADecisionThatComesTooLate(t *testing.T) {
	w := start(t)
	p := w.paid()
	account, id := w.Owner.Account, uuid.MustParse(p.ID)
	mute := w.service(func(b banks.Bank) banks.Bank { return silent{b} })
	if _, err := mute.Refund(t.Context(), w.till(), id, newRefund(100_00)); err != nil {
		t.Fatal(err)
	}
	for w.stored(p.ID).Trouble != wire.TroubleRefundUnknown {
		if _, err := mute.AskNow(t.Context(), account, id); err != nil {
			t.Fatal(err)
		}
	}
	service := w.service(func(b banks.Bank) banks.Bank { return taking{b} })
	if got, err := service.AskNow(t.Context(), account, id); err != nil || !got.Attempt.Refund.Taken || got.Trouble != "" {
		t.Fatalf("%+v, %v", got, err)
	}
	by := pg.By{Name: "Мария", Reason: "В выписке нет"}
	if got, err := service.RefundLost(t.Context(), account, id, by); !errors.Is(err, payments.ErrConflict) {
		t.Errorf("lost: %+v, %v", got.Attempt, err)
	}
	if got, err := service.RefundSeen(t.Context(), account, id, by); !errors.Is(err, payments.ErrConflict) {
		t.Errorf("seen: %+v, %v", got.Attempt, err)
	}
	if got := w.stored(p.ID); got.Attempt.State != banks.StateRefundPending || got.Attempt.Refund.ID == "" {
		t.Errorf("the payment is %+v", got.Attempt)
	}
}

// TestAClosedTroubleStaysClosed although the bank is being asked about the payment just then.
func TestAClosedTroubleStaysClosed(t *testing.T) {
	w := start(t)
	p := w.paid()
	account, now := w.Owner.Account, w.Clock.Now()
	leased, ok, err := w.Store.Lease(t.Context(), now, now.Add(time.Minute), account, uuid.MustParse(p.ID))
	if err != nil || !ok {
		t.Fatalf("%v, %v", ok, err)
	}
	leased.Trouble, leased.Message = wire.TroubleRefundFailed, "3002"
	if leased, err = w.Store.SavePayment(t.Context(), now, leased, pg.Change{Cause: pg.CauseAsk, Keep: true}); err != nil {
		t.Fatal(err)
	}
	by := pg.By{Name: "Мария", Reason: "Отдали наличными"}
	if err := w.Store.CloseTrouble(t.Context(), now, account, pg.TroubleRefundFailed, p.ID, by); err != nil {
		t.Fatal(err)
	}
	if leased, err = w.Store.SavePayment(t.Context(), now, leased, pg.Change{Cause: pg.CauseAsk, Keep: true}); err != nil || leased.Trouble != "" {
		t.Errorf("after the question: %q, %v", leased.Trouble, err)
	}
	leased.Trouble = wire.TroubleRefundFailed
	if leased, err = w.Store.SavePayment(t.Context(), now, leased, pg.Change{Cause: pg.CauseAsk}); err != nil || leased.Trouble != wire.TroubleRefundFailed {
		t.Errorf("another refund that failed: %q, %v", leased.Trouble, err)
	}
}
