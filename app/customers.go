package app

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

const nameCustomers = "customers"

// customersState is what was read of the customers, and which one is looked at.
type customersState struct {
	paged[register.Customer]
	search searchState
	want   string // id of the one to choose when the list is there
	bought related
	turn   int
}

// customersScreen finds whose receipt it is, and shows what somebody bought.
type customersScreen struct {
	w       *Window
	state   *customersState
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
	off     *kit.Button
	is      string
}

// openCustomers shows the customers over the sale.
func (w *Window) openCustomers() {
	state := &customersState{}
	if c := w.view.Customer; c != nil {
		state.want = c.ID
	}
	w.closePage(nameCustomers)
	w.openPage(page{name: nameCustomers, make: func() screen { return newCustomers(w, state) }})
}

func newCustomers(w *Window, state *customersState) *customersScreen {
	c := &customersScreen{w: w, state: state, head: w.newOperationHead(nil), sheet: w.newSheet()}
	l := w.look
	c.line = w.newSearchLine(&state.search, w.T("app.customers.title"), w.T("app.customers.field"))
	c.line.search, c.line.agree = c.find, c.agree
	c.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 64,
		New:        func() fyne.CanvasObject { return newPastRow(w, c.choose) },
		Show:       func(i int, o fyne.CanvasObject) { c.showRow(i, o.(*pastRow)) },
		NearEnd:    func() { c.more(false) },
	})
	c.noneIs = kit.NewText("", kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 320})
	c.none = kit.Centre(c.noneIs)
	c.again = w.button(kit.ButtonSpec{Kind: kit.Danger, Text: w.T("app.list.again"), Size: 15, Lines: 2, Height: 56}, func() { c.more(true) })
	c.column = kit.Column(8, kit.Grow(kit.Stack(c.list, c.none)), c.again)
	c.off = w.button(kit.ButtonSpec{Kind: kit.Danger, Text: w.T("app.customers.take_off"), Key: "Del", Size: 15, Height: 56}, c.takeOff)
	edit := w.button(kit.ButtonSpec{Text: w.T("app.customers.edit"), Key: "F3", Size: 15, Height: 56}, c.edit)
	use := w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.customers.choose"), Key: "Enter", Size: 15, Height: 56}, c.agree)
	c.page = kit.Column(8, c.head.root, kit.Rule(l), kit.Grow(c.sheet.grid), kit.Row(8, kit.Grow(edit), kit.Grow(use)))
	c.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, c.close),
			kit.Grow(c.line.root),
			c.off,
			w.button(kit.ButtonSpec{Kind: kit.Accent, Sign: kit.SignPlus, Text: w.T("app.customers.add"), Key: "F4", Size: 15, Height: 56}, c.add)),
		kit.Grow(&fyne.Container{Layout: halvesLayout{0.46}, Objects: []fyne.CanvasObject{kit.Card(l, 8, c.column), kit.Card(l, 12, c.page)}}),
	))
	c.layerOf = &kit.Layer{Name: nameCustomers, Rune: c.line.typed, Keys: c.keys()}
	c.paint()
	if len(state.all) == 0 && !state.ended {
		c.more(true)
	}
	return c
}

func (c *customersScreen) keys() map[fyne.KeyName]func() {
	w, st := c.w, c.state
	keys := map[fyne.KeyName]func(){
		fyne.KeyEscape: func() {
			if !c.line.clear() {
				c.close()
			}
		},
		fyne.KeyUp:       func() { c.choose(st.at - 1) },
		fyne.KeyDown:     func() { c.choose(min(st.at+1, len(st.all)-1)) },
		fyne.KeyHome:     func() { c.choose(0) },
		fyne.KeyPageUp:   func() { c.choose(max(st.at-8, 0)) },
		fyne.KeyPageDown: func() { c.choose(min(st.at+8, len(st.all)-1)) },
		fyne.KeyDelete:   c.takeOff,
		fyne.KeyF1:       w.openHelp,
		fyne.KeyF3:       c.edit,
		fyne.KeyF4:       c.add,
		fyne.KeyF5:       c.close,
		fyne.KeyF12:      w.openMenu,
	}
	c.line.keys(keys)
	return keys
}

func (c *customersScreen) object() fyne.CanvasObject { return c.root }
func (c *customersScreen) layer() *kit.Layer         { return c.layerOf }
func (c *customersScreen) close()                    { c.w.closePage(nameCustomers) }

func (c *customersScreen) update(v till.View) {
	c.off.SetDisabled(v.Customer == nil)
	c.list.Reload()
}

// find lists those that fit a text. Somebody whose card was scanned is put on the receipt at once.
func (c *customersScreen) find(text string, scanned bool) {
	st := c.state
	st.begin()
	c.load(true, func() {
		c.list.ToTop()
		if one := st.chosen(); scanned && one != nil && len(st.all) == 1 && one.Card != "" && one.Card == kit.Latin(text) {
			c.agree()
		}
	})
}

func (c *customersScreen) more(retry bool) {
	if retry {
		c.state.failed = false
	}
	c.load(len(c.state.all) == 0, nil)
}

func (c *customersScreen) load(fresh bool, then func()) {
	w, st := c.w, c.state
	text := st.search.searched
	st.more(w, fresh, func(ctx context.Context, from int, _ *register.Customer) ([]register.Customer, error) {
		return w.deps.Till.Customers(ctx, text, from, pageSize)
	}, func(err error) {
		now, ok := w.screen.(*customersScreen)
		if !ok || now.state != st {
			return
		}
		if i := slices.IndexFunc(st.all, func(o register.Customer) bool { return o.ID == st.want }); fresh && st.want != "" && i >= 0 {
			st.at, st.want = i, ""
		}
		now.paint()
		now.list.Reveal(st.at)
		if err == nil && then != nil {
			then()
		}
	})
	show(st.failed, c.again)
}

func (c *customersScreen) choose(i int) {
	st := c.state
	if i < 0 || i >= len(st.all) {
		return
	}
	old := st.at
	st.at = i
	c.list.ReloadItem(old)
	c.list.ReloadItem(i)
	c.list.Reveal(i)
	c.paintShown()
}

func (c *customersScreen) paint() {
	w, st := c.w, c.state
	c.list.SetCount(len(st.all))
	none := w.T("app.customers.none")
	if st.search.searched != "" {
		none = w.T("app.list.not_found")
	}
	c.noneIs.Set(none)
	show(len(st.all) == 0 && st.ended, c.none)
	show(st.failed, c.again)
	c.column.Refresh()
	c.paintShown()
}

func (c *customersScreen) showRow(i int, r *pastRow) {
	w, st := c.w, c.state
	if st == nil || i >= len(st.all) {
		return
	}
	one := st.all[i]
	lamp := w.look.Line
	if now := w.view.Customer; now != nil && now.ID == one.ID {
		lamp = w.look.Good
	}
	about := one.Phone
	if one.Card != "" {
		if about != "" {
			about += " · "
		}
		about += w.T("app.customers.card_n", "n", one.Card)
	}
	off := ""
	if one.Discount > 0 {
		off = w.percent(one.Discount)
	}
	r.paint(i, one.Name, about, off, "", lamp, w.look.Ink, i == st.at)
}

// paintShown shows the chosen customer, and what was bought.
func (c *customersScreen) paintShown() {
	w, st, one := c.w, c.state, c.state.chosen()
	show(one != nil, c.page)
	if one == nil {
		c.is = ""
		return
	}
	c.head.show(one.Name, w.T("app.customers.particulars"), "")
	f := &facts{w: w}
	f.add(w.T("app.customers.name"), one.Name) // in full, where the title cuts it
	f.add(w.T("app.customers.phone"), one.Phone)
	f.add(w.T("app.customers.email"), one.Email)
	f.add(w.T("app.customers.card"), one.Card)
	f.add(w.T("app.customers.discount"), w.percent(one.Discount))
	rows := f.rows
	if st.bought.id == one.ID {
		rows = append(rows, row{kind: rowHead, name: w.T("app.customers.bought")})
		for _, o := range st.bought.all {
			rows = append(rows, row{kind: rowLink, name: w.operationTitle(o) + ", " + w.lang.DateTime(o.At) + ", " + w.lang.Money(o.Total),
				open: func() { w.openReturnOf(o) }})
		}
		if len(st.bought.all) == 0 {
			rows = append(rows, row{name: w.T("app.customers.bought_nothing")})
		}
	} else {
		c.readBought(one.ID)
	}
	if c.is == one.ID {
		c.sheet.extend(rows)
	} else {
		c.sheet.set(rows)
	}
	c.is = one.ID
	c.page.Refresh()
}

// readBought reads what a customer bought last.
func (c *customersScreen) readBought(id string) {
	w, st := c.w, c.state
	st.turn++
	turn := st.turn
	var all []till.Operation
	w.fetch(func(ctx context.Context) (err error) {
		all, err = w.deps.Till.Find(ctx, till.Search{Customer: id, Kinds: []register.Kind{register.KindSale, register.KindPrepayment}}, 0, pageSize)
		return err
	}, func(err error) {
		if turn != st.turn || err != nil {
			return // the customer is shown; purchases can be looked for in the history too
		}
		st.bought = related{id: id, all: all}
		if now, ok := w.screen.(*customersScreen); ok && now.state == st {
			now.paintShown()
		}
	})
}

// agree puts the chosen customer on the receipt.
func (c *customersScreen) agree() {
	if one := c.state.chosen(); one != nil {
		c.w.setCustomer(*one)
	}
}

func (w *Window) setCustomer(who register.Customer) {
	w.gate.change(func(ctx context.Context) error { return w.deps.Till.SetCustomer(ctx, who.ID) }, func(err error) {
		if err != nil {
			w.fail(err)
			w.refresh()
			return
		}
		w.closePage(nameCustomers)
		w.praise(w.T("app.customers.on_receipt", "name", clip(who.Name, 60)))
	})
}

// takeOff makes the receipt nobody's.
func (c *customersScreen) takeOff() {
	w := c.w
	if w.view.Customer == nil {
		return
	}
	w.gate.change(func(ctx context.Context) error { return w.deps.Till.SetCustomer(ctx, "") }, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.inform(w.T("app.customers.taken_off"))
		}
		w.refresh()
	})
}

func (c *customersScreen) edit() {
	if one := c.state.chosen(); one != nil {
		c.w.editCustomer(*one, c.saved)
	}
}

// add takes down a new customer, with what was searched for as the beginning.
func (c *customersScreen) add() {
	c.w.editCustomer(newCustomerFrom(c.state.search.text), c.saved)
}

// saved shows a customer that was kept.
func (c *customersScreen) saved(who register.Customer) {
	w, st := c.w, c.state
	now, ok := w.screen.(*customersScreen)
	if !ok || now.state != st {
		return
	}
	st.want, st.bought = who.ID, related{}
	st.search = searchState{text: who.Name, searched: who.Name}
	now.line.paint()
	st.begin()
	now.load(true, nil)
}
