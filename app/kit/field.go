package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Field shows a line that is being typed. The line itself is kept by whoever hears the keys; the field only paints it,
// with a caret that does not blink: a blinking one would repaint the window for ever.
type Field struct {
	widget.BaseWidget
	look   *Look
	sign   Sign
	hint   string
	prefix string
	text   string
	size   float32

	ground, caret, pill *Ground
	label, pillText     *canvas.Text
	icon                *canvas.Image
}

// NewField makes a field with a sign at its left, and a hint that is shown while it is empty.
func NewField(l *Look, sign Sign, hint string) *Field {
	f := &Field{look: l, sign: sign, hint: hint, size: 18}
	f.ExtendBaseWidget(f)
	return f
}

// Set changes the line, and what stands before it in a pill of its own.
func (f *Field) Set(prefix, text string) {
	if f.prefix == prefix && f.text == text {
		return
	}
	f.prefix, f.text = prefix, text
	f.Refresh()
}

// Value is what is typed, with what stands before it.
func (f *Field) Value() string { return strings.TrimSpace(f.prefix + " " + f.text) }

// SetHint changes what is shown while the line is empty.
func (f *Field) SetHint(hint string) {
	if f.hint == hint {
		return
	}
	f.hint = hint
	f.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	f.ground = Fill(f.look.Surface, Radius)
	f.ground.StrokeColor, f.ground.StrokeWidth = f.look.Accent, 2
	f.caret = Fill(f.look.Accent, 1)
	f.pill = Fill(f.look.AccentSoft, Rounding)
	f.pillText = &canvas.Text{TextSize: f.size, TextStyle: fyne.TextStyle{Bold: true}, Color: f.look.Accent}
	f.label = &canvas.Text{TextSize: f.size}
	f.icon = Icon(f.sign, f.look.Muted, 22)
	r := &painted{
		objects: []fyne.CanvasObject{f.ground, f.pill, f.pillText, f.caret, f.label, f.icon},
		layout:  f.place,
		min:     func() fyne.Size { return fyne.NewSize(160, 56) },
		refresh: func() {
			f.place(f.Size())
			canvas.Refresh(f)
		},
	}
	return r
}

func (f *Field) place(s fyne.Size) {
	f.ground.Resize(s)
	f.icon.Resize(fyne.NewSize(22, 22))
	f.icon.Move(fyne.NewPos(16, (s.Height-22)/2))
	x := float32(50)
	f.pill.Hidden, f.pillText.Hidden = f.prefix == "", f.prefix == ""
	if f.prefix != "" {
		f.pillText.Text = f.prefix
		m := f.pillText.MinSize()
		f.pill.Move(fyne.NewPos(x, (s.Height-36)/2))
		f.pill.Resize(fyne.NewSize(m.Width+20, 36))
		f.pillText.Move(fyne.NewPos(x+10, (s.Height-m.Height)/2))
		f.pillText.Resize(m)
		x += m.Width + 30
	}
	room := max(s.Width-x-60, 0) // a button stands over the end
	f.label.Text, f.label.Color = f.tail(room), f.look.Ink
	if f.text == "" {
		f.label.Text, f.label.Color = Wrap(f.hint, max(s.Width-x-20, 1), f.size, fyne.TextStyle{}, 1)[0], f.look.Muted
	}
	m := f.label.MinSize()
	at := x
	if f.text == "" {
		at += 6
	}
	f.label.Move(fyne.NewPos(at, (s.Height-m.Height)/2))
	f.label.Resize(fyne.NewSize(room, m.Height))
	end := x
	if f.text != "" {
		end = x + m.Width + 1
	}
	f.caret.Move(fyne.NewPos(end, s.Height/2-13))
	f.caret.Resize(fyne.NewSize(2, 26))
}

// tail is as much of the end of the line as fits: the end is where somebody types.
func (f *Field) tail(room float32) string {
	runes := []rune(f.text)
	for i := range runes {
		s := string(runes[i:])
		if i > 0 {
			s = "…" + s
		}
		if fyne.MeasureText(s, f.size, fyne.TextStyle{}).Width <= room {
			return s
		}
	}
	return ""
}
