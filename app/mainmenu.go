package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/i18n"
	"kassa/register"
)

// menuGroup is a column of the menu.
type menuGroup struct {
	title   string
	choices []choice
}

// menuGroups are what the menu offers. A choice has the key that does the same on the sale screen, or a digit.
func (w *Window) menuGroups() []menuGroup {
	other, look, sign := i18n.English, w.T("app.menu.dark"), kit.SignMoon
	if w.lang.Tag() == i18n.English {
		other = i18n.Russian
	}
	if w.look.Dark {
		look, sign = w.T("app.menu.light"), kit.SignSun
	}
	shop := []choice{
		{sign: kit.SignBasket, text: w.T("app.menu.goods"), hint: "7", do: w.openGoodsList},
		{sign: kit.SignPerson, text: w.T("app.menu.customers"), key: fyne.KeyF5, hint: "F5", do: w.openCustomers},
		{sign: kit.SignSliders, text: w.T("app.menu.settings"), hint: "8", do: w.openSettings},
		{sign: kit.SignPrint, text: w.T("app.bar.printer"), key: fyne.KeyF4, hint: "F4", do: w.openPrinter},
	}
	if w.view.Fiscal.Configured {
		shop = append(shop, choice{sign: kit.SignHistory, text: w.T("app.bar.registrar"), key: fyne.KeyF6, hint: "F6", do: w.openRegistrar})
	}
	return []menuGroup{
		{w.T("app.menu.money"), []choice{
			{sign: kit.SignPlus, text: w.T("app.menu.cash_in"), hint: "1", do: func() { w.openCashMove(register.KindCashIn) }, off: !w.view.Shift.Open},
			{sign: kit.SignMinus, text: w.T("app.menu.cash_out"), hint: "2", do: func() { w.openCashMove(register.KindCashOut) }, off: !w.view.Shift.Open},
			{sign: kit.SignClock, text: w.T("app.menu.shift"), hint: "3", do: w.openShift},
			{sign: kit.SignLock, text: w.T("app.menu.close_shift"), hint: "4", do: w.openCloseShift, off: !w.view.Shift.Open},
		}},
		{w.T("app.menu.receipts"), []choice{
			{sign: kit.SignQR, text: w.T("app.menu.parked"), key: fyne.KeyF7, hint: "F7", do: w.openHeld},
			{sign: kit.SignBack, text: w.T("app.menu.returns"), key: fyne.KeyF8, hint: "F8", do: w.openReturns},
			{sign: kit.SignBasket, text: w.T("app.menu.prepayments"), hint: "5", do: w.openPrepayments},
			{sign: kit.SignHistory, text: w.T("app.menu.history"), hint: "6", do: w.openHistory},
		}},
		{w.T("app.menu.shop"), shop},
		{w.T("app.menu.till"), []choice{
			{sign: kit.SignOut, text: w.T("app.menu.signout"), hint: "9", do: w.signOut},
			{sign: kit.SignLanguage, text: w.T("app.menu.language"), hint: "0", do: func() { w.SetLanguage(other) }},
			{sign: sign, text: look, key: fyne.KeyF2, hint: "F2", do: func() { w.SetDark(!w.look.Dark) }},
			{sign: kit.SignHelp, text: w.T("app.menu.help"), key: fyne.KeyF1, hint: "F1", do: w.openHelp},
			{sign: kit.SignInfo, text: w.T("app.menu.about"), key: fyne.KeyF3, hint: "F3", do: w.openAbout},
		}},
	}
}

// menuState is which choice the arrows stand on; none before they were pressed.
type menuState struct {
	moved       bool
	column, row int
}

// openMenu shows what is not needed a hundred times a day. Every choice answers to a touch, to its key, and to the
// arrows and Enter.
func (w *Window) openMenu() {
	state := &menuState{}
	var d *dialog
	shut := func() { w.close(d) }
	d = w.open(func() body {
		groups := w.menuGroups()
		buttons := make([][]*kit.Button, len(groups))
		keys := map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyF12: shut}
		numbers := map[string]func(){}
		row := kit.Row(14)
		for i, g := range groups {
			column := kit.Column(6, kit.PadSides(0, 0, 4, 4, kit.NewText(g.title, kit.Style{Size: 14, Bold: true, Color: w.look.Muted, Shrink: true})))
			for _, c := range g.choices {
				b := w.menuButton(c, shut, keys, numbers)
				buttons[i] = append(buttons[i], b)
				column.Add(b)
			}
			row.Add(kit.Grow(kit.Least(212, 0, column)))
		}
		mark := func() {
			for i := range buttons {
				for j, b := range buttons[i] {
					b.SetChosen(state.moved && i == state.column && j == state.row)
				}
			}
		}
		for key, by := range map[fyne.KeyName][2]int{fyne.KeyLeft: {-1, 0}, fyne.KeyRight: {1, 0}, fyne.KeyUp: {0, -1}, fyne.KeyDown: {0, 1}} {
			keys[key] = func() { state.move(groups, by[0], by[1]); mark() }
		}
		keys[fyne.KeyReturn] = func() {
			if c := groups[state.column].choices; state.moved && state.row < len(c) && !c[state.row].off {
				shut()
				c[state.row].do()
			}
		}
		mark()
		return body{
			beside: shut,
			content: kit.Pad(22, kit.Column(12,
				kit.Row(8,
					kit.Grow(kit.Middle(kit.NewText(w.T("app.menu.title"), kit.Style{Size: kit.TextTitle, Bold: true, Color: w.look.Ink, Shrink: true}))),
					w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, shut)),
				kit.Least(920, 0, row))),
			layer: w.numberLayer("menu", keys, numbers),
		}
	})
}

func (w *Window) menuButton(c choice, shut func(), keys map[fyne.KeyName]func(), numbers map[string]func()) *kit.Button {
	do := func() { shut(); c.do() }
	b := w.button(kit.ButtonSpec{Sign: c.sign, Text: c.text, Key: c.hint, Size: 16, Height: 58, Left: true, Lines: 2}, do)
	b.SetDisabled(c.off)
	switch {
	case c.off:
	case c.key != "":
		keys[c.key] = do
	default:
		numbers[c.hint] = do
	}
	return b
}

// move goes to the next choice; columns that are empty are passed over.
func (s *menuState) move(groups []menuGroup, across, down int) {
	if !s.moved {
		s.moved = true
		for len(groups[s.column].choices) == 0 {
			s.column++
		}
		return
	}
	for {
		s.column = (s.column + across + len(groups)) % len(groups)
		if len(groups[s.column].choices) > 0 {
			break
		}
	}
	n := len(groups[s.column].choices)
	if across != 0 {
		s.row = min(s.row, n-1)
	}
	s.row = (s.row + down + n) % n
}
