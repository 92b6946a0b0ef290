package app

import (
	"context"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

const nameShift = "shift"

// shiftPage shows what the shift has come to, by operation and payment method, and what the drawer holds: the X report.
// From it cash is put in and taken out, and the shift is closed.
type shiftPage struct {
	w     *Window
	root  fyne.CanvasObject
	keys  *kit.Layer
	place *fyne.Container
	shown string
}

// openShift shows the shift over the sale.
func (w *Window) openShift() {
	w.openPage(page{name: nameShift, make: func() screen { return newShift(w) }})
}

func newShift(w *Window) *shiftPage {
	p := &shiftPage{w: w, place: kit.Stack()}
	back := func() { w.closePage(nameShift) }
	p.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, back),
			kit.Grow(kit.Middle(kit.NewText(w.T("app.shift.page"), kit.Style{Size: kit.TextTitle, Bold: true, Color: w.look.Ink, Shrink: true})))),
		kit.Grow(p.place)))
	p.keys = &kit.Layer{Name: nameShift, Scan: w.scanBlocked, Keys: map[fyne.KeyName]func(){
		fyne.KeyEscape: back, fyne.KeyF1: w.openHelp, fyne.KeyF12: w.openMenu,
		fyne.KeyF5: p.print,
		fyne.KeyF6: func() { w.openCashMove(register.KindCashIn) },
		fyne.KeyF7: func() { w.openCashMove(register.KindCashOut) },
		fyne.KeyF8: w.openDrawer,
		fyne.KeyF9: w.openCloseShift,
	}}
	return p
}

func (p *shiftPage) object() fyne.CanvasObject { return p.root }
func (p *shiftPage) layer() *kit.Layer         { return p.keys }

func (p *shiftPage) update(v till.View) {
	if is := p.state(v); is == p.shown {
		return
	} else {
		p.shown = is
	}
	p.place.Objects = []fyne.CanvasObject{kit.Row(14,
		kit.GrowBy(1.45, kit.Card(p.w.look, 18, p.totals(v))),
		kit.Grow(kit.Card(p.w.look, 14, p.drawer(v)))),
	}
	p.place.Refresh()
}

// state tells whether the page has to be painted anew.
func (p *shiftPage) state(v till.View) string {
	return fmt.Sprintf("%v %v %v %d", v.Shift, v.Printer.Link == till.LinkOff, v.Cashier, int(p.w.deps.Now().Sub(v.Shift.Opened).Hours()))
}

// totals are the shift's name and its counters.
func (p *shiftPage) totals(v till.View) fyne.CanvasObject {
	w, l := p.w, p.w.look
	s := v.Shift
	if s.Number == 0 {
		return kit.Centre(kit.NewText(w.T("app.shift.none"), kit.Style{Size: kit.TextLarge, Color: l.Muted, Lines: 3, Width: 360, Align: fyne.TextAlignCenter}))
	}
	about, ink := w.T("app.shift.closed"), l.Muted
	if s.Open {
		open := w.deps.Now().Sub(s.Opened)
		about = w.T("app.shift.about", "time", w.lang.DateTime(s.Opened), "hours", w.hours(open), "cashier", s.Cashier)
		if open >= longShift {
			about, ink = w.T("app.shift.long", "hours", w.hours(open)), l.Bad
		}
	}
	return kit.Column(9,
		kit.NewText(w.T("app.shift.title", "n", w.lang.Integer(s.Number)), kit.Style{Size: 24, Bold: true, Color: l.Ink, Shrink: true}),
		kit.NewText(about, kit.Style{Size: 15, Color: ink, Lines: 3, Width: 430}),
		kit.Rule(l),
		w.totalsTable(s.Totals))
}

// totalsTable is a row for each kind of operation and a column for each payment method.
func (w *Window) totalsTable(t register.Totals) fyne.CanvasObject {
	l := w.look
	cell := func(text string, bold bool, ink color.Color, wide float32) fyne.CanvasObject {
		return kit.GrowBy(wide, kit.Middle(kit.NewText(text, kit.Style{Size: 15, Bold: bold, Color: ink, Align: fyne.TextAlignTrailing, Fit: true})))
	}
	line := func(name, count string, sums []register.Money, bold bool) fyne.CanvasObject {
		row := kit.Row(8, kit.GrowBy(1.5, kit.Middle(kit.NewText(name, kit.Style{Size: 15, Bold: bold, Color: l.Ink, Fit: true}))), cell(count, false, l.Muted, 0.5))
		for _, m := range sums {
			text, ink := w.lang.Sum(m), color.Color(l.Ink)
			if m == 0 {
				text, ink = "—", l.Muted
			}
			row.Add(cell(text, bold, ink, 1))
		}
		return kit.Least(0, 32, row)
	}
	head := kit.Row(8, kit.GrowBy(1.5, kit.Blank(0, 0)), kit.GrowBy(0.5, kit.Blank(0, 0)))
	for _, key := range []string{"method.cash", "method.card", "method.qr", "app.totals.all"} {
		head.Add(cell(w.T(key), false, l.Muted, 1))
	}
	table := kit.Column(0, head)
	for _, r := range []struct {
		kind    register.Kind
		counter register.Counter
		sign    register.Money
	}{
		{register.KindSale, t.Sales, 1}, {register.KindReturn, t.Returns, -1}, {register.KindPrepayment, t.Prepayments, 1},
		{register.KindPrepaymentReturn, t.PrepaymentReturns, -1},
	} {
		if r.counter.Count == 0 && r.kind != register.KindSale {
			continue
		}
		c, s := r.counter, r.sign
		table.Add(line(w.kindName(r.kind), w.lang.Integer(c.Count), []register.Money{s * c.Cash, s * c.Card, s * c.QR, s * (c.Sum - c.Prepaid)}, false))
	}
	cash, card, qr := t.Taken(register.Cash), t.Taken(register.Card), t.Taken(register.QR)
	table.Add(kit.Rule(l))
	table.Add(line(w.T("app.totals.taken"), "", []register.Money{cash, card, qr, cash + card + qr}, true))
	var rest [][2]string
	if t.Sales.Prepaid != 0 {
		rest = append(rest, [2]string{w.T("app.totals.set_off"), w.lang.Money(t.Sales.Prepaid)})
	}
	if t.Off != 0 {
		rest = append(rest, [2]string{w.T("app.totals.off"), w.lang.Money(t.Off)})
	}
	if t.Removed != 0 {
		rest = append(rest, [2]string{w.T("app.totals.removed"), w.lang.Integer(t.Removed)})
	}
	if len(rest) == 0 {
		return table
	}
	return kit.Column(10, table, w.table(rest, 430))
}

// drawer is the cash that the drawer should hold, and what can be done with it.
func (p *shiftPage) drawer(v till.View) fyne.CanvasObject {
	w, l := p.w, p.w.look
	t := v.Shift.Totals
	rows := [][2]string{{w.T("app.totals.start"), w.lang.Money(t.CashStart)}, {w.T("app.totals.cash_taken"), w.lang.Money(t.Taken(register.Cash))}}
	for _, r := range []struct {
		key string
		c   register.Counter
	}{{"app.totals.cash_in", t.CashIn}, {"app.totals.cash_out", t.CashOut}} {
		if r.c.Count > 0 {
			rows = append(rows, [2]string{w.T(r.key, "n", w.lang.Integer(r.c.Count)), w.lang.Money(r.c.Sum)})
		}
	}
	button := func(sign kit.Sign, key, hot string, kind kit.Kind, off bool, do func()) fyne.CanvasObject {
		b := w.button(kit.ButtonSpec{Kind: kind, Sign: sign, Text: w.T(key), Key: hot, Size: 15, Height: 50, Left: true}, do)
		b.SetDisabled(off)
		return kit.Grow(b)
	}
	shut, dry := !v.Shift.Open, v.Printer.Link == till.LinkOff
	return kit.Column(8,
		kit.Tinted(l.GoodSoft, 10, kit.Column(0,
			kit.NewText(w.T("app.shift.drawer"), kit.Style{Size: 15, Color: l.Ink, Shrink: true}),
			kit.NewText(w.lang.Money(t.CashEnd), kit.Style{Size: 34, Bold: true, Color: l.Good, Fit: true}))),
		w.table(rows, 300),
		kit.Space(),
		kit.Row(8, button(kit.SignPlus, "app.menu.cash_in", "F6", kit.Plain, shut, func() { w.openCashMove(register.KindCashIn) }),
			button(kit.SignMinus, "app.menu.cash_out", "F7", kit.Plain, shut, func() { w.openCashMove(register.KindCashOut) })),
		kit.Row(8, button(kit.SignCash, "app.menu.drawer", "F8", kit.Plain, shut || dry, w.openDrawer),
			button(kit.SignPrint, "app.shift.print_x", "F5", kit.Plain, shut || dry, p.print)),
		kit.Row(0, button(kit.SignLock, "app.menu.close_shift", "F9", kit.Accent, shut, w.openCloseShift)))
}

// print prints the X report.
func (p *shiftPage) print() {
	w := p.w
	w.gate.commit(w.deps.Till.PrintX, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.praise(w.T("app.shift.x_printed"))
		}
		w.refresh()
	})
}

// openDrawer opens the drawer without a sale.
func (w *Window) openDrawer() {
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.OpenDrawer(ctx, "") }, func(err error) {
		if err != nil {
			w.fail(err)
		}
		w.refresh()
	})
}

// totalRows are a shift's counters as a cashier reads them: what there was none of is left out.
func (w *Window) totalRows(t register.Totals) [][2]string {
	rows := [][2]string{}
	for _, c := range []struct {
		key     string
		counter register.Counter
		always  bool
	}{
		{"app.totals.sales", t.Sales, true}, {"app.totals.returns", t.Returns, false}, {"app.totals.prepayments", t.Prepayments, false},
		{"app.totals.prepayment_returns", t.PrepaymentReturns, false}, {"app.totals.cash_in", t.CashIn, false}, {"app.totals.cash_out", t.CashOut, false},
	} {
		if c.always || c.counter.Count > 0 {
			rows = append(rows, [2]string{w.T(c.key, "n", w.lang.Integer(c.counter.Count)), w.lang.Money(c.counter.Sum)})
		}
	}
	for _, m := range []register.Method{register.Cash, register.Card, register.QR} {
		rows = append(rows, [2]string{w.T("method." + string(m)), w.lang.Money(t.Taken(m))})
	}
	return append(rows, [2]string{w.T("app.totals.start"), w.lang.Money(t.CashStart)})
}
