package printertest_test

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/printer/printersim"
	"kassa/printer/slip"
	"kassa/printer/slip/sliptest"
	"kassa/register"
)

const payload = "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=123450&cur=RUB&crc=AB75"

var (
	at   = sliptest.At
	shop = sliptest.Shop()
)

// goods is a sale of products, each at its price and in its quantity.
func goods(t *testing.T, lines ...register.Line) register.Operation {
	t.Helper()
	var cart register.Cart
	for i, l := range lines {
		p := register.Product{ID: fmt.Sprint(i), Name: "Товар", Unit: l.Unit, Price: l.Price, VAT: l.VAT}
		if _, err := cart.Add(p, l.Quantity); err != nil {
			t.Fatal(err)
		}
	}
	total := cart.Total()
	given := min((total/100000+1)*100000, register.MaxMoney)
	s, err := register.NewSale(&cart, []register.Payment{{
		Method: register.Cash, Amount: total, Given: given, Change: given - total,
	}})
	if err != nil {
		t.Fatal(err)
	}
	s.Receipt = 7
	for i := range s.Lines {
		s.Lines[i].Name = lines[i].Name // which may be one that no cart takes: paper must stand it all the same
	}
	return sliptest.Operation(t, register.KindSale, s)
}

// slips are all slips of the till, in one language.
func slips(t *testing.T, tag string) map[string]printer.Document {
	t.Helper()
	lang, err := i18n.Load(tag)
	if err != nil {
		t.Fatal(err)
	}
	docs := map[string]printer.Document{}
	keep := func(name string, doc printer.Document, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		docs[name] = doc
	}
	operations := sliptest.Operations(t)
	for name, op := range operations {
		doc, _, err := slip.For(shop, op, lang)
		keep(name, doc, err)
	}
	doc, err := slip.Copy(shop, operations["return"], at.Add(time.Hour), lang)
	keep("copy", doc, err)
	doc, err = slip.QR(shop, slip.Code{
		Amount: 123450, Payload: payload, Purpose: "Покупка в магазине «Ромашка»", At: at, Expires: at.Add(15 * time.Minute),
	}, lang)
	keep("qr", doc, err)
	keep("x", slip.XReport(shop, slip.Shift{Number: 12, Opened: at.Add(-5 * time.Hour), Cashier: "Иванова А. П."}, sliptest.Totals(), at, lang), nil)
	return docs
}

// checker is what a test and a property have in common.
type checker interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// onPaper encodes and decodes a document, and checks what must hold for any job.
func onPaper(t checker, doc printer.Document, p escpos.Profile) printersim.Paper {
	t.Helper()
	job, err := escpos.Encode(doc, p)
	if err != nil {
		t.Fatal(err)
	}
	paper, err := model(p).Decode(job)
	if err != nil {
		t.Fatal(err)
	}
	paper.Columns, paper.Dots = p.Columns, p.DotsWidth
	if paper.Ignored > 0 {
		t.Errorf("%d bytes not understood: %x", paper.Ignored, paper.Unknown)
	}
	if w := paper.Widest(); w > p.Columns {
		t.Errorf("a line of %d columns on %d", w, p.Columns)
	}
	if paper.RealTime > 0 {
		t.Errorf("%d real-time commands inside other data", paper.RealTime)
	}
	if paper.Unfinished != "" {
		t.Errorf("%q stays in the printer", paper.Unfinished)
	}
	if paper.Truncated {
		t.Error("the paper is longer than the printer keeps")
	}
	for _, img := range paper.Pictures() {
		if w := img.Width; w > (p.DotsWidth+7)/8*8 {
			t.Errorf("a picture of %d dots on %d", w, p.DotsWidth)
		}
	}
	if wantCuts := map[bool]int{true: 0, false: 1}[p.Cut == escpos.CutNone || len(doc.Elements) == 0]; paper.Cuts != wantCuts {
		t.Errorf("%d cuts, want %d", paper.Cuts, wantCuts)
	}
	if wantKicks := map[bool]int{true: 1, false: 0}[doc.OpenDrawer && p.Drawer.Pin != 0]; paper.Drawer != wantKicks {
		t.Errorf("drawer kicked %d times, want %d", paper.Drawer, wantKicks)
	}
	if wantBeeps := map[bool]int{true: 1, false: 0}[doc.Beep && p.Buzzer != escpos.BuzzerNone]; paper.Beeps != wantBeeps {
		t.Errorf("buzzer sounded %d times, want %d", paper.Beeps, wantBeeps)
	}
	return paper
}

// model is how a printer of the profile reads its text, from the makers' tables.
func model(p escpos.Profile) printersim.Model {
	maker, _, _ := strings.Cut(p.Name, "-")
	return printersim.ByMaker(maker)
}

// drawn tells the profiles whose paper is looked at dot by dot: one of each way to print.
func drawn(p escpos.Profile) bool {
	switch p.Name {
	case "generic-80", "generic-58", "picture-58", "columns-58", "epson-80":
		return true
	}
	return false
}

// meant is the words of a document as a CP866 printer should show them, one sign for one.
func meant(doc printer.Document, columns int) []string {
	var texts []printer.Element
	for _, e := range doc.Elements {
		if e.QR == "" && e.Barcode == "" && e.EAN13 == "" && e.Picture == nil {
			texts = append(texts, e)
		}
	}
	text := printer.PlainText(printer.Document{Elements: texts}, columns)
	return strings.Fields(strings.NewReplacer("«", `"`, "»", `"`, "—", "-", "–", "-", "’", "'", "×", "x", "\u00a0", " ").Replace(text))
}

func printedWords(paper printersim.Paper) []string {
	words := []string{}
	for _, line := range paper.Lines() {
		words = append(words, strings.Fields(line)...)
	}
	return words
}

func TestSlipsOnPaper(t *testing.T) {
	for _, tag := range i18n.Tags() {
		for name, doc := range slips(t, tag) {
			for _, p := range escpos.Profiles() {
				if tag != i18n.Russian && !drawn(p) {
					continue
				}
				t.Run(strings.Join([]string{name, tag, p.Name}, "-"), func(t *testing.T) {
					paper := onPaper(t, doc, p)
					if p.Text == escpos.TextPicture {
						readLetters(t, doc, p, paper)
					} else if diff := cmp.Diff(meant(doc, p.Columns), printedWords(paper)); diff != "" {
						t.Error(diff)
					}
					if tag != i18n.Russian || !drawn(p) {
						return
					}
					img := draw(t, paper)
					for _, code := range barcodes(doc) {
						if got := readBarcode(t, img); got != code {
							t.Errorf("the paper reads %q, want %q", got, code)
						}
					}
				})
			}
		}
	}
}

func barcodes(doc printer.Document) []string {
	var all []string
	for _, e := range doc.Elements {
		if e.Barcode != "" {
			all = append(all, e.Barcode)
		}
	}
	return all
}

// draw draws the paper; with KASSA_PAPER set to a folder the pictures stay there to be looked at.
func draw(t *testing.T, paper printersim.Paper) image.Image {
	t.Helper()
	img, err := paper.Image()
	if err != nil {
		t.Fatal(err)
	}
	dir := os.Getenv("KASSA_PAPER")
	if dir == "" {
		return img
	}
	f, err := os.Create(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+".png"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		t.Fatal(err)
	}
	return img
}

func readQR(t testing.TB, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("reading the QR code: %v", err)
	}
	return result.GetText()
}

func TestQRIsReadFromThePaper(t *testing.T) {
	contents := map[string]string{
		"payment":  payload,
		"short":    "https://qr.nspk.ru/A",
		"long":     "https://qr.nspk.ru/" + strings.Repeat("AB12", 120),
		"cyrillic": "Оплата 1 234,50",
	}
	for name, content := range contents {
		doc := printer.Document{Elements: []printer.Element{
			{Text: &printer.Text{Text: "К оплате", Align: printer.Center}},
			{QR: content},
			{Text: &printer.Text{Text: "Спасибо", Align: printer.Center}},
		}}
		for _, p := range escpos.Profiles() {
			t.Run(name+"-"+p.Name, func(t *testing.T) {
				paper := onPaper(t, doc, p)
				if p.QR == escpos.CodeNative {
					if diff := cmp.Diff([]string{content}, paper.QR); diff != "" {
						t.Error(diff)
					}
				} else if len(paper.QR) > 0 || len(paper.Pictures()) == 0 {
					t.Errorf("%d pictures, codes %q", len(paper.Pictures()), paper.QR)
				}
				if !drawn(p) {
					return
				}
				if got := readQR(t, draw(t, paper)); got != content {
					t.Errorf("the paper reads %q, want %q", got, content)
				}
			})
		}
	}
}

func readBarcode(t testing.TB, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := oned.NewCode128Reader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("reading the barcode: %v", err)
	}
	return result.GetText()
}

func TestBarcodeIsReadFromThePaper(t *testing.T) {
	contents := map[string]string{
		"receipt":                   "9000000041123456",
		"last receipt":              "9099999999999999",
		"opens the drawer":          "9000001620123456",
		"asks for the state":        "9000001604123456",
		"asks twice":                "9000001605160412",
		"odd digits":                "90000",
		"letters":                   "Kassa {7}",
		"pairs of digits and a sum": "00102030405060708090",
	}
	for name, content := range contents {
		doc := printer.Document{Elements: []printer.Element{
			{Text: &printer.Text{Text: "Спасибо", Align: printer.Center}},
			{Barcode: content},
		}}
		for _, p := range escpos.Profiles() {
			t.Run(name+"-"+p.Name, func(t *testing.T) {
				paper := onPaper(t, doc, p)
				if diff := cmp.Diff([]string{content}, paper.Barcodes); diff != "" && p.Bars == escpos.CodeNative {
					t.Error(diff)
				}
				if !drawn(p) {
					return
				}
				if got := readBarcode(t, draw(t, paper)); got != content {
					t.Errorf("the paper reads %q, want %q", got, content)
				}
			})
		}
	}
}

// What cannot be bars is text that people can type.
func TestBarcodeThatDoesNotFitIsText(t *testing.T) {
	for name, content := range map[string]string{
		"too long": strings.Repeat("1234567890", 6), "not ASCII": "Чек 5", "control characters": "12\x1b@", "commands all over": "9016041605162016",
	} {
		t.Run(name, func(t *testing.T) {
			paper := onPaper(t, printer.Document{Elements: []printer.Element{{Barcode: content}}}, escpos.Generic58())
			if len(paper.Barcodes) != 0 || len(paper.Lines()) == 0 {
				t.Errorf("barcodes %q, lines %q", paper.Barcodes, paper.Lines())
			}
		})
	}
}

func TestStrangeNames(t *testing.T) {
	names := map[string]string{
		"quotes":        "Кефир «Домик в деревне» — 3,2 %…",
		"short i":       "Чай «Акбар» кои\u0306",
		"emoji":         "Сок 🍎🍏 яблоко 👨‍👩‍👧‍👦",
		"rouble":        "Монета 10 ₽ × 5 ≈ 50 €",
		"no spaces":     strings.Repeat("Сверхдлинноеназвание", 6),
		"commands":      "Хлеб\x1b@\x1dV\x00\x10\x14\x01\x00\x08",
		"not UTF-8":     "Хлеб \xd0\xff\xfe",
		"right to left": "חלב عصير",
		"Chinese":       "绿茶 100",
	}
	lang, err := i18n.Load(i18n.Russian)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range names {
		for _, p := range escpos.Profiles() {
			t.Run(name+"-"+p.Name, func(t *testing.T) {
				op := goods(t, register.Line{Name: text, Unit: register.Piece, Price: 100, VAT: register.VAT22, Quantity: 1000})
				doc, _, err := slip.For(shop, op, lang)
				if err != nil {
					t.Fatal(err)
				}
				onPaper(t, doc, p)
			})
		}
	}
}

func TestLargestSumIsNotBroken(t *testing.T) {
	lang, err := i18n.Load(i18n.Russian)
	if err != nil {
		t.Fatal(err)
	}
	op := goods(t, register.Line{Name: "Алмаз", Unit: register.Piece, Price: register.MaxMoney, VAT: register.VAT22, Quantity: 1000})
	doc, _, err := slip.For(shop, op, lang)
	if err != nil {
		t.Fatal(err)
	}
	code, err := slip.QR(shop, slip.Code{Amount: register.MaxMoney, Payload: payload, At: at}, lang)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range escpos.Profiles() {
		for name, doc := range map[string]printer.Document{"sale": doc, "qr": code} {
			t.Run(name+"-"+p.Name, func(t *testing.T) {
				paper := onPaper(t, doc, p)
				if p.Text == escpos.TextPicture {
					readLetters(t, doc, p, paper)
				} else if !strings.Contains(paper.Text(), "99 999 999,99") {
					t.Errorf("the sum is broken:\n%s", paper.Text())
				}
				draw(t, paper)
			})
		}
	}
}

func TestManyLinesAndNone(t *testing.T) {
	lang, err := i18n.Load(i18n.Russian)
	if err != nil {
		t.Fatal(err)
	}
	var many []register.Line
	for i := range register.MaxLines {
		many = append(many, register.Line{
			Name: fmt.Sprintf("Товар номер %d с довольно длинным названием, каких много", i+1),
			Unit: register.Piece, Price: 12345, VAT: register.VAT22, Quantity: 2000,
		})
	}
	doc, _, err := slip.For(shop, goods(t, many...), lang)
	if err != nil {
		t.Fatal(err)
	}
	none, _, err := slip.For(shop, sliptest.Operation(t, register.KindSale, register.Sale{Receipt: 1}), lang)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range escpos.Profiles() {
		for name, doc := range map[string]printer.Document{"many": doc, "no lines": none, "nothing": {}} {
			t.Run(name+"-"+p.Name, func(t *testing.T) {
				paper := onPaper(t, doc, p)
				if p.Text == escpos.TextPicture {
					readLetters(t, doc, p, paper)
				} else if diff := cmp.Diff(meant(doc, p.Columns), printedWords(paper)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}
