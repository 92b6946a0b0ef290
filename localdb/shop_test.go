package localdb_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kassa/localdb"
	"kassa/register"
)

// tb is what the tests and the property tests have in common.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// shop is a till that sells.
type shop struct {
	tb
	*testing.T // the test that it belongs to, for its context and its folders
	store      *localdb.Store
	dir        string
	clock      time.Time
	shift      int64
	last       int // of the ids given out
}

// newShop opens a till in a folder of the test's own.
func newShop(t *testing.T) *shop {
	t.Helper()
	w := &shop{tb: t, T: t, dir: t.TempDir(), clock: time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)}
	w.reopen()
	t.Cleanup(func() { w.store.Close() })
	return w
}

func (w *shop) Helper() { w.tb.Helper() }

// Errorf and Fatalf go to the property test where there is one.
func (w *shop) Errorf(format string, args ...any) { w.tb.Helper(); w.tb.Errorf(format, args...) }
func (w *shop) Fatalf(format string, args ...any) { w.tb.Helper(); w.tb.Fatalf(format, args...) }

// reopen closes the database and opens it again: what is read then comes from the disk.
func (w *shop) reopen() {
	w.Helper()
	if w.store != nil {
		w.ok(w.store.Close())
	}
	s, err := localdb.Open(w.Context(), localdb.Options{Dir: w.dir, Now: func() time.Time { w.clock = w.clock.Add(time.Second); return w.clock }})
	w.ok(err)
	w.store = s
}

func (w *shop) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%v", err)
	}
}

func (w *shop) id() string { w.last++; return fmt.Sprintf("op-%04d", w.last) }

// try commits a body of a kind.
func (w *shop) try(kind register.Kind, body any) (register.Operation, error) {
	return w.store.Commit(w.Context(), localdb.Entry{ID: w.id(), Kind: kind, Shift: w.shift, Cashier: "Анна", Body: body})
}

// do is try that must succeed.
func (w *shop) do(kind register.Kind, body any) register.Operation {
	w.Helper()
	op, err := w.try(kind, body)
	w.ok(err)
	return op
}

// refused tries to commit what must be refused, and holds that nothing was written.
func (w *shop) refused(want error, kind register.Kind, body any) {
	w.Helper()
	before := w.everything()
	if _, err := w.try(kind, body); err == nil || want != nil && !errors.Is(err, want) {
		w.Errorf("%s: got %v, want %v", kind, err, want)
	}
	if after := w.everything(); after != before {
		w.Errorf("a refused %s changed the database: %s", kind, difference(before, after))
	}
}

func (w *shop) openShift() register.Operation {
	w.Helper()
	float, err := w.store.Drawer(w.Context())
	w.ok(err)
	w.shift++
	return w.do(register.KindShiftOpened, register.ShiftOpened{Float: float})
}

func (w *shop) closeShift(counted *register.Money) register.ShiftClosed {
	w.Helper()
	var b register.ShiftClosed
	w.ok(w.do(register.KindShiftClosed, register.ShiftClosed{Counted: counted}).Decode(&b))
	return b
}

// goods is a line for a cart: so much of a product at a price.
type goods struct {
	id    string
	price register.Money
	q     register.Quantity
	unit  register.Unit
}

func piece(id string, price register.Money, n int) goods {
	return goods{id, price, register.Quantity(n) * register.One, register.Piece}
}

func cart(w tb, list ...goods) *register.Cart {
	w.Helper()
	var c register.Cart
	for _, g := range list {
		p := register.Product{ID: g.id, Name: "Товар " + g.id, Unit: g.unit, Price: g.price, VAT: register.VAT22}
		if _, err := c.Add(p, g.q); err != nil {
			w.Fatalf("%v", err)
		}
	}
	return &c
}

func cash(m register.Money) register.Payment {
	return register.Payment{Method: register.Cash, Amount: m, Given: m}
}
func card(m register.Money) register.Payment {
	return register.Payment{Method: register.Card, Amount: m, Slip: "0001"}
}

// sell sells a cart, for cash unless payments say otherwise, and returns the operation and its body as it was stored.
func (w *shop) sell(c *register.Cart, payments ...register.Payment) (register.Operation, register.Sale) {
	w.Helper()
	if payments == nil {
		payments = []register.Payment{cash(c.Due())}
	}
	body, err := register.NewSale(c, payments)
	w.ok(err)
	op := w.do(register.KindSale, body)
	sale, err := op.Sale()
	w.ok(err)
	return op, sale
}

// giveBack makes the return of so much of a sale's line, after what came back of it before.
func (w *shop) giveBack(op register.Operation, wants ...register.Want) register.SaleReturn {
	w.Helper()
	_, earlier, err := w.store.SaleReturns(w.Context(), op.ID)
	w.ok(err)
	sale, err := op.Sale()
	w.ok(err)
	r, err := register.NewReturn(sale, op.Ref(sale.Receipt), earlier, wants, register.Cash, "не подошло")
	w.ok(err)
	return r
}

// order takes a prepayment of an amount.
func (w *shop) order(c *register.Cart, amount register.Money, payments ...register.Payment) (register.Operation, register.Prepayment) {
	w.Helper()
	if payments == nil {
		payments = []register.Payment{cash(amount)}
	}
	body, err := register.NewPrepayment(c, amount, payments)
	w.ok(err)
	op := w.do(register.KindPrepayment, body)
	p, err := op.Prepayment()
	w.ok(err)
	return op, p
}

// handOver makes the sale of a prepaid order.
func (w *shop) handOver(op register.Operation) register.Sale {
	w.Helper()
	p, err := op.Prepayment()
	w.ok(err)
	state, err := w.store.PrepaymentState(w.Context(), op.ID)
	w.ok(err)
	c, err := register.OrderCart(p, op.Ref(p.Receipt), state.Left())
	w.ok(err)
	var rest []register.Payment
	if due := c.Due(); due > 0 {
		rest = append(rest, cash(due))
	}
	sale, err := register.NewSale(&c, rest)
	w.ok(err)
	return sale
}

// repay makes the return of an amount of a prepayment.
func (w *shop) repay(op register.Operation, amount register.Money) (register.PrepaymentReturn, error) {
	w.Helper()
	p, err := op.Prepayment()
	w.ok(err)
	_, earlier, err := w.store.PrepaymentReturns(w.Context(), op.ID)
	w.ok(err)
	return register.NewPrepaymentReturn(p, op.Ref(p.Receipt), w.state(op).Left(), earlier, amount, register.Cash, "")
}

func (w *shop) state(op register.Operation) register.PrepaymentState {
	w.Helper()
	st, err := w.store.PrepaymentState(w.Context(), op.ID)
	w.ok(err)
	return st
}

func (w *shop) drawer(want register.Money) {
	w.Helper()
	if got, err := w.store.Drawer(w.Context()); err != nil || got != want {
		w.Errorf("the drawer holds %s, %v; want %s", got, err, want)
	}
}

// healthy holds that the database is whole.
func (w *shop) healthy() {
	w.Helper()
	r, err := w.store.Verify(w.Context())
	w.ok(err)
	if len(r.Faults) > 0 {
		w.Errorf("faults: %q", r.Faults)
	}
}

// everything is all that is kept of the journal and its projections, as text.
func (w *shop) everything() string {
	w.Helper()
	text, err := dump(w.dir)
	w.ok(err)
	return text
}
