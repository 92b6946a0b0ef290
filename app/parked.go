package app

// followParked tells of a payment in the background that became a sale.
func (w *Window) followParked() {
	s := w.view.ParkedSold
	if s == nil {
		w.parkedSold = 0
		return
	}
	if s.Number != w.parkedSold {
		w.parkedSold = s.Number
		w.sound(SoundSold)
		title, rest := halves(w.T("app.qr.parked_sold", "sum", w.lang.Money(s.Total), "n", w.lang.Integer(s.Receipt)))
		w.toast.say(moodGood, title, rest)
	}
}
