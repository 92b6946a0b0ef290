package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

const nameGoods = "goods"

// goodsState is what was read of the catalogue, and which product is looked at.
type goodsState struct {
	paged[register.Product]
	search  searchState
	starred map[string]bool // the favourites, by id
}

// goodsScreen shows the catalogue, one product in full, and the way to import another list.
type goodsScreen struct {
	w      *Window
	state  *goodsState
	root   fyne.CanvasObject
	keys   *kit.Layer
	line   *searchLine
	list   *kit.Grid
	none   fyne.CanvasObject
	noneIs *kit.Text
	card   *fyne.Container
	head   *operationHead
	sheet  *sheet
	rule   fyne.CanvasObject
	star   *kit.Button
	load   *kit.Button
	is     string // what is painted of the product
}

// openGoodsList shows the goods over the sale.
func (w *Window) openGoodsList() {
	state := &goodsState{}
	w.closePage(nameGoods)
	w.openPage(page{name: nameGoods, make: func() screen { return newGoodsScreen(w, state) }})
}

func newGoodsScreen(w *Window, state *goodsState) *goodsScreen {
	g := &goodsScreen{w: w, state: state, head: w.newOperationHead(nil), sheet: w.newSheet()}
	l := w.look
	g.line = w.newSearchLine(&state.search, w.T("app.goods.title"), w.T("app.goods.field"))
	g.line.search, g.line.agree = func(string, bool) { state.begin(); g.read(true) }, func() {}
	g.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64, Gap: 4,
		New:     func() fyne.CanvasObject { return newGoodsRow(w, g.choose) },
		Show:    func(i int, o fyne.CanvasObject) { g.showRow(i, o.(*goodsRow)) },
		NearEnd: func() { g.read(false) },
	})
	g.noneIs = kit.NewText("", kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 4, Width: 340})
	g.none = kit.Centre(g.noneIs)
	g.star = w.button(kit.ButtonSpec{Sign: kit.SignStar, Text: w.T("app.goods.star"), Key: "F4", Size: 15, Height: 56}, g.favour)
	g.load = w.button(kit.ButtonSpec{Kind: kit.Accent, Sign: kit.SignFile, Text: w.T("app.goods.import"), Key: "F6", Size: 15, Height: 56}, w.openImport)
	g.rule = kit.Rule(l)
	g.card = kit.Column(8, g.head.root, g.rule, kit.Grow(g.sheet.grid), g.star)
	back := func() { w.closePage(nameGoods) }
	g.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, back),
			kit.Grow(g.line.root), g.load),
		kit.Grow(&fyne.Container{Layout: halvesLayout{0.52}, Objects: []fyne.CanvasObject{
			kit.Card(l, 8, kit.Stack(g.list, g.none)),
			kit.Card(l, 12, g.card),
		}})))
	keys := map[fyne.KeyName]func(){
		fyne.KeyEscape: func() {
			if !g.line.clear() {
				back()
			}
		},
		fyne.KeyUp: func() { g.choose(state.at - 1) }, fyne.KeyDown: func() { g.choose(state.at + 1) },
		fyne.KeyHome: func() { g.choose(0) }, fyne.KeyPageUp: func() { g.choose(max(state.at-8, 0)) },
		fyne.KeyPageDown: func() { g.choose(min(state.at+8, len(state.all)-1)) },
		fyne.KeyF1:       w.openHelp, fyne.KeyF4: g.favour, fyne.KeyF6: w.openImport, fyne.KeyF12: w.openMenu,
	}
	g.line.keys(keys)
	g.keys = &kit.Layer{Name: nameGoods, Rune: g.line.typed, Keys: keys}
	g.paint()
	if len(state.all) == 0 && !state.ended {
		g.readStars()
		g.read(true)
	}
	return g
}

func (g *goodsScreen) object() fyne.CanvasObject { return g.root }
func (g *goodsScreen) layer() *kit.Layer         { return g.keys }
func (g *goodsScreen) update(till.View)          {}

// groupOf is the path of a product's group in the language on the screen.
func (w *Window) groupOf(p register.Product) string {
	path := p.Group
	if w.lang.Tag() == "en" && p.GroupEn != "" {
		path = p.GroupEn
	}
	return strings.ReplaceAll(path, register.GroupSeparator, " · ")
}

// read reads the next page, or the first one of another question.
func (g *goodsScreen) read(fresh bool) {
	w, st := g.w, g.state
	text := st.search.searched
	st.more(w, fresh, func(ctx context.Context, _ int, last *register.Product) ([]register.Product, error) {
		if text != "" {
			if last != nil {
				return nil, nil // a search answers with all that it finds
			}
			return w.deps.Till.Search(ctx, text, pageSize)
		}
		after := ""
		if last != nil {
			after = last.ID
		}
		return w.deps.Till.AllGoods(ctx, after, pageSize)
	}, func(error) {
		if now, ok := w.screen.(*goodsScreen); ok && now.state == st {
			now.paint()
			if fresh {
				now.list.ToTop()
			}
		}
	})
}

// readStars reads which goods are favourites.
func (g *goodsScreen) readStars() {
	w, st := g.w, g.state
	var favourites []register.Product
	w.fetch(func(ctx context.Context) (err error) {
		favourites, err = w.deps.Till.Favourites(ctx)
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		st.starred = map[string]bool{}
		for _, p := range favourites {
			st.starred[p.ID] = true
		}
		if now, ok := w.screen.(*goodsScreen); ok && now.state == st {
			now.is = ""
			now.paint()
		}
	})
}

func (g *goodsScreen) paint() {
	w, st := g.w, g.state
	g.list.SetCount(len(st.all))
	text := w.T("app.goods.none")
	if st.search.searched != "" {
		text = w.T("app.sale.not_found", "text", clip(st.search.searched, 30))
	}
	g.noneIs.Set(text)
	show(len(st.all) == 0 && st.ended, g.none)
	g.paintLoad()
	g.paintProduct()
}

// paintLoad shows on the button how far an import is.
func (g *goodsScreen) paintLoad() {
	text := g.w.T("app.goods.import")
	if j := g.w.importing; j != nil && j.working() {
		text = g.w.T("app.import.running", "n", j.percent())
	}
	g.load.SetText(text)
}

func (g *goodsScreen) showRow(i int, r *goodsRow) {
	if i < len(g.state.all) {
		r.show(i, g.state.all[i], i == g.state.at)
	}
}

func (g *goodsScreen) choose(i int) {
	st := g.state
	if i < 0 || i >= len(st.all) {
		return
	}
	old := st.at
	st.at = i
	g.list.ReloadItem(old)
	g.list.ReloadItem(i)
	g.list.Reveal(i)
	g.paintProduct()
}

// favour puts the chosen product among the favourites, or takes it away.
func (g *goodsScreen) favour() {
	w, st := g.w, g.state
	p := st.chosen()
	if p == nil {
		return
	}
	id, on := p.ID, !st.starred[p.ID]
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SetFavourite(ctx, id, on) }, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		g.readStars()
	})
}

// paintProduct shows the chosen product in full.
func (g *goodsScreen) paintProduct() {
	w, st := g.w, g.state
	p := st.chosen()
	if show(p != nil, g.star, g.sheet.grid, g.rule, g.head.root); p == nil {
		g.is = ""
		return
	}
	g.card.Refresh()
	if g.is == p.ID {
		return
	}
	g.is = p.ID
	g.head.show(w.nameOf(*p), w.groupOf(*p), w.priceOf(*p))
	star := w.T("app.goods.star")
	if st.starred[p.ID] {
		star = w.T("app.goods.unstar")
	}
	g.star.SetText(star)
	g.sheet.set(w.productRows(*p))
}

// productRows are everything that there is to know of a product.
func (w *Window) productRows(p register.Product) []row {
	f := &facts{w: w}
	f.add(w.T("import.field.name"), p.Name)
	f.add(w.T("import.field.barcode"), strings.Join(p.Barcodes, "\n"))
	f.add(w.T("import.field.code"), p.Code)
	f.add(w.T("import.field.article"), p.Article)
	f.add(w.T("import.field.unit"), w.lang.Unit(p.Unit))
	f.add(w.T("import.field.vat"), w.lang.VAT(p.VAT))
	if p.Stock != nil {
		f.add(w.T("import.field.stock"), w.lang.Quantity(*p.Stock)+" "+w.lang.Unit(p.Unit))
	}
	if p.NoDiscount {
		f.add(w.T("import.field.no_discount"), w.T("app.goods.yes"))
	}
	if p.FreePrice {
		f.add(w.T("import.field.free_price"), w.T("app.goods.yes"))
	}
	if p.Marked {
		f.add(w.T("import.field.marked"), w.T("app.goods.yes"))
	}
	if p.NameEn != "" {
		f.add(w.T("import.field.name_en"), p.NameEn)
	}
	if len(p.Packs) > 0 {
		f.head(w.T("import.field.packs"))
	}
	for _, pack := range p.Packs {
		f.add(strings.TrimSpace(pack.Name+" "+pack.Barcode), w.lang.Quantity(pack.Quantity)+" "+w.lang.Unit(p.Unit))
	}
	return f.rows
}
