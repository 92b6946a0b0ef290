package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// print prints a copy of the prepayment's slip.
func (p *prepaidScreen) print() {
	w, one := p.w, p.state.shown
	if one == nil || one.Position == 0 {
		return
	}
	position := one.Position
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.PrintCopy(ctx, position) }, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.praise(w.T("app.history.copied"))
		}
		w.refresh()
	})
}

// handOver puts the shown order on the receipt.
func (p *prepaidScreen) handOver() {
	one := p.state.shown
	switch {
	case one == nil:
	case !one.State.Open():
		p.w.fail(&till.Problem{Code: till.CodeNoPrepayment})
	default:
		p.w.handOver(one.ID)
	}
}

// handOver puts a prepaid order on the receipt and goes to the sale, where the rest of it is paid.
func (w *Window) handOver(id string) {
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.HandOver(ctx, id) }, func(err error) {
		if err != nil {
			w.fail(err)
			w.refresh()
			return
		}
		w.toSale()
		w.inform(w.T("app.prepayments.on_receipt"))
	})
}

// backState is what was chosen of the money of a prepayment that goes back.
type backState struct {
	sum    register.Money
	prefer register.Method
	reason string
}

// giveBack gives the money of the shown prepayment back, all of it or a part.
func (p *prepaidScreen) giveBack() {
	w, one := p.w, p.state.shown
	switch {
	case one == nil:
		return
	case one.State.Left() <= 0:
		w.fail(&till.Problem{Code: till.CodeNoPrepayment})
		return
	}
	st := &backState{sum: one.State.Left(), prefer: register.Cash}
	prepaid, earlier := *one, p.earlier()
	var d *dialog
	d = w.open(func() body { return w.backBody(prepaid, earlier, st, func() { w.close(d) }) })
}

// earlier is what went back of the shown prepayment already.
func (p *prepaidScreen) earlier() (all []register.PrepaymentReturn) {
	if p.state.later.id != p.state.shown.ID {
		return nil
	}
	for _, o := range p.state.later.all {
		if r, err := o.PrepaymentReturn(); err == nil {
			all = append(all, r)
		}
	}
	return all
}

func (w *Window) backBody(p till.Prepayment, earlier []register.PrepaymentReturn, st *backState, shut func()) body {
	l := w.look
	const width = 460
	left := p.State.Left()
	can := p.Order.Refundable(earlier)
	var panel *refundPanel
	paint := func() {
		r := refund{sum: st.sum, prefer: st.prefer, reason: st.reason, asksReason: true, mixed: can[register.Cash] > 0 && can[register.Card] > 0, ready: st.sum > 0}
		plan, err := register.NewPrepaymentReturn(p.Order, p.Ref(p.Order.Receipt), left, earlier, st.sum, st.prefer, st.reason)
		switch {
		case err != nil:
			r.wrong, r.ready = &till.Problem{Code: till.CodePrepaid, Err: err}, false
		default:
			r.payments = plan.Payments
		}
		panel.show(r)
	}
	agree := func() {
		if st.sum <= 0 {
			return
		}
		sum, prefer, reason := st.sum, st.prefer, st.reason
		if can[register.QR] > 0 {
			w.backPrepaidByQR(till.PrepaymentReturnOrder{Prepayment: p.ID, Amount: sum, Reason: reason})
			return
		}
		var sold till.Sold
		w.gate.commit(func(ctx context.Context) (err error) {
			sold, err = w.deps.Till.ReturnPrepayment(ctx, p.ID, sum, prefer, reason)
			return err
		}, func(err error) {
			if err != nil {
				w.fail(err)
				w.refresh()
				return
			}
			shut()
			w.returned(sold)
		})
	}
	askSum := func() {
		w.askNumber(numberQuestion{
			name: "prepayment_sum", title: w.T("app.prepayments.how_much"), now: int64(st.sum), least: 1, most: int64(left), opens: fyne.KeyF3,
			about:   func(int64) string { return w.T("app.prepayments.most", "left", w.lang.Money(left)) },
			buttons: []numberButton{{text: w.T("app.prepayments.whole"), value: int64(left)}},
			take: func(v int64, then func(error)) {
				then(nil)
				st.sum = register.Money(v)
				paint()
			},
		})
	}
	panel = newRefundPanel(w, refundSpec{
		yes: w.T("app.returns.give"), agree: agree,
		prefer: func(m register.Method) { st.prefer = m; paint() },
		reason: func(text string) { st.reason = text; paint() },
	})
	keys := map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyReturn: agree, fyne.KeyF3: askSum}
	panel.keys(keys)
	paint()
	return body{
		beside: shut,
		content: kit.Pad(18, kit.Column(8,
			kit.Row(8,
				kit.Grow(kit.Middle(kit.NewText(w.T("app.prepayments.back_title"), kit.Style{Size: 22, Bold: true, Color: l.Ink, Shrink: true}))),
				w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, shut)),
			kit.Row(8,
				kit.Grow(kit.Middle(kit.NewText(w.T("app.prepayments.most", "left", w.lang.Money(left)), kit.Style{Size: 15, Color: l.Muted, Shrink: true}))),
				w.button(kit.ButtonSpec{Text: w.T("app.prepayments.another_sum"), Key: "F3", Size: 15}, askSum)),
			kit.Least(width, 340, panel.root))),
		layer: &kit.Layer{Name: "prepayment_back", Scan: w.scanBlocked, Keys: keys},
	}
}

// backPrepaidByQR asks once more, and has the bank give the money of a prepayment back.
func (w *Window) backPrepaidByQR(order till.PrepaymentReturnOrder) {
	w.ask("return_sure", w.T("app.moneyback.sure", "sum", w.lang.Money(order.Amount)), w.T("app.moneyback.sure_text"),
		w.T("app.moneyback.give"), w.T("app.back"), kit.Primary, func() {
			w.startBack(func(ctx context.Context, outside till.Outside) error {
				order.Outside = outside
				return w.deps.Till.StartPrepaymentReturn(ctx, order)
			}, func(error) {})
		})
}

// paidBy is what was paid by one method.
func paidBy(payments []register.Payment, m register.Method) register.Money {
	var sum register.Money
	for _, p := range payments {
		if p.Method == m {
			sum += p.Amount
		}
	}
	return sum
}
