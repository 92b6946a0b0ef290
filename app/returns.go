package app

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// The pages of what goes back.
const (
	nameReturns = "returns"
	nameReturn  = "return"
)

// openReturns shows the sales, to find the one that goods come back of.
func (w *Window) openReturns() {
	state := &pastState{}
	w.openPage(page{name: nameReturns, make: func() screen { return newPast(w, nameReturns, state) }})
}

// openReturnOf shows what can come back of an operation: of a sale its goods, of a prepayment its money.
func (w *Window) openReturnOf(op till.Operation) {
	switch op.Kind {
	case register.KindSale:
		state := &returnState{id: op.ID, prefer: register.Cash}
		w.closePage(nameReturn)
		w.openPage(page{name: nameReturn, make: func() screen { return newReturnPage(w, state) }})
	case register.KindPrepayment:
		w.openOrder(op.ID)
	default:
		w.fail(&till.Problem{Code: till.CodeNoSale})
	}
}

// returnState is what was chosen to come back of a sale.
type returnState struct {
	id     string
	sale   *till.Returnable // nil until it was read
	failed bool
	at     int
	takes  []register.Quantity // of each line
	prefer register.Method
	reason string

	plan    register.SaleReturn
	wrong   error // why it cannot be returned like that
	turn    int   // grows with every choice
	planned int   // the turn that plan is for
}

// wants is the choice as the till takes it.
func (st *returnState) wants() []register.Want {
	var all []register.Want
	for i, q := range st.takes {
		if q > 0 {
			all = append(all, register.Want{Line: i, Quantity: q})
		}
	}
	return all
}

func (st *returnState) order() till.ReturnOrder {
	return till.ReturnOrder{Sale: st.id, Wants: st.wants(), Prefer: st.prefer, Reason: st.reason}
}

// left is how much of a line can still come back.
func (st *returnState) left(i int) register.Quantity {
	if st.sale == nil || i < 0 || i >= len(st.sale.Left) {
		return 0
	}
	return st.sale.Left[i].Quantity
}

// nothingLeft tells that all of the sale came back already.
func (st *returnState) nothingLeft() bool {
	for i := range st.takes {
		if st.left(i) > 0 {
			return false
		}
	}
	return st.sale != nil
}

// mixed tells that the money may go back in cash or by card, as the cashier chooses.
func (st *returnState) mixed() bool {
	return st.sale != nil && st.sale.Refundable[register.Cash] > 0 && st.sale.Refundable[register.Card] > 0
}

// returnPage shows a sale's lines, to choose what comes back, and the money that goes back for it.
type returnPage struct {
	w       *Window
	state   *returnState
	root    fyne.CanvasObject
	layerOf *kit.Layer
	head    *operationHead
	lines   *kit.Grid
	money   *refundPanel
	keysAt  keysPace
}

func newReturnPage(w *Window, state *returnState) *returnPage {
	p := &returnPage{w: w, state: state, head: w.newOperationHead(nil)}
	l := w.look
	p.lines = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 74,
		New:        func() fyne.CanvasObject { return newReturnRow(p) },
		Show: func(i int, o fyne.CanvasObject) {
			if st := p.state; st.sale != nil && i < len(st.sale.Sale.Lines) {
				o.(*returnRow).show(i)
			}
		},
	})
	p.money = newRefundPanel(w, refundSpec{
		yes: w.T("app.returns.give"), agree: p.agree,
		prefer: func(m register.Method) { state.prefer = m; p.changed() },
		reason: func(text string) { state.reason = text; p.changed() },
	})
	all := w.button(kit.ButtonSpec{Text: w.T("app.returns.all"), Key: "F6", Size: 15, Height: 56}, p.all)
	none := w.button(kit.ButtonSpec{Text: w.T("app.returns.nothing"), Key: "F7", Size: 15, Height: 56}, p.nothing)
	p.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, p.close),
			kit.Grow(kit.Middle(p.head.root)),
			all, none),
		kit.Grow(&fyne.Container{Layout: halvesLayout{0.6}, Objects: []fyne.CanvasObject{kit.Card(l, 8, p.lines), p.money.root}}),
	))
	p.layerOf = &kit.Layer{Name: nameReturn, Rune: p.typed, Scan: p.scan, Keys: p.keys()}
	p.paint()
	if state.sale == nil && !state.failed {
		p.read()
	}
	return p
}

func (p *returnPage) keys() map[fyne.KeyName]func() {
	w, st := p.w, p.state
	keys := map[fyne.KeyName]func(){
		fyne.KeyEscape: p.close,
		fyne.KeyReturn: p.agree,
		fyne.KeyUp:     func() { p.choose(st.at - 1) },
		fyne.KeyDown:   func() { p.choose(st.at + 1) },
		fyne.KeyHome:   func() { p.choose(0) },
		fyne.KeyEnd:    func() { p.choose(len(st.takes) - 1) },
		fyne.KeyLeft:   func() { p.step(st.at, -1) },
		fyne.KeyRight:  func() { p.step(st.at, 1) },
		fyne.KeyDelete: func() { p.take(st.at, 0) },
		fyne.KeyF1:     w.openHelp,
		fyne.KeyF3:     func() { p.ask(st.at) },
		fyne.KeyF6:     p.all,
		fyne.KeyF7:     p.nothing,
		fyne.KeyF12:    w.openMenu,
	}
	p.money.keys(keys)
	return keys
}

func (p *returnPage) object() fyne.CanvasObject { return p.root }
func (p *returnPage) layer() *kit.Layer         { return p.layerOf }
func (p *returnPage) update(till.View)          {}
func (p *returnPage) close()                    { p.w.closePage(nameReturn) }

// read reads what is left of the sale.
func (p *returnPage) read() {
	w, st := p.w, p.state
	var sale till.Returnable
	w.fetch(func(ctx context.Context) (err error) {
		sale, err = w.deps.Till.Returnable(ctx, st.id)
		return err
	}, func(err error) {
		st.failed = err != nil
		if err != nil {
			w.fail(err)
		} else {
			st.sale, st.takes = &sale, make([]register.Quantity, len(sale.Sale.Lines))
			st.at = max(slices.IndexFunc(sale.Left, func(l register.Line) bool { return l.Quantity > 0 }), 0)
			st.turn++
		}
		if c, ok := w.screen.(*returnPage); ok && c.state == st {
			c.paint()
		}
	})
}

func (p *returnPage) paint() {
	w, st := p.w, p.state
	if st.sale == nil {
		p.head.show(w.T("app.returns.of", "n", "…"), " ", "")
		quiet := w.T("app.returns.reading")
		if st.failed {
			quiet = w.T("app.returns.unread")
		}
		p.money.show(refund{quiet: quiet})
		return
	}
	s := st.sale
	o := till.Operation{Operation: s.Operation}
	p.head.show(w.T("app.returns.of", "n", w.lang.Integer(s.Sale.Receipt)), w.operationAbout(o), w.lang.Money(s.Sale.Total))
	p.lines.SetCount(len(s.Sale.Lines))
	p.paintMoney()
}

// paintMoney shows what goes back for what is chosen.
func (p *returnPage) paintMoney() {
	w, st := p.w, p.state
	r := refund{mixed: st.mixed(), prefer: st.prefer, reason: st.reason, asksReason: true}
	switch {
	case st.nothingLeft():
		r = refund{quiet: w.T("app.returns.nothing_left")}
	case len(st.wants()) == 0:
		r.quiet = w.T("app.returns.choose")
	case st.planned == st.turn:
		r.sum, r.payments, r.wrong, r.ready = st.plan.Total, st.plan.Payments, st.wrong, st.wrong == nil
	default:
		r.sum, r.payments = st.plan.Total, st.plan.Payments
	}
	p.money.show(r)
}

// changed computes what goes back for another choice. The newest choice wins.
func (p *returnPage) changed() {
	w, st := p.w, p.state
	st.turn++
	if len(st.wants()) == 0 {
		st.plan, st.wrong, st.planned = register.SaleReturn{}, nil, st.turn
		p.paintMoney()
		return
	}
	p.paintMoney()
	turn, order := st.turn, st.order()
	var plan register.SaleReturn
	w.fetch(func(ctx context.Context) (err error) {
		plan, err = w.deps.Till.PlanReturn(ctx, order)
		return err
	}, func(err error) {
		if turn != st.turn {
			return
		}
		st.plan, st.wrong, st.planned = plan, err, turn
		if c, ok := w.screen.(*returnPage); ok && c.state == st {
			c.paintMoney()
		}
	})
}

// agree asks once more, and gives the money back.
func (p *returnPage) agree() {
	w, st := p.w, p.state
	switch {
	case st.sale == nil || st.nothingLeft():
		return
	case len(st.wants()) == 0:
		w.warn(w.T("app.returns.choose_first"))
		return
	case st.planned != st.turn:
		return // it is being computed, and is on the screen in a moment
	case st.wrong != nil:
		w.fail(st.wrong)
		return
	}
	order, plan := st.order(), st.plan
	if backByQR(plan.Payments) {
		w.ask("return_sure", w.T("app.moneyback.sure", "sum", w.lang.Money(paidBy(plan.Payments, register.QR))), w.T("app.moneyback.sure_text"),
			w.T("app.moneyback.give"), w.T("app.back"), kit.Primary, func() { p.start(order) })
		return
	}
	w.ask("return_sure", w.T("app.returns.sure", "sum", w.lang.Money(plan.Total)), w.waysBack(plan.Payments),
		w.T("app.returns.give"), w.T("app.back"), kit.Primary, func() { p.commit(order) })
}

func (p *returnPage) commit(order till.ReturnOrder) {
	w, st := p.w, p.state
	var sold till.Sold
	w.gate.commit(func(ctx context.Context) (err error) {
		sold, err = w.deps.Till.Return(ctx, order)
		return err
	}, func(err error) {
		w.refresh()
		if err == nil {
			w.returned(sold)
			return
		}
		w.fail(err)
		st.refused(w, err)
	})
}

// start has the bank give the money back. The return is written when it has.
func (p *returnPage) start(order till.ReturnOrder) {
	w, st := p.w, p.state
	w.startBack(func(ctx context.Context, outside till.Outside) error {
		order.Outside = outside
		return w.deps.Till.StartReturn(ctx, order)
	}, func(err error) { st.refused(w, err) })
}

// refused reads the sale again when it is not as it was read; otherwise what was chosen stays.
func (st *returnState) refused(w *Window, err error) {
	switch code(err) {
	case till.CodeReturned, till.CodeRefund, till.CodeDiskDoubt:
		if c, ok := w.screen.(*returnPage); ok && c.state == st {
			c.read()
		}
	}
}

// returned goes back to the sale, where it stands what money to hand over. With the next buyer's goods on the receipt
// there is no room for that, and it is told beside them.
func (w *Window) returned(sold till.Sold) {
	w.toast.clear()
	w.toSale()
	w.refresh()
	if last := w.sale.sold(w.view); last != nil && last.Number == sold.Number {
		return
	}
	w.toast.say(moodGood, w.T("app.returns.done", "sum", w.lang.Money(sold.Total)),
		w.T("app.returns.done_text", "n", w.lang.Integer(sold.Receipt), "how", w.waysBack(sold.Payments)))
}

// waysBack says by which methods money goes back.
func (w *Window) waysBack(payments []register.Payment) string {
	text := ""
	for _, p := range payments {
		if text != "" {
			text += " "
		}
		text += w.T("app.returns.way."+string(p.Method), "sum", w.lang.Money(p.Amount))
	}
	if text == "" {
		return w.T("app.operation.nothing_paid")
	}
	return text
}
