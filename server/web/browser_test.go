//go:build browser

package web_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"kassa/banks"
	"kassa/banks/every"
	"kassa/server/pg"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

// TestPagesInABrowser logs in as an owner does and walks through every page, at a desk and on a phone: the styles must
// arrive, and nothing may be wider than the screen. With KASSA_PICTURES set to a directory, pictures are left there.
//
//	go test -tags browser -run Browser ./server/web
func TestPagesInABrowser(t *testing.T) {
	w := servertest.Start(t)
	w.Pair("Касса 2")
	w.WithBank()
	j := sell(t, w, 70)
	whole := &servertest.Journal{ID: "01935f3e-0000-7000-8000-000000000002"}
	d := whole.AddDay(t, w.Clock.Now().Add(-time.Hour))
	whole.AddSale(t, w.Clock.Now().Add(-26*time.Hour), 9) // with no fiscal document
	var ack wire.Ack
	w.Upload(w.Secret, whole, 0, int64(len(whole.Records))).Into(&ack)
	var waiting, paid, cancelled wire.Payment
	for i, p := range []*wire.Payment{&waiting, &paid, &cancelled} {
		n := wire.NewPayment{ID: uuid.Must(uuid.NewV7()).String(), Amount: int64(i+1) * 123_45, Purpose: fmt.Sprintf("Покупка %d", i+1),
			Expires: w.Clock.Now().Add(time.Hour)}
		w.Call(w.Secret, "POST", "/api/v1/payments", n).Into(p)
	}
	w.Call(w.Secret, "POST", "/api/v1/payments/"+cancelled.ID+"/cancel", nil)
	if err := w.Bank.Pay(paid.BankID, false); err != nil {
		t.Fatal(err)
	}
	for w.Call(w.Secret, "GET", "/api/v1/payments/"+paid.ID, nil).Into(&paid); paid.State != "paid"; {
		w.Clock.Move(time.Second)
		time.Sleep(20 * time.Millisecond)
		w.Call(w.Secret, "GET", "/api/v1/payments/"+paid.ID, nil).Into(&paid)
	}

	owner := shop{browser: newBrowser(t, w, "ru").login(), w: w}
	late := owner.late("Поздняя покупка")
	troubled := "/payments/" + late.ID
	other := compared(owner)

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "ru"),
		chromedp.UserDataDir(t.TempDir()))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	ctx, end := chromedp.NewContext(ctx)
	defer end()
	run(t, ctx) // the browser lives as long as the context of its first use
	ctx, giveUp := context.WithTimeout(ctx, 5*time.Minute)
	defer giveUp()

	pages := []struct{ name, path string }{
		{"front", "/"}, {"operations", "/operations"}, {"sale", "/operations/" + journalID + "/2"},
		{"aside", fmt.Sprintf("/operations/%s/%d", journalID, len(j.Records))}, {"payments", "/payments"},
		{"payment", "/payments/" + cancelled.ID}, {"pairing", "/pairing"}, {"revoke", "/tills/" + w.Till.Till + "/revoke"},
		{"missing", "/nowhere"}, {"returns", "/operations?kind=sale_return"},
		{"unfiscal", "/operations?unfiscal=1"},
		{"banks", "/banks"}, {"bank", "/banks/" + w.Shop.ID.String()}, {"bank-off", "/banks/" + w.Shop.ID.String() + "/off"},
		{"troubles", "/troubles"}, {"troubled", troubled}, {"refund", troubled + "/refund"}, {"mark", troubled + "/note"},
		{"close", "/troubles/close?kind=late&subject=" + late.ID}, {"reconciliation", "/reconciliation"}, {"bank-other", other},
	}
	for name, number := range map[string]int64{"discounts": d.Sale, "return": d.Return, "prepayment": d.Prepayment, "handed-over": d.Handed,
		"cash-out": d.CashOut, "removed": d.Removed, "closed": d.Closed, "fiscal": d.Fiscal, "no-fiscal": d.Closed + 1} {
		pages = append(pages, struct{ name, path string }{name, fmt.Sprintf("/operations/%s/%d", whole.ID, number)})
	}
	for _, a := range every.Banks() {
		pages = append(pages, struct{ name, path string }{"bank-" + a.Name, "/banks/" + w.Shop.ID.String() + "?bank=" + a.Name})
	}
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"desk", 1280, 860}, {"phone", 390, 844}} {
		run(t, ctx, chromedp.EmulateViewport(size.width, size.height), chromedp.Navigate(w.URL+"/login"))
		look(t, ctx, size.name+"-login")
		run(t, ctx,
			chromedp.SendKeys(chromedp.CSS(`input[name=login]`), servertest.Login),
			chromedp.SendKeys(chromedp.CSS(`input[name=password]`), servertest.Password),
			chromedp.Click(chromedp.CSS(`button.main`)), chromedp.WaitVisible(chromedp.CSS(`.tills`)))
		for _, p := range pages {
			run(t, ctx, chromedp.Navigate(w.URL+p.path))
			look(t, ctx, size.name+"-"+p.name)
		}
		run(t, ctx, chromedp.Navigate(w.URL+"/banks/"+w.Shop.ID.String()), chromedp.SendKeys(chromedp.CSS(`#password`), "wrong password"),
			chromedp.Click(chromedp.CSS(`button[value=save]`)), chromedp.WaitVisible(chromedp.CSS(`button[value=force]`)))
		look(t, ctx, size.name+"-bank-wrong")
		run(t, ctx, chromedp.Navigate(w.URL+troubled+"/refund"), chromedp.SendKeys(chromedp.CSS(`textarea`), "Покупатель ушёл без товара "+size.name),
			chromedp.SetValue(chromedp.CSS(`input[name=amount]`), "270"), chromedp.Click(chromedp.CSS(`button.main`)), chromedp.WaitVisible(chromedp.CSS(`.note.good`)))
		look(t, ctx, size.name+"-refunded")
		w.Clock.Move(time.Minute)
		run(t, ctx, chromedp.Navigate(w.URL+"/pairing"), chromedp.Click(chromedp.CSS(`button.main`)), chromedp.WaitVisible(chromedp.CSS(`.pairing-code`)))
		look(t, ctx, size.name+"-code")
		speak(t, ctx, "en")
		look(t, ctx, size.name+"-english")
		speak(t, ctx, "ru")
		run(t, ctx, chromedp.Click(chromedp.CSS(`button.plain`)), chromedp.WaitVisible(chromedp.CSS(`input[name=login]`)))
	}
}

// compared makes another store with a bank that has a registry, and compares two days: one when the bank answers and one when it
// does not. It gives the address of the store's bank.
func compared(s shop) string {
	s.t.Helper()
	another, err := s.w.Store.CreateStore(s.t.Context(), s.w.Clock.Now(), pg.NewStore{Account: s.w.Owner.Account, Name: "Магазин у вокзала"})
	s.ok(err)
	path := "/banks/" + another.ID.String()
	s.sendBank(path, s.get(path+"?bank=sber"), practice(s.t, s.w, "sber", nil)).expect(s.t, "Сохранено")
	bank, err := s.w.Store.CurrentBank(s.t.Context(), s.w.Key, another.Account, another.ID)
	s.ok(err)
	for _, day := range []string{"2026-11-20", "2026-11-21"} {
		s.do("POST", "/reconciliation", url.Values{"setting": {bank.ID.String()}, "day": {day}}).expect(s.t, "Готово")
		bank.Settings[banks.FieldURL] = "https://127.0.0.1:1/"
		bank.By = servertest.Login
		bank, err = s.w.Store.SetBank(s.t.Context(), s.w.Clock.Now(), s.w.Key, bank)
		s.ok(err)
	}
	return path
}

// stepLimit is how long a step may take: a click on a page that is being replaced can be lost, and then waits for ever.
const stepLimit = 20 * time.Second

// speak chooses a language, which draws the page anew.
func speak(t *testing.T, ctx context.Context, tag string) {
	t.Helper()
	run(t, ctx, chromedp.Click(chromedp.CSS(`.languages button[value=`+tag+`]`)),
		chromedp.WaitVisible(chromedp.CSS(`.languages button[value=`+tag+`][aria-pressed=true]`)))
}

func run(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if len(steps) > 0 {
		limited, cancel := context.WithTimeout(ctx, stepLimit)
		defer cancel()
		ctx = limited
	}
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func ask[T any](t *testing.T, ctx context.Context, question chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	answer, err := chromedp.Run(ctx, question)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// look checks the page that is shown, and takes its picture.
func look(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	wide := ask(t, ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`))
	styled := ask(t, ctx, chromedp.Evaluate[bool](`getComputedStyle(document.querySelector(".brand")).fontWeight >= 700`))
	// Of the screen alone: a browser without a GPU can hang when it is asked for the whole page.
	picture := ask(t, ctx, chromedp.CaptureScreenshot())
	if wide {
		t.Errorf("%s is wider than the screen", name)
	}
	if !styled {
		t.Errorf("%s came without its styles", name)
	}
	if dir := os.Getenv("KASSA_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
