package localdb_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/localdb"
	"kassa/register"
)

// fits tells from the record alone whether an operation is what a filter wants.
func fits(t tb, o localdb.Stored, f localdb.Filter) bool {
	t.Helper()
	var total register.Money
	var receipt int64
	var customer, basis string
	var methods []register.Method
	var products []string
	take := func(m register.Money, r int64, c *register.Customer, b *register.Ref, lines []register.Line, payments []register.Payment) {
		total, receipt = m, r
		if c != nil {
			customer = c.ID
		}
		if b != nil {
			basis = b.ID
		}
		for _, l := range lines {
			products = append(products, l.Product)
		}
		for _, p := range payments {
			methods = append(methods, p.Method)
		}
	}
	var err error
	switch o.Kind {
	case register.KindSale:
		var b register.Sale
		b, err = o.Sale()
		take(b.Total, b.Receipt, b.Customer, b.Prepayment, b.Lines, b.Payments)
	case register.KindReturn:
		var b register.SaleReturn
		b, err = o.Return()
		var lines []register.Line
		for _, l := range b.Lines {
			lines = append(lines, l.Line)
		}
		take(b.Total, b.Receipt, b.Customer, b.Sale, lines, b.Payments)
	case register.KindPrepayment:
		var b register.Prepayment
		b, err = o.Prepayment()
		take(b.Amount, b.Receipt, b.Customer, nil, b.Lines, b.Payments)
	case register.KindPrepaymentReturn:
		var b register.PrepaymentReturn
		b, err = o.PrepaymentReturn()
		take(b.Amount, b.Receipt, b.Customer, &b.Prepayment, nil, b.Payments)
	case register.KindFiscalDocument:
		var b register.FiscalDocument
		b, err = o.FiscalDocument()
		take(b.Total, 0, nil, &b.Of, nil, nil)
	case register.KindCashIn, register.KindCashOut:
		var b register.CashMove
		b, err = o.CashMove()
		total = b.Sum
	case register.KindShiftOpened:
		var b register.ShiftOpened
		err = o.Decode(&b)
		total = b.Float
	case register.KindShiftClosed:
		var b register.ShiftClosed
		err = o.Decode(&b)
		total = b.Totals.Sales.Sum
	case register.KindLineRemoved:
		var b register.LineRemoved
		err = o.Decode(&b)
		total = b.Line.Sum
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	among := func(list []string) bool {
		return slices.ContainsFunc(products, func(p string) bool { return slices.Contains(list, p) })
	}
	return (len(f.Kinds) == 0 && o.Kind != f.Except || slices.Contains(f.Kinds, o.Kind)) && (f.Method == "" || slices.Contains(methods, f.Method)) &&
		(f.From.IsZero() || !o.Operation.At.Before(f.From)) && (f.To.IsZero() || o.Operation.At.Before(f.To)) &&
		(f.Shift == 0 || o.Shift == f.Shift) && (f.Number == 0 || o.Number == f.Number || receipt == f.Number) &&
		(f.Sum == 0 || total == f.Sum) && (len(f.Products) == 0 || among(f.Products)) && (f.Customer == "" || customer == f.Customer) &&
		(len(f.Customers) == 0 || slices.Contains(f.Customers, customer)) && (f.Basis == "" || basis == f.Basis)
}

// drawFilter draws a filter, with values that are there and values that are not.
func (d *day) drawFilter(all []localdb.Stored) localdb.Filter {
	var f localdb.Filter
	some := func(name string) bool { return d.number(0, 3, name) == 0 }
	one := func() localdb.Stored { return rapid.SampledFrom(all).Draw(d.r, "like") }
	if some("by kind") {
		for range d.number(1, 3, "kinds") {
			f.Kinds = append(f.Kinds, rapid.SampledFrom(register.Kinds()).Draw(d.r, "kind"))
		}
	}
	if some("but a kind") {
		f.Except = rapid.SampledFrom(register.Kinds()).Draw(d.r, "except")
	}
	if some("by method") {
		f.Method = rapid.SampledFrom([]register.Method{register.Cash, register.Card, register.QR, register.Prepaid}).Draw(d.r, "method")
	}
	if some("from") {
		f.From = one().Operation.At.Add(time.Duration(d.number(-1, 1, "off")) * time.Second)
	}
	if some("to") {
		f.To = one().Operation.At.Add(time.Duration(d.number(-1, 1, "off")) * time.Second)
	}
	if some("by shift") {
		f.Shift = int64(d.number(1, int(d.shift)+1, "shift"))
	}
	if some("by number") {
		f.Number = int64(d.number(1, 8, "number"))
	}
	if some("by sum") {
		sale, err := one().Sale()
		if f.Sum = sale.Total; err != nil || f.Sum == 0 {
			f.Sum = register.Money(d.number(1, 10000, "sum"))
		}
	}
	if some("by goods") {
		for range d.number(1, 4, "products") {
			f.Products = append(f.Products, rapid.SampledFrom([]string{"a", "b", "c", "aw", "bw", "none"}).Draw(d.r, "product"))
		}
	}
	if some("by customer") {
		f.Customer = fmt.Sprint("c", d.number(1, 4, "customer"))
	}
	if some("by customers") {
		f.Customers = []string{"c1", fmt.Sprint("c", d.number(1, 4, "other customer"))}
	}
	if some("by basis") && len(d.sales) > 0 {
		f.Basis = rapid.SampledFrom(d.sales).Draw(d.r, "basis").ID
	}
	return f
}

func TestFindGivesWhatFits(t *testing.T) {
	drawn(t, 8)
	rapid.Check(t, func(r *rapid.T) {
		w := newShop(t)
		defer w.store.Close()
		w.tb = r
		d := &day{shop: w, r: r}
		d.openShift()
		for range d.number(5, 40, "steps") {
			if d.number(0, 9, "the clock") == 0 {
				d.clock = d.clock.Add(time.Duration(d.number(-60, 60, "seconds")) * time.Second)
			}
			d.step()
		}
		all, err := w.store.History(d.Context(), 0, 1000)
		d.ok(err)
		for range 40 {
			f := d.drawFilter(all)
			limit := d.number(1, 5, "page")
			var want, got []int64
			for _, o := range all {
				if fits(d, o, f) {
					want = append(want, o.Position)
				}
			}
			for before := int64(0); ; {
				page, err := w.store.Find(d.Context(), f, before, limit)
				d.ok(err)
				if len(page) == 0 {
					break
				}
				for _, o := range page {
					got, before = append(got, o.Position), o.Position
				}
			}
			if !slices.Equal(got, want) {
				d.Fatalf("%+v found %v, want %v", f, got, want)
			}
		}
	})
}

func TestDaysOfALongShift(t *testing.T) {
	w := newShop(t)
	w.openShift()
	var times []time.Time
	for i := range 600 { // more than two spans, with the clock set back in the second
		if i == 300 {
			w.clock = w.clock.Add(-10 * time.Minute)
		}
		op := w.do(register.KindDrawerOpened, register.DrawerOpened{})
		times = append(times, op.At)
	}
	for name, c := range map[string]struct{ from, to int }{"in the first span": {10, 20}, "across spans": {200, 280}, "where the clock was set back": {310, 320}, "at the end": {590, 599}} {
		f := localdb.Filter{From: times[c.from], To: times[c.to]}
		want := 0
		for _, at := range times {
			if !at.Before(f.From) && at.Before(f.To) {
				want++
			}
		}
		found, err := w.store.Find(t.Context(), f, 0, 1000)
		if err != nil || len(found) != want || want == 0 {
			t.Errorf("%s: found %d, %v; want %d", name, len(found), err, want)
		}
	}
	w.healthy()
	before := w.everything()
	w.ok(w.store.Rebuild(t.Context()))
	if w.everything() != before {
		t.Error("computed anew, it is not the same")
	}
}
