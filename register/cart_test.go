package register_test

import (
	"errors"
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
