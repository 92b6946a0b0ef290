package register_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

// ledger is a shift counted once more from the stored bodies' JSON, with plain numbers and none of the package's types.
type ledger struct {
	sums                            map[string]map[string]int64 // by kind; by payment method, and "sum" and "count"
	off, removed, receipts, in, out int64                       // in and out are of the drawer
}

func (g *ledger) add(t *rapid.T, o register.Operation) {
	var b struct {
		Total, Amount, Sum, Off int64
		Payments                []struct {
			Method string
			Amount int64
		}
	}
	if err := json.Unmarshal(o.Body, &b); err != nil {
		t.Fatal(err)
	}
	kind := string(o.Kind)
	if g.sums[kind] == nil {
		g.sums[kind] = map[string]int64{}
	}
	of := g.sums[kind]
	of["count"]++
	switch kind {
	case "sale", "sale_return":
		of["sum"] += b.Total
		g.off += b.Off
		g.receipts++
	case "prepayment", "prepayment_return":
		of["sum"] += b.Amount
		g.receipts++
	case "cash_in", "cash_out":
		of["sum"] += b.Sum
		of["cash"] += b.Sum
	case "line_removed", "receipt_cleared":
		g.removed++
		return
	default:
		return
	}
	for _, p := range b.Payments {
		of[p.Method] += p.Amount
	}
	switch kind {
	case "sale", "prepayment", "cash_in":
		g.in += of["cash"]
	default:
		g.out += of["cash"]
	}
}

func (g *ledger) counter(kind register.Kind) register.Counter {
	of := g.sums[string(kind)]
	return register.Counter{Count: of["count"], Sum: register.Money(of["sum"]), Cash: register.Money(of["cash"]), Card: register.Money(of["card"]),
		QR: register.Money(of["qr"]), Prepaid: register.Money(of["prepaid"])}
}

func (g *ledger) totals(start register.Money) register.Totals {
	t := register.Totals{
		Sales: g.counter(register.KindSale), Returns: g.counter(register.KindReturn),
		Prepayments: g.counter(register.KindPrepayment), PrepaymentReturns: g.counter(register.KindPrepaymentReturn),
		CashIn: g.counter(register.KindCashIn), CashOut: g.counter(register.KindCashOut),
		Off: register.Money(g.off), Removed: g.removed, Receipts: g.receipts, CashStart: start,
	}
	t.CashEnd = start + t.Sales.Cash - t.Returns.Cash + t.Prepayments.Cash - t.PrepaymentReturns.Cash + t.CashIn.Sum - t.CashOut.Sum
	return t
}

// day draws the legal history of a shift.
type day struct {
	ops    []register.Operation
	sold   []register.Sale
	back   [][]register.SaleReturn
	orders []*order
}

func (d *day) note(t *rapid.T, kind register.Kind, body any) {
	d.ops = append(d.ops, operation(t, kind, body))
}

func (d *day) step(t *rapid.T) {
	switch pick(t, "operation", 10) {
	case 0, 1:
		s := drawSale(t)
		d.note(t, register.KindSale, s)
		d.sold, d.back = append(d.sold, s), append(d.back, nil)
	case 2:
		d.returnGoods(t)
	case 3:
		r, err := register.NewFreeReturn(drawCart(t), oneOf(t, "method", register.Cash, register.Card), "")
		if err != nil {
			t.Fatal(err)
		}
		d.note(t, register.KindReturn, r)
	case 4:
		o := drawOrder(t)
		d.note(t, register.KindPrepayment, o.p)
		d.orders = append(d.orders, o)
	case 5, 6:
		d.moveOrder(t)
	case 7:
		d.note(t, oneOf(t, "cash", register.KindCashIn, register.KindCashOut), register.CashMove{Sum: draw[register.Money](t, "sum", 1, 1e6), Reason: "размен"})
	case 8:
		c := drawCart(t)
		if rapid.Bool().Draw(t, "all of it") {
			d.note(t, register.KindReceiptCleared, register.ReceiptCleared{Lines: c.Lines(), Total: c.Total()})
		} else {
			d.note(t, register.KindLineRemoved, register.LineRemoved{Line: c.Lines()[0]})
		}
	default:
		d.note(t, oneOf(t, "kind", register.KindDrawerOpened, "unheard_of"), register.DrawerOpened{Reason: "размен"})
	}
}

func (d *day) returnGoods(t *rapid.T) {
	if len(d.sold) == 0 {
		return
	}
	i := pick(t, "sale", len(d.sold))
	wants := drawWants(t, d.sold[i].Left(d.back[i]), false)
	if len(wants) == 0 {
		return
	}
	r, err := register.NewReturn(d.sold[i], ref("s"), d.back[i], wants, register.Cash, "")
	if err != nil {
		t.Fatal(err)
	}
	d.back[i] = append(d.back[i], r)
	d.note(t, register.KindReturn, r)
}

func (d *day) moveOrder(t *rapid.T) {
	if len(d.orders) == 0 {
		return
	}
	o := d.orders[pick(t, "order", len(d.orders))]
	switch left := o.state.Left(); {
	case o.state.Open() && rapid.Bool().Draw(t, "hand over"):
		o.handOver(t)
		d.note(t, register.KindSale, *o.sale)
	case left > 0:
		o.giveBack(t, draw(t, "back", 1, left))
		d.note(t, register.KindPrepaymentReturn, o.back[len(o.back)-1])
	case o.sale != nil:
		before := len(o.returns)
		if o.takeGoodsBack(t, false); len(o.returns) > before {
			d.note(t, register.KindReturn, o.returns[before])
		}
	}
}

func TestTotalsAreTheSumOfTheirOperations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := draw[register.Money](t, "float", 0, 1e6)
		var d day
		for range pick(t, "operations", 40) {
			d.step(t)
		}
		got := register.Totals{Removed: 5, CashEnd: 77}
		if err := got.Apply(operation(t, register.KindShiftOpened, register.ShiftOpened{Float: start})); err != nil {
			t.Fatal(err)
		}
		book := ledger{sums: map[string]map[string]int64{}}
		drawer := start
		for _, o := range d.ops {
			if err := got.Apply(o); err != nil {
				t.Fatal(err)
			}
			moved, err := o.Drawer()
			if err != nil || moved != 0 && !o.Kind.Money() {
				t.Fatalf("%s moves the drawer by %s, %v", o.Kind, moved, err)
			}
			drawer += moved
			book.add(t, o)
			if want := book.totals(start); got != want {
				t.Fatalf("after %s %s: got %+v, want %+v", o.Kind, o.Body, got, want)
			}
			if err := got.Balance(); err != nil || got.CashEnd != drawer {
				t.Fatalf("%v; the drawer holds %s, the totals say %s", err, drawer, got.CashEnd)
			}
		}
		if got != stored(t, got) {
			t.Fatalf("stored as %+v, was %+v", stored(t, got), got)
		}
		closing(t, got, drawer)
	})
}

// closing counts the drawer and opens the next shift with what was counted.
func closing(t *rapid.T, totals register.Totals, drawer register.Money) {
	body := register.ShiftClosed{Totals: totals}
	if rapid.Bool().Draw(t, "counted") {
		counted := max(drawer+draw[register.Money](t, "found", -5000, 5000), 0)
		body.Counted = &counted
		if body.Difference() != counted-drawer {
			t.Fatalf("counted %s of %s: %s", counted, drawer, body.Difference())
		}
		drawer = counted
	} else if body.Difference() != 0 {
		t.Fatalf("nobody counted: %s", body.Difference())
	}
	o := operation(t, register.KindShiftClosed, body)
	moved, err := o.Drawer()
	if err != nil || totals.CashEnd+moved != drawer {
		t.Fatalf("%s after %s, %v; the drawer holds %s", moved, totals.CashEnd, err, drawer)
	}
	before := totals
	if err := totals.Apply(o); err != nil || totals != before {
		t.Fatalf("closed: %+v, %v", totals, err)
	}
}

func TestTotalsThatDoNotBalance(t *testing.T) {
	full := register.Totals{CashStart: 100, CashEnd: 100 + 1 - 5 + 9 - 13 + 20 - 30, Receipts: 9, Off: 5,
		Sales: register.Counter{Count: 1, Sum: 10, Cash: 1, Card: 2, QR: 3, Prepaid: 4}, Returns: register.Counter{Count: 1, Sum: 26, Cash: 5, Card: 6, QR: 7, Prepaid: 8},
		Prepayments: register.Counter{Count: 1, Sum: 30, Cash: 9, Card: 10, QR: 11}, PrepaymentReturns: register.Counter{Count: 1, Sum: 42, Cash: 13, Card: 14, QR: 15},
		CashIn: register.Counter{Count: 1, Sum: 20, Cash: 20}, CashOut: register.Counter{Count: 1, Sum: 30, Cash: 30}}
	if err := full.Balance(); err != nil {
		t.Fatal(err)
	}
	for m, want := range map[register.Method]register.Money{register.Cash: 1 - 5 + 9 - 13, register.Card: 2 - 6 + 10 - 14, register.QR: 3 - 7 + 11 - 15, register.Prepaid: 0} {
		if got := full.Taken(m); got != want {
			t.Errorf("%s taken by %s, want %s", got, m, want)
		}
	}
	bad := full
	counters := []*register.Counter{&bad.Sales, &bad.Returns, &bad.Prepayments, &bad.PrepaymentReturns, &bad.CashIn, &bad.CashOut}
	sums := []*register.Money{&bad.CashStart, &bad.CashEnd}
	for _, c := range counters {
		sums = append(sums, &c.Sum, &c.Cash, &c.Card, &c.QR, &c.Prepaid)
	}
	for i, m := range sums {
		*m++
		if err := bad.Balance(); !errors.Is(err, register.ErrBadOperation) {
			t.Errorf("sum %d is a kopeck more: %v", i, err)
		}
		*m--
	}
}

func TestKinds(t *testing.T) {
	seen := map[register.Kind]bool{}
	for _, k := range register.Kinds() {
		if seen[k] {
			t.Errorf("%s twice", k)
		}
		seen[k] = true
	}
	money := []register.Kind{register.KindSale, register.KindReturn, register.KindPrepayment, register.KindPrepaymentReturn, register.KindCashIn, register.KindCashOut}
	for _, k := range money {
		if !k.Money() || !seen[k] {
			t.Errorf("%s moves money: %t, is listed: %t", k, k.Money(), seen[k])
		}
		delete(seen, k)
	}
	for k := range seen {
		if k.Money() {
			t.Errorf("%s moves money", k)
		}
	}
	if len(seen) != 6 {
		t.Errorf("kinds that move no money: %v", seen)
	}
}

// What is stored is believed only as far as it can be added up: absurd sums are an error, and count nothing.
func TestAbsurdSumsAreNotCounted(t *testing.T) {
	const most, least = math.MaxInt64, math.MinInt64
	beyond := int64(register.MaxMoney) + 1
	for name, o := range map[string]struct {
		kind register.Kind
		body string
	}{
		"a huge sale":                  {register.KindSale, fmt.Sprintf(`{"total":%d,"payments":[{"method":"cash","amount":%d}]}`, most, most)},
		"a sale beyond a receipt":      {register.KindSale, fmt.Sprintf(`{"total":%d}`, beyond)},
		"a sale below nothing":         {register.KindSale, fmt.Sprintf(`{"total":%d}`, least)},
		"a huge discount":              {register.KindSale, fmt.Sprintf(`{"total":1,"off":%d}`, beyond)},
		"a payment below nothing":      {register.KindSale, `{"total":1,"payments":[{"method":"cash","amount":2},{"method":"card","amount":-1}]}`},
		"payments beyond a receipt":    {register.KindSale, `{"total":1,"payments":[` + strings.TrimSuffix(strings.Repeat(fmt.Sprintf(`{"method":"cash","amount":%d},`, register.MaxMoney), 100), ",") + `]}`},
		"a huge return":                {register.KindReturn, fmt.Sprintf(`{"total":%d}`, most)},
		"a huge prepayment":            {register.KindPrepayment, fmt.Sprintf(`{"amount":%d}`, most)},
		"a huge prepayment's return":   {register.KindPrepaymentReturn, fmt.Sprintf(`{"amount":1,"payments":[{"method":"cash","amount":%d}]}`, least)},
		"huge cash in":                 {register.KindCashIn, fmt.Sprintf(`{"sum":%d}`, most)},
		"cash out below nothing":       {register.KindCashOut, `{"sum":-5}`},
		"a shift opened with too much": {register.KindShiftOpened, fmt.Sprintf(`{"float":%d}`, most)},
		"a sale that is a list":        {register.KindSale, `[]`},
		"a sale of a broken number":    {register.KindSale, `{"total":1e30}`},
		"no body":                      {register.KindReturn, ``},
	} {
		t.Run(name, func(t *testing.T) {
			before := register.Totals{CashStart: 5, CashEnd: 5}
			after := before
			op := register.Operation{Kind: o.kind, Body: json.RawMessage(o.body)}
			if err := after.Apply(op); !errors.Is(err, register.ErrBadOperation) || after != before {
				t.Errorf("counted as %+v, %v", after, err)
			}
			if o.kind == register.KindShiftOpened {
				return
			}
			if moved, err := op.Drawer(); !errors.Is(err, register.ErrBadOperation) || moved != 0 {
				t.Errorf("moved the drawer by %s, %v", moved, err)
			}
		})
	}
	for _, body := range []string{`{"counted":9223372036854775807,"totals":{"cash_end":-9223372036854775808}}`, `{"counted":-1}`, `{"counted":9223372036854775807}`, `{"counted":0,"totals":{"cash_end":9223372036854775807}}`} {
		o := register.Operation{Kind: register.KindShiftClosed, Body: json.RawMessage(body)}
		if moved, err := o.Drawer(); !errors.Is(err, register.ErrBadOperation) || moved != 0 {
			t.Errorf("%s moved the drawer by %s, %v", body, moved, err)
		}
	}
}

func TestCashMoves(t *testing.T) {
	for _, c := range []struct {
		name string
		move register.CashMove
		want error
	}{
		{"some", register.CashMove{Sum: 1, Reason: "размен"}, nil},
		{"the most", register.CashMove{Sum: register.MaxMoney}, nil},
		{"nothing", register.CashMove{}, register.ErrPayment},
		{"less than nothing", register.CashMove{Sum: -1}, register.ErrPayment},
		{"too much", register.CashMove{Sum: register.MaxMoney + 1}, register.ErrTooMuch},
		{"a long reason", register.CashMove{Sum: 1, Reason: strings.Repeat("я", register.MaxComment+1)}, register.ErrText},
		{"a reason that cannot be printed", register.CashMove{Sum: 1, Reason: "\x00"}, register.ErrText},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.move.Check(); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
