package till_test

import (
	"iter"
	"strings"
	"testing"
	"time"

	"kassa/app/till"
	"kassa/register"
)

// stocked adds goods to the catalogue.
func (w *world) stocked(goods ...register.Product) *world {
	w.Helper()
	var seq iter.Seq2[register.Product, error] = func(yield func(register.Product, error) bool) {
		for _, p := range goods {
			if !yield(p, nil) {
				return
			}
		}
	}
	_, err := w.store.ImportGoods(w.Context(), seq, nil)
	w.must(err)
	return w
}

// ean gives twelve digits their check digit.
func ean(digits string) string { return digits + string(register.CheckDigit(digits)) }

func TestWhatAScanComesTo(t *testing.T) {
	w := newWorld(t).staffed().working()
	three := 3 * register.One
	w.stocked(
		register.Product{Name: "Сыр", Code: "4626", Unit: register.Kilogram, Price: 749_00, VAT: register.VAT10},
		register.Product{Name: "Булочки", Code: "00077", Unit: register.Piece, Price: 12_50, VAT: register.VAT10},
		register.Product{Name: "Вода", Barcodes: []string{ean("460000000001")}, Unit: register.Piece, Price: 50_00, VAT: register.VAT20,
			Packs: []register.Pack{{Barcode: ean("460000000002"), Name: "блок", Quantity: 6 * register.One}}},
		register.Product{Name: "Последние", Barcodes: []string{ean("460000000003")}, Unit: register.Piece, Price: 10_00, VAT: register.VAT22, Stock: &three},
		register.Product{Name: "Услуга", Barcodes: []string{ean("460000000004")}, Unit: register.Piece, VAT: register.VATNone, FreePrice: true},
	)
	w.choose(func(s *till.Settings) {
		s.Scales = append(s.Scales, register.ScaleMask{Pattern: "25CCCCCWWWWWK", Kind: register.ScalePrice})
		s.Stock = till.StockForbid
	})
	_, err := w.SaveCustomer(t.Context(), register.Customer{Name: "Ирина", Card: "2900000000018"})
	w.must(err)
	for _, c := range []struct {
		name, code string
		quantity   register.Quantity
		line       register.Quantity // of the newest line
		sum        register.Money
		want       till.Code
	}{
		{name: "a weight", code: "2004626002149", quantity: register.One, line: 214, sum: 160_29},
		{name: "pieces, the code with its zeros", code: ean("230007700004"), quantity: register.One, line: 4 * register.One, sum: 50_00},
		{name: "a label's price", code: ean("250462616045"), quantity: register.One, line: register.One, sum: 160_45},
		{name: "nothing on the scales", code: ean("200462600000"), quantity: register.One, want: till.CodeEmptyWeight},
		{name: "a weight of goods that nobody knows", code: ean("209999900214"), quantity: register.One, want: till.CodeUnknownBarcode},
		{name: "a pack", code: ean("460000000002"), quantity: 2 * register.One, line: 12 * register.One, sum: 600_00},
		{name: "the last three", code: ean("460000000003"), quantity: 3 * register.One, line: 3 * register.One, sum: 30_00},
		{name: "a fourth", code: ean("460000000003"), quantity: register.One, want: till.CodeNoStock},
		{name: "a price that the cashier names", code: ean("460000000004"), quantity: register.One, want: till.CodePriceNeeded},
		{name: "so many packs that no line holds them", code: ean("460000000002"), quantity: register.MaxQuantity / 1000 * 1000, want: till.CodeTooMuch},
		{name: "minus one", code: milk, quantity: -register.One, want: till.CodeBadQuantity},
	} {
		got, err := w.Scan(t.Context(), c.code, c.quantity)
		if c.want != "" {
			if !is(err, c.want) {
				t.Errorf("%s: %+v, %v", c.name, got, err)
			}
			continue
		}
		if err != nil || got.Line < 0 {
			t.Errorf("%s: %+v, %v", c.name, got, err)
			continue
		}
		if l := w.View().Lines[got.Line]; l.Quantity != c.line || l.Sum != c.sum {
			t.Errorf("%s: %s for %s", c.name, l.Quantity, l.Sum)
		}
	}
	if l := w.View().Lines[3]; l.VAT != register.VAT22 {
		t.Errorf("water of an old price list is sold at %s", l.VAT)
	}

	card, err := w.Scan(t.Context(), "2900000000018", register.One)
	if err != nil || card.Customer == nil || w.View().Customer == nil || w.View().Customer.Name != "Ирина" {
		t.Errorf("a customer's card: %+v, %v", card, err)
	}
	sold, err := w.Pay(t.Context(), till.Tender{Card: w.View().Due})
	w.must(err)
	code := w.newest().ReceiptCode()
	found, err := w.Scan(t.Context(), code, register.One)
	if err != nil || found.Receipt == nil || found.Receipt.ID != sold.ID || found.Line != -1 {
		t.Errorf("a receipt's code: %+v, %v", found, err)
	}
	left, _, err := w.store.Stock(t.Context(), w.productID("Последние"))
	if err != nil || left != 0 {
		t.Errorf("%s are left, %v", left, err)
	}
}

func (w *world) productID(name string) string {
	w.Helper()
	found, err := w.Search(w.Context(), name, 1)
	w.must(err)
	if len(found) != 1 {
		w.Fatalf("no %q", name)
	}
	return found[0].ID
}

func TestASaleIsFoundAgain(t *testing.T) {
	w := newWorld(t).working()
	ctx := t.Context()
	w.scan(milk)
	first, err := w.PayCash(ctx, 84_90)
	w.must(err)
	w.scan(bread)
	second, err := w.Pay(ctx, till.Tender{Card: 89_90})
	w.must(err)
	at := w.newest().At
	for _, c := range []struct {
		name string
		find till.Search
		want []string
	}{
		{"all sales", till.Search{Kinds: []register.Kind{register.KindSale}}, []string{second.ID, first.ID}},
		{"a receipt's number", till.Search{Text: "1", Kinds: []register.Kind{register.KindSale}}, []string{first.ID}},
		{"a sum", till.Search{Text: "84,90"}, []string{first.ID}},
		{"words of goods", till.Search{Text: "молоко 3,2"}, []string{second.ID}},
		{"a method", till.Search{Method: register.Card}, []string{second.ID}},
		{"yesterday", till.Search{To: at.Add(-24 * time.Hour)}, nil},
		{"the QR of a fiscal receipt", till.Search{Text: "t=" + at.UTC().Format("20060102T1504") + "&s=89.90&fn=9999078902000123&i=1042&fp=2780318453&n=1"}, []string{second.ID}},
		{"a sum that nobody paid", till.Search{Text: "77,77"}, nil},
	} {
		found, err := w.Find(ctx, c.find, 0, 10)
		w.must(err)
		var ids []string
		for _, o := range found {
			ids = append(ids, o.ID)
		}
		if len(ids) != len(c.want) {
			t.Errorf("%s: %v, want %v", c.name, ids, c.want)
			continue
		}
		for i := range ids {
			if ids[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, ids, c.want)
			}
		}
	}
}

// A scale's label finds its goods, and the sales of them, without being rung up.
func TestScaleLabelIsSearched(t *testing.T) {
	w := newWorld(t).working()
	ctx := t.Context()
	found, err := w.Search(ctx, "zzzz", 5)
	if err != nil || len(found) != 0 {
		t.Fatalf("found %+v, %v", found, err)
	}
	goods, err := w.AllGoods(ctx, "", 500)
	w.must(err)
	for _, p := range goods {
		if !p.Unit.Weighed() || p.Code == "" || len(p.Code) > 5 {
			continue
		}
		label := ean("20" + strings.Repeat("0", 5-len(p.Code)) + p.Code + "01250")
		found, err := w.Search(ctx, label, 5)
		if err != nil || len(found) != 1 || found[0].ID != p.ID {
			t.Fatalf("label %s of %s found %+v, %v", label, p.Name, found, err)
		}
		_, err = w.Scan(ctx, label, register.One)
		w.must(err)
		sold, err := w.PayCash(ctx, w.View().Due)
		w.must(err)
		sales, err := w.Find(ctx, till.Search{Text: label}, 0, 5)
		if err != nil || len(sales) != 1 || sales[0].ID != sold.ID {
			t.Fatalf("sales of %s: %+v, %v", p.Name, sales, err)
		}
		return
	}
	t.Fatal("the practice catalogue weighs nothing")
}

// A volume in a name is looked for like any word; what can only be a sum is not.
func TestASumIsNoNameOfGoods(t *testing.T) {
	w := newWorld(t).working()
	w.stocked(register.Product{Name: "Вода 1,75 л", Barcodes: []string{ean("460000000001")}, Unit: register.Piece, Price: 50_00, VAT: register.VAT22},
		register.Product{Name: "Ключ 12,75", Barcodes: []string{ean("460000000003")}, Unit: register.Piece, Price: 60_00, VAT: register.VAT22})
	w.scan(ean("460000000001"))
	w.scan(ean("460000000003"))
	_, err := w.PayCash(t.Context(), 110_00)
	w.must(err)
	for text, want := range map[string]int{"1,75": 1, "12,75": 0, "110,00": 1} {
		found, err := w.Find(t.Context(), till.Search{Text: text, Kinds: []register.Kind{register.KindSale}}, 0, 10)
		if err != nil || len(found) != want {
			t.Errorf("%q finds %d sales, want %d (%v)", text, len(found), want, err)
		}
	}
}
