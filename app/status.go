package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/banks/every"
)

type tillView = till.View

// openServer tells how the exchange with the server is, and tries it at once when asked.
func (w *Window) openServer() {
	w.openNote(func() note {
		s := w.view.Server
		n := note{name: "server", sign: kit.SignServer}
		switch {
		case s.Link == till.LinkOff:
			n.title, n.text = halves(w.T("app.server.off_text"))
		case s.Trouble != "":
			n.mood = moodWarn
			n.title, n.text = w.trouble(s.Trouble)
		case s.Link == till.LinkDown:
			n.mood = moodWarn
			n.title, n.text = halves(w.T("app.server.down_text"))
		case s.Link == till.LinkUp:
			n.mood = moodGood
			n.title, n.text = halves(w.T("app.server.up_text"))
		default:
			n.title, n.text = halves(w.T("app.server.unknown_text"))
		}
		if s.Link == till.LinkOff {
			return n
		}
		last := w.T("app.server.never")
		if !s.Last.IsZero() {
			last = w.lang.DateTime(s.Last)
		}
		n.rows = [][2]string{
			{w.T("app.server.row_waiting"), w.lang.Integer(s.Waiting)},
			{w.T("app.server.row_last"), last},
		}
		n.actions = []action{{kind: kit.Accent, text: w.T("app.server.now"), key: "F5", name: fyne.KeyF5, do: func() {
			w.deps.Go(w.deps.Till.SyncNow)
			w.inform(w.T("app.server.asked"))
		}}}
		return n
	})
}

// openPrinter tells how the printer is, and has jobs decided of which nobody knows whether they were printed.
func (w *Window) openPrinter() {
	w.toast.clear()
	w.openNote(func() note {
		p := w.view.Printer
		n := note{name: "printer", sign: kit.SignPrint}
		switch {
		case p.Link == till.LinkOff:
			n.title, n.text = w.trouble(till.CodeNoPrinter)
			return n
		case p.Doubt > 0:
			n.mood = moodBad
			n.title, n.text = w.trouble(till.CodePrintDoubt)
		case p.Trouble != "":
			n.mood = moodBad
			n.title, n.text = w.trouble(p.Trouble)
		case p.Link == till.LinkDown:
			n.mood = moodBad
			n.title, n.text = w.trouble(till.CodePrinterOff)
		case p.Link == till.LinkUp && p.PaperLow:
			n.mood = moodWarn
			n.title, n.text = halves(w.T("app.printer.low_text"))
		case p.Link == till.LinkUp:
			n.mood = moodGood
			n.title, n.text = halves(w.T("app.printer.up_text"))
		default:
			n.title, n.text = halves(w.T("app.printer.unknown_text"))
		}
		n.rows = [][2]string{{w.T("app.printer.row_waiting"), w.lang.Integer(int64(p.Waiting))}}
		if p.Doubt > 0 {
			n.rows = append(n.rows, [2]string{w.T("app.printer.row_doubt"), w.lang.Integer(int64(p.Doubt))})
			n.actions = []action{
				{text: w.T("app.printer.let_go"), key: "F8", name: fyne.KeyF8, do: func() { w.resolvePrint(false) }},
				{kind: kit.Accent, text: w.T("app.printer.again"), key: "F5", name: fyne.KeyF5, do: func() { w.resolvePrint(true) }},
			}
		}
		if p.Doubt+p.Waiting > 0 {
			n.actions = append(n.actions, action{text: w.T("app.printer.list"), key: "F9", name: fyne.KeyF9, do: w.openPrintQueue})
		}
		return n
	})
}

func (w *Window) resolvePrint(again bool) {
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.ResolvePrint(ctx, again) }, func(err error) {
		if err != nil {
			w.fail(err)
		} else if again {
			w.praise(w.T("app.printer.again_told"))
		} else {
			w.praise(w.T("app.printer.let_go_told"))
		}
		w.refresh()
	})
}

// ownBankName is how the bank is called that the till asks itself; empty when it asks none.
func (w *Window) ownBankName(b till.Bank) string {
	a, ok := every.Bank(b.Name)
	if !b.Direct || !ok {
		return ""
	}
	return a.Title.In(w.lang.Tag())
}

// openBank tells whether payment by QR can be taken.
func (w *Window) openBank() {
	w.openNote(func() note {
		b := w.view.Bank
		n := note{name: "bank", sign: kit.SignBank}
		switch {
		case b.Link == till.LinkOff:
			n.title, n.text = w.trouble(till.CodeQRUnavailable)
			return n
		case b.Trouble != "":
			n.mood = moodWarn
			n.title, n.text = w.trouble(b.Trouble)
		case b.Link == till.LinkDown:
			n.mood = moodWarn
			n.title, n.text = w.trouble(till.CodeBankDown)
		case b.Link == till.LinkUp:
			n.mood = moodGood
			n.title, n.text = halves(w.T("app.bank.up_text"))
		default:
			n.title, n.text = halves(w.T("app.bank.unknown_text"))
		}
		way := w.T("app.bank.by_server")
		if b.Direct {
			way = w.T("app.bank.direct")
		}
		n.rows = [][2]string{{w.T("app.bank.row_way"), way}}
		if name := w.ownBankName(b); name != "" {
			n.rows = append(n.rows, [2]string{w.T("app.bank.row_name"), name})
		}
		return n
	})
}

// openCashier tells who works, and lets another one in.
func (w *Window) openCashier() {
	w.openNote(func() note {
		return note{
			name: "cashier", sign: kit.SignPerson, title: w.view.Cashier, text: w.T("app.cashier.text"),
			actions: []action{{kind: kit.Accent, text: w.T("app.menu.signout"), do: w.signOut}},
		}
	})
}

// followPrinter tells of a printer that stopped, once: paper that runs out is seen by nobody who looks at the buyer.
func (w *Window) followPrinter() {
	p := w.view.Printer
	trouble := p.Trouble
	if p.Doubt > 0 {
		trouble = till.CodePrintDoubt
	}
	if w.view.Cashier == "" || trouble == w.printer {
		return
	}
	w.printer = trouble
	if trouble != "" && p.Link != till.LinkOff {
		title, rest := w.trouble(trouble)
		w.toast.say(moodWarn, title, rest)
	}
}
