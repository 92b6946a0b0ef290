package app

import (
	"strings"

	"fyne.io/fyne/v2"

	"kassa/i18n"
	"kassa/register"
)

// quantityQuestion asks how much of something.
type quantityQuestion struct {
	title string
	unit  register.Unit
	price register.Money
	now   register.Quantity // what it is already; zero for a new thing
	take  func(q register.Quantity, then func(error))
}

// digits is a number that is being typed.
type digits struct {
	text  string
	point bool   // a decimal point may be typed
	after int    // so many digits after it
	most  int    // digits before it
	zeros int    // before them that were typed and do not stand in the text
	over  string // all that was typed, once it was too long to be such a number: most likely a barcode
}

// typed takes a character and tells whether it was one of a number.
func (d *digits) typed(r rune) bool {
	whole, part, pointed := strings.Cut(d.text, ".")
	if d.over != "" && r >= '0' && r <= '9' {
		d.over += string(r)
		return true
	}
	if d.text == "" {
		d.zeros = 0
	}
	switch {
	case r == '\b':
		d.over = ""
		if d.text != "" {
			d.text = d.text[:len(d.text)-1]
		}
	case r == ',' || r == '.':
		if d.point && !pointed {
			if whole == "" {
				d.text = "0"
			}
			d.text += "."
		}
	case r < '0' || r > '9':
		return false
	case pointed && len(part) < d.after:
		d.text += string(r)
	case pointed:
		d.over = d.all() + string(r)
	case whole == "0":
		d.zeros++
		d.text = string(r)
	case len(whole) < d.most:
		d.text += string(r)
	default:
		d.over = d.all() + string(r)
	}
	return true
}

// all are the digits that were typed, those too that do not stand in the text.
func (d *digits) all() string {
	return strings.Repeat("0", d.zeros) + strings.Replace(d.text, ".", "", 1)
}

// barcode gives what was typed when it is too long for the number, and clears it.
func (d *digits) barcode() string {
	code := d.over
	if code != "" {
		d.text, d.over = "", ""
	}
	return code
}

// shown is the number with the language's decimal sign.
func (d *digits) shown(l interface{ Tag() string }) string {
	if l.Tag() == "ru" {
		return strings.Replace(d.text, ".", ",", 1)
	}
	return d.text
}

// money is the number as a sum that is being typed: its thousands stand in groups, and it has no more kopecks than were
// typed.
func (d *digits) money(l *i18n.Language) string {
	m, err := register.ParseMoney(d.text)
	if err != nil {
		return d.shown(l)
	}
	text := l.Money(m)
	full := l.Sum(m)
	_, part, pointed := strings.Cut(d.text, ".")
	keep := full[:len(full)-3]
	if pointed {
		keep = full[:len(full)-2] + part
	}
	return strings.Replace(text, full, keep, 1)
}

// openQuantity asks for a quantity.
func (w *Window) openQuantity(q quantityQuestion) {
	w.askNumberAnew(func() numberQuestion {
		title := w.T("app.quantity.title")
		if q.unit.Weighed() {
			title = w.T("app.quantity.weight", "unit", w.lang.Unit(q.unit))
		}
		return numberQuestion{
			name: "quantity", title: title, text: q.title, kind: numberQuantity, unit: q.unit, now: int64(q.now), least: 1, opens: fyne.KeyF3,
			about: func(v int64) string {
				sum, err := q.price.Times(register.Quantity(v))
				if err != nil || q.price == 0 {
					return " "
				}
				return w.T("app.quantity.sum", "price", w.lang.Money(q.price), "sum", w.lang.Money(sum))
			},
			take: func(v int64, then func(error)) { q.take(register.Quantity(v), then) },
		}
	})
}
