package register_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestParsePercent(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       register.Percent
		err        error
	}{
		{"whole", "10", 1000, nil},
		{"comma", "7,5", 750, nil},
		{"point and sign", "12.5 %", 1250, nil},
		{"hundredths", "0.01%", 1, nil},
		{"nothing", "0", 0, nil},
		{"all", "100%", register.Hundred, nil},
		{"more than all", "100.01", 0, register.ErrNotPercent},
		{"parts of a hundredth", "1.005", 0, register.ErrNotPercent},
		{"negative", "-1", 0, register.ErrNotPercent},
		{"two signs", "5%%", 0, register.ErrNotPercent},
		{"only a sign", "%", 0, register.ErrNotPercent},
		{"empty", "", 0, register.ErrNotPercent},
		{"letters", "ten", 0, register.ErrNotPercent},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := register.ParsePercent(c.text)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %v, %v; want %v, %v", got, err, c.want, c.err)
			}
		})
	}
}

func TestPercentIsReadAsItIsWritten(t *testing.T) {
	check(t, func(t *rapid.T) {
		p := draw[register.Percent](t, "percent", 0, register.Hundred)
		for _, text := range []string{p.String(), p.String() + "%", p.String() + " %"} {
			if got, err := register.ParsePercent(text); err != nil || got != p {
				t.Fatalf("%q is read as %s, %v", text, got, err)
			}
		}
	})
}

func TestPercentIsWritten(t *testing.T) {
	for p, want := range map[register.Percent]string{0: "0", 5: "0.05", 50: "0.5", 750: "7.5", 1000: "10", 10000: "100", -50: "-0.5", -1205: "-12.05"} {
		if got := p.String(); got != want {
			t.Errorf("%d is written %q, want %q", int64(p), got, want)
		}
	}
}

func TestPercentOf(t *testing.T) {
	check(t, func(t *rapid.T) {
		p, m := draw[register.Percent](t, "percent", 0, register.Hundred), draw[register.Money](t, "sum", 0, register.MaxMoney)
		if got, want := p.Of(m), exact(m, int64(p), 10_000); got != want || got > m {
			t.Fatalf("%s %% of %s is %s, want %s", p, m, got, want)
		}
	})
	for _, c := range []struct {
		p    register.Percent
		of   register.Money
		want register.Money
	}{
		{1000, 5, 1}, {1000, 4, 0}, {5000, 1, 1}, {register.Hundred, 777, 777}, {1, 5000, 1}, {1, 4999, 0}, {1000, -100, 0}, {-1000, 100, 0},
	} {
		if got := c.p.Of(c.of); got != c.want {
			t.Errorf("%s %% of %s is %s, want %s", c.p, c.of, got, c.want)
		}
	}
}
