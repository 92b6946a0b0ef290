package samples

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"kassa/printer"
)

// logoSide is the side of the logo, in dots: 12 mm on paper.
const logoSide = 96

// logo is a daisy.
func logo() *printer.Picture {
	img := image.NewPaletted(image.Rect(0, 0, logoSide, logoSide), color.Palette{color.White, color.Black})
	for y := range logoSide {
		for x := range logoSide {
			if daisy(float64(x)-logoSide/2+0.5, float64(y)-logoSide/2+0.5) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil // a picture in memory can be written
	}
	return &printer.Picture{PNG: b.Bytes()}
}

// daisy tells whether a dot is black, so far from the middle.
func daisy(x, y float64) bool {
	const petals, heart = 12, 12.0
	r := math.Hypot(x, y)
	if r < heart {
		return true
	}
	leaf := math.Abs(math.Cos(math.Atan2(y, x) * petals / 2))
	edge := heart + 5 + (logoSide/2-heart-6)*math.Sqrt(leaf)
	return r > heart+4 && r < edge && leaf > 0.45 && (r > edge-3 || leaf < 0.62)
}
