package app_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/register"
)

// sold waits for an operation to be on the disk and gives it.
func (c *counter) sold() till.Sold {
	c.t.Helper()
	c.until("the sale", func(v till.View) bool { return v.Last != nil })
	return *c.till.View().Last
}

func TestCardByKeys(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF9)
	c.wantSays("Оплата картой", "59,90", "Одобрено")
	c.Type("123456")
	c.press(fyne.KeyReturn) // ends the number
	if c.sales() != 0 {
		t.Fatal("the Enter behind the slip's number was taken for the terminal's approval")
	}
	c.press(fyne.KeyReturn)
	s := c.sold()
	if s.Method != register.Card || s.Total != 59_90 || s.Payments[0].Slip != "123456" {
		t.Fatalf("sold %+v", s)
	}
	c.wantSays("Продано", "слип 123456")
}

func TestCardByTouch(t *testing.T) {
	c := openCounter(t)
	fatal(t, c.Tap("Молоко 3,2 %"))
	fatal(t, c.Tap("Карта"))
	fatal(t, c.Tap("7"))
	fatal(t, c.Tap("Одобрено"))
	if s := c.sold(); s.Method != register.Card || s.Payments[0].Slip != "7" {
		t.Fatalf("sold %+v", s)
	}
}

func TestScansSellNothingByCard(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF9)
	for range 3 {
		c.scan("4600000000011")
		c.wantSays("Код 4600000000011 не добавлен")
		c.scan("46000011")
		c.scan("AB-12")
	}
	if c.sales() != 0 {
		t.Fatal("a scan was taken for the terminal's approval")
	}
	c.press(fyne.KeyEscape)
	c.wantTop("sale")
	c.wantLines("Молоко 3,2 % 1")
}

func TestNoCardsWhereThereIsNoTerminal(t *testing.T) {
	c := openCounterIn(t, world{settings: func(s *till.Settings) { s.Card = false }})
	c.scan("4600000000011")
	if c.Says("[Карта]") {
		t.Fatal("cards are offered")
	}
	c.press(fyne.KeyF9)
	c.wantSays("Карты здесь не принимают")
	c.press(fyne.KeyReturn)
	if c.Says("Карта и наличные") {
		t.Fatal("cards are offered")
	}
}

func TestCardAndCashByKeys(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.scan("AB-12") // 105.40
	c.press(fyne.KeyReturn, fyne.KeyF8)
	c.Type("200")
	c.press(fyne.KeyReturn)
	c.wantSays("Картой может быть часть от")
	c.press(fyne.KeyDelete)
	c.Type("50")
	c.wantSays("55,40")
	c.press(fyne.KeyReturn)
	c.Type("20")
	c.press(fyne.KeyReturn)
	c.wantSays("Не хватает 35,40")
	c.scan("4600000000011")
	c.wantSays("4600000000011 не добавлен")
	c.Type("100")
	c.wantSays("44,60")
	c.press(fyne.KeyReturn)
	s := c.sold()
	if s.Total != 105_40 || s.Change != 44_60 || len(s.Payments) != 2 || s.Payments[0].Amount != 50_00 {
		t.Fatalf("sold %+v", s)
	}
	c.wantSays("Сдача", "44,60", "Карта 50,00")
}

func TestCardAndCashByTouch(t *testing.T) {
	c := openCounter(t)
	fatal(t, c.Tap("Молоко 3,2 %"))
	c.press(fyne.KeyReturn)
	fatal(t, c.Tap("Карта и наличные"))
	fatal(t, c.Tap("9"))
	fatal(t, c.Tap("Дальше"))
	fatal(t, c.Tap("Принять")) // exactly the rest
	if s := c.sold(); s.Payments[0].Amount != 9_00 || s.Given != 50_90 || s.Change != 0 {
		t.Fatalf("sold %+v", s)
	}
}

func TestPrepaidOrderFromTheFirstPaymentToItsHandover(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.scan("AB-12") // 105.40
	c.press(fyne.KeyReturn, fyne.KeyF6)
	c.wantSays("Чей это заказ?")
	c.Type("Пётр")
	c.press(fyne.KeyReturn)
	c.wantSays("Заказ на 105,40")
	c.Type("200")
	c.press(fyne.KeyReturn)
	c.wantSays("Нужно число от")
	c.press(fyne.KeyDelete)
	c.Type("100")
	c.wantSays("5,40")
	c.press(fyne.KeyReturn, fyne.KeyF10)
	c.Type("500")
	c.press(fyne.KeyReturn)
	s := c.sold()
	if s.Kind != register.KindPrepayment || s.Total != 100_00 || s.Change != 400_00 {
		t.Fatalf("took %+v", s)
	}
	c.wantSays("Предоплата принята", "400,00")

	c.press(fyne.KeyReturn)
	fatal(t, c.till.HandOver(t.Context(), s.ID))
	c.until("the order", func(v till.View) bool { return v.Order != nil })
	c.wantSays("К доплате", "5,40", "Весь заказ 105,40", "-100,00")
	c.press(fyne.KeyF3)
	c.wantSays("Состав заказа не меняется")
	c.press(fyne.KeyF10)
	c.Type("10")
	c.press(fyne.KeyReturn)
	c.until("the handover", func(v till.View) bool { return v.Last != nil && v.Last.Kind == register.KindSale })
	if s := c.till.View().Last; s.Total != 105_40 || s.Change != 4_60 {
		t.Fatalf("handed over %+v", s)
	}
}

func TestOrderThatIsPaidInFullIsHandedOver(t *testing.T) {
	c := openCounter(t)
	c.scan("AB-12")
	c.press(fyne.KeyReturn, fyne.KeyF6)
	c.Type("Анна")
	c.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyF9, fyne.KeyReturn) // all of it, by card
	s := c.sold()
	c.press(fyne.KeyReturn)
	fatal(t, c.till.HandOver(t.Context(), s.ID))
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyF10, fyne.KeyF9} {
		c.until("the order", func(v till.View) bool { return v.Order != nil })
		c.press(key)
		c.wantSays("Выдать заказ?")
		c.press(fyne.KeyEscape)
	}
	c.press(fyne.KeyF10, fyne.KeyReturn)
	c.until("the handover", func(v till.View) bool { return v.Last != nil && v.Last.Kind == register.KindSale })
	if drawer := c.till.View().Shift.Totals.CashEnd; drawer != 0 {
		t.Fatalf("the drawer holds %s", drawer)
	}
	c.wantSays("Продано", "45,50")
}

func TestKeysPressedTwiceTakeOnePrepayment(t *testing.T) {
	c := openCounter(t)
	c.scan("AB-12")
	c.press(fyne.KeyReturn, fyne.KeyF6)
	c.Type("Анна")
	c.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyF10)
	key := c.Window.Fyne().Canvas().OnTypedKey()
	for range 5 {
		key(&fyne.KeyEvent{Name: fyne.KeyReturn})
		key(&fyne.KeyEvent{Name: fyne.KeyF10})
	}
	fatal(t, c.Settle())
	c.sold()
	if n := c.till.View().Shift.Totals.Prepayments.Count; n != 1 {
		t.Fatalf("%d prepayments", n)
	}
}

func TestNotesOfTheShop(t *testing.T) {
	c := openCounterIn(t, world{settings: func(s *till.Settings) { s.Notes = []register.Money{700_00} }})
	c.scan("4600000000011")
	c.press(fyne.KeyF10)
	fatal(t, c.Tap("700"))
	c.wantSays("640,10")
	if c.Says("[500]") {
		t.Fatalf("the screen says %q", c.Texts())
	}
}

// Eight digits are a sum that can be typed, but not as fast as a scanner types an EAN-8.
func TestShortBarcodeIsNoSum(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF4, fyne.KeyF8)
	c.scan("46000011")
	c.wantSays("Код 46000011 не добавлен")
	c.wantTop("discount")
	c.wantTotal(59_90)
}

func TestHeldListOpensOnce(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF6, fyne.KeyReturn)
	key := c.Window.Fyne().Canvas().OnTypedKey()
	key(&fyne.KeyEvent{Name: fyne.KeyF7})
	key(&fyne.KeyEvent{Name: fyne.KeyF10}) // meant for the sale, and no sale is there
	fatal(t, c.Settle())
	c.wantTop("held")
	c.press(fyne.KeyEscape)
	c.wantTop("sale")
}

// A scan while the payment is chosen pays nothing and is told.
func TestScanOverThePaymentChoiceIsTold(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyReturn)
	c.scan("AB-12")
	c.wantSays("Код AB-12 не добавлен")
	c.wantTop("payment")
	c.wantLines("Молоко 3,2 % 1")
}

// What a dialog asks stays when the language is changed under it.
func TestLanguageChangesUnderAQuestion(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF4)
	c.Type("7")
	c.Window.SetLanguage("en")
	c.wantSays("Discount on the receipt", "7%")
	c.press(fyne.KeyReturn)
	c.wantTotal(55_71)
	c.press(fyne.KeyReturn, fyne.KeyF8)
	c.Type("20")
	c.Window.SetLanguage("ru")
	c.wantSays("Картой", "20")
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	if s := c.sold(); s.Given != 35_71 {
		t.Fatalf("sold %+v", s)
	}
}

// The Enter that pays may bounce, or be pressed in a burst: the change stays on the screen, and after that on the receipt.
func TestSoldOutlivesABurstOfEnters(t *testing.T) {
	now := noon
	s := openPosedAt(t, &posed{view: soldAs(register.KindSale, register.Payment{Method: register.Cash, Amount: 864_15, Given: 1000_00, Change: 135_85})},
		func() time.Time { return now })
	press := func(key fyne.KeyName) {
		s.Press(key)
		fatal(t, s.Settle())
	}
	for range 3 {
		press(fyne.KeyReturn)
		now = now.Add(200 * time.Millisecond)
	}
	if !s.Says("Следующий покупатель") || !s.Says("135,85") {
		t.Fatalf("the change is gone: %q", s.Texts())
	}
	now = now.Add(200 * time.Millisecond)
	press(fyne.KeyReturn)
	if s.Says("Следующий покупатель") || !s.Says("Последняя сдача: 135,85") {
		t.Fatalf("after Enter: %q", s.Texts())
	}
}

// Only Enter is held back: any other key is meant for the next buyer.
func TestSoldGoesAwayAtOnceForOtherKeys(t *testing.T) {
	s := openPosed(t, &posed{view: soldAs(register.KindReturn, register.Payment{Method: register.Cash, Amount: 59_90})})
	if !s.Says("Возврат записан") {
		t.Fatalf("not told: %q", s.Texts())
	}
	s.Press(fyne.KeyEscape)
	fatal(t, s.Settle())
	if s.Says("Возврат записан") || !s.Says("Последний возврат: 59,90") {
		t.Fatalf("after Esc: %q", s.Texts())
	}
}
