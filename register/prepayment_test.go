package register_test

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestPrepaymentIsSpreadOverItsLines(t *testing.T) {
	check(t, func(t *rapid.T) {
		c := drawCart(t)
		amount := oneOf(t, "prepaid", c.Total(), draw(t, "amount", 1, c.Total()))
		p, err := register.NewPrepayment(c, amount, drawPayments(t, amount))
		if err != nil {
			t.Fatal(err)
		}
		if err := stored(t, p).Check(); err != nil {
			t.Fatalf("read back: %v", err)
		}
		weights := make([]register.Money, len(p.Lines))
		for i, l := range p.Lines {
			weights[i] = l.Sum
		}
		for i, want := range exactSpread(amount, weights) {
			s, l := p.Shares[i], p.Lines[i]
			rate := percents[l.VAT]
			if s.Sum != want || s.Sum > l.Sum || s.VAT != l.VAT.Calculated() || s.VATSum != exact(want, rate, 100+rate) {
				t.Fatalf("%+v of %+v, want %s", s, l, want)
			}
		}
		if amount == c.Total() {
			for i, s := range p.Shares {
				if s.Sum != p.Lines[i].Sum {
					t.Fatalf("paid in full, and %s of %s", s.Sum, p.Lines[i].Sum)
				}
			}
		}
	})
}

// order follows one prepaid order as a till does.
type order struct {
	p       register.Prepayment
	state   register.PrepaymentState
	back    []register.PrepaymentReturn
	sale    *register.Sale
	returns []register.SaleReturn
	money   map[register.Method]register.Money // that the shop has of the buyer's
}

func drawOrder(t *rapid.T) *order {
	c := drawCart(t)
	amount := oneOf(t, "prepaid", c.Total(), draw(t, "amount", 1, c.Total()))
	p, err := register.NewPrepayment(c, amount, drawPayments(t, amount))
	if err != nil {
		t.Fatal(err)
	}
	o := &order{p: stored(t, p), state: register.PrepaymentState{Paid: amount}, money: map[register.Method]register.Money{}}
	o.take(p.Payments, 1)
	return o
}

func (o *order) take(payments []register.Payment, sign register.Money) {
	for _, p := range payments {
		if p.Method != register.Prepaid {
			o.money[p.Method] += sign * p.Amount
		}
	}
}

func (o *order) giveBack(t *rapid.T, amount register.Money) {
	left := o.state.Left()
	r, err := register.NewPrepaymentReturn(o.p, ref("p1"), left, o.back, amount, oneOf(t, "prefer", register.Cash, register.Card), "передумал")
	if err != nil {
		t.Fatal(err)
	}
	if r = stored(t, r); r.CheckAgainst(o.p, left, o.back) != nil || r.Amount != amount || paid(r.Payments) != amount {
		t.Fatalf("%+v for %s: %v", r, amount, r.CheckAgainst(o.p, left, o.back))
	}
	more := r
	more.Amount++
	more.Payments = slices.Clone(r.Payments)
	more.Payments[0].Amount++
	more.Payments[0].Given = 0
	if more.Payments[0].Method == register.Cash {
		more.Payments[0].Given = more.Payments[0].Amount
	}
	if err := more.CheckAgainst(o.p, amount, o.back); !errors.Is(err, register.ErrPrepaid) {
		t.Fatalf("a kopeck more than is left: %v", err)
	}
	o.take(r.Payments, -1)
	o.back = append(o.back, r)
	o.state.Returned += amount
}

func (o *order) handOver(t *rapid.T) {
	left := o.state.Left()
	c, err := register.OrderCart(o.p, ref("p1"), left)
	if err != nil {
		t.Fatal(err)
	}
	if c.Due() != o.p.Total-left || !slices.Equal(c.Lines(), o.p.Lines) {
		t.Fatalf("%s is due of %s, %s prepaid", c.Due(), c.Total(), left)
	}
	again, err := register.RestoreCart(stored(t, c.Draft()))
	if err != nil || !reflect.DeepEqual(again.Draft(), stored(t, c.Draft())) {
		t.Fatalf("restored as %+v, %v", again.Draft(), err)
	}
	s, err := register.NewSale(&again, drawPayments(t, c.Due()))
	if err != nil {
		t.Fatal(err)
	}
	s = stored(t, s)
	if s.Prepayment == nil || s.Prepayment.ID != "p1" || paid(s.Payments, register.Prepaid) != left || s.Check() != nil {
		t.Fatalf("%+v: %v", s, s.Check())
	}
	o.take(s.Payments, 1)
	o.sale, o.state.Used = &s, left
}

func (o *order) takeGoodsBack(t *rapid.T, all bool) {
	wants := drawWants(t, o.sale.Left(o.returns), all)
	if len(wants) == 0 {
		return
	}
	r, err := register.NewReturn(*o.sale, ref("s1"), o.returns, wants, oneOf(t, "prefer", register.Cash, register.Card), "")
	if err != nil {
		t.Fatal(err)
	}
	r = stored(t, r)
	restored := paid(r.Payments, register.Prepaid)
	if (restored > 0) != (r.Prepayment != nil) || restored > 0 && r.Prepayment.ID != "p1" || r.CheckAgainst(*o.sale, o.returns) != nil {
		t.Fatalf("%+v: %v", r, r.CheckAgainst(*o.sale, o.returns))
	}
	if restored > 0 && paid(r.Payments) < r.Total {
		t.Fatalf("%+v", r)
	}
	o.take(r.Payments, -1)
	o.returns = append(o.returns, r)
	o.state.Restored += restored
}

func TestPrepaidMoneyIsNeitherLostNorGivenBackTwice(t *testing.T) {
	check(t, func(t *rapid.T) {
		o := drawOrder(t)
		for range pick(t, "first returns", 3) {
			if left := o.state.Left(); left > 0 {
				o.giveBack(t, draw(t, "back", 1, left))
			}
		}
		if open := o.state.Open(); open != (o.state.Left() > 0) {
			t.Fatalf("open: %t with %s left", open, o.state.Left())
		}
		if o.state.Open() && rapid.Bool().Draw(t, "hand over") {
			o.handOver(t)
			if o.state.Open() || o.state.Left() != 0 {
				t.Fatalf("handed over, and %+v", o.state)
			}
			for n := pick(t, "goods back", 4); n >= 0; n-- {
				o.takeGoodsBack(t, n == 0)
				if left := o.state.Left(); left > 0 && rapid.Bool().Draw(t, "and money") {
					o.giveBack(t, draw(t, "back", 1, left))
				}
				if o.state.Open() {
					t.Fatal("handed over, and open again")
				}
			}
			if o.state.Restored != o.state.Used {
				t.Fatalf("%s of %s restored", o.state.Restored, o.state.Used)
			}
		}
		if left := o.state.Left(); left > 0 {
			o.giveBack(t, left)
		}
		if o.state.Left() != 0 {
			t.Fatalf("%+v", o.state)
		}
		for m, sum := range o.money {
			if sum != 0 {
				t.Fatalf("%s stays with the shop by %s", sum, m)
			}
		}
		for m, sum := range o.p.Refundable(o.back) {
			if sum != 0 {
				t.Fatalf("%s could still go back by %s", sum, m)
			}
		}
		if _, err := register.NewPrepaymentReturn(o.p, ref("p1"), o.state.Left(), o.back, 1, register.Cash, ""); !errors.Is(err, register.ErrPrepaid) {
			t.Fatalf("a kopeck more than everything: %v", err)
		}
	})
}

func TestLinesOfAnOrderAreLocked(t *testing.T) {
	var c register.Cart
	milk := product("milk", 10000, register.Piece)
	if _, err := c.Add(milk, register.One); err != nil {
		t.Fatal(err)
	}
	p, err := register.NewPrepayment(&c, 4000, []register.Payment{{Method: register.Card, Amount: 4000}})
	if err != nil {
		t.Fatal(err)
	}
	cart, err := register.OrderCart(p, ref("p"), 4000)
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func() error{
		"adding":             func() error { _, err := cart.Add(milk, register.One); return err },
		"repeating":          func() error { _, err := cart.Repeat(0); return err },
		"removing":           func() error { _, err := cart.Remove(0); return err },
		"another quantity":   func() error { return cart.SetQuantity(0, 2000) },
		"another price":      func() error { return cart.SetPrice(0, 1) },
		"a line's discount":  func() error { return cart.SetLineDiscount(0, register.Discount{}) },
		"a discount":         func() error { return cart.SetDiscount(register.Discount{}) },
		"a line's remark":    func() error { return cart.SetLineComment(0, "x") },
		"another customer":   func() error { return cart.SetCustomer(nil) },
		"prepaying it again": func() error { _, err := register.NewPrepayment(&cart, 1, nil); return err },
	} {
		if err := do(); !errors.Is(err, register.ErrLocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	rules := register.Rules{MaxDiscount: 1000, OnTop: true}
	cart.SetRules(rules)
	if cart.Total() != 10000 || cart.Due() != 6000 || cart.Lines()[0].OnTop {
		t.Errorf("under other rules: %s due of %s", cart.Due(), cart.Total())
	}
	cart.Order().Paid = 0
	if err := cart.SetComment("отдать Анне"); err != nil || cart.Due() != 6000 {
		t.Errorf("%v, %s due", err, cart.Due())
	}
	if cart.Clear(); cart.Order() != nil || cart.Rules() != rules {
		t.Errorf("the next receipt is under %+v", cart.Rules())
	}
	for _, left := range []register.Money{0, -1, 10001} {
		if _, err := register.OrderCart(p, ref("p"), left); !errors.Is(err, register.ErrPrepaid) {
			t.Errorf("with %s left: %v", left, err)
		}
	}
}

func TestGoodsOfAnOrderGiveMoneyBackFirst(t *testing.T) {
	for _, prefer := range []register.Method{register.Cash, register.Card, ""} {
		var c register.Cart
		if _, err := c.Add(product("milk", 2500, register.Piece), 4*register.One); err != nil {
			t.Fatal(err)
		}
		p, err := register.NewPrepayment(&c, 4000, []register.Payment{{Method: register.Card, Amount: 4000}})
		if err != nil {
			t.Fatal(err)
		}
		cart, err := register.OrderCart(p, ref("p1"), 4000)
		if err != nil {
			t.Fatal(err)
		}
		sale, err := register.NewSale(&cart, []register.Payment{{Method: register.Cash, Amount: 6000, Given: 6000}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := register.NewReturn(sale, ref("s"), nil, []register.Want{{0, 3 * register.One}}, prefer, "")
		if err != nil || paid(r.Payments, register.Cash) != 6000 || paid(r.Payments, register.Prepaid) != 1500 || r.Prepayment.ID != "p1" {
			t.Fatalf("%+v, %v", r, err)
		}
		if err := r.CheckAgainst(sale, nil); err != nil {
			t.Error(err)
		}
		other := ref("p2")
		r.Prepayment = &other
		if err := r.CheckAgainst(sale, nil); !errors.Is(err, register.ErrRefund) {
			t.Errorf("to another prepayment: %v", err)
		}
	}
}

func TestPrepaymentsThatAreRefused(t *testing.T) {
	card := func(sum register.Money) []register.Payment {
		return []register.Payment{{Method: register.Card, Amount: sum}}
	}
	var cart, empty register.Cart
	if _, err := cart.Add(product("a", 10000, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		cart     *register.Cart
		amount   register.Money
		payments []register.Payment
		want     error
	}{
		{"part of it", &cart, 1, card(1), nil},
		{"all of it", &cart, 10000, card(10000), nil},
		{"more than it costs", &cart, 10001, card(10001), register.ErrPayment},
		{"nothing", &cart, 0, nil, register.ErrPayment},
		{"less than nothing", &cart, -1, nil, register.ErrPayment},
		{"for no goods", &empty, 1, card(1), register.ErrEmptyCart},
		{"paid too little", &cart, 100, card(99), register.ErrTooLittle},
		{"paid too much", &cart, 100, card(101), register.ErrPayment},
		{"paid by another prepayment", &cart, 100, []register.Payment{{Method: register.Prepaid, Amount: 100}}, register.ErrPayment},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := register.NewPrepayment(c.cart, c.amount, c.payments); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	for _, c := range []struct {
		name string
		do   func(*register.Prepayment)
	}{
		{"another share", func(p *register.Prepayment) { p.Shares[0].Sum-- }},
		{"another rate", func(p *register.Prepayment) { p.Shares[0].VAT = register.VAT22 }},
		{"another tax", func(p *register.Prepayment) { p.Shares[0].VATSum++ }},
		{"no shares", func(p *register.Prepayment) { p.Shares = nil }},
		{"another amount", func(p *register.Prepayment) { p.Amount++ }},
		{"sums that overflow", func(p *register.Prepayment) {
			p.Lines = append(p.Lines, p.Lines[0], p.Lines[0])
			for i := range p.Lines {
				p.Lines[i].Sum = math.MaxInt64
			}
			p.Total = math.MaxInt64 - 2
			p.Shares = make([]register.PrepaidPart, 3)
		}},
		{"a buyer that is none", func(p *register.Prepayment) { p.Customer = &register.Customer{ID: "c"} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := register.NewPrepayment(&cart, 5000, card(5000))
			if err != nil {
				t.Fatal(err)
			}
			if c.do(&p); p.Check() == nil {
				t.Errorf("%+v was taken", p)
			}
		})
	}
}

func TestPrepaymentReturnsThatAreRefused(t *testing.T) {
	var cart register.Cart
	if _, err := cart.Add(product("a", 10000, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	payments, err := register.PayMixed(10000, 4000, "1", 6000)
	if err != nil {
		t.Fatal(err)
	}
	p, err := register.NewPrepayment(&cart, 10000, payments)
	if err != nil {
		t.Fatal(err)
	}
	cash := func(sum register.Money) register.Payment {
		return register.Payment{Method: register.Cash, Amount: sum, Given: sum}
	}
	for _, c := range []struct {
		name string
		back register.PrepaymentReturn
		want error
	}{
		{"in cash", register.PrepaymentReturn{Amount: 6000, Payments: []register.Payment{cash(6000)}}, nil},
		{"more in cash than was", register.PrepaymentReturn{Amount: 6001, Payments: []register.Payment{cash(6001)}}, register.ErrRefund},
		{"by QR", register.PrepaymentReturn{Amount: 1, Payments: []register.Payment{{Method: register.QR, Amount: 1, QRID: "q"}}}, register.ErrRefund},
		{"to a prepayment", register.PrepaymentReturn{Amount: 1, Payments: []register.Payment{{Method: register.Prepaid, Amount: 1}}}, register.ErrRefund},
		{"nothing", register.PrepaymentReturn{}, register.ErrPrepaid},
		{"less than nothing", register.PrepaymentReturn{Amount: -1, Payments: []register.Payment{cash(-1)}}, register.ErrPrepaid},
		{"more than is left", register.PrepaymentReturn{Amount: 9001, Payments: []register.Payment{cash(5001), {Method: register.Card, Amount: 4000}}}, register.ErrPrepaid},
		{"less money than it says", register.PrepaymentReturn{Amount: 2, Payments: []register.Payment{cash(1)}}, register.ErrTooLittle},
		{"more money than it says", register.PrepaymentReturn{Amount: 1, Payments: []register.Payment{cash(2)}}, register.ErrPayment},
		{"a reason that cannot be printed", register.PrepaymentReturn{Amount: 1, Payments: []register.Payment{cash(1)}, Reason: "\n"}, register.ErrText},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.back.CheckAgainst(p, 9000, nil); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	qr, err := register.NewPrepayment(&cart, 100, []register.Payment{{Method: register.QR, Amount: 100, QRID: "q1", Bank: "sber"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := register.NewPrepaymentReturn(qr, ref("p"), 100, nil, 40, register.Cash, "")
	if err != nil || len(r.Payments) != 1 || r.Payments[0].QRID != "q1" || r.Payments[0].Bank != "sber" {
		t.Errorf("by QR: %+v, %v", r.Payments, err)
	}
	r.Payments[0].QRID = "q2"
	if err := r.CheckAgainst(qr, 100, nil); !errors.Is(err, register.ErrRefund) {
		t.Errorf("by another QR payment: %v", err)
	}
}
