package accept_test

import (
	"encoding/json"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"kassa/register"
	"kassa/sync/accept"
)

// ok is for what the register makes of sane things.
func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var (
	saleRef  = register.Ref{Journal: journal, Number: 2, ID: "sale", Shift: 3, Receipt: 1, At: soldAt}
	orderRef = register.Ref{Journal: journal, Number: 3, ID: "order", Shift: 3, Receipt: 2, At: soldAt}
)

// discounted is a receipt with both kinds of discount, goods by weight, and a customer.
func discounted(t testing.TB) *register.Cart {
	t.Helper()
	cart := register.NewCart(register.Rules{MaxDiscount: 3000})
	for _, g := range []struct {
		p register.Product
		q register.Quantity
	}{
		{register.Product{ID: "milk", Name: "Молоко", NameEn: "Milk", Unit: register.Piece, Price: 8990, VAT: register.VAT10}, 3 * register.One},
		{register.Product{ID: "cheese", Name: "Сыр", Unit: register.Kilogram, Price: 84990, VAT: register.VAT22}, 357},
	} {
		if _, err := cart.Add(g.p, g.q); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		cart.SetLineDiscount(0, register.Discount{Percent: 1000}),
		cart.SetDiscount(register.Discount{Sum: 1111}),
		cart.SetCustomer(&register.Customer{ID: "c", Name: "Ольга", Card: "2900000000017", Discount: 300}),
		cart.SetComment("Позвонить"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return &cart
}

func byCash(sum register.Money) []register.Payment {
	return []register.Payment{{Method: register.Cash, Amount: sum, Given: sum}}
}

// bodies are one of every kind that this version writes, and of their kinds of payment.
func bodies(t testing.TB) map[string]struct {
	kind register.Kind
	body any
} {
	t.Helper()
	cart := discounted(t)
	mixed, err := register.PayMixed(cart.Total(), 10000, "Терминал 4, код 123456", 100000)
	ok(t, err)
	sold, err := register.NewSale(cart, mixed)
	ok(t, err)
	sold.Receipt = 1

	back, err := register.NewReturn(sold, saleRef, nil, []register.Want{{Line: 0, Quantity: register.One}, {Line: 1, Quantity: 101}}, register.Card, "Не подошло")
	ok(t, err)
	free, err := register.NewFreeReturn(cart, register.Cash, "")
	ok(t, err)

	paid, err := register.NewPrepayment(cart, cart.Total()/3, byCash(cart.Total()/3))
	ok(t, err)
	order, err := register.OrderCart(paid, orderRef, paid.Amount)
	ok(t, err)
	handed, err := register.NewSale(&order, []register.Payment{{Method: register.QR, Amount: order.Due(), QRID: "q", BankID: "1"}})
	ok(t, err)
	unpaid, err := register.NewPrepaymentReturn(paid, orderRef, paid.Amount, nil, paid.Amount/2, register.Cash, "Передумал")
	ok(t, err)

	counted := register.Money(70_00)
	type one = struct {
		kind register.Kind
		body any
	}
	return map[string]one{
		"shift opened":         {register.KindShiftOpened, register.ShiftOpened{Float: 500_00}},
		"mixed sale":           {register.KindSale, sold},
		"handed over order":    {register.KindSale, handed},
		"part of a sale back":  {register.KindReturn, back},
		"return with no basis": {register.KindReturn, free},
		"prepayment":           {register.KindPrepayment, paid},
		"prepayment back":      {register.KindPrepaymentReturn, unpaid},
		"cash in":              {register.KindCashIn, register.CashMove{Sum: 1000_00, Reason: "Размен"}},
		"cash out":             {register.KindCashOut, register.CashMove{Sum: 300_00}},
		"shift closed": {register.KindShiftClosed, register.ShiftClosed{
			Totals: register.Totals{CashStart: 50_00, CashEnd: 75_00, CashIn: register.Counter{Count: 1, Sum: 25_00, Cash: 25_00}}, Counted: &counted}},
		"line removed":    {register.KindLineRemoved, register.LineRemoved{Line: cart.Lines()[0]}},
		"receipt cleared": {register.KindReceiptCleared, register.ReceiptCleared{Lines: cart.Lines(), Total: cart.Total()}},
		"drawer opened":   {register.KindDrawerOpened, register.DrawerOpened{Reason: "Размен"}},
		"fiscal receipt": {register.KindFiscalDocument, register.FiscalDocument{Of: saleRef, Document: "sale", FN: "9999078902000123", Number: 1042,
			Sign: 2780318453, At: soldAt, Shift: 37, InShift: 5, Registration: "0000000001061770", Total: 446_44,
			QR: "t=20260314T1205&s=446.44&fn=9999078902000123&i=1042&fp=2780318453&n=1"}},
		"fiscal shift": {register.KindFiscalDocument, register.FiscalDocument{Document: "open_shift", FN: "9999078902000123", Number: 1041, Sign: 1, At: soldAt}},
	}
}

func TestEveryKindIsUnderstood(t *testing.T) {
	type facts struct {
		Receipt, Total int64
		Method         string
		Basis          int64 // number of the operation that it goes back to
	}
	total := int64(discounted(t).Total())
	want := map[string]facts{
		"shift opened": {}, "shift closed": {}, "line removed": {}, "receipt cleared": {}, "drawer opened": {},
		"mixed sale":           {1, total, accept.Mixed, 0},
		"handed over order":    {0, total, accept.Mixed, 3},
		"part of a sale back":  {0, -161_74, accept.Mixed, 2},
		"return with no basis": {0, -total, "cash", 0},
		"prepayment":           {0, total / 3, "cash", 0},
		"prepayment back":      {0, -(total / 3 / 2), "cash", 3},
		"cash in":              {0, 1000_00, "cash", 0},
		"cash out":             {0, -300_00, "cash", 0},
		"fiscal receipt":       {0, 0, "", 2},
		"fiscal shift":         {},
	}
	wantFiscal := []string{"mixed sale", "handed over order", "part of a sale back", "return with no basis", "prepayment", "prepayment back"}
	seen := map[register.Kind]bool{}
	for name, b := range bodies(t) {
		seen[b.kind] = true
		t.Run(name, func(t *testing.T) {
			f := understand(t, operation(t, b.kind, b.body))
			if f.Aside != accept.Understood {
				t.Fatalf("set aside as %q", f.Aside)
			}
			got := facts{Method: f.Method}
			if f.Receipt != nil {
				got.Receipt = *f.Receipt
			}
			if f.Total != nil {
				got.Total = *f.Total
			}
			if f.Basis != nil {
				got.Basis = f.Basis.Number
				if f.Basis.Journal != uuid.MustParse(journal) {
					t.Errorf("the basis is in journal %s", f.Basis.Journal)
				}
			}
			if diff := cmp.Diff(want[name], got); diff != "" {
				t.Error(diff)
			}
			if want := slices.Contains(wantFiscal, name); f.WantsFiscal() != want {
				t.Errorf("wants a fiscal document: %t", f.WantsFiscal())
			}
			if f.Fiscal() != (b.kind == register.KindFiscalDocument) {
				t.Errorf("is a fiscal document: %t", f.Fiscal())
			}
			if (f.Total != nil) != b.kind.Money() {
				t.Errorf("has a total: %t", f.Total != nil)
			}
		})
	}
	for _, k := range register.Kinds() {
		if !seen[k] {
			t.Errorf("%s is not tried", k)
		}
	}
}

func TestSumsThatDoNotAgree(t *testing.T) {
	tests := []struct {
		name, of string
		change   func(map[string]any)
		want     accept.Aside
	}{
		{"a line's sum", "mixed sale", func(b map[string]any) { line(b, 0)["sum"] = 1 }, accept.BadSums},
		{"a line's discount", "mixed sale", func(b map[string]any) { line(b, 0)["off"] = 0 }, accept.BadSums},
		{"the tax", "mixed sale", func(b map[string]any) { line(b, 0)["vat_sum"] = 1 }, accept.BadSums},
		{"all discounts", "mixed sale", func(b map[string]any) { b["off"] = 1 }, accept.BadSums},
		{"an unknown method", "mixed sale", func(b map[string]any) { payment(b, 0)["method"] = "shells" }, accept.BadSums},
		{"set off against nothing", "handed over order", func(b map[string]any) { delete(b, "prepayment") }, accept.BadSums},
		{"a return of nothing", "part of a sale back", func(b map[string]any) { line(b, 0)["quantity"] = 0 }, accept.BadSums},
		{"a return of less than nothing", "part of a sale back", func(b map[string]any) { line(b, 0)["quantity"] = -1000 }, accept.BadSums},
		{"a return's total", "part of a sale back", func(b map[string]any) { b["total"] = 1 }, accept.BadSums},
		{"a return of no line", "part of a sale back", func(b map[string]any) { delete(line(b, 0), "of") }, accept.BadSums},
		{"a free return's sum", "return with no basis", func(b map[string]any) { line(b, 0)["sum"] = 1 }, accept.BadSums},
		{"a prepayment of more than the order", "prepayment", func(b map[string]any) { b["amount"] = 1e10 }, accept.BadSums},
		{"a share", "prepayment", func(b map[string]any) { b["shares"].([]any)[0].(map[string]any)["sum"] = 1 }, accept.BadSums},
		{"a prepayment paid by a prepayment", "prepayment", func(b map[string]any) { payment(b, 0)["method"] = "prepaid" }, accept.BadSums},
		{"nothing of a prepayment back", "prepayment back", func(b map[string]any) { b["amount"], b["payments"] = 0, nil }, accept.BadSums},
		{"more back than is paid back", "prepayment back", func(b map[string]any) { b["amount"] = 1 }, accept.BadSums},
		{"a prepayment back to a prepayment", "prepayment back", func(b map[string]any) { payment(b, 0)["method"] = "prepaid" }, accept.BadSums},
		{"no cash in", "cash in", func(b map[string]any) { b["sum"] = 0 }, accept.BadSums},
		{"cash out the other way", "cash out", func(b map[string]any) { b["sum"] = -5 }, accept.BadSums},
		{"a counted debt", "shift closed", func(b map[string]any) { b["counted"] = -1 }, accept.BadSums},
		{"a counter", "shift closed", func(b map[string]any) { b["totals"].(map[string]any)["returns"] = map[string]any{"sum": 5} }, accept.BadSums},
		{"a drawer", "shift closed", func(b map[string]any) { b["totals"].(map[string]any)["cash_end"] = 5 }, accept.BadSums},
		{"a cleared receipt's total", "receipt cleared", func(b map[string]any) { b["total"] = 5 }, accept.BadSums},
		{"a line that is a word", "line removed", func(b map[string]any) { b["line"] = "milk" }, accept.BadBody},
		{"a reason that is a number", "drawer opened", func(b map[string]any) { b["reason"] = 5 }, accept.BadBody},
		{"newer particulars", "cash in", func(b map[string]any) { b["currency"] = "KZT" }, accept.Understood},
	}
	all := bodies(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			one := all[test.of]
			b := generic(t, one.body)
			test.change(b)
			if f := understand(t, operation(t, one.kind, b)); f.Aside != test.want {
				t.Errorf("set aside as %q, want %q", f.Aside, test.want)
			}
		})
	}
}

// generic is a body as maps and lists, to be changed at will.
func generic(t testing.TB, body any) map[string]any {
	t.Helper()
	text, err := json.Marshal(body)
	ok(t, err)
	var b map[string]any
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

func line(b map[string]any, i int) map[string]any { return b["lines"].([]any)[i].(map[string]any) }

func payment(b map[string]any, i int) map[string]any {
	return b["payments"].([]any)[i].(map[string]any)
}

// TestNoBodyIsRefused changes true bodies at any place to anything at all. Whatever comes of it, there are facts that a
// table takes.
func TestNoBodyIsRefused(t *testing.T) {
	all := bodies(t)
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(rt *rapid.T) {
		one := all[rapid.SampledFrom(names).Draw(rt, "body")]
		var b any = generic(t, one.body)
		for range rapid.IntRange(1, 4).Draw(rt, "changes") {
			b = spoil(rt, b)
		}
		text, err := json.Marshal(b)
		if err != nil {
			rt.Fatal(err)
		}
		o := operation(t, one.kind, nil)
		o.Body = text
		sane(rt, understand(t, o))
	})
}

// spoil changes one place of a body.
func spoil(t *rapid.T, v any) any {
	if rapid.IntRange(0, 9).Draw(t, "here") == 0 {
		return anything(t)
	}
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			return anything(t)
		}
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		k := rapid.SampledFrom(keys).Draw(t, "key")
		v[k] = spoil(t, v[k])
		return v
	case []any:
		if len(v) == 0 {
			return anything(t)
		}
		i := rapid.IntRange(0, len(v)-1).Draw(t, "index")
		if rapid.Bool().Draw(t, "again") {
			return append(v, v[i])
		}
		v[i] = spoil(t, v[i])
		return v
	}
	return anything(t)
}

func anything(t *rapid.T) any {
	switch rapid.IntRange(0, 4).Draw(t, "what") {
	case 0:
		return rapid.SampledFrom([]int64{0, 1, -1, 999, 1000, -1 << 63, 1<<63 - 1, 1 << 62, 9_999_999_999, 10_000}).Draw(t, "edge")
	case 1:
		return rapid.Int64().Draw(t, "number")
	case 2:
		return rapid.SampledFrom([]string{"", "cash", "qr", "prepaid", "pcs", "kg", "22", "none", "\u0000", "ж"}).Draw(t, "text")
	case 3:
		return nil
	}
	return []any{}
}

// sane checks what holds for the facts of any record.
func sane(t interface{ Errorf(string, ...any) }, f accept.Facts) {
	for _, text := range []string{f.Kind, f.Cashier, f.Method} {
		if !utf8.ValidString(text) || slices.Contains([]rune(text), 0) || utf8.RuneCountInString(text) > 100 {
			t.Errorf("a text that no column takes: %q", text)
		}
	}
	if f.At.Year() < 2020 || f.At.After(received.Add(accept.Ahead)) {
		t.Errorf("a time that cannot be: %s", f.At)
	}
	if f.Aside != accept.Understood && !slices.Contains(accept.Asides(), f.Aside) {
		t.Errorf("set aside for no known reason: %q", f.Aside)
	}
	if f.Aside == accept.Understood && f.Total != nil && (*f.Total > int64(register.MaxMoney) || *f.Total < -int64(register.MaxMoney)) {
		t.Errorf("understood, with a total of %d", *f.Total)
	}
}

func TestTally(t *testing.T) {
	all := bodies(t)
	names := []string{"shift opened", "mixed sale", "part of a sale back", "prepayment", "handed over order", "prepayment back",
		"cash in", "line removed", "cash out", "drawer opened"}
	shift := func(names ...string) (tally accept.Tally) {
		for _, name := range names {
			tally.Add(journal, record(t, operation(t, all[name].kind, all[name].body)))
		}
		return tally
	}
	var want register.Totals
	for _, name := range names {
		if err := want.Apply(operation(t, all[name].kind, all[name].body)); err != nil {
			t.Fatal(err)
		}
	}
	tally := shift(names...)
	got, whole := tally.Totals()
	if diff := cmp.Diff(want, got); diff != "" || !whole || got.Balance() != nil {
		t.Errorf("whole %t, balance %v, %s", whole, got.Balance(), diff)
	}
	for name, tally := range map[string]accept.Tally{"nothing": {}, "no opening": shift(names[1:]...)} {
		if _, whole := tally.Totals(); whole {
			t.Errorf("%s is whole", name)
		}
	}
	tally.Add(journal, accept.Record{Number: 6, Bytes: []byte("x")})
	if _, whole := tally.Totals(); whole {
		t.Error("a shift with an unreadable operation is whole")
	}
}

func record(t testing.TB, o register.Operation) accept.Record {
	t.Helper()
	b, err := o.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return accept.Record{Number: o.Number, Bytes: b}
}

func FuzzUnderstandBody(f *testing.F) {
	kinds := register.Kinds()
	for _, b := range bodies(f) {
		text, err := json.Marshal(b.body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(slices.Index(kinds, b.kind), text)
	}
	f.Fuzz(func(t *testing.T, kind int, body []byte) {
		if kind < 0 || kind >= len(kinds) || !json.Valid(body) {
			return
		}
		o := operation(t, kinds[kind], nil)
		o.Body = body
		b, err := o.Encode()
		if err != nil {
			return
		}
		facts := accept.Understand(journal, accept.Record{Number: 5, Bytes: b}, received)
		sane(t, facts)
		var tally accept.Tally
		tally.Add(journal, accept.Record{Number: 5, Bytes: b})
		if facts.Aside == accept.Understood && facts.Kind == string(register.KindShiftOpened) {
			if _, whole := tally.Totals(); !whole {
				t.Error("an opening that is understood is not counted")
			}
		}
	})
}
