package till_test

import (
	"testing"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/register"
)

// The PINs of those who may more than the cashier of the other tests.
const (
	seniorPIN = "3333"
	ownerPIN  = "9999"
)

// staffed adds a senior cashier and an owner.
func (w *world) staffed() *world {
	w.Helper()
	for _, c := range []struct{ id, name, pin, role string }{
		{"s", "Светлана", seniorPIN, string(till.RoleSenior)}, {"o", "Ольга", ownerPIN, string(till.RoleOwner)},
	} {
		hash, err := till.HashPIN(c.pin)
		w.must(err)
		w.must(w.store.SetCashier(w.Context(), localdb.Cashier{ID: c.id, Name: c.name, PINHash: hash, Role: c.role}))
	}
	return w
}

// choose changes the settings as the owner, and gives the till back to the cashier.
func (w *world) choose(change func(*till.Settings)) {
	w.Helper()
	w.must(w.SignIn(w.Context(), ownerPIN))
	s := w.View().Settings.Clone()
	change(&s)
	w.must(w.SetSettings(w.Context(), s))
	w.must(w.SignIn(w.Context(), pin))
}

// newest is the newest operation.
func (w *world) newest() till.Operation {
	w.Helper()
	ops, err := w.Find(w.Context(), till.Search{}, 0, 1)
	w.must(err)
	if len(ops) != 1 {
		w.Fatal("the history is empty")
	}
	return ops[0]
}

func (w *world) drawer(want register.Money) {
	w.Helper()
	stored, err := w.store.Drawer(w.Context())
	w.must(err)
	if v := w.View().Shift.Totals.CashEnd; v != want || stored != want {
		w.Errorf("the drawer holds %s and shows %s, want %s", stored, v, want)
	}
}

func TestGoodsComeBackInParts(t *testing.T) {
	w := newWorld(t).working()
	ctx := t.Context()
	_, err := w.Scan(ctx, milk, 3*register.One)
	w.must(err)
	w.scan(bread)
	w.must(w.SetDiscount(ctx, register.Discount{Percent: 1000}))
	sold, err := w.Pay(ctx, till.Tender{Card: 100_00, Slip: "004512", Given: 500_00})
	w.must(err)
	// 3 × 84.90 + 89.90 = 344.60, less 10 % = 310.14: 100 by card, 210.14 in cash.
	if sold.Total != 310_14 || sold.Change != 500_00-210_14 {
		t.Fatalf("sold %+v", sold)
	}
	w.drawer(210_14)

	back := till.ReturnOrder{Sale: sold.ID, Wants: []register.Want{{Line: 0, Quantity: register.One}}, Prefer: register.Cash, Reason: "не подошло"}
	first, err := w.Return(ctx, back)
	w.must(err)
	if first.Total != 76_41 || first.Method != register.Cash {
		t.Errorf("the first bottle came to %+v", first)
	}
	back.Wants[0].Quantity = 3 * register.One
	if _, err := w.Return(ctx, back); !is(err, till.CodeReturned) {
		t.Errorf("more than was left: %v", err)
	}
	left, err := w.Returnable(ctx, sold.ID)
	w.must(err)
	if left.Left[0].Quantity != 2*register.One || left.Refundable[register.Card] != 100_00 {
		t.Errorf("left: %+v", left)
	}
	back.Wants = []register.Want{{Line: 0, Quantity: 2 * register.One}, {Line: 1, Quantity: register.One}}
	if v := w.View(); v.Last == nil || v.Last.Number != first.Number || v.Last.Kind != register.KindReturn {
		t.Errorf("the last thing done is %+v, want the return %+v", v.Last, first)
	}
	w.scan(bread)
	second, err := w.Return(ctx, back)
	w.must(err)
	if v := w.View(); v.Last != nil || len(v.Lines) != 1 {
		t.Errorf("a return beside a receipt left %d lines and %+v", len(v.Lines), v.Last)
	}
	if first.Total+second.Total != sold.Total || len(second.Payments) != 2 {
		t.Errorf("%+v and %+v do not come to %+v", first, second, sold)
	}
	w.drawer(0)
	if _, err := w.Return(ctx, back); !is(err, till.CodeReturned) {
		t.Errorf("once more: %v", err)
	}
	if o := w.newest(); o.Kind != register.KindReturn || o.Total != second.Total {
		t.Errorf("the history ends with %+v", o)
	}
	w.must(w.Clear(ctx))
	w.healthy(1)
}

func TestWhatTheShopDoesNotTakeBack(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	w.choose(func(s *till.Settings) { s.ReturnOtherShift = false })
	w.scan(milk)
	sold, err := w.PayCash(ctx, 100_00)
	w.must(err)
	_, err = w.CloseShift(ctx, nil)
	w.must(err)
	w.must(w.OpenShift(ctx))
	order := till.ReturnOrder{Sale: sold.ID, Wants: []register.Want{{Line: 0, Quantity: register.One}}}
	if _, err := w.Return(ctx, order); !is(err, till.CodeReturnOtherShift) {
		t.Errorf("from another shift: %v", err)
	}
	w.scan(milk)
	if _, err := w.ReturnCart(ctx, register.Cash, ""); !is(err, till.CodeReturnNoSale) {
		t.Errorf("with no sale: %v", err)
	}
	w.must(w.Clear(ctx))
	w.choose(func(s *till.Settings) { s.ReturnOtherShift, s.ReturnWithoutSale = true, true })
	w.scan(milk)
	if _, err := w.ReturnCart(ctx, register.Cash, "без чека"); !is(err, till.CodeNotAllowed) {
		t.Errorf("a cashier alone: %v", err)
	}
	w.must(w.Leave(ctx, seniorPIN, till.RightReturnFree))
	_, err = w.ReturnCart(ctx, register.Cash, "без чека")
	w.must(err)
	if o := w.newest(); o.Approved != "Светлана" || o.Cashier != "Анна" {
		t.Errorf("approved by %q, done by %q", o.Approved, o.Cashier)
	}
	w.drawer(0)
	if _, err := w.Return(ctx, order); !is(err, till.CodeDrawer) {
		t.Errorf("cash that the drawer does not hold: %v", err)
	}
	w.healthy(1)
}

func TestAnOrderIsPrepaidAndHandedOver(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	who, err := w.SaveCustomer(ctx, register.Customer{Name: "Пётр", Phone: "+7 921 000-00-01"})
	w.must(err)
	w.scan(milk, bread) // 174.80
	w.must(w.SetCustomer(ctx, who.ID))
	paid, err := w.Prepay(ctx, 50_00, till.Tender{Given: 100_00})
	w.must(err)
	if paid.Total != 50_00 || paid.Change != 50_00 || len(w.View().Lines) != 0 {
		t.Fatalf("prepaid %+v", paid)
	}
	list, err := w.Prepayments(ctx, "петр", 0, 10)
	w.must(err)
	if len(list) != 1 || list[0].State.Left() != 50_00 || list[0].ID != paid.ID {
		t.Fatalf("open: %+v", list)
	}

	back, err := w.leaveFor(till.RightPrepaymentReturn).ReturnPrepayment(ctx, paid.ID, 10_00, register.Cash, "часть")
	w.must(err)
	if back.Total != 10_00 {
		t.Errorf("given back %+v", back)
	}
	w.must(w.HandOver(ctx, paid.ID))
	w.reopen() // a power cut with the order on the receipt
	w.working()
	v := w.View()
	if v.Order == nil || v.Due != 174_80-40_00 {
		t.Fatalf("the order on the receipt: %+v, due %s", v.Order, v.Due)
	}
	if _, err := w.Scan(ctx, milk, register.One); !is(err, till.CodeLocked) {
		t.Errorf("another bottle on a prepaid order: %v", err)
	}
	sold, err := w.PayCard(ctx, "000777")
	w.must(err)
	w.drawer(40_00)
	if err := w.HandOver(ctx, paid.ID); !is(err, till.CodeNoPrepayment) {
		t.Errorf("handed over twice: %v", err)
	}

	_, err = w.Return(ctx, till.ReturnOrder{Sale: sold.ID, Wants: []register.Want{{Line: 0, Quantity: register.One}, {Line: 1, Quantity: register.One}}})
	w.must(err)
	p, err := w.PrepaymentByID(ctx, paid.ID)
	w.must(err)
	if p.State.Left() != 40_00 || p.State.Open() {
		t.Errorf("after the goods came back: %+v", p.State)
	}
	_, err = w.leaveFor(till.RightPrepaymentReturn).ReturnPrepayment(ctx, paid.ID, 40_00, register.Cash, "")
	w.must(err)
	w.drawer(0)
	w.healthy(1)
}

// leaveFor has the senior cashier give leave.
func (w *world) leaveFor(r till.Right) *world {
	w.Helper()
	w.must(w.Leave(w.Context(), seniorPIN, r))
	return w
}

func TestAReceiptOnHoldComesBackOnce(t *testing.T) {
	w := newWorld(t).working()
	ctx := t.Context()
	w.scan(milk)
	w.must(w.SetComment(ctx, "за кошельком"))
	w.must(w.Hold(ctx, "синяя куртка"))
	if v := w.View(); v.Held != 1 || len(v.Lines) != 0 {
		t.Fatalf("held: %+v", v)
	}
	w.scan(bread)
	w.reopen()
	w.working()
	held, err := w.Held(ctx)
	w.must(err)
	if len(held) != 1 || held[0].Name != "синяя куртка" || held[0].Total != 84_90 {
		t.Fatalf("held: %+v", held)
	}
	if err := w.Unhold(ctx, held[0].ID); !is(err, till.CodeCartNotEmpty) {
		t.Errorf("over another receipt: %v", err)
	}
	_, err = w.PayCash(ctx, 100_00)
	w.must(err)
	w.must(w.Unhold(ctx, held[0].ID))
	if v := w.View(); v.Held != 0 || v.Total != 84_90 || v.Comment != "за кошельком" {
		t.Errorf("back: %+v", v)
	}
	if err := w.Unhold(ctx, held[0].ID); !is(err, till.CodeCartNotEmpty) && !is(err, till.CodeNoHeld) {
		t.Errorf("twice: %v", err)
	}
}

func TestTheDrawerIsCounted(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	_, err := w.CashIn(ctx, 1000_00, "размен")
	w.must(err)
	if _, err := w.CashOut(ctx, 5000_00, ""); !is(err, till.CodeDrawer) {
		t.Errorf("more than there is: %v", err)
	}
	if _, err := w.CashOut(ctx, 300_00, "в банк"); !is(err, till.CodeNotAllowed) {
		t.Errorf("a cashier alone: %v", err)
	}
	if err := w.Leave(ctx, pin, till.RightCashOut); !is(err, till.CodeNotAllowed) {
		t.Errorf("leave by the cashier's own PIN: %v", err)
	}
	w.must(w.Leave(ctx, seniorPIN, till.RightCashOut))
	_, err = w.CashOut(ctx, 300_00, "в банк")
	w.must(err)
	if _, err := w.CashOut(ctx, 1_00, ""); !is(err, till.CodeNotAllowed) {
		t.Errorf("leave was used twice: %v", err)
	}
	counted := register.Money(690_00)
	closed, err := w.CloseShift(ctx, &counted)
	w.must(err)
	if closed.Difference() != -10_00 || closed.Totals.CashEnd != 700_00 {
		t.Errorf("closed with %+v", closed)
	}
	w.must(w.OpenShift(ctx))
	w.drawer(690_00)
	w.healthy(0)
}

func TestTakingGoodsOffIsKept(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	_, err := w.Scan(ctx, milk, 5*register.One)
	w.must(err)
	w.scan(bread)
	w.must(w.SetQuantity(ctx, 0, 2*register.One))
	if o := w.newest(); o.Kind != register.KindLineRemoved || o.Total != 3*84_90 {
		t.Errorf("kept: %+v", o)
	}
	w.choose(func(s *till.Settings) { s.Rights[till.RightRemove] = till.RoleSenior })
	if err := w.Remove(ctx, 1); !is(err, till.CodeNotAllowed) {
		t.Errorf("a cashier who may not: %v", err)
	}
	w.must(w.SetQuantity(ctx, 0, 3*register.One)) // more is always allowed
	w.must(w.leaveFor(till.RightRemove).Remove(ctx, 1))
	w.reopen()
	w.working()
	if v := w.View(); len(v.Lines) != 1 || v.Lines[0].Quantity != 3*register.One || v.Shift.Totals.Removed != 2 {
		t.Errorf("the receipt: %+v, totals %+v", v.Lines, v.Shift.Totals)
	}
	w.must(w.Clear(ctx))
	if o := w.newest(); o.Kind != register.KindReceiptCleared || o.Total != 3*84_90 {
		t.Errorf("kept: %+v", o)
	}
	w.healthy(0)
}

func TestAnotherPrinterIsUsedAtOnce(t *testing.T) {
	w := newWorld(t).staffed().working()
	w.scan(milk)
	_, err := w.PayCash(t.Context(), 100_00)
	w.must(err)
	w.printed(1)
	other := newWorld(t) // a second shop's printer
	w.choose(func(s *till.Settings) { s.Printer.Address = other.addr })
	w.scan(milk)
	_, err = w.PayCash(t.Context(), 100_00)
	w.must(err)
	other.printed(1)
	w.printed(1)
	w.healthy(2)
}
