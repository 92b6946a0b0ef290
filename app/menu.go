package app

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
)

// choice is one thing that a menu offers.
type choice struct {
	sign kit.Sign
	text string
	key  fyne.KeyName // besides its number; may be empty
	hint string       // what stands on the button; the number when empty
	do   func()
	off  bool
}

// openChoices shows a menu. Its entries answer to a touch and to their numbers.
func (w *Window) openChoices(name string, make func() (title string, all []choice)) {
	w.openChoicesOr(name, make, func() {})
}

// openChoicesOr shows a menu, and does something else when nothing is chosen.
func (w *Window) openChoicesOr(name string, make func() (title string, all []choice), otherwise func()) {
	var d *dialog
	shut := func() { w.close(d) }
	leave := func() { shut(); otherwise() }
	at := -1 // of many choices, the one that the arrows stand on
	d = w.open(func() body {
		l := w.look
		title, all := make()
		if len(all) > mostChoices {
			b := w.longChoices(name, title, all, &at, shut, leave)
			b.layer.Keys[fyne.KeyF12] = leave
			return b
		}
		keys := map[fyne.KeyName]func(){fyne.KeyEscape: leave, fyne.KeyF12: leave}
		numbers := map[string]func(){}
		column := kit.Column(6)
		for i, c := range all {
			number := strconv.Itoa(i + 1)
			do := func() { shut(); c.do() }
			hint := c.hint
			if hint == "" {
				hint = number
			}
			b := w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: c.sign, Text: c.text, Key: hint, Size: 18, Height: 58, Left: true}, do)
			b.SetDisabled(c.off)
			column.Add(b)
			if c.off {
				continue
			}
			numbers[number] = do
			if c.key != "" {
				keys[c.key] = do
			}
		}
		return body{
			beside: leave,
			content: kit.Pad(20, kit.Column(8,
				kit.Row(8,
					kit.Grow(kit.Middle(kit.PadSides(0, 0, 0, 14, kit.NewText(title, kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink, Shrink: true})))),
					w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, leave)),
				kit.Least(400, 0, column))),
			layer: w.numberLayer(name, keys, numbers),
		}
	})
}

// mostChoices is how many stand below each other in the smallest window; more of them are a list that scrolls.
const mostChoices = 7

// longChoices is a menu of many entries. at is where the arrows stand; below zero, where the choice is now.
func (w *Window) longChoices(name, title string, all []choice, at *int, shut, leave func()) body {
	var rows []waiting
	for _, c := range all {
		if c.off {
			continue
		}
		if *at < 0 && c.sign == kit.SignCheck {
			*at = len(rows)
		}
		rows = append(rows, waiting{sign: c.sign, title: c.text, plain: true, open: c.do})
	}
	return w.waitingBody(name, title, nil, rows, at, func(t waiting) { shut(); t.open() }, leave)
}

// numberPause is how long a digit stands alone before it is a choice: a scanner's next one comes sooner.
const numberPause = 150 * time.Millisecond

// numberLayer is the keys of a menu. A digit chooses when nothing follows it, at once with Enter; a code, which begins
// with a digit too, chooses nothing.
func (w *Window) numberLayer(name string, keys map[fyne.KeyName]func(), numbers map[string]func()) *kit.Layer {
	l := &kit.Layer{Name: name, Keys: keys}
	enter := keys[fyne.KeyReturn] // when nothing was typed; may be nil
	typed := ""
	stop := func() {}
	end := func() string {
		stop()
		text := typed
		typed = ""
		return text
	}
	l.Rune = func(r rune) bool {
		stop()
		typed += string(r)
		stop = w.deps.After(numberPause, func() {
			w.deps.Draw(func() {
				w.gate.enter(func() {
					if f, ok := numbers[typed]; ok && w.router.Has(l) {
						end()
						f()
					}
					typed = ""
				})
			})
		})
		return true
	}
	l.Keys[fyne.KeyReturn] = func() {
		text := end()
		if f, ok := numbers[text]; ok {
			f()
		} else if text != "" {
			w.scanBlocked(kit.Latin(text))
		} else if enter != nil {
			enter()
		}
	}
	l.Keys[fyne.KeyTab] = l.Keys[fyne.KeyReturn]
	return l
}

// note is a dialog that tells something, and offers what can be done about it.
type note struct {
	name    string
	sign    kit.Sign
	mood    mood
	title   string
	text    string
	rows    [][2]string // captions and values
	actions []action
}

type action struct {
	kind kit.Kind
	text string
	key  string
	name fyne.KeyName
	do   func()
}

// openNote shows a note, and keeps it true while it is open.
func (w *Window) openNote(make func() note) {
	var d *dialog
	shut := func() { w.close(d) }
	d = w.open(func() body {
		place := kit.Stack()
		b := body{content: place, beside: shut, layer: &kit.Layer{Scan: w.scanBlocked}}
		last := ""
		paint := func() {
			n := make()
			if is := n.String(); is == last {
				return
			} else {
				last = is
			}
			b.layer.Name = n.name
			b.layer.Keys = map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyReturn: shut}
			place.Objects = []fyne.CanvasObject{w.paintNote(n, shut, b.layer.Keys)}
			place.Refresh()
		}
		paint()
		b.update = func(tillView) {
			paint()
			w.layers.Refresh()
		}
		return b
	})
}

// String tells whether a note has to be painted anew.
func (n note) String() string {
	s := n.title + "\n" + n.text + "\n" + string(n.sign)
	for _, r := range n.rows {
		s += "\n" + r[0] + "\t" + r[1]
	}
	for _, a := range n.actions {
		s += "\n" + a.text
	}
	return s
}

func (w *Window) paintNote(n note, shut func(), keys map[fyne.KeyName]func()) fyne.CanvasObject {
	l := w.look
	const width = 500
	ground, ink := w.moodColours(n.mood)
	head := kit.Row(16,
		kit.Column(0, kit.Stack(kit.Dot(ground, 56), kit.Pad(14, kit.Icon(n.sign, ink, 28)))),
		kit.Middle(kit.NewText(n.title, kit.Style{Size: 23, Bold: true, Color: l.Ink, Lines: 3, Width: width - 72})))
	column := kit.Column(14, head)
	if n.text != "" {
		column.Add(kit.NewText(n.text, kit.Style{Size: 17, Color: l.Ink, Lines: 8, Width: width}))
	}
	if len(n.rows) > 0 {
		column.Add(kit.Tinted(l.Background, 14, w.table(n.rows, width-28)))
	}
	buttons := kit.Row(kit.Gap)
	buttons.Add(kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.close"), Key: "Esc", Height: 60}, shut)))
	for _, a := range n.actions {
		do := func() { shut(); a.do() }
		buttons.Add(kit.GrowBy(1.5, w.button(kit.ButtonSpec{Kind: a.kind, Text: a.text, Key: a.key, Height: 60}, do)))
		if a.name != "" {
			keys[a.name] = do
		}
	}
	column.Add(kit.Blank(0, 4))
	column.Add(buttons)
	return kit.Pad(26, column)
}

// table is rows of a caption and a value.
func (w *Window) table(rows [][2]string, width float32) fyne.CanvasObject {
	l := w.look
	column := kit.Column(7)
	for _, r := range rows {
		value := kit.NewText(r[1], kit.Style{Size: 17, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing})
		room := width - value.MinSize().Width - 12
		column.Add(kit.Row(12,
			kit.Grow(kit.Middle(kit.NewText(r[0], kit.Style{Size: 16, Color: l.Muted, Lines: 2, Width: max(room, 120)}))),
			kit.Middle(value)))
	}
	return column
}
