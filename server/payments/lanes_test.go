package payments_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/server/payments"
	"kassa/server/pg"
)

// stub is a bank of the test's own: what it answers to a question is the test's.
type stub struct {
	name  string
	state func(ctx context.Context) (banks.Answer, error)
}

func (s stub) Name() string { return s.name }

func (s stub) Can() banks.Capabilities {
	return banks.Capabilities{Poll: time.Millisecond, LookUp: true, PartialRefund: true, Close: true}
}

func (s stub) State(ctx context.Context, _ banks.Ref) (banks.Answer, error) { return s.state(ctx) }

func (stub) Create(context.Context, banks.Request) (banks.Answer, error) {
	return banks.Answer{}, banks.ErrUnknown
}

func (stub) Cancel(context.Context, banks.Ref) (banks.Answer, error) {
	return banks.Answer{}, banks.ErrUnknown
}

func (stub) Check(context.Context) error { return nil }

// contract makes one more store with a bank's setting, and waiting payments there that are due at a time, the last first.
func (w world) contract(bank string, n int, at time.Time) []uuid.UUID {
	w.T.Helper()
	shop, err := w.Store.CreateStore(w.T.Context(), w.Clock.Now(), pg.NewStore{Account: w.Owner.Account, Name: "Магазин " + uuid.NewString()[:8]})
	if err != nil {
		w.T.Fatal(err)
	}
	setting, err := w.Store.SetBank(w.T.Context(), w.Clock.Now(), w.Key, pg.BankSetting{Account: w.Owner.Account, Store: shop.ID, Bank: bank})
	if err != nil {
		w.T.Fatal(err)
	}
	now := w.Clock.Now()
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = uuid.New()
		ask := at.Add(-time.Duration(n-i) * time.Second)
		p := pg.Payment{Account: w.Owner.Account, ID: ids[i], Store: shop.ID, Till: w.till().ID, Setting: setting.ID, Created: now, AskAt: &ask,
			Attempt: banks.Attempt{ID: ids[i].String(), Bank: bank, BankID: fmt.Sprint(i), Amount: 100_00, State: banks.StateWaiting,
				Payload: "https://qr.nspk.ru/x", Expires: now.Add(5 * time.Hour)}}
		if _, _, err := w.Store.CreatePayment(w.T.Context(), p, time.Time{}); err != nil {
			w.T.Fatal(err)
		}
	}
	return ids
}

// TestADeadBankHoldsUpNobodyElse: two contracts with a bank that hangs, with more payments than a process asks about at once,
// all due for longer than those of the bank that answers.
func TestADeadBankHoldsUpNobodyElse(t *testing.T) {
	w := start(t)
	soon := w.Clock.Now().Add(time.Hour) // not yet, for the world's own server: it knows neither bank
	w.contract("dead", 60, soon.Add(-time.Minute))
	w.contract("dead", 60, soon.Add(-time.Minute))
	alive := w.contract("alive", 3, soon)
	var mu sync.Mutex
	hanging := 0
	open := func(b pg.BankSetting, _ func() time.Time) (banks.Bank, error) {
		if b.Bank == "alive" {
			return stub{"alive", func(context.Context) (banks.Answer, error) { return banks.Answer{State: banks.StatePaid}, nil }}, nil
		}
		return stub{"dead", func(ctx context.Context) (banks.Answer, error) {
			mu.Lock()
			hanging++
			mu.Unlock()
			select {
			case <-ctx.Done():
			case <-w.T.Context().Done():
			}
			return banks.Answer{}, banks.ErrUnknown
		}}, nil
	}
	service := payments.New(payments.Config{Store: w.Store, Key: w.Key, Logger: slog.New(slog.DiscardHandler), Open: open,
		Clock: func() time.Time { return w.Clock.Now().Add(time.Hour) }})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go service.Run(ctx)
	for _, id := range alive {
		p, err := service.Wait(ctx, pg.Till{Account: w.Owner.Account, Store: w.storeOf(id)}, id, 1, 20*time.Second)
		if err != nil || p.Attempt.State != banks.StatePaid {
			t.Errorf("%+v, %v", p.Attempt, err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if hanging == 0 || hanging > 64 {
		t.Errorf("of the dead bank's %d are asked about at once", hanging)
	}
}

func (w world) storeOf(id uuid.UUID) uuid.UUID { return w.stored(id.String()).Store }

// TestASettingThatCannotBeOpened puts its payments off and does not ask for them again and again.
func TestASettingThatCannotBeOpened(t *testing.T) {
	w := start(t)
	id := w.contract("nobody's", 1, w.Clock.Now())[0].String()
	for range 400 {
		if p := w.stored(id); p.AskAt != nil && p.AskAt.After(w.Clock.Now()) {
			if p.Attempt.State != banks.StateWaiting {
				t.Errorf("%+v", p.Attempt)
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("it was never put off")
}
