package kit

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Roll shows a picture that may be longer than its place, as paper from a roll is: at the width of the place, and never
// larger than it is. It is moved by finger, by wheel and by Page.
type Roll struct {
	widget.BaseWidget
	img     *canvas.Image
	content *fyne.Container
	clip    *container.Clip
	at      float32
}

// NewRoll makes an empty one.
func NewRoll() *Roll {
	r := &Roll{img: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleSmooth}}
	r.img.Hide()
	r.content = &fyne.Container{Objects: []fyne.CanvasObject{r.img}}
	r.clip = container.NewClip(r.content)
	r.ExtendBaseWidget(r)
	return r
}

// SetImage shows another picture, at the place where the last one was seen.
func (r *Roll) SetImage(img image.Image) {
	r.img.Image = img
	r.img.Show()
	r.img.Refresh()
	r.move(0)
}

// ToTop shows the beginning.
func (r *Roll) ToTop() { r.move(-r.at) }

// Page moves by so many lengths of the place.
func (r *Roll) Page(n float32) { r.move(n * r.Size().Height * 0.8) }

// Scrolled implements fyne.Scrollable.
func (r *Roll) Scrolled(e *fyne.ScrollEvent) { r.move(-e.Scrolled.DY) }

// Dragged implements fyne.Draggable.
func (r *Roll) Dragged(e *fyne.DragEvent) { r.move(-e.Dragged.DY) }

// DragEnd implements fyne.Draggable.
func (r *Roll) DragEnd() {}

func (r *Roll) move(by float32) {
	s := r.Size()
	if r.img.Image == nil || s.Width <= 0 {
		return
	}
	b := r.img.Image.Bounds()
	scale := min(s.Width/float32(max(b.Dx(), 1)), 1)
	size := fyne.NewSize(float32(b.Dx())*scale, float32(b.Dy())*scale)
	r.at = max(min(r.at+by, size.Height-s.Height), 0)
	r.img.Resize(size)
	r.img.Move(fyne.NewPos((s.Width-size.Width)/2, max((s.Height-size.Height)/2, 0)-r.at))
	canvas.Refresh(r)
}

// CreateRenderer implements fyne.Widget.
func (r *Roll) CreateRenderer() fyne.WidgetRenderer {
	return &painted{
		objects: []fyne.CanvasObject{r.clip},
		layout: func(size fyne.Size) {
			r.clip.Resize(size)
			r.content.Resize(size)
			r.move(0)
		},
		min: func() fyne.Size { return fyne.NewSize(120, 80) },
	}
}
