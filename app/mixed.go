package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// mixedState is what was typed of a payment that is made by card in part, and in cash for the rest.
type mixedState struct {
	bill   bill
	card   digits
	cash   digits
	inCash bool // the cash is being typed
}

// charged is the part that the card pays.
func (m *mixedState) charged() register.Money {
	sum, err := register.ParseMoney(m.card.text)
	if err != nil {
		return 0
	}
	return sum
}

// rest is what the cash pays; below zero when the card would pay too much.
func (m *mixedState) rest() register.Money { return m.bill.sum - m.charged() }

// given is the cash that was typed; nothing typed means exactly the rest.
func (m *mixedState) given() register.Money {
	c := cashState{entry: m.cash, total: max(m.rest(), 0)}
	return c.given()
}

func (m *mixedState) doubtful() bool { return m.given()-m.rest() >= largestNote }

// cardFits tells whether the card pays a part and not all.
func (m *mixedState) cardFits() bool { return m.charged() > 0 && m.rest() > 0 }

func (m *mixedState) ready() bool { return m.cardFits() && m.given() >= m.rest() && !m.doubtful() }

func (w *Window) openMixedFor(b bill) {
	money := digits{point: true, after: 2, most: 8}
	state := &mixedState{bill: b, card: money, cash: money}
	var d *dialog
	d = w.open(func() body { return w.newMixed(state, func() { w.close(d) }).body() })
}

// mixedDialog shows the two parts and the change.
type mixedDialog struct {
	w     *Window
	state *mixedState
	shut  func()

	card, cash       *kit.Text
	cardBox, cashBox *kit.Press
	caption, change  *kit.Text
	hint             *kit.Text
	ground           *kit.Ground
	take             *kit.Button
}

const mixedWidth = 400

func (w *Window) newMixed(state *mixedState, shut func()) *mixedDialog {
	m := &mixedDialog{w: w, state: state, shut: shut}
	l := w.look
	number := func() *kit.Text {
		return kit.NewText("", kit.Style{Size: 34, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	}
	m.card, m.cash = number(), number()
	m.cardBox = m.box(w.T("app.mixed.card"), m.card, func() { m.turn(false) })
	m.cashBox = m.box(w.T("app.mixed.cash"), m.cash, func() { m.turn(true) })
	m.caption = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Muted, Shrink: true})
	m.change = kit.NewText("", kit.Style{Size: 46, Bold: true, Color: l.Good, Align: fyne.TextAlignTrailing, Fit: true})
	m.hint = kit.NewText("", kit.Style{Size: 15, Color: l.Muted, Lines: 2, Width: mixedWidth - 28})
	m.ground = kit.Fill(l.GoodSoft, kit.Radius)
	m.take = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.mixed.take"), Key: "Enter", Size: 20, Height: 72}, m.enter)
	return m
}

func (m *mixedDialog) box(caption string, value *kit.Text, tap func()) *kit.Press {
	l := m.w.look
	row := kit.Row(8, kit.Middle(kit.NewText(caption, kit.Style{Size: 17, Bold: true, Color: l.Muted})), kit.Grow(value))
	return kit.NewPress(kit.PadSides(6, 14, 6, 14, row), kit.Radius, l.Background, l.Raised, func() { m.w.gate.enter(tap) })
}

func (m *mixedDialog) turn(inCash bool) {
	m.state.inCash = inCash
	m.paint()
}

// entry is what is being typed.
func (m *mixedDialog) entry() *digits {
	if m.state.inCash {
		return &m.state.cash
	}
	return &m.state.card
}

func (m *mixedDialog) typed(r rune) bool {
	took := m.entry().typed(r)
	m.paint()
	return took
}

func (m *mixedDialog) paint() {
	w, l, st := m.w, m.w.look, m.state
	write := func(t *kit.Text, d *digits, empty register.Money) {
		text, ink := d.money(w.lang), l.Ink
		if d.text == "" {
			text, ink = w.lang.Money(empty), l.Muted
		}
		t.SetStyle(text, func(s *kit.Style) { s.Color = ink })
	}
	write(m.card, &st.card, 0)
	write(m.cash, &st.cash, max(st.rest(), 0))
	edge := func(p *kit.Press, on bool) {
		if on {
			p.Border(l.Accent, 2)
		} else {
			p.Border(nil, 0)
		}
	}
	edge(m.cardBox, !st.inCash)
	edge(m.cashBox, st.inCash)
	back := st.given() - st.rest()
	caption, sum, fill, ink, hint := w.T("app.cash.change"), back, l.GoodSoft, l.Good, w.T("app.mixed.approved", "sum", w.lang.Money(st.charged()))
	switch {
	case st.charged() == 0:
		caption, sum, fill, ink, hint = w.T("app.mixed.in_cash"), st.bill.sum, l.AccentSoft, l.Accent, w.T("app.mixed.type_card")
	case st.rest() <= 0:
		caption, sum, fill, ink, hint = w.T("app.mixed.in_cash"), 0, l.WarnSoft, l.Warn, w.T("app.mixed.too_much")
	case st.doubtful():
		fill, ink, hint = l.BadSoft, l.Bad, w.T("app.cash.doubtful")
	case back < 0:
		caption, sum, fill, ink, hint = w.T("app.cash.missing"), -back, l.WarnSoft, l.Warn, w.T("app.cash.more")
	case !st.inCash:
		caption, sum, hint = w.T("app.mixed.in_cash"), st.rest(), w.T("app.mixed.then_cash")
	}
	m.caption.Set(caption)
	m.change.SetStyle(w.lang.Money(sum), func(s *kit.Style) { s.Color = ink })
	m.hint.Set(hint)
	if m.ground.FillColor != fill {
		m.ground.FillColor = fill
		m.ground.Refresh()
	}
	m.take.SetText(w.T("app.mixed.take"))
	if !st.inCash {
		m.take.SetText(w.T("app.mixed.next"))
	}
	m.take.SetDisabled(!st.cardFits() || st.inCash && !st.ready())
}

// enter goes on from the card to the cash, and from there takes the money.
func (m *mixedDialog) enter() {
	w, st := m.w, m.state
	if code := m.entry().barcode(); code != "" {
		m.paint()
		w.scanBlocked(code)
		return
	}
	switch {
	case !st.cardFits():
		w.warn(w.T("app.mixed.bounds", "sum", w.lang.Money(st.bill.sum)))
	case !st.inCash:
		m.turn(true)
	case st.doubtful():
		given := st.given()
		st.cash.text = ""
		m.paint()
		w.warn(w.T("app.cash.doubtful_told", "sum", w.lang.Money(given)))
	case st.given() < st.rest():
		w.fail(&till.Problem{Code: till.CodeTooLittle, Args: []any{"missing", st.rest() - st.given()}})
	default:
		w.charge(st.bill, till.Tender{Card: st.charged(), Given: st.given()}, func(paid, changed bool) {
			if paid || changed {
				m.shut()
			}
		})
	}
}

// tellQR explains that a code pays all or nothing, and offers that.
func (m *mixedDialog) tellQR() {
	w, b := m.w, m.state.bill
	w.openNote(func() note {
		title, text := w.trouble(till.CodeQRMixed)
		return note{name: "qr_mixed", sign: kit.SignQR, mood: moodInfo, title: title, text: text, actions: []action{
			{kind: kit.Accent, text: w.T("app.qr.whole"), key: "F11", name: fyne.KeyF11, do: func() {
				m.shut()
				if b.prepay {
					w.prepayQR(b.sum)
				} else {
					w.startQR()
				}
			}},
		}}
	})
}

func (m *mixedDialog) body() body {
	w, l := m.w, m.w.look
	total := kit.NewText(w.lang.Money(m.state.bill.sum), kit.Style{Size: 36, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Fit: true})
	content := kit.Pad(22, kit.Row(20,
		kit.Least(mixedWidth, 0, kit.Column(10,
			kit.PadSides(0, 14, 0, 14, kit.Row(8, kit.Middle(kit.NewText(w.payCaption(m.state.bill), kit.Style{Size: 17, Bold: true, Color: l.Muted})), kit.Grow(total))),
			m.cardBox, m.cashBox,
			kit.Stack(m.ground, kit.Pad(14, kit.Column(0, m.caption, m.change, kit.Least(mixedWidth-28, 42, m.hint)))),
			kit.Space(),
			kit.Row(kit.Gap,
				kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 72}, m.shut)),
				kit.GrowBy(1.7, m.take)))),
		kit.Least(290, 0, kit.Keypad(l, 84, w.point(), func(r rune) { w.gate.enter(func() { m.typed(r) }) })),
	))
	m.paint()
	flip := func() { m.turn(!m.state.inCash) }
	return body{content: content, layer: &kit.Layer{
		Name: "mixed", Rune: m.typed, Scan: w.scanBlocked,
		Keys: map[fyne.KeyName]func(){
			fyne.KeyReturn: m.enter, fyne.KeyEscape: m.shut,
			fyne.KeyUp: func() { m.turn(false) }, fyne.KeyDown: func() { m.turn(true) }, fyne.KeyTab: flip,
			fyne.KeyF11:       m.tellQR,
			fyne.KeyBackspace: func() { m.typed('\b') },
			fyne.KeyDelete:    func() { m.entry().text, m.entry().over = "", ""; m.paint() },
		},
	}}
}
