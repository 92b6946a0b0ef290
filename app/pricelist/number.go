package pricelist

import (
	"strings"

	"kassa/register"
)

// price reads a sum in roubles: "84.90", "1 234,50 руб.", "₽1,234.50", "84,90 руб./кг".
func price(text string) (register.Money, bool) {
	number, before, after := bare(text)
	if !currency(before) {
		return 0, false
	}
	if money, unit, ok := strings.Cut(after, "/"); ok {
		if _, known := units[squeeze(unit)]; !known {
			return 0, false
		}
		after = money
	}
	if !currency(after) {
		return 0, false
	}
	v, ok := decimal(number, 2, int64(register.MaxMoney))
	return register.Money(v), ok
}

func currency(word string) bool {
	switch word {
	case "":
		return true
	case "₽":
		return true
	}
	switch squeeze(word) {
	case "р", "руб", "рублей", "rub", "rur":
		return true
	}
	return false
}

// stock reads what a shop has: "12", "-3", "1 234,500 кг".
func stock(text string) (register.Quantity, bool) {
	sign := register.Quantity(1)
	for _, minus := range []string{"-", "−"} {
		if rest, ok := strings.CutPrefix(text, minus); ok {
			sign, text = -1, strings.TrimLeft(rest, " ")
			break
		}
	}
	number, before, after := bare(text)
	if after != "" {
		if _, known := units[squeeze(after)]; !known {
			return 0, false
		}
	}
	v, ok := decimal(number, 3, int64(register.MaxStock))
	return sign * register.Quantity(v), ok && before == ""
}

// bare divides a number from the words at its sides.
func bare(text string) (number, before, after string) {
	const digits = "0123456789"
	first, last := strings.IndexAny(text, digits), strings.LastIndexAny(text, digits)
	if first < 0 {
		return "", text, ""
	}
	return text[first : last+1], strings.TrimSpace(text[:first]), strings.TrimSpace(text[last+1:])
}

// decimal reads an unsigned number that begins and ends with a digit and gives it scaled by 10^places; digits beyond
// them must be zeros. Thousands may be set apart by spaces, apostrophes, commas or points. One comma or point alone divides
// off decimals, never thousands.
func decimal(text string, places int, limit int64) (int64, bool) {
	if text == "" || len(text) > 64 {
		return 0, false
	}
	point := pointAt(text)
	var v int64
	group, marked, after := 0, false, 0
	for i, r := range text {
		switch {
		case r >= '0' && r <= '9':
			group++
			if point >= 0 && i > point {
				if after++; after > places {
					if r != '0' {
						return 0, false
					}
					continue
				}
			}
			if v = v*10 + int64(r-'0'); v > limit {
				return 0, false
			}
		case i == point:
			if marked && group != 3 {
				return 0, false
			}
			marked, group = false, 0
		case groupMark(r) && (point < 0 || i < point):
			if group > 3 || marked && group != 3 {
				return 0, false
			}
			marked, group = true, 0
		default:
			return 0, false
		}
	}
	if marked && group != 3 {
		return 0, false
	}
	for ; after < places; after++ {
		if v *= 10; v > limit {
			return 0, false
		}
	}
	return v, true
}

// pointAt finds what divides off the decimals: the last comma or point, unless it stands there twice and so divides
// thousands. -1 when there is none.
func pointAt(text string) int {
	at := strings.LastIndexAny(text, ".,")
	if at >= 0 && strings.Count(text, text[at:at+1]) > 1 {
		return -1
	}
	return at
}

func groupMark(r rune) bool {
	switch r {
	case ' ', '\u00a0', '\u202f', '\u2009', '\'', '’', '.', ',':
		return true
	}
	return false
}
