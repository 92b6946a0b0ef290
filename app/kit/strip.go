package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Strip is a row of things that may be longer than its place; it is moved by finger and by wheel.
type Strip struct {
	widget.BaseWidget
	row  *fyne.Container
	clip *container.Clip
	at   float32
}

// NewStrip makes an empty strip with a gap between its things.
func NewStrip(gap float32) *Strip {
	s := &Strip{row: Row(gap)}
	s.clip = container.NewClip(&fyne.Container{Objects: []fyne.CanvasObject{s.row}})
	s.ExtendBaseWidget(s)
	return s
}

// SetObjects changes what is in it.
func (s *Strip) SetObjects(objects []fyne.CanvasObject) {
	for _, o := range objects {
		if d, ok := o.(dragged); ok {
			d.DragWith(s.Dragged)
		}
	}
	s.row.Objects = objects
	s.move(0)
	s.row.Refresh()
}

// Reveal moves as little as is needed to see the object.
func (s *Strip) Reveal(o fyne.CanvasObject) {
	left := o.Position().X
	switch right := left + o.Size().Width; {
	case left < s.at:
		s.move(left - s.at)
	case right > s.at+s.Size().Width:
		s.move(right - s.at - s.Size().Width)
	}
}

// Scrolled implements fyne.Scrollable.
func (s *Strip) Scrolled(e *fyne.ScrollEvent) { s.move(-e.Scrolled.DX - e.Scrolled.DY) }

// Dragged implements fyne.Draggable.
func (s *Strip) Dragged(e *fyne.DragEvent) { s.move(-e.Dragged.DX) }

// DragEnd implements fyne.Draggable.
func (s *Strip) DragEnd() {}

func (s *Strip) move(by float32) {
	m := s.row.MinSize()
	s.at = max(min(s.at+by, m.Width-s.Size().Width), 0)
	s.row.Move(fyne.NewPos(-s.at, 0))
	s.row.Resize(fyne.NewSize(m.Width, s.Size().Height))
	canvas.Refresh(s)
}

// CreateRenderer implements fyne.Widget.
func (s *Strip) CreateRenderer() fyne.WidgetRenderer {
	return &painted{
		objects: []fyne.CanvasObject{s.clip},
		layout: func(size fyne.Size) {
			s.clip.Resize(size)
			s.move(0)
		},
		min: func() fyne.Size { return fyne.NewSize(40, s.row.MinSize().Height) },
	}
}
