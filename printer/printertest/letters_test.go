package printertest_test

import (
	"strings"

	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/printer/picture"
	"kassa/printer/printersim"
)

// cell is the dots of one letter.
type cell [picture.LetterHeight * 2][3]byte

// cut takes the dots of a letter off the paper. Its cell begins at a whole byte in the copy.
func cut(b *picture.Bitmap, x, y, width, height int) (c cell) {
	for row := range height {
		for column := range width {
			if b.Dot(x+column, y+row) {
				c[row][column/8] |= 0x80 >> (column % 8)
			}
		}
	}
	return c
}

// reader knows letters by their dots, in one style. Letters that look the same are read as the first of them.
type reader struct {
	style         picture.Style
	width, height int
	letters       map[cell]rune
	same          map[rune]rune
}

func newReader(s picture.Style) *reader {
	r := &reader{
		style: s, width: picture.LetterWidth * s.Width, height: picture.LetterHeight * s.Height,
		letters: map[cell]rune{}, same: map[rune]rune{},
	}
	for letter := ' '; letter < 0x2800; letter++ {
		if !picture.Has(letter) {
			continue
		}
		b := picture.NewBitmap(r.width, r.height)
		b.Letter(letter, 0, 0, s)
		c := cut(b, 0, 0, r.width, r.height)
		if first, ok := r.letters[c]; ok {
			r.same[letter] = first
			continue
		}
		r.letters[c], r.same[letter] = letter, letter
	}
	return r
}

// read reads n letters that begin at (x, y).
func (r *reader) read(b *picture.Bitmap, x, y, n int) string {
	var text strings.Builder
	for i := range n {
		letter, ok := r.letters[cut(b, x+i*r.width, y, r.width, r.height)]
		if !ok {
			letter = 0xFFFD
		}
		text.WriteRune(letter)
	}
	return text.String()
}

// like is a text as the reader reads it.
func (r *reader) like(text string) string {
	return strings.Map(func(letter rune) rune { return r.same[letter] }, text)
}

// readers makes the reader of each style once.
type readers map[picture.Style]*reader

func (all readers) of(l printer.Line) *reader {
	s := picture.Style{Bold: l.Bold, Reverse: l.Reverse, Width: 1, Height: 1}
	if l.Wide {
		s.Width = 2
	}
	if l.Tall {
		s.Height = 2
	}
	if all[s] == nil {
		all[s] = newReader(s)
	}
	return all[s]
}

var known = readers{}

// readLetters reads the letters of a document off paper that was printed as pictures.
func readLetters(t checker, doc printer.Document, p escpos.Profile, paper printersim.Paper) {
	t.Helper()
	ink, err := paper.Ink()
	if err != nil {
		t.Fatal(err)
	}
	area := picture.Area{Columns: p.Columns, Dots: p.DotsWidth}
	y := 0
	for _, l := range printer.Layout(doc, p.Columns) {
		dots, err := area.Line(l)
		if err != nil {
			continue
		}
		top := y
		y += dots.Height
		if l.QR != "" || l.Bars != "" || l.EAN13 != "" || l.Picture != nil {
			continue
		}
		want := strings.ReplaceAll(l.Fill(p.Columns), "\u00a0", " ")
		r := known.of(l)
		n := len([]rune(want))
		x := 0
		if l.Right == "" {
			x = picture.Offset(l.Align, n*r.width, p.DotsWidth)
		}
		if got := r.read(ink, x, top, n); got != r.like(want) {
			t.Errorf("the paper reads %q, want %q", got, want)
		}
	}
	if ink.Height != y && ink.Height != y+tearDots {
		t.Errorf("%d dots of paper, want %d", ink.Height, y)
	}
}

// tearDots bring the paper to the tear bar of a printer with no knife.
const tearDots = 4 * picture.Pitch
