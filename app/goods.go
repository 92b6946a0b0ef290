package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/register"
)

const (
	edge        = 12                     // around all of it
	foundMost   = 60                     // a search gives so many
	searchDelay = 120 * time.Millisecond // after the last letter
)

// goods is the left half of the sale screen: the field, and under it the shelf with its tiles, or what a search found.
type goods struct {
	w     *Window
	s     *sale
	root  *fyne.Container
	pad   fyne.CanvasObject // the keyboard for fingers
	bar   fyne.CanvasObject // what stands in the keyboard's place
	field *kit.Field
	erase fyne.CanvasObject
	shelf *shelfView
	list  *kit.Grid
	none  fyne.CanvasObject // nothing was found
	tell  *kit.Text
	query int // counts searches: the last one wins
	delay func()
}

func newGoods(w *Window, s *sale) *goods {
	g := &goods{w: w, s: s}
	l := w.look
	g.field = kit.NewField(l, kit.SignSearch, w.T("app.sale.field"))
	g.erase = w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Size: 16}, func() { s.escape() })
	g.shelf = newShelfView(w, s)
	g.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64, Gap: 4, Between: l.Background, Radius: kit.Radius,
		New:  func() fyne.CanvasObject { return newFoundRow(w, g.shelf.named, s.addProduct, s.openProduct) },
		Show: func(i int, o fyne.CanvasObject) { g.showFound(i, o.(*foundRow)) },
	})
	g.tell = kit.NewText("", kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 420})
	g.none = kit.Stack(kit.Fill(l.Background, 0), kit.Centre(g.tell))
	g.list.Hide()
	g.none.Hide()
	g.pad = w.letterPad(func() { g.letters(false) })
	g.bar = g.newBar()
	show(w.sale.letters, g.pad)
	show(!w.sale.letters, g.bar)
	touched := kit.NewPress(g.field, kit.Radius, kit.Clear, kit.Clear, func() {
		w.gate.enter(func() { s.wake(); g.letters(!w.sale.letters) })
	})
	times := w.button(kit.ButtonSpec{Kind: kit.Chip, Text: w.T("app.sale.times"), Size: 17, Height: 56}, s.askNext)
	around := func(o fyne.CanvasObject) fyne.CanvasObject {
		return kit.Stack(kit.Fill(l.Background, 0), kit.Pad(edge, o))
	}
	g.root = kit.Column(0,
		around(kit.Column(edge,
			kit.Row(8, kit.Grow(kit.Stack(touched, kit.Row(0, kit.Space(), kit.PadSides(4, 4, 4, 0, g.erase)))), times),
			kit.Least(0, kit.Touch, g.shelf.chips))),
		kit.Grow(kit.Row(0,
			kit.Least(edge, 0, kit.Fill(l.Background, 0)),
			kit.Grow(kit.Stack(g.shelf.root, g.list, g.none)),
			kit.Least(edge, 0, kit.Fill(l.Background, 0)))),
		around(kit.Column(0, g.pad, g.bar)),
	)
	g.paintLine()
	g.paintFound()
	return g
}

// newBar is what can be done with the whole receipt.
func (g *goods) newBar() fyne.CanvasObject {
	w, s := g.w, g.s
	button := func(sign kit.Sign, text, key string, do func()) fyne.CanvasObject {
		return kit.Grow(w.button(kit.ButtonSpec{Sign: sign, Text: w.T(text), Key: key, Size: 14}, do))
	}
	return kit.Row(6,
		button("", "app.sale.customer", "F5", func() { s.wake(); w.openCustomers() }),
		button("", "app.sale.hold", "F6", func() { s.wake(); w.askHold() }),
		button("", "app.sale.return", "F8", func() { s.wake(); w.openReturns() }),
		button("", "app.cart.clear", "Esc", s.askClear))
}

// fetch reads something off the drawing goroutine and draws it.
func (w *Window) fetch(read func(context.Context) error, then func(error)) {
	w.deps.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		err := read(ctx)
		w.deps.Draw(func() { then(err) })
	})
}

func (g *goods) page(n int) {
	if g.w.sale.found.text != "" {
		g.list.Page(n)
		return
	}
	g.shelf.tiles.Page(n)
}

// favourite tells whether goods have a tile among the favourites.
func (g *goods) favourite(product string) bool { return g.shelf.starred[product] }

// setFavourite puts goods among the favourites, or takes them away.
func (g *goods) setFavourite(product string, on bool) {
	w := g.w
	w.gate.change(func(ctx context.Context) error { return w.deps.Till.SetFavourite(ctx, product, on) }, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		g.shelf.loadStars()
		text := w.T("app.line.unstarred")
		if on {
			text = w.T("app.line.starred")
		}
		w.praise(text)
	})
}

// lineChanged paints what was typed and starts a search when it is worth one.
func (g *goods) lineChanged() {
	w, st := g.w, &g.w.sale
	g.paintLine()
	if g.delay != nil {
		g.delay()
		g.delay = nil
	}
	g.query++
	if !searchable(st.text) {
		if st.found.text != "" {
			st.found = found{}
			g.paintFound()
		}
		return
	}
	query, text := g.query, st.text
	g.delay = w.deps.After(searchDelay, func() {
		w.deps.Draw(func() {
			if query == g.query && w.screen == screen(g.s) {
				g.search(text, query, false)
			}
		})
	})
}

// searchNow searches without waiting; a single find is added at once where that was asked for.
func (g *goods) searchNow(text string, add bool) {
	g.query++
	g.search(text, g.query, add)
}

func (g *goods) search(text string, query int, add bool) {
	w, st := g.w, &g.w.sale
	var goods []register.Product
	w.fetch(func(ctx context.Context) (err error) {
		goods, err = w.deps.Till.Search(ctx, text, foundMost)
		return err
	}, func(err error) {
		if query != g.query || st.text != text {
			return
		}
		if err != nil {
			w.fail(err)
			return
		}
		st.found = found{text: text, goods: goods}
		if add && len(goods) == 1 {
			g.s.addProduct(goods[0])
			return
		}
		g.paintFound()
	})
}

// startSearch makes the field ready for a word.
func (g *goods) startSearch() {
	g.w.sale.text = ""
	g.lineChanged()
	g.field.SetHint(g.w.T("app.sale.field_search"))
}

// letters shows or hides the keyboard for fingers.
func (g *goods) letters(on bool) {
	st := &g.w.sale
	if st.letters == on {
		return
	}
	st.letters = on
	show(on, g.pad)
	show(!on, g.bar)
	g.root.Refresh()
}

func (g *goods) paintLine() {
	st := &g.w.sale
	prefix := ""
	if st.quantity != 0 {
		prefix = g.w.lang.Quantity(st.quantity) + " ×"
	}
	if st.text != "" {
		g.field.SetHint(g.w.T("app.sale.field"))
	}
	g.field.Set(prefix, st.text)
	show(prefix != "" || st.text != "", g.erase)
}

func (g *goods) paintFound() {
	f := &g.w.sale.found
	on := f.text != ""
	show(!on, g.shelf.root)
	show(on && len(f.goods) > 0, g.list)
	show(on && len(f.goods) == 0, g.none)
	if !on {
		return
	}
	g.tell.Set(g.w.T("app.sale.not_found", "text", clip(f.text, 30)))
	g.list.SetCount(len(f.goods))
	g.list.ToTop()
}

func (g *goods) moveFound(by int) {
	f := &g.w.sale.found
	old := f.at
	f.at = max(min(f.at+by, len(f.goods)-1), 0)
	g.list.ReloadItem(old)
	g.list.ReloadItem(f.at)
	g.list.Reveal(f.at)
}

func (g *goods) showFound(i int, r *foundRow) {
	f := &g.w.sale.found
	if i < len(f.goods) {
		r.show(f.goods[i], i == f.at)
	}
}
