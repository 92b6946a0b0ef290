package app

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// numberKind is what a number that is asked for counts, and in what: kopecks, hundredths of a per cent, thousandths.
type numberKind int

const (
	numberMoney numberKind = iota
	numberPercent
	numberQuantity
)

// numberQuestion asks for one number, in the units of its kind.
type numberQuestion struct {
	name        string // of the dialog, for the keys; "number" when empty
	title       string // what is asked
	text        string // of what; may be empty
	kind        numberKind
	unit        register.Unit            // of a quantity; empty when it is of anything
	now         int64                    // what it is already: Enter alone keeps it. Zero when there is nothing to keep
	least, most int64                    // the bounds; most is the kind's own when it is zero
	about       func(value int64) string // a line under the number that is typed; may be nil
	opens       fyne.KeyName             // the key that opened it puts it away again; may be empty
	tabs        [][]numberTab            // ways to ask, row by row; one of each row is chosen
	buttons     []numberButton           // numbers for one touch
	actions     []numberAction           // other answers
	yes         string                   // on the button that answers; "OK" when empty

	// take takes the answer and calls then: without an error the dialog is closed, with one it stays. Whoever takes it
	// tells of the error.
	take func(value int64, then func(error))
}

// numberTab is one way to ask. do changes what the question is made from.
type numberTab struct {
	text   string
	key    string
	name   fyne.KeyName
	chosen bool
	off    bool
	do     func()
}

// numberButton is a number for one touch: it answers at once.
type numberButton struct {
	text  string
	value int64
}

// numberAction is an answer that is no number. The dialog is put away before do is called.
type numberAction struct {
	kind kit.Kind
	text string
	key  string
	name fyne.KeyName
	do   func()
}

// askNumber asks for a number by keypad or keyboard. A scan is told of and is no number.
func (w *Window) askNumber(q numberQuestion) *dialog {
	return w.askNumberAnew(func() numberQuestion { return q })
}

// askNumberAnew is askNumber for a question that is made anew for another language, and for another tab.
func (w *Window) askNumberAnew(question func() numberQuestion) *dialog {
	n := &numberDialog{w: w, question: question}
	n.d = w.open(n.body)
	return n.d
}

// numberDialog is the state of a question; what was typed outlives a change of the language.
type numberDialog struct {
	w        *Window
	d        *dialog
	question func() numberQuestion
	q        numberQuestion
	entry    digits
	pace     pace
	busy     bool

	value *kit.Text
	about *kit.Text
	ok    *kit.Button
}

// limits are the bounds of the number, and how it is typed.
func (q *numberQuestion) limits() (most int64, before, after int) {
	switch q.kind {
	case numberPercent:
		most, before, after = int64(register.Hundred), 3, 2
	case numberQuantity:
		most, before, after = int64(register.MaxQuantity), 5, 3
		if !q.unit.Weighed() {
			after = 0
		}
	default:
		most, before, after = int64(register.MaxMoney), 8, 2
	}
	if q.most > 0 {
		most = q.most
	}
	return most, before, after
}

// write writes a number of the kind for the cashier.
func (w *Window) writeNumber(q *numberQuestion, v int64) string {
	switch q.kind {
	case numberPercent:
		return w.percent(register.Percent(v))
	case numberQuantity:
		return strings.TrimSpace(w.lang.Quantity(register.Quantity(v)) + " " + w.unitOf(q))
	}
	return w.lang.Money(register.Money(v))
}

// unitOf is the unit of a quantity; empty where it is of anything.
func (w *Window) unitOf(q *numberQuestion) string {
	if q.unit == "" {
		return ""
	}
	return w.lang.Unit(q.unit)
}

// percent writes a percentage in the language on the screen.
func (w *Window) percent(p register.Percent) string {
	text := p.String()
	if w.lang.Tag() == "ru" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return w.T("app.percent", "n", text)
}

// read is the number in a text, or the one that there was when it is empty. ok is false when it is none, or out of
// bounds.
func (q *numberQuestion) read(text string) (v int64, ok bool) {
	most, _, _ := q.limits()
	if text == "" {
		return q.now, q.now != 0
	}
	var err error
	switch q.kind {
	case numberPercent:
		var p register.Percent
		p, err = register.ParsePercent(text)
		v = int64(p)
	case numberQuantity:
		var n register.Quantity
		n, err = register.ParseQuantity(text)
		v = int64(n)
	default:
		var m register.Money
		m, err = register.ParseMoney(text)
		v = int64(m)
	}
	return v, err == nil && v >= q.least && v <= most
}

func (n *numberDialog) paint() {
	w, l := n.w, n.w.look
	text, ink := "", l.Ink
	switch {
	case n.entry.text == "":
		text, ink = w.writeNumber(&n.q, n.q.now), l.Muted
	case n.q.kind == numberMoney:
		text = n.entry.money(w.lang)
	case n.q.kind == numberPercent:
		text = w.T("app.percent", "n", n.entry.shown(w.lang))
	default:
		text = strings.TrimSpace(n.entry.shown(w.lang) + " " + w.unitOf(&n.q))
	}
	n.value.SetStyle(text, func(s *kit.Style) { s.Color = ink })
	v, ok := n.q.read(n.entry.text)
	n.ok.SetDisabled(!ok)
	about := " "
	if ok && n.q.about != nil {
		about = n.q.about(v)
	}
	n.about.Set(about)
}

func (n *numberDialog) typed(r rune) bool {
	took := n.entry.typed(r)
	n.pace.beat(n.entry.text, n.w.deps.Now())
	n.paint()
	return took
}

// clear puts the field back to nothing.
func (n *numberDialog) clear() {
	n.entry.text, n.entry.over = "", ""
	n.paint()
}

func (n *numberDialog) shut() { n.w.close(n.d) }

// agree answers with what was typed.
func (n *numberDialog) agree() {
	w := n.w
	code := n.entry.barcode()
	if code == "" && n.pace.scanner(n.entry.text) {
		code = n.entry.all()
		n.entry.text = ""
	}
	if code != "" {
		n.paint()
		w.scanBlocked(code)
		return
	}
	v, ok := n.q.read(n.entry.text)
	if !ok {
		n.refuse()
		return
	}
	n.answer(v)
}

// refuse says what number is wanted.
func (n *numberDialog) refuse() {
	w, q := n.w, &n.q
	most, _, _ := q.limits()
	switch {
	case n.entry.text == "":
		w.warn(w.T("app.number.empty"))
	case q.kind == numberQuantity:
		w.fail(&till.Problem{Code: till.CodeBadQuantity})
	default:
		w.warn(w.T("app.number.bounds", "least", w.writeNumber(q, q.least), "most", w.writeNumber(q, most)))
	}
}

func (n *numberDialog) answer(v int64) {
	if n.busy {
		return
	}
	n.busy = true
	n.q.take(v, func(err error) {
		n.busy = false
		if err == nil {
			n.shut()
		}
	})
}

func (n *numberDialog) body() body {
	w, l := n.w, n.w.look
	n.q = n.question()
	q := &n.q
	_, before, after := q.limits()
	n.entry.point, n.entry.after, n.entry.most = after > 0, after, before
	n.value = kit.NewText("", kit.Style{Size: 44, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Fit: true})
	n.about = kit.NewText("", kit.Style{Color: l.Muted, Align: fyne.TextAlignCenter, Shrink: true})
	yes, name := q.yes, q.name
	if yes == "" {
		yes = w.T("app.ok")
	}
	if name == "" {
		name = "number"
	}
	n.ok = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: yes, Key: "Enter", Height: kit.TouchBig, Size: 18}, n.agree)
	keys := map[fyne.KeyName]func(){
		fyne.KeyReturn: n.agree, fyne.KeyEscape: n.shut,
		fyne.KeyBackspace: func() { n.typed('\b') }, fyne.KeyDelete: n.clear,
	}
	if q.opens != "" {
		keys[q.opens] = n.shut
	}
	point := ""
	if after > 0 {
		point = w.point()
	}
	const width = 336
	right := kit.Column(10, kit.NewText(q.title, kit.Style{Size: 15, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 2, Width: width}))
	if q.text != "" {
		right.Add(kit.NewText(q.text, kit.Style{Size: 18, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: width}))
	}
	right.Objects = append(right.Objects,
		kit.Tinted(l.Background, 8, kit.Column(0, n.value, n.about)),
		kit.Keypad(l, 58, point, func(r rune) { w.gate.enter(func() { n.typed(r) }) }),
		kit.Row(kit.Gap,
			kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: kit.TouchBig}, n.shut)),
			kit.GrowBy(1.4, n.ok)))
	content := fyne.CanvasObject(right)
	if left := n.side(keys); left != nil {
		content = kit.Row(18, left, right)
	}
	n.paint()
	return body{content: kit.Pad(22, content), beside: n.shut, layer: &kit.Layer{Name: name, Rune: n.typed, Scan: w.scanBlocked, Keys: keys}}
}

// side is what stands beside the keypad: tabs, numbers for one touch, other answers. It is nil when there is nothing.
func (n *numberDialog) side(keys map[fyne.KeyName]func()) fyne.CanvasObject {
	w, q := n.w, &n.q
	if len(q.tabs)+len(q.buttons)+len(q.actions) == 0 {
		return nil
	}
	column := kit.Column(12)
	for _, tabs := range q.tabs {
		row := kit.Row(6)
		for _, t := range tabs {
			do := func() { t.do(); n.clear(); w.remake(n.d) }
			kind := kit.Plain
			if t.chosen {
				kind = kit.Accent
			}
			b := w.button(kit.ButtonSpec{Kind: kind, Text: t.text, Key: t.key, Size: 15, Height: kit.Touch}, do)
			b.SetDisabled(t.off)
			row.Add(kit.Grow(b))
			if t.name != "" && !t.off {
				keys[t.name] = do
			}
		}
		column.Add(row)
	}
	columns, width := 2, float32(252)
	if len(q.tabs) == 0 && len(q.buttons) <= 6 {
		columns, width = 1, 128
	}
	if len(q.buttons) > 0 {
		var all []fyne.CanvasObject
		for _, b := range q.buttons {
			all = append(all, w.button(kit.ButtonSpec{Text: b.text, Size: 18, Height: 56}, func() { n.answer(b.value) }))
		}
		column.Add(kit.Even(columns, kit.Gap, all...))
	}
	column.Add(kit.Space())
	for _, a := range q.actions {
		do := func() { n.shut(); a.do() }
		column.Add(w.button(kit.ButtonSpec{Kind: a.kind, Text: a.text, Key: a.key, Size: 15, Height: 56}, do))
		if a.name != "" {
			keys[a.name] = do
		}
	}
	return kit.Least(width, 0, column)
}

// point is the decimal sign of the language on the screen.
func (w *Window) point() string {
	if w.lang.Tag() == "en" {
		return "."
	}
	return ","
}

// pace tells a scanner's typing from a person's by how fast it is.
type pace struct{ began, ended time.Time }

// A scanner needs less than this for a digit, a person more.
const digitPause = 40 * time.Millisecond

// shortestBarcode is an EAN-8's length: fewer digits are a number, however fast they came.
const shortestBarcode = 8

// beat notes that the text has now become this.
func (p *pace) beat(text string, now time.Time) {
	if len(text) <= 1 {
		p.began = now
	}
	p.ended = now
}

// scanner tells whether a text came too fast for fingers.
func (p *pace) scanner(text string) bool {
	return len(text) >= shortestBarcode && strings.Trim(text, "0123456789") == "" &&
		p.ended.Sub(p.began) < digitPause*time.Duration(len(text)-1)
}
