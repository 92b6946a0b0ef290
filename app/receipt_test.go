package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app"
	"kassa/app/till"
	"kassa/register"
)

func (c *counter) total() register.Money { return c.till.View().Total }

func (c *counter) wantTotal(want register.Money) {
	c.t.Helper()
	if got := c.total(); got != want {
		c.t.Fatalf("the receipt comes to %s, want %s; the screen says %q", got, want, c.Texts())
	}
}

func (c *counter) wantTop(want string) {
	c.t.Helper()
	if got := c.Window.Top(); got != want {
		c.t.Fatalf("%q has the keys, want %q; the screen says %q", got, want, c.Texts())
	}
}

func TestDiscountOnTheReceiptByKeys(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.scan("AB-12")
	c.press(fyne.KeyF4)
	c.Type("5")
	c.wantSays("-5,27", "100,13")
	c.press(fyne.KeyReturn)
	c.wantTotal(100_13)
	c.wantSays("Скидка 5 %", "Без скидки 105,40")
	c.press(fyne.KeyF4)
	c.Type("50")
	c.press(fyne.KeyReturn)
	c.wantSays("Такая скидка не разрешена", "10 %")
	c.wantTotal(100_13)
	c.press(fyne.KeyF9)
	c.wantTop("sale")
	c.wantTotal(105_40)
}

func TestDiscountOnALineByTouch(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.scan("AB-12")
	fatal(t, c.Tap("Скидка"))
	fatal(t, c.Tap("На строку"))
	c.wantSays("Скидка на строку", "Хлеб ржаной")
	fatal(t, c.Tap("Сумма"))
	for _, key := range []string{"4", ",", "5"} {
		fatal(t, c.Tap(key))
	}
	fatal(t, c.Tap("Готово"))
	c.wantTotal(100_90)
	c.wantSays("скидка 4,50")
	if d := c.till.View().Lines[1].Discount; d.Sum != 4_50 {
		t.Fatalf("the line has %+v", d)
	}
	fatal(t, c.Tap("Скидка"))
	fatal(t, c.Tap("3 %")) // on the receipt, at once
	if d := c.till.View().Discount; d.Percent != 300 {
		t.Fatalf("the receipt has %+v; the screen says %q", d, c.Texts())
	}
	fatal(t, c.Tap("Скидка 3 %")) // what belongs to the receipt goes away by a touch
	if d := c.till.View().Discount; !d.IsZero() {
		t.Fatalf("the receipt has %+v", d)
	}
}

func TestTabOfADiscountForgetsWhatWasTyped(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF4)
	c.Type("7")
	c.press(fyne.KeyF8) // a sum: 7 % is not 7 roubles
	c.press(fyne.KeyReturn)
	c.wantSays("Число не введено")
	c.wantTotal(59_90)
	c.press(fyne.KeyEscape)
	c.wantTop("sale")
}

func TestLineOpensByASecondTouchAndBySpace(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.scan("AB-12")
	fatal(t, c.Tap("1.  1 шт × 59,90 ₽"))
	c.wantTop("sale")
	fatal(t, c.Tap("1.  1 шт × 59,90 ₽"))
	c.wantTop("line")
	fatal(t, c.Tap("Ещё раз"))
	c.wantLines("Молоко 3,2 % 2", "Хлеб ржаной 1")
	c.Type(" ")
	c.wantTop("line")
	c.press(fyne.KeyDelete)
	c.wantLines("Хлеб ржаной 1")
	c.Type(" ")
	c.scan("4600000000011")
	c.wantSays("Код 4600000000011 не добавлен")
	c.wantLines("Хлеб ржаной 1")
	c.wantTop("line")
}

func TestSpaceInsideAWordIsAWord(t *testing.T) {
	c := openCounter(t)
	c.scan("AB-12")
	c.Type("хлеб рж")
	c.wantTop("sale")
	c.press(fyne.KeyReturn)
	c.wantLines("Хлеб ржаной 2")
}

func TestPriceNeedsLeave(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.Type(" ")
	c.choose("3")
	c.Type("50")
	c.press(fyne.KeyReturn)
	c.wantSays("Нужно разрешение", "Изменить цену")
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	c.wantTop("sale")
	c.wantTotal(50_00)
	c.wantSays("своя цена")
}

func TestPriceStaysWhenLeaveIsRefused(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.Type(" ")
	c.choose("3")
	c.Type("50")
	c.press(fyne.KeyReturn, fyne.KeyEscape)
	c.wantSays("Нужно разрешение старшего")
	c.wantTotal(59_90)
	c.wantTop("price")
}

func TestCommentsOfALineAndOfTheReceipt(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.Type(" ")
	c.choose("4")
	c.Type("без пакета")
	c.press(fyne.KeyReturn)
	c.wantSays("без пакета")
	c.Type(" ")
	c.choose("7")
	c.Type("для Петра")
	c.press(fyne.KeyReturn)
	v := c.till.View()
	if v.Lines[0].Comment != "без пакета" || v.Comment != "для Петра" {
		t.Fatalf("%q, %q", v.Lines[0].Comment, v.Comment)
	}
	fatal(t, c.Tap("для Петра"))
	if text := c.till.View().Comment; text != "" {
		t.Fatalf("the receipt still says %q", text)
	}
}

func TestReceiptIsPutAsideAndTakenBack(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF6)
	c.Type("Пётр")
	c.press(fyne.KeyReturn)
	c.wantLines()
	c.wantSays("Чек отложен", "Отложено: 1")
	c.scan("AB-12")
	c.press(fyne.KeyF6, fyne.KeyReturn) // with no name
	c.wantSays("Отложено: 2")
	c.scan("AB-12")
	c.press(fyne.KeyF7)
	c.wantSays("Пётр", "Чек без названия", "Иванова")
	c.wantSays("В чеке на экране 1 позиция", "будет отложен без названия")
	c.press(fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn)
	c.wantLines("Молоко 3,2 % 1")
	c.wantSays("Чек отложен", "Отложено: 2")
	c.press(fyne.KeyDelete)
	fatal(t, c.Tap("Отложено: 2"))
	if c.Says("будет отложен") {
		t.Fatalf("an empty receipt is put aside: %q", c.Texts())
	}
	c.choose("1")
	c.wantLines("Хлеб ржаной 1")
	c.press(fyne.KeyDelete)
	c.press(fyne.KeyF7)
	c.choose("1")
	c.wantLines("Хлеб ржаной 1")
	c.press(fyne.KeyDelete)
	c.press(fyne.KeyF7)
	c.wantSays("Отложенных чеков и платежей нет")
}

func TestScanIntoTheListOfHeldReceiptsIsTold(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF6, fyne.KeyReturn, fyne.KeyF7)
	c.scan("4600000000011")
	c.wantSays("Код 4600000000011 не добавлен")
	c.wantTop("held")
	c.wantLines()
}

func TestCustomersCardIsScanned(t *testing.T) {
	c := openCounter(t)
	fatal(t, c.till.Leave(t.Context(), ownerPIN, till.RightCustomers))
	_, err := c.till.SaveCustomer(t.Context(), register.Customer{Name: "Пётр Первый", Card: "2900000000018", Discount: 1000})
	fatal(t, err)
	c.scan("4600000000011")
	c.scan("2900000000018")
	c.wantSays("Покупатель: Пётр Первый, скидка 10 %", "Без скидки 59,90")
	c.wantTotal(53_91)
	fatal(t, c.Tap("10 % Пётр Первый"))
	c.wantTotal(59_90)
}

func TestScanOfAReceiptOpensIt(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF10, fyne.KeyReturn)
	c.until("the sale", func(v till.View) bool { return v.Last != nil })
	op, err := c.till.Find(t.Context(), till.Search{Kinds: []register.Kind{register.KindSale}}, 0, 1)
	fatal(t, err)
	c.scan(op[0].ReceiptCode())
	if top := c.Window.Top(); top == "sale" {
		t.Fatalf("the receipt was not opened; the screen says %q", c.Texts())
	}
	c.wantSays("Молоко 3,2 %")
}

func TestFreePriceIsAskedFor(t *testing.T) {
	flowers := register.Product{ID: "f", Barcodes: []string{"4600000000042"}, Name: "Букет", Group: "Цветы", Unit: register.Piece, FreePrice: true, VAT: register.VAT22}
	c := openCounterIn(t, world{goods: []register.Product{milk, flowers}})
	c.Type("2*")
	c.scan("4600000000042")
	c.wantSays("Введите цену", "Букет")
	c.scan("4600000000011")
	c.wantSays("Код 4600000000011 не добавлен")
	c.wantLines()
	c.Type("250")
	c.wantSays("500,00")
	c.press(fyne.KeyReturn)
	c.wantLines("Букет 2")
	c.wantTotal(500_00)
	c.press(fyne.KeyDelete)
	fatal(t, c.Tap("Букет"))
	c.wantTop("price")
}

func TestStockIsShownWarnedOfAndForbidden(t *testing.T) {
	one := register.One
	few := register.Product{ID: "few", Barcodes: []string{"4600000000059"}, Name: "Редкое", Unit: register.Piece, Price: 10_00, VAT: register.VAT22, Stock: &one}
	in := func(s till.StockControl) world {
		return world{goods: []register.Product{few}, settings: func(t *till.Settings) { t.Stock = s }}
	}
	t.Run("off", func(t *testing.T) {
		if c := openCounterIn(t, in(till.StockOff)); slices.Contains(c.Texts(), "1\u00a0шт") || slices.Contains(c.Texts(), "1 шт") {
			t.Fatalf("the screen says %q", c.Texts())
		}
	})
	t.Run("show", func(t *testing.T) {
		c := openCounterIn(t, in(till.StockShow))
		c.wantSays("1 шт")
		c.scan("4600000000059")
		c.scan("4600000000059")
		c.wantLines("Редкое 2")
		if c.Says("Остатка не хватает") {
			t.Fatal("warned where nobody asked for it")
		}
		c.press(fyne.KeyF10, fyne.KeyReturn)
		c.until("the sale", func(v till.View) bool { return v.Last != nil })
		c.wantSays("-1 шт") // on its tile
	})
	t.Run("warn", func(t *testing.T) {
		c := openCounterIn(t, in(till.StockWarn))
		c.scan("4600000000059")
		if c.Says("Остатка не хватает") {
			t.Fatal("warned of what there is")
		}
		c.scan("4600000000059")
		c.wantLines("Редкое 2")
		c.wantSays("Остатка не хватает", "есть 1 шт")
	})
	t.Run("forbid", func(t *testing.T) {
		c := openCounterIn(t, in(till.StockForbid))
		c.scan("4600000000059")
		c.scan("4600000000059")
		c.wantLines("Редкое 1")
		c.wantSays("Столько нет в наличии")
	})
}

func TestGroupsAreATree(t *testing.T) {
	cheese := register.Product{ID: "cheese", Barcodes: []string{"4600000000066"}, Name: "Сыр", Group: "Еда/Молочное", Unit: register.Piece, Price: 10_00, VAT: register.VAT22}
	c := openCounterIn(t, world{goods: []register.Product{cheese, bread}})
	fatal(t, c.Tap("Еда"))
	c.wantSays("Молочное")
	if c.Says("Хлеб ржаной") {
		t.Fatalf("shows goods of another group: %q", c.Texts())
	}
	fatal(t, c.Tap("Молочное"))
	fatal(t, c.Tap("Сыр"))
	c.wantLines("Сыр 1")
	fatal(t, c.Tap("Еда")) // the way back
	c.wantSays("Молочное")
	fatal(t, c.Tap("Все"))
	c.wantSays("Хлеб")
}

func TestFavouritesComeFirst(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.Type(" ")
	c.choose("6")
	c.wantSays("Товар в избранном")
	fatal(t, c.Tap("Избранное"))
	if c.Says("Яблоки") {
		t.Fatalf("shows more than the favourites: %q", c.Texts())
	}
	c.press(fyne.KeyDelete)
	fatal(t, c.Tap("Молоко 3,2 %"))
	c.wantLines("Молоко 3,2 % 1")
	c.Type(" ")
	fatal(t, c.Tap("Из избранного"))
	c.wantSays("Избранных товаров ещё нет")
}

func TestLongTouchTellsAboutGoods(t *testing.T) {
	now := noon
	s := openPosedAt(t, &posed{view: standing(), goods: stocked()}, func() time.Time { return now })
	if err := s.Hold("Кефир 1 %", func() { now = now.Add(time.Second) }); err != nil {
		t.Fatal(err)
	}
	if top := s.Window.Top(); top != "product" || !s.Says("МЛ-0012/345") || !s.Says("[В избранное]") {
		t.Fatalf("%q has the keys; the screen says %q", top, s.Texts())
	}
	if err := s.Press(fyne.KeyEscape); err != nil {
		t.Fatal(err)
	}
	if err := s.Hold("Кефир 1 %", func() { now = now.Add(100 * time.Millisecond) }); err != nil {
		t.Fatal(err)
	}
	if top := s.Window.Top(); top != "sale" {
		t.Fatalf("a short touch opened %q", top)
	}
}

func TestQuantityOfTheNextThingByTouch(t *testing.T) {
	c := openCounter(t)
	fatal(t, c.Tap("× кол-во"))
	fatal(t, c.Tap("4"))
	fatal(t, c.Tap("Готово"))
	c.wantSays("4 ×")
	fatal(t, c.Tap("Молоко 3,2 %"))
	c.wantLines("Молоко 3,2 % 4")
}

func TestSounds(t *testing.T) {
	var heard []app.Sound
	in := world{sound: func(s app.Sound) { heard = append(heard, s) }}
	c := openCounterIn(t, in)
	c.scan("4600000000011")
	c.scan("4609999999999")
	c.press(fyne.KeyEscape, fyne.KeyF3)
	c.scan("4600000000011") // into a question
	c.press(fyne.KeyEscape, fyne.KeyF10, fyne.KeyReturn)
	c.until("the sale", func(v till.View) bool { return v.Last != nil })
	if want := []app.Sound{app.SoundScan, app.SoundUnknown, app.SoundError, app.SoundSold}; !slices.Equal(heard, want) {
		t.Fatalf("heard %q, want %q", heard, want)
	}
	heard = nil
	in.settings = func(s *till.Settings) { s.Sounds = false }
	c = openCounterIn(t, in)
	c.scan("4600000000011")
	c.scan("4609999999999")
	if len(heard) > 0 {
		t.Fatalf("heard %q in a shop that wants no sounds", heard)
	}
}

// Whatever a scanner or a cat on the keyboard types, the receipt holds what can be sold, and the cashier is told.
func TestBadInputIsTold(t *testing.T) {
	for _, c := range []struct{ name, typed, says string }{
		{"a quantity of nothing", "0*", "Такое количество не годится"},
		{"a quantity of 10^12", "1000000000000*", "Такое количество не годится"},
		{"a quantity below zero is a word", "-1*4600000000011", "не найден"},
		{"a barcode of 4 KB", strings.Repeat("4600000000011", 320), "не найден"},
		{"control characters", "46\x00\x1b\x7f00000000099", "4600000000099 не найден"},
		{"what is no text", "\ufffd\ufffd460000099", "460000099 не найден"},
	} {
		t.Run(c.name, func(t *testing.T) {
			counter := openCounter(t)
			counter.scan("AB-12")
			counter.scan(c.typed)
			fatal(t, counter.Until(c.says, func() bool { return counter.Says(c.says) }))
			counter.wantLines("Хлеб ржаной 1")
			if counter.Window.Top() != "sale" { // the Enter after no code asks for the money
				counter.press(fyne.KeyEscape)
			}
			counter.scan("4600000000011")
			counter.wantLines("Хлеб ржаной 1", "Молоко 3,2 % 1")
		})
	}
}

func TestAbsurdQuantitiesOfALineAreTold(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	for _, typed := range []string{"0", "00", "1000000000000"} {
		c.press(fyne.KeyF3)
		c.Type(typed)
		c.press(fyne.KeyReturn)
		c.wantLines("Молоко 3,2 % 1")
		c.press(fyne.KeyEscape)
	}
	c.press(fyne.KeyF3)
	c.Type("99999")
	c.press(fyne.KeyReturn)
	c.wantLines("Молоко 3,2 % 99999")
	c.press(fyne.KeyF3)
	c.Type("-5") // the minus is no part of a number
	c.press(fyne.KeyReturn)
	c.wantSays("не добавлен")
	c.wantLines("Молоко 3,2 % 99999")
}

func TestTwoScansInOneBreath(t *testing.T) {
	c := openCounter(t)
	c.Scan("4600000000011")
	c.Scan("AB-12")
	c.Scan("4600000000011")
	fatal(t, c.Settle())
	c.wantLines("Молоко 3,2 % 2", "Хлеб ржаной 1")
}

func TestScanInTheMiddleOfTyping(t *testing.T) {
	c := openCounter(t)
	c.Type("хле")
	c.scan("4600000000011")
	c.wantSays("Ничего не нашлось")
	c.wantLines()
	c.press(fyne.KeyEscape)
	c.scan("4600000000011")
	c.wantLines("Молоко 3,2 % 1")
}
