package app

import (
	"slices"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// cashState is what was typed of the cash that the buyer gave.
type cashState struct {
	bill  bill
	entry digits
	total register.Money
}

// given is the cash that was typed; nothing typed means exactly the total.
func (c *cashState) given() register.Money {
	if c.entry.text == "" {
		return c.total
	}
	m, err := register.ParseMoney(c.entry.text)
	if err != nil {
		return 0
	}
	return m
}

// largestNote is the largest note there is. Nobody gives a note too many, so a change of as much as it is no change but
// a barcode that was scanned into the field, or a slip of the finger.
const largestNote register.Money = 5000_00

// doubtful tells that so much cash is more likely a mistake.
func (c *cashState) doubtful() bool { return c.given()-c.total >= largestNote }

// mostNotes is how many sums are offered for one touch.
const mostNotes = 6

// notes are the sums that a buyer is likely to hand over for a total, besides the exact one: the total made full to the
// next note of each kind, the smallest first.
func notes(total register.Money, kinds []register.Money) []register.Money {
	var out []register.Money
	for _, note := range slices.Sorted(slices.Values(kinds)) {
		full := (total + note - 1) / note * note
		if full != total && full-total < largestNote && full <= register.MaxMoney {
			out = append(out, full)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), mostNotes)]
}

// noteKinds are the notes that the shop's buyers pay with.
func (w *Window) noteKinds() []register.Money {
	if w.view.Settings == nil {
		return nil
	}
	return w.view.Settings.Notes
}

// openCash takes cash for the receipt: how much was given, how much goes back.
func (w *Window) openCash() {
	if !w.mayPay() {
		return
	}
	if w.view.Due == 0 {
		w.openHandOver()
		return
	}
	w.openCashFor(w.receiptBill())
}

func (w *Window) openCashFor(b bill) {
	state := &cashState{bill: b, total: b.sum, entry: digits{point: true, after: 2, most: 8}}
	var d *dialog
	d = w.open(func() body { return w.cashBody(state, func() { w.close(d) }) })
}

func (w *Window) cashBody(state *cashState, shut func()) body {
	l := w.look
	const left = 372
	given := kit.NewText("", kit.Style{Size: 40, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	change := kit.NewText("", kit.Style{Size: 60, Bold: true, Color: l.Good, Align: fyne.TextAlignTrailing, Fit: true})
	caption := kit.NewText("", kit.Style{Size: 18, Bold: true, Color: l.Muted, Shrink: true})
	ground := kit.Fill(l.GoodSoft, kit.Radius)
	note := kit.NewText("", kit.Style{Size: 15, Color: l.Muted, Lines: 2, Width: left - 32})
	var take *kit.Button
	paint := func() {
		text, ink := state.entry.money(w.lang), l.Ink
		if state.entry.text == "" {
			text, ink = w.lang.Money(state.total), l.Muted
		}
		given.SetStyle(text, func(s *kit.Style) { s.Color = ink })
		back := state.given() - state.total
		label, sum, fill, tint := w.T("app.cash.change"), back, l.GoodSoft, l.Good
		hint := w.T("app.cash.enter")
		switch {
		case back < 0:
			label, sum, fill, tint = w.T("app.cash.missing"), -back, l.WarnSoft, l.Warn
			hint = w.T("app.cash.more")
		case state.doubtful():
			fill, tint = l.BadSoft, l.Bad
			hint = w.T("app.cash.doubtful")
		case state.entry.text == "":
			hint = w.T("app.cash.exact_hint")
		}
		caption.Set(label)
		change.SetStyle(w.lang.Money(sum), func(s *kit.Style) { s.Color = tint })
		note.Set(hint)
		if ground.FillColor != fill {
			ground.FillColor = fill
			ground.Refresh()
		}
		take.SetDisabled(back < 0 || state.doubtful())
	}
	typed := func(r rune) bool {
		took := state.entry.typed(r)
		paint()
		return took
	}
	agree := func() { w.takeCash(state, shut, paint) }
	take = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.cash.take"), Key: "Enter", Size: 22, Height: 76}, agree)
	quick := []fyne.CanvasObject{}
	for i, m := range append([]register.Money{state.total}, notes(state.total, w.noteKinds())...) {
		text := w.lang.Money(m)
		if i == 0 {
			text = w.T("app.cash.exact")
		} else if m%100 == 0 {
			text = w.lang.Integer(int64(m / 100))
		}
		quick = append(quick, w.button(kit.ButtonSpec{Text: text, Size: 18, Height: 56}, func() {
			state.entry.text, state.entry.over = "", ""
			if i > 0 {
				state.entry.text = m.String()
				if m%100 == 0 {
					state.entry.text = m.String()[:len(m.String())-3]
				}
			}
			paint()
		}))
	}
	labelled := func(text string, o fyne.CanvasObject) fyne.CanvasObject {
		return kit.Row(8, kit.Middle(kit.NewText(text, kit.Style{Size: 18, Bold: true, Color: l.Muted})), kit.Grow(o))
	}
	total := kit.NewText(w.lang.Money(state.total), kit.Style{Size: 40, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	content := kit.Pad(22, kit.Row(20,
		kit.Least(left, 0, kit.Column(10,
			labelled(w.payCaption(state.bill), total),
			kit.Rule(l),
			labelled(w.T("app.cash.given"), given),
			kit.Stack(ground, kit.Pad(16, kit.Column(2, caption, change, kit.Least(left-32, 44, note)))),
			kit.Space(),
			kit.Row(kit.Gap,
				kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 76}, shut)),
				kit.GrowBy(1.7, take)),
		)),
		kit.Least(330, 0, kit.Row(10,
			kit.Least(116, 0, kit.Column(kit.Gap, quick...)),
			kit.Grow(kit.Least(290, 0, kit.Keypad(l, 84, w.point(), func(r rune) { w.gate.enter(func() { typed(r) }) }))),
		)),
	))
	paint()
	return body{content: content, beside: nil, layer: &kit.Layer{
		Name: "cash",
		Rune: typed,
		Scan: w.scanBlocked,
		Keys: map[fyne.KeyName]func(){
			fyne.KeyReturn: agree, fyne.KeyEscape: shut,
			fyne.KeyBackspace: func() { typed('\b') },
			fyne.KeyDelete:    func() { state.entry.text, state.entry.over = "", ""; paint() },
		},
	}}
}

// takeCash sells. While it is at work no key reaches anything; when it is done, "sold" is on the screen.
func (w *Window) takeCash(state *cashState, shut, paint func()) {
	if code := state.entry.barcode(); code != "" {
		paint()
		w.scanBlocked(code)
		return
	}
	given := state.given()
	if state.doubtful() {
		state.entry.text = ""
		paint()
		w.warn(w.T("app.cash.doubtful_told", "sum", w.lang.Money(given)))
		return
	}
	if given < state.total {
		w.fail(&till.Problem{Code: till.CodeTooLittle, Args: []any{"missing", state.total - given}})
		return
	}
	w.charge(state.bill, till.Tender{Given: given}, func(paid, changed bool) {
		if paid || changed {
			shut()
		}
	})
}

// payCaption is what stands before the sum of a bill.
func (w *Window) payCaption(b bill) string {
	switch {
	case b.prepay:
		return w.T("app.prepay.short")
	case w.view.Order != nil:
		return w.T("app.cart.due")
	}
	return w.T("app.cart.total")
}
