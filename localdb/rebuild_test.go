package localdb_test

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"kassa/localdb"
	"kassa/register"
)

// day draws what happens in a shop: everything that a cashier can do, in any order, also what has to be refused.
type day struct {
	*shop
	r      *rapid.T
	sales  []register.Operation
	orders []register.Operation
}

func (d *day) number(least, most int, name string) int {
	return rapid.IntRange(least, most).Draw(d.r, name)
}

func (d *day) basket() *register.Cart {
	var list []goods
	for range d.number(1, 3, "lines") {
		id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(d.r, "product")
		price := register.Money(d.number(1, 5000, "price"))
		if rapid.Bool().Draw(d.r, "weighed") {
			list = append(list, goods{id + "w", price * 100, register.Quantity(d.number(1, 3000, "grams")), register.Kilogram})
		} else {
			list = append(list, piece(id, price, d.number(1, 4, "pieces")))
		}
	}
	c := cart(d.shop, list...)
	if rapid.Bool().Draw(d.r, "known") {
		d.ok(c.SetCustomer(&register.Customer{ID: fmt.Sprint("c", d.number(1, 3, "customer")), Name: "Анна"}))
	}
	return c
}

func (d *day) pay(sum register.Money) []register.Payment {
	switch d.number(0, 2, "method") {
	case 0:
		return []register.Payment{cash(sum)}
	case 1:
		return []register.Payment{card(sum)}
	}
	all, err := register.PayMixed(sum, register.Money(d.number(0, int(sum), "card")), "", sum)
	d.ok(err)
	return all
}

// may is do for what the drawer may be too empty for.
func (d *day) may(kind register.Kind, body any) {
	if _, err := d.try(kind, body); err != nil && !errors.Is(err, localdb.ErrDrawer) {
		d.Fatalf("%s: %v", kind, err)
	}
}

func (d *day) step() {
	switch d.number(0, 12, "what") {
	default:
		c := d.basket()
		if c.Total() == 0 {
			return
		}
		op, _ := d.sell(c, d.pay(c.Total())...)
		d.sales = append(d.sales, op)
	case 3, 4:
		d.takeBack()
	case 5:
		c := d.basket()
		if c.Total() == 0 {
			return
		}
		amount := register.Money(d.number(1, int(c.Total()), "amount"))
		op, _ := d.order(c, amount, d.pay(amount)...)
		d.orders = append(d.orders, op)
	case 6:
		d.fetch()
	case 7:
		d.refund()
	case 8:
		move := register.CashMove{Sum: register.Money(d.number(1, 10000, "cash"))}
		d.may(rapid.SampledFrom([]register.Kind{register.KindCashIn, register.KindCashOut}).Draw(d.r, "move"), move)
	case 9:
		d.do(register.KindLineRemoved, register.LineRemoved{Line: d.basket().Lines()[0]})
	case 10:
		if free, err := register.NewFreeReturn(d.basket(), register.Cash, ""); err == nil {
			d.may(register.KindReturn, free)
		}
	case 11:
		var counted *register.Money
		if rapid.Bool().Draw(d.r, "counted") {
			m := register.Money(d.number(0, 20000, "counted cash"))
			counted = &m
		}
		d.closeShift(counted)
		d.fiscalise()
		d.openShift()
	case 12:
		d.fiscalise()
	}
}

// fiscalise has the registrar answer about some sale.
func (d *day) fiscalise() {
	if len(d.sales) > 0 {
		op := rapid.SampledFrom(d.sales).Draw(d.r, "fiscalised")
		d.do(register.KindFiscalDocument, fiscalOf(op, int64(d.number(1, 1000, "number"))))
	}
}

func (d *day) takeBack() {
	if len(d.sales) == 0 {
		return
	}
	op := rapid.SampledFrom(d.sales).Draw(d.r, "sale")
	_, earlier, err := d.store.SaleReturns(d.Context(), op.ID)
	d.ok(err)
	sale, err := op.Sale()
	d.ok(err)
	var wants []register.Want
	for i, l := range sale.Left(earlier) {
		if q := register.Quantity(d.number(0, int(l.Quantity), "back")); q > 0 {
			if !l.Unit.Weighed() {
				q = max(q/register.One, 1) * register.One
			}
			wants = append(wants, register.Want{Line: i, Quantity: q})
		}
	}
	if len(wants) > 0 {
		r, err := register.NewReturn(sale, op.Ref(sale.Receipt), earlier, wants, register.Cash, "")
		if err != nil {
			return // a part that is worth nothing
		}
		d.may(register.KindReturn, r)
	}
}

func (d *day) fetch() {
	if len(d.orders) == 0 {
		return
	}
	op := rapid.SampledFrom(d.orders).Draw(d.r, "order")
	if d.state(op).Open() {
		d.sales = append(d.sales, d.do(register.KindSale, d.handOver(op)))
	}
}

func (d *day) refund() {
	if len(d.orders) == 0 {
		return
	}
	op := rapid.SampledFrom(d.orders).Draw(d.r, "order")
	left := d.state(op).Left()
	if left == 0 {
		return
	}
	r, err := d.repay(op, register.Money(d.number(1, int(left), "amount")))
	d.ok(err)
	d.may(register.KindPrepaymentReturn, r)
}

// drawn sets how many cases a property test draws where the command line does not: each of these writes to the disk.
func drawn(t *testing.T, checks int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	if was := f.Value.String(); was == f.DefValue {
		f.Value.Set(strconv.Itoa(checks))
		t.Cleanup(func() { f.Value.Set(was) })
	}
}

func TestWhatIsComputedAnewIsWhatWasThere(t *testing.T) {
	drawn(t, 8)
	rapid.Check(t, func(r *rapid.T) {
		w := newShop(t)
		defer w.store.Close()
		w.tb = r
		d := &day{shop: w, r: r}
		d.openShift()
		for range d.number(5, 40, "steps") {
			d.step()
		}
		d.healthy()
		before := d.everything()
		d.ok(d.store.Close())
		for _, text := range []string{
			`delete from operation_lines where position % 2 = 0; update operation_lines set sum = sum + 1, kind = 'x'`,
			`delete from operation_payments where position % 3 = 0; update operation_payments set method = 'card'`,
			`update operations set total = 7, customer = 'z', basis = null, receipt = receipt + 1, kind = 'x', at = 0`,
			`delete from prepayments; update shifts set totals = '{}', counted = 5; delete from operation_spans; update drawer set balance = 3`,
		} {
			tamper(t, d.dir, text)
		}
		d.store = nil
		d.reopen()
		d.ok(d.store.Rebuild(d.Context()))
		if after := d.everything(); after != before {
			d.Fatalf("rebuilt it differs: %s", difference(before, after))
		}
		d.healthy()
		d.do(register.KindCashIn, register.CashMove{Sum: 1}) // it goes on
		d.healthy()
	})
}

func TestARecordThatCannotBeReadLeavesEverything(t *testing.T) {
	w := newShop(t)
	w.openShift()
	w.sell(cart(w, piece("a", 1000, 1)))
	w.ok(w.store.Close())
	tamper(t, w.dir, `update operations set record = x'00' where number = 2`)
	w.store = nil
	w.reopen()
	before := w.everything()
	if err := w.store.Rebuild(t.Context()); !errors.Is(err, register.ErrBadOperation) {
		t.Errorf("got %v", err)
	}
	if w.everything() != before {
		t.Error("a part was computed anew")
	}
}

func TestAKindOfALaterReleaseIsKept(t *testing.T) {
	w := newShop(t)
	w.openShift()
	w.sell(cart(w, piece("a", 1000, 1)))
	later := `{"journal":"` + journal(t, w) + `","number":3,"id":"gift","kind":"gift","version":9,"at":"2026-03-09T09:00:09Z","shift":1,"cashier":"Анна","body":{"to":"Олег"}}`
	w.ok(w.store.Close())
	appendRecord(t, w.dir, later)
	w.store = nil
	w.reopen()
	w.healthy()
	w.ok(w.store.Rebuild(t.Context()))
	w.healthy()
	w.sell(cart(w, piece("a", 1000, 1)))
	w.healthy()
	w.drawer(2000)
}
