package app_test

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app"
	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

// forBuyer is a view of a shop that has a second window.
func forBuyer(v till.View) till.View {
	s := v.Settings.Clone()
	s.BuyerWindow = true
	v.Settings = &s
	return v
}

// TestTheBuyerSees draws the buyer's window in every state; with KASSA_STORYBOOK the pictures are left there.
func TestTheBuyerSees(t *testing.T) {
	sold, order := standing(), withBasket(3)
	sold.Last = &till.Sold{Kind: register.KindSale, Number: 9, Receipt: 119, Total: 864_15, Method: register.Cash, Given: 1000_00, Change: 135_85}
	order.Due = order.Total - 100_00
	long := withBasket(16)
	long.Total, long.Due = register.MaxMoney, register.MaxMoney
	for _, c := range []struct {
		name string
		view till.View
	}{
		{"welcome", standing()}, {"receipt", withBasket(5)}, {"receipt-long", long}, {"order", order}, {"code", withQR(func(*till.QR) {})}, {"thanks", sold},
		{"code-prepayment", withQR(func(q *till.QR) { q.Kind, q.Amount = register.KindPrepayment, 99_999_999_99 })},
		{"code-soon", withQR(func(q *till.QR) { q.State = banks.StateCreating })}, {"processing", withQR(func(q *till.QR) { q.State = banks.StateProcessing })},
		{"paid", withQR(func(q *till.QR) { q.State = banks.StatePaid })}, {"expired", withQR(func(q *till.QR) { q.State, q.Done = banks.StateExpired, true })},
		{"back", goingBackNow(till.BackPending, nil)}, {"back-done", goingBackNow(till.BackDone, nil)}, {"back-refused", goingBackNow(till.BackRefused, nil)},
		{"returned", soldAs(register.KindReturn, register.Payment{Method: register.QR, Amount: 364_15, QRID: "x"})},
		{"returned-cash", soldAs(register.KindReturn, register.Payment{Method: register.Cash, Amount: 364_15})},
		{"prepaid", soldAs(register.KindPrepayment, register.Payment{Method: register.QR, Amount: 364_15, QRID: "x"})},
	} {
		for _, look := range []string{"light-ru", "dark-en"} {
			t.Run(c.name+"-"+look, func(t *testing.T) {
				s, err := apptest.Open(app.Deps{Till: &posed{view: forBuyer(c.view), goods: shelf()}, Now: func() time.Time { return noon }, Language: look[len(look)-2:]}, 1280, 800)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				if look == "dark-en" {
					s.Window.SetDark(true)
				}
				b := s.Window.Buyer()
				if b == nil {
					t.Fatal("there is no second window")
				}
				b.Resize(fyne.NewSize(800, 600))
				if least := b.Canvas().Content().MinSize(); least.Width > 800 || least.Height > 600 {
					t.Errorf("it needs %v", least)
				}
				folder := os.Getenv("KASSA_STORYBOOK")
				if folder == "" {
					return
				}
				f, err := os.Create(filepath.Join(folder, "buyer-"+c.name+"-"+look+".png"))
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				if err := png.Encode(f, b.Canvas().Capture()); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}
