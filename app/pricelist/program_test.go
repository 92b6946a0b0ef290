package pricelist_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"kassa/app/pricelist"
	"kassa/assets/catalogue"
	"kassa/register"
)

func fixture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func open(t testing.TB, text string) *pricelist.File {
	t.Helper()
	f, err := pricelist.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// check reads a list as guessed and gives all of its goods with the report.
func check(t testing.TB, f *pricelist.File) ([]register.Product, pricelist.Report) {
	t.Helper()
	r, err := f.Check(t.Context(), f.Guess(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []register.Product
	for p, err := range f.Good(func(*pricelist.BadLine) {}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) != r.Goods {
		t.Errorf("the report says %d goods, there are %d", r.Goods, len(all))
	}
	return all, r
}

func quantity(q register.Quantity) *register.Quantity { return &q }

// What the usual programs write, as they write it.
var programs = []struct {
	name string
	want []register.Product
}{
	{"1c-retail.csv", []register.Product{
		{Code: "00-00000012", Article: "А-17", Name: `Молоко "Утро" 3,2% 0,93 л`, Barcodes: []string{"4600000000015"}, Unit: register.Piece, Price: 8490,
			VAT: register.VAT10, Stock: quantity(1_024_000), Group: "Продукты/Молочное"},
		{Code: "00-00000013", Name: `Сыр "Российский" 45%; вес.`, Unit: register.Kilogram, Price: 104900, VAT: register.VAT10, Stock: quantity(-3250),
			Group: "Продукты/Сыры"},
		{Code: "00-00000014", Article: "Б/2", Name: "Хлеб Бородинский", Barcodes: []string{"4600000000022", "4600000000039"}, Unit: register.Piece,
			Price: 3900, VAT: register.VAT10, Group: "Продукты/Хлеб"},
		{Code: "00-00000015", Name: "Пакет-майка", Unit: register.Piece, Price: 500, VAT: register.VATNone, Stock: quantity(500_000), Group: "Прочее"},
	}},
	{"1c-tree.csv", []register.Product{
		{Article: "М-32", Name: "Молоко 3,2%", Unit: register.Piece, Price: 8490, VAT: register.VAT22, Group: "Молочные продукты"},
		{Article: "К-1", Name: "Кефир 1%", Unit: register.Piece, Price: 7100, VAT: register.VAT22, Group: "Молочные продукты"},
		{Article: "Г-900", Name: "Гречка", Unit: register.Piece, Price: 9990, VAT: register.VAT22, Group: "Бакалея - крупы"},
		{Article: "Р-900", Name: "Рис", Unit: register.Piece, Price: 11990, VAT: register.VAT22, Group: "Бакалея - крупы"},
	}},
	{"moysklad.csv", []register.Product{
		{Code: "00001", Article: "С-1", Name: "Сок яблочный 1 л", Barcodes: []string{"4600000000046", "SOK-1"}, Unit: register.Piece, Price: 12990,
			VAT: register.VAT22, Stock: quantity(48_000), Group: "Напитки/Соки"},
		{Code: "00002", Name: "Вода 0.5", Barcodes: []string{"4600000000053", "96385074"}, Unit: register.Piece, Price: 4500, VAT: register.VATNone,
			Stock: quantity(-2000), Group: "Напитки", NoDiscount: true},
		{Code: "00003", Name: "Кофе зерновой", Unit: register.Kilogram, Price: 219000, VAT: register.VAT20, Stock: quantity(3500), Group: "Табак", NoDiscount: true},
	}},
	{"by-hand.csv", []register.Product{
		{Name: "Хлеб белый", Barcodes: []string{"4600000000060"}, Unit: register.Piece, Price: 4500, VAT: register.VAT10},
		{Name: "Батон нарезной", Barcodes: []string{"4600000000077"}, Unit: register.Piece, Price: 5250, VAT: register.VAT10},
		{Name: `Булка "Городская"`, Barcodes: []string{"4600000000084"}, Unit: register.Piece, Price: 3800, VAT: register.VAT10},
	}},
	{"english.csv", []register.Product{
		{Article: "A-1", Name: "Apple juice, 1 l", Barcodes: []string{"4600000000091"}, Unit: register.Piece, Price: 112990, VAT: register.VAT22,
			Stock: quantity(12_000), Group: "Drinks/Juices"},
		{Article: "A-2", Name: "Coffee beans", Unit: register.Kilogram, Price: 219000, VAT: register.VAT20, Stock: quantity(3500), Group: "Drinks/Coffee"},
	}},
}

func TestListsOfTheUsualPrograms(t *testing.T) {
	for _, c := range programs {
		t.Run(c.name, func(t *testing.T) {
			f := open(t, fixture(t, c.name))
			got, report := check(t, f)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("read with %+v:\n%s", f.Guess(), diff)
			}
			if report.BadLines != 0 {
				t.Errorf("bad lines: %+v", report.Bad)
			}
		})
	}
}

// encodings write a text as programs do.
var encodings = []struct {
	name  string
	is    pricelist.Encoding
	write func(string) string
}{
	{"UTF-8", pricelist.UTF8, func(s string) string { return s }},
	{"UTF-8 with a byte order mark", pricelist.UTF8, func(s string) string { return "\ufeff" + s }},
	{"UTF-16 little end first", pricelist.UTF16, func(s string) string { return wide(binary.LittleEndian, s) }},
	{"UTF-16 big end first", pricelist.UTF16, func(s string) string { return wide(binary.BigEndian, s) }},
	{"Windows-1251", pricelist.Windows1251, func(s string) string {
		out, err := charmap.Windows1251.NewEncoder().String(s)
		if err != nil {
			panic(err)
		}
		return out
	}},
}

func wide(order binary.AppendByteOrder, text string) string {
	var out []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func TestEveryEncoding(t *testing.T) {
	plain := fixture(t, "1c-retail.csv")
	for _, e := range encodings {
		for _, ends := range []string{"\n", "\r\n", "\r"} {
			for _, gz := range []bool{false, true} {
				text := e.write(strings.ReplaceAll(plain, "\n", ends))
				if gz {
					text = packed(text)
				}
				f := open(t, text)
				if got := f.Format(); got.Encoding != e.is || got.Divider != ";" || got.Packed != gz || got.Headings != 4 || got.Kind != pricelist.KindCSV {
					t.Errorf("%s, %q: it is %+v", e.name, ends, got)
				}
				got, _ := check(t, f)
				if diff := cmp.Diff(programs[0].want, got); diff != "" {
					t.Errorf("%s, %q:\n%s", e.name, ends, diff)
				}
			}
		}
	}
}

// The first Russian letter may come long after the beginning.
func TestLettersThatComeLate(t *testing.T) {
	plain := "name;price\n" + strings.Repeat("Salt;1\n", 40_000) + "Соль каменная;2\n"
	for _, e := range encodings[2:] {
		f := open(t, e.write(plain))
		all, report := check(t, f)
		if f.Format().Encoding != e.is || report.BadLines != 0 || all[len(all)-1].Name != "Соль каменная" {
			t.Errorf("%s: %+v, bad lines %+v", e.name, f.Format(), report.Bad)
		}
	}
}

func TestTheDemoCatalogueIsAPriceList(t *testing.T) {
	f, err := pricelist.NewReader(catalogue.Demo())
	if err != nil {
		t.Fatal(err)
	}
	all, report := check(t, f)
	if report.BadLines != 0 || len(all) < 300 {
		t.Errorf("%d goods, bad lines %+v", len(all), report.Bad)
	}
}
