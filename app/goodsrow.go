package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/register"
)

// goodsRow shows one product of the catalogue.
type goodsRow struct {
	*kit.Press
	w     *Window
	i     int
	name  *kit.Text
	about *kit.Text
	price *kit.Text
}

func newGoodsRow(w *Window, tap func(int)) *goodsRow {
	l := w.look
	r := &goodsRow{w: w}
	r.name = kit.NewText("", kit.Style{Size: 16, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.price = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing})
	r.Press = kit.NewPress(kit.PadSides(0, 14, 0, 14, kit.Row(12,
		kit.Grow(kit.Middle(kit.Column(1, r.name, r.about))),
		kit.Middle(r.price))),
		8, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() { w.gate.enter(func() { tap(r.i) }) })
	return r
}

func (r *goodsRow) show(i int, p register.Product, chosen bool) {
	w, l := r.w, r.w.look
	r.i = i
	r.name.Set(w.nameOf(p))
	r.about.Set(w.productLine(p))
	r.price.Set(w.priceOf(p))
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
	} else {
		r.SetGround(l.Surface, kit.Mix(l.Surface, l.Accent, 0.06))
	}
	r.Press.Refresh()
}
