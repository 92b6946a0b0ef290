package kit

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// lattice lies over the cells of a Grid and paints what is between them, and their corners. The cells themselves may stay as
// the window was cleared, or have a plain ground of a colour. Cells cover nearly all of a window: where there is no graphics
// card, painting the little between them takes a quarter of the time that cells with corners of their own would take.
type lattice struct {
	root   *fyne.Container
	colour color.NRGBA // between the cells
	radius float32     // of the cells' corners

	plain []*Ground // what is in use, and what was and may be again
	bands []*band
	whole *canvas.Raster // all of it, for drivers that know no shaders
	cells cells
}

func newLattice(colour color.NRGBA, radius float32) *lattice {
	return &lattice{root: &fyne.Container{}, colour: colour, radius: radius}
}

// cells is where the cells of a grid are.
type cells struct {
	size          fyne.Size // of the whole grid
	width, height float32   // of a cell
	gap           float32
	columns       int
	count         int     // of all cells, also those out of sight
	at            float32 // how far it is scrolled down
}

func (c cells) rows() int { return (c.count + c.columns - 1) / c.columns }

// left is where a column begins, and top where a row does.
func (c cells) left(column int) float32 { return float32(column) * (c.width + c.gap) }
func (c cells) top(row int) float32     { return float32(row)*(c.height+c.gap) - c.at }

// seen are the rows in sight: the first one, and the one behind the last.
func (c cells) seen() (first, last int) {
	step := c.height + c.gap
	return int(c.at / step), min(int(math.Ceil(float64((c.at+c.size.Height)/step))), c.rows())
}

// rect is a part of a grid.
type rect struct{ x, y, width, height float32 }

// between is everything in sight that is no cell, but for the cells' corners.
func (c cells) between() []rect {
	var all []rect
	add := func(x, y, right, bottom float32) {
		if y, bottom = max(y, 0), min(bottom, c.size.Height); right > x && bottom > y {
			all = append(all, rect{x, y, right - x, bottom - y})
		}
	}
	end := c.left(c.columns) - c.gap // where the last column ends
	bottom := c.top(c.rows()) - c.gap
	if c.count == 0 {
		bottom = 0
	}
	for i := 1; i < c.columns; i++ {
		add(c.left(i)-c.gap, 0, c.left(i), bottom)
	}
	add(end, 0, c.size.Width, c.size.Height)
	if left := c.count % c.columns; left > 0 {
		add(c.left(left), c.top(c.rows()-1), end, bottom)
	}
	add(0, bottom, end, c.size.Height)
	return all
}

// place puts everything where it belongs.
func (l *lattice) place(c cells) {
	if _, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		l.shaded(c)
		return
	}
	l.raster(c)
}

// shaded paints plain surfaces, and a band over every row in sight and under the last one.
func (l *lattice) shaded(c cells) {
	l.root.Objects = l.root.Objects[:0]
	for i, r := range c.between() {
		if i == len(l.plain) {
			l.plain = append(l.plain, Fill(l.colour, 0))
		}
		l.put(l.plain[i], r)
	}
	if c.count == 0 {
		return
	}
	first, last := c.seen()
	for i := range last - first + 1 {
		if i == len(l.bands) {
			l.bands = append(l.bands, newBand())
		}
		l.bands[i].set(l.colour, l.radius, c)
		l.put(l.bands[i], rect{0, c.top(first+i) - c.gap - l.radius, c.left(c.columns) - c.gap, c.gap + 2*l.radius})
	}
}

// raster paints the lattice pixel by pixel, for drivers that know no shaders.
func (l *lattice) raster(c cells) {
	l.cells = c
	if l.whole == nil {
		l.whole = canvas.NewRasterWithPixels(func(x, y, width, _ int) color.Color {
			unit := l.cells.size.Width / float32(width)
			p := l.colour
			p.A = uint8(float32(p.A)*l.cells.outside((float32(x)+0.5)*unit, (float32(y)+0.5)*unit, l.radius) + 0.5)
			return p
		})
	}
	l.root.Objects = l.root.Objects[:0]
	l.put(l.whole, rect{0, 0, c.size.Width, c.size.Height})
	l.whole.Refresh()
}

// outside is how much of a place is no cell, from 0 to 1.
func (c cells) outside(x, y, radius float32) float32 {
	column, row := int(x/(c.width+c.gap)), int((y+c.at)/(c.height+c.gap))
	if column >= c.columns || row*c.columns+column >= c.count {
		return 1
	}
	px := math.Abs(float64(x-c.left(column)-c.width/2)) - float64(c.width/2-radius)
	py := math.Abs(float64(y-c.top(row)-c.height/2)) - float64(c.height/2-radius)
	d := math.Hypot(max(px, 0), max(py, 0)) - float64(radius)
	return float32(max(min(d+0.5, 1), 0))
}

func (l *lattice) put(o fyne.CanvasObject, r rect) {
	o.Move(fyne.NewPos(r.x, r.y))
	o.Resize(fyne.NewSize(r.width, r.height))
	l.root.Objects = append(l.root.Objects, o)
}

// band paints what lies between two rows of cells, with the cells' corners above and below.
type band struct {
	widget.BaseWidget
	shader *canvas.Shader
}

func newBand() *band {
	b := &band{shader: &canvas.Shader{
		Name: "kassa-band", Source: []byte(version + bandProgram), SourceES: []byte(versionES + bandProgram),
		Uniforms: map[string]float32{},
	}}
	b.ExtendBaseWidget(b)
	return b
}

func (b *band) set(colour color.NRGBA, radius float32, c cells) {
	u := b.shader.Uniforms
	name(u, "fill", parts(colour))
	u["radius"], u["cell"], u["gap"], u["width"] = radius, c.width, c.gap, c.left(c.columns)-c.gap
}

// CreateRenderer implements fyne.Widget.
func (b *band) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(b.shader)
}

// Every cell of a row is like the next one, so that one program paints them all: how far a pixel lies outside of the
// nearest one, it tells from where it lies between two of them.
const bandProgram = `
uniform float cell, gap;

void main() {
	float unit = (bounds.z - bounds.x) / width;
	float r = radius * unit;
	float middle = cell * unit * 0.5;
	float x = mod(gl_FragCoord.x - bounds.x, (cell + gap) * unit);
	float y = frame.y - gl_FragCoord.y - (bounds.y + bounds.w) * 0.5;
	vec2 p = vec2(abs(x - middle) - middle, gap * unit * 0.5 - abs(y)) + r;
	float d = length(max(p, 0.0)) - r;
	gl_FragColor = vec4(fillR, fillG, fillB, fillA * clamp(d + 0.5, 0.0, 1.0));
}
`
