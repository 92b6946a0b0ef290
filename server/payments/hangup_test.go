package payments_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"kassa/banks"
	"kassa/server/payments"
	"kassa/server/pg"
)

// TestATillThatHangsUpLeavesNoLeaseBehind: the till goes while its payment is being stored. The payment must not stand
// still until a lease runs out under which nobody works.
func TestATillThatHangsUpLeavesNoLeaseBehind(t *testing.T) {
	w := start(t)
	ctx, hangUp := context.WithCancel(t.Context())
	service := payments.New(payments.Config{Store: w.Store, Key: w.Key, Clock: w.Clock.Now, Logger: slog.New(slog.DiscardHandler),
		Open: func(b pg.BankSetting, clock func() time.Time) (banks.Bank, error) {
			hangUp() // the last thing that is looked up before the payment is stored
			return payments.Open(b, clock)
		}})
	till, err := w.Store.Authenticate(t.Context(), w.Clock.Now(), w.Secret)
	if err != nil {
		t.Fatal(err)
	}
	n := w.request()
	if p, err := service.Create(ctx, till, n); err != nil || p.Attempt.State != banks.StateWaiting || p.Attempt.Payload == "" {
		t.Errorf("created %+v, %v", p.Attempt, err)
	}
	if got := w.cancel(n.ID); got.State != string(banks.StateCancelled) {
		t.Errorf("the next call finds it %+v", got)
	}
}
