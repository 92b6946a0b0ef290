// Package sliptest holds operations of every kind as a shop makes them, with everything that a slip can show, for tests
// of slips and of the paper that they come out on.
package sliptest

import (
	"encoding/json"
	"testing"
	"time"

	"kassa/printer/slip"
	"kassa/register"
)

// At is when everything here happens.
var At = time.Date(2026, 11, 22, 11, 5, 0, 0, time.UTC)

// Shop is a shop that has said everything of itself.
func Shop() slip.Shop {
	return slip.Shop{
		Name: "Ромашка", Address: "г. Москва, ул. Большая Садовая, д. 10", INN: "7700000009", Till: "1",
		Footer: "Спасибо за покупку!\nЖдём вас снова.", Zone: time.FixedZone("MSK", 3*60*60),
	}
}

// Operation is one of a kind, with a body.
func Operation(t testing.TB, kind register.Kind, body any) register.Operation {
	t.Helper()
	data, err := json.Marshal(body)
	ok(t, err)
	return register.Operation{
		Journal: "01935f3e-0000-7000-8000-000000000001", Number: 41, ID: "01935f3e-0000-7000-8000-000000000029", Kind: kind,
		Version: register.BodyVersion, At: At, Shift: 12, Cashier: "Иванова А. П.", Body: data,
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// goods are of every unit that is common, and of every rate that a receipt tells apart.
func goods() []register.Product {
	return []register.Product{
		{ID: "1", Name: "Хлеб бородинский нарезанный в упаковке 400 г", NameEn: "Borodinsky rye bread, sliced, 400 g pack", Unit: register.Piece, Price: 5200, VAT: register.VAT10},
		{ID: "2", Name: "Сыр «Российский» 50 %", Unit: register.Kilogram, Price: 84990, VAT: register.VAT10},
		{ID: "3", Name: "Чай чёрный «Майский» — 100 пакетиков", Unit: register.Piece, Price: 21900, VAT: register.VAT22},
		{ID: "4", Name: "Открытка", NameEn: "Postcard", Unit: register.Piece, Price: 4500, VAT: register.VATNone},
		{ID: "5", Name: "Журнал", NameEn: "Magazine", Unit: register.Piece, Price: 9900, VAT: register.VAT0, NoDiscount: true},
	}
}

// Cart is a receipt under the shop's rules, with nothing taken off.
func Cart(t testing.TB, rules register.Rules) *register.Cart {
	t.Helper()
	cart := register.NewCart(rules)
	for i, q := range []register.Quantity{2000, 356, 1000, 1000, 1000} {
		_, err := cart.Add(goods()[i], q)
		ok(t, err)
	}
	return &cart
}

// Discounted is a receipt with discounts on lines and on the whole, for a customer, with remarks.
func Discounted(t testing.TB, rules register.Rules) *register.Cart {
	t.Helper()
	rules.MaxDiscount = 3000
	cart := Cart(t, rules)
	ok(t, cart.SetLineDiscount(0, register.Discount{Percent: 1000}))
	ok(t, cart.SetLineDiscount(2, register.Discount{Sum: 1900}))
	ok(t, cart.SetDiscount(register.Discount{Sum: 2500}))
	ok(t, cart.SetCustomer(&register.Customer{ID: "c", Name: "Константинопольская Александра Владимировна", Card: "2900000000017"}))
	ok(t, cart.SetLineComment(2, "в подарочной упаковке"))
	ok(t, cart.SetComment("Доставить после шести, домофон не работает"))
	return cart
}

// Cash pays a sum with a note of a thousand, or with as many as it takes.
func Cash(t testing.TB, sum register.Money) []register.Payment {
	t.Helper()
	p, err := register.PayCash(sum, (sum+99_999)/100_000*100_000)
	ok(t, err)
	return []register.Payment{p}
}

// QR pays a sum by QR.
func QR(sum register.Money) []register.Payment {
	return []register.Payment{{Method: register.QR, Amount: sum, QRID: "q", BankID: "4402991763"}}
}

// Sale is a sale of a cart.
func Sale(t testing.TB, cart *register.Cart, payments []register.Payment) register.Sale {
	t.Helper()
	s, err := register.NewSale(cart, payments)
	ok(t, err)
	s.Receipt = 7
	return s
}

// Receipt is what a fiscal registrar said of the receipt that it made for a sale.
func Receipt() register.FiscalDocument {
	return register.FiscalDocument{
		Of: ref(7), Document: "sale", FN: "9999078900012345", Number: 1287, Sign: 98_125_746, At: At.In(time.FixedZone("", 5*60*60)),
		Shift: 12, InShift: 7, Registration: "0000000001012345", Total: 769_56,
		QR: "t=20261122T1605&s=769.56&fn=9999078900012345&i=1287&fp=98125746&n=1",
	}
}

func ref(receipt int64) register.Ref {
	return register.Ref{Journal: "01935f3e-0000-7000-8000-000000000001", Number: 17, ID: "x", Shift: 11, Receipt: receipt, At: At.Add(-26 * time.Hour)}
}

// Totals are those of a shift in which everything happened.
func Totals() register.Totals {
	return register.Totals{
		Sales:             register.Counter{Count: 1234, Sum: 98_765_432, Cash: 50_000_000, Card: 39_000_000, QR: 8_765_432, Prepaid: 1_000_000},
		Returns:           register.Counter{Count: 12, Sum: 1_234_567, Cash: 1_000_000, Card: 200_000, QR: 34_567},
		Prepayments:       register.Counter{Count: 3, Sum: 1_500_000, Card: 1_500_000},
		PrepaymentReturns: register.Counter{Count: 1, Sum: 100_000, Card: 100_000},
		CashIn:            register.Counter{Count: 1, Sum: 200_000, Cash: 200_000},
		CashOut:           register.Counter{Count: 2, Sum: 30_000_000, Cash: 30_000_000},
		Off:               345_678, Removed: 17, Receipts: 1250, CashStart: 500_000, CashEnd: 19_700_000,
	}
}

// Operations are operations of every kind that has a slip, by a name that says what is special about each.
func Operations(t testing.TB) map[string]register.Operation {
	t.Helper()
	all := map[string]register.Operation{}
	keep := func(name string, kind register.Kind, body any) { all[name] = Operation(t, kind, body) }
	sales(t, keep)
	returns(t, keep)
	prepayments(t, keep)
	keep("cash-in", register.KindCashIn, register.CashMove{Sum: 1_500_000, Reason: "Размен на выходные"})
	out := Operation(t, register.KindCashOut, register.CashMove{Sum: 12_345_678, Reason: "Инкассация, сумка 17"})
	out.Approved = "Петрова М. И."
	all["cash-out"] = out
	shifts(keep)
	return all
}

func sales(t testing.TB, keep func(string, register.Kind, any)) {
	t.Helper()
	plain := func() *register.Cart { return Cart(t, register.Rules{}) }
	sum := plain().Total()
	keep("sale-cash", register.KindSale, Sale(t, plain(), Cash(t, sum)))
	keep("sale-qr", register.KindSale, Sale(t, plain(), QR(sum)))
	discounted := Discounted(t, register.Rules{})
	mixed, err := register.PayMixed(discounted.Total(), 50_000, "Терминал 20114075, код 123456", 30_000)
	ok(t, err)
	keep("sale-discounts", register.KindSale, Sale(t, discounted, mixed))
	onTop := Discounted(t, register.Rules{OnTop: true})
	keep("sale-vat-on-top", register.KindSale, Sale(t, onTop, []register.Payment{{Method: register.Card, Amount: onTop.Total()}}))
}

func returns(t testing.TB, keep func(string, register.Kind, any)) {
	t.Helper()
	cart := Discounted(t, register.Rules{})
	mixed, err := register.PayMixed(cart.Total(), 50_000, "", 30_000)
	ok(t, err)
	back, err := register.NewReturn(Sale(t, cart, mixed), ref(7), nil,
		[]register.Want{{Line: 0, Quantity: 1000}, {Line: 1, Quantity: 100}, {Line: 2, Quantity: 1000}}, register.Cash, "Покупателю не подошло")
	ok(t, err)
	back.Receipt = 8
	keep("return", register.KindReturn, back)
	free, err := register.NewFreeReturn(Cart(t, register.Rules{}), register.Card, "Брак")
	ok(t, err)
	free.Receipt = 9
	keep("return-free", register.KindReturn, free)
}

func prepayments(t testing.TB, keep func(string, register.Kind, any)) {
	t.Helper()
	cart := Discounted(t, register.Rules{})
	pre, err := register.NewPrepayment(cart, 30_000, Cash(t, 30_000))
	ok(t, err)
	pre.Receipt = 3
	keep("prepayment", register.KindPrepayment, pre)
	order, err := register.OrderCart(pre, ref(3), pre.Amount)
	ok(t, err)
	handed := Sale(t, &order, Cash(t, order.Due()))
	keep("sale-prepaid", register.KindSale, handed)
	gone, err := register.NewReturn(handed, ref(7), nil, []register.Want{{Line: 0, Quantity: 2000}, {Line: 2, Quantity: 1000}, {Line: 1, Quantity: 356}, {Line: 3, Quantity: 1000}}, register.Cash, "")
	ok(t, err)
	gone.Receipt = 10
	keep("return-prepaid", register.KindReturn, gone)
	back, err := register.NewPrepaymentReturn(pre, ref(3), pre.Amount, nil, 20_000, register.Cash, "Заказ отменён")
	ok(t, err)
	back.Receipt = 4
	keep("prepayment-return", register.KindPrepaymentReturn, back)
}

func shifts(keep func(string, register.Kind, any)) {
	for name, more := range map[string]*register.Money{"": nil, "-counted": new(register.Money), "-missing": money(-12_345), "-over": money(5000)} {
		closed := register.ShiftClosed{Totals: Totals()}
		if more != nil {
			closed.Counted = money(Totals().CashEnd + *more)
		}
		keep("shift"+name, register.KindShiftClosed, closed)
	}
	keep("shift-empty", register.KindShiftClosed, register.ShiftClosed{})
}

func money(m register.Money) *register.Money { return &m }
