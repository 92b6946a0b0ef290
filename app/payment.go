package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// bill is what is to be paid: the receipt, or a prepayment for it.
type bill struct {
	sum    register.Money
	prepay bool
}

// receiptBill is what the receipt comes to now.
func (w *Window) receiptBill() bill { return bill{sum: w.view.Due} }

// mayPay tells whether the receipt can be paid, and the cashier when not.
func (w *Window) mayPay() bool {
	switch {
	case len(w.view.Lines) == 0:
		w.fail(&till.Problem{Code: till.CodeEmptyCart})
	case w.view.Frozen:
		w.fail(&till.Problem{Code: till.CodeFrozen})
	default:
		return true
	}
	return false
}

// cards tells whether a card terminal stands beside the till.
func (w *Window) cards() bool { return w.view.Settings == nil || w.view.Settings.Card }

// charge takes the money. While it is at work no key reaches anything; when it is done, "sold" is on the screen. changed
// tells that the receipt is another one than when the cashier was asked.
func (w *Window) charge(b bill, with till.Tender, then func(paid, changed bool)) {
	w.gate.commit(func(ctx context.Context) (err error) {
		if b.prepay {
			_, err = w.deps.Till.Prepay(ctx, b.sum, with)
		} else {
			_, err = w.deps.Till.Pay(ctx, with)
		}
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.toast.clear()
		}
		then(err == nil, code(err) == till.CodeTooLittle || code(err) == till.CodePayment)
		w.refresh()
	})
}

// payWay is one way to pay.
type payWay struct {
	kind kit.Kind
	sign kit.Sign
	text string
	key  string
	name fyne.KeyName
	do   func()
	dim  bool // it cannot be done now; pressed, it says why
}

// openPayment asks how the buyer pays. Enter chooses nothing here: a key pressed twice must not pay.
func (w *Window) openPayment() {
	if !w.mayPay() {
		return
	}
	if w.view.Due == 0 {
		w.openHandOver()
		return
	}
	w.openWays("payment", func() (title string, sum register.Money, ways []payWay) {
		b := w.receiptBill()
		ways = append(w.moneyWays(b), w.qrWay(w.startQR))
		if w.view.Order == nil {
			ways = append(ways, payWay{kit.Plain, kit.SignBox, w.T("app.pay.prepay"), "F6", fyne.KeyF6, w.openPrepay, false})
		}
		return w.T("app.pay.title"), b.sum, ways
	})
}

// moneyWays are the ways to pay at the till itself.
func (w *Window) moneyWays(b bill) []payWay {
	ways := []payWay{{kit.Primary, kit.SignCash, w.T("app.pay.cash"), "F10", fyne.KeyF10, func() { w.openCashFor(b) }, false}}
	if w.cards() {
		ways = append(ways,
			payWay{kit.Accent, kit.SignCard, w.T("app.pay.card"), "F9", fyne.KeyF9, func() { w.openCardFor(b) }, false},
			payWay{kit.Plain, kit.SignCard, w.T("app.pay.mixed"), "F8", fyne.KeyF8, func() { w.openMixedFor(b) }, false})
	}
	return ways
}

// qrWay is the way to pay by QR; it says so when none can be had now.
func (w *Window) qrWay(do func()) payWay {
	text, off := w.qrLabel(w.view)
	return payWay{kit.Accent, kit.SignQR, text, "F11", fyne.KeyF11, do, off}
}

// openWays shows a sum and ways to pay it.
func (w *Window) openWays(name string, make func() (title string, sum register.Money, ways []payWay)) {
	var d *dialog
	d = w.open(func() body {
		l := w.look
		const width = 600
		shut := func() { w.close(d) }
		title, sum, ways := make()
		keys := map[fyne.KeyName]func(){fyne.KeyEscape: shut}
		var buttons []fyne.CanvasObject
		for _, p := range ways {
			do := func() { shut(); p.do() }
			keys[p.name] = do
			button := w.button(kit.ButtonSpec{Kind: p.kind, Sign: p.sign, Text: p.text, Key: p.key, Size: 20, Height: 84, Lines: 2}, do)
			button.SetDim(p.dim)
			buttons = append(buttons, button)
		}
		column := kit.Column(12,
			kit.NewText(title, kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Width: width}),
			kit.NewText(w.lang.Money(sum), kit.Style{Size: 64, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Fit: true}))
		for len(buttons) > 0 {
			n := min(2, len(buttons))
			column.Add(kit.Even(n, 12, buttons[:n]...))
			buttons = buttons[n:]
		}
		foot := kit.Row(12, kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 56}, shut)))
		if w.view.Fiscal.Configured {
			contact := func() { shut(); w.openContact(func() { w.openWays(name, make) }) }
			keys[fyne.KeyF5] = contact
			foot.Add(kit.GrowBy(2.4, w.button(kit.ButtonSpec{Sign: kit.SignSend, Text: w.contactLine(), Key: "F5", Size: 16, Height: 56, Lines: 2}, contact)))
		}
		column.Add(foot)
		return body{
			beside:  shut,
			content: kit.Pad(28, column),
			layer:   &kit.Layer{Name: name, Keys: keys, Scan: w.scanBlocked},
		}
	})
}

// openHandOver hands over an order of which nothing is left to pay.
func (w *Window) openHandOver() {
	w.ask("handover", w.T("app.handover.title"), w.T("app.handover.text", "sum", w.lang.Money(w.view.Total)),
		w.T("app.handover.yes"), w.T("app.back"), kit.Primary, func() {
			w.charge(w.receiptBill(), till.Tender{}, func(bool, bool) {})
		})
}
