package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// cart is the right half of the sale screen: the receipt, its total, and the ways to pay.
type cart struct {
	w    *Window
	s    *sale
	root fyne.CanvasObject

	receipt, done fyne.CanvasObject // the receipt, and "sold" in its place
	parked        *kit.Button
	parkedRow     fyne.CanvasObject
	lines         *kit.Grid
	hint          fyne.CanvasObject
	count         *kit.Text
	total         *kit.Text
	sold          *soldPanel
	shown         []register.Line
	frozen        bool
	change        []*kit.Button // buttons that need a line
	pay           []*kit.Button
}

func newCart(w *Window, s *sale) *cart {
	c := &cart{w: w, s: s}
	l := w.look
	c.parked = w.button(kit.ButtonSpec{Kind: kit.Plain, Sign: kit.SignQR, Text: " ", Key: "F7", Left: true}, w.openParked)
	c.parkedRow = kit.Stack(c.parked)
	c.lines = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64,
		New:        func() fyne.CanvasObject { return newLineRow(w, c.selectLine) },
		Show:       func(i int, o fyne.CanvasObject) { c.showLine(i, o.(*lineRow)) },
	})
	c.hint = kit.Centre(kit.Column(14,
		kit.CentreX(kit.Icon(kit.SignBasket, kit.Mix(l.Muted, l.Surface, 0.3), 64)),
		kit.NewText(w.T("app.cart.empty"), kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: 320}),
		kit.NewText(w.T("app.cart.empty_hint"), kit.Style{Size: 15, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 320})))
	c.count = kit.NewText("", kit.Style{Size: 14, Color: l.Muted, Shrink: true})
	c.total = kit.NewText("", kit.Style{Size: kit.TextTotal, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	quantity := w.button(kit.ButtonSpec{Text: w.T("app.cart.quantity"), Size: 14, Key: "F3"}, func() { s.askQuantity() })
	remove := w.button(kit.ButtonSpec{Text: w.T("app.cart.remove"), Size: 14, Key: "Del"}, func() { s.removeLine() })
	erase := w.button(kit.ButtonSpec{Text: w.T("app.cart.clear"), Size: 14, Key: "Esc"}, func() { s.askClear() })
	cash := w.button(kit.ButtonSpec{Kind: kit.Primary, Sign: kit.SignCash, Text: w.T("app.pay.cash"), Key: "F10", Size: 21, Height: 72}, s.payCash)
	qr := w.button(kit.ButtonSpec{Kind: kit.Accent, Sign: kit.SignQR, Text: w.T("app.pay.qr"), Key: "F11", Size: 21, Height: 72}, s.payQR)
	c.change = []*kit.Button{quantity, remove, erase}
	c.pay = []*kit.Button{cash, qr}
	c.receipt = kit.PadSides(12, 12, 12, 12, kit.Column(10,
		c.parkedRow,
		kit.Grow(kit.Stack(c.lines, c.hint)),
		kit.Rule(l),
		kit.PadSides(0, 6, 0, 6, kit.Row(8,
			kit.Middle(kit.Column(0,
				kit.NewText(w.T("app.cart.total"), kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink}),
				kit.Least(86, 0, c.count))),
			kit.Grow(c.total))),
		kit.Row(6, kit.Grow(quantity), kit.GrowBy(1.08, remove), kit.GrowBy(1.2, erase)),
		kit.Row(kit.Gap, kit.Grow(cash), kit.Grow(qr)),
	))
	c.sold = newSoldPanel(w, func() { s.wake() })
	c.done = c.sold.root
	c.done.Hide()
	c.root = kit.Stack(kit.Fill(l.Surface, kit.Radius+2), c.receipt, c.done)
	return c
}

func (c *cart) update(v till.View) {
	w := c.w
	if sold := w.sale.sold(v); sold != nil {
		c.sold.show(sold)
		show(true, c.done)
		show(false, c.receipt)
	} else {
		show(false, c.done)
		show(true, c.receipt)
	}
	ink := w.look.Ink
	if len(v.Lines) == 0 {
		ink = kit.Mix(w.look.Muted, w.look.Surface, 0.4)
	}
	c.total.SetStyle(w.lang.Money(v.Total), func(s *kit.Style) { s.Color = ink })
	c.count.Set("")
	if len(v.Lines) > 0 {
		c.count.Set(w.lang.N("app.lines", int64(len(v.Lines))))
	}
	c.frozen = v.Frozen
	for _, b := range c.change {
		b.SetDisabled(len(v.Lines) == 0 || v.Frozen)
	}
	for _, b := range c.pay {
		b.SetDisabled(len(v.Lines) == 0)
	}
	c.parked.SetText(w.T("app.cart.parked", "n", w.lang.Integer(int64(len(v.Parked)))))
	if on := len(v.Parked) > 0; on != c.parkedRow.Visible() {
		show(on, c.parkedRow)
		c.receipt.Refresh()
	}
	show(len(v.Lines) == 0, c.hint)
	c.follow(v.Lines)
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
	for n := range c.shown {
		if n == i {
			c.lines.Reveal(i)
		}
	}
	c.lines.Reload()
}

// lineRow is one line of the receipt.
type lineRow struct {
	*kit.Press
	w    *Window
	i    int
	mark *canvas.Rectangle
	rule *canvas.Rectangle
	name *kit.Text
	how  *kit.Text
	sum  *kit.Text
	all  *fyne.Container
}

func newLineRow(w *Window, tap func(int)) *lineRow {
	l := w.look
	r := &lineRow{w: w}
	r.mark, r.rule = kit.Fill(l.Accent, 2), kit.Fill(l.Line, 0)
	r.name = kit.NewText("", kit.Style{Size: 14, Bold: true, Color: l.Ink, Lines: 2})
	r.how = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.sum = kit.NewText("", kit.Style{Size: 18, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing})
	r.all = &fyne.Container{Layout: lineLayout{r}, Objects: []fyne.CanvasObject{r.rule, r.mark, r.name, r.how, r.sum}}
	r.Press = kit.NewPress(r.all, 6, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() {
		w.gate.enter(func() { tap(r.i) })
	})
	return r
}

// lineLayout sets name and particulars at the left, as many lines as the name needs, and the sum at the right.
type lineLayout struct{ r *lineRow }

func (y lineLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	r := y.r
	y.r.mark.Move(fyne.NewPos(0, 8))
	y.r.mark.Resize(fyne.NewSize(4, s.Height-16))
	r.rule.Move(fyne.NewPos(0, s.Height-1))
	r.rule.Resize(fyne.NewSize(s.Width, 1))
	sum := r.sum.MinSize()
	width := max(s.Width-sum.Width-14-10-14, 40)
	bold := fyne.TextStyle{Bold: true}
	lines := kit.Wrap(r.name.Value(), width, 14, bold, 2)
	name := fyne.MeasureText("Й", 14, bold).Height * float32(len(lines))
	how := r.how.MinSize().Height
	top := (s.Height-name-how)/2 + 1
	r.name.Move(fyne.NewPos(14, top))
	r.name.Resize(fyne.NewSize(width, name))
	r.how.Move(fyne.NewPos(14, top+name-2))
	r.how.Resize(fyne.NewSize(width, how))
	r.sum.Move(fyne.NewPos(s.Width-sum.Width-10, (s.Height-sum.Height)/2))
	r.sum.Resize(sum)
}

func (lineLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 60) }

func (r *lineRow) show(i int, line register.Line, chosen bool) {
	w, l := r.w, r.w.look
	r.i = i
	r.name.Set(glued(line.Name))
	r.how.Set(w.T("app.cart.line", "n", i+1, "quantity", w.lang.Quantity(line.Quantity), "unit", w.lang.Unit(line.Unit),
		"price", w.lang.Money(line.Price)))
	r.sum.Set(w.lang.Money(line.Sum))
	show(chosen, r.mark)
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
	} else {
		r.SetGround(l.Surface, kit.Mix(l.Surface, l.Accent, 0.06))
	}
	r.all.Layout.Layout(nil, r.all.Size())
}
