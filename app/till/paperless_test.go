package till_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/register"
)

// A buyer who wants the receipt by telephone gets no slip either; the cash goes into the drawer all the same, and what a
// buyer signs is on paper.
func TestABuyerWhoWantsNoPaper(t *testing.T) {
	w := newWorld(t).working()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	w.scan(milk)
	w.must(w.SetContact(ctx, "8 916 000-00-01", true))
	sold, err := w.PayCash(ctx, w.View().Due)
	w.must(err)
	w.must(w.paper.WaitKicks(ctx, 1))
	_, err = w.Return(ctx, till.ReturnOrder{Sale: sold.ID, Wants: []register.Want{{Quantity: register.One}}})
	w.must(err)
	if text := w.printed(1); !strings.Contains(text, "ВОЗВРАТ ТОВАРА") || !strings.Contains(text, "Подпись покупателя") {
		t.Errorf("printed:\n%s", text)
	}
}
