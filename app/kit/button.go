package kit

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Kind is how much a button stands out.
type Kind int

// The kinds of button.
const (
	Plain   Kind = iota // one of several
	Primary             // what moves the sale on
	Accent              // the second way on
	Danger              // takes something away
	Quiet               // no ground of its own
	Chip                // one of a row, chosen or not
	OnBar               // stands on the dark bar
)

// ButtonSpec says what a button looks like.
type ButtonSpec struct {
	Kind   Kind
	Text   string
	Key    string // the key that does the same, shown beside the text; may be empty
	Sign   Sign   // may be empty
	Size   float32
	Height float32
	Left   bool // text at the left rather than in the middle
	Lines  int  // of text, at most; one when zero
}

// Button is something to press, by finger or mouse. It never takes the focus. Its text shrinks a little, and is then cut,
// rather than leaving the button.
type Button struct {
	widget.BaseWidget
	finger
	look     *Look
	spec     ButtonSpec
	tapped   func()
	disabled bool
	chosen   bool
	dim      bool
	over     bool
	down     bool

	ground  *Ground
	label   *Text
	hint    *canvas.Text
	hintBox *Ground
	icon    *canvas.Image
}

// NewButton makes a button.
func NewButton(l *Look, spec ButtonSpec, tapped func()) *Button {
	if spec.Size == 0 {
		spec.Size = TextBody
	}
	if spec.Height == 0 {
		spec.Height = Touch
	}
	if spec.Lines == 0 {
		spec.Lines = 1
	}
	b := &Button{look: l, spec: spec, tapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// Label is the text on the button.
func (b *Button) Label() string { return b.spec.Text }

// Disabled tells whether it can be pressed.
func (b *Button) Disabled() bool { return b.disabled }

// SetText changes the text.
func (b *Button) SetText(text string) {
	if b.spec.Text == text {
		return
	}
	b.spec.Text = text
	b.Refresh()
}

// SetDisabled tells whether it can be pressed.
func (b *Button) SetDisabled(off bool) {
	if b.disabled == off {
		return
	}
	b.disabled = off
	if off {
		b.down = false
	}
	b.Refresh()
}

// SetChosen marks the chosen one of a row.
func (b *Button) SetChosen(on bool) {
	if b.chosen == on {
		return
	}
	b.chosen = on
	b.Refresh()
}

// SetDim shows that pressing it does no more than tell why it cannot be done now.
func (b *Button) SetDim(on bool) {
	if b.dim == on {
		return
	}
	b.dim = on
	b.Refresh()
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.disabled || b.tapped == nil {
		return
	}
	b.tapped()
}

// Dragged implements fyne.Draggable.
func (b *Button) Dragged(e *fyne.DragEvent) {
	if b.slid(e) && b.down {
		b.down = false
		b.repaint()
	}
}

// DragEnd implements fyne.Draggable.
func (b *Button) DragEnd() {
	if b.lifted() {
		b.Tapped(nil)
	}
}

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.paintOver(true) }

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable. A finger that slid off, or began to scroll, is no press any more.
func (b *Button) MouseOut() {
	b.down = false
	b.paintOver(false)
}

// MouseDown implements desktop.Mouseable.
func (b *Button) MouseDown(*desktop.MouseEvent) {
	b.down = true
	b.repaint()
}

// MouseUp implements desktop.Mouseable.
func (b *Button) MouseUp(*desktop.MouseEvent) {
	b.down = false
	b.repaint()
}

func (b *Button) paintOver(over bool) {
	b.over = over
	b.repaint()
}

func (b *Button) repaint() {
	if b.ground == nil {
		return
	}
	ground, _ := b.colours()
	if b.ground.FillColor == ground {
		return
	}
	b.ground.FillColor = ground
	b.ground.Refresh()
}

func (b *Button) colours() (ground, ink color.NRGBA) {
	l := b.look
	hover := func(c color.NRGBA) color.NRGBA { return Mix(c, l.Ink, 0.06) }
	var over color.NRGBA
	switch b.spec.Kind {
	case Primary:
		ground, ink, over = l.Primary, l.OnPrimary, l.PrimaryHover
	case Accent:
		ground, ink, over = l.Accent, l.OnAccent, l.AccentHover
	case Danger:
		ground, ink, over = l.BadSoft, l.Bad, hover(l.BadSoft)
	case Quiet:
		ground, ink, over = color.NRGBA{}, l.Ink, l.Raised
	case Chip:
		ground, ink, over = l.Surface, l.Ink, hover(l.Surface)
		if b.chosen {
			ground, ink, over = l.Accent, l.OnAccent, l.AccentHover
		}
	case OnBar:
		ground, ink, over = color.NRGBA{}, l.BarInk, l.BarRaised
	default:
		ground, ink, over = l.Raised, l.Ink, hover(l.Raised)
		if b.chosen {
			ground, ink, over = l.AccentSoft, l.Ink, hover(l.AccentSoft)
		}
	}
	switch {
	case b.disabled:
		if ground.A != 0 {
			ground = Mix(l.Raised, l.Surface, 0.4)
		}
		ink = Mix(l.Muted, l.Surface, 0.35)
	case b.dim:
		ground, ink = Mix(l.Raised, l.Surface, 0.4), l.Muted
	case b.down:
		ground = Mix(over, l.Ink, 0.10)
	case b.over:
		ground = over
	}
	return ground, ink
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	ground, ink := b.colours()
	b.ground = Fill(ground, Radius)
	if b.spec.Kind == Chip || b.spec.Kind == OnBar {
		b.ground.CornerRadius = Rounding
	}
	b.label = NewText(b.spec.Text, Style{Size: b.spec.Size, Bold: true, Color: ink, Lines: b.spec.Lines, Align: b.align()})
	objects := []fyne.CanvasObject{b.ground, b.label}
	if b.spec.Key != "" {
		b.hint = &canvas.Text{Text: b.spec.Key, TextSize: b.hintSize(), Color: ink, TextStyle: fyne.TextStyle{Bold: true}}
		b.hintBox = Fill(color.Transparent, 5)
		objects = append(objects, b.hintBox, b.hint)
	}
	if b.spec.Sign != "" {
		b.icon = Icon(b.spec.Sign, ink, b.iconSize())
		objects = append(objects, b.icon)
	}
	b.paint()
	return &painted{objects: objects, layout: b.place, min: b.least, refresh: func() {
		b.paint()
		b.place(b.Size())
		canvas.Refresh(b)
	}}
}

func (b *Button) paint() {
	ground, ink := b.colours()
	b.ground.FillColor = ground
	b.ground.Refresh()
	b.label.SetStyle(b.spec.Text, func(s *Style) { s.Color = ink })
	if b.hint != nil {
		b.hint.Color = Mix(ink, ground, 0.15)
		box := color.NRGBA{R: ink.R, G: ink.G, B: ink.B, A: 0x1f}
		if b.spec.Kind == OnBar {
			b.hint.Color, box = b.look.BarMuted, b.look.BarRaised
		} else if ground.A == 0 {
			b.hint.Color = b.look.Muted
		}
		b.hintBox.FillColor = box
		b.hintBox.Refresh()
	}
	if b.icon != nil {
		SetIcon(b.icon, b.spec.Sign, ink)
	}
}

func (b *Button) align() fyne.TextAlign {
	if b.spec.Lines > 1 && !b.spec.Left {
		return fyne.TextAlignCenter
	}
	return fyne.TextAlignLeading
}

func (b *Button) hintSize() float32 { return max(b.spec.Size*0.7, 12) }
func (b *Button) iconSize() float32 { return b.spec.Size * 1.35 }

// beside is the width of all that stands beside the text, and its edges.
func (b *Button) beside() (icon, hint, edge float32) {
	edge = 14
	if b.spec.Size < TextBody {
		edge = 9
	}
	if b.spec.Sign != "" {
		icon = b.iconSize()
		if b.spec.Text != "" {
			icon += 9
		}
	}
	if b.spec.Key != "" {
		hint = fyne.MeasureText(b.spec.Key, b.hintSize(), fyne.TextStyle{Bold: true}).Width + 12 + 9
	}
	if b.spec.Text == "" {
		edge = 10
	}
	return icon, hint, edge
}

func (b *Button) least() fyne.Size {
	icon, hint, edge := b.beside()
	var w float32
	if b.spec.Text != "" {
		w = fyne.MeasureText(b.spec.Text, b.spec.Size, fyne.TextStyle{Bold: true}).Width
		if b.spec.Lines > 1 {
			w = max(min(w, b.spec.Size*4), widestWord(b.spec.Text, b.spec.Size))
		}
		if b.spec.Kind != Chip {
			w *= 0.86 // it may shrink a little
		}
	}
	return fyne.NewSize(max(w+icon+hint+2*edge, b.spec.Height), b.spec.Height)
}

// crowded tells whether a text of several lines would have a word broken, or its end cut, in so much room.
func (b *Button) crowded(room, size float32) bool {
	lines := Wrap(b.spec.Text, room, size, fyne.TextStyle{Bold: true}, b.spec.Lines)
	return widestWord(b.spec.Text, size) > room || strings.Join(lines, " ") != b.spec.Text
}

// widestWord is the width of the widest word of a text.
func widestWord(text string, size float32) (widest float32) {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' }) {
		widest = max(widest, fyne.MeasureText(word, size, fyne.TextStyle{Bold: true}).Width)
	}
	return widest
}

func (b *Button) place(s fyne.Size) {
	b.ground.Resize(s)
	icon, hint, edge := b.beside()
	room := max(s.Width-2*edge-icon-hint, 0)
	size := b.spec.Size
	style := fyne.TextStyle{Bold: true}
	natural := fyne.MeasureText(b.spec.Text, size, style).Width
	one := b.spec.Lines == 1 || !strings.Contains(b.spec.Text, " ") // a word alone shrinks rather than being broken
	for (one && natural > room || !one && b.crowded(room, size)) && size > b.spec.Size*0.8 && size > 12 {
		size--
		natural = fyne.MeasureText(b.spec.Text, size, style).Width
	}
	width := min(natural+1, room)
	b.label.SetStyle(b.spec.Text, func(st *Style) { st.Size = size; st.Width = 0 })
	lines := float32(1)
	if !one {
		lines = float32(len(Wrap(b.spec.Text, width, size, style, b.spec.Lines)))
	}
	height := fyne.MeasureText("Й", size, style).Height * lines
	x := (s.Width - width - icon - hint) / 2
	if b.spec.Left {
		x = edge
	}
	if b.icon != nil {
		n := b.iconSize()
		b.icon.Resize(fyne.NewSize(n, n))
		b.icon.Move(fyne.NewPos(x, (s.Height-n)/2))
	}
	b.label.Move(fyne.NewPos(x+icon, (s.Height-height)/2))
	b.label.Resize(fyne.NewSize(width, height))
	if b.hint != nil {
		m := b.hint.MinSize()
		at := x + icon + width + 9
		if b.spec.Left {
			at = s.Width - edge - m.Width - 12
		}
		b.hintBox.Move(fyne.NewPos(at, (s.Height-m.Height-4)/2))
		b.hintBox.Resize(fyne.NewSize(m.Width+12, m.Height+4))
		b.hint.Move(fyne.NewPos(at+6, (s.Height-m.Height)/2))
		b.hint.Resize(m)
	}
}
