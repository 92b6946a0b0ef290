package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// pastFilter is what a list of operations is narrowed to.
type pastFilter struct {
	kind   register.Kind // empty for all
	method register.Method
	period period
	shift  int64
}

// any tells whether nothing is narrowed.
func (f pastFilter) any() bool { return f == pastFilter{} }

// search is the filter and a text as the till is asked. What a registrar made of an operation is listed when it is asked for
// only: every second row would be one, and each is shown with its operation.
func (f pastFilter) search(text string) till.Search {
	s := till.Search{Text: text, Except: register.KindFiscalDocument, Method: f.method, From: f.period.from, To: f.period.to, Shift: f.shift}
	if f.kind != "" {
		s.Kinds = []register.Kind{f.kind}
	}
	return s
}

// filterBar is the row of what the list is narrowed to. Each part opens a choice.
type filterBar struct {
	w       *Window
	filter  *pastFilter
	returns bool // only sales are listed: there is no choice of kind
	changed func()

	strip                      *kit.Strip
	day, kind, method, shift   *kit.Button
	earlier, later, everything *kit.Button
}

func (w *Window) newFilterBar(filter *pastFilter, returns bool, changed func()) *filterBar {
	b := &filterBar{w: w, filter: filter, returns: returns, changed: changed}
	chip := func(sign kit.Sign, key string, f func()) *kit.Button {
		return w.button(kit.ButtonSpec{Kind: kit.Chip, Sign: sign, Text: " ", Key: key, Size: 15, Height: kit.Touch}, f)
	}
	b.earlier = chip(kit.SignLeft, "", func() { b.move(-1) })
	b.later = chip(kit.SignRight, "", func() { b.move(1) })
	b.earlier.SetText("")
	b.later.SetText("")
	b.day = chip("", "F2", b.askDays)
	b.kind = chip("", "F3", b.askKind)
	b.method = chip("", "F4", b.askMethod)
	b.shift = chip("", "F6", b.askShift)
	b.everything = chip(kit.SignClose, "F7", b.clear)
	b.everything.SetText(w.T("app.filter.clear"))
	b.strip = kit.NewStrip(6)
	b.paint()
	return b
}

func (b *filterBar) keys(keys map[fyne.KeyName]func()) {
	keys[fyne.KeyLeft] = func() { b.move(-1) }
	keys[fyne.KeyRight] = func() { b.move(1) }
	keys[fyne.KeyF2] = b.askDays
	keys[fyne.KeyF4] = b.askMethod
	keys[fyne.KeyF6] = b.askShift
	keys[fyne.KeyF7] = b.clear
	if !b.returns {
		keys[fyne.KeyF3] = b.askKind
	}
}

// paint says what the list is narrowed to.
func (b *filterBar) paint() {
	w, f := b.w, b.filter
	set := func(c *kit.Button, text string, on bool) fyne.CanvasObject {
		c.SetText(text)
		c.SetChosen(on)
		return c
	}
	objects := []fyne.CanvasObject{b.earlier, set(b.day, w.periodName(f.period), !f.period.any()), b.later}
	if !b.returns {
		objects = append(objects, set(b.kind, w.kindChoice(f.kind), f.kind != ""))
	}
	objects = append(objects,
		set(b.method, w.methodChoice(f.method), f.method != ""),
		set(b.shift, w.shiftChoice(f.shift), f.shift != 0))
	if !f.any() {
		objects = append(objects, b.everything)
	}
	b.strip.SetObjects(objects)
}

func (w *Window) kindChoice(k register.Kind) string {
	if k == "" {
		return w.T("app.filter.kinds")
	}
	return w.kindName(k)
}

func (w *Window) methodChoice(m register.Method) string {
	if m == "" {
		return w.T("app.filter.methods")
	}
	return w.T("method." + string(m))
}

func (w *Window) shiftChoice(n int64) string {
	if n == 0 {
		return w.T("app.filter.shifts")
	}
	return w.T("app.bar.shift_n", "n", w.lang.Integer(n))
}

// change narrows the list anew.
func (b *filterBar) change(f func(*pastFilter)) {
	was := *b.filter
	f(b.filter)
	if *b.filter != was {
		b.paint()
		b.changed()
	}
}

func (b *filterBar) move(by int) {
	b.change(func(f *pastFilter) { f.period = f.period.moved(by, b.w.today()) })
}

func (b *filterBar) clear() { b.change(func(f *pastFilter) { *f = pastFilter{} }) }

func (b *filterBar) askDays() {
	b.w.openPeriod(b.filter.period, func(p period) { b.change(func(f *pastFilter) { f.period = p }) })
}

func (b *filterBar) askKind() {
	w := b.w
	w.openOptions("kinds", 3, func() (string, []option) {
		var all []option
		for _, k := range append([]register.Kind{""}, register.Kinds()...) {
			all = append(all, option{text: w.kindChoice(k), chosen: k == b.filter.kind, do: func() { b.change(func(f *pastFilter) { f.kind = k }) }})
		}
		return w.T("app.filter.kind"), all
	})
}

func (b *filterBar) askMethod() {
	w := b.w
	w.openOptions("methods", 1, func() (string, []option) {
		var all []option
		for _, m := range []register.Method{"", register.Cash, register.Card, register.QR, register.Prepaid} {
			all = append(all, option{text: w.methodChoice(m), chosen: m == b.filter.method, do: func() { b.change(func(f *pastFilter) { f.method = m }) }})
		}
		return w.T("app.filter.method"), all
	})
}

// askShift offers the newest shifts, and any other by its number.
func (b *filterBar) askShift() {
	w := b.w
	w.openOptions("shifts", 2, func() (string, []option) {
		choose := func(n int64) func() { return func() { b.change(func(f *pastFilter) { f.shift = n }) } }
		all := []option{{text: w.shiftChoice(0), chosen: b.filter.shift == 0, do: choose(0)}}
		newest := w.view.Shift.Number
		for n := newest; n > 0 && n > newest-6; n-- {
			all = append(all, option{text: w.shiftChoice(n), chosen: b.filter.shift == n, do: choose(n)})
		}
		return w.T("app.filter.shift"), append(all, option{text: w.T("app.filter.shift_other"), do: func() {
			w.askNumber(numberQuestion{
				name: "shift_number", title: w.T("app.filter.shift_number"), kind: numberQuantity, unit: register.Piece, least: int64(register.One),
				take: func(v int64, then func(error)) {
					then(nil)
					choose(v / int64(register.One))()
				},
			})
		}})
	})
}
