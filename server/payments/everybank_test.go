package payments_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/every/sims"
	"kassa/register"
	"kassa/server/pg"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

// practice is a world whose store has one of the practice banks.
type practice struct {
	world
	bank    *banksim.Bank
	control string // address of the bank's controls
}

func openPractice(t *testing.T, sim banksim.Sim) practice {
	t.Helper()
	w := practice{world: world{servertest.Start(t)}}
	var err error
	if w.bank, err = sim.Open(banksim.Options{Clock: w.Clock.Now}); err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewUnstartedServer(w.bank.Handler)
	if w.bank.TLS != nil {
		listener.TLS = w.bank.TLS
		listener.StartTLS()
	} else {
		listener.Start()
	}
	t.Cleanup(listener.Close)
	w.control = listener.URL
	if w.bank.Control != nil {
		controls := httptest.NewServer(w.bank.Control)
		t.Cleanup(controls.Close)
		w.control = controls.URL
	}
	settings := banks.Settings{banks.FieldURL: listener.URL + w.bank.Path}
	for name, value := range w.bank.Settings {
		settings[name] = value
	}
	_, err = w.Store.SetBank(t.Context(), w.Clock.Now(), w.Key,
		pg.BankSetting{Account: w.Owner.Account, Store: w.Shop.ID, Bank: sim.Name, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w practice) press(path string) {
	w.T.Helper()
	resp, err := http.Post(w.control+"/control/"+path, "", nil)
	if err != nil {
		w.T.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		w.T.Fatalf("the control %s answers %d", path, resp.StatusCode)
	}
}

// held is the only payment that the bank has for an id.
func (w practice) held(id string) banksim.Held {
	w.T.Helper()
	var found []banksim.Held
	for _, h := range w.bank.Held() {
		if h.ID == id {
			found = append(found, h)
		}
	}
	if len(found) != 1 {
		w.T.Fatalf("the bank has %d payments for %s", len(found), id)
	}
	return found[0]
}

func (w practice) paid() wire.Payment {
	w.T.Helper()
	p := w.waiting()
	w.press("payments/" + w.held(p.ID).BankID + "/pay")
	return w.until(p.ID, banks.StatePaid)
}

// back brings a refund to its end. Where the bank cannot tell what became of it, the owner looks there.
func (w practice) back(p wire.Payment, r wire.Refund, before register.Money) wire.Payment {
	w.T.Helper()
	w.refund(p.ID, r)
	got := w.follow(p.ID, func(p wire.Payment) bool {
		s := refundState(p, r.ID)
		return s == wire.RefundDone || s == wire.RefundFailed || s == wire.RefundUnknown
	})
	if refundState(got, r.ID) != wire.RefundUnknown {
		return got
	}
	service := w.service(func(b banks.Bank) banks.Bank { return b })
	decide := service.RefundLost
	if w.held(p.ID).Refunded > before {
		decide = service.RefundSeen
	}
	if _, err := decide(w.T.Context(), w.Owner.Account, uuid.MustParse(p.ID), pg.By{Name: "Мария", Reason: "Видно в кабинете"}); err != nil {
		w.T.Fatal(err)
	}
	return w.get(p.ID, "")
}

// TestEveryBank takes payments through each practice bank that there is, gives them back in parts, loses an answer on the
// way, and closes a code.
func TestEveryBank(t *testing.T) {
	for _, sim := range sims.Sims() {
		t.Run(sim.Name, func(t *testing.T) {
			w := openPractice(t, sim)
			p := w.paid()
			first, second := newRefund(140_00), newRefund(400_00)
			got := w.back(p, first, 0)
			if got.Returned != 140_00 || got.Left != 400_00 || w.held(p.ID).Refunded != 140_00 {
				t.Errorf("a part went back: %+v, at the bank %+v", got, w.held(p.ID))
			}
			w.press("faults/answer-lost")
			got = w.back(p, second, 140_00)
			if refundState(got, second.ID) == wire.RefundDone != (w.held(p.ID).Refunded == 540_00) || w.held(p.ID).Refunded > 540_00 {
				t.Errorf("with an answer lost: %+v, at the bank %+v", got, w.held(p.ID))
			}
			open := w.waiting()
			w.cancel(open.ID)
			w.until(open.ID, banks.StateCancelled)
			if w.held(open.ID).Paid {
				t.Errorf("closed, at the bank: %+v", w.held(open.ID))
			}
		})
	}
}

// TestEveryRegistry compares the books with each practice bank that has a list: all agree, but one payment of which a part
// was given back at the bank.
func TestEveryRegistry(t *testing.T) {
	for _, sim := range sims.Sims() {
		t.Run(sim.Name, func(t *testing.T) {
			w := openPractice(t, sim)
			bank, err := w.openBank()
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := bank.(banks.Registered); !ok {
				return // it has none
			}
			day := w.Clock.Now()
			w.paid()
			p := w.paid()
			w.press("payments/" + w.held(p.ID).BankID + "/refund?amount=4000")
			w.Clock.Move(24 * time.Hour)
			service := w.service(func(b banks.Bank) banks.Bank { return b })
			r, err := service.Reconcile(t.Context(), w.Owner.Account, w.setting().ID, day, "maria")
			if err != nil || !r.Done() || r.Payments != 2 {
				t.Fatalf("compared: %+v, %v", r, err)
			}
			list := w.troubleList("")
			if len(list) != 1 || list[0].Kind != pg.TroubleOutsideRefund || list[0].Payment.String() != p.ID || list[0].Theirs != 40_00 {
				t.Errorf("found are %+v", list)
			}
		})
	}
}

// TestANoticeNamesAnotherPayment: the bank's id in a notification is not always signed. A wrong one is asked with, and leads to
// nothing; a payment that was paid is found by the next one all the same.
func TestANoticeNamesAnotherPayment(t *testing.T) {
	for _, sim := range sims.Sims() {
		t.Run(sim.Name, func(t *testing.T) {
			w := openPractice(t, sim)
			bank, err := w.openBank()
			if err != nil {
				t.Fatal(err)
			}
			if bank.Can().LookUp {
				return // it is asked by our id
			}
			w.press("faults/answer-lost")
			n := w.request()
			if p := w.create(n); p.State != string(banks.StateFailed) || p.BankID != "" {
				t.Fatalf("created: %+v", p)
			}
			other := w.paid()
			w.press("payments/" + w.held(n.ID).BankID + "/pay")
			key := pg.SettingKey{Account: w.Owner.Account, Setting: w.setting().ID}
			for _, id := range []string{"AD000000000000000000000000000000", other.BankID} {
				if known, err := w.Store.Noticed(t.Context(), w.Clock.Now(), key, uuid.MustParse(n.ID), id); !known || err != nil {
					t.Fatalf("%v, %v", known, err)
				}
				w.settle(n.ID)
				if p := w.stored(n.ID); p.Attempt.BankID != "" || p.Attempt.State != banks.StateFailed {
					t.Errorf("believed: %+v", p.Attempt)
				}
			}
			right := w.held(n.ID).BankID
			if known, err := w.Store.Noticed(t.Context(), w.Clock.Now(), key, uuid.MustParse(n.ID), right); !known || err != nil {
				t.Fatalf("%v, %v", known, err)
			}
			if p := w.until(n.ID, banks.StatePaid); p.BankID != right || p.Trouble != wire.TroubleLate {
				t.Errorf("found: %+v", p)
			}
		})
	}
}
