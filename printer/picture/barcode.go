package picture

import (
	"image"
	"strings"
)

// Sizes of a barcode, in dots. Bars of a quarter of a millimetre (two dots at 203 dpi) are the least that hand scanners
// read well from thermal paper; three are better where there is room.
const (
	BarHeight = 64
	barUsual  = 3
	barLeast  = 2
	Quiet128  = 10                   // modules on each side, ISO/IEC 15417
	QuietEAN  = 11                   // the wider one of the two, ISO/IEC 15420
	TextBelow = 4                    // between the bars and their text
	BelowBars = Pitch - LetterHeight // and the next line
)

// Bars is a barcode: the widths of its bars and gaps in turn, in modules, beginning with a bar, and the text below it.
type Bars struct {
	Widths []byte
	Text   string
	Quiet  int // modules to be left blank at each side
}

// Modules is how wide the bars are without the quiet zones.
func (b Bars) Modules() int {
	n := 0
	for _, w := range b.Widths {
		n += int(w)
	}
	return n
}

// BarDots is how many dots a module takes when a barcode of so many modules, and a quiet zone at each side, stands on a
// line of the given dots; zero when it does not fit. The paper has margins of its own at either side of the line, so that
// bars of the least width need no quiet zone inside.
func BarDots(modules, quiet, dots int) int {
	switch {
	case (modules+2*quiet)*barUsual <= dots:
		return barUsual
	case modules*barLeast <= dots:
		return barLeast
	}
	return 0
}

// Bars draws bars of so many dots a module and the given height, with the upper left corner at (x, y), and the text
// below when there is one.
func (b *Bitmap) Bars(code Bars, module, height, x, y int) {
	at := x
	for i, w := range code.Widths {
		next := at + int(w)*module
		if i%2 == 0 {
			b.Fill(image.Rect(at, y, next, y+height))
		}
		at = next
	}
	left := x + max((at-x-len([]rune(code.Text))*LetterWidth)/2, 0)
	for _, r := range code.Text {
		b.Letter(r, left, y+height+TextBelow, Style{})
		left += LetterWidth
	}
}

// Symbols of Code 128 with a meaning of their own (ISO/IEC 15417, table 1).
const (
	startB128 = 104
	startC128 = 105
	stop128   = 106
)

// Code128 makes the bars of a text: pairs of digits in code set C, anything else that is ASCII and can be seen in code
// set B. False means that the text has no bars.
func Code128(text string) (Bars, bool) {
	var symbols []byte
	if len(text)%2 == 0 && strings.Trim(text, "0123456789") == "" {
		symbols = append(symbols, startC128)
		for i := 0; i < len(text); i += 2 {
			symbols = append(symbols, (text[i]-'0')*10+text[i+1]-'0')
		}
	} else {
		symbols = append(symbols, startB128)
		for i := range len(text) {
			if text[i] < ' ' || text[i] > '~' {
				return Bars{}, false
			}
			symbols = append(symbols, text[i]-' ')
		}
	}
	if text == "" {
		return Bars{}, false
	}
	sum := int(symbols[0])
	for i, s := range symbols {
		sum += i * int(s)
	}
	return Symbols128(append(symbols, byte(sum%103)), text), true
}

// Symbols128 are the bars of Code 128 for the values of its symbols, from the start to the check symbol. Values that there
// are none of have no bars.
func Symbols128(symbols []byte, text string) Bars {
	patterns := strings.Fields(patterns128)
	b := Bars{Text: text, Quiet: Quiet128}
	for _, s := range symbols {
		if int(s) < stop128 {
			b.add(patterns[s])
		}
	}
	b.add(patterns[stop128])
	return b
}

// add appends widths that are written as digits.
func (b *Bars) add(widths string) {
	for i := range len(widths) {
		b.Widths = append(b.Widths, widths[i]-'0')
	}
}

// EAN13 makes the bars of 13 digits, or of 12 and their check digit. False means that the digits are none of these.
func EAN13(digits string) (Bars, bool) {
	if len(digits) != 12 && len(digits) != 13 || strings.Trim(digits, "0123456789") != "" {
		return Bars{}, false
	}
	full := digits[:12] + string('0'+checkEAN(digits[:12]))
	if len(digits) == 13 && digits != full {
		return Bars{}, false
	}
	parity := strings.Fields(parityEAN)[full[0]-'0']
	patterns := strings.Fields(patternsEAN)
	b := Bars{Text: full, Quiet: QuietEAN}
	b.add("111")
	for i := range 6 {
		p := patterns[full[1+i]-'0']
		if parity[i] == 'G' {
			p = reverse(p)
		}
		b.add(p)
	}
	b.add("11111")
	for i := range 6 {
		b.add(patterns[full[7+i]-'0'])
	}
	b.add("111")
	return b, true
}

// checkEAN is the digit that makes the sum of all, those at even places three times, a multiple of ten.
func checkEAN(digits string) byte {
	sum := 0
	for i := range len(digits) {
		weight := 1 + i%2*2
		sum += weight * int(digits[i]-'0')
	}
	return byte((10 - sum%10) % 10)
}

func reverse(s string) string {
	b := []byte(s)
	for i := range len(b) / 2 {
		b[i], b[len(b)-1-i] = b[len(b)-1-i], b[i]
	}
	return string(b)
}

// patternsEAN are the widths of the digits in set A, as ISO/IEC 15420 has them: gap and bar in turn on the left, bar and
// gap on the right. Those of set B are the same read backwards. parityEAN says for each first digit which set the six
// digits of the left half are of: L is A, and G is B.
const (
	patternsEAN = "3211 2221 2122 1411 1132 1231 1114 1312 1213 3112"
	parityEAN   = "LLLLLL LLGLGG LLGGLG LLGGGL LGLLGG LGGLLG LGGGLL LGLGLG LGLGGL LGGLGL"
)

// patterns128 are the widths of bars and gaps of each symbol, by value; the last is the stop.
const patterns128 = `
	212222 222122 222221 121223 121322 131222 122213 122312 132212 221213
	221312 231212 112232 122132 122231 113222 123122 123221 223211 221132
	221231 213212 223112 312131 311222 321122 321221 312212 322112 322211
	212123 212321 232121 111323 131123 131321 112313 132113 132311 211313
	231113 231311 112133 112331 132131 113123 113321 133121 313121 211331
	231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
	314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
	112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
	111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
	214121 412121 111143 111341 131141 114113 114311 411113 411311 113141
	114131 311141 411131 211412 211214 211232 2331112`
