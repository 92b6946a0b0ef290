package app

import (
	"slices"
	"strings"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/register"
)

// mostMasks is how many masks there can be: one for each prefix that shops may use, and some to spare.
const mostMasks = 20

// scaleRows are the masks of scales' barcodes, and a way to add one.
func (p *settingsPage) scaleRows(s *till.Settings) []setting {
	w := p.w
	var out []setting
	for i, m := range s.Scales {
		out = append(out, setting{title: m.Pattern, about: w.maskExample(m), value: w.T("app.set.scale." + string(m.Kind)), do: func() { p.openMask(i, m) }})
	}
	add := p.row("scale_add")
	add.value = w.T("app.set.add")
	add.do = func() {
		if len(s.Scales) >= mostMasks {
			w.warn(w.T("app.set.scale_many"))
			return
		}
		p.askMask(register.ScaleMask{Pattern: "24CCCCCWWWWWK", Kind: register.ScaleWeight}, func(s *till.Settings, m register.ScaleMask) {
			s.Scales = append(s.Scales, m)
		})
	}
	return append(out, add)
}

// openMask offers what can be done with a mask.
func (p *settingsPage) openMask(at int, m register.ScaleMask) {
	w := p.w
	set := func(s *till.Settings, m register.ScaleMask) {
		if at < len(s.Scales) {
			s.Scales[at] = m
		}
	}
	w.openChoices("mask", func() (string, []choice) {
		all := []choice{{sign: kit.SignEdit, text: w.T("app.set.scale_pattern"), do: func() { p.askMask(m, set) }}}
		for _, kind := range []register.ScaleKind{register.ScaleWeight, register.ScalePieces, register.ScalePrice} {
			c := choice{text: w.T("app.set.scale." + string(kind)), do: func() {
				p.change(func(s *till.Settings) { set(s, register.ScaleMask{Pattern: m.Pattern, Kind: kind}) }, nil)
			}}
			if kind == m.Kind {
				c.sign = kit.SignCheck
			}
			all = append(all, c)
		}
		return m.Pattern, append(all, choice{sign: kit.SignTrash, text: w.T("app.set.remove"), do: func() {
			p.change(func(s *till.Settings) {
				if at < len(s.Scales) {
					s.Scales = slices.Delete(s.Scales, at, at+1)
				}
			}, nil)
		}})
	})
}

// askMask asks for a pattern.
func (p *settingsPage) askMask(m register.ScaleMask, set func(*till.Settings, register.ScaleMask)) {
	w := p.w
	w.askTextAnew(func() textQuestion {
		return textQuestion{title: w.T("app.set.scale_title"), text: w.T("app.set.scale_text"), now: m.Pattern, most: 20, yes: w.T("app.set.save"),
			take: func(text string, then func(error)) {
				next := register.ScaleMask{Pattern: maskLetters(text), Kind: m.Kind}
				if next.Check() != nil {
					then(&refusal{key: "app.set.bad_mask"})
					return
				}
				p.change(func(s *till.Settings) { set(s, next) }, then)
			}}
	})
}

// maskLetters writes a pattern in the letters that it is kept in: those of the Russian alphabet look the same.
func maskLetters(text string) string {
	return strings.NewReplacer("С", "C", "К", "K", "Х", "X", " ", "").Replace(strings.ToUpper(text))
}

// maskExample reads a barcode of the mask back, so that a person sees what the mask means.
func (w *Window) maskExample(m register.ScaleMask) string {
	values := map[register.ScaleKind]string{register.ScaleWeight: "350", register.ScalePieces: "12", register.ScalePrice: "9950"}
	letters := map[byte]string{'C': "12345678", 'W': values[m.Kind]}
	code := make([]byte, 0, len(m.Pattern))
	for i := range len(m.Pattern) {
		c := m.Pattern[i]
		switch run := letters[c]; {
		case c == 'K':
			c = register.CheckDigit(string(code))
		case c == 'X':
			c = '0'
		case run != "":
			nth, all := strings.Count(m.Pattern[:i], string(c)), strings.Count(m.Pattern, string(c))
			from := len(run) - all // the value stands at the right end of its places
			if c == 'C' {
				from = 0
			}
			c = '0'
			if from+nth >= 0 {
				c = run[from+nth]
			}
		}
		code = append(code, c)
	}
	weighing, ok, err := m.Read(string(code))
	if !ok || err != nil {
		return ""
	}
	value := ""
	switch m.Kind {
	case register.ScalePrice:
		value = w.lang.Money(register.Money(weighing.Value))
	case register.ScalePieces:
		value = w.lang.Quantity(register.Quantity(weighing.Value)*register.One) + " " + w.lang.Unit(register.Piece)
	default:
		value = w.lang.Quantity(register.Quantity(weighing.Value)) + " " + w.lang.Unit(register.Kilogram)
	}
	return w.T("app.set.scale_example", "barcode", string(code), "code", weighing.Code, "value", value)
}
