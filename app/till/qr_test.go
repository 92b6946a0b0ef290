package till_test

import (
	"strings"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/register"
)

func TestASaleByQR(t *testing.T) {
	w := newWorld(t).working()
	w.scan(milk, bread)
	w.must(w.StartQR(t.Context()))
	q := w.onScreen()
	if q.Amount != 17480 || q.State != banks.StateWaiting || !strings.Contains(q.Payload, "sum=17480") {
		t.Errorf("the screen shows %+v", q)
	}
	for name, do := range map[string]func() error{
		"scanning": func() error { _, err := w.Scan(t.Context(), milk, register.One); return err },
		"removing": func() error { return w.Remove(t.Context(), 0) },
		"clearing": func() error { return w.Clear(t.Context()) },
		"cash":     func() error { _, err := w.PayCash(t.Context(), 17480); return err },
		"a second": func() error { return w.StartQR(t.Context()) },
	} {
		if err := do(); !is(err, till.CodeFrozen) {
			t.Errorf("%s while a code is out: %v", name, err)
		}
	}
	if _, err := w.CloseShift(t.Context(), nil); !is(err, till.CodeQROpen) {
		t.Errorf("closing the shift while a code is out: %v", err)
	}
	w.must(w.PrintQR(t.Context()))
	if text := w.printed(1); !strings.Contains(text, "174,80") {
		t.Errorf("the code's slip:\n%s", text)
	}
	w.must(w.bank.Pay(w.bankID(), false))
	v := w.until("sold", func(v till.View) bool { return v.Last != nil })
	if v.QR != nil || len(v.Lines) != 0 || v.Last.Total != 17480 || v.Last.Method != register.QR {
		t.Errorf("after the payment: %+v", v)
	}
	ops, err := w.Find(t.Context(), till.Search{}, 0, 1)
	w.must(err)
	sale, err := ops[0].Sale()
	w.must(err)
	if p := sale.Payments[0]; p.QRID != q.ID || p.BankID != w.bankID() || p.Bank != "tbank" {
		t.Errorf("the payment in the journal is %+v", p)
	}
	if text := w.printed(2); !strings.Contains(text, "QR") {
		t.Errorf("the sale's slip:\n%s", text)
	}
	if _, err := w.CloseShift(t.Context(), nil); err != nil {
		t.Error(err)
	}
	w.healthy(1)
}

// started has a receipt and its code on the screen.
func started(t *testing.T) *world {
	t.Helper()
	w := newWorld(t).working()
	w.scan(milk)
	w.must(w.StartQR(t.Context()))
	w.onScreen()
	return w
}

// endsUnpaid waits for the payment's end and puts it away; the receipt must be free again, and nothing sold.
func (w *world) endsUnpaid(want banks.State) {
	w.Helper()
	v := w.until("ended unpaid", func(v till.View) bool { return v.QR != nil && v.QR.Done })
	if v.QR.State != want || v.QR.Payload != "" {
		w.Errorf("ended as %+v, want %s", v.QR, want)
	}
	w.must(w.CloseQR(w.Context()))
	v = w.View()
	if v.QR != nil || v.Frozen || len(v.Lines) == 0 {
		w.Errorf("the receipt is not free: %+v", v)
	}
	w.healthy(0)
}

func TestEndsWithoutMoney(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*world)
		want banks.State
	}{
		{"the cashier cancels", func(w *world) { w.must(w.CancelQR(w.Context())) }, banks.StateCancelled},
		{"the bank rejects", func(w *world) { w.must(w.bank.Reject(w.bankID())) }, banks.StateRejected},
		{"the bank's time is over", func(w *world) { w.must(w.bank.Expire(w.bankID())) }, banks.StateExpired},
		{"the buyer pays during the cancel", func(w *world) {
			w.breakBank(tbanksim.PaidDuringCancel, 1, "")
			w.must(w.CancelQR(w.Context()))
		}, banks.StateRefundPending},
		{"the cancel's answer is lost", func(w *world) {
			w.breakBank(tbanksim.AnswerLost, 1, "Cancel")
			w.must(w.CancelQR(w.Context()))
		}, banks.StateCancelled},
		{"the bank is away while the cashier cancels", func(w *world) {
			w.breakBank(tbanksim.HTTP503, 3, "")
			w.must(w.CancelQR(w.Context()))
		}, banks.StateCancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := started(t)
			c.do(w)
			w.endsUnpaid(c.want)
			// The next buyer pays by another code, or in cash.
			w.must(w.StartQR(t.Context()))
			w.onScreen()
			w.must(w.bank.Pay(w.bankID(), false))
			w.until("sold", func(v till.View) bool { return v.Last != nil })
			w.healthy(1)
		})
	}
}

func TestTheBuyerWasFaster(t *testing.T) {
	w := started(t)
	w.breakBank(tbanksim.HTTP503, 2, "GetState") // so that the till does not know of the payment when it cancels
	w.must(w.bank.Pay(w.bankID(), false))
	w.must(w.CancelQR(t.Context()))
	v := w.until("sold", func(v till.View) bool { return v.Last != nil })
	if v.QR != nil || v.Last.Total != 8490 {
		t.Errorf("after all: %+v", v)
	}
	if p := w.bank.Payments("")[0]; p.Refunded != 0 {
		t.Errorf("the bank gave %s back of a sale", p.Refunded)
	}
	w.healthy(1)
}

func TestTroubleWithTheBankIsToldAndEnds(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  tbanksim.Fault
		method string
		want   till.Code
	}{
		{"an error page", tbanksim.HTTP500, "GetState", till.CodeBankDown},
		{"no connection", tbanksim.RequestLost, "GetState", till.CodeBankDown},
		{"nonsense", tbanksim.Nonsense, "GetState", till.CodeBankDown},
		{"another sum", tbanksim.AmountDiffers, "GetState", till.CodeAmountDiffers},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := started(t)
			w.breakBank(c.fault, 0, c.method)
			v := w.until("told", func(v till.View) bool { return v.QR != nil && v.QR.Trouble != "" })
			if v.QR.Trouble != c.want || v.QR.State != banks.StateWaiting {
				t.Errorf("told %s in %s, want %s", v.QR.Trouble, v.QR.State, c.want)
			}
			w.must(w.bank.Pay(w.bankID(), false))
			w.bank.Mend()
			w.until("sold", func(v till.View) bool { return v.Last != nil })
			w.healthy(1)
		})
	}
}

func TestCreatingMeetsTrouble(t *testing.T) {
	for _, c := range []struct {
		name  string
		plan  tbanksim.FaultPlan
		state banks.State
		code  till.Code
	}{
		{"the bank refuses", tbanksim.FaultPlan{Name: tbanksim.Refuse, Method: "Init", Code: "202", Times: 1}, banks.StateFailed, till.CodeBankSettings},
		{"SBP is not connected", tbanksim.FaultPlan{Name: tbanksim.SBPOff, Times: 1}, banks.StateCancelled, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t).working()
			w.scan(milk)
			w.must(w.bank.Break(c.plan))
			w.must(w.StartQR(t.Context()))
			v := w.until("ended", func(v till.View) bool { return v.QR != nil && v.QR.Done })
			if v.QR.State != c.state && v.QR.State != banks.StateFailed || c.code != "" && v.QR.Trouble != c.code {
				t.Errorf("ended as %+v", v.QR)
			}
			w.must(w.CloseQR(t.Context()))
			w.healthy(0)
		})
	}
}

func TestALostAnswerNeverMakesTwoPayments(t *testing.T) {
	for _, f := range []tbanksim.Fault{tbanksim.AnswerLost, tbanksim.HTTP500After, tbanksim.Truncated} {
		t.Run(string(f), func(t *testing.T) {
			w := newWorld(t).working()
			w.scan(milk)
			w.breakBank(f, 1, "Init")
			w.must(w.StartQR(t.Context()))
			v := w.until("a code, or an end", func(v till.View) bool { return v.QR != nil && (v.QR.Payload != "" || v.QR.Done) })
			if v.QR.Done {
				w.endsUnpaid(banks.StateCancelled)
			}
			if n := len(w.bank.Payments("")); n != 1 {
				t.Errorf("the bank has %d payments", n)
			}
		})
	}
}

func TestACodeThatWasNeverSeenCanBeGivenUp(t *testing.T) {
	w := newWorld(t).working()
	w.scan(milk)
	w.breakBank(tbanksim.RequestLost, 0, "")
	w.must(w.StartQR(t.Context()))
	w.until("told", func(v till.View) bool { return v.QR != nil && v.QR.Trouble == till.CodeBankDown })
	w.must(w.CancelQR(t.Context()))
	w.until("given up", func(v till.View) bool { return v.QR.Done })
	w.must(w.CloseQR(t.Context()))
	if _, err := w.PayCash(t.Context(), 8490); err != nil {
		t.Errorf("cash does not go on: %v", err)
	}
	w.healthy(1)
}

func TestAfterAPowerCut(t *testing.T) {
	t.Run("paid while the till was off", func(t *testing.T) {
		w := started(t)
		w.close()
		w.must(w.bank.Pay(w.bankID(), false))
		w.open()
		w.until("sold", func(v till.View) bool { return v.Last != nil && v.Last.Total == 8490 })
		w.healthy(1)
	})
	t.Run("still waiting", func(t *testing.T) {
		w := started(t)
		w.reopen()
		v := w.until("on the screen again", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
		if !v.QR.Left || !v.Frozen || len(v.Lines) != 1 {
			t.Errorf("after the cut: %+v, QR %+v", v, v.QR)
		}
		w.must(w.CancelQR(t.Context()))
		w.endsUnpaid(banks.StateCancelled)
		w.reopen()
		if v := w.View(); v.QR != nil || len(v.Lines) != 1 {
			t.Errorf("what was put away is back, or the receipt is gone: %+v", v)
		}
	})
}

func TestTimeRunsOut(t *testing.T) {
	w := started(t)
	w.clock.move(16 * time.Minute)
	v := w.until("ended", func(v till.View) bool { return v.QR != nil && v.QR.Done })
	if v.QR.State != banks.StateExpired && v.QR.State != banks.StateCancelled {
		t.Errorf("ended as %s", v.QR.State)
	}
	w.healthy(0)
}

func TestParking(t *testing.T) {
	w := started(t)
	parked := w.bankID()
	w.must(w.ParkQR(t.Context()))
	w.scan(bread)
	if _, err := w.PayCash(t.Context(), 8990); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CloseShift(t.Context(), nil); !is(err, till.CodeQROpen) {
		t.Errorf("closing over a parked payment: %v", err)
	}
	w.scan(bread)
	if err := w.ResumeQR(t.Context(), w.View().Parked[0].ID); !is(err, till.CodeCartNotEmpty) {
		t.Errorf("resuming over a receipt: %v", err)
	}
	w.must(w.bank.Pay(parked, false))
	v := w.until("the parked sale made", func(v till.View) bool { return v.ParkedSold != nil })
	if len(v.Parked) != 0 || len(v.Lines) != 1 || v.ParkedSold.Total != 8490 {
		t.Errorf("after the parked sale: %+v", v)
	}
	w.healthy(2)
}

// A code was out when the line to the bank broke, for days: the shift must come to its end all the same, and the money
// that the buyer paid must become a sale when the till hears of it.
func TestAShiftEndsOverAPaymentThatNobodyCanAskAbout(t *testing.T) {
	w := started(t)
	w.breakBank(tbanksim.HTTP503, 0, "")
	w.must(w.bank.Pay(w.bankID(), false))
	w.must(w.ParkQR(t.Context()))
	if _, err := w.CloseShift(t.Context(), nil); !is(err, till.CodeQROpen) {
		t.Errorf("closing while the code can still be paid: %v", err)
	}
	w.clock.move(16 * time.Minute)
	if _, err := w.CloseShift(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	w.bank.Mend()
	w.until("paid, and no shift to sell in", func(v till.View) bool { return len(v.Parked) == 1 && v.Parked[0].Trouble == till.CodeNoShift })
	w.healthy(0)
	w.must(w.OpenShift(t.Context()))
	v := w.until("sold", func(v till.View) bool { return v.ParkedSold != nil })
	if v.Shift.Number != 2 || v.Shift.Totals.Sales.QR != 8490 || len(v.Parked) != 0 {
		t.Errorf("after the sale: %+v", v)
	}
	w.healthy(1)
}

func TestAParkedPaymentSurvivesAPowerCut(t *testing.T) {
	w := started(t)
	id := w.View().QR.ID
	w.must(w.ParkQR(t.Context()))
	w.reopen()
	w.working()
	if v := w.View(); v.QR == nil || v.QR.ID != id {
		t.Fatalf("with nothing else begun it comes back to the screen: %+v", v)
	}
	w.must(w.ParkQR(t.Context()))
	w.must(w.ResumeQR(t.Context(), id))
	w.must(w.bank.Pay(w.bankID(), false))
	w.until("sold", func(v till.View) bool { return v.Last != nil })
	w.healthy(1)
}
