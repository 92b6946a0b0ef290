package printersim

import (
	"fmt"
	"image"
	"image/draw"

	"github.com/skip2/go-qrcode"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

func (c Code) modules() ([][]bool, error) {
	level, ok := map[byte]qrcode.RecoveryLevel{
		'L': qrcode.Low, 'M': qrcode.Medium, 'Q': qrcode.High, 'H': qrcode.Highest,
	}[c.Level]
	if !ok {
		return nil, fmt.Errorf("printersim: QR level %q", c.Level)
	}
	code, err := qrcode.New(c.Content, level)
	if err != nil {
		return nil, fmt.Errorf("drawing a QR code: %w", err)
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}

// pen draws letters into ink, where 0 is blank and 0xFF black. It belongs to one drawing.
type pen struct {
	ink     *image.Alpha
	regular *opentype.Font
	bold    *opentype.Font
	faces   map[faceKey]font.Face
	cells   map[cellKey]*image.Alpha
	last    Code // the code drawn last, and what it looks like
	modules [][]bool
}

type faceKey struct {
	bold  bool
	times int
}

type cellKey struct {
	letter        rune
	bold          bool
	width, height int
}

func newPen(ink *image.Alpha) (*pen, error) {
	regular, err := opentype.Parse(gomono.TTF)
	if err != nil {
		return nil, fmt.Errorf("reading the paper's font: %w", err)
	}
	bold, err := opentype.Parse(gomonobold.TTF)
	if err != nil {
		return nil, fmt.Errorf("reading the paper's bold font: %w", err)
	}
	return &pen{
		ink: ink, regular: regular, bold: bold,
		faces: map[faceKey]font.Face{}, cells: map[cellKey]*image.Alpha{},
	}, nil
}

// face is the font at a size whose letters are 12 dots wide, times so many: Go Mono is 0.6 em wide.
func (p *pen) face(key faceKey) (font.Face, error) {
	if f, ok := p.faces[key]; ok {
		return f, nil
	}
	source := p.regular
	if key.bold {
		source = p.bold
	}
	f, err := opentype.NewFace(source, &opentype.FaceOptions{Size: float64(cellWidth*key.times) / 0.6, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("sizing the paper's font: %w", err)
	}
	p.faces[key] = f
	return f, nil
}

// cell is one letter drawn in its cell. Letters stretched one way are drawn large and squeezed the other way.
func (p *pen) cell(key cellKey) (*image.Alpha, error) {
	if c, ok := p.cells[key]; ok {
		return c, nil
	}
	times := max(key.width, key.height)
	c := image.NewAlpha(image.Rect(0, 0, cellWidth*times, cellHeight*times))
	if !rule(c, key.letter, times) {
		face, err := p.face(faceKey{key.bold, times})
		if err != nil {
			return nil, err
		}
		d := font.Drawer{Dst: c, Src: image.Opaque, Face: face, Dot: fixed.P(0, 19*times)}
		d.DrawString(string(key.letter))
	}
	if key.width != key.height {
		squeezed := image.NewAlpha(image.Rect(0, 0, cellWidth*key.width, cellHeight*key.height))
		xdraw.CatmullRom.Scale(squeezed, squeezed.Rect, c, c.Rect, draw.Src, nil)
		c = squeezed
	}
	p.cells[key] = c
	return c, nil
}

// rule draws horizontal box lines from edge to edge, so that they join.
func rule(c *image.Alpha, letter rune, times int) bool {
	middle := c.Rect.Dy() / 2
	var lines []int
	switch letter {
	case '─':
		lines = []int{middle - times}
	case '═':
		lines = []int{middle - 3*times, middle + times}
	default:
		return false
	}
	for _, y := range lines {
		draw.Draw(c, image.Rect(0, y, c.Rect.Dx(), y+2*times), image.Opaque, image.Point{}, draw.Src)
	}
	return true
}

// text draws a line whose top is at y. Letters beyond the area go to further lines, as printers put them; the height of
// all is returned.
func (p *pen) text(l Line, y int) (int, error) {
	area := p.ink.Rect.Dx()
	tallest := 1
	for _, s := range l.Spans {
		tallest = max(tallest, s.Height)
	}
	x := offset(l.Place, l.Columns()*cellWidth, area)
	top := y
	for _, s := range l.Spans {
		for _, r := range s.Text {
			if x+s.Width*cellWidth > area && x > 0 {
				x, y = 0, y+max(l.Pitch, tallest*cellHeight)
			}
			c, err := p.cell(cellKey{r, s.Bold, s.Width, s.Height})
			if err != nil {
				return 0, err
			}
			at := image.Pt(x, y+(tallest-s.Height)*cellHeight)
			p.letter(c, at, s)
			x += c.Rect.Dx()
		}
	}
	return y - top + l.height(), nil
}

// letter puts a drawn cell on the paper. What would stand beyond the paper is lost.
func (p *pen) letter(c *image.Alpha, at image.Point, s Span) {
	inside := c.Rect.Add(at).Intersect(p.ink.Rect)
	for y := inside.Min.Y; y < inside.Max.Y; y++ {
		to := p.ink.Pix[p.ink.PixOffset(inside.Min.X, y):p.ink.PixOffset(inside.Max.X, y)]
		from := c.Pix[c.PixOffset(inside.Min.X-at.X, y-at.Y):]
		underlined := s.Underline && y >= at.Y+c.Rect.Dy()-2
		for x := range to {
			switch {
			case underlined:
				to[x] = 0xFF
			case s.Reverse:
				to[x] = 0xFF - from[x]
			default:
				to[x] = max(to[x], from[x])
			}
		}
	}
}

// picture draws the dark dots of a picture with its top at y.
func (p *pen) picture(img *image.Gray, place Place, y int) {
	left := offset(place, img.Rect.Dx(), p.ink.Rect.Dx())
	width := min(img.Rect.Dx(), p.ink.Rect.Dx()-left)
	for row := range min(img.Rect.Dy(), p.ink.Rect.Dy()-y) {
		to := p.ink.Pix[p.ink.PixOffset(left, y+row):]
		for x, v := range img.Pix[row*img.Stride : row*img.Stride+width] {
			if v < 0x80 {
				to[x] = 0xFF
			}
		}
	}
}

// code draws a QR code with its top at y and gives its height. A code wider than the paper is not
// printed: its place stays empty.
func (p *pen) code(c Code, y int) (int, error) {
	if c.Content != p.last.Content || c.Level != p.last.Level {
		modules, err := c.modules()
		if err != nil {
			return 0, err
		}
		p.last, p.modules = c, modules
	}
	size := c.Modules * c.Module
	if size > p.ink.Rect.Dx() {
		return size, nil
	}
	left := offset(c.Place, size, p.ink.Rect.Dx())
	for row := range p.modules {
		for column, dark := range p.modules[row] {
			if dark {
				at := image.Pt(left+column*c.Module, y+row*c.Module)
				draw.Draw(p.ink, image.Rectangle{at, at.Add(image.Pt(c.Module, c.Module))}, image.Opaque, image.Point{}, draw.Src)
			}
		}
	}
	return size, nil
}

// offset is where something so wide begins in an area.
func offset(place Place, width, area int) int {
	switch place {
	case AtCenter:
		return max((area-width)/2, 0)
	case AtRight:
		return max(area-width, 0)
	}
	return 0
}
