package escpos

import (
	"bytes"
	"image"
)

// bandRows is the height of one GS v 0 picture. Taller ones overrun the buffers of cheap printers.
const bandRows = 128

// raster draws a picture in the middle of a line of the given dots, as GS v 0 bands of exact length. A dot is black
// when it is darker than half. What is wider than the line is cut off on the right.
//
// Printers obey real-time commands wherever they stand, so a picture may not hold the bytes of one: it is moved aside
// by some dots until it does not; false tells that no place was found. Centring is done in the picture itself, because some printers align text alone.
func raster(img *image.Gray, dots int) ([]byte, bool) {
	middle := max((dots-img.Bounds().Dx())/2, 0)
	for _, shift := range []int{0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7} {
		if left := middle + shift; left >= 0 {
			if out := rasterAt(img, left, dots); !hasRealTime(out) {
				return out, true
			}
		}
	}
	return nil, false
}

func rasterAt(img *image.Gray, left, dots int) []byte {
	b := img.Bounds()
	width := min(left+b.Dx(), dots)
	stride := (width + 7) / 8
	var out []byte
	for top := 0; top < b.Dy(); top += bandRows {
		rows := min(bandRows, b.Dy()-top)
		out = append(out, gs, 'v', '0', 0, byte(stride), byte(stride>>8), byte(rows), byte(rows>>8))
		band := make([]byte, stride*rows)
		for y := range rows {
			for x := left; x < width; x++ {
				if img.GrayAt(b.Min.X+x-left, b.Min.Y+top+y).Y < 0x80 {
					band[y*stride+x/8] |= 0x80 >> (x % 8)
				}
			}
		}
		out = append(out, band...)
	}
	return out
}

// realTime are the commands that printers obey on receipt, also inside other data: status (DLE EOT), recovery
// (DLE ENQ), and the DLE DC4 family: drawer pulse, power off, buffer clear. Their parameters are left out, which covers the variants of
// all models.
var realTime = [][]byte{{0x10, 0x04}, {0x10, 0x05}, {0x10, 0x14}}

func hasRealTime(data []byte) bool {
	for _, c := range realTime {
		if bytes.Contains(data, c) {
			return true
		}
	}
	return false
}
