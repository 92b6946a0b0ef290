package escpos

import (
	"errors"
	"fmt"
	"image"

	"github.com/skip2/go-qrcode"
)

// ErrQR tells that a QR code cannot be printed; the wrapping error says why.
var ErrQR = errors.New("escpos: QR code cannot be printed")

// Sizes of a QR code, in dots. 30 mm at 203 dpi is what a phone reads at arm's length; FNS order ЕД-7-20/236@ asks for 20
// of the code on a receipt. Modules under 4 dots run together on cheap heads and are used only for long contents.
const (
	qrDots      = 240
	moduleUsual = 4
	moduleLeast = 3
	quietZone   = 4 // modules on each side, ISO/IEC 18004
	maxNative   = 1000
)

// qr prints a QR code of level M, centred, with its quiet zone.
func (e *encoder) qr(content string) error {
	code, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrQR, err)
	}
	code.DisableBorder = true
	modules := code.Bitmap()
	module, ok := moduleSize(len(modules), e.profile.DotsWidth)
	if !ok {
		return fmt.Errorf("%w: %d modules on %d dots", ErrQR, len(modules), e.profile.DotsWidth)
	}
	if e.profile.NativeQR && len(content) <= maxNative && !hasRealTime([]byte(content)) {
		e.nativeQR(content, module)
		return nil
	}
	picture, ok := raster(scale(modules, module), e.profile.DotsWidth)
	if !ok {
		return fmt.Errorf("%w: its picture reads as a printer command", ErrQR)
	}
	e.setStyle(false, 0, 0)
	e.quiet(module)
	e.raw(picture...)
	e.quiet(module)
	return nil
}

// moduleSize is the smallest that makes a code of n modules 30 mm wide, or the largest that fits with its quiet zone.
func moduleSize(n, dots int) (int, bool) {
	size := max((qrDots+n-1)/n, moduleUsual)
	most := dots / (n + 2*quietZone)
	return min(size, most), most >= moduleLeast
}

// quiet feeds the quiet zone above or below a code.
func (e *encoder) quiet(module int) { e.raw(esc, 'J', byte(quietZone*module)) }

// nativeQR sends functions 165, 167, 169, 180 and 181 of GS ( k.
func (e *encoder) nativeQR(content string, module int) {
	const cn = '1'
	e.setStyle(false, 0, 1)
	e.quiet(module)
	e.raw(gs, '(', 'k', 4, 0, cn, 'A', '2', 0)       // model 2
	e.raw(gs, '(', 'k', 3, 0, cn, 'C', byte(module)) // module size
	e.raw(gs, '(', 'k', 3, 0, cn, 'E', '1')          // level M
	n := len(content) + 3
	e.raw(gs, '(', 'k', byte(n), byte(n>>8), cn, 'P', '0') // store
	e.raw([]byte(content)...)
	e.raw(gs, '(', 'k', 3, 0, cn, 'Q', '0') // print
	e.quiet(module)
	e.setStyle(false, 0, 0)
}

// scale draws each module as a square of so many dots. Black is any non-zero value.
func scale(modules [][]bool, size int) *image.Gray {
	n := len(modules) * size
	img := image.NewGray(image.Rect(0, 0, n, n))
	for i := range img.Pix {
		if !modules[i/n/size][i%n/size] {
			img.Pix[i] = 0xFF
		}
	}
	return img
}
