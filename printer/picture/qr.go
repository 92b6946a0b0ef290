package picture

import (
	"errors"
	"fmt"
	"image"

	"github.com/skip2/go-qrcode"
)

// ErrQR tells that a QR code does not fit on the paper; the wrapping error says why.
var ErrQR = errors.New("picture: no QR code")

// Sizes of a QR code, in dots. 30 mm at 203 dpi is what a phone reads at arm's length; FNS order ЕД-7-20/236@ asks for 20
// of the code on a receipt. Modules under 4 dots run together on cheap heads and are used only for long contents.
const (
	qrDots      = 240
	moduleUsual = 4
	moduleLeast = 3

	// QuietModules is the blank space at each side of a QR code, in modules (ISO/IEC 18004).
	QuietModules = 4
)

// QR is a QR code of level M without its quiet zone.
type QR struct {
	Modules [][]bool // rows
}

// NewQR makes the code of a content. The error is ErrQR: there is too much in it, or nothing.
func NewQR(content string) (QR, error) {
	code, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return QR{}, fmt.Errorf("%w: %w", ErrQR, err)
	}
	code.DisableBorder = true
	return QR{code.Bitmap()}, nil
}

// capacityM is how many bytes codes of level M hold, from version 1 on (ISO/IEC 18004, table 7).
var capacityM = [...]int{
	14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
	711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331,
}

// Side is how many modules wide a code of level M for so many bytes is; at most, as digits and capitals alone take less
// room. The error is ErrQR: no code holds so much.
func Side(bytes int) (int, error) {
	for i, most := range capacityM {
		if bytes <= most {
			return 21 + 4*i, nil
		}
	}
	return 0, fmt.Errorf("%w: %d bytes", ErrQR, bytes)
}

// ModuleDots is the smallest module that makes a code of n modules 30 mm wide, or the largest that fits with its quiet
// zone on a line of so many dots. The error is ErrQR: it does not fit.
func ModuleDots(n, dots int) (int, error) {
	size := max((qrDots+n-1)/n, moduleUsual)
	most := dots / (n + 2*QuietModules)
	if most < moduleLeast {
		return 0, fmt.Errorf("%w: %d modules on %d dots", ErrQR, n, dots)
	}
	return min(size, most), nil
}

// Squares draws modules as squares of so many dots with the upper left corner at (x, y).
func (b *Bitmap) Squares(modules [][]bool, size, x, y int) {
	for row, cells := range modules {
		for column, dark := range cells {
			if dark {
				at := image.Pt(x+column*size, y+row*size)
				b.Fill(image.Rectangle{Min: at, Max: at.Add(image.Pt(size, size))})
			}
		}
	}
}
