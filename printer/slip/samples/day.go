package samples

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kassa/printer/slip"
	"kassa/register"
)

var (
	zone    = time.FixedZone("MSK", 3*60*60)
	morning = time.Date(2026, 11, 23, 8, 55, 0, 0, zone)
	evening = time.Date(2026, 11, 23, 20, 45, 0, 0, zone)
)

const (
	journal = "01935f3e-0000-7000-8000-000000000001"
	cashier = "Иванова А. П."
	senior  = "Петрова М. И."
)

// Payload is what the bank gave to be shown as a QR code on the slip with a payment's code.
const Payload = "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=267400&cur=RUB&crc=AB75"

// day is one day of the shop.
type day struct {
	operations map[Kind]register.Operation
	number     int64
	totals     register.Totals
	shift      slip.Shift
	before     register.Totals // what the shift came to before it was closed
	receipt    register.FiscalDocument
	code       slip.Code
	err        error // the first one
}

// newDay rings up the day.
func newDay() (*day, error) {
	d := &day{operations: map[Kind]register.Operation{}, number: 40, shift: slip.Shift{Number: 12, Opened: morning, Cashier: cashier}}
	d.add("", register.KindShiftOpened, morning, register.ShiftOpened{Float: 5000_00})
	d.add(CashIn, register.KindCashIn, morning.Add(5*time.Minute), register.CashMove{Sum: 3000_00, Reason: "Размен"})
	sale := d.sale()
	d.add(Sale, register.KindSale, morning.Add(70*time.Minute), sale)
	d.fiscal(sale)
	d.paidByCode()
	d.add(Return, register.KindReturn, morning.Add(4*time.Hour), d.takenBack(sale))
	pre := d.order()
	d.add(Prepayment, register.KindPrepayment, morning.Add(6*time.Hour), pre)
	d.add(PrepaymentReturn, register.KindPrepaymentReturn, morning.Add(9*time.Hour), d.cancelled(pre))
	d.add(CashOut, register.KindCashOut, evening.Add(-10*time.Minute), register.CashMove{Sum: 8000_00, Reason: "Инкассация, сумка 17"})
	d.before = d.totals
	counted := d.totals.CashEnd
	d.add(Z, register.KindShiftClosed, evening.Add(5*time.Minute), register.ShiftClosed{Totals: d.totals, Counted: &counted})
	return d, d.err
}

// add writes an operation down, and counts it.
func (d *day) add(kind Kind, of register.Kind, at time.Time, body any) {
	data, err := json.Marshal(body)
	d.number++
	op := register.Operation{
		Journal: journal, Number: d.number, ID: fmt.Sprintf("01935f3e-0000-7000-8000-%012d", d.number), Kind: of,
		Version: register.BodyVersion, At: at.UTC(), Shift: d.shift.Number, Cashier: cashier, Body: data,
	}
	if of == register.KindReturn || of == register.KindCashOut {
		op.Approved = senior
	}
	d.fail(err)
	d.fail(d.totals.Apply(op))
	if kind != "" {
		d.operations[kind] = op
	}
}

func (d *day) fail(err error) { d.err = errors.Join(d.err, err) }

// ref names an operation that was written down.
func (d *day) ref(kind Kind, receipt int64) register.Ref {
	op := d.operations[kind]
	return register.Ref{Journal: op.Journal, Number: op.Number, ID: op.ID, Shift: op.Shift, Receipt: receipt, At: op.At}
}

// ring puts goods into a receipt.
func (d *day) ring(quantities map[int]register.Quantity) *register.Cart {
	cart := register.NewCart(register.Rules{MaxDiscount: 2000})
	for i, p := range goods() {
		if q, ok := quantities[i]; ok {
			_, err := cart.Add(p, q)
			d.fail(err)
		}
	}
	return &cart
}

func (d *day) sale() register.Sale {
	cart := d.ring(map[int]register.Quantity{0: 7000, 1: 2500, 2: 1000, 3: 356})
	d.fail(cart.SetLineDiscount(0, register.Discount{Percent: 1000}))
	d.fail(cart.SetLineComment(0, "без упаковки"))
	d.fail(cart.SetCustomer(&register.Customer{ID: "c", Name: "Смирнова Ольга", Card: "2900000000017"}))
	paid, err := register.PayCash(cart.Total(), 2000_00)
	d.fail(err)
	sale, err := register.NewSale(cart, []register.Payment{paid})
	d.fail(err)
	sale.Receipt = 1
	return sale
}

// paidByCode sells by a code that was printed.
func (d *day) paidByCode() {
	cart := d.ring(map[int]register.Quantity{4: 1000, 5: 1000, 2: 2000})
	at := morning.Add(2 * time.Hour)
	d.code = slip.Code{Amount: cart.Total(), Payload: Payload, Purpose: "Букет «Осенний»", At: at, Expires: at.Add(15 * time.Minute)}
	sale, err := register.NewSale(cart, []register.Payment{{Method: register.QR, Amount: cart.Total(), QRID: "q", BankID: "4402991763"}})
	d.fail(err)
	sale.Receipt = 2
	d.add("", register.KindSale, at.Add(time.Minute), sale)
}

func (d *day) takenBack(sale register.Sale) register.SaleReturn {
	back, err := register.NewReturn(sale, d.ref(Sale, sale.Receipt), nil, []register.Want{{Line: 2, Quantity: 1000}}, register.Cash, "Не подошёл размер")
	d.fail(err)
	back.Receipt = 3
	return back
}

func (d *day) order() register.Prepayment {
	cart := d.ring(map[int]register.Quantity{5: 3000, 6: 1000})
	d.fail(cart.SetCustomer(&register.Customer{ID: "c", Name: "Смирнова Ольга", Card: "2900000000017"}))
	d.fail(cart.SetComment("К субботе, к 12 часам"))
	pre, err := register.NewPrepayment(cart, 3000_00, []register.Payment{{Method: register.Card, Amount: 3000_00, Slip: "20114075, код 123456"}})
	d.fail(err)
	pre.Receipt = 4
	return pre
}

func (d *day) cancelled(pre register.Prepayment) register.PrepaymentReturn {
	back, err := register.NewPrepaymentReturn(pre, d.ref(Prepayment, pre.Receipt), pre.Amount, nil, pre.Amount, register.Card, "Заказ отменён")
	d.fail(err)
	back.Receipt = 5
	return back
}

// fiscal is what a registrar said of the sale's receipt.
func (d *day) fiscal(sale register.Sale) {
	op := d.operations[Sale]
	at := op.At.In(zone)
	d.receipt = register.FiscalDocument{
		Of: d.ref(Sale, sale.Receipt), Document: "sale", FN: "9999078900012345", Number: 1287, Sign: 398_125_746, At: at,
		Shift: 12, InShift: 1, Registration: "0000000001012345", Total: sale.Total,
		QR: fmt.Sprintf("t=%s&s=%d.%02d&fn=9999078900012345&i=1287&fp=398125746&n=1", at.Format("20060102T1504"), sale.Total/100, sale.Total%100),
	}
}

// goods are what the shop sells.
func goods() []register.Product {
	return []register.Product{
		{ID: "1", Name: "Роза «Ред Наоми»", NameEn: "Rose Red Naomi", Unit: register.Piece, Price: 189_00, VAT: register.VAT22},
		{ID: "2", Name: "Лента атласная", NameEn: "Satin ribbon", Unit: register.Metre, Price: 35_00, VAT: register.VAT22},
		{ID: "3", Name: "Открытка", NameEn: "Greeting card", Unit: register.Piece, Price: 120_00, VAT: register.VATNone},
		{ID: "4", Name: "Трюфели", NameEn: "Truffles", Unit: register.Kilogram, Price: 890_00, VAT: register.VAT22},
		{ID: "5", Name: "Букет «Осенний»", NameEn: "Autumn bouquet", Unit: register.Piece, Price: 1990_00, VAT: register.VAT22},
		{ID: "6", Name: "Ваза стеклянная «Капля» прозрачная, высота 25 см", NameEn: "Glass vase, clear, 25 cm high", Unit: register.Piece, Price: 444_00, VAT: register.VAT22},
		{ID: "7", Name: "Букет невесты", NameEn: "Bridal bouquet", Unit: register.Piece, Price: 4500_00, VAT: register.VAT22},
	}
}
