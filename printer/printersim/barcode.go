package printersim

import (
	"image"
	"image/draw"
	"strings"
)

// barcodeSetting obeys GS h, GS w, GS H and GS f, which say how the next barcodes look; false when the parameter is none
// that a printer takes.
func (in *interpreter) barcodeSetting(command, n byte) bool {
	switch command {
	case 'h':
		if n == 0 {
			return false
		}
		in.bars.Height = int(n)
	case 'w':
		if n < 2 || n > 6 {
			return false
		}
		in.bars.Module = int(n)
	case 'H': // 2 is below; above, and both, are not drawn here
		if n&^'0' > 3 {
			return false
		}
		in.bars.Text = n&^'0' == 2
	case 'f':
		return n&^'0' <= 1
	}
	return true
}

// barcode is GS k with a length (function B). Of its systems Code 128 is known, as 73. A code that cannot be read is not
// printed, as printers do.
func (in *interpreter) barcode(data []byte) int {
	if data[2] < 'A' {
		in.unknown(data[:3]) // function A, which ends at a zero byte
		return 3
	}
	if len(data) < 4 {
		return 0
	}
	length := 4 + int(data[3])
	if len(data) < length {
		return 0
	}
	in.paper.RealTime += countRealTime(data[4:length])
	b := in.bars
	var ok bool
	if b.Symbols, b.Content, ok = symbols128(data[4:length]); data[2] != 73 || !ok {
		in.unknown(data[:length])
		return length
	}
	if len(in.line) > 0 {
		in.feedLine()
	}
	b.Place = in.place
	before := len(in.paper.Items)
	in.add(Item{Barcode: &b}, b.rows())
	if len(in.paper.Items) > before {
		in.paper.Barcodes = append(in.paper.Barcodes, b.Content)
	}
	return length
}

// Symbols of Code 128 with a meaning of their own (ISO/IEC 15417, table 1).
const (
	codeC128  = 99
	codeB128  = 100
	startB128 = 104
	startC128 = 105
	stop128   = 106
)

// symbols128 reads the data of a Code 128 as the printer's manual describes it: {B and {C choose a code set, letters of B
// stand for themselves with {{ for the brace, and bytes of C are the numbers from 0 to 99.
func symbols128(data []byte) (symbols []byte, content string, ok bool) {
	var set byte
	var text strings.Builder
	for len(data) > 0 {
		if data[0] == '{' {
			if len(data) < 2 {
				return nil, "", false
			}
			switch next := data[1]; {
			case next == '{' && set == 'B':
				symbols = append(symbols, '{'-' ')
				text.WriteByte('{')
			case next == 'B' || next == 'C':
				symbols = append(symbols, choose128(next, set == 0))
				set = next
			default:
				return nil, "", false
			}
			data = data[2:]
			continue
		}
		b := data[0]
		data = data[1:]
		switch {
		case set == 'B' && b >= ' ' && b < 0x7F:
			symbols = append(symbols, b-' ')
			text.WriteByte(b)
		case set == 'C' && b < 100:
			symbols = append(symbols, b)
			text.WriteByte('0' + b/10)
			text.WriteByte('0' + b%10)
		default:
			return nil, "", false
		}
	}
	if text.Len() == 0 {
		return nil, "", false
	}
	return append(symbols, check128(symbols)), text.String(), true
}

// choose128 is the symbol that begins a code in a set, or goes over to it.
func choose128(set byte, first bool) byte {
	switch {
	case set == 'B' && first:
		return startB128
	case set == 'B':
		return codeB128
	case first:
		return startC128
	}
	return codeC128
}

// check128 is the sum of the symbols' values, each times its place, by 103.
func check128(symbols []byte) byte {
	sum := int(symbols[0])
	for i, s := range symbols {
		sum += i * int(s)
	}
	return byte(sum % 103)
}

// textRows is the height of the text below the bars.
const textRows = cellHeight + 4

// rows is how far the paper moves for the barcode.
func (b Barcode) rows() int {
	if b.Text {
		return b.Height + textRows
	}
	return b.Height
}

// width is how many dots the bars take.
func (b Barcode) width() int {
	n := 0
	for _, s := range b.Symbols {
		n += modules(patterns128[s])
	}
	return (n + modules(patterns128[stop128])) * b.Module
}

func modules(pattern string) int {
	n := 0
	for i := range len(pattern) {
		n += int(pattern[i] - '0')
	}
	return n
}

// barcode draws the bars with their top at y, and the text below. One that is wider than the paper is not printed.
func (p *pen) barcode(b Barcode, y int) (int, error) {
	width := b.width()
	if width > p.ink.Rect.Dx() {
		return b.rows(), nil
	}
	left := offset(b.Place, width, p.ink.Rect.Dx())
	x := left
	for _, s := range append(append([]byte(nil), b.Symbols...), stop128) {
		for i, n := range []byte(patterns128[s]) {
			dots := int(n-'0') * b.Module
			if i%2 == 0 {
				draw.Draw(p.ink, image.Rect(x, y, x+dots, y+b.Height), image.Opaque, image.Point{}, draw.Src)
			}
			x += dots
		}
	}
	if !b.Text {
		return b.rows(), nil
	}
	x = left + max((width-len(b.Content)*cellWidth)/2, 0)
	for _, r := range b.Content {
		c, err := p.cell(cellKey{r, false, 1, 1})
		if err != nil {
			return 0, err
		}
		p.letter(c, image.Pt(x, y+b.Height+textRows-cellHeight), Span{Width: 1, Height: 1})
		x += cellWidth
	}
	return b.rows(), nil
}

// patterns128 are the widths of bars and gaps of each symbol, by value; the last is the stop.
var patterns128 = strings.Fields(`
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
	114131 311141 411131 211412 211214 211232 2331112`)
