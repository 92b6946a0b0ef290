package localdb_test

import (
	"errors"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

func TestCustomersAreFound(t *testing.T) {
	w := newShop(t)
	for _, c := range []register.Customer{
		{ID: "1", Name: "Пётр Сёмин", Phone: "+7 (912) 345-67-89", Email: "Semin@example.org", Card: "2900000000018"},
		{ID: "2", Name: "Анна 100%", Phone: "8 495 1112233"},
		{ID: "3", Name: "ООО «Ромашка_1»", Phone: "9123450000", Discount: 500},
		{ID: "4", Name: `Back\slash`},
	} {
		w.ok(w.store.SetCustomer(t.Context(), c))
	}
	for text, want := range map[string]int{
		"": 4, "пётр": 1, "петр СЕМ": 1, "семин петр": 1, "semin@": 1, "2900000000018": 1, "петр анна": 0,
		"+79123456789": 1, "89123456789": 1, "8 (912) 345-67-89": 1, "8912345": 2, "912 345": 2, "345-67-89": 1, "(495)": 1, "+7": 3, "7495": 1,
		"%": 1, "100%": 1, "_": 1, "ка_1": 1, `\`: 1, `%\`: 0, "()": 0, "' or 1=1": 0,
	} {
		found, err := w.store.Customers(t.Context(), text, 0, 10)
		if err != nil || len(found) != want {
			t.Errorf("%q: found %d, %v; want %d", text, len(found), err, want)
		}
	}
	page, err := w.store.Customers(t.Context(), "", 1, 2)
	if err != nil || len(page) != 2 || page[0].ID != "2" {
		t.Errorf("the second page is %+v, %v", page, err)
	}
}

func TestACardBelongsToOne(t *testing.T) {
	w := newShop(t)
	one := register.Customer{ID: "1", Name: "Анна", Card: "2900000000018", Discount: 500}
	w.ok(w.store.SetCustomer(t.Context(), one))
	w.ok(w.store.SetCustomer(t.Context(), one)) // the same again
	other := register.Customer{ID: "2", Name: "Олег", Card: "2900000000018"}
	if err := w.store.SetCustomer(t.Context(), other); !errors.Is(err, localdb.ErrCardTaken) {
		t.Errorf("the card of another: %v", err)
	}
	if _, err := w.store.CustomerByID(t.Context(), "2"); !errors.Is(err, localdb.ErrNoCustomer) {
		t.Errorf("a refused customer is there: %v", err)
	}
	other.Card = ""
	w.ok(w.store.SetCustomer(t.Context(), other))
	w.ok(w.store.SetCustomer(t.Context(), register.Customer{ID: "3", Name: "Ия"})) // two without a card
	if got, err := w.store.CustomerByCard(t.Context(), "2900000000018"); err != nil || got != one {
		t.Errorf("whose card: %+v, %v", got, err)
	}
	if _, err := w.store.CustomerByCard(t.Context(), ""); !errors.Is(err, localdb.ErrNoCustomer) {
		t.Errorf("no card is somebody's: %v", err)
	}
	one.Card, one.Name = "", "Анна Петрова"
	w.ok(w.store.SetCustomer(t.Context(), one))
	other.Card = "2900000000018" // free now
	w.ok(w.store.SetCustomer(t.Context(), other))
	if got, err := w.store.CustomerByID(t.Context(), "1"); err != nil || got != one {
		t.Errorf("changed to %+v, %v", got, err)
	}
	if err := w.store.SetCustomer(t.Context(), register.Customer{ID: "5"}); !errors.Is(err, register.ErrBadCustomer) {
		t.Errorf("a customer of no name: %v", err)
	}
}
