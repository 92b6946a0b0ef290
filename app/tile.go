package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kassa/app/kit"
	"kassa/register"
)

// tile is one product to touch.
type tile struct {
	*kit.Press
	w      *Window
	nth    func(group string) int
	goods  register.Product
	stripe *canvas.Rectangle
	name   *kit.Text
	price  *kit.Text
}

func newTile(w *Window, stripe func(group string) int, tap func(register.Product)) *tile {
	l := w.look
	t := &tile{w: w, nth: stripe}
	t.stripe = kit.Fill(l.Line, 3)
	t.name = kit.NewText("", kit.Style{Size: 15, Color: l.Ink, Lines: 3})
	t.price = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	content := kit.PadSides(10, 12, 8, 10, kit.Row(10,
		kit.Least(5, 0, t.stripe),
		kit.Grow(kit.Column(0, kit.Grow(t.name), t.price))))
	t.Press = kit.NewPress(content, kit.Radius, l.Surface, kit.Mix(l.Surface, l.Accent, 0.08), func() {
		w.gate.enter(func() { tap(t.goods) })
	})
	return t
}

func (t *tile) show(p register.Product) {
	w := t.w
	t.goods = p
	t.name.Set(w.nameOf(p))
	t.price.Set(w.priceOf(p))
	c := w.look.Stripe(t.nth(p.Group))
	if t.stripe.FillColor != c {
		t.stripe.FillColor = c
		t.stripe.Refresh()
	}
}

// priceOf is a product's price, with the unit where it is not a piece.
func (w *Window) priceOf(p register.Product) string {
	if p.Price <= 0 {
		return w.T("app.sale.no_price")
	}
	if p.Unit == register.Piece {
		return w.lang.Money(p.Price)
	}
	return w.lang.Money(p.Price) + "/" + w.lang.Unit(p.Unit)
}

// foundRow is one product that a search found.
type foundRow struct {
	*kit.Press
	w     *Window
	goods register.Product
	named func(group string) string
	name  *kit.Text
	about *kit.Text
	price *kit.Text
}

func newFoundRow(w *Window, named func(group string) string, tap func(register.Product)) *foundRow {
	l := w.look
	r := &foundRow{w: w, named: named}
	r.name = kit.NewText("", kit.Style{Size: 17, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.price = kit.NewText("", kit.Style{Size: 18, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing})
	r.Press = kit.NewPress(kit.PadSides(0, 16, 0, 16, kit.Row(12,
		kit.Grow(kit.Middle(kit.Column(1, r.name, r.about))),
		kit.Middle(kit.Least(130, 0, r.price)))),
		kit.Radius, l.Surface, kit.Mix(l.Surface, l.Accent, 0.08), func() {
			w.gate.enter(func() { tap(r.goods) })
		})
	return r
}

func (r *foundRow) show(p register.Product, chosen bool) {
	w, l := r.w, r.w.look
	r.goods = p
	r.name.Set(w.nameOf(p))
	about := r.named(p.Group)
	if p.Code != "" {
		about = p.Code + " · " + about
	}
	if len(p.Barcodes) > 0 {
		about = p.Barcodes[0] + " · " + about
	}
	r.about.Set(about)
	r.price.Set(w.priceOf(p))
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
		r.Border(l.Accent, 2)
		return
	}
	r.SetGround(l.Surface, kit.Mix(l.Surface, l.Accent, 0.08))
	r.Border(nil, 0)
}

var (
	_ fyne.Widget = (*tile)(nil)
	_ fyne.Widget = (*foundRow)(nil)
)
