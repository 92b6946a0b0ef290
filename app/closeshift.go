package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// closing is what was typed of the cash that was counted.
type closing struct {
	entry digits
}

// counted is the cash that was counted; nil when nobody did.
func (c *closing) counted() *register.Money {
	if c.entry.text == "" {
		return nil
	}
	m, err := register.ParseMoney(c.entry.text)
	if err != nil {
		return nil
	}
	return &m
}

// openCloseShift shows what the shift came to, has the cash counted where the shop wants that, and closes the shift.
func (w *Window) openCloseShift() {
	switch {
	case !w.view.Shift.Open:
		w.fail(&till.Problem{Code: till.CodeNoShift})
		return
	case w.view.QR != nil:
		w.fail(&till.Problem{Code: till.CodeQROpen})
		return
	case len(w.view.Lines) > 0:
		w.fail(&till.Problem{Code: till.CodeCartNotEmpty})
		return
	}
	state := &closing{entry: digits{point: true, after: 2, most: 8}}
	var d *dialog
	d = w.open(func() body { return w.closeShiftBody(state, func() { w.close(d) }) })
}

func (w *Window) closeShiftBody(state *closing, shut func()) body {
	l := w.look
	const width = 440
	t := w.view.Shift.Totals
	count := w.view.Settings.CountCash
	agree := func() { w.closeShift(state, shut) }
	left := kit.Column(10,
		kit.NewText(w.T("app.close_shift.title", "n", w.lang.Integer(w.view.Shift.Number)), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Lines: 2, Width: width}),
		kit.Tinted(l.Background, 12, w.table(w.shiftSums(t), width-24)),
		kit.Tinted(l.GoodSoft, 14, kit.Column(0,
			kit.NewText(w.T("app.close_shift.cash"), kit.Style{Size: 15, Color: l.Ink, Shrink: true}),
			kit.NewText(w.lang.Money(t.CashEnd), kit.Style{Size: 34, Bold: true, Color: l.Good, Fit: true}))))
	typed := func(rune) bool { return false }
	var content fyne.CanvasObject
	if count {
		var right fyne.CanvasObject
		right, typed = w.countBody(state, t.CashEnd)
		content = kit.Row(22, kit.Least(width, 0, left), right)
	} else {
		content = kit.Least(width, 0, left)
	}
	note := w.T("app.close_shift.text")
	if w.view.Held > 0 {
		note = w.T("app.close_shift.held", "n", w.lang.Integer(int64(w.view.Held)))
	}
	return body{
		beside: shut,
		content: kit.Pad(20, kit.Column(10, content,
			kit.NewText(note, kit.Style{Size: 15, Color: l.Muted, Lines: 2, Width: width}),
			kit.Row(kit.Gap,
				kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 60}, shut)),
				kit.GrowBy(1.8, w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.menu.close_shift"), Key: "Enter", Size: 19, Height: 60}, agree))))),
		layer: &kit.Layer{
			Name: "close_shift", Scan: w.scanBlocked, Rune: typed,
			Keys: map[fyne.KeyName]func(){
				fyne.KeyEscape: shut, fyne.KeyReturn: agree,
				fyne.KeyBackspace: func() { typed('\b') },
			},
		},
	}
}

// shiftSums are the few figures by which a cashier knows the shift again; the page of the shift has them all.
func (w *Window) shiftSums(t register.Totals) [][2]string {
	rows := [][2]string{{w.T("app.totals.sales", "n", w.lang.Integer(t.Sales.Count)), w.lang.Money(t.Sales.Sum)}}
	if t.Returns.Count > 0 {
		rows = append(rows, [2]string{w.T("app.totals.returns", "n", w.lang.Integer(t.Returns.Count)), w.lang.Money(-t.Returns.Sum)})
	}
	for _, m := range []register.Method{register.Cash, register.Card, register.QR} {
		if taken := t.Taken(m); taken != 0 || m == register.Cash {
			rows = append(rows, [2]string{w.T("app.totals.by", "method", w.T("method."+string(m))), w.lang.Money(taken)})
		}
	}
	return rows
}

// countBody is where the cash that was counted is typed, with what is missing or too much.
func (w *Window) countBody(state *closing, expected register.Money) (fyne.CanvasObject, func(rune) bool) {
	l := w.look
	const width = 300
	value := kit.NewText("", kit.Style{Size: 34, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	about := kit.NewText("", kit.Style{Size: 16, Bold: true, Color: l.Muted, Align: fyne.TextAlignTrailing, Lines: 2, Width: width})
	paint := func() {
		counted := state.counted()
		text, line, ink := "—", w.T("app.close_shift.not_counted"), l.Muted
		if counted != nil {
			text = state.entry.money(w.lang)
			switch diff := *counted - expected; {
			case diff == 0:
				line, ink = w.T("app.close_shift.agrees"), l.Good
			case diff < 0:
				line, ink = w.T("app.close_shift.missing", "sum", w.lang.Money(-diff)), l.Bad
			default:
				line, ink = w.T("app.close_shift.over", "sum", w.lang.Money(diff)), l.Warn
			}
		}
		value.Set(text)
		about.SetStyle(line, func(s *kit.Style) { s.Color = ink })
	}
	typed := func(r rune) bool {
		took := state.entry.typed(r)
		paint()
		return took
	}
	point := ","
	if w.lang.Tag() == "en" {
		point = "."
	}
	paint()
	return kit.Least(width, 0, kit.Column(8,
		kit.NewText(w.T("app.close_shift.counted"), kit.Style{Size: 16, Bold: true, Color: l.Muted, Shrink: true}),
		kit.Least(width, 48, kit.Middle(value)), kit.Least(width, 42, kit.Column(0, about)),
		kit.Keypad(l, 52, point, func(r rune) { w.gate.enter(func() { typed(r) }) }),
	)), typed
}

func (w *Window) closeShift(state *closing, shut func()) {
	if code := state.entry.barcode(); code != "" {
		w.scanBlocked(code)
		return
	}
	number, counted := w.view.Shift.Number, state.counted()
	var closed register.ShiftClosed
	w.gate.commit(func(ctx context.Context) (err error) {
		closed, err = w.deps.Till.CloseShift(ctx, counted)
		return err
	}, func(err error) {
		shut()
		if err != nil {
			w.fail(err)
			w.refresh()
			return
		}
		w.shiftEnded = w.deps.Now()
		w.closePage(nameShift)
		holds := closed.Totals.CashEnd + closed.Difference()
		w.toast.say(moodGood, w.T("app.close_shift.done", "n", w.lang.Integer(number)),
			w.T("app.close_shift.done_text", "cash", w.lang.Money(holds)))
		w.refresh()
	})
}
