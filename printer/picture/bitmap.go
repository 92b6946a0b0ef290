package picture

import (
	"image"
	"math/bits"
)

// Bitmap is ink on paper: one bit for each dot, set where it is black, in rows of whole bytes whose highest bit is the
// leftmost dot. That is how receipt printers take pictures.
type Bitmap struct {
	Width, Height int
	Stride        int // bytes from row to row
	Bits          []byte
}

// NewBitmap makes a blank one. Negative sizes count as zero.
func NewBitmap(width, height int) *Bitmap {
	width, height = max(width, 0), max(height, 0)
	stride := (width + 7) / 8
	return &Bitmap{Width: width, Height: height, Stride: stride, Bits: make([]byte, stride*height)}
}

// Dot tells whether a dot is black. There is no ink outside the bitmap.
func (b *Bitmap) Dot(x, y int) bool {
	if x < 0 || y < 0 || x >= b.Width || y >= b.Height {
		return false
	}
	return b.Bits[y*b.Stride+x/8]&(0x80>>(x%8)) != 0
}

// Row is the dots of one row.
func (b *Bitmap) Row(y int) []byte { return b.Bits[y*b.Stride : (y+1)*b.Stride] }

// Fill blackens a rectangle, as far as it lies inside.
func (b *Bitmap) Fill(r image.Rectangle) {
	r = r.Intersect(image.Rect(0, 0, b.Width, b.Height))
	if r.Empty() {
		return
	}
	first, last := r.Min.X/8, (r.Max.X-1)/8
	left, right := byte(0xFF)>>(r.Min.X%8), byte(0xFF)<<(7-(r.Max.X-1)%8)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := b.Row(y)
		if first == last {
			row[first] |= left & right
			continue
		}
		row[first] |= left
		for i := first + 1; i < last; i++ {
			row[i] = 0xFF
		}
		row[last] |= right
	}
}

// Paste adds the ink of another bitmap with its corner at (x, y). What lies outside is lost.
func (b *Bitmap) Paste(from *Bitmap, x, y int) {
	for row := range from.Height {
		if at := y + row; at >= 0 && at < b.Height {
			b.pasteRow(from.Row(row), from.Width, x, at)
		}
	}
}

func (b *Bitmap) pasteRow(from []byte, width, x, y int) {
	for i, v := range from {
		if v == 0 {
			continue
		}
		n := min(width-i*8, 8)
		b.or(uint64(v>>(8-n)), n, x+i*8, y)
	}
}

// or adds n dots, of which the lowest bit is the rightmost, with the first of them at (x, y), which may lie outside. n is
// at most 56.
func (b *Bitmap) or(dots uint64, n, x, y int) {
	if y < 0 || y >= b.Height || x >= b.Width {
		return
	}
	if x < 0 {
		if n += x; n <= 0 {
			return
		}
		dots &= 1<<n - 1
		x = 0
	}
	if beyond := x + n - b.Width; beyond > 0 {
		dots >>= beyond
		n -= beyond
	}
	// dots to the top of 64 bits, then down to their place in the first byte
	dots = dots << (64 - n) >> (x % 8)
	for at := y*b.Stride + x/8; dots != 0; at++ {
		b.Bits[at] |= byte(dots >> 56)
		dots <<= 8
	}
}

// Ink is the least rectangle that holds every black dot; empty when there is none.
func (b *Bitmap) Ink() image.Rectangle {
	r := image.Rectangle{Min: image.Pt(b.Width, b.Height)}
	for y := range b.Height {
		row := b.Row(y)
		for i, v := range row {
			if v == 0 {
				continue
			}
			r.Min.Y, r.Max.Y = min(r.Min.Y, y), y+1
			r.Min.X = min(r.Min.X, i*8+bits.LeadingZeros8(v))
			r.Max.X = max(r.Max.X, i*8+8-bits.TrailingZeros8(v))
		}
	}
	if r.Max.Y == 0 {
		return image.Rectangle{}
	}
	return r
}
