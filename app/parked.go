package app

import (
	"context"

	"kassa/app/kit"
)

// openParked lists the payments that go on in the background, to bring one back.
func (w *Window) openParked() {
	parked := w.view.Parked
	if len(parked) == 0 {
		w.inform(w.T("app.qr.none_parked"))
		return
	}
	w.openChoices("parked", func() (string, []choice) {
		var all []choice
		for _, p := range parked[:min(len(parked), 9)] {
			title, _ := halves(w.T("app.qr.state." + faceOf(&p).key))
			all = append(all, choice{sign: kit.SignQR, text: w.lang.Money(p.Amount) + " · " + title, do: func() {
				w.gate.commit(func(ctx context.Context) error { return w.deps.Till.ResumeQR(ctx, p.ID) }, func(err error) {
					if err != nil {
						w.fail(err)
					}
					w.refresh()
				})
			}})
		}
		return w.T("app.qr.parked_list"), all
	})
}

// followParked tells of a payment in the background that became a sale.
func (w *Window) followParked() {
	s := w.view.ParkedSold
	if s == nil {
		w.parkedSold = 0
		return
	}
	if s.Number != w.parkedSold {
		w.parkedSold = s.Number
		title, rest := halves(w.T("app.qr.parked_sold", "sum", w.lang.Money(s.Total), "n", w.lang.Integer(s.Receipt)))
		w.toast.say(moodGood, title, rest)
	}
}
