package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/i18n"
)

// The screens of a new till.
const (
	nameSetup   = "setup"
	nameWelcome = "welcome"
)

// setupStep is one question of setting a till up.
type setupStep int

const (
	setupLanguage setupStep = iota
	setupShop
	setupOwner
	setupPIN
	setupAgain
)

// setupState is what was answered so far.
type setupState struct {
	step        setupStep
	shop, owner string
	pin         string
	entry       textEntry
}

// setup is the first screen of a new till: language, shop, owner and PIN.
type setup struct {
	w     *Window
	root  *fyne.Container
	keys  *kit.Layer
	steps *fyne.Container
	card  *fyne.Container
}

func newSetup(w *Window) *setup {
	s := &setup{w: w, keys: &kit.Layer{Name: nameSetup}}
	s.steps, s.card = kit.Stack(), kit.Stack()
	s.root = kit.Centre(kit.Row(kit.Inset, s.steps, s.card))
	s.paint()
	return s
}

func (s *setup) object() fyne.CanvasObject { return s.root }
func (s *setup) layer() *kit.Layer         { return s.keys }
func (s *setup) update(till.View)          {}

// turn goes to a step; what was typed into it before stands there again.
func (s *setup) turn(to setupStep) {
	st := &s.w.setup
	st.step = to
	st.entry = textEntry{text: map[setupStep]string{setupShop: st.shop, setupOwner: st.owner}[to], keys: keyboardState{other: st.entry.keys.other}}
	s.paint()
}

func (s *setup) paint() {
	s.steps.Objects = []fyne.CanvasObject{s.list()}
	var b body
	if s.w.setup.step == setupLanguage {
		b = s.language()
	} else {
		b = s.w.textBody(s.question(), &s.w.setup.entry, func() {})
	}
	s.card.Objects = []fyne.CanvasObject{kit.Stack(kit.Fill(s.w.look.Surface, kit.Radius+4), b.content)}
	s.keys.Keys, s.keys.Rune, s.keys.Scan = b.layer.Keys, b.layer.Rune, b.layer.Scan
	s.keys.Keys[fyne.KeyF1] = s.w.openHelp
	s.root.Refresh()
}

// list shows which questions there are, and which of them are answered.
func (s *setup) list() fyne.CanvasObject {
	w, l := s.w, s.w.look
	const width = 230
	column := kit.Column(14,
		kit.NewText(w.T("app.setup.title"), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Lines: 2, Width: width}),
		kit.NewText(w.T("app.setup.text"), kit.Style{Size: 15, Color: l.Muted, Lines: 5, Width: width}))
	now := min(w.setup.step, setupPIN)
	for i, name := range []string{w.T("app.setup.language"), w.T("app.setup.shop"), w.T("app.setup.owner"), w.T("app.setup.pin")} {
		ground, ink, sign := l.Raised, l.Muted, kit.SignRight
		switch {
		case setupStep(i) < now:
			ground, ink, sign = l.GoodSoft, l.Good, kit.SignCheck
		case setupStep(i) == now:
			ground, ink = l.AccentSoft, l.Ink
		}
		column.Add(kit.Row(12, kit.Stack(kit.Dot(ground, 34), kit.Pad(9, kit.Icon(sign, ink, 16))),
			kit.Grow(kit.Middle(kit.NewText(name, kit.Style{Size: 17, Bold: setupStep(i) == now, Color: ink, Shrink: true})))))
	}
	return kit.PadSides(8, 0, 0, 0, column)
}

// language asks which language the screen speaks.
func (s *setup) language() body {
	w, l := s.w, s.w.look
	choose := func(tag string) {
		if w.lang.Tag() != tag {
			w.SetLanguage(tag) // makes this screen anew
		}
		if now, ok := w.screen.(*setup); ok {
			now.turn(setupShop)
		}
	}
	russian, english := func() { choose(i18n.Russian) }, func() { choose(i18n.English) }
	same := func() { choose(w.lang.Tag()) }
	a := w.button(kit.ButtonSpec{Text: "Русский", Size: 24, Height: 96}, russian)
	b := w.button(kit.ButtonSpec{Text: "English", Size: 24, Height: 96}, english)
	a.SetChosen(w.lang.Tag() == i18n.Russian)
	b.SetChosen(w.lang.Tag() == i18n.English)
	turn := func() {
		other := i18n.English
		if w.lang.Tag() == i18n.English {
			other = i18n.Russian
		}
		w.SetLanguage(other)
	}
	return body{
		content: kit.Pad(26, kit.Column(18,
			kit.NewText("Язык · Language", kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Width: 520}),
			kit.Grow(kit.Row(kit.Gap, kit.Grow(a), kit.Grow(b))),
			w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.set.next"), Key: "Enter", Height: 60, Size: 18}, same))),
		layer: &kit.Layer{Scan: w.scanBlocked, Keys: map[fyne.KeyName]func(){
			fyne.KeyReturn: same, fyne.KeyLeft: turn, fyne.KeyRight: turn, fyne.KeyUp: turn, fyne.KeyDown: turn,
		}},
	}
}

// question is what is asked in the step.
func (s *setup) question() textQuestion {
	w, st := s.w, &s.w.setup
	back := func() { s.turn(st.step - 1) }
	pin := textQuestion{sign: kit.SignLock, most: longestPIN, secret: true, digitsOnly: true, yes: w.T("app.set.next"), refused: back}
	switch st.step {
	case setupShop:
		return textQuestion{sign: kit.SignBasket, title: w.T("app.setup.shop_title"), text: w.T("app.setup.shop_text"), yes: w.T("app.set.next"), refused: back,
			take: func(text string, _ func(error)) { st.shop = text; s.turn(setupOwner) }}
	case setupOwner:
		return textQuestion{sign: kit.SignPerson, title: w.T("app.setup.owner_title"), text: w.T("app.setup.owner_text"), most: 64, yes: w.T("app.set.next"), refused: back,
			take: func(text string, _ func(error)) { st.owner = text; s.turn(setupPIN) }}
	case setupPIN:
		pin.title, pin.text = w.T("app.setup.pin_title"), w.T("app.setup.pin_text")
		pin.take = func(text string, then func(error)) {
			if len(text) < shortestPIN {
				then(&till.Problem{Code: till.CodeBadPIN})
				return
			}
			st.pin = text
			s.turn(setupAgain)
		}
	default:
		pin.title, pin.text, pin.yes = w.T("app.staff.pin_again"), w.T("app.staff.pin_again_text"), w.T("app.setup.done")
		pin.take = s.found
	}
	return pin
}

// found sets the till up with what was answered.
func (s *setup) found(again string, then func(error)) {
	w, st := s.w, &s.w.setup
	if again != st.pin {
		then(&refusal{key: "app.staff.pin_differs"})
		return
	}
	shop, owner := st.shop, st.owner
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.Found(ctx, shop, owner, again) }, func(err error) {
		then(err)
		if err == nil {
			w.setup = setupState{}
			w.openWelcome()
		}
	})
}
