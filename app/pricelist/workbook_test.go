package pricelist_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kassa/app/pricelist"
	"kassa/register"
)

// book makes a workbook as excelize writes it, a sheet after the other.
func book(t testing.TB, sheets map[string][][]any, order ...string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, name := range order {
		var err error
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			t.Fatal(err)
		}
		for n, row := range sheets[name] {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", n+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	return saved(t, f)
}

func saved(t testing.TB, f *excelize.File) string {
	t.Helper()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// parts makes a workbook of the parts that are given, the usual ones around them.
func parts(t testing.TB, sheet, shared string, more ...string) string {
	t.Helper()
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	all := []string{
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels", `<Relationships><Relationship Id="r" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:r="` + office + `"><sheets><sheet name="Лист1" sheetId="1" r:id="rId7"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId7" Type="` + office + `/worksheet" Target="/xl/worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId8" Type="` + office + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", sheet,
	}
	if shared != "" {
		all = append(all, "xl/sharedStrings.xml", shared)
	}
	return zipped(t, append(all, more...)...)
}

func zipped(t testing.TB, namesAndTexts ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(namesAndTexts); i += 2 {
		w, err := z.Create(namesAndTexts[i])
		if err == nil {
			_, err = w.Write([]byte(namesAndTexts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAWorkbook(t *testing.T) {
	text := book(t, map[string][][]any{
		"Обложка": {{"Прайс-лист ООО «Ромашка»"}},
		"Товары": {
			{"Прайс-лист", nil, "на 20.03.2026"},
			{},
			{"Код", "Наименование", "Штрихкод", "Цена", "НДС", "Ед. изм.", "Остаток"},
			{1, "Молоко", int64(4600000000015), 84.9, "10%", "шт", 12},
			{"02", "Сыр", "0400000000022", 1049, 0.1, "кг", -1.25},
			{"12E3", "Хлеб", 4.600000000039e12, 84.899999999999991, 0.22, nil, nil},
			{},
			{4, "Без цены"},
		},
		"Архив": {{"Наименование", "Цена"}, {"Старое", 1}},
	}, "Обложка", "Товары", "Архив")
	f := open(t, text)
	if got := f.Format(); got.Kind != pricelist.KindXLSX || got.Sheet != "Товары" || got.Headings != 3 || !cmp.Equal(got.Sheets, []string{"Обложка", "Товары", "Архив"}) {
		t.Errorf("it is %+v", got)
	}
	got, report := check(t, f)
	want := []register.Product{
		{Code: "1", Name: "Молоко", Barcodes: []string{"4600000000015"}, Price: 8490, VAT: register.VAT10, Unit: register.Piece, Stock: quantity(12_000)},
		{Code: "02", Name: "Сыр", Barcodes: []string{"0400000000022"}, Price: 104900, VAT: register.VAT10, Unit: register.Kilogram, Stock: quantity(-1250)},
		{Code: "12E3", Name: "Хлеб", Barcodes: []string{"4600000000039"}, Price: 8490, VAT: register.VAT22, Unit: register.Piece},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(report.Bad) != 1 || report.Bad[0].Line != 8 || report.Bad[0].Reason != pricelist.ReasonPrice {
		t.Errorf("bad lines are %+v", report.Bad)
	}
	if err := f.Choose(pricelist.Choice{Sheet: "Архив"}); err != nil {
		t.Fatal(err)
	}
	if got, _ := check(t, f); len(got) != 1 || got[0].Name != "Старое" {
		t.Errorf("in another sheet: %+v", got)
	}
	var not *pricelist.NotAList
	if err := f.Choose(pricelist.Choice{Sheet: "Лист9"}); !errors.As(err, &not) || not.Why != pricelist.WhyNoSheet || f.Format().Sheet != "Архив" {
		t.Errorf("a sheet that is not there: %v, %+v", err, f.Format())
	}
}

// What other programs than excelize write.
func TestSheetsAsOtherProgramsWriteThem(t *testing.T) {
	const head = `<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>price</t></is></c><c r="C1" t="str"><v>barcode</v></c></row>`
	milk := register.Product{Name: "Молоко & «Ко»", Price: 8490, VAT: register.VAT22, Unit: register.Piece, Barcodes: []string{"4600000000015"}}
	const shared = `<?xml version="1.0"?><!-- texts --><sst count="2"><si/><si><r><t>Моло</t></r><r><rPr><b/></rPr><t xml:space="preserve">ко &amp; </t></r>` +
		`<r><t><![CDATA[«Ко»]]></t></r><rPh sb="0" eb="1"><t>reading</t></rPh></si><si><t>4600000000015</t></si></sst>`
	for name, row := range map[string]string{
		"shared texts":             `<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>84.9</v></c><c r="C2" t="s"><v>2</v></c></row>`,
		"no references":            `<row><c t="s"><v>1</v></c><c><v>84.9</v></c><c><v>4600000000015</v></c></row>`,
		"Java's numbers":           `<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="n"><v>84.9</v></c><c r="C2"><v>4.600000000015E12</v></c></row>`,
		"a namespace":              `<x:row r="2"><x:c r="A2" t="s"><x:v>1</x:v></x:c><x:c r="B2"><x:v>84.9</x:v></x:c><x:c r="C2"><x:v>4600000000015</x:v></x:c></x:row>`,
		"a formula":                `<row r='2'><c r='A2' t='s'><v>1</v></c><c r='B2'><f>80+"&gt;"+4.9</f><v>84.900000000000006</v></c><c r='C2' t='str'><f>X1</f><v>4600000000015</v></c></row>`,
		"cells out of order":       `<row r="2"><c r="C2" t="s"><v>2</v></c><c r="A2" t="s"><v>1</v></c><c r="B2"><v>84.9</v></c></row>`,
		"escaped characters":       `<row r="2"><c r="A2" t="inlineStr"><is><t>&#x41C;олок_x043E_ &#38; «Ко»_x000D_&#10;</t></is></c><c r="B2"><v>84.9</v></c><c r="C2" t="s"><v>2</v></c></row>`,
		"empty rows and far cells": `<row r="2"/><row r="70"><c r="A70" t="s"><v>1</v></c><c r="B70"><v>84.9</v></c><c r="C70" t="s"><v>2</v></c><c r="XFD70"><v>7</v></c></row>`,
	} {
		f := open(t, parts(t, `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="x"><dimension ref="A1:C2"/><cols><col min="1"/></cols><sheetData>`+head+row+
			`</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`, shared))
		got, report := check(t, f)
		if diff := cmp.Diff([]register.Product{milk}, got); diff != "" {
			t.Errorf("%s: bad lines %+v\n%s", name, report.Bad, diff)
		}
	}
}

func TestDamagedWorkbooks(t *testing.T) {
	const good = `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>price</t></is></c></row>` +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>Соль</t></is></c><c r="B2"><v>1</v></c></row>`
	for name, c := range map[string]struct {
		sheet, shared string
		why           pricelist.Why
	}{
		"good":                        {good + `</sheetData></worksheet>`, "", ""},
		"it ends early":               {good, "", pricelist.WhyDamaged},
		"it ends in a tag":            {good + `<row r="3`, "", pricelist.WhyDamaged},
		"a text that is not there":    {good + `<row><c t="s"><v>9</v></c></row></sheetData></worksheet>`, "", pricelist.WhyDamaged},
		"a text of no number":         {good + `<row><c t="s"><v>x</v></c></row></sheetData></worksheet>`, "", pricelist.WhyDamaged},
		"a row of no number":          {good + `<row r="-1"></row></sheetData></worksheet>`, "", pricelist.WhyDamaged},
		"a cell of no place":          {good + `<row r="3"><c r="я3"/></row></sheetData></worksheet>`, "", pricelist.WhyDamaged},
		"a document type":             {`<!DOCTYPE x [<!ENTITY y "z">]>` + good + `</sheetData></worksheet>`, "", pricelist.WhyDamaged},
		"a tag without an end":        {good + "<row " + strings.Repeat(`a="b" `, 400_000), "", pricelist.WhyDamaged},
		"shared texts that end early": {good + `</sheetData></worksheet>`, `<sst><si><t>x</t></si>`, pricelist.WhyDamaged},
		"nothing":                     {`<worksheet/>`, "", pricelist.WhyEmpty},
		"one column":                  {`<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`, "", pricelist.WhyNoTable},
	} {
		_, err := readAll(parts(t, c.sheet, c.shared))
		var not *pricelist.NotAList
		if c.why == "" && err != nil || c.why != "" && (!errors.As(err, &not) || not.Why != c.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// readAll opens a list and goes through it as guessed; bad lines are passed over.
func readAll(text string) (goods []register.Product, err error) {
	f, err := pricelist.NewReader(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	for p, err := range f.Good(func(*pricelist.BadLine) {}) {
		if err != nil {
			return goods, errors.Join(err, f.Close())
		}
		goods = append(goods, p)
	}
	return goods, f.Close()
}

// A tear far behind what Open has looked at must be told, not taken for the list's end.
func TestATornFileIsNotAShorterList(t *testing.T) {
	var list strings.Builder
	list.WriteString("name,price\n")
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 60_000 {
		fmt.Fprintf(&list, "Товар %d,%d\n", i, random.IntN(100_000))
	}
	whole := packed(list.String())
	var not *pricelist.NotAList
	goods, err := readAll(whole[:len(whole)/2])
	if !errors.As(err, &not) || not.Why != pricelist.WhyDamaged || len(goods) == 0 {
		t.Errorf("half a gzip file: %d goods, %v", len(goods), err)
	}
	spoilt := []byte(whole)
	spoilt[len(spoilt)-6] ^= 1 // its check sum
	if _, err := readAll(string(spoilt)); !errors.As(err, &not) || not.Why != pricelist.WhyDamaged {
		t.Errorf("a spoilt gzip file: %v", err)
	}
}

// Our reading of sheets agrees with excelize's, whatever the cells hold.
func TestSheetsReadAsExcelizeReadsThem(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	words := []any{nil, "", "Хлеб", " a  b ", "<&>\"'", "_x0041_", "_x005F_x0041_", "line\nbreak", "12E3", "=1+1", 0, 1, -7, 84.9, 0.1 + 0.2, 1e15, 4600000000015, true, false, 1.5e-7}
	f := excelize.NewFile()
	defer f.Close()
	for row := range 300 {
		cells := []any{"x"}
		for range random.IntN(12) {
			cells = append(cells, words[random.IntN(len(words))])
		}
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", 2*row+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	text := saved(t, f)
	theirs, err := excelize.OpenReader(strings.NewReader(text), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	want, err := theirs.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	var filled [][]string
	for _, cells := range want {
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		for i := range cells {
			if cells[i] == "0.30000000000000004" {
				cells[i] = "0.3" // what a spreadsheet shows
			}
			if cells[i] == "1.5E-07" || cells[i] == "1.5e-07" {
				cells[i] = "0.00000015"
			}
		}
		if len(cells) > 0 {
			filled = append(filled, cells)
		}
	}
	if diff := cmp.Diff(filled[:200], open(t, text).Sample(1000)); diff != "" {
		t.Error(diff)
	}
}

// A part that says that it unpacks to gigabytes is refused before its first byte is read; one that lies about its size is
// found out by its reader.
func TestAWorkbookThatIsABomb(t *testing.T) {
	for _, c := range []struct {
		part string
		size uint64
		why  pricelist.Why
	}{
		{"xl/workbook.xml", 1 << 30, pricelist.WhyTooBig},
		{"xl/sharedStrings.xml", 1 << 30, pricelist.WhyTooBig},
		{"xl/worksheets/sheet1.xml", 1 << 40, pricelist.WhyTooBig},
		{"xl/worksheets/sheet1.xml", 10, pricelist.WhyDamaged},
	} {
		const sheet = `<worksheet><sheetData><row><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>`
		whole, err := zip.NewReader(strings.NewReader(parts(t, sheet, "<sst></sst>")), int64(len(parts(t, sheet, "<sst></sst>"))))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, p := range whole.File {
			h := p.FileHeader
			if h.Name == c.part {
				h.UncompressedSize64 = c.size
			}
			w, err := z.CreateRaw(&h)
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.OpenRaw()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(w, r); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		var not *pricelist.NotAList
		if _, err := readAll(b.String()); !errors.As(err, &not) || not.Why != c.why {
			t.Errorf("%s of %d bytes: %v", c.part, c.size, err)
		}
	}
}
