package app

import (
	"context"
	"image/color"
	"slices"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/fiscal"
)

// registrarGauge tells in a word how the fiscal registrar is.
func (w *Window) registrarGauge(f till.Fiscal) (color.Color, string) {
	switch {
	case f.Unclear > 0 && f.Trouble == till.CodeFiscalUnclear:
		return w.lampBad(), w.T("app.registrar.unclear")
	case f.Refused > 0 && (f.Trouble == till.CodeFiscalRefused || f.Trouble == till.CodeFiscalUnprinted):
		return w.lampBad(), w.T("app.registrar.refused")
	case f.Trouble == till.CodeFiscalPaper:
		return w.lampBad(), w.T("app.printer.paper")
	case f.Trouble == till.CodeFiscalCover:
		return w.lampBad(), w.T("app.printer.cover")
	case f.Trouble != "" && f.Waiting > 0:
		return w.lampBad(), w.T("app.registrar.waiting", "n", w.lang.Integer(int64(f.Waiting)))
	case f.Link == till.LinkDown && (f.Trouble == "" || f.Trouble == till.CodeFiscalOff):
		return w.lampWarn(), w.T("app.registrar.down")
	case f.Trouble != "":
		return w.lampWarn(), w.T("app.registrar.warning")
	case f.Waiting > 0:
		return w.lampGood(), w.T("app.registrar.busy", "n", w.lang.Integer(int64(f.Waiting)))
	case len(f.Warnings) > 0:
		return w.lampWarn(), w.T("app.registrar.warning")
	case f.Link == till.LinkUnknown:
		return w.lampOff(), w.T("app.link.unknown")
	}
	return w.lampGood(), w.T("app.registrar.ready")
}

// openRegistrar tells how the fiscal registrar is, and offers what can be done about it.
func (w *Window) openRegistrar() {
	w.toast.clear()
	w.openNote(func() note {
		f := w.view.Fiscal
		n := note{name: "registrar", sign: kit.SignHistory}
		switch {
		case !f.Configured:
			n.title, n.text = w.trouble(till.CodeNoFiscal)
			return n
		case f.Trouble != "":
			n.mood = moodBad
			n.title, n.text = w.trouble(f.Trouble)
		case len(f.Warnings) > 0:
			n.mood = moodWarn
			n.title, n.text = w.trouble(f.Warnings[0])
		case f.Link == till.LinkUp:
			n.mood = moodGood
			n.title, n.text = halves(w.T("app.registrar.up_text"))
		default:
			n.title, n.text = halves(w.T("app.registrar.unknown_text"))
		}
		if f.Message != "" {
			n.text += "\n" + w.T("app.registrar.says", "text", clip(f.Message, 160))
		}
		n.rows = w.registrarRows(f)
		n.actions = w.registrarActions(f)
		return n
	})
}

func (w *Window) registrarRows(f till.Fiscal) (rows [][2]string) {
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, [2]string{w.T("app.registrar.row_" + key), value})
		}
	}
	add("waiting", w.lang.Integer(int64(f.Waiting+f.Unclear+f.Refused)))
	if f.Unprinted > 0 {
		add("unprinted", w.lang.Integer(int64(f.Unprinted)))
	}
	if !f.Since.IsZero() {
		add("since", w.lang.DateTime(f.Since))
	}
	if f.AsOf.IsZero() {
		return rows
	}
	s := f.State
	add("shift", w.registrarShift(s))
	if s.Unsent > 0 {
		since := w.lang.Integer(int64(s.Unsent))
		if !s.UnsentSince.IsZero() {
			since = w.T("app.registrar.unsent", "n", since, "since", w.lang.DateTime(s.UnsentSince))
		}
		add("unsent", since)
	}
	if s.FN != "" {
		fn := s.FN
		if !s.FNUntil.IsZero() {
			fn = w.T("app.registrar.fn", "fn", fn, "until", w.lang.Date(s.FNUntil))
		}
		add("fn", fn)
	}
	add("asked", w.lang.DateTime(f.AsOf))
	if slices.Contains(f.Warnings, till.CodeFiscalClocks) {
		add("clock", s.Clock.Format("02.01.2006 15:04")) // as on its paper
	}
	return rows
}

func (w *Window) registrarShift(s fiscal.State) string {
	switch s.Shift {
	case fiscal.ShiftOpen:
		if !s.Expires.IsZero() {
			return w.T("app.registrar.shift_until", "n", w.lang.Integer(s.Number), "until", w.lang.DateTime(s.Expires))
		}
		return w.T("app.registrar.shift_open", "n", w.lang.Integer(s.Number))
	case fiscal.ShiftExpired:
		return w.T("app.registrar.shift_expired", "n", w.lang.Integer(s.Number))
	case fiscal.ShiftClosed:
		return w.T("app.registrar.shift_closed")
	}
	return ""
}

func (w *Window) registrarActions(f till.Fiscal) []action {
	ask := action{text: w.T("app.registrar.ask"), key: "F5", name: fyne.KeyF5, do: func() {
		w.decideFiscal(func(ctx context.Context) error { return w.deps.Till.RetryFiscal(ctx, "") }, "app.registrar.asked")
	}}
	all := []action{ask}
	if f.MayCloseShift && (f.Trouble == till.CodeFiscalShiftExpired || f.State.Shift == fiscal.ShiftExpired) {
		all = append(all, action{kind: kit.Accent, text: w.T("app.registrar.close_shift"), key: "F9", name: fyne.KeyF9, do: w.askCloseDeviceShift})
	}
	if f.Waiting+f.Unclear+f.Refused > 0 {
		all = append(all, action{kind: kit.Accent, text: w.T("app.registrar.list"), key: "F8", name: fyne.KeyF8, do: w.openFiscalQueue})
	}
	return all
}

func (w *Window) askCloseDeviceShift() {
	w.ask("registrar_shift", w.T("app.registrar.close_ask"), w.T("app.registrar.close_text"), w.T("app.registrar.close_shift"), w.T("app.back"), kit.Primary, func() {
		w.decideFiscal(func(ctx context.Context) error { return w.deps.Till.CloseDeviceShift(ctx) }, "app.registrar.close_done")
	})
}

// decideFiscal does what somebody decided about the registrar, and says so.
func (w *Window) decideFiscal(work func(context.Context) error, done string) {
	w.gate.commit(work, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			title, rest := halves(w.T(done))
			w.toast.say(moodGood, title, rest)
		}
		w.refresh()
	})
}

// openFiscalQueue lists the documents that the registrar has not made yet.
func (w *Window) openFiscalQueue() {
	openWaiting(w, "fiscal_queue", "app.registrar.queue", "app.registrar.none", w.deps.Till.FiscalQueue, func(q till.FiscalDocument) waiting {
		return waiting{
			sign: kit.SignHistory, title: w.fiscalTitle(q), about: w.fiscalAbout(q), sum: q.Total,
			warn: q.State == till.FiscalUnclear || q.State == till.FiscalRefused,
			open: func() { w.openFiscalDocument(q) },
		}
	})
}

func (w *Window) fiscalTitle(q till.FiscalDocument) string {
	title := w.T("app.registrar.kind." + string(q.Kind))
	if q.Receipt > 0 {
		title = w.T("app.history.receipt", "kind", title, "n", w.lang.Integer(q.Receipt))
	}
	return title
}

func (w *Window) fiscalAbout(q till.FiscalDocument) string {
	about := w.T("app.registrar.state." + string(q.State))
	if q.Trouble != "" {
		about, _ = w.trouble(q.Trouble)
	}
	return w.lang.DateTime(q.Asked) + " · " + about
}

// openFiscalDocument tells where a document stands, and offers what a person can do about it.
func (w *Window) openFiscalDocument(q till.FiscalDocument) {
	w.openNote(func() note {
		n := note{name: "fiscal_document", sign: kit.SignHistory, mood: moodInfo}
		title, text := halves(w.T("app.registrar.about." + string(q.State)))
		if q.State == till.FiscalRefused && q.Trouble != "" {
			title, text = w.trouble(q.Trouble)
		}
		n.title, n.text = title, text
		if q.State == till.FiscalUnclear || q.State == till.FiscalRefused {
			n.mood = moodBad
		}
		if q.Message != "" {
			n.text += "\n" + w.T("app.registrar.says", "text", clip(q.Message, 160))
		}
		n.rows = [][2]string{
			{w.fiscalTitle(q), w.lang.Money(q.Total)},
			{w.T("app.registrar.row_asked_for"), w.lang.DateTime(q.Asked)},
		}
		if q.Operation.Cashier != "" {
			n.rows = append(n.rows, [2]string{w.T("app.bar.cashier"), q.Operation.Cashier})
		}
		switch q.State {
		case till.FiscalUnclear:
			n.actions = []action{
				{text: w.T("app.registrar.made"), key: "F9", name: fyne.KeyF9, do: func() { w.askFiscal(q, "made") }},
				{kind: kit.Accent, text: w.T("app.registrar.again"), key: "F5", name: fyne.KeyF5, do: func() { w.askFiscal(q, "again") }},
			}
		case till.FiscalRefused:
			n.actions = []action{
				{text: w.T("app.registrar.drop"), key: "F8", name: fyne.KeyF8, do: func() { w.askFiscal(q, "drop") }},
				{kind: kit.Accent, text: w.T("app.registrar.retry"), key: "F5", name: fyne.KeyF5, do: func() { w.doFiscal(q, "retry") }},
			}
		}
		return n
	})
}

// askFiscal asks once more before a person's word is taken about a document.
func (w *Window) askFiscal(q till.FiscalDocument, what string) {
	title, text := halves(w.T("app.registrar.ask_" + what))
	kind := kit.Primary
	if what == "drop" {
		kind = kit.Danger
	}
	w.ask("fiscal_"+what, title, text, w.T("app.registrar."+what), w.T("app.back"), kind, func() { w.doFiscal(q, what) })
}

func (w *Window) doFiscal(q till.FiscalDocument, what string) {
	t := w.deps.Till
	w.decideFiscal(func(ctx context.Context) error {
		switch what {
		case "made":
			return t.ResolveFiscal(ctx, q.ID, true)
		case "again":
			return t.ResolveFiscal(ctx, q.ID, false)
		case "drop":
			return t.DropFiscal(ctx, q.ID)
		}
		return t.RetryFiscal(ctx, q.ID)
	}, "app.registrar.done_"+what)
}

// followRegistrar tells, once each, what the registrar asks of somebody, and what it will.
func (w *Window) followRegistrar() {
	f := w.view.Fiscal
	var now till.Code
	switch {
	case !f.Configured || w.view.Cashier == "":
	case f.Trouble != "":
		now = f.Trouble
	case len(f.Warnings) > 0:
		now = f.Warnings[0]
	}
	if now == w.told.registrar || now == till.CodeFiscalBusy {
		return
	}
	before := w.told.registrar
	w.told.registrar = now
	if before != "" && w.toast.text == w.registrarNews(before) {
		w.toast.clear() // it is over
	}
	if now == "" || now == till.CodeFiscalUnprinted && (before == till.CodeFiscalPaper || before == till.CodeFiscalCover) {
		return // the paper is back: it prints what is left
	}
	title, rest := w.trouble(now)
	w.toast.say(moodWarn, title, rest)
}

// registrarNews is what the message says about a registrar's trouble.
func (w *Window) registrarNews(c till.Code) string {
	title, rest := w.trouble(c)
	return title + "\n" + rest
}

// receiptLine tells how a fiscal receipt that was just asked for goes on, for the panel that says "sold".
func (w *Window) receiptLine() string {
	switch f := w.view.Fiscal; {
	case !f.Configured:
		return ""
	case f.Trouble != "":
		title, _ := w.trouble(f.Trouble)
		return title
	case f.Waiting > 0:
		return w.T("app.registrar.making")
	}
	return w.T("app.registrar.done")
}
