package printersim

import (
	"image"
	"image/color"
	"math"
)

// Sizes of the drawn picture around the printed area, in dots.
const (
	paperMargin = 32 // an 80 mm roll is 640 dots wide and prints on 576
	headRoom    = 36
	footRoom    = 44
	surround    = 28
	shadowDepth = 26
	shadowInset = 10 // the shadow begins under the paper, so that it is soft at the edge
	toothDots   = 16 // of a torn edge
)

// Image draws the paper, one pixel for each dot, as it would lie on a table. Nothing outside the printed area depends on
// the job, besides the length and the lower edge: straight when the paper was cut, toothed when it was torn off.
func (p Paper) Image() (image.Image, error) {
	ink, cuts, err := p.print()
	if err != nil {
		return nil, err
	}
	torn := p.Cuts == 0
	paper := image.Rect(0, 0, ink.Rect.Dx()+2*paperMargin, ink.Rect.Dy()+headRoom+footRoom).Add(image.Pt(surround, surround))
	out := image.NewPaletted(image.Rect(0, 0, paper.Max.X+surround, paper.Max.Y+surround), palette())
	shadow(out, paper)
	origin := paper.Min.Add(image.Pt(paperMargin, headRoom))
	for y := paper.Min.Y; y < paper.Max.Y; y++ {
		row := out.Pix[out.PixOffset(paper.Min.X, y):out.PixOffset(paper.Max.X, y)]
		edge := torn && min(y-paper.Min.Y, paper.Max.Y-1-y) < toothDots
		for x := range row {
			if !edge || !beyondTeeth(x, y, paper) {
				row[x] = inkIndex(0)
			}
		}
		if y := y - origin.Y; y >= 0 && y < ink.Rect.Dy() {
			for x, coverage := range ink.Pix[y*ink.Stride : (y+1)*ink.Stride] {
				row[paperMargin+x] = inkIndex(coverage)
			}
		}
	}
	for _, y := range cuts {
		for x := paper.Min.X; x < paper.Max.X; x++ {
			if x/6%2 == 0 {
				out.Pix[out.PixOffset(x, origin.Y+y)] = inkIndex(0x60)
			}
		}
	}
	return out, nil
}

// print puts all ink on the printed area and tells where cuts lie between pieces of paper.
func (p Paper) print() (ink *image.Alpha, cuts []int, err error) {
	columns := p.Columns
	if columns <= 0 {
		columns = DefaultColumns
	}
	ink = image.NewAlpha(image.Rect(0, 0, columns*cellWidth, p.length(columns)))
	pen, err := newPen(ink)
	if err != nil {
		return nil, nil, err
	}
	y := 0
	for i, item := range p.Items {
		height := item.Feed
		switch {
		case item.Line != nil:
			height, err = pen.text(*item.Line, y)
		case item.Picture != nil:
			pen.picture(item.Picture.Image, item.Picture.Place, y)
			height = item.Picture.Image.Rect.Dy()
		case item.Code != nil:
			height, err = pen.code(*item.Code, y)
		case item.Barcode != nil:
			height, err = pen.barcode(*item.Barcode, y)
		case item.Cut && i < len(p.Items)-1:
			cuts = append(cuts, y)
		}
		if err != nil {
			return nil, nil, err
		}
		y += height
	}
	return ink, cuts, nil
}

// length is how many dots of paper the items take, with lines that the printer has to break.
func (p Paper) length(columns int) int {
	rows := 0
	for _, item := range p.Items {
		switch {
		case item.Line != nil:
			pieces := 1 + item.Line.Columns()/columns
			if item.Line.Columns() <= columns {
				pieces = 1
			}
			rows += pieces * item.Line.height()
		case item.Picture != nil:
			rows += item.Picture.Image.Rect.Dy()
		case item.Code != nil:
			rows += item.Code.Modules * item.Code.Module
		case item.Barcode != nil:
			rows += item.Barcode.rows()
		}
		rows += item.Feed
	}
	return min(rows, maxRows)
}

// The palette: from paper to ink, then from the table to the darkest shadow on it.
const (
	inkLevels    = 192
	shadowLevels = 64
)

func palette() color.Palette {
	p := make(color.Palette, 0, inkLevels+shadowLevels)
	white, black := color.RGBA{0xFD, 0xFD, 0xFA, 0xFF}, color.RGBA{0x1D, 0x1F, 0x26, 0xFF}
	for i := range inkLevels {
		p = append(p, mix(white, black, float64(i)/(inkLevels-1)))
	}
	table, dark := color.RGBA{0xE4, 0xE7, 0xEC, 0xFF}, color.RGBA{0xA9, 0xB0, 0xBC, 0xFF}
	for i := range shadowLevels {
		p = append(p, mix(table, dark, float64(i)/(shadowLevels-1)))
	}
	return p
}

func mix(a, b color.RGBA, part float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*part)) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xFF}
}

func inkIndex(coverage uint8) uint8 { return uint8(int(coverage) * (inkLevels - 1) / 0xFF) }

// shadow paints the table with the paper's soft shadow on it.
func shadow(out *image.Paletted, paper image.Rectangle) {
	cast := paper.Inset(shadowInset).Add(image.Pt(0, shadowInset/2))
	for y := range out.Rect.Dy() {
		row := out.Pix[y*out.Stride : (y+1)*out.Stride]
		if y > cast.Min.Y && y < cast.Max.Y {
			copy(row, out.Pix[(y-1)*out.Stride:]) // beside the paper all rows are the same
			continue
		}
		dy := max(cast.Min.Y-y, y-cast.Max.Y+1, 0)
		for x := range row {
			dx := max(cast.Min.X-x, x-cast.Max.X+1, 0)
			depth := max(1-math.Hypot(float64(dx), float64(dy))/shadowDepth, 0)
			row[x] = inkLevels + uint8(depth*depth*(shadowLevels-1))
		}
	}
}

// beyondTeeth tells the points that a torn edge leaves out, at the top and at the bottom.
func beyondTeeth(x, y int, paper image.Rectangle) bool {
	tooth := x % toothDots
	tooth = min(tooth, toothDots-tooth) // height of the edge here
	return y < paper.Min.Y+tooth || y >= paper.Max.Y-tooth
}
