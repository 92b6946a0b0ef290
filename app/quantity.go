package app

import (
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
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
	over  string // all that was typed, once it was too long to be such a number: most likely a barcode
}

// typed takes a character and tells whether it was one of a number.
func (d *digits) typed(r rune) bool {
	whole, part, pointed := strings.Cut(d.text, ".")
	if d.over != "" && r >= '0' && r <= '9' {
		d.over += string(r)
		return true
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
		d.over = whole + part + string(r)
	case whole == "0":
		d.text = string(r)
	case len(whole) < d.most:
		d.text += string(r)
	default:
		d.over = whole + string(r)
	}
	return true
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
	entry := &digits{point: q.unit.Weighed(), after: 3, most: 5}
	busy := false
	var d *dialog
	d = w.open(func() body {
		l := w.look
		const width = 336
		value := kit.NewText("", kit.Style{Size: 44, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Fit: true})
		sum := kit.NewText("", kit.Style{Color: l.Muted, Align: fyne.TextAlignCenter, Shrink: true})
		var ok *kit.Button
		chosen := func() (register.Quantity, error) {
			if entry.text == "" && q.now != 0 {
				return q.now, nil
			}
			return register.ParseQuantity(entry.text)
		}
		paint := func() {
			text := entry.shown(w.lang)
			style := func(s *kit.Style) { s.Color = l.Ink }
			if text == "" {
				text, style = w.lang.Quantity(q.now), func(s *kit.Style) { s.Color = l.Muted }
			}
			value.SetStyle(text+" "+w.lang.Unit(q.unit), style)
			n, err := chosen()
			ok.SetDisabled(err != nil)
			sum.Set(" ")
			if total, e := q.price.Times(n); err == nil && e == nil {
				sum.Set(w.T("app.quantity.sum", "price", w.lang.Money(q.price), "sum", w.lang.Money(total)))
			}
		}
		typed := func(r rune) bool {
			took := entry.typed(r)
			paint()
			return took
		}
		shut := func() { w.close(d) }
		agree := func() {
			if busy {
				return
			}
			if code := entry.barcode(); code != "" {
				paint()
				w.scanBlocked(code)
				return
			}
			n, err := chosen()
			if err != nil {
				w.fail(&till.Problem{Code: till.CodeBadQuantity, Err: err})
				return
			}
			busy = true
			q.take(n, func(err error) {
				busy = false
				if err == nil {
					w.close(d)
				}
			})
		}
		extra := ""
		if q.unit.Weighed() {
			extra = ","
			if w.lang.Tag() == "en" {
				extra = "."
			}
		}
		title := w.T("app.quantity.title")
		if q.unit.Weighed() {
			title = w.T("app.quantity.weight", "unit", w.lang.Unit(q.unit))
		}
		ok = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.ok"), Key: "Enter", Height: kit.TouchBig, Size: 18}, agree)
		content := kit.Pad(22, kit.Column(10,
			kit.NewText(title, kit.Style{Size: 15, Color: l.Muted, Align: fyne.TextAlignCenter, Width: width}),
			kit.NewText(q.title, kit.Style{Size: 18, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: width}),
			kit.Tinted(l.Background, 8, kit.Column(0, value, sum)),
			kit.Keypad(l, 58, extra, func(r rune) { w.gate.enter(func() { typed(r) }) }),
			kit.Row(kit.Gap,
				kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: kit.TouchBig}, shut)),
				kit.GrowBy(1.4, ok)),
		))
		paint()
		return body{content: content, beside: shut, layer: &kit.Layer{
			Name: "quantity",
			Rune: typed,
			Scan: w.scanBlocked,
			Keys: map[fyne.KeyName]func(){
				fyne.KeyReturn: agree, fyne.KeyEscape: shut, fyne.KeyF3: shut,
				fyne.KeyBackspace: func() { typed('\b') },
			},
		}}
	})
}
