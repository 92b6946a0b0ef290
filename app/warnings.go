package app

import (
	"kassa/app/till"
	"kassa/banks"
)

// told is what the cashier has been warned of already: each thing is told once.
type told struct {
	clock     bool
	goods     bool
	registrar till.Code              // what the fiscal registrar asked for last
	shift     int64                  // the number of the shift that has been open for too long
	back      int64                  // the return in the background
	late      map[string]banks.State // money that came late, as it was seen last
}

// followClock tells of a clock that was set back, once, to whoever is signed in.
func (w *Window) followClock() {
	if w.view.Clock == "" {
		w.told.clock = false
		return
	}
	if w.told.clock || w.view.Cashier == "" {
		return
	}
	w.told.clock = true
	title, rest := w.trouble(till.CodeClockBack)
	w.toast.say(moodWarn, title, rest)
}

// followGoods tells of a catalogue that could not be opened, once.
func (w *Window) followGoods() {
	if w.view.Goods == "" || w.told.goods || w.view.Cashier == "" {
		return
	}
	w.told.goods = true
	title, rest := w.trouble(w.view.Goods)
	w.toast.say(moodBad, title, rest)
}

// followHours tells of a shift that comes near the 24 hours that the law gives it (54-FZ, article 4.3), once for each.
func (w *Window) followHours() {
	s := w.view.Shift
	open := w.deps.Now().Sub(s.Opened)
	if !s.Open || w.view.Cashier == "" || open < longShift || w.told.shift == s.Number {
		return
	}
	w.told.shift = s.Number
	title, rest := halves(w.T("app.shift.ending", "hours", w.hours(open)))
	w.toast.say(moodWarn, title, rest)
}
