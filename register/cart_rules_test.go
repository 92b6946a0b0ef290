package register_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestReceiptComesToWhatIsDocumented(t *testing.T) {
	check(t, func(t *rapid.T) {
		c := drawCart(t)
		want := bill(c.Draft())
		if got := sumsOf(c.Lines()); !slices.Equal(got, want) {
			t.Fatalf("lines come to %v, want %v", got, want)
		}
		var sum, off register.Money
		for _, w := range want {
			sum, off = sum+w.sum, off+w.off
		}
		if c.Total() != sum || c.Due() != sum || c.Off() != off || c.Draft().Total() != sum {
			t.Fatalf("total %s, due %s, off %s; the lines say %s and %s", c.Total(), c.Due(), c.Off(), sum, off)
		}
	})
}

func TestDiscountsKeepWithinBounds(t *testing.T) {
	check(t, func(t *rapid.T) {
		c := drawCart(t)
		var off, gross, ofLines register.Money
		for _, l := range c.Lines() {
			if l.Off < 0 || l.Off > l.Gross() || l.Sum < 0 || l.VATSum < 0 || l.VATSum > l.Sum {
				t.Fatalf("%s off %s leaves %s with VAT of %s", l.Off, l.Gross(), l.Sum, l.VATSum)
			}
			if l.NoDiscount {
				if l.Off != 0 || !l.Discount.IsZero() {
					t.Fatalf("%s off goods without discounts", l.Off)
				}
				continue
			}
			off, gross = off+l.Off, gross+l.Gross()
			ofLines += c.Rules().MaxDiscount.Of(l.Gross())
		}
		if c.Customer() != nil {
			return
		}
		// Every line's own limit is rounded to the kopeck, so together they may be half a kopeck each above the receipt's.
		if limit := max(c.Rules().MaxDiscount.Of(gross), ofLines); off > limit {
			t.Fatalf("the cashier took %s off, the shop allows %s", off, limit)
		}
	})
}

func TestCardKnowsNoLimitAndDoesNotAddToTheCashiersDiscount(t *testing.T) {
	for _, c := range []struct {
		name    string
		card    register.Percent
		cashier register.Discount
		want    register.Money
	}{
		{"the card alone, above the limit", 5000, register.Discount{}, 5000},
		{"the card gives more", 5000, register.Discount{Percent: 1000}, 5000},
		{"the cashier gives more", 500, register.Discount{Percent: 1000}, 1000},
		{"the cashier gives more, in roubles", 500, register.Discount{Sum: 900}, 900},
		{"a card that gives nothing", 0, register.Discount{}, 0},
		{"all of it", register.Hundred, register.Discount{}, 10000},
	} {
		t.Run(c.name, func(t *testing.T) {
			cart := register.NewCart(register.Rules{MaxDiscount: 1000})
			if _, err := cart.Add(product("a", 10000, register.Piece), register.One); err != nil {
				t.Fatal(err)
			}
			if err := cart.SetDiscount(c.cashier); err != nil {
				t.Fatal(err)
			}
			if err := cart.SetCustomer(&register.Customer{ID: "c", Name: "Анна", Discount: c.card}); err != nil {
				t.Fatal(err)
			}
			if cart.Off() != c.want || cart.Total() != 10000-c.want {
				t.Errorf("off %s, total %s; want %s off", cart.Off(), cart.Total(), c.want)
			}
		})
	}
}

func TestDiscountsThatAreRefused(t *testing.T) {
	full := register.Rules{MaxDiscount: register.Hundred}
	tenth := register.Rules{MaxDiscount: 1000}
	receipt := func(d register.Discount) func(*register.Cart) error {
		return func(c *register.Cart) error { return c.SetDiscount(d) }
	}
	line := func(i int, d register.Discount) func(*register.Cart) error {
		return func(c *register.Cart) error { return c.SetLineDiscount(i, d) }
	}
	for _, c := range []struct {
		name  string
		rules register.Rules
		do    func(*register.Cart) error
		want  error
	}{
		{"a line up to the limit", tenth, line(0, register.Discount{Percent: 1000}), nil},
		{"a line up to the limit, in roubles", tenth, line(0, register.Discount{Sum: 1000}), nil},
		{"a line above the limit", tenth, line(0, register.Discount{Percent: 1001}), register.ErrDiscount},
		{"a line above the limit, in roubles", tenth, line(0, register.Discount{Sum: 1001}), register.ErrDiscount},
		{"goods without discounts", full, line(1, register.Discount{Percent: 1}), register.ErrDiscount},
		{"nothing off goods without discounts", full, line(1, register.Discount{}), nil},
		{"more than the line costs", full, line(0, register.Discount{Sum: 10001}), register.ErrDiscount},
		{"all that the line costs", full, line(0, register.Discount{Sum: 10000}), nil},
		{"a receipt up to the limit", tenth, receipt(register.Discount{Percent: 1000}), nil},
		{"a receipt up to the limit, of the goods that have discounts", tenth, receipt(register.Discount{Sum: 1000}), nil},
		{"a receipt above the limit", tenth, receipt(register.Discount{Percent: 1001}), register.ErrDiscount},
		{"a receipt above the limit, in roubles", tenth, receipt(register.Discount{Sum: 1001}), register.ErrDiscount},
		{"more than the receipt's goods cost", full, receipt(register.Discount{Sum: 10001}), register.ErrDiscount},
		{"both a percentage and a sum", full, receipt(register.Discount{Percent: 1, Sum: 1}), register.ErrDiscount},
		{"more than all", full, receipt(register.Discount{Percent: register.Hundred + 1}), register.ErrDiscount},
		{"less than nothing", full, receipt(register.Discount{Sum: -1}), register.ErrDiscount},
		{"with no rules", register.Rules{}, receipt(register.Discount{Percent: 1}), register.ErrDiscount},
		{"no line", full, line(2, register.Discount{Percent: 1}), register.ErrNoLine},
	} {
		t.Run(c.name, func(t *testing.T) {
			cart := register.NewCart(c.rules)
			cigarettes := product("b", 20000, register.Piece)
			cigarettes.NoDiscount = true
			for _, p := range []register.Product{product("a", 10000, register.Piece), cigarettes} {
				if _, err := cart.Add(p, register.One); err != nil {
					t.Fatal(err)
				}
			}
			before := cart.Draft()
			err := c.do(&cart)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if err != nil && !reflect.DeepEqual(cart.Draft(), before) {
				t.Errorf("the cart was changed: %+v", cart.Draft())
			}
		})
	}
}

func TestNothingIsTakenOffAReceiptOfGoodsWithoutDiscounts(t *testing.T) {
	cart := register.NewCart(register.Rules{MaxDiscount: register.Hundred})
	cigarettes := product("a", 20000, register.Piece)
	cigarettes.NoDiscount = true
	if _, err := cart.Add(cigarettes, register.One); err != nil {
		t.Fatal(err)
	}
	if err := cart.SetDiscount(register.Discount{Percent: 100}); !errors.Is(err, register.ErrDiscount) {
		t.Errorf("the cashier is not told: %v", err)
	}
	if err := cart.SetCustomer(&register.Customer{ID: "c", Name: "Анна", Discount: register.Hundred}); err != nil || cart.Off() != 0 {
		t.Errorf("%s off by the card, %v", cart.Off(), err)
	}
}

func TestLimitHoldsForTheLinesAndTheReceiptTogether(t *testing.T) {
	cart := register.NewCart(register.Rules{MaxDiscount: 1000})
	for _, id := range []string{"a", "b"} {
		if _, err := cart.Add(product(id, 10000, register.Piece), register.One); err != nil {
			t.Fatal(err)
		}
	}
	if err := cart.SetLineDiscount(0, register.Discount{Percent: 1000}); err != nil {
		t.Fatal(err)
	}
	if err := cart.SetDiscount(register.Discount{Sum: 1001}); !errors.Is(err, register.ErrDiscount) {
		t.Errorf("10.01 more off: %v", err)
	}
	if err := cart.SetDiscount(register.Discount{Sum: 1000}); err != nil || cart.Off() != 2000 {
		t.Errorf("10.00 more off: %v, %s in all", err, cart.Off())
	}
	// What was given is cut when the goods become fewer, and whole again when they are back.
	if _, err := cart.Remove(1); err != nil || cart.Off() != 1000 {
		t.Errorf("%s off with half of the goods gone, %v", cart.Off(), err)
	}
	if _, err := cart.Add(product("b", 10000, register.Piece), register.One); err != nil || cart.Off() != 2000 {
		t.Errorf("%s off with the goods back, %v", cart.Off(), err)
	}
}

func TestPercentageMayComeBeforeTheGoods(t *testing.T) {
	cart := register.NewCart(register.Rules{MaxDiscount: 1000})
	if err := cart.SetDiscount(register.Discount{Percent: 1500}); !errors.Is(err, register.ErrDiscount) {
		t.Errorf("15 %% before the goods: %v", err)
	}
	if err := cart.SetDiscount(register.Discount{Sum: 1}); !errors.Is(err, register.ErrDiscount) {
		t.Errorf("a sum before the goods: %v", err)
	}
	if err := cart.SetDiscount(register.Discount{Percent: 1000}); err != nil {
		t.Fatal(err)
	}
	if _, err := cart.Add(product("a", 10000, register.Piece), register.One); err != nil || cart.Total() != 9000 {
		t.Errorf("total %s, %v", cart.Total(), err)
	}
}

func TestRefusedChangeChangesNothing(t *testing.T) {
	check(t, func(t *rapid.T) {
		c := drawCart(t)
		copied, before := *c, c.Draft()
		for range 10 {
			was := c.Draft()
			if err := step(t, c); err != nil && !reflect.DeepEqual(c.Draft(), was) {
				t.Fatalf("%v, and still %+v became %+v", err, was, c.Draft())
			}
			if !reflect.DeepEqual(copied.Draft(), before) {
				t.Fatalf("a copy changed with its original: %+v, was %+v", copied.Draft(), before)
			}
		}
	})
}

func TestWhatACartHandsOutIsACopy(t *testing.T) {
	cart := register.NewCart(register.Rules{MaxDiscount: 1000})
	if _, err := cart.Add(product("a", 10000, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	who := &register.Customer{ID: "c", Name: "Анна", Discount: 500}
	if err := cart.SetCustomer(who); err != nil {
		t.Fatal(err)
	}
	who.Discount = register.Hundred
	cart.Customer().Discount = register.Hundred
	cart.Draft().Customer.Discount = register.Hundred
	cart.Lines()[0].Sum = 0
	cart.Draft().Lines[0].Sum = 0
	sale, err := register.NewSale(&cart, []register.Payment{{Method: register.Card, Amount: 9500}})
	if err != nil {
		t.Fatal(err)
	}
	sale.Customer.Discount, sale.Lines[0].Sum = register.Hundred, 0
	if err := cart.SetComment("x"); err != nil || cart.Customer().Discount != 500 || cart.Total() != 9500 {
		t.Errorf("%v, customer %+v, total %s", err, cart.Customer(), cart.Total())
	}
}

// action is something that a cashier does once to one thing on the receipt.
type action struct {
	name string
	do   func(*register.Cart) error
}

func drawActions(t *rapid.T, lines []register.Line) []action {
	var all []action
	who := drawCustomer(t)
	all = append(all, action{"customer", func(c *register.Cart) error { return c.SetCustomer(who) }})
	d := drawDiscount(t, 1500, 50)
	all = append(all, action{"discount", func(c *register.Cart) error { return c.SetDiscount(d) }})
	all = append(all, action{"comment", func(c *register.Cart) error { return c.SetComment("на кассе 2") }})
	for i, l := range lines {
		q, d, price := drawQuantity(t, l.Unit), drawDiscount(t, 1500, 50), draw[register.Money](t, "new price", 1000, 100_000)
		all = append(all, action{"quantity", func(c *register.Cart) error { return c.SetQuantity(i, q) }})
		all = append(all, action{"line discount", func(c *register.Cart) error { return c.SetLineDiscount(i, d) }})
		if i%2 == 0 {
			all = append(all, action{"price", func(c *register.Cart) error { return c.SetPrice(i, price) }})
		}
	}
	return all
}

func TestAnyOrderOfTheSameActionsGivesTheSameReceipt(t *testing.T) {
	var tried, told int
	check(t, func(t *rapid.T) {
		first := register.NewCart(register.Rules{MaxDiscount: oneOf(t, "limit", 3000, 5000, register.Hundred), OnTop: rapid.Bool().Draw(t, "on top")})
		for range 1 + pick(t, "lines", 5) {
			p := drawProduct(t)
			p.Price += 2000
			if _, err := first.Add(p, drawQuantity(t, p.Unit)); err != nil {
				t.Fatal(err)
			}
		}
		second := first
		actions := drawActions(t, first.Lines())
		tried++
		for _, a := range actions {
			if a.do(&first) != nil {
				return
			}
		}
		for _, a := range rapid.Permutation(actions).Draw(t, "order") {
			if a.do(&second) != nil {
				return
			}
		}
		told++
		if !reflect.DeepEqual(first.Draft(), second.Draft()) {
			t.Fatalf("one order gives %+v, another %+v", first.Draft(), second.Draft())
		}
	})
	if told*5 < tried {
		t.Errorf("only %d of %d draws had all actions accepted", told, tried)
	}
}

func TestRulesOfTheShop(t *testing.T) {
	cart := register.NewCart(register.Rules{MaxDiscount: 1000})
	if _, err := cart.Add(product("a", 10000, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	if err := cart.SetDiscount(register.Discount{Percent: 1000}); err != nil {
		t.Fatal(err)
	}
	cart.SetRules(register.Rules{MaxDiscount: 500, OnTop: true})
	if l := cart.Lines()[0]; l.Off != 500 || l.VATSum != 2090 || cart.Total() != 9500+2090 {
		t.Errorf("half the limit and the VAT on top: %+v", l)
	}
	cart.SetRules(register.Rules{MaxDiscount: 20_000})
	if cart.Rules().MaxDiscount != register.Hundred || cart.Off() != 1000 || cart.Total() != 9000 {
		t.Errorf("no limit and the VAT within: %+v, total %s", cart.Rules(), cart.Total())
	}
	cart.Clear()
	if cart.Len() != 0 || !cart.Discount().IsZero() || cart.Rules().MaxDiscount != register.Hundred {
		t.Errorf("cleared: %+v", cart.Draft())
	}
}

func TestReceiptThatCannotHoldTheVATKeepsItsRules(t *testing.T) {
	var cart register.Cart
	if _, err := cart.Add(product("a", register.MaxMoney, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	if cart.SetRules(register.Rules{OnTop: true}); cart.Rules().OnTop || cart.Total() != register.MaxMoney {
		t.Errorf("total %s under %+v", cart.Total(), cart.Rules())
	}
	if _, err := register.RestoreCart(cart.Draft()); err != nil {
		t.Error(err)
	}
}
