package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app"
	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/banks"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/register"
)

// newTill is a counter whose till nobody has set up.
func newTill(t *testing.T) (*counter, *localdb.Store) {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	store, err := localdb.Open(ctx, localdb.Options{Dir: t.TempDir()})
	fatal(t, err)
	t.Cleanup(func() { cancel(); _ = store.Close() })
	language, err := i18n.Load(i18n.Russian)
	fatal(t, err)
	c := till.Config{Language: language, Version: "1.2.3"}
	fatal(t, till.Connect(ctx, store, &c))
	tl, err := till.New(ctx, c)
	fatal(t, err)
	tl.Start(ctx)
	t.Cleanup(tl.Stop)
	s, err := apptest.Open(app.Deps{Till: tl, Language: "ru", Version: "1.2.3"}, 1280, 800)
	fatal(t, err)
	t.Cleanup(s.Close)
	return &counter{Screen: s, t: t, till: tl}, store
}

// found answers what a new till asks.
func (c *counter) found() {
	c.t.Helper()
	c.press(fyne.KeyReturn)
	for _, answer := range []string{"Лютик", "Ольга", ownerPIN, ownerPIN} {
		c.Type(answer)
		c.press(fyne.KeyReturn)
	}
	c.until("the owner", func(v till.View) bool { return v.Role == till.RoleOwner && !v.Fresh })
}

func TestNewTillIsSetUpByKeyboard(t *testing.T) {
	c, _ := newTill(t)
	c.wantTop("setup")
	c.wantSays("Новая касса", "Язык · Language")
	c.scan("4600000000011")
	c.wantSays("Код 4600000000011 не добавлен")
	c.press(fyne.KeyRight) // to English and back
	c.wantSays("A new till")
	c.press(fyne.KeyLeft, fyne.KeyReturn)
	c.wantSays("Как называется магазин")
	c.press(fyne.KeyReturn)
	c.wantSays("Введите хотя бы один знак")
	c.Type("Лютик")
	c.press(fyne.KeyReturn)
	c.Type("Ольга")
	c.press(fyne.KeyReturn)
	c.wantSays("PIN-код владельца")
	c.press(fyne.KeyEscape, fyne.KeyEscape) // back to the shop, which stands there still
	c.wantSays("Лютик")
	c.Type(" плюс")
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.Type("963")
	c.press(fyne.KeyReturn)
	c.wantSays("Нужны от 4 до 8 цифр")
	c.Type("9630")
	c.press(fyne.KeyReturn)
	c.Type("9631")
	c.press(fyne.KeyReturn)
	c.wantSays("PIN-коды не совпали")
	c.Type("9630")
	c.press(fyne.KeyReturn)
	c.until("the owner", func(v till.View) bool {
		return v.Cashier == "Ольга" && v.Role == till.RoleOwner && v.Shop.Name == "Лютик плюс"
	})
	c.wantTop("welcome")
	c.press(fyne.KeyReturn)
	c.wantSays("Открыть смену")
	c.press(fyne.KeyReturn)
	c.until("the shift", func(v till.View) bool { return v.Shift.Open })
	if err := c.till.Found(t.Context(), "Чужой", "Чужой", "1111"); !errors.Is(err, &till.Problem{Code: till.CodeNotAllowed}) {
		t.Fatalf("a till that is set up was set up again: %v", err)
	}
}

func TestNewTillIsSetUpByTouch(t *testing.T) {
	c, _ := newTill(t)
	fatal(t, c.Tap("English"))
	for _, answer := range []string{"shop", "me"} {
		for _, r := range answer {
			fatal(t, c.Tap(string(r)))
		}
		fatal(t, c.Tap("Next"))
	}
	for range 2 {
		for _, r := range "2580" {
			fatal(t, c.Tap(string(r)))
		}
		if c.Tap("Next") != nil {
			fatal(t, c.Tap("Done"))
		}
	}
	c.until("the owner", func(v till.View) bool { return v.Cashier == "me" && v.Shop.Name == "shop" })
	fatal(t, c.Tap("Connect the printer"))
	c.wantTop("settings")
	c.wantSays("Printer's address")
}

// priceList leaves a list in the home folder.
func priceList(t *testing.T, name, text string) string {
	t.Helper()
	home, err := os.UserHomeDir()
	fatal(t, err)
	path := filepath.Join(home, name)
	fatal(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestGoodsAreImportedOnTheScreen(t *testing.T) {
	c, _ := newTill(t)
	priceList(t, "прайс.csv", goodList)
	priceList(t, "notes.pdf", "%PDF")
	c.found()
	c.wantTop("welcome")
	c.Type("1")
	fatal(t, c.Until("the goods", func() bool { return c.Window.Top() == "goods" }))
	fatal(t, c.Settle())
	c.wantSays("В кассе ещё нет товаров")
	c.press(fyne.KeyF6)
	c.wantSays("прайс.csv")
	if c.Says("notes.pdf") {
		t.Error("a PDF is offered")
	}
	c.scan("4600000000011") // is no choice
	c.wantSays("Код 4600000000011 не добавлен")
	c.press(fyne.KeyReturn)
	fatal(t, c.Until("the preview", func() bool { return c.Says("Всё читается: 3 товара") }))
	c.wantSays("Молоко 3,2 %", "849,00")
	if goods, err := c.till.AllGoods(t.Context(), "", 10); err != nil || len(goods) != 0 {
		t.Fatalf("there are %d goods before anybody agreed, %v", len(goods), err)
	}
	c.press(fyne.KeyReturn)
	fatal(t, c.Until("the end", func() bool { return c.Says("Товары загружены") }))
	c.wantSays("Новых", "3")
	c.press(fyne.KeyReturn)
	c.wantTop("goods")
	c.wantSays("Сыр «Российский» весовой")
	c.Type("бородинский")
	c.press(fyne.KeyReturn)
	c.wantSays("63,40", "Остаток", "40 шт")
	c.press(fyne.KeyF4)
	fatal(t, c.Until("the star", func() bool { return c.Says("Убрать из избранного") }))
	stars, err := c.till.Favourites(t.Context())
	if err != nil || len(stars) != 1 {
		t.Fatalf("%d favourites, %v", len(stars), err)
	}
}

func TestBadLinesAreToldAndLeftOutOnlyWhenAsked(t *testing.T) {
	c, _ := newTill(t)
	priceList(t, "bad.csv", badList)
	c.found()
	c.press(fyne.KeyReturn, fyne.KeyF12)
	c.choose("7")
	c.press(fyne.KeyF6, fyne.KeyReturn)
	fatal(t, c.Until("the report", func() bool { return c.Says("Не читается: 3 строки") }))
	c.press(fyne.KeyReturn, fyne.KeyRight) // Enter takes nothing
	c.wantSays("Строка 5: цена не указана", "Строка 6: нет названия", "уже был в строке 2")
	if goods, err := c.till.AllGoods(t.Context(), "", 10); err != nil || len(goods) != 0 {
		t.Fatalf("%d goods were taken with bad lines among them, %v", len(goods), err)
	}
	c.press(fyne.KeyF10)
	fatal(t, c.Until("the end", func() bool { return c.Says("Строк пропущено") }))
	if goods, err := c.till.AllGoods(t.Context(), "", 10); err != nil || len(goods) != 3 {
		t.Fatalf("%d goods, %v", len(goods), err)
	}
}

func TestColumnsAreChosenByHand(t *testing.T) {
	c, _ := newTill(t)
	priceList(t, "odd.csv", "А;Б;В\nЧай чёрный;12.50;77\nКофе;99.00;78\n")
	c.found()
	c.press(fyne.KeyReturn, fyne.KeyF12)
	c.choose("7")
	c.press(fyne.KeyF6, fyne.KeyReturn)
	fatal(t, c.Until("the file", func() bool {
		return c.Says("odd.csv") && (c.Says("Прочитать файл") || c.Says("Столбцы"))
	}))
	if !c.Says("Прочитать файл") {
		c.press(fyne.KeyF4)
	}
	fatal(t, c.Tap("нет, сразу товары"))
	fatal(t, c.Tap("строка 1"))
	set := func(column, field string) {
		t.Helper()
		fatal(t, c.Tap(column))
		c.wantTop("field")
		fatal(t, c.Tap(field))
	}
	set("А", "Название")
	set("Б", "Цена")
	set("В", "Код")
	c.press(fyne.KeyF6)
	fatal(t, c.Tap("НДС 10 %"))
	fatal(t, c.Tap("Прочитать файл"))
	fatal(t, c.Until("the preview", func() bool { return c.Says("Всё читается: 2 товара") }))
	c.press(fyne.KeyReturn)
	fatal(t, c.Until("the end", func() bool { return c.Says("Товары загружены") }))
	goods, err := c.till.Search(t.Context(), "кофе", 5)
	if err != nil || len(goods) != 1 || goods[0].Code != "78" || goods[0].Price != 99_00 || goods[0].VAT != register.VAT10 {
		t.Fatalf("%+v, %v", goods, err)
	}
}

func TestWhatIsNoPriceListIsRefusedWithASentence(t *testing.T) {
	for text, want := range map[string]string{
		"\xff\xd8\xff\xe0\x00\x10JFIF": "Это картинка, а не прайс-лист",
		"":                             "Файл пуст",
		"%PDF-1.7\n":                   "Это PDF, а не таблица",
		"PK\x03\x04broken":             "Файл повреждён",
	} {
		t.Run(want, func(t *testing.T) {
			c, _ := newTill(t)
			priceList(t, "прайс.csv", text)
			c.found()
			c.press(fyne.KeyReturn, fyne.KeyF12)
			c.choose("7")
			c.press(fyne.KeyF6, fyne.KeyReturn)
			fatal(t, c.Until("the sentence", func() bool { return c.Says(want) }))
			c.wantTop("import")
			c.press(fyne.KeyEscape)
			c.wantTop("goods")
		})
	}
}

// A page that is left lets the import go on, and the till sells meanwhile.
func TestImportGoesOnWhileTheTillSells(t *testing.T) {
	c, store := newTill(t)
	var list strings.Builder
	list.WriteString("Код;Название;Цена\n")
	for i := range 20_000 {
		n := 100_000 + i
		list.WriteString(strings.ReplaceAll("N;Товар N;12,50\n", "N", register.Quantity(n*1000).String()))
	}
	priceList(t, "большой.csv", list.String())
	_, err := store.ImportGoods(t.Context(), func(yield func(register.Product, error) bool) { yield(milk, nil) }, nil)
	fatal(t, err)
	c.found()
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.until("the shift", func(v till.View) bool { return v.Shift.Open })
	c.press(fyne.KeyF12)
	c.choose("7")
	c.press(fyne.KeyF6)
	fatal(t, c.Tap("большой.csv"))
	fatal(t, c.Until("the preview", func() bool { return c.Says("Всё читается") }))
	c.Scan("") // Enter, without waiting for what comes of it
	c.Draw()
	c.Window.Press(fyne.KeyEscape)
	c.Window.Press(fyne.KeyEscape)
	c.Type("4600000000011")
	c.Window.Press(fyne.KeyReturn)
	c.until("a sale during the import", func(v till.View) bool { return len(v.Lines) == 1 })
	fatal(t, c.Until("the goods", func() bool {
		goods, err := c.till.Search(t.Context(), "товар 119999", 5)
		return err == nil && len(goods) == 1
	}))
	fatal(t, c.Settle())
	c.wantLines("Молоко 3,2 % 1")
}

func TestImportThatIsCancelledChangesNothing(t *testing.T) {
	c, _ := newTill(t)
	var list strings.Builder
	list.WriteString("Код;Название;Цена\n")
	for i := range 20_000 {
		list.WriteString(strings.ReplaceAll("N;Товар N;12,50\n", "N", register.Quantity((100_000+i)*1000).String()))
	}
	priceList(t, "большой.csv", list.String())
	c.found()
	c.press(fyne.KeyReturn, fyne.KeyF12)
	c.choose("7")
	c.press(fyne.KeyF6, fyne.KeyReturn)
	fatal(t, c.Until("the preview", func() bool { return c.Says("Всё читается") }))
	c.Window.Press(fyne.KeyReturn)
	c.Window.Press(fyne.KeyF8)
	fatal(t, c.Settle())
	c.wantSays("каталог прежний")
	if goods, err := c.till.AllGoods(t.Context(), "", 10); err != nil || len(goods) != 0 {
		t.Fatalf("%d goods, %v", len(goods), err)
	}
	c.press(fyne.KeyReturn) // and again, to the end
	fatal(t, c.Until("the end", func() bool { return c.Says("Товары загружены") }))
}

// A cashier may look a list through; who changes the catalogue has to be allowed to.
func TestImportByACashierAsksForLeave(t *testing.T) {
	c := newCounter(t)
	t.Setenv("HOME", t.TempDir())
	priceList(t, "прайс.csv", goodList)
	c.Type(testPIN)
	c.press(fyne.KeyReturn, fyne.KeyF12)
	c.choose("7")
	c.press(fyne.KeyF6, fyne.KeyReturn)
	fatal(t, c.Until("the preview", func() bool { return c.Says("Всё читается") }))
	c.press(fyne.KeyReturn)
	c.wantTop("leave")
	c.press(fyne.KeyEscape)
	c.wantTop("import")
	c.press(fyne.KeyReturn)
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	fatal(t, c.Until("the end", func() bool { return c.Says("Товары загружены") }))
	c.wantSays("Новых", "2", "Изменено", "1") // the milk was there
}

// Secrets are put into everything that can hold one, and then looked for.
func TestDiagnosticsHoldNoSecret(t *testing.T) {
	c, store := newTill(t)
	c.found()
	ctx := t.Context()
	fatal(t, store.SetSecret(ctx, till.SecretServer, till.ServerSettings{URL: "https://login:tel-aviv@kassa.example/path?token=q-token", Till: "t", Store: "s", Secret: "server-secret"}))
	fatal(t, till.SaveBank(ctx, store, nil, "tbank", banks.Settings{banks.FieldURL: "https://bank.example/v2/", "terminal": "TerminalKey", "password": "bank-password"}))
	c.press(fyne.KeyReturn, fyne.KeyF12, fyne.KeyF3)
	fatal(t, c.Until("the database", func() bool { return c.Says(store.Dir()) }))
	c.wantSays("1.2.3", "https://kassa.example/path")
	c.press(fyne.KeyF5)
	c.wantSays("Сведения скопированы")
	text := c.App.Clipboard().Content()
	for _, part := range []string{"1.2.3", store.Dir(), "kassa.example", "Лютик", "max_discount"} {
		if !strings.Contains(text, part) {
			t.Errorf("nothing says %q in:\n%s", part, text)
		}
	}
	cashiers, err := store.Cashiers(ctx)
	fatal(t, err)
	secrets := []string{ownerPIN, "tel-aviv", "login", "q-token", "server-secret", "bank-password", "argon2"}
	for _, who := range cashiers {
		secrets = append(secrets, who.PINHash)
	}
	saved := func() string {
		home, err := os.UserHomeDir()
		fatal(t, err)
		files, err := filepath.Glob(filepath.Join(home, "kassa-*.txt"))
		fatal(t, err)
		if len(files) != 1 {
			return ""
		}
		b, err := os.ReadFile(files[0])
		fatal(t, err)
		return string(b)
	}
	c.press(fyne.KeyF6)
	fatal(t, c.Until("the file", func() bool { return c.Says("Сведения сохранены") }))
	screen := strings.Join(c.Texts(), "\n")
	for _, secret := range secrets {
		for where, text := range map[string]string{"copied text": text, "file": saved(), "screen": screen} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in the %s:\n%s", secret, where, text)
			}
		}
	}
}

func TestMenuIsWorkedByArrows(t *testing.T) {
	c := openCounter(t)
	c.press(fyne.KeyF12, fyne.KeyReturn) // nothing is chosen yet
	c.wantTop("menu")
	c.press(fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyUp)
	c.press(fyne.KeyReturn)
	if top := c.Window.Top(); top == "menu" {
		t.Fatal("Enter chose nothing")
	}
}

// Another cashier sits down; what was rung up stays.
func TestSwitchingCashiersKeepsTheReceipt(t *testing.T) {
	c := openCounter(t)
	c.scan("4600000000011")
	c.press(fyne.KeyF12)
	c.choose("9")
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	c.until("the other one", func(v till.View) bool { return v.Cashier == "Ольга" && v.Shift.Open })
	c.wantLines("Молоко 3,2 % 1")
	if opened := c.till.View().Shift.Opened; time.Since(opened) > time.Hour {
		t.Fatalf("another shift, of %s", opened)
	}
}

func TestTitleOfATillWithNoName(t *testing.T) {
	for name, want := range map[string]string{"": "Касса", "7": "Касса · 7"} {
		view := standing()
		view.Shop.Till = name
		s, err := apptest.Open(app.Deps{Till: &posed{view: view}, Language: "ru"}, 1024, 600)
		fatal(t, err)
		if title := s.Window.Fyne().Title(); title != want {
			t.Errorf("the till %q has the title %q", name, title)
		}
		s.Close()
	}
}

// The sale screen of a till with no goods leads to them by touch.
func TestEmptyTillLeadsToTheImport(t *testing.T) {
	c := openCounterIn(t, world{goods: []register.Product{}})
	fatal(t, c.Until("the way", func() bool { return c.Says("В кассе ещё нет товаров") }))
	fatal(t, c.Tap("Загрузить из файла"))
	c.wantTop("import")
}

func TestAFileIsFoundByItsFirstLetters(t *testing.T) {
	c, _ := newTill(t)
	for _, name := range []string{"август.csv", "июль.csv", "прайс новый.csv", "прайс.csv"} {
		priceList(t, name, goodList)
	}
	c.found()
	c.Type("1")
	fatal(t, c.Until("the goods", func() bool { return c.Window.Top() == "goods" }))
	fatal(t, c.Settle())
	c.press(fyne.KeyF6)
	c.Type("прайс.")
	c.press(fyne.KeyReturn)
	fatal(t, c.Until("the preview", func() bool { return c.Says("Всё читается: 3 товара") }))
	c.wantSays("прайс.csv")
	if c.Says("прайс новый.csv") {
		t.Error("another file was opened")
	}
}
