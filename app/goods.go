package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/i18n"
	"kassa/register"
)

const (
	goodsPage   = 80                     // tiles are loaded so many at a time
	foundMost   = 60                     // a search gives so many
	searchDelay = 120 * time.Millisecond // after the last letter
)

// goods is the left half of the sale screen: the field, the groups, and tiles or what a search found.
type goods struct {
	w      *Window
	s      *sale
	root   *fyne.Container
	pad    fyne.CanvasObject
	field  *kit.Field
	erase  fyne.CanvasObject
	chips  *kit.Strip
	groups []till.Group
	marks  []*kit.Button
	tiles  *kit.Grid
	list   *kit.Grid
	none   fyne.CanvasObject // nothing was found
	noneIs *kit.Text
	empty  fyne.CanvasObject // there are no goods at all

	loaded  []register.Product
	loading bool
	all     bool // the last page was loaded
	round   int  // counts loads, so that a page of a group that was left is not shown
	query   int  // counts searches: the last one wins
	delay   func()
}

func newGoods(w *Window, s *sale) *goods {
	g := &goods{w: w, s: s}
	l := w.look
	g.field = kit.NewField(l, kit.SignSearch, w.T("app.sale.field"))
	g.erase = w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Size: 16}, func() { s.escape() })
	g.chips = kit.NewStrip(kit.Gap)
	g.tiles = kit.NewGrid(l, kit.GridSpec{
		CellWidth: 164, CellHeight: 112, Gap: kit.Gap,
		New:     func() fyne.CanvasObject { return newTile(w, g.nth, s.addProduct) },
		Show:    func(i int, o fyne.CanvasObject) { g.showTile(i, o.(*tile)) },
		NearEnd: g.more,
	})
	g.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64, Gap: 4,
		New:  func() fyne.CanvasObject { return newFoundRow(w, g.named, s.addProduct) },
		Show: func(i int, o fyne.CanvasObject) { g.showFound(i, o.(*foundRow)) },
	})
	g.noneIs = kit.NewText("", kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 420})
	g.none = kit.Centre(g.noneIs)
	g.empty = kit.Centre(kit.NewText(w.T("app.sale.no_goods"),
		kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 4, Width: 420}))
	g.list.Hide()
	g.none.Hide()
	g.empty.Hide()
	g.pad = w.letterPad(func() { g.letters(false) })
	show(w.sale.letters, g.pad)
	touched := kit.NewPress(g.field, kit.Radius, l.Surface, l.Surface, func() {
		w.gate.enter(func() { s.wake(); g.letters(!w.sale.letters) })
	})
	g.root = kit.Column(12,
		kit.Stack(touched, kit.Row(0, kit.Space(), kit.PadSides(4, 4, 4, 0, g.erase))),
		kit.Least(0, kit.Touch, g.chips),
		kit.Grow(kit.Stack(g.tiles, g.list, g.none, g.empty)),
		g.pad,
	)
	g.loadGroups()
	g.reload()
	g.paintLine()
	g.paintFound()
	return g
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

func (g *goods) loadGroups() {
	w := g.w
	var groups []till.Group
	w.fetch(func(ctx context.Context) (err error) {
		groups, err = w.deps.Till.Groups(ctx, "")
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		g.groups = append([]till.Group{{}}, groups...)
		g.buildChips()
		g.tiles.Reload()
	})
}

// nth is a group's place among all of them; -1 for goods that have none.
func (g *goods) nth(group string) int {
	for i, o := range g.groups {
		if o.Name == group {
			return i - 1
		}
	}
	return -1
}

// named is a group's name in the language on the screen.
func (g *goods) named(group string) string {
	if i := g.nth(group) + 1; i > 0 && g.w.lang.Tag() == i18n.English && g.groups[i].NameEn != "" {
		return g.groups[i].NameEn
	}
	return group
}

func (g *goods) buildChips() {
	w := g.w
	var objects []fyne.CanvasObject
	g.marks = nil
	for _, group := range g.groups {
		name := group.Name
		text := g.named(name)
		if name == "" {
			text = w.T("app.sale.all")
		}
		b := w.button(kit.ButtonSpec{Kind: kit.Chip, Text: clip(text, 26)}, func() { g.choose(name) })
		b.SetChosen(name == w.sale.group)
		g.marks = append(g.marks, b)
		objects = append(objects, b)
	}
	g.chips.SetObjects(objects)
}

func (g *goods) choose(group string) {
	st := &g.w.sale
	g.s.wake()
	st.text = ""
	g.lineChanged()
	if group == st.group {
		return
	}
	st.group = group
	for i, m := range g.marks {
		m.SetChosen(g.groups[i].Name == group)
		if g.groups[i].Name == group {
			g.chips.Reveal(m)
		}
	}
	g.reload()
}

func (g *goods) nextGroup(by int) {
	if g.w.sale.text != "" || len(g.groups) == 0 {
		return
	}
	for i, group := range g.groups {
		if group.Name == g.w.sale.group {
			g.choose(g.groups[(i+by+len(g.groups))%len(g.groups)].Name)
			return
		}
	}
}

func (g *goods) page(n int) {
	if g.w.sale.found.text != "" {
		g.list.Page(n)
		return
	}
	g.tiles.Page(n)
}

// reload shows the group from its beginning.
func (g *goods) reload() {
	g.round++
	g.loaded, g.all, g.loading = nil, false, false
	g.tiles.ToTop()
	g.more()
}

// more loads the next page of tiles.
func (g *goods) more() {
	if g.all || g.loading {
		return
	}
	g.loading = true
	w, round, group := g.w, g.round, g.w.sale.group
	after := ""
	if n := len(g.loaded); n > 0 {
		after = g.loaded[n-1].ID
	}
	var page []register.Product
	w.fetch(func(ctx context.Context) (err error) {
		if group == "" {
			page, err = w.deps.Till.AllGoods(ctx, after, goodsPage)
		} else {
			page, err = w.deps.Till.Goods(ctx, group, after, goodsPage)
		}
		return err
	}, func(err error) {
		if round != g.round {
			return
		}
		g.loading = false
		if err != nil {
			g.all = true
			w.fail(err)
			return
		}
		g.all = len(page) < goodsPage
		g.loaded = append(g.loaded, page...)
		g.tiles.SetCount(len(g.loaded))
		show(len(g.loaded) == 0 && group == "", g.empty)
	})
}

func (g *goods) showTile(i int, t *tile) {
	if i < len(g.loaded) {
		t.show(g.loaded[i])
	}
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
	show(!on, g.tiles)
	show(on && len(f.goods) > 0, g.list)
	show(on && len(f.goods) == 0, g.none)
	if !on {
		return
	}
	g.noneIs.Set(g.w.T("app.sale.not_found", "text", clip(f.text, 30)))
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
