package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// startQR asks the bank for a code. The dialog comes with the view, as soon as the payment is on the disk.
func (w *Window) startQR() {
	switch {
	case w.view.QR != nil:
		w.followQR()
		return
	case len(w.view.Lines) == 0:
		w.fail(&till.Problem{Code: till.CodeEmptyCart})
		return
	case w.view.Due == 0:
		w.openHandOver()
		return
	}
	w.askQR(w.receiptBill(), w.deps.Till.StartQR)
}

// prepayQR asks the bank for a code that pays a part of the receipt ahead.
func (w *Window) prepayQR(sum register.Money) {
	w.askQR(bill{sum: sum, prepay: true}, func(ctx context.Context) error { return w.deps.Till.PrepayQR(ctx, sum) })
}

// askQR has a payment begun. Where the bank cannot be reached it says so first, and what can be done instead.
func (w *Window) askQR(b bill, start func(context.Context) error) {
	reason := w.qrOff(w.view)
	if reason == "" || reason == till.CodeQRUnavailable {
		w.beginQR(start)
		return
	}
	w.openNote(func() note {
		title, text := halves(w.T("app.qr.off"))
		if reason != till.CodeBankDown && reason != till.CodeServerDown {
			title, text = w.trouble(reason)
		}
		return note{name: "qr_off", sign: kit.SignQR, mood: moodWarn, title: title, text: text,
			actions: []action{
				{text: w.T("app.qr.try"), key: "F11", name: fyne.KeyF11, do: func() { w.beginQR(start) }},
				{kind: kit.Primary, text: w.T("app.qr.cash"), key: "F10", name: fyne.KeyF10, do: func() { w.openCashFor(b) }},
			}}
	})
}

// qrOff tells why no code can be had now; empty when one can.
func (w *Window) qrOff(v till.View) till.Code {
	switch b := v.Bank; {
	case b.Link == till.LinkOff && b.Trouble == "":
		return till.CodeQRUnavailable
	case b.Trouble != "":
		return b.Trouble
	case b.Link == till.LinkDown && b.Direct:
		return till.CodeBankDown
	case b.Link == till.LinkDown:
		return till.CodeServerDown
	}
	return ""
}

func (w *Window) beginQR(start func(context.Context) error) {
	w.gate.commit(start, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.toast.clear()
		}
		w.refresh()
	})
}
