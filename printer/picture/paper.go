package picture

import (
	"image"
	"image/color"
	"math"
)

// Sizes of the drawn paper around the printed area, in dots.
const (
	paperMargin = 32 // an 80 mm roll is 640 dots wide and prints on 576
	headRoom    = 36
	footRoom    = 44
	surround    = 28
	shadowDepth = 26
	shadowInset = 10 // the shadow begins under the paper, so that it is soft at the edge
	toothDots   = 16 // of a torn edge
)

// Border is how much wider than its printed area a picture of paper is, in dots.
const Border = 2 * (paperMargin + surround)

// Sheet is a piece of paper that was printed on.
type Sheet struct {
	Ink  *Bitmap
	Torn bool  // off by hand, which leaves teeth; otherwise the edges are straight
	Cuts []int // rows of Ink above which the paper was cut in between
}

// Image draws the paper, one pixel for each dot, as it would lie on a table. Nothing outside the printed area depends on
// what was printed, besides the length and the edges.
func (s Sheet) Image() *image.Paletted {
	paper := image.Rect(0, 0, s.Ink.Width+2*paperMargin, s.Ink.Height+headRoom+footRoom).Add(image.Pt(surround, surround))
	out := image.NewPaletted(image.Rect(0, 0, paper.Max.X+surround, paper.Max.Y+surround), palette())
	shadow(out, paper)
	for y := paper.Min.Y; y < paper.Max.Y; y++ {
		row := out.Pix[out.PixOffset(paper.Min.X, y):out.PixOffset(paper.Max.X, y)]
		edge := s.Torn && min(y-paper.Min.Y, paper.Max.Y-1-y) < toothDots
		for x := range row {
			if !edge || !beyondTeeth(x, y, paper) {
				row[x] = blank
			}
		}
	}
	origin := paper.Min.Add(image.Pt(paperMargin, headRoom))
	s.print(out, origin)
	for _, y := range s.Cuts {
		for x := paper.Min.X; x < paper.Max.X; x++ {
			if x/6%2 == 0 {
				out.Pix[out.PixOffset(x, origin.Y+y)] = dashes
			}
		}
	}
	return out
}

// print puts the ink on the paper.
func (s Sheet) print(out *image.Paletted, origin image.Point) {
	for y := range s.Ink.Height {
		row := out.Pix[out.PixOffset(origin.X, origin.Y+y):]
		for i, v := range s.Ink.Row(y) {
			for x := i * 8; v != 0; x++ {
				if v&0x80 != 0 {
					row[x] = ink
				}
				v <<= 1
			}
		}
	}
}

// The palette: paper, ink, the dashes of a cut, and from the table to the darkest shadow on it.
const (
	blank = iota
	ink
	dashes
	table
	shadowLevels = 64
)

func palette() color.Palette {
	p := make(color.Palette, 0, table+shadowLevels)
	p = append(p, color.RGBA{0xFD, 0xFD, 0xFA, 0xFF}, color.RGBA{0x1D, 0x1F, 0x26, 0xFF}, color.RGBA{0xA8, 0xA9, 0xAA, 0xFF})
	light, dark := color.RGBA{0xE4, 0xE7, 0xEC, 0xFF}, color.RGBA{0xA9, 0xB0, 0xBC, 0xFF}
	for i := range shadowLevels {
		p = append(p, mix(light, dark, float64(i)/(shadowLevels-1)))
	}
	return p
}

func mix(a, b color.RGBA, part float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*part)) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xFF}
}

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
			row[x] = table + uint8(depth*depth*(shadowLevels-1))
		}
	}
}

// beyondTeeth tells the points that a torn edge leaves out, at the top and at the bottom.
func beyondTeeth(x, y int, paper image.Rectangle) bool {
	tooth := x % toothDots
	tooth = min(tooth, toothDots-tooth) // height of the edge here
	return y < paper.Min.Y+tooth || y >= paper.Max.Y-tooth
}
