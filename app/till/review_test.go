package till_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/banks/tbank/tbanksim"
	"kassa/localdb"
	"kassa/register"
)

func TestLeaveForOnePriceIsNotLeaveForAnother(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	w.scan(milk)
	w.must(w.leaveFor(till.RightPrice).SetPrice(ctx, 0, 80_00))
	if err := w.SetPrice(ctx, 0, 1_00); !is(err, till.CodeNotAllowed) {
		t.Errorf("a second price by leave for one: %v", err)
	}
	if v := w.View(); v.Total != 80_00 {
		t.Errorf("the receipt comes to %s", v.Total)
	}
}

func TestALeaveIsNotUsedUpByWhatDidNotHappen(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	w.choose(func(s *till.Settings) {
		s.Rights[till.RightRemove], s.Rights[till.RightDiscount], s.Rights[till.RightReturn] = till.RoleSenior, till.RoleSenior, till.RoleSenior
	})
	w.scan(milk)
	sold, err := w.PayCash(ctx, 100_00)
	w.must(err)
	order := till.ReturnOrder{Sale: sold.ID, Wants: []register.Want{{Line: 0, Quantity: register.One}}}
	w.scan(milk, bread)
	for _, c := range []struct {
		name    string
		right   till.Right
		in, out func() error
	}{
		{"a price", till.RightPrice, func() error { return w.SetPrice(ctx, 0, 0) }, func() error { return w.SetPrice(ctx, 0, 10_00) }},
		{"a discount", till.RightDiscount, func() error { return w.SetDiscount(ctx, register.Discount{Percent: 9900}) },
			func() error { return w.SetDiscount(ctx, register.Discount{Percent: 500}) }},
		{"a line", till.RightRemove, func() error { return w.Remove(ctx, 7) }, func() error { return w.Remove(ctx, 1) }},
		{"cash", till.RightCashOut, func() error { _, err := w.CashOut(ctx, 5000_00, ""); return err },
			func() error { _, err := w.CashOut(ctx, 1_00, ""); return err }},
	} {
		w.leaveFor(c.right)
		if err := c.in(); err == nil || is(err, till.CodeNotAllowed) {
			t.Errorf("%s that cannot be: %v", c.name, err)
		}
		if err := c.out(); err != nil {
			t.Errorf("%s, tried again: %v", c.name, err)
		}
		if err := c.out(); !is(err, till.CodeNotAllowed) && !is(err, till.CodeNoLine) {
			t.Errorf("%s, once more: %v", c.name, err)
		}
	}
	// What is asked for in a shift that is over does not happen either, and another cashier has no leave.
	w.must(w.Clear(ctx))
	_, err = w.CashIn(ctx, 1_00, "")
	w.must(err)
	_, err = w.CloseShift(ctx, nil)
	w.must(err)
	w.leaveFor(till.RightReturn)
	if _, err := w.Return(ctx, order); !is(err, till.CodeNoShift) {
		t.Errorf("goods back in no shift: %v", err)
	}
	w.must(w.OpenShift(ctx))
	if _, err := w.Return(ctx, order); err != nil {
		t.Errorf("goods back: %v", err)
	}
}

// ordered has a prepaid order of milk and bread with so much paid.
func (w *world) ordered(paid register.Money) till.Sold {
	w.Helper()
	w.scan(milk, bread)
	sold, err := w.Prepay(w.Context(), paid, till.Tender{Given: paid})
	w.must(err)
	return sold
}

func TestAnOrderBehindAParkedPaymentIsNotGivenTwice(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	order := w.ordered(50_00)
	w.must(w.HandOver(ctx, order.ID))
	w.must(w.Hold(ctx, "")) // the order once more, on hold
	w.must(w.HandOver(ctx, order.ID))
	w.must(w.StartQR(ctx))
	w.onScreen()
	if _, err := w.leaveFor(till.RightPrepaymentReturn).ReturnPrepayment(ctx, order.ID, 50_00, register.Cash, ""); !is(err, till.CodeCartNotEmpty) {
		t.Errorf("money back while the rest is being paid: %v", err)
	}
	w.must(w.ParkQR(ctx))
	if _, err := w.leaveFor(till.RightPrepaymentReturn).ReturnPrepayment(ctx, order.ID, 50_00, register.Cash, ""); !is(err, till.CodeQROpen) {
		t.Errorf("money back while the rest may be paid: %v", err)
	}
	if err := w.HandOver(ctx, order.ID); !is(err, till.CodeQROpen) {
		t.Errorf("handed over while the rest may be paid: %v", err)
	}
	w.must(w.Clear(ctx))
	held, err := w.Held(ctx)
	w.must(err)
	w.must(w.Unhold(ctx, held[0].ID))
	if _, err := w.PayCash(ctx, 1000_00); !is(err, till.CodeQROpen) {
		t.Errorf("sold while the rest may be paid: %v", err)
	}
	if err := w.StartQR(ctx); !is(err, till.CodeQROpen) {
		t.Errorf("a second code for the rest: %v", err)
	}
	w.must(w.bank.Pay(w.bankID(), false))
	w.until("the parked sale made", func(v till.View) bool { return v.ParkedSold != nil })
	if _, err := w.PayCash(ctx, 1000_00); !is(err, till.CodePrepaid) {
		t.Errorf("an order that was handed over: %v", err)
	}
	if err := w.StartQR(ctx); !is(err, till.CodePrepaid) {
		t.Errorf("a code for an order that was handed over: %v", err)
	}
	w.must(w.Clear(ctx))
	w.healthy(1)
}

func TestAnOrderThatChangedOnHoldIsToldSo(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	order := w.ordered(50_00)
	w.must(w.HandOver(ctx, order.ID))
	w.must(w.Hold(ctx, ""))
	_, err := w.leaveFor(till.RightPrepaymentReturn).ReturnPrepayment(ctx, order.ID, 10_00, register.Cash, "")
	w.must(err)
	held, err := w.Held(ctx)
	w.must(err)
	w.must(w.Unhold(ctx, held[0].ID))
	if _, err := w.PayCash(ctx, 1000_00); !is(err, till.CodePrepaid) {
		t.Errorf("an order with less money left: %v", err)
	}
	if err := w.StartQR(ctx); !is(err, till.CodePrepaid) {
		t.Errorf("a code for it: %v", err)
	}
	if v := w.View(); v.Frozen || len(v.Lines) != 2 {
		t.Errorf("the receipt: %+v", v)
	}
}

// banked has the till ask the practice bank by its settings, as a shop's does, so that a reconnect finds it again.
func (w *world) banked() *world {
	w.Helper()
	w.must(till.SaveBank(w.Context(), w.store, nil, "tbank", w.settings("TillDEMO")))
	return w
}

func TestAReconnectWhileACodeIsBeingMade(t *testing.T) {
	w := newWorld(t).staffed().working().banked()
	w.must(w.SignIn(t.Context(), ownerPIN))
	w.scan(milk)
	w.must(w.bank.Break(tbanksim.FaultPlan{Name: tbanksim.Slow, Times: 1, Method: "Init", Delay: 2 * time.Second}))
	w.must(w.StartQR(t.Context()))
	for len(w.bank.Payments("")) == 0 {
		runtime.Gosched()
	}
	s := w.View().Settings.Clone()
	s.Printer.Address = w.addr
	w.must(w.SetSettings(t.Context(), s))
	v := w.until("a code, or an end", func(v till.View) bool { return v.QR != nil && (v.QR.Payload != "" || v.QR.Done) })
	if v.QR.State == "failed" {
		t.Errorf("the payment was asked for twice: %+v", v.QR)
	}
	if n := len(w.bank.Payments("")); n != 1 {
		t.Errorf("the bank has %d payments", n)
	}
}

func TestSettingsThatChangeUnderACode(t *testing.T) {
	w := newWorld(t).staffed().working()
	w.scan(milk)
	w.must(w.StartQR(t.Context()))
	w.onScreen()
	w.choose(func(s *till.Settings) { s.VATOnTop = true })
	if v := w.View(); v.Due != v.QR.Amount {
		t.Errorf("the receipt shows %s and the code %s", v.Due, v.QR.Amount)
	}
	w.must(w.CancelQR(t.Context()))
	w.until("ended", func(v till.View) bool { return v.QR != nil && v.QR.Done })
	w.must(w.CloseQR(t.Context()))
	if v := w.View(); v.Total != 93_39 {
		t.Errorf("the receipt comes to %s by the new rules", v.Total)
	}
}

func TestTheLengthOfARemarkInTheHistory(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	for name, text := range map[string]string{"4 KB": strings.Repeat("я", 4096), "control characters": "a\x1b@"} {
		if err := w.leaveFor(till.RightDrawer).OpenDrawer(ctx, text); !is(err, till.CodeBadText) {
			t.Errorf("%s for the drawer: %v", name, err)
		}
		w.scan(milk)
		if err := w.Hold(ctx, text); !is(err, till.CodeBadName) {
			t.Errorf("%s on hold: %v", name, err)
		}
		w.must(w.Clear(ctx))
		w.must(w.SignIn(ctx, ownerPIN))
		if err := w.SaveMember(ctx, till.Member{Name: text, Role: till.RoleCashier}, "4321"); !is(err, till.CodeBadName) {
			t.Errorf("%s for a name: %v", name, err)
		}
		w.must(w.SignIn(ctx, pin))
	}
	w.must(w.leaveFor(till.RightDrawer).OpenDrawer(ctx, "размен"))
}

func TestScalesAndCards(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	five := 5 * register.One
	w.stocked(register.Product{Name: "Сыр", Code: "4626", Unit: register.Kilogram, Price: 749_00, VAT: register.VAT10, Stock: &five},
		register.Product{Name: "Булочки", Code: "00077", Unit: register.Piece, Price: 12_50, VAT: register.VAT10})
	w.choose(func(s *till.Settings) { s.Stock = till.StockForbid })
	_, err := w.SaveCustomer(ctx, register.Customer{Name: "Ирина", Card: ean("200462600000")})
	w.must(err)
	if got, err := w.Scan(ctx, ean("200462600000"), register.One); err != nil || got.Customer == nil {
		t.Errorf("a card that a scale's mask fits: %+v, %v", got, err)
	}
	got, err := w.Scan(ctx, ean("230007700004"), 3*register.One)
	w.must(err)
	if l := w.View().Lines[got.Line]; l.Quantity != 12*register.One {
		t.Errorf("three labels of four pieces are %s", l.Quantity)
	}
	got, err = w.Scan(ctx, ean("200462601000"), 2*register.One)
	w.must(err)
	if l := w.View().Lines[got.Line]; l.Quantity != 2*register.One {
		t.Errorf("two labels of a kilogram are %s", l.Quantity)
	}
	w.must(w.SetQuantity(ctx, got.Line, 3*register.One))
	if _, err := w.Repeat(ctx, got.Line); !is(err, till.CodeNoStock) {
		t.Errorf("three kilograms again, of five: %v", err)
	}
	w.must(w.SetQuantity(ctx, got.Line, 2400))
	if _, err := w.Repeat(ctx, got.Line); err != nil {
		t.Errorf("2.4 kg again, of five: %v", err)
	}
	if _, err := w.Repeat(ctx, got.Line); !is(err, till.CodeNoStock) {
		t.Errorf("2.4 kg a third time, of five: %v", err)
	}
}

// The disk failed while the sale of a paid code was written, and nobody knew that it was there.
func TestASaleByQRThatIsThereAlready(t *testing.T) {
	w := started(t)
	v := w.View()
	w.breakBank(tbanksim.HTTP503, 0, "")
	sale := register.Sale{Lines: v.Lines, Off: v.Off, Total: v.Total, Payments: []register.Payment{{Method: register.QR, Amount: v.Total, QRID: v.QR.ID}}}
	op, err := w.store.Commit(t.Context(), localdb.Entry{ID: "there-already", Kind: register.KindSale, Shift: v.Shift.Number, Cashier: "Анна", Body: sale, QRPayment: v.QR.ID})
	w.must(err)
	w.must(w.bank.Pay(w.bankID(), false))
	w.bank.Mend()
	v = w.until("sold", func(v till.View) bool { return v.QR == nil && v.Last != nil })
	if v.Last.Number != op.Number || v.Last.Total != 84_90 || v.Shift.Totals.Sales.QR != 84_90 {
		t.Errorf("sold %+v, totals %+v", v.Last, v.Shift.Totals)
	}
	w.healthy(1)
}

// A wrong PIN too many before the till was set up keeps the owner out for minutes, and not the setup on the screen.
func TestATillThatWasSetUpIsNotFresh(t *testing.T) {
	ctx := t.Context()
	store, err := localdb.Open(ctx, localdb.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	fresh, err := till.New(ctx, till.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := fresh.SignIn(ctx, "0000"); !is(err, till.CodeWrongPIN) {
			t.Fatal(err)
		}
	}
	if err := fresh.Found(ctx, "Ромашка", "Ольга", "12"); !is(err, till.CodeBadPIN) || !fresh.View().Fresh {
		t.Errorf("a PIN that is none: %v", err)
	}
	if err := fresh.Found(ctx, "Ромашка", "Ольга", ownerPIN); !is(err, till.CodeWait) {
		t.Errorf("set up: %v", err)
	}
	if v := fresh.View(); v.Fresh || v.Shop.Name != "Ромашка" {
		t.Errorf("set up, and shows %+v", v)
	}
}
