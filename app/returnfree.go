package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// freeState is what was chosen for goods that come back with no receipt.
type freeState struct {
	method register.Method
	reason string
}

// openFreeReturn takes back what is rung up, with no sale as a basis.
func (w *Window) openFreeReturn() {
	switch {
	case !w.view.Settings.ReturnWithoutSale:
		w.fail(&till.Problem{Code: till.CodeReturnNoSale})
		return
	case len(w.view.Lines) == 0:
		w.openNote(func() note {
			return note{name: "free_empty", sign: kit.SignBasket, mood: moodInfo, title: w.T("app.free.empty"), text: w.T("app.free.empty_text"),
				actions: []action{{kind: kit.Primary, text: w.T("app.free.to_sale"), key: "F2", name: fyne.KeyF2, do: w.toSale}}}
		})
		return
	case w.view.Frozen:
		w.fail(&till.Problem{Code: till.CodeFrozen})
		return
	case w.view.Order != nil:
		w.fail(&till.Problem{Code: till.CodeLocked})
		return
	}
	st := &freeState{method: register.Cash}
	var d *dialog
	d = w.open(func() body { return w.freeBody(st, func() { w.close(d) }) })
}

// toSale puts every page away: the sale is under them.
func (w *Window) toSale() {
	w.pages = nil
	w.show()
}

func (w *Window) freeBody(st *freeState, shut func()) body {
	l := w.look
	const width = 460
	var panel *refundPanel
	paint := func() {
		total := w.view.Total
		way := []register.Payment{{Method: st.method, Amount: total}}
		panel.show(refund{sum: total, payments: way, mixed: true, prefer: st.method, reason: st.reason, asksReason: true, ready: len(w.view.Lines) > 0})
	}
	agree := func() {
		if len(w.view.Lines) == 0 {
			return
		}
		method, reason := st.method, st.reason
		var sold till.Sold
		w.gate.commit(func(ctx context.Context) (err error) {
			sold, err = w.deps.Till.ReturnCart(ctx, method, reason)
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
	panel = newRefundPanel(w, refundSpec{
		yes: w.T("app.returns.give"), agree: agree,
		prefer: func(m register.Method) { st.method = m; paint() },
		reason: func(text string) { st.reason = text; paint() },
	})
	panel.cash.SetText(w.T("app.refund.in_cash"))
	panel.card.SetText(w.T("app.refund.by_card"))
	keys := map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyReturn: agree}
	panel.keys(keys)
	paint()
	return body{
		beside: shut,
		content: kit.Pad(18, kit.Column(8,
			kit.Row(8,
				kit.Grow(kit.Middle(kit.NewText(w.T("app.free.title"), kit.Style{Size: 22, Bold: true, Color: l.Ink, Shrink: true}))),
				w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, shut)),
			kit.NewText(w.T("app.free.text", "lines", w.lang.N("app.lines", int64(len(w.view.Lines)))), kit.Style{Size: 15, Color: l.Muted, Lines: 3, Width: width}),
			kit.Least(width, 360, panel.root))),
		layer:  &kit.Layer{Name: "free_return", Scan: w.scanBlocked, Keys: keys},
		update: func(till.View) { paint() },
	}
}
