package localdb

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// words cuts a text into what is indexed and what is searched for: runs of letters and digits, folded to how people
// type them: lower case, ё as е, Latin letters without their marks.
func words(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool { return !inWord(r) })
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return r != utf8.RuneError && unicode.In(r, unicode.L, unicode.N, unicode.M)
}

// fold makes texts comparable: lower case, ё as е and letters without their marks, as people type them.
func fold(text string) string {
	// A list made on a Mac may write й as и and a mark; composed, it is one letter and stays one.
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			return r
		case r == 'ё' || r == 'Ё':
			return 'е'
		}
		r = unicode.ToLower(r)
		if plain, ok := unmarked[r]; ok {
			return plain
		}
		return r
	}, norm.NFC.String(text))
}

// unmarked gives small Latin letters without their marks: é as e, ç as c.
var unmarked = func() map[rune]rune {
	m := map[rune]rune{}
	for _, block := range [][2]rune{{0xdf, 0x24f}, {0x1e00, 0x1eff}} {
		for r := block[0]; r <= block[1]; r++ {
			if base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r))); base != r && base < utf8.RuneSelf {
				m[r] = unicode.ToLower(base)
			}
		}
	}
	return m
}()

// pieceLength is how many letters a piece of a word has. A search for the middle of a word needs that many.
const pieceLength = 3

// pieces cuts a word into every three letters that stand together in it; a shorter word has none.
func pieces(word string) []string { return cut(word, pieceLength) }

// A barcode is cut into pieces of four: a thousand different ones would each be in one product out of a hundred.
const (
	longNumber      = 9 // letters from which a number is like a barcode
	longPieceLength = 4
)

// numberPieces cuts a word of a barcode, a code or an article into pieces.
func numberPieces(word string) []string {
	if utf8.RuneCountInString(word) < longNumber {
		return pieces(word)
	}
	return cut(word, longPieceLength)
}

func cut(word string, length int) []string {
	letters := []rune(word)
	var all []string
	for i := 0; i+length <= len(letters); i++ {
		all = append(all, string(letters[i:i+length]))
	}
	return all
}
