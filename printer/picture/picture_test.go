package picture

import (
	"errors"
	"image"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kassa/printer"
)

const payload = "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=123450&cur=RUB&crc=AB75"

func scan(t *testing.T, img image.Image, reader gozxing.Reader) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := reader.Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("the paper cannot be scanned: %v", err)
	}
	return result.GetText()
}

func TestCodesAreScannedFromThePaper(t *testing.T) {
	tests := []struct {
		name    string
		element printer.Element
		reader  gozxing.Reader
		want    string
	}{
		{"payment link", printer.Element{QR: payload}, qrcode.NewQRCodeReader(), payload},
		{"Cyrillic", printer.Element{QR: "Оплата 1 234,50"}, qrcode.NewQRCodeReader(), "Оплата 1 234,50"},
		{"digits in pairs", printer.Element{Barcode: "9000000041123456"}, oned.NewCode128Reader(), "9000000041123456"},
		{"letters", printer.Element{Barcode: "Kassa {7}"}, oned.NewCode128Reader(), "Kassa {7}"},
		{"EAN-13", printer.Element{EAN13: "4601234567893"}, oned.NewEAN13Reader(), "4601234567893"},
		{"EAN-13 with no check digit", printer.Element{EAN13: "978020137962"}, oned.NewEAN13Reader(), "9780201379624"},
	}
	for _, tt := range tests {
		for _, a := range []Area{{Columns: 48, Dots: 576}, {Columns: 32}} {
			t.Run(tt.name, func(t *testing.T) {
				if got := scan(t, Draw(printer.Document{Elements: []printer.Element{tt.element}}, a, Options{}), tt.reader); got != tt.want {
					t.Errorf("%q, want %q", got, tt.want)
				}
			})
		}
	}
}

func TestEAN13(t *testing.T) {
	for digits, want := range map[string]string{
		"4601234567893": "4601234567893", "460123456789": "4601234567893", "0000000000000": "0000000000000",
		"4601234567890": "", "46012345678": "", "46012345678a3": "", "": "", "46012345678933": "",
	} {
		b, ok := EAN13(digits)
		if b.Text != want || ok != (want != "") {
			t.Errorf("%q is %q, %t; want %q", digits, b.Text, ok, want)
		}
		if ok && b.Modules() != 95 {
			t.Errorf("%q has %d modules, want 95", digits, b.Modules())
		}
	}
}

// What cannot be bars is text, and what cannot be printed at all is left out.
func TestWhatDoesNotFit(t *testing.T) {
	a := Area{Columns: 20}
	for name, e := range map[string]printer.Element{
		"too long":  {Barcode: strings.Repeat("9A", 20)},
		"Cyrillic":  {Barcode: "Чек 5"},
		"no EAN-13": {EAN13: "123"},
	} {
		l := printer.Layout(printer.Document{Elements: []printer.Element{e}}, a.Columns)[0]
		b, err := a.Line(l)
		if err != nil || b.Height%Pitch != 0 || b.Ink().Empty() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := a.Line(printer.Line{QR: strings.Repeat("a", 1000)}); !errors.Is(err, ErrQR) {
		t.Errorf("error %v, want ErrQR", err)
	}
	doc := printer.Document{Elements: []printer.Element{{QR: strings.Repeat("a", 5000)}, {Picture: &printer.Picture{PNG: []byte("x")}}}}
	if got, want := Draw(doc, a, Options{}).Rect, Draw(printer.Document{}, a, Options{}).Rect; got != want {
		t.Errorf("%v of paper for nothing, want %v", got, want)
	}
}

func TestModuleDots(t *testing.T) {
	tests := []struct{ modules, dots, want int }{
		{33, 576, 8}, {37, 576, 7}, {41, 576, 6}, {49, 384, 5}, {105, 384, 3}, {21, 576, 12},
	}
	for _, tt := range tests {
		if got, err := ModuleDots(tt.modules, tt.dots); got != tt.want || err != nil {
			t.Errorf("%d modules on %d dots: %d, %v; want %d", tt.modules, tt.dots, got, err, tt.want)
		}
	}
}

// Side is how large the code is that holds letters of both cases, which take a byte each.
func TestSide(t *testing.T) {
	for _, n := range []int{1, 14, 15, 62, 105, 107, 300, 997, 1000, 2331} {
		code, err := NewQR(strings.Repeat("aB", n)[:n])
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Side(n); got != len(code.Modules) || err != nil {
			t.Errorf("%d bytes: %d modules (%v), want %d", n, got, err, len(code.Modules))
		}
	}
	if _, err := Side(2332); !errors.Is(err, ErrQR) {
		t.Errorf("error %v, want ErrQR", err)
	}
}

func TestPaper(t *testing.T) {
	doc := printer.Document{Elements: []printer.Element{
		{Text: &printer.Text{Text: "РОМАШКА", Big: true}}, {Rule: true}, {Pair: &printer.Pair{Left: "ИТОГО", Right: "1,00"}}, {Feed: 1},
	}}
	straight := Draw(doc, Area{Columns: 32, Dots: 400}, Options{})
	want := image.Rect(0, 0, 400+Border, TallPitch+3*Pitch+headRoom+footRoom+2*surround)
	if straight.Rect != want {
		t.Errorf("the picture is %v, want %v", straight.Rect, want)
	}
	torn := Draw(doc, Area{Columns: 32, Dots: 400}, Options{Torn: true, Tail: 10})
	if got := torn.Rect.Dy() - straight.Rect.Dy(); got != 10 {
		t.Errorf("a tail of 10 dots takes %d", got)
	}
	if at := image.Pt(surround+toothDots/2, surround); straight.ColorIndexAt(at.X, at.Y) != blank || torn.ColorIndexAt(at.X, at.Y) == blank {
		t.Error("the edge is torn where it should be straight, or the other way round")
	}
}
