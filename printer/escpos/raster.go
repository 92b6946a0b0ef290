package escpos

import (
	"bytes"

	"kassa/printer/picture"
)

// bandRows is the height of one picture as it is sent. Taller ones overrun the buffers of cheap printers.
const bandRows = 128

// stripeRows is the height of an ESC * picture.
const stripeRows = 24

// bitmap prints the dots of a line across the paper. What is blank above and below is fed, and what is blank at the right
// is not sent. Centring is done in the picture itself, because some printers align text alone.
func (e *encoder) bitmap(b *picture.Bitmap) {
	e.set(style{})
	ink := b.Ink()
	if ink.Empty() {
		e.feed(b.Height)
		return
	}
	e.feed(ink.Min.Y)
	end := ink.Max.Y
	if e.profile.Raster == RasterColumns {
		end = e.stripes(b, ink.Min.Y, ink.Max.Y, ink.Max.X)
	} else {
		e.bands(b, ink.Min.Y, ink.Max.Y, (ink.Max.X+7)/8)
	}
	e.feed(b.Height - end)
}

// feed moves the paper by so many dots.
func (e *encoder) feed(dots int) {
	for dots > 0 {
		n := min(dots, 255)
		e.raw(esc, 'J', byte(n))
		dots -= n
	}
}

// bands sends the rows from top to bottom, so many bytes of each, as pictures of at most bandRows.
func (e *encoder) bands(b *picture.Bitmap, top, bottom, stride int) {
	for top < bottom {
		rows := min(bandRows, bottom-top)
		e.scratch = e.scratch[:0]
		switch e.profile.Raster {
		case RasterGraphics:
			for hasRealTime(graphicsLength(stride, rows)) {
				rows--
			}
			e.scratch = append(e.scratch, gs, '(', 'L')
			e.scratch = append(e.scratch, graphicsLength(stride, rows)...)
			e.scratch = append(e.scratch, '0', 'p', '0', 1, 1, '1', byte(stride*8), byte(stride*8>>8), byte(rows), 0)
		default:
			e.scratch = append(e.scratch, gs, 'v', '0', 0, byte(stride), 0, byte(rows), 0)
		}
		head := len(e.scratch)
		for y := top; y < top+rows; y++ {
			e.scratch = append(e.scratch, b.Row(y)[:stride]...)
		}
		disarm(e.scratch[head:])
		if e.profile.Raster == RasterGraphics {
			e.scratch = append(e.scratch, gs, '(', 'L', 2, 0, '0', '2')
		}
		e.raw(e.scratch...)
		top += rows
	}
}

// graphicsLength is the length that GS ( L announces for a picture.
func graphicsLength(stride, rows int) []byte {
	n := 10 + stride*rows
	return []byte{byte(n), byte(n >> 8)}
}

// stripes sends the rows from top to bottom, so many dots of each, as columns of 24 dots, and tells the row below the last
// stripe, which may lie below the bitmap.
func (e *encoder) stripes(b *picture.Bitmap, top, bottom, dots int) int {
	e.raw(esc, '3', stripeRows)
	for ; top < bottom; top += stripeRows {
		e.scratch = append(e.scratch[:0], esc, '*', 33, byte(dots), byte(dots>>8))
		for x := range dots {
			var column uint32
			for i := range stripeRows {
				column <<= 1
				if b.Dot(x, top+i) {
					column |= 1
				}
			}
			e.scratch = append(e.scratch, byte(column>>16), byte(column>>8), byte(column))
		}
		disarm(e.scratch[5:])
		e.raw(append(e.scratch, lf)...)
	}
	e.raw(esc, '2')
	return top
}

// realTime are the commands that printers obey on receipt, also inside other data: status (DLE EOT), recovery
// (DLE ENQ), and the DLE DC4 family: drawer pulse, power off, buffer clear. Their parameters are left out, which covers the
// variants of all models.
var realTime = [][]byte{{0x10, 0x04}, {0x10, 0x05}, {0x10, 0x14}}

func hasRealTime(data []byte) bool {
	for _, c := range realTime {
		if bytes.Contains(data, c) {
			return true
		}
	}
	return false
}

// disarm changes the dots of a picture until no command is in them that printers would obey there: beside the one black
// dot of 0x10 it sets the next one. Nobody sees an eighth of a millimetre more of ink.
func disarm(dots []byte) {
	for _, c := range realTime {
		for rest := dots; ; {
			at := bytes.Index(rest, c)
			if at < 0 {
				break
			}
			rest[at] |= 0x08
			rest = rest[at+1:]
		}
	}
}
