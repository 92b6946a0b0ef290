package app

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"kassa/app/till"
	"kassa/i18n"
	"kassa/register"
)

func TestNotes(t *testing.T) {
	for _, c := range []struct {
		total register.Money
		want  []register.Money
	}{
		{59_90, []register.Money{100_00, 200_00, 500_00, 1000_00, 2000_00, 5000_00}},
		{894_02, []register.Money{900_00, 1000_00, 2000_00, 5000_00}},
		{1000_00, []register.Money{2000_00, 5000_00}},
		{5000_00, []register.Money{6000_00}},
		{12_340_50, []register.Money{12_400_00, 12_500_00, 13_000_00, 14_000_00, 15_000_00}},
	} {
		if got := notes(c.total, till.DefaultSettings().Notes); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.total, got, c.want)
		}
	}
}

func TestNotesAreEnoughAndNeverANoteTooMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := register.Money(rapid.Int64Range(1, int64(register.MaxMoney)).Draw(t, "total"))
		got := notes(total, till.DefaultSettings().Notes)
		if len(got) > mostNotes || !slices.IsSorted(got) {
			t.Fatalf("%v", got)
		}
		for _, m := range got {
			state := cashState{total: total, entry: digits{text: m.String()}}
			if m <= total || (m <= register.MaxMoney && state.doubtful()) {
				t.Fatalf("%s for %s", m, total)
			}
		}
	})
}

func TestDigits(t *testing.T) {
	for _, c := range []struct{ keys, want string }{
		{"12,5", "12.5"}, {"1.2.3", "1.23"}, {",5", "0.5"}, {"007", "7"}, {"1,23456", "1.234"},
		{"12\b3", "13"}, {"\b\b", ""}, {"123456789", "12345"}, {"1x2", "12"},
	} {
		d := &digits{point: true, after: 3, most: 5}
		for _, r := range c.keys {
			d.typed(r)
		}
		if d.text != c.want {
			t.Errorf("%q: got %q, want %q", c.keys, d.text, c.want)
		}
	}
	if d := (&digits{most: 5}); d.typed('5') && d.typed(',') && d.text != "5" {
		t.Errorf("a point where there is none: %q", d.text)
	}
}

// What is typed is always a number that the register reads, or nothing yet.
func TestWhatIsTypedCanBeRead(t *testing.T) {
	ru, err := i18n.Load(i18n.Russian)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := &digits{point: true, after: 2, most: 8}
		for _, r := range rapid.SliceOf(rapid.SampledFrom([]rune("0123456789.,\bx"))).Draw(t, "keys") {
			d.typed(r)
		}
		if d.text == "" {
			return
		}
		if _, err := register.ParseMoney(d.text); err != nil {
			t.Fatalf("%q: %v", d.text, err)
		}
		if d.money(ru) == "" {
			t.Fatal("shown as nothing")
		}
	})
}

// Whatever is typed, a question answers with a number within its bounds or with none.
func TestQuestionAnswersWithinItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := numberQuestion{
			kind:  rapid.SampledFrom([]numberKind{numberMoney, numberPercent, numberQuantity}).Draw(t, "kind"),
			unit:  rapid.SampledFrom([]register.Unit{register.Piece, register.Kilogram, ""}).Draw(t, "unit"),
			least: rapid.Int64Range(0, 5000).Draw(t, "least"),
			most:  rapid.Int64Range(0, 500_000).Draw(t, "most"),
		}
		most, before, after := q.limits()
		d := &digits{point: after > 0, after: after, most: before}
		for _, r := range rapid.SliceOf(rapid.SampledFrom([]rune("00123456789.,\bx-"))).Draw(t, "keys") {
			d.typed(r)
		}
		v, ok := q.read(d.text)
		if ok && (d.text == "" || v < q.least || v > most) {
			t.Fatalf("%q was read as %d, wanted %d to %d", d.text, v, q.least, most)
		}
		if ok && q.kind == numberQuantity && q.unit == register.Piece && !register.Quantity(v).Whole() {
			t.Fatalf("%q is %d thousandths of a piece", d.text, v)
		}
	})
}

func TestPaceTellsAScannerFromFingers(t *testing.T) {
	type entry struct {
		text  string
		every time.Duration
		want  bool
	}
	for _, c := range []entry{
		{"46000011", 2 * time.Millisecond, true}, {"4600000000011", 30 * time.Millisecond, true},
		{"46000011", 90 * time.Millisecond, false}, {"123456", time.Millisecond, false}, {"12345.67", time.Millisecond, false},
	} {
		var p pace
		now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		for i := range c.text {
			p.beat(c.text[:i+1], now)
			now = now.Add(c.every)
		}
		if got := p.scanner(c.text); got != c.want {
			t.Errorf("%q every %s: got %v", c.text, c.every, got)
		}
	}
}

func TestSlipTakesOneNumberAfterAnother(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	w := &Window{deps: Deps{Now: func() time.Time { now = now.Add(200 * time.Millisecond); return now }}}
	var s slipText
	for _, r := range "12\b3\x00\ufffd" {
		s.typed(r, w)
	}
	if ended, code := s.enter(); !ended || code != "" || s.text != "13" {
		t.Fatalf("%v, %q, %+v", ended, code, s)
	}
	if ended, _ := s.enter(); ended {
		t.Fatal("the second Enter ended a number again")
	}
	for range 100 {
		s.typed('7', w)
	}
	if len(s.text) != longestSlip || s.text[0] != '7' {
		t.Fatalf("%+v", s)
	}
}

func TestFieldTakesQuantitiesAndLetsGoOfThem(t *testing.T) {
	var s saleState
	for _, r := range "2,5*хл" {
		if err := s.typed(r); err != nil {
			t.Fatal(err)
		}
	}
	if s.quantity != 2500 || s.text != "хл" {
		t.Fatalf("%+v", s)
	}
	for range 3 {
		s.erase()
	}
	if s.quantity != 0 || s.text != "" {
		t.Fatalf("%+v", s)
	}
	for _, r := range "abc*" { // an asterisk after letters is a letter
		_ = s.typed(r)
	}
	if s.text != "abc*" {
		t.Fatalf("%+v", s)
	}
	s = saleState{}
	for range 1000 {
		_ = s.typed('1')
	}
	if len(s.text) != longestText {
		t.Fatalf("%d characters", len(s.text))
	}
}

// late is a gate whose work is done by hand.
func late() (g *gate, work *[]func()) {
	work = &[]func(){}
	deps := Deps{Go: func(f func()) { *work = append(*work, f) }, Draw: func(f func()) { f() }}.filled()
	return &gate{deps: &deps, refresh: func() {}}, work
}

func TestGateKeepsChangesInOrder(t *testing.T) {
	g, work := late()
	var order []int
	for i := range 3 {
		g.change(func(context.Context) error { return nil }, func(error) { order = append(order, i) })
		g.enter(func() { order = append(order, 10+i) })
	}
	for len(*work) > 0 {
		f := (*work)[0]
		*work = (*work)[1:]
		f()
	}
	if want := []int{0, 10, 1, 11, 2, 12}; !slices.Equal(order, want) {
		t.Fatalf("got %v, want %v", order, want)
	}
}

func TestGateDropsWhatComesWhileMoneyIsWorkedOn(t *testing.T) {
	g, work := late()
	var heard []string
	hear := func(s string) func() { return func() { heard = append(heard, s) } }
	nothing := func(context.Context) error { return nil }
	g.commit(nothing, func(error) { hear("sold")() })
	g.enter(hear("key"))
	g.commit(nothing, func(error) { hear("sold twice")() })
	g.change(nothing, func(error) { hear("changed")() })
	if len(*work) != 1 {
		t.Fatalf("%d pieces of work", len(*work))
	}
	(*work)[0]()
	g.enter(hear("next key"))
	if want := []string{"sold", "next key"}; !slices.Equal(heard, want) {
		t.Fatalf("got %v, want %v", heard, want)
	}
}

// What was typed ahead was meant for a success: an Enter among it must not try to pay again.
func TestGateForgetsWhatWasTypedAheadOfAFailure(t *testing.T) {
	g, work := late()
	var heard []string
	hear := func(s string) func() { return func() { heard = append(heard, s) } }
	g.change(func(context.Context) error { return nil }, func(error) {})
	g.enter(func() {
		g.commit(func(context.Context) error { return context.Canceled }, func(error) { hear("failed")() })
	})
	g.enter(hear("enter"))
	(*work)[0]()
	(*work)[1]()
	g.enter(hear("next key"))
	if want := []string{"failed", "next key"}; !slices.Equal(heard, want) {
		t.Fatalf("got %v, want %v", heard, want)
	}
}

// The field takes whatever a scanner, a keyboard or a cat sends, and keeps what a code, a word or a quantity can be.
func FuzzField(f *testing.F) {
	for _, text := range []string{"3*4600000000011", "0,356*", "хлеб", "-1*", "1000000000000*", "\x00\x1b\x7f\ufffd", "**", strings.Repeat("9", 5000), "0*0*", ".*,*"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s saleState
		for _, r := range text {
			if err := s.typed(r); err != nil && s.text != "" {
				t.Fatalf("after %v the field holds %q", err, s.text)
			}
		}
		if n := utf8.RuneCountInString(s.text); n > longestText || strings.ContainsFunc(s.text, unicode.IsControl) || !utf8.ValidString(s.text) {
			t.Fatalf("the field holds %q", s.text)
		}
		if s.quantity < 0 || s.quantity > register.MaxQuantity {
			t.Fatalf("a quantity of %s", s.quantity)
		}
		if q, _ := s.take(); q <= 0 {
			t.Fatalf("a quantity of %s is taken", q)
		}
	})
}

// A code that was scanned into a sum is told as it was scanned, with the zeros that a number has no use for.
func TestScannedCodeKeepsItsZeros(t *testing.T) {
	d := &digits{point: true, after: 2, most: 8}
	for _, code := range []string{"0400000000022", "0004000000022", "4600000000011"} {
		for _, r := range code {
			d.typed(r)
		}
		if got := d.barcode(); got != code {
			t.Errorf("%s was read as %q", code, got)
		}
	}
}
