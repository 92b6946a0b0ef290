package printersim

import (
	"strings"

	"kassa/printer/picture"
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

// barcode is GS k with a length (function B). Of its systems Code 128 is known, as 73, and EAN-13, as
// 67. A code that cannot be read is not
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
	ok := false
	switch data[2] {
	case 73:
		b.Symbols, b.Content, ok = symbols128(data[4:length])
	case 67:
		b.EAN13 = true
		b.Content, ok = digits13(data[4:length])
	}
	if !ok {
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

// digits13 reads the digits of an EAN-13, whose check digit printers add when it is missing and refuse when it is wrong.
func digits13(data []byte) (string, bool) {
	if len(data) != 12 && len(data) != 13 {
		return "", false
	}
	sum := 0
	for i, d := range data {
		if d < '0' || d > '9' {
			return "", false
		}
		if i%2 == 1 {
			sum += 2 * int(d-'0')
		}
		sum += int(d - '0')
	}
	if len(data) == 13 {
		return string(data), sum%10 == 0
	}
	return string(data) + string(rune('0'+(10-sum%10)%10)), true
}

// Symbols of Code 128 with a meaning of their own (ISO/IEC 15417, table 1).
const (
	codeC128  = 99
	codeB128  = 100
	startB128 = 104
	startC128 = 105
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
const textRows = picture.TextBelow + cellHeight

// rows is how far the paper moves for the barcode.
func (b Barcode) rows() int {
	if b.Text {
		return b.Height + textRows
	}
	return b.Height
}

// bars is what the barcode looks like.
func (b Barcode) bars() picture.Bars {
	text := ""
	if b.Text {
		text = b.Content
	}
	if b.EAN13 {
		code, _ := picture.EAN13(b.Content)
		code.Text = text
		return code
	}
	return picture.Symbols128(b.Symbols, text)
}

// barcode draws the bars with their top at y, and the text below. One that is wider than the paper is not printed.
func (p *pen) barcode(b Barcode, y int) {
	code := b.bars()
	if width := code.Modules() * b.Module; width <= p.right-p.left {
		p.ink.Bars(code, b.Module, b.Height, p.offset(b.Place, width), y)
	}
}
