package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"

	xdraw "golang.org/x/image/draw"

	"kassa/printer"
)

// Bounds of a printer.Picture: a small file may unfold into more memory than there is.
const (
	MaxPNG  = 256 << 10 // bytes
	MaxSide = 2048      // dots
	MaxArea = 1 << 20   // dots; with 16 bits a colour, 8 MB while it is read
	maxRows = 640       // of paper: 8 cm
)

// ErrPicture tells that a picture cannot be printed; the wrapping error says why.
var ErrPicture = errors.New("picture: cannot be printed")

// Check tells whether a picture can be printed on paper of any width. The error is ErrPicture.
func Check(p printer.Picture) error {
	_, err := Read(p, MaxSide)
	return err
}

// Read gives the dots of a picture for paper that has so many on a line. A picture that is too large for the paper is made
// smaller; a smaller one stays as it is. What is transparent is white. The error is ErrPicture.
func Read(p printer.Picture, dots int) (*Bitmap, error) {
	if len(p.PNG) > MaxPNG {
		return nil, fmt.Errorf("%w: %d bytes", ErrPicture, len(p.PNG))
	}
	head, err := png.DecodeConfig(bytes.NewReader(p.PNG))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	case head.Width > MaxSide || head.Height > MaxSide || head.Width*head.Height > MaxArea:
		return nil, fmt.Errorf("%w: %d by %d dots", ErrPicture, head.Width, head.Height)
	}
	img, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	gray := onWhite(img, fit(img.Bounds().Size(), dots))
	if p.Photo {
		dither(gray)
	}
	return threshold(gray), nil
}

// fit is the size of a picture on paper, with its proportions kept.
func fit(size image.Point, dots int) image.Point {
	if size.X > dots {
		size = image.Pt(dots, max(size.Y*dots/size.X, 1))
	}
	if size.Y > maxRows {
		size = image.Pt(max(size.X*maxRows/size.Y, 1), maxRows)
	}
	return size
}

// onWhite is a picture in shades of gray, made smaller to the given size.
func onWhite(img image.Image, size image.Point) *image.Gray {
	gray := image.NewGray(image.Rectangle{Max: size})
	if p, ok := img.(*image.Paletted); ok && p.Rect.Size() == size {
		unpalette(gray, p)
		return gray
	}
	draw.Draw(gray, gray.Rect, image.White, image.Point{}, draw.Src)
	if img.Bounds().Size() == size {
		draw.Draw(gray, gray.Rect, img, img.Bounds().Min, draw.Over)
	} else {
		xdraw.CatmullRom.Scale(gray, gray.Rect, img, img.Bounds(), draw.Over, nil)
	}
	return gray
}

// unpalette does for pictures of few colours, as logos are kept, what onWhite does for all, a hundred times faster.
func unpalette(to *image.Gray, from *image.Paletted) {
	var shades [256]byte
	for i, c := range from.Palette {
		r, g, b, a := c.RGBA()
		light := (19595*r + 38470*g + 7471*b + 1<<15) >> 16 // as color.GrayModel weighs them
		shades[i] = byte((light + 0xFFFF - a) >> 8)
	}
	for y := range to.Rect.Dy() {
		row := from.Pix[y*from.Stride : y*from.Stride+to.Rect.Dx()]
		for x, v := range row {
			to.Pix[y*to.Stride+x] = shades[v]
		}
	}
}

const half = 0x80 // darker is black

func threshold(g *image.Gray) *Bitmap {
	b := NewBitmap(g.Rect.Dx(), g.Rect.Dy())
	for y := range b.Height {
		row := b.Row(y)
		for x, v := range g.Pix[y*g.Stride : y*g.Stride+b.Width] {
			if v < half {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return b
}

// dither turns shades into black and white dots by Atkinson's rule: of what a dot is too dark or too light by, six
// neighbours that come later take an eighth each. The rest is dropped, which keeps thermal paper from going black.
func dither(g *image.Gray) {
	width, height := g.Rect.Dx(), g.Rect.Dy()
	for y := range height {
		for x := range width {
			at := y*g.Stride + x
			old := int(g.Pix[at])
			dot := 0
			if old >= half {
				dot = 0xFF
			}
			g.Pix[at] = byte(dot)
			for _, d := range [...]image.Point{{1, 0}, {2, 0}, {-1, 1}, {0, 1}, {1, 1}, {0, 2}} {
				if nx, ny := x+d.X, y+d.Y; nx >= 0 && nx < width && ny < height {
					to := &g.Pix[ny*g.Stride+nx]
					*to = byte(min(max(int(*to)+(old-dot)/8, 0), 0xFF))
				}
			}
		}
	}
}
