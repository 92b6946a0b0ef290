package app

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// followBack opens the dialog of money that goes back by QR when there is some to be busy with, and closes it when there
// is none any more. A payment by QR goes first: it holds the receipt.
func (w *Window) followBack() {
	b := w.view.Back
	want := b != nil && w.view.Cashier != "" && w.view.QR == nil
	switch {
	case want && w.backDialog == nil:
		w.dropDialogs()
		w.toast.clear()
		w.backDialog = w.open(func() body { return newBackDialog(w).body() })
	case !want && w.backDialog != nil:
		d := w.backDialog
		w.backDialog = nil
		w.close(d)
	}
}

// followBackDone tells of money that went back. What the cashier was looking at ends at the sale, where "returned" stands
// on an empty receipt; beside the next buyer's goods, and for a refund in the background, it is told in a line.
func (w *Window) followBackDone() {
	if s := w.view.BackDone; s == nil {
		w.told.back = 0
	} else if s.Number != w.told.back {
		w.told.back = s.Number
		w.sound(SoundSold)
		w.toast.say(moodGood, w.T("app.returns.done", "sum", w.lang.Money(s.Total)),
			w.T("app.returns.done_text", "n", w.lang.Integer(s.Receipt), "how", w.T("app.moneyback.went")))
	}
}

// leaveReturned puts the pages away from which a return was made whose money has gone back: the sale is under them.
func (w *Window) leaveReturned(old, v till.View) {
	if old.Back == nil || v.Back != nil || w.backDialog == nil {
		return
	}
	for _, b := range v.Backs {
		if b.ID == old.Back.ID {
			return // it was put aside
		}
	}
	isNew := func(was, is *till.Sold) bool { return is != nil && (was == nil || was.Number != is.Number) }
	if isNew(old.Last, v.Last) || isNew(old.BackDone, v.BackDone) {
		w.pages = nil
	}
}

// backFaceOf is how a refund looks, and what it says.
func (w *Window) backFaceOf(b *till.Back) (f face, title, advice string) {
	key := string(b.State)
	switch b.State {
	case till.BackSending:
		f = face{sign: kit.SignSend, mood: moodInfo}
		if b.Trouble != "" {
			key, f = "lost", face{sign: kit.SignServer, mood: moodWarn}
		}
	case till.BackPending:
		f = face{sign: kit.SignClock, mood: moodInfo}
	case till.BackUnclear:
		f = face{sign: kit.SignHelp, mood: moodWarn}
		if !b.DecideHere {
			key = "unclear_server"
		}
	case till.BackRefused:
		f = face{sign: kit.SignClose, mood: moodBad}
		if own := "app.moneyback.state." + string(b.Trouble); b.Trouble != "" {
			if w.lang.Has(own) {
				key = string(b.Trouble)
			} else {
				f.key = key
				title, advice = w.trouble(b.Trouble)
				return f, title, advice
			}
		}
	case till.BackDone:
		f = face{sign: kit.SignCheck, mood: moodGood}
		if own := "done_" + string(b.Trouble); b.Trouble != "" && w.lang.Has("app.moneyback.state."+own) {
			key, f.mood = own, moodWarn
		}
	}
	f.key = key
	title, advice = halves(w.T("app.moneyback.state." + key))
	return f, title, advice
}

// backDialog shows one refund by QR: how it stands at the left, what it is and what can be done at the right.
type backDialog struct {
	w       *Window
	layer   *kit.Layer
	content fyne.CanvasObject

	card    *kit.Ground
	sign    *canvas.Image
	spentIs *kit.Text
	spent   *kit.Text
	began   *kit.Text
	heading *kit.Text
	sum     *kit.Text
	about   *kit.Text
	state   *kit.Text
	advice  *kit.Text
	stateAt *kit.Ground
	mark    *canvas.Image
	notice  *kit.Text
	noticed *fyne.Container
	buttons *fyne.Container
	column  *fyne.Container

	question string // what was asked; empty when nothing was
	offered  string
	ticking  bool
}

func newBackDialog(w *Window) *backDialog {
	d := &backDialog{w: w, layer: &kit.Layer{Name: "moneyback", Scan: w.scanBlocked}}
	l := w.look
	d.card = kit.Fill(l.AccentSoft, kit.Radius)
	d.sign = kit.Icon(kit.SignSend, l.Accent, 120)
	d.spentIs = kit.NewText(w.T("app.moneyback.spent"), kit.Style{Size: 16, Color: l.Ink, Align: fyne.TextAlignCenter, Shrink: true})
	d.spent = kit.NewText("", kit.Style{Size: 52, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Fit: true})
	d.began = kit.NewText("", kit.Style{Size: 16, Color: l.Ink, Align: fyne.TextAlignCenter, Shrink: true})
	d.heading = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Muted, Shrink: true})
	d.sum = kit.NewText("", kit.Style{Size: 50, Bold: true, Color: l.Ink, Fit: true})
	d.about = kit.NewText("", kit.Style{Size: 16, Color: l.Ink, Lines: 3})
	d.state = kit.NewText("", kit.Style{Size: 25, Bold: true, Color: l.Ink, Lines: 3})
	d.advice = kit.NewText("", kit.Style{Size: 17, Color: l.Ink, Lines: 6})
	d.stateAt = kit.Fill(l.AccentSoft, kit.Radius)
	d.mark = kit.Icon(kit.SignSend, l.Accent, 30)
	d.notice = kit.NewText("", kit.Style{Size: 15, Color: l.Warn, Lines: 4})
	d.noticed = kit.Stack(kit.Fill(l.WarnSoft, kit.Radius), kit.Pad(12, d.notice))
	d.buttons = kit.Column(kit.Gap)
	d.column = kit.Column(10,
		d.heading, d.sum, d.about,
		kit.Stack(d.stateAt, kit.Pad(14, kit.Row(14, kit.Column(0, d.mark), kit.Grow(kit.Column(4, d.state, d.advice))))),
		d.noticed,
		kit.Space(),
		d.buttons,
	)
	left := kit.Stack(d.card, kit.Pad(20, kit.Column(10, kit.Space(), kit.CentreX(d.sign), kit.Blank(0, 8),
		d.spentIs, d.spent, d.began, kit.Space())))
	d.content = &fyne.Container{Layout: sideLayout{d.layoutTexts}, Objects: []fyne.CanvasObject{left, d.column}}
	return d
}

// sideLayout gives the left part a third, and the rest to the words.
type sideLayout struct{ width func(float32) }

func (y sideLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	const edge = 20
	side := min(s.Width*0.34, 380)
	objects[0].Move(fyne.NewPos(edge, edge))
	objects[0].Resize(fyne.NewSize(side, s.Height-2*edge))
	width := s.Width - side - 3*edge - 8
	y.width(width)
	objects[1].Move(fyne.NewPos(side+2*edge+8, edge))
	objects[1].Resize(fyne.NewSize(width, s.Height-2*edge))
}

func (sideLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(900, 460) }

func (d *backDialog) layoutTexts(width float32) {
	d.about.SetStyle(d.about.Value(), func(s *kit.Style) { s.Width = width })
	d.state.SetStyle(d.state.Value(), func(s *kit.Style) { s.Width = width - 28 - 44 })
	d.advice.SetStyle(d.advice.Value(), func(s *kit.Style) { s.Width = width - 28 - 44 })
	d.notice.SetStyle(d.notice.Value(), func(s *kit.Style) { s.Width = width - 24 })
}

func (d *backDialog) body() body {
	return body{content: d.content, layer: d.layer, update: d.update, fill: true}
}

func (d *backDialog) update(v till.View) {
	w, b := d.w, v.Back
	if b == nil {
		return
	}
	f, title, advice := w.backFaceOf(b)
	ground, ink := w.moodColours(f.mood)
	for _, g := range []*kit.Ground{d.card, d.stateAt} {
		g.FillColor = ground
		g.Refresh()
	}
	kit.SetIcon(d.sign, f.sign, ink)
	kit.SetIcon(d.mark, f.sign, ink)
	heading := w.T("app.moneyback.title")
	if b.Kind == register.KindPrepaymentReturn {
		heading = w.T("app.moneyback.title_prepayment")
	}
	d.heading.Set(heading)
	d.sum.Set(w.lang.Money(b.Amount))
	d.about.Set(w.backAbout(b))
	d.state.Set(title)
	d.advice.Set(advice)
	d.tell(b)
	d.paintSpent(b)
	d.setButtons(b, f)
	d.content.Refresh()
	d.tick()
}

// backAbout says whose money goes back: of which receipt, and for what.
func (w *Window) backAbout(b *till.Back) string {
	text := w.T("app.moneyback.of_sale", "n", w.lang.Integer(b.Basis.Receipt))
	if b.Kind == register.KindPrepaymentReturn {
		text = w.T("app.moneyback.of_prepayment", "n", w.lang.Integer(b.Basis.Receipt))
	}
	var names []string
	for _, l := range b.Lines {
		names = append(names, clip(w.lineName(l.Line), 40)+" · "+w.amount(l.Quantity, l.Unit))
	}
	if len(names) > 2 {
		names = append(names[:2], w.T("app.moneyback.more", "n", w.lang.Integer(int64(len(b.Lines)-2))))
	}
	if len(names) > 0 {
		text += ": " + strings.Join(names, "; ")
	}
	return text
}

// tell says what the bank says, and that the refund was left open.
func (d *backDialog) tell(b *till.Back) {
	w := d.w
	var lines []string
	if b.Message != "" {
		lines = append(lines, w.T("app.qr.bank_says", "text", clip(b.Message, 120)))
	}
	if b.Left && b.State != till.BackDone {
		lines = append(lines, w.T("app.moneyback.left_open"))
	}
	d.notice.Set(strings.Join(lines, "\n"))
	show(len(lines) > 0, d.noticed)
}

func (d *backDialog) paintSpent(b *till.Back) {
	w := d.w
	spent := max(w.deps.Now().Sub(b.Began), 0)
	text := w.lang.Duration(spent)
	if spent >= time.Hour {
		text = w.hours(spent)
	}
	show(b.State != till.BackRefused, d.spent, d.spentIs)
	d.spent.Set(text)
	d.began.Set(w.T("app.moneyback.began", "time", w.lang.DateTime(b.Began)))
}

// tick repaints the time once a second, while the dialog is open and something is waited for.
func (d *backDialog) tick() {
	w := d.w
	if b := w.view.Back; d.ticking || b == nil || b.State == till.BackRefused {
		return
	}
	d.ticking = true
	w.deps.After(time.Second, func() {
		w.deps.Draw(func() {
			d.ticking = false
			if w.backDialog == nil || w.view.Back == nil || w.backDialog.body.layer != d.layer {
				return
			}
			d.paintSpent(w.view.Back)
			d.tick()
		})
	})
}

// The questions before what cannot be taken back.
const (
	askDrop    = "drop"
	askWent    = "went"
	askNotWent = "not_went"
)

// setButtons offers what can be done in this state, and nothing else.
func (d *backDialog) setButtons(b *till.Back, f face) {
	w := d.w
	if b.State != till.BackRefused && d.question == askDrop || b.State != till.BackUnclear && (d.question == askWent || d.question == askNotWent) {
		d.question = ""
	}
	is := b.ID + f.key + "?" + d.question
	if is == d.offered {
		return
	}
	d.offered = is
	keys := map[fyne.KeyName]func(){fyne.KeyF1: w.openHelp}
	d.buttons.Objects = nil
	var all []fyne.CanvasObject
	add := func(kind kit.Kind, key string, name fyne.KeyName, text string, do func()) {
		all = append(all, w.button(kit.ButtonSpec{Kind: kind, Text: text, Key: key, Height: 54, Size: 17, Lines: 2}, do))
		keys[name] = do
	}
	ask := func(what string) func() { return func() { d.question = what; d.update(w.view) } }
	id := b.ID
	switch {
	case d.question != "":
		yes := map[string]func(context.Context) error{
			askDrop:    func(ctx context.Context) error { return w.deps.Till.DropBack(ctx, id) },
			askWent:    func(ctx context.Context) error { return w.deps.Till.DecideBack(ctx, id, true) },
			askNotWent: func(ctx context.Context) error { return w.deps.Till.DecideBack(ctx, id, false) },
		}[d.question]
		d.buttons.Add(kit.NewText(w.T("app.moneyback.ask."+d.question), kit.Style{Size: 17, Bold: true, Color: w.look.Ink, Lines: 3, Width: 480}))
		add(kit.Danger, "Enter", fyne.KeyReturn, w.T("app.moneyback.yes."+d.question), func() { d.question = ""; d.act(yes, nil) })
		add(kit.Plain, "Esc", fyne.KeyEscape, w.T("app.moneyback.no"), ask(""))
	default:
		if b.State == till.BackRefused {
			add(kit.Accent, "F11", fyne.KeyF11, w.T("app.moneyback.retry"), func() {
				d.act(func(ctx context.Context) error { return w.deps.Till.RetryBack(ctx, id) }, nil)
			})
			add(kit.Plain, "F8", fyne.KeyF8, w.T("app.moneyback.drop"), ask(askDrop))
		}
		if b.State == till.BackUnclear && b.DecideHere {
			add(kit.Plain, "F9", fyne.KeyF9, w.T("app.moneyback.went_yes"), ask(askWent))
			add(kit.Plain, "F10", fyne.KeyF10, w.T("app.moneyback.went_no"), ask(askNotWent))
		}
		add(kit.Plain, "F6", fyne.KeyF6, w.T("app.qr.park"), d.park)
		keys[fyne.KeyEscape] = d.park
	}
	for len(all) > 0 {
		n := min(2, len(all))
		d.buttons.Add(kit.Even(n, kit.Gap, all[:n]...))
		all = all[n:]
	}
	d.layer.Keys = keys
	d.buttons.Refresh()
}

// park lets the refund go on by itself while the next buyer is served.
func (d *backDialog) park() {
	w := d.w
	refused := w.view.Back != nil && w.view.Back.State == till.BackRefused
	d.act(w.deps.Till.ParkBack, func() {
		w.toSale()
		text := w.T("app.moneyback.parked")
		if refused {
			text = w.T("app.moneyback.parked_refused")
		}
		title, rest := halves(text)
		w.toast.say(moodInfo, title, rest)
	})
}

// act does something with the refund. Keys that come meanwhile are dropped: they were meant for this one.
func (d *backDialog) act(do func(context.Context) error, next func()) {
	w := d.w
	w.gate.commit(do, func(err error) {
		if err != nil {
			w.fail(err)
		}
		w.refresh()
		if err == nil && next != nil {
			next()
		}
	})
}
