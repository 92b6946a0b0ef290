package app

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// openPrintQueue lists the slips that are not on paper, or of which nobody knows whether they are.
func (w *Window) openPrintQueue() {
	openWaiting(w, "print_queue", "app.paper.list", "app.paper.none", w.deps.Till.Slips, func(s till.Slip) waiting {
		return waiting{
			sign: kit.SignPrint, title: w.slipTitle(s), about: w.lang.DateTime(s.At) + " · " + w.slipAbout(s), sum: s.Total, plain: s.Total == 0,
			warn: s.State == till.SlipDoubt, open: func() { w.openPrintJob(s) },
		}
	})
}

// slipTitle names a slip.
func (w *Window) slipTitle(s till.Slip) string {
	key := "app.paper.name." + s.Name
	if !w.lang.Has(key) {
		key = "app.paper.name.other"
	}
	if s.Receipt > 0 {
		return w.T("app.history.receipt", "kind", w.T(key), "n", w.lang.Integer(s.Receipt))
	}
	return w.T(key)
}

// slipAbout tells in a line where a slip stands, and why.
func (w *Window) slipAbout(s till.Slip) string {
	if key := "app.paper.reason." + string(s.Reason); s.Reason != "" && w.lang.Has(key) {
		return w.T(key)
	}
	title, _ := halves(w.T("app.paper.state." + string(s.State)))
	return title
}

// openPrintJob tells about a slip, and offers what can be done about it.
func (w *Window) openPrintJob(s till.Slip) {
	w.openNote(func() note {
		n := note{name: "print_job", sign: kit.SignPrint, mood: moodInfo}
		n.title, n.text = halves(w.T("app.paper.state." + string(s.State)))
		if s.State == till.SlipDoubt {
			n.mood = moodBad
		}
		n.rows = [][2]string{{w.slipTitle(s), w.lang.DateTime(s.At)}}
		if s.Total != 0 {
			n.rows = append(n.rows, [2]string{w.T("app.operation.sum"), w.lang.Money(s.Total)})
		}
		if s.Reason != "" {
			n.text = strings.TrimSpace(n.text + "\n" + w.slipAbout(s) + ".")
		}
		if s.CanDrop {
			n.actions = append(n.actions, action{text: w.T("app.printer.let_go"), key: "F8", name: fyne.KeyF8, do: func() {
				w.decideSlip(func(ctx context.Context) error { return w.deps.Till.DropSlip(ctx, s.ID) }, "app.paper.let_go_told")
			}})
		}
		if s.CanPrint {
			n.actions = append(n.actions, action{kind: kit.Accent, text: w.T("app.paper.again"), key: "F5", name: fyne.KeyF5, do: func() {
				w.decideSlip(func(ctx context.Context) error { return w.deps.Till.PrintSlip(ctx, s.ID) }, "app.paper.again_told")
			}})
		}
		return n
	})
}

func (w *Window) decideSlip(work func(context.Context) error, told string) {
	w.gate.commit(work, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.praise(w.T(told))
		}
		w.refresh()
	})
}
