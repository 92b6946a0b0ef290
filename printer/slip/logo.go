package slip

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // a logo may be one
	"image/png"

	xdraw "golang.org/x/image/draw"

	"kassa/printer"
)

// Bounds of a logo.
const (
	MaxLogoFile = 8 << 20 // bytes of the file that it comes from
	maxLogoSide = 4000    // dots of the picture in that file
	minLogoSide = 8
	logoHeight  = 240      // dots on paper: 3 cm
	maxLogo     = 64 << 10 // bytes as it is kept
)

// ErrLogo tells that a file cannot be a logo; the wrapping error says why.
var ErrLogo = errors.New("slip: bad logo")

// ReadLogo makes a logo of what a PNG or JPEG file holds: black dots on paper, at most so many wide, on a height that does
// not waste the roll. Shades become a pattern of dots; transparent parts stay white, and white borders are cut off. The
// error is ErrLogo.
func ReadLogo(file []byte, width int) (*printer.Picture, error) {
	if len(file) > MaxLogoFile {
		return nil, fmt.Errorf("%w: a file of %d bytes", ErrLogo, len(file))
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(file))
	switch {
	case err != nil || kind != "png" && kind != "jpeg":
		return nil, fmt.Errorf("%w: neither PNG nor JPEG", ErrLogo)
	case head.Width < minLogoSide || head.Height < minLogoSide || head.Width > maxLogoSide || head.Height > maxLogoSide:
		return nil, fmt.Errorf("%w: %d by %d dots", ErrLogo, head.Width, head.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: the picture is damaged", ErrLogo)
	}
	gray := trimmed(onWhite(img))
	if gray.Rect.Empty() {
		return nil, fmt.Errorf("%w: nothing on it", ErrLogo)
	}
	var out bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&out, dots(fitted(gray, width, logoHeight))); err != nil {
		return nil, fmt.Errorf("writing a logo: %w", err)
	}
	return &printer.Picture{PNG: out.Bytes()}, nil
}

// CheckLogo tells what is wrong with a logo that ReadLogo may have made, or nil; there may be none. The error is ErrLogo.
func CheckLogo(logo *printer.Picture) error {
	if logo == nil {
		return nil
	}
	head, err := png.DecodeConfig(bytes.NewReader(logo.PNG))
	if err != nil || len(logo.PNG) > maxLogo || head.Width > maxLogoSide || head.Height > logoHeight {
		return fmt.Errorf("%w: %d bytes, %d by %d dots", ErrLogo, len(logo.PNG), head.Width, head.Height)
	}
	return nil
}

// onWhite is a picture in shades of gray, on white where it is transparent.
func onWhite(img image.Image) *image.Gray {
	b := img.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, img, b.Min, draw.Over)
	gray := image.NewGray(flat.Rect)
	draw.Draw(gray, gray.Rect, flat, image.Point{}, draw.Src)
	return gray
}

// The shades between which a dot is neither black nor white.
const (
	dark  = 0x40
	light = 0xE0
)

// trimmed is a picture without its white borders.
func trimmed(g *image.Gray) *image.Gray {
	used := image.Rectangle{}
	for y := range g.Rect.Dy() {
		for x, v := range g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()] {
			if v < light {
				used = used.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return g.SubImage(used).(*image.Gray)
}

// fitted is a picture made smaller until it is at most so wide and high.
func fitted(g *image.Gray, width, height int) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if w > width {
		w, h = width, max(h*width/w, 1)
	}
	if h > height {
		w, h = max(w*height/h, 1), height
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	if w == g.Rect.Dx() && h == g.Rect.Dy() {
		draw.Draw(out, out.Rect, g, g.Rect.Min, draw.Src)
	} else {
		xdraw.CatmullRom.Scale(out, out.Rect, g, g.Rect, draw.Src, nil)
	}
	return out
}

// manyShades is the part of a picture, one in so many dots, from which on it is a photograph: the edges of a drawing that
// was made smaller have shades too.
const manyShades = 4

// dots is a picture in black and white.
func dots(g *image.Gray) *image.Paletted {
	out := image.NewPaletted(g.Rect, color.Palette{color.White, color.Black})
	shades := 0
	for _, v := range g.Pix {
		if v >= dark && v < light {
			shades++
		}
	}
	if shades > len(g.Pix)/manyShades {
		draw.FloydSteinberg.Draw(out, out.Rect, g, image.Point{})
		return out
	}
	for i, v := range g.Pix {
		if v < 0x80 {
			out.Pix[i] = 1
		}
	}
	return out
}
