package escpos

import (
	"kassa/printer"
	"kassa/printer/picture"
)

// ErrQR tells that a QR code cannot be printed; the wrapping error says why.
var ErrQR = picture.ErrQR

// maxNative is how many bytes a code that the printer draws may hold: cheap printers take under 1021.
const maxNative = 1000

// qr prints a QR code of level M, centred, with its quiet zone.
func (e *encoder) qr(l printer.Line) error {
	if e.profile.QR != CodeNative || len(l.QR) > maxNative || hasRealTime([]byte(l.QR)) {
		if e.profile.Raster != RasterNone {
			return e.picture(l)
		}
		for _, w := range e.profile.words(l.QR, e.letters) {
			e.text(w)
		}
		return nil
	}
	side, err := picture.Side(len(l.QR))
	if err != nil {
		return err
	}
	module, err := picture.ModuleDots(side, e.profile.DotsWidth)
	if err != nil {
		return err
	}
	e.nativeQR(l.QR, module)
	return nil
}

// nativeQR sends functions 165, 167, 169, 180 and 181 of GS ( k. The quiet zone above and below is the sender's duty.
func (e *encoder) nativeQR(content string, module int) {
	const cn = '1'
	e.set(style{align: 1})
	e.feed(picture.QuietModules * module)
	e.raw(gs, '(', 'k', 4, 0, cn, 'A', '2', 0)       // model 2
	e.raw(gs, '(', 'k', 3, 0, cn, 'C', byte(module)) // module size
	e.raw(gs, '(', 'k', 3, 0, cn, 'E', '1')          // level M
	n := len(content) + 3
	e.raw(gs, '(', 'k', byte(n), byte(n>>8), cn, 'P', '0') // store
	e.raw([]byte(content)...)
	e.raw(gs, '(', 'k', 3, 0, cn, 'Q', '0') // print
	e.feed(picture.QuietModules * module)
	e.set(style{})
}
