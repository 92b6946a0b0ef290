package till_test

import (
	"testing"
	"time"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/register"
)

// putAway has a code cancelled and put away; the receipt is on the screen again.
func (w *world) putAway() (bankID string) {
	w.Helper()
	w.must(w.CancelQR(w.Context()))
	w.until("ended", func(v till.View) bool { return v.QR != nil && v.QR.Done })
	w.must(w.CloseQR(w.Context()))
	return w.bankID()
}

// late has the bank take the money for a code that was put away, and waits until the till shows it.
func (w *world) late(bankID string) till.Late {
	w.Helper()
	w.must(w.bank.Pay(bankID, true))
	w.clock.move(2 * time.Minute)
	w.SyncNow()
	return w.until("late money", func(v till.View) bool { return len(v.Late) == 1 && v.Late[0].State == banks.StatePaid }).Late[0]
}

func (w *world) noLate() {
	w.Helper()
	w.until("no late money", func(v till.View) bool { return len(v.Late) == 0 })
	if open, err := w.store.AwayQRPayments(w.Context(), 0, nil); err != nil || len(open) != 0 {
		w.Errorf("still watched: %+v, %v", open, err)
	}
}

func TestLateMoneyBecomesTheSale(t *testing.T) {
	w := started(t)
	ctx := t.Context()
	l := w.late(w.putAway())
	if l.Amount != 84_90 || l.Left != 84_90 || l.SameSold || !l.CanFinish() || len(l.Lines) != 1 || l.Kind != register.KindSale {
		t.Errorf("late: %+v", l)
	}
	w.reopen()
	w.until("late money after a power cut", func(v till.View) bool { return len(v.Late) == 1 && v.Late[0].At.Sub(l.At).Abs() < time.Second })
	if _, err := w.FinishLate(ctx, l.ID); !is(err, till.CodeNotSignedIn) {
		t.Errorf("by nobody: %v", err)
	}
	w.working()
	if len(w.View().Lines) != 1 {
		t.Error("the receipt is not on the screen")
	}
	sold, err := w.FinishLate(ctx, l.ID)
	w.must(err)
	if v := w.View(); sold.Total != 84_90 || len(v.Lines) != 0 || len(v.Late) != 0 || v.Last == nil {
		t.Errorf("sold %+v, and the screen shows %+v", sold, v)
	}
	if _, err := w.FinishLate(ctx, l.ID); !is(err, till.CodeNoLate) {
		t.Errorf("twice: %v", err)
	}
	w.noLate()
	w.healthy(1)
}

func TestLateMoneyGoesBack(t *testing.T) {
	for _, f := range []tbanksim.Fault{"", tbanksim.AnswerLost, tbanksim.RequestLost, tbanksim.RefundNoBalance} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			w := started(t)
			ctx := t.Context()
			l := w.late(w.putAway())
			if f != "" {
				w.breakBank(f, 1, "Cancel")
			}
			w.must(w.RefundLate(ctx, l.ID))
			if f == tbanksim.RefundNoBalance {
				w.until("told", func(v till.View) bool {
					return v.Late[0].State == banks.StatePaid && v.Late[0].Trouble == till.CodeBackBalance
				})
				w.must(w.RefundLate(ctx, l.ID))
			}
			if f == tbanksim.RequestLost || f == tbanksim.AnswerLost {
				w.until("under way", func(v till.View) bool { return len(v.Late) == 0 || v.Late[0].State == banks.StateRefundPending })
				w.reopen()
				w.working()
			}
			for range 40 { // the till asks with pauses; the cashier does not wait for them
				w.clock.move(10 * time.Second)
				w.SyncNow()
				time.Sleep(20 * time.Millisecond)
			}
			w.noLate()
			w.goneBack(84_90)
			w.healthy(0)
			// There was no sale, and the receipt goes on.
			if _, err := w.PayCash(ctx, 100_00); err != nil {
				t.Error(err)
			}
		})
	}
}

// The owner was faster: the money is gone before the cashier decides.
func TestLateMoneyThatSomebodyElseGaveBack(t *testing.T) {
	w := started(t)
	l := w.late(w.putAway())
	w.must(w.bank.Refund(w.bankID(), 84_90))
	if _, err := w.FinishLate(t.Context(), l.ID); !is(err, till.CodeNoLate) {
		t.Errorf("sold: %v", err)
	}
	w.noLate()
	w.goneBack(84_90)
	w.healthy(0)
}

// The receipt was sold otherwise: what comes late is a second payment of it.
func TestADoublePaymentCanOnlyGoBack(t *testing.T) {
	for name, pay := range map[string]func(*world){
		"in cash": func(w *world) { _, err := w.PayCash(w.Context(), 100_00); w.must(err) },
		"by another code": func(w *world) {
			w.must(w.StartQR(w.Context()))
			w.onScreen()
			w.must(w.bank.Pay(w.bankID(), false))
			w.until("sold", func(v till.View) bool { return v.Last != nil })
		},
	} {
		for _, before := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := started(t)
				ctx := t.Context()
				first := w.putAway()
				if before {
					w.late(first)
				}
				pay(w)
				if !before {
					w.late(first)
				}
				l := w.until("a double payment", func(v till.View) bool { return len(v.Late) == 1 && v.Late[0].SameSold }).Late[0]
				if _, err := w.FinishLate(ctx, l.ID); !is(err, till.CodeLateSold) || l.CanFinish() || !l.CanRefund() {
					t.Errorf("sold twice: %v, %+v", err, l)
				}
				w.must(w.RefundLate(ctx, l.ID))
				w.until("gone back", func(v till.View) bool { w.clock.move(10 * time.Second); w.SyncNow(); return len(v.Late) == 0 })
				w.goneBack(84_90)
				w.healthy(1)
			})
		}
	}
}

// While another code of the same receipt is open the late one is no sale yet: both would be one.
func TestLateMoneyBesideAnOpenCode(t *testing.T) {
	w := started(t)
	first := w.putAway()
	w.must(w.StartQR(t.Context()))
	w.onScreen()
	l := w.late(first)
	if _, err := w.FinishLate(t.Context(), l.ID); !is(err, till.CodeQROpen) {
		t.Errorf("sold: %v", err)
	}
	w.putAway()
	_, err := w.FinishLate(t.Context(), l.ID)
	w.must(err)
	w.healthy(1)
}

// A code that nobody has ever seen was given up while the bank was away: when it can be asked, it is closed.
func TestACodeThatWasGivenUpIsClosed(t *testing.T) {
	w := newWorld(t).working()
	w.scan(milk)
	w.breakBank(tbanksim.AnswerLost, 1, "Init")
	w.breakBank(tbanksim.HTTP503, 0, "CheckOrder")
	w.must(w.StartQR(t.Context()))
	w.until("told", func(v till.View) bool { return v.QR != nil && v.QR.Trouble == till.CodeBankDown })
	w.must(w.CancelQR(t.Context()))
	w.until("given up", func(v till.View) bool { return v.QR.Done })
	w.must(w.CloseQR(t.Context()))
	w.bank.Mend()
	w.SyncNow()
	w.until("closed", func(v till.View) bool {
		w.SyncNow()
		all := w.bank.Payments("")
		return len(all) == 1 && all[0].Status == "CANCELED"
	})
	w.healthy(0)
}
