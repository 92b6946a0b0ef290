package app

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"github.com/skip2/go-qrcode"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/banks"
	"kassa/register"
)

// buyer is the second window, turned to the buyer: what is on the receipt, what it comes to, and the code to pay by.
// Nothing in it can be pressed, and no key reaches it but those that a cashier's keyboard sends to whatever window is on
// top: they go on to the till.
type buyer struct {
	w      *Window
	window fyne.Window
	place  *fyne.Container
	shown  string
}

// followBuyer opens the buyer's window or closes it, as the settings say, and draws the view in it.
func (w *Window) followBuyer() {
	want := w.view.Settings != nil && w.view.Settings.BuyerWindow && w.view.Cashier != ""
	switch {
	case !want && w.buyer != nil:
		b := w.buyer
		w.buyer = nil
		b.window.SetCloseIntercept(nil)
		b.window.Close()
	case want && w.buyer == nil:
		w.buyer = newBuyer(w)
		w.buyer.window.Show()
	}
	if w.buyer != nil {
		w.buyer.update(w.view)
	}
}

func newBuyer(w *Window) *buyer {
	b := &buyer{w: w, window: w.fyne.NewWindow(w.T("app.buyer.title")), place: kit.Stack()}
	b.window.SetPadded(false)
	b.window.Resize(fyne.NewSize(800, 600))
	b.window.SetCloseIntercept(func() {}) // the settings close it
	w.router.Attach(b.window.Canvas())
	return b
}

// buyerLines is how many lines of the receipt the buyer sees: the newest.
const buyerLines = 6

func (b *buyer) update(v till.View) {
	w := b.w
	is := fmt.Sprint(w.lang.Tag(), w.look.Dark, v.Lines, v.Total, v.Due, b.qrShown(v.QR), b.backShown(v.Back), v.Last, v.Shop.Name)
	if is == b.shown {
		return
	}
	b.shown = is
	b.place.Objects = []fyne.CanvasObject{kit.Fill(w.look.Background, 0), kit.Pad(28, b.picture(v))}
	b.window.SetContent(b.place)
	b.place.Refresh()
}

// picture is what the buyer sees at this moment.
func (b *buyer) picture(v till.View) fyne.CanvasObject {
	switch {
	case b.qrShown(v.QR) != "":
		return b.payment(*v.QR)
	case b.backShown(v.Back) != "":
		return b.goingBack(*v.Back)
	case len(v.Lines) > 0:
		return b.receipt(v)
	case v.Last != nil:
		return b.thanks(*v.Last)
	}
	return b.welcome(v)
}

func (b *buyer) welcome(v till.View) fyne.CanvasObject {
	l := b.w.look
	return kit.Centre(kit.Column(12,
		kit.NewText(v.Shop.Name, kit.Style{Size: 44, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 3, Width: 700}),
		kit.NewText(b.w.T("app.buyer.welcome"), kit.Style{Size: 24, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 2, Width: 700})))
}

func (b *buyer) receipt(v till.View) fyne.CanvasObject {
	w, l := b.w, b.w.look
	from := max(len(v.Lines)-buyerLines, 0)
	lines := kit.Column(6)
	if from > 0 {
		lines.Add(kit.NewText(w.T("app.buyer.before", "lines", w.lang.N("app.lines", int64(from))), kit.Style{Size: 17, Color: l.Muted, Shrink: true}))
	}
	for _, line := range v.Lines[from:] {
		how := w.lang.Quantity(line.Quantity) + " " + w.lang.Unit(line.Unit) + " × " + w.lang.Money(line.Price)
		if line.Off > 0 {
			how += " − " + w.lang.Money(line.Off)
		}
		lines.Add(kit.Row(14,
			kit.Grow(kit.Column(0,
				kit.NewText(w.lineName(line), kit.Style{Size: 21, Color: l.Ink, Shrink: true}),
				kit.NewText(how, kit.Style{Size: 15, Color: l.Muted, Shrink: true}))),
			kit.Middle(kit.NewText(w.lang.Sum(line.Sum), kit.Style{Size: 22, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing}))))
	}
	caption, sum := w.T("app.cart.total"), v.Total
	if v.Due != v.Total {
		caption, sum = w.T("app.buyer.due"), v.Due
	}
	return kit.Column(16, kit.Grow(lines), kit.Rule(l),
		kit.Row(16,
			kit.Middle(kit.NewText(caption, kit.Style{Size: 28, Bold: true, Color: l.Muted})),
			kit.Grow(kit.NewText(w.lang.Money(sum), kit.Style{Size: 76, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true}))))
}

// qrShown is what the buyer is shown of a payment by QR; empty when nothing is: it has ended unpaid, and the receipt is
// there again, or its money is on the way back.
func (b *buyer) qrShown(q *till.QR) string {
	if q == nil || q.Done {
		return ""
	}
	switch {
	case q.State == banks.StatePaid:
		return "paid"
	case q.State == banks.StateProcessing:
		return "processing"
	case q.State.HadMoney():
		return "going_back"
	case q.Payload != "" && q.State == banks.StateWaiting && b.w.deps.Now().Before(q.Expires):
		return q.Payload
	case q.State == banks.StateCreating || q.State == banks.StateCreateUnknown || q.Renewing:
		return "code_soon"
	}
	return ""
}

// payment is a payment by QR as the buyer sees it: the code, and then that it is paid.
func (b *buyer) payment(q till.QR) fyne.CanvasObject {
	w, l := b.w, b.w.look
	caption := w.T("app.buyer.due")
	if q.Kind == register.KindPrepayment {
		caption = w.T("app.buyer.prepay")
	}
	switch is := b.qrShown(&q); is {
	case "paid":
		return b.news(kit.SignCheck, l.Good, w.T("app.buyer.paid"), q.Amount, "")
	case "processing":
		return b.news(kit.SignClock, l.Accent, w.T("app.buyer.processing"), q.Amount, "")
	case "going_back":
		return b.news(kit.SignBack, l.Accent, w.T("app.buyer.going_back"), q.Amount, w.T("app.buyer.going_back_text"))
	case "code_soon":
		return b.news(kit.SignQR, l.Accent, w.T("app.buyer.code_soon"), q.Amount, "")
	}
	return kit.Row(28,
		kit.Grow(codePicture(q.Payload)),
		kit.Grow(kit.Middle(kit.Column(12,
			kit.NewText(w.T("app.buyer.scan"), kit.Style{Size: 26, Bold: true, Color: l.Ink, Lines: 3, Width: 320}),
			kit.NewText(caption, kit.Style{Size: 22, Color: l.Muted, Shrink: true}),
			kit.NewText(w.lang.Money(q.Amount), kit.Style{Size: 60, Bold: true, Color: l.Ink, Fit: true})))))
}

// backShown is what the buyer is shown of a refund. Of one that is in trouble nothing: the cashier talks of it.
func (b *buyer) backShown(back *till.Back) string {
	switch {
	case back == nil:
		return ""
	case back.State == till.BackSending || back.State == till.BackPending:
		return "going_back"
	case back.State == till.BackDone:
		return "went_back"
	}
	return ""
}

func (b *buyer) goingBack(back till.Back) fyne.CanvasObject {
	w, l := b.w, b.w.look
	if b.backShown(&back) == "went_back" {
		return b.news(kit.SignCheck, l.Good, w.T("app.buyer.went_back"), back.Amount, "")
	}
	return b.news(kit.SignBack, l.Accent, w.T("app.buyer.going_back"), back.Amount, w.T("app.buyer.going_back_text"))
}

// news is one thing in the middle of the window: what happens, with how much money.
func (b *buyer) news(sign kit.Sign, ink color.NRGBA, title string, sum register.Money, text string) fyne.CanvasObject {
	w, l := b.w, b.w.look
	column := kit.Column(14,
		kit.CentreX(kit.Icon(sign, ink, 96)),
		kit.NewText(title, kit.Style{Size: 40, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: 700}),
		kit.NewText(w.lang.Money(sum), kit.Style{Size: 72, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Fit: true}))
	if text != "" {
		column.Add(kit.NewText(text, kit.Style{Size: 22, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 700}))
	}
	return kit.Centre(column)
}

func (b *buyer) thanks(s till.Sold) fyne.CanvasObject {
	w, l := b.w, b.w.look
	title := w.T("app.buyer.thanks")
	switch s.Kind {
	case register.KindReturn, register.KindPrepaymentReturn:
		if cash := paidBy(s.Payments, register.Cash); cash > 0 {
			return b.news(kit.SignCash, l.Good, w.T("app.buyer.cash_back"), cash, "")
		}
		return b.news(kit.SignCheck, l.Good, w.T("app.buyer.went_back"), s.Total, "")
	case register.KindPrepayment:
		title = w.T("app.buyer.prepaid_thanks")
	}
	column := kit.Column(12, kit.NewText(title, kit.Style{Size: 44, Bold: true, Color: l.Good, Align: fyne.TextAlignCenter, Lines: 2, Width: 700}))
	if s.Change > 0 {
		column.Add(kit.NewText(w.T("app.cash.change"), kit.Style{Size: 24, Color: l.Muted, Align: fyne.TextAlignCenter, Width: 700}))
		column.Add(kit.NewText(w.lang.Money(s.Change), kit.Style{Size: 76, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Fit: true}))
	}
	return kit.Centre(column)
}

// codePicture is a QR code on white, as large as its place; nothing when the text is too long for one.
func codePicture(payload string) fyne.CanvasObject {
	code, err := qrcode.New(payload, qrcode.Medium)
	if err != nil {
		return kit.Blank(0, 0)
	}
	return &canvas.Image{Image: code.Image(-1), FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScalePixels}
}
