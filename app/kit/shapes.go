package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Blank is an invisible object of a size.
func Blank(width, height float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(width, height))
	return r
}

// Clear is no colour at all. What is clear is not painted: without a graphics card every surface that lies on another one
// of the same colour costs time on each frame.
var Clear color.NRGBA

// paintable gives what is clear the only value that the toolkit does not paint.
func paintable(c color.Color) color.Color {
	if n, ok := c.(color.NRGBA); ok && n.A == 0 {
		return color.Transparent
	}
	return c
}

// Rule is a thin line across.
func Rule(l *Look) fyne.CanvasObject {
	r := canvas.NewRectangle(l.Line)
	r.SetMinSize(fyne.NewSize(1, 1))
	return r
}

// Card is a surface with what stands on it.
func Card(l *Look, padding float32, o fyne.CanvasObject) fyne.CanvasObject {
	return Stack(Fill(l.Surface, Radius), Pad(padding, o))
}

// Tinted is a surface of a colour with what stands on it.
func Tinted(c color.Color, padding float32, o fyne.CanvasObject) fyne.CanvasObject {
	return Stack(Fill(c, Radius), Pad(padding, o))
}

// Dot is a filled circle of a diameter.
func Dot(c color.Color, diameter float32) *fyne.Container {
	return Least(diameter, diameter, canvas.NewCircle(c))
}

// Mix is a between two colours: 0 is a, 1 is b.
func Mix(a, b color.NRGBA, part float32) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float32(x) + (float32(y)-float32(x))*part) }
	return color.NRGBA{R: m(a.R, b.R), G: m(a.G, b.G), B: m(a.B, b.B), A: m(a.A, b.A)}
}
