package app

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"kassa/app/kit"
	"kassa/register"
)

// longPress is how long a finger stays on something to ask about it rather than to choose it.
const longPress = 600 * time.Millisecond

// touched is a Press that tells a long touch from a short one.
type touched struct {
	*kit.Press
	now  func() time.Time
	down time.Time
}

// MouseDown implements desktop.Mouseable.
func (t *touched) MouseDown(e *desktop.MouseEvent) {
	t.down = t.now()
	t.Press.MouseDown(e)
}

// long tells whether the touch that ends now was a long one.
func (t *touched) long() bool {
	long := !t.down.IsZero() && t.now().Sub(t.down) >= longPress
	t.down = time.Time{}
	return long
}

// openProduct tells all about goods, and puts them among the favourites.
func (s *sale) openProduct(p register.Product) {
	w := s.w
	s.wake()
	w.openNote(func() note {
		starred := s.goods.favourite(p.ID)
		star := w.T("app.line.star")
		if starred {
			star = w.T("app.line.unstar")
		}
		n := note{name: "product", sign: kit.SignBox, title: w.nameOf(p), rows: [][2]string{{w.T("app.product.price"), w.priceOf(p)}}}
		if stock, _ := w.stockOf(p); stock != "" {
			n.rows = append(n.rows, [2]string{w.T("app.product.stock"), stock})
		}
		for _, r := range [][2]string{
			{w.T("app.product.code"), p.Code}, {w.T("app.product.article"), p.Article}, {w.T("app.product.group"), s.goods.shelf.named(p)},
		} {
			if r[1] != "" {
				n.rows = append(n.rows, [2]string{r[0], clip(r[1], 32)})
			}
		}
		if len(p.Barcodes) > 0 {
			n.rows = append(n.rows, [2]string{w.T("app.product.barcode"), clip(p.Barcodes[0], 32)})
		}
		n.actions = []action{
			{text: star, key: "F4", name: fyne.KeyF4, do: func() { s.goods.setFavourite(p.ID, !starred) }},
			{kind: kit.Primary, text: w.T("app.product.add"), key: "F3", name: fyne.KeyF3, do: func() { s.addProduct(p) }},
		}
		return n
	})
}
