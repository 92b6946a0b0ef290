package fiscal_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kassa/fiscal"
	"kassa/register"
)

var rates = []register.VAT{register.VAT22, register.VAT20, register.VAT10, register.VAT7, register.VAT5, register.VAT0, register.VATNone}

// check runs a property more often than rapid does on its own: here a case costs microseconds.
func check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	for range 5 {
		rapid.Check(t, property)
	}
}

func draw[T ~int64](t *rapid.T, name string, least, most T) T {
	return T(rapid.Int64Range(int64(least), int64(most)).Draw(t, name))
}

// drawCart rings up a receipt with discounts that do not divide.
func drawCart(t *rapid.T) *register.Cart {
	c := register.NewCart(register.Rules{MaxDiscount: register.Hundred, OnTop: rapid.Bool().Draw(t, "on top")})
	for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
		p := register.Product{ID: strconv.Itoa(i), Name: "Товар", Unit: register.Piece, Price: draw[register.Money](t, "price", 1, 100_000),
			VAT: rapid.SampledFrom(rates).Draw(t, "rate")}
		q := register.One * draw[register.Quantity](t, "pieces", 1, 20)
		if rapid.Bool().Draw(t, "weighed") {
			p.Unit, q = register.Kilogram, draw[register.Quantity](t, "weight", 1, 20_000)
		}
		n, err := c.Add(p, q)
		if err != nil {
			continue
		}
		if rapid.Bool().Draw(t, "own discount") {
			ok(t, c.SetLineDiscount(n, register.Discount{Percent: draw[register.Percent](t, "per cent", 0, register.Hundred)}))
		}
	}
	if rapid.Bool().Draw(t, "discount") {
		_ = c.SetDiscount(register.Discount{Sum: draw[register.Money](t, "off", 0, 20_000)})
	}
	if c.Total() < 2 {
		_, err := c.Add(register.Product{ID: "sure", Name: "Товар", Unit: register.Piece, Price: 12345, VAT: register.VAT22, NoDiscount: true}, 3*register.One)
		ok(t, err)
	}
	return &c
}

func drawPayments(t *rapid.T, sum register.Money) []register.Payment {
	switch {
	case sum == 0:
		return nil
	case rapid.Bool().Draw(t, "by QR"):
		return []register.Payment{qr(sum)}
	}
	byCard := draw[register.Money](t, "by card", 0, sum)
	all, err := register.PayMixed(sum, byCard, "", sum-byCard+draw[register.Money](t, "more", 0, 500))
	ok(t, err)
	return all
}

// holds checks what every registrar checks of a receipt.
func holds(t *rapid.T, d fiscal.Document) {
	t.Helper()
	var lines register.Money
	for i, l := range d.Lines {
		exact, err := l.Price.Times(l.Quantity)
		if err != nil || exact != l.Sum {
			t.Fatalf("line %d: %s × %s is not %s", i+1, l.Price, l.Quantity, l.Sum)
		}
		if l.Sum <= 0 || l.Price <= 0 || l.Quantity <= 0 || l.Name == "" || l.Object != fiscal.Goods || l.Off < 0 {
			t.Fatalf("line %d: %+v", i+1, l)
		}
		if l.Unit == register.Piece && !l.Quantity.Whole() {
			t.Fatalf("line %d: %s pieces", i+1, l.Quantity)
		}
		lines += l.Sum
	}
	if lines != d.Total || d.Payments.Sum() != d.Total {
		t.Fatalf("lines of %s, payments of %s, for %s", lines, d.Payments.Sum(), d.Total)
	}
	p := d.Payments
	if min(p.Cash, p.Electronic, p.Prepaid, p.Credit, p.Other) < 0 {
		t.Fatalf("payments %+v", p)
	}
	b, err := json.Marshal(d)
	ok(t, err)
	var again fiscal.Document
	ok(t, json.Unmarshal(b, &again))
	if b2, err := json.Marshal(again); err != nil || string(b2) != string(b) {
		t.Fatalf("as JSON: %s, then %s, %v", b, b2, err)
	}
}

// lineOf is what the document says of one line of the till, which may stand on several.
type lineOf struct {
	sum      register.Money
	quantity register.Quantity
	off      register.Money
	parts    int
}

// follow holds the document's lines against the till's, in their order, and tells what each came to.
func follow(t *rapid.T, d fiscal.Document, lines []register.Line, rate func(register.VAT) register.VAT, sums []register.Money) []lineOf {
	t.Helper()
	all := make([]lineOf, len(lines))
	rest := d.Lines
	for i, l := range lines {
		for len(rest) > 0 && all[i].sum < sums[i] {
			r := rest[0]
			if r.VAT != rate(l.VAT) || r.Unit != l.Unit || r.Name != l.Name {
				t.Fatalf("line %d became %+v", i+1, r)
			}
			all[i].sum += r.Sum
			all[i].quantity += r.Quantity
			all[i].off += r.Off
			all[i].parts++
			rest = rest[1:]
		}
		if all[i].sum != sums[i] {
			t.Fatalf("line %d of %s came to %s", i+1, sums[i], all[i].sum)
		}
	}
	if len(rest) > 0 {
		t.Fatalf("more lines than the till's: %+v", rest)
	}
	return all
}

func asIs(v register.VAT) register.VAT { return v }

func sumsOf(lines []register.Line) []register.Money {
	all := make([]register.Money, len(lines))
	for i, l := range lines {
		all[i] = l.Sum
	}
	return all
}

func TestEverySaleIsADocument(t *testing.T) {
	check(t, func(t *rapid.T) {
		c := drawCart(t)
		sale := saleOf(t, c, drawPayments(t, c.Total())...)
		d := document(t, register.KindSale, sale, fiscal.Chain{})
		holds(t, d)
		if d.Total != sale.Total || d.Payments.Cash != sale.Drawer() {
			t.Fatalf("%s, in cash %s, became %+v", sale.Total, sale.Drawer(), d.Payments)
		}
		for i, f := range follow(t, d, sale.Lines, asIs, sumsOf(sale.Lines)) {
			l := sale.Lines[i]
			switch {
			case l.Sum == 0 && f.parts > 0, f.parts > 2:
				t.Fatalf("line %d has %d parts", i+1, f.parts)
			case l.Sum > 0 && f.off != l.Off:
				t.Fatalf("line %d: %s off became %s", i+1, l.Off, f.off)
			case l.Sum >= register.Money(l.Quantity/register.One) && l.Sum > 0 && f.quantity != l.Quantity && l.Unit == register.Piece:
				t.Fatalf("line %d: %s pieces became %s", i+1, l.Quantity, f.quantity)
			case f.parts == 2 && onePrice(l):
				t.Fatalf("line %d: %s for %s needs no two prices", i+1, l.Quantity, l.Sum)
			}
		}
	})
}

// onePrice tries every price near the right one.
func onePrice(l register.Line) bool {
	near := register.Money(int64(l.Sum) * 1000 / int64(l.Quantity))
	for p := max(near-3, 1); p <= near+3; p++ {
		if m, err := p.Times(l.Quantity); err == nil && m == l.Sum {
			return true
		}
	}
	return false
}

// A sale that comes back in any parts is given back to the kopeck, line by line, rate by rate and by each payment.
func TestChainsOfReturnsAreExact(t *testing.T) {
	check(t, func(t *rapid.T) {
		c := drawCart(t)
		sale := saleOf(t, c, drawPayments(t, c.Total())...)
		sold := document(t, register.KindSale, sale, fiscal.Chain{})
		var earlier []register.SaleReturn
		var back fiscal.Payments
		byRate := map[register.VAT]register.Money{}
		for step := 0; ; step++ {
			var wants []register.Want
			for i, l := range sale.Left(earlier) {
				if l.Quantity == 0 {
					continue
				}
				q := l.Quantity
				if step < 5 {
					q = draw[register.Quantity](t, "back", 0, q)
				}
				if l.Unit == register.Piece {
					q -= q % register.One
				}
				if q > 0 {
					wants = append(wants, register.Want{Line: i, Quantity: q})
				}
			}
			if len(wants) == 0 {
				if step < 5 {
					continue
				}
				break
			}
			r, err := register.NewReturn(sale, ref("sale"), earlier, wants, rapid.SampledFrom([]register.Method{register.Cash, register.Card}).Draw(t, "prefer"), "")
			ok(t, err)
			earlier = append(earlier, r)
			d, wanted, err := fiscal.For(operation(t, register.KindReturn, r), fiscal.Chain{}, fiscal.Seller{})
			ok(t, err)
			if wanted != (r.Total > 0) {
				t.Fatalf("a return of %s: wanted %v", r.Total, wanted)
			}
			if !wanted {
				continue
			}
			holds(t, d)
			back.Cash += d.Payments.Cash
			back.Electronic += d.Payments.Electronic
			for _, l := range d.Lines {
				byRate[l.VAT] += l.Sum
			}
		}
		if back != sold.Payments {
			t.Fatalf("paid %+v, back %+v", sold.Payments, back)
		}
		for _, l := range sold.Lines {
			byRate[l.VAT] -= l.Sum
		}
		for rate, m := range byRate {
			if m != 0 {
				t.Fatalf("%s at %s more came back than was sold", m, rate)
			}
		}
	})
}

// shares are what a document about a prepayment is for each line.
func shares(t *rapid.T, d fiscal.Document, p register.Prepayment) []register.Money {
	t.Helper()
	all := make([]register.Money, len(p.Lines))
	for _, l := range d.Lines {
		// The cart's goods are told apart by their names here.
		i := slices.IndexFunc(p.Lines, func(o register.Line) bool { return o.Name == l.Name })
		all[i] += l.Sum
		if l.VAT != p.Lines[i].VAT.Calculated() {
			t.Fatalf("goods at %s were taxed at %s", p.Lines[i].VAT, l.VAT)
		}
		if want := cmp.Or(map[bool]fiscal.Method{true: fiscal.FullPrepayment}[p.Amount == p.Total], fiscal.PartPrepayment); l.Method != want {
			t.Fatalf("method %d for %s of %s", l.Method, p.Amount, p.Total)
		}
	}
	return all
}

// Prepaid money is given back to the kopeck, line by line, whatever way it takes: in parts, before or after goods were
// handed over and came back.
func TestChainsOfPrepaymentReturnsAreExact(t *testing.T) {
	check(t, func(t *rapid.T) {
		p := drawPrepayment(t)
		d := document(t, register.KindPrepayment, p, fiscal.Chain{})
		holds(t, d)
		paid := shares(t, d, p)
		for i, s := range p.Shares {
			if paid[i] != s.Sum {
				t.Fatalf("the share of line %d is %s, not %s", i+1, paid[i], s.Sum)
			}
		}
		w := &order{p: p, left: p.Amount}
		w.giveBack(t, rapid.IntRange(0, 3).Draw(t, "returns before"))
		if w.left > 0 && rapid.Bool().Draw(t, "handed over") {
			w.handOver(t)
			w.giveBack(t, -1)
		}
		w.giveBack(t, -1)
		for i := range paid {
			if w.back == nil {
				t.Fatal("nothing went back")
			}
			if w.back[i] != paid[i] {
				t.Fatalf("line %d: %s prepaid, %s went back", i+1, paid[i], w.back[i])
			}
		}
		if w.left != 0 {
			t.Fatalf("%s is left", w.left)
		}
	})
}

func drawPrepayment(t *rapid.T) register.Prepayment {
	c := register.NewCart(register.Rules{})
	for i := range rapid.IntRange(1, 5).Draw(t, "lines") {
		p := register.Product{ID: strconv.Itoa(i), Name: "Товар " + strconv.Itoa(i), Unit: register.Piece, Price: draw[register.Money](t, "price", 1, 50_000),
			VAT: rapid.SampledFrom(rates).Draw(t, "rate")}
		_, err := c.Add(p, register.One*draw[register.Quantity](t, "pieces", 1, 5))
		ok(t, err)
	}
	amount := c.Total()
	if rapid.Bool().Draw(t, "in part") {
		amount = draw[register.Money](t, "amount", 1, amount)
	}
	p, err := register.NewPrepayment(&c, amount, drawPayments(t, amount))
	ok(t, err)
	return p
}

// order is a prepaid order and its life.
type order struct {
	p      register.Prepayment
	left   register.Money
	before []register.Operation
	given  []register.PrepaymentReturn
	back   []register.Money // line by line
}

// giveBack returns the money in so many parts; in as many as it takes with -1.
func (w *order) giveBack(t *rapid.T, parts int) {
	for ; w.left > 0 && parts != 0; parts-- {
		amount := draw[register.Money](t, "amount back", 1, w.left)
		if parts < -4 {
			amount = w.left
		}
		r, err := register.NewPrepaymentReturn(w.p, ref("order"), w.left, w.given, amount, register.Card, "")
		ok(t, err)
		d := document(t, register.KindPrepaymentReturn, r, fiscal.Chain{Prepayment: &w.p, Before: w.before})
		holds(t, d)
		if d.Kind != fiscal.Return || d.Payments.Prepaid != 0 || d.Total != amount {
			t.Fatalf("%s given back by %+v", amount, d)
		}
		if w.back == nil {
			w.back = make([]register.Money, len(w.p.Lines))
		}
		for i, s := range shares(t, d, w.p) {
			w.back[i] += s
		}
		w.given, w.left = append(w.given, r), w.left-amount
		w.before = append(w.before, operation(t, register.KindPrepaymentReturn, r))
	}
}

// handOver sells the order, and takes all of the goods back in parts, with money going back in between.
func (w *order) handOver(t *rapid.T) {
	c, err := register.OrderCart(w.p, ref("order"), w.left)
	ok(t, err)
	sale := saleOf(t, &c, drawPayments(t, c.Due())...)
	d := document(t, register.KindSale, sale, fiscal.Chain{})
	holds(t, d)
	if d.Payments.Prepaid != w.left || d.Total != w.p.Total {
		t.Fatalf("%s set off against %s: %+v", w.left, w.p.Total, d.Payments)
	}
	w.left = 0
	w.before = append(w.before, operation(t, register.KindSale, sale))
	var earlier []register.SaleReturn
	for step := 0; ; step++ {
		var wants []register.Want
		for i, l := range sale.Left(earlier) {
			q := l.Quantity
			if step < 3 {
				q = register.One * draw[register.Quantity](t, "goods back", 0, q/register.One)
			}
			if q > 0 {
				wants = append(wants, register.Want{Line: i, Quantity: q})
			}
		}
		if len(wants) == 0 && step < 3 {
			continue
		}
		if len(wants) == 0 {
			return
		}
		r, err := register.NewReturn(sale, ref("sale"), earlier, wants, register.Card, "")
		ok(t, err)
		earlier = append(earlier, r)
		if d, wanted, err := fiscal.For(operation(t, register.KindReturn, r), fiscal.Chain{}, fiscal.Seller{}); err != nil {
			t.Fatal(err)
		} else if wanted {
			holds(t, d)
			w.left += d.Payments.Prepaid
		}
		if r.Prepayment != nil {
			w.before = append(w.before, operation(t, register.KindReturn, r))
		}
		w.giveBack(t, rapid.IntRange(0, 2).Draw(t, "returns between"))
	}
}

// Whatever was sold, to the largest receipt that a till takes.
func TestAnySumIsPricesTimesQuantities(t *testing.T) {
	check(t, func(t *rapid.T) {
		unit, q := register.Kilogram, draw[register.Quantity](t, "weight", 1, register.MaxQuantity)
		if rapid.Bool().Draw(t, "pieces") {
			unit, q = register.Piece, register.One*draw[register.Quantity](t, "pieces", 1, register.MaxQuantity/register.One)
		}
		price := draw[register.Money](t, "price", 1, register.Money(min(int64(register.MaxMoney), int64(register.MaxMoney)*1000/int64(q))))
		c := register.NewCart(register.Rules{MaxDiscount: register.Hundred})
		if _, err := c.Add(register.Product{ID: "1", Name: "Товар", Unit: unit, Price: price, VAT: register.VAT22}, q); err != nil {
			return
		}
		ok(t, c.SetDiscount(register.Discount{Sum: draw[register.Money](t, "off", 0, c.Total())}))
		if c.Total() == 0 {
			return
		}
		holds(t, document(t, register.KindSale, saleOf(t, &c, card(c.Total())), fiscal.Chain{}))
	})
}

func TestLate(t *testing.T) {
	moscow := time.FixedZone("", 3*60*60)
	all := fiscal.Capabilities{Corrections: true, CorrectionLines: true, ReturnCorrection: true}
	old := fiscal.Capabilities{Corrections: true}
	op := register.Operation{Number: 12, At: time.Date(2026, 3, 9, 21, 30, 0, 0, time.UTC)} // half past midnight in Moscow
	why := &fiscal.Correction{Date: op.At.In(moscow), Number: "12"}
	for _, test := range []struct {
		name  string
		kind  fiscal.Kind
		can   fiscal.Capabilities
		after time.Duration
		want  fiscal.Kind
	}{
		{"a sale of an hour ago", fiscal.Sale, all, time.Hour, fiscal.Sale},
		{"a day ago", fiscal.Sale, all, 24 * time.Hour, fiscal.Sale},
		{"of two days ago", fiscal.Sale, all, 48 * time.Hour, fiscal.SaleCorrection},
		{"to an old device", fiscal.Sale, old, 48 * time.Hour, fiscal.SaleCorrection},
		{"to a device with no corrections", fiscal.Sale, fiscal.Capabilities{}, 48 * time.Hour, fiscal.Sale},
		{"a return of an hour ago", fiscal.Return, all, time.Hour, fiscal.Return},
		{"a return of two days ago", fiscal.Return, all, 48 * time.Hour, fiscal.ReturnCorrection},
		{"a return to an old device", fiscal.Return, old, 48 * time.Hour, fiscal.Return},
		{"a shift of two days ago", fiscal.CloseShift, all, 48 * time.Hour, fiscal.CloseShift},
		{"cash of two days ago", fiscal.CashIn, all, 48 * time.Hour, fiscal.CashIn},
		{"before the clock was put right", fiscal.Sale, all, -48 * time.Hour, fiscal.Sale},
	} {
		d := fiscal.Document{Kind: test.kind, Total: 100, Lines: []fiscal.Line{{Sum: 100}}}
		got := fiscal.Late(d, op, test.can, op.At.Add(test.after), moscow)
		want := d
		if want.Kind = test.want; test.want != test.kind {
			want.Correction = why
		}
		same(t, test.name, got, want)
	}
	if day := fiscal.Late(fiscal.Document{Kind: fiscal.Sale}, op, all, op.At.Add(48*time.Hour), moscow).Correction.Date.Format(time.DateOnly); day != "2026-03-10" {
		t.Errorf("the settlement was on %s", day)
	}
}
