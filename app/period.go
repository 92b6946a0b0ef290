package app

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
)

// period is the days that a list is narrowed to, in the shop's time zone: from the first moment of one day to the first
// one after another. The zero period is all days.
type period struct{ from, to time.Time }

func (p period) any() bool { return p.from.IsZero() }

// days is how many days the period has.
func (p period) days() int {
	n := 0
	for d := p.from; d.Before(p.to); d = d.AddDate(0, 0, 1) {
		n++
	}
	return n
}

// dayOf is the first moment of a moment's day in the shop.
func (w *Window) dayOf(t time.Time) time.Time {
	zone := w.deps.Zone
	if zone == nil {
		zone = time.Local
	}
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

func (w *Window) today() time.Time { return w.dayOf(w.deps.Now()) }

// daysUntil is the period of n days that ends with a day.
func daysUntil(last time.Time, n int) period {
	return period{from: last.AddDate(0, 0, 1-n), to: last.AddDate(0, 0, 1)}
}

// moved is the period before or after, of as many days; nothing is after today.
func (p period) moved(by int, today time.Time) period {
	if p.any() {
		return daysUntil(today, 1)
	}
	n := p.days() * by
	next := period{from: p.from.AddDate(0, 0, n), to: p.to.AddDate(0, 0, n)}
	if next.from.After(today) {
		return p
	}
	return next
}

// periodName names a period.
func (w *Window) periodName(p period) string {
	today := w.today()
	last := p.to.AddDate(0, 0, -1)
	switch {
	case p.any():
		return w.T("app.period.any")
	case p == daysUntil(today, 1):
		return w.T("app.period.today")
	case p == daysUntil(today.AddDate(0, 0, -1), 1):
		return w.T("app.period.yesterday")
	case p.days() == 1:
		return w.lang.Date(p.from)
	}
	return w.T("app.period.range", "from", w.lang.Date(p.from), "to", w.lang.Date(last))
}

// calendarState is what was marked in the calendar.
type calendarState struct {
	month  time.Time // its first day
	cursor time.Time
	p      period
	half   bool // the first day of a period was marked, and the last one may follow
}

// openPeriod asks for the days.
func (w *Window) openPeriod(now period, take func(period)) {
	st := &calendarState{p: now, cursor: w.today()}
	if !now.any() {
		st.cursor = now.to.AddDate(0, 0, -1)
	}
	var d *dialog
	d = w.open(func() body { return w.periodBody(st, func() { w.close(d) }, func() { w.remake(d) }, take) })
}

// mark takes a touched day: the first one begins a period, and a later one ends it.
func (st *calendarState) mark(day time.Time) {
	st.cursor = day
	if st.half && day.After(st.p.from) {
		st.p.to, st.half = day.AddDate(0, 0, 1), false
		return
	}
	st.p, st.half = daysUntil(day, 1), true
}

func (w *Window) periodBody(st *calendarState, shut, paint func(), take func(period)) body {
	l := w.look
	y, m, _ := st.cursor.Date()
	st.month = time.Date(y, m, 1, 0, 0, 0, 0, st.cursor.Location())
	choose := func(p period) func() { return func() { shut(); take(p) } }
	today := w.today()
	quick := kit.Column(kit.Gap)
	add := func(text, key string, p period) {
		b := w.button(kit.ButtonSpec{Text: text, Key: key, Size: 15, Height: 56, Left: true}, choose(p))
		b.SetChosen(p == st.p)
		quick.Add(b)
	}
	monthBegin := today.AddDate(0, 0, 1-today.Day())
	add(w.T("app.period.any"), "Del", period{})
	add(w.T("app.period.today"), "Home", daysUntil(today, 1))
	add(w.T("app.period.yesterday"), "", daysUntil(today.AddDate(0, 0, -1), 1))
	add(w.T("app.period.week"), "", daysUntil(today, 7))
	add(w.T("app.period.month"), "", period{from: monthBegin, to: today.AddDate(0, 0, 1)})
	step := func(days, months int) func() {
		return func() {
			st.cursor = st.cursor.AddDate(0, months, days)
			paint()
		}
	}
	agree := func() {
		if st.p.any() {
			st.p = daysUntil(st.cursor, 1)
		}
		choose(st.p)()
	}
	mark := func(day time.Time) { st.mark(day); paint() }
	layer := &kit.Layer{Name: "period", Scan: w.scanBlocked,
		Rune: func(r rune) bool {
			if r == ' ' {
				mark(st.cursor)
			}
			return r == ' '
		},
		Keys: map[fyne.KeyName]func(){
			fyne.KeyEscape: shut, fyne.KeyReturn: agree, fyne.KeyDelete: choose(period{}), fyne.KeyHome: choose(daysUntil(today, 1)),
			fyne.KeyLeft: step(-1, 0), fyne.KeyRight: step(1, 0), fyne.KeyUp: step(-7, 0), fyne.KeyDown: step(7, 0),
			fyne.KeyPageUp: step(0, -1), fyne.KeyPageDown: step(0, 1),
		}}
	right := kit.Column(kit.Gap,
		kit.Row(kit.Gap,
			w.button(kit.ButtonSpec{Sign: kit.SignLeft}, step(0, -1)),
			kit.Grow(kit.Middle(kit.NewText(w.T(fmt.Sprintf("app.month.%d", int(m)))+" "+fmt.Sprint(y),
				kit.Style{Size: 18, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Shrink: true}))),
			w.button(kit.ButtonSpec{Sign: kit.SignRight}, step(0, 1))),
		w.calendar(st, mark),
		kit.Row(kit.Gap,
			kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 56}, shut)),
			kit.GrowBy(1.4, w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.period.show"), Key: "Enter", Height: 56}, agree))))
	return body{layer: layer, beside: shut, content: kit.Pad(20, kit.Column(10,
		kit.NewText(w.T("app.period.title"), kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink, Shrink: true}),
		kit.Row(18, kit.Least(230, 0, quick), kit.Least(400, 0, right))))}
}

// calendar is a month, week by week from Monday.
func (w *Window) calendar(st *calendarState, mark func(time.Time)) fyne.CanvasObject {
	l := w.look
	var names, cells []fyne.CanvasObject
	for i := 1; i <= 7; i++ {
		names = append(names, kit.NewText(w.T(fmt.Sprintf("app.weekday.%d", i)), kit.Style{Size: 13, Color: l.Muted, Align: fyne.TextAlignCenter}))
	}
	first := st.month.AddDate(0, 0, -(int(st.month.Weekday())+6)%7)
	for i := range 42 {
		day := first.AddDate(0, 0, i)
		if i%7 == 0 && i > 0 && day.Month() != st.month.Month() && day.After(st.month) {
			break
		}
		if day.Month() != st.month.Month() {
			cells = append(cells, kit.Blank(0, 44))
			continue
		}
		ground, ink := l.Surface, l.Ink
		if !st.p.any() && !day.Before(st.p.from) && day.Before(st.p.to) {
			ground, ink = l.AccentSoft, l.Accent
		}
		press := kit.NewPress(kit.Centre(kit.NewText(fmt.Sprint(day.Day()), kit.Style{Size: 16, Bold: true, Color: ink})),
			kit.Rounding, ground, kit.Mix(ground, l.Accent, 0.1), func() { w.gate.enter(func() { mark(day) }) })
		if day.Equal(st.cursor) {
			press.Border(l.Accent, 2)
		}
		cells = append(cells, kit.Least(0, 48, press))
	}
	return kit.Column(2, kit.Even(7, 4, names...), kit.Even(7, 4, cells...))
}
