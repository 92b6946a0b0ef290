package accept_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/register"
	"kassa/sync/accept"
)

const journal = "01935f3e-0000-7000-8000-000000000001"

var (
	received = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	soldAt   = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
)

func sale(t testing.TB) register.Operation {
	t.Helper()
	var cart register.Cart
	p := register.Product{ID: "milk", Name: "Молоко", Unit: register.Piece, Price: 8990, VAT: register.VAT10}
	if _, err := cart.Add(p, 2*register.One); err != nil {
		t.Fatal(err)
	}
	cash, err := register.PayCash(cart.Total(), 20000)
	if err != nil {
		t.Fatal(err)
	}
	s, err := register.NewSale(&cart, []register.Payment{cash})
	if err != nil {
		t.Fatal(err)
	}
	s.Receipt = 7
	return operation(t, register.KindSale, s)
}

func operation(t testing.TB, kind register.Kind, body any) register.Operation {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return register.Operation{Journal: journal, Number: 5, ID: "x", Kind: kind, Version: register.BodyVersion,
		At: soldAt, Shift: 3, Cashier: "Анна", Body: b}
}

func understand(t testing.TB, o register.Operation) accept.Facts {
	t.Helper()
	b, err := o.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return accept.Understand(journal, accept.Record{Number: 5, Bytes: b}, received)
}

func TestUnderstandASale(t *testing.T) {
	f := understand(t, sale(t))
	if f.Aside != accept.Understood || f.Kind != "sale" || f.Cashier != "Анна" || f.Shift != 3 || !f.At.Equal(soldAt) {
		t.Errorf("facts are %+v", f)
	}
	if f.Receipt == nil || *f.Receipt != 7 || f.Total == nil || *f.Total != 17980 || f.Method != "cash" {
		t.Errorf("receipt %v, total %v, method %q", f.Receipt, f.Total, f.Method)
	}
}

func TestNothingIsRefused(t *testing.T) {
	tests := []struct {
		name   string
		change func(*register.Operation)
		want   accept.Aside
	}{
		{"a shift opened", func(o *register.Operation) {
			o.Kind, o.Body = register.KindShiftOpened, json.RawMessage(`{"float":100}`)
		}, accept.Understood},
		{"a shift closed", func(o *register.Operation) {
			o.Kind, o.Body = register.KindShiftClosed, json.RawMessage(`{"totals":{"cash_start":5,"cash_end":5}}`)
		}, accept.Understood},
		{"totals that do not add up", func(o *register.Operation) {
			o.Kind, o.Body = register.KindShiftClosed, json.RawMessage(`{"totals":{"cash_start":5,"cash_end":6}}`)
		}, accept.BadSums},
		{"unknown kind", func(o *register.Operation) { o.Kind = "moon_landing" }, accept.UnknownKind},
		{"newer version", func(o *register.Operation) { o.Version = register.BodyVersion + 1 }, accept.NewerVersion},
		{"body of another form", func(o *register.Operation) { o.Body = json.RawMessage(`[1,2]`) }, accept.BadBody},
		{"another journal", func(o *register.Operation) { o.Journal = "elsewhere" }, accept.OtherPlace},
		{"another number", func(o *register.Operation) { o.Number++ }, accept.OtherPlace},
		{"total changed", func(o *register.Operation) {
			o.Body = json.RawMessage(strings.Replace(string(o.Body), `"total":17980`, `"total":17981`, 1))
		}, accept.BadSums},
		{"no lines", func(o *register.Operation) { o.Body = json.RawMessage(`{"total":0}`) }, accept.BadSums},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := sale(t)
			test.change(&o)
			if f := understand(t, o); f.Aside != test.want {
				t.Errorf("set aside as %q, want %q", f.Aside, test.want)
			}
		})
	}
	for _, bytes := range []string{"", "x", "\xff", "null1", `{"number":"five"}`} {
		if f := accept.Understand(journal, accept.Record{Number: 5, Bytes: []byte(bytes)}, received); f.Aside != accept.Unreadable {
			t.Errorf("%q is set aside as %q", bytes, f.Aside)
		}
	}
}

func TestAnImpossibleClockIsNotSortedBy(t *testing.T) {
	for _, at := range []time.Time{{}, time.Date(1980, 1, 6, 0, 0, 0, 0, time.UTC), received.Add(25 * time.Hour)} {
		o := sale(t)
		o.At = at
		if f := understand(t, o); !f.At.Equal(received) {
			t.Errorf("a clock at %s gives %s", at, f.At)
		}
	}
}

func FuzzUnderstand(f *testing.F) {
	b, err := sale(f).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"kind":"\u0000","cashier":"` + strings.Repeat("ж", 300) + `"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, record []byte) {
		facts := accept.Understand(journal, accept.Record{Number: 5, Bytes: record}, received)
		sane(t, facts)
	})
}

// TestWhichPaymentsAnOperationNames: what was sold counts up, what was given back down, and an id that is none is not looked
// for.
func TestWhichPaymentsAnOperationNames(t *testing.T) {
	payment := uuid.New()
	qr := func(id string) []register.Payment {
		return []register.Payment{{Method: register.QR, Amount: 10000, QRID: id}}
	}
	sold := func(id string) register.Sale {
		var cart register.Cart
		_, err := cart.Add(register.Product{ID: "cake", Name: "Торт", Unit: register.Piece, Price: 10000, VAT: register.VAT22}, register.One)
		ok(t, err)
		s, err := register.NewSale(&cart, qr(id))
		ok(t, err)
		s.Receipt = 1
		return s
	}
	back, err := register.NewReturn(sold(payment.String()), saleRef, nil, []register.Want{{Line: 0, Quantity: register.One}}, register.Cash, "Не понравился")
	ok(t, err)
	var cart register.Cart
	_, err = cart.Add(register.Product{ID: "cake", Name: "Торт", Unit: register.Piece, Price: 30000, VAT: register.VAT22}, register.One)
	ok(t, err)
	order, err := register.NewPrepayment(&cart, 10000, qr(payment.String()))
	ok(t, err)
	orderBack, err := register.NewPrepaymentReturn(order, orderRef, order.Amount, nil, order.Amount, register.Cash, "Передумал")
	ok(t, err)
	bad := sold(payment.String())
	bad.Total++
	for name, c := range map[string]struct {
		kind register.Kind
		body any
		want []accept.Use
	}{
		"sale":               {register.KindSale, sold(payment.String()), []accept.Use{{Payment: payment, Amount: 10000}}},
		"return":             {register.KindReturn, back, []accept.Use{{Payment: payment, Amount: -10000}}},
		"prepayment":         {register.KindPrepayment, order, []accept.Use{{Payment: payment, Amount: 10000}}},
		"prepayment return":  {register.KindPrepaymentReturn, orderBack, []accept.Use{{Payment: payment, Amount: -10000}}},
		"an id that is none": {register.KindSale, sold("12345"), nil},
		"sums that differ":   {register.KindSale, bad, nil},
	} {
		if got := understand(t, operation(t, c.kind, c.body)).Uses; !slices.Equal(got, c.want) {
			t.Errorf("%s names %+v, want %+v", name, got, c.want)
		}
	}
}
