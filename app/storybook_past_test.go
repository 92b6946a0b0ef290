package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/apptest"
	"kassa/app/till"
	"kassa/register"
)

// goingBack is what a posed till knows of returns, prepayments and customers.
type goingBack struct {
	past       []till.Operation // in the place of the usual history
	related    []till.Operation // what goes back to any operation
	sale       *till.Returnable
	plan       error // what PlanReturn answers
	prepaid    []till.Prepayment
	people     []register.Customer
	unreadable bool // the disk fails after the first page
}

func (p *posed) Find(_ context.Context, s till.Search, before int64, limit int) ([]till.Operation, error) {
	past := p.past
	if p.back.past != nil {
		past = p.back.past
	}
	switch {
	case s.Basis != "":
		return p.back.related, nil
	case s.Text == "нет такого":
		return nil, nil
	case p.back.unreadable && before > 0:
		return nil, problem(till.CodeDisk)
	}
	var out []till.Operation
	for _, o := range past {
		if (before == 0 || o.Position < before) && len(out) < limit && (len(s.Kinds) == 0 && o.Kind != s.Except || slices.Contains(s.Kinds, o.Kind)) {
			out = append(out, o)
		}
	}
	return out, nil
}

func (p *posed) Operation(_ context.Context, position int64) (till.Operation, error) {
	for _, o := range p.past {
		if o.Position == position {
			return o, nil
		}
	}
	return till.Operation{}, problem(till.CodeNoSale)
}

func (p *posed) Returnable(context.Context, string) (till.Returnable, error) {
	if p.back.sale == nil {
		return till.Returnable{}, problem(till.CodeNoSale)
	}
	return *p.back.sale, nil
}

func (p *posed) PlanReturn(_ context.Context, r till.ReturnOrder) (register.SaleReturn, error) {
	s := p.back.sale
	if s == nil {
		return register.SaleReturn{}, problem(till.CodeNoSale)
	}
	back, err := register.NewReturn(s.Sale, s.Operation.Ref(s.Sale.Receipt), nil, r.Wants, r.Prefer, r.Reason)
	return back, errors.Join(err, p.back.plan)
}

func (p *posed) Prepayments(_ context.Context, text string, _ int64, _ int) ([]till.Prepayment, error) {
	if text != "" {
		return nil, nil
	}
	return p.back.prepaid, nil
}

func (p *posed) PrepaymentByID(_ context.Context, id string) (till.Prepayment, error) {
	for _, o := range p.back.prepaid {
		if o.ID == id {
			return o, nil
		}
	}
	return till.Prepayment{}, problem(till.CodeNoPrepayment)
}

func (p *posed) Customers(_ context.Context, text string, _, _ int) ([]register.Customer, error) {
	if text == "нет такого" {
		return nil, nil
	}
	return p.back.people, nil
}

const longWords = "Общество с ограниченной ответственностью «Северо-Западная производственно-торговая компания "

func people() []register.Customer {
	names := []string{"Смирнова Ольга Викторовна", "Ким", longWords + "имени первого космонавта»", "Иванов Пётр"}
	var out []register.Customer
	for i := range 14 {
		c := register.Customer{ID: fmt.Sprint("c", i), Name: names[i%len(names)], Phone: fmt.Sprintf("+7 900 000-00-%02d", i)}
		if i%3 != 1 {
			c.Card, c.Discount, c.Email = fmt.Sprintf("20001234567%02d", i), register.Percent(300+100*(i%5)), "purchasing.department@long-company-name.example.ru"
		}
		out = append(out, c)
	}
	return out
}

// storied makes an operation of the history.
func storied(i int64, kind register.Kind, v any) till.Operation {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return till.Operation{Position: i, Sent: i%2 == 0, Operation: register.Operation{
		ID: fmt.Sprint("s", i), Number: i, Kind: kind, At: noon.Add(time.Duration(i-40) * 5 * time.Minute), Shift: 42, Cashier: "Константинопольская А. П.", Body: b}}
}

// everyKind is a history with one operation of each kind, the newest first, each as full as it can be.
func everyKind() []till.Operation {
	who := people()[2]
	lines, total := basket(12)
	ref := register.Ref{ID: "s1", Number: 1, Shift: 41, Receipt: 118, At: noon.Add(-26 * time.Hour)}
	mixed := []register.Payment{{Method: register.Card, Amount: total - 100_00, Slip: "0042 код 881734"}, {Method: register.Cash, Amount: 100_00, Given: 500_00, Change: 400_00}}
	sale := register.Sale{Receipt: 119, Lines: lines, Total: total, Off: 250_00, Discount: register.Discount{Percent: 500}, Payments: mixed, Customer: &who,
		Comment: "Доставить завтра после обеда, домофон не работает, звонить по телефону", Prepayment: &ref}
	back := register.SaleReturn{Receipt: 120, Sale: &ref, Total: total, Payments: mixed, Customer: &who, Reason: "Не подошёл размер"}
	for i, l := range lines[:3] {
		back.Lines = append(back.Lines, register.ReturnLine{Of: i + 1, Line: l})
	}
	free := back
	free.Sale, free.Receipt = nil, 121
	counted := register.Money(101_000_00)
	totals := register.Totals{
		Sales: register.Counter{Count: 118, Sum: 99_999_999_99, Cash: 99_999_999_99}, Returns: register.Counter{Count: 3, Sum: 1_200_00, Cash: 1_200_00},
		Prepayments: register.Counter{Count: 2, Sum: 5_000_00, Card: 5_000_00}, PrepaymentReturns: register.Counter{Count: 1, Sum: 500_00, Card: 500_00},
		CashIn: register.Counter{Count: 1, Sum: 1_000_00, Cash: 1_000_00}, CashOut: register.Counter{Count: 2, Sum: 2_000_00, Cash: 2_000_00},
		Off: 1_812_40, Removed: 7, Receipts: 124, CashStart: 5_000_00, CashEnd: 101_320_00}
	prepaid := register.Prepayment{Receipt: 122, Lines: lines, Total: total, Amount: 500_00, Payments: mixed[:1], Customer: &who, Comment: "Торт на субботу"}
	all := []till.Operation{
		storied(40, register.KindSale, sale),
		storied(39, register.KindReturn, back),
		storied(38, register.KindReturn, free),
		storied(37, register.KindPrepayment, prepaid),
		storied(36, register.KindPrepaymentReturn, register.PrepaymentReturn{Receipt: 123, Prepayment: ref, Amount: 500_00, Payments: mixed[:1], Reason: "Передумал"}),
		storied(35, register.KindCashIn, register.CashMove{Sum: 1_000_00, Reason: "Размен"}),
		storied(34, register.KindCashOut, register.CashMove{Sum: 99_999_999_99, Reason: "Инкассация"}),
		storied(33, register.KindShiftClosed, register.ShiftClosed{Totals: totals, Counted: &counted}),
		storied(32, register.KindShiftOpened, register.ShiftOpened{Float: 5_000_00}),
		storied(31, register.KindLineRemoved, register.LineRemoved{Line: lines[0]}),
		storied(30, register.KindReceiptCleared, register.ReceiptCleared{Lines: lines[:4], Total: total}),
		storied(29, register.KindDrawerOpened, register.DrawerOpened{}),
	}
	for i := range all {
		all[i].Approved = "Старшая Смены А. А."
		all[i].Total = total
		all[i].Receipt = 119 + int64(i)
		if !all[i].Kind.Money() {
			all[i].Receipt = 0
		}
	}
	all[0].Payments, all[6].Total, all[7].Total = mixed, 99_999_999_99, 99_999_999_99
	return all
}

// soldOnce is a sale of n lines, of which the first came back and the second in part.
func soldOnce(n int, payments ...register.Payment) *till.Returnable {
	lines, total := basket(n)
	if len(payments) == 0 {
		payments = []register.Payment{{Method: register.Cash, Amount: total, Given: total}}
	}
	s := register.Sale{Receipt: 119, Lines: lines, Total: total, Payments: payments}
	op := storied(40, register.KindSale, s).Operation
	left := slices.Clone(lines)
	if n > 2 {
		left[0].Quantity = 0
		left[1].Quantity = register.One
	}
	return &till.Returnable{ID: op.ID, Operation: op, Sale: s, Left: left, Refundable: s.Refundable(nil)}
}

func prepaid() []till.Prepayment {
	var out []till.Prepayment
	for i := range 9 {
		lines, total := basket(2 + i)
		who := people()[i]
		p := register.Prepayment{Receipt: int64(10 + i), Lines: lines, Total: total, Amount: total / 2, Customer: &who, Comment: "К субботе",
			Payments: []register.Payment{{Method: register.Cash, Amount: total/2 - 10_00, Given: total}, {Method: register.Card, Amount: 10_00}}}
		if i%3 == 1 {
			p.Customer = nil
		}
		op := storied(int64(30-i), register.KindPrepayment, p)
		op.Receipt, op.Total = p.Receipt, p.Amount
		st := register.PrepaymentState{Paid: p.Amount}
		if i == 0 {
			st.Returned = 100_00
		}
		out = append(out, till.Prepayment{Operation: op, Order: p, State: st})
	}
	return out
}

func pastStories() []story {
	free := withBasket(3)
	free.Settings.ReturnWithoutSale = true
	freeEmpty := standing()
	freeEmpty.Settings.ReturnWithoutSale = true
	chosen := standing()
	chosen.Customer = &people()[2]
	bought := goingBack{people: people(), past: everyKind(), related: everyKind()[1:3]}
	whole := soldOnce(5)
	total := whole.Sale.Total
	_, nine := basket(9)
	mixed := soldOnce(9, register.Payment{Method: register.Card, Amount: 200_00}, register.Payment{Method: register.Cash, Amount: nine - 200_00, Given: nine - 200_00})
	gone := soldOnce(3)
	for i := range gone.Left {
		gone.Left[i].Quantity = 0
	}
	dear := soldOnce(64)
	dear.Sale.Lines[0].Price, dear.Sale.Lines[0].Sum = register.MaxMoney, register.MaxMoney
	dear.Left[0] = dear.Sale.Lines[0]
	back := func(s *till.Returnable) goingBack { return goingBack{sale: s, past: everyKind()} }
	sale := keys(fyne.KeyF8)
	one := keys(fyne.KeyF8, fyne.KeyReturn)
	history := keys(fyne.KeyF12)
	openHistory := func(more ...fyne.KeyName) func(*apptest.Screen) {
		return func(s *apptest.Screen) { history(s); s.Type("6"); keys(fyne.KeyReturn)(s); keys(more...)(s) }
	}
	openPrepaid := func(more ...fyne.KeyName) func(*apptest.Screen) {
		return func(s *apptest.Screen) { history(s); s.Type("5"); keys(fyne.KeyReturn)(s); keys(more...)(s) }
	}
	search := func(open func(*apptest.Screen), text string) func(*apptest.Screen) {
		return func(s *apptest.Screen) { open(s); s.Type(text); keys(fyne.KeyReturn)(s) }
	}
	out := []story{
		{name: "returns", view: standing(), back: bought, do: sale},
		{name: "returns-free-button", view: free, back: bought, do: sale},
		{name: "returns-none", view: standing(), back: goingBack{past: []till.Operation{}}, do: sale},
		{name: "returns-not-found", view: standing(), back: bought, do: search(sale, "нет такого")},
		{name: "return", view: standing(), back: back(whole), do: one},
		{name: "return-chosen", view: standing(), back: back(whole), do: keys(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6)},
		{name: "return-mixed", view: standing(), back: back(mixed), do: keys(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6)},
		{name: "return-sure", view: standing(), back: back(mixed), do: keys(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6, fyne.KeyReturn)},
		{name: "return-quantity", view: standing(), back: back(whole), do: keys(fyne.KeyF8, fyne.KeyReturn, fyne.KeyDown, fyne.KeyDown, fyne.KeyF3)},
		{name: "return-reason", view: standing(), back: back(whole), do: keys(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF4)},
		{name: "return-gone", view: standing(), back: back(gone), do: one},
		{name: "return-dear", view: standing(), back: back(dear), do: one},
		{name: "return-lost", view: standing(), back: goingBack{past: everyKind()}, do: one},
		{name: "return-free", view: free, do: keys(fyne.KeyF8, fyne.KeyF9)},
		{name: "return-free-empty", view: freeEmpty, do: keys(fyne.KeyF8, fyne.KeyF9)},
		{name: "prepayments", view: standing(), back: goingBack{prepaid: prepaid(), related: everyKind()[4:5]}, do: openPrepaid()},
		{name: "prepayments-none", view: standing(), do: openPrepaid()},
		{name: "prepayments-not-found", view: standing(), back: goingBack{prepaid: prepaid()}, do: search(openPrepaid(), "нет")},
		{name: "prepayment-back", view: standing(), back: goingBack{prepaid: prepaid()}, do: openPrepaid(fyne.KeyF8)},
		{name: "prepayment-sum", view: standing(), back: goingBack{prepaid: prepaid()}, do: openPrepaid(fyne.KeyF8, fyne.KeyF3)},
		{name: "customers", view: chosen, back: bought, do: keys(fyne.KeyF5)},
		{name: "customers-none", view: standing(), back: goingBack{past: []till.Operation{}}, do: keys(fyne.KeyF5)},
		{name: "customers-not-found", view: standing(), back: bought, do: search(keys(fyne.KeyF5), "нет такого")},
		{name: "customer-edit", view: standing(), back: bought, do: keys(fyne.KeyF5, fyne.KeyDown, fyne.KeyDown, fyne.KeyF3)},
		{name: "customer-new", view: standing(), back: bought, do: keys(fyne.KeyF5, fyne.KeyF4)},
		{name: "customer-discount", view: standing(), back: bought,
			do: keys(fyne.KeyF5, fyne.KeyF3, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)},
		{name: "history-days", view: standing(), do: openHistory(fyne.KeyF2)},
		{name: "history-kinds", view: standing(), do: openHistory(fyne.KeyF3)},
		{name: "history-methods", view: standing(), do: openHistory(fyne.KeyF4)},
		{name: "history-shifts", view: standing(), do: openHistory(fyne.KeyF6)},
		{name: "history-filtered", view: standing(), back: goingBack{past: everyKind()}, do: openHistory(fyne.KeyLeft, fyne.KeyLeft, fyne.KeyF4, fyne.KeyDown, fyne.KeyReturn)},
		{name: "history-failed", view: standing(), back: goingBack{unreadable: true, past: manyOperations()}, do: func(s *apptest.Screen) {
			openHistory()(s)
			for range 9 {
				keys(fyne.KeyPageDown)(s)
			}
		}},
	}
	for i, o := range everyKind() {
		down := slices.Repeat([]fyne.KeyName{fyne.KeyDown}, i)
		out = append(out, story{name: "history-" + strings.ReplaceAll(fmt.Sprint(i, "-", o.Kind), " ", ""), view: standing(),
			back: goingBack{past: everyKind(), related: everyKind()[1:3]}, do: openHistory(down...)})
	}
	for name, err := range map[string]error{"qr": problem(till.CodeReturnQR), "drawer": problem(till.CodeDrawer, "sum", register.Money(120_00)), "shift": problem(till.CodeReturnOtherShift)} {
		b := back(soldOnce(2, register.Payment{Method: register.QR, Amount: total, QRID: "x"}))
		b.plan = err
		out = append(out, story{name: "return-wrong-" + name, view: standing(), back: b, do: keys(fyne.KeyF8, fyne.KeyReturn, fyne.KeyF6)})
	}
	return out
}

// manyOperations is a history of more than a page.
func manyOperations() []till.Operation {
	var out []till.Operation
	for i := int64(200); i > 0; i-- {
		out = append(out, storied(i, register.KindDrawerOpened, register.DrawerOpened{Reason: "Размен"}))
	}
	return out
}
