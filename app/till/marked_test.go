package till_test

import (
	"testing"

	"kassa/app/till"
	"kassa/register"
)

// TestMarkedGoodsAreRefused tries every way on to a receipt. The marking code itself is known for what it is, whatever
// the catalogue knows of the goods.
func TestMarkedGoodsAreRefused(t *testing.T) {
	w := newWorld(t).staffed().working()
	w.stocked(
		register.Product{Name: "Туфли", Barcodes: []string{ean("460000000001")}, Unit: register.Piece, Price: 500_00, VAT: register.VAT22, Marked: true},
		register.Product{Name: "Молоко весовое", Code: "4626", Barcodes: []string{ean("460000000002")}, Unit: register.Kilogram, Price: 90_00, VAT: register.VAT10, Marked: true},
		register.Product{Name: "Шуба", Barcodes: []string{ean("460000000003")}, Unit: register.Piece, VAT: register.VAT22, FreePrice: true, Marked: true},
		register.Product{Name: "Вода", Barcodes: []string{ean("460000000004")}, Unit: register.Piece, Price: 50_00, VAT: register.VAT22},
	)
	tail := "215Qbag!\x1d93Zjqw"
	for name, c := range map[string]struct {
		code     string
		quantity register.Quantity
	}{
		"a barcode":                          {code: ean("460000000001"), quantity: register.One},
		"by weight, with none named":         {code: ean("460000000002")},
		"a scale's label":                    {code: "2004626002149"},
		"with a price of the cashier's":      {code: ean("460000000003"), quantity: register.One},
		"a marking code":                     {code: "010" + ean("460000000001") + tail},
		"goods that are not known as marked": {code: "010" + ean("460000000004") + tail},
		"goods that nobody knows":            {code: "010" + ean("460999999999") + tail},
	} {
		if got, err := w.Scan(t.Context(), c.code, c.quantity); !is(err, till.CodeMarked) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := w.Add(t.Context(), w.productID("Туфли"), register.One); !is(err, till.CodeMarked) {
		t.Errorf("a tile: %v", err)
	}
	if _, err := w.AddPriced(t.Context(), w.productID("Шуба"), register.One, 5000_00); !is(err, till.CodeMarked) {
		t.Errorf("at a price: %v", err)
	}
	if n := len(w.View().Lines); n != 0 {
		t.Errorf("%d lines on the receipt", n)
	}
}
