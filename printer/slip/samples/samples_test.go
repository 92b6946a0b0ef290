package samples_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/slip"
	"kassa/printer/slip/samples"
)

func load(t *testing.T, tag string) *i18n.Language {
	t.Helper()
	l, err := i18n.Load(tag)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestSamplesAreTheSameEachTime(t *testing.T) {
	shop := samples.Shop()
	shop.Columns = 48
	if err := errors.Join(shop.Form.Check(), slip.CheckLogo(shop.Form.Logo)); err != nil {
		t.Error(err)
	}
	for _, tag := range i18n.Tags() {
		lang := load(t, tag)
		seen := map[string]samples.Kind{}
		for _, kind := range samples.Kinds() {
			doc, err := samples.Make(kind, shop, "generic80", lang)
			if err != nil {
				t.Fatal(err)
			}
			again, err := samples.Make(kind, shop, "generic80", lang)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(doc, again); diff != "" {
				t.Errorf("%s differs the second time: %s", kind, diff)
			}
			text := printer.PlainText(doc, 48)
			if other := seen[text]; other != "" || !strings.Contains(text, lang.T("slip.not_fiscal")) {
				t.Errorf("%s, the same as %q:\n%s", kind, other, text)
			}
			seen[text] = kind
		}
	}
	if _, err := samples.Make("coupon", shop, "", load(t, i18n.English)); !errors.Is(err, samples.ErrKind) {
		t.Error(err)
	}
}

// Each choice of a shop's is seen in the preview.
func TestEveryChoiceIsSeen(t *testing.T) {
	lang := load(t, i18n.Russian)
	all := func(change func(*slip.Shop)) string {
		shop := samples.Shop()
		shop.Columns = 48
		change(&shop)
		text := ""
		for _, kind := range samples.Kinds() {
			doc, err := samples.Make(kind, shop, "", lang)
			if err != nil {
				t.Fatal(err)
			}
			text += printer.PlainText(doc, 48)
		}
		return text
	}
	usual := all(func(*slip.Shop) {})
	for _, part := range slip.Parts() {
		if all(func(s *slip.Shop) { s.Form = s.Form.Show(part, false) }) == usual {
			t.Errorf("without %s everything looks the same", part)
		}
	}
	for name, change := range map[string]func(*slip.Shop){
		"goods on a line": func(s *slip.Shop) { s.Form.OneLine = true },
		"a line above":    func(s *slip.Shop) { s.Form.Header = nil },
		"the footer":      func(s *slip.Shop) { s.Footer = "" },
		"the logo":        func(s *slip.Shop) { s.Form.Logo = nil },
		"a registrar":     func(s *slip.Shop) { s.Registrar = true },
	} {
		if all(change) == usual {
			t.Errorf("%s changes nothing", name)
		}
	}
}

// The report counts what the other slips say.
func TestTheDayAddsUp(t *testing.T) {
	lang := load(t, i18n.Russian)
	text := map[samples.Kind]string{}
	for _, kind := range samples.Kinds() {
		doc, err := samples.Make(kind, samples.Shop(), "", lang)
		if err != nil {
			t.Fatal(err)
		}
		text[kind] = strings.Join(strings.Fields(printer.PlainText(doc, 48)), " ")
	}
	for kind, parts := range map[samples.Kind][]string{
		samples.Sale:   {"ИТОГ 1 715,04", "Наличные 2 000,00", "Сдача 284,96"},
		samples.QR:     {"2 674,00 руб."},
		samples.Return: {"К ВОЗВРАТУ 120,00"},
		samples.X:      {"Продажи: 2 4 389,04 Наличные 1 715,04 QR (СБП) 2 674,00", "Возвраты: 1 120,00", "Предоплаты: 1 3 000,00", "Изъятия: 1 -8 000,00"},
		samples.Z:      {"Продажи: 2 4 389,04", "Расхождения нет", "СМЕНА ЗАКРЫТА"},
	} {
		for _, part := range parts {
			if !strings.Contains(text[kind], part) {
				t.Errorf("%s does not say %q: %s", kind, part, text[kind])
			}
		}
	}
}
