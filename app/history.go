package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// historyPage is how many operations are read at a time.
const historyPage = 60

// historyState is what was read of the history, newest first, and which operation is looked at.
type historyState struct {
	all     []till.Operation
	at      int
	ended   bool
	loading bool
}

// historyScreen shows every operation of this till, and one of them in full.
type historyScreen struct {
	w     *Window
	state *historyState
	root  fyne.CanvasObject
	keys  *kit.Layer
	list  *kit.Grid
	page  *fyne.Container
	none  fyne.CanvasObject
	print *kit.Button
	shown int64
}

// openHistory shows the history over the sale.
func (w *Window) openHistory() {
	state := &historyState{}
	w.openPage(page{name: nameHistory, make: func() screen { return newHistory(w, state) }})
}

func newHistory(w *Window, state *historyState) *historyScreen {
	h := &historyScreen{w: w, state: state}
	l := w.look
	h.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64,
		New:        func() fyne.CanvasObject { return newHistoryRow(w, h.choose) },
		Show:       func(i int, o fyne.CanvasObject) { h.showRow(i, o.(*historyRow)) },
		NearEnd:    h.more,
	})
	h.page = kit.Stack()
	h.none = kit.Centre(kit.NewText(w.T("app.history.none"), kit.Style{Size: kit.TextLarge, Color: l.Muted}))
	h.none.Hide()
	h.print = w.button(kit.ButtonSpec{Kind: kit.Accent, Sign: kit.SignPrint, Text: w.T("app.history.copy"), Key: "F5", Height: 56}, h.copy)
	h.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, func() { w.closePage(nameHistory) }),
			kit.Grow(kit.Middle(kit.NewText(w.T("app.history.title"), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Shrink: true}))),
			h.print),
		kit.Grow(kit.Row(12,
			kit.GrowBy(1.05, kit.Card(l, 10, kit.Stack(h.list, h.none))),
			kit.Grow(kit.Card(l, 16, h.page))),
		)))
	h.keys = &kit.Layer{
		Name: nameHistory,
		Scan: w.scanBlocked,
		Keys: map[fyne.KeyName]func(){
			fyne.KeyEscape: func() { w.closePage(nameHistory) },
			fyne.KeyUp:     func() { h.choose(h.state.at - 1) },
			fyne.KeyDown:   func() { h.choose(h.state.at + 1) },
			fyne.KeyHome:   func() { h.choose(0) },
			fyne.KeyPageUp: func() { h.choose(max(h.state.at-8, 0)) },
			fyne.KeyPageDown: func() {
				h.choose(min(h.state.at+8, len(h.state.all)-1))
			},
			fyne.KeyF5:  h.copy,
			fyne.KeyF1:  w.openHelp,
			fyne.KeyF12: w.openMenu,
		},
	}
	h.paint()
	if len(h.state.all) == 0 {
		h.more()
	}
	return h
}

func (h *historyScreen) object() fyne.CanvasObject { return h.root }
func (h *historyScreen) layer() *kit.Layer         { return h.keys }
func (h *historyScreen) update(till.View)          {}

func (h *historyScreen) more() {
	w, st := h.w, h.state
	if st == nil || st.ended || st.loading {
		return
	}
	st.loading = true
	var before int64
	if n := len(st.all); n > 0 {
		before = st.all[n-1].Position
	}
	var page []till.Operation
	w.fetch(func(ctx context.Context) (err error) {
		page, err = w.deps.Till.Find(ctx, till.Search{}, before, historyPage)
		return err
	}, func(err error) {
		st.loading = false
		st.ended = err != nil || len(page) < historyPage
		if err != nil {
			w.fail(err)
		}
		st.all = append(st.all, page...)
		if current, ok := w.screen.(*historyScreen); ok {
			current.paint()
		}
	})
}

func (h *historyScreen) paint() {
	st := h.state
	h.list.SetCount(len(st.all))
	show(len(st.all) == 0 && st.ended, h.none)
	h.paintPage()
}

func (h *historyScreen) choose(i int) {
	st := h.state
	if i < 0 || i >= len(st.all) {
		return
	}
	old := st.at
	st.at = i
	h.list.ReloadItem(old)
	h.list.ReloadItem(i)
	h.list.Reveal(i)
	h.paintPage()
}

func (h *historyScreen) copy() {
	w, st := h.w, h.state
	if st.at >= len(st.all) {
		return
	}
	position := st.all[st.at].Position
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.PrintCopy(ctx, position) }, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.praise(w.T("app.history.copied"))
		}
		w.refresh()
	})
}

func (h *historyScreen) showRow(i int, r *historyRow) {
	st := h.state
	if st != nil && i < len(st.all) {
		r.show(i, st.all[i], i == st.at)
	}
}

// kindName names a kind of operation, also one that a newer program wrote.
func (w *Window) kindName(k register.Kind) string {
	if key := "kind." + string(k); w.lang.Has(key) {
		return w.T(key)
	}
	return w.T("kind.unknown", "kind", string(k))
}

// paintPage shows the chosen operation in full.
func (h *historyScreen) paintPage() {
	w, st, l := h.w, h.state, h.w.look
	h.print.SetDisabled(len(st.all) == 0)
	if st.at >= len(st.all) {
		h.page.Objects = nil
		h.page.Refresh()
		return
	}
	o := st.all[st.at]
	if o.Position == h.shown {
		return
	}
	h.shown = o.Position
	title := w.kindName(o.Kind)
	if o.Receipt > 0 {
		title = w.T("app.history.receipt", "kind", title, "n", w.lang.Integer(o.Receipt))
	}
	head := kit.Column(4,
		kit.NewText(title, kit.Style{Size: 22, Bold: true, Color: l.Ink, Lines: 2, Width: 380}),
		kit.NewText(w.T("app.history.about", "time", w.lang.DateTime(o.At), "cashier", o.Cashier,
			"shift", w.lang.Integer(o.Shift), "number", w.lang.Integer(o.Number)), kit.Style{Size: 14, Color: l.Muted, Lines: 2, Width: 380}),
	)
	h.page.Objects = []fyne.CanvasObject{kit.Column(12, head, kit.Rule(l), kit.Grow(h.particulars(o)))}
	h.page.Refresh()
}

// particulars is what the operation's body says.
func (h *historyScreen) particulars(o till.Operation) fyne.CanvasObject {
	w, l := h.w, h.w.look
	switch o.Kind {
	case register.KindSale:
		s, err := o.Sale()
		if err != nil {
			break
		}
		return h.saleIn(s)
	case register.KindShiftOpened:
		var b register.ShiftOpened
		if o.Decode(&b) == nil {
			return kit.Column(0, w.table([][2]string{{w.T("app.totals.start"), w.lang.Money(b.Float)}}, 380))
		}
	case register.KindShiftClosed:
		var b register.ShiftClosed
		if o.Decode(&b) == nil {
			rows := append(w.totalRows(b.Totals), [2]string{w.T("app.close_shift.cash"), w.lang.Money(b.Totals.CashEnd)})
			return kit.Column(0, w.table(rows, 380))
		}
	}
	return kit.Column(0, kit.NewText(w.T("app.history.newer"), kit.Style{Color: l.Muted, Lines: 4, Width: 380}))
}

func (h *historyScreen) saleIn(s register.Sale) fyne.CanvasObject {
	w, l := h.w, h.w.look
	lines := kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64,
		New:        func() fyne.CanvasObject { return newLineRow(w, func(int) {}) },
		Show: func(i int, o fyne.CanvasObject) {
			if i < len(s.Lines) {
				o.(*lineRow).show(i, s.Lines[i], false)
			}
		},
	})
	lines.SetCount(len(s.Lines))
	rows := [][2]string{}
	for _, p := range s.Payments {
		rows = append(rows, [2]string{w.T("method." + string(p.Method)), w.lang.Money(p.Amount)})
		if p.Given != 0 {
			rows = append(rows,
				[2]string{w.T("app.cash.given"), w.lang.Money(p.Given)},
				[2]string{w.T("app.cash.change"), w.lang.Money(p.Change)})
		}
		if p.Bank != "" {
			rows = append(rows, [2]string{w.T("app.history.bank"), p.Bank + " " + p.BankID})
		}
	}
	return kit.Column(10, kit.Grow(lines), kit.Rule(l),
		kit.Row(8, kit.Middle(kit.NewText(w.T("app.cart.total"), kit.Style{Size: 18, Bold: true, Color: l.Muted})),
			kit.Grow(kit.NewText(w.lang.Money(s.Total), kit.Style{Size: kit.TextSum, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true}))),
		w.table(rows, 380))
}

// historyRow is one operation of the list.
type historyRow struct {
	*kit.Press
	w     *Window
	i     int
	lamp  *canvas.Circle
	title *kit.Text
	about *kit.Text
	sum   *kit.Text
	how   *kit.Text
}

func newHistoryRow(w *Window, tap func(int)) *historyRow {
	l := w.look
	r := &historyRow{w: w}
	r.lamp = canvas.NewCircle(l.Good)
	r.title = kit.NewText("", kit.Style{Size: 16, Bold: true, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.sum = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Shrink: true})
	r.how = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Align: fyne.TextAlignTrailing, Shrink: true})
	r.Press = kit.NewPress(kit.PadSides(0, 12, 0, 12, kit.Row(12,
		kit.Middle(kit.Least(10, 10, r.lamp)),
		kit.Grow(kit.Middle(kit.Column(0, r.title, r.about))),
		kit.Least(150, 0, kit.Middle(kit.Column(0, r.sum, r.how))))),
		8, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() {
			w.gate.enter(func() { tap(r.i) })
		})
	return r
}

func (r *historyRow) show(i int, o till.Operation, chosen bool) {
	w, l := r.w, r.w.look
	r.i = i
	title := w.kindName(o.Kind)
	if o.Receipt > 0 {
		title = w.T("app.history.receipt", "kind", title, "n", w.lang.Integer(o.Receipt))
	}
	r.title.Set(title)
	sent := w.T("app.history.sent")
	lamp := l.Good
	if !o.Sent {
		sent, lamp = w.T("app.history.unsent"), l.Practice
	}
	r.about.Set(w.lang.DateTime(o.At) + " · " + sent + " · " + o.Cashier)
	if r.lamp.FillColor != lamp {
		r.lamp.FillColor = lamp
		r.lamp.Refresh()
	}
	sum, how := "", ""
	if o.Total != 0 || o.Kind == register.KindSale {
		sum = w.lang.Money(o.Total)
	}
	if o.Method != "" {
		how = w.T("method." + string(o.Method))
	}
	r.sum.Set(sum)
	r.how.Set(how)
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
	} else {
		r.SetGround(l.Surface, kit.Mix(l.Surface, l.Accent, 0.06))
	}
}
