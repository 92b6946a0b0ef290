package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// goodsPage is how many tiles are loaded at a time.
const goodsPage = 80

// shelfView is the tiles: the favourites, or a group with the groups below it first and then its goods.
type shelfView struct {
	w     *Window
	s     *sale
	root  fyne.CanvasObject
	chips *kit.Strip // where we are, and the way back
	tiles *kit.Grid
	none  fyne.CanvasObject
	tell  *kit.Text
	load  fyne.CanvasObject // the way to goods, while there are none

	tops    []till.Group    // at the top of the tree
	starred map[string]bool // the favourites, by id
	groups  []till.Group    // shown before the goods
	loaded  []register.Product
	loading bool
	all     bool  // the last page was loaded
	round   int   // counts loads, so that a page of a shelf that was left is not shown
	sold    int64 // the operation after which the stock was read last
}

func newShelfView(w *Window, s *sale) *shelfView {
	v := &shelfView{w: w, s: s, starred: map[string]bool{}}
	l := w.look
	v.chips = kit.NewStrip(kit.Gap)
	v.tiles = kit.NewGrid(l, kit.GridSpec{
		CellWidth: 164, CellHeight: 112, Gap: kit.Gap, Between: l.Background, Radius: kit.Radius,
		New:     func() fyne.CanvasObject { return newTile(w, v.tap, v.ask) },
		Show:    func(i int, o fyne.CanvasObject) { v.showTile(i, o.(*tile)) },
		NearEnd: v.more,
	})
	v.tell = kit.NewText("", kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 4, Width: 420})
	v.load = w.button(kit.ButtonSpec{Kind: kit.Accent, Sign: kit.SignFile, Text: w.T("app.goods.import"), Height: kit.TouchBig}, w.openImport)
	v.none = kit.Centre(kit.Column(kit.Inset, v.tell, kit.CentreX(v.load)))
	v.none.Hide()
	v.root = kit.Stack(v.tiles, &fyne.Container{Layout: loose{}, Objects: []fyne.CanvasObject{v.none}})
	v.buildChips()
	v.loadStars()
	return v
}

// loadStars reads what the shop chose, and shows the shelf for the first time.
func (v *shelfView) loadStars() {
	w := v.w
	var favourites []register.Product
	var tops []till.Group
	w.fetch(func(ctx context.Context) (err error) {
		if favourites, err = w.deps.Till.Favourites(ctx); err != nil {
			return err
		}
		tops, err = w.deps.Till.Groups(ctx, "")
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		v.tops, v.starred = tops, map[string]bool{}
		for _, p := range favourites {
			v.starred[p.ID] = true
		}
		st := &w.sale
		if st.shelf == shelfUnset {
			st.shelf = shelfTree
			if len(favourites) > 0 {
				st.shelf = shelfFavourites
			}
		}
		v.buildChips()
		v.reload()
	})
}

// buildChips shows where we are.
func (v *shelfView) buildChips() {
	w, st := v.w, &v.w.sale
	add := func(sign kit.Sign, text string, chosen bool, do func()) fyne.CanvasObject {
		b := w.button(kit.ButtonSpec{Kind: kit.Chip, Sign: sign, Text: clip(text, 26)}, do)
		b.SetChosen(chosen)
		return b
	}
	inTree := st.shelf != shelfFavourites
	objects := []fyne.CanvasObject{
		add(kit.SignStar, w.T("app.sale.favourites"), !inTree, func() { v.open(shelfFavourites, nil) }),
		add("", w.T("app.sale.all"), inTree && len(st.path) == 0, func() { v.open(shelfTree, nil) }),
	}
	if inTree {
		for i, g := range st.path {
			objects = append(objects, add("", w.groupName(g), i == len(st.path)-1, func() { v.open(shelfTree, st.path[:i+1:i+1]) }))
		}
	}
	v.chips.SetObjects(objects)
	v.chips.Reveal(objects[len(objects)-1])
}

// open goes to a shelf.
func (v *shelfView) open(to shelf, path []till.Group) {
	st := &v.w.sale
	v.s.wake()
	st.text = ""
	v.s.goods.lineChanged()
	st.shelf, st.path = to, path
	v.buildChips()
	v.reload()
}

// next goes to the next of the shelves at the top: the favourites, all goods, and the groups one by one.
func (v *shelfView) next(by int) {
	st := &v.w.sale
	if st.text != "" {
		return
	}
	at := 1
	switch {
	case st.shelf == shelfFavourites:
		at = 0
	case len(st.path) > 0:
		at = 2 + v.nth(st.path[0].Path)
	}
	n := len(v.tops) + 2
	switch at = (at + by + n) % n; at {
	case 0:
		v.open(shelfFavourites, nil)
	case 1:
		v.open(shelfTree, nil)
	default:
		v.open(shelfTree, v.tops[at-2:at-1:at-1])
	}
}

// nth is the place of a path's top group among all; -1 for goods that have none.
func (v *shelfView) nth(path string) int {
	top, _, _ := strings.Cut(path, register.GroupSeparator)
	for i, g := range v.tops {
		if g.Path == top {
			return i
		}
	}
	return -1
}

// named is the group of a product, in the language on the screen.
func (v *shelfView) named(p register.Product) string {
	if v.w.lang.Tag() != "en" {
		return p.Group
	}
	if p.GroupEn != "" {
		return p.GroupEn
	}
	if i := v.nth(p.Group); i >= 0 && v.tops[i].Path == p.Group {
		return v.w.groupName(v.tops[i])
	}
	return p.Group
}

// reload shows the shelf from its beginning.
func (v *shelfView) reload() {
	v.round++
	v.groups, v.loaded, v.all, v.loading = nil, nil, false, false
	v.tiles.ToTop()
	v.more()
}

// more loads the next page of tiles.
func (v *shelfView) more() {
	w, st := v.w, &v.w.sale
	if v.all || v.loading || st.shelf == shelfUnset {
		return
	}
	v.loading = true
	round, first := v.round, len(v.loaded) == 0
	place, group, after := st.shelf, st.group(), ""
	if !first {
		after = v.loaded[len(v.loaded)-1].ID
	}
	var groups []till.Group
	var page []register.Product
	w.fetch(func(ctx context.Context) (err error) {
		if first && place == shelfTree {
			if groups, err = w.deps.Till.Groups(ctx, group); err != nil {
				return err
			}
		}
		page, err = v.page(ctx, place, group, after, goodsPage)
		return err
	}, func(err error) {
		if round != v.round {
			return
		}
		v.loading = false
		if err != nil {
			v.all = true
			w.fail(err)
			return
		}
		if first {
			v.groups = groups
		}
		v.all = place == shelfFavourites || len(page) < goodsPage
		v.loaded = append(v.loaded, page...)
		v.tiles.SetCount(len(v.groups) + len(v.loaded))
		v.paintNone()
	})
}

// mostFresh is how many tiles are read again after a sale; those further down are, when they are loaded the next time.
const mostFresh = 4 * goodsPage

// follow reads again what the shop has left when something was sold.
func (v *shelfView) follow(view till.View) {
	if view.Last == nil || view.Last.Number == v.sold {
		return
	}
	v.sold = view.Last.Number
	st, n := &v.w.sale, len(v.loaded)
	if view.Settings == nil || view.Settings.Stock == till.StockOff || n == 0 || n > mostFresh || v.loading {
		return
	}
	round, place, group := v.round, st.shelf, st.group()
	var page []register.Product
	v.w.fetch(func(ctx context.Context) (err error) {
		page, err = v.page(ctx, place, group, "", n)
		return err
	}, func(err error) {
		if err == nil && round == v.round && len(page) == len(v.loaded) {
			v.loaded = page
			v.tiles.Reload()
		}
	})
}

// page is goods of a shelf. It is called off the drawing goroutine.
func (v *shelfView) page(ctx context.Context, place shelf, group, after string, limit int) ([]register.Product, error) {
	cashier := v.w.deps.Till
	switch {
	case place == shelfFavourites:
		return cashier.Favourites(ctx)
	case group == "":
		return cashier.AllGoods(ctx, after, limit)
	}
	return cashier.Goods(ctx, group, after, limit)
}

// paintNone says what to do with an empty shelf.
func (v *shelfView) paintNone() {
	w, st := v.w, &v.w.sale
	text, empty := "", false
	switch {
	case len(v.groups)+len(v.loaded) > 0:
	case st.shelf == shelfFavourites:
		text = w.T("app.sale.no_favourites")
	case len(st.path) == 0:
		text, empty = w.T("app.sale.no_goods"), true
	}
	v.tell.Set(text)
	show(empty, v.load)
	show(text != "", v.none)
	v.none.Refresh()
}

func (v *shelfView) showTile(i int, t *tile) {
	if i < len(v.groups) {
		stripe := i
		if path := v.w.sale.path; len(path) > 0 {
			stripe = v.nth(path[0].Path)
		}
		t.showGroup(i, v.groups[i], stripe)
		return
	}
	if n := i - len(v.groups); n < len(v.loaded) {
		t.show(i, v.loaded[n], v.nth(v.loaded[n].Group))
	}
}

// ask tells about goods; a group it goes into.
func (v *shelfView) ask(i int) {
	if n := i - len(v.groups); n >= 0 && n < len(v.loaded) {
		v.s.openProduct(v.loaded[n])
		return
	}
	v.tap(i)
}

// tap goes into a group, or adds goods.
func (v *shelfView) tap(i int) {
	if i < len(v.groups) {
		st := &v.w.sale
		v.open(shelfTree, append(st.path[:len(st.path):len(st.path)], v.groups[i]))
		return
	}
	if n := i - len(v.groups); n < len(v.loaded) {
		v.s.addProduct(v.loaded[n])
	}
}
