package app_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/tbank/tbanksim"
	"kassa/register"
)

// sellByQR sells one thing by QR and puts "sold" away.
func (c *counter) sellByQR(code string) {
	c.t.Helper()
	c.scan(code)
	c.press(fyne.KeyF11)
	c.payCode()
	c.until("the sale", func(v till.View) bool { return v.Last != nil && v.Last.Kind == register.KindSale })
	c.press(fyne.KeyReturn)
}

// payCode plays the buyer.
func (c *counter) payCode() {
	c.t.Helper()
	c.until("the code", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	c.press(fyne.KeyF8)
}

func (c *counter) wantBack(count int64, sum register.Money) {
	c.t.Helper()
	c.until("the return", func(v till.View) bool { return v.Shift.Totals.Returns.Count == count })
	if r := c.till.View().Shift.Totals.Returns; r.QR != sum || r.Cash != 0 {
		c.t.Fatalf("returned %+v, want %s by QR", r, sum)
	}
}

func TestMoneyGoesBackByQRByKeys(t *testing.T) {
	c := openCounter(t)
	c.sellByQR("4600000000011")
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6)
	c.wantSays("На счёт, через банк")
	c.press(fyne.KeyReturn)
	c.wantSays("Из ящика ничего не выдавайте")
	c.press(fyne.KeyReturn)
	c.wantBack(1, 59_90)
	c.wantTop("sale")
	c.wantSays("Возврат записан", "Деньги вернул банк", "59,90")
	c.press(fyne.KeyEscape)
	c.wantSays("Отсканируйте товар")
}

func TestMoneyGoesBackByQRByTouch(t *testing.T) {
	c := openCounter(t)
	c.sellByQR("4600000000011")
	fatal(t, c.Tap("Возврат"))
	fatal(t, c.Tap("Вернуть товар"))
	fatal(t, c.Tap("Всё"))
	fatal(t, c.Tap("Брак"))
	fatal(t, c.Tap("Вернуть по QR"))
	fatal(t, c.Tap("Вернуть по QR")) // the question's button is on top
	c.wantBack(1, 59_90)
	if r, err := c.newest().Return(); err != nil || r.Reason != "Брак" {
		t.Fatalf("returned %+v, %v", r, err)
	}
}

// A refund that the bank takes its time for is put aside; the next buyer is served, and the return is told beside the
// goods.
func TestRefundIsPutAsideAndDoneBesideTheNextReceipt(t *testing.T) {
	c := openCounterIn(t, world{refunds: time.Hour})
	c.sellByQR("4600000000011")
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6, fyne.KeyReturn, fyne.KeyReturn)
	c.until("the bank's word", func(v till.View) bool { return v.Back != nil && v.Back.State == till.BackPending })
	c.wantTop("moneyback")
	c.wantSays("Банк возвращает деньги", "По чеку № 1", "Молоко 3,2 %", "Прошло")
	c.scan("4600000000011")
	c.wantSays("Код 4600000000011 не добавлен")
	c.press(fyne.KeyF6)
	c.until("the refund in the background", func(v till.View) bool { return v.Back == nil && len(v.Backs) == 1 })
	c.wantTop("sale")
	c.wantSays("Возврат отложен", "Отложено: 1")
	c.scan("AB-12")
	c.press(fyne.KeyF7)
	c.wantSays("Возврат по чеку № 1", "Банк возвращает деньги")
	c.press(fyne.KeyReturn)
	c.until("the refund on the screen", func(v till.View) bool { return v.Back != nil })
	c.wantLines("Хлеб ржаной 1")
	c.press(fyne.KeyEscape)
	c.until("the refund in the background", func(v till.View) bool { return v.Back == nil })
	c.moveAhead(2 * time.Hour)
	c.wantBack(1, 59_90)
	c.wantSays("Возвращено 59,90", "Деньги вернул банк")
	c.wantLines("Хлеб ржаной 1")
}

func TestRefusedRefundIsSentAgainOrGivenUp(t *testing.T) {
	c := openCounter(t)
	c.sellByQR("4600000000011")
	fatal(t, c.bank.Break(tbanksim.FaultPlan{Name: tbanksim.RefundNoBalance}))
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6, fyne.KeyReturn, fyne.KeyReturn)
	c.until("the refusal", func(v till.View) bool { return v.Back != nil && v.Back.State == till.BackRefused })
	c.wantSays("Отправить ещё раз", "Отказаться")
	c.press(fyne.KeyReturn) // chooses nothing
	c.press(fyne.KeyF8)
	c.wantSays("Отказаться от возврата?")
	c.press(fyne.KeyEscape)
	if c.till.View().Back == nil {
		t.Fatal("a no was taken for a yes")
	}
	c.press(fyne.KeyF8, fyne.KeyReturn)
	c.until("no refund", func(v till.View) bool { return v.Back == nil && len(v.Backs) == 0 })
	if n := c.till.View().Shift.Totals.Returns.Count; n != 0 {
		t.Fatalf("%d returns", n)
	}
	c.wantTop("return") // where it was begun

	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.until("the refusal", func(v till.View) bool { return v.Back != nil && v.Back.State == till.BackRefused })
	c.bank.Mend()
	c.press(fyne.KeyF11)
	c.wantBack(1, 59_90)
	c.wantTop("sale")
}

func TestMoneyGivenBackAtTheBankIsAskedAbout(t *testing.T) {
	c := openCounter(t)
	c.sellByQR("4600000000011")
	fatal(t, c.bank.Refund(c.bank.Payments("")[0].ID, 0))
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6, fyne.KeyReturn, fyne.KeyReturn)
	c.wantSays("В банке уже вернули 59,90", "За эти ли товары?")
	c.press(fyne.KeyReturn, fyne.KeyReturn) // choose nothing
	c.wantTop("outside")
	c.press(fyne.KeyF9)
	c.wantBack(1, 59_90)
	c.wantTop("sale")
	c.wantSays("Возврат записан")
}

func TestPrepaymentByQRAndBack(t *testing.T) {
	c := openCounterIn(t, world{settings: func(s *till.Settings) { s.Rights[till.RightPrepaymentReturn] = till.RoleCashier }})
	c.scan("4600000000011")
	c.scan("AB-12")
	c.press(fyne.KeyReturn, fyne.KeyF6)
	c.Type("Пётр")
	c.press(fyne.KeyReturn)
	c.Type("50")
	c.press(fyne.KeyReturn, fyne.KeyF11)
	c.wantSays("Предоплата по QR-коду", "50,00")
	c.payCode()
	c.until("the prepayment", func(v till.View) bool { return v.Last != nil && v.Last.Kind == register.KindPrepayment })
	c.wantSays("Предоплата принята", "50,00")
	c.press(fyne.KeyReturn)
	c.press(fyne.KeyF12)
	c.choose("5")
	c.press(fyne.KeyF8)
	c.wantSays("Вернуть предоплату", "Вернуть по QR")
	c.press(fyne.KeyReturn)
	c.wantSays("Вернуть 50,00")
	c.press(fyne.KeyReturn)
	c.until("the money back", func(v till.View) bool { return v.Shift.Totals.PrepaymentReturns.Count == 1 })
	c.wantTop("sale")
	c.wantSays("Предоплата возвращена", "Деньги вернул банк")
}

func TestNewCodeInOneKey(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF11)
	c.until("the code", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	first := c.till.View().QR.ID
	c.press(fyne.KeyEscape, fyne.KeyReturn)
	c.until("the cancel", func(v till.View) bool { return v.QR != nil && v.QR.Done })
	c.press(fyne.KeyF11)
	c.until("another code", func(v till.View) bool { return v.QR != nil && v.QR.ID != first && v.QR.Payload != "" })
	c.wantSays("Ждём оплату")
	c.press(fyne.KeyF8)
	if s := c.sold(); s.Method != register.QR || s.Total != 59_90 {
		t.Fatalf("sold %+v", s)
	}
}

func TestQRInsideTheMixedPaymentIsExplained(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyReturn, fyne.KeyF8)
	c.Type("20")
	c.press(fyne.KeyF11)
	c.wantSays("По QR платят всю сумму")
	c.press(fyne.KeyEscape)
	c.wantTop("mixed")
	c.press(fyne.KeyF11, fyne.KeyF11)
	c.until("the code", func(v till.View) bool { return v.QR != nil && v.QR.Amount == 59_90 })
	c.wantTop("qr")
}

// lateMoney has a code cancelled that the bank then says was paid.
func (c *counter) lateMoney() {
	c.t.Helper()
	c.scan("4600000000011")
	c.press(fyne.KeyF11)
	c.until("the code", func(v till.View) bool { return v.QR != nil && v.QR.Payload != "" })
	c.press(fyne.KeyEscape, fyne.KeyReturn)
	c.until("the cancel", func(v till.View) bool { return v.QR != nil && v.QR.Done })
	c.press(fyne.KeyEscape)
	c.until("no code", func(v till.View) bool { return v.QR == nil })
	fatal(c.t, c.bank.Pay(c.bank.Payments("")[0].ID, true))
	c.moveAhead(2 * time.Minute)
	c.till.SyncNow()
	c.until("late money", func(v till.View) bool { return len(v.Late) == 1 })
}

func TestLateMoneyBecomesTheSaleByKeys(t *testing.T) {
	c := openCounter(t)
	c.lateMoney()
	c.wantSays("59,90\u00a0₽ пришли по закрытому коду", "Пришли деньги: 59,90")
	c.wantLines("Молоко 3,2 % 1") // the receipt that it was for
	c.press(fyne.KeyF7, fyne.KeyReturn)
	c.wantTop("late")
	c.press(fyne.KeyReturn, fyne.KeyF11)
	if s := c.sold(); s.Method != register.QR || s.Total != 59_90 {
		t.Fatalf("sold %+v", s)
	}
	c.wantTop("sale")
	c.wantSays("Продано")
	c.press(fyne.KeyReturn)
	c.wantLines()
	if c.Says("Пришли деньги") {
		t.Fatal("what became a sale is still told")
	}
}

func TestLateMoneyGoesBackByTouch(t *testing.T) {
	c := openCounterIn(t, world{settings: func(s *till.Settings) { s.Rights[till.RightReturn] = till.RoleCashier }})
	c.lateMoney()
	fatal(t, c.Tap("Пришли деньги: 59,90\u00a0₽"))
	fatal(t, c.Tap("Вернуть деньги"))
	fatal(t, c.Tap("Вернуть по QR"))
	c.until("no late money", func(v till.View) bool { return len(v.Late) == 0 })
	c.wantSays("вернулись покупателю")
	c.wantTop("sale")
	if c.sales() != 0 {
		t.Fatal("it was sold")
	}
}

func lateView(change func(*till.Late)) till.View { return withLate(withBasket(2), late(2, change)) }

func TestLateMoneyIsToldUntilItIsDecided(t *testing.T) {
	p := &posed{view: lateView(nil), goods: shelf()}
	s := openPosed(t, p)
	says := func(parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !s.Says(part) {
				t.Fatalf("the screen does not say %q but %q", part, s.Texts())
			}
		}
	}
	says("пришли по закрытому коду", "Пришли деньги: 232,70")
	fatal(t, s.Tap("Пришли деньги: 232,70\u00a0₽"))
	says("Деньги пришли по закрытому коду", "Оформить продажу", "Вернуть деньги", "Кефир 1 %")
	fatal(t, s.Press(fyne.KeyReturn)) // decides nothing
	if s.Window.Top() != "late" {
		t.Fatal("Enter has closed it")
	}
	fatal(t, s.Press(fyne.KeyF8))
	says("Вернуть 232,70")
	fatal(t, s.Press(fyne.KeyEscape))
	p.view = lateView(func(l *till.Late) { l.SameSold = true })
	p.view.Revision = 2
	p.changed()
	fatal(t, s.Settle())
	says("Покупатель заплатил дважды")
	if s.Says("Оформить продажу") {
		t.Fatal("a receipt that was sold can be sold again")
	}
	p.view = lateView(func(l *till.Late) { l.State = banks.StateRefundPending })
	p.view.Revision = 3
	p.changed()
	fatal(t, s.Settle())
	says("Деньги возвращаются")
	p.view = withBasket(2)
	p.view.Revision = 4
	p.changed()
	fatal(t, s.Settle())
	says("вернулись покупателю")
	if s.Window.Top() != "sale" || s.Says("Пришли деньги") {
		t.Fatalf("what was decided is still there: %q", s.Texts())
	}
}

// A refund of late money that the bank cannot tell of is decided where the till itself asks the bank, and only there.
func TestLateMoneyThatNobodyCanTellOfIsDecided(t *testing.T) {
	p := &posed{goods: shelf(), view: lateView(func(l *till.Late) {
		l.State, l.Trouble, l.DecideHere = banks.StateRefundPending, till.CodeBackUnclear, true
	})}
	s := openPosed(t, p)
	fatal(t, s.Tap("Пришли деньги: 232,70\u00a0₽"))
	fatal(t, s.Press(fyne.KeyF10))
	if s.Window.Top() != "late_decide" || !s.Says("не уходили?") {
		t.Fatalf("not asked: %q", s.Texts())
	}
	fatal(t, s.Press(fyne.KeyEscape))
	fatal(t, s.Press(fyne.KeyF9))
	if s.Window.Top() != "late_decide" || !s.Says("ушли покупателю?") {
		t.Fatalf("not asked: %q", s.Texts())
	}
	fatal(t, s.Press(fyne.KeyEscape))
	p.view = lateView(func(l *till.Late) { l.State, l.Trouble = banks.StateRefundPending, till.CodeBackUnclear })
	p.view.Revision = 2
	p.changed()
	fatal(t, s.Settle())
	fatal(t, s.Press(fyne.KeyF9))
	if s.Window.Top() != "late" {
		t.Fatalf("decided at the till although a server is the place: %q", s.Texts())
	}
}

// What was left open is told as soon as somebody is there to read it.
func TestRefundLeftOpenIsToldAtSignIn(t *testing.T) {
	p := &posed{view: goingBackNow(till.BackSending, func(b *till.Back) { b.Left, b.Trouble = true, till.CodeBankDown }), goods: shelf()}
	cashier := p.view.Cashier
	p.view.Cashier = ""
	s := openPosed(t, p)
	if s.Window.Top() == "moneyback" {
		t.Fatal("a refund is shown to nobody")
	}
	p.view.Cashier = cashier
	p.view.Revision = 2
	p.changed()
	fatal(t, s.Settle())
	if s.Window.Top() != "moneyback" || !s.Says("незаконченным с прошлого раза") || !s.Says("Банк пока не отвечает") {
		t.Fatalf("%s says %q", s.Window.Top(), s.Texts())
	}
	s.Window.SetLanguage("en")
	fatal(t, s.Settle())
	if s.Window.Top() != "moneyback" || !s.Says("left unfinished last time") || !s.Says("Of receipt 118") {
		t.Fatalf("%s says %q", s.Window.Top(), s.Texts())
	}
}

func TestKeyOfTheCodeSaysWhyThereIsNone(t *testing.T) {
	v := withBasket(2)
	v.Bank = till.Bank{Link: till.LinkDown, Direct: true, Trouble: till.CodeBankDown}
	p := &posed{view: v, goods: shelf()}
	s := openPosed(t, p)
	if !s.Says("QR: нет связи") {
		t.Fatalf("the key says nothing: %q", s.Texts())
	}
	fatal(t, s.Tap("QR: нет связи")) // by touch too
	if s.Window.Top() != "qr_off" || !s.Says("QR сейчас не взять") {
		t.Fatalf("%s says %q", s.Window.Top(), s.Texts())
	}
	fatal(t, s.Press(fyne.KeyF10))
	if s.Window.Top() != "cash" {
		t.Fatalf("cash is not taken but %s", s.Window.Top())
	}
	fatal(t, s.Press(fyne.KeyEscape))
	p.wrong = problem(till.CodeQRLimits, "min", register.Money(10_00), "max", register.Money(1_000_00))
	fatal(t, s.Press(fyne.KeyF11))
	fatal(t, s.Press(fyne.KeyF11))
	if !s.Says("Можно от 10,00\u00a0₽ до 1\u00a0000,00\u00a0₽") {
		t.Fatalf("it was not tried: %q", s.Texts())
	}
	p.view.Bank = till.Bank{Link: till.LinkUp, Direct: true}
	p.view.Revision = 2
	p.changed()
	fatal(t, s.Settle())
	if s.Says("QR: нет связи") {
		t.Fatal("the key is still dimmed")
	}
}

func TestOneRefundForManyEnters(t *testing.T) {
	c := openCounter(t)
	c.sellByQR("4600000000011")
	c.press(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6)
	key := c.Window.Fyne().Canvas().OnTypedKey()
	for range 8 {
		key(&fyne.KeyEvent{Name: fyne.KeyReturn})
		c.Draw()
	}
	fatal(t, c.Settle())
	c.wantBack(1, 59_90)
	if n := len(c.bank.Payments("")); n != 1 {
		t.Fatalf("%d payments", n)
	}
}

func TestMovedKeysAreCalledAsTheShopHasThem(t *testing.T) {
	v := withLate(withBasket(2), late(2, nil))
	s := v.Settings.Clone()
	s.Keys = till.Keys{"F7": "F11", "F11": "F7"}
	v.Settings = &s
	screen := openPosed(t, &posed{view: v, goods: shelf()})
	if !screen.Says("Решите, что с деньгами: F11") {
		t.Fatalf("the screen says %q", screen.Texts())
	}
	fatal(t, screen.Press(fyne.KeyF11))
	fatal(t, screen.Press(fyne.KeyReturn))
	if screen.Window.Top() != "late" {
		t.Fatalf("%s has the keys", screen.Window.Top())
	}
}
