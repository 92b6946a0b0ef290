package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/register"
)

// refund is money that is about to go back, as a panel shows it.
type refund struct {
	sum        register.Money
	payments   []register.Payment // by which methods
	mixed      bool               // it may go back in cash or by card
	prefer     register.Method
	reason     string
	asksReason bool
	wrong      error  // why it cannot go back like that
	quiet      string // what is to be done first; nothing goes back yet
	ready      bool
}

// refundSpec is what a panel does.
type refundSpec struct {
	yes    string
	agree  func()
	prefer func(register.Method)
	reason func(string)
}

// refundPanel shows the sum that goes back, by which methods, and asks why.
type refundPanel struct {
	w    *Window
	spec refundSpec
	root fyne.CanvasObject

	sum        *kit.Text
	ways       *fyne.Container
	note       *kit.Text
	noteBox    fyne.CanvasObject
	ground     func(bad bool)
	cash, card *kit.Button
	choice     fyne.CanvasObject
	reasons    []*kit.Button
	reasonIs   *kit.Text
	reasonBox  fyne.CanvasObject
	yes        *kit.Button
	column     *fyne.Container
	now        refund
}

func newRefundPanel(w *Window, spec refundSpec) *refundPanel {
	l := w.look
	p := &refundPanel{w: w, spec: spec}
	p.sum = kit.NewText("", kit.Style{Size: 40, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	p.ways = kit.Column(6)
	p.note = kit.NewText("", kit.Style{Size: 15, Color: l.Ink, Lines: 6})
	fill := kit.Fill(l.Background, kit.Radius)
	p.noteBox = kit.Least(0, 64, kit.Stack(fill, kit.Pad(12, &fyne.Container{Layout: textBox{}, Objects: []fyne.CanvasObject{p.note}})))
	p.ground = func(bad bool) {
		c := l.Background
		if bad {
			c = l.WarnSoft
		}
		if fill.FillColor != c {
			fill.FillColor = c
			fill.Refresh()
		}
	}
	chip := func(text, key string, f func()) *kit.Button {
		return w.button(kit.ButtonSpec{Text: text, Key: key, Size: 15}, f)
	}
	p.cash = chip(w.T("app.refund.cash_first"), "F10", func() { spec.prefer(register.Cash) })
	p.card = chip(w.T("app.refund.card_first"), "F9", func() { spec.prefer(register.Card) })
	p.choice = kit.Row(6, kit.Grow(p.cash), kit.Grow(p.card))
	var reasons []fyne.CanvasObject
	for _, text := range w.refundReasons() {
		b := chip(text, "", func() { p.chooseReason(text) })
		p.reasons = append(p.reasons, b)
		reasons = append(reasons, b)
	}
	reasons = append(reasons, chip(w.T("app.refund.other"), "F4", p.askReason))
	p.reasonIs = kit.NewText("", kit.Style{Size: 14, Color: l.Muted, Shrink: true})
	p.reasonBox = kit.Column(4, p.reasonIs, kit.Even(2, 6, reasons...))
	p.yes = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: spec.yes, Key: "Enter", Size: 19, Height: kit.TouchBig}, spec.agree)
	p.column = kit.Column(10,
		kit.Row(8, kit.Middle(kit.NewText(w.T("app.refund.title"), kit.Style{Size: 17, Bold: true, Color: l.Muted})), kit.Grow(p.sum)),
		kit.Rule(l),
		p.ways, p.noteBox, p.choice, kit.Space(), p.reasonBox, p.yes)
	p.root = kit.Card(l, 14, p.column)
	return p
}

// textBox gives one text the height that its lines need in the width there is.
type textBox struct{}

func (textBox) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(s)
	}
}

func (textBox) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, 84) }

// refundReasons are those for one touch.
func (w *Window) refundReasons() []string {
	return []string{w.T("app.refund.unfit"), w.T("app.refund.broken"), w.T("app.refund.mistake")}
}

func (p *refundPanel) keys(keys map[fyne.KeyName]func()) {
	keys[fyne.KeyF4] = func() {
		if p.now.asksReason {
			p.askReason()
		}
	}
	prefer := func(m register.Method) func() {
		return func() {
			if p.now.mixed {
				p.spec.prefer(m)
			}
		}
	}
	keys[fyne.KeyF9] = prefer(register.Card)
	keys[fyne.KeyF10] = prefer(register.Cash)
}

// chooseReason takes a reason; the one that is chosen already is taken off.
func (p *refundPanel) chooseReason(text string) {
	if text == p.now.reason {
		text = ""
	}
	p.spec.reason(text)
}

func (p *refundPanel) askReason() { p.w.askReason(p.now.reason, p.spec.reason) }

// askReason asks why money goes back, in the cashier's own words or those that are offered.
func (w *Window) askReason(now string, take func(string)) {
	w.askText(textQuestion{
		name: "reason", title: w.T("app.refund.reason"), hint: w.T("app.refund.reason_hint"), now: now, most: register.MaxComment, empty: true,
		take: func(text string, then func(error)) {
			then(nil)
			take(text)
		},
	})
}

// show paints a refund.
func (p *refundPanel) show(r refund) {
	w, l := p.w, p.w.look
	p.now = r
	ink := l.Ink
	if r.sum == 0 {
		ink = kit.Mix(l.Muted, l.Surface, 0.4)
	}
	p.sum.SetStyle(w.lang.Money(r.sum), func(s *kit.Style) { s.Color = ink })
	var ways []fyne.CanvasObject
	for _, pay := range r.payments {
		ways = append(ways, kit.Row(12,
			kit.Grow(kit.NewText(w.T("app.refund.to."+string(pay.Method)), kit.Style{Size: 16, Color: l.Muted, Shrink: true})),
			kit.NewText(w.lang.Money(pay.Amount), kit.Style{Size: 17, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing})))
	}
	p.ways.Objects = ways
	note := r.quiet
	if r.wrong != nil {
		title, rest := w.sentence(r.wrong)
		note = title + ". " + rest
	}
	p.note.Set(note)
	p.ground(r.wrong != nil)
	show(note != "", p.noteBox)
	show(len(ways) > 0 && r.wrong == nil, p.ways)
	show(r.mixed && note == "", p.choice)
	p.cash.SetChosen(r.prefer == register.Cash)
	p.card.SetChosen(r.prefer == register.Card)
	show(r.asksReason, p.reasonBox)
	text, known := w.T("app.refund.reason"), r.reason == ""
	for i, b := range p.reasons {
		is := w.refundReasons()[i] == r.reason
		b.SetChosen(is)
		known = known || is
	}
	if !known {
		text = r.reason
	}
	p.reasonIs.Set(text)
	p.yes.SetDisabled(!r.ready)
	yes := p.spec.yes
	if backByQR(r.payments) {
		yes = w.T("app.moneyback.give")
	}
	p.yes.SetText(yes)
	p.column.Refresh()
}
