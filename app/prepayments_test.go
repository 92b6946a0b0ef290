package app_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/register"
)

// order takes a prepayment for what is rung up.
func (c *counter) order(amount register.Money, with till.Tender, remark string, what ...any) till.Operation {
	c.t.Helper()
	c.ring(what...)
	fatal(c.t, c.till.SetComment(c.t.Context(), remark))
	sold, err := c.till.Prepay(c.t.Context(), amount, with)
	fatal(c.t, err)
	c.drawn()
	return c.operation(sold.ID)
}

func TestPrepaidOrderFromHandingOverToTheLastReturn(t *testing.T) {
	c := openShop(t, nil)
	order := c.order(50_00, till.Tender{Given: 50_00}, "Торт на субботу", 2*register.One, milk) // of 119.80
	c.menu("5")
	c.wantSays("Предоплаты", "Торт на субботу", "50,00", "Осталось доплатить", "69,80")
	c.press(fyne.KeyReturn)
	c.wantLines("Молоко 3,2 % 2")
	if v := c.till.View(); v.Order == nil || v.Due != 69_80 {
		t.Fatalf("due %s, order %+v", v.Due, v.Order)
	}
	_, err := c.till.Pay(t.Context(), till.Tender{Given: 69_80})
	fatal(t, err)
	c.drawn()
	c.menu("5")
	c.wantSays("Открытых предоплат нет")
	c.press(fyne.KeyEscape, fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6)
	c.wantSays("119,80", "Наличными", "69,80", "На предоплату", "50,00")
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.wantReturned(1, 119_80)
	c.press(fyne.KeyEscape, fyne.KeyEscape)

	c.menu("5")
	c.wantSays("Торт на субботу", "Вернулось с возвратом товара", "Осталось у магазина")
	c.press(fyne.KeyReturn)
	c.wantSays("Предоплата не найдена или закрыта") // its goods are with the buyer, or back: only the money is left
	c.press(fyne.KeyF8)
	c.wantSays("Вернуть предоплату", "50,00")
	c.press(fyne.KeyF3)
	c.Type("20")
	c.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	if r := c.till.View().Shift.Totals.PrepaymentReturns; r.Count != 1 || r.Sum != 20_00 {
		t.Fatalf("%d prepayments given back, %s", r.Count, r.Sum)
	}
	c.wantSays("Предоплата возвращена", "Отдайте наличными", "20,00")
	c.menu("5")
	c.wantSays("Осталось у магазина", "30,00")
	c.press(fyne.KeyF8, fyne.KeyReturn)
	if cash := c.till.View().Shift.Totals.CashEnd; cash != 0 {
		t.Fatalf("the drawer holds %s", cash)
	}
	c.wantSays("Предоплата возвращена", "30,00")
	c.scan(order.ReceiptCode())
	c.wantSays("Деньги возвращены")
}

func TestPrepaymentIsFoundAndOpenedByItsSlip(t *testing.T) {
	c := openShop(t, nil)
	first := c.order(10_00, till.Tender{Given: 10_00}, "Торт", milk)
	c.order(20_00, till.Tender{Card: 10_00, Given: 10_00}, "Пироги", bread)
	c.scan(first.ReceiptCode()) // on the sale screen
	c.wantSays("Предоплаты", "Молоко 3,2 %", "49,90")
	c.Type("пирог")
	fatal(t, c.Until("the search", func() bool { return !c.Says("Торт") }))
	c.wantSays("Пироги", "25,50")
	c.scan(first.ReceiptCode())
	c.wantSays("Торт", "Молоко 3,2 %")
	c.press(fyne.KeyEscape)

	c.ring(milk)
	c.drawn()
	c.menu("5")
	fatal(t, c.Tap("Выдать заказ"))
	c.wantSays("В чеке есть товары")
	c.press(fyne.KeyEscape)
	fatal(t, c.till.Clear(t.Context()))
	c.drawn()

	c.menu("5")
	c.wantSays("Пироги")
	fatal(t, c.Tap("Вернуть деньги"))
	fatal(t, c.Tap("Сначала карта"))
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	r, err := c.newest().PrepaymentReturn()
	if err != nil || r.Amount != 20_00 || len(r.Payments) != 2 {
		t.Fatalf("gave back %+v, %v", r, err)
	}
}

// A cashier may give no prepayment back alone: a senior's PIN is asked for, and then it is done.
func TestPrepaymentBackAsksForLeave(t *testing.T) {
	c := openShop(t, nil)
	c.order(10_00, till.Tender{Given: 10_00}, "Торт", milk)
	c.till.SignOut()
	fatal(t, c.till.SignIn(t.Context(), testPIN))
	c.drawn()
	c.menu("5")
	c.press(fyne.KeyF8, fyne.KeyReturn)
	c.wantSays("Нужно разрешение")
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	if r := c.till.View().Shift.Totals.PrepaymentReturns; r.Count != 1 {
		t.Fatalf("given back %d times; the screen says %q", r.Count, c.Texts())
	}
	if o := c.newest(); o.Approved != "Ольга" {
		t.Fatalf("approved by %q", o.Approved)
	}
}
