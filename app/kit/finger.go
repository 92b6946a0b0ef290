package kit

import "fyne.io/fyne/v2"

// slop is how far a finger may slide and still mean a touch. Fyne calls two pixels a drag, which no finger keeps to.
const slop = 14

// finger tells a touch from a drag for a widget that can be pressed. The widget is a fyne.Draggable, so that it hears of
// a finger that slides on it: a short slide is a touch after all, a long one moves the list that the widget stands in.
type finger struct {
	x, y   float32
	beyond bool
	scroll func(*fyne.DragEvent) // may be nil
}

// DragWith has long slides move something: the list around it.
func (f *finger) DragWith(scroll func(*fyne.DragEvent)) { f.scroll = scroll }

// slid takes a part of a slide and tells whether it is a drag by now.
func (f *finger) slid(e *fyne.DragEvent) bool {
	f.x, f.y = f.x+e.Dragged.DX, f.y+e.Dragged.DY
	switch {
	case f.beyond:
	case max(f.x, -f.x, f.y, -f.y) > slop:
		f.beyond = true
		first := *e
		first.Dragged = fyne.NewDelta(f.x, f.y)
		e = &first
	default:
		return false
	}
	if f.scroll != nil {
		f.scroll(e)
	}
	return true
}

// lifted ends a slide and tells whether it was a touch.
func (f *finger) lifted() (touch bool) {
	touch = !f.beyond
	f.x, f.y, f.beyond = 0, 0, false
	return touch
}

// dragged is what a list does with the things in it.
type dragged interface{ DragWith(func(*fyne.DragEvent)) }
