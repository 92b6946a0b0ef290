package app

import (
	"context"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/register"
)

// newCustomerFrom is a customer of whom a name, a phone or a card is known: what was searched for in vain.
func newCustomerFrom(text string) (c register.Customer) {
	text = strings.TrimSpace(text)
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
	switch {
	case strings.ContainsFunc(text, unicode.IsLetter):
		c.Name = clip(text, register.MaxName)
	case len(digits) == 10 || len(digits) == 11:
		c.Phone = text
	case digits != "":
		c.Card = text
	}
	return c
}

// customerField is one of a customer's particulars.
type customerField struct {
	name  string
	value func() string
	ask   func()
}

// editCustomer shows a customer's particulars to be changed; one with no id is new.
func (w *Window) editCustomer(c register.Customer, saved func(register.Customer)) {
	st := &c
	at := 0
	var d *dialog
	remake := func() { w.remake(d) }
	d = w.open(func() body { return w.customerBody(st, &at, remake, func() { w.close(d) }, saved) })
	if c.Name == "" {
		w.customerFields(st, remake)[0].ask()
	}
}

func (w *Window) customerFields(c *register.Customer, changed func()) []customerField {
	text := func(key, hint string, most int, scan bool, value *string) customerField {
		return customerField{name: w.T(key), value: func() string { return *value }, ask: func() {
			w.askText(textQuestion{
				name: "customer_text", sign: kit.SignPerson, title: w.T(key), hint: w.T(hint), now: *value, most: most, empty: true, scan: scan,
				take: func(text string, then func(error)) {
					if scan {
						text = kit.Latin(text)
					}
					*value = text
					then(nil)
					changed()
				},
			})
		}}
	}
	return []customerField{
		text("app.customers.name", "app.customers.name_hint", register.MaxName, false, &c.Name),
		text("app.customers.phone", "app.customers.phone_hint", 32, false, &c.Phone),
		text("app.customers.email", "app.customers.email_hint", 64, false, &c.Email),
		text("app.customers.card", "app.customers.card_hint", register.MaxBarcode, true, &c.Card),
		{name: w.T("app.customers.discount"), value: func() string { return w.percent(c.Discount) }, ask: func() {
			w.askNumber(numberQuestion{
				name: "customer_discount", title: w.T("app.customers.discount"), text: c.Name, kind: numberPercent, now: int64(c.Discount),
				buttons: []numberButton{{text: w.percent(0), value: 0}, {text: w.percent(300), value: 300}, {text: w.percent(500), value: 500},
					{text: w.percent(700), value: 700}, {text: w.percent(1000), value: 1000}},
				take: func(v int64, then func(error)) {
					c.Discount = register.Percent(v)
					then(nil)
					changed()
				},
			})
		}},
	}
}

func (w *Window) customerBody(c *register.Customer, at *int, remake, shut func(), saved func(register.Customer)) body {
	l := w.look
	const width = 520
	fields := w.customerFields(c, remake)
	title := w.T("app.customers.new")
	if c.ID != "" {
		title = w.T("app.customers.change")
	}
	save := func() {
		one := *c
		w.gate.commit(func(ctx context.Context) (err error) {
			one, err = w.deps.Till.SaveCustomer(ctx, one)
			return err
		}, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			shut()
			w.praise(w.T("app.customers.saved", "name", clip(one.Name, 60)))
			saved(one)
		})
	}
	var rows []*kit.Press
	column := kit.Column(6)
	for i, f := range fields {
		value, ink := f.value(), l.Ink
		if value == "" {
			value, ink = w.T("app.customers.empty"), l.Muted
		}
		row := kit.NewPress(kit.PadSides(8, 14, 8, 14, kit.Row(12,
			kit.Least(130, 0, kit.Middle(kit.NewText(f.name, kit.Style{Size: 15, Color: l.Muted, Lines: 2, Width: 130}))),
			kit.Grow(kit.Middle(kit.NewText(value, kit.Style{Size: 17, Bold: true, Color: ink, Lines: 2, Width: width - 200}))),
			kit.Middle(kit.Icon(kit.SignRight, l.Muted, 18)))),
			kit.Rounding, l.Background, l.Raised, func() { w.gate.enter(func() { *at = i; f.ask() }) })
		rows = append(rows, row)
		column.Add(kit.Least(width, 56, row))
	}
	mark := func(n int) {
		*at = max(min(n, len(fields)), 0)
		for i, r := range rows {
			r.Border(l.Accent, map[bool]float32{true: 2}[i == *at])
		}
	}
	mark(*at)
	enter := func() {
		if *at < len(fields) {
			fields[*at].ask()
			return
		}
		save()
	}
	return body{
		content: kit.Pad(22, kit.Column(12,
			kit.NewText(title, kit.Style{Size: 22, Bold: true, Color: l.Ink, Width: width}),
			column,
			kit.NewText(w.T("app.customers.scan_card"), kit.Style{Size: 14, Color: l.Muted, Lines: 2, Width: width}),
			kit.Row(kit.Gap,
				kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.back"), Key: "Esc", Height: 60}, shut)),
				kit.GrowBy(1.5, w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.customers.save"), Key: "F10", Size: 18, Height: 60}, save))))),
		beside: func() {}, // what was typed is not lost by a touch beside it
		layer: &kit.Layer{
			Name: "customer",
			Scan: func(code string) { c.Card = code; remake() },
			Keys: map[fyne.KeyName]func(){
				fyne.KeyEscape: shut, fyne.KeyReturn: enter, fyne.KeyF10: save, fyne.KeyF3: enter,
				fyne.KeyUp: func() { mark(*at - 1) }, fyne.KeyDown: func() { mark(*at + 1) },
			},
		},
	}
}
