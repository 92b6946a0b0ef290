package register_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

// drawWants draws a part of what is left of a sale; with all, all of it.
func drawWants(t *rapid.T, left []register.Line, all bool) []register.Want {
	var wants []register.Want
	for i, l := range left {
		if l.Quantity == 0 || !all && rapid.Bool().Draw(t, "skip") {
			continue
		}
		q := l.Quantity
		if !all && l.Unit == register.Piece {
			q = register.One * draw(t, "pieces back", 1, l.Quantity/register.One)
		} else if !all {
			q = draw(t, "back", 1, l.Quantity)
		}
		wants = append(wants, register.Want{Line: i, Quantity: q})
	}
	return wants
}

// drawOrderSale draws the handing over of an order that was prepaid in part or in full.
func drawOrderSale(t *rapid.T) register.Sale {
	c := drawCart(t)
	amount := oneOf(t, "prepaid", c.Total(), draw(t, "amount", 1, c.Total()))
	p, err := register.NewPrepayment(c, amount, drawPayments(t, amount))
	if err != nil {
		t.Fatal(err)
	}
	order, err := register.OrderCart(stored(t, p), ref("p1"), amount)
	if err != nil {
		t.Fatal(err)
	}
	s, err := register.NewSale(&order, drawPayments(t, order.Due()))
	if err != nil {
		t.Fatal(err)
	}
	return stored(t, s)
}

func TestReturnsNeverExceedAndCompleteOnesGiveAllBack(t *testing.T) {
	check(t, func(t *rapid.T) {
		sale := drawSale(t)
		if rapid.Bool().Draw(t, "an order") {
			sale = drawOrderSale(t)
		}
		var earlier []register.SaleReturn
		backQ, backSum, backVAT := make([]register.Quantity, len(sale.Lines)), make([]register.Money, len(sale.Lines)), make([]register.Money, len(sale.Lines))
		money := map[register.Method]register.Money{}
		for n := pick(t, "returns", 5); n >= 0; n-- {
			wants := drawWants(t, sale.Left(earlier), n == 0)
			if len(wants) == 0 {
				continue
			}
			r, err := register.NewReturn(sale, ref("s1"), earlier, wants, oneOf(t, "prefer", register.Cash, register.Card, register.QR), "не подошло")
			if err != nil {
				t.Fatal(err)
			}
			if err := r.CheckAgainst(sale, earlier); err != nil {
				t.Fatalf("refused what it made: %v", err)
			}
			r = stored(t, r)
			for i, l := range r.Lines {
				of := sale.Lines[l.Of-1]
				if l.Of != wants[i].Line+1 || l.Quantity != wants[i].Quantity || l.Product != of.Product || l.VAT != of.VAT || l.Price != of.Price {
					t.Fatalf("line %+v for %+v", l, wants[i])
				}
				if l.Sum < 0 || l.VATSum < 0 || l.VATSum > l.Sum || l.Off < 0 || l.Off > l.Gross() {
					t.Fatalf("line %+v", l)
				}
				if off := l.Sum - exact(of.Sum, int64(l.Quantity), int64(of.Quantity)); !of.OnTop && (off < -1 || off > 1) {
					t.Fatalf("%s of %s costs %s, the whole %s", l.Quantity, of.Quantity, l.Sum, of.Sum)
				}
				backQ[l.Of-1] += l.Quantity
				backSum[l.Of-1] += l.Sum
				backVAT[l.Of-1] += l.VATSum
			}
			for _, p := range r.Payments {
				money[p.Method] += p.Amount
			}
			if paid(r.Payments) != r.Total {
				t.Fatalf("%s paid back for %s", paid(r.Payments), r.Total)
			}
			earlier = append(earlier, r)
			for i, l := range sale.Left(earlier) {
				if l.Quantity != sale.Lines[i].Quantity-backQ[i] || l.Sum != sale.Lines[i].Sum-backSum[i] || l.Sum < 0 || l.VATSum < 0 || l.Quantity < 0 {
					t.Fatalf("left is %+v", l)
				}
			}
			var goods, refundable register.Money
			for _, l := range sale.Left(earlier) {
				goods += l.Sum
			}
			for _, left := range sale.Refundable(earlier) {
				refundable += left
			}
			if refundable != goods {
				t.Fatalf("%s can be paid back for goods of %s", refundable, goods)
			}
			for m, left := range sale.Refundable(earlier) {
				if left < 0 || left != paid(sale.Payments, m)-money[m] {
					t.Fatalf("%s can be paid back by %s", left, m)
				}
			}
		}
		for i, l := range sale.Lines {
			if backQ[i] != l.Quantity || backSum[i] != l.Sum || backVAT[i] != l.VATSum {
				t.Fatalf("%s, %s, %s back of %+v", backQ[i], backSum[i], backVAT[i], l)
			}
		}
		for _, p := range sale.Payments {
			if money[p.Method] != p.Amount {
				t.Fatalf("%s back by %s of %s", money[p.Method], p.Method, p.Amount)
			}
		}
		if _, err := register.NewReturn(sale, ref("s1"), earlier, []register.Want{{Line: 0, Quantity: register.One}}, register.Cash, ""); !errors.Is(err, register.ErrReturned) {
			t.Fatalf("more than everything: %v", err)
		}
	})
}

// soldMixed is a sale of three pieces and some cheese, 300.00 by card and the rest in cash.
func soldMixed(t *testing.T) register.Sale {
	t.Helper()
	var c register.Cart
	if _, err := c.Add(product("milk", 8999, register.Piece), 3*register.One); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Add(product("cheese", 74900, register.Kilogram), 356); err != nil {
		t.Fatal(err)
	}
	payments, err := register.PayMixed(c.Total(), 30000, "17", c.Total())
	if err != nil {
		t.Fatal(err)
	}
	s, err := register.NewSale(&c, payments)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReturnGoesBackAsItWasPaid(t *testing.T) {
	sale := soldMixed(t) // 269.97 + 266.64: 300.00 by card, 236.61 in cash
	for _, c := range []struct {
		name       string
		prefer     register.Method
		wants      []register.Want
		cash, card register.Money
	}{
		{"card first", register.Card, []register.Want{{0, 3000}}, 0, 26997},
		{"cash first", register.Cash, []register.Want{{0, 3000}}, 23661, 3336},
		{"card, when nobody says", "", []register.Want{{0, 3000}, {1, 356}}, 23661, 30000},
		{"one piece in cash", register.Cash, []register.Want{{0, 1000}}, 8999, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := register.NewReturn(sale, ref("s"), nil, c.wants, c.prefer, "")
			if err != nil || paid(r.Payments, register.Cash) != c.cash || paid(r.Payments, register.Card) != c.card {
				t.Errorf("%+v, %v", r.Payments, err)
			}
		})
	}
}

func TestQRGoesBackByItsQRPayment(t *testing.T) {
	var c register.Cart
	if _, err := c.Add(product("a", 10000, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	sale, err := register.NewSale(&c, []register.Payment{{Method: register.QR, Amount: 10000, QRID: "q1", BankID: "b1", Bank: "tbank"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := register.NewReturn(sale, ref("s"), nil, []register.Want{{0, register.One}}, register.Cash, "")
	if err != nil {
		t.Fatal(err)
	}
	if want := (register.Payment{Method: register.QR, Amount: 10000, QRID: "q1", BankID: "b1", Bank: "tbank"}); len(r.Payments) != 1 || r.Payments[0] != want {
		t.Errorf("paid back by %+v", r.Payments)
	}
	r.Payments[0].QRID = "q2"
	if err := r.CheckAgainst(sale, nil); !errors.Is(err, register.ErrRefund) {
		t.Errorf("by another QR payment: %v", err)
	}
}

func TestGiftComesBackForNothing(t *testing.T) {
	c := register.NewCart(register.Rules{MaxDiscount: register.Hundred})
	for _, id := range []string{"a", "gift"} {
		if _, err := c.Add(product(id, 10000, register.Piece), register.One); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.SetLineDiscount(1, register.Discount{Percent: register.Hundred}); err != nil {
		t.Fatal(err)
	}
	sale, err := register.NewSale(&c, []register.Payment{{Method: register.Card, Amount: 10000}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := register.NewReturn(sale, ref("s"), nil, []register.Want{{1, register.One}}, register.Card, "")
	if err != nil || r.Total != 0 || len(r.Payments) != 0 || r.CheckAgainst(sale, nil) != nil {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestReturnsThatAreRefused(t *testing.T) {
	sale := soldMixed(t)
	one, err := register.NewReturn(sale, ref("s"), nil, []register.Want{{0, register.One}}, register.Card, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		wants []register.Want
		want  error
	}{
		{"nothing", nil, register.ErrEmptyCart},
		{"more than was sold", []register.Want{{0, 4000}}, register.ErrReturned},
		{"more than is left", []register.Want{{0, 3000}}, register.ErrReturned},
		{"what is left", []register.Want{{0, 2000}}, nil},
		{"a gram more than was sold", []register.Want{{1, 357}}, register.ErrReturned},
		{"half a piece", []register.Want{{0, 500}}, register.ErrWholeUnits},
		{"no quantity", []register.Want{{1, 0}}, register.ErrNotQuantity},
		{"less than nothing", []register.Want{{1, -1}}, register.ErrNotQuantity},
		{"no such line", []register.Want{{2, 1000}}, register.ErrNoLine},
		{"a line below the first", []register.Want{{-1, 1000}}, register.ErrNoLine},
		{"a line twice", []register.Want{{0, 1000}, {0, 1000}}, register.ErrNoLine},
		{"a huge quantity", []register.Want{{1, math.MaxInt64}}, register.ErrReturned},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := register.NewReturn(sale, ref("s"), []register.SaleReturn{one}, c.wants, register.Card, ""); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if _, err := register.NewReturn(sale, ref("s"), nil, []register.Want{{0, 1000}}, register.Card, "\x00"); !errors.Is(err, register.ErrText) {
		t.Errorf("a reason that cannot be printed: %v", err)
	}
}

func TestReturnThatDoesNotKeepWithinItsSale(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*register.SaleReturn)
		want error
	}{
		{"nothing wrong", func(*register.SaleReturn) {}, nil},
		{"more goods", func(r *register.SaleReturn) { r.Lines[0].Quantity += 2000 }, register.ErrBadOperation},
		{"goods twice", func(r *register.SaleReturn) {
			r.Lines = append(r.Lines, r.Lines[0])
			r.Total *= 2
			r.Payments[0].Amount *= 2
		}, register.ErrReturned},
		{"another sum", func(r *register.SaleReturn) {
			r.Lines[0].Sum--
			r.Lines[0].Off++
			r.Total--
			r.Payments[0].Amount--
		}, register.ErrBadOperation},
		{"another tax", func(r *register.SaleReturn) { r.Lines[0].VATSum-- }, register.ErrBadOperation},
		{"tax above the sum", func(r *register.SaleReturn) { r.Lines[0].VATSum = r.Lines[0].Sum + 1 }, register.ErrBadOperation},
		{"another product", func(r *register.SaleReturn) { r.Lines[0].Product = "cheese" }, register.ErrNoLine},
		{"another line", func(r *register.SaleReturn) { r.Lines[0].Of = 2 }, register.ErrNoLine},
		{"a line beyond the last", func(r *register.SaleReturn) { r.Lines[0].Of = 3 }, register.ErrNoLine},
		{"a line below the first", func(r *register.SaleReturn) { r.Lines[0].Of = -1 }, register.ErrReturned},
		{"no basis", func(r *register.SaleReturn) { r.Sale = nil }, register.ErrReturned},
		{"no lines", func(r *register.SaleReturn) { r.Lines, r.Total, r.Payments = nil, 0, nil }, register.ErrEmptyCart},
		{"more money than goods", func(r *register.SaleReturn) { r.Payments[0].Amount++ }, register.ErrPayment},
		{"less money than goods", func(r *register.SaleReturn) { r.Payments[0].Amount-- }, register.ErrTooLittle},
		{"by QR", func(r *register.SaleReturn) {
			r.Payments = []register.Payment{{Method: register.QR, Amount: r.Total, QRID: "q"}}
		}, register.ErrRefund},
		{"to a prepayment", func(r *register.SaleReturn) {
			p := ref("p")
			r.Payments, r.Prepayment = []register.Payment{{Method: register.Prepaid, Amount: r.Total}}, &p
		}, register.ErrRefund},
		{"to no prepayment", func(r *register.SaleReturn) {
			r.Payments = []register.Payment{{Method: register.Prepaid, Amount: r.Total}}
		}, register.ErrPayment},
		{"sums that overflow", func(r *register.SaleReturn) { r.Lines[0].Sum = math.MaxInt64 }, register.ErrBadOperation},
		{"an absurd quantity", func(r *register.SaleReturn) { r.Lines[0].Quantity = math.MaxInt64 - 807 }, register.ErrTooMuch},
		{"a buyer that is none", func(r *register.SaleReturn) { r.Customer = &register.Customer{} }, register.ErrBadCustomer},
		{"a reason that cannot be printed", func(r *register.SaleReturn) { r.Reason = "\n" }, register.ErrText},
	} {
		t.Run(c.name, func(t *testing.T) {
			sale := soldMixed(t)
			r, err := register.NewReturn(sale, ref("s"), nil, []register.Want{{0, 2000}}, register.Card, "")
			if err != nil {
				t.Fatal(err)
			}
			if c.do(&r); !errors.Is(r.CheckAgainst(sale, nil), c.want) {
				t.Errorf("got %v, want %v", r.CheckAgainst(sale, nil), c.want)
			}
		})
	}
}

func TestNoMoreGoesBackByAMethodThanWasPaid(t *testing.T) {
	sale := soldMixed(t)
	r, err := register.NewReturn(sale, ref("s"), nil, []register.Want{{0, 3000}, {1, 356}}, register.Card, "")
	if err != nil {
		t.Fatal(err)
	}
	r.Payments = []register.Payment{{Method: register.Card, Amount: 30001}, {Method: register.Cash, Amount: 23660, Given: 23660}}
	if err := r.CheckAgainst(sale, nil); !errors.Is(err, register.ErrRefund) {
		t.Errorf("a kopeck of cash by card: %v", err)
	}
}

func TestPartsOfATaxedLineAreTaxedWithinTheirSums(t *testing.T) {
	for _, onTop := range []bool{false, true} {
		c := register.NewCart(register.Rules{OnTop: onTop})
		if _, err := c.Add(product("nails", 9, register.Kilogram), register.One); err != nil {
			t.Fatal(err)
		}
		sale, err := register.NewSale(&c, []register.Payment{{Method: register.Card, Amount: c.Total()}})
		if err != nil {
			t.Fatal(err)
		}
		var earlier []register.SaleReturn
		for range 50 {
			r, err := register.NewReturn(sale, ref("s"), earlier, []register.Want{{0, 20}}, register.Card, "")
			if err != nil {
				t.Fatal(err)
			}
			if l := r.Lines[0]; l.VATSum > l.Sum || l.VATSum < 0 {
				t.Errorf("%s of %s: VAT of %s within %s", l.Quantity, sale.Lines[0].Quantity, l.VATSum, l.Sum)
			}
			earlier = append(earlier, r)
		}
	}
}

func TestFreeReturn(t *testing.T) {
	check(t, func(t *rapid.T) {
		c := drawCart(t)
		method := oneOf(t, "method", register.Cash, register.Card)
		r, err := register.NewFreeReturn(c, method, "чека нет")
		if err != nil {
			t.Fatal(err)
		}
		r = stored(t, r)
		if r.Check() != nil || r.Sale != nil || r.Total != c.Total() || paid(r.Payments, method) != c.Total() || len(r.Lines) != c.Len() {
			t.Fatalf("%+v: %v", r, r.Check())
		}
		r.Lines[0].Sum++
		if r.Check() == nil {
			t.Fatal("a sum that was changed was taken")
		}
	})
	var full, empty register.Cart
	if _, err := full.Add(product("a", 100, register.Piece), register.One); err != nil {
		t.Fatal(err)
	}
	for _, m := range []register.Method{register.QR, register.Prepaid, "shells", ""} {
		if _, err := register.NewFreeReturn(&full, m, ""); !errors.Is(err, register.ErrPayment) {
			t.Errorf("by %s: %v", m, err)
		}
	}
	if _, err := register.NewFreeReturn(&empty, register.Cash, ""); !errors.Is(err, register.ErrEmptyCart) {
		t.Errorf("of nothing: %v", err)
	}
	if _, err := register.NewFreeReturn(&full, register.Cash, "\x07"); !errors.Is(err, register.ErrText) {
		t.Errorf("for a reason that cannot be printed: %v", err)
	}
	order, err := register.RestoreCart(register.Draft{Lines: full.Lines(), Order: &register.Order{Prepayment: ref("p"), Paid: 50}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := register.NewFreeReturn(&order, register.Cash, ""); !errors.Is(err, register.ErrLocked) {
		t.Errorf("of an order: %v", err)
	}
}
