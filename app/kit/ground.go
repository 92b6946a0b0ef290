package kit

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Ground is a plain rectangle with rounded corners and maybe a line around it: what everything else stands on. After a
// change of its fields it wants a Refresh.
//
// Fyne's own rectangle asks much of the processor where there is no graphics card: its program knows shadows, and corners
// that differ, and works all of that out for every pixel. A till has grounds on nearly all of its window, so in a real
// window they are painted by a program that knows no more than they need, which takes less than half the time.
type Ground struct {
	widget.BaseWidget
	FillColor    color.Color
	StrokeColor  color.Color
	StrokeWidth  float32
	CornerRadius float32
}

// Fill is a ground of a colour, with rounded corners.
func Fill(c color.Color, radius float32) *Ground {
	g := &Ground{FillColor: c, CornerRadius: radius}
	g.ExtendBaseWidget(g)
	return g
}

// CreateRenderer implements fyne.Widget.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	if _, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return g.shaded()
	}
	return g.plain() // drivers that paint in memory know no shaders
}

// plain paints the ground with Fyne's rectangle.
func (g *Ground) plain() fyne.WidgetRenderer {
	r := &canvas.Rectangle{}
	paint := func() {
		r.FillColor, r.StrokeColor = paintable(g.FillColor), g.StrokeColor
		r.StrokeWidth, r.CornerRadius = g.StrokeWidth, g.CornerRadius
	}
	paint()
	return &painted{
		objects: []fyne.CanvasObject{r},
		layout:  r.Resize,
		min:     r.MinSize,
		refresh: func() {
			paint()
			r.Refresh()
		},
	}
}

// shaded paints the ground with a program of its own: one for a plain surface, one for rounded corners, and one for a line
// around it.
func (g *Ground) shaded() fyne.WidgetRenderer {
	s := &canvas.Shader{Uniforms: map[string]float32{}}
	bordered := func() bool { return g.StrokeWidth > 0 && parts(g.StrokeColor)[3] > 0 }
	plain := func() bool { return g.CornerRadius == 0 && !bordered() }
	paint := func() {
		fill, line := parts(g.FillColor), parts(g.StrokeColor)
		if bordered() && fill[3] == 0 {
			fill = [4]float32{line[0], line[1], line[2], 0} // so that the line keeps its colour where it fades out
		}
		s.Hidden = !bordered() && fill[3] == 0
		clear(s.Uniforms)
		name(s.Uniforms, "fill", fill)
		if plain() {
			s.Name, s.Source, s.SourceES = "kassa-plain", []byte(versionPlain+plainProgram), []byte(versionPlainES+plainProgram)
			return
		}
		s.Name, s.Source, s.SourceES = "kassa-ground", []byte(version+groundProgram), []byte(versionES+groundProgram)
		if bordered() {
			s.Name, s.Source, s.SourceES = "kassa-bordered", []byte(version+borderedProgram), []byte(versionES+borderedProgram)
			s.Uniforms["line"] = g.StrokeWidth
			name(s.Uniforms, "line", line)
		}
		s.Uniforms["radius"] = g.CornerRadius
	}
	place := func(size fyne.Size) {
		if plain() {
			grown := grownBy(g)
			s.Move(fyne.NewPos(grown, grown))
			s.Resize(size.SubtractWidthHeight(2*grown, 2*grown))
			return
		}
		s.Uniforms["width"] = size.Width
		s.Move(fyne.Position{})
		s.Resize(size)
	}
	paint()
	return &painted{
		objects: []fyne.CanvasObject{s},
		layout:  place,
		min:     s.MinSize,
		refresh: func() {
			paint()
			place(g.Size())
			s.Refresh()
		},
	}
}

// grownBy is by how much Fyne paints a shader beyond each of its edges, in Fyne's units: half a pixel, rounded up, so that
// a program can soften the edge. A program that fills all there is has to be given so much less. Where a unit is no whole
// number of pixels it is given a little more again: Fyne rounds place and size apart, and what lies beside each other would
// leave a line between them.
func grownBy(o fyne.CanvasObject) float32 {
	scale := 1.0
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
		scale = float64(c.Scale())
	}
	grown := math.Round(scale / 2)
	if scale != math.Trunc(scale) {
		grown -= 0.75 / scale
	}
	return float32(grown)
}

// parts are red, green, blue and how opaque a colour is, from 0 to 1. No colour is a clear one.
func parts(c color.Color) [4]float32 {
	if c == nil {
		return [4]float32{}
	}
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return [4]float32{float32(n.R) / 255, float32(n.G) / 255, float32(n.B) / 255, float32(n.A) / 255}
}

// name gives a shader a colour: it takes numbers alone.
func name(uniforms map[string]float32, prefix string, c [4]float32) {
	uniforms[prefix+"R"], uniforms[prefix+"G"], uniforms[prefix+"B"], uniforms[prefix+"A"] = c[0], c[1], c[2], c[3]
}

// A surface with square corners is one colour. How far it goes, the object says.
const (
	versionPlain   = "#version 110\n"
	versionPlainES = "#version 100\nprecision highp float;\n"

	plainProgram = `
uniform float fillR, fillG, fillB, fillA;

void main() {
	gl_FragColor = vec4(fillR, fillG, fillB, fillA);
}
`
)

// What both other programs begin with: how far the middle of a pixel lies outside the edge, in pixels, negative inside. A corner
// sharper than half a pixel cannot be seen. Sizes come in Fyne's units; how many pixels one has, the width tells.
const (
	version   = "#version 110\n" + edge
	versionES = "#version 100\nprecision highp float;\n" + edge

	edge = `
uniform vec2 frame;
uniform vec4 bounds; // left, top, right, bottom
uniform float width, radius, fillR, fillG, fillB, fillA;

float outside(float unit) {
	float r = max(radius * unit, 0.5);
	vec2 middle = (bounds.zw - bounds.xy) * 0.5;
	vec2 p = abs(gl_FragCoord.xy - vec2(bounds.x + middle.x, frame.y - bounds.y - middle.y));
	return length(max(p - middle + r, 0.0)) - r;
}
`
	groundProgram = `
void main() {
	float d = outside((bounds.z - bounds.x) / width);
	gl_FragColor = vec4(fillR, fillG, fillB, fillA * clamp(0.5 - d, 0.0, 1.0));
}
`
	borderedProgram = `
uniform float lineR, lineG, lineB, lineA, line;

void main() {
	float unit = (bounds.z - bounds.x) / width;
	float d = outside(unit);
	float within = clamp(d + floor(line * unit + 0.5) + 0.5, 0.0, 1.0);
	vec4 c = mix(vec4(fillR, fillG, fillB, fillA), vec4(lineR, lineG, lineB, lineA), within);
	gl_FragColor = vec4(c.rgb, c.a * clamp(0.5 - d, 0.0, 1.0));
}
`
)
