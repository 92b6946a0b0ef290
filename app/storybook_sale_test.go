package app_test

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

// The answers that pictures of the sale screen ask for.

func (p *posed) Favourites(context.Context) ([]register.Product, error) { return p.favourites, nil }
func (p *posed) SetFavourite(context.Context, string, bool) error       { return p.wrong }
func (p *posed) Hold(context.Context, string) error                     { return p.wrong }
func (p *posed) Unhold(context.Context, string) error                   { return p.wrong }
func (p *posed) SetDiscount(context.Context, register.Discount) error   { return p.wrong }
func (p *posed) SetComment(context.Context, string) error               { return p.wrong }
func (p *posed) SetPrice(context.Context, int, register.Money) error    { return p.wrong }
func (p *posed) SetLineDiscount(context.Context, int, register.Discount) error {
	return p.wrong
}
func (p *posed) Prepay(context.Context, register.Money, till.Tender) (till.Sold, error) {
	return till.Sold{}, p.wrong
}

func (p *posed) Product(_ context.Context, id string) (register.Product, error) {
	for _, g := range p.goods {
		if g.ID == id {
			return g, nil
		}
	}
	return register.Product{}, problem(till.CodeUnknownProduct)
}

func (p *posed) Held(context.Context) ([]till.Held, error) {
	var out []till.Held
	names := []string{"Женщина в красном пальто, вернётся через полчаса", "", "Столик 4"}
	for i := range p.view.Held {
		out = append(out, till.Held{ID: names[i%3], At: noon.Add(-time.Duration(i*13) * time.Minute), Name: names[i%3], Cashier: "Иванова А. П.", Lines: 1 + i*7, Total: 1_234_50 << i})
	}
	return out, nil
}

// stocked is the shelf with what the shop has of each thing.
func stocked() []register.Product {
	goods := shelf()
	for i, q := range []register.Quantity{12_000, 0, 3_456, -2_000, 99_999_999, 1_000} {
		goods[i].Stock = &q
		goods[i].Article = []string{"", "МЛ-0012/345", ""}[i%3]
	}
	goods[3].NoDiscount = true
	return goods
}

// discounted is a receipt with everything that a receipt can have.
func discounted() till.View {
	v := standing()
	c := register.NewCart(register.Rules{MaxDiscount: 2000})
	for i, p := range shelf()[:6] {
		q := register.One * register.Quantity(1+i%3)
		if p.Unit.Weighed() {
			q = 1_356
		}
		_, _ = c.AddPriced(p, q, p.Price+register.Money(i/5*100))
	}
	_ = c.SetLineDiscount(1, register.Discount{Percent: 1050})
	_ = c.SetLineDiscount(3, register.Discount{Sum: 5_00})
	_ = c.SetLineComment(4, "Завернуть в подарочную бумагу, положить открытку и перевязать лентой")
	_ = c.SetDiscount(register.Discount{Percent: 500})
	who := register.Customer{ID: "c", Name: "Константинопольская Александра Владиславовна", Phone: "+7 900 123-45-67", Discount: 700}
	_ = c.SetCustomer(&who)
	_ = c.SetComment("Доставка после шести вечера, позвонить заранее")
	v.Lines, v.Total, v.Off, v.Due = c.Lines(), c.Total(), c.Off(), c.Due()
	v.Discount, v.Customer, v.Comment, v.Held = c.Discount(), c.Customer(), c.Comment(), 2
	return v
}

// ordered is a prepaid order that is handed over, with so much of it paid.
func ordered(paid func(total register.Money) register.Money) till.View {
	v := withBasket(4)
	v.Comment = "Заказ на субботу, Пётр"
	v.Order = &register.Order{Prepayment: register.Ref{ID: "x", Receipt: 118, Shift: 41}, Paid: paid(v.Total)}
	v.Due = v.Total - v.Order.Paid
	return v
}

func soldAs(kind register.Kind, payments ...register.Payment) till.View {
	v := standing()
	s := till.Sold{Kind: kind, Number: 9, Receipt: 119, Payments: payments}
	for _, p := range payments {
		s.Total, s.Given, s.Change, s.Method = s.Total+p.Amount, s.Given+p.Given, s.Change+p.Change, p.Method
	}
	v.Last = &s
	return v
}

// do is several things after another.
func do(all ...func(*apptest.Screen)) func(*apptest.Screen) {
	return func(s *apptest.Screen) {
		for _, f := range all {
			f(s)
		}
	}
}

// touch touches the first of some texts that is there: a button has another text in each language.
func touch(texts ...string) func(*apptest.Screen) {
	return func(s *apptest.Screen) {
		for _, t := range texts {
			if s.Tap(t) == nil {
				return
			}
		}
	}
}

func saleStories() []story {
	noCards, warned, long := withBasket(5), withBasket(3), withBasket(3)
	noCards.Settings.Card = false
	warned.Settings.Stock = till.StockWarn
	long.Lines[1].Name, long.Lines[1].NameEn = strings.Repeat("Очень длинное название ", 5)+"товара", ""
	long.Lines[1].FreePrice = true
	waiting := withBasket(2)
	waiting.Held = 3
	waitingEmpty := standing()
	waitingEmpty.Held = 3
	waiting.Parked = []till.QR{{ID: "a", Amount: 864_15, State: banks.StateWaiting}, {ID: "b", Amount: 99_999_999_99, State: banks.StateCreateUnknown}}
	many := standing()
	many.Held = 9
	rich := withBasket(16)
	rich.Total, rich.Due = register.MaxMoney, register.MaxMoney
	half := func(m register.Money) register.Money { return m / 2 }
	whole := func(m register.Money) register.Money { return m }
	cash := func(sum, given register.Money) register.Payment {
		return register.Payment{Method: register.Cash, Amount: sum, Given: given, Change: given - sum}
	}
	card := func(sum register.Money, slip string) register.Payment {
		return register.Payment{Method: register.Card, Amount: sum, Slip: slip}
	}
	at := noon
	favourites, sold := stocked()[:7], stocked()
	sold[0].Stock = new(register.Quantity)
	return []story{
		{name: "sale-discounted", view: discounted()},
		{name: "sale-stock", view: withBasket(5), goods: stocked()},
		{name: "sale-favourites", view: withBasket(1), goods: stocked(), favourites: favourites},
		{name: "sale-favourites-none", view: withBasket(1), do: touch("Избранное", "Favourites")},
		{name: "sale-group", view: withBasket(2), goods: stocked(), do: keys(fyne.KeyRight)},
		{name: "sale-long-line", view: long},
		{name: "sale-waiting", view: waiting},
		{name: "sale-no-cards", view: noCards},
		{name: "sale-order", view: ordered(half)},
		{name: "sale-order-paid", view: ordered(whole)},
		{name: "sale-short", view: warned, goods: sold, do: typed("4601234567890", fyne.KeyReturn)},
		{name: "sale-found-stock", view: withBasket(2), goods: stocked(), do: func(s *apptest.Screen) {
			s.Type("к")
			s.Type("е")
			_ = s.Until("the search", func() bool { return s.Says("46000000") })
		}},
		{name: "line-menu", view: withBasket(5), do: typed(" ")},
		{name: "line-menu-long", view: long, do: do(keys(fyne.KeyUp), typed(" "))},
		{name: "price", view: withBasket(5), do: do(typed(" "), touch("Цена", "Price"))},
		{name: "price-free", view: withBasket(1), err: problem(till.CodePriceNeeded, "name", "Букет цветов по заказу покупателя", "product", "p1"), do: typed("4601234567890", fyne.KeyReturn)},
		{name: "comment", view: withBasket(5), do: do(typed(" "), touch("Комментарий к строке", "Line comment"))},
		{name: "discount", view: discounted(), do: keys(fyne.KeyF4)},
		{name: "discount-typed", view: withBasket(3), do: do(keys(fyne.KeyF4), typed("7,5"))},
		{name: "discount-line-sum", view: discounted(), do: do(keys(fyne.KeyF4, fyne.KeyF6, fyne.KeyF8), typed("12,5"))},
		{name: "discount-refused", view: withBasket(3), err: problem(till.CodeDiscount, "most", "10"), do: do(keys(fyne.KeyF4), typed("50", fyne.KeyReturn))},
		{name: "product", view: standing(), goods: stocked(), now: func() time.Time { return at }, do: do(keys(fyne.KeyRight), func(s *apptest.Screen) {
			name := "Кефир 1 %"
			if s.Says("Kefir 1%") {
				name = "Kefir 1%"
			}
			_ = s.Hold(name, func() { at = at.Add(time.Second) })
		})},
		{name: "next-quantity", view: withBasket(3), do: do(touch("× кол-во", "× qty"), typed("3"))},
		{name: "hold", view: withBasket(3), do: keys(fyne.KeyF6)},
		{name: "held", view: waitingEmpty, do: keys(fyne.KeyF7)},
		{name: "held-swap", view: waiting, do: keys(fyne.KeyF7)},
		{name: "held-many", view: many, do: keys(fyne.KeyF7, fyne.KeyDown, fyne.KeyDown)},
		{name: "payment-no-cards", view: noCards, do: keys(fyne.KeyReturn)},
		{name: "payment-order", view: ordered(half), do: keys(fyne.KeyReturn)},
		{name: "payment-handover", view: ordered(whole), do: keys(fyne.KeyReturn)},
		{name: "card", view: withBasket(5), do: keys(fyne.KeyF9)},
		{name: "card-slip", view: rich, do: do(keys(fyne.KeyF9), typed("000123456789"))},
		{name: "mixed", view: withBasket(5), do: keys(fyne.KeyReturn, fyne.KeyF8)},
		{name: "mixed-card", view: withBasket(5), do: do(keys(fyne.KeyReturn, fyne.KeyF8), typed("300"))},
		{name: "mixed-cash", view: withBasket(5), do: do(keys(fyne.KeyReturn, fyne.KeyF8), typed("300", fyne.KeyReturn), typed("2000"))},
		{name: "mixed-much", view: withBasket(5), do: do(keys(fyne.KeyReturn, fyne.KeyF8), typed("30000"))},
		{name: "mixed-largest", view: rich, do: do(keys(fyne.KeyReturn, fyne.KeyF8), typed("44444444,44", fyne.KeyReturn))},
		{name: "prepay-whose", view: withBasket(5), do: keys(fyne.KeyReturn, fyne.KeyF6)},
		{name: "prepay", view: discounted(), do: keys(fyne.KeyReturn, fyne.KeyF6)},
		{name: "prepay-ways", view: discounted(), do: do(keys(fyne.KeyReturn, fyne.KeyF6), typed("500", fyne.KeyReturn))},
		{name: "sold-card", view: soldAs(register.KindSale, card(864_15, "000123"))},
		{name: "sold-mixed", view: soldAs(register.KindSale, card(500_00, "000123"), cash(364_15, 500_00))},
		{name: "sold-largest", view: soldAs(register.KindSale, cash(95_000_000_00, 99_999_999_99))},
		{name: "sold-prepayment", view: soldAs(register.KindPrepayment, cash(500_00, 1000_00))},
		{name: "sold-handover", view: soldAs(register.KindSale, register.Payment{Method: register.Prepaid, Amount: 500_00}, cash(364_15, 400_00))},
		{name: "sold-return", view: soldAs(register.KindReturn, cash(364_15, 364_15))},
		{name: "sold-return-card", view: soldAs(register.KindReturn, card(364_15, ""))},
		{name: "sold-prepayment-return", view: soldAs(register.KindPrepaymentReturn, cash(500_00, 500_00))},
	}
}
