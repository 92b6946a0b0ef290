package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// openPayment asks how the buyer pays. Enter chooses nothing here: a key pressed twice must not pay.
func (w *Window) openPayment() {
	if len(w.view.Lines) == 0 {
		w.fail(&till.Problem{Code: till.CodeEmptyCart})
		return
	}
	var d *dialog
	d = w.open(func() body {
		l := w.look
		const width = 560
		shut := func() { w.close(d) }
		cash := func() { w.close(d); w.openCash() }
		qr := func() { w.close(d); w.startQR() }
		return body{
			beside: shut,
			content: kit.Pad(28, kit.Column(14,
				kit.NewText(w.T("app.pay.title"), kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Width: width}),
				kit.NewText(w.lang.Money(w.view.Total), kit.Style{Size: 64, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Fit: true}),
				kit.Row(12,
					kit.Grow(w.button(kit.ButtonSpec{Kind: kit.Primary, Sign: kit.SignCash, Text: w.T("app.pay.cash"), Key: "F10", Size: 24, Height: 112}, cash)),
					kit.Grow(w.button(kit.ButtonSpec{Kind: kit.Accent, Sign: kit.SignQR, Text: w.T("app.pay.qr"), Key: "F11", Size: 24, Height: 112}, qr))),
				w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 56}, shut),
			)),
			layer: &kit.Layer{
				Name: "payment",
				Keys: map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyF10: cash, fyne.KeyF11: qr},
				Scan: w.scanBlocked,
			},
		}
	})
}
