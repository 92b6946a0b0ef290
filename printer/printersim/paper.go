package printersim

import (
	"strings"
	"unicode/utf8"

	"kassa/printer/picture"
)

// Span is a run of letters in one style.
type Span struct {
	Text      string
	Bold      bool
	Underline bool
	Reverse   bool // white on black
	Width     int  // times the usual, from 1
	Height    int
}

// Place is where a line, a picture or a code stands between the edges.
type Place byte

// The places, as ESC a counts them.
const (
	AtLeft Place = iota
	AtCenter
	AtRight
)

// Line is one printed line of text.
type Line struct {
	Spans []Span
	Place Place
	Pitch int // dots from this line to the next, when no letter is taller
}

// Text is the letters of the line.
func (l Line) Text() string {
	var b strings.Builder
	for _, s := range l.Spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Columns is how many columns the letters take.
func (l Line) Columns() int {
	n := 0
	for _, s := range l.Spans {
		n += utf8.RuneCountInString(s.Text) * s.Width
	}
	return n
}

// height is how far the paper moves for the line.
func (l Line) height() int {
	h := l.Pitch
	for _, s := range l.Spans {
		h = max(h, s.Height*cellHeight)
	}
	return h
}

// Code is a QR code that the printer drew itself.
type Code struct {
	Content string
	Level   byte // 'L', 'M', 'Q' or 'H'
	Module  int  // dots
	Modules int  // on each side
	Place   Place
}

// Barcode is a Code 128 or an EAN-13 that the printer drew itself.
type Barcode struct {
	Content string // what a scanner reads
	EAN13   bool
	Symbols []byte // of Code 128: values of the symbols, from the start to the check symbol
	Module  int    // dots
	Height  int    // dots, of the bars
	Text    bool   // the content stands below the bars
	Place   Place
}

// Picture is a raster picture; bands that follow one another without a gap are one picture.
type Picture struct {
	Image *picture.Bitmap
	Place Place
}

// Item is one thing on the paper; exactly one of its parts is set.
type Item struct {
	Line    *Line
	Picture *Picture
	Code    *Code
	Barcode *Barcode
	Feed    int // dots of empty paper
	Cut     bool

	Left, Width int // of the area that it was printed in, in dots; Width 0 goes to the edge
}

// Paper is what a job printed.
type Paper struct {
	Columns  int      // of the area, for Text and Image; DefaultColumns unless changed
	Dots     int      // of the area, for Image; what the columns take unless changed
	Items    []Item   // top to bottom
	QR       []string // contents of the QR codes that the printer drew itself
	Barcodes []string // contents of the barcodes that the printer drew itself
	Cuts     int
	Drawer   int    // how often the drawer was kicked
	Beeps    int    // how often the buzzer was sounded
	Unknown  []byte // bytes that the printer did not understand, the first maxUnknown of them
	Ignored  int    // how many those were in all
	RealTime int    // real-time commands that stood inside other data and would have been obeyed there
	// ProcessIDs are those that the printer was asked to answer with, in order.
	ProcessIDs []string
	// Unfinished is text after the last line feed, which stays in the printer.
	Unfinished string
	// Truncated tells that the paper was longer than maxRows, and that its end is missing here.
	Truncated bool
}

// DefaultColumns is the width of an 80 mm printer.
const DefaultColumns = 48

// Lines are the printed lines, empty ones included, without the spaces that placed them.
func (p Paper) Lines() []string {
	var lines []string
	for _, item := range p.Items {
		if item.Line != nil {
			lines = append(lines, item.Line.Text())
		}
	}
	return lines
}

// Widest is how many columns the widest line takes. More than the printer has means that the printer would have broken
// the line itself.
func (p Paper) Widest() int {
	most := 0
	for _, item := range p.Items {
		if item.Line != nil {
			most = max(most, item.Line.Columns())
		}
	}
	return most
}

// Pictures are the raster pictures.
func (p Paper) Pictures() []*picture.Bitmap {
	var out []*picture.Bitmap
	for _, item := range p.Items {
		if item.Picture != nil {
			out = append(out, item.Picture.Image)
		}
	}
	return out
}

// Text is the paper as plain text, with lines in their places.
func (p Paper) Text() string {
	var b strings.Builder
	for _, item := range p.Items {
		switch {
		case item.Line != nil:
			text := item.Line.Text()
			free := max(p.Columns-utf8.RuneCountInString(text), 0)
			switch item.Line.Place {
			case AtCenter:
				text = strings.Repeat(" ", free/2) + text
			case AtRight:
				text = strings.Repeat(" ", free) + text
			}
			b.WriteString(strings.TrimRight(text, " ") + "\n")
		case item.Picture != nil:
			b.WriteString("[picture]\n")
		case item.Code != nil:
			b.WriteString("[QR] " + item.Code.Content + "\n")
		case item.Barcode != nil:
			b.WriteString("[|||] " + item.Barcode.Content + "\n")
		case item.Cut:
			b.WriteString(strings.Repeat("- ", p.Columns/2) + "\n")
		}
	}
	return b.String()
}
