package printertest_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"

	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/printer/printersim"
)

// logo is a drawing and a photograph of a ball.
func logo(t *testing.T, photo bool) *printer.Picture {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 200, 120))
	for y := range 120 {
		for x := range 200 {
			away := math.Hypot(float64(x-100), float64(y-60))
			shade := uint8(0xFF)
			if away < 56 {
				shade = uint8(min(40+math.Hypot(float64(x-80), float64(y-40))*2.4, 250))
			}
			if !photo && (away < 44 || away > 56) {
				shade = 0xFF
			}
			img.SetGray(x, y, color.Gray{Y: shade})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return &printer.Picture{PNG: out.Bytes(), Photo: photo}
}

// everything is a slip with all that a slip can hold.
func everything(t *testing.T) printer.Document {
	columns := []printer.Column{{Share: 1}, {Align: printer.Right}, {Align: printer.Right, Lead: "× "}, {Align: printer.Right, Lead: "="}}
	return printer.Document{OpenDrawer: true, Beep: true, Elements: []printer.Element{
		{Picture: logo(t, true)},
		{Text: &printer.Text{Text: "РОМАШКА", Align: printer.Center, Bold: true, Big: true}},
		{Text: &printer.Text{Text: "ИНН 7700000009", Align: printer.Center}},
		{Rule: true},
		{Table: &printer.Table{Head: []string{"Товар", "Кол-во", "Цена", "Сумма"}, Columns: columns, Rows: []printer.Row{
			{Cells: []string{"Хлеб «Бородинский»", "2 шт", "52,00", "104,00"}},
			{Cells: []string{"Қымыз", "1,5 л", "1\u00a0280,00", "1\u00a0920,00"}},
		}}},
		{Rule: true},
		{Pair: &printer.Pair{Left: "ИТОГ", Right: "2\u00a0024,00", Big: true}},
		{Pair: &printer.Pair{Left: "Сдача", Right: "76,00", Bold: true}},
		{Text: &printer.Text{Text: "КОПИЯ", Align: printer.Center, Reverse: true, Big: true}},
		{Feed: 1},
		{EAN13: "4601234567893"},
		{Picture: logo(t, false)},
		{Text: &printer.Text{Text: "Спасибо!", Align: printer.Right}},
	}}
}

func TestEveryElementOnPaper(t *testing.T) {
	doc := everything(t)
	for _, p := range escpos.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			paper := onPaper(t, doc, p)
			img := draw(t, paper)
			if p.Text == escpos.TextPicture {
				readLetters(t, doc, p, paper)
			} else {
				for _, want := range []string{"РОМАШКА", "\"Бородинский\"", "2 024,00", "КОПИЯ", "Спасибо!"} {
					if !strings.Contains(paper.Text(), want) {
						t.Errorf("%q is not in\n%s", want, paper.Text())
					}
				}
				checkStyles(t, paper)
			}
			if got := scanEAN(t, img); got != "4601234567893" {
				t.Errorf("the paper reads %q", got)
			}
		})
	}
}

// checkStyles looks for what is bold, large or reversed.
func checkStyles(t *testing.T, paper printersim.Paper) {
	t.Helper()
	got := map[string]printersim.Span{}
	for _, item := range paper.Items {
		if item.Line == nil {
			continue
		}
		for _, s := range item.Line.Spans {
			text := strings.Join(strings.Fields(s.Text), " ")
			s.Text = ""
			got[text] = s
		}
	}
	for text, want := range map[string]printersim.Span{
		"РОМАШКА":        {Bold: true, Width: 2, Height: 2},
		"КОПИЯ":          {Reverse: true, Width: 2, Height: 2},
		"ИНН 7700000009": {Width: 1, Height: 1},
		"Сдача 76,00":    {Bold: true, Width: 1, Height: 1},
	} {
		if diff := cmp.Diff(want, got[text]); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func scanEAN(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := oned.NewEAN13Reader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("reading the barcode: %v", err)
	}
	return result.GetText()
}

// The preview of a slip is what comes out of the printer, dot by dot.
func TestPreviewIsThePaper(t *testing.T) {
	docs := slips(t, i18n.Russian)
	docs["everything"] = everything(t)
	for _, p := range escpos.Profiles() {
		if p.Raster == escpos.RasterColumns {
			continue // its pictures are as high as whole stripes
		}
		for name, doc := range docs {
			if name != "everything" && !drawn(p) {
				continue
			}
			t.Run(name+"-"+p.Name, func(t *testing.T) {
				preview, err := escpos.Draw(doc, p)
				if err != nil {
					t.Fatal(err)
				}
				paper, err := onPaper(t, doc, p).Image()
				if err != nil {
					t.Fatal(err)
				}
				if a, b := preview.Bounds(), paper.Bounds(); a != b {
					t.Fatalf("the preview is %v, the paper %v", a, b)
				}
				if !bytes.Equal(preview.Pix, paper.(*image.Paletted).Pix) {
					t.Error("the preview is not the paper")
				}
			})
		}
	}
}

// The job ends with the question for its own number, on printers that answer it.
func TestProcessIDIsAskedForAtTheEnd(t *testing.T) {
	doc := printer.Document{Elements: []printer.Element{{Text: &printer.Text{Text: "Чек"}}}}
	id := printer.NewProcessID(4711)
	for _, p := range escpos.Profiles() {
		job, err := escpos.EncodeJob(doc, p, escpos.Options{Confirm: id})
		if err != nil {
			t.Fatal(err)
		}
		paper, err := model(p).Decode(job)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		if p.Confirms {
			want = []string{string(id[:])}
		}
		if diff := cmp.Diff(want, paper.ProcessIDs); diff != "" || paper.Ignored > 0 {
			t.Errorf("%s: %s, %d bytes not understood", p.Name, diff, paper.Ignored)
		}
		if p.Confirms && !bytes.HasSuffix(job, id[:]) {
			t.Errorf("%s: the question is not the end of the job", p.Name)
		}
		plain, err := escpos.Encode(doc, p)
		if err != nil || bytes.Contains(plain, id[:]) {
			t.Errorf("%s: asked for unasked (%v)", p.Name, err)
		}
	}
}

func TestProfilesByName(t *testing.T) {
	for name, columns := range map[string]int{
		"epson-80": 48, "58": 32, "80": 48, "generic80": 48, "generic58": 32, "epson80": 48, "EPSON-80": 48, "42": 42, "rongta-80": 48,
	} {
		if p, ok := escpos.ProfileByName(name); !ok || p.Columns != columns {
			t.Errorf("%q has %d columns (%t), want %d", name, p.Columns, ok, columns)
		}
	}
	if _, ok := escpos.ProfileByName("typewriter"); ok {
		t.Error("a typewriter was found")
	}
	seen := map[string]bool{}
	for _, p := range escpos.Profiles() {
		if found, ok := escpos.ProfileByName(p.Name); !ok || found != p || seen[p.Name] || p.Title == "" {
			t.Errorf("profile %+v", p)
		}
		seen[p.Name] = true
	}
}
