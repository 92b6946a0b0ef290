package app_test

import (
	"context"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app"
	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/printer/printersim"
	"kassa/register"
)

// openSettings is a counter with the owner at it, who looks at the settings.
func openSettings(t *testing.T) *counter {
	t.Helper()
	c := newCounter(t)
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	c.until("the owner", func(v till.View) bool { return v.Role == till.RoleOwner })
	c.enterSettings()
	return c
}

func (c *counter) enterSettings() {
	c.t.Helper()
	c.press(fyne.KeyF12)
	c.choose("8")
	c.wantTop("settings")
}

func (c *counter) settings() *till.Settings { return c.till.View().Settings }

// find searches for a setting, and chooses the first that is found.
func (c *counter) find(text string) {
	c.t.Helper()
	c.Type(text)
	fatal(c.t, c.Settle())
}

func TestTextOfTheShopIsChangedByKeyboard(t *testing.T) {
	c := openSettings(t)
	c.press(fyne.KeyReturn) // the first one is the shop's name
	c.wantTop("text")
	for range 20 {
		c.press(fyne.KeyBackspace)
	}
	c.press(fyne.KeyReturn)
	c.wantSays("Введите хотя бы один знак")
	c.Type("Магазин «Лютик»")
	c.press(fyne.KeyReturn)
	c.until("the name", func(v till.View) bool { return v.Shop.Name == "Магазин «Лютик»" })
	c.wantSays("Сохранено")
	c.press(fyne.KeyF4)
	c.until("the old name", func(v till.View) bool { return v.Shop.Name == "Ромашка" })
	c.press(fyne.KeyF4)
	if c.settings().Shop.Name != "Ромашка" {
		t.Fatal("what was taken back was taken back twice")
	}
}

func TestTextIsTypedByTouch(t *testing.T) {
	c := openSettings(t)
	fatal(t, c.Tap("Адрес"))
	for _, key := range []string{"м", "и", "р", "Пробел", "5", "EN", "a", "?#@", "/", "АБВ", "b"} {
		fatal(t, c.Tap(key))
	}
	fatal(t, c.Tap("Сохранить"))
	c.until("the address", func(v till.View) bool { return v.Shop.Address == "мир 5a/b" })
}

func TestWrongSettingIsRefusedAtItsField(t *testing.T) {
	c := openSettings(t)
	c.find("инн")
	c.press(fyne.KeyReturn)
	c.Type("7707083894")
	c.press(fyne.KeyReturn)
	c.wantSays("ИНН введён с ошибкой")
	c.press(fyne.KeyBackspace)
	c.Type("3")
	c.press(fyne.KeyReturn)
	c.until("the number", func(v till.View) bool { return v.Shop.INN == "7707083893" })

	c.press(fyne.KeyEscape)
	c.find("адрес принтера")
	c.press(fyne.KeyReturn)
	c.Type("печать на кухне")
	c.press(fyne.KeyReturn)
	c.wantSays("Это не сетевой адрес")
	c.press(fyne.KeyEscape)
	if c.settings().Printer.Address != "" {
		t.Fatal("a wrong address was kept")
	}
}

// A scanner does not know that a question stands on the screen.
func TestScanIntoAQuestionIsToldAndTakenOut(t *testing.T) {
	c := openSettings(t)
	c.press(fyne.KeyReturn)
	c.Type(" два")
	code := "460000000001" + string(register.CheckDigit("460000000001"))
	c.scan(code)
	c.wantSays("Код "+code+" не добавлен", "Ромашка два")
	c.wantTop("text")
	c.press(fyne.KeyReturn)
	c.until("the name without the code", func(v till.View) bool { return v.Shop.Name == "Ромашка два" })
	c.scan("4600000000011") // and on the page itself
	c.wantSays("Код 4600000000011 не добавлен")
	c.wantTop("settings")
}

func TestSearchFindsWhatAWordMeans(t *testing.T) {
	c := openSettings(t)
	c.find("скидк наиб")
	c.wantSays("Наибольшая скидка")
	c.press(fyne.KeyReturn)
	c.Type("30")
	c.press(fyne.KeyReturn)
	c.until("the limit", func(v till.View) bool { return v.Settings.MaxDiscount == 3000 })
	c.press(fyne.KeyEscape)
	c.find("ъъ")
	c.wantSays("Такой настройки нет")
	c.press(fyne.KeyEscape, fyne.KeyEscape)
	if c.Window.Top() == "settings" {
		t.Fatal("Escape does not lead back")
	}
}

func TestDiscountLimitIsWhatTheTillAllows(t *testing.T) {
	c := openSettings(t)
	c.find("наибольшая")
	c.press(fyne.KeyReturn)
	c.Type("3")
	c.press(fyne.KeyReturn)
	c.until("the limit", func(v till.View) bool { return v.Settings.MaxDiscount == 300 })
	fatal(t, c.till.OpenShift(t.Context()))
	_, err := c.till.Scan(t.Context(), "4600000000011", register.One)
	fatal(t, err)
	if err := c.till.SetDiscount(t.Context(), register.Discount{Percent: 400}); err == nil {
		t.Error("four per cent of three were given")
	}
	fatal(t, c.till.SetDiscount(t.Context(), register.Discount{Percent: 300}))
}

func TestSwitchAndChoiceAreKept(t *testing.T) {
	c := openSettings(t)
	c.find("оплата картой")
	c.press(fyne.KeyReturn)
	c.until("no card", func(v till.View) bool { return !v.Settings.Card })
	c.press(fyne.KeyEscape)
	c.find("остатки")
	c.press(fyne.KeyReturn)
	c.choose("4")
	c.until("the stock", func(v till.View) bool { return v.Settings.Stock == till.StockForbid })
	c.press(fyne.KeyEscape)
	c.find("купюры")
	c.press(fyne.KeyReturn)
	c.Type(" сто")
	c.press(fyne.KeyReturn)
	c.wantSays("не все слова — суммы")
	for range len(" сто") / 2 {
		c.press(fyne.KeyBackspace)
	}
	for range 40 {
		c.press(fyne.KeyBackspace)
	}
	c.Type("50, 100;500")
	c.press(fyne.KeyReturn)
	c.until("the notes", func(v till.View) bool {
		return slices.Equal(v.Settings.Notes, []register.Money{50_00, 100_00, 500_00})
	})
}

func TestScaleMasks(t *testing.T) {
	c := openSettings(t)
	c.press(fyne.KeyPageDown, fyne.KeyPageDown, fyne.KeyPageDown)
	c.wantSays("Например, 2012345003507: товар 12345, 0,35 кг")
	c.press(fyne.KeyEnd, fyne.KeyReturn)
	for range 20 {
		c.press(fyne.KeyBackspace)
	}
	c.Type("25СССССWWWWW") // letters of the Russian keyboard
	c.press(fyne.KeyReturn)
	c.until("five masks", func(v till.View) bool { return len(v.Settings.Scales) == 5 })
	if m := c.settings().Scales[4]; m.Pattern != "25CCCCCWWWWW" || m.Kind != register.ScaleWeight {
		t.Fatalf("kept as %+v", m)
	}
	c.press(fyne.KeyEnd, fyne.KeyUp, fyne.KeyReturn)
	c.choose("4")
	c.until("a sum", func(v till.View) bool { return v.Settings.Scales[4].Kind == register.ScalePrice })
	c.wantSays("99,50")
	c.press(fyne.KeyReturn)
	c.choose("1")
	c.Type("CC")
	c.press(fyne.KeyReturn)
	c.wantSays("Такой образец не подходит")
	c.press(fyne.KeyEscape, fyne.KeyReturn)
	c.choose("5")
	c.until("four masks", func(v till.View) bool { return len(v.Settings.Scales) == 4 })
}

func TestRightsDecideWhoIsAsked(t *testing.T) {
	c := openSettings(t)
	c.find("очистить чек")
	c.press(fyne.KeyRight, fyne.KeyRight)
	c.until("the right", func(v till.View) bool { return v.Settings.Rights[till.RightClear] == till.RoleOwner })
	c.press(fyne.KeyLeft)
	c.until("the right of seniors", func(v till.View) bool { return v.Settings.Rights[till.RightClear] == till.RoleSenior })
	c.press(fyne.KeyEscape)
	c.find("настройки кассы")
	c.press(fyne.KeyLeft, fyne.KeyReturn)
	if c.settings().Least(till.RightSettings) != till.RoleOwner {
		t.Fatal("the settings were given away")
	}

	c.press(fyne.KeyEscape, fyne.KeyEscape, fyne.KeyF12)
	c.choose("9")
	c.Type(testPIN)
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.until("the shift", func(v till.View) bool { return v.Shift.Open && v.Role == till.RoleCashier })
	c.scan("4600000000011")
	c.press(fyne.KeyEscape, fyne.KeyReturn)
	c.wantTop("leave")
	c.wantSays("Очистить чек. Введите PIN")
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	c.wantLines()
}

// A cashier may look at the settings, and needs leave for every change.
func TestCashierNeedsLeaveToChangeASetting(t *testing.T) {
	c := newCounter(t)
	c.Type(testPIN)
	c.press(fyne.KeyReturn)
	c.enterSettings()
	c.find("оплата картой")
	c.press(fyne.KeyReturn)
	c.wantTop("leave")
	c.press(fyne.KeyEscape)
	c.wantSays("Нужно разрешение старшего")
	if !c.settings().Card {
		t.Fatal("it was changed without leave")
	}
	c.press(fyne.KeyReturn)
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	c.until("the change", func(v till.View) bool { return !v.Settings.Card })
}

func TestStaffOnTheScreen(t *testing.T) {
	c := openSettings(t)
	c.find("новый кассир")
	c.press(fyne.KeyReturn)
	c.Type("Вера")
	c.press(fyne.KeyReturn)
	c.choose("2")
	c.Type("123")
	c.press(fyne.KeyReturn)
	c.wantSays("Нужны от 4 до 8 цифр")
	c.Type("1234") // what was refused is typed anew: nobody can see what to mend
	c.press(fyne.KeyReturn)
	c.Type("1235")
	c.press(fyne.KeyReturn)
	c.wantSays("PIN-коды не совпали")
	c.Type("1234")
	c.press(fyne.KeyReturn)
	c.wantSays("Сохранено: Вера")
	for _, text := range c.Texts() {
		if strings.Contains(text, "1234") {
			t.Fatalf("a PIN stands on the screen: %q", text)
		}
	}

	c.press(fyne.KeyEscape)
	c.find("ольга")
	c.press(fyne.KeyReturn)
	c.choose("4")
	c.press(fyne.KeyReturn)
	c.wantSays("Это последний владелец")
	c.press(fyne.KeyReturn)
	c.choose("3")
	c.choose("1")
	c.wantSays("Это последний владелец")
	c.press(fyne.KeyReturn)
	c.choose("2")
	for range 2 {
		c.Type("1234")
		c.press(fyne.KeyReturn)
	}
	c.wantSays("Такой PIN-код уже есть")
	c.press(fyne.KeyEscape, fyne.KeyEscape)

	c.find("вера")
	c.press(fyne.KeyReturn)
	c.choose("1")
	c.Type(" Павловна")
	c.press(fyne.KeyReturn)
	c.wantSays("Вера Павловна")
	fatal(t, c.till.SignIn(t.Context(), "1234"))
	if v := c.till.View(); v.Cashier != "Вера Павловна" || v.Role != till.RoleSenior {
		t.Fatalf("%s came in as %s", v.Cashier, v.Role)
	}
}

// paper is a practice printer, and where it listens.
func paper(t *testing.T) (*printersim.Printer, string) {
	t.Helper()
	p, err := printersim.New(printersim.Config{Dir: filepath.Join(t.TempDir(), "paper"), Clock: time.Now})
	fatal(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fatal(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, l) }()
	t.Cleanup(func() { cancel(); <-done })
	return p, l.Addr().String()
}

func TestPrinterThatIsChangedPrintsAtOnce(t *testing.T) {
	c := openSettings(t)
	c.find("пробный")
	c.press(fyne.KeyReturn)
	c.wantSays("Принтер не подключён")
	first, firstAddress := paper(t)
	second, secondAddress := paper(t)
	for i, p := range []struct {
		printer *printersim.Printer
		address string
	}{{first, firstAddress}, {second, secondAddress}} {
		c.press(fyne.KeyEscape)
		c.find("адрес принтера")
		c.press(fyne.KeyReturn)
		for range 30 {
			c.press(fyne.KeyBackspace)
		}
		c.Type(p.address)
		c.press(fyne.KeyReturn)
		c.until("the printer", func(v till.View) bool { return v.Settings.Printer.Address == p.address })
		c.press(fyne.KeyEscape)
		c.find("пробный")
		c.press(fyne.KeyReturn)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		fatal(t, p.printer.Wait(ctx, 1))
		cancel()
		if text := p.printer.Jobs()[0].Text; !strings.Contains(text, "ПРОБНАЯ ПЕЧАТЬ") || !strings.Contains(text, "Ромашка") {
			t.Errorf("printer %d printed:\n%s", i, text)
		}
	}
	if n := len(first.Jobs()); n != 1 {
		t.Errorf("the printer of before printed %d slips", n)
	}
}

func TestLanguageChangesInTheMiddleOfAQuestion(t *testing.T) {
	c := openSettings(t)
	c.find("адрес")
	c.press(fyne.KeyReturn)
	c.Type("ул. Мира")
	c.Window.SetLanguage("en")
	fatal(t, c.Settle())
	c.Type(", 5")
	c.wantSays("Save", "ул. Мира, 5")
	c.wantTop("text")
	c.press(fyne.KeyReturn)
	c.until("the address", func(v till.View) bool { return v.Shop.Address == "ул. Мира, 5" })
}

func TestServerThatIsNotThereIsToldAtTheQuestion(t *testing.T) {
	c := openSettings(t)
	c.find("код подключения")
	c.press(fyne.KeyReturn)
	c.Type("kassa")
	for range 8 + 5 {
		c.press(fyne.KeyBackspace)
	}
	c.Type("kassa.example")
	c.press(fyne.KeyReturn)
	c.wantSays("Это не адрес сервера")
	for range 13 {
		c.press(fyne.KeyBackspace)
	}
	c.Type("http://127.0.0.1:1")
	c.press(fyne.KeyReturn)
	c.Type("ABCD-EFGH")
	c.press(fyne.KeyReturn)
	c.wantSays("Сервер не отвечает")
	c.wantTop("text")
	c.press(fyne.KeyEscape)
	links, err := c.till.Connections(t.Context())
	if err != nil || links.Server != "" {
		t.Fatalf("%+v, %v", links, err)
	}
}

func TestTheWindowFillsTheScreen(t *testing.T) {
	c := openSettings(t)
	full := func() bool { return c.Window.Fyne().FullScreen() }
	if full() {
		t.Fatal("a new till fills the screen unasked")
	}
	c.find("весь экран")
	c.press(fyne.KeyReturn)
	c.until("the setting", func(v till.View) bool { return v.Settings.FullScreen })
	if !full() {
		t.Fatal("the setting changed nothing")
	}
	c.press(fyne.KeyF4)
	c.until("the setting taken back", func(v till.View) bool { return !v.Settings.FullScreen })
	if full() {
		t.Fatal("the window stays as large as the screen")
	}
}

func TestTheWindowOpensAsTheSettingsSay(t *testing.T) {
	view := standing()
	view.Settings.FullScreen = true
	for _, c := range []struct {
		name     string
		windowed bool
	}{{"on the whole screen", false}, {"in a window, as the command line says", true}} {
		t.Run(c.name, func(t *testing.T) {
			s, err := apptest.Open(app.Deps{Till: &posed{view: view}, Language: "ru", Windowed: c.windowed}, 1024, 600)
			fatal(t, err)
			defer s.Close()
			if full := s.Window.Fyne().FullScreen(); full == c.windowed {
				t.Errorf("fills the screen: %v", full)
			}
		})
	}
}
