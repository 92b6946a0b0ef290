package localdb

import (
	"strings"

	"kassa/register"
)

// customerWords is what a customer is found by.
func customerWords(c register.Customer) string {
	return fold(strings.Join([]string{c.Name, phoneWords(c.Phone), c.Card, c.Email}, " "))
}

// phoneWords writes a phone in digits. A Russian one begins with 7 or 8, as people are used to: it is kept both ways.
func phoneWords(phone string) string {
	d := digits(phone)
	switch {
	case len(d) == 11 && (d[0] == '7' || d[0] == '8'):
		return "7" + d[1:] + " 8" + d[1:]
	case len(d) == 10 && d[0] == '9':
		return "7" + d + " 8" + d
	}
	return d
}

// maxTerms is how many words of a text count.
const maxTerms = 16

// wanted is a text that something is to be found by.
type wanted struct {
	terms  [][]string // each must be there, in one of its spellings
	joined string     // or all of the text as one number; empty where it is none
}

// parseWords takes a text apart. Numbers with brackets and dashes are also looked for without them; a text of nothing
// else also as one number.
func parseWords(text string) wanted {
	var w wanted
	fields := strings.Fields(fold(text))
	for _, f := range fields[:min(len(fields), maxTerms)] {
		term := []string{f}
		if d := digits(f); d != "" && d != f && isPhone(f) {
			term = append(term, d)
		}
		w.terms = append(w.terms, term)
	}
	if len(fields) > 1 && isPhone(text) {
		w.joined = digits(text)
	}
	return w
}

// like is a condition that a column of folded words holds the words, and its arguments.
func (w wanted) like(column string) (string, []any) {
	var args []any
	holds := func(word string) string {
		args = append(args, "%"+likeText(word)+"%")
		return column + ` like ? escape '\'`
	}
	all := []string{"true"}
	for _, term := range w.terms {
		var any []string
		for _, spelling := range term {
			any = append(any, holds(spelling))
		}
		all = append(all, "("+strings.Join(any, " or ")+")")
	}
	where := strings.Join(all, " and ")
	if w.joined != "" {
		where += " or " + holds(w.joined)
	}
	return "(" + where + ")", args
}

// shortest is how many letters an index of three letters each can look up.
const shortest = 3

// match is what such an index is asked for: all that hold the words, and maybe more, since short ones are left out. It is
// empty where nothing can be asked.
func (w wanted) match() string {
	var all []string
	for _, term := range w.terms {
		if m := oneOf(term); m != "" {
			all = append(all, m)
		}
	}
	match := strings.Join(all, " AND ")
	if w.joined == "" || match == "" {
		return match
	}
	joined := oneOf([]string{w.joined})
	if joined == "" {
		return ""
	}
	return "(" + match + ") OR " + joined
}

// oneOf asks for one of some spellings; it is empty where one of them is too short to ask for.
func oneOf(spellings []string) string {
	var parts []string
	for _, s := range spellings {
		var grams []string // an index without places knows no more than these
		for r := []rune(s); len(r) >= shortest; r = r[1:] {
			grams = append(grams, `"`+strings.ReplaceAll(string(r[:shortest]), `"`, `""`)+`"`)
		}
		if len(grams) == 0 {
			return ""
		}
		parts = append(parts, "("+strings.Join(grams, " AND ")+")")
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// isPhone tells whether a text holds nothing but what phone numbers are written with.
func isPhone(text string) bool { return strings.Trim(text, "+0123456789 ()-") == "" }

// likeText is a word for the right side of a LIKE that escapes with a backslash.
func likeText(word string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
