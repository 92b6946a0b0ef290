package slip_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/slip"
	"kassa/printer/slip/sliptest"
	"kassa/register"
)

// drawCart rings up anything that a shop could.
func drawCart(t *rapid.T) *register.Cart {
	cart := register.NewCart(register.Rules{MaxDiscount: register.Percent(rapid.Int64Range(0, 10_000).Draw(t, "limit")), OnTop: rapid.Bool().Draw(t, "on top")})
	for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
		p := register.Product{
			ID: fmt.Sprint(i), Name: "Товар", Unit: rapid.SampledFrom([]register.Unit{register.Piece, register.Kilogram}).Draw(t, "unit"),
			Price:      register.Money(rapid.Int64Range(1, 1_000_000).Draw(t, "price")),
			VAT:        rapid.SampledFrom([]register.VAT{register.VAT22, register.VAT10, register.VAT0, register.VATNone}).Draw(t, "rate"),
			NoDiscount: rapid.Bool().Draw(t, "no discount"),
		}
		// Six lines of the dearest goods, with tax on top, stay below what a receipt can hold.
		q := register.Quantity(rapid.Int64Range(1, 999).Draw(t, "quantity"))
		if !p.Unit.Weighed() {
			q *= register.One
		}
		if _, err := cart.Add(p, q); err != nil {
			t.Fatal(err)
		}
		// A discount that is not allowed is none.
		_ = cart.SetLineDiscount(i, register.Discount{Percent: register.Percent(rapid.Int64Range(0, 10_000).Draw(t, "line's"))})
	}
	_ = cart.SetDiscount(register.Discount{Sum: register.Money(rapid.Int64Range(0, 100_000).Draw(t, "receipt's"))})
	return &cart
}

// TestTheNumbersOnPaperAddUp reads a slip as its buyer does: what stands under a line comes to its sum, the sums come to
// the total, and so do the prices with everything that is taken off or added.
func TestTheNumbersOnPaperAddUp(t *testing.T) {
	lang := language(t, i18n.Russian)
	rapid.Check(t, func(rt *rapid.T) {
		cart := drawCart(rt)
		if cart.Total() <= 0 {
			return
		}
		sale, err := register.NewSale(cart, []register.Payment{{Method: register.Card, Amount: cart.Total()}})
		if err != nil {
			rt.Fatal(err)
		}
		doc, _, err := slip.For(slip.Shop{}, sliptest.Operation(t, register.KindSale, sale), lang)
		if err != nil {
			rt.Fatal(err)
		}
		parts := sections(rt, doc)
		lines, totals := parts[1], parts[2]
		var sum register.Money
		for _, line := range lines {
			sum += reckon(rt, line)
		}
		if sum != sale.Total {
			rt.Fatalf("the lines come to %s of %s:\n%s", sum, sale.Total, printer.PlainText(doc, 48))
		}
		upTo := len(totals[0]) - 1 // the last is how it was paid
		if got := reckon(rt, totals[0][:upTo]); got != sale.Total {
			rt.Fatalf("the totals come to %s of %s:\n%s", got, sale.Total, printer.PlainText(doc, 48))
		}
	})
}

// sections are the sums of a slip between its rules, in groups that begin with a text.
func sections(t *rapid.T, doc printer.Document) [][][]register.Money {
	parts := [][][]register.Money{{}}
	for _, e := range doc.Elements {
		last := len(parts) - 1
		switch {
		case e.Rule:
			parts = append(parts, nil)
		case e.Text != nil:
			parts[last] = append(parts[last], nil)
		case e.Pair != nil:
			if len(parts[last]) == 0 {
				parts[last] = append(parts[last], nil)
			}
			group := len(parts[last]) - 1
			text := strings.NewReplacer("\u00a0", "", ",", "", "+", "").Replace(e.Pair.Right)
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				parts[last][group] = append(parts[last][group], register.Money(n))
			}
		}
	}
	if len(parts) < 4 {
		t.Fatalf("a slip of %d parts", len(parts))
	}
	return parts
}

// reckon adds up a column of sums whose last is the result, and gives it.
func reckon(t *rapid.T, sums []register.Money) register.Money {
	if len(sums) == 0 {
		t.Fatal("no sums")
	}
	result := sums[len(sums)-1]
	var got register.Money
	for _, m := range sums[:len(sums)-1] {
		got += m
	}
	if len(sums) > 1 && got != result {
		t.Fatalf("%v: comes to %s", sums, got)
	}
	return result
}
