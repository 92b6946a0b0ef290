package localdb_test

import (
	"testing"

	"kassa/localdb"
	"kassa/register"
)

func TestNoMoreComesBackThanWasSold(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op, _ := w.sell(cart(w, piece("a", 333, 3), goods{"b", 74900, 350, register.Kilogram}))
	all := register.Want{Line: 0, Quantity: 3 * register.One}
	one := register.Want{Line: 0, Quantity: register.One}
	// Two cashiers compute a return before either commits: the second is refused in its transaction.
	whole, part := w.giveBack(op, all), w.giveBack(op, one)
	w.do(register.KindReturn, part)
	w.refused(register.ErrReturned, register.KindReturn, whole)
	w.do(register.KindReturn, w.giveBack(op, one, register.Want{Line: 1, Quantity: 100}))
	stale := w.giveBack(op, one)
	w.do(register.KindReturn, stale)
	w.refused(nil, register.KindReturn, stale)
	w.closeShift(nil)
	w.openShift() // the rest comes back in another shift
	w.do(register.KindReturn, w.giveBack(op, register.Want{Line: 1, Quantity: 250}))
	w.drawer(0)
	_, returns, err := w.store.SaleReturns(t.Context(), op.ID)
	if err != nil || len(returns) != 4 || returns[0].Receipt != 2 || returns[3].Receipt != 1 {
		t.Errorf("the returns are %+v, %v", returns, err)
	}
	w.healthy()
}

func TestMoneyGoesBackAsItWasPaid(t *testing.T) {
	w := newShop(t)
	w.openShift()
	w.do(register.KindCashIn, register.CashMove{Sum: 100000})
	op, _ := w.sell(cart(w, piece("a", 1000, 3)), card(2000), cash(1000))
	r := w.giveBack(op, register.Want{Line: 0, Quantity: 2 * register.One})
	for _, payments := range [][]register.Payment{
		{cash(2000)}, // more cash than was paid in cash
		{{Method: register.QR, Amount: 2000, QRID: "q"}},
		{card(1999)},
		{card(1000), {Method: register.Prepaid, Amount: 1000}},
		nil,
	} {
		bad := r
		bad.Payments = payments
		w.refused(nil, register.KindReturn, bad)
	}
	bad := r
	bad.Payments = []register.Payment{cash(2000)}
	w.refused(register.ErrRefund, register.KindReturn, bad)
	w.do(register.KindReturn, r) // 1000 in cash, 1000 by card
	w.drawer(100000)
	w.refused(register.ErrRefund, register.KindReturn, func() register.SaleReturn {
		rest := w.giveBack(op, register.Want{Line: 0, Quantity: register.One})
		rest.Payments = []register.Payment{cash(1000)} // the cash has gone back already
		return rest
	}())
	w.healthy()
}

func TestAReturnNamesASaleOfThisTill(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op, sale := w.sell(cart(w, piece("a", 1000, 1)))
	r := w.giveBack(op, register.Want{Line: 0, Quantity: register.One})
	w.do(register.KindCashIn, register.CashMove{Sum: 100000})
	other := r
	other.Sale = &register.Ref{ID: "of-another-till"}
	w.refused(localdb.ErrNoOperation, register.KindReturn, other)
	prepaid, _ := w.order(cart(w, piece("a", 1000, 1)), 500)
	other.Sale = &register.Ref{ID: prepaid.ID}
	w.refused(register.ErrBadOperation, register.KindReturn, other)
	dearer := r
	dearer.Lines = append([]register.ReturnLine(nil), r.Lines...)
	dearer.Lines[0].Sum, dearer.Lines[0].Price, dearer.Total = 2000, 2000, 2000
	dearer.Payments = []register.Payment{cash(2000)}
	w.refused(nil, register.KindReturn, dearer)
	twice := r
	twice.Lines = append(append([]register.ReturnLine(nil), r.Lines...), r.Lines...)
	twice.Total, twice.Payments = 2*sale.Total, []register.Payment{cash(2 * sale.Total)}
	w.refused(register.ErrReturned, register.KindReturn, twice)
}

func TestAReturnWithoutASale(t *testing.T) {
	w := newShop(t)
	w.openShift()
	w.do(register.KindCashIn, register.CashMove{Sum: 5000})
	r, err := register.NewFreeReturn(cart(w, piece("a", 1000, 2)), register.Cash, "без чека")
	w.ok(err)
	w.do(register.KindReturn, r)
	w.drawer(3000)
	prepaid, _ := w.order(cart(w, piece("a", 1000, 2)), 2000)
	ref := prepaid.Ref(1)
	r.Payments, r.Prepayment = []register.Payment{{Method: register.Prepaid, Amount: 2000}}, &ref
	w.refused(register.ErrRefund, register.KindReturn, r)
	r.Payments, r.Prepayment = []register.Payment{{Method: register.QR, Amount: 2000, QRID: "q"}}, nil
	w.refused(register.ErrRefund, register.KindReturn, r)
	w.healthy()
}

func TestGoodsThatComeBackAreInTheStockAgain(t *testing.T) {
	w := newShop(t)
	w.openShift()
	ten := 10 * register.One
	w.ok(w.store.SetStock(t.Context(), "a", &ten))
	op, _ := w.sell(cart(w, piece("a", 1000, 3), piece("b", 1000, 1)))
	w.order(cart(w, piece("a", 1000, 5)), 1000) // nothing leaves the shop yet
	w.do(register.KindReturn, w.giveBack(op, register.Want{Line: 0, Quantity: register.One}))
	if q, counted, err := w.store.Stock(t.Context(), "a"); err != nil || !counted || q != 8*register.One {
		t.Errorf("the stock is %s, %v, %v", q, counted, err)
	}
	if _, counted, err := w.store.Stock(t.Context(), "b"); err != nil || counted {
		t.Errorf("what was never counted is counted now: %v", err)
	}
}
