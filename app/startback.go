package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// backByQR tells whether money goes back by QR.
func backByQR(payments []register.Payment) bool { return paidBy(payments, register.QR) > 0 }

// startBack has the bank give money back. The bank is asked about the payment first, which may take some seconds; when
// somebody has given the money back there already, the cashier says what for. then is called with how it began; the
// dialog comes with the view.
func (w *Window) startBack(start func(ctx context.Context, outside till.Outside) error, then func(error)) {
	var try func(outside till.Outside)
	try = func(outside till.Outside) {
		w.inform(w.T("app.moneyback.asking"))
		w.gate.commit(func(ctx context.Context) error { return start(ctx, outside) }, func(err error) {
			w.toast.clear()
			w.refresh()
			if code(err) == till.CodeBackOutside && outside == "" {
				w.askOutside(err, try)
				return
			}
			switch {
			case err != nil:
				w.fail(err)
			case w.view.Back == nil: // it has ended already
				w.dropDialogs()
				w.toSale()
			}
			then(err)
		})
	}
	try("")
}

// askOutside asks what the money was for that somebody gave back at the bank itself. Enter chooses nothing: a key that
// was pressed twice must not send money.
func (w *Window) askOutside(err error, take func(till.Outside)) {
	var d *dialog
	shut := func() { w.close(d) }
	d = w.open(func() body {
		l := w.look
		const width = 560
		title, _ := w.sentence(err)
		keys := map[fyne.KeyName]func(){fyne.KeyEscape: shut}
		column := kit.Column(12,
			kit.NewText(title, kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Lines: 3, Width: width}),
			kit.NewText(w.T("app.moneyback.outside_text"), kit.Style{Size: 17, Color: l.Ink, Lines: 5, Width: width}),
			kit.Blank(0, 4))
		way := func(key string, name fyne.KeyName, text string, o till.Outside) {
			do := func() { shut(); take(o) }
			keys[name] = do
			label, about := halves(text)
			column.Add(w.button(kit.ButtonSpec{Kind: kit.Accent, Text: label, Key: key, Size: 18, Height: 64}, do))
			column.Add(kit.PadSides(0, 0, 6, 4, kit.NewText(about, kit.Style{Size: 15, Color: l.Muted, Lines: 3, Width: width - 8})))
		}
		way("F9", fyne.KeyF9, w.T("app.moneyback.outside_counts"), till.OutsideCounts)
		way("F11", fyne.KeyF11, w.T("app.moneyback.outside_ignored"), till.OutsideIgnored)
		column.Add(w.button(kit.ButtonSpec{Text: w.T("app.moneyback.outside_back"), Key: "Esc", Height: 56}, shut))
		return body{content: kit.Pad(26, column), beside: shut, layer: &kit.Layer{Name: "outside", Keys: keys, Scan: w.scanBlocked}}
	})
}
