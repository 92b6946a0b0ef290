package till_test

import (
	"testing"

	"kassa/app/till"
	"kassa/register"
)

// What a customer bought is found by the customer, and a prepayment has its place in the history, to be printed again.
func TestPurchasesOfACustomer(t *testing.T) {
	w := newWorld(t).staffed().working()
	ctx := t.Context()
	who, err := w.SaveCustomer(ctx, register.Customer{Name: "Пётр", Phone: "+7 921 000-00-01"})
	w.must(err)
	w.scan(milk)
	_, err = w.PayCash(ctx, 100_00)
	w.must(err)
	w.scan(bread)
	w.must(w.SetCustomer(ctx, who.ID))
	sold, err := w.PayCash(ctx, 100_00)
	w.must(err)
	w.scan(milk)
	w.must(w.SetCustomer(ctx, who.ID))
	paid, err := w.Prepay(ctx, 50_00, till.Tender{Given: 50_00})
	w.must(err)

	found, err := w.Find(ctx, till.Search{Customer: who.ID, Kinds: []register.Kind{register.KindSale, register.KindPrepayment}}, 0, 10)
	w.must(err)
	if len(found) != 2 || found[0].ID != paid.ID || found[1].ID != sold.ID {
		t.Fatalf("bought %+v", found)
	}
	p, err := w.PrepaymentByID(ctx, paid.ID)
	w.must(err)
	if p.Position != found[0].Position || p.Receipt != paid.Receipt || p.Total != 50_00 || p.Method != register.Cash {
		t.Errorf("prepaid %+v", p.Operation)
	}
}
