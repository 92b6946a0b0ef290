package localdb_test

import (
	"testing"

	"kassa/localdb"
	"kassa/register"
)

func TestAPrepaidOrderIsHandedOverOnce(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op, _ := w.order(cart(w, piece("a", 10000, 3)), 12000)
	sale := w.handOver(op)
	w.do(register.KindSale, sale)
	w.drawer(30000)
	if st := w.state(op); st.Used != 12000 || st.Left() != 0 || st.Open() {
		t.Errorf("after handing over: %+v", st)
	}
	w.refused(register.ErrPrepaid, register.KindSale, sale)
	if _, err := w.repay(op, 1); err == nil {
		t.Error("money of goods that were handed over was given back")
	}
	w.healthy()
}

func TestWhatIsSetOffIsWhatIsLeft(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op, _ := w.order(cart(w, piece("a", 10000, 3)), 12000)
	early := w.handOver(op)
	r, err := w.repay(op, 2000)
	w.ok(err)
	w.do(register.KindPrepaymentReturn, r)
	w.refused(register.ErrPrepaid, register.KindSale, early) // computed before a part went back
	none := early
	none.Prepayment = &register.Ref{ID: "nowhere"}
	w.refused(localdb.ErrNoOperation, register.KindSale, none)
	w.do(register.KindSale, w.handOver(op))
	w.drawer(30000)
	w.healthy()
}

func TestAPrepaymentIsGivenBack(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op, _ := w.order(cart(w, piece("a", 10000, 3)), 12000, card(10000), cash(2000))
	part, err := w.repay(op, 5000)
	w.ok(err)
	whole, err := w.repay(op, 12000)
	w.ok(err)
	w.do(register.KindPrepaymentReturn, part) // the cash first, then by card
	w.drawer(0)
	w.refused(register.ErrPrepaid, register.KindPrepaymentReturn, whole) // computed before
	wrong := part
	wrong.Amount, wrong.Payments = 1000, []register.Payment{cash(1000)}
	w.refused(register.ErrRefund, register.KindPrepaymentReturn, wrong)
	rest, err := w.repay(op, 7000)
	w.ok(err)
	w.do(register.KindPrepaymentReturn, rest)
	if st := w.state(op); st.Returned != 12000 || st.Open() {
		t.Errorf("after giving all back: %+v", st)
	}
	w.refused(register.ErrPrepaid, register.KindPrepaymentReturn, rest)
	other := rest
	other.Prepayment.ID = "nowhere"
	w.refused(localdb.ErrNoOperation, register.KindPrepaymentReturn, other)
	w.healthy()
}

func TestGoodsThatWereHandedOverComeBack(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op, _ := w.order(cart(w, piece("a", 10000, 3)), 12000)
	saleOp := w.do(register.KindSale, w.handOver(op)) // 12000 of the prepayment, 18000 in cash
	// The cash goes back first, and what the prepayment paid goes back to it.
	w.do(register.KindReturn, w.giveBack(saleOp, register.Want{Line: 0, Quantity: 2 * register.One}))
	w.drawer(12000)
	st := w.state(op)
	if st.Restored != 2000 || st.Left() != 2000 || st.Open() {
		t.Errorf("after the return: %+v", st)
	}
	repaid, err := w.repay(op, 2000)
	w.ok(err)
	w.do(register.KindPrepaymentReturn, repaid)
	w.do(register.KindReturn, w.giveBack(saleOp, register.Want{Line: 0, Quantity: register.One}))
	if st := w.state(op); st.Restored != 12000 || st.Left() != 10000 {
		t.Errorf("after all came back: %+v", st)
	}
	if all, err := w.store.OpenPrepayments(t.Context(), "", 0, 10); err != nil || len(all) != 1 || all[0].State.Left() != 10000 {
		t.Errorf("money is left, and the list has %+v, %v", all, err)
	}
	repaid, err = w.repay(op, 10000)
	w.ok(err)
	w.do(register.KindPrepaymentReturn, repaid)
	w.drawer(0)
	w.healthy()
}

func TestOpenPrepaymentsAreFound(t *testing.T) {
	w := newShop(t)
	w.openShift()
	for _, c := range []struct{ name, phone, comment string }{
		{"Пётр Сёмин", "+7 (912) 345-67-89", "торт на пятницу"}, {"Анна", "", "100%"}, {"", "", "пятница"}, {"Олег", "", ""},
	} {
		basket := cart(w, piece("a", 10000, 1))
		if c.name != "" {
			w.ok(basket.SetCustomer(&register.Customer{ID: c.name, Name: c.name, Phone: c.phone}))
		}
		w.ok(basket.SetComment(c.comment))
		w.order(basket, 4000)
	}
	last, err := w.store.History(t.Context(), 0, 1)
	w.ok(err)
	repaid, err := w.repay(last[0].Operation, 4000)
	w.ok(err)
	w.do(register.KindPrepaymentReturn, repaid) // Oleg's is none any more
	for text, want := range map[string]int{
		"": 3, "пятниц": 2, "петр": 1, "СЕМИН пятницу": 1, "8912": 1, "912 345": 1, "%": 1, "100%": 1, "_": 0, "олег": 0, "семен": 0,
		"3": 3, // the number of the third receipt, of the third operation, and a figure of the phone
	} {
		found, err := w.store.OpenPrepayments(t.Context(), text, 0, 10)
		if err != nil || len(found) != want {
			t.Errorf("%q: found %d, %v; want %d", text, len(found), err, want)
		}
	}
	page, err := w.store.OpenPrepayments(t.Context(), "", 0, 2)
	w.ok(err)
	rest, err := w.store.OpenPrepayments(t.Context(), "", page[1].Position, 2)
	if err != nil || len(page) != 2 || len(rest) != 1 || rest[0].Position >= page[1].Position {
		t.Errorf("pages of %d and %d, %v", len(page), len(rest), err)
	}
}
