package atol

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// The widths of texts in a fiscal document, in letters (FNS order ЕД-7-20/662@).
const (
	maxName       = 128 // tag 1030
	maxOperator   = 64  // 1021
	maxContact    = 64  // 1008
	maxBuyer      = 256 // 1227
	maxMark       = 256 // 1086
	maxBaseNumber = 32  // 1179
	maxExtra      = 16  // 1192
	maxNote       = 256 // of a printed line; the device wraps it
)

// instead is what stands on fiscal paper for letters that code page 866 does not have.
var instead = strings.NewReplacer(
	"«", `"`, "»", `"`, "“", `"`, "”", `"`, "„", `"`, "‘", "'", "’", "'", "–", "-", "—", "-", "−", "-", "‑", "-",
	"…", "...", "₽", "р.", "€", "EUR", "×", "x", "½", "1/2", "¼", "1/4", "¾", "3/4", "²", "2", "³", "3", "®", "(R)", "™", "(TM)", "©", "(C)",
)

// printable writes a text in letters that the device has, in one line of at most most letters.
func printable(t string, most int) string {
	t = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, instead.Replace(t))
	runes := []rune(strings.Join(strings.Fields(t), " "))
	for i, r := range runes {
		if _, there := charmap.CodePage866.EncodeRune(r); !there {
			runes[i] = '?'
		}
	}
	return strings.TrimSpace(string(runes[:min(most, len(runes))]))
}
