package atol_test

import (
	"testing"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// TestSituations makes the documents of the situations that a shop meets, and reads the tags of the fiscal storage.
func TestSituations(t *testing.T) {
	line := func(name string, price register.Money, method fiscal.Method, object fiscal.Object, vat register.VAT) fiscal.Line {
		return fiscal.Line{Name: name, Price: price, Quantity: register.One, Unit: register.Piece, Sum: price, VAT: vat, Method: method, Object: object}
	}
	table := line("Стол", 5000_00, fiscal.FullPayment, fiscal.Goods, register.VAT22)
	in := func(kind fiscal.Kind, p fiscal.Payments, l fiscal.Line) fiscal.Document {
		return fiscal.Document{Kind: kind, Operator: cashier, Payments: p, Total: p.Sum(), Lines: []fiscal.Line{l}}
	}
	for name, c := range map[string]struct {
		doc    fiscal.Document
		method int64 // 1214
		object int64 // 1212
		vat    int64 // 1199
		tax    register.Money
	}{
		"sale":                  {in(fiscal.Sale, fiscal.Payments{Cash: 4000_00, Electronic: 1000_00}, table), 4, 1, 11, 901_64},
		"return":                {in(fiscal.Return, fiscal.Payments{Electronic: 5000_00}, table), 4, 1, 11, 901_64},
		"full prepayment":       {in(fiscal.Sale, fiscal.Payments{Cash: 5000_00}, line("Стол", 5000_00, fiscal.FullPrepayment, fiscal.Goods, register.VAT22of122)), 1, 1, 12, 901_64},
		"part of it":            {in(fiscal.Sale, fiscal.Payments{Electronic: 1000_00}, line("Стол", 1000_00, fiscal.PartPrepayment, fiscal.Goods, register.VAT22of122)), 2, 1, 12, 180_33},
		"an advance":            {in(fiscal.Sale, fiscal.Payments{Electronic: 500_00}, line("Аванс", 500_00, fiscal.Advance, fiscal.Money, register.VAT22of122)), 3, 10, 12, 90_16},
		"offset in full":        {in(fiscal.Sale, fiscal.Payments{Prepaid: 5000_00}, table), 4, 1, 11, 901_64},
		"offset and the rest":   {in(fiscal.Sale, fiscal.Payments{Prepaid: 1000_00, Cash: 4000_00}, table), 4, 1, 11, 901_64},
		"prepayment given back": {in(fiscal.Return, fiscal.Payments{Electronic: 1000_00}, line("Стол", 1000_00, fiscal.PartPrepayment, fiscal.Goods, register.VAT22of122)), 2, 1, 12, 180_33},
		"on credit":             {in(fiscal.Sale, fiscal.Payments{Credit: 5000_00}, line("Стол", 5000_00, fiscal.Credit, fiscal.Goods, register.VAT22)), 6, 1, 11, 901_64},
		"the debt paid":         {in(fiscal.Sale, fiscal.Payments{Cash: 5000_00}, line("Стол", 5000_00, fiscal.CreditPayment, fiscal.Money, register.VATNone)), 7, 10, 6, 0},
		"milk at 10 %":          {in(fiscal.Sale, fiscal.Payments{Cash: 179_80}, line("Молоко", 179_80, fiscal.FullPayment, fiscal.Goods, register.VAT10)), 4, 1, 2, 16_35},
		"cheese at 22 %":        {in(fiscal.Sale, fiscal.Payments{Cash: 266_64}, line("Сыр", 266_64, fiscal.FullPayment, fiscal.Goods, register.VAT22)), 4, 1, 11, 48_08},
		"milk with a discount":  {in(fiscal.Sale, fiscal.Payments{Cash: 161_82}, line("Молоко", 161_82, fiscal.FullPayment, fiscal.Goods, register.VAT10)), 4, 1, 2, 14_71},
		"a rouble at 5 %":       {in(fiscal.Sale, fiscal.Payments{Cash: 1_00}, line("Спички", 1_00, fiscal.FullPayment, fiscal.Goods, register.VAT5)), 4, 1, 7, 5},
		"at 7 %":                {in(fiscal.Sale, fiscal.Payments{Cash: 99_99}, line("Чай", 99_99, fiscal.FullPayment, fiscal.Goods, register.VAT7)), 4, 1, 8, 6_54},
		"a published receipt":   {in(fiscal.Sale, fiscal.Payments{Cash: 807_30}, line("Корм", 807_30, fiscal.FullPayment, fiscal.Goods, register.VAT22)), 4, 1, 11, 145_58},
		"at 0 %":                {in(fiscal.Sale, fiscal.Payments{Cash: 10_00}, line("Книга", 10_00, fiscal.FullPayment, fiscal.Goods, register.VAT0)), 4, 1, 5, 0},
		"of last year":          {in(fiscal.Return, fiscal.Payments{Cash: 120_00}, line("Стул", 120_00, fiscal.FullPayment, fiscal.Goods, register.VAT20)), 4, 1, 1, 20_00},
	} {
		for _, ffd := range []string{fnsim.FFD105, fnsim.FFD12} {
			t.Run(name+" in FFD "+ffd, func(t *testing.T) {
				w := open(t, fnsim.Setup{FFD: ffd})
				w.make(openShift())
				w.make(cash(fiscal.CashIn, 10_000_00))
				c.doc.Mark = "m-" + name
				r := w.make(c.doc)
				record, err := w.unit.Find(r.Number)
				if err != nil {
					t.Fatal(err)
				}
				tags := record.Tags()
				l := tags["1059"].([]fnsim.Tags)[0]
				if l["1214"] != c.method || l["1212"] != c.object || l["1199"] != c.vat || l["1200"] != c.tax {
					t.Errorf("%+v", l)
				}
				p := c.doc.Payments
				got := fiscal.Payments{Cash: tags["1031"].(register.Money), Electronic: tags["1081"].(register.Money), Prepaid: tags["1215"].(register.Money),
					Credit: tags["1216"].(register.Money), Other: tags["1217"].(register.Money)}
				if got != p || tags["1020"] != p.Sum() {
					t.Errorf("paid %+v of %v", got, tags["1020"])
				}
				if mark := tags["1084"].(fnsim.Tags); mark["1086"] != c.doc.Mark {
					t.Errorf("%+v", mark)
				}
			})
		}
	}
}
