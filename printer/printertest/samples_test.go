package printertest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/printer/slip"
	"kassa/printer/slip/samples"
)

// sampleForms are forms of the made-up shop: as it is, and with goods on a line each and nothing that can be left out.
func sampleForms() map[string]slip.Form {
	usual := samples.Shop().Form
	return map[string]slip.Form{"usual": usual, "bare": {Hidden: slip.Parts(), OneLine: true}}
}

// Every template, as a shop with a logo and lines of its own prints it: the words on paper are those that were meant, and
// the codes are read from its picture.
func TestSamplesOnPaper(t *testing.T) {
	lang, err := i18n.Load(i18n.Russian)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"epson-80", "generic-58", "generic-42"} {
		p, ok := escpos.ProfileByName(name)
		if !ok {
			t.Fatalf("no profile %s", name)
		}
		for form, f := range sampleForms() {
			shop := samples.Shop()
			shop.Form, shop.Columns, shop.Registrar = f, p.Columns, form == "bare"
			for _, kind := range samples.Kinds() {
				t.Run(fmt.Sprint(kind, "-", form, "-", name), func(t *testing.T) {
					doc, err := samples.Make(kind, shop, p.Name, lang)
					if err != nil {
						t.Fatal(err)
					}
					checkSample(t, doc, p)
				})
			}
		}
	}
}

func checkSample(t *testing.T, doc printer.Document, p escpos.Profile) {
	t.Helper()
	paper := onPaper(t, doc, p)
	spelt := doc.Rewrite(strings.NewReplacer("…", "...", "₽", "руб.").Replace)
	if diff := cmp.Diff(meant(spelt, p.Columns), printedWords(paper)); diff != "" {
		t.Error(diff)
	}
	pictures := 0
	for _, e := range doc.Elements {
		if e.Picture != nil || e.QR != "" && p.QR == escpos.CodeRaster {
			pictures++
		}
	}
	if p.Bars == escpos.CodeRaster {
		pictures += len(barcodes(doc))
	}
	if len(paper.Pictures()) != pictures {
		t.Errorf("%d pictures, want %d", len(paper.Pictures()), pictures)
	}
	img := draw(t, paper)
	for _, code := range barcodes(doc) {
		if got := readBarcode(t, img); got != code {
			t.Errorf("the paper reads %q, want %q", got, code)
		}
	}
	for _, e := range doc.Elements {
		if e.QR != "" {
			if got := readQR(t, img); got != e.QR {
				t.Errorf("the paper reads %q, want %q", got, e.QR)
			}
		}
	}
}
