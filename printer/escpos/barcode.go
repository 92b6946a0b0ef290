package escpos

import (
	"strings"

	"kassa/printer"
	"kassa/printer/picture"
)

// maxBars is what GS k holds in one barcode.
const maxBars = 255

// Systems of GS k, function B.
const (
	systemEAN13   = 67
	systemCode128 = 73
)

// barcode prints a Code 128 or an EAN-13, centred, with its text below. Where it cannot be printed as bars, because it is
// too wide for the paper or holds what it cannot hold, the text alone stands there, for people to type.
func (e *encoder) barcode(l printer.Line) error {
	system, quiet := byte(systemCode128), picture.Quiet128
	data, modules, ok := code128(l.Bars)
	if l.EAN13 != "" {
		system, quiet = systemEAN13, picture.QuietEAN
		data, modules, ok = ean13(l.EAN13)
	}
	module := picture.BarDots(modules, quiet, e.profile.DotsWidth)
	switch {
	case !ok || module == 0 || len(data) > maxBars:
		for _, w := range e.profile.words(l.Bars+l.EAN13, e.letters) {
			if err := e.line(w); err != nil {
				return err
			}
		}
		return nil
	case e.profile.Bars == CodeRaster:
		return e.picture(l)
	}
	e.set(style{align: 1})
	e.raw(gs, 'h', picture.BarHeight)
	e.raw(gs, 'w', byte(module))
	e.raw(gs, 'H', 2) // the text below the bars, in font A since ESC @
	e.raw(gs, 'k', system, byte(len(data)))
	e.raw(data...)
	e.feed(picture.BelowBars)
	e.set(style{})
	return nil
}

// ean13 is the data of GS k for an EAN-13, its check digit included, and how wide the bars come out.
func ean13(digits string) (data []byte, modules int, ok bool) {
	bars, ok := picture.EAN13(digits)
	return []byte(bars.Text), bars.Modules(), ok
}

// Modules of Code 128 (ISO/IEC 15417): 11 for each symbol, the start and the check symbol included, and 13 for the stop.
const (
	symbolModules = 11
	frameModules  = 2*symbolModules + 13
)

// code128 is the data of GS k for a text, and how wide the bars come out. Digits go two to a symbol in code set C,
// anything else that is ASCII and can be seen in code set B.
func code128(content string) (data []byte, modules int, ok bool) {
	switch {
	case content == "":
		return nil, 0, false
	case len(content)%2 == 0 && strings.Trim(content, "0123456789") == "":
		return digits128(content)
	}
	data = []byte("{B")
	for i := range len(content) {
		if content[i] < ' ' || content[i] > '~' {
			return nil, 0, false
		}
		if content[i] == '{' {
			data = append(data, '{')
		}
		data = append(data, content[i])
	}
	return data, frameModules + symbolModules*len(content), true
}

// digits128 sends each pair of digits as the byte of its value. Printers obey real-time commands wherever they stand, and
// 16 before 04, 05 or 20 is one: the 16 is then sent as two letters of code set B, three symbols more.
func digits128(content string) (data []byte, modules int, ok bool) {
	pair := func(i int) byte { return (content[i]-'0')*10 + content[i+1] - '0' }
	data, modules = []byte("{C"), frameModules
	for i := 0; i < len(content); i += 2 {
		v := pair(i)
		if i+2 < len(content) && hasRealTime([]byte{v, pair(i + 2)}) {
			data = append(data, '{', 'B', content[i], content[i+1], '{', 'C')
			modules += 4 * symbolModules
			continue
		}
		data = append(data, v)
		modules += symbolModules
	}
	return data, modules, true
}
