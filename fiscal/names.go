package fiscal

import (
	"strings"
	"unicode/utf8"

	"kassa/register"
)

// What a receipt takes in the fiscal storage, in bytes: at most maxSize; about headSize without lines, and lineSize for
// a line without its name, of which every letter is one (FNS order ЕД-7-20/662@: names are in code page 866).
const (
	maxSize  = 32 << 10
	headSize = 500
	lineSize = 70
)

// maxOperator is how long a cashier's name may be, in runes: tag 1021.
const maxOperator = 64

// fitNames cuts the longest names of a receipt with so many lines that it would not fit the fiscal storage.
func (d *Document) fitNames() {
	room := maxSize - headSize - lineSize*len(d.Lines)
	for most := register.MaxName; most > 1; most-- {
		used := 0
		for _, l := range d.Lines {
			used += min(utf8.RuneCountInString(l.Name), most)
		}
		if used > room {
			continue
		}
		for i := range d.Lines {
			d.Lines[i].Name = cut(d.Lines[i].Name, most)
		}
		return
	}
}

// lineName is what a line is called on paper. A registrar takes no empty name.
func lineName(l register.Line) string {
	for _, name := range []string{l.Name, l.NameEn, l.Article, l.Barcode, l.Product} {
		if name = cut(name, register.MaxName); name != "" {
			return name
		}
	}
	return "-"
}

// cut is a text without spaces around it, of at most so many runes.
func cut(text string, most int) string {
	text = strings.TrimSpace(text)
	if runes := []rune(text); len(runes) > most {
		text = strings.TrimSpace(string(runes[:most]))
	}
	return text
}
