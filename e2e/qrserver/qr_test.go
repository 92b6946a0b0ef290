package qrserver_test

import (
	"testing"
	"time"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
)

func TestGoodsComeBackInParts(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	sale := s.sold(milk, bread)
	s.books(1, 174_80)
	s.must(s.StartReturn(ctx, back(sale, 0)))
	s.returned()
	s.books(1, 89_90)
	s.must(s.StartReturn(ctx, back(sale, 1)))
	s.returned()
	s.books(1, 0)
}

func TestARefundGoesOnAfterTheLineWasCut(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	sale := s.sold(milk, bread)
	s.cut.Store(true)
	if err := s.StartReturn(ctx, back(sale, 0)); !is(err, till.CodeBackOffline) {
		t.Errorf("begun with no line: %v", err)
	}
	s.cut.Store(false)
	s.must(s.server.Bank.Break(tbanksim.FaultPlan{Name: tbanksim.HTTP503, Method: "Cancel"}))
	s.must(s.StartReturn(ctx, back(sale, 0)))
	s.until("begun", func(v till.View) bool { return v.Back != nil })
	s.cut.Store(true)
	s.until("told", func(v till.View) bool { return v.Back.Trouble == till.CodeBackWaiting })
	s.reopen()
	s.until("told after a power cut", func(v till.View) bool { return v.Back != nil && v.Back.Left && v.Back.Trouble == till.CodeBackWaiting })
	s.server.Bank.Mend()
	s.cut.Store(false)
	for range 20 {
		s.server.Clock.Move(time.Minute)
		time.Sleep(20 * time.Millisecond)
	}
	s.returned()
	s.books(1, 89_90)
}

func TestARefundThatFailsIsToldAndTriedAgain(t *testing.T) {
	for _, c := range []struct {
		fault tbanksim.Fault
		want  till.Code
	}{
		{tbanksim.RefundFails, till.CodeBackFailed}, {tbanksim.RefundNoBalance, till.CodeBackFailed},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			s := newShop(t)
			ctx := t.Context()
			sale := s.sold(milk)
			s.must(s.server.Bank.Break(tbanksim.FaultPlan{Name: c.fault, Times: 1}))
			s.must(s.StartReturn(ctx, back(sale, 0)))
			v := s.until("refused", func(v till.View) bool {
				s.server.Clock.Move(time.Second)
				return v.Back != nil && v.Back.State == till.BackRefused
			})
			if v.Back.Trouble != c.want {
				t.Errorf("told %+v", v.Back)
			}
			s.books(1, 84_90)
			s.server.Clock.Move(2 * time.Hour)
			s.must(s.RetryBack(ctx, v.Back.ID))
			s.until("returned", func(v till.View) bool { s.server.Clock.Move(time.Second); return v.Back == nil })
			s.books(1, 0)
		})
	}
}

// late has a code cancelled and put away, and paid after that.
func (s *shop) late() till.Late {
	s.Helper()
	id := s.code(milk)
	s.must(s.CancelQR(s.Context()))
	s.until("ended", func(v till.View) bool { return v.QR != nil && v.QR.Done })
	s.must(s.CloseQR(s.Context()))
	s.must(s.server.Bank.Pay(id, true))
	return s.until("late money", func(v till.View) bool {
		s.server.Clock.Move(time.Minute)
		s.ahead.Add(int64(time.Minute))
		s.SyncNow()
		time.Sleep(10 * time.Millisecond)
		return len(v.Late) == 1 && v.Late[0].State == banks.StatePaid
	}).Late[0]
}

func TestLateMoneyBecomesTheSale(t *testing.T) {
	s := newShop(t)
	l := s.late()
	_, err := s.FinishLate(t.Context(), l.ID)
	s.must(err)
	s.books(1, 84_90)
}

func TestLateMoneyGoesBack(t *testing.T) {
	s := newShop(t)
	l := s.late()
	s.must(s.RefundLate(t.Context(), l.ID))
	s.reopen()
	s.until("gone back", func(v till.View) bool {
		s.server.Clock.Move(time.Second)
		s.SyncNow()
		time.Sleep(10 * time.Millisecond)
		return len(v.Late) == 0
	})
	s.books(0, 0)
}

func TestAnotherCode(t *testing.T) {
	s := newShop(t)
	first := s.code(milk)
	id := s.View().QR.ID
	s.must(s.RenewQR(t.Context()))
	s.until("another code", func(v till.View) bool { return v.QR != nil && v.QR.ID != id && v.QR.Payload != "" })
	all := s.server.Bank.Payments("")
	if len(all) != 2 || all[0].ID != first || all[0].Status != "CANCELED" {
		t.Fatalf("the bank has %+v", all)
	}
	s.must(s.server.Bank.Pay(all[1].ID, false))
	s.until("sold", func(v till.View) bool { return v.Last != nil })
	s.books(1, 84_90)
}
