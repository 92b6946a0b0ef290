package i18n_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kassa/i18n"
	"kassa/register"
)

func load(t *testing.T, tag string) *i18n.Language {
	t.Helper()
	l, err := i18n.Load(tag)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestCataloguesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	ru, en := load(t, "ru"), load(t, "en")
	if d := difference(ru.Keys(), en.Keys()); len(d) > 0 {
		t.Errorf("only in Russian: %q", d)
	}
	if d := difference(en.Keys(), ru.Keys()); len(d) > 0 {
		t.Errorf("only in English: %q", d)
	}
	holes := regexp.MustCompile(`\{[a-z_]+\}`)
	for _, k := range ru.Keys() {
		a, b := holes.FindAllString(ru.T(k), -1), holes.FindAllString(en.T(k), -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %q in Russian, %q in English", k, a, b)
		}
		if ru.T(k) == "" || en.T(k) == "" {
			t.Errorf("%s: empty", k)
		}
	}
}

func difference(a, b []string) []string {
	var d []string
	for _, k := range a {
		if !slices.Contains(b, k) {
			d = append(d, k)
		}
	}
	return d
}

func TestUnknownLanguage(t *testing.T) {
	for _, tag := range []string{"", "de", "../ru", "*"} {
		if _, err := i18n.Load(tag); err == nil {
			t.Errorf("%q was loaded", tag)
		}
	}
}

func TestFormats(t *testing.T) {
	at := time.Date(2026, 3, 9, 21, 5, 0, 0, time.UTC)
	moscow := time.FixedZone("MSK", 3*60*60)
	ru, en := load(t, "ru").In(moscow), load(t, "en").In(moscow)
	for _, c := range []struct{ name, got, want string }{
		{"money ru", ru.Money(123450), "1\u00a0234,50\u00a0₽"},
		{"money en", en.Money(123450), "₽1,234.50"},
		{"negative ru", ru.Money(-5), "-0,05\u00a0₽"},
		{"negative en", en.Money(-123456789), "-₽1,234,567.89"},
		{"zero", ru.Sum(0), "0,00"},
		{"quantity ru", ru.Quantity(1500), "1,5"},
		{"quantity en", en.Quantity(1234567), "1,234.567"},
		{"whole", ru.Quantity(2000), "2"},
		{"date ru", ru.DateTime(at), "10.03.2026\u00a000:05"},
		{"date en", en.DateTime(at), "10 Mar 2026\u00a000:05"},
		{"vat", ru.VAT(register.VAT22), "НДС 22 %"},
		{"no vat", en.VAT(register.VATNone), "no VAT"},
		{"rest", ru.Duration(61500 * time.Millisecond), "1:02"},
		{"no rest", ru.Duration(-time.Second), "0:00"},
		{"missing key", ru.T("no.such.key"), "no.such.key"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestRewordedTextsKeepWhatFillsThem(t *testing.T) {
	l, err := i18n.Load(i18n.English)
	if err != nil {
		t.Fatal(err)
	}
	shouted := l.Reworded(strings.ToUpper)
	for _, key := range l.Keys() {
		if got, want := shouted.T(key), strings.ToUpper(l.T(key)); got != want {
			t.Fatalf("%s: %q, want %q", key, got, want)
		}
	}
	if got := l.Reworded(func(string) string { return "{name} F1" }).T("common.purchase", "name", "f9 bolt"); got != "f9 bolt F1" {
		t.Errorf("%q", got)
	}
}
