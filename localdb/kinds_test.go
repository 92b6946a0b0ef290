package localdb_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

func TestEveryKindIsKeptAndReadBack(t *testing.T) {
	w := newShop(t)
	w.openShift()
	line := cart(w, piece("a", 10000, 2)).Lines()[0]
	saleOp, sale := w.sell(cart(w, piece("a", 10000, 2), goods{"b", 74900, 350, register.Kilogram}))
	back := w.giveBack(saleOp, register.Want{Line: 0, Quantity: register.One})
	prepaidOp, prepaid := w.order(cart(w, piece("c", 50000, 1)), 20000, card(15000), cash(5000))
	repaid, err := w.repay(prepaidOp, 3000)
	w.ok(err)
	counted := register.Money(100)
	for _, c := range []struct {
		kind register.Kind
		body any
		want func(register.Operation) (any, error)
	}{
		{register.KindReturn, back, func(o register.Operation) (any, error) { b, err := o.Return(); b.Receipt = 0; return b, err }},
		{register.KindPrepaymentReturn, repaid, func(o register.Operation) (any, error) { b, err := o.PrepaymentReturn(); b.Receipt = 0; return b, err }},
		{register.KindCashIn, register.CashMove{Sum: 700000, Reason: "размен"}, moveOf},
		{register.KindCashOut, register.CashMove{Sum: 300000, Reason: "инкассация"}, moveOf},
		{register.KindLineRemoved, register.LineRemoved{Line: line}, bodyAs[register.LineRemoved]},
		{register.KindReceiptCleared, register.ReceiptCleared{Lines: []register.Line{line}, Total: line.Sum}, bodyAs[register.ReceiptCleared]},
		{register.KindDrawerOpened, register.DrawerOpened{Reason: "размен"}, bodyAs[register.DrawerOpened]},
	} {
		op := w.do(c.kind, c.body)
		stored, ok, err := w.store.OperationByID(t.Context(), op.ID)
		if err != nil || !ok || !reflect.DeepEqual(stored, op) {
			t.Errorf("%s: stored %+v, %v, %v; committed %+v", c.kind, stored, ok, err, op)
		}
		if got, err := c.want(stored); err != nil || !reflect.DeepEqual(got, c.body) {
			t.Errorf("%s: read back %+v, %v; want %+v", c.kind, got, err, c.body)
		}
	}
	if sale.Receipt != 1 || prepaid.Receipt != 2 {
		t.Errorf("receipts %d and %d", sale.Receipt, prepaid.Receipt)
	}
	closed := w.closeShift(&counted)
	want := register.Totals{Receipts: 4, Removed: 2, Off: closed.Totals.Off, CashEnd: sale.Total - back.Total + 5000 - 3000 + 400000,
		Sales: register.Counter{Count: 1, Sum: sale.Total, Cash: sale.Total}, Returns: register.Counter{Count: 1, Sum: back.Total, Cash: back.Total},
		Prepayments:       register.Counter{Count: 1, Sum: 20000, Cash: 5000, Card: 15000},
		PrepaymentReturns: register.Counter{Count: 1, Sum: 3000, Cash: 3000},
		CashIn:            register.Counter{Count: 1, Sum: 700000, Cash: 700000}, CashOut: register.Counter{Count: 1, Sum: 300000, Cash: 300000}}
	if closed.Totals != want {
		t.Errorf("the shift came to %+v, want %+v", closed.Totals, want)
	}
	w.healthy()
}

func moveOf(o register.Operation) (any, error) { return o.CashMove() }

func bodyAs[T any](o register.Operation) (any, error) {
	var b T
	err := o.Decode(&b)
	return b, err
}

func TestABodyOfAnotherKindIsRefused(t *testing.T) {
	w := newShop(t)
	w.openShift()
	w.refused(register.ErrBadOperation, register.KindSale, register.CashMove{Sum: 1})
	w.refused(register.ErrBadOperation, register.KindCashIn, register.LineRemoved{})
	w.refused(register.ErrBadOperation, register.KindSale, nil)
	w.refused(register.ErrBadOperation, "gift", struct{}{})
}

func TestARecordThatCouldNotBeReadBackIsRefused(t *testing.T) {
	w := newShop(t)
	w.openShift()
	line := cart(w, piece("a", 1000, 1)).Lines()[0]
	w.refused(register.ErrTooMuch, register.KindReceiptCleared, register.ReceiptCleared{Lines: slices.Repeat([]register.Line{line}, 40_000)})
	w.do(register.KindReceiptCleared, register.ReceiptCleared{Lines: slices.Repeat([]register.Line{line}, register.MaxLines)})
	w.healthy()
}

func TestAnEndedContextWritesNothing(t *testing.T) {
	w := newShop(t)
	w.openShift()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := w.everything()
	_, err := w.store.Commit(ctx, localdb.Entry{ID: "late", Kind: register.KindCashIn, Shift: 1, Body: register.CashMove{Sum: 1}})
	if !errors.Is(err, context.Canceled) || w.everything() != before {
		t.Errorf("got %v, or something was written", err)
	}
	w.do(register.KindCashIn, register.CashMove{Sum: 1})
}

func TestACashMoveIsChecked(t *testing.T) {
	w := newShop(t)
	w.openShift()
	w.refused(register.ErrPayment, register.KindCashIn, register.CashMove{})
	w.refused(register.ErrPayment, register.KindCashOut, register.CashMove{Sum: -1})
	w.refused(register.ErrText, register.KindCashIn, register.CashMove{Sum: 1, Reason: "\x00"})
}

func TestTheDrawerNeverHoldsLessThanNothing(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op, _ := w.sell(cart(w, piece("a", 1000, 2)))
	w.refused(localdb.ErrDrawer, register.KindCashOut, register.CashMove{Sum: 2001})
	w.do(register.KindCashOut, register.CashMove{Sum: 1500})
	w.refused(localdb.ErrDrawer, register.KindReturn, w.giveBack(op, register.Want{Line: 0, Quantity: register.One}))
	w.drawer(500)
	w.healthy()
}

func TestAShiftIsCounted(t *testing.T) {
	w := newShop(t)
	w.openShift()
	w.sell(cart(w, piece("a", 1000, 3)))
	minus, less, more := register.Money(-1), register.Money(2900), register.Money(2950)
	w.refused(register.ErrPayment, register.KindShiftClosed, register.ShiftClosed{Counted: &minus})
	if b := w.closeShift(&less); b.Difference() != -100 || b.Totals.CashEnd != 3000 {
		t.Errorf("closed with %+v", b)
	}
	w.drawer(2900)
	w.reopen()
	sh, err := w.store.LastShift(t.Context())
	if err != nil || sh.Open || sh.Counted == nil || *sh.Counted != 2900 || sh.Closed.IsZero() {
		t.Errorf("the shift is %+v, %v", sh, err)
	}
	w.shift++
	w.refused(localdb.ErrShift, register.KindShiftOpened, register.ShiftOpened{Float: 3000})
	w.shift--
	w.openShift()
	if b := w.closeShift(&more); b.Difference() != 50 || b.Totals.CashStart != 2900 {
		t.Errorf("closed with %+v", b)
	}
	w.openShift()
	if b := w.closeShift(nil); b.Difference() != 0 {
		t.Errorf("nobody counted, and it differs by %s", b.Difference())
	}
	w.drawer(2950)
	if sh, err := w.store.ShiftByNumber(t.Context(), 1); err != nil || sh.Number != 1 || *sh.Counted != 2900 {
		t.Errorf("the first shift is %+v, %v", sh, err)
	}
	w.healthy()
}

func TestAClosedShiftTakesNothing(t *testing.T) {
	w := newShop(t)
	line := cart(w, piece("a", 1000, 1)).Lines()[0]
	sale, err := register.NewSale(cart(w, piece("a", 1000, 1)), []register.Payment{cash(1000)})
	w.ok(err)
	bodies := map[register.Kind]any{
		register.KindSale:         sale,
		register.KindCashIn:       register.CashMove{Sum: 1},
		register.KindLineRemoved:  register.LineRemoved{Line: line},
		register.KindDrawerOpened: register.DrawerOpened{},
		register.KindShiftClosed:  register.ShiftClosed{},
	}
	w.shift = 1 // never opened
	for kind, body := range bodies {
		w.refused(localdb.ErrShift, kind, body)
	}
	w.shift = 0
	w.openShift()
	op, _ := w.sell(cart(w, piece("a", 1000, 1)))
	prepaid, _ := w.order(cart(w, piece("a", 1000, 1)), 500)
	repaid, err := w.repay(prepaid, 100)
	w.ok(err)
	bodies[register.KindReturn] = w.giveBack(op, register.Want{Line: 0, Quantity: register.One})
	bodies[register.KindPrepaymentReturn] = repaid
	w.closeShift(nil)
	for kind, body := range bodies {
		w.refused(localdb.ErrShift, kind, body)
	}
	w.openShift()
	w.shift = 1 // another one is open
	for kind, body := range bodies {
		w.refused(localdb.ErrShift, kind, body)
	}
	w.healthy()
}

func TestADoubtfulCommitIsLookedUp(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op, _ := w.sell(cart(w, piece("a", 1000, 1)))
	w.reopen()
	if got, ok, err := w.store.OperationByID(t.Context(), op.ID); err != nil || !ok || !reflect.DeepEqual(got, op) {
		t.Errorf("found %+v, %v, %v", got, ok, err)
	}
	if _, ok, err := w.store.OperationByID(t.Context(), "never"); err != nil || ok {
		t.Errorf("found what was never committed: %v", err)
	}
}

func TestWhatIsPaidByQRSettlesThatPayment(t *testing.T) {
	w := newShop(t)
	w.openShift()
	qr := register.Payment{Method: register.QR, Amount: 1000, QRID: "qr-1"}
	sale, err := register.NewSale(cart(w, piece("a", 1000, 1)), []register.Payment{qr})
	w.ok(err)
	w.refused(register.ErrPayment, register.KindSale, sale)
	prepaid, err := register.NewPrepayment(cart(w, piece("a", 1000, 2)), 1000, []register.Payment{qr})
	w.ok(err)
	w.refused(register.ErrPayment, register.KindPrepayment, prepaid)
}
