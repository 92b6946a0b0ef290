package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
)

// settingRow shows one setting: what it is, what it does, and what it is set to.
type settingRow struct {
	*kit.Press
	w       *Window
	p       *settingsPage
	i       int
	title   *kit.Text
	about   *kit.Text
	control *fyne.Container
}

func newSettingRow(w *Window, p *settingsPage) *settingRow {
	l := w.look
	r := &settingRow{w: w, p: p}
	r.title = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 14, Color: l.Muted, Lines: 2})
	r.control = kit.Stack()
	r.Press = kit.NewPress(kit.PadSides(6, 16, 6, 16, kit.Row(16,
		kit.Grow(kit.Middle(kit.Column(0, r.title, r.about))), kit.Middle(r.control))),
		kit.Radius, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() {
			w.gate.enter(func() {
				if r.i < len(p.rows) && p.rows[r.i].do != nil {
					p.choose(r.i)
					p.rows[r.i].do()
				}
			})
		})
	return r
}

func (r *settingRow) show(i int, s setting, chosen bool) {
	l := r.w.look
	r.i = i
	r.title.Set(s.title)
	r.control.Objects = []fyne.CanvasObject{r.worth(s)}
	room := r.p.list.Size().Width - r.control.MinSize().Width - 64
	lines := 2
	if fyne.MeasureText(s.about, 14, fyne.TextStyle{}).Width < room {
		lines = 1 // and so in the middle of the row
	}
	r.about.SetStyle(s.about, func(st *kit.Style) { st.Lines = lines })
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
	} else {
		r.SetGround(l.Surface, kit.Mix(l.Surface, l.Accent, 0.06))
	}
	r.control.Refresh()
	r.Press.Refresh()
}

// worth is what a setting is set to.
func (r *settingRow) worth(s setting) fyne.CanvasObject {
	w, l := r.w, r.w.look
	switch {
	case s.onOff != nil:
		return lever(l, *s.onOff)
	case len(s.options) > 0:
		row := kit.Row(4)
		for i, name := range s.options {
			b := w.button(kit.ButtonSpec{Kind: kit.Chip, Text: name, Size: 14, Height: kit.Touch}, func() {
				r.p.choose(r.i)
				if s.pick != nil && i != s.at {
					s.pick(i)
				}
			})
			b.SetChosen(i == s.at)
			b.SetDisabled(s.pick == nil && i != s.at)
			b.DragWith(r.p.list.Dragged)
			row.Add(kit.Least(96, 0, b))
		}
		return row
	}
	value := kit.NewText(s.value, kit.Style{Size: 16, Bold: true, Color: l.Accent, Align: fyne.TextAlignTrailing, Lines: 2, Width: 206})
	if s.plain || s.do == nil {
		value.SetStyle(s.value, func(st *kit.Style) { st.Color = l.Ink })
		return value
	}
	return kit.Row(6, kit.Middle(value), kit.Middle(kit.Icon(kit.SignRight, l.Muted, 18)))
}

// lever is a switch.
func lever(l *kit.Look, on bool) fyne.CanvasObject {
	ground, knob := l.Muted, kit.Row(0, kit.Dot(l.Surface, 24), kit.Space())
	if on {
		ground, knob = l.Primary, kit.Row(0, kit.Space(), kit.Dot(l.OnPrimary, 24))
	}
	return kit.Least(56, 30, kit.Stack(kit.Fill(ground, 15), kit.Pad(3, knob)))
}
