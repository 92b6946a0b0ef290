package app

import (
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// cart is the right half of the sale screen: the receipt, its total, and the ways to pay.
type cart struct {
	w    *Window
	s    *sale
	root fyne.CanvasObject

	receipt, done *fyne.Container // the receipt, and "sold" in its place
	about         *receiptAbout
	lines         *kit.Grid
	hint          *fyne.Container
	paidOut       *kit.Text // on the empty receipt: what money was given to the last buyer
	sums          *receiptSums
	sold          *soldPanel
	shown         []register.Line
	change        []*kit.Button // buttons that need a line that may be changed
	pay           []*kit.Button
	qr            *kit.Button
	card          fyne.CanvasObject
}

func newCart(w *Window, s *sale) *cart {
	c := &cart{w: w, s: s}
	l := w.look
	c.about = newReceiptAbout(w)
	c.lines = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64,
		New:        func() fyne.CanvasObject { return newLineRow(w, c.tapLine) },
		Show:       func(i int, o fyne.CanvasObject) { c.showLine(i, o.(*lineRow)) },
	})
	c.paidOut = kit.NewText("", kit.Style{Size: 15, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 2, Width: 320})
	c.paidOut.Hide()
	c.hint = kit.Centre(kit.Column(14,
		kit.CentreX(kit.Icon(kit.SignBasket, kit.Mix(l.Muted, l.Surface, 0.3), 64)),
		kit.NewText(w.T("app.cart.empty"), kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: 320}),
		kit.NewText(w.T("app.cart.empty_hint"), kit.Style{Size: 15, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 320}),
		c.paidOut))
	c.sums = newReceiptSums(w)
	c.receipt = kit.PadSides(12, 12, 12, 12, kit.Column(10,
		c.about.root,
		kit.Grow(kit.Stack(c.lines, &fyne.Container{Layout: loose{}, Objects: []fyne.CanvasObject{c.hint}})),
		kit.Rule(l),
		c.sums.root,
		c.changeRow(),
		c.payRow(),
	))
	c.sold = newSoldPanel(w, func() { s.wake() })
	c.done = kit.Stack(c.sold.root)
	c.done.Hide()
	c.root = kit.Stack(c.receipt, c.done)
	return c
}

// loose gives an object all the room there is, and asks for none.
type loose struct{}

func (loose) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		o.Resize(s)
	}
}

func (loose) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// changeRow is what can be done with the selected line.
func (c *cart) changeRow() fyne.CanvasObject {
	w, s := c.w, c.s
	quantity := w.button(kit.ButtonSpec{Text: w.T("app.cart.quantity"), Size: 14, Key: "F3"}, func() { s.askQuantity() })
	discount := w.button(kit.ButtonSpec{Text: w.T("app.cart.discount"), Size: 14, Key: "F4"}, func() { s.askDiscount() })
	remove := w.button(kit.ButtonSpec{Text: w.T("app.cart.remove"), Size: 14, Key: "Del"}, func() { s.removeLine() })
	more := w.button(kit.ButtonSpec{Sign: kit.SignMenu, Size: 14}, func() { s.openLine() })
	c.change = []*kit.Button{quantity, discount, remove, more}
	return kit.Row(6, kit.Grow(quantity), kit.GrowBy(1.04, discount), kit.GrowBy(1.04, remove), more)
}

func (c *cart) payRow() fyne.CanvasObject {
	w, s := c.w, c.s
	cash := w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.pay.cash"), Key: "F10", Size: 16, Height: 72}, s.payCash)
	card := w.button(kit.ButtonSpec{Kind: kit.Accent, Text: w.T("app.pay.card"), Key: "F9", Size: 16, Height: 72}, s.payCard)
	qr := w.button(kit.ButtonSpec{Kind: kit.Accent, Text: w.T("app.pay.qr"), Key: "F11", Size: 16, Height: 72, Lines: 2}, s.payQR)
	c.qr = qr
	c.pay = []*kit.Button{cash, card, qr}
	c.card = kit.Grow(card)
	return kit.Row(6, kit.GrowBy(1.35, cash), c.card, kit.Grow(qr))
}

// qrLabel is what stands on the key of the QR code, and whether none can be had now.
func (w *Window) qrLabel(v till.View) (text string, off bool) {
	switch w.qrOff(v) {
	case "":
		return strings.ReplaceAll(w.T("app.pay.qr"), " ", "\u00a0"), false // shrinks rather than taking two lines
	case till.CodeQRUnavailable:
		return w.T("app.pay.qr_none"), true
	case till.CodeBankDown, till.CodeServerDown:
		return w.T("app.pay.qr_down"), true
	}
	return w.T("app.pay.qr_wrong"), true
}

func (c *cart) update(v till.View) {
	w := c.w
	sold := w.sale.sold(v)
	if sold != nil {
		w.sale.tell(sold, w.deps.Now())
		c.sold.show(sold)
	}
	show(sold != nil, c.done)
	show(sold == nil, c.receipt)
	moved := c.about.update(v)
	moved = c.sums.update(v) || moved
	if on := v.Settings == nil || v.Settings.Card; on != c.card.Visible() {
		show(on, c.card)
		moved = true
	}
	if moved {
		c.receipt.Refresh()
	}
	fixed := len(v.Lines) == 0 || v.Frozen || v.Order != nil
	for _, b := range c.change {
		b.SetDisabled(fixed)
	}
	for _, b := range c.pay {
		b.SetDisabled(len(v.Lines) == 0)
	}
	text, off := w.qrLabel(v)
	c.qr.SetText(text)
	c.qr.SetDim(off)
	c.showPaidOut(v.Last)
	show(len(v.Lines) == 0, c.hint)
	c.follow(v.Lines)
	if moved && w.sale.selected < len(v.Lines) {
		c.lines.Reveal(w.sale.selected) // there is another height for the lines now
	}
}

// showPaidOut keeps in sight what money the last buyer was to get, until the next one's goods are rung up.
func (c *cart) showPaidOut(last *till.Sold) {
	w, text := c.w, ""
	if last != nil {
		back := last.Kind == register.KindReturn || last.Kind == register.KindPrepaymentReturn
		switch cash := paidBy(last.Payments, register.Cash); {
		case back && cash > 0:
			text = w.T("app.cart.last_refund", "sum", w.lang.Money(cash))
		case !back && last.Change > 0:
			text = w.T("app.cart.last_change", "sum", w.lang.Money(last.Change))
		}
	}
	if text == c.paidOut.Value() && (text != "") == c.paidOut.Visible() {
		return
	}
	c.paidOut.Set(text)
	show(text != "", c.paidOut)
	c.hint.Refresh()
}

// follow repaints the rows that changed, and no others.
func (c *cart) follow(lines []register.Line) {
	old := c.shown
	c.shown = lines
	if len(old) != len(lines) {
		c.lines.SetCount(len(lines))
		if len(lines) > len(old) {
			c.lines.ToEnd()
		}
		return
	}
	for i := range lines {
		if lines[i] != old[i] {
			c.lines.ReloadItem(i)
		}
	}
}

func (c *cart) showLine(i int, r *lineRow) {
	if i < len(c.shown) {
		r.show(i, c.shown[i], i == c.w.sale.selected)
	}
}

// tapLine selects a line; the line that is selected opens.
func (c *cart) tapLine(i int) {
	if i == c.w.sale.selected && i < len(c.shown) {
		c.s.openLine()
		return
	}
	c.selectLine(i)
}

func (c *cart) selectLine(i int) {
	st := &c.w.sale
	if i == st.selected || i >= len(c.shown) {
		return
	}
	old := st.selected
	st.selected = i
	c.lines.ReloadItem(old)
	c.reveal(i)
}

// reveal shows line i as the selected one.
func (c *cart) reveal(i int) {
	if i >= 0 && i < len(c.shown) {
		c.lines.Reveal(i)
	}
	c.lines.Reload()
}
