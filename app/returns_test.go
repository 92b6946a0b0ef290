package app_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/register"
)

// openShop is a counter with its owner before it, and settings of its own.
func openShop(t *testing.T, change func(*till.Settings)) *counter {
	t.Helper()
	c := newCounterIn(t, world{settings: change})
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	c.until("the shift to be closed", func(v till.View) bool { return v.Cashier != "" })
	c.press(fyne.KeyReturn)
	c.until("the shift to be open", func(v till.View) bool { return v.Shift.Open })
	return c
}

// drawn waits until the window shows what was done behind it.
func (c *counter) drawn() {
	c.t.Helper()
	rev := c.till.View().Revision
	c.until("the window to follow", func(v till.View) bool { return v.Revision >= rev })
}

// ring puts goods on the receipt; a quantity goes before what it is of.
func (c *counter) ring(what ...any) {
	c.t.Helper()
	q := register.One
	for _, w := range what {
		switch v := w.(type) {
		case register.Quantity:
			q = v
		case register.Product:
			_, err := c.till.Add(c.t.Context(), v.ID, q)
			fatal(c.t, err)
			q = register.One
		}
	}
}

// sell sells goods and tells the sale.
func (c *counter) sell(with till.Tender, what ...any) till.Operation {
	c.t.Helper()
	c.ring(what...)
	if with == (till.Tender{}) {
		with.Given = c.till.View().Total
	}
	sold, err := c.till.Pay(c.t.Context(), with)
	fatal(c.t, err)
	c.drawn()
	return c.operation(sold.ID)
}

// operation reads an operation of the history.
func (c *counter) operation(id string) till.Operation {
	c.t.Helper()
	found, err := c.till.Find(c.t.Context(), till.Search{}, 0, 100)
	fatal(c.t, err)
	i := slices.IndexFunc(found, func(o till.Operation) bool { return o.ID == id })
	if i < 0 {
		c.t.Fatalf("operation %s is not in the history", id)
	}
	return found[i]
}

func (c *counter) newest() till.Operation {
	c.t.Helper()
	found, err := c.till.Find(c.t.Context(), till.Search{}, 0, 1)
	fatal(c.t, err)
	return found[0]
}

// menu presses a number of the menu.
func (c *counter) menu(number string) {
	c.t.Helper()
	c.press(fyne.KeyF12)
	c.choose(number)
}

func (c *counter) wantReturned(count int64, sum register.Money) {
	c.t.Helper()
	if r := c.till.View().Shift.Totals.Returns; r.Count != count || r.Sum != sum {
		c.t.Fatalf("%d returns of %s, want %d of %s; the screen says %q", r.Count, r.Sum, count, sum, c.Texts())
	}
}

func TestWholeReturnByKeys(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, 2*register.One, milk, bread)
	c.press(fyne.KeyF8)
	c.wantSays("Продажа № 1", "Вернуть товар")
	c.press(fyne.KeyReturn)
	c.wantSays("Возврат по чеку № 1", "Отметьте, что возвращают")
	c.press(fyne.KeyReturn)
	c.wantSays("Ничего не отмечено")
	c.press(fyne.KeyF6)
	c.wantSays("165,30", "Наличными")
	c.press(fyne.KeyReturn)
	c.wantSays("Вернуть 165,30", "Из ящика выдать")
	c.wantReturned(0, 0)
	c.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn) // pressed too often
	c.wantReturned(1, 165_30)
	c.wantSays("Возврат записан", "Отдайте наличными", "165,30") // the sale is under it
	c.press(fyne.KeyEscape)
	c.wantSays("Отсканируйте товар")
	c.press(fyne.KeyF8, fyne.KeyReturn)
	c.wantSays("По этому чеку возвращено всё")
	c.press(fyne.KeyF6, fyne.KeyReturn)
	c.wantReturned(1, 165_30)
	c.press(fyne.KeyEscape, fyne.KeyEscape)
	if c.till.View().Shift.Totals.CashEnd != 0 {
		t.Fatalf("the drawer holds %s", c.till.View().Shift.Totals.CashEnd)
	}
}

func TestReturnPartByPartByTouch(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, 3*register.One, milk)
	for i := range int64(3) {
		fatal(t, c.Tap("Возврат"))
		fatal(t, c.Tap("Вернуть товар"))
		c.press(fyne.KeyRight)
		fatal(t, c.Tap("Брак"))
		fatal(t, c.Tap("Вернуть деньги"))
		fatal(t, c.Tap("Вернуть деньги")) // the question's button is on top
		c.wantReturned(i+1, register.Money(i+1)*59_90)
		if r, err := c.newest().Return(); err != nil || r.Reason != "Брак" {
			t.Fatalf("returned %+v, %v", r, err)
		}
		fatal(t, c.Tap("Следующий покупатель"))
	}
	c.press(fyne.KeyF8, fyne.KeyReturn)
	c.wantSays("По этому чеку возвращено всё")
	c.press(fyne.KeyRight)
	c.wantSays("Эта позиция уже возвращена")
}

func TestReturnOfWeighedGoods(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, register.Quantity(1250), apples)
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF3)
	c.wantSays("Сколько возвращают")
	c.Type("2")
	c.press(fyne.KeyReturn)
	c.wantSays("не больше 1,25 кг", "Такое количество не годится")
	c.press(fyne.KeyDelete)
	c.Type("0,5")
	c.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	c.wantReturned(1, 79_95)
	c.press(fyne.KeyF8, fyne.KeyReturn)
	c.wantSays("осталось 0,75 кг")
	c.press(fyne.KeyRight, fyne.KeyReturn, fyne.KeyReturn)
	c.wantReturned(2, 199_88)
}

func TestReturnOfMixedPayment(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{Card: 100_00, Given: 110_80}, 2*register.One, milk, 2*register.One, bread) // 210.80
	paidBack := func(want ...register.Payment) {
		t.Helper()
		r, err := c.newest().Return()
		fatal(t, err)
		if len(r.Payments) != len(want) {
			t.Fatalf("paid back %+v, want %+v", r.Payments, want)
		}
		for i, p := range r.Payments {
			if p.Method != want[i].Method || p.Amount != want[i].Amount {
				t.Fatalf("paid back %+v, want %+v", r.Payments, want)
			}
		}
	}
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyRight)
	c.wantSays("Сначала наличные", "Наличными")
	c.press(fyne.KeyF9) // card first
	c.wantSays("На карту")
	c.press(fyne.KeyReturn)
	c.wantSays("проведите возврат на терминале")
	c.press(fyne.KeyReturn)
	paidBack(register.Payment{Method: register.Card, Amount: 59_90})
	c.wantSays("Верните на карту")
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF10, fyne.KeyF6, fyne.KeyReturn, fyne.KeyReturn)
	paidBack(register.Payment{Method: register.Cash, Amount: 110_80}, register.Payment{Method: register.Card, Amount: 40_10})
	if cash := c.till.View().Shift.Totals.CashEnd; cash != 0 {
		t.Fatalf("the drawer holds %s", cash)
	}
}

func TestReturnOfAnotherShiftIsForbiddenBySettings(t *testing.T) {
	c := openShop(t, func(s *till.Settings) { s.ReturnOtherShift = false })
	c.sell(till.Tender{}, milk)
	counted := c.till.View().Shift.Totals.CashEnd
	_, err := c.till.CloseShift(t.Context(), &counted)
	fatal(t, err)
	fatal(t, c.till.OpenShift(t.Context()))
	c.drawn()
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6)
	c.wantSays("Магазин принимает")
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.wantReturned(0, 0)
}

func TestReturnWithoutAReceipt(t *testing.T) {
	c := openShop(t, nil)
	c.press(fyne.KeyF8)
	if c.Says("Без чека") {
		t.Fatal("offered where the shop does not take goods back so")
	}
	c.press(fyne.KeyF9)
	c.wantSays("Продаж ещё нет")
	c.press(fyne.KeyEscape)

	c = openShop(t, func(s *till.Settings) { s.ReturnWithoutSale = true })
	c.sell(till.Tender{}, 9*register.One, milk)
	c.press(fyne.KeyF8)
	fatal(t, c.Tap("Без чека"))
	c.wantSays("Сначала наберите товары")
	fatal(t, c.Tap("К чеку"))
	c.scan("4600000000011")
	c.scan("AB-12")
	c.press(fyne.KeyF8, fyne.KeyF9)
	c.wantSays("Возврат без чека", "105,40")
	c.press(fyne.KeyF9)
	c.wantSays("На карту")
	c.press(fyne.KeyF10)
	fatal(t, c.Tap("Ошибка кассира"))
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.wantReturned(1, 105_40)
	r, err := c.newest().Return()
	if err != nil || r.Sale != nil || r.Reason != "Ошибка кассира" || r.Payments[0].Method != register.Cash {
		t.Fatalf("returned %+v, %v", r, err)
	}
	c.wantLines()
}

func TestReturnByScannerAlone(t *testing.T) {
	c := openShop(t, nil)
	first := c.sell(till.Tender{}, 2*register.One, milk, apples)
	second := c.sell(till.Tender{}, bread)
	c.scan(first.ReceiptCode()) // on the sale screen
	c.wantSays("Возврат по чеку № 1")
	c.scan("4600000000011")
	c.wantSays("59,90")
	c.scan("4600000000011")
	c.wantSays("119,80")
	c.scan("4600000000011")
	c.wantSays("Столько вернуть нельзя")
	c.scan("AB-12")
	c.wantSays("Кода AB-12 в этом чеке нет")
	c.scan(second.ReceiptCode())
	c.wantSays("Возврат по чеку № 2")
	c.scan("AB-12")
	c.wantSays("45,50")
	c.press(fyne.KeyReturn)
	c.scan("4600000000011") // into the question
	c.wantSays("Вернуть 45,50")
	c.wantReturned(0, 0)
	c.press(fyne.KeyReturn)
	c.wantReturned(1, 45_50)
}

func TestSaleIsFoundByWhatIsKnownOfIt(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, milk)
	second := c.sell(till.Tender{}, bread)
	c.sell(till.Tender{}, milk, bread)
	found := func(text string, want ...string) {
		t.Helper()
		c.press(fyne.KeyF8)
		c.scan(text)
		for _, n := range []string{"Продажа № 1", "Продажа № 2", "Продажа № 3"} {
			if c.Says(n) != slices.Contains(want, n) {
				t.Fatalf("%q: %q; the screen says %q", text, n, c.Texts())
			}
		}
		c.press(fyne.KeyEscape, fyne.KeyEscape)
	}
	found("59,90", "Продажа № 1")
	found("AB-12", "Продажа № 2", "Продажа № 3")
	found("молоко", "Продажа № 1", "Продажа № 3")
	found("зубр")
	c.press(fyne.KeyF8)
	c.Type("моло")
	fatal(t, c.Until("the search", func() bool { return !c.Says("Продажа № 2") }))
	c.scan(second.ReceiptCode()) // behind the word
	c.wantSays("Возврат по чеку № 2")
	c.press(fyne.KeyEscape)
	c.Type("зубр")
	fatal(t, c.Until("the search", func() bool { return c.Says("Ничего не найдено") }))
	c.press(fyne.KeyEscape)
	c.wantSays("Продажа № 1", "Продажа № 2", "Продажа № 3")
}

func TestPaidByQRSaysWhatToDo(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF11)
	c.until("the code", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	c.press(fyne.KeyF8)
	c.until("the sale", func(v till.View) bool { return v.Last != nil })
	c.press(fyne.KeyReturn, fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6)
	c.wantSays("На счёт, через банк", "Вернуть по QR")
	c.press(fyne.KeyReturn)
	c.wantSays("Вернуть 59,90 ₽ по QR?", "Деньги вернёт банк на счёт")
	c.press(fyne.KeyEscape)
	c.wantReturned(0, 0)
}

func TestReturnPageFollowsTheLanguage(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, 2*register.One, milk)
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyRight)
	c.Window.SetLanguage("en")
	fatal(t, c.Settle())
	c.wantSays("Return of receipt 1", "₽59.90", "Give back")
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.wantReturned(1, 59_90)
}

// A key that is pressed too often returns nothing twice, however slow the disk.
func TestOneReturnForManyEnters(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, 5*register.One, milk)
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyRight, fyne.KeyReturn)
	key := c.Window.Fyne().Canvas().OnTypedKey()
	for range 9 {
		key(&fyne.KeyEvent{Name: fyne.KeyReturn})
		c.Draw()
	}
	fatal(t, c.Settle())
	c.wantReturned(1, 59_90)
}

// What was chosen stays when a senior refuses, and is returned when one agrees.
func TestReturnAsksForLeave(t *testing.T) {
	c := openShop(t, func(s *till.Settings) { s.Rights[till.RightReturn] = till.RoleSenior })
	c.sell(till.Tender{}, 2*register.One, milk)
	c.till.SignOut()
	fatal(t, c.till.SignIn(t.Context(), testPIN))
	c.drawn()
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyRight, fyne.KeyReturn, fyne.KeyReturn)
	c.wantSays("Нужно разрешение", "Возврат по чеку")
	c.press(fyne.KeyEscape)
	c.wantReturned(0, 0)
	c.wantSays("59,90")
	c.press(fyne.KeyReturn, fyne.KeyEscape) // asked, and thought better of it
	c.wantReturned(0, 0)
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	c.wantReturned(1, 59_90)
	if o := c.newest(); o.Approved != "Ольга" {
		t.Fatalf("approved by %q", o.Approved)
	}
}

func TestSaleIsFoundByFinger(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, milk)
	c.sell(till.Tender{}, bread)
	c.press(fyne.KeyF8)
	c.TapAt(fyne.NewPos(640, 100))
	c.wantSays("Найти")
	for _, key := range []string{"х", "л", "е", "б"} {
		fatal(t, c.Tap(key))
	}
	fatal(t, c.Tap("Найти"))
	if !c.Says("Продажа № 2") || c.Says("Продажа № 1") {
		t.Fatalf("not found: %q", c.Texts())
	}
	fatal(t, c.Tap("Продажа № 2"))
	fatal(t, c.Tap("Вернуть товар"))
	fatal(t, c.Tap("Хлеб ржаной"))
	c.wantSays("45,50")
	fatal(t, c.Tap("Всё"))
	fatal(t, c.Tap("Ничего"))
	c.wantSays("Отметьте, что возвращают")
}

// The QR of a fiscal receipt names a moment and a sum: the sale of that sum at that time is opened.
func TestFiscalReceiptIsScanned(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, milk)
	sale := c.sell(till.Tender{}, bread)
	c.press(fyne.KeyF8)
	code := "t=" + sale.At.Local().Format("20060102T1504") + "&s=45.50&fn=9999078900004312&i=1042&fp=1234567890&n=1"
	c.scan(code)
	c.wantSays("Возврат по чеку № 2")
	c.press(fyne.KeyEscape, fyne.KeyEscape)
	c.scan(strings.NewReplacer("t=", "е=", "T", "Е", "&s=", "?ы=", "&fn", "?ат", "&i", "?ш", "&fp", "?аз", "&n", "?т", ".", "ю").Replace(code)) // with the Russian layout
	c.wantSays("Возврат по чеку № 2")
}

// Whatever a scanner sends, a line of search takes it or tells of it.
func TestSearchTakesAnything(t *testing.T) {
	c := openShop(t, nil)
	c.sell(till.Tender{}, milk)
	for _, text := range []string{strings.Repeat("7", 4096), "\x00\x01\x1d", "%_'\"\\", "t=20260314T1205&s=446.44&fn=9999078900004312&i=1042&fp=1234567890&n=1", "900000000112345"} {
		c.press(fyne.KeyF8)
		c.scan(text)
		c.press(fyne.KeyEscape)
		c.wantSays("Продажа № 1")
		c.press(fyne.KeyEscape, fyne.KeyEscape)
		fatal(t, c.Settle())
	}
}

// The next buyer's goods may be scanned as soon as the money was handed over.
func TestNextBuyerAfterAReturn(t *testing.T) {
	c := openShop(t, nil)
	sale := c.sell(till.Tender{}, 2*register.One, milk)
	c.scan(sale.ReceiptCode())
	c.press(fyne.KeyRight, fyne.KeyReturn, fyne.KeyReturn)
	c.wantReturned(1, 59_90)
	c.wantSays("Возврат записан", "Отдайте наличными", "59,90")
	c.scan("AB-12")
	c.wantLines("Хлеб ржаной 1")
	if c.Says("Отдайте наличными") {
		t.Fatalf("the return is still on the screen: %q", c.Texts())
	}

	// With goods on the receipt the sum is told beside them, and they stay.
	c.scan(sale.ReceiptCode())
	c.press(fyne.KeyRight, fyne.KeyReturn, fyne.KeyReturn)
	c.wantReturned(2, 119_80)
	c.wantSays("Возвращено 59,90", "Хлеб ржаной")
	c.wantLines("Хлеб ржаной 1")
}

// The list tells which sales came back, so that nobody looks for goods in one of which nothing is left.
func TestListMarksWhatCameBack(t *testing.T) {
	c := openShop(t, nil)
	whole, part := c.sell(till.Tender{}, milk), c.sell(till.Tender{}, 2*register.One, milk)
	c.sell(till.Tender{}, bread)
	giveBack := func(sale till.Operation) {
		t.Helper()
		_, err := c.till.Return(t.Context(), till.ReturnOrder{Sale: sale.ID, Wants: []register.Want{{Line: 0, Quantity: register.One}}, Prefer: register.Cash})
		fatal(t, err)
		c.drawn()
		fatal(t, c.Settle())
	}
	wants := func(all, partly int) {
		t.Helper()
		said := strings.Join(c.Texts(), "\n")
		if a, p := strings.Count(said, "возвращена полностью"), strings.Count(said, "возвращена частично"); a != all || p != partly {
			t.Fatalf("%d sales are marked as returned and %d as returned in part, want %d and %d: %q", a, p, all, partly, said)
		}
	}
	giveBack(whole)
	giveBack(part)
	c.press(fyne.KeyF8)
	wants(1, 1)
	giveBack(part)
	wants(2, 0)
}
