package localdb

import "strings"

// The keys of the Russian layout and what they type in the English one, row by row. A letter always stands on at least
// one side: other keys are no part of a word in either layout.
const (
	russianKeys = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
	englishKeys = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
)

var otherKeys = func() map[rune]rune {
	m := map[rune]rune{}
	english := []rune(englishKeys)
	for i, r := range []rune(russianKeys) {
		m[r], m[english[i]] = english[i], r
	}
	return m
}()

// otherLayout gives what the same keys would have typed in the other of the two layouts: vjkjrj is молоко, ьшдл is milk.
func otherLayout(text string) string {
	return strings.Map(func(r rune) rune {
		if o, ok := otherKeys[r]; ok {
			return o
		}
		return r
	}, text)
}
