package register_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestDraftIsRestoredAsItWas(t *testing.T) {
	check(t, func(t *rapid.T) {
		c := drawCart(t)
		if rapid.Bool().Draw(t, "remark") {
			_ = c.SetComment("подождёт")
		}
		d := stored(t, c.Draft())
		back, err := register.RestoreCart(d)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back.Draft(), c.Draft()) || back.Total() != c.Total() {
			t.Fatalf("restored as %+v, was %+v", back.Draft(), c.Draft())
		}
		for range 5 {
			// Both go on alike.
			i, q := pick(t, "line", 6), draw[register.Quantity](t, "quantity", 1, 5000)
			if e1, e2 := c.SetQuantity(i, q), back.SetQuantity(i, q); (e1 == nil) != (e2 == nil) || back.Total() != c.Total() {
				t.Fatalf("%v and %v, %s and %s", e1, e2, c.Total(), back.Total())
			}
		}
		if rapid.Bool().Draw(t, "empty") {
			c.Clear()
			if back, err := register.RestoreCart(stored(t, c.Draft())); err != nil || back.Len() != 0 {
				t.Fatalf("an empty receipt: %v", err)
			}
		}
	})
}

// A draft whose inputs were changed is taken only where every line comes to the same by chance; one whose sums were
// changed never is.
func TestRestoreRefusesATamperedDraft(t *testing.T) {
	check(t, func(t *rapid.T) {
		d := drawCart(t).Draft()
		was := slices.Clone(d.Lines)
		l := &d.Lines[pick(t, "which", len(d.Lines))]
		by := oneOf[register.Money](t, "by", -1, 1, 100, -100, 1<<40, -1<<62, 1<<62)
		sums := false
		switch pick(t, "tamper with", 9) {
		case 0:
			l.Sum, sums = l.Sum+by, true
		case 1:
			l.VATSum, sums = l.VATSum+by, true
		case 2:
			l.Off, sums = l.Off+by, true
		case 3:
			l.Off, l.Sum, sums = l.Off+by, l.Sum-by, true
		case 4:
			l.Price += by
		case 5:
			l.Quantity += register.Quantity(by)
		case 6:
			d.Rules.OnTop, sums = !d.Rules.OnTop, true
		case 7:
			d.Discount = drawDiscount(t, register.Hundred, 100_000)
		case 8:
			l.VAT = oneOf(t, "rate", rates...)
		}
		_, err := register.RestoreCart(stored(t, d))
		if err != nil {
			return
		}
		if sums || !slices.Equal(bill(d), sumsOf(d.Lines)) {
			t.Fatalf("%+v was restored, was %+v", d, was)
		}
	})
}

func TestRestoreRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*register.Draft)
		want error
	}{
		{"nothing wrong", func(*register.Draft) {}, nil},
		{"a limit above the whole", func(d *register.Draft) { d.Rules.MaxDiscount = register.Hundred + 1 }, register.ErrDiscount},
		{"a limit below nothing", func(d *register.Draft) { d.Rules.MaxDiscount = -1 }, register.ErrDiscount},
		{"a discount that is none", func(d *register.Draft) { d.Discount.Percent = -1 }, register.ErrDiscount},
		{"a line's discount that is none", func(d *register.Draft) { d.Lines[0].Discount.Sum = -1 }, register.ErrDiscount},
		{"a card that gives more than all", func(d *register.Draft) {
			d.Customer = &register.Customer{ID: "c", Name: "c", Discount: register.Hundred + 1}
		}, register.ErrBadCustomer},
		{"control characters", func(d *register.Draft) { d.Comment = "\x00" }, register.ErrText},
		{"control characters in a name", func(d *register.Draft) { d.Lines[0].Name = "\n" }, register.ErrText},
		{"a long name", func(d *register.Draft) { d.Lines[0].Name = strings.Repeat("ы", register.MaxName+1) }, register.ErrText},
		{"no product", func(d *register.Draft) { d.Lines[0].Product = "" }, register.ErrBadProduct},
		{"an unknown unit", func(d *register.Draft) { d.Lines[0].Unit = "pood" }, register.ErrBadProduct},
		{"an unknown rate", func(d *register.Draft) { d.Lines[0].VAT = "18" }, register.ErrBadProduct},
		{"a calculated rate", func(d *register.Draft) { d.Lines[0].VAT = register.VAT22of122 }, register.ErrBadProduct},
		{"no price", func(d *register.Draft) { d.Lines[0].Price = 0 }, register.ErrBadProduct},
		{"no quantity", func(d *register.Draft) { d.Lines[0].Quantity = 0 }, register.ErrNotQuantity},
		{"half a piece", func(d *register.Draft) { d.Lines[0].Quantity = 500 }, register.ErrWholeUnits},
		{"too many lines", func(d *register.Draft) {
			d.Lines = slices.Repeat(d.Lines, register.MaxLines+1)
		}, register.ErrTooMuch},
		{"a discount on goods without", func(d *register.Draft) {
			d.Lines[0].NoDiscount, d.Lines[0].Discount = true, register.Discount{Percent: 1}
		}, register.ErrBadOperation},
		{"an order that was not paid", func(d *register.Draft) { d.Order = &register.Order{} }, register.ErrPrepaid},
		{"an order that was paid above its price", func(d *register.Draft) { d.Order = &register.Order{Paid: 10001} }, register.ErrPrepaid},
		{"an order of nothing", func(d *register.Draft) { d.Lines, d.Order = nil, &register.Order{Paid: 1} }, register.ErrPrepaid},
		{"an order paid in full", func(d *register.Draft) { d.Order = &register.Order{Paid: 10000} }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var cart register.Cart
			if _, err := cart.Add(product("a", 10000, register.Piece), register.One); err != nil {
				t.Fatal(err)
			}
			d := cart.Draft()
			c.do(&d)
			if _, err := register.RestoreCart(d); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func FuzzRestoreCart(f *testing.F) {
	for _, text := range []string{
		`{"rules":{"max_discount":1000},"lines":[{"product":"a","name":"A","unit":"pcs","quantity":2000,"price":100,"sum":200,"vat":"22","vat_sum":36}]}`,
		`{"rules":{"vat_on_top":true},"lines":[{"product":"a","name":"A","unit":"kg","quantity":500,"price":100,"sum":61,"vat":"22","vat_sum":11,"vat_on_top":true}]}`,
		`{"rules":{"max_discount":9223372036854775807},"lines":[{"product":"a","unit":"pcs","quantity":1000,"price":9999999999,"sum":1,"vat":"none"}]}`,
		`{"lines":[{"product":"a","name":"A","unit":"l","quantity":99999999,"price":9223372036854775807,"off":-9223372036854775808,"sum":-1,"vat":"22"}]}`,
		`{"lines":[{"product":"a","name":"A","unit":"pcs","quantity":1000,"price":100,"sum":100,"vat":"none"}],"order":{"prepayment":{"id":"p"},"paid":60}}`,
		`{"lines":null,"discount":{"percent":-5,"sum":9}}`, `{}`, `null`, `[]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var d register.Draft
		if json.Unmarshal(b, &d) != nil {
			return
		}
		c, err := register.RestoreCart(d)
		if err != nil {
			return
		}
		var sum register.Money
		for _, l := range c.Lines() {
			if l.Sum < 0 || l.VATSum < 0 || l.VATSum > l.Sum || l.Off < 0 || l.Off > l.Gross() || l.Quantity <= 0 {
				t.Errorf("restored %+v", l)
			}
			sum += l.Sum
		}
		if sum != c.Total() || sum > register.MaxMoney || c.Due() < 0 || c.Due() > sum {
			t.Errorf("lines of %s come to %s, due %s", sum, c.Total(), c.Due())
		}
		if d.Order == nil && !slices.Equal(bill(d), sumsOf(d.Lines)) {
			t.Errorf("restored %+v", d)
		}
	})
}
