package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// operationPane shows the chosen operation in full, with what goes back to it and what can be done with it.
type operationPane struct {
	w     *Window
	h     *pastScreen
	root  fyne.CanvasObject
	head  *operationHead
	sheet *sheet
	page  *fyne.Container

	copy, give, hand *kit.Button
	fiscal           *kit.Button // a copy by the registrar
	actions          *fyne.Container
	is               string // what is painted
}

func newOperationPane(w *Window, h *pastScreen) *operationPane {
	l := w.look
	p := &operationPane{w: w, h: h, head: w.newOperationHead(h.escape), sheet: w.newSheet()}
	p.copy = w.button(kit.ButtonSpec{Sign: kit.SignPrint, Text: w.T("app.history.copy"), Key: "F5", Size: 15, Height: 56, Lines: 2}, p.print)
	p.fiscal = w.button(kit.ButtonSpec{Sign: kit.SignHistory, Text: w.T("app.fiscal.copy"), Key: "F10", Size: 15, Height: 56, Lines: 2}, p.printFiscal)
	p.give = w.button(kit.ButtonSpec{Kind: kit.Accent, Text: w.T("app.returns.do"), Key: "F8", Size: 15, Height: 56, Lines: 2}, h.agree)
	p.hand = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.prepayments.hand"), Key: "F9", Size: 15, Height: 56, Lines: 2}, p.handOver)
	p.actions = kit.Row(8)
	p.page = kit.Column(8, p.head.root, kit.Rule(l), kit.Grow(p.sheet.grid), p.actions)
	p.root = kit.Card(l, 12, p.page)
	return p
}

func (p *operationPane) keys(keys map[fyne.KeyName]func()) {
	keys[fyne.KeyF5] = p.print
	keys[fyne.KeyF10] = p.printFiscal
	keys[fyne.KeyF8] = p.h.agree
	keys[fyne.KeyF9] = p.handOver
}

// paint shows the operation that is chosen, or was opened from it.
func (p *operationPane) paint() {
	w, st, o := p.w, p.h.state, p.h.shown()
	show(o != nil, p.page)
	if o == nil {
		p.is = ""
		return
	}
	rows := w.operationRows(*o, p.follow)
	linked := st.related.id == o.ID
	if linked {
		rows = append(rows, p.relatedRows()...)
	}
	p.head.led(len(st.trail) > 0)
	p.head.show(w.operationTitle(*o), w.operationAbout(*o), w.sumOf(*o))
	if p.is == o.ID {
		p.sheet.extend(rows)
	} else {
		p.sheet.set(rows)
	}
	p.is = o.ID
	p.paintActions(o.Kind, linked && p.hasFiscal())
	if fiscal := w.view.Fiscal.Configured && (o.Kind.Money() || o.Kind == register.KindShiftOpened || o.Kind == register.KindShiftClosed); !linked &&
		(fiscal || o.Kind == register.KindSale || o.Kind == register.KindPrepayment) {
		p.readRelated(*o)
	}
}

// paintActions shows what can be done with an operation of a kind.
func (p *operationPane) paintActions(k register.Kind, fiscal bool) {
	var all []fyne.CanvasObject
	// Where four buttons stand, or the window is narrow, the copies are signs with a key.
	narrow := fiscal && (k == register.KindPrepayment || p.w.window.Canvas().Size().Width < 1200)
	copying := func(b *kit.Button, key string) {
		if narrow {
			b.SetText("")
			all = append(all, b)
			return
		}
		b.SetText(p.w.T(key))
		all = append(all, kit.Grow(b))
	}
	if k.Money() || k == register.KindShiftClosed {
		copying(p.copy, "app.history.copy")
	}
	if fiscal {
		copying(p.fiscal, "app.fiscal.copy")
	}
	switch k {
	case register.KindSale:
		p.give.SetText(p.w.T("app.returns.do"))
		all = append(all, kit.Grow(p.give))
	case register.KindPrepayment:
		p.give.SetText(p.w.T("app.prepayments.open"))
		all = append(all, kit.Grow(p.give), kit.Grow(p.hand))
	}
	p.actions.Objects = all
	show(len(all) > 0, p.actions)
	p.page.Refresh()
}

// readRelated reads what goes back to an operation.
func (p *operationPane) readRelated(o till.Operation) {
	w, st := p.w, p.h.state
	var all []till.Operation
	var fiscal till.FiscalRecord
	w.fetch(func(ctx context.Context) (err error) {
		if all, err = w.deps.Till.Find(ctx, till.Search{Basis: o.ID}, 0, pageSize); err == nil {
			fiscal, err = w.deps.Till.FiscalOf(ctx, o.ID)
		}
		return err
	}, func(err error) {
		c := p.h.current()
		if c == nil || err != nil {
			return // the operation itself is shown; what belongs to it is in the list
		}
		if is := c.shown(); is != nil && is.ID == o.ID {
			had := len(st.related.all) + len(st.related.open)
			st.related = related{id: o.ID, all: all, open: fiscal.Open}
			if len(all)+len(fiscal.Open)+had > 0 {
				c.pane.paint()
			}
		}
	})
}

func (p *operationPane) relatedRows() []row {
	w := p.w
	var rows []row
	for _, o := range p.h.state.related.all {
		if o.Kind == register.KindFiscalDocument {
			rows = append(rows, row{kind: rowLink, name: w.fiscalTold(o), open: func() { p.push(o) }})
			continue
		}
		name := w.T("app.operation.related", "what", w.operationTitle(o), "time", w.lang.DateTime(o.At), "sum", w.lang.Money(o.Total))
		rows = append(rows, row{kind: rowLink, name: name, open: func() { p.push(o) }})
	}
	for _, q := range p.h.state.related.open {
		rows = append(rows, row{kind: rowLink, name: w.T("app.fiscal.line_open", "state", w.T("app.registrar.state."+string(q.State))),
			open: func() { w.openFiscalDocument(q) }})
	}
	return rows
}

// push shows another operation in the place of the one that led to it.
func (p *operationPane) push(o till.Operation) {
	st := p.h.state
	st.trail = append(st.trail, o)
	p.paint()
}

// follow opens the operation that the shown one goes back to.
func (p *operationPane) follow(ref register.Ref) {
	w := p.w
	var found []till.Operation
	code := register.Operation{Number: ref.Number, ID: ref.ID}.ReceiptCode()
	w.fetch(func(ctx context.Context) (err error) {
		found, err = w.deps.Till.Find(ctx, till.Search{Text: code}, 0, 1)
		return err
	}, func(err error) {
		c := p.h.current()
		switch {
		case c == nil:
		case err != nil:
			w.fail(err)
		case len(found) == 0 || found[0].ID != ref.ID:
			w.fail(&till.Problem{Code: till.CodeNoSale})
		default:
			c.pane.push(found[0])
		}
	})
}

// print prints a copy of the operation that is shown.
func (p *operationPane) print() {
	w, o := p.w, p.h.shown()
	if o == nil {
		return
	}
	position := o.Position
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.PrintCopy(ctx, position) }, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.praise(w.T("app.history.copied"))
		}
		w.refresh()
	})
}

// handOver puts the prepaid order that is shown on the receipt.
func (p *operationPane) handOver() {
	if o := p.h.shown(); o != nil && o.Kind == register.KindPrepayment {
		p.w.handOver(o.ID)
	}
}
