package escpos

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"kassa/printer"
	"kassa/printer/picture"
)

// letters knows which runes a printer prints and replaces the others. Replacing comes before the layout, because it changes
// the length of texts.
type letters struct {
	table    *charmap.Charmap // of the printer; nil when every line is drawn here
	pictures bool             // a line with letters that the table lacks can be drawn here
}

func (p Profile) letters() letters {
	l := letters{pictures: p.Raster != RasterNone}
	if p.Text == TextCodePage {
		l.table, _ = charmapOf(p.CodePage.Encoding) // Check has seen it
	}
	return l
}

func charmapOf(encoding string) (*charmap.Charmap, error) {
	switch encoding {
	case CP866:
		return charmap.CodePage866, nil
	case CP1251:
		return charmap.Windows1251, nil
	}
	return nil, fmt.Errorf("%w: encoding %q", ErrProfile, encoding)
}

// replace gives text in runes that can be printed, besides line feeds and no-break spaces, which the layout takes out.
// A letter and its accents become one rune (й is often stored as two) or, where there is none, the letter alone.
func (l letters) replace(text string) string {
	if l.fits(text) {
		return text
	}
	text = strings.ToValidUTF8(text, "?")
	if strings.ContainsFunc(text, composes) {
		text = norm.NFC.String(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		if r != '\n' && r != '\u00a0' && l.has(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(l.rune(r))
	}
	return b.String()
}

// composes tells the runes that may become one with those before them: accents, and the parts of Hangul and other letters
// that lie beyond the European alphabets.
func composes(r rune) bool {
	return r >= 0x300 && r < 0x370 || r >= 0x483 && r < 0x488 || r >= 0x530 && r < 0x2000 || r >= 0x3000
}

// fits tells that nothing of a text needs replacing.
func (l letters) fits(text string) bool {
	for _, r := range text {
		if r != '\n' && r != '\u00a0' && !l.has(r) {
			return false
		}
	}
	return true
}

func (l letters) rune(r rune) string {
	switch {
	case r == '\n', r == '\u00a0':
		return string(r)
	case r == '\u202f' || r == '\u2007': // narrow no-break and figure space
		return "\u00a0"
	case unicode.IsSpace(r):
		return " "
	case unicode.IsControl(r):
		return "?"
	case l.has(r):
		return string(r)
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return "" // accents with no letter of their own, joiners, soft hyphens, variation selectors
	}
	if s, ok := replacements[r]; ok && l.fits(s) {
		return s
	}
	draw := l.pictures && picture.Has(r)
	if s, ok := lookalikes[r]; ok && !draw {
		return s
	}
	if s := l.compatible(r); s != "?" || !draw {
		return s
	}
	return string(r)
}

// compatible takes a rune apart (é, ², ™, ﬁ, Ａ) and keeps what the page has.
func (l letters) compatible(r rune) string {
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		switch s, ok := replacements[part]; {
		case unicode.In(part, unicode.Mn):
		case l.has(part):
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

// has tells whether the printer prints r as it is. Both pages hold 0x00-0x7F as ASCII and place U+00A0, which printers
// draw as they please.
func (l letters) has(r rune) bool {
	switch {
	case r < ' ' || r == 0x7F || r == '\u00a0' || r == '\u00ad' || r == utf8.RuneError:
		return false
	case l.table == nil:
		return picture.Has(r)
	case r < 0x7F:
		return true
	}
	_, ok := l.table.EncodeRune(r)
	return ok
}

// prints tells whether the printer's table has all letters of a line.
func (l letters) prints(line printer.Line) bool {
	for _, text := range []string{line.Left, line.Right} {
		for _, r := range text {
			if !l.has(r) {
				return !l.pictures // then encode has to do
			}
		}
	}
	return true
}

// encode appends the bytes of a laid-out line, one for each rune.
func (l letters) encode(out []byte, text string) []byte {
	for _, r := range text {
		b, ok := byte(r), r >= ' ' && r < 0x7F
		if !ok {
			b, ok = l.table.EncodeRune(r)
		}
		if !ok || b < ' ' || b == 0x7F {
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
}

// lookalikes are what letters of other Cyrillic alphabets are printed as where they cannot be drawn.
var lookalikes = map[rune]string{
	'і': "i", 'І': "I", 'ї': "i", 'Ї': "I", 'є': "е", 'Є': "Е", 'ґ': "г", 'Ґ': "Г", 'ў': "у", 'Ў': "У",
	'ә': "а", 'Ә': "А", 'ғ': "г", 'Ғ': "Г", 'қ': "к", 'Қ': "К", 'ң': "н", 'Ң': "Н", 'ө': "о", 'Ө': "О",
	'ұ': "у", 'Ұ': "У", 'ү': "у", 'Ү': "У", 'һ': "х", 'Һ': "Х", 'җ': "ж", 'Җ': "Ж", 'ҷ': "ч", 'Ҷ': "Ч", 'ҳ': "х", 'Ҳ': "Х",
}
