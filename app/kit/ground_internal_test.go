package kit

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

func TestAGroundIsPaintedAsItsFieldsSay(t *testing.T) {
	test.NewTempApp(t)
	red, blue := rgb(0xff0000), rgb(0x0000ff)

	g := Fill(red, 12)
	r := test.WidgetRenderer(g).Objects()[0].(*canvas.Rectangle)
	if r.FillColor != color.Color(red) || r.CornerRadius != 12 {
		t.Errorf("a red ground is painted %v with a radius of %v", r.FillColor, r.CornerRadius)
	}
	g.FillColor, g.StrokeColor, g.StrokeWidth = Clear, blue, 2
	g.Refresh()
	if r.FillColor != color.Transparent || r.StrokeColor != color.Color(blue) || r.StrokeWidth != 2 {
		t.Errorf("a clear ground with a blue line is painted %v, %v wide %v", r.FillColor, r.StrokeColor, r.StrokeWidth)
	}
}

func TestAGroundOfARealWindow(t *testing.T) {
	test.NewTempApp(t)
	g := Fill(Clear, 12)
	shaded := g.shaded()
	s := shaded.Objects()[0].(*canvas.Shader)
	if s.Visible() {
		t.Error("what is clear is painted")
	}
	g.FillColor = rgb(0xff0000)
	shaded.Refresh()
	shaded.Layout(fyne.NewSize(40, 30))
	if !s.Visible() || s.Name != "kassa-ground" || s.Uniforms["fillR"] != 1 || s.Uniforms["fillB"] != 0 || s.Uniforms["fillA"] != 1 ||
		s.Uniforms["radius"] != 12 || s.Uniforms["width"] != 40 || s.Size() != fyne.NewSize(40, 30) {
		t.Errorf("a red ground is painted by %s with %v, visible: %v", s.Name, s.Uniforms, s.Visible())
	}
	g.FillColor, g.StrokeColor, g.StrokeWidth = Clear, rgb(0x0000ff), 2
	shaded.Refresh()
	if !s.Visible() || s.Name != "kassa-bordered" || s.Uniforms["lineB"] != 1 || s.Uniforms["line"] != 2 || s.Uniforms["fillA"] != 0 || s.Uniforms["fillB"] != 1 {
		t.Errorf("a blue line is painted by %s with %v, visible: %v", s.Name, s.Uniforms, s.Visible())
	}
}
