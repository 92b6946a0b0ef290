package tbank_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/banktest"
	"kassa/banks/tbank"
	"kassa/banks/tbank/tbanksim"
)

// TestAdapterAndSimulatorFitEachOther opens both by their descriptions alone, as the programs do.
func TestAdapterAndSimulatorFitEachOther(t *testing.T) {
	c := banktest.NewClock()
	adapter, sim := tbank.Adapter(), tbanksim.Sim()
	notices := make(chan []byte, 1)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, "OK")
		notices <- body
	}))
	defer shop.Close()
	practice, err := sim.Open(banksim.Options{Clock: c.Now, Values: map[string]string{"notify": shop.URL}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(practice.Handler)
	defer server.Close()
	practice.Settings[banks.FieldURL] = server.URL + practice.Path
	settings, err := adapter.Check(practice.Settings)
	if err != nil {
		t.Fatal(err)
	}
	bank, err := adapter.Open(settings, banks.Options{Clock: c.Now, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if err := bank.Check(t.Context()); err != nil || bank.Name() != adapter.Name || sim.Name != adapter.Name {
		t.Fatalf("%s, %s, %s: %v", bank.Name(), adapter.Name, sim.Name, err)
	}
	a, r := attempt(t, bank)
	if a, err = banks.Create(t.Context(), bank, a, r); err != nil {
		t.Fatal(err)
	}
	go func() { _ = practice.Run(t.Context()) }()
	res, err := http.Post(server.URL+"/control/payments/"+a.BankID+"/pay", "", nil)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", res, err)
	}
	_ = res.Body.Close()
	n, err := bank.(banks.Notified).Notice(nil, <-notices)
	if err != nil || n.ID != a.ID || n.BankID != a.BankID {
		t.Errorf("%+v, %v", n, err)
	}
	if held := practice.Held(); len(held) != 1 || !held[0].Paid || held[0].ID != a.ID || held[0].BankID != a.BankID || held[0].Amount != a.Amount {
		t.Errorf("%+v", held)
	}
}

func TestAdapterRefusesBadSettings(t *testing.T) {
	for name, s := range map[string]banks.Settings{
		"nothing":           {},
		"no address":        {"terminal": "1", "password": "p"},
		"another address":   {"terminal": "1", "password": "p", banks.FieldURL: "http://bank.example/"},
		"no certificate":    {"terminal": "1", "password": "p", banks.FieldURL: tbank.Production, banks.FieldCA: "x"},
		"of another bank's": {"key": "k", banks.FieldURL: tbank.Production},
	} {
		if b, err := tbank.Adapter().Open(s, banks.Options{}); b != nil || !errors.Is(err, banks.ErrSettings) {
			t.Errorf("%s: %v, %v", name, b, err)
		}
	}
	if b, err := tbanksim.Sim().Open(banksim.Options{Values: map[string]string{"password": ""}}); b != nil || err == nil {
		t.Errorf("a practice bank without a password: %v, %v", b, err)
	}
}

// TestFieldsSayWhatTheyAre holds that an owner can read every field in both languages, and that the secret is one.
func TestFieldsSayWhatTheyAre(t *testing.T) {
	names := map[string]bool{}
	for _, f := range tbank.Adapter().Fields {
		names[f.Name] = true
		if f.Label.Ru == "" || f.Label.En == "" || f.Hint.Ru == "" || f.Hint.En == "" || f.Secret != (f.Name == "password") {
			t.Errorf("%+v", f)
		}
	}
	if !names[banks.FieldURL] || !names[banks.FieldCA] {
		t.Errorf("%v", names)
	}
}
