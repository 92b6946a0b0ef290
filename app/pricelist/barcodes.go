package pricelist

import (
	"regexp"
	"strings"
	"unicode"

	"kassa/register"
)

// splitBarcodes gives the barcodes of a cell. They stand with white space between them, or commas or semicolons where all
// are digits; one that holds such characters itself is written in double quotes, its own quotes doubled. A number that
// a spreadsheet has written with group marks is put together again.
func splitBarcodes(cell string) []string {
	if plainCode(cell) {
		return []string{cell}
	}
	cell = strings.TrimPrefix(cell, "'") // a spreadsheet's mark of text
	var codes []string
	for rest := strings.TrimSpace(cell); rest != ""; rest = strings.TrimLeftFunc(rest, unicode.IsSpace) {
		if rest[0] == '"' {
			if code, tail, ok := unquote(rest); ok {
				codes, rest = append(codes, code), tail
				continue
			}
		}
		token := rest
		if i := strings.IndexFunc(rest, unicode.IsSpace); i >= 0 {
			token, rest = rest[:i], rest[i:]
		} else {
			rest = ""
		}
		codes = append(codes, splitDigits(token)...)
	}
	if whole := strings.Join(codes, ""); len(codes) > 1 && grouped(codes) && checked(whole) {
		return []string{whole}
	}
	return codes
}

// plainCode tells whether a cell is one barcode of letters and digits, as nearly all are.
func plainCode(cell string) bool {
	for i := range len(cell) {
		switch c := cell[i]; {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
		default:
			return false
		}
	}
	return cell != ""
}

// splitDigits divides "4600000000017,4600000000024;" and takes the decimals off "4600000000017.0".
func splitDigits(token string) []string {
	if whole, zeros, ok := cutLast(token, ".,"); ok && len(whole) >= 8 && digitsOnly(whole) && strings.Trim(zeros, "0") == "" {
		return []string{whole}
	}
	parts := strings.FieldsFunc(token, func(r rune) bool { return r == ',' || r == ';' })
	for _, p := range parts {
		if !digitsOnly(p) {
			return []string{token}
		}
	}
	return parts
}

func cutLast(text, marks string) (before, after string, ok bool) {
	i := strings.LastIndexAny(text, marks)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+1:], true
}

// unquote reads a quoted text at the start of another.
func unquote(text string) (inside, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		if text[i] != '"' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '"' {
			b.WriteByte('"')
			i++
			continue
		}
		return b.String(), text[i+1:], true
	}
	return "", text, false
}

// quote is the other way: it leaves a text as it is when nothing in it needs quotes.
func quote(text, special string) string {
	if text != "" && !strings.ContainsAny(text, special+"\"") && !strings.HasPrefix(text, "'") {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}

// grouped tells whether the parts of a cell look like the thousands of one number.
func grouped(parts []string) bool {
	for i, p := range parts {
		if !digitsOnly(p) || len(p) > 3 || i > 0 && len(p) != 3 {
			return false
		}
	}
	return true
}

func digitsOnly(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// hasCheckDigit tells whether a text has the length of a code with a check digit: EAN-8, UPC-A, EAN-13, ITF-14.
func hasCheckDigit(code string) bool {
	switch len(code) {
	case 8, 12, 13, 14:
		return digitsOnly(code)
	}
	return false
}

// checked tells whether the last digit is the check digit of the others, by the GS1 General Specifications, 7.9.
func checked(code string) bool {
	if !hasCheckDigit(code) {
		return false
	}
	sum := 0
	for i := range len(code) {
		d := int(code[len(code)-1-i] - '0')
		if i%2 == 1 {
			d *= 3
		}
		sum += d
	}
	return sum%10 == 0
}

// rounded is how a spreadsheet shows a barcode that it took for a large number; the last digits are gone.
var rounded = regexp.MustCompile(`^\d([.,]\d+[Ee]\+?|[Ee]\+)\d\d?$`)

// splitPacks reads the packs of a cell, as Write writes them: "4600000000024=10 Блок; 4600000000031=200 Короб".
func splitPacks(cell string) ([]register.Pack, bool) {
	var packs []register.Pack
	for rest := strings.TrimSpace(cell); rest != ""; {
		var p register.Pack
		var ok bool
		if p.Barcode, rest, ok = upTo(rest, "="); !ok || !strings.HasPrefix(rest, "=") {
			return nil, false
		}
		number := strings.TrimSpace(rest[1:])
		end := strings.IndexAny(number, " ;")
		if end < 0 {
			end = len(number)
		}
		var err error
		if p.Quantity, err = register.ParseQuantity(number[:end]); err != nil {
			return nil, false
		}
		if p.Name, rest, ok = upTo(strings.TrimSpace(number[end:]), ";"); !ok {
			return nil, false
		}
		packs = append(packs, p)
		rest = strings.TrimSpace(strings.TrimPrefix(rest, ";"))
	}
	return packs, true
}

// upTo reads a text, quoted or not, that ends before a mark or at the end.
func upTo(text, mark string) (inside, rest string, ok bool) {
	if strings.HasPrefix(text, `"`) {
		if inside, rest, ok = unquote(text); !ok {
			return "", text, false
		}
		rest = strings.TrimSpace(rest)
		return inside, rest, rest == "" || strings.HasPrefix(rest, mark)
	}
	if i := strings.Index(text, mark); i >= 0 {
		return strings.TrimSpace(text[:i]), text[i:], true
	}
	return strings.TrimSpace(text), "", true
}
