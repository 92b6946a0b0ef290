package escpos

import (
	"strings"

	"kassa/printer"
)

// Sizes of a barcode, in dots. Bars of a quarter of a millimetre (two dots at 203 dpi) are the least that hand scanners
// read well from thermal paper; three are better where there is room.
const (
	barcodeHeight = 64
	barUsual      = 3
	barLeast      = 2
	barQuiet      = 10 // modules on each side, ISO/IEC 15417
)

// maxBars is what GS k holds in one barcode.
const maxBars = 255

// barcode prints a Code 128, centred, with its text below. Where it cannot be printed as bars, because it is too wide
// for the paper or holds what is no ASCII, the text alone stands there, for people to type.
func (e *encoder) barcode(content string) {
	data, modules, ok := code128(content)
	module := barWidth(modules, e.profile.DotsWidth)
	if !ok || module == 0 || len(data) > maxBars {
		for _, l := range printer.Layout(e.page.document(printer.Document{Elements: []printer.Element{
			{Text: &printer.Text{Text: content, Align: printer.Center}},
		}}), e.profile.Columns) {
			e.text(l)
		}
		return
	}
	const code128 = 73 // m of GS k, function B
	e.setStyle(false, 0, 1)
	e.raw(gs, 'h', barcodeHeight)
	e.raw(gs, 'w', byte(module))
	e.raw(gs, 'H', 2) // the text below the bars
	e.raw(gs, 'f', 0) // in font A
	e.raw(gs, 'k', code128, byte(len(data)))
	e.raw(data...)
	e.setStyle(false, 0, 0)
}

// barWidth is how many dots a module of a barcode takes on a line of the given dots; zero when it does not fit. The paper
// has margins of its own at either side of the line, so that bars of the least width need no quiet zone inside.
func barWidth(modules, dots int) int {
	switch {
	case (modules+2*barQuiet)*barUsual <= dots:
		return barUsual
	case modules*barLeast <= dots:
		return barLeast
	}
	return 0
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
