package localdb

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// word is a word of a search as the catalogue's words are, and in the other layout. Either may be several parts: a key
// that types a letter in one layout types a comma in the other, and the second may be none.
type word struct {
	text string // as it was typed
	ways [2][]string
}

// twofold tells whether the other layout makes something else of a word.
func (w word) twofold() bool { return len(w.ways[1]) > 0 && !slices.Equal(w.ways[0], w.ways[1]) }

// typed cuts a search's text into words.
func typed(text string) []word {
	var all []word
	for i, part := range strings.Fields(text) {
		if i == maxWords {
			break
		}
		w := word{text: part, ways: [2][]string{words(part)}}
		if other := otherLayout(part); likeTyped(other) {
			w.ways[1] = words(other)
		}
		if len(w.ways[0]) > 0 && !slices.ContainsFunc(all, func(o word) bool { return o.text == part }) {
			all = append(all, w)
		}
	}
	return all
}

// likeTyped tells whether a text that came out of the other layout can be what somebody meant to type: with a letter or
// a digit at either end.
func likeTyped(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return inWord(first) && inWord(last)
}
