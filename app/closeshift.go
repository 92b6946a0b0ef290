package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// totalRows are a shift's counters as a cashier reads them: what there was none of is left out.
func (w *Window) totalRows(t register.Totals) [][2]string {
	rows := [][2]string{}
	for _, c := range []struct {
		key     string
		counter register.Counter
		always  bool
	}{
		{"app.totals.sales", t.Sales, true}, {"app.totals.returns", t.Returns, false}, {"app.totals.prepayments", t.Prepayments, false},
		{"app.totals.prepayment_returns", t.PrepaymentReturns, false}, {"app.totals.cash_in", t.CashIn, false}, {"app.totals.cash_out", t.CashOut, false},
	} {
		if c.always || c.counter.Count > 0 {
			rows = append(rows, [2]string{w.T(c.key, "n", w.lang.Integer(c.counter.Count)), w.lang.Money(c.counter.Sum)})
		}
	}
	for _, m := range []register.Method{register.Cash, register.Card, register.QR} {
		rows = append(rows, [2]string{w.T("method." + string(m)), w.lang.Money(t.Taken(m))})
	}
	return append(rows, [2]string{w.T("app.totals.start"), w.lang.Money(t.CashStart)})
}

// openCloseShift shows what the shift came to, and closes it when that is confirmed.
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
	var d *dialog
	shut := func() { w.close(d) }
	agree := func() {
		number := w.view.Shift.Number
		var closed register.ShiftClosed
		w.gate.commit(func(ctx context.Context) (err error) {
			closed, err = w.deps.Till.CloseShift(ctx, nil)
			return err
		}, func(err error) {
			shut()
			if err != nil {
				w.fail(err)
			} else {
				w.shiftEnded = w.deps.Now()
				w.toast.say(moodGood, w.T("app.close_shift.done", "n", w.lang.Integer(number)),
					w.T("app.close_shift.done_text", "cash", w.lang.Money(closed.Totals.CashEnd)))
			}
			w.refresh()
		})
	}
	d = w.open(func() body {
		l := w.look
		const width = 480
		t := w.view.Shift.Totals
		return body{
			beside: shut,
			content: kit.Pad(28, kit.Column(14,
				kit.NewText(w.T("app.close_shift.title", "n", w.lang.Integer(w.view.Shift.Number)), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Width: width}),
				kit.Tinted(l.Background, 16, w.table(w.totalRows(t), width-32)),
				kit.Tinted(l.GoodSoft, 16, kit.Column(2,
					kit.NewText(w.T("app.close_shift.cash"), kit.Style{Size: 16, Color: l.Ink, Shrink: true}),
					kit.NewText(w.lang.Money(t.CashEnd), kit.Style{Size: 40, Bold: true, Color: l.Good, Fit: true}))),
				kit.NewText(w.T("app.close_shift.text"), kit.Style{Size: 15, Color: l.Muted, Lines: 3, Width: width}),
				kit.Row(kit.Gap,
					kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 64}, shut)),
					kit.GrowBy(1.8, w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.menu.close_shift"), Key: "Enter", Size: 19, Height: 64}, agree))),
			)),
			layer: &kit.Layer{
				Name: "close_shift", Scan: w.scanBlocked,
				Keys: map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyReturn: agree},
			},
		}
	})
}
