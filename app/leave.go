package app

import (
	"context"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// leaveState is what was typed of the PIN of one who may.
type leaveState struct {
	pin   []rune
	wrong error
}

// askLeave asks for the PIN of one who may do what the cashier may not.
func (w *Window) askLeave(right till.Right, given, refused func()) {
	state := &leaveState{}
	var d *dialog
	d = w.open(func() body {
		return w.leaveBody(state, right, func(ok bool) {
			w.close(d)
			if ok {
				given()
			} else {
				refused()
			}
		})
	})
}

func (w *Window) leaveBody(state *leaveState, right till.Right, end func(ok bool)) body {
	l := w.look
	const width = 348
	beads := kit.NewBeads(l, 4)
	text := kit.NewText("", kit.Style{Size: 15, Color: l.Muted, Lines: 4, Width: width})
	var enter *kit.Button
	paint := func() {
		beads.Set(len(state.pin))
		enter.SetDisabled(len(state.pin) == 0)
		line, ink := w.T("app.leave.text", "what", w.T("right."+string(right))), l.Muted
		if state.wrong != nil {
			title, rest := w.sentence(state.wrong)
			line, ink = title+". "+rest, l.Bad
		}
		text.SetStyle(line, func(s *kit.Style) { s.Color = ink })
	}
	typed := func(r rune) bool {
		switch {
		case r == '\b':
			state.pin = state.pin[:max(len(state.pin)-1, 0)]
		case r >= '0' && r <= '9' && len(state.pin) < longestPIN:
			state.pin, state.wrong = append(state.pin, r), nil
		default:
			return false
		}
		paint()
		return true
	}
	submit := func() {
		if len(state.pin) == 0 {
			return
		}
		pin := string(state.pin)
		state.pin = nil
		w.gate.commit(func(ctx context.Context) error { return w.deps.Till.Leave(ctx, pin, right) }, func(err error) {
			if err == nil {
				end(true)
				return
			}
			state.wrong = err
			paint()
		})
	}
	refuse := func() { end(false) }
	enter = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.signin.enter"), Key: "Enter", Size: kit.TextLarge, Height: 60}, submit)
	content := kit.Pad(24, kit.Column(14,
		kit.NewText(w.T("app.leave.title"), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Width: width}),
		kit.Least(width, 66, kit.Column(0, text)),
		kit.CentreX(beads.Container),
		kit.KeypadWith(l, 60, "", func(r rune) { w.gate.enter(func() { typed(r) }) }, func(*kit.Button) {}),
		kit.Row(kit.Gap,
			kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 60}, refuse)),
			kit.GrowBy(1.6, enter)),
	))
	paint()
	return body{
		content: content, beside: refuse,
		layer: &kit.Layer{Name: "leave", Rune: typed, Scan: w.scanBlocked, Keys: map[fyne.KeyName]func(){
			fyne.KeyEscape: refuse, fyne.KeyReturn: submit, fyne.KeyBackspace: func() { typed('\b') },
		}},
	}
}
