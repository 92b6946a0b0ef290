package till_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
)

// settings are those of the practice bank.
func (w *world) settings(terminal string) banks.Settings {
	return banks.Settings{banks.FieldURL: w.url, "terminal": terminal, "password": "p"}
}

// A code that is out stays with its bank, whatever bank the till asks for the next one; so do returns.
func TestCodesStayWithTheirBank(t *testing.T) {
	w := newWorld(t).staffed().working().banked()
	ctx := t.Context()
	w.reconnected()
	sold := w.soldByQR(bread)
	w.scan(milk)
	w.must(w.StartQR(ctx))
	w.onScreen()
	first := w.bankID()
	w.must(w.ParkQR(ctx))

	other, err := tbanksim.New(tbanksim.Config{Terminal: "OtherDEMO", Password: "q", Clock: w.clock.now})
	w.must(err)
	h := httptest.NewServer(other.Handler())
	defer h.Close()
	w.must(w.SignIn(ctx, ownerPIN))
	if err := w.SetBank(ctx, "tbank", banks.Settings{banks.FieldURL: h.URL + "/v2/", "terminal": "OtherDEMO", "password": "wrong"}); !is(err, till.CodeBankSettings) {
		t.Errorf("a wrong password: %v", err)
	}
	w.must(w.SetBank(ctx, "tbank", banks.Settings{banks.FieldURL: h.URL + "/v2/", "terminal": "OtherDEMO", "password": "q"}))
	w.scan(bread)
	w.must(w.StartQR(ctx))
	w.onScreen()
	if n := len(other.Payments("")); n != 1 {
		t.Fatalf("the other bank has %d payments", n)
	}
	w.must(w.bank.Pay(first, false))
	w.until("the parked one sold", func(v till.View) bool { return v.ParkedSold != nil })
	w.must(other.Pay(other.Payments("")[0].ID, false))
	w.until("sold", func(v till.View) bool { return v.Last != nil })
	w.must(w.SetBank(ctx, "", nil))
	if v := w.View(); v.Bank.Link != till.LinkOff {
		t.Errorf("with no bank: %+v", v.Bank)
	}
	w.must(w.StartReturn(ctx, back(sold, 0)))
	w.returned()
	w.goneBack(89_90)
	w.healthy(3)
}

// reconnected has the till work by what its settings name.
func (w *world) reconnected() {
	w.Helper()
	w.must(w.SignIn(w.Context(), ownerPIN))
	s := w.View().Settings.Clone()
	s.Printer.Address = w.addr
	w.must(w.SetSettings(w.Context(), s))
	w.must(w.SignIn(w.Context(), pin))
}

// The same contract with a new password is what a code may be waiting for.
func TestANewPasswordForTheSameBank(t *testing.T) {
	w := newWorld(t).staffed().working().banked()
	ctx := t.Context()
	w.reconnected()
	w.scan(milk)
	w.must(w.StartQR(ctx))
	w.onScreen()
	w.must(w.SignIn(ctx, ownerPIN))
	w.must(w.SetBank(ctx, "tbank", w.settings("TillDEMO")))
	empty := w.settings("TillDEMO")
	empty["password"] = "" // as it is
	w.must(w.SetBank(ctx, "tbank", empty))
	w.must(w.bank.Pay(w.bankID(), false))
	w.until("sold", func(v till.View) bool { return v.Last != nil })
	c, err := w.Connections(ctx)
	w.must(err)
	if c.Bank != "tbank" || c.Values["terminal"] != "TillDEMO" || c.Values["password"] != "" {
		t.Errorf("connected to %+v, %q", c, c.Values["terminal"])
	}
	if err := w.SetBank(ctx, "tbank", banks.Settings{}); !is(err, till.CodeBadSetting) {
		t.Errorf("no settings: %v", err)
	}
	if err := w.SetBank(ctx, "piggy", banks.Settings{}); !is(err, till.CodeBadSetting) {
		t.Errorf("no such bank: %v", err)
	}
}

// ring is a keyring for a test.
type ring struct {
	mu   sync.Mutex
	keys map[string]string
	gone bool
}

func (r *ring) Key(_ context.Context, name string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key, ok := r.keys[name]
	if !ok || r.gone {
		return "", errors.New("no such key")
	}
	return key, nil
}

func (r *ring) SetKey(_ context.Context, name, key string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gone {
		return errors.New("no keyring")
	}
	r.keys[name] = key
	return nil
}

func TestTheBanksSecretsAreKeptSealed(t *testing.T) {
	for _, c := range []struct {
		name string
		ring *ring
	}{
		{"with a keyring", &ring{keys: map[string]string{}}}, {"with one that does not answer", &ring{gone: true}}, {"with none", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			ctx := t.Context()
			var keys till.Keyring
			if c.ring != nil {
				keys = c.ring
			}
			values := banks.Settings{banks.FieldURL: w.url, "terminal": "TillDEMO", "password": "open-sesame"}
			w.must(till.SaveBank(ctx, w.store, keys, "tbank", values))
			config := till.Config{Keyring: keys}
			w.must(till.Connect(ctx, w.store, &config))
			if config.Payments == nil || !config.Direct || config.Setting == "" {
				t.Errorf("connected: %+v", config)
			}
			w.must(w.store.Close())
			files, err := filepath.Glob(filepath.Join(w.dir, "*"))
			w.must(err)
			for _, f := range files {
				if text, err := os.ReadFile(f); err == nil && strings.Contains(string(text), "open-sesame") {
					t.Errorf("%s holds the password", f)
				}
			}
			w.open()
			if c.ring == nil || c.ring.gone {
				return
			}
			c.ring.gone = true
			config = till.Config{Keyring: keys}
			w.must(till.Connect(ctx, w.store, &config))
			if config.Payments != nil || config.BankTrouble != till.CodeBankKey {
				t.Errorf("with no key: %+v", config.BankTrouble)
			}
		})
	}
}

// A till that was paired with a server makes new codes there; what its own bank was asked goes on there.
func TestATillThatWasPairedKeepsItsBankForWhatIsOpen(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.must(till.SaveBank(ctx, w.store, nil, "tbank", w.settings("TillDEMO")))
	var before till.Config
	w.must(till.Connect(ctx, w.store, &before))
	w.must(w.store.SetSecret(ctx, till.SecretServer, till.ServerSettings{URL: "https://kassa.example", Till: "t", Store: "s", Secret: "secret"}))
	var after till.Config
	w.must(till.Connect(ctx, w.store, &after))
	if after.Direct || after.Server == nil || after.Setting == before.Setting || after.Others[before.Setting] == nil {
		t.Errorf("connected by %q, before by %q, others %v", after.Setting, before.Setting, after.Others)
	}
	// Settings that cannot be used any more must not keep the till from selling.
	w.must(till.SaveBank(ctx, w.store, nil, "", nil))
	var none till.Config
	w.must(till.Connect(ctx, w.store, &none))
	if len(none.Others) != 0 {
		t.Errorf("kept, though nothing was begun with it: %v", none.Others)
	}
}
