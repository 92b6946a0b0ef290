package app

import (
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// soldPanel says that an operation is on the disk, and what money to give, until the next key.
type soldPanel struct {
	w       *Window
	root    fyne.CanvasObject
	title   *kit.Text
	caption *kit.Text
	sum     *kit.Text
	detail  *kit.Text
	receipt *kit.Text
}

func newSoldPanel(w *Window, next func()) *soldPanel {
	l := w.look
	p := &soldPanel{w: w}
	centred := func(size float32, bold bool) *kit.Text {
		return kit.NewText("", kit.Style{Size: size, Bold: bold, Color: l.Ink, Align: fyne.TextAlignCenter, Shrink: true})
	}
	p.title = kit.NewText("", kit.Style{Size: 34, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Fit: true})
	p.caption = centred(kit.TextLarge, true)
	p.sum = kit.NewText("", kit.Style{Size: kit.TextHuge, Bold: true, Color: l.Good, Align: fyne.TextAlignCenter, Fit: true})
	p.detail = kit.NewText("", kit.Style{Size: 17, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: 340})
	p.receipt = kit.NewText("", kit.Style{Size: 15, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: 340})
	tick := kit.Stack(kit.Dot(l.Primary, 88), kit.Pad(22, kit.Icon(kit.SignCheck, l.OnPrimary, 44)))
	p.root = kit.Stack(
		kit.Fill(l.GoodSoft, 0),
		kit.Pad(20, kit.Column(6,
			kit.Space(),
			kit.CentreX(tick),
			p.title,
			kit.Blank(0, 10),
			p.caption, p.sum, p.detail, p.receipt,
			kit.Space(),
			w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.sold.next"), Key: "Enter", Size: kit.TextLarge, Height: 64}, next),
		)))
	return p
}

func (p *soldPanel) show(s *till.Sold) {
	w := p.w
	receipt := w.T("app.sold.receipt", "n", w.lang.Integer(s.Receipt))
	if fiscal := w.receiptLine(); fiscal != "" {
		receipt += " · " + fiscal
	}
	p.receipt.Set(receipt)
	title, back := w.T("app.sold.title"), false
	switch s.Kind {
	case register.KindReturn:
		title, back = w.T("app.sold.returned"), true
	case register.KindPrepayment:
		title = w.T("app.sold.prepaid")
	case register.KindPrepaymentReturn:
		title, back = w.T("app.sold.prepayment_returned"), true
	}
	p.title.Set(title)
	caption, sum := w.T("app.sold.paid"), s.Total
	cash := paidBy(s.Payments, register.Cash)
	switch {
	case back && cash > 0:
		caption, sum = w.T("app.sold.give"), cash
	case back && paidBy(s.Payments, register.QR) > 0:
		caption = w.T("app.sold.by_bank")
	case back:
		caption = w.T("app.sold.to_card")
	case s.Given > 0:
		caption, sum = w.T("app.sold.change"), s.Change
	}
	p.caption.Set(caption)
	p.sum.Set(w.lang.Money(sum))
	p.detail.Set(w.soldDetail(s, back))
	// The size of the text depends on how many lines it takes.
	p.root.Refresh()
}

// soldDetail tells how an operation was paid.
func (w *Window) soldDetail(s *till.Sold, back bool) string {
	if len(s.Payments) <= 1 && s.Given > 0 && !back {
		return w.T("app.sold.cash", "total", w.lang.Money(s.Total), "given", w.lang.Money(s.Given))
	}
	if len(s.Payments) == 0 {
		return w.T("method." + string(s.Method))
	}
	var parts []string
	for _, p := range s.Payments {
		text := w.T("method." + string(p.Method))
		if len(s.Payments) > 1 {
			text += " " + w.lang.Money(p.Amount)
		}
		if p.Slip != "" {
			text += ", " + w.T("app.sold.slip", "slip", p.Slip)
		}
		parts = append(parts, text)
	}
	if s.Given > 0 && !back {
		parts = append(parts, w.T("app.sold.given", "given", w.lang.Money(s.Given)))
	}
	return strings.Join(parts, " · ")
}
