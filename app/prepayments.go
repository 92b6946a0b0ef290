package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

const namePrepayments = "prepayments"

// prepaidState is what was read of the prepayments of which money is left, and which one is looked at.
type prepaidState struct {
	paged[till.Prepayment]
	search searchState
	opened string           // id of one that was opened from elsewhere, until another is chosen
	shown  *till.Prepayment // read anew, so that what became of it is true
	later  related
	turn   int
	totals register.Totals
}

// prepaidScreen lists the orders that were prepaid, and shows one of them in full.
type prepaidScreen struct {
	w       *Window
	state   *prepaidState
	root    fyne.CanvasObject
	layerOf *kit.Layer
	line    *searchLine
	list    *kit.Grid
	none    fyne.CanvasObject
	noneIs  *kit.Text
	again   fyne.CanvasObject
	column  *fyne.Container
	head    *operationHead
	sheet   *sheet
	page    *fyne.Container
	copy    *kit.Button
	give    *kit.Button
	hand    *kit.Button
	is      string
}

// openPrepayments shows the prepaid orders of which money is left.
func (w *Window) openPrepayments() { w.openOrder("") }

// openOrder shows them, and one of them in full, also one that is done with.
func (w *Window) openOrder(id string) {
	state := &prepaidState{opened: id}
	w.closePage(namePrepayments)
	w.openPage(page{name: namePrepayments, make: func() screen { return newPrepaid(w, state) }})
}

func newPrepaid(w *Window, state *prepaidState) *prepaidScreen {
	p := &prepaidScreen{w: w, state: state, head: w.newOperationHead(nil), sheet: w.newSheet()}
	l := w.look
	p.line = w.newSearchLine(&state.search, w.T("app.prepayments.title"), w.T("app.prepayments.field"))
	p.line.search, p.line.agree = p.find, p.handOver
	p.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 72,
		New:        func() fyne.CanvasObject { return newPastRow(w, p.choose) },
		Show:       func(i int, o fyne.CanvasObject) { p.showRow(i, o.(*pastRow)) },
		NearEnd:    func() { p.more(false) },
	})
	p.noneIs = kit.NewText("", kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 320})
	p.none = kit.Centre(p.noneIs)
	p.again = w.button(kit.ButtonSpec{Kind: kit.Danger, Text: w.T("app.list.again"), Size: 15, Lines: 2, Height: 56}, func() { p.more(true) })
	p.column = kit.Column(8, kit.Grow(kit.Stack(p.list, p.none)), p.again)
	p.copy = w.button(kit.ButtonSpec{Sign: kit.SignPrint, Key: "F5", Size: 15, Height: 56}, p.print)
	p.give = w.button(kit.ButtonSpec{Text: w.T("app.prepayments.give"), Key: "F8", Size: 15, Height: 56}, p.giveBack)
	p.hand = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.prepayments.hand"), Key: "Enter", Size: 15, Height: 56}, p.handOver)
	p.page = kit.Column(8,
		p.head.root, kit.Rule(l), kit.Grow(p.sheet.grid),
		kit.Row(8, p.copy, kit.Grow(p.give), kit.Grow(p.hand)))
	p.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, p.close),
			kit.Middle(kit.NewText(w.T("app.prepayments.title"), kit.Style{Size: 24, Bold: true, Color: l.Ink})),
			kit.Grow(p.line.root)),
		kit.Grow(&fyne.Container{Layout: halvesLayout{0.46}, Objects: []fyne.CanvasObject{kit.Card(l, 8, p.column), kit.Card(l, 12, p.page)}}),
	))
	p.layerOf = &kit.Layer{Name: namePrepayments, Rune: p.line.typed, Keys: p.keys()}
	p.paint()
	if len(state.all) == 0 && !state.ended {
		p.more(true)
	}
	if state.opened != "" && state.shown == nil {
		p.readShown(state.opened)
	}
	return p
}

func (p *prepaidScreen) keys() map[fyne.KeyName]func() {
	w, st := p.w, p.state
	keys := map[fyne.KeyName]func(){
		fyne.KeyEscape: func() {
			if !p.line.clear() {
				p.close()
			}
		},
		fyne.KeyUp:       func() { p.choose(st.at - 1) },
		fyne.KeyDown:     func() { p.choose(min(st.at+1, len(st.all)-1)) },
		fyne.KeyHome:     func() { p.choose(0) },
		fyne.KeyPageUp:   func() { p.choose(max(st.at-8, 0)) },
		fyne.KeyPageDown: func() { p.choose(min(st.at+8, len(st.all)-1)) },
		fyne.KeyF1:       w.openHelp,
		fyne.KeyF5:       p.print,
		fyne.KeyF8:       p.giveBack,
		fyne.KeyF9:       p.handOver,
		fyne.KeyF12:      w.openMenu,
	}
	p.line.keys(keys)
	return keys
}

func (p *prepaidScreen) object() fyne.CanvasObject { return p.root }
func (p *prepaidScreen) layer() *kit.Layer         { return p.layerOf }
func (p *prepaidScreen) close()                    { p.w.closePage(namePrepayments) }

// update reads the list anew when money has moved.
func (p *prepaidScreen) update(v till.View) {
	st := p.state
	if v.Shift.Totals == st.totals {
		return
	}
	first := st.totals == register.Totals{}
	st.totals = v.Shift.Totals
	if !first {
		p.reread()
	}
}

// reread reads the list and the shown one anew.
func (p *prepaidScreen) reread() {
	st := p.state
	if st.shown != nil && st.opened == "" {
		st.opened = st.shown.ID
	}
	st.begin()
	p.load(true, false)
	if st.opened != "" {
		p.readShown(st.opened)
	}
}

// find lists those that fit a text. What was scanned off a slip is opened at once.
func (p *prepaidScreen) find(text string, scanned bool) {
	w, st := p.w, p.state
	if scanned && receiptLike(text) {
		st.search = searchState{}
		p.line.paint()
		w.openReceipt(text)
		return
	}
	st.begin()
	st.opened = ""
	p.load(true, true)
}

func (p *prepaidScreen) more(retry bool) {
	if retry {
		p.state.failed = false
	}
	p.load(len(p.state.all) == 0, false)
}

func (p *prepaidScreen) load(fresh, top bool) {
	w, st := p.w, p.state
	text := st.search.searched
	st.more(w, fresh, func(ctx context.Context, _ int, last *till.Prepayment) ([]till.Prepayment, error) {
		var before int64
		if last != nil {
			before = last.Position
		}
		return w.deps.Till.Prepayments(ctx, text, before, pageSize)
	}, func(err error) {
		c := p.current()
		if c == nil {
			return
		}
		c.paint()
		if top {
			c.list.ToTop()
		}
		if err == nil && fresh && st.opened == "" {
			c.followChosen()
		}
	})
	show(st.failed, p.again)
}

func (p *prepaidScreen) current() *prepaidScreen {
	if c, ok := p.w.screen.(*prepaidScreen); ok && c.state == p.state {
		return c
	}
	return nil
}

func (p *prepaidScreen) choose(i int) {
	st := p.state
	if i < 0 || i >= len(st.all) {
		return
	}
	old := st.at
	st.at, st.opened = i, ""
	p.list.ReloadItem(old)
	p.list.ReloadItem(i)
	p.list.Reveal(i)
	p.followChosen()
}

// followChosen shows the chosen one, and reads what became of it.
func (p *prepaidScreen) followChosen() {
	st := p.state
	one := st.chosen()
	if one == nil {
		st.shown = nil
		p.paintShown()
		return
	}
	st.shown = one
	p.paintShown()
	p.readShown(one.ID)
}

// readShown reads one and what became of it.
func (p *prepaidScreen) readShown(id string) {
	w, st := p.w, p.state
	st.turn++
	turn := st.turn
	var one till.Prepayment
	var later []till.Operation
	w.fetch(func(ctx context.Context) (err error) {
		if one, err = w.deps.Till.PrepaymentByID(ctx, id); err == nil {
			later, err = w.deps.Till.Find(ctx, till.Search{Basis: id}, 0, pageSize)
		}
		return err
	}, func(err error) {
		if turn != st.turn {
			return
		}
		if err != nil {
			w.fail(err)
			return
		}
		if was := st.shown; was != nil && was.ID == id && one.Position == 0 {
			one.Position = was.Position
		}
		st.shown, st.later = &one, related{id: id, all: later}
		if c := p.current(); c != nil {
			c.paintShown()
		}
	})
}

func (p *prepaidScreen) paint() {
	w, st := p.w, p.state
	p.list.SetCount(len(st.all))
	none := w.T("app.prepayments.none")
	if st.search.searched != "" {
		none = w.T("app.list.not_found")
	}
	p.noneIs.Set(none)
	show(len(st.all) == 0 && st.ended, p.none)
	show(st.failed, p.again)
	p.column.Refresh()
	p.paintShown()
}

func (p *prepaidScreen) showRow(i int, r *pastRow) {
	w, st := p.w, p.state
	if st == nil || i >= len(st.all) {
		return
	}
	one := st.all[i]
	lamp := w.look.Good
	if !one.State.Open() {
		lamp = w.look.Practice // the goods are handed over, and money is left all the same
	}
	r.paint(i, w.prepaidName(one), w.lang.DateTime(one.At)+" · "+w.T("app.history.receipt", "kind", w.kindName(one.Kind), "n", w.lang.Integer(one.Order.Receipt)),
		w.lang.Money(one.State.Left()), w.T("app.prepayments.of", "total", w.lang.Money(one.Order.Total)), lamp, w.look.Ink, i == st.at && st.opened == "")
}

// prepaidName names an order by who made it, or by its remark, or else by what is in it.
func (w *Window) prepaidName(p till.Prepayment) string {
	switch {
	case p.Order.Customer != nil:
		return strings.TrimSpace(p.Order.Customer.Name + " " + p.Order.Customer.Phone)
	case p.Order.Comment != "":
		return p.Order.Comment
	case len(p.Order.Lines) > 0:
		return w.lineName(p.Order.Lines[0])
	}
	return w.kindName(register.KindPrepayment)
}

// paintShown shows one order in full.
func (p *prepaidScreen) paintShown() {
	w, st, one := p.w, p.state, p.state.shown
	show(one != nil, p.page)
	if one == nil {
		p.is = ""
		return
	}
	p.head.show(w.operationTitle(one.Operation), w.operationAbout(one.Operation), w.lang.Money(one.State.Left()))
	rows := w.prepaidRows(*one)
	if st.later.id == one.ID {
		for _, o := range st.later.all {
			if o.Kind == register.KindFiscalDocument {
				rows = append(rows, row{name: w.fiscalTold(o)})
				continue
			}
			rows = append(rows, row{name: w.operationTitle(o) + ", " + w.lang.DateTime(o.At), value: w.lang.Money(o.Total)})
		}
	}
	if p.is == one.ID {
		p.sheet.extend(rows)
	} else {
		p.sheet.set(rows)
	}
	p.is = one.ID
	show(one.Position > 0, p.copy)
	p.give.SetDisabled(one.State.Left() <= 0)
	p.hand.SetDisabled(!one.State.Open())
	p.page.Refresh()
}

// prepaidRows are an order's goods and what became of its money.
func (w *Window) prepaidRows(p till.Prepayment) []row {
	f := &facts{w: w}
	f.lines(p.Order.Lines)
	f.head(w.T("app.prepayments.money"))
	f.money(w.T("app.cart.total"), p.Order.Total)
	f.money(w.T("app.operation.prepaid"), p.State.Paid)
	f.some(w.T("app.prepayments.returned"), p.State.Returned)
	f.some(w.T("app.prepayments.used"), p.State.Used)
	f.some(w.T("app.prepayments.restored"), p.State.Restored)
	switch {
	case p.State.Open():
		f.rows = append(f.rows, row{name: w.T("app.operation.left_to_pay"), value: w.lang.Money(p.Order.Total - p.State.Left()), ink: w.look.Accent})
	case p.State.Left() > 0:
		f.rows = append(f.rows, row{name: w.T("app.prepayments.left"), value: w.lang.Money(p.State.Left()), ink: w.look.Accent})
	case p.State.Used > p.State.Restored:
		f.rows = append(f.rows, row{name: w.T("app.prepayments.handed")})
	default:
		f.rows = append(f.rows, row{name: w.T("app.prepayments.closed")})
	}
	f.head(w.T("app.operation.paid"))
	f.payments(p.Order.Payments)
	f.customer(p.Order.Customer, p.Order.Comment)
	return f.rows
}
