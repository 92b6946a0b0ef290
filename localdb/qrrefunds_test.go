package localdb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

// soldByQR has three pieces of 10.00 sold by the QR payment qr-1.
func soldByQR(t *testing.T) (*shop, register.Operation) {
	t.Helper()
	w := newShop(t)
	w.openShift()
	_, err := w.store.AddQRPayment(t.Context(), localdb.QRPayment{ID: "qr-1", State: "paid", Attempt: []byte(`{}`), Total: 3000, Shift: 1})
	w.ok(err)
	sale, err := register.NewSale(cart(w, piece("a", 1000, 3)), []register.Payment{{Method: register.QR, Amount: 3000, QRID: "qr-1"}})
	w.ok(err)
	op, err := w.store.Commit(t.Context(), localdb.Entry{ID: w.id(), Kind: register.KindSale, Shift: 1, Body: sale, QRPayment: "qr-1"})
	w.ok(err)
	return w, op
}

func (w *shop) refundOf(op register.Operation, id string, body register.SaleReturn) localdb.QRRefund {
	w.Helper()
	b, err := json.Marshal(body)
	w.ok(err)
	return localdb.QRRefund{ID: id, Payment: "qr-1", Try: id + "-1", State: "sending", Kind: register.KindReturn, Basis: op.ID, Amount: body.Total, Body: b}
}

var paidPayment = localdb.QRPayment{ID: "qr-1", State: "paid", Attempt: []byte(`{}`)}

func TestMoneyPaidByQRGoesBackByIt(t *testing.T) {
	w, op := soldByQR(t)
	ctx := t.Context()
	for i := range 3 { // a part at a time, all by the one payment
		body := w.giveBack(op, register.Want{Line: 0, Quantity: register.One})
		entry := localdb.Entry{ID: w.id(), Kind: register.KindReturn, Shift: 1, Body: body}
		if _, err := w.store.Commit(ctx, entry); !errors.Is(err, register.ErrRefund) {
			t.Fatalf("with no refund behind it: %v", err)
		}
		r := w.refundOf(op, fmt.Sprintf("r%d", i), body)
		w.ok(w.store.AddQRRefund(ctx, r, paidPayment))
		if err := w.store.AddQRRefund(ctx, w.refundOf(op, "other", body), paidPayment); !errors.Is(err, localdb.ErrRefundOpen) {
			t.Fatalf("a second one of the same sale: %v", err)
		}
		if _, err := w.store.Commit(ctx, entry); !errors.Is(err, localdb.ErrRefundOpen) {
			t.Fatalf("beside a refund that is under way: %v", err)
		}
		open, err := w.store.OpenQRRefunds(ctx)
		w.ok(err)
		if len(open) != 1 || open[0].Try != r.Try || open[0].Amount != 1000 || open[0].Created.IsZero() {
			t.Fatalf("open: %+v", open)
		}
		r.State = "done"
		w.ok(w.store.UpdateQRRefund(ctx, r, "partly_refunded", []byte(`{"a":1}`), "the bank gave it back"))
		entry.QRRefund = r.ID
		_, err = w.store.Commit(ctx, entry)
		w.ok(err)
		entry.ID = w.id()
		if _, err := w.store.Commit(ctx, entry); !errors.Is(err, register.ErrRefund) && !errors.Is(err, register.ErrReturned) {
			t.Fatalf("settled twice: %v", err)
		}
	}
	w.drawer(0)
	w.healthy()
	story, err := w.store.QRStory(ctx, "qr-1")
	w.ok(err)
	if len(story) != 7 || story[len(story)-1].Cause != "the bank gave it back" {
		t.Errorf("the story: %+v", story)
	}
}

func TestARefundThatWasGivenUp(t *testing.T) {
	w, op := soldByQR(t)
	ctx := t.Context()
	body := w.giveBack(op, register.Want{Line: 0, Quantity: register.One})
	r := w.refundOf(op, "r1", body)
	w.ok(w.store.AddQRRefund(ctx, r, paidPayment))
	w.ok(w.store.DropQRRefund(ctx, r.ID, "given up"))
	if err := w.store.DropQRRefund(ctx, r.ID, "given up"); !errors.Is(err, localdb.ErrNoRefund) {
		t.Errorf("twice: %v", err)
	}
	if _, err := w.store.Commit(ctx, localdb.Entry{ID: w.id(), Kind: register.KindReturn, Shift: 1, Body: body, QRRefund: r.ID}); !errors.Is(err, register.ErrRefund) {
		t.Errorf("settling it: %v", err)
	}
	w.ok(w.store.AddQRRefund(ctx, w.refundOf(op, "r2", body), paidPayment))
}

// The database was lost and the history came back from elsewhere: the payment is known from its sale alone.
func TestARefundOfAPaymentThatTheDatabaseDoesNotKnow(t *testing.T) {
	w, op := soldByQR(t)
	ctx := t.Context()
	body := w.giveBack(op, register.Want{Line: 0, Quantity: register.One})
	r := w.refundOf(op, "r1", body)
	r.Payment = "elsewhere"
	w.ok(w.store.AddQRRefund(ctx, r, localdb.QRPayment{ID: "elsewhere", State: "paid", Attempt: []byte(`{}`)}))
	p, err := w.store.QRPaymentByID(ctx, "elsewhere")
	w.ok(err)
	if p.Position == 0 || !p.Sold {
		t.Errorf("the payment is %+v", p)
	}
}

// A receipt whose code was put away is sold otherwise: money that still comes for that code is too much.
func TestAReceiptIsSoldOnceWhateverItsCodes(t *testing.T) {
	w := newShop(t)
	ctx := t.Context()
	w.openShift()
	c := cart(w, piece("a", 1000, 3))
	draft := c.Draft()
	payment := func(id string) localdb.QRPayment {
		return localdb.QRPayment{ID: id, State: "waiting", Attempt: []byte(`{}`), Cart: draft, Total: 3000, Shift: 1}
	}
	sale := func(p register.Payment) register.Sale {
		s, err := register.NewSale(c, []register.Payment{p})
		w.ok(err)
		return s
	}
	first, err := w.store.AddQRPayment(ctx, payment("q1"))
	w.ok(err)
	w.ok(w.store.RenewQRPayment(ctx, "q1", payment("q2")))
	w.ok(w.store.PutAwayQRPayment(ctx, "q2", &draft))
	// On hold and back it is the same receipt.
	w.ok(w.store.Hold(ctx, localdb.Held{ID: "h", Cart: draft}))
	if r, err := w.store.DraftReceipt(ctx); err != nil || r != "" {
		t.Errorf("an empty receipt is %q, %v", r, err)
	}
	_, err = w.store.Unhold(ctx, "h")
	w.ok(err)
	w.ok(w.store.SaveDraft(ctx, draft))
	if r, err := w.store.DraftReceipt(ctx); err != nil || r != first || r != "q1" {
		t.Errorf("the receipt is %q, %v", r, err)
	}
	_, err = w.store.Commit(ctx, localdb.Entry{ID: w.id(), Kind: register.KindSale, Shift: 1, Draft: &register.Draft{},
		Body: sale(register.Payment{Method: register.Cash, Amount: 3000, Given: 3000})})
	w.ok(err)
	for _, id := range []string{"q1", "q2"} {
		if p, err := w.store.QRPaymentByID(ctx, id); err != nil || !p.Sold || p.Position != 0 || p.PutAway.IsZero() {
			t.Errorf("%s: %+v, %v", id, p, err)
		}
		_, err = w.store.Commit(ctx, localdb.Entry{ID: w.id(), Kind: register.KindSale, Shift: 1, QRPayment: id,
			Body: sale(register.Payment{Method: register.QR, Amount: 3000, QRID: id})})
		if !errors.Is(err, localdb.ErrSold) {
			t.Errorf("sold again by %s: %v", id, err)
		}
	}
	// The next receipt is another one.
	if next, err := w.store.AddQRPayment(ctx, payment("q3")); err != nil || next != "q3" {
		t.Errorf("the next receipt is %q, %v", next, err)
	}
	w.healthy()
}

func TestPaymentsThatWerePutAwayAreWatched(t *testing.T) {
	w := newShop(t)
	ctx := t.Context()
	add := func(id, state string) {
		_, err := w.store.AddQRPayment(ctx, localdb.QRPayment{ID: id, State: state, Attempt: []byte(`{}`), Total: 3000, Shift: 1})
		w.ok(err)
		w.ok(w.store.PutAwayQRPayment(ctx, id, nil))
	}
	watched := func() (ids string) {
		all, err := w.store.AwayQRPayments(ctx, 0, []string{"expired"})
		w.ok(err)
		for _, p := range all {
			ids += p.ID + " "
		}
		return ids
	}
	add("q1", "create_unknown")
	add("q2", "expired")
	if got := watched(); got != "q1 q2 " {
		t.Errorf("watched: %s", got)
	}
	w.ok(w.store.LookedAtQRPayment(ctx, "q2", "expired", nil, "", false))
	w.ok(w.store.LookedAtQRPayment(ctx, "q1", "paid", []byte(`{}`), "the bank", true))
	if got := watched(); got != "q1 " {
		t.Errorf("watched when it was over: %s", got)
	}
	if p, err := w.store.QRPaymentByID(ctx, "q1"); err != nil || p.Late.IsZero() || p.State != "paid" {
		t.Errorf("late: %+v, %v", p, err)
	}
	w.ok(w.store.LookedAtQRPayment(ctx, "q1", "refunded", []byte(`{}`), "the bank", false))
	if got := watched(); got != "" {
		t.Errorf("watched when it went back: %s", got)
	}
}
