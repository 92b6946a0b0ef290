package register_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/register"
)

var (
	rates = []register.VAT{register.VAT22, register.VAT20, register.VAT10, register.VAT7, register.VAT5, register.VAT0, register.VATNone}
	units = []register.Unit{register.Piece, register.Kilogram, register.Litre, register.Metre}
)

func product(id string, price register.Money, unit register.Unit) register.Product {
	return register.Product{ID: id, Name: "Товар " + id, Price: price, Unit: unit, VAT: register.VAT22}
}

// check runs a property more often than rapid does on its own: here a case costs microseconds.
func check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	for range 5 {
		rapid.Check(t, property)
	}
}

// pick draws one of n with equal chances, where rapid's ranges prefer the first.
func pick(t *rapid.T, name string, n int) int {
	v := 0
	for range 6 {
		v *= 2
		if rapid.Bool().Draw(t, name) {
			v++
		}
	}
	return v % n
}

func oneOf[T any](t *rapid.T, name string, all ...T) T { return all[pick(t, name, len(all))] }

func draw[T ~int64](t *rapid.T, name string, least, most T) T {
	return T(rapid.Int64Range(int64(least), int64(most)).Draw(t, name))
}

// drawProduct draws one of a small catalogue's goods, so that the same comes again.
func drawProduct(t *rapid.T) register.Product {
	n := pick(t, "product", 40)
	p := register.Product{ID: fmt.Sprintf("p%d", n), Name: fmt.Sprintf("Товар №%d <особый>", n), NameEn: "Goods", Unit: units[n%len(units)], VAT: rates[n%len(rates)], NoDiscount: n%5 == 4}
	if n%2 == 0 {
		p.Unit = register.Piece
	}
	if n%3 == 0 {
		p.Barcodes, p.Article = []string{"4600000000015"}, "А-1"
	}
	p.Price = []register.Money{1, 7, 99, 8490, 74900, 1, 500000, 33333}[n%8]
	return p
}

func drawQuantity(t *rapid.T, u register.Unit) register.Quantity {
	if u == register.Piece {
		return register.One * draw[register.Quantity](t, "pieces", 1, 12)
	}
	return draw[register.Quantity](t, "thousandths", 1, 5000)
}

func drawDiscount(t *rapid.T, most register.Percent, sum register.Money) register.Discount {
	switch pick(t, "discount kind", 4) {
	case 0:
		return register.Discount{Sum: draw[register.Money](t, "discount sum", 0, sum)}
	case 1:
		return register.Discount{}
	}
	return register.Discount{Percent: draw[register.Percent](t, "discount percent", 0, most)}
}

func drawRules(t *rapid.T) register.Rules {
	return register.Rules{
		MaxDiscount: oneOf[register.Percent](t, "limit", 0, 1, 1000, 1550, 5000, register.Hundred),
		OnTop:       rapid.Bool().Draw(t, "on top"),
	}
}

func drawCustomer(t *rapid.T) *register.Customer {
	return &register.Customer{ID: "c1", Name: "Анна", Phone: "+7 (900) 000-00-00", Email: "a@example.com", Card: "2900000000018",
		Discount: oneOf[register.Percent](t, "card", 0, 1, 300, 777, 5000, register.Hundred)}
}

// step does something to a cart, as a cashier would. Much of it is refused.
func step(t *rapid.T, c *register.Cart) error {
	line := pick(t, "line", c.Len()+2) - 1
	var err error
	switch pick(t, "step", 16) {
	case 0:
		_, err = c.Remove(line)
	case 1:
		err = c.SetQuantity(line, draw[register.Quantity](t, "quantity", -10, 20_000))
	case 2:
		err = c.SetLineDiscount(line, drawDiscount(t, register.Hundred, 50_000))
	case 3:
		err = c.SetDiscount(drawDiscount(t, register.Hundred, 500_000))
	case 4:
		err = c.SetCustomer(drawCustomer(t))
	case 5:
		err = c.SetPrice(line, draw[register.Money](t, "price", -1, 100_000))
	case 6:
		err = c.SetLineComment(line, oneOf(t, "remark", "", "без сдачи", "\x07"))
	case 7:
		_, err = c.Repeat(line)
	case 8:
		err = c.SetCustomer(nil)
	case 9:
		c.SetRules(drawRules(t))
	default:
		p := drawProduct(t)
		_, err = c.Add(p, drawQuantity(t, p.Unit))
	}
	return err
}

// drawCart rings up a random receipt with at least one line that costs something, with changes of mind on the way.
func drawCart(t *rapid.T) *register.Cart {
	c := register.NewCart(drawRules(t))
	for range pick(t, "goods", 7) {
		p := drawProduct(t)
		_, _ = c.Add(p, drawQuantity(t, p.Unit))
	}
	for range pick(t, "steps", 25) {
		_ = step(t, &c)
	}
	if c.Total() == 0 {
		p := product("sure", 12345, register.Piece)
		p.NoDiscount = true
		if _, err := c.Add(p, 3*register.One); err != nil {
			t.Fatal(err)
		}
	}
	return &c
}

// drawPayments draws a way to pay a sum: cash, card, both, or QR.
func drawPayments(t *rapid.T, sum register.Money) []register.Payment {
	if sum == 0 {
		return nil
	}
	if pick(t, "way", 4) == 0 {
		return []register.Payment{{Method: register.QR, Amount: sum, QRID: "q1", BankID: "b1", Bank: "bank"}}
	}
	card := oneOf(t, "by card", 0, sum, draw[register.Money](t, "card", 0, sum))
	payments, err := register.PayMixed(sum, card, "000123", sum-card+draw[register.Money](t, "more", 0, 10_000))
	if err != nil {
		t.Fatal(err)
	}
	return payments
}

func drawSale(t *rapid.T) register.Sale {
	c := drawCart(t)
	s, err := register.NewSale(c, drawPayments(t, c.Due()))
	if err != nil {
		t.Fatal(err)
	}
	s.Receipt = 1
	return stored(t, s)
}

func ref(id string) register.Ref {
	return register.Ref{Journal: "j", Number: 1, ID: id, Shift: 1, Receipt: 1, At: time.Unix(1_770_000_000, 0).UTC()}
}

// stored is a body as it comes back from where it was stored.
func stored[T any](t *rapid.T, body T) T {
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

type fataler interface{ Fatal(...any) }

func operation(t fataler, kind register.Kind, body any) register.Operation {
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return register.Operation{Kind: kind, Body: b, At: time.Unix(0, 0)}
}

func paid(payments []register.Payment, methods ...register.Method) register.Money {
	var sum register.Money
	for _, p := range payments {
		if len(methods) == 0 || slices.Contains(methods, p.Method) {
			sum += p.Amount
		}
	}
	return sum
}
