package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// pastState is what was read of the history, newest first, what it is narrowed to, and which operation is looked at.
type pastState struct {
	paged[till.Operation]
	search  searchState
	filter  pastFilter
	trail   []till.Operation // operations that were opened from one another, from the chosen one on
	related related
	sent    sentState
	back    backMarks
	totals  register.Totals // of the shift, when the list was read: whether there is something newer
	waiting int             // for the registrar, when the related was read
}

// related is what goes back to an operation that is shown.
type related struct {
	id   string
	all  []till.Operation
	open []till.FiscalDocument // what the registrar is still to make of it
}

// pastScreen lists operations of this till, and shows one of them in full. It is the history, and, with sales alone, the
// page on which the sale is found that goods come back of.
type pastScreen struct {
	w       *Window
	name    string
	returns bool
	state   *pastState
	root    fyne.CanvasObject
	layerOf *kit.Layer
	line    *searchLine
	filters *filterBar
	list    *kit.Grid
	pane    *operationPane
	none    fyne.CanvasObject
	noneIs  *kit.Text
	again   fyne.CanvasObject
	column  *fyne.Container
}

// openHistory shows the history over the sale.
func (w *Window) openHistory() {
	state := &pastState{}
	w.openPage(page{name: nameHistory, make: func() screen { return newPast(w, nameHistory, state) }})
}

func newPast(w *Window, name string, state *pastState) *pastScreen {
	h := &pastScreen{w: w, name: name, returns: name == nameReturns, state: state}
	l := w.look
	title, hint := w.T("app.history.title"), w.T("app.history.field")
	if h.returns {
		title, hint = w.T("app.returns.title"), w.T("app.returns.field")
	}
	h.line = w.newSearchLine(&state.search, title, hint)
	h.line.search, h.line.agree = h.find, h.agree
	h.filters = w.newFilterBar(&state.filter, h.returns, func() { h.read(false) })
	h.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64,
		New:        func() fyne.CanvasObject { return newPastRow(w, h.choose) },
		Show:       func(i int, o fyne.CanvasObject) { h.showRow(i, o.(*pastRow)) },
		NearEnd:    func() { h.more(false) },
	})
	h.noneIs = kit.NewText("", kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 320})
	h.none = kit.Centre(h.noneIs)
	h.again = w.button(kit.ButtonSpec{Kind: kit.Danger, Text: w.T("app.list.again"), Size: 15, Lines: 2, Height: 56}, func() { h.more(true) })
	h.pane = newOperationPane(w, h)
	h.column = kit.Column(8, kit.Grow(kit.Stack(h.list, h.none)), h.again)
	h.root = kit.Pad(kit.Inset-4, kit.Column(10,
		h.header(title),
		h.filters.strip,
		kit.Grow(&fyne.Container{Layout: halvesLayout{0.46}, Objects: []fyne.CanvasObject{kit.Card(l, 8, h.column), h.pane.root}}),
	))
	h.layerOf = &kit.Layer{Name: name, Rune: h.line.typed, Keys: h.keys()}
	h.paint()
	if len(state.all) == 0 && !state.ended {
		h.more(true)
	}
	return h
}

func (h *pastScreen) header(title string) fyne.CanvasObject {
	w, l := h.w, h.w.look
	row := kit.Row(12,
		w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, h.close),
		kit.Middle(kit.NewText(title, kit.Style{Size: 24, Bold: true, Color: l.Ink})),
		kit.Grow(h.line.root))
	if h.returns && w.view.Settings != nil && w.view.Settings.ReturnWithoutSale {
		row.Add(w.button(kit.ButtonSpec{Text: w.T("app.returns.free"), Key: "F9", Size: 15, Height: 56}, w.openFreeReturn))
	}
	return row
}

func (h *pastScreen) keys() map[fyne.KeyName]func() {
	w, st := h.w, h.state
	keys := map[fyne.KeyName]func(){
		fyne.KeyEscape:   h.escape,
		fyne.KeyUp:       func() { h.choose(st.at - 1) },
		fyne.KeyDown:     func() { h.down(1) },
		fyne.KeyHome:     func() { h.choose(0) },
		fyne.KeyPageUp:   func() { h.choose(max(st.at-8, 0)) },
		fyne.KeyPageDown: func() { h.down(8) },
		fyne.KeyF1:       w.openHelp,
		fyne.KeyF12:      w.openMenu,
	}
	h.line.keys(keys)
	h.filters.keys(keys)
	h.pane.keys(keys)
	if h.returns && w.view.Settings != nil && w.view.Settings.ReturnWithoutSale {
		keys[fyne.KeyF9] = w.openFreeReturn
	}
	return keys
}

func (h *pastScreen) object() fyne.CanvasObject { return h.root }
func (h *pastScreen) layer() *kit.Layer         { return h.layerOf }

func (h *pastScreen) update(v till.View) {
	st := h.state
	if st.sent.follow(v.Server) {
		h.list.Reload()
	}
	if v.Shift.Totals != st.totals {
		st.totals = v.Shift.Totals
		if st.back.forget(); h.returns {
			h.list.Reload()
		}
		h.newest()
	}
	if n := v.Fiscal.Waiting + v.Fiscal.Unclear + v.Fiscal.Refused; n != st.waiting {
		st.waiting = n
		if o := h.shown(); o != nil && st.related.id == o.ID {
			h.pane.readRelated(*o)
		}
	}
}

func (h *pastScreen) close() { h.w.closePage(h.name) }

// escape goes one step back: from an operation to the one that led to it, then what was typed, then the page.
func (h *pastScreen) escape() {
	st := h.state
	switch {
	case len(st.trail) > 0:
		st.trail = st.trail[:len(st.trail)-1]
		h.pane.paint()
	case h.line.clear():
	default:
		h.close()
	}
}

// question is what the till is asked.
func (h *pastScreen) question() till.Search {
	s := h.state.filter.search(h.state.search.searched)
	if h.returns {
		s.Kinds = []register.Kind{register.KindSale}
	}
	return s
}

// find lists what fits a text. What was scanned off a receipt is opened at once.
func (h *pastScreen) find(text string, scanned bool) { h.read(scanned && receiptLike(text)) }

// read reads the list from its beginning; open opens what was found, if it is the only one.
func (h *pastScreen) read(open bool) {
	st := h.state
	st.begin()
	st.trail = nil
	h.load(true, func() {
		h.list.ToTop()
		if o := st.chosen(); open && o != nil && len(st.all) == 1 {
			h.open(*o)
		}
	})
}

// more reads the next page; retry asks again for one that could not be read.
func (h *pastScreen) more(retry bool) {
	st := h.state
	if st == nil {
		return
	}
	if retry {
		st.failed = false
	}
	h.load(len(st.all) == 0, nil)
}

func (h *pastScreen) load(fresh bool, then func()) {
	w, st := h.w, h.state
	q := h.question()
	st.more(w, fresh, func(ctx context.Context, _ int, last *till.Operation) ([]till.Operation, error) {
		var before int64
		if last != nil {
			before = last.Position
		}
		return w.deps.Till.Find(ctx, q, before, pageSize)
	}, func(err error) {
		if current := h.current(); current != nil {
			current.paint()
			if err == nil && then != nil {
				then()
			}
		}
	})
	show(st.failed, h.again)
}

// current is the page as it is on the screen now; nil when it is gone.
func (h *pastScreen) current() *pastScreen {
	if c, ok := h.w.screen.(*pastScreen); ok && c.state == h.state {
		return c
	}
	return nil
}

func (h *pastScreen) paint() {
	w, st := h.w, h.state
	h.list.SetCount(len(st.all))
	none := w.T("app.history.none")
	switch {
	case st.search.searched != "" || !st.filter.any():
		none = w.T("app.list.not_found")
	case h.returns:
		none = w.T("app.returns.none")
	}
	h.noneIs.Set(none)
	show(len(st.all) == 0 && st.ended, h.none)
	show(st.failed, h.again)
	h.column.Refresh()
	h.pane.paint()
}

// newest puts what has happened since on top of the list.
func (h *pastScreen) newest() {
	w, st := h.w, h.state
	if st.loading || len(st.all) == 0 && !st.ended {
		return
	}
	turn, q := st.turn, h.question()
	var page []till.Operation
	w.fetch(func(ctx context.Context) (err error) {
		page, err = w.deps.Till.Find(ctx, q, 0, pageSize)
		return err
	}, func(err error) {
		if err != nil || turn != st.turn {
			return // the list stays true as far as it goes; whoever looks for more is told
		}
		n := 0
		for n < len(page) && (len(st.all) == 0 || page[n].Position > st.all[0].Position) {
			n++
		}
		if n == 0 {
			return
		}
		st.all = append(page[:n:n], st.all...)
		if len(st.all) > n {
			st.at += n
		}
		st.related.id = ""
		if c := h.current(); c != nil {
			c.paint()
		}
	})
}

func (h *pastScreen) choose(i int) {
	st := h.state
	if i < 0 || i >= len(st.all) {
		return
	}
	old := st.at
	st.at, st.trail = i, nil
	h.list.ReloadItem(old)
	h.list.ReloadItem(i)
	h.list.Reveal(i)
	h.pane.paint()
}

// down moves towards the end of the list; at its end a page that could not be read is asked for again.
func (h *pastScreen) down(by int) {
	st := h.state
	if st.failed && st.at+by >= len(st.all) {
		h.more(true)
	}
	h.choose(min(st.at+by, len(st.all)-1))
}

// agree does what is usually done with the operation that is shown.
func (h *pastScreen) agree() {
	if o := h.shown(); o != nil {
		h.open(*o)
	}
}

// open goes on with an operation: with what comes back of it, or what was prepaid.
func (h *pastScreen) open(o till.Operation) {
	if o.Kind == register.KindSale || o.Kind == register.KindPrepayment {
		h.w.openReturnOf(o)
	}
}

// shown is the operation that is shown in full; nil when there is none.
func (h *pastScreen) shown() *till.Operation {
	st := h.state
	if n := len(st.trail); n > 0 {
		return &st.trail[n-1]
	}
	return st.chosen()
}

// kindName names a kind of operation, also one that a newer program wrote.
func (w *Window) kindName(k register.Kind) string {
	if key := "kind." + string(k); w.lang.Has(key) {
		return w.T(key)
	}
	return w.T("kind.unknown", "kind", string(k))
}

// halvesLayout divides a place between two objects: the left one gets a part of the width.
type halvesLayout struct{ left float32 }

func (h halvesLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	const gap = 12
	left := (s.Width - gap) * h.left
	objects[0].Move(fyne.Position{})
	objects[0].Resize(fyne.NewSize(left, s.Height))
	objects[1].Move(fyne.NewPos(left+gap, 0))
	objects[1].Resize(fyne.NewSize(s.Width-left-gap, s.Height))
}

func (h halvesLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(a.Width+b.Width+12, max(a.Height, b.Height))
}
