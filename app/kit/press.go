package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Press makes anything pressable: a row, a card, a place on the bar. It paints its own ground, and never takes the focus.
type Press struct {
	widget.BaseWidget
	finger
	Tap     func()
	content fyne.CanvasObject
	ground  *Ground
	rest    color.NRGBA
	over    color.NRGBA
	inside  bool
	down    bool
}

// NewPress makes content pressable; rest and over are its ground at rest and under a pointer.
func NewPress(content fyne.CanvasObject, radius float32, rest, over color.NRGBA, tap func()) *Press {
	p := &Press{Tap: tap, content: content, ground: Fill(rest, radius), rest: rest, over: over}
	p.ExtendBaseWidget(p)
	return p
}

// SetGround changes the ground.
func (p *Press) SetGround(rest, over color.NRGBA) {
	p.rest, p.over = rest, over
	p.paint()
}

// Border draws a line around it, or none when width is zero.
func (p *Press) Border(c color.Color, width float32) {
	if p.ground.StrokeWidth == width && p.ground.StrokeColor == c {
		return
	}
	p.ground.StrokeColor, p.ground.StrokeWidth = c, width
	p.ground.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *Press) CreateRenderer() fyne.WidgetRenderer {
	return &painted{
		objects: []fyne.CanvasObject{p.ground, p.content},
		layout: func(s fyne.Size) {
			p.ground.Resize(s)
			p.content.Resize(s)
		},
		min:     p.content.MinSize,
		refresh: func() { p.content.Refresh() },
	}
}

// Tapped implements fyne.Tappable.
func (p *Press) Tapped(*fyne.PointEvent) {
	if p.Tap != nil {
		p.Tap()
	}
}

// Dragged implements fyne.Draggable.
func (p *Press) Dragged(e *fyne.DragEvent) {
	if p.slid(e) && p.down {
		p.down = false
		p.paint()
	}
}

// DragEnd implements fyne.Draggable.
func (p *Press) DragEnd() {
	if p.lifted() {
		p.Tapped(nil)
	}
}

// MouseIn implements desktop.Hoverable.
func (p *Press) MouseIn(*desktop.MouseEvent) { p.inside = true; p.paint() }

// MouseMoved implements desktop.Hoverable.
func (p *Press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *Press) MouseOut() { p.inside, p.down = false, false; p.paint() }

// MouseDown implements desktop.Mouseable.
func (p *Press) MouseDown(*desktop.MouseEvent) { p.down = true; p.paint() }

// MouseUp implements desktop.Mouseable.
func (p *Press) MouseUp(*desktop.MouseEvent) { p.down = false; p.paint() }

func (p *Press) paint() {
	c := p.rest
	switch {
	case p.Tap == nil:
	case p.down:
		c = Mix(p.over, color.NRGBA{A: 0xff}, 0.08)
	case p.inside:
		c = p.over
	}
	if p.ground.FillColor == c {
		return
	}
	p.ground.FillColor = c
	p.ground.Refresh()
}

// Veil covers the window under a dialog and swallows what is pressed or scrolled beside it.
type Veil struct {
	widget.BaseWidget
	c   color.Color
	tap func()
}

// NewVeil makes a veil; tap is called when somebody presses beside the dialog, and may be nil.
func NewVeil(c color.Color, tap func()) *Veil {
	v := &Veil{c: c, tap: tap}
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer implements fyne.Widget.
func (v *Veil) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(Fill(v.c, 0))
}

// Tapped implements fyne.Tappable.
func (v *Veil) Tapped(*fyne.PointEvent) {
	if v.tap != nil {
		v.tap()
	}
}

// Scrolled implements fyne.Scrollable.
func (v *Veil) Scrolled(*fyne.ScrollEvent) {}

// Dragged implements fyne.Draggable.
func (v *Veil) Dragged(*fyne.DragEvent) {}

// DragEnd implements fyne.Draggable.
func (v *Veil) DragEnd() {}

// MouseIn implements desktop.Hoverable.
func (v *Veil) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable.
func (v *Veil) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (v *Veil) MouseOut() {}
