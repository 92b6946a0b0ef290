package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks/tbank/tbanksim"
	"kassa/server/pg"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

// practiceBank runs a practice bank and gives the address of its API.
func practiceBank(t *testing.T, w *servertest.World) string {
	t.Helper()
	bank, err := tbanksim.New(tbanksim.Config{Terminal: "ShopDEMO", Password: "shop-secret", Clock: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	l := httptest.NewServer(bank.Handler())
	t.Cleanup(l.Close)
	return l.URL + "/v2/"
}

// bankForm is what an owner types into T-Bank's form.
func bankForm(address, password string) url.Values {
	return url.Values{"bank": {"tbank"}, "do": {"save"}, "field.url": {address}, "field.terminal": {"ShopDEMO"}, "field.password": {password}}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="(base|draft)" value="([^"]*)">`)

// send posts the form with the hidden fields of the page that it stands on.
func (b *browser) sendBank(path string, from result, form url.Values) result {
	b.t.Helper()
	for _, m := range hidden.FindAllStringSubmatch(from.text, -1) {
		form.Set(m[1], m[2])
	}
	return b.do("POST", path, form)
}

func (b *browser) current() pg.BankSetting {
	b.t.Helper()
	s, err := b.w.Store.CurrentBank(b.t.Context(), b.w.Key, b.w.Owner.Account, b.w.Shop.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func TestChooseABank(t *testing.T) {
	w := servertest.Start(t)
	address := practiceBank(t, w)
	b := newBrowser(t, w, "ru").login()
	path := "/banks/" + w.Shop.ID.String()
	b.get("/banks").expect(t, w.Shop.Name, "банк не выбран", `href="`+path+`"`)
	b.get(path).expect(t, "Выберите банк, с которым у магазина договор", "?bank=tbank", "Т-Банк")
	form := b.get(path + "?bank=tbank")
	form.expect(t, `name="field.terminal"`, `type="password"`, `<textarea id="ca"`)

	checked := b.sendBank(path, form, with(bankForm(address, "shop-secret"), "do", "check"))
	checked.expect(t, "Банк ответил и узнал магазин")
	checked.expectNot(t, "shop-secret")
	if _, err := w.Store.CurrentBank(t.Context(), w.Key, w.Owner.Account, w.Shop.ID); err == nil {
		t.Error("a check saved the settings")
	}
	// The password was typed for the check and need not be typed again.
	saved := b.sendBank(path, checked, bankForm(address, ""))
	saved.expect(t, "Сохранено. Новые платежи идут через Т-Банк", "Незавершённых платежей", servertest.Login)
	saved.expectNot(t, "shop-secret")
	s := b.current()
	if s.Settings["password"] != "shop-secret" || s.Settings["terminal"] != "ShopDEMO" || s.By != servertest.Login || !s.Created.Equal(w.Clock.Now()) {
		t.Errorf("saved: %v by %q at %v", s, s.By, s.Created)
	}
	if log := w.Log.String(); strings.Contains(log, "shop-secret") || !strings.Contains(log, "a store's bank was chosen") {
		t.Errorf("the log says:\n%s", log)
	}

	// What is left empty stays, unless it would go to another address.
	w.Clock.Move(time.Minute)
	b.sendBank(path, b.get(path), bankForm(address, "")).expect(t, "Сохранено")
	if again := b.current(); again.ID == s.ID || again.Settings["password"] != "shop-secret" {
		t.Errorf("saved again: %v", again)
	}
	b.sendBank(path, b.get(path), bankForm(practiceBank(t, w), "")).expect(t, "сохранённые секреты туда не отправлены")

	// Somebody else's change is not overwritten unseen.
	old := b.get(path)
	b.sendBank(path, old, bankForm(address, "")).expect(t, "Сохранено")
	b.sendBank(path, old, bankForm(address, "")).expect(t, "настройки изменил кто-то другой")
}

// with is a form with one field changed.
func with(form url.Values, name, value string) url.Values {
	form.Set(name, value)
	return form
}

func TestACheckSaysWhatIsWrong(t *testing.T) {
	w := servertest.Start(t)
	address := practiceBank(t, w)
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	foreign := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(foreign.Close)
	b := newBrowser(t, w, "ru").login()
	path := "/banks/" + w.Shop.ID.String()
	form := b.get(path + "?bank=tbank")
	for _, c := range []struct {
		name  string
		form  url.Values
		want  string
		force bool // it may be saved all the same
	}{
		{"a wrong password", bankForm(address, "guess"), "Банк не узнал магазин", true},
		{"no password", bankForm(address, ""), "Заполните поле", false},
		{"no terminal", with(bankForm(address, "shop-secret"), "field.terminal", " "), "Заполните поле", false},
		{"an address in the clear", bankForm("http://bank.example/v2/", "shop-secret"), "Адрес должен начинаться с https://", false},
		{"no address", bankForm("what", "shop-secret"), "Адрес должен начинаться с https://", false},
		{"no certificate", with(bankForm(address, "shop-secret"), "field.ca", "-----BEGIN"), "Здесь нет ни одного сертификата", false},
		{"nobody there", bankForm(gone.URL+"/v2/", "shop-secret"), "никто не отвечает", true},
		{"something else there", bankForm(page.URL+"/v2/", "shop-secret"), "не так, как этот банк", true},
		{"an unknown certificate", bankForm(foreign.URL+"/v2/", "shop-secret"), "не знает, кто выдал сертификат", true},
		{"no encryption", bankForm(strings.Replace(page.URL, "http:", "https:", 1)+"/v2/", "shop-secret"), "отвечают без шифрования", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := b.sendBank(path, form, c.form)
			answer.expect(t, c.want)
			answer.expectNot(t, "shop-secret")
			if forced := strings.Contains(answer.text, `value="force"`); forced != c.force {
				t.Errorf("saving without a check is offered: %v", forced)
			}
		})
	}
	if _, err := w.Store.CurrentBank(t.Context(), w.Key, w.Owner.Account, w.Shop.ID); err == nil {
		t.Fatal("something was saved")
	}
	// A bank that is down today can be chosen all the same.
	b.sendBank(path, form, with(bankForm(gone.URL+"/v2/", "shop-secret"), "do", "force")).expect(t, "Сохранено")
	for name, bad := range map[string]url.Values{"no such bank": with(bankForm(address, "x"), "bank", "piggy"), "no such button": with(bankForm(address, "x"), "do", "steal")} {
		if answer := b.sendBank(path, form, bad); answer.status != http.StatusBadRequest {
			t.Errorf("%s gives %d", name, answer.status)
		}
	}
	if answer := b.get(path + "?bank=piggy"); answer.status != http.StatusNotFound {
		t.Errorf("no such bank gives %d", answer.status)
	}
}

func TestOpenPaymentsStayWithTheirBank(t *testing.T) {
	w := servertest.Start(t).WithBank()
	var p wire.Payment
	n := wire.NewPayment{ID: uuid.Must(uuid.NewV7()).String(), Amount: 100_00, Purpose: "Покупка", Expires: w.Clock.Now().Add(time.Hour)}
	w.Call(w.Secret, "POST", "/api/v1/payments", n).Into(&p)
	b := newBrowser(t, w, "ru").login()
	path := "/banks/" + w.Shop.ID.String()
	before := b.current()
	page := b.get(path)
	page.expect(t, "1 незавершённый платёж останется в прежнем банке (Т-Банк, СБП)", "из командной строки")
	page.expectNot(t, "practice-secret")
	b.sendBank(path, page, bankForm(practiceBank(t, w), "shop-secret")).expect(t, "1 незавершённый платёж остался с прежними настройками (Т-Банк, СБП)")
	stored, err := w.Store.Payment(t.Context(), w.Owner.Account, uuid.MustParse(n.ID))
	if err != nil || stored.Setting != before.ID {
		t.Errorf("the payment is with %v, not %v: %v", stored.Setting, before.ID, err)
	}

	b.get(path+"/off").expect(t, "Новых платежей по QR в этом магазине не будет")
	if off := b.do("POST", path+"/off", nil); off.path != path || !strings.Contains(off.text, "Оплата по QR отключена.") {
		t.Errorf("taking the bank away led to %s:\n%s", off.path, off.text)
	}
	b.get(path).expect(t, "оплата по QR отключена", "банк не выбран")
	if page := b.get(path + "/off"); page.status != http.StatusNotFound {
		t.Errorf("a store without a bank: %d", page.status)
	}
}

func TestBanksOfOthers(t *testing.T) {
	w := servertest.Start(t).WithBank()
	path := "/banks/" + w.Shop.ID.String()
	anonymous := newBrowser(t, w, "ru")
	for _, p := range []string{"/banks", path, path + "/off"} {
		if page := anonymous.get(p); page.path != "/login" {
			t.Errorf("%s is shown to strangers", p)
		}
	}
	if _, err := w.Store.CreateOwner(t.Context(), w.Clock.Now(), pg.NewOwner{Login: "stranger", Password: servertest.Password, Store: "Elsewhere"}); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, w, "ru")
	b.do("POST", "/login", url.Values{"login": {"stranger"}, "password": {servertest.Password}})
	b.get("/banks").expectNot(t, w.Shop.Name)
	for _, p := range []string{path, path + "/off", "/banks/x"} {
		if page := b.get(p); page.status != http.StatusNotFound {
			t.Errorf("GET %s gives %d", p, page.status)
		}
	}
	for _, p := range []string{path, path + "/off"} {
		if page := b.do("POST", p, bankForm("https://thief.example/v2/", "x")); page.status != http.StatusNotFound {
			t.Errorf("POST %s gives %d", p, page.status)
		}
	}
	owner := newBrowser(t, w, "ru").login()
	if page := owner.do("POST", path+"/off", nil, "Sec-Fetch-Site", "cross-site"); page.status != http.StatusForbidden {
		t.Errorf("another site's form gives %d", page.status)
	}
	if got := owner.current(); got.By != "" {
		t.Errorf("the bank was changed: %v", got)
	}
}

// TestADraftIsBoundToItsForm: what is sealed into a form is of no use in another.
func TestADraftIsBoundToItsForm(t *testing.T) {
	w := servertest.Start(t)
	address := practiceBank(t, w)
	b := newBrowser(t, w, "ru").login()
	path := "/banks/" + w.Shop.ID.String()
	checked := b.sendBank(path, b.get(path+"?bank=tbank"), with(bankForm(address, "shop-secret"), "do", "check"))
	other, err := w.Store.CreateStore(t.Context(), w.Clock.Now(), pg.NewStore{Account: w.Owner.Account, Name: "Другой"})
	if err != nil {
		t.Fatal(err)
	}
	b.sendBank("/banks/"+other.ID.String(), checked, bankForm(address, "")).expect(t, "Заполните поле")
	w.Clock.Move(2 * time.Hour)
	b.sendBank(path, checked, bankForm(address, "")).expect(t, "Заполните поле")
}
