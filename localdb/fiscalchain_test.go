package localdb_test

import (
	"slices"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

// The document of a prepayment's return depends on all that moved the prepayment's money before: the sale of the order
// and what came back of it too, though that goes back to the sale.
func TestTheRegistrarsDocumentKnowsWhatCameBefore(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op, _ := w.order(cart(w, piece("a", 10000, 3)), 12000, cash(12000))
	w.sell(cart(w, piece("b", 10000, 1)), cash(10000))
	early, err := w.repay(op, 2000)
	w.ok(err)
	w.do(register.KindPrepaymentReturn, early)
	sale := w.do(register.KindSale, w.handOver(op))
	w.do(register.KindReturn, w.giveBack(sale, register.Want{Line: 0, Quantity: 3 * register.One}))
	back, err := w.repay(op, 5000)
	w.ok(err)
	var got []register.Kind
	_, err = w.store.Commit(w.Context(), localdb.Entry{ID: w.id(), Kind: register.KindPrepaymentReturn, Shift: w.shift, Cashier: "Анна", Body: back,
		Fiscal: func(_ register.Operation, before func(string) ([]register.Operation, error)) ([]localdb.FiscalEntry, error) {
			all, err := before(op.ID)
			for _, o := range all {
				got = append(got, o.Kind)
			}
			return nil, err
		}})
	w.ok(err)
	want := []register.Kind{register.KindPrepayment, register.KindPrepaymentReturn, register.KindSale, register.KindReturn}
	if !slices.Equal(got, want) {
		t.Errorf("before it stand %v, want %v", got, want)
	}
}
