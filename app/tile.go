package app

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// tile is one product to touch, or a group to go into.
type tile struct {
	touched
	w      *Window
	i      int
	ground color.NRGBA
	stripe *kit.Ground
	name   *kit.Text
	about  *kit.Text // what the shop has of it; of a group, how many goods it holds
	price  *kit.Text
	all    *fyne.Container
}

func newTile(w *Window, tap, long func(i int)) *tile {
	l := w.look
	t := &tile{w: w, ground: kit.Clear}
	t.stripe = kit.Fill(l.Line, 0)
	t.name = kit.NewText("", kit.Style{Size: 15, Color: l.Ink, Lines: 3})
	t.about = kit.NewText("", kit.Style{Size: 13, Color: l.Muted})
	t.price = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	t.all = &fyne.Container{Layout: tileLayout{t}, Objects: []fyne.CanvasObject{t.stripe, t.name, t.about, t.price}}
	t.touched = touched{now: w.deps.Now, Press: kit.NewPress(t.all, 0, kit.Clear, kit.Mix(l.Surface, l.Accent, 0.08), func() {
		do := tap
		if t.long() {
			do = long
		}
		w.gate.enter(func() { do(t.i) })
	})}
	return t
}

// tileLayout sets the group's colour along the left edge, the name at the top, and at the foot the stock, which takes what
// it needs, and the price, which has what is left.
type tileLayout struct{ t *tile }

func (y tileLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	const stripe, left, right, top, bottom, gap = 5, 20, 12, 10, 8, 6
	t := y.t
	t.stripe.Resize(fyne.NewSize(stripe, s.Height))
	width := max(s.Width-left-right, 0)
	price, about := t.price.MinSize(), t.about.MinSize()
	foot := s.Height - bottom - price.Height
	t.name.Move(fyne.NewPos(left, top))
	t.name.Resize(fyne.NewSize(width, max(foot-top, 0)))
	t.about.Move(fyne.NewPos(left, foot+(price.Height-about.Height)/2))
	t.about.Resize(about)
	at := left + about.Width + gap
	t.price.Move(fyne.NewPos(at, foot))
	t.price.Resize(fyne.NewSize(max(s.Width-right-at, 0), price.Height))
}

func (tileLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// show shows a product; stripe is the place of its group among all.
func (t *tile) show(i int, p register.Product, stripe int) {
	w, l := t.w, t.w.look
	t.i = i
	t.name.SetStyle(w.nameOf(p), func(s *kit.Style) { s.Bold = false })
	t.price.Set(w.priceOf(p))
	about, ink := w.stockOf(p)
	t.about.SetStyle(about, func(s *kit.Style) { s.Color = ink })
	t.paint(l.Stripe(stripe), kit.Clear)
}

// showGroup shows a group.
func (t *tile) showGroup(i int, g till.Group, stripe int) {
	w, l := t.w, t.w.look
	t.i = i
	t.name.SetStyle(w.groupName(g), func(s *kit.Style) { s.Bold = true })
	t.price.Set("")
	about := ""
	if g.Count > 0 {
		about = w.lang.N("app.goods_count", int64(g.Count))
	}
	t.about.SetStyle(about, func(s *kit.Style) { s.Color = l.Muted })
	c := l.Stripe(stripe)
	t.paint(c, kit.Mix(l.Surface, c, 0.14))
}

func (t *tile) paint(stripe, ground color.NRGBA) {
	if t.stripe.FillColor != stripe {
		t.stripe.FillColor = stripe
		t.stripe.Refresh()
	}
	if t.ground != ground {
		t.ground = ground
		over := ground
		if over == kit.Clear {
			over = t.w.look.Surface // which the window is cleared with
		}
		t.SetGround(ground, kit.Mix(over, t.w.look.Accent, 0.08))
	}
	t.all.Layout.Layout(nil, t.all.Size()) // the stock takes what it needs, the price what is left
}

// priceOf is a product's price, with the unit where it is not a piece.
func (w *Window) priceOf(p register.Product) string {
	switch {
	case p.Price <= 0 && p.FreePrice:
		return w.T("app.sale.free_price")
	case p.Price <= 0:
		return w.T("app.sale.no_price")
	case p.Unit == register.Piece:
		return w.lang.Money(p.Price)
	}
	return w.lang.Money(p.Price) + "/" + w.lang.Unit(p.Unit)
}

// stockOf is what the shop has of a product, in red when that is nothing; empty where stock is not shown or not counted.
func (w *Window) stockOf(p register.Product) (string, color.NRGBA) {
	l := w.look
	if p.Stock == nil || w.view.Settings == nil || w.view.Settings.Stock == till.StockOff {
		return "", l.Muted
	}
	ink := l.Muted
	if *p.Stock <= 0 {
		ink = l.Bad
	}
	return w.lang.Quantity(*p.Stock) + " " + w.lang.Unit(p.Unit), ink
}

// groupName is a group's name in the language on the screen.
func (w *Window) groupName(g till.Group) string {
	if w.lang.Tag() == "en" && g.NameEn != "" {
		return g.NameEn
	}
	return g.Name
}

// foundRow is one product that a search found.
type foundRow struct {
	touched
	w     *Window
	goods register.Product
	named func(p register.Product) string
	name  *kit.Text
	about *kit.Text
	price *kit.Text
	stock *kit.Text
}

func newFoundRow(w *Window, named func(p register.Product) string, tap, long func(register.Product)) *foundRow {
	l := w.look
	r := &foundRow{w: w, named: named}
	r.name = kit.NewText("", kit.Style{Size: 17, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.price = kit.NewText("", kit.Style{Size: 18, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing})
	r.stock = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Align: fyne.TextAlignTrailing})
	content := kit.PadSides(0, 16, 0, 16, kit.Row(12,
		kit.Grow(kit.Middle(kit.Column(1, r.name, r.about))),
		kit.Middle(kit.Least(130, 0, kit.Column(1, r.price, r.stock)))))
	r.touched = touched{now: w.deps.Now, Press: kit.NewPress(content, kit.Radius, kit.Clear, kit.Mix(l.Surface, l.Accent, 0.08), func() {
		do := tap
		if r.long() {
			do = long
		}
		w.gate.enter(func() { do(r.goods) })
	})}
	return r
}

func (r *foundRow) show(p register.Product, chosen bool) {
	w, l := r.w, r.w.look
	r.goods = p
	r.name.Set(w.nameOf(p))
	var about []string
	if len(p.Barcodes) > 0 {
		about = append(about, p.Barcodes[0])
	}
	if p.Code != "" {
		about = append(about, w.T("app.sale.code", "code", p.Code))
	}
	if p.Article != "" {
		about = append(about, w.T("app.sale.article", "article", p.Article))
	}
	if group := r.named(p); group != "" {
		about = append(about, group)
	}
	r.about.Set(strings.Join(about, " · "))
	r.price.Set(w.priceOf(p))
	stock, ink := w.stockOf(p)
	r.stock.SetStyle(stock, func(s *kit.Style) { s.Color = ink })
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
		r.Border(l.Accent, 2)
		return
	}
	r.SetGround(kit.Clear, kit.Mix(l.Surface, l.Accent, 0.08))
	r.Border(nil, 0)
}

var (
	_ fyne.Widget = (*tile)(nil)
	_ fyne.Widget = (*foundRow)(nil)
)
