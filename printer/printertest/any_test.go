package printertest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"testing"

	"pgregory.net/rapid"

	"kassa/printer"
	"kassa/printer/escpos"
)

// Whatever a document says, a printer understands every byte of it and no line is too wide.
func TestAnyDocumentOnPaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := printer.Document{
			Elements:   rapid.SliceOfN(rapid.Custom(drawElement), 0, 8).Draw(t, "elements"),
			OpenDrawer: rapid.Bool().Draw(t, "drawer"),
			Beep:       rapid.Bool().Draw(t, "beep"),
		}
		p := rapid.SampledFrom(escpos.Profiles()).Draw(t, "profile")
		if rapid.Bool().Draw(t, "CP1251") {
			p.CodePage = escpos.CodePage{Encoding: escpos.CP1251, Table: map[byte]byte{17: 46, 7: 6, 12: 18}[p.CodePage.Table]}
		}
		p.Columns = rapid.IntRange(20, p.Columns).Draw(t, "columns")
		onPaper(t, doc, anyWays(t, p))
	})
}

// anyWays has a printer print pictures, codes and letters in whatever ways there are.
func anyWays(t *rapid.T, p escpos.Profile) escpos.Profile {
	modes := rapid.SampledFrom([]escpos.CodeMode{escpos.CodeText, escpos.CodeNative, escpos.CodeRaster})
	other := p
	other.QR, other.Bars = modes.Draw(t, "QR codes"), modes.Draw(t, "barcodes")
	other.Text = rapid.SampledFrom([]escpos.TextMode{escpos.TextCodePage, escpos.TextPicture}).Draw(t, "letters")
	other.Raster = rapid.SampledFrom([]escpos.Raster{
		escpos.RasterNone, escpos.RasterGSV0, escpos.RasterGraphics, escpos.RasterColumns,
	}).Draw(t, "pictures")
	if other.Check() != nil {
		return p
	}
	return other
}

// Jobs lie in a till's queue as JSON. Whatever stands there, a job comes out that the printer understands, or an error.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"elements":[{"text":{"text":"Чек","big":true}},{"table":{"columns":[{"share":1}],"rows":[{"cells":["a","1"]}]}}]}`), byte(0))
	f.Add([]byte(`{"open_drawer":true,"elements":[{"qr":"https://qr.nspk.ru/A"},{"barcode":"16041605"},{"ean13":"4601234567893"}]}`), byte(3))
	f.Add([]byte(`{"beep":true,"elements":[{"picture":{"png":"iVBORw0KGgo=","photo":true}},{"rule":true},{"feed":1000000000}]}`), byte(6))
	f.Add([]byte(`{"elements":[{"table":{"head":["a"],"columns":[{"share":9223372036854775807},{"share":-1}],"rows":[{"cells":null}]}}]}`), byte(5))
	f.Fuzz(func(t *testing.T, data []byte, number byte) {
		var doc printer.Document
		if len(data) > 4096 || json.Unmarshal(data, &doc) != nil {
			return
		}
		profiles := escpos.Profiles()
		p := profiles[int(number)%len(profiles)]
		job, err := escpos.Encode(doc, p)
		if errors.Is(err, escpos.ErrQR) || errors.Is(err, escpos.ErrTooLong) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		paper, err := model(p).Decode(job)
		if err != nil || paper.Ignored > 0 || paper.RealTime > 0 || paper.Widest() > p.Columns || paper.Unfinished != "" {
			t.Fatalf("%v, not understood %x, %d columns, %q stays", err, paper.Unknown, paper.Widest(), paper.Unfinished)
		}
	})
}

func drawText(t *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.String(), rapid.StringMatching(`[А-яё «»—₽]{0,80}`), rapid.StringMatching(`[0-9]{1,3} [0-9]{3},[0-9]{2}`),
		rapid.SampledFrom([]string{"Қымыз «Домик» — 3,2 %…", "и\u0306", "👨\u200d👩\u200d👧", "a\x1b@\x10\x04\x01", "\xd0\xff", "茶 ½ Łódź"}),
	).Draw(t, label)
}

func drawElement(t *rapid.T) printer.Element {
	bold, big := rapid.Bool().Draw(t, "bold"), rapid.Bool().Draw(t, "big")
	switch rapid.IntRange(0, 8).Draw(t, "part") {
	case 0:
		align := rapid.SampledFrom([]printer.Align{printer.Left, printer.Center, printer.Right}).Draw(t, "align")
		return printer.Element{Text: &printer.Text{
			Text: drawText(t, "text"), Align: align, Bold: bold, Big: big, Reverse: rapid.Bool().Draw(t, "reverse"),
		}}
	case 1:
		return printer.Element{Pair: &printer.Pair{Left: drawText(t, "left"), Right: drawText(t, "right"), Bold: bold, Big: big}}
	case 2:
		return printer.Element{Rule: true}
	case 3:
		return printer.Element{QR: rapid.StringMatching(`https://[a-zA-Z0-9/?=&]{1,60}`).Draw(t, "qr")}
	case 4:
		content := rapid.OneOf(rapid.String(), rapid.StringMatching(`(16|04|05|20|[0-9]{2}){1,10}`), rapid.StringMatching(`[ -~]{1,30}`))
		return printer.Element{Barcode: content.Draw(t, "barcode")}
	case 5:
		return printer.Element{EAN13: rapid.OneOf(rapid.StringMatching(`[0-9]{12,13}`), rapid.String()).Draw(t, "ean13")}
	case 6:
		return printer.Element{Table: drawTable(t)}
	case 7:
		return printer.Element{Picture: drawPicture(t)}
	}
	return printer.Element{Feed: rapid.IntRange(0, 3).Draw(t, "feed")}
}

func drawTable(t *rapid.T) *printer.Table {
	var table printer.Table
	for range rapid.IntRange(0, 5).Draw(t, "columns") {
		table.Columns = append(table.Columns, printer.Column{
			Align: rapid.SampledFrom([]printer.Align{printer.Left, printer.Right}).Draw(t, "align"),
			Share: rapid.IntRange(0, 2).Draw(t, "share"), Lead: rapid.SampledFrom([]string{"", "× "}).Draw(t, "lead"),
		})
	}
	for range rapid.IntRange(0, 4).Draw(t, "rows") {
		var r printer.Row
		for range rapid.IntRange(0, 5).Draw(t, "cells") {
			r.Cells = append(r.Cells, drawText(t, "cell"))
		}
		table.Rows = append(table.Rows, r)
	}
	if rapid.Bool().Draw(t, "has a head") {
		table.Head = []string{"Товар", "Кол-во"}
	}
	return &table
}

// drawPicture makes pictures whose dots come near to the commands that printers obey everywhere, and some that are none.
func drawPicture(t *rapid.T) *printer.Picture {
	rows := rapid.SliceOfN(rapid.SampledFrom([]byte{0x00, 0x01, 0x04, 0x05, 0x08, 0x10, 0x14, 0xFF}), 0, 60).Draw(t, "dots")
	if len(rows) == 0 {
		return &printer.Picture{PNG: []byte("none")}
	}
	width := rapid.SampledFrom([]int{8, 16, 24, 700}).Draw(t, "width")
	img := image.NewGray(image.Rect(0, 0, width, len(rows)))
	for y, dots := range rows {
		for x := range width {
			img.SetGray(x, y, color.Gray{Y: ^(dots << (x % 8)) | 0x7F})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return &printer.Picture{PNG: out.Bytes(), Photo: rapid.Bool().Draw(t, "photo")}
}
