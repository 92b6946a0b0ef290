package kit

import (
	"strings"
	"unicode"
)

// The keys of the Russian layout, and what the same keys type in the English one, row by row.
const (
	russian = "ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,\"№;:?"
	english = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?@#$^&"
)

var toEnglish = func() map[rune]rune {
	m := map[rune]rune{}
	en := []rune(english)
	for i, r := range []rune(russian) {
		m[r] = en[i]
	}
	return m
}()

// Latin gives the code that a scanner meant when it typed on a keyboard set to Russian: a scanner presses keys, and no
// barcode holds a Cyrillic letter. A text with no Cyrillic letter is left as it is.
func Latin(code string) string {
	if !strings.ContainsFunc(code, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) || r == '№' }) {
		return code
	}
	return strings.Map(func(r rune) rune {
		if e, ok := toEnglish[r]; ok {
			return e
		}
		return r
	}, code)
}
