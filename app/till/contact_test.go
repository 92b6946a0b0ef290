package till_test

import (
	"testing"

	"kassa/app/till"
	"kassa/register"
)

// The receipt of a return goes where that of the sale went.
func TestAReturnIsSentWhereTheSaleWas(t *testing.T) {
	w := newWorld(t).working()
	ctx := t.Context()
	w.scan(milk)
	w.must(w.SetContact(ctx, "8 916 000-00-01", true))
	if v := w.View(); v.Contact != "+79160000001" || !v.NoPaper {
		t.Fatalf("the receipt goes to %q, no paper %t", v.Contact, v.NoPaper)
	}
	sold, err := w.PayCash(ctx, w.View().Due)
	w.must(err)
	sale, err := w.newest().Sale()
	w.must(err)
	if sale.Contact != "+79160000001" || !sale.NoPaper || w.View().Contact != "" {
		t.Errorf("the sale is sent to %q, the next one to %q", sale.Contact, w.View().Contact)
	}
	_, err = w.Return(ctx, till.ReturnOrder{Sale: sold.ID, Wants: []register.Want{{Quantity: register.One}}})
	w.must(err)
	back, err := w.newest().Return()
	w.must(err)
	if back.Contact != "+79160000001" || back.NoPaper {
		t.Errorf("the return is sent to %q, no paper %t", back.Contact, back.NoPaper)
	}
}
