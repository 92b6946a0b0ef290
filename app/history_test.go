package app_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/register"
)

func TestHistoryIsNarrowed(t *testing.T) {
	c := openShop(t, nil)
	sale := c.sell(till.Tender{}, 2*register.One, milk)
	c.sell(till.Tender{Card: 45_50}, bread)
	_, err := c.till.CashIn(t.Context(), 500_00, "Размен")
	fatal(t, err)
	c.drawn()
	c.menu("6")
	c.wantSays("История операций", "Внесение", "Продажа № 1", "Продажа № 2", "Открытие смены", "Размен")
	c.press(fyne.KeyF3)
	c.choose("2") // sales
	c.wantSays("Продажа № 1", "Продажа № 2")
	if c.Says("Открытие смены") {
		t.Fatalf("not narrowed: %q", c.Texts())
	}
	c.press(fyne.KeyF4, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn) // by card
	if !c.Says("Продажа № 2") || c.Says("Продажа № 1") {
		t.Fatalf("not narrowed: %q", c.Texts())
	}
	c.press(fyne.KeyF7)
	c.wantSays("Открытие смены", "Продажа № 1")
	c.press(fyne.KeyLeft, fyne.KeyLeft) // today, yesterday
	c.wantSays("Вчера", "Ничего не найдено")
	c.press(fyne.KeyRight)
	c.wantSays("Сегодня", "Продажа № 1")
	c.press(fyne.KeyRight)
	c.wantSays("Сегодня")
	c.press(fyne.KeyF2, fyne.KeyDelete)
	c.wantSays("Все дни")
	c.press(fyne.KeyF6)
	c.choose("3") // another one
	c.wantSays("Номер смены")
	c.Type("7")
	c.press(fyne.KeyReturn)
	c.wantSays("Смена № 7", "Ничего не найдено")
	fatal(t, c.Tap("Сбросить"))
	c.scan(sale.ReceiptCode())
	c.wantSays("Возврат по чеку № 1")
	c.press(fyne.KeyEscape, fyne.KeyEscape, fyne.KeyEscape)
	c.wantSays("Продано")
}

func TestSaleAndItsReturnLeadToEachOther(t *testing.T) {
	c := openShop(t, nil)
	sale := c.sell(till.Tender{}, 2*register.One, milk)
	_, err := c.till.Return(t.Context(), till.ReturnOrder{Sale: sale.ID, Wants: []register.Want{{Line: 0, Quantity: register.One}}, Reason: "Брак"})
	fatal(t, err)
	c.drawn()
	c.menu("6")
	c.wantSays("Выплачено обратно", "Брак")
	fatal(t, c.Tap("Продажа № 1, "+c.moment(sale)))
	c.wantSays("Оплата")
	ret := c.newest()
	link := "Возврат № 2, " + c.moment(ret) + ", 59,90 ₽"
	c.wantSays(link)
	fatal(t, c.Tap(link))
	c.wantSays("Выплачено обратно")
	c.press(fyne.KeyEscape)
	c.wantSays("Оплата")
	c.press(fyne.KeyEscape, fyne.KeyF8) // of the return, nothing can come back
	c.wantSays("История операций", "Выплачено обратно")
	c.press(fyne.KeyDown, fyne.KeyF8)
	c.wantSays("Возврат по чеку № 1", "осталось 1 шт")
}

// moment is when an operation was made, as the window writes it.
func (c *counter) moment(o till.Operation) string {
	return o.At.Local().Format("02.01.2006 15:04")
}

// What was sent while the history is open is shown as sent, without leaving it.
func TestUnsentTurnsIntoSent(t *testing.T) {
	p := &posed{view: standing(), goods: shelf(), past: past()}
	p.view.Server.Waiting = 3
	s := openPosed(t, p)
	fatal(t, s.Press(fyne.KeyF12))
	s.Type("6")
	fatal(t, s.Press(fyne.KeyReturn))
	if !s.Says("ждёт связи") {
		t.Fatalf("nothing waits: %q", s.Texts())
	}
	for i := range p.past {
		p.past[i].Sent = true
	}
	p.view.Server.Waiting = 0
	p.view.Revision++
	p.changed()
	fatal(t, s.Settle())
	if s.Says("ждёт связи") {
		t.Fatalf("still waits: %q", s.Texts())
	}
}

// A page that could not be read is read when it is asked for again.
func TestHistoryGoesOnAfterAFailure(t *testing.T) {
	p := &posed{view: standing(), goods: shelf(), back: goingBack{past: manyOperations(), unreadable: true}}
	s := openPosed(t, p)
	fatal(t, s.Press(fyne.KeyF12))
	s.Type("6")
	fatal(t, s.Press(fyne.KeyReturn))
	for range 9 {
		fatal(t, s.Press(fyne.KeyPageDown))
	}
	if !s.Says("Прочитать не получилось") {
		t.Fatalf("not told: %q", s.Texts())
	}
	p.back.unreadable = false
	fatal(t, s.Tap("Прочитать не получилось. Ещё раз"))
	for range 30 {
		fatal(t, s.Press(fyne.KeyPageDown))
	}
	if s.Says("Прочитать не получилось") || !s.Says("операция № 1") {
		t.Fatalf("the rest was not read: %q", s.Texts())
	}
}

func TestDaysAreChosen(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, milk)
	c.menu("6")
	c.press(fyne.KeyF2)
	c.wantSays("За какие дни", "Этот месяц")
	fatal(t, c.Tap("Вчера"))
	c.wantSays("Вчера", "Ничего не найдено")
	c.press(fyne.KeyF2)
	fatal(t, c.Tap("7 дней"))
	c.wantSays("Продажа № 1", "–")
	c.press(fyne.KeyF2, fyne.KeyPageUp, fyne.KeyUp, fyne.KeyUp)
	c.Type(" ") // the first day
	c.press(fyne.KeyDown)
	c.Type(" ") // and the last one
	c.press(fyne.KeyReturn)
	c.wantSays("Ничего не найдено", "–")
	c.press(fyne.KeyF2)
	c.scan("4600000000011")
	c.wantSays("Код 4600000000011 не добавлен", "За какие дни")
	fatal(t, c.Tap("Все дни"))
	c.wantSays("Продажа № 1")
}

func TestOrderIsHandedOverFromTheHistory(t *testing.T) {
	c := openShop(t, nil)
	c.order(10_00, till.Tender{Given: 10_00}, "Торт", milk)
	c.menu("6")
	c.wantSays("Предоплата № 1", "Открыть заказ", "Осталось доплатить")
	fatal(t, c.Tap("Открыть заказ"))
	c.wantSays("Предоплаты", "49,90")
	c.press(fyne.KeyEscape, fyne.KeyF9)
	c.wantLines("Молоко 3,2 % 1")
	if v := c.till.View(); v.Order == nil || v.Due != 49_90 {
		t.Fatalf("due %s, order %+v", v.Due, v.Order)
	}
}

func TestHistoryFollowsTheLanguage(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, milk)
	c.menu("6")
	c.press(fyne.KeyF3)
	c.choose("2")
	c.press(fyne.KeyF2) // a dialog is open, too
	c.Window.SetLanguage("en")
	fatal(t, c.Settle())
	c.wantSays("Which days")
	c.press(fyne.KeyEscape)
	c.wantSays("History", "Sale 1", "Return goods")
	if c.Says("Shift opened") {
		t.Fatal("no longer narrowed to sales")
	}
}
