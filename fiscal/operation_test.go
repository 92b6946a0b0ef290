package fiscal_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kassa/fiscal"
	"kassa/register"
)

var soldAt = time.Date(2026, 3, 14, 9, 4, 58, 0, time.UTC)

// bg is for calls of devices that answer at once.
var bg = context.Background()

type tb interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func ok(t tb, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// operation is a stored operation with a body.
func operation(t tb, kind register.Kind, body any) register.Operation {
	t.Helper()
	b, err := json.Marshal(body)
	ok(t, err)
	return register.Operation{Journal: "j", Number: 7, ID: "0198f3c2-7d10-7a54-9b1e-2f6a1c0d4e77", Kind: kind, Version: register.BodyVersion,
		At: soldAt, Shift: 3, Cashier: "Иванова А. П.", Body: b}
}

// document is what must come of an operation.
func document(t tb, kind register.Kind, body any, c fiscal.Chain) fiscal.Document {
	t.Helper()
	d, wanted, err := fiscal.For(operation(t, kind, body), c, fiscal.Seller{Taxation: fiscal.TaxationOSN})
	ok(t, err)
	if !wanted {
		t.Fatalf("a %s wants no document", kind)
	}
	return d
}

func same(t *testing.T, name string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

var (
	milk   = register.Product{ID: "milk", Name: "Молоко 1 л", Unit: register.Piece, Price: 8990, VAT: register.VAT10}
	cheese = register.Product{ID: "cheese", Name: "Сыр весовой", Unit: register.Kilogram, Price: 74900, VAT: register.VAT22}
	table  = register.Product{ID: "table", Name: "Стол", Unit: register.Piece, Price: 500000, VAT: register.VAT22}
	lamp   = register.Product{ID: "lamp", Name: "Лампа", Unit: register.Piece, Price: 10000, VAT: register.VAT10}
)

type good struct {
	register.Product
	q register.Quantity
}

func cartOf(t tb, rules register.Rules, goods ...good) *register.Cart {
	t.Helper()
	c := register.NewCart(rules)
	for _, g := range goods {
		_, err := c.Add(g.Product, g.q)
		ok(t, err)
	}
	return &c
}

func saleOf(t tb, c *register.Cart, payments ...register.Payment) register.Sale {
	t.Helper()
	s, err := register.NewSale(c, payments)
	ok(t, err)
	return s
}

func cash(sum, given register.Money) register.Payment {
	return register.Payment{Method: register.Cash, Amount: sum, Given: given, Change: given - sum}
}

func card(sum register.Money) register.Payment {
	return register.Payment{Method: register.Card, Amount: sum}
}

func qr(sum register.Money) register.Payment {
	return register.Payment{Method: register.QR, Amount: sum, QRID: "q1"}
}

func ref(id string) register.Ref {
	return register.Ref{Journal: "j", Number: 1, ID: id, Shift: 1, Receipt: 1, At: soldAt}
}

func line(name string, price register.Money, q register.Quantity, unit register.Unit, sum register.Money, vat register.VAT, m fiscal.Method) fiscal.Line {
	return fiscal.Line{Name: name, Price: price, Quantity: q, Unit: unit, Sum: sum, VAT: vat, Method: m, Object: fiscal.Goods}
}

// Situations 1 and 2: goods are sold, and some come back.
func TestSaleAndReturn(t *testing.T) {
	c := cartOf(t, register.Rules{MaxDiscount: 3000}, good{milk, 2 * register.One}, good{cheese, 356})
	ok(t, c.SetContact("8 912 345-67-89", true))
	sale := saleOf(t, c, card(10000), cash(34644, 50000))
	got := document(t, register.KindSale, sale, fiscal.Chain{})
	same(t, "sale", got, fiscal.Document{
		Kind: fiscal.Sale, Mark: "0198f3c2-7d10-7a54-9b1e-2f6a1c0d4e77", Operator: fiscal.Operator{Name: "Иванова А. П."}, Total: 44644,
		Lines: []fiscal.Line{
			line("Молоко 1 л", 8990, 2000, register.Piece, 17980, register.VAT10, fiscal.FullPayment),
			line("Сыр весовой", 74900, 356, register.Kilogram, 26664, register.VAT22, fiscal.FullPayment),
		},
		Payments: fiscal.Payments{Cash: 34644, Electronic: 10000}, Taxation: fiscal.TaxationOSN, Contact: "+79123456789", NoPaper: true,
	})
	back, err := register.NewReturn(sale, ref("sale"), nil, []register.Want{{Line: 0, Quantity: register.One}}, register.Card, "")
	ok(t, err)
	d := document(t, register.KindReturn, back, fiscal.Chain{})
	same(t, "return", d.Lines, []fiscal.Line{line("Молоко 1 л", 8990, 1000, register.Piece, 8990, register.VAT10, fiscal.FullPayment)})
	if d.Kind != fiscal.Return || d.Total != 8990 || (d.Payments != fiscal.Payments{Electronic: 8990}) || d.Contact != "" || d.NoPaper {
		t.Errorf("return: %+v", d)
	}
	byQR := document(t, register.KindSale, saleOf(t, cartOf(t, register.Rules{}, good{milk, register.One}), qr(8990)), fiscal.Chain{})
	same(t, "by QR", byQR.Payments, fiscal.Payments{Electronic: 8990})
}

// A receipt knows no discounts: the prices are what was paid.
func TestDiscounts(t *testing.T) {
	c := cartOf(t, register.Rules{MaxDiscount: 3000}, good{milk, 2 * register.One})
	ok(t, c.SetDiscount(register.Discount{Percent: 1000}))
	d := document(t, register.KindSale, saleOf(t, c, card(c.Total())), fiscal.Chain{})
	want := line("Молоко 1 л", 8091, 2000, register.Piece, 16182, register.VAT10, fiscal.FullPayment)
	want.Off = 1798
	same(t, "ten per cent off two", d.Lines, []fiscal.Line{want})

	c = cartOf(t, register.Rules{MaxDiscount: 3000}, good{lamp, 3 * register.One})
	ok(t, c.SetDiscount(register.Discount{Sum: 1}))
	d = document(t, register.KindSale, saleOf(t, c, card(c.Total())), fiscal.Chain{})
	first := line("Лампа", 10000, 2000, register.Piece, 20000, register.VAT10, fiscal.FullPayment)
	second := line("Лампа", 9999, 1000, register.Piece, 9999, register.VAT10, fiscal.FullPayment)
	first.Off = 1
	same(t, "a kopeck off three", d.Lines, []fiscal.Line{first, second})
}

// Prices without tax: the receipt's hold it.
func TestTaxOnTop(t *testing.T) {
	c := cartOf(t, register.Rules{OnTop: true}, good{table, register.One}, good{cheese, 356})
	d := document(t, register.KindSale, saleOf(t, c, card(c.Total())), fiscal.Chain{})
	same(t, "lines", d.Lines, []fiscal.Line{
		line("Стол", 610000, 1000, register.Piece, 610000, register.VAT22, fiscal.FullPayment),
		line("Сыр весовой", 91376, 356, register.Kilogram, 32530, register.VAT22, fiscal.FullPayment),
	})
}

// What costs nothing is not settled for.
func TestLinesOfNothing(t *testing.T) {
	gift := milk
	gift.ID, gift.Name = "gift", "Подарок"
	c := cartOf(t, register.Rules{MaxDiscount: register.Hundred}, good{gift, register.One}, good{lamp, register.One})
	ok(t, c.SetLineDiscount(0, register.Discount{Percent: register.Hundred}))
	sale := saleOf(t, c, card(10000))
	d := document(t, register.KindSale, sale, fiscal.Chain{})
	same(t, "lines", d.Lines, []fiscal.Line{line("Лампа", 10000, 1000, register.Piece, 10000, register.VAT10, fiscal.FullPayment)})

	back, err := register.NewReturn(sale, ref("sale"), nil, []register.Want{{Line: 0, Quantity: register.One}}, register.Card, "")
	ok(t, err)
	if _, wanted, err := fiscal.For(operation(t, register.KindReturn, back), fiscal.Chain{}, fiscal.Seller{}); wanted || err != nil {
		t.Errorf("a gift came back: wanted %v, %v", wanted, err)
	}
}

// Situations 3, 6 and 9: all of it is paid before.
func TestPrepaidInFull(t *testing.T) {
	p, err := register.NewPrepayment(cartOf(t, register.Rules{}, good{table, register.One}, good{lamp, 2 * register.One}), 520000, []register.Payment{card(520000)})
	ok(t, err)
	lines := []fiscal.Line{
		line("Стол", 500000, 1000, register.Piece, 500000, register.VAT22of122, fiscal.FullPrepayment),
		line("Лампа", 10000, 2000, register.Piece, 20000, register.VAT10of110, fiscal.FullPrepayment),
	}
	d := document(t, register.KindPrepayment, p, fiscal.Chain{})
	same(t, "prepayment", d.Lines, lines)
	if d.Kind != fiscal.Sale || (d.Payments != fiscal.Payments{Electronic: 520000}) {
		t.Errorf("prepayment: %+v", d)
	}

	order, err := register.OrderCart(p, ref("order"), 520000)
	ok(t, err)
	d = document(t, register.KindSale, saleOf(t, &order), fiscal.Chain{})
	if d.Kind != fiscal.Sale || (d.Payments != fiscal.Payments{Prepaid: 520000}) || d.Lines[0].VAT != register.VAT22 || d.Lines[1].Method != fiscal.FullPayment {
		t.Errorf("handed over: %+v", d)
	}

	back, err := register.NewPrepaymentReturn(p, ref("order"), 520000, nil, 520000, register.Card, "")
	ok(t, err)
	d = document(t, register.KindPrepaymentReturn, back, fiscal.Chain{Prepayment: &p})
	same(t, "given back", d.Lines, lines)
	if d.Kind != fiscal.Return || (d.Payments != fiscal.Payments{Electronic: 520000}) {
		t.Errorf("given back: %+v", d)
	}
}

// Situations 4, 7, 9 and 10: a part is paid before, the rest when the goods are handed over; then all comes back.
func TestPrepaidInPart(t *testing.T) {
	p, err := register.NewPrepayment(cartOf(t, register.Rules{}, good{table, register.One}), 100000, []register.Payment{qr(100000)})
	ok(t, err)
	paid := line("Стол", 100000, 1000, register.Piece, 100000, register.VAT22of122, fiscal.PartPrepayment)
	d := document(t, register.KindPrepayment, p, fiscal.Chain{})
	same(t, "prepayment", d.Lines, []fiscal.Line{paid})

	order, err := register.OrderCart(p, ref("order"), 100000)
	ok(t, err)
	sale := saleOf(t, &order, cash(400000, 500000))
	d = document(t, register.KindSale, sale, fiscal.Chain{})
	same(t, "handed over", d.Lines, []fiscal.Line{line("Стол", 500000, 1000, register.Piece, 500000, register.VAT22, fiscal.FullPayment)})
	same(t, "handed over", d.Payments, fiscal.Payments{Cash: 400000, Prepaid: 100000})

	back, err := register.NewReturn(sale, ref("sale"), nil, []register.Want{{Line: 0, Quantity: register.One}}, register.Cash, "")
	ok(t, err)
	d = document(t, register.KindReturn, back, fiscal.Chain{})
	same(t, "came back", d.Payments, fiscal.Payments{Cash: 400000, Prepaid: 100000})

	money, err := register.NewPrepaymentReturn(p, ref("order"), 100000, nil, 100000, register.Card, "")
	ok(t, err)
	before := []register.Operation{operation(t, register.KindSale, sale), operation(t, register.KindReturn, back)}
	d = document(t, register.KindPrepaymentReturn, money, fiscal.Chain{Prepayment: &p, Before: before})
	same(t, "the money follows", d.Lines, []fiscal.Line{paid})
	same(t, "the money follows", d.Payments, fiscal.Payments{Electronic: 100000})

	bad := fiscal.Chain{Prepayment: &p, Before: before[:1]}
	if _, _, err := fiscal.For(operation(t, register.KindPrepaymentReturn, money), bad, fiscal.Seller{}); !errors.Is(err, fiscal.ErrBad) {
		t.Errorf("money back of goods that were handed over: %v", err)
	}
}

// When one of the goods of a prepaid order comes back, the money that follows is taxed at that one's rate.
func TestTheMoneyFollowsTheGoods(t *testing.T) {
	p, err := register.NewPrepayment(cartOf(t, register.Rules{}, good{table, register.One}, good{lamp, register.One}), 510000, []register.Payment{card(510000)})
	ok(t, err)
	order, err := register.OrderCart(p, ref("order"), 510000)
	ok(t, err)
	sale := saleOf(t, &order)
	back, err := register.NewReturn(sale, ref("sale"), nil, []register.Want{{Line: 1, Quantity: register.One}}, register.Card, "")
	ok(t, err)
	money, err := register.NewPrepaymentReturn(p, ref("order"), 10000, nil, 10000, register.Card, "")
	ok(t, err)
	d := document(t, register.KindPrepaymentReturn, money, fiscal.Chain{Prepayment: &p,
		Before: []register.Operation{operation(t, register.KindSale, sale), operation(t, register.KindReturn, back)}})
	same(t, "lines", d.Lines, []fiscal.Line{line("Лампа", 10000, 1000, register.Piece, 10000, register.VAT10of110, fiscal.FullPrepayment)})
}

func TestDocumentsWithoutLines(t *testing.T) {
	for _, test := range []struct {
		kind  register.Kind
		body  any
		want  fiscal.Kind
		total register.Money
	}{
		{register.KindShiftOpened, register.ShiftOpened{Float: 5000}, fiscal.OpenShift, 0},
		{register.KindShiftClosed, register.ShiftClosed{}, fiscal.CloseShift, 0},
		{register.KindCashIn, register.CashMove{Sum: 100}, fiscal.CashIn, 100},
		{register.KindCashOut, register.CashMove{Sum: 200}, fiscal.CashOut, 200},
	} {
		d := document(t, test.kind, test.body, fiscal.Chain{})
		same(t, string(test.kind), d, fiscal.Document{Kind: test.want, Total: test.total, Mark: "0198f3c2-7d10-7a54-9b1e-2f6a1c0d4e77",
			Operator: fiscal.Operator{Name: "Иванова А. П."}})
	}
	long := strings.Repeat("Ы", 100)
	if d := fiscal.Report(" " + long); d.Kind != fiscal.XReport || d.Operator.Name != long[:128] {
		t.Errorf("%+v", d)
	}
}

func TestEveryKindIsThoughtOf(t *testing.T) {
	none := map[register.Kind]bool{register.KindLineRemoved: true, register.KindReceiptCleared: true, register.KindDrawerOpened: true,
		register.KindFiscalDocument: true}
	for _, k := range register.Kinds() {
		_, wanted, err := fiscal.For(operation(t, k, struct{}{}), fiscal.Chain{}, fiscal.Seller{})
		switch {
		case none[k] && (wanted || err != nil):
			t.Errorf("%s: wanted %v, %v", k, wanted, err)
		case !none[k] && !wanted && !errors.Is(err, fiscal.ErrBad):
			t.Errorf("%s wants nothing", k)
		}
	}
	if _, wanted, err := fiscal.For(operation(t, "inventory", 1), fiscal.Chain{}, fiscal.Seller{}); wanted || err != nil {
		t.Errorf("a kind that nobody knows: %v, %v", wanted, err)
	}
}

func TestOperationsThatAreNoDocument(t *testing.T) {
	sale := saleOf(t, cartOf(t, register.Rules{}, good{milk, register.One}), card(8990))
	newer := operation(t, register.KindSale, sale)
	newer.Version++
	notJSON := operation(t, register.KindSale, sale)
	notJSON.Body = json.RawMessage(`{`)
	wrong := sale
	wrong.Total++
	for name, op := range map[string]register.Operation{
		"a newer version":           newer,
		"not JSON":                  notJSON,
		"sums that disagree":        operation(t, register.KindSale, wrong),
		"no prepayment":             operation(t, register.KindPrepaymentReturn, register.PrepaymentReturn{Amount: 100, Payments: []register.Payment{card(100)}}),
		"nothing put in":            operation(t, register.KindCashIn, register.CashMove{}),
		"a prepayment of no shares": operation(t, register.KindPrepayment, register.Prepayment{Lines: sale.Lines, Total: 8990, Amount: 8990}),
	} {
		if _, wanted, err := fiscal.For(op, fiscal.Chain{}, fiscal.Seller{}); wanted || !errors.Is(err, fiscal.ErrBad) {
			t.Errorf("%s: wanted %v, %v", name, wanted, err)
		}
	}
}
