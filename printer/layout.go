package printer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line is one line of a laid-out Document, ready for a printer or a preview. Each rune of its texts takes one column,
// or two when Wide.
type Line struct {
	Left  string // the text; of a pair, what stands at the left edge
	Right string // of a pair, what ends at the right edge
	Align Align  // of Left, when there is no Right
	Bold  bool
	Wide  bool   // double width
	Tall  bool   // double height
	Rule  bool   // a line across the paper; Left holds it drawn with U+2500
	QR    string // a QR code of this text stands here, and nothing else
	Bars  string // a Code 128 of this text stands here, and nothing else
	EAN13 string // an EAN-13 of these digits stands here, and nothing else

	Reverse bool     // white on black
	Picture *Picture // stands here, and nothing else
}

// pairGap is how many columns at least keep the sides of a pair apart: one space would read as part of a number.
const pairGap = 2

// Width is how many columns the line's letters take at least, with the gap between the sides of a pair.
func (l Line) Width() int {
	n := utf8.RuneCountInString(l.Left) + utf8.RuneCountInString(l.Right)
	if l.Left != "" && l.Right != "" {
		n += pairGap
	}
	return n * l.scale()
}

// Fill gives the letters of the line as they follow one another from the left edge: the sides of a pair are held apart
// by spaces so that the line ends at the last of the columns. The alignment of a plain text is not filled in: printers
// do it better, to the dot.
func (l Line) Fill(columns int) string {
	if l.Right == "" {
		return l.Left
	}
	gap := columns/l.scale() - utf8.RuneCountInString(l.Left) - utf8.RuneCountInString(l.Right)
	return l.Left + strings.Repeat(" ", max(gap, 0)) + l.Right
}

func (l Line) scale() int {
	if l.Wide {
		return 2
	}
	return 1
}

// MaxFeed bounds the empty lines that one Feed makes, so that a wrong number does not empty the roll.
const MaxFeed = 20

// Layout lays a document out for paper of so many columns (at least one). No line is wider than the paper, and nothing
// of the text is lost: spaces alone may go where a line ends.
//
// Texts are wrapped at words, and a word that is longer than the line is broken. A no-break space holds its neighbours
// together, as in the sums of money; it comes out as a plain space. Leading spaces indent the whole paragraph, and a line
// feed begins a new one. Big text has double width and height; when one of its words, or a pair, does not fit in half
// of the columns, it keeps the double height alone.
//
// A table keeps its columns when no word of it is broken and no cell takes more than two lines. Otherwise each row becomes
// the first cell across the paper, and below it the others, the last one at the right edge; and the head is left out.
func Layout(doc Document, columns int) []Line {
	columns = max(columns, 1)
	var lines []Line
	for _, e := range doc.Elements {
		switch {
		case e.Text != nil:
			lines = append(lines, layText(*e.Text, columns)...)
		case e.Pair != nil:
			lines = append(lines, layPair(*e.Pair, columns)...)
		case e.Rule:
			lines = append(lines, ruleLine(columns))
		case e.Feed > 0:
			lines = append(lines, make([]Line, min(e.Feed, MaxFeed))...)
		case e.QR != "":
			lines = append(lines, Line{QR: e.QR, Align: Center})
		case e.Barcode != "":
			lines = append(lines, Line{Bars: e.Barcode, Align: Center})
		case e.EAN13 != "":
			lines = append(lines, Line{EAN13: e.EAN13, Align: Center})
		case e.Table != nil:
			lines = append(lines, layTable(*e.Table, columns)...)
		case e.Picture != nil:
			lines = append(lines, Line{Picture: e.Picture, Align: Center})
		}
	}
	return lines
}

func ruleLine(columns int) Line {
	return Line{Rule: true, Left: strings.Repeat("─", columns)}
}

func layText(t Text, columns int) []Line {
	style := Line{Align: t.Align, Bold: t.Bold, Tall: t.Big, Reverse: t.Reverse}
	aside := ""
	if t.Reverse && columns > 2*reverseAside {
		aside = strings.Repeat(" ", reverseAside)
	}
	if t.Big && columns >= 2 && longestWord(t.Text)+2*len(aside) <= columns/2 {
		style.Wide = true
	}
	var lines []Line
	for _, text := range wrap(t.Text, columns/style.scale()-2*len(aside)) {
		l := style
		l.Left = aside + text + aside
		if text == "" {
			l.Left, l.Reverse = "", false
		}
		lines = append(lines, l)
	}
	return lines
}

// reverseAside is how many columns of black stand at each side of a reverse text.
const reverseAside = 1

func layPair(p Pair, columns int) []Line {
	style := Line{Bold: p.Bold, Tall: p.Big}
	sides := splitPair(p, columns)
	if p.Big && columns >= 2 {
		if half := splitPair(p, columns/2); len(half) == 1 {
			style.Wide = true
			sides = half
		}
	}
	var lines []Line
	for _, s := range sides {
		l := style
		l.Left, l.Right = s.left, s.right
		lines = append(lines, l)
	}
	return lines
}

// sides are the two texts of one line of a pair.
type sides struct{ left, right string }

// splitPair sets a pair into lines of the given width. The right text goes to the last line of the left one, which is
// kept clear of it; or, when that would leave too little to the left one, where it finds room below.
func splitPair(p Pair, width int) []sides {
	right := strings.Join(words(p.Right), " ")
	size := utf8.RuneCountInString(right)
	whole := wrap(p.Left, width)
	last := utf8.RuneCountInString(whole[len(whole)-1])
	if last > 0 {
		last += pairGap
	}
	var out []sides
	add := func(texts []string) {
		for _, t := range texts {
			out = append(out, sides{left: t})
		}
	}
	switch {
	case size == 0:
		add(whole)
	case size > width: // wider than the paper itself: there is no way but to break it
		if p.Left != "" {
			add(whole)
		}
		for _, t := range wrap(right, width) {
			out = append(out, sides{right: t})
		}
	case len(whole) == 1 && last+size <= width:
		out = []sides{{whole[0], right}}
	case size <= width/2 && longestWord(p.Left)+indentOf(p.Left, width) <= width-size-pairGap:
		add(wrap(p.Left, width-size-pairGap))
		out[len(out)-1].right = right
	default:
		add(whole)
		if last+size <= width {
			out[len(out)-1].right = right
		} else {
			out = append(out, sides{right: right})
		}
	}
	return out
}

// wrap breaks text into lines of at most width runes, width being at least one. It gives at least one line, which is empty for an empty text.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapParagraph(paragraph, width)...)
	}
	return lines
}

func wrapParagraph(text string, width int) []string {
	indent := strings.Repeat(" ", indentOf(text, width))
	room := width - len(indent)
	var lines []string
	line, used := strings.Builder{}, 0
	flush := func() {
		if used > 0 {
			lines = append(lines, indent+line.String())
		}
		line.Reset()
		used = 0
	}
	for _, word := range words(text) {
		runes := []rune(word)
		if used > 0 && used+1+len(runes) > room {
			flush()
		}
		for len(runes) > room {
			lines = append(lines, indent+string(runes[:room]))
			runes = runes[room:]
		}
		if len(runes) == 0 {
			continue
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(string(runes))
		used += len(runes)
	}
	flush()
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

// indentOf is how many of a paragraph's leading spaces stand before each of its lines.
func indentOf(text string, width int) int {
	return min(len(text)-len(strings.TrimLeft(text, " ")), width/2)
}

// words splits text at its spaces. No-break spaces do not split: they come out as plain spaces inside a word. Control
// characters, which no paper can show, come out as question marks.
func words(text string) []string {
	fields := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) && !noBreak(r) })
	for i, f := range fields {
		fields[i] = strings.Map(func(r rune) rune {
			switch {
			case noBreak(r):
				return ' '
			case unicode.IsControl(r):
				return '?'
			}
			return r
		}, f)
	}
	return fields
}

func longestWord(text string) int {
	most := 0
	for _, w := range words(text) {
		most = max(most, utf8.RuneCountInString(w))
	}
	return most
}

// noBreak tells the spaces at which a line is not broken: no-break, narrow no-break and figure space.
func noBreak(r rune) bool { return r == '\u00a0' || r == '\u202f' || r == '\u2007' }

// PlainText draws a document as text of so many columns, for previews and logs. Big letters come out as plain ones, and
// codes as the text that they hold.
func PlainText(doc Document, columns int) string {
	columns = max(columns, 1)
	var b strings.Builder
	for _, l := range Layout(doc, columns) {
		if code := codeText(l); code != "" {
			for _, part := range wrap(code, columns) {
				b.WriteString(part + "\n")
			}
			continue
		}
		l.Wide = false
		text := l.Fill(columns)
		switch room := columns - utf8.RuneCountInString(text); l.Align {
		case Center:
			text = strings.Repeat(" ", room/2) + text
		case Right:
			text = strings.Repeat(" ", room) + text
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return b.String()
}

// codeText stands for a code where only text can.
func codeText(l Line) string {
	switch {
	case l.QR != "":
		return "[QR] " + l.QR
	case l.Bars != "":
		return "[|||] " + l.Bars
	case l.EAN13 != "":
		return "[|||] " + l.EAN13
	case l.Picture != nil:
		return "[picture]"
	}
	return ""
}
