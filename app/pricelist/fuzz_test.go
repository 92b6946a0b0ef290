package pricelist_test

import (
	"errors"
	"strings"
	"testing"

	"kassa/app/pricelist"
)

// through reads whatever comes as a list: it must end in an error that says why, or in goods that the register takes.
func through(t *testing.T, text string) {
	t.Helper()
	f, err := pricelist.NewReader(strings.NewReader(text))
	if err != nil {
		if !errors.Is(err, pricelist.ErrNotAList) {
			t.Fatalf("no reason why: %v", err)
		}
		return
	}
	m := f.Guess()
	if len(m.Columns) != f.Width() || len(f.Headings()) != f.Width() {
		t.Fatalf("%d columns are mapped of %d", len(m.Columns), f.Width())
	}
	for i := range min(f.Width(), 2) { // look at the goods whatever the headings say
		if m.Column(pricelist.FieldName) < 0 {
			m.Set(i, pricelist.FieldName)
		} else if m.Column(pricelist.FieldPrice) < 0 {
			m.Set(i, pricelist.FieldPrice)
		}
	}
	if m.Check() != nil {
		return
	}
	last := 0
	pass := pricelist.Pass{Skip: func(b *pricelist.BadLine) {
		if b.Line <= last || len([]rune(b.Value)) > 61 {
			t.Fatalf("after line %d: %+v", last, b)
		}
		last = b.Line
	}}
	for p, err := range f.Goods(t.Context(), m, pass) {
		if err != nil {
			if !errors.Is(err, pricelist.ErrNotAList) {
				t.Fatalf("no reason why: %v", err)
			}
			return
		}
		p.ID = "id"
		if err := p.Check(); err != nil {
			t.Fatalf("a good line is none: %v", err)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, c := range programs {
		f.Add(fixture(f, c.name))
	}
	for _, e := range encodings {
		f.Add(e.write("name;price\nСоль;1\n"))
	}
	f.Add("name,price\nМолоко,1\n")
	f.Add("\ufeffНазвание;Цена;НДС\n\"Хл\"\"еб\";1,5;10\n;;;\n")
	f.Add("name\tprice\n\"")
	f.Add("name,price,name,barcode\na,1,b,\"1 2\n3\"\n")
	f.Add("name,price,packs,free_price\na,,\"4=1 x; \"\"5\"\"=2\",да\n")
	f.Add(packed("name,price\nМолоко,1\n"))
	f.Add(photo(f))
	f.Fuzz(through)
}

func FuzzWorkbook(f *testing.F) {
	whole := book(f, map[string][][]any{"A": {{"name", "price"}, {"Соль", 1.5}}}, "A")
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(whole[:len(whole)-40])
	f.Add(zipped(f, "xl/workbook.xml", "<workbook/>"))
	f.Add(locked(f))
	f.Fuzz(through)
}

// FuzzSheet reaches the XML within the ZIP, whose check sums a fuzzer cannot guess.
func FuzzSheet(f *testing.F) {
	f.Add(`<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>price</t></is></c></row><row r="7"><c r="A7" t="str"><v>Соль</v></c><c r="B7"><v>1.5E1</v></c></row></sheetData></worksheet>`,
		`<sst><si><t>name</t></si></sst>`)
	f.Add(`<!-- x --><?y?><x:worksheet><x:sheetData><x:row r="1048576"><x:c r="XFD1"><x:v>&#49;&lt;</x:v></x:c></x:row>`, ``)
	f.Add(`<worksheet><sheetData><row><c><v><![CDATA[1]]></v></c><c/></row></sheetData>`, `<sst><si><r><t>_x0041_</t></r><rPh><t>y</t></rPh></si></sst>`)
	f.Fuzz(func(t *testing.T, sheet, shared string) { through(t, parts(t, sheet, shared)) })
}
