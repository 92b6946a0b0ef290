package slip_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/slip"
	"kassa/register"
)

var update = flag.Bool("update", false, "write the slips that are made now as the ones expected")

var at = time.Date(2026, 11, 22, 11, 5, 0, 0, time.UTC)

func shop() slip.Shop {
	return slip.Shop{
		Name: "Ромашка", Address: "г. Москва, ул. Большая Садовая, д. 10", INN: "7700000009", Till: "1",
		Footer: "Спасибо за покупку!", Zone: time.FixedZone("MSK", 3*60*60),
	}
}

func language(t *testing.T, tag string) *i18n.Language {
	t.Helper()
	l, err := i18n.Load(tag)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func operation(t *testing.T, kind register.Kind, body any) register.Operation {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return register.Operation{
		Number: 41, Kind: kind, Version: register.BodyVersion, At: at, Shift: 12, Cashier: "Иванова А. П.", Body: data,
	}
}

func sale(t *testing.T, pay func(total register.Money) []register.Payment) register.Operation {
	t.Helper()
	var cart register.Cart
	for _, g := range []struct {
		product  register.Product
		quantity register.Quantity
	}{
		{register.Product{ID: "1", Name: "Хлеб бородинский нарезанный в упаковке 400 г", Unit: register.Piece, Price: 5200, VAT: register.VAT10}, 2000},
		{register.Product{ID: "2", Name: "Сыр «Российский» 50 %", Unit: register.Kilogram, Price: 84990, VAT: register.VAT10}, 356},
		{register.Product{ID: "3", Name: "Чай чёрный «Майский» — 100 пакетиков", Unit: register.Piece, Price: 21900, VAT: register.VAT22}, 1000},
		{register.Product{ID: "4", Name: "Открытка", Unit: register.Piece, Price: 4500, VAT: register.VATNone}, 1000},
		{register.Product{ID: "5", Name: "Журнал", Unit: register.Piece, Price: 9900, VAT: register.VAT0}, 1000},
	} {
		if _, err := cart.Add(g.product, g.quantity); err != nil {
			t.Fatal(err)
		}
	}
	s, err := register.NewSale(&cart, pay(cart.Total()))
	if err != nil {
		t.Fatal(err)
	}
	s.Receipt = 7
	return operation(t, register.KindSale, s)
}

func cash(total register.Money) []register.Payment {
	return []register.Payment{{Method: register.Cash, Amount: total, Given: 100000, Change: 100000 - total}}
}

func byQR(total register.Money) []register.Payment {
	return []register.Payment{{Method: register.QR, Amount: total, QRID: "q", BankID: "4402991763"}}
}

func mixed(total register.Money) []register.Payment {
	return []register.Payment{
		{Method: register.Card, Amount: 50000},
		{Method: register.Cash, Amount: total - 50000, Given: total - 50000},
	}
}

func slips(t *testing.T, tag string) map[string]printer.Document {
	t.Helper()
	lang := language(t, tag)
	docs := map[string]printer.Document{}
	keep := func(name string, doc printer.Document, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		docs[name] = doc
	}
	for name, pay := range map[string]func(register.Money) []register.Payment{"cash": cash, "qr": byQR, "mixed": mixed} {
		doc, err := slip.Sale(shop(), sale(t, pay), lang)
		keep("sale-"+name, doc, err)
	}
	doc, err := slip.Copy(shop(), sale(t, cash), at.Add(time.Hour), lang)
	keep("copy", doc, err)
	doc, err = slip.QR(shop(), slip.Code{
		Amount: 123450, Payload: "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=123450&cur=RUB&crc=AB75",
		Purpose: "Покупка в магазине «Ромашка»", At: at, Expires: at.Add(15 * time.Minute),
	}, lang)
	keep("qr", doc, err)
	doc, err = slip.ShiftReport(shop(), operation(t, register.KindShiftClosed, register.ShiftClosed{Totals: register.Totals{
		Sales:     register.Counter{Count: 1234, Sum: 98765432, Cash: 50000000, Card: 40000000, QR: 8765432},
		Receipts:  1234,
		CashStart: 500000, CashEnd: 50500000,
	}}), lang)
	keep("shift", doc, err)
	return docs
}

// The slips stand as text in testdata, at both usual widths, where a reader can judge them.
func TestSlips(t *testing.T) {
	for _, tag := range i18n.Tags() {
		for name, doc := range slips(t, tag) {
			for width, columns := range map[string]int{"80": 48, "58": 32} {
				file := filepath.Join("testdata", strings.Join([]string{name, tag, width}, "-")+".txt")
				t.Run(filepath.Base(file), func(t *testing.T) {
					got := printer.PlainText(doc, columns)
					if *update {
						if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
							t.Fatal(err)
						}
					}
					want, err := os.ReadFile(file)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(string(want), got); diff != "" {
						t.Error(diff)
					}
				})
			}
		}
	}
}

func TestNoSlipLooksFiscal(t *testing.T) {
	for _, tag := range i18n.Tags() {
		never := []string{"КАССОВЫЙ ЧЕК", "ФИСКАЛЬНЫЙ ЧЕК", "ФН", "ФД", "ФП", "ПРИХОД"}
		for name, doc := range slips(t, tag) {
			text := strings.ToUpper(printer.PlainText(doc, 48))
			if !strings.Contains(text, language(t, tag).T("slip.not_fiscal")) {
				t.Errorf("%s %s does not say that it is not fiscal", name, tag)
			}
			for _, word := range never {
				if strings.Contains(text, word) {
					t.Errorf("%s %s says %q", name, tag, word)
				}
			}
			if strings.Contains(text, "SLIP.") || strings.Contains(text, "{") {
				t.Errorf("%s %s has a text missing:\n%s", name, tag, text)
			}
		}
	}
}

func TestDrawerOpensForCashAndNeverForCopies(t *testing.T) {
	want := map[string]bool{"sale-cash": true, "sale-mixed": true}
	for name, doc := range slips(t, i18n.Russian) {
		if doc.OpenDrawer != want[name] {
			t.Errorf("%s opens the drawer: %t", name, doc.OpenDrawer)
		}
	}
}

func TestWrongOperations(t *testing.T) {
	lang := language(t, i18n.Russian)
	broken := sale(t, cash)
	broken.Body = json.RawMessage(`{"lines": 5}`)
	closed := operation(t, register.KindShiftClosed, register.ShiftClosed{})
	opened := operation(t, register.KindShiftOpened, register.ShiftOpened{})
	unread := closed
	unread.Body = nil
	tests := []struct {
		name string
		make func() (printer.Document, error)
		want error
	}{
		{"sale slip of a shift", func() (printer.Document, error) { return slip.Sale(shop(), closed, lang) }, register.ErrBadOperation},
		{"sale slip of nonsense", func() (printer.Document, error) { return slip.Sale(shop(), broken, lang) }, register.ErrBadOperation},
		{"copy of nonsense", func() (printer.Document, error) { return slip.Copy(shop(), broken, at, lang) }, register.ErrBadOperation},
		{"report of an opening", func() (printer.Document, error) { return slip.ShiftReport(shop(), opened, lang) }, register.ErrBadOperation},
		{"report of nothing", func() (printer.Document, error) { return slip.ShiftReport(shop(), unread, lang) }, register.ErrBadOperation},
		{"code of nothing", func() (printer.Document, error) { return slip.QR(shop(), slip.Code{Amount: 1}, lang) }, slip.ErrNoCode},
		{"code of zero", func() (printer.Document, error) { return slip.QR(shop(), slip.Code{Payload: "a"}, lang) }, slip.ErrNoCode},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tt.make(); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

// A shop that has not said anything of itself still gets its slips.
func TestEmptyShop(t *testing.T) {
	doc, err := slip.Sale(slip.Shop{}, sale(t, cash), language(t, i18n.English))
	if err != nil {
		t.Fatal(err)
	}
	if first, _, _ := strings.Cut(printer.PlainText(doc, 48), "\n"); strings.TrimSpace(first) != "SALES SLIP No. 7" {
		t.Errorf("the slip begins with %q", first)
	}
}
