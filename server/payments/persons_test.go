package payments_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/register"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// silent is a bank that cannot tell what became of a refund.
type silent struct{ banks.Bank }

func (b silent) State(ctx context.Context, r banks.Ref) (banks.Answer, error) {
	return banks.Answer{State: banks.StatePaid, BankID: r.BankID}, nil
}

func (b silent) Cancel(ctx context.Context, r banks.Ref) (banks.Answer, error) {
	return banks.Answer{}, banks.ErrUnknown
}

// TestAPersonDecides what became of a refund where the bank cannot tell.
func TestAPersonDecides(t *testing.T) {
	decisions := map[string]struct {
		decide func(*payments.Service, world, uuid.UUID) (pg.Payment, error)
		state  banks.State
		refund string
		back   register.Money
	}{
		"seen": {func(s *payments.Service, w world, id uuid.UUID) (pg.Payment, error) {
			return s.RefundSeen(t.Context(), w.Owner.Account, id, pg.By{Name: "Мария", Reason: "Вижу в выписке"})
		}, banks.StatePartlyRefunded, wire.RefundDone, 100_00},
		"lost": {func(s *payments.Service, w world, id uuid.UUID) (pg.Payment, error) {
			return s.RefundLost(t.Context(), w.Owner.Account, id, pg.By{Name: "Мария", Reason: "В выписке нет"})
		}, banks.StatePaid, wire.RefundFailed, 0},
	}
	for name, d := range decisions {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			p := w.paid()
			id := uuid.MustParse(p.ID)
			service := w.service(func(b banks.Bank) banks.Bank { return silent{b} })
			r := newRefund(100_00)
			if _, err := service.Work(t.Context(), w.wish(p.ID, r)); err != nil {
				t.Fatal(err)
			}
			var stored pg.Payment
			for range 8 {
				var err error
				if stored, err = service.AskNow(t.Context(), w.Owner.Account, id); err != nil {
					t.Fatal(err)
				}
			}
			if stored.Trouble != wire.TroubleRefundUnknown {
				t.Fatalf("the bank cannot tell: %+v", stored)
			}
			if told := w.get(p.ID, ""); refundState(told, r.ID) != wire.RefundUnknown || told.Trouble != wire.TroubleRefundUnknown {
				t.Errorf("the till hears %+v", told)
			}
			if kinds := w.troubles(); !slices.Contains(kinds, pg.TroubleRefundUnknown) {
				t.Errorf("the troubles are %v", kinds)
			}
			got, err := d.decide(service, w, id)
			if err != nil || got.Attempt.State != d.state || got.Attempt.Returned != d.back {
				t.Errorf("decided: %+v, %v", got.Attempt, err)
			}
			if told := w.get(p.ID, ""); refundState(told, r.ID) != d.refund {
				t.Errorf("the till hears %+v", told)
			}
			if _, err := d.decide(service, w, id); err == nil {
				t.Error("it can be decided twice")
			}
			events, err := w.Store.Events(t.Context(), w.Owner.Account, id)
			if last := events[len(events)-1]; err != nil || last.Who != "Мария" || last.Reason == "" || !last.At.Equal(w.Clock.Now()) {
				t.Errorf("the story ends with %+v, %v", last, err)
			}
		})
	}
}

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
	if _, err := mute.Work(t.Context(), w.wish(p.ID, newRefund(100_00))); err != nil {
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
	leased := w.lease(p.ID)
	var err error
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

// limited is a bank whose contract allows ten calls a second.
type limited struct{ banks.Bank }

func (b limited) Can() banks.Capabilities {
	can := b.Bank.Can()
	can.Rate = 10
	return can
}

// TestAnOwnersQuestionsAreCounted among the calls that the contract allows.
func TestAnOwnersQuestionsAreCounted(t *testing.T) {
	w := start(t)
	p := w.waiting()
	service := w.service(func(b banks.Bank) banks.Bank { return limited{b} })
	for range 3 {
		if _, err := service.AskNow(t.Context(), w.Owner.Account, uuid.MustParse(p.ID)); err != nil {
			t.Fatal(err)
		}
	}
	lane := pg.Lane{Setting: w.setting().ID, Pause: 125 * time.Millisecond, AtOnce: 2}
	if wait, err := w.Store.TakeCalls(t.Context(), w.Clock.Now(), lane, 1); wait != 2*lane.Pause || err != nil {
		t.Errorf("the next call waits %v, %v", wait, err)
	}
}
