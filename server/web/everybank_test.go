package web_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/every/sims"
	"kassa/server/servertest"
)

// practice runs a practice bank and gives the form that an owner fills in for it.
func practice(t *testing.T, w *servertest.World, name string, values map[string]string) url.Values {
	t.Helper()
	sim, ok := sims.Sim(name)
	if !ok {
		t.Fatalf("no practice bank %q", name)
	}
	bank, err := sim.Open(banksim.Options{Clock: w.Clock.Now, Values: values})
	if err != nil {
		t.Fatal(err)
	}
	l := httptest.NewUnstartedServer(bank.Handler)
	if bank.TLS != nil {
		l.TLS = bank.TLS
		l.StartTLS()
	} else {
		l.Start()
	}
	t.Cleanup(l.Close)
	form := url.Values{"bank": {name}, "do": {"save"}, "field." + banks.FieldURL: {l.URL + bank.Path}}
	for field, value := range bank.Settings {
		form.Set("field."+field, strings.ReplaceAll(value, "\n", "\r\n")) // as browsers send a textarea
	}
	return form
}

// TestEveryBankIsChosenByItsForm fills in the form of every bank that there is, as the practice bank of that name wants it.
func TestEveryBankIsChosenByItsForm(t *testing.T) {
	w := servertest.Start(t)
	w.Clock.Move(time.Since(w.Clock.Now())) // certificates are held against the real time
	b := newBrowser(t, w, "en").login()
	path := "/banks/" + w.Shop.ID.String()
	for _, sim := range sims.Sims() {
		t.Run(sim.Name, func(t *testing.T) {
			form := practice(t, w, sim.Name, nil)
			page := b.get(path + "?bank=" + sim.Name)
			for name := range form {
				if strings.HasPrefix(name, "field.") && !strings.Contains(page.text, `name="`+name+`"`) {
					t.Errorf("the form has no %s", name)
				}
			}
			saved := b.sendBank(path, page, form)
			saved.expect(t, "Saved. New payments go through")
			stored := b.current()
			for name, values := range form {
				field, ok := strings.CutPrefix(name, "field.")
				if ok && stored.Settings[field] != strings.TrimSpace(strings.ReplaceAll(values[0], "\r\n", "\n")) {
					t.Errorf("%s is stored as it was not typed", field)
				}
				if ok && (strings.Contains(field, "password") || strings.Contains(field, "secret") || field == "private_key") && strings.Contains(saved.text, values[0]) {
					t.Errorf("%s is shown", field)
				}
			}
			if notified := strings.Contains(saved.text, w.URL+"/bank/"+stored.ID.String()); notified != (sim.Name != "qrpay") {
				t.Errorf("an address for notifications is shown: %v", notified)
			}
			if keyed := strings.Contains(saved.text, w.URL+"/.well-known/jwks.json"); keyed != (sim.Name == "qrpay") {
				t.Errorf("an address of keys is shown: %v", keyed)
			}
		})
	}
}

// TestPublicKeysArePublished: a provider that fetches our keys can check them before they are saved, and after.
func TestPublicKeysArePublished(t *testing.T) {
	w := servertest.Start(t)
	b := newBrowser(t, w, "ru").login()
	path := "/banks/" + w.Shop.ID.String()
	keys := func() int {
		t.Helper()
		var set struct{ Keys []map[string]string }
		page := b.get("/.well-known/jwks.json")
		if err := json.Unmarshal([]byte(page.text), &set); err != nil || page.header.Get("Content-Type") != "application/json" {
			t.Fatalf("the keys are %s, %v", page.text, err)
		}
		for _, key := range set.Keys {
			if key["d"] != "" || key["p"] != "" || key["n"] == "" {
				t.Errorf("published: %v", key)
			}
		}
		return len(set.Keys)
	}
	if n := keys(); n != 0 {
		t.Errorf("%d keys before there are any", n)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	form := practice(t, w, "qrpay", map[string]string{"jwks": w.URL + "/.well-known/jwks.json"})
	form.Set("field.private_key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	checked := b.sendBank(path, b.get(path+"?bank=qrpay"), with(form, "do", "check"))
	checked.expect(t, "Банк ответил и узнал магазин")
	checked.expectNot(t, "BEGIN PRIVATE KEY")
	form.Set("field.private_key", "")
	b.sendBank(path, checked, with(form, "do", "save")).expect(t, "Сохранено")
	if n := keys(); n != 1 {
		t.Errorf("%d keys after one was saved", n)
	}
	w.Clock.Move(time.Hour)
	if n := keys(); n != 1 {
		t.Errorf("%d keys an hour later", n)
	}
}

func TestADayIsComparedNow(t *testing.T) {
	w := servertest.Start(t)
	w.Clock.Move(time.Since(w.Clock.Now()))
	b := newBrowser(t, w, "ru").login()
	b.get("/reconciliation").expect(t, "не дают реестра", "Сверок пока не было")
	path := "/banks/" + w.Shop.ID.String()
	b.sendBank(path, b.get(path+"?bank=sber"), practice(t, w, "sber", nil)).expect(t, "Сохранено")
	b.get("/reconciliation").expect(t, "Сверить сейчас", w.Shop.Name+": Сбер")
	day := func(days int) string {
		return w.Clock.Now().In(w.Shop.Location()).AddDate(0, 0, days).Format(time.DateOnly)
	}
	form := url.Values{"setting": {b.current().ID.String()}, "day": {day(-1)}}
	done := b.do("POST", "/reconciliation", form)
	done.expect(t, "Готово", "всё сошлось", servertest.Login)
	if runs, err := w.Store.Reconciliations(t.Context(), w.Owner.Account, 10); err != nil || len(runs) != 1 || !runs[0].Done() || runs[0].By != servertest.Login {
		t.Errorf("compared: %+v, %v", runs, err)
	}
	if page := b.do("POST", "/reconciliation", with(form, "day", day(0))); page.status != 422 || !strings.Contains(page.text, "ещё не кончился") {
		t.Errorf("today: %d", page.status)
	}
	for _, bad := range []url.Values{{"setting": {"x"}, "day": {day(-1)}}, {"setting": {b.current().ID.String()}, "day": {"yesterday"}}} {
		if page := b.do("POST", "/reconciliation", bad); page.status != 400 {
			t.Errorf("%v gives %d", bad, page.status)
		}
	}
}
