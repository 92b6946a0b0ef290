package till_test

import (
	"testing"
	"time"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/register"
)

// soldByQR sells goods by QR and gives the sale.
func (w *world) soldByQR(barcodes ...string) till.Sold {
	w.Helper()
	w.scan(barcodes...)
	w.must(w.StartQR(w.Context()))
	w.onScreen()
	w.must(w.bank.Pay(w.bankID(), false))
	v := w.until("sold", func(v till.View) bool { return v.Last != nil && v.Last.Method == register.QR })
	return *v.Last
}

// line asks for one piece of each of a sale's lines.
func back(sale till.Sold, lines ...int) till.ReturnOrder {
	r := till.ReturnOrder{Sale: sale.ID, Reason: "не подошло"}
	for _, l := range lines {
		r.Wants = append(r.Wants, register.Want{Line: l, Quantity: register.One})
	}
	return r
}

// returned waits until nothing is on its way back, and gives what was written last.
func (w *world) returned() till.Sold {
	w.Helper()
	v := w.until("returned", func(v till.View) bool { return v.Back == nil && len(v.Backs) == 0 })
	switch {
	case v.Last != nil && (v.BackDone == nil || v.Last.Number > v.BackDone.Number):
		return *v.Last
	case v.BackDone != nil:
		return *v.BackDone
	}
	w.Fatal("nothing was returned")
	return till.Sold{}
}

// goneBack is what the bank has given back of its only payment.
func (w *world) goneBack(want register.Money) {
	w.Helper()
	var sum register.Money
	for _, p := range w.bank.Payments("") {
		sum += p.Refunded
	}
	if sum != want {
		w.Errorf("the bank gave %s back, want %s", sum, want)
	}
}

// returns is how many returns are in the history, and what they come to.
func (w *world) returns(n int, sum register.Money) {
	w.Helper()
	ops, err := w.Find(w.Context(), till.Search{}, 0, 1000)
	w.must(err)
	var found int
	var total register.Money
	for _, o := range ops {
		if o.Kind == register.KindReturn || o.Kind == register.KindPrepaymentReturn {
			found++
			total += o.Total
		}
	}
	if found != n || total != sum {
		w.Errorf("%d returns of %s, want %d of %s", found, total, n, sum)
	}
}

func TestGoodsComeBackByQR(t *testing.T) {
	w := newWorld(t).working()
	ctx := t.Context()
	sale := w.soldByQR(milk, bread) // 84.90 + 89.90
	if _, err := w.Return(ctx, back(sale, 0)); !is(err, till.CodeReturnQR) {
		t.Errorf("as if it were cash: %v", err)
	}
	w.must(w.StartReturn(ctx, back(sale, 0)))
	if got := w.returned(); got.Total != 84_90 || got.Method != register.QR || got.Kind != register.KindReturn {
		t.Errorf("returned %+v", got)
	}
	w.goneBack(84_90)
	w.must(w.StartReturn(ctx, back(sale, 1)))
	w.returned()
	w.goneBack(174_80)
	w.returns(2, 174_80)
	if err := w.StartReturn(ctx, back(sale, 1)); !is(err, till.CodeReturned) {
		t.Errorf("once more: %v", err)
	}
	r, err := w.newest().Return()
	w.must(err)
	if p := r.Payments[0]; p.QRID == "" || p.BankID != w.bankID() || r.Reason != "не подошло" {
		t.Errorf("the return is %+v", r)
	}
	w.drawer(0)
	w.healthy(1)
}

func TestARefundInTheBackground(t *testing.T) {
	w := newWorld(t).working()
	ctx := t.Context()
	sale := w.soldByQR(milk, bread)
	w.must(w.bank.Break(tbanksim.FaultPlan{Name: tbanksim.HTTP503, Method: "Cancel"}))
	w.must(w.bank.Break(tbanksim.FaultPlan{Name: tbanksim.HTTP503, Method: "GetQrState"}))
	w.must(w.StartReturn(ctx, back(sale, 0)))
	v := w.until("told", func(v till.View) bool { return v.Back != nil && v.Back.Trouble != "" })
	if v.Back.State != till.BackSending || v.Back.Trouble != till.CodeBackWaiting || v.Back.Amount != 84_90 || len(v.Back.Lines) != 1 {
		t.Errorf("told %+v", v.Back)
	}
	for name, err := range map[string]error{
		"the same goods":  w.StartReturn(ctx, back(sale, 0)),
		"the other goods": w.StartReturn(ctx, back(sale, 1)),
		"dropped":         w.DropBack(ctx, v.Back.ID),
	} {
		if !is(err, till.CodeBackOpen) && !is(err, till.CodeNoBack) {
			t.Errorf("%s, while money is on its way: %v", name, err)
		}
	}
	if r, err := w.Returnable(ctx, sale.ID); err != nil || r.Back != v.Back.ID {
		t.Errorf("returnable: %+v, %v", r, err)
	}
	w.must(w.ParkBack(ctx))
	w.scan(bread)
	if v := w.View(); v.Back != nil || len(v.Backs) != 1 || v.Frozen {
		t.Errorf("parked: %+v", v)
	}
	w.bank.Mend()
	w.until("returned", func(v till.View) bool { return v.BackDone != nil && v.BackDone.Total == 84_90 && len(v.Backs) == 0 })
	if v := w.View(); len(v.Lines) != 1 {
		t.Errorf("the next buyer's receipt: %+v", v.Lines)
	}
	w.goneBack(84_90)
	w.returns(1, 84_90)
}

func TestARefundIsSentOnceWhateverHappensToItsAnswer(t *testing.T) {
	for _, f := range []tbanksim.Fault{tbanksim.AnswerLost, tbanksim.HTTP500After, tbanksim.Truncated, tbanksim.RequestLost, tbanksim.HTTP503} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).working()
			sale := w.soldByQR(milk, bread)
			w.breakBank(f, 1, "Cancel")
			w.must(w.StartReturn(t.Context(), back(sale, 0)))
			w.returned()
			w.goneBack(84_90)
			w.returns(1, 84_90)
			w.healthy(1)
		})
	}
}

func TestARefundThatTheBankDoesNotMake(t *testing.T) {
	for _, c := range []struct {
		name string
		plan tbanksim.FaultPlan
		want till.Code
	}{
		{"no money on the shop's balance", tbanksim.FaultPlan{Name: tbanksim.RefundNoBalance, Times: 1}, till.CodeBackBalance},
		{"the payer's bank does not take it", tbanksim.FaultPlan{Name: tbanksim.RefundFails, Times: 1}, till.CodeBackFailed},
		{"refused", tbanksim.FaultPlan{Name: tbanksim.Refuse, Method: "Cancel", Code: "3029", Times: 1}, till.CodeBackRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).working()
			ctx := t.Context()
			sale := w.soldByQR(milk)
			w.must(w.bank.Break(c.plan))
			w.must(w.StartReturn(ctx, back(sale, 0)))
			refused := func(v till.View) bool { return v.Back != nil && v.Back.State == till.BackRefused }
			v := w.until("refused", refused)
			if v.Back.Trouble != c.want {
				t.Errorf("told %+v, want %s", v.Back, c.want)
			}
			w.reopen()
			w.working()
			if v := w.View(); v.Back == nil || v.Back.State != till.BackRefused || v.Back.Trouble != c.want || !v.Back.Left {
				t.Fatalf("after a power cut: %+v", v.Back)
			}
			w.goneBack(0)
			w.must(w.DropBack(ctx, w.View().Back.ID))
			w.returns(0, 0)
			w.clock.move(2 * time.Hour)
			w.must(w.bank.Break(c.plan))
			w.must(w.StartReturn(ctx, back(sale, 0)))
			v = w.until("refused again", refused)
			w.clock.move(2 * time.Hour) // this bank bears one that fails in an hour
			w.must(w.RetryBack(ctx, v.Back.ID))
			w.returned()
			w.goneBack(84_90)
			w.returns(1, 84_90)
		})
	}
}

func TestARefundIsNotBegunWithoutTheBank(t *testing.T) {
	w := newWorld(t).working()
	sale := w.soldByQR(milk)
	w.breakBank(tbanksim.HTTP503, 0, "")
	if err := w.StartReturn(t.Context(), back(sale, 0)); !is(err, till.CodeBackOffline) {
		t.Errorf("begun: %v", err)
	}
	if open, err := w.store.OpenQRRefunds(t.Context()); err != nil || len(open) != 0 || w.View().Back != nil {
		t.Errorf("kept: %+v, %v", open, err)
	}
}

func TestMoneyThatWentBackInTheCabinet(t *testing.T) {
	w := newWorldWith(t, tbanksim.Config{AmountShrinks: true}).working() // so that it tells how much
	ctx := t.Context()
	sale := w.soldByQR(milk, bread)
	w.must(w.bank.Refund(w.bankID(), 89_90))
	order := back(sale, 1)
	if err := w.StartReturn(ctx, order); !is(err, till.CodeBackOutside) {
		t.Fatalf("not asked: %v", err)
	}
	order.Outside = till.OutsideCounts
	w.must(w.StartReturn(ctx, order))
	w.returned()
	w.goneBack(89_90)
	w.must(w.StartReturn(ctx, back(sale, 0)))
	w.returned()
	w.goneBack(174_80)
	w.returns(2, 174_80)
	w.healthy(1)
}

// A return is written in the shift that is open when the money has gone back.
func TestMoneyThatWentBackWaitsForAShift(t *testing.T) {
	w := newWorld(t).working()
	ctx := t.Context()
	sale := w.soldByQR(milk)
	w.must(w.bank.Break(tbanksim.FaultPlan{Name: tbanksim.HTTP503, Method: "Cancel"}))
	w.must(w.StartReturn(ctx, back(sale, 0)))
	w.until("told", func(v till.View) bool { return v.Back != nil && v.Back.Trouble != "" })
	_, err := w.CloseShift(ctx, nil)
	w.must(err)
	w.bank.Mend()
	w.until("gone back, and no shift", func(v till.View) bool { return v.Back.State == till.BackDone && v.Back.Trouble == till.CodeNoShift })
	w.must(w.OpenShift(ctx))
	w.returned()
	if v := w.View(); v.Shift.Number != 2 || v.Shift.Totals.Returns.QR != 84_90 {
		t.Errorf("the shift: %+v", v.Shift.Totals)
	}
	w.goneBack(84_90)
}

func TestAPrepaymentByQRAndBack(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	w.scan(milk, bread)
	if err := w.PrepayQR(ctx, 500_00); !is(err, till.CodePayment) {
		t.Errorf("more than the order: %v", err)
	}
	w.must(w.PrepayQR(ctx, 100_00))
	if q := w.onScreen(); q.Kind != register.KindPrepayment || q.Amount != 100_00 {
		t.Errorf("on the screen: %+v", q)
	}
	w.reopen() // a power cut with the code on the screen
	w.working()
	w.must(w.bank.Pay(w.bankID(), false))
	v := w.until("prepaid", func(v till.View) bool { return v.Last != nil })
	order := *v.Last
	if order.Kind != register.KindPrepayment || order.Total != 100_00 || len(v.Lines) != 0 {
		t.Fatalf("prepaid: %+v", order)
	}
	w.healthy(0)
	// A part of it goes back, the order is handed over, and the rest paid by QR; then all comes back.
	if _, err := w.leaveFor(till.RightPrepaymentReturn).ReturnPrepayment(ctx, order.ID, 30_00, register.Cash, ""); !is(err, till.CodeReturnQR) {
		t.Errorf("as if it were cash: %v", err)
	}
	w.must(w.StartPrepaymentReturn(ctx, till.PrepaymentReturnOrder{Prepayment: order.ID, Amount: 30_00}))
	w.returned()
	w.goneBack(30_00)
	w.must(w.HandOver(ctx, order.ID))
	w.must(w.StartQR(ctx))
	if q := w.onScreen(); q.Amount != 104_80 {
		t.Errorf("the rest is %s", q.Amount)
	}
	w.must(w.bank.Pay(w.bankID(), false))
	v = w.until("handed over", func(v till.View) bool { return v.Last != nil && v.Last.Kind == register.KindSale })
	sale := *v.Last
	w.must(w.StartReturn(ctx, back(sale, 0, 1)))
	if got := w.returned(); got.Total != 174_80 {
		t.Errorf("returned %+v", got)
	}
	w.goneBack(134_80)
	w.must(w.leaveFor(till.RightPrepaymentReturn).StartPrepaymentReturn(ctx, till.PrepaymentReturnOrder{Prepayment: order.ID, Amount: 70_00}))
	w.returned()
	w.goneBack(204_80)
	w.returns(3, 274_80)
	w.healthy(1)
}

// While prepaid money is on its way back the order is not handed over.
func TestAnOrderWhoseMoneyGoesBack(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	w.scan(milk)
	w.must(w.PrepayQR(ctx, 50_00))
	w.onScreen()
	w.must(w.bank.Pay(w.bankID(), false))
	order := *w.until("prepaid", func(v till.View) bool { return v.Last != nil }).Last
	w.must(w.HandOver(ctx, order.ID))
	w.must(w.Hold(ctx, ""))
	w.must(w.bank.Break(tbanksim.FaultPlan{Name: tbanksim.HTTP503, Method: "Cancel"}))
	w.must(w.leaveFor(till.RightPrepaymentReturn).StartPrepaymentReturn(ctx, till.PrepaymentReturnOrder{Prepayment: order.ID, Amount: 50_00}))
	if err := w.HandOver(ctx, order.ID); !is(err, till.CodeBackOpen) {
		t.Errorf("handed over: %v", err)
	}
	held, err := w.Held(ctx)
	w.must(err)
	w.must(w.Unhold(ctx, held[0].ID))
	if _, err := w.PayCash(ctx, 100_00); !is(err, till.CodeBackOpen) {
		t.Errorf("sold: %v", err)
	}
	w.must(w.Clear(ctx))
	w.bank.Mend()
	w.returned()
	w.goneBack(50_00)
	if err := w.HandOver(ctx, order.ID); !is(err, till.CodeNoPrepayment) {
		t.Errorf("handed over after all: %v", err)
	}
}

func TestRenewing(t *testing.T) {
	w := started(t)
	ctx := t.Context()
	first := w.View().QR.ID
	w.must(w.RenewQR(ctx))
	v := w.until("another code", func(v till.View) bool { return v.QR != nil && v.QR.ID != first && v.QR.Payload != "" })
	all := w.bank.Payments("")
	if len(all) != 2 || all[0].Status != "CANCELED" {
		t.Errorf("the bank has %+v", all)
	}
	// A code that has run out, in one key.
	w.clock.move(16 * time.Minute)
	w.until("ended", func(v till.View) bool { return v.QR != nil && v.QR.Done })
	w.must(w.RenewQR(ctx))
	third := w.until("a third code", func(n till.View) bool { return n.QR != nil && n.QR.ID != v.QR.ID && n.QR.Payload != "" })
	if !third.Frozen || len(third.Lines) != 1 {
		t.Errorf("the receipt: %+v", third)
	}
	// The buyer was faster than the cashier: there is no fourth.
	w.breakBank(tbanksim.HTTP503, 2, "GetState")
	w.must(w.bank.Pay(w.bankID(), false))
	w.must(w.RenewQR(ctx))
	w.until("sold", func(v till.View) bool { return v.Last != nil && v.QR == nil })
	if n := len(w.bank.Payments("")); n != 3 {
		t.Errorf("the bank has %d payments", n)
	}
	story, err := w.store.QRStory(ctx, first)
	w.must(err)
	if len(story) < 4 || story[len(story)-1].State != string(banks.StateCancelled) {
		t.Errorf("the story: %+v", story)
	}
	w.healthy(1)
}
