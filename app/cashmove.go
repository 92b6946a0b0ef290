package app

import (
	"context"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// cashReasons are the reasons for which cash is usually moved.
func cashReasons(kind register.Kind) []string {
	if kind == register.KindCashIn {
		return []string{"app.cash_move.change", "app.cash_move.found"}
	}
	return []string{"app.cash_move.bank", "app.cash_move.purchase", "app.cash_move.wages"}
}

// openCashMove puts cash into the drawer, or takes it out: how much, and then why.
func (w *Window) openCashMove(kind register.Kind) {
	if !w.view.Shift.Open {
		w.fail(&till.Problem{Code: till.CodeNoShift})
		return
	}
	if held := w.view.Shift.Totals.CashEnd; kind == register.KindCashOut && held <= 0 {
		w.fail(&till.Problem{Code: till.CodeDrawer, Args: []any{"sum", held}})
		return
	}
	w.askNumberAnew(func() numberQuestion {
		held := w.view.Shift.Totals.CashEnd
		q := numberQuestion{
			name: "cash_move", title: w.T("app.cash_move.text"), text: w.T("app.menu." + string(kind)), kind: numberMoney, least: 1,
			yes: w.T("app.cash_move.next"),
			about: func(v int64) string {
				after := held + register.Money(v)
				if kind == register.KindCashOut {
					after = held - register.Money(v)
				}
				return w.T("app.cash_move.after", "sum", w.lang.Money(after))
			},
			take: func(v int64, then func(error)) {
				then(nil)
				w.askCashReason(kind, register.Money(v))
			},
		}
		if kind == register.KindCashOut {
			q.most = int64(held)
			q.buttons = []numberButton{{text: w.T("app.cash_move.all"), value: int64(held)}}
		}
		return q
	})
}

func (w *Window) askCashReason(kind register.Kind, sum register.Money) {
	w.openChoices("cash_reason", func() (string, []choice) {
		var all []choice
		for _, key := range cashReasons(kind) {
			text := w.T(key)
			all = append(all, choice{sign: kit.SignCash, text: text, do: func() { w.moveCash(kind, sum, text, func(error) {}) }})
		}
		all = append(all,
			choice{sign: kit.SignEdit, text: w.T("app.cash_move.other"), do: func() {
				w.askText(textQuestion{title: w.T("app.cash_move.other"), most: register.MaxComment,
					take: func(text string, then func(error)) { w.moveCash(kind, sum, text, then) }})
			}},
			choice{sign: kit.SignCheck, text: w.T("app.cash_move.none"), do: func() { w.moveCash(kind, sum, "", func(error) {}) }})
		return w.T("app.cash_move.why", "sum", w.lang.Money(sum)), all
	})
}

func (w *Window) moveCash(kind register.Kind, sum register.Money, reason string, then func(error)) {
	w.gate.commit(func(ctx context.Context) error {
		move := w.deps.Till.CashIn
		if kind == register.KindCashOut {
			move = w.deps.Till.CashOut
		}
		_, err := move(ctx, sum, reason)
		return err
	}, func(err error) {
		then(err)
		if err != nil {
			w.fail(err)
		} else {
			w.praise(w.T("app.cash_move.done."+string(kind), "sum", w.lang.Money(sum)))
		}
		w.refresh()
	})
}
