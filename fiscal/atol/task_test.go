package atol

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kassa/fiscal"
	"kassa/register"
)

var moscow = time.FixedZone("", 3*60*60)

// table is a line of goods for 5000.00, or for what is given of it.
func table(price register.Money, method fiscal.Method, vat register.VAT) fiscal.Line {
	return fiscal.Line{Name: "Стол", Price: price, Quantity: register.One, Unit: register.Piece, Sum: price, VAT: vat, Method: method, Object: fiscal.Goods}
}

func receiptOf(kind fiscal.Kind, p fiscal.Payments, lines ...fiscal.Line) fiscal.Document {
	d := fiscal.Document{Kind: kind, Mark: "0198f3c2", Payments: p, Lines: lines, Total: p.Sum(), Operator: fiscal.Operator{Name: "Кассир Иванова А. П."}}
	return d
}

// example is the receipt of 446.44 for milk and cheese.
func example() fiscal.Document {
	d := receiptOf(fiscal.Sale, fiscal.Payments{Electronic: 446_44},
		fiscal.Line{Name: "Молоко 1 л", Price: 89_90, Quantity: 2000, Unit: register.Piece, Sum: 179_80, VAT: register.VAT10, Method: fiscal.FullPayment, Object: fiscal.Goods},
		fiscal.Line{Name: "Сыр весовой", Price: 749_00, Quantity: 356, Unit: register.Kilogram, Sum: 266_64, VAT: register.VAT22, Method: fiscal.FullPayment, Object: fiscal.Goods})
	d.Taxation, d.Notes = fiscal.TaxationOSN, []string{"Спасибо за покупку"}
	return d
}

const (
	marked  = `{"type":"userAttribute","name":"Операция","value":"0198f3c2","print":false}`
	ivanova = `"operator":{"name":"Кассир Иванова А. П."}`
)

// TestTasks compares what is sent with what the maker's description asks for, situation by situation.
func TestTasks(t *testing.T) {
	missed := example()
	missed.Kind, missed.Payments, missed.Notes, missed.Taxation = fiscal.SaleCorrection, fiscal.Payments{Cash: 446_44}, nil, ""
	missed.Correction = &fiscal.Correction{Date: time.Date(2026, 3, 10, 23, 30, 0, 0, moscow), Number: "12"}
	wrong := receiptOf(fiscal.ReturnCorrection, fiscal.Payments{Cash: 5000_00}, table(5000_00, fiscal.FullPayment, register.VAT22))
	wrong.Correction = &fiscal.Correction{ByOrder: true, Date: time.Date(2026, 3, 10, 0, 0, 0, 0, moscow), Wrong: "2780318453"}
	bread := register.VAT10
	discount := receiptOf(fiscal.Sale, fiscal.Payments{Cash: 161_82}, fiscal.Line{Name: "Молоко «Луг» — 1 л", Price: 80_91, Quantity: 2000, Unit: register.Piece,
		Sum: 161_82, VAT: bread, Method: fiscal.FullPayment, Object: fiscal.Goods, Off: 17_98})
	online := receiptOf(fiscal.Sale, fiscal.Payments{Cash: 5000_00}, table(5000_00, fiscal.FullPayment, register.VAT22))
	online.Contact, online.NoPaper, online.Buyer = "buyer@example.ru", true, &fiscal.Buyer{Name: "ООО «Ромашка»", INN: "3664069397"}
	money := table(1000_00, fiscal.Advance, register.VAT22of122)
	money.Name, money.Object = "Аванс", fiscal.Money
	desk := func(price, method, tax string) string {
		return `{"type":"position","name":"Стол","price":` + price + `,"quantity":1,"amount":` + price + `,"measurementUnit":"piece","piece":true,
			"paymentMethod":"` + method + `","paymentObject":"commodity","tax":{"type":"` + tax + `"}}`
	}
	for name, c := range map[string]struct {
		doc  fiscal.Document
		ffd  string
		want string
	}{
		"the maker's example": {example(), ffd12, `{"type":"sell","taxationType":"osn","electronically":false,` + ivanova + `,"items":[
			{"type":"position","name":"Молоко 1 л","price":89.90,"quantity":2,"amount":179.80,"measurementUnit":"piece","piece":true,
			 "paymentMethod":"fullPayment","paymentObject":"commodity","tax":{"type":"vat10"}},
			{"type":"position","name":"Сыр весовой","price":749.00,"quantity":0.356,"amount":266.64,"measurementUnit":"kilogram",
			 "paymentMethod":"fullPayment","paymentObject":"commodity","tax":{"type":"vat22"}},` + marked + `],
			"payments":[{"type":"electronically","sum":446.44}],"total":446.44,"postItems":[{"type":"text","text":"Спасибо за покупку","wrap":"words"}]}`},
		"the same in FFD 1.05": {example(), ffd105, `{"type":"sell","taxationType":"osn","electronically":false,` + ivanova + `,"items":[
			{"type":"position","name":"Молоко 1 л","price":89.90,"quantity":2,"amount":179.80,"measurementUnit":"шт","piece":true,
			 "paymentMethod":"fullPayment","paymentObject":"commodity","tax":{"type":"vat10"}},
			{"type":"position","name":"Сыр весовой","price":749.00,"quantity":0.356,"amount":266.64,"measurementUnit":"кг",
			 "paymentMethod":"fullPayment","paymentObject":"commodity","tax":{"type":"vat22"}},` + marked + `],
			"payments":[{"type":"electronically","sum":446.44}],"total":446.44,"postItems":[{"type":"text","text":"Спасибо за покупку","wrap":"words"}]}`},
		"a prepayment": {receiptOf(fiscal.Sale, fiscal.Payments{Electronic: 1000_00}, table(1000_00, fiscal.PartPrepayment, register.VAT22of122)), ffd12,
			`{"type":"sell","electronically":false,` + ivanova + `,"items":[` + desk("1000.00", "prepayment", "vat122") + `,` + marked + `],
			"payments":[{"type":"electronically","sum":1000.00}],"total":1000.00}`},
		"its handover": {receiptOf(fiscal.Sale, fiscal.Payments{Prepaid: 1000_00, Cash: 4000_00}, table(5000_00, fiscal.FullPayment, register.VAT22)), ffd12,
			`{"type":"sell","electronically":false,` + ivanova + `,"items":[` + desk("5000.00", "fullPayment", "vat22") + `,` + marked + `],
			"payments":[{"type":"prepaid","sum":1000.00},{"type":"cash","sum":4000.00}],"total":5000.00}`},
		"the prepayment given back": {receiptOf(fiscal.Return, fiscal.Payments{Electronic: 1000_00}, table(1000_00, fiscal.PartPrepayment, register.VAT22of122)), ffd12,
			`{"type":"sellReturn","electronically":false,` + ivanova + `,"items":[` + desk("1000.00", "prepayment", "vat122") + `,` + marked + `],
			"payments":[{"type":"electronically","sum":1000.00}],"total":1000.00}`},
		"an advance": {receiptOf(fiscal.Sale, fiscal.Payments{Cash: 1000_00}, money), ffd12,
			`{"type":"sell","electronically":false,` + ivanova + `,"items":[{"type":"position","name":"Аванс","price":1000.00,"quantity":1,"amount":1000.00,
			"measurementUnit":"piece","piece":true,"paymentMethod":"advance","paymentObject":"payment","tax":{"type":"vat122"}},` + marked + `],
			"payments":[{"type":"cash","sum":1000.00}],"total":1000.00}`},
		"a missed receipt in FFD 1.05": {missed, ffd105, `{"type":"sellCorrection","electronically":false,` + ivanova + `,"correctionType":"self",
			"correctionBaseDate":"2026.03.10","correctionBaseNumber":"12","payments":[{"type":"cash","sum":446.44}],
			"taxes":[{"type":"vat10","sum":16.35},{"type":"vat22","sum":48.08}],"total":446.44}`},
		"a wrong receipt undone in FFD 1.2": {wrong, ffd12, `{"type":"sellReturnCorrection","electronically":false,` + ivanova + `,"correctionType":"instruction",
			"correctionBaseDate":"2026.03.10","correctionBaseNumber":"б/н","items":[` + desk("5000.00", "fullPayment", "vat22") + `,
			{"type":"additionalAttribute","value":"2780318453","print":true},` + marked + `],"payments":[{"type":"cash","sum":5000.00}],"total":5000.00}`},
		"a discount": {discount, ffd12, `{"type":"sell","electronically":false,` + ivanova + `,"items":[{"type":"position","name":"Молоко \"Луг\" - 1 л","price":80.91,
			"quantity":2,"amount":161.82,"infoDiscountAmount":17.98,"measurementUnit":"piece","piece":true,"paymentMethod":"fullPayment",
			"paymentObject":"commodity","tax":{"type":"vat10"}},` + marked + `],"payments":[{"type":"cash","sum":161.82}],"total":161.82}`},
		"a receipt by e-mail alone": {online, ffd12, `{"type":"sell","electronically":true,` + ivanova + `,
			"clientInfo":{"emailOrPhone":"buyer@example.ru","name":"ООО \"Ромашка\"","vatin":"3664069397"},
			"items":[` + desk("5000.00", "fullPayment", "vat22") + `,` + marked + `],"payments":[{"type":"cash","sum":5000.00}],"total":5000.00}`},
		"the opening of a shift": {fiscal.Document{Kind: fiscal.OpenShift, Mark: "x", Operator: fiscal.Operator{Name: "Петров", INN: "500100732259"}}, ffd12,
			`{"type":"openShift","operator":{"name":"Петров","vatin":"500100732259"}}`},
		"a Z report":       {fiscal.Document{Kind: fiscal.CloseShift}, ffd12, `{"type":"closeShift"}`},
		"an X report":      {fiscal.Document{Kind: fiscal.XReport}, ffd12, `{"type":"reportX"}`},
		"change put in":    {fiscal.Document{Kind: fiscal.CashIn, Total: 1000_05}, ffd12, `{"type":"cashIn","cashSum":1000.05}`},
		"money taken away": {fiscal.Document{Kind: fiscal.CashOut, Total: 7}, ffd12, `{"type":"cashOut","cashSum":0.07}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := taskOf(c.doc, c.ffd)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(anyJSON(t, c.want), anyJSON(t, string(text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// anyJSON reads JSON with its numbers as they are written: 179.80 is not 179.8.
func anyJSON(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// TestWordsOfTheService holds the words for everything that a document can say.
func TestWordsOfTheService(t *testing.T) {
	for vat, want := range map[register.VAT]string{
		"none": "none", "0": "vat0", "5": "vat5", "7": "vat7", "10": "vat10", "20": "vat20", "22": "vat22", "5/105": "vat105", "7/107": "vat107",
		"10/110": "vat110", "20/120": "vat120", "22/122": "vat122",
	} {
		if taxTypes[vat] != want {
			t.Errorf("%s is %q", vat, taxTypes[vat])
		}
	}
	for i, want := range []string{1: "fullPrepayment", 2: "prepayment", 3: "advance", 4: "fullPayment", 5: "partialPayment", 6: "credit", 7: "creditPayment"} {
		if methods[fiscal.Method(i)] != want {
			t.Errorf("method %d is %q", i, methods[fiscal.Method(i)])
		}
	}
	for object, want := range map[fiscal.Object]string{fiscal.Goods: "commodity", fiscal.Work: "job", fiscal.Service: "service", fiscal.Money: "payment"} {
		if objects[object] != want {
			t.Errorf("object %d is %q", object, objects[object])
		}
	}
	for _, unit := range []register.Unit{register.Piece, register.Kilogram, register.Litre, register.Metre} {
		if measures[unit] == "" || units[unit] == "" {
			t.Errorf("unit %s has no word", unit)
		}
	}
}

// TestWhatCannotBeSent never reaches a device.
func TestWhatCannotBeSent(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*fiscal.Document)
		ffd   string
		want  error
	}{
		"a kind that there is not":           {func(d *fiscal.Document) { d.Kind = "lottery" }, ffd12, errNotInFFD},
		"a correction of a return, 1.05":     {func(d *fiscal.Document) { d.Kind = fiscal.ReturnCorrection }, ffd105, errNotInFFD},
		"payments that are not the total":    {func(d *fiscal.Document) { d.Payments.Cash++ }, ffd12, errBadDocument},
		"no lines":                           {func(d *fiscal.Document) { d.Lines = nil }, ffd12, errBadDocument},
		"no paper and nowhere to send":       {func(d *fiscal.Document) { d.NoPaper = true }, ffd12, errBadDocument},
		"a line without a name":              {func(d *fiscal.Document) { d.Lines[0].Name = " " }, ffd12, errBadDocument},
		"a line without a method":            {func(d *fiscal.Document) { d.Lines[0].Method = 0 }, ffd12, errBadDocument},
		"a line without an object":           {func(d *fiscal.Document) { d.Lines[0].Object = 0 }, ffd12, errBadDocument},
		"a line with a unit that is none":    {func(d *fiscal.Document) { d.Lines[0].Unit = "pood" }, ffd12, errBadDocument},
		"a line with a rate that is none":    {func(d *fiscal.Document) { d.Lines[0].VAT = "33" }, ffd12, errBadDocument},
		"a line of nothing":                  {func(d *fiscal.Document) { d.Lines[0].Quantity = 0 }, ffd12, errBadDocument},
		"a taxation that there is not":       {func(d *fiscal.Document) { d.Taxation = "envd" }, ffd12, errBadDocument},
		"a sale that corrects":               {func(d *fiscal.Document) { d.Correction = &fiscal.Correction{} }, ffd12, errBadDocument},
		"a correction that corrects nothing": {func(d *fiscal.Document) { d.Kind = fiscal.SaleCorrection }, ffd12, errBadDocument},
		"a correction without taxes": {func(d *fiscal.Document) {
			d.Kind, d.Correction, d.Lines = fiscal.SaleCorrection, &fiscal.Correction{}, nil
		}, ffd105, errBadDocument},
		"a correction with a rate that is none": {func(d *fiscal.Document) {
			d.Kind, d.Correction, d.Lines[1].VAT = fiscal.SaleCorrection, &fiscal.Correction{}, "33"
		}, ffd105, errBadDocument},
		"no cash": {func(d *fiscal.Document) { *d = fiscal.Document{Kind: fiscal.CashIn} }, ffd12, errBadDocument},
	} {
		d := example()
		c.spoil(&d)
		if got, err := taskOf(d, c.ffd); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestPrintable holds that a text fits the paper and the format.
func TestPrintable(t *testing.T) {
	for given, want := range map[string]string{
		"Молоко «Луг» — 1 л":     `Молоко "Луг" - 1 л`,
		"№ 5, 100 ₽ и 3 €":       "№ 5, 100 р. и 3 EUR",
		"  a\tb\nc\u00a0d  ":     "a b c d",
		"日本 ok":                  "?? ok",
		"zero\x00 and\u202e rtl": "zero and rtl",
		"Ёлка 2×2 … ½":           "Ёлка 2x2 ... 1/2",
		"\xff":                   "?",
		strings.Repeat("ы", 200): strings.Repeat("ы", 128),
	} {
		if got := printable(given, maxName); got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}
