package app

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/register"
)

// textQuestion asks for one line of text, on the keyboard or on the one on the screen.
type textQuestion struct {
	name  string // of the dialog's layer; "text" when empty
	sign  kit.Sign
	title string
	text  string // what it is about; may be empty
	hint  string // what stands in the empty line
	now   string // what it is already: typed text goes on from there
	yes   string // on the button; "OK" when empty

	most       int  // letters; 120 when zero
	secret     bool // shown as dots
	digitsOnly bool
	empty      bool // an empty line is an answer
	scan       bool // a barcode may be the answer: of a customer's card, for instance

	// take gets the line without spaces around it. The dialog goes away when it calls then with nil, and otherwise stays
	// and tells the error under the line; take needs not tell of it itself.
	take func(text string, then func(error))
	// refused is called when the question is put away unanswered; may be nil.
	refused func()
}

// textEntry is what was typed so far.
type textEntry struct {
	text  string
	over  string // the digits that were typed, once they were too many: most likely a barcode
	wrong string // what is told under the line
	busy  bool
	keys  keyboardState
}

// askText asks for a line of text.
func (w *Window) askText(q textQuestion) *dialog {
	return w.askTextAnew(func() textQuestion { return q })
}

// askTextAnew is askText for a question that is made anew for another language.
func (w *Window) askTextAnew(question func() textQuestion) *dialog {
	entry := &textEntry{text: question().now}
	var d *dialog
	d = w.open(func() body { return w.textBody(question(), entry, func() { w.close(d) }) })
	return d
}

func (w *Window) textBody(q textQuestion, entry *textEntry, shut func()) body {
	if q.most == 0 {
		q.most = 120
	}
	if q.name == "" {
		q.name = "text"
	}
	if q.sign == "" {
		q.sign = kit.SignKeys
	}
	l := w.look
	width := float32(640)
	if q.digitsOnly {
		width = 360
	}
	field := kit.NewField(l, q.sign, q.hint)
	below := kit.NewText("", kit.Style{Size: 15, Color: l.Muted, Lines: 3, Width: width})
	paint := func() {
		shown := entry.text
		if q.secret {
			shown = strings.Repeat("•", utf8.RuneCountInString(shown))
		}
		field.Set("", shown)
		text, ink := q.text, l.Muted
		if entry.wrong != "" {
			text, ink = entry.wrong, l.Bad
		}
		below.SetStyle(text, func(s *kit.Style) { s.Color = ink })
	}
	typed := func(r rune) bool {
		if !entry.typed(r, q) {
			return false
		}
		paint()
		return true
	}
	refuse := func() {
		shut()
		if q.refused != nil {
			q.refused()
		}
	}
	agree := func() {
		if entry.busy {
			return
		}
		if code := entry.barcode(q); code != "" {
			paint()
			w.scanBlocked(code)
			return
		}
		text := strings.TrimSpace(entry.text)
		if text == "" && !q.empty {
			entry.wrong = w.T("app.ask.empty")
			paint()
			return
		}
		entry.busy = true
		q.take(text, func(err error) {
			entry.busy = false
			if err == nil {
				shut()
				return
			}
			entry.wrong = w.paragraph(err)
			paint()
		})
	}
	clear := w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Size: 16}, func() {
		entry.text, entry.over, entry.wrong = "", "", ""
		paint()
	})
	yes := q.yes
	if yes == "" {
		yes = w.T("app.ok")
	}
	var pad fyne.CanvasObject
	if q.digitsOnly {
		pad = kit.Keypad(l, 58, "", func(r rune) { w.gate.enter(func() { typed(r) }) })
	} else {
		pad = w.keyboard(&entry.keys)
	}
	column := kit.Column(12,
		kit.NewText(q.title, kit.Style{Size: kit.TextLarge + 2, Bold: true, Color: l.Ink, Lines: 2, Width: width}),
		kit.Stack(kit.Tinted(l.Background, 0, field), kit.Row(0, kit.Space(), kit.PadSides(4, 4, 4, 0, clear))),
		kit.Least(width, 40, kit.Column(0, below)),
		pad,
		kit.Row(kit.Gap,
			kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 60}, refuse)),
			kit.GrowBy(1.5, w.button(kit.ButtonSpec{Kind: kit.Primary, Text: yes, Key: "Enter", Height: 60, Size: 18}, agree))),
	)
	paint()
	return body{
		content: kit.Pad(22, column), beside: func() {}, // what was typed is not lost by a touch beside it
		layer: &kit.Layer{Name: q.name, Rune: typed, Scan: w.scanBlocked, Keys: map[fyne.KeyName]func(){
			fyne.KeyReturn: agree, fyne.KeyTab: agree, fyne.KeyEscape: refuse,
			fyne.KeyBackspace: func() { typed('\b') },
		}},
	}
}

// typed takes a character and tells whether it was taken.
func (e *textEntry) typed(r rune, q textQuestion) bool {
	if q.secret && e.wrong != "" {
		e.text, e.over = "", "" // what was refused cannot be read, so it is not mended but typed anew
	}
	e.wrong = ""
	digit := r >= '0' && r <= '9'
	switch {
	case r == '\b':
		e.over = ""
		if runes := []rune(e.text); len(runes) > 0 {
			e.text = string(runes[:len(runes)-1])
		}
	case e.over != "":
		e.over += string(r)
	case q.digitsOnly && !digit, !unicode.IsPrint(r):
		return false
	case utf8.RuneCountInString(e.text) < q.most:
		e.text += string(r)
	case digit:
		e.over = e.text[endingDigits(e.text):] + string(r)
	}
	return true
}

// barcode gives the code that was scanned into the line where none is wanted, and takes it out. A scanner types as a
// keyboard does: what tells is a number of a barcode's length whose check digit is right, or one that is too long for
// the line. A number that is the whole answer to a question about a number is none.
func (e *textEntry) barcode(q textQuestion) string {
	if q.scan {
		return ""
	}
	from := endingDigits(e.text)
	code := e.text[from:]
	if e.over != "" {
		code = e.over
	} else if q.digitsOnly || !isBarcode(code) {
		return ""
	}
	e.text, e.over = e.text[:from], ""
	return kit.Latin(code)
}

// endingDigits is where the digits at the end of a text begin.
func endingDigits(text string) int {
	return len(strings.TrimRight(text, "0123456789"))
}

// isBarcode tells whether digits are an EAN-13, EAN-8, UPC-A or ITF-14.
func isBarcode(digits string) bool {
	switch n := len(digits); n {
	case 8, 12, 13, 14:
		return register.CheckDigit(digits[:n-1]) == digits[n-1]
	}
	return false
}
