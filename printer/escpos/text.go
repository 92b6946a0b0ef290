package escpos

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"kassa/printer"
)

// codePage knows which runes a printer's table has and replaces the others. Replacing comes before the layout, because
// it changes the length of texts.
type codePage struct {
	table *charmap.Charmap
}

func newCodePage(encoding string) (codePage, error) {
	switch encoding {
	case CP866:
		return codePage{charmap.CodePage866}, nil
	case CP1251:
		return codePage{charmap.Windows1251}, nil
	}
	return codePage{}, fmt.Errorf("%w: encoding %q", ErrProfile, encoding)
}

// document replaces what cannot be printed in the texts of doc. What QR codes hold stays as it is.
func (c codePage) document(doc printer.Document) printer.Document { return doc.Rewrite(c.replace) }

// replace gives text in runes of the code page, besides line feeds and no-break spaces, which the layout takes out.
// A letter and its accents become one rune (й is often stored as two) or, where the page has none, the letter alone.
func (c codePage) replace(text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "?")) {
		b.WriteString(c.rune(r))
	}
	return b.String()
}

func (c codePage) rune(r rune) string {
	switch {
	case r == '\n', r == '\u00a0':
		return string(r)
	case r == '\u202f' || r == '\u2007': // narrow no-break and figure space
		return "\u00a0"
	case unicode.IsSpace(r):
		return " "
	case unicode.IsControl(r):
		return "?"
	case c.has(r):
		return string(r)
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return "" // accents with no letter of their own, joiners, soft hyphens, variation selectors
	}
	if s, ok := replacements[r]; ok {
		return s
	}
	return c.compatible(r)
}

// compatible takes a rune apart (é, ², ™, ﬁ, Ａ) and keeps what the page has.
func (c codePage) compatible(r rune) string {
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		switch s, ok := replacements[part]; {
		case unicode.In(part, unicode.Mn):
		case c.has(part):
			b.WriteRune(part)
		case ok && part != r:
			b.WriteString(s)
		default:
			return "?"
		}
	}
	if b.Len() == 0 {
		return "?"
	}
	return b.String()
}

// has tells whether the page draws r. Both pages hold 0x00-0x7F as ASCII and place U+00A0, which printers draw as they
// please.
func (c codePage) has(r rune) bool {
	if r < ' ' || r == 0x7F || r == '\u00a0' || r == '\u00ad' {
		return false
	}
	_, ok := c.table.EncodeRune(r)
	return ok
}

// encode gives the bytes of a laid-out line, one for each rune.
func (c codePage) encode(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		b, ok := c.table.EncodeRune(r)
		switch {
		case ok && b >= ' ' && b != 0x7F:
		case r == '─': // rules, on a page with no box drawing
			b = '-'
		default:
			b = '?'
		}
		out = append(out, b)
	}
	return out
}

// replacements are readings of signs that CP866 or CP1251 lacks. A page's own sign comes first.
var replacements = map[rune]string{
	'«': `"`, '»': `"`, '“': `"`, '”': `"`, '„': `"`, '‟': `"`, '″': `"`,
	'‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", 'ʼ': "'", '`': "'", '´': "'",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-", '⁃': "-",
	'…': "...", '•': "·", '∙': "·", '×': "x", '✕': "x", '✖': "x", '÷': ":", '⁄': "/",
	'₽': "руб.", '€': "EUR", '£': "GBP", '¥': "JPY", '₴': "грн", '₸': "тг", '₿': "BTC",
	'©': "(c)", '®': "(R)", '™': "(TM)", '№': "N", '§': "par.", '°': "'", '·': "*",
	'±': "+/-", '≈': "~", '≤': "<=", '≥': ">=", '≠': "!=", 'µ': "мк", 'μ': "мк", '‰': "0/00", '√': "V",
	'→': "->", '←': "<-", '↑': "^", '↓': "v", '★': "*", '☆': "*", '✓': "v", '✔': "v",
	'ß': "ss", 'æ': "ae", 'Æ': "AE", 'œ': "oe", 'Œ': "OE", 'ø': "o", 'Ø': "O", 'ł': "l", 'Ł': "L", 'đ': "d", 'Đ': "D", 'ı': "i",
	'і': "i", 'І': "I", 'ї': "i", 'Ї': "I", 'є': "е", 'Є': "Е", 'ґ': "г", 'Ґ': "Г", 'ў': "у", 'Ў': "У",
	'ә': "а", 'Ә': "А", 'ғ': "г", 'Ғ': "Г", 'қ': "к", 'Қ': "К", 'ң': "н", 'Ң': "Н", 'ө': "о", 'Ө': "О",
	'ұ': "у", 'Ұ': "У", 'ү': "у", 'Ү': "У", 'һ': "х", 'Һ': "Х", 'җ': "ж", 'Җ': "Ж", 'ҷ': "ч", 'Ҷ': "Ч", 'ҳ': "х", 'Ҳ': "Х",
}
