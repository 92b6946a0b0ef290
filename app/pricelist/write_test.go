package pricelist_test

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kassa/app/pricelist"
	"kassa/register"
)

var outputs = []pricelist.Output{pricelist.OutputCSV, pricelist.OutputCSVExcel, pricelist.OutputXLSX}

func listOf(products ...register.Product) iter.Seq2[register.Product, error] {
	return func(yield func(register.Product, error) bool) {
		for _, p := range products {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// line draws a text as the till keeps it: one line, single spaces. Every sign that a list's format gives a meaning to is
// likely.
func line(least, most int) *rapid.Generator[string] {
	letters := rapid.OneOf(rapid.SampledFrom([]rune(" \"';,|\\/<>&=+-@_x0041#%«»—ёЯ\u00a0\u202e")), rapid.RuneFrom([]rune("aZ0я9Щ€漢")))
	return rapid.Custom(func(t *rapid.T) string {
		text := strings.Join(strings.Fields(rapid.StringOfN(letters, least, most, -1).Draw(t, "letters")), " ")
		if text == "" && least > 0 {
			return "Я"
		}
		return text
	})
}

// groups draws a path of groups. A level never holds the separator, and has something in it.
func groups() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var levels []string
		for _, l := range rapid.SliceOfN(line(1, 12), 0, 3).Draw(t, "levels") {
			if l = strings.TrimSpace(strings.ReplaceAll(l, register.GroupSeparator, "")); l != "" {
				levels = append(levels, strings.Join(strings.Fields(l), " "))
			}
		}
		return strings.Join(levels, register.GroupSeparator)
	})
}

// barcode draws one that no other product has: n says which product it is of.
func barcode(n string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		inside := rapid.StringOfN(rapid.RuneFrom([]rune(" !\"#$%&'()*+,-./019:;<=>?@AZ[\\]^_`az{|}~")), 0, 10, -1).Draw(t, "inside")
		return strings.TrimSpace(rapid.SampledFrom([]string{"", "=", "'", `"`, "-", "0"}).Draw(t, "first") + n + inside + rapid.StringMatching(`[0-9]{4}`).Draw(t, "last"))
	})
}

func product(n int) *rapid.Generator[register.Product] {
	return rapid.Custom(func(t *rapid.T) register.Product {
		p := register.Product{
			Name: line(1, 60).Draw(t, "name"), NameEn: line(0, 20).Draw(t, "name_en"), Article: line(0, 20).Draw(t, "article"),
			Group: groups().Draw(t, "group"), GroupEn: groups().Draw(t, "group_en"),
			Price:      register.Money(rapid.Int64Range(0, int64(register.MaxMoney)).Draw(t, "price")),
			VAT:        rapid.SampledFrom([]register.VAT{register.VATNone, register.VAT0, register.VAT5, register.VAT7, register.VAT10, register.VAT20, register.VAT22}).Draw(t, "vat"),
			Unit:       rapid.SampledFrom([]register.Unit{register.Piece, register.Kilogram, register.Litre, register.Metre}).Draw(t, "unit"),
			NoDiscount: rapid.Bool().Draw(t, "no_discount"), FreePrice: rapid.Bool().Draw(t, "free_price"),
			Marked: rapid.Bool().Draw(t, "marked"),
		}
		if rapid.Bool().Draw(t, "counted") {
			q := register.Quantity(rapid.Int64Range(-int64(register.MaxStock), int64(register.MaxStock)).Draw(t, "stock"))
			p.Stock = &q
		}
		if code := line(0, 20).Draw(t, "code"); code != "" {
			p.Code = fmt.Sprintf("%s%d", code, n)
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "barcodes") {
			p.Barcodes = append(p.Barcodes, barcode(fmt.Sprintf("b%d.%d", n, i)).Draw(t, "barcode"))
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "packs") {
			p.Packs = append(p.Packs, register.Pack{Barcode: barcode(fmt.Sprintf("p%d.%d", n, i)).Draw(t, "pack"), Name: line(0, 12).Draw(t, "pack's name"),
				Quantity: register.One * register.Quantity(rapid.Int64Range(1, 5000).Draw(t, "quantity"))})
		}
		return p
	})
}

// tillCanHave tells whether a till would take the product into its catalogue.
func tillCanHave(p register.Product) bool {
	p.ID = "id"
	return p.Check() == nil
}

// What Write has written reads back as it was, in every format, whatever the texts hold.
func TestWhatIsWrittenReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []register.Product
		for n := range rapid.IntRange(1, 4).Draw(t, "goods") {
			want = append(want, product(n).Filter(tillCanHave).Draw(t, "product"))
		}
		for _, o := range outputs {
			var b strings.Builder
			if err := pricelist.Write(&b, o, listOf(want...)); err != nil {
				t.Fatal(err)
			}
			f, err := pricelist.NewReader(strings.NewReader(b.String()))
			if err != nil {
				t.Fatalf("%s: %v", o, err)
			}
			var got []register.Product
			for p, err := range f.Goods(t.Context(), f.Guess(), pricelist.Pass{}) {
				if err != nil {
					t.Fatalf("%s: %v\n%s", o, err, b.String())
				}
				got = append(got, p)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s:\n%s", o, diff)
			}
		}
	})
}

func TestWritingStopsAtTheFirstError(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, o := range outputs {
		err := pricelist.Write(&strings.Builder{}, o, func(yield func(register.Product, error) bool) {
			if yield(register.Product{Name: "Соль", VAT: register.VAT10, Unit: register.Piece}, nil) {
				yield(register.Product{}, broken)
			}
		})
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", o, err)
		}
	}
	if err := pricelist.Write(&strings.Builder{}, "pdf", listOf()); err == nil {
		t.Error("a format that is not known was written")
	}
}
