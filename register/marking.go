package register

import "strings"

// The signs of GS1's DataMatrix codes (GS1 General Specifications, 7.8): what ends a field of no fixed length, and what
// scanners put before a code to say that it is one. Some scanners send the first sign of a code as è.
const (
	groupSeparator = "\x1d"
	markStart      = "]d2"
)

// MarkingCode tells whether a scanned text is the marking code of one piece of goods («Честный знак»), and of which: the
// number of the goods in 14 digits (GTIN). Such a code begins with 01, the number, 21 and a serial number, with or without
// the separators that scanners in keyboard mode lose; those of tobacco packs are the number and 15 signs with nothing
// before them.
func MarkingCode(text string) (gtin string, ok bool) {
	text = strings.TrimPrefix(text, markStart)
	text = strings.TrimPrefix(strings.TrimPrefix(text, groupSeparator), "è")
	if !marks(text) {
		return "", false
	}
	const pack = 29 // of tobacco: the number, seven signs of its own, four of the price, four of the check
	if len(text) == pack && isGTIN(text[:14]) && strings.Trim(text, "0123456789") != "" {
		return text[:14], true
	}
	text = strings.NewReplacer("(01)", "01", "(21)", "21").Replace(text)
	if len(text) < 19 || text[:2] != "01" || text[16:18] != "21" || !isGTIN(text[2:16]) {
		return "", false
	}
	return text[2:16], true
}

// marks tells whether a text holds only what marking codes hold: printable ASCII and separators.
func marks(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c <= ' ' || c > '~') && c != groupSeparator[0] {
			return false
		}
	}
	return len(text) <= 512
}

func isGTIN(digits string) bool {
	return strings.Trim(digits, "0123456789") == "" && CheckDigit(digits[:13]) == digits[13]
}
