// Package picture draws paper: the lines of a printer.Document dot by dot as a receipt printer does, and the paper itself
// as a picture for the screen, for tests and for documentation.
//
// Draw makes the picture of a whole document without any printer. Line makes the dots of one line, which printer/escpos
// sends where a printer cannot draw a line by itself: QR codes, logos, letters that the printer has no table for. The
// practice printer draws what it was sent with the same letters, so that a preview and its paper look alike.
package picture

import (
	"image"

	"kassa/printer"
)

// Rows from one line of text to the next: FNS order ЕД-7-20/236@ of 26.03.2025 asks for 0.5 mm between the lines of a
// receipt, 4 dots at 203 dpi.
const (
	Pitch     = LetterHeight + 6
	TallPitch = 2*LetterHeight + 6
)

// Area is the part of the paper that is printed on.
type Area struct {
	Columns int // letters on a line, at least 1
	Dots    int // on a line; at least LetterWidth for each column, which 0 means too
}

func (a Area) dots() int { return max(a.Dots, max(a.Columns, 1)*LetterWidth) }

// Options is what a picture of paper shows besides a document.
type Options struct {
	Torn bool // by hand, from a printer with no knife
	Tail int  // dots of blank paper after the last line
}

// Draw draws a document on paper. A QR code or a picture that cannot be printed is left out.
func Draw(doc printer.Document, a Area, o Options) *image.Paletted {
	return DrawLines(printer.Layout(doc, a.Columns), a, o)
}

// DrawLines draws lines that were laid out for the area.
func DrawLines(lines []printer.Line, a Area, o Options) *image.Paletted {
	var drawn []*Bitmap
	height := max(o.Tail, 0)
	for _, l := range lines {
		b, err := a.Line(l)
		if err != nil {
			continue
		}
		drawn = append(drawn, b)
		height += b.Height
	}
	all := NewBitmap(a.dots(), height)
	y := 0
	for _, b := range drawn {
		copy(all.Bits[y*all.Stride:], b.Bits) // both are as wide as the area
		y += b.Height
	}
	return Sheet{Ink: all, Torn: o.Torn}.Image()
}

// Line gives the dots of a line across the whole area, with the space below it. The error is ErrQR or ErrPicture.
func (a Area) Line(l printer.Line) (*Bitmap, error) {
	switch {
	case l.QR != "":
		return a.qr(l.QR)
	case l.Picture != nil:
		return a.logo(*l.Picture)
	case l.Bars != "":
		if code, ok := Code128(l.Bars); ok {
			if b := a.bars(code); b != nil {
				return b, nil
			}
		}
		return a.words(l.Bars), nil
	case l.EAN13 != "":
		if code, ok := EAN13(l.EAN13); ok {
			if b := a.bars(code); b != nil {
				return b, nil
			}
		}
		return a.words(l.EAN13), nil
	}
	return a.text(l), nil
}

// text is a line of letters. What is wider than the area is lost: a layout makes no such line.
func (a Area) text(l printer.Line) *Bitmap {
	style := Style{Bold: l.Bold, Reverse: l.Reverse, Width: 1, Height: 1}
	pitch := Pitch
	if l.Wide {
		style.Width = 2
	}
	if l.Tall {
		style.Height, pitch = 2, TallPitch
	}
	b := NewBitmap(a.dots(), pitch)
	letters := []rune(l.Fill(a.Columns))
	x := 0
	if l.Right == "" {
		x = Offset(l.Align, len(letters)*LetterWidth*style.Width, b.Width)
	}
	for _, r := range letters {
		b.Letter(r, x, 0, style)
		x += LetterWidth * style.Width
	}
	return b
}

// words is a text in the middle of as many lines as it takes.
func (a Area) words(text string) *Bitmap {
	doc := printer.Document{Elements: []printer.Element{{Text: &printer.Text{Text: text, Align: printer.Center}}}}
	lines := printer.Layout(doc, a.Columns)
	b := NewBitmap(a.dots(), len(lines)*Pitch)
	for i, l := range lines {
		b.Paste(a.text(l), 0, i*Pitch)
	}
	return b
}

func (a Area) qr(content string) (*Bitmap, error) {
	code, err := NewQR(content)
	if err != nil {
		return nil, err
	}
	n := len(code.Modules)
	size, err := ModuleDots(n, a.dots())
	if err != nil {
		return nil, err
	}
	quiet := QuietModules * size
	b := NewBitmap(a.dots(), n*size+2*quiet)
	b.Squares(code.Modules, size, Offset(printer.Center, n*size, b.Width), quiet)
	return b, nil
}

func (a Area) logo(p printer.Picture) (*Bitmap, error) {
	logo, err := Read(p, a.dots())
	if err != nil {
		return nil, err
	}
	b := NewBitmap(a.dots(), logo.Height)
	b.Paste(logo, Offset(printer.Center, logo.Width, b.Width), 0)
	return b, nil
}

// bars is a barcode with its text; nil when it does not fit.
func (a Area) bars(code Bars) *Bitmap {
	module := BarDots(code.Modules(), code.Quiet, a.dots())
	if module == 0 {
		return nil
	}
	b := NewBitmap(a.dots(), BarHeight+TextBelow+LetterHeight+BelowBars)
	b.Bars(code, module, BarHeight, Offset(printer.Center, code.Modules()*module, b.Width), 0)
	return b
}

// Offset is where something so wide begins in an area of so many dots.
func Offset(align printer.Align, width, dots int) int {
	switch align {
	case printer.Center:
		return max((dots-width)/2, 0)
	case printer.Right:
		return max(dots-width, 0)
	}
	return 0
}
