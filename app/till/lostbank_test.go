package till_test

import (
	"testing"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
)

// What the bank has said is written although its settings are lost since then: nobody has to be asked for that.
func TestMoneyThatWentBackIsWrittenWithoutTheBank(t *testing.T) {
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
	w.bankless = true
	w.reopen()
	w.must(w.SignIn(ctx, pin))
	w.must(w.OpenShift(ctx))
	w.returned()
	w.goneBack(84_90)
	w.returns(1, 84_90)
}

// A refund whose bank cannot be asked any more can be ended by a person who has looked there.
func TestARefundWhoseBankIsLost(t *testing.T) {
	p := &poor{mute: true}
	w := poorly(t, p)
	ctx := t.Context()
	sale := w.soldByQR(milk)
	w.must(w.StartReturn(ctx, back(sale, 0)))
	w.until("sent", func(v till.View) bool { return v.Back != nil && v.Back.Trouble == till.CodeBackWaiting })
	w.bankless = true
	w.reopen()
	w.must(w.SignIn(ctx, pin))
	v := w.until("unclear", func(v till.View) bool { return v.Back != nil && v.Back.State == till.BackUnclear })
	if !v.Back.DecideHere {
		t.Errorf("not decided here: %+v", v.Back)
	}
	w.must(w.leaveOf(ownerPIN, till.RightSettings).DecideBack(ctx, v.Back.ID, false))
	w.until("refused", func(v till.View) bool { return v.Back.State == till.BackRefused })
	w.must(w.RetryBack(ctx, v.Back.ID))
	v = w.until("not sent", func(v till.View) bool {
		return v.Back.State == till.BackRefused && v.Back.Trouble == till.CodeQRUnavailable
	})
	w.must(w.DropBack(ctx, v.Back.ID))
	if p.sent != 1 {
		t.Errorf("sent %d times", p.sent)
	}
	w.returns(0, 0)
}

// Late money whose refund nobody can tell of is decided by the same word, and none is begun without the bank.
func TestLateMoneyWhoseBankIsLost(t *testing.T) {
	p := &poor{mute: true}
	w := poorly(t, p)
	ctx := t.Context()
	w.scan(milk)
	w.must(w.StartQR(ctx))
	w.onScreen()
	l := w.late(w.putAway())
	w.must(w.RefundLate(ctx, l.ID))
	w.until("sent", func(v till.View) bool { return len(v.Late) == 1 && v.Late[0].Trouble == till.CodeBackWaiting })
	w.bankless = true
	w.reopen()
	w.must(w.SignIn(ctx, pin))
	unclear := w.until("unclear", func(v till.View) bool { return len(v.Late) == 1 && v.Late[0].Trouble == till.CodeBackUnclear }).Late[0]
	if !unclear.DecideHere {
		t.Errorf("not decided here: %+v", unclear)
	}
	w.must(w.leaveOf(ownerPIN, till.RightSettings).DecideBack(ctx, l.ID, false))
	w.until("still here", func(v till.View) bool { return len(v.Late) == 1 && v.Late[0].State == banks.StatePaid })
	if err := w.leaveFor(till.RightReturn).RefundLate(ctx, l.ID); !is(err, till.CodeQRUnavailable) {
		t.Errorf("begun without the bank: %v", err)
	}
	if v := w.View(); v.Late[0].State != banks.StatePaid {
		t.Errorf("late: %+v", v.Late)
	}
}
