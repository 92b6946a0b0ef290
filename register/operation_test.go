package register_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/register"
)

func TestOperationIsReadAsItWasStored(t *testing.T) {
	check(t, func(t *rapid.T) {
		s := drawSale(t)
		o := operation(t, register.KindSale, s)
		o.Journal, o.ID, o.Number, o.Version, o.Shift, o.Cashier = "j", rapid.String().Draw(t, "id"), rapid.Int64().Draw(t, "number"), register.BodyVersion, 3, "Ольга"
		o.At = time.UnixMilli(draw[int64](t, "at", 0, 4e12)).Add(time.Duration(draw[int64](t, "more", 0, 999_999)))
		record, err := o.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := register.DecodeOperation(record)
		if err != nil {
			t.Fatal(err)
		}
		again, err := back.Encode()
		if err != nil || string(again) != string(record) || !back.At.Equal(o.At.Truncate(time.Millisecond)) {
			t.Fatalf("%s became %s, %v", record, again, err)
		}
		read, err := back.Sale()
		if err != nil || !slices.Equal(read.Lines, s.Lines) || read.Check() != nil {
			t.Fatalf("%+v, %v", read, err)
		}
		r := back.Ref(7)
		if r.ID != back.ID || r.Receipt != 7 || r.Number != o.Number || r.Journal != "j" || r.Shift != 3 || !r.At.Equal(back.At) {
			t.Fatalf("%+v", r)
		}
	})
}

func TestBodyIsReadByItsKindOnly(t *testing.T) {
	readers := map[register.Kind]func(register.Operation) error{
		register.KindSale:             func(o register.Operation) error { _, err := o.Sale(); return err },
		register.KindReturn:           func(o register.Operation) error { _, err := o.Return(); return err },
		register.KindPrepayment:       func(o register.Operation) error { _, err := o.Prepayment(); return err },
		register.KindPrepaymentReturn: func(o register.Operation) error { _, err := o.PrepaymentReturn(); return err },
		register.KindCashIn:           func(o register.Operation) error { _, err := o.CashMove(); return err },
		register.KindCashOut:          func(o register.Operation) error { _, err := o.CashMove(); return err },
	}
	cash := []register.Kind{register.KindCashIn, register.KindCashOut}
	for of, read := range readers {
		for _, k := range append(register.Kinds(), "unheard_of") {
			err := read(register.Operation{Kind: k, Body: json.RawMessage(`{}`)})
			if mine := k == of || slices.Contains(cash, of) && slices.Contains(cash, k); mine != (err == nil) || err != nil && !errors.Is(err, register.ErrBadOperation) {
				t.Errorf("the body of a %s as one of a %s: %v", k, of, err)
			}
		}
	}
}

// The longest receipt with the longest texts, every letter of which JSON escapes, is stored and read back: nobody rings
// up a receipt that cannot be kept.
func TestLongestReceiptIsStored(t *testing.T) {
	worst := func(n int) string { return strings.Repeat("<", n) }
	p := register.Product{ID: worst(64), Name: worst(register.MaxName), NameEn: worst(register.MaxName), Article: worst(register.MaxArticle),
		Barcodes: []string{worst(register.MaxBarcode)}, Unit: register.Kilogram, VAT: register.VATNone, Price: 12_345}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	c := register.NewCart(register.Rules{MaxDiscount: register.Hundred, OnTop: true})
	for i := range register.MaxLines {
		if _, err := c.AddPriced(p, 12_345, 12_346); err != nil {
			t.Fatal(err)
		}
		if err := c.SetLineComment(i, worst(register.MaxComment)); err != nil {
			t.Fatal(err)
		}
		if err := c.SetLineDiscount(i, register.Discount{Sum: 12_345}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Add(p, register.One); !errors.Is(err, register.ErrTooMuch) {
		t.Errorf("a line more: %v", err)
	}
	if err := c.SetCustomer(&register.Customer{ID: worst(64), Name: worst(register.MaxName), Email: worst(63) + "@", Card: worst(64)}); err != nil {
		t.Fatal(err)
	}
	if err := c.SetComment(worst(register.MaxComment)); err != nil {
		t.Fatal(err)
	}
	payments, err := register.PayMixed(c.Total(), 1, worst(64), c.Total())
	if err != nil {
		t.Fatal(err)
	}
	sale, err := register.NewSale(&c, payments)
	if err != nil {
		t.Fatal(err)
	}
	wants := make([]register.Want, len(sale.Lines))
	for i := range wants {
		wants[i] = register.Want{Line: i, Quantity: 12_344}
	}
	back, err := register.NewReturn(sale, ref("s"), nil, wants, register.Cash, worst(register.MaxComment))
	if err != nil {
		t.Fatal(err)
	}
	pre, err := register.NewPrepayment(&c, c.Total(), payments)
	if err != nil {
		t.Fatal(err)
	}
	for kind, body := range map[register.Kind]any{register.KindSale: sale, register.KindReturn: back, register.KindPrepayment: pre} {
		record, err := operation(t, kind, body).Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := register.DecodeOperation(record); err != nil || len(record) > register.MaxRecord*9/10 {
			t.Errorf("%s of %d bytes: %v", kind, len(record), err)
		}
	}
}

func TestWhatCouldNotBeReadBackIsNotStored(t *testing.T) {
	body, err := json.Marshal(register.DrawerOpened{Reason: strings.Repeat("x", register.MaxRecord)})
	if err != nil {
		t.Fatal(err)
	}
	o := register.Operation{Kind: register.KindDrawerOpened, Body: body}
	if _, err := o.Encode(); !errors.Is(err, register.ErrTooMuch) {
		t.Errorf("too long: %v", err)
	}
	o.Body = json.RawMessage("{\"reason\":\"\xff\"}")
	if _, err := o.Encode(); !errors.Is(err, register.ErrBadOperation) {
		t.Errorf("bytes that are no text: %v", err)
	}
	o.Body = json.RawMessage("{")
	if _, err := o.Encode(); err == nil {
		t.Error("a broken body was stored")
	}
}

func FuzzDecodeOperation(f *testing.F) {
	for _, text := range []string{
		`{"journal":"j","number":1,"kind":"sale","body":{"total":1,"payments":[{"method":"cash","amount":1}]}}`,
		`{"kind":"sale","body":{"lines":[{"product":"a","name":"A","unit":"pcs","quantity":2000,"price":100,"sum":200,"vat":"22","vat_sum":36}],"total":200,"payments":[{"method":"card","amount":200}]}}`,
		`{"kind":"sale","body":{"lines":[{"product":"a","unit":"kg","quantity":1,"price":1,"sum":9223372036854775807,"vat":"22","vat_sum":-9223372036854775808},{"quantity":-5,"sum":9223372036854775807}],"total":9223372036854775807}}`,
		`{"kind":"sale_return","body":{"sale":{"id":"s"},"lines":[{"of":1,"product":"a","name":"A","unit":"pcs","quantity":1000,"price":100,"sum":100,"vat":"22","vat_sum":18}],"total":100,"payments":[{"method":"card","amount":100}]}}`,
		`{"kind":"sale_return","body":{"lines":[{"of":-1,"quantity":-9223372036854775808}],"total":-1,"payments":[{"method":"cash","amount":-9223372036854775808,"given":1,"change":9223372036854775807}]}}`,
		`{"kind":"prepayment","body":{"lines":[{"product":"a","name":"A","unit":"pcs","quantity":1000,"price":122,"sum":122,"vat":"22","vat_sum":22}],"total":122,"amount":61,"shares":[{"sum":61,"vat":"22/122","vat_sum":11}],"payments":[{"method":"card","amount":61}]}}`,
		`{"kind":"prepayment","body":{"lines":[{"sum":9223372036854775807},{"sum":9223372036854775807},{"sum":9223372036854775807}],"shares":[{},{},{}],"amount":9223372036854775807,"total":9223372036854775805}}`,
		`{"kind":"prepayment_return","body":{"amount":9223372036854775807,"payments":[{"method":"qr","amount":1}]}}`,
		`{"kind":"cash_in","body":{"sum":9223372036854775807}}`,
		`{"kind":"shift_opened","body":{"float":-1}}`,
		`{"kind":"shift_closed","body":{"counted":-9223372036854775808,"totals":{"cash_end":9223372036854775807}}}`,
		`{"kind":"sale","body":null}`, "\xff", `null`, `{"at":"0000-01-01T00:00:00Z"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := register.DecodeOperation(b)
		if err != nil {
			if !errors.Is(err, register.ErrBadOperation) {
				t.Errorf("error %v has no kind", err)
			}
			return
		}
		before := register.Totals{CashStart: 1000, CashEnd: 1000}
		totals := before
		if err := totals.Apply(o); err != nil && (!errors.Is(err, register.ErrBadOperation) || totals != before) {
			t.Errorf("%v, and %+v", err, totals)
		}
		moved, err := o.Drawer()
		if err == nil && o.Kind.Money() && totals.CashEnd != before.CashEnd+moved || err != nil && moved != 0 {
			t.Errorf("the drawer moved by %s, the totals by %s, %v", moved, totals.CashEnd-before.CashEnd, err)
		}
		_, _ = o.CashMove()
		fuzzBodies(t, o)
	})
}

// fuzzBodies goes on with a body as a till would: nothing may panic, and what passes its check can be worked with.
func fuzzBodies(t *testing.T, o register.Operation) {
	if s, err := o.Sale(); err == nil {
		r, returned := register.NewReturn(s, ref("s"), nil, []register.Want{{Line: 0, Quantity: register.One}}, register.Cash, "")
		if checked := s.Check(); checked == nil && returned == nil && (r.CheckAgainst(s, nil) != nil || r.Total < 0 || r.Total > s.Total) {
			t.Errorf("a return of %s of %s: %v", r.Total, s.Total, r.CheckAgainst(s, nil))
		}
		_ = r.CheckAgainst(s, []register.SaleReturn{r, {Lines: []register.ReturnLine{{Of: 1, Line: register.Line{Quantity: -1 << 63, Sum: -1 << 63}}}}})
	}
	if r, err := o.Return(); err == nil {
		if r.Check() == nil && (r.Total < 0 || r.Total > register.MaxMoney) {
			t.Errorf("a return of %s", r.Total)
		}
		s := register.Sale{Payments: r.Payments, Total: r.Total}
		for _, l := range r.Lines {
			s.Lines = append(s.Lines, l.Line)
		}
		_ = r.CheckAgainst(s, []register.SaleReturn{r})
		_, _ = register.NewReturn(s, ref("s"), []register.SaleReturn{r}, []register.Want{{Line: 0, Quantity: 1}}, register.Cash, "")
	}
	if p, err := o.Prepayment(); err == nil {
		checked := p.Check()
		c, err := register.OrderCart(p, ref("p"), p.Amount)
		if checked == nil && (err != nil || c.Due() < 0 || c.Due() >= p.Total) {
			t.Errorf("%s due of %s, %v", c.Due(), p.Total, err)
		}
		_, _ = register.NewPrepaymentReturn(p, ref("p"), p.Amount, nil, p.Amount, register.Card, "")
	}
	if r, err := o.PrepaymentReturn(); err == nil {
		p := register.Prepayment{Payments: r.Payments, Amount: r.Amount}
		if err := r.CheckAgainst(p, r.Amount, []register.PrepaymentReturn{r}); err == nil && r.Amount <= 0 {
			t.Errorf("%s back", r.Amount)
		}
	}
}

// wild draws numbers that no till writes, among some that one might.
func wild[T ~int64](t *rapid.T, name string) T {
	return T(rapid.OneOf(rapid.Int64Range(-2, 5000), rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64})).Draw(t, name))
}

func wildLine(t *rapid.T) register.Line {
	return register.Line{Product: "a", Name: "A", Unit: oneOf(t, "unit", units...), Quantity: wild[register.Quantity](t, "quantity"), Price: wild[register.Money](t, "price"),
		Discount: register.Discount{Percent: wild[register.Percent](t, "percent")}, Off: wild[register.Money](t, "off"), Sum: wild[register.Money](t, "sum"),
		VAT: oneOf(t, "rate", rates...), VATSum: wild[register.Money](t, "tax"), OnTop: rapid.Bool().Draw(t, "on top")}
}

func wildPayments(t *rapid.T) (all []register.Payment) {
	for range pick(t, "payments", 4) {
		all = append(all, register.Payment{Method: oneOf(t, "method", register.Cash, register.Card, register.QR, register.Prepaid), Amount: wild[register.Money](t, "amount"),
			Given: wild[register.Money](t, "given"), Change: wild[register.Money](t, "change"), QRID: "q"})
	}
	return all
}

func TestWildNumbersAreRefusedWithoutAPanic(t *testing.T) {
	check(t, func(t *rapid.T) {
		s := register.Sale{Total: wild[register.Money](t, "total"), Payments: wildPayments(t)}
		r := register.SaleReturn{Sale: &register.Ref{ID: "s"}, Total: wild[register.Money](t, "back"), Payments: wildPayments(t)}
		p := register.Prepayment{Total: s.Total, Amount: wild[register.Money](t, "prepaid"), Payments: s.Payments}
		for i := range pick(t, "lines", 4) {
			s.Lines = append(s.Lines, wildLine(t))
			r.Lines = append(r.Lines, register.ReturnLine{Of: i + pick(t, "of", 2), Line: wildLine(t)})
			p.Shares = append(p.Shares, register.PrepaidPart{Sum: wild[register.Money](t, "share")})
		}
		p.Lines = s.Lines
		d := register.Draft{Rules: register.Rules{MaxDiscount: wild[register.Percent](t, "limit")}, Lines: s.Lines, Discount: register.Discount{Sum: wild[register.Money](t, "sum")}}
		if s.Check() == nil && (s.Total <= 0 || s.Total > register.MaxMoney) || r.Check() == nil && (r.Total < 0 || r.Total > register.MaxMoney) || p.Check() == nil && (p.Amount <= 0 || p.Total > register.MaxMoney) {
			t.Fatalf("sums of %s, %s, %s were taken", s.Total, r.Total, p.Amount)
		}
		if c, err := register.RestoreCart(d); err == nil && (c.Total() < 0 || c.Total() > register.MaxMoney) {
			t.Fatalf("a receipt of %s was restored", c.Total())
		}
		for i := range s.Lines {
			_, _ = register.NewReturn(s, ref("s"), []register.SaleReturn{r}, []register.Want{{Line: i, Quantity: wild[register.Quantity](t, "want")}}, register.Cash, "")
		}
		_ = r.CheckAgainst(s, []register.SaleReturn{r})
		_, _ = register.OrderCart(p, ref("p"), wild[register.Money](t, "left"))
		back, _ := register.NewPrepaymentReturn(p, ref("p"), wild[register.Money](t, "left"), nil, wild[register.Money](t, "amount"), register.Card, "")
		_ = back.CheckAgainst(p, wild[register.Money](t, "left"), []register.PrepaymentReturn{back})
		_ = register.Spread(wild[register.Money](t, "spread"), []register.Money{s.Total, p.Amount, r.Total})
	})
}
