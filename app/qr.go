package app

import (
	"context"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"github.com/skip2/go-qrcode"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// followQR opens the dialog when there is a QR payment to be busy with, and closes it when there is none any more.
func (w *Window) followQR() {
	want := w.view.QR != nil && w.view.Cashier != ""
	switch {
	case want && w.qrDialog == nil:
		w.dropDialogs()
		w.toast.clear()
		w.qrDialog = w.open(func() body { return newQRDialog(w).body() })
	case !want && w.qrDialog != nil:
		d := w.qrDialog
		w.qrDialog = nil
		w.close(d)
	}
}

// qrDialog shows one QR payment: the code at the left as large as fits, what happens and what to do at the right.
type qrDialog struct {
	w       *Window
	layer   *kit.Layer
	content fyne.CanvasObject

	picture *canvas.Image
	paper   fyne.CanvasObject // white, behind the picture
	card    *kit.Ground       // in the state's colour, where there is no code
	sign    *canvas.Image
	instead fyne.CanvasObject
	state   *kit.Text
	advice  *kit.Text
	stateAt *kit.Ground
	mark    *canvas.Image
	left    *kit.Text
	leftBox fyne.CanvasObject
	notice  *kit.Text
	noticed *fyne.Container
	noticeG *kit.Ground
	buttons *fyne.Container
	column  *fyne.Container

	title    *kit.Text
	amount   *kit.Text
	payload  string
	painted  string // the face that is painted
	question bool   // "cancel?" was asked
	buttonsA string
	ticking  bool
}

func newQRDialog(w *Window) *qrDialog {
	q := &qrDialog{w: w}
	l := w.look
	q.picture = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScalePixels}
	q.paper = kit.Stack(kit.Fill(color.White, kit.Radius), q.picture)
	q.card = kit.Fill(l.AccentSoft, kit.Radius)
	q.sign = kit.Icon(kit.SignClock, l.Accent, 140)
	q.instead = kit.Stack(q.card, kit.Centre(q.sign))
	q.state = kit.NewText("", kit.Style{Size: 26, Bold: true, Color: l.Ink, Lines: 3})
	q.advice = kit.NewText("", kit.Style{Size: 17, Color: l.Ink, Lines: 5})
	q.stateAt = kit.Fill(l.AccentSoft, kit.Radius)
	q.mark = kit.Icon(kit.SignClock, l.Accent, 30)
	q.left = kit.NewText("", kit.Style{Size: 40, Bold: true, Color: l.Ink, Shrink: true})
	q.leftBox = kit.Row(12, kit.Middle(kit.NewText(w.T("app.qr.left"), kit.Style{Size: 16, Color: l.Muted})), kit.Grow(q.left))
	q.notice = kit.NewText("", kit.Style{Size: 15, Color: l.Warn, Lines: 6})
	q.noticeG = kit.Fill(l.WarnSoft, kit.Radius)
	q.noticed = kit.Stack(q.noticeG, kit.Pad(12, q.notice))
	q.buttons = kit.Column(kit.Gap)
	q.title = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Muted, Shrink: true})
	q.amount = kit.NewText("", kit.Style{Size: 50, Bold: true, Color: l.Ink, Fit: true})
	q.column = kit.Column(12,
		q.title, q.amount,
		kit.Stack(q.stateAt, kit.Pad(14, kit.Row(14, kit.Column(0, q.mark), kit.Grow(kit.Column(4, q.state, q.advice))))),
		q.leftBox,
		q.noticed,
		kit.Space(),
		q.buttons,
	)
	q.content = &fyne.Container{Layout: qrLayout{q.layoutTexts}, Objects: []fyne.CanvasObject{kit.Stack(q.paper, q.instead), q.column}}
	q.layer = &kit.Layer{Name: "qr", Scan: w.scanBlocked}
	return q
}

// qrLayout gives the code a square as high as the dialog, and the rest of the width to the words.
type qrLayout struct{ width func(float32) }

func (y qrLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	const edge = 20
	side := min(s.Height-2*edge, s.Width*0.56)
	objects[0].Move(fyne.NewPos(edge, (s.Height-side)/2))
	objects[0].Resize(fyne.NewSize(side, side))
	width := s.Width - side - 3*edge - 8
	y.width(width)
	objects[1].Move(fyne.NewPos(side+2*edge+8, edge))
	objects[1].Resize(fyne.NewSize(width, s.Height-2*edge))
}

func (qrLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(900, 460) }

func (q *qrDialog) body() body {
	return body{content: q.content, layer: q.layer, update: q.update, fill: true}
}

func (q *qrDialog) update(v till.View) {
	w := q.w
	p := v.QR
	if p == nil {
		return
	}
	f := q.face(p)
	q.painted = f.key
	q.title.Set(w.T(w.qrKey("app.qr.title", p)))
	q.amount.Set(w.lang.Money(p.Amount))
	q.drawCode(p, f)
	ground, ink := w.moodColours(f.mood)
	q.stateAt.FillColor = ground
	q.stateAt.Refresh()
	kit.SetIcon(q.mark, f.sign, ink)
	q.card.FillColor = ground
	q.card.Refresh()
	kit.SetIcon(q.sign, f.sign, ink)
	title, advice := halves(w.T(w.qrKey("app.qr.state."+f.key, p)))
	q.state.SetStyle(title, func(s *kit.Style) { s.Color = w.look.Ink })
	q.advice.Set(advice)
	q.tellTrouble(p, f)
	q.paintLeft(p, f)
	q.setButtons(v, p, f)
	q.content.Refresh()
	q.tick()
}

// qrKey is a text's key: of a prepayment, where that is told in other words.
func (w *Window) qrKey(key string, p *till.QR) string {
	if other := key + "_prepayment"; p.Kind == register.KindPrepayment && w.lang.Has(other) {
		return other
	}
	return key
}

// face is how the payment looks now.
func (q *qrDialog) face(p *till.QR) face {
	w := q.w
	now := w.deps.Now()
	if is := p.ID + string(p.State); is != w.qrSince.is {
		w.qrSince.is, w.qrSince.at = is, now
	}
	return faceAt(p, now, w.qrSince.at)
}

// drawCode draws the code when the bank's string changed: error level M, and the white edge that readers need.
func (q *qrDialog) drawCode(p *till.QR, f face) {
	// The time can run out between two words of the till.
	on := f.code && p.Payload != "" && !p.Done && q.w.deps.Now().Before(p.Expires)
	show(on, q.paper)
	show(!on, q.instead)
	if !on || p.Payload == q.payload {
		return
	}
	code, err := qrcode.New(p.Payload, qrcode.Medium)
	if err != nil { // too long for a QR code: the till checks the bank's strings, so nobody should see this
		q.w.deps.Log.Error("drawing the QR code", "err", err)
		q.w.fail(&till.Problem{Code: till.CodeBankNonsense, Err: err})
		return
	}
	q.payload = p.Payload
	q.picture.Image = code.Image(-1) // one pixel a module, with four of edge
	q.picture.Refresh()
}

func (q *qrDialog) tellTrouble(p *till.QR, f face) {
	w := q.w
	var text string
	told := f.sign == kit.SignServer // the state itself says that the connection is lost
	if p.Trouble != "" && !told {
		title, rest := w.trouble(p.Trouble)
		text = title
		if !p.Done { // the state itself says what to do then
			text += "\n" + rest
		}
	}
	if p.Message != "" {
		text += "\n" + w.T("app.qr.bank_says", "text", clip(p.Message, 120))
	}
	advise := p.Trouble == "" || p.Done || told
	if p.Left && text == "" && !p.Done {
		text, advise = w.T("app.qr.left_open"), false
	}
	ground, ink := w.moodColours(moodWarn)
	if p.Printed && text == "" {
		text = w.T("app.qr.printed")
		ground, ink = w.moodColours(moodGood)
	}
	q.noticeG.FillColor = ground
	q.noticeG.Refresh()
	q.notice.SetStyle(text, func(s *kit.Style) { s.Color = ink })
	show(text != "", q.noticed)
	show(advise, q.advice) // one thing to do at a time
}

func (q *qrDialog) paintLeft(p *till.QR, f face) {
	show(f.code && !p.Expires.IsZero(), q.leftBox)
	left := p.Expires.Sub(q.w.deps.Now())
	ink := q.w.look.Ink
	if left < time.Minute {
		ink = q.w.look.Warn
	}
	q.left.SetStyle(q.w.lang.Duration(left), func(s *kit.Style) { s.Color = ink })
}

// tick repaints the time that is left, once a second, while the dialog is open and time changes what it says.
func (q *qrDialog) tick() {
	p := q.w.view.QR
	if q.ticking || p == nil || p.Done || !faceOf(p).cancel {
		return
	}
	q.ticking = true
	w := q.w
	w.deps.After(time.Second, func() {
		w.deps.Draw(func() {
			q.ticking = false
			if w.qrDialog == nil || w.view.QR == nil || w.qrDialog.body.layer != q.layer {
				return
			}
			if f := q.face(w.view.QR); f.key != q.painted {
				q.update(w.view)
				w.followBuyer()
			} else {
				q.paintLeft(w.view.QR, f)
			}
			q.tick()
		})
	})
}

// setButtons offers what can be done in this state, and nothing else.
func (q *qrDialog) setButtons(v till.View, p *till.QR, f face) {
	w := q.w
	is := f.key + p.ID
	switch {
	case q.question && f.cancel && !p.Done:
		is += "?"
	case p.Done:
		is += "!"
		q.question = false
	}
	if v.Practice && f.code {
		is += "p"
	}
	if v.Printer.Link == till.LinkOff {
		is += "-"
	}
	if is == q.buttonsA && len(q.buttons.Objects)+len(q.layer.Keys) > 0 {
		return
	}
	q.buttonsA = is
	keys := map[fyne.KeyName]func(){fyne.KeyF1: w.openHelp}
	q.buttons.Objects = nil
	var all []fyne.CanvasObject
	add := func(kind kit.Kind, sign kit.Sign, key string, name fyne.KeyName, text string, f func()) {
		all = append(all, w.button(kit.ButtonSpec{Kind: kind, Sign: sign, Text: text, Key: key, Height: 54, Size: 17}, f))
		keys[name] = f
	}
	switch {
	case p.Done:
		if !p.State.HadMoney() && !p.Renewing {
			add(kit.Accent, "", "F11", fyne.KeyF11, w.T("app.qr.again"), q.renew)
		}
		b := bill{sum: p.Amount, prepay: p.Kind == register.KindPrepayment}
		add(kit.Primary, "", "F10", fyne.KeyF10, w.T("app.qr.cash"), func() { q.closeThen(func() { w.openCashFor(b) }) })
		add(kit.Plain, "", "Esc", fyne.KeyEscape, w.T("app.qr.close"), func() { q.closeThen(nil) })
	case q.question && f.cancel:
		q.buttons.Add(kit.NewText(w.T(w.qrKey("app.qr.cancel_ask", p)), kit.Style{Size: 17, Bold: true, Color: w.look.Ink, Lines: 3, Width: 300}))
		add(kit.Danger, "", "Enter", fyne.KeyReturn, w.T("app.qr.cancel_yes"), q.cancel)
		add(kit.Plain, "", "Esc", fyne.KeyEscape, w.T("app.qr.cancel_no"), func() { q.ask(false) })
	default:
		if v.Practice && f.code {
			add(kit.Primary, kit.SignPhone, "F8", fyne.KeyF8, w.T("app.qr.practice_pay"), q.practicePay)
			q.buttons.Add(all[0])
			all = nil
		}
		if f.renew {
			add(kit.Accent, "", "F11", fyne.KeyF11, w.T("app.qr.again"), q.renew)
		}
		if f.code && v.Printer.Link != till.LinkOff {
			add(kit.Plain, "", "F5", fyne.KeyF5, w.T("app.qr.print"), q.print)
		}
		add(kit.Plain, "", "F6", fyne.KeyF6, w.T("app.qr.park"), q.park)
		if f.cancel {
			add(kit.Plain, "", "Esc", fyne.KeyEscape, w.T("app.qr.cancel"), func() { q.ask(true) })
		}
	}
	for len(all) > 0 { // two beside each other, an odd one alone
		n := min(2, len(all))
		q.buttons.Add(kit.Even(n, kit.Gap, all[:n]...))
		all = all[n:]
	}
	q.layer.Keys = keys
	q.buttons.Refresh()
}

// layoutTexts tells the texts how wide they are, so that what stands under them moves.
func (q *qrDialog) layoutTexts(width float32) {
	q.state.SetStyle(q.state.Value(), func(s *kit.Style) { s.Width = width - 28 - 44 })
	q.advice.SetStyle(q.advice.Value(), func(s *kit.Style) { s.Width = width - 28 - 44 })
	q.notice.SetStyle(q.notice.Value(), func(s *kit.Style) { s.Width = width - 24 })
}

func (q *qrDialog) ask(on bool) {
	q.question = on
	q.update(q.w.view)
}

func (q *qrDialog) cancel() {
	q.question = false
	q.act(q.w.deps.Till.CancelQR, nil)
}

func (q *qrDialog) print() {
	q.act(q.w.deps.Till.PrintQR, nil)
}

// renew has the buyer given another code for the same receipt.
func (q *qrDialog) renew() { q.act(q.w.deps.Till.RenewQR, nil) }

// park lets the payment go on by itself while the next buyer is served.
func (q *qrDialog) park() {
	key := "app.qr.parked"
	if p := q.w.view.QR; p != nil {
		key = q.w.qrKey(key, p)
	}
	q.act(q.w.deps.Till.ParkQR, func() {
		title, rest := halves(q.w.T(key))
		q.w.toast.say(moodInfo, title, rest)
	})
}

func (q *qrDialog) practicePay() { q.act(q.w.deps.Till.PracticePay, nil) }

// closeThen puts an ended payment away and goes on.
func (q *qrDialog) closeThen(next func()) { q.act(q.w.deps.Till.CloseQR, next) }

// act does something with the payment. Keys that come meanwhile are dropped: they were meant for this payment.
func (q *qrDialog) act(do func(context.Context) error, next func()) {
	w := q.w
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
