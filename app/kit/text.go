package kit

import (
	"image/color"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Style is how a Text is written.
type Style struct {
	Size  float32 // TextBody when zero
	Bold  bool
	Color color.Color
	Align fyne.TextAlign
	Lines int     // the most lines it may take; one when zero. What does not fit ends with an ellipsis
	Width float32 // the width that it is wrapped to before it is laid out; needed where the height depends on it

	Shrink bool // its least width is next to nothing: it is cut rather than making its place wider
	Fit    bool // one line that is written smaller, down to half, before it is cut
}

// Text is a text of one or several lines that never leaves its place: it wraps between words up to Style.Lines and is
// then cut with an ellipsis.
type Text struct {
	widget.BaseWidget
	style   Style
	text    string
	lines   []*canvas.Text
	room    float32 // the width that lines were broken for
	written float32 // the size that it is written in
	needs   fyne.Size
	known   bool // needs is right: it is asked for on every frame
	root    *painted
}

// NewText makes a text.
func NewText(text string, s Style) *Text {
	if s.Size == 0 {
		s.Size = TextBody
	}
	if s.Lines == 0 {
		s.Lines = 1
	}
	t := &Text{text: text, style: s}
	t.ExtendBaseWidget(t)
	return t
}

// Set changes the text.
func (t *Text) Set(text string) {
	if t.text == text {
		return
	}
	t.text = text
	t.rewrap()
}

// SetStyle changes text and style in one repaint.
func (t *Text) SetStyle(text string, change func(*Style)) {
	old := t.style
	change(&t.style)
	if t.text == text && old == t.style {
		return
	}
	t.text = text
	t.rewrap()
}

// Value is the whole text, also what is cut.
func (t *Text) Value() string { return t.text }

func (t *Text) rewrap() {
	t.room, t.known = -1, false
	t.Refresh()
}

// CreateRenderer implements fyne.Widget. Fyne forgets the renderer of what was hidden for a minute, and asks again: the
// new one starts without lines, whatever width the text was broken for before.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	t.root = &painted{layout: t.place, min: t.least, refresh: func() {
		t.room, t.known = -1, false
		t.place(t.Size())
		canvas.Refresh(t)
	}}
	t.room, t.known = -1, false
	t.fit(t.wrapWidth())
	return t.root
}

func (t *Text) wrapWidth() float32 {
	if t.style.Width > 0 {
		return t.style.Width
	}
	if w := t.Size().Width; w > 0 {
		return w
	}
	return 0
}

func (t *Text) textStyle() fyne.TextStyle { return fyne.TextStyle{Bold: t.style.Bold} }

func (t *Text) lineHeight() float32 {
	return fyne.MeasureText("Й", t.style.Size, t.textStyle()).Height
}

func (t *Text) least() fyne.Size {
	if !t.known {
		t.needs, t.known = t.measure(), true
	}
	return t.needs
}

func (t *Text) measure() fyne.Size {
	h := t.lineHeight()
	if t.style.Width > 0 {
		n := len(Wrap(t.text, t.style.Width, t.style.Size, t.textStyle(), t.style.Lines))
		return fyne.NewSize(t.style.Width, h*float32(max(n, 1)))
	}
	if t.style.Lines > 1 || t.style.Shrink || t.style.Fit {
		return fyne.NewSize(t.style.Size*2, h*float32(t.style.Lines))
	}
	return fyne.NewSize(fyne.MeasureText(t.text, t.style.Size, t.textStyle()).Width, h)
}

func (t *Text) fit(width float32) {
	if t.root == nil || t.room == width {
		return
	}
	t.room = width
	texts, size := []string{t.text}, t.style.Size
	if width > 0 {
		for t.style.Fit && size > t.style.Size/2 && fyne.MeasureText(t.text, size, t.textStyle()).Width > width {
			size--
		}
		texts = Wrap(t.text, width, size, t.textStyle(), t.style.Lines)
	}
	t.written = size
	for len(t.lines) < len(texts) {
		t.lines = append(t.lines, &canvas.Text{})
	}
	t.lines = t.lines[:len(texts)]
	t.root.objects = t.root.objects[:0]
	for i, s := range texts {
		l := t.lines[i]
		l.Text, l.TextSize, l.TextStyle = s, size, t.textStyle()
		l.Color, l.Alignment = t.style.Color, t.style.Align
		t.root.objects = append(t.root.objects, l)
	}
}

func (t *Text) place(s fyne.Size) {
	t.fit(s.Width)
	h := t.lineHeight()
	if t.style.Fit && t.written < t.style.Size { // stands in the middle of its line
		h = s.Height
	}
	for i, l := range t.lines {
		l.Move(fyne.NewPos(0, h*float32(i)))
		l.Resize(fyne.NewSize(s.Width, h))
	}
}

// Wrap breaks text into at most most lines of a width. A word that is longer than a line is broken; the last line is cut
// with an ellipsis when something is left over.
func Wrap(text string, width, size float32, style fyne.TextStyle, most int) []string {
	fits := func(s string) bool { return fyne.MeasureText(s, size, style).Width <= width+0.5 }
	if fits(text) && !strings.Contains(text, "\n") {
		return []string{text}
	}
	var lines []string
	line := ""
	rest := strings.FieldsFunc(strings.ReplaceAll(text, "\n", " \n "), func(r rune) bool { return r == ' ' || r == '\t' })
	for i := 0; i < len(rest); i++ {
		if rest[i] == "\n" {
			lines, line = append(lines, line), ""
			if len(lines) == most {
				return cut(lines, strings.Join(rest[i+1:], " "), fits)
			}
			continue
		}
		next := rest[i]
		if line != "" {
			next = line + " " + rest[i]
		}
		if fits(next) {
			line = next
			continue
		}
		if len(lines) == most-1 {
			lines = append(lines, next)
			return cut(lines, strings.Join(rest[i+1:], " "), fits)
		}
		if line != "" {
			lines, line = append(lines, line), ""
			i--
			continue
		}
		head, tail := split(rest[i], fits)
		lines = append(lines, head)
		rest[i] = tail
		i--
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// cut shortens the last line until it fits with an ellipsis, when it is too long or something is left over.
func cut(lines []string, left string, fits func(string) bool) []string {
	last := len(lines) - 1
	s := strings.ReplaceAll(lines[last], "\n", "")
	if strings.TrimSpace(left) == "" && fits(s) {
		lines[last] = s
		return lines
	}
	runes := []rune(s)
	low, high := 0, len(runes)
	for low < high {
		mid := (low + high + 1) / 2
		if fits(string(runes[:mid]) + "…") {
			low = mid
		} else {
			high = mid - 1
		}
	}
	lines[last] = strings.TrimRightFunc(string(runes[:low]), unicode.IsSpace) + "…"
	return lines
}

// split takes as much of a word as fits, at least one letter.
func split(word string, fits func(string) bool) (head, tail string) {
	runes := []rune(word)
	n := 1
	for n < len(runes) && fits(string(runes[:n+1])) {
		n++
	}
	return string(runes[:n]), string(runes[n:])
}
