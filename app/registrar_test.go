package app_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/fiscal"
	"kassa/fiscal/atol/atolsim"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// device is a practice registrar of ATOL's, and where its service is.
func device(t *testing.T) (*atolsim.Server, string) {
	t.Helper()
	sim, err := atolsim.New(atolsim.Config{Login: "till", Password: "Practice-12345"})
	fatal(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- sim.Run(ctx) }()
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(func() { server.Close(); cancel(); <-done })
	return sim, server.URL
}

// connectRegistrar has the owner enter a registrar, with the password given.
func (c *counter) connectRegistrar(url, password string) {
	c.t.Helper()
	c.find("пробивает чеки")
	c.press(fyne.KeyReturn)
	c.choose("1")
	c.wantTop("registrar")
	for _, text := range []string{url, "till", password} {
		c.press(fyne.KeyReturn)
		c.Type(text)
		c.press(fyne.KeyReturn, fyne.KeyDown)
	}
	c.press(fyne.KeyF10)
}

// openFiscal is a till with a registrar, ready to sell.
func openFiscal(t *testing.T) (*counter, *atolsim.Server) {
	t.Helper()
	sim, url := device(t)
	c := openSettings(t)
	c.connectRegistrar(url, "Practice-12345")
	c.until("the registrar", func(v till.View) bool { return v.Fiscal.Configured && v.Fiscal.Link == till.LinkUp })
	c.press(fyne.KeyEscape, fyne.KeyEscape, fyne.KeyReturn) // the search, the settings
	c.until("the shift to be open", func(v till.View) bool { return v.Shift.Open })
	c.made()
	return c, sim
}

// made waits until nothing waits for the registrar.
func (c *counter) made() {
	c.t.Helper()
	c.until("the registrar to be done", func(v till.View) bool { return v.Fiscal.Waiting == 0 })
}

func TestAWrongPasswordOfTheRegistrarIsTold(t *testing.T) {
	_, url := device(t)
	c := openSettings(t)
	c.connectRegistrar(url, "Wrong-password-1")
	c.wantSays("Ничего не изменено")
	if c.till.View().Fiscal.Configured {
		t.Error("it is kept all the same")
	}
}

func TestASaleBecomesAReceiptThatIsSentToTheBuyer(t *testing.T) {
	c, sim := openFiscal(t)
	device := sim.Device()
	c.scan(milk.Barcodes[0])
	c.press(fyne.KeyReturn)
	c.wantSays("Чек на бумаге")
	c.press(fyne.KeyF5)
	c.Type("8 916 000-00-01")
	c.press(fyne.KeyReturn)
	c.until("the contact", func(v till.View) bool { return v.Contact == "+79160000001" })
	c.choose("2")
	c.until("no paper", func(v till.View) bool { return v.NoPaper })
	c.wantSays("Чек без бумаги: +79160000001")
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.until("the sale", func(v till.View) bool { return v.Last != nil })
	c.made()
	c.wantSays("чек пробит")
	all := device.Records()
	last := all[len(all)-1]
	if last.Kind != fiscal.Sale || last.Sum != milk.Price || last.Payments.Electronic != milk.Price ||
		last.Contact != "+79160000001" || !last.NoPaper {
		t.Fatalf("the registrar made %+v", all)
	}
	c.press(fyne.KeyF12)
	c.choose("6")
	c.wantTop("history")
	c.find("59,90")
	fatal(t, c.Until("the fiscal receipt beside the sale", func() bool { return c.Says("ФП") }))
}

func TestADeadRegistrarHoldsUpNoSale(t *testing.T) {
	c, sim := openFiscal(t)
	device := sim.Device()
	device.SetPower(false)
	for range 2 {
		c.scan(milk.Barcodes[0])
		c.press(fyne.KeyF10, fyne.KeyReturn)
		c.until("the sale", func(v till.View) bool { return v.Last != nil && len(v.Lines) == 0 })
		c.press(fyne.KeyReturn)
	}
	c.until("the trouble", func(v till.View) bool { return v.Fiscal.Trouble != "" && v.Fiscal.Waiting == 2 })
	c.wantSays("ждёт: 2")
	device.SetPower(true)
	fatal(t, c.till.RetryFiscal(t.Context(), ""))
	c.made()
	sales := 0
	for _, r := range device.Records() {
		if r.Kind == fiscal.Sale {
			sales++
		}
	}
	if sales != 2 {
		t.Errorf("%d receipts of two sales", sales)
	}
}

// What the device cannot tell, a person decides at the till, and the history keeps who.
func TestAPersonDecidesWhatTheRegistrarCannotTell(t *testing.T) {
	c, sim := openFiscal(t)
	device := sim.Device()
	fatal(t, device.Faults.Break(fnsim.Plan{Name: fnsim.PowerAfter, Times: 1, On: string(fiscal.Sale)}))
	c.scan(milk.Barcodes[0])
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.until("the sale", func(v till.View) bool { return v.Last != nil && v.Fiscal.Trouble != "" })
	sim.SetLockout(true) // a technician is at work: the fiscal storage is exchanged, and the service knows nothing any more
	device.SetPower(true)
	fatal(t, device.Resume())
	_, err := device.Make(t.Context(), fnsim.Document{Kind: fiscal.CloseShift})
	fatal(t, err)
	fatal(t, device.ReplaceFN("9999078902000999"))
	sim.Restart(false)
	sim.SetLockout(false)
	fatal(t, c.till.RetryFiscal(t.Context(), ""))
	c.until("the question", func(v till.View) bool { return v.Fiscal.Unclear == 1 })
	fatal(t, c.Tap("Регистратор"))
	c.press(fyne.KeyF8, fyne.KeyReturn)
	c.wantSays("Регистратор не может сказать")
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.until("the decision", func(v till.View) bool { return v.Fiscal.Unclear == 0 })
	found, err := c.till.Find(t.Context(), till.Search{Kinds: []register.Kind{register.KindFiscalDocument}}, 0, 1)
	fatal(t, err)
	d, err := found[0].FiscalDocument()
	if err != nil || d.Decided != "Ольга" || d.GivenUp {
		t.Errorf("the history keeps %+v, %v", d, err)
	}
}
