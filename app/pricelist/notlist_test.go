package pricelist_test

import (
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"kassa/app/pricelist"
)

// photo is a JPEG as a camera makes it.
func photo(t testing.TB) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 {
		m.Set(i, i, color.RGBA{uint8(i * 4), 128, 255, 255})
	}
	var b strings.Builder
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// locked is a workbook with a password, in the container that Excel puts it into.
func locked(t testing.TB) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	out, err := excelize.Encrypt(b.Bytes(), &excelize.Options{Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestWhatIsNoPriceList(t *testing.T) {
	russian := strings.Repeat("наименование;цена\nМолоко топлёное;84,90\nХлеб;39\n", 5)
	as := func(m *charmap.Charmap) string {
		out, err := m.NewEncoder().String(russian)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	jpg := photo(t)
	xlsx := book(t, map[string][][]any{"A": {{"name", "price"}, {"Соль", 1}}}, "A")
	for name, c := range map[string]struct {
		text string
		why  pricelist.Why
	}{
		"nothing":                    {"", pricelist.WhyEmpty},
		"spaces":                     {" \n \n", pricelist.WhyEmpty},
		"a byte order mark":          {"\ufeff", pricelist.WhyEmpty},
		"nothing, packed":            {packed(""), pricelist.WhyEmpty},
		"a JPEG":                     {jpg, pricelist.WhyPicture},
		"a JPEG, packed":             {packed(jpg), pricelist.WhyPicture},
		"a PNG":                      {"\x89PNG\r\n\x1a\n\x00\x00", pricelist.WhyPicture},
		"a BMP":                      {"BM\x36\x00\x00\x00", pricelist.WhyPicture},
		"a WEBP":                     {"RIFF\x00\x00\x00\x00WEBPVP8 ", pricelist.WhyPicture},
		"a PDF":                      {"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", pricelist.WhyPDF},
		"an old Excel file":          {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 100_000) + "W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00", pricelist.WhyOldExcel},
		"a workbook with a password": {locked(t), pricelist.WhyPassword},
		"a ZIP":                      {zipped(t, "goods.csv", "name,price\nСоль,1\n"), pricelist.WhyArchive},
		"a RAR":                      {"Rar!\x1a\x07\x01\x00", pricelist.WhyArchive},
		"an ODS sheet":               {zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), pricelist.WhyDocument},
		"a DOCX":                     {zipped(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<x/>"), pricelist.WhyDocument},
		"a binary workbook":          {zipped(t, "[Content_Types].xml", "<Types/>", "xl/workbook.bin", "x"), pricelist.WhyDocument},
		"a web page":                 {"\n<!DOCTYPE html><html><table><tr><td>name", pricelist.WhyDocument},
		"XML":                        {"<?xml version=\"1.0\"?><Workbook/>", pricelist.WhyDocument},
		"a program":                  {"\x7fELF\x02\x01\x01\x00\x00\x00", pricelist.WhyBinary},
		"a text in KOI8-R":           {as(charmap.KOI8R), pricelist.WhyEncoding},
		"a text of DOS":              {as(charmap.CodePage866), pricelist.WhyEncoding},
		"a text of a Mac":            {as(charmap.MacintoshCyrillic), pricelist.WhyEncoding},
		"words":                      {"There was a crooked man", pricelist.WhyNoTable},
		"one column":                 {"name\nМолоко\n", pricelist.WhyNoTable},
		"half a workbook":            {xlsx[:len(xlsx)/2], pricelist.WhyDamaged},
		"a workbook without its end": {xlsx[:len(xlsx)-30], pricelist.WhyDamaged},
		"half a gzip":                {packed(strings.Repeat("name,price\nСоль,1\n", 50))[:20], pricelist.WhyDamaged},
		"no gzip at all":             {"\x1f\x8b\x08", pricelist.WhyDamaged},
		"no price":                   {"name,vat\nМолоко,10\n", pricelist.WhyNoPrice},
		"no name":                    {"code,price\n1,10\n", pricelist.WhyNoName},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(c.text)
			var not *pricelist.NotAList
			if !errors.Is(err, pricelist.ErrNotAList) || !errors.As(err, &not) || not.Why != c.why {
				t.Errorf("%v, want %s", err, c.why)
			}
		})
	}
}

func TestFilesOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "прайс.txt")
	if err := os.WriteFile(path, []byte("name\tprice\nСоль\t1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := pricelist.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a list can be gone through as often as one likes
		if r, err := f.Check(t.Context(), f.Guess(), nil); err != nil || r.Goods != 1 {
			t.Errorf("%d goods, %v", r.Goods, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.Check(t.Context(), f.Guess(), nil); err == nil || errors.Is(err, pricelist.ErrNotAList) {
		t.Errorf("a closed file: %v", err)
	}
	if _, err := pricelist.Open(filepath.Join(dir, "nothing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := pricelist.Open(dir); !errors.Is(err, pricelist.ErrNotAList) {
		t.Errorf("a folder: %v", err)
	}
}
