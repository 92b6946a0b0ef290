package register_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/register"
)

func product(id string, price register.Money, unit register.Unit) register.Product {
	return register.Product{ID: id, Name: "Товар " + id, Price: price, Unit: unit, VAT: register.VAT22}
}

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

// drawCart rings up a random receipt, with changes and removals on the way.
func drawCart(t *rapid.T) *register.Cart {
	var c register.Cart
	for range rapid.IntRange(1, 20).Draw(t, "steps") {
		switch rapid.IntRange(0, 3).Draw(t, "step") {
		case 0:
			_, _ = c.Remove(rapid.IntRange(0, 20).Draw(t, "line"))
		case 1:
			_ = c.SetQuantity(rapid.IntRange(0, 20).Draw(t, "line"), register.Quantity(rapid.Int64Range(-10, 5000).Draw(t, "quantity")))
		default:
			unit := rapid.SampledFrom([]register.Unit{register.Piece, register.Kilogram}).Draw(t, "unit")
			p := product(rapid.StringMatching(`[a-e]`).Draw(t, "product")+string(unit), register.Money(rapid.Int64Range(1, 1_000_000).Draw(t, "price")), unit)
			p.VAT = rapid.SampledFrom([]register.VAT{register.VAT22, register.VAT10, register.VAT0, register.VATNone}).Draw(t, "vat")
			_, _ = c.Add(p, register.Quantity(rapid.Int64Range(1, 9).Draw(t, "pieces"))*register.One)
		}
	}
	return &c
}

func TestLinesAddUpToTheTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCart(t)
		var sum register.Money
		for _, l := range c.Lines() {
			want, err := l.Price.Times(l.Quantity)
			if err != nil || l.Sum != want || l.VATSum != l.VAT.Included(l.Sum) || l.Quantity <= 0 {
				t.Fatalf("line %+v does not add up", l)
			}
			sum += l.Sum
		}
		if sum != c.Total() {
			t.Fatalf("lines come to %s, the total is %s", sum, c.Total())
		}
		kept, err := register.RestoreCart(c.Draft())
		if err != nil || kept.Total() != c.Total() {
			t.Fatalf("restored: %s, %v", kept.Total(), err)
		}
	})
}

func TestCashPaysTheTotalExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := register.Money(rapid.Int64Range(1, 1e9).Draw(t, "total"))
		given := register.Money(rapid.Int64Range(0, 2e9).Draw(t, "given"))
		p, err := register.PayCash(total, given)
		if given < total {
			if !errors.Is(err, register.ErrTooLittle) {
				t.Fatalf("%s for %s: %v", given, total, err)
			}
			return
		}
		if err != nil || p.Amount != total || p.Given-p.Change != total {
			t.Fatalf("%s for %s: %+v, %v", given, total, p, err)
		}
	})
}

func TestPaymentsThatMayNotStandTogether(t *testing.T) {
	qr := register.Payment{Method: register.QR, Amount: 100, QRID: "q"}
	cash := register.Payment{Method: register.Cash, Amount: 100, Given: 100}
	for _, c := range []struct {
		name     string
		total    register.Money
		payments []register.Payment
		want     error
	}{
		{"cash alone", 100, []register.Payment{cash}, nil},
		{"QR alone", 100, []register.Payment{qr}, nil},
		{"cash and card", 200, []register.Payment{cash, {Method: register.Card, Amount: 100}}, nil},
		{"QR and cash", 200, []register.Payment{qr, cash}, register.ErrPayment},
		{"QR with nothing behind it", 100, []register.Payment{{Method: register.QR, Amount: 100}}, register.ErrPayment},
		{"too little", 101, []register.Payment{cash}, register.ErrTooLittle},
		{"too much", 99, []register.Payment{cash}, register.ErrPayment},
		{"nothing", 100, nil, register.ErrTooLittle},
		{"zero", 1, []register.Payment{{Method: register.Cash}}, register.ErrPayment},
		{"an unknown method", 100, []register.Payment{{Method: "shells", Amount: 100}}, register.ErrPayment},
		{"change that does not fit", 100, []register.Payment{{Method: register.Cash, Amount: 100, Given: 200, Change: 50}}, register.ErrPayment},
		{"one method twice", 200, []register.Payment{cash, cash}, register.ErrPayment},
		{"set off against nothing", 100, []register.Payment{{Method: register.Prepaid, Amount: 100}}, register.ErrPayment},
	} {
		t.Run(c.name, func(t *testing.T) {
			var cart register.Cart
			if _, err := cart.Add(product("a", c.total, register.Piece), register.One); err != nil {
				t.Fatal(err)
			}
			if _, err := register.NewSale(&cart, c.payments); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// shiftOf draws a shift as a run of operations, and what it must come to.
func shiftOf(t *rapid.T) ([]register.Operation, register.Totals) {
	float := register.Money(rapid.Int64Range(0, 1e6).Draw(t, "float"))
	want := register.Totals{CashStart: float, CashEnd: float}
	ops := []register.Operation{operation(t, register.KindShiftOpened, register.ShiftOpened{Float: float})}
	for range rapid.IntRange(0, 30).Draw(t, "sales") {
		m := register.Money(rapid.Int64Range(1, 1e6).Draw(t, "sum"))
		p := register.Payment{Method: rapid.SampledFrom([]register.Method{register.Cash, register.Card, register.QR}).Draw(t, "method"), Amount: m}
		switch p.Method {
		case register.Cash:
			want.Sales.Cash += m
			want.CashEnd += m
		case register.Card:
			want.Sales.Card += m
		case register.QR:
			want.Sales.QR += m
		}
		want.Sales.Count++
		want.Receipts++
		want.Sales.Sum += m
		ops = append(ops, operation(t, register.KindSale, register.Sale{Total: m, Payments: []register.Payment{p}}))
	}
	return ops, want
}

func operation(t *rapid.T, kind register.Kind, body any) register.Operation {
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return register.Operation{Kind: kind, Body: b, At: time.Unix(0, 0)}
}

func TestTotalsAreTheSumOfTheirOperations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ops, want := shiftOf(t)
		var got register.Totals
		for _, o := range ops {
			if err := got.Apply(o); err != nil {
				t.Fatal(err)
			}
		}
		if got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		if err := got.Balance(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestChain(t *testing.T) {
	o := register.Operation{Journal: "j", Number: 1, ID: "i", Kind: register.KindSale, Version: 1,
		At: time.Date(2026, 3, 9, 21, 5, 0, 123456789, time.FixedZone("MSK", 3*3600)), Body: json.RawMessage(`{"total":1}`)}
	b, err := o.Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"journal":"j","number":1,"id":"i","kind":"sale","version":1,"at":"2026-03-09T18:05:00.123Z","shift":0,"cashier":"","body":{"total":1}}`
	if string(b) != want {
		t.Errorf("the stored bytes are %s", b)
	}
	h := register.Link(register.Hash{}, b)
	if h == register.Link(h, b) || h == register.Link(register.Hash{}, append(b, ' ')) {
		t.Error("the hash does not depend on what came before, or on every byte")
	}
	// SHA-256 of 32 zero bytes and the bytes above, computed with sha256sum.
	if got := h.String(); got != "17d4e7ed31dc5e5aa425b07268ac8c7fd22c2fc23828deef06cf6d9bfb39eb7e" {
		t.Errorf("hash is %s", got)
	}
	back, err := register.ParseHash(h.String())
	if err != nil || back != h {
		t.Errorf("read back as %s, %v", back, err)
	}
}

func FuzzDecodeOperation(f *testing.F) {
	f.Add([]byte(`{"journal":"j","number":1,"kind":"sale","body":{"total":1,"payments":[{"method":"cash","amount":1}]}}`))
	f.Add([]byte(`{"kind":"shift_opened","body":{"float":-1}}`))
	f.Add([]byte(`{"kind":"sale","body":null}`))
	f.Add([]byte("\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := register.DecodeOperation(b)
		if err != nil {
			if !errors.Is(err, register.ErrBadOperation) {
				t.Errorf("error %v has no kind", err)
			}
			return
		}
		var totals register.Totals
		if err := totals.Apply(o); err != nil && !errors.Is(err, register.ErrBadOperation) {
			t.Errorf("error %v has no kind", err)
		}
	})
}
