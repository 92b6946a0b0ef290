package app

import (
	"context"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// openPrepay takes a prepayment for what is on the receipt: whose order it is, how much, and how it is paid.
func (w *Window) openPrepay() {
	switch {
	case !w.mayPay():
	case w.view.Order != nil:
		w.fail(&till.Problem{Code: till.CodeLocked})
	case w.view.Customer == nil && w.view.Comment == "":
		w.askWhoseOrder()
	default:
		w.askPrepaid()
	}
}

// askWhoseOrder asks for what the order will be found by.
func (w *Window) askWhoseOrder() {
	w.askText(textQuestion{
		sign: kit.SignBox, title: w.T("app.prepay.whose"), text: w.T("app.prepay.whose_text"), hint: w.T("app.prepay.whose_hint"), most: register.MaxComment,
		take: func(text string, then func(error)) {
			w.gate.change(func(ctx context.Context) error { return w.deps.Till.SetComment(ctx, text) }, func(err error) {
				then(err)
				w.refresh()
				if err == nil {
					w.askPrepaid()
				}
			})
		},
	})
}

// prepaidParts are the parts of an order that are offered for one touch, besides all of it.
var prepaidParts = []register.Percent{2000, 3000, 5000}

func (w *Window) askPrepaid() {
	w.askNumberAnew(func() numberQuestion {
		total := w.view.Total
		q := numberQuestion{
			name: "prepay", title: w.T("app.prepay.title"), text: w.T("app.prepay.of", "sum", w.lang.Money(total)), kind: numberMoney,
			now: int64(total), least: 1, most: int64(total), yes: w.T("app.prepay.next"),
			about: func(v int64) string {
				return w.T("app.prepay.rest", "sum", w.lang.Money(total-register.Money(v)))
			},
			take: func(v int64, then func(error)) {
				then(nil)
				w.openPrepayWays(bill{sum: register.Money(v), prepay: true})
			},
			buttons: []numberButton{{text: w.T("app.prepay.all"), value: int64(total)}},
		}
		for _, p := range prepaidParts {
			if part := p.Of(total); part > 0 && part < total {
				q.buttons = append(q.buttons, numberButton{text: w.percent(p), value: int64(part)})
			}
		}
		return q
	})
}

// openPrepayWays asks how a prepayment is paid.
func (w *Window) openPrepayWays(b bill) {
	w.openWays("prepayment", func() (string, register.Money, []payWay) {
		qr := w.qrWay(func() { w.prepayQR(b.sum) })
		return w.T("app.prepay.title"), b.sum, append(w.moneyWays(b), qr)
	})
}
