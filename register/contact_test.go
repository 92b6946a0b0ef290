package register_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestParseContact(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"   ", ""},
		{"8 (912) 345-67-89", "+79123456789"},
		{"+7 912 345 67 89", "+79123456789"},
		{"79123456789", "+79123456789"},
		{"9123456789", "+79123456789"},
		{"8.912.345.67.89", "+79123456789"},
		{"+375 29 123-45-67", "+375291234567"},
		{"+7495\u00a01234567", "+74951234567"},
		{"ivan@example.ru", "ivan@example.ru"},
		{" Ivan.Petrov+shop@Mail.Example.RU ", "Ivan.Petrov+shop@mail.example.ru"},
		{"иван@почта.рф", "иван@почта.рф"},
	} {
		if got, err := register.ParseContact(test.text); err != nil || got != test.want {
			t.Errorf("%q gave %q, %v; want %q", test.text, got, err, test.want)
		}
	}
	for _, text := range []string{
		"12", "4951234567", "+7 912 345", "+0123456789", "8912345678x", "89123456789012", "+1234567890123456", "tel 89123456789",
		"@", "ivan@", "@example.ru", "ivan@example", "ivan@.ru", "ivan@example.r", "ivan@exa mple.ru", "a@b@example.ru", ".ivan@example.ru",
		"iv..an@example.ru", "ivan@-example.ru", "ivan\x00@example.ru", "ivan@example.ru,petr@example.ru", "ivan@例え.jp",
		strings.Repeat("a", register.MaxContact) + "@example.ru", "\xff@example.ru",
	} {
		if got, err := register.ParseContact(text); !errors.Is(err, register.ErrContact) {
			t.Errorf("%q gave %q, %v", text, got, err)
		}
	}
}

// A contact that was read once reads as itself: that is how a stored one is checked.
func FuzzParseContact(f *testing.F) {
	for _, seed := range []string{"8 (912) 345-67-89", "+375291234567", "Ivan@Example.RU", "İ@example.ru", "a@пример.рф", "+7"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		contact, err := register.ParseContact(text)
		if err != nil {
			return
		}
		again, err := register.ParseContact(contact)
		if err != nil || again != contact {
			t.Fatalf("%q gave %q, which gave %q, %v", text, contact, again, err)
		}
		if len([]rune(contact)) > register.MaxContact {
			t.Fatalf("%q is too long", contact)
		}
	})
}

func TestTheContactGoesWithTheReceipt(t *testing.T) {
	milk := register.Product{ID: "milk", Name: "Молоко", Unit: register.Piece, Price: 8990, VAT: register.VAT10}
	cart := register.NewCart(register.Rules{})
	if _, err := cart.Add(milk, register.One); err != nil {
		t.Fatal(err)
	}
	ola := &register.Customer{ID: "c", Name: "Ольга", Phone: "+79120000000", Email: "olga@example.ru"}
	if err := cart.SetCustomer(ola); err != nil {
		t.Fatal(err)
	}
	if contact, _ := cart.Contact(); contact != "" {
		t.Errorf("a known customer's %q was taken unasked", contact)
	}
	if err := cart.SetContact("", true); !errors.Is(err, register.ErrContact) {
		t.Errorf("no paper and no contact: %v", err)
	}
	if err := cart.SetContact("8 912 345-67-89", true); err != nil {
		t.Fatal(err)
	}
	if err := cart.SetContact("nobody", false); !errors.Is(err, register.ErrContact) {
		t.Errorf("a bad contact: %v", err)
	}
	cart, err := register.RestoreCart(cart.Draft())
	if err != nil {
		t.Fatal(err)
	}
	const want = "+79123456789"
	sale, err := register.NewSale(&cart, []register.Payment{{Method: register.Card, Amount: 8990}})
	if err != nil || sale.Contact != want || !sale.NoPaper {
		t.Errorf("the sale: %q, %v, %v", sale.Contact, sale.NoPaper, err)
	}
	sale.Contact = "8 912 345-67-89"
	if err := sale.Check(); !errors.Is(err, register.ErrContact) {
		t.Errorf("a contact that was not read: %v", err)
	}
	back, err := register.NewFreeReturn(&cart, register.Card, "")
	if err != nil || back.Contact != want || !back.NoPaper {
		t.Errorf("the return: %q, %v, %v", back.Contact, back.NoPaper, err)
	}
	paid, err := register.NewPrepayment(&cart, 5000, []register.Payment{{Method: register.Card, Amount: 5000}})
	if err != nil || paid.Contact != want || !paid.NoPaper {
		t.Errorf("the prepayment: %q, %v, %v", paid.Contact, paid.NoPaper, err)
	}
	order, err := register.OrderCart(paid, register.Ref{ID: "order"}, 5000)
	if err != nil {
		t.Fatal(err)
	}
	if contact, noPaper := order.Contact(); contact != want || noPaper {
		t.Errorf("the order: %q, %v", contact, noPaper)
	}
	if err := order.SetContact("ivan@example.ru", false); err != nil {
		t.Errorf("another contact for the order: %v", err)
	}
	cart.Clear()
	if contact, noPaper := cart.Contact(); contact != "" || noPaper {
		t.Errorf("the next buyer's receipt goes to %q", contact)
	}
}

// TestWithoutAContactBodiesAreAsTheyWere keeps bodies of earlier versions readable, and the new ones the same where no
// contact was given.
func TestWithoutAContactBodiesAreAsTheyWere(t *testing.T) {
	for name, body := range map[string]any{
		"sale": register.Sale{}, "return": register.SaleReturn{}, "prepayment": register.Prepayment{},
		"prepayment return": register.PrepaymentReturn{}, "draft": register.Draft{},
	} {
		b, err := json.Marshal(body)
		if err != nil || strings.Contains(string(b), "contact") || strings.Contains(string(b), "no_paper") {
			t.Errorf("%s: %s, %v", name, b, err)
		}
	}
}

func TestMarkedGoodsAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cart := register.NewCart(register.Rules{})
		p := register.Product{ID: "water", Name: "Вода", Unit: register.Piece, Price: register.Money(rapid.Int64Range(0, 10000).Draw(t, "price")),
			VAT: register.VAT22, Marked: true}
		q := register.Quantity(rapid.Int64Range(-1, 5000).Draw(t, "quantity"))
		if _, err := cart.Add(p, q); !errors.Is(err, register.ErrMarked) {
			t.Fatalf("rung up: %v", err)
		}
		if _, err := cart.AddPriced(p, q, 100); !errors.Is(err, register.ErrMarked) {
			t.Fatalf("rung up at a price: %v", err)
		}
		if cart.Len() != 0 {
			t.Fatal("it stands on the receipt")
		}
	})
}
