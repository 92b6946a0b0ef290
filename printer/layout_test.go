package printer

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPlainText(t *testing.T) {
	tests := []struct {
		name    string
		element Element
		columns int
		want    string
	}{
		{"text", Element{Text: &Text{Text: "Хлеб"}}, 10, "Хлеб\n"},
		{"centre", Element{Text: &Text{Text: "Хлеб", Align: Center}}, 10, "   Хлеб\n"},
		{"right", Element{Text: &Text{Text: "Хлеб", Align: Right}}, 10, "      Хлеб\n"},
		{"wrapped at words", Element{Text: &Text{Text: "Хлеб бородинский в упаковке"}}, 16, "Хлеб бородинский\nв упаковке\n"},
		{"long word broken", Element{Text: &Text{Text: "а бородинский"}}, 5, "а\nбород\nински\nй\n"},
		{"word after the rest of a broken one", Element{Text: &Text{Text: "бородинский и"}}, 5, "бород\nински\nй и\n"},
		{"indent kept", Element{Text: &Text{Text: "  один два три"}}, 8, "  один\n  два\n  три\n"},
		{"paragraphs", Element{Text: &Text{Text: "один\nдва"}}, 20, "один\nдва\n"},
		{"control characters", Element{Text: &Text{Text: "a\x1bb\tc"}}, 20, "a?b c\n"},
		{"empty", Element{Text: &Text{}}, 20, "\n"},
		{"no-break space holds", Element{Text: &Text{Text: "итого 1\u00a0234,50"}}, 10, "итого\n1 234,50\n"},
		{"pair", Element{Pair: &Pair{Left: "Сдача", Right: "17,15"}}, 16, "Сдача      17,15\n"},
		{"pair, left wrapped clear of the right", Element{Pair: &Pair{Left: "один два три четыре", Right: "1,00"}}, 14, "один два\nтри\nчетыре    1,00\n"},
		{"pair, wide right on its own line", Element{Pair: &Pair{Left: "итог к оплате", Right: "99 999 999,99"}}, 16, "итог к оплате\n   99 999 999,99\n"},
		{"pair, no left", Element{Pair: &Pair{Right: "1,00"}}, 8, "    1,00\n"},
		{"pair, right wider than the paper", Element{Pair: &Pair{Left: "a", Right: "123456"}}, 4, "a\n1234\n  56\n"},
		{"pair, left ending in a line feed", Element{Pair: &Pair{Left: "a\n", Right: "1234"}}, 3, "a\n\n123\n  4\n"},
		{"pair, exactly full", Element{Pair: &Pair{Left: "abc", Right: "123"}}, 8, "abc  123\n"},
		{"pair, left as wide as the paper", Element{Pair: &Pair{Left: "abcdefgh", Right: "123"}}, 8, "abcdefgh\n     123\n"},
		{"pair, a sum at the left too", Element{Pair: &Pair{Left: " 1 × 999,99", Right: "999,99"}}, 14, " 1 × 999,99\n        999,99\n"},
		{"rule", Element{Rule: true}, 4, "────\n"},
		{"feed", Element{Feed: 2}, 4, "\n\n"},
		{"feed without end", Element{Feed: 1 << 40}, 4, strings.Repeat("\n", MaxFeed)},
		{"barcode", Element{Barcode: "9000000041123456"}, 16, "[|||]\n9000000041123456\n"},
		{"EAN-13", Element{EAN13: "4601234567893"}, 24, "[|||] 4601234567893\n"},
		{"picture", Element{Picture: &Picture{}}, 16, "[picture]\n"},
		{"reverse", Element{Text: &Text{Text: "КОПИЯ", Reverse: true, Align: Center}}, 11, "   КОПИЯ\n"},
		{"QR", Element{QR: "https://qr.nspk.ru/A"}, 16, "[QR]\nhttps://qr.nspk.\nru/A\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := PlainText(Document{Elements: []Element{tt.element}}, tt.columns)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBigFallsBack(t *testing.T) {
	tests := []struct {
		name    string
		element Element
		columns int
		wide    bool
		lines   int
	}{
		{"pair fits in half", Element{Pair: &Pair{Left: "ИТОГ", Right: "282,85", Big: true}}, 32, true, 1},
		{"widest sum at 48", Element{Pair: &Pair{Left: "ИТОГ", Right: "99 999 999,99", Big: true}}, 48, true, 1},
		{"widest sum at 32", Element{Pair: &Pair{Left: "ИТОГ", Right: "99 999 999,99", Big: true}}, 32, false, 1},
		{"text fits", Element{Text: &Text{Text: "99\u00a0999\u00a0999,99\u00a0р.", Big: true}}, 32, true, 1},
		{"sum is never broken", Element{Text: &Text{Text: "99\u00a0999\u00a0999,99\u00a0руб.", Big: true}}, 32, false, 1},
		{"name wrapped in half", Element{Text: &Text{Text: "Ромашка у дома на углу", Big: true}}, 32, true, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines := Layout(Document{Elements: []Element{tt.element}}, tt.columns)
			if len(lines) != tt.lines {
				t.Fatalf("%d lines, want %d: %+v", len(lines), tt.lines, lines)
			}
			if !lines[0].Tall || lines[0].Wide != tt.wide {
				t.Errorf("wide %t, tall %t; want %t, true", lines[0].Wide, lines[0].Tall, tt.wide)
			}
		})
	}
}

// drawText makes texts that a shop could hold, and some that it should not.
func drawText() *rapid.Generator[string] {
	word := rapid.OneOf(
		rapid.StringMatching(`[А-Яа-яё]{1,12}`),
		rapid.StringMatching(`[0-9]{1,9},[0-9]{2}`),
		rapid.StringN(0, 60, -1),
		rapid.SampledFrom([]string{"«»", "—", "₽", "👨‍👩‍👧", "\x00", "\t", "\n", "1\u00a0234,50", "  "}),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, "words"), " ")
	})
}

func drawTable(t *rapid.T) *Table {
	cells := rapid.SliceOfN(drawText(), 0, 5)
	column := rapid.Custom(func(t *rapid.T) Column {
		return Column{
			Align: rapid.SampledFrom([]Align{Left, Center, Right}).Draw(t, "align"), Share: rapid.IntRange(-1, 3).Draw(t, "share"),
			Lead: rapid.SampledFrom([]string{"", "× ", "= "}).Draw(t, "lead"),
		}
	})
	row := rapid.Custom(func(t *rapid.T) Row {
		return Row{Cells: cells.Draw(t, "cells"), Bold: rapid.Bool().Draw(t, "bold")}
	})
	out := &Table{Columns: rapid.SliceOfN(column, 0, 5).Draw(t, "columns"), Rows: rapid.SliceOfN(row, 0, 4).Draw(t, "rows")}
	if rapid.Bool().Draw(t, "has a head") {
		out.Head = rapid.SliceOfN(drawText(), 1, 5).Draw(t, "head")
	}
	return out
}

func drawDocument(t *rapid.T) Document {
	element := rapid.Custom(func(t *rapid.T) Element {
		bold, big := rapid.Bool().Draw(t, "bold"), rapid.Bool().Draw(t, "big")
		switch rapid.IntRange(0, 7).Draw(t, "part") {
		case 6:
			return Element{Table: drawTable(t)}
		case 7:
			return Element{EAN13: rapid.StringMatching(`[0-9]{13}`).Draw(t, "ean13")}
		case 0:
			align := rapid.SampledFrom([]Align{Left, Center, Right}).Draw(t, "align")
			return Element{Text: &Text{Text: drawText().Draw(t, "text"), Align: align, Bold: bold, Big: big, Reverse: rapid.Bool().Draw(t, "reverse")}}
		case 1:
			return Element{Pair: &Pair{Left: drawText().Draw(t, "left"), Right: drawText().Draw(t, "right"), Bold: bold, Big: big}}
		case 2:
			return Element{Rule: true}
		case 3:
			return Element{Feed: rapid.IntRange(-1, 100).Draw(t, "feed")}
		case 4:
			return Element{Barcode: rapid.StringMatching(`[0-9A-Z]{1,30}`).Draw(t, "barcode")}
		}
		return Element{QR: rapid.StringMatching(`https://[a-z/]{1,80}`).Draw(t, "qr")}
	})
	return Document{Elements: rapid.SliceOfN(element, 0, 12).Draw(t, "elements")}
}

func TestNoLineWiderThanThePaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		columns := rapid.IntRange(1, 64).Draw(t, "columns")
		for _, l := range Layout(doc, columns) {
			if l.Width() > columns {
				t.Fatalf("%+v is %d wide on %d columns", l, l.Width(), columns)
			}
			scale := 1
			if l.Wide {
				scale = 2
			}
			if n := utf8.RuneCountInString(l.Fill(columns)) * scale; n > columns || (l.Right != "" && columns-n >= scale) {
				t.Fatalf("%+v fills %d of %d columns", l, n, columns)
			}
		}
		for line := range strings.SplitSeq(PlainText(doc, columns), "\n") {
			if n := utf8.RuneCountInString(line); n > columns {
				t.Fatalf("%q is %d wide on %d columns", line, n, columns)
			}
		}
	})
}

// visible is what must survive the layout: everything but spaces, with control characters shown as question marks.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case unicode.IsControl(r):
			return '?'
		}
		return r
	}, text)
}

func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		columns := rapid.IntRange(1, 64).Draw(t, "columns")
		for _, e := range doc.Elements {
			one := Document{Elements: []Element{e}}
			lines := Layout(one, columns)
			var left, right strings.Builder
			for _, l := range lines {
				left.WriteString(visible(l.Left))
				right.WriteString(visible(l.Right))
			}
			switch {
			case e.Text != nil && left.String() != visible(e.Text.Text):
				t.Fatalf("text %q became %q", e.Text.Text, left.String())
			case e.Pair != nil && (left.String() != visible(e.Pair.Left) || right.String() != visible(e.Pair.Right)):
				t.Fatalf("pair %+v became %q and %q", *e.Pair, left.String(), right.String())
			case e.QR != "" && lines[0].QR != e.QR:
				t.Fatalf("QR %q became %q", e.QR, lines[0].QR)
			case e.Barcode != "" && lines[0].Bars != e.Barcode:
				t.Fatalf("barcode %q became %q", e.Barcode, lines[0].Bars)
			}
		}
	})
}

func TestRightIsNeverBroken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(13, 64).Draw(t, "columns")
		p := Pair{
			Left:  drawText().Draw(t, "left"),
			Right: rapid.StringMatching(`[0-9]{1,2} [0-9]{3} [0-9]{3},[0-9]{2}`).Draw(t, "right"),
			Big:   rapid.Bool().Draw(t, "big"),
		}
		found := 0
		for _, l := range Layout(Document{Elements: []Element{{Pair: &p}}}, columns) {
			if l.Right == p.Right {
				found++
			}
		}
		if found != 1 {
			t.Fatalf("%q stands on %d lines", p.Right, found)
		}
	})
}

func TestDocumentKeepsItsFormInJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		doc.OpenDrawer = rapid.Bool().Draw(t, "drawer")
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var back Document
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(doc, back); diff != "" {
			t.Fatal(diff)
		}
	})
}
