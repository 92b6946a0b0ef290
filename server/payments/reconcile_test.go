package payments_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/register"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/sync/wire"
)

// registry is a bank with a list of payments.
type registry struct {
	banks.Bank
	list *registered
}

type registered struct {
	mu      sync.Mutex
	entries []banks.Entry
	err     error
	asked   int
}

func (r registry) Registry(_ context.Context, from, to time.Time) ([]banks.Entry, error) {
	r.list.mu.Lock()
	defer r.list.mu.Unlock()
	r.list.asked++
	var list []banks.Entry
	for _, e := range r.list.entries {
		if !e.Paid.Before(from) && e.Paid.Before(to) {
			list = append(list, e)
		}
	}
	return list, r.list.err
}

func (w world) entry(p wire.Payment, refunded register.Money) banks.Entry {
	return banks.Entry{ID: p.ID, BankID: p.BankID, Amount: register.Money(p.Amount), Refunded: refunded, Paid: w.Clock.Now()}
}

func (w world) withRegistry(r *registered) *payments.Service {
	return w.service(func(b banks.Bank) banks.Bank { return registry{b, r} })
}

func (w world) reconcile(s *payments.Service, day time.Time) pg.Reconciliation {
	w.T.Helper()
	r, err := s.Reconcile(w.T.Context(), w.Owner.Account, w.setting().ID, day, "maria")
	if err != nil {
		w.T.Fatal(err)
	}
	return r
}

func TestReconciliation(t *testing.T) {
	w := start(t)
	day := w.Clock.Now()
	r := &registered{}
	same, back, missing, sum := w.paid(), w.paid(), w.paid(), w.paid()
	late := w.waiting()
	w.cancel(late.ID)
	if err := w.Bank.Pay(late.BankID, true); err != nil {
		t.Fatal(err)
	}
	strange := banks.Entry{ID: uuid.NewString(), BankID: "77", Amount: 99_00, Paid: day}
	other := w.entry(sum, 0)
	other.Amount += 100
	r.entries = []banks.Entry{w.entry(same, 0), w.entry(back, 40_00), strange, other, w.entry(late, 0)}
	w.Clock.Move(24 * time.Hour)
	service := w.withRegistry(r)
	want := map[pg.TroubleKind]string{pg.TroubleOutsideRefund: back.ID, pg.TroubleNotOurs: pg.BankSubject(w.setting().ID, "77"),
		pg.TroubleSumsDiffer: sum.ID, pg.TroubleNotAtBank: missing.ID, pg.TroubleLate: late.ID}
	for range 2 { // again, it finds the same and no more
		got := w.reconcile(service, day)
		if !got.Done() || got.Payments != 5 || got.By != "maria" {
			t.Fatalf("the result is %+v", got)
		}
		found := map[pg.TroubleKind]string{}
		for _, trouble := range w.troubleList("") {
			if found[trouble.Kind] != "" {
				t.Errorf("%s is found twice", trouble.Kind)
			}
			found[trouble.Kind] = trouble.Subject
		}
		for kind, subject := range want {
			if found[kind] != subject {
				t.Errorf("%s is found of %q, want %q", kind, found[kind], subject)
			}
		}
		if len(found) != len(want) {
			t.Errorf("found is %v", found)
		}
	}
	if got := w.get(back.ID, ""); got.Refunded != 40_00 || got.Returned != 0 || got.State != string(banks.StatePartlyRefunded) {
		t.Errorf("given back at the bank: %+v", got)
	}

	// What a person closed stays closed; what is mended is gone.
	by := pg.By{Name: "Мария", Reason: "Возврат из кабинета"}
	if err := service.CloseTrouble(t.Context(), w.Owner.Account, pg.TroubleOutsideRefund, back.ID, by); err != nil {
		t.Fatal(err)
	}
	r.entries = append(r.entries, banks.Entry{ID: missing.ID, BankID: missing.BankID, Amount: 540_00, Paid: day})
	w.reconcile(service, day)
	kinds := w.troubles()
	if slices.Contains(kinds, pg.TroubleOutsideRefund) || slices.Contains(kinds, pg.TroubleNotAtBank) || len(kinds) != 3 {
		t.Errorf("in the end there are %v", kinds)
	}
}

func TestReconciliationsThatCannotBe(t *testing.T) {
	w := start(t)
	account, setting, day := w.Owner.Account, w.setting().ID, w.Clock.Now()
	r := &registered{err: banks.ErrUnknown}
	service := w.withRegistry(r)
	if _, err := service.Reconcile(t.Context(), account, setting, day, "maria"); !errors.Is(err, payments.ErrInvalid) {
		t.Errorf("a day that is not over: %v", err)
	}
	w.Clock.Move(24 * time.Hour)
	plain := w.service(func(b banks.Bank) banks.Bank { return b })
	if _, err := plain.Reconcile(t.Context(), account, setting, day, "maria"); !errors.Is(err, payments.ErrInvalid) {
		t.Errorf("a bank without a list: %v", err)
	}
	if _, err := service.Reconcile(t.Context(), uuid.New(), uuid.New(), day, "maria"); !errors.Is(err, pg.ErrNotFound) {
		t.Errorf("no setting: %v", err)
	}
	if got := w.reconcile(service, day); got.Done() || got.Error == "" {
		t.Errorf("a bank that does not answer: %+v", got)
	}
	key := pg.SettingKey{Account: account, Setting: setting}
	date := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	now := w.Clock.Now()
	if _, mine, err := w.Store.BeginReconciliation(t.Context(), now, now.Add(time.Minute), key, date, ""); mine || err != nil {
		t.Errorf("again at once: %v, %v", mine, err)
	}
	now = now.Add(2 * time.Hour)
	if _, mine, err := w.Store.BeginReconciliation(t.Context(), now, now.Add(time.Minute), key, date, ""); !mine || err != nil {
		t.Errorf("again later: %v, %v", mine, err)
	}
	if _, mine, err := w.Store.BeginReconciliation(t.Context(), now, now.Add(time.Minute), key, date, "maria"); mine || err != nil {
		t.Errorf("by two at once: %v, %v", mine, err)
	}
	list, err := w.Store.Reconciliations(t.Context(), account, 10)
	if err != nil || len(list) != 1 || !list[0].Day.Equal(date) {
		t.Errorf("the list is %+v, %v", list, err)
	}
}

// TestTheDaysComparisonIsMadeOnce, when its time of day has come in the store's zone, by one of two processes.
func TestTheDaysComparisonIsMadeOnce(t *testing.T) {
	w := start(t)
	r := &registered{}
	services := []*payments.Service{w.withRegistry(r), w.withRegistry(r)}
	at := func(hour, minute int) {
		zone := w.Shop.Location()
		now := w.Clock.Now().In(zone)
		next := time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, zone)
		for !next.After(now) {
			next = next.AddDate(0, 0, 1)
		}
		w.Clock.Move(next.Sub(now))
	}
	all := func() {
		var both sync.WaitGroup
		for _, s := range services {
			both.Go(func() {
				if err := s.ReconcileDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
	}
	at(4, 31)
	all()
	if r.asked != 1 {
		t.Errorf("asked %d times", r.asked)
	}
	at(3, 0)
	all()
	if r.asked != 1 {
		t.Errorf("before its time, asked %d times", r.asked)
	}
	at(4, 40)
	all()
	all()
	if r.asked != 2 {
		t.Errorf("the next day, asked %d times", r.asked)
	}
}

// TestAPaymentThatWasHeardOfLate: the bank's list of the day on which we heard of the money does not have it.
func TestAPaymentThatWasHeardOfLate(t *testing.T) {
	w := start(t)
	day, r := w.Clock.Now(), &registered{}
	p := w.waiting()
	w.cancel(p.ID)
	w.until(p.ID, banks.StateCancelled)
	if err := w.Bank.Pay(p.BankID, true); err != nil {
		t.Fatal(err)
	}
	r.entries = []banks.Entry{w.entry(p, 0)}
	w.Clock.Move(24 * time.Hour)
	service := w.withRegistry(r)
	for range 2 {
		w.reconcile(service, day)
		if kinds := w.troubles(); !slices.Equal(kinds, []pg.TroubleKind{pg.TroubleLate}) {
			t.Errorf("on %s there are %v", day.Format(time.DateOnly), kinds)
		}
		w.Clock.Move(24 * time.Hour)
		day = day.AddDate(0, 0, 1)
	}
}

// TestANewPasswordIsNotAnotherShop: payments that were made with the setting before are ours, and what was paid under the
// contract before it was entered here is nobody's trouble.
func TestANewPasswordIsNotAnotherShop(t *testing.T) {
	w := start(t)
	day, r := w.Clock.Now(), &registered{}
	r.entries = []banks.Entry{w.entry(w.paid(), 0), {BankID: "76", Amount: 5_00, Paid: day.Add(-time.Hour)}}
	old := w.setting()
	w.Clock.Move(time.Minute)
	if _, err := w.Store.SetBank(t.Context(), w.Clock.Now(), w.Key, old); err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(time.Minute)
	r.entries = append(r.entries, w.entry(w.paid(), 0))
	w.Clock.Move(24 * time.Hour)
	service := w.withRegistry(r)
	for _, setting := range []uuid.UUID{old.ID, w.setting().ID} {
		got, err := service.Reconcile(t.Context(), w.Owner.Account, setting, day, "maria")
		if err != nil || !got.Done() || got.Findings != 0 {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if kinds := w.troubles(); len(kinds) != 0 {
		t.Errorf("there are %v", kinds)
	}
}

// TestDaysWithoutAServerAreCompared when there is one again, from the day on which the bank was chosen.
func TestDaysWithoutAServerAreCompared(t *testing.T) {
	w := start(t)
	r := &registered{}
	service := w.withRegistry(r)
	w.Clock.Move(3 * 24 * time.Hour)
	for range 2 {
		if err := service.ReconcileDue(t.Context()); err != nil || r.asked != 3 {
			t.Errorf("asked %d times, %v", r.asked, err)
		}
	}
}
