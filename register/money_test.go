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

// FuzzParse reads everything that people and price lists type.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"1 234,50", "0.005", "99999999.99", "-1", "1e9", "\u202f", "٣", "…", "12.5 %", "100%", "НДС 22 %", "без НДС", "4600000000015", " x", "\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := register.ParseMoney(text)
		if err == nil {
			if back, err := register.ParseMoney(m.String()); m < 0 || m > register.MaxMoney || err != nil || back != m {
				t.Errorf("%q is read as %d", text, m)
			}
		} else if m != 0 || !errors.Is(err, register.ErrNotMoney) && !errors.Is(err, register.ErrTooMuch) {
			t.Errorf("%q: %d, %v", text, m, err)
		}
		q, err := register.ParseQuantity(text)
		if err == nil {
			if back, err := register.ParseQuantity(q.String()); q <= 0 || q > register.MaxQuantity || err != nil || back != q {
				t.Errorf("%q is read as %d", text, q)
			}
		} else if q != 0 || !errors.Is(err, register.ErrNotQuantity) && !errors.Is(err, register.ErrTooMuch) {
			t.Errorf("%q: %d, %v", text, q, err)
		}
		p, err := register.ParsePercent(text)
		if err == nil {
			if back, err := register.ParsePercent(p.String()); p < 0 || p > register.Hundred || err != nil || back != p {
				t.Errorf("%q is read as %d", text, p)
			}
		} else if p != 0 || !errors.Is(err, register.ErrNotPercent) {
			t.Errorf("%q: %d, %v", text, p, err)
		}
		v, err := register.ParseVAT(text)
		if err == nil && !v.Valid() || err != nil && !errors.Is(err, register.ErrNotVAT) {
			t.Errorf("%q is read as %q, %v", text, v, err)
		}
		if err := register.CheckBarcode(text); err == nil && (len(text) == 0 || len(text) > register.MaxBarcode) || err != nil && !errors.Is(err, register.ErrNotBarcode) {
			t.Errorf("%q as a barcode: %v", text, err)
		}
	})
}
