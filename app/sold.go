package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// soldPanel says that the sale is on the disk, and what change to give, until the next key.
type soldPanel struct {
	w       *Window
	root    fyne.CanvasObject
	caption *kit.Text
	sum     *kit.Text
	detail  *kit.Text
	receipt *kit.Text
}

func newSoldPanel(w *Window, next func()) *soldPanel {
	l := w.look
	p := &soldPanel{w: w}
	centred := func(size float32, bold bool, lines int) *kit.Text {
		return kit.NewText("", kit.Style{Size: size, Bold: bold, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: lines, Shrink: true})
	}
	p.caption = centred(kit.TextLarge, true, 1)
	p.sum = kit.NewText("", kit.Style{Size: kit.TextHuge, Bold: true, Color: l.Good, Align: fyne.TextAlignCenter, Fit: true})
	p.detail = centred(17, false, 1)
	p.receipt = centred(15, false, 1)
	tick := kit.Stack(kit.Dot(l.Primary, 88), kit.Pad(22, kit.Icon(kit.SignCheck, l.OnPrimary, 44)))
	p.root = kit.Stack(
		kit.Fill(l.GoodSoft, kit.Radius+2),
		kit.Pad(20, kit.Column(6,
			kit.Space(),
			kit.CentreX(tick),
			kit.NewText(w.T("app.sold.title"), kit.Style{Size: 34, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Shrink: true}),
			kit.Blank(0, 10),
			p.caption, p.sum, p.detail, p.receipt,
			kit.Space(),
			w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.sold.next"), Key: "Enter", Size: kit.TextLarge, Height: 64}, next),
		)))
	return p
}

func (p *soldPanel) show(s *till.Sold) {
	w := p.w
	p.receipt.Set(w.T("app.sold.receipt", "n", w.lang.Integer(s.Receipt)))
	if s.Method == register.Cash {
		p.caption.Set(w.T("app.sold.change"))
		p.sum.Set(w.lang.Money(s.Change))
		p.detail.Set(w.T("app.sold.cash", "total", w.lang.Money(s.Total), "given", w.lang.Money(s.Given)))
		return
	}
	p.caption.Set(w.T("app.sold.paid"))
	p.sum.Set(w.lang.Money(s.Total))
	p.detail.Set(w.lang.T("method." + string(s.Method)))
}
