package register_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"kassa/register"
)

func TestPiecesGoToOneLineAndWeighingsToTheirOwn(t *testing.T) {
	var c register.Cart
	milk, cheese := product("milk", 8490, register.Piece), product("cheese", 74900, register.Kilogram)
	for _, add := range []struct {
		p register.Product
		q register.Quantity
	}{{milk, register.One}, {cheese, 356}, {milk, 2 * register.One}, {cheese, 200}} {
		if _, err := c.Add(add.p, add.q); err != nil {
			t.Fatal(err)
		}
	}
	lines := c.Lines()
	if len(lines) != 3 || lines[0].Quantity != 3*register.One || lines[1].Quantity != 356 || lines[2].Quantity != 200 {
		t.Fatalf("lines are %+v", lines)
	}
	if want := register.Money(3*8490 + 26664 + 14980); c.Total() != want {
		t.Errorf("total is %s, want %s", c.Total(), want)
	}
}

func TestCartRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*register.Cart) error
		want error
	}{
		{"half a piece", add(product("a", 100, register.Piece), 500), register.ErrWholeUnits},
		{"no quantity", add(product("a", 100, register.Piece), 0), register.ErrNotQuantity},
		{"a negative quantity", add(product("a", 100, register.Kilogram), -1), register.ErrNotQuantity},
		{"no price", add(product("a", 0, register.Piece), register.One), register.ErrNoPrice},
		{"a huge quantity", add(product("a", 100, register.Piece), 1e12), register.ErrTooMuch},
		{"a huge sum", add(product("a", register.MaxMoney, register.Piece), register.One), register.ErrTooMuch},
		{"half a piece more", add(product("there", 100, register.Piece), 500), register.ErrWholeUnits},
		{"nothing more", add(product("there", 100, register.Piece), 0), register.ErrNotQuantity},
		{"less by adding", add(product("there", 100, register.Piece), -1000), register.ErrNotQuantity},
		{"a quantity that overflows", add(product("there", 100, register.Piece), math.MaxInt64/1000*1000), register.ErrTooMuch},
		{"one more than there can be", add(product("there", 100, register.Piece), register.MaxQuantity/1000*1000), register.ErrTooMuch},
		{"a price below nothing", add(product("a", -1, register.Piece), register.One), register.ErrNoPrice},
		{"a price beyond a receipt", add(product("a", register.MaxMoney+1, register.Piece), register.One), register.ErrTooMuch},
		{"no id", add(product("", 100, register.Piece), register.One), register.ErrBadProduct},
		{"an unknown unit", add(product("a", 100, "pood"), register.One), register.ErrBadProduct},
		{"an unknown rate", add(register.Product{ID: "a", Name: "a", Price: 100, Unit: register.Piece, VAT: "18"}, register.One), register.ErrBadProduct},
		{"a name that cannot be printed", add(register.Product{ID: "a", Name: "\x1b", Price: 100, Unit: register.Piece, VAT: register.VAT0}, register.One), register.ErrText},
		{"a price of nothing", func(c *register.Cart) error { return c.SetPrice(0, 0) }, register.ErrNoPrice},
		{"a price that is too much", func(c *register.Cart) error { return c.SetPrice(0, register.MaxMoney+1) }, register.ErrTooMuch},
		{"a price of a line that is not there", func(c *register.Cart) error { return c.SetPrice(1, 5) }, register.ErrNoLine},
		{"a remark that cannot be printed", func(c *register.Cart) error { return c.SetLineComment(0, "\n") }, register.ErrText},
		{"a long remark", func(c *register.Cart) error { return c.SetComment(strings.Repeat("ё", register.MaxComment+1)) }, register.ErrText},
		{"repeating what is not there", func(c *register.Cart) error { _, err := c.Repeat(1); return err }, register.ErrNoLine},
		{"a buyer that is none", func(c *register.Cart) error { return c.SetCustomer(&register.Customer{ID: "c"}) }, register.ErrBadCustomer},
		{"a line that is not there", func(c *register.Cart) error { return c.SetQuantity(7, register.One) }, register.ErrNoLine},
		{"removing what is not there", func(c *register.Cart) error { _, err := c.Remove(-1); return err }, register.ErrNoLine},
	} {
		t.Run(c.name, func(t *testing.T) {
			var cart register.Cart
			if _, err := cart.Add(product("there", 100, register.Piece), register.One); err != nil {
				t.Fatal(err)
			}
			before := cart.Lines()
			if err := c.do(&cart); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if after := cart.Lines(); len(after) != 1 || after[0] != before[0] {
				t.Errorf("the cart was changed: %+v", after)
			}
		})
	}
}

func add(p register.Product, q register.Quantity) func(*register.Cart) error {
	return func(c *register.Cart) error {
		_, err := c.Add(p, q)
		return err
	}
}

func TestGoodsWithSomethingOfTheirOwnGetTheirOwnLine(t *testing.T) {
	milk := product("milk", 10000, register.Piece)
	for _, c := range []struct {
		name  string
		first func(*register.Cart) error
		next  func(*register.Product)
		want  int
	}{
		{"nothing of its own", nil, nil, 1},
		{"a discount", func(c *register.Cart) error { return c.SetLineDiscount(0, register.Discount{Percent: 500}) }, nil, 2},
		{"a remark", func(c *register.Cart) error { return c.SetLineComment(0, "битая") }, nil, 2},
		{"a price", func(c *register.Cart) error { return c.SetPrice(0, 9000) }, nil, 2},
		{"a share of the receipt's discount", func(c *register.Cart) error { return c.SetDiscount(register.Discount{Percent: 500}) }, nil, 1},
		{"a new price in the catalogue", nil, func(p *register.Product) { p.Price = 11000 }, 2},
		{"a new rate in the catalogue", nil, func(p *register.Product) { p.VAT = register.VAT10 }, 2},
		{"no more discounts in the catalogue", nil, func(p *register.Product) { p.NoDiscount = true }, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			cart := register.NewCart(register.Rules{MaxDiscount: 1000})
			if _, err := cart.Add(milk, register.One); err != nil {
				t.Fatal(err)
			}
			if c.first != nil {
				if err := c.first(&cart); err != nil {
					t.Fatal(err)
				}
			}
			p := milk
			if c.next != nil {
				c.next(&p)
			}
			i, err := cart.Add(p, register.One)
			if err != nil || cart.Len() != c.want || i != c.want-1 {
				t.Errorf("line %d of %d, %v; want %d", i, cart.Len(), err, c.want)
			}
		})
	}
}

func TestRepeat(t *testing.T) {
	var c register.Cart
	for _, err := range []error{add(product("milk", 8490, register.Piece), 2000)(&c), add(product("cheese", 74900, register.Kilogram), 356)(&c)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if i, err := c.Repeat(0); err != nil || i != 0 || c.Lines()[0].Quantity != 3000 {
		t.Errorf("another piece: line %d, %v", i, err)
	}
	if i, err := c.Repeat(1); err != nil || i != 2 || c.Lines()[2].Quantity != 356 || c.Lines()[1].Quantity != 356 {
		t.Errorf("the same weight: line %d, %v", i, err)
	}
}

func TestNamedPrice(t *testing.T) {
	var c register.Cart
	free := product("work", 0, register.Piece)
	if _, err := c.AddPriced(free, register.One, 15000); err != nil || !c.Lines()[0].FreePrice || c.Total() != 15000 {
		t.Errorf("named: %+v, %v", c.Lines(), err)
	}
	if i, err := c.AddPriced(free, register.One, 15000); err != nil || i != 0 || c.Total() != 30000 {
		t.Errorf("named again: %+v, %v", c.Lines(), err)
	}
	if _, err := c.Add(product("milk", 8490, register.Piece), register.One); err != nil || c.Lines()[1].FreePrice {
		t.Errorf("at its price: %+v, %v", c.Lines(), err)
	}
	if err := c.SetPrice(1, 8490); err != nil || c.Lines()[1].FreePrice {
		t.Errorf("set to its price: %+v, %v", c.Lines(), err)
	}
	if err := c.SetPrice(1, 8000); err != nil || !c.Lines()[1].FreePrice || c.Total() != 38000 {
		t.Errorf("set to another: %+v, %v", c.Lines(), err)
	}
}

func TestRemovedLineIsReturned(t *testing.T) {
	var c register.Cart
	if _, err := c.Add(product("milk", 8490, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	want := c.Lines()[0]
	if got, err := c.Remove(0); err != nil || got != want || c.Len() != 0 || c.Total() != 0 {
		t.Errorf("%+v, %v; %d lines left", got, err, c.Len())
	}
}
