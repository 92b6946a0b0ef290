package register_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestParseMoney(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       register.Money
		err        error
	}{
		{"whole", "1234", 123400, nil},
		{"comma", "1 234,50", 123450, nil},
		{"point", "0.05", 5, nil},
		{"one decimal", "7,5", 750, nil},
		{"no-break spaces", "12\u00a0345,00", 1234500, nil},
		{"zeros after the kopecks", "1.5000", 150, nil},
		{"spaces around", "  3 ", 300, nil},
		{"largest", "99999999.99", register.MaxMoney, nil},
		{"too much", "100000000", 0, register.ErrTooMuch},
		{"far too much", "99999999999999999999999999", 0, register.ErrTooMuch},
		{"parts of a kopeck", "1.005", 0, register.ErrNotMoney},
		{"negative", "-1", 0, register.ErrNotMoney},
		{"two points", "1.2.3", 0, register.ErrNotMoney},
		{"letters", "12a", 0, register.ErrNotMoney},
		{"empty", "", 0, register.ErrNotMoney},
		{"only a point", ".", 0, register.ErrNotMoney},
		{"other digits", "١٢", 0, register.ErrNotMoney},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := register.ParseMoney(c.text)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %v, %v; want %v, %v", got, err, c.want, c.err)
			}
		})
	}
}

func TestMoneyIsReadAsItIsWritten(t *testing.T) {
	check(t, func(t *rapid.T) {
		m := register.Money(rapid.Int64Range(0, int64(register.MaxMoney)).Draw(t, "sum"))
		got, err := register.ParseMoney(m.String())
		if err != nil || got != m {
			t.Fatalf("%s is read as %s, %v", m, got, err)
		}
	})
}

func TestQuantityIsReadAsItIsWritten(t *testing.T) {
	check(t, func(t *rapid.T) {
		q := register.Quantity(rapid.Int64Range(1, int64(register.MaxQuantity)).Draw(t, "quantity"))
		got, err := register.ParseQuantity(q.String())
		if err != nil || got != q {
			t.Fatalf("%s is read as %s, %v", q, got, err)
		}
	})
}

func TestTimes(t *testing.T) {
	for _, c := range []struct {
		name  string
		price register.Money
		q     register.Quantity
		want  register.Money
		err   error
	}{
		{"one", 12345, register.One, 12345, nil},
		{"weighed, from the fiscal rules", 74900, 356, 26664, nil}, // 0.356 × 749.00 = 266.644
		{"half up", 100, 5, 1, nil},                                // 0.005 × 1.00 = 0.5 kopecks
		{"below half", 100, 4, 0, nil},
		{"too much", register.MaxMoney, 2 * register.One, 0, register.ErrTooMuch},
		{"negative quantity", 100, -1, 0, register.ErrTooMuch},
		{"quantity out of bounds", 100, register.MaxQuantity + 1, 0, register.ErrTooMuch},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.price.Times(c.q)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %v, %v; want %v, %v", got, err, c.want, c.err)
			}
		})
	}
}

func TestVATIncluded(t *testing.T) {
	for _, c := range []struct {
		name string
		rate register.VAT
		sum  register.Money
		want register.Money
	}{
		{"10 of 179.80", register.VAT10, 17980, 1635},
		{"22 of 266.64", register.VAT22, 26664, 4808},
		{"10 of 161.82", register.VAT10, 16182, 1471},
		{"22 of 1000.00", register.VAT22, 100000, 18033},
		{"22 of 500.00", register.VAT22, 50000, 9016},
		{"5 of 1.00", register.VAT5, 100, 5},
		{"7 of 99.99", register.VAT7, 9999, 654},
		{"22 of a published receipt", register.VAT22, 80730, 14558},
		{"0", register.VAT0, 100000, 0},
		{"none", register.VATNone, 100000, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.rate.Included(c.sum); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestParseVAT(t *testing.T) {
	for text, want := range map[string]register.VAT{
		"22": register.VAT22, "10%": register.VAT10, "НДС 20 %": register.VAT20, "без НДС": register.VATNone, "-": register.VATNone, "0": register.VAT0,
	} {
		if got, err := register.ParseVAT(text); err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "18", "22,5", "1000000", "НДС", "none22"} {
		if got, err := register.ParseVAT(text); !errors.Is(err, register.ErrNotVAT) {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"1 234,50", "0.005", "99999999.99", "-1", "1e9", "\u202f", "٣", "…"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if m, err := register.ParseMoney(text); err == nil && (m < 0 || m > register.MaxMoney) {
			t.Errorf("%q is read as %d", text, m)
		}
		if q, err := register.ParseQuantity(text); err == nil && (q <= 0 || q > register.MaxQuantity) {
			t.Errorf("%q is read as %d", text, q)
		}
		if v, err := register.ParseVAT(text); err == nil && !v.Valid() {
			t.Errorf("%q is read as %q", text, v)
		}
	})
}
