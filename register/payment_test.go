package register_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestCashPaysTheTotalExactly(t *testing.T) {
	check(t, func(t *rapid.T) {
		total := draw[register.Money](t, "total", -5, 1e9)
		given := draw[register.Money](t, "given", -5, 2e9)
		p, err := register.PayCash(total, given)
		switch {
		case total <= 0:
			if !errors.Is(err, register.ErrPayment) {
				t.Fatalf("%s for %s: %v", given, total, err)
			}
		case given < total:
			if !errors.Is(err, register.ErrTooLittle) {
				t.Fatalf("%s for %s: %v", given, total, err)
			}
		case err != nil || p.Method != register.Cash || p.Amount != total || p.Given != given || p.Change != given-total:
			t.Fatalf("%s for %s: %+v, %v", given, total, p, err)
		}
	})
	if _, err := register.PayCash(1, register.MaxMoney+1); !errors.Is(err, register.ErrTooMuch) {
		t.Errorf("more cash than can be: %v", err)
	}
}

func TestPayMixed(t *testing.T) {
	card := func(sum register.Money) register.Payment {
		return register.Payment{Method: register.Card, Amount: sum, Slip: "0042"}
	}
	for _, c := range []struct {
		name             string
		sum, card, given register.Money
		want             []register.Payment
		err              error
	}{
		{"both", 1000, 400, 1000, []register.Payment{card(400), {Method: register.Cash, Amount: 600, Given: 1000, Change: 400}}, nil},
		{"both, to the kopeck", 1000, 999, 1, []register.Payment{card(999), {Method: register.Cash, Amount: 1, Given: 1}}, nil},
		{"all by card", 1000, 1000, 0, []register.Payment{card(1000)}, nil},
		{"nothing by card", 1000, 0, 1000, []register.Payment{{Method: register.Cash, Amount: 1000, Given: 1000}}, nil},
		{"nothing to pay", 0, 0, 0, nil, nil},
		{"too little cash", 1000, 400, 599, nil, register.ErrTooLittle},
		{"more than the sum by card", 1000, 1001, 0, nil, register.ErrPayment},
		{"less than nothing by card", 1000, -1, 2000, nil, register.ErrPayment},
		{"a sum below nothing", -1, -1, 0, nil, register.ErrPayment},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := register.PayMixed(c.sum, c.card, "0042", c.given)
			if !errors.Is(err, c.err) || len(got) != len(c.want) {
				t.Fatalf("got %+v, %v; want %+v, %v", got, err, c.want, c.err)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("got %+v, want %+v", got[i], c.want[i])
				}
			}
		})
	}
}

func TestMixedPaymentsPayASale(t *testing.T) {
	check(t, func(t *rapid.T) {
		c := drawCart(t)
		payments := drawPayments(t, c.Total())
		s, err := register.NewSale(c, payments)
		if err != nil || paid(s.Payments) != c.Total() || s.Drawer() != paid(payments, register.Cash) {
			t.Fatalf("%+v for %s: %v", payments, c.Total(), err)
		}
		if err := stored(t, s).Check(); err != nil {
			t.Fatalf("read back: %v", err)
		}
		payments[0].Amount = 0
		if paid(s.Payments) != c.Total() {
			t.Fatal("the sale's payments are the caller's")
		}
	})
}

func TestPaymentsThatMayNotStandTogether(t *testing.T) {
	qr := register.Payment{Method: register.QR, Amount: 100, QRID: "q"}
	cash := register.Payment{Method: register.Cash, Amount: 100, Given: 100}
	card := register.Payment{Method: register.Card, Amount: 100}
	with := func(p register.Payment, f func(*register.Payment)) register.Payment { f(&p); return p }
	for _, c := range []struct {
		name     string
		total    register.Money
		payments []register.Payment
		want     error
	}{
		{"cash alone", 100, []register.Payment{cash}, nil},
		{"QR alone", 100, []register.Payment{qr}, nil},
		{"cash and card", 200, []register.Payment{cash, card}, nil},
		{"QR and cash", 200, []register.Payment{qr, cash}, register.ErrPayment},
		{"QR and card", 200, []register.Payment{card, qr}, register.ErrPayment},
		{"QR with nothing behind it", 100, []register.Payment{{Method: register.QR, Amount: 100}}, register.ErrPayment},
		{"too little", 101, []register.Payment{cash}, register.ErrTooLittle},
		{"too much", 99, []register.Payment{cash}, register.ErrPayment},
		{"nothing", 100, nil, register.ErrTooLittle},
		{"a payment of nothing", 100, []register.Payment{cash, {Method: register.Card}}, register.ErrPayment},
		{"a payment below nothing", 100, []register.Payment{with(cash, func(p *register.Payment) { p.Amount, p.Given = 200, 200 }), {Method: register.Card, Amount: -100}}, register.ErrPayment},
		{"payments that overflow", 100, []register.Payment{{Method: register.Card, Amount: math.MaxInt64}, {Method: register.Cash, Amount: math.MaxInt64, Given: math.MaxInt64}}, register.ErrPayment},
		{"an unknown method", 100, []register.Payment{{Method: "shells", Amount: 100}}, register.ErrPayment},
		{"change that does not fit", 100, []register.Payment{with(cash, func(p *register.Payment) { p.Given, p.Change = 200, 50 })}, register.ErrPayment},
		{"change that overflows", 100, []register.Payment{with(cash, func(p *register.Payment) { p.Given, p.Change = math.MinInt64+99, math.MaxInt64 })}, register.ErrPayment},
		{"change below nothing", 100, []register.Payment{with(cash, func(p *register.Payment) { p.Given, p.Change = 50, -50 })}, register.ErrPayment},
		{"change from a card", 100, []register.Payment{with(card, func(p *register.Payment) { p.Given, p.Change = 150, 50 })}, register.ErrPayment},
		{"one method twice", 200, []register.Payment{cash, cash}, register.ErrPayment},
		{"set off against nothing", 100, []register.Payment{{Method: register.Prepaid, Amount: 100}}, register.ErrPayment},
		{"a long slip", 100, []register.Payment{with(card, func(p *register.Payment) { p.Slip = strings.Repeat("1", 65) })}, register.ErrText},
		{"control characters in our id", 100, []register.Payment{with(qr, func(p *register.Payment) { p.QRID = "\x1b" })}, register.ErrText},
		{"control characters in the bank's id", 100, []register.Payment{with(qr, func(p *register.Payment) { p.BankID = "\x1b" })}, nil},
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

func TestNothingIsSoldForNothing(t *testing.T) {
	var empty register.Cart
	if _, err := register.NewSale(&empty, nil); !errors.Is(err, register.ErrEmptyCart) {
		t.Errorf("an empty cart: %v", err)
	}
	given := register.NewCart(register.Rules{MaxDiscount: register.Hundred})
	if _, err := given.Add(product("a", 100, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	if err := given.SetDiscount(register.Discount{Percent: register.Hundred}); err != nil || given.Total() != 0 {
		t.Fatalf("%v, total %s", err, given.Total())
	}
	if _, err := register.NewSale(&given, nil); !errors.Is(err, register.ErrEmptyCart) {
		t.Errorf("all of it given away: %v", err)
	}
	// One thing as a gift with another is a sale.
	if _, err := given.Add(product("b", 100, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	if err := given.SetDiscount(register.Discount{}); err != nil {
		t.Fatal(err)
	}
	if err := given.SetLineDiscount(0, register.Discount{Percent: register.Hundred}); err != nil {
		t.Fatal(err)
	}
	s, err := register.NewSale(&given, []register.Payment{{Method: register.Card, Amount: 100}})
	if err != nil || s.Off != 100 || s.Lines[0].Sum != 0 {
		t.Errorf("a gift: %+v, %v", s, err)
	}
}

func TestSaleThatDoesNotAddUp(t *testing.T) {
	check(t, func(t *rapid.T) {
		s := drawSale(t)
		l := &s.Lines[pick(t, "line", len(s.Lines))]
		by := oneOf[register.Money](t, "by", 1, -1, 1<<61, math.MinInt64)
		switch pick(t, "what", 6) {
		case 0:
			l.Sum += by
		case 1:
			l.VATSum += by
		case 2:
			l.Off += by
		case 3:
			s.Total += by
		case 4:
			s.Off += by
		case 5:
			s.Payments[0].Amount += by
		}
		if s.Check() == nil {
			t.Fatalf("%+v was taken", s)
		}
	})
}

// What no cart comes to, no stored sale or return may come to either.
func TestBodiesBeyondAReceipt(t *testing.T) {
	line := register.Line{Product: "a", Name: "A", Unit: register.Piece, Quantity: register.One, Price: register.MaxMoney, VAT: register.VAT22}
	free := line
	free.Off = register.MaxMoney
	full := line
	full.Sum, full.VATSum = register.MaxMoney, register.VAT22.Included(register.MaxMoney)
	taxed := line
	taxed.OnTop, taxed.VATSum = true, register.VAT22.OnTop(register.MaxMoney)
	taxed.Sum = register.MaxMoney + taxed.VATSum
	cash := func(sum register.Money) register.Payment {
		return register.Payment{Method: register.Cash, Amount: sum, Given: sum}
	}
	card := register.Payment{Method: register.Card, Amount: taxed.VATSum}
	if err := (register.Sale{Lines: []register.Line{full}, Total: full.Sum, Payments: []register.Payment{cash(full.Sum)}}).Check(); err != nil {
		t.Errorf("the dearest sale: %v", err)
	}
	for name, s := range map[string]register.Sale{
		"a price, before discounts": {Lines: []register.Line{free, full}, Total: full.Sum, Off: free.Off, Payments: []register.Payment{cash(full.Sum)}},
		"a total, with its tax":     {Lines: []register.Line{taxed}, Total: taxed.Sum, Payments: []register.Payment{cash(register.MaxMoney), card}},
	} {
		if err := s.Check(); !errors.Is(err, register.ErrTooMuch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := ref("s")
	r := register.SaleReturn{Sale: &s}
	for range register.MaxLines + 1 {
		r.Lines = append(r.Lines, register.ReturnLine{Of: 1, Line: free})
	}
	if err := r.Check(); !errors.Is(err, register.ErrTooMuch) {
		t.Errorf("%d lines back: %v", len(r.Lines), err)
	}
}
