package fiscal_test

import (
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// Published figures: the tax that registrars compute, the last one of a real receipt (3 × 269.10 at 22 %).
func TestTaxAsRegistrarsRoundIt(t *testing.T) {
	for _, test := range []struct {
		sum  register.Money
		rate register.VAT
		want register.Money
	}{
		{17980, register.VAT10, 1635},
		{26664, register.VAT22, 4808},
		{16182, register.VAT10, 1471},
		{100000, register.VAT22of122, 18033},
		{50000, register.VAT22of122, 9016},
		{100, register.VAT5, 5},
		{9999, register.VAT7, 654},
		{80730, register.VAT22, 14558},
	} {
		if got := test.rate.Included(test.sum); got != test.want {
			t.Errorf("the tax in %s at %s is %s, want %s", test.sum, test.rate, got, test.want)
		}
	}
}

// Goods of a scale's barcode: 0.356 kg at 749.00 come to 266.644.
func TestAWeighedLine(t *testing.T) {
	d := document(t, register.KindSale, saleOf(t, cartOf(t, register.Rules{}, good{cheese, 356}), card(26664)), fiscal.Chain{})
	same(t, "lines", d.Lines, []fiscal.Line{line("Сыр весовой", 74900, 356, register.Kilogram, 26664, register.VAT22, fiscal.FullPayment)})
}

// The first is a receipt of a shop, the second the sample of the format's order (its storage number is of the draft's
// length).
func TestQRText(t *testing.T) {
	moscow := time.FixedZone("", 3*60*60)
	for _, test := range []struct {
		kind fiscal.Kind
		r    fiscal.Receipt
		want string
	}{
		{fiscal.Sale, fiscal.Receipt{FN: "9282000100072197", Number: 64318, Sign: 2918241905, At: time.Date(2019, 4, 18, 21, 16, 55, 0, moscow), Total: 394326},
			"t=20190418T2116&s=3943.26&fn=9282000100072197&i=64318&fp=2918241905&n=1"},
		{fiscal.Return, fiscal.Receipt{FN: "000110000105", Number: 12345678, Sign: 123456, At: time.Date(2015, 7, 20, 16, 38, 0, 0, moscow), Total: 999999900},
			"t=20150720T1638&s=9999999.00&fn=000110000105&i=12345678&fp=123456&n=2"},
		{fiscal.SaleCorrection, fiscal.Receipt{FN: "9999078902000123", Number: 1042, Sign: 780318453, At: time.Date(2026, 3, 14, 9, 5, 0, 0, time.UTC).In(moscow), Total: 5},
			"t=20260314T1205&s=0.05&fn=9999078902000123&i=1042&fp=780318453&n=1"},
	} {
		if got := fiscal.QRText(test.kind, test.r); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}
