package slip_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/slip"
	"kassa/printer/slip/sliptest"
	"kassa/register"
)

// forms are what shops may choose.
func forms() map[string]slip.Form {
	return map[string]slip.Form{
		"one-line":      {OneLine: true, Header: []string{"Цветы и подарки", "Ежедневно с 9 до 21"}},
		"bare":          {Hidden: slip.Parts()},
		"one-line-bare": {OneLine: true, Hidden: slip.Parts()},
	}
}

// shortNames is a sale whose goods fit on a line each.
func shortNames(t *testing.T) register.Operation {
	t.Helper()
	cart := register.NewCart(register.Rules{MaxDiscount: 2000})
	for _, p := range []register.Product{
		{ID: "1", Name: "Хлеб «Столичный»", Unit: register.Piece, Price: 5200, VAT: register.VAT10},
		{ID: "2", Name: "Сыр", Unit: register.Kilogram, Price: 84990, VAT: register.VAT10},
		{ID: "3", Name: "Телевизор 65\"", Unit: register.Piece, Price: 8_999_900, VAT: register.VAT22},
	} {
		if _, err := cart.Add(p, 1000); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{cart.SetLineDiscount(1, register.Discount{Percent: 1000}), cart.SetLineComment(1, "куском")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return sliptest.Operation(t, register.KindSale, sliptest.Sale(t, &cart, sliptest.QR(cart.Total())))
}

func TestForms(t *testing.T) {
	lang := language(t, i18n.Russian)
	for name, form := range forms() {
		for _, columns := range []int{48, 42, 32} {
			shop := sliptest.Shop()
			shop.Form, shop.Columns, shop.Registrar = form, columns, true
			for kind, op := range map[string]register.Operation{"short": shortNames(t), "long": sliptest.Operations(t)["sale-discounts"]} {
				t.Run(fmt.Sprint(name, kind, columns), func(t *testing.T) {
					doc, _, err := slip.For(shop, op, lang)
					if err != nil {
						t.Fatal(err)
					}
					golden(t, fmt.Sprintf("form-%s-%s-ru-%d.txt", name, kind, columns), printer.PlainText(doc, columns))
				})
			}
		}
	}
}

// golden compares a text with the one that is kept.
func golden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
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
}

// With every part left out a slip says neither what belongs to it, nor less than it must.
func TestWhatIsLeftOut(t *testing.T) {
	lang := language(t, i18n.Russian)
	shop := sliptest.Shop()
	traces := map[slip.Part]string{
		slip.PartAddress: "Садовая", slip.PartINN: "7700000009", slip.PartCashier: "Иванова", slip.PartNumbers: "1. ", slip.PartDiscounts: "Скидк",
		slip.PartVAT: "В т. ч.", slip.PartCustomer: "Константинопольская", slip.PartSignatures: "____", slip.PartBarcode: "[|||]",
	}
	sale, back := sliptest.Operations(t)["sale-discounts"], sliptest.Operations(t)["return"]
	for _, part := range slip.Parts() {
		for _, shown := range []bool{true, false} {
			shop.Form = slip.Form{}.Show(part, shown)
			text := ""
			for _, op := range []register.Operation{sale, back} {
				doc, _, err := slip.For(shop, op, lang)
				if err != nil {
					t.Fatal(err)
				}
				text += printer.PlainText(doc, 48)
			}
			if traces[part] == "" || strings.Contains(text, traces[part]) != shown {
				t.Errorf("%s, shown %t:\n%s", part, shown, text)
			}
			for _, must := range []string{"ТОВАРНЫЙ ЧЕК № 7", "НЕФИСКАЛЬНЫЙ", "22.11.2026 14:05", "715,16", "Открытка"} {
				if !strings.Contains(text, must) {
					t.Errorf("without %s there is no %q", part, must)
				}
			}
		}
	}
}

// A shop with a registrar never gives a slip for a receipt.
func TestWithARegistrar(t *testing.T) {
	for _, tag := range i18n.Tags() {
		lang := language(t, tag)
		shop := sliptest.Shop()
		shop.Registrar = true
		for name, op := range sliptest.Operations(t) {
			doc, _, err := slip.For(shop, op, lang)
			if err != nil {
				t.Fatal(err)
			}
			text := printer.PlainText(doc, 32)
			sells := slices.Contains([]register.Kind{register.KindSale, register.KindReturn, register.KindPrepayment, register.KindPrepaymentReturn}, op.Kind)
			if strings.Contains(text, lang.T("slip.no_receipt")) != sells || !strings.Contains(text, lang.T("slip.not_fiscal")) {
				t.Errorf("%s %s:\n%s", name, tag, text)
			}
		}
	}
}

// What a person decided where the registrar could not say has nothing that could be looked up.
func TestCopyWithoutARegistrarsWord(t *testing.T) {
	lang := language(t, i18n.Russian)
	op := sliptest.Operations(t)["sale-cash"]
	plain, err := slip.Copy(sliptest.Shop(), op, at, lang)
	if err != nil {
		t.Fatal(err)
	}
	decided, err := slip.CopyOfReceipt(sliptest.Shop(), op, register.FiscalDocument{Document: "sale", Decided: "Петрова"}, at, lang)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plain, decided); diff != "" {
		t.Error(diff)
	}
	if _, err := slip.CopyOfReceipt(sliptest.Shop(), register.Operation{Kind: register.KindSale}, sliptest.Receipt(), at.Add(time.Hour), lang); !errors.Is(err, register.ErrBadOperation) {
		t.Error(err)
	}
}

func TestFormsThatCannotBe(t *testing.T) {
	many := make([]string, slip.MaxLines+1)
	for name, form := range map[string]slip.Form{
		"too many lines": {Header: many},
		"a long line":    {Header: []string{strings.Repeat("я", slip.MaxLetters+1)}},
		"a line feed":    {Header: []string{"a\nb"}},
		"no text":        {Header: []string{"\xff"}},
		"no such part":   {Hidden: []slip.Part{"total"}},
		"a part twice":   {Hidden: []slip.Part{slip.PartVAT, slip.PartVAT}},
	} {
		if err := form.Check(); !errors.Is(err, slip.ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, form := range forms() {
		if err := form.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(form, form.Clone()); diff != "" {
			t.Error(diff)
		}
	}
}
