package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app"
	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank"
	"kassa/banks/tbank/tbanksim"
	"kassa/fiscal/models"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/register"
)

// The goods of the test shop.
var (
	milk   = register.Product{ID: "milk", Barcodes: []string{"4600000000011"}, Code: "11", Name: "Молоко 3,2 %", Group: "Молочное", Unit: register.Piece, Price: 59_90, VAT: register.VAT10}
	bread  = register.Product{ID: "bread", Barcodes: []string{"AB-12"}, Code: "12", Name: "Хлеб ржаной", Group: "Хлеб", Unit: register.Piece, Price: 45_50, VAT: register.VAT10}
	apples = register.Product{ID: "apples", Barcodes: []string{"4600000000035"}, Code: "13", Name: "Яблоки", Group: "Овощи", Unit: register.Kilogram, Price: 159_90, VAT: register.VAT10}
)

// counter is a till at work, with a cashier before it: a real database, a real window, and a bank over HTTP.
type counter struct {
	*apptest.Screen
	t    *testing.T
	till *till.Till
	bank *tbanksim.Bank
	url  string // of the bank
	*movedClock
}

// movedClock is the clock of the till and of its bank; it can be moved ahead.
type movedClock struct{ ahead atomic.Int64 }

func (c *movedClock) now() time.Time            { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *movedClock) moveAhead(d time.Duration) { c.ahead.Add(int64(d)) }

const (
	testPIN  = "2580" // of Иванова, a cashier
	ownerPIN = "9630"
)

// quickBank may be asked as often as one likes.
type quickBank struct{ banks.Bank }

func (b quickBank) Can() banks.Capabilities {
	can := b.Bank.Can()
	can.Poll = 5 * time.Millisecond
	return can
}

// world is what a counter stands in; the zero world has three goods, and the settings of a new till.
type world struct {
	goods    []register.Product
	settings func(*till.Settings)
	sound    func(app.Sound)
	refunds  time.Duration // how long the bank takes for a refund; next to no time when zero
}

// newCounter opens a till with nobody signed in.
func newCounter(t *testing.T) *counter {
	t.Helper()
	return newCounterIn(t, world{})
}

func newCounterIn(t *testing.T, in world) *counter {
	t.Helper()
	if in.goods == nil {
		in.goods = []register.Product{milk, bread, apples}
	}
	settings := till.DefaultSettings()
	settings.Shop = till.Shop{Name: "Ромашка", Till: "1"}
	if in.settings != nil {
		in.settings(&settings)
	}
	ctx, cancel := context.WithCancel(t.Context())
	store, err := localdb.Open(ctx, localdb.Options{Dir: t.TempDir()})
	fatal(t, err)
	t.Cleanup(func() { cancel(); _ = store.Close() })
	_, err = store.ImportGoods(ctx, func(yield func(register.Product, error) bool) {
		for _, p := range in.goods {
			if !yield(p, nil) {
				return
			}
		}
	}, nil)
	fatal(t, err)
	hash, err := till.HashPIN(testPIN)
	fatal(t, err)
	fatal(t, store.SetCashier(ctx, localdb.Cashier{ID: "c", Name: "Иванова", PINHash: hash, Role: localdb.RoleCashier}))
	hash, err = till.HashPIN(ownerPIN)
	fatal(t, err)
	fatal(t, store.SetCashier(ctx, localdb.Cashier{ID: "o", Name: "Ольга", PINHash: hash, Role: string(till.RoleOwner)}))

	clock := &movedClock{}
	in.refunds = max(in.refunds, 10*time.Millisecond)
	sim, err := tbanksim.New(tbanksim.Config{Terminal: "T", Password: "P", Clock: clock.now, RefundTime: in.refunds})
	fatal(t, err)
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	bank, err := tbank.New(tbank.Config{BaseURL: server.URL + "/v2/", Terminal: "T", Password: "P", Clock: clock.now})
	fatal(t, err)
	language, err := i18n.Load(i18n.Russian)
	fatal(t, err)
	tl, err := till.New(ctx, till.Config{
		Store: store, Language: language, Practice: true, Direct: true, Settings: &settings, Drivers: models.All(),
		Payments: till.NewDirectPayments(quickBank{bank}, clock.now), Now: clock.now,
		PracticePay: func(_ context.Context, id string) error {
			res, err := http.Post(server.URL+"/control/payments/"+id+"/pay", "", nil)
			if err == nil {
				res.Body.Close()
			}
			return err
		},
	})
	fatal(t, err)
	tl.Start(ctx)
	t.Cleanup(tl.Stop)
	s, err := apptest.Open(app.Deps{Till: tl, Language: "ru", Sound: in.sound}, 1280, 800)
	fatal(t, err)
	t.Cleanup(s.Close)
	return &counter{Screen: s, t: t, till: tl, bank: sim, url: server.URL + "/v2/", movedClock: clock}
}

// openCounter is a counter that is ready to sell.
func openCounter(t *testing.T) *counter {
	t.Helper()
	return openCounterIn(t, world{})
}

func openCounterIn(t *testing.T, in world) *counter {
	t.Helper()
	c := newCounterIn(t, in)
	c.Type(testPIN)
	c.press(fyne.KeyReturn)
	c.until("the shift to be closed", func(v till.View) bool { return v.Cashier != "" })
	c.press(fyne.KeyReturn)
	c.until("the shift to be open", func(v till.View) bool { return v.Shift.Open })
	return c
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *counter) press(keys ...fyne.KeyName) {
	c.t.Helper()
	for _, k := range keys {
		fatal(c.t, c.Press(k))
	}
}

func (c *counter) scan(code string) {
	c.t.Helper()
	c.Scan(code)
	fatal(c.t, c.Settle())
}

func (c *counter) until(what string, cond func(till.View) bool) {
	c.t.Helper()
	fatal(c.t, c.Until(what, func() bool {
		v := c.till.View()
		return cond(v) && c.Window.Draws(v) // the till tells of a change a moment after it
	}))
	fatal(c.t, c.Settle())
}

// lines are the receipt as barcode-free text: name and quantity.
func (c *counter) lines() []string {
	var out []string
	for _, l := range c.till.View().Lines {
		out = append(out, l.Name+" "+l.Quantity.String())
	}
	return out
}

func (c *counter) wantLines(want ...string) {
	c.t.Helper()
	if got := c.lines(); !slices.Equal(got, want) {
		c.t.Fatalf("the receipt has %q, want %q", got, want)
	}
}

func (c *counter) wantSays(parts ...string) {
	c.t.Helper()
	for _, p := range parts {
		if !c.Says(p) {
			c.t.Fatalf("the screen does not say %q but %q", p, c.Texts())
		}
	}
}

func (c *counter) sales() int64 { return c.till.View().Shift.Totals.Sales.Count }

// openPosed is a window over a till that stands still.
func openPosed(t testing.TB, p *posed) *apptest.Screen {
	t.Helper()
	return openPosedAt(t, p, func() time.Time { return noon })
}

func openPosedAt(t testing.TB, p *posed, now func() time.Time) *apptest.Screen {
	t.Helper()
	s, err := apptest.Open(app.Deps{Till: p, Language: "ru", Now: now}, 1280, 800)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}
