package app_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

func TestWrongPINIsToldAndSlowedDown(t *testing.T) {
	c := newCounter(t)
	for range 5 {
		c.Type("1111")
		c.press(fyne.KeyReturn)
	}
	c.wantSays("Неверный PIN")
	c.Type(testPIN)
	c.press(fyne.KeyReturn)
	c.wantSays("Подождите", "Слишком много")
	if c.till.View().Cashier != "" {
		t.Fatal("let in while it should wait")
	}
}

func TestSignInByTouch(t *testing.T) {
	c := newCounter(t)
	for _, d := range testPIN {
		fatal(t, c.Tap(string(d)))
	}
	fatal(t, c.Tap("Войти"))
	if c.till.View().Cashier != "Иванова" {
		t.Fatalf("not signed in; the screen says %q", c.Texts())
	}
	c.wantSays("Смена закрыта")
	fatal(t, c.Tap("Открыть смену"))
	c.wantSays("Отсканируйте товар")
}

func TestScansAreTakenInOrderHoweverFast(t *testing.T) {
	c := openCounter(t)
	for range 20 { // a scanner does not wait for anybody
		c.Scan("4600000000011")
		c.Scan("AB-12")
	}
	fatal(t, c.Settle())
	c.wantLines("Молоко 3,2 % 20", "Хлеб ржаной 20")
}

func TestScanWithRussianLayout(t *testing.T) {
	c := openCounter(t)
	c.scan("ФИ-12")
	c.wantLines("Хлеб ржаной 1")
}

func TestNumberAndAsteriskSetTheQuantity(t *testing.T) {
	c := openCounter(t)
	c.Type("3*")
	c.scan("4600000000011")
	c.scan("AB-12")
	c.wantLines("Молоко 3,2 % 3", "Хлеб ржаной 1")
	c.Type("0,356*")
	c.scan("4600000000035")
	c.wantLines("Молоко 3,2 % 3", "Хлеб ржаной 1", "Яблоки 0.356")
	c.Type("0*")
	c.wantSays("Такое количество не годится")
}

func TestQuantitySurvivesAnUnknownBarcode(t *testing.T) {
	c := openCounter(t)
	c.Type("3*")
	c.scan("4609999999999")
	c.wantSays("Штрихкод 4609999999999 не найден")
	c.scan("4600000000011")
	c.wantLines("Молоко 3,2 % 3")
}

func TestQuantityRemoveClear(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.scan("AB-12")
	c.press(fyne.KeyUp, fyne.KeyF3)
	c.Type("12")
	c.press(fyne.KeyReturn)
	c.wantLines("Молоко 3,2 % 12", "Хлеб ржаной 1")
	c.press(fyne.KeyF3)
	c.Type("0")
	c.press(fyne.KeyReturn)
	c.wantSays("Такое количество не годится")
	c.press(fyne.KeyEscape, fyne.KeyDown, fyne.KeyDelete)
	c.wantLines("Молоко 3,2 % 12")
	c.press(fyne.KeyEscape)
	c.wantSays("Очистить чек?")
	c.press(fyne.KeyEscape)
	c.wantLines("Молоко 3,2 % 12")
	c.press(fyne.KeyEscape, fyne.KeyReturn)
	c.wantLines()
}

func TestSearchAsYouType(t *testing.T) {
	c := openCounter(t)
	c.press(fyne.KeyF2)
	c.Type("хле")
	fatal(t, c.Until("the search", func() bool { return c.Says("AB-12") }))
	c.press(fyne.KeyReturn)
	c.wantLines("Хлеб ржаной 1")
	c.Type("моло") // Enter before the search has begun
	c.press(fyne.KeyReturn)
	c.wantLines("Хлеб ржаной 1", "Молоко 3,2 % 1")
	c.Type("зубр")
	c.press(fyne.KeyReturn)
	c.wantSays("Ничего не нашлось")
}

func TestWeighedGoodsAskHowMuch(t *testing.T) {
	c := openCounter(t)
	fatal(t, c.Tap("Яблоки"))
	c.wantSays("Сколько, кг")
	c.Type("1,25")
	c.press(fyne.KeyReturn)
	c.wantLines("Яблоки 1.25")
}

func TestCashWithKeysAlone(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyReturn)
	c.wantSays("К оплате")
	c.press(fyne.KeyReturn, fyne.KeyReturn) // chooses nothing
	if c.sales() != 0 {
		t.Fatal("sold by Enter alone")
	}
	c.press(fyne.KeyF10)
	c.Type("50")
	c.wantSays("Не хватает")
	c.press(fyne.KeyReturn)
	if c.sales() != 0 {
		t.Fatal("sold for too little")
	}
	c.press(fyne.KeyDelete)
	c.Type("100")
	c.wantSays("40,10")
	c.press(fyne.KeyReturn)
	c.until("the sale", func(v till.View) bool { return v.Last != nil })
	c.wantSays("Продано", "Сдача")
	last := *c.till.View().Last
	if last.Given != 100_00 || last.Change != 40_10 || c.sales() != 1 {
		t.Fatalf("sold %+v", last)
	}
	c.scan("AB-12") // the next buyer
	c.wantLines("Хлеб ржаной 1")
	if c.Says("Продано") {
		t.Fatal("still says sold")
	}
}

func TestCashByTouchAlone(t *testing.T) {
	c := openCounter(t)
	fatal(t, c.Tap("Молоко 3,2 %"))
	fatal(t, c.Tap("Наличные"))
	fatal(t, c.Tap("500"))
	fatal(t, c.Tap("Принять"))
	c.wantSays("Продано", "440,10")
	fatal(t, c.Tap("Следующий покупатель"))
	c.wantSays("Отсканируйте товар")
}

// A cashier who presses Enter too often, or a scanner that reads a code into the payment, must not sell twice or sell
// nonsense.
func TestKeysNeverReachPastAPayment(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	key := c.Window.Fyne().Canvas().OnTypedKey()
	press := func(k fyne.KeyName) { key(&fyne.KeyEvent{Name: k}) }
	press(fyne.KeyF10)
	press(fyne.KeyReturn) // sells
	for range 10 {        // while the sale is on its way to the disk
		press(fyne.KeyReturn)
		press(fyne.KeyF10)
		press(fyne.KeyF11)
	}
	fatal(t, c.Settle())
	if c.sales() != 1 || c.till.View().QR != nil {
		t.Fatalf("%d sales, QR %v", c.sales(), c.till.View().QR)
	}
	c.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyF10, fyne.KeyReturn)
	if c.sales() != 1 {
		t.Fatalf("%d sales of one receipt", c.sales())
	}
}

func TestBarcodeInTheCashFieldSellsNothing(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF10)
	for _, code := range []string{"4600000000011", "46000011"} {
		c.scan(code)
		if c.sales() != 0 {
			t.Fatalf("%s was taken for money", code)
		}
	}
	c.scan("AB-12") // the letters are a code, and the Enter is a part of it
	if c.sales() != 0 {
		t.Fatal("the Enter of a scan was taken for the cashier's")
	}
	c.wantLines("Молоко 3,2 % 1")
}

func TestBarcodeInTheQuantityFieldChangesNothing(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF3)
	c.scan("4600000000035")
	c.wantLines("Молоко 3,2 % 1")
	c.wantSays("Код 4600000000035 не добавлен")
	c.Type("4")
	c.press(fyne.KeyReturn)
	c.wantLines("Молоко 3,2 % 4")
}

func TestScanWhileAQuestionIsAskedIsTold(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyEscape) // clear?
	c.scan("AB-12")
	c.wantSays("Код AB-12 не добавлен", "Очистить чек?")
	c.wantLines("Молоко 3,2 % 1")
}

func TestEmptyCartIsTold(t *testing.T) {
	c := openCounter(t)
	c.press(fyne.KeyReturn)
	c.wantSays("Чек пуст")
	c.press(fyne.KeyF10)
	c.wantSays("Чек пуст")
	c.press(fyne.KeyF11)
	c.wantSays("Чек пуст")
}

func TestQRIsPaid(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF11)
	c.until("the code", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	c.wantSays("Ждём оплату", "59,90")
	c.scan("AB-12")
	c.wantLines("Молоко 3,2 % 1")
	c.press(fyne.KeyF8) // the practice buyer
	c.until("the sale", func(v till.View) bool { return v.Last != nil })
	c.wantSays("Продано", "Оплачено")
	if m := c.till.View().Last.Method; m != register.QR {
		t.Fatalf("sold by %s", m)
	}
}

func TestQRIsCancelledAndTheReceiptStays(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF11)
	c.until("the code", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	c.press(fyne.KeyEscape)
	c.wantSays("Отменить оплату?")
	c.press(fyne.KeyEscape)
	if c.Says("Отменить оплату?") {
		t.Fatal("the question stays")
	}
	c.press(fyne.KeyEscape, fyne.KeyReturn)
	c.until("the cancel", func(v till.View) bool { return v.QR != nil && v.QR.Done })
	if s := c.till.View().QR.State; s != banks.StateCancelled {
		t.Fatalf("state %s", s)
	}
	c.wantSays("Платёж отменён")
	c.press(fyne.KeyF10, fyne.KeyReturn)
	c.until("the sale", func(v till.View) bool { return v.Last != nil })
	if c.sales() != 1 || c.till.View().Last.Method != register.Cash {
		t.Fatalf("sold %+v", c.till.View().Last)
	}
}

func TestQROnHold(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF11)
	c.until("the code", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	c.press(fyne.KeyF6)
	c.until("the hold", func(v till.View) bool { return v.QR == nil && len(v.Parked) == 1 })
	c.wantSays("Отложено: 1")
	c.scan("AB-12")
	c.press(fyne.KeyF10, fyne.KeyReturn)
	c.until("the sale to the next buyer", func(v till.View) bool { return v.Last != nil })
	c.press(fyne.KeyReturn, fyne.KeyF7)
	c.wantSays("Отложенные чеки и платежи")
	c.choose("1")
	c.until("the payment on the screen", func(v till.View) bool { return v.QR != nil })
	c.press(fyne.KeyF8)
	c.until("the sale", func(v till.View) bool { return v.Shift.Totals.Sales.Count == 2 })
}

func TestHistoryAndClosingTheShift(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF10, fyne.KeyReturn)
	c.until("the sale", func(v till.View) bool { return v.Last != nil })
	c.press(fyne.KeyReturn, fyne.KeyF12)
	c.choose("6")
	c.wantSays("История операций", "Продажа № 1", "Открытие смены", "Молоко 3,2 %")
	c.press(fyne.KeyF5)
	c.wantSays("Принтер не подключён")
	c.press(fyne.KeyDown)
	c.wantSays("Наличных на начало")
	c.press(fyne.KeyEscape)

	c.scan("AB-12")
	c.press(fyne.KeyF12)
	c.choose("4")
	c.wantSays("В чеке есть товары")
	c.press(fyne.KeyDelete, fyne.KeyF12)
	c.choose("4")
	c.wantSays("Закрыть смену № 1?", "59,90")
	c.press(fyne.KeyReturn)
	c.until("the shift to be closed", func(v till.View) bool { return !v.Shift.Open })
	c.wantSays("Смена закрыта", "Открыть смену")
	c.scan("AB-12")
	c.wantSays("Чтобы продавать, откройте смену")
}

func TestLanguageAndColoursChangeAtOnce(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.Type("7*12")
	c.press(fyne.KeyF12)
	c.choose("0")
	c.wantSays("Total", "7 ×")
	c.press(fyne.KeyF12, fyne.KeyF2)
	c.wantSays("Total", "7 ×")
	c.press(fyne.KeyF12)
	c.wantSays("Light colours")
	c.press(fyne.KeyEscape, fyne.KeyBackspace, fyne.KeyBackspace)
	c.scan("AB-12")
	c.wantLines("Молоко 3,2 % 1", "Хлеб ржаной 7")
}

func TestStatusSaysWhatCanBeDone(t *testing.T) {
	c := openCounter(t)
	for gauge, says := range map[string]string{"Сервер": "Сервер не подключён", "Принтер": "Принтер не подключён", "Смена № 1": "Закрыть смену", "Кассир": "Сменить кассира"} {
		fatal(t, c.Tap(gauge))
		c.wantSays(says)
		c.press(fyne.KeyEscape)
	}
	if err := c.Until("the bank", func() bool { return c.till.View().Bank.Link == till.LinkUp }); err != nil {
		t.Fatal(err)
	}
	fatal(t, c.Tap("Банк (QR)"))
	c.wantSays("Оплата по QR работает", "сама касса")
}

// The window's own share of the time between a key and the picture has to stay small.
func BenchmarkScanToLine(b *testing.B) {
	v := withBasket(12)
	p := &posed{view: v, goods: shelf()}
	s := openPosed(b, p)
	for b.Loop() {
		p.view.Revision++
		p.view.Lines = append(p.view.Lines[:11:11], p.view.Lines[11])
		p.view.Lines[11].Quantity += register.One
		s.Scan("4600000000011")
		if err := s.Settle(); err != nil {
			b.Fatal(err)
		}
	}
}

// The code of loose goods says no weight: one kilogram would be a guess at the buyer's cost.
func TestScannedGoodsByWeightAskHowMuch(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000035")
	c.wantSays("Сколько, кг")
	c.press(fyne.KeyEscape)
	c.wantLines()
	c.scan("4600000000035")
	c.Type("1,25")
	c.press(fyne.KeyReturn)
	c.wantLines("Яблоки 1.25")
	c.Type("2*") // a quantity that was named before the scan is the weight
	c.scan("4600000000035")
	c.wantLines("Яблоки 1.25", "Яблоки 2")
}
