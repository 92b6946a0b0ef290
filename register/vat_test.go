package register_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/register"
)

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
		{"22/122 of 1000.00", register.VAT22of122, 100000, 18033},
		{"22 of 500.00", register.VAT22, 50000, 9016},
		{"22/122 of 500.00", register.VAT22of122, 50000, 9016},
		{"5 of 1.00", register.VAT5, 100, 5},
		{"5/105 of 1.00", register.VAT5of105, 100, 5},
		{"7 of 99.99", register.VAT7, 9999, 654},
		{"7/107 of 99.99", register.VAT7of107, 9999, 654},
		{"20 of 120.00", register.VAT20, 12000, 2000},
		{"20/120 of 120.00", register.VAT20of120, 12000, 2000},
		{"10/110 of 110.00", register.VAT10of110, 11000, 1000},
		{"22 of a published receipt", register.VAT22, 80730, 14558},
		{"0", register.VAT0, 100000, 0},
		{"none", register.VATNone, 100000, 0},
		{"22 of nothing", register.VAT22, 0, 0},
		{"22 of less than nothing", register.VAT22, -100, 0},
		{"an unknown rate", "18", 100000, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.rate.Included(c.sum); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestVATOnTop(t *testing.T) {
	for _, c := range []struct {
		name string
		rate register.VAT
		net  register.Money
		want register.Money
	}{
		{"10 on 163.45", register.VAT10, 16345, 1635}, // 16.345, half up
		{"22 on 218.56", register.VAT22, 21856, 4808},
		{"22 on 819.67", register.VAT22, 81967, 18033},
		{"22 on 661.72", register.VAT22, 66172, 14558},
		{"5 on 0.95", register.VAT5, 95, 5},
		{"5 on 0.10", register.VAT5, 10, 1},
		{"5 on 0.09", register.VAT5, 9, 0},
		{"7 on 93.45", register.VAT7, 9345, 654},
		{"20 on 100.00", register.VAT20, 10000, 2000},
		{"0", register.VAT0, 10000, 0},
		{"none", register.VATNone, 10000, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.rate.OnTop(c.net); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestVATIsExactBothWays(t *testing.T) {
	check(t, func(t *rapid.T) {
		rate, sum := oneOf(t, "rate", rates...), draw[register.Money](t, "sum", 0, register.MaxMoney)
		p := percents[rate]
		if got, want := rate.Included(sum), exact(sum, p, 100+p); got != want || got != rate.Calculated().Included(sum) {
			t.Fatalf("%s within %s is %s, want %s", rate, sum, got, want)
		}
		tax := rate.OnTop(sum)
		if want := exact(sum, p, 100); tax != want {
			t.Fatalf("%s on %s is %s, want %s", rate, sum, tax, want)
		}
		// What was put on top is what is then within.
		if got := rate.Included(sum + tax); got != tax {
			t.Fatalf("%s on %s is %s, and %s within their sum", rate, sum, tax, got)
		}
	})
}

func TestCalculatedRates(t *testing.T) {
	for rate, want := range map[register.VAT]register.VAT{
		register.VAT22: "22/122", register.VAT20: "20/120", register.VAT10: "10/110", register.VAT7: "7/107", register.VAT5: "5/105",
		register.VAT0: "0", register.VATNone: "none", register.VAT22of122: "22/122",
	} {
		if got := rate.Calculated(); got != want || got.Percent() != rate.Percent() {
			t.Errorf("%s becomes %s of %d %%, want %s", rate, got, got.Percent(), want)
		}
	}
	for _, rate := range rates {
		if !rate.Valid() || rate.Percent() > 0 && rate.Calculated().Valid() {
			t.Errorf("%s: goods have it: %t, and %s: %t", rate, rate.Valid(), rate.Calculated(), rate.Calculated().Valid())
		}
	}
}

func TestRatesHaveTheirYears(t *testing.T) {
	all, from2025, from2026, until2026 := "18 19 20 21 22 23 24 25 26 27", "25 26 27", "26 27", "19 20 21 22 23 24 25"
	for rate, want := range map[register.VAT]string{
		register.VAT22: from2026, register.VAT20: until2026, register.VAT5: from2025, register.VAT7: from2025,
		register.VAT10: all, register.VAT0: all, register.VATNone: all, register.VAT22of122: "", "18": "", "": "",
	} {
		got := ""
		for year := 2018; year <= 2027; year++ {
			first := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)
			last := time.Date(year, time.December, 31, 23, 59, 59, 0, time.UTC)
			if rate.InForce(first) != rate.InForce(last) {
				t.Errorf("%s changes within %d", rate, year)
			}
			if rate.InForce(first) {
				got += first.Format(" 06")
			}
		}
		if want != "" {
			want = " " + want
		}
		if got != want {
			t.Errorf("%s is in force in%s, want%s", rate, got, want)
		}
		if rate.InForce(time.Time{}) != rate.Valid() {
			t.Errorf("%s on any day", rate)
		}
	}
}

func TestGeneralRateIsThatOfTheDay(t *testing.T) {
	for year := 2018; year <= 2027; year++ {
		day := time.Date(year, time.June, 1, 12, 0, 0, 0, time.UTC)
		for _, rate := range rates {
			want := rate
			switch {
			case rate == register.VAT20 && year >= 2026:
				want = register.VAT22
			case rate == register.VAT22 && year >= 2019 && year <= 2025:
				want = register.VAT20
			}
			if got := rate.On(day); got != want {
				t.Errorf("%s in %d is %s, want %s", rate, year, got, want)
			}
		}
	}
	for _, rate := range rates {
		if got := rate.On(time.Time{}); got != rate {
			t.Errorf("%s on no day is %s", rate, got)
		}
	}
	// The day is the shop's: in Vladivostok the year begins while it is still last year in UTC.
	east := time.FixedZone("VLAT", 10*3600)
	if got := register.VAT20.On(time.Date(2026, time.January, 1, 0, 30, 0, 0, east)); got != register.VAT22 {
		t.Errorf("20 in the first minutes of 2026 is %s", got)
	}
}

func TestParseVAT(t *testing.T) {
	for text, want := range map[string]register.VAT{
		"22": register.VAT22, "10%": register.VAT10, "НДС 20 %": register.VAT20, "без НДС": register.VATNone, "-": register.VATNone, "0": register.VAT0,
		" 5 % ": register.VAT5, "ндс7": register.VAT7, "None": register.VATNone, "Не облагается": register.VATNone,
	} {
		if got, err := register.ParseVAT(text); err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "18", "22,5", "1000000", "НДС", "none22", "22/122", "-1", "%"} {
		if got, err := register.ParseVAT(text); !errors.Is(err, register.ErrNotVAT) {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}
