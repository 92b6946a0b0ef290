package app

import (
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// cardState is what was typed off the terminal's slip.
type cardState struct {
	bill bill
	slip slipText
}

// longestSlip is how much of a slip is kept, in letters.
const longestSlip = 24

// slipText is a slip's number while it is typed. Enter ends the number and confirms nothing yet: a scanner ends its
// codes with Enter too.
type slipText struct {
	text  string
	fresh bool // something was typed since the last Enter
	pace  pace
}

// typed takes a character and tells whether it was one of a number.
func (s *slipText) typed(r rune, w *Window) bool {
	switch {
	case r == '\b':
		if s.text != "" {
			_, n := utf8.DecodeLastRuneInString(s.text)
			s.text = s.text[:len(s.text)-n]
		}
		s.fresh = s.text != ""
	case unicode.IsControl(r) || r == utf8.RuneError || r == ' ' && s.text == "":
		return false
	case s.text != "" && !s.fresh: // the number was ended: this is another one
		s.text, s.fresh = string(r), true
	case utf8.RuneCountInString(s.text) < longestSlip:
		s.text += string(r)
		s.fresh = true
	}
	s.pace.beat(s.text, w.deps.Now())
	return true
}

// enter ends the number and tells whether there was one to end. A code that a scanner typed is no slip's number: it is
// given back, and forgotten.
func (s *slipText) enter() (ended bool, code string) {
	if !s.fresh {
		return false, ""
	}
	s.fresh = false
	if s.pace.scanner(s.text) {
		code, s.text = s.text, ""
	}
	return true, code
}

// openCard takes the receipt's payment by card.
func (w *Window) openCard() {
	switch {
	case !w.cards():
		w.warn(w.T("app.card.off"))
	case !w.mayPay():
	case w.view.Due == 0:
		w.openHandOver()
	default:
		w.openCardFor(w.receiptBill())
	}
}

// openCardFor takes a payment by card. The terminal stands beside the till and knows nothing of it: the cashier says what
// it answered.
func (w *Window) openCardFor(b bill) {
	state := &cardState{bill: b}
	var d *dialog
	d = w.open(func() body { return w.cardBody(state, func() { w.close(d) }) })
}

func (w *Window) cardBody(state *cardState, shut func()) body {
	l := w.look
	const left = 420
	slip := kit.NewText("", kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Fit: true})
	paint := func() {
		text, ink := state.slip.text, l.Good // it was ended with Enter
		switch {
		case text == "":
			text, ink = w.T("app.card.no_slip"), l.Muted
		case state.slip.fresh:
			ink = l.Ink
		}
		slip.SetStyle(text, func(s *kit.Style) { s.Color = ink })
	}
	typed := func(r rune) bool {
		took := state.slip.typed(r, w)
		paint()
		return took
	}
	agree := func() {
		if ended, code := state.slip.enter(); ended {
			paint()
			if code != "" {
				w.scanBlocked(code)
			}
			return
		}
		w.chargeCard(state, shut)
	}
	approve := w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.card.approved"), Key: "Enter", Size: 20, Height: 76}, func() {
		state.slip.fresh = false // a touch is meant
		agree()
	})
	step := func(n, text string) fyne.CanvasObject {
		return kit.Row(12,
			kit.Column(0, kit.Stack(kit.Dot(l.AccentSoft, 30), kit.Middle(kit.NewText(n, kit.Style{Size: 15, Bold: true, Color: l.Accent, Align: fyne.TextAlignCenter})))),
			kit.Grow(kit.Middle(kit.NewText(text, kit.Style{Size: 16, Color: l.Ink, Lines: 3, Width: left - 42}))))
	}
	content := kit.Pad(24, kit.Row(22,
		kit.Least(left, 0, kit.Column(12,
			kit.NewText(w.T("app.card.title"), kit.Style{Size: 17, Bold: true, Color: l.Muted, Shrink: true}),
			kit.NewText(w.lang.Money(state.bill.sum), kit.Style{Size: 60, Bold: true, Color: l.Ink, Fit: true}),
			step("1", w.T("app.card.step_charge")),
			step("2", w.T("app.card.step_wait")),
			step("3", w.T("app.card.step_slip")),
			kit.Space(),
			kit.Row(kit.Gap,
				kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 76}, shut)),
				kit.GrowBy(2, approve)))),
		kit.Least(264, 0, kit.Column(10,
			kit.NewText(w.T("app.card.slip"), kit.Style{Size: 15, Color: l.Muted, Shrink: true}),
			kit.Tinted(l.Background, 12, slip),
			kit.Grow(kit.Keypad(l, 72, "", func(r rune) { w.gate.enter(func() { typed(r) }) })))),
	))
	paint()
	return body{content: content, layer: &kit.Layer{
		Name: "card", Rune: typed, Scan: w.scanBlocked,
		Keys: map[fyne.KeyName]func(){
			fyne.KeyReturn: agree, fyne.KeyEscape: shut,
			fyne.KeyBackspace: func() { typed('\b') },
			fyne.KeyDelete:    func() { state.slip = slipText{}; paint() },
		},
	}}
}

func (w *Window) chargeCard(state *cardState, shut func()) {
	w.charge(state.bill, till.Tender{Card: state.bill.sum, Slip: state.slip.text}, func(paid, changed bool) {
		if paid || changed {
			shut()
		}
	})
}
