package app_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/banks"
)

// choose presses a menu's number. It acts after a moment, because a scanner types digits too.
func (c *counter) choose(number string) {
	c.t.Helper()
	top := c.Window.Top()
	c.Type(number)
	fatal(c.t, c.Until("the menu to be left", func() bool { return c.Window.Top() != top }))
	fatal(c.t, c.Settle())
}

func TestScanWhileTheMenuIsOpenChoosesNothing(t *testing.T) {
	c := openCounter(t)
	c.press(fyne.KeyF12)
	c.scan("4600000000011") // 4 closes the shift
	c.wantSays("Код 4600000000011 не добавлен", "Меню")
	if c.Window.Top() != "menu" {
		t.Fatalf("the menu gave way to %q", c.Window.Top())
	}
	c.choose("0")
	c.wantSays("Total")
}

func TestScanAfterKopecksIsNoCash(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF10)
	c.Type("59,90")
	c.scan("4600000000035")
	if c.sales() != 0 {
		t.Fatal("the Enter of a scan was taken for the cashier's")
	}
	c.wantSays("4600000000035 не добавлен")
}

func TestScanAtTheSignInIsNoPIN(t *testing.T) {
	c := newCounter(t)
	for range 6 {
		c.scan("4600000000011")
		c.scan("AB-12")
	}
	c.wantSays("Это не PIN")
	c.Type(testPIN)
	c.press(fyne.KeyReturn)
	if c.till.View().Cashier == "" {
		t.Fatalf("scans were counted as wrong PINs; the screen says %q", c.Texts())
	}
}

func TestScanAfterASearchIsTaken(t *testing.T) {
	c := openCounter(t)
	c.Type("хле")
	fatal(t, c.Until("the search", func() bool { return c.Says("AB-12") }))
	c.scan("4600000000011")
	c.wantLines("Молоко 3,2 % 1")
}

func TestCodeIsTakenAwayWhenItsTimeIsOver(t *testing.T) {
	now := noon
	p := &posed{view: withBasket(2), goods: shelf()}
	p.view.QR = &till.QR{ID: "1", Amount: p.view.Total, State: banks.StateWaiting, Payload: "https://qr.nspk.ru/AD1", Expires: noon.Add(time.Minute)}
	s := openPosedAt(t, p, func() time.Time { return now })
	if !s.Says("1:00") || s.Codes() != 1 {
		t.Fatalf("%d codes; the screen says %q", s.Codes(), s.Texts())
	}
	now = now.Add(time.Minute)
	if err := s.Until("the code to go", func() bool { return s.Codes() == 0 }); err != nil {
		t.Fatal(err)
	}
}

func TestMessageOverADialogHidesNoButton(t *testing.T) {
	p := &posed{view: withBasket(3), goods: shelf()}
	s := openPosed(t, p)
	s.Window.Fyne().Resize(fyne.NewSize(1024, 600))
	if err := s.Press(fyne.KeyF10); err != nil {
		t.Fatal(err)
	}
	s.Scan("999999")
	if !s.Says("не принята") {
		t.Fatalf("the screen says %q", s.Texts())
	}
	if err := s.Tap("Назад"); err != nil {
		t.Fatal(err)
	}
	if top := s.Window.Top(); top != "sale" {
		t.Fatalf("the touch did not reach the button: %q is open", top)
	}
}

func TestEnterTwiceClosesTheShiftAndOpensNone(t *testing.T) {
	c := openCounter(t)
	c.press(fyne.KeyF12)
	c.choose("4")
	c.press(fyne.KeyReturn)
	c.until("the shift to be closed", func(v till.View) bool { return !v.Shift.Open })
	c.press(fyne.KeyReturn)
	if c.till.View().Shift.Open {
		t.Fatal("the second Enter opened a shift")
	}
	c.wantSays("Смена закрыта")
	fatal(t, c.Tap("Открыть смену")) // a touch is meant
	if !c.till.View().Shift.Open {
		t.Fatal("no shift")
	}
}

func TestFoundGoodsNameTheirGroupInTheLanguageOnTheScreen(t *testing.T) {
	p := &posed{view: standing(), goods: shelf(), english: map[string]string{"Молочное": "Dairy"}}
	s := openPosed(t, p)
	s.Window.SetLanguage("en")
	if err := s.Settle(); err != nil {
		t.Fatal(err)
	}
	s.Type("кефир")
	if err := s.Until("the search", func() bool { return s.Says("· Dairy") || s.Says("· Молочное") }); err != nil {
		t.Fatal(err)
	}
	if s.Says("· Молочное") {
		t.Fatalf("the screen says %q", s.Texts())
	}
}
