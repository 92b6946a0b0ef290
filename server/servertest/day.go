package servertest

import (
	"encoding/json"
	"testing"
	"time"

	"kassa/register"
)

// Day is a shift with one operation of every kind, by their numbers in the journal.
type Day struct {
	Opened, Removed, Sale, Return, FreeReturn, Prepayment, Handed, Second, SecondBack int64
	CashIn, CashOut, Cleared, Drawer, Fiscal, Closed                                  int64
	Totals                                                                            register.Totals // of the shift
	Taken                                                                             register.Money  // sales less returns
}

// CashMissing is what the drawer lacks at the end of a Day.
const CashMissing register.Money = 1_50

// dayMaker puts a Day at a journal's end.
type dayMaker struct {
	t   testing.TB
	j   *Journal
	at  time.Time
	day Day
}

// AddDay puts a shift with every kind of operation at the journal's end: a sale with discounts to a customer who brings
// a part of it back, goods back with no receipt, an order that is prepaid and handed over, another one that is given up,
// moves of cash, and what a fiscal registrar said of the sale.
func (j *Journal) AddDay(t testing.TB, at time.Time) Day {
	t.Helper()
	m := &dayMaker{t: t, j: j, at: at}
	d := &m.day
	d.Opened = m.add(register.KindShiftOpened, register.ShiftOpened{Float: 5000_00})
	d.CashIn = m.add(register.KindCashIn, register.CashMove{Sum: 2000_00, Reason: "Размен"})
	m.sales()
	m.orders()
	cart := m.cart()
	d.Cleared = m.add(register.KindReceiptCleared, register.ReceiptCleared{Lines: cart.Lines(), Total: cart.Total()})
	d.Drawer = m.add(register.KindDrawerOpened, register.DrawerOpened{Reason: "Разменять купюру"})
	d.CashOut = m.add(register.KindCashOut, register.CashMove{Sum: 3000_00, Reason: "Инкассация"})
	d.Fiscal = m.add(register.KindFiscalDocument, register.FiscalDocument{Of: m.ref(d.Sale, 1), Document: "sale", FN: "9999078902000123", Number: 1042,
		Sign: 780318453, At: m.at, Shift: 37, InShift: 5, Registration: "0000000001061770", Total: 856_76,
		QR: "t=" + m.at.Format("20060102T1504") + "&s=856.76&fn=9999078902000123&i=1042&fp=780318453&n=1"})
	counted := d.Totals.CashEnd - CashMissing
	d.Closed = m.add(register.KindShiftClosed, register.ShiftClosed{Totals: d.Totals, Counted: &counted})
	d.Taken = d.Totals.Sales.Sum - d.Totals.Returns.Sum
	return *d
}

func (m *dayMaker) ok(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// add puts an operation at the journal's end and counts it. What needs leave has it.
func (m *dayMaker) add(kind register.Kind, body any) int64 {
	m.t.Helper()
	b, err := json.Marshal(body)
	m.ok(err)
	m.at = m.at.Add(time.Minute)
	o := register.Operation{Journal: m.j.ID, Number: int64(len(m.j.Records)) + 1, ID: "op", Kind: kind,
		Version: register.BodyVersion, At: m.at, Shift: 1, Cashier: "Анна", Body: b}
	if kind == register.KindReturn || kind == register.KindCashOut {
		o.Approved = "Мария Старшая"
	}
	record, err := o.Encode()
	m.ok(err)
	m.j.Records = append(m.j.Records, record)
	m.ok(m.day.Totals.Apply(o))
	return o.Number
}

func (m *dayMaker) ref(number, receipt int64) register.Ref {
	return register.Ref{Journal: m.j.ID, Number: number, ID: "op", Shift: 1, Receipt: receipt, At: m.at}
}

// cart holds goods by piece and by weight, with both kinds of discount, for a customer.
func (m *dayMaker) cart() *register.Cart {
	cart := register.NewCart(register.Rules{MaxDiscount: 2000})
	for _, g := range []struct {
		p register.Product
		q register.Quantity
	}{
		{register.Product{ID: "tea", Name: "Чай чёрный листовой", NameEn: "Black leaf tea", Unit: register.Piece, Price: 319_00, VAT: register.VAT22, Barcodes: []string{"4600000000024"}}, 2 * register.One},
		{register.Product{ID: "cheese", Name: "Сыр полутвёрдый", Unit: register.Kilogram, Price: 849_90, VAT: register.VAT10}, 356},
	} {
		_, err := cart.Add(g.p, g.q)
		m.ok(err)
	}
	m.ok(cart.SetLineDiscount(0, register.Discount{Percent: 1000}))
	m.ok(cart.SetDiscount(register.Discount{Sum: 20_00}))
	m.ok(cart.SetCustomer(&register.Customer{ID: "c1", Name: "Ольга Петрова", Phone: "+7 900 000-00-01", Card: "2900000000017"}))
	return &cart
}

func (m *dayMaker) sales() {
	d, cart := &m.day, m.cart()
	removed, err := cart.Remove(1)
	m.ok(err)
	d.Removed = m.add(register.KindLineRemoved, register.LineRemoved{Line: removed})
	cart = m.cart()
	m.ok(cart.SetLineComment(0, "Подарочная упаковка"))
	m.ok(cart.SetComment("Доставка после шести"))
	payments, err := register.PayMixed(cart.Total(), 500_00, "Терминал 4, код 123456", 1000_00)
	m.ok(err)
	sale, err := register.NewSale(cart, payments)
	m.ok(err)
	sale.Receipt = 1
	d.Sale = m.add(register.KindSale, sale)
	back, err := register.NewReturn(sale, m.ref(d.Sale, 1), nil, []register.Want{{Line: 0, Quantity: register.One}}, register.Cash, "Не подошёл вкус")
	m.ok(err)
	back.Receipt = 2
	d.Return = m.add(register.KindReturn, back)
	free, err := register.NewFreeReturn(m.cart(), register.Cash, "Чек утерян")
	m.ok(err)
	free.Receipt = 3
	d.FreeReturn = m.add(register.KindReturn, free)
}

func (m *dayMaker) orders() {
	d := &m.day
	order := func(receipt int64) (register.Prepayment, int64) {
		cart := m.cart()
		p, err := register.NewPrepayment(cart, 300_00, []register.Payment{{Method: register.Cash, Amount: 300_00, Given: 300_00}})
		m.ok(err)
		p.Receipt = receipt
		return p, m.add(register.KindPrepayment, p)
	}
	first, number := order(4)
	d.Prepayment = number
	cart, err := register.OrderCart(first, m.ref(number, 4), first.Amount)
	m.ok(err)
	handed, err := register.NewSale(&cart, []register.Payment{{Method: register.Card, Amount: cart.Due(), Slip: "код 654321"}})
	m.ok(err)
	handed.Receipt = 5
	d.Handed = m.add(register.KindSale, handed)
	second, number := order(6)
	d.Second = number
	back, err := register.NewPrepaymentReturn(second, m.ref(number, 6), second.Amount, nil, second.Amount, register.Cash, "Передумал")
	m.ok(err)
	back.Receipt = 7
	d.SecondBack = m.add(register.KindPrepaymentReturn, back)
}
