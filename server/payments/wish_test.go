package payments_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/server/payments"
	"kassa/server/pg"
)

// meanwhile is a bank at which something happens elsewhere while it is asked.
type meanwhile struct {
	banks.Bank
	happens func()
}

func (m meanwhile) State(ctx context.Context, r banks.Ref) (banks.Answer, error) {
	answer, err := m.Bank.State(ctx, r)
	m.happens()
	return answer, err
}

// TestAWishThatComesWhileTheBankIsAsked: the buyer has paid, the server asks and does not know it yet, and in this moment
// the till wishes something.
func TestAWishThatComesWhileTheBankIsAsked(t *testing.T) {
	tests := []struct {
		name       string
		before     bool // a wish for an unpaid payment only stands already
		unpaidOnly bool // the wish that comes
		refunds    bool
	}{
		{"cancel if unpaid", false, true, false},
		{"refund", false, false, true},
		{"refund after cancel if unpaid", true, false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := start(t)
			n := w.waiting()
			if err := w.Bank.Pay(n.BankID, false); err != nil {
				t.Fatal(err)
			}
			account, id, now := w.Owner.Account, uuid.MustParse(n.ID), w.Clock.Now()
			wish := func(unpaidOnly bool) pg.Payment {
				t.Helper()
				p, err := w.Store.WantCancel(t.Context(), now, account, id, unpaidOnly)
				if err != nil {
					t.Error(err)
				}
				return p
			}
			p, ok, err := w.Store.Lease(t.Context(), now, now.Add(time.Minute), account, id)
			if err != nil || !ok {
				t.Fatalf("leased: %v, %v", ok, err)
			}
			if test.before {
				p = wish(true)
			}
			service := payments.New(payments.Config{Store: w.Store, Key: w.Key, Clock: w.Clock.Now, Logger: slog.New(slog.DiscardHandler),
				Open: func(b pg.BankSetting, clock func() time.Time) (banks.Bank, error) {
					bank, err := payments.Open(b, clock)
					return meanwhile{bank, func() { wish(test.unpaidOnly) }}, err
				}})
			got, err := service.Work(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if refunds := w.atBank(n.ID).Refunded > 0 || got.Attempt.State == banks.StateRefundPending; refunds != test.refunds {
				t.Errorf("the money went back: %v, want %v; the payment is %+v", refunds, test.refunds, got.Attempt)
			}
			if got.CancelAt != nil || got.Wanted.ID != "" {
				t.Errorf("the wish goes on: %+v", got)
			}
		})
	}
}

// stubborn is a bank that takes no cancel.
type stubborn struct{ banks.Bank }

func (stubborn) Cancel(context.Context, banks.Ref) (banks.Answer, error) {
	return banks.Answer{}, &banks.Refusal{Reason: banks.ReasonOther, Code: "1", Message: "no"}
}

// TestARefusedCancelIsNotRepeatedWithoutPause: banks stop talking to those who hammer at them, and each try is three lines
// of the payment's story.
func TestARefusedCancelIsNotRepeatedWithoutPause(t *testing.T) {
	w := start(t)
	n := w.waiting()
	account, id, now := w.Owner.Account, uuid.MustParse(n.ID), w.Clock.Now()
	service := payments.New(payments.Config{Store: w.Store, Key: w.Key, Clock: w.Clock.Now, Logger: slog.New(slog.DiscardHandler),
		Open: func(b pg.BankSetting, clock func() time.Time) (banks.Bank, error) {
			bank, err := payments.Open(b, clock)
			return stubborn{bank}, err
		}})
	var pauses []time.Duration
	for i := range 6 {
		p, ok, err := w.Store.Lease(t.Context(), now, now.Add(time.Minute), account, id)
		if err != nil || !ok {
			t.Fatalf("leased: %v, %v", ok, err)
		}
		if i == 0 {
			if p, err = w.Store.WantCancel(t.Context(), now, account, id, true); err != nil {
				t.Fatal(err)
			}
		}
		if p, err = service.Work(t.Context(), p); err != nil || p.AskAt == nil {
			t.Fatalf("%+v, %v", p, err)
		}
		pauses = append(pauses, p.AskAt.Sub(now))
	}
	if first, last := pauses[0], pauses[len(pauses)-1]; last < 8*first {
		t.Errorf("the pauses are %v", pauses)
	}
}
