package app

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

// followLate tells of money that came after its code was put away, once for each, and when it went back.
func (w *Window) followLate() {
	if w.view.Cashier == "" {
		w.told.late = nil
		return
	}
	now := map[string]banks.State{}
	sums := map[string]register.Money{}
	var fresh *till.Late
	for _, l := range w.view.Late {
		now[l.ID], sums[l.ID] = l.State, l.Left
		if _, known := w.told.late[l.ID]; !known {
			fresh = &l
		}
	}
	for id, state := range w.told.late {
		if _, there := now[id]; !there && state == banks.StateRefundPending {
			w.praise(w.T("app.late.went"))
		}
	}
	w.told.late = now
	if fresh != nil {
		w.sound(SoundError)
		title, rest := halves(w.T("app.late.told", "sum", w.lang.Money(fresh.Left)))
		w.toast.say(moodWarn, title, rest)
	}
}

// lateText is what stands over the receipt while late money waits; empty when there is none.
func (w *Window) lateText(late []till.Late) string {
	switch len(late) {
	case 0:
		return ""
	case 1:
		return w.T("app.late.chip", "sum", w.lang.Money(late[0].Left))
	}
	return w.T("app.late.chips", "n", w.lang.Integer(int64(len(late))))
}

// lateChip stands over the receipt until everything that came late is decided.
func (w *Window) lateChip(late []till.Late) fyne.CanvasObject {
	l := w.look
	do := w.openHeld
	if len(late) == 1 {
		id := late[0].ID
		do = func() { w.openLate(id) }
	}
	p := kit.NewPress(kit.PadSides(8, 12, 8, 12, kit.Row(10,
		kit.Middle(kit.Icon(kit.SignBank, l.Warn, 22)),
		kit.Grow(kit.Middle(kit.NewText(w.lateText(late), kit.Style{Size: 16, Bold: true, Color: l.Ink, Shrink: true}))),
		kit.Middle(kit.NewText(w.keyWords("F7"), kit.Style{Size: 13, Bold: true, Color: l.Muted})))),
		kit.Rounding, l.WarnSoft, kit.Mix(l.WarnSoft, l.Warn, 0.12), func() { w.gate.enter(do) })
	p.Border(l.Warn, 1.5)
	return kit.Least(0, kit.Touch, p)
}

// lateByID finds late money in the view; nil when it is decided.
func (w *Window) lateByID(id string) *till.Late {
	for _, l := range w.view.Late {
		if l.ID == id {
			return &l
		}
	}
	return nil
}

// openLate shows money that came late, and what can be done with it. It closes by itself when that is decided.
func (w *Window) openLate(id string) {
	if w.lateByID(id) == nil {
		w.fail(&till.Problem{Code: till.CodeNoLate})
		return
	}
	w.toast.clear()
	var d *dialog
	shut := func() { w.close(d) }
	d = w.open(func() body {
		place := kit.Stack()
		b := body{content: place, beside: shut, layer: &kit.Layer{Name: "late", Scan: w.scanBlocked}}
		var last string
		b.update = func(till.View) {
			l := w.lateByID(id)
			if l == nil {
				shut()
				return
			}
			if is := string(l.State) + string(l.Trouble) + strconv.FormatBool(l.DecideHere) + l.Message + l.Left.String() + lateWay(l); is != last {
				last = is
				b.layer.Keys = map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyF1: w.openHelp}
				place.Objects = []fyne.CanvasObject{w.paintLate(l, shut, b.layer.Keys)}
				w.layers.Refresh()
			}
		}
		b.update(w.view)
		return b
	})
}

// lateWay is what can be done with late money, as the key of a text.
func lateWay(l *till.Late) string {
	switch {
	case l.State == banks.StateRefundPending:
		return "going"
	case l.SameSold:
		return "sold"
	case !l.CanFinish():
		return "part"
	}
	return "open"
}

// mostLateLines is how many lines of the receipt are shown.
const mostLateLines = 3

func (w *Window) paintLate(l *till.Late, shut func(), keys map[fyne.KeyName]func()) fyne.CanvasObject {
	look := w.look
	const width = 600
	way := lateWay(l)
	mood, sign := moodWarn, kit.SignBank
	if way == "going" {
		mood, sign = moodInfo, kit.SignBack
	}
	ground, ink := w.moodColours(mood)
	title, text := halves(w.T("app.late."+way, "sum", w.lang.Money(l.Amount), "left", w.lang.Money(l.Left)))
	column := kit.Column(12,
		kit.Row(16,
			kit.Column(0, kit.Stack(kit.Dot(ground, 56), kit.Pad(14, kit.Icon(sign, ink, 28)))),
			kit.Grow(kit.Middle(kit.NewText(title, kit.Style{Size: 22, Bold: true, Color: look.Ink, Lines: 2, Width: width - 72})))),
		kit.NewText(w.lang.Money(l.Left), kit.Style{Size: 46, Bold: true, Color: look.Ink, Fit: true}),
		kit.NewText(text, kit.Style{Size: 16, Color: look.Ink, Lines: 5, Width: width}),
		kit.Tinted(look.Background, 12, w.lateAbout(l, width-24)))
	if notice := w.lateTrouble(l); notice != "" {
		column.Add(kit.Tinted(look.WarnSoft, 12, kit.NewText(notice, kit.Style{Size: 15, Color: look.Ink, Lines: 3, Width: width - 24})))
	}
	later := w.T("app.late.later")
	if way == "going" {
		later = w.T("app.close")
	}
	buttons := kit.Row(kit.Gap, kit.Grow(w.button(kit.ButtonSpec{Text: later, Key: "Esc", Height: 60, Size: 16}, shut)))
	if l.CanRefund() {
		back := func() { w.askRefundLate(l) }
		keys[fyne.KeyF8] = back
		kind := kit.Plain
		if !l.CanFinish() {
			kind = kit.Accent
		}
		buttons.Add(kit.GrowBy(1.5, w.button(kit.ButtonSpec{Kind: kind, Text: w.T("app.late.refund"), Key: "F8", Height: 60, Size: 16}, back)))
	}
	if l.CanFinish() {
		finish := func() { w.finishLate(l.ID) }
		keys[fyne.KeyF11] = finish
		name := w.T("app.late.finish")
		if l.Kind == register.KindPrepayment {
			name = w.T("app.late.finish_prepayment")
		}
		buttons.Add(kit.GrowBy(1.8, w.button(kit.ButtonSpec{Kind: kit.Primary, Text: name, Key: "F11", Height: 60, Size: 16}, finish)))
	}
	if l.State == banks.StateRefundPending && l.Trouble == till.CodeBackUnclear && l.DecideHere {
		for _, b := range []struct {
			name fyne.KeyName
			text string
			what string
			went bool
		}{{fyne.KeyF9, "app.moneyback.went_yes", askWent, true}, {fyne.KeyF10, "app.moneyback.went_no", askNotWent, false}} {
			decide := func() { w.askDecideLate(l.ID, b.what, b.went) }
			keys[b.name] = decide
			buttons.Add(kit.GrowBy(1.3, w.button(kit.ButtonSpec{Kind: kit.Plain, Text: w.T(b.text), Key: string(b.name), Height: 60, Size: 16}, decide)))
		}
	}
	column.Add(buttons)
	return kit.Pad(24, column)
}

// lateAbout says when the money came, and what for.
func (w *Window) lateAbout(l *till.Late, width float32) fyne.CanvasObject {
	look := w.look
	column := kit.Column(5, kit.NewText(w.T("app.late.when", "began", w.lang.DateTime(l.Began), "at", w.lang.DateTime(l.At)),
		kit.Style{Size: 15, Color: look.Muted, Lines: 2, Width: width}))
	if l.Customer != nil {
		column.Add(kit.NewText(l.Customer.Name, kit.Style{Size: 15, Bold: true, Color: look.Ink, Shrink: true}))
	}
	for i, line := range l.Lines {
		if i == mostLateLines-1 && len(l.Lines) > mostLateLines {
			column.Add(kit.NewText(w.T("app.moneyback.more", "n", w.lang.Integer(int64(len(l.Lines)-i))), kit.Style{Size: 15, Color: look.Muted, Shrink: true}))
			break
		}
		sum := kit.NewText(w.lang.Sum(line.Sum), kit.Style{Size: 15, Bold: true, Color: look.Ink, Align: fyne.TextAlignTrailing})
		column.Add(kit.Row(10,
			kit.Grow(kit.NewText(w.lineName(line), kit.Style{Size: 15, Color: look.Ink, Shrink: true})),
			kit.NewText(w.amount(line.Quantity, line.Unit), kit.Style{Size: 15, Color: look.Muted}),
			kit.Least(90, 0, sum)))
	}
	return kit.Least(width, 0, column)
}

// lateTrouble says what stands in the way.
func (w *Window) lateTrouble(l *till.Late) string {
	var parts []string
	if l.Trouble != "" {
		title, rest := w.lateSentence(l.Trouble)
		parts = append(parts, title+". "+rest)
	}
	if l.Message != "" {
		parts = append(parts, w.T("app.qr.bank_says", "text", clip(l.Message, 60)))
	}
	return strings.Join(parts, " ")
}

// lateSentence is a trouble's sentence where no goods come back and no receipt waits.
func (w *Window) lateSentence(c till.Code) (title, rest string) {
	if key := "app.late.trouble." + string(c); w.lang.Has(key) {
		return halves(w.T(key))
	}
	return w.trouble(c)
}

// finishLate makes the sale that late money was for.
func (w *Window) finishLate(id string) {
	var sold till.Sold
	w.inform(w.T("app.moneyback.asking"))
	w.gate.commit(func(ctx context.Context) (err error) {
		sold, err = w.deps.Till.FinishLate(ctx, id)
		return err
	}, func(err error) {
		w.toast.clear()
		w.refresh()
		if err != nil {
			w.fail(err)
			return
		}
		w.toSale()
		if last := w.sale.sold(w.view); last != nil && last.Number == sold.Number {
			return
		}
		w.followParked() // the next buyer's goods are on the receipt: it is told beside them
	})
}

// askRefundLate asks once more, and has the bank give late money back.
func (w *Window) askRefundLate(l *till.Late) {
	id := l.ID
	w.ask("late_sure", w.T("app.moneyback.sure", "sum", w.lang.Money(l.Left)), w.T("app.late.sure_text"), w.T("app.moneyback.give"), w.T("app.back"), kit.Primary, func() {
		w.gate.commit(func(ctx context.Context) error { return w.deps.Till.RefundLate(ctx, id) }, func(err error) {
			if err != nil {
				w.fail(err)
			}
			w.refresh()
		})
	})
}

// askDecideLate asks once more, and takes a person's word on whether late money went back that the bank cannot tell of.
func (w *Window) askDecideLate(id, what string, went bool) {
	title, text := halves(w.T("app.late.ask." + what))
	w.ask("late_decide", title, text, w.T("app.moneyback.yes."+what), w.T("app.back"), kit.Danger, func() {
		w.gate.commit(func(ctx context.Context) error { return w.deps.Till.DecideBack(ctx, id, went) }, func(err error) {
			if err != nil {
				w.fail(err)
			}
			w.refresh()
		})
	})
}

// resumeBack puts a refund of the list on the screen.
func (w *Window) resumeBack(id string) {
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.ResumeBack(ctx, id) }, func(err error) {
		if err != nil {
			w.fail(err)
		}
		w.refresh()
	})
}
