package app

import (
	"strings"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/i18n"
	"kassa/printer/escpos"
	"kassa/register"
)

// settingSections are all settings, as they are now.
func (w *Window) settingSections(p *settingsPage) []settingsSection {
	s := w.view.Settings
	if s == nil {
		return nil
	}
	return []settingsSection{
		{w.T("app.set.shop"), kit.SignBasket, p.shopRows(s)},
		{w.T("app.set.printer"), kit.SignPrint, p.printerRows(s)},
		{w.T("app.set.selling"), kit.SignCash, p.sellingRows(s)},
		{w.T("app.set.scales"), kit.SignHistory, p.scaleRows(s)},
		{w.T("app.set.staff"), kit.SignPerson, p.staffRows()},
		{w.T("app.set.rights"), kit.SignLock, p.rightRows(s)},
		{w.T("app.set.links"), kit.SignServer, p.linkRows()},
		{w.T("app.set.registrar_section"), kit.SignHistory, p.registrarSettings(s)},
		{w.T("app.set.screen"), kit.SignSun, p.screenRows(s)},
		{w.T("app.set.keys"), kit.SignKeys, p.keyRows(s)},
	}
}

// row is a setting whose texts have a key.
func (p *settingsPage) row(key string) setting {
	title, about := halves(p.w.T("app.set." + key))
	return setting{title: title, about: about}
}

// toggle is a setting that is on or off.
func (p *settingsPage) toggle(key string, of func(*till.Settings) *bool) setting {
	r := p.row(key)
	on := *of(p.w.view.Settings)
	r.onOff = &on
	r.do = func() { p.change(func(s *till.Settings) { f := of(s); *f = !*f }, nil) }
	return r
}

// text is a setting that is a line of text. clean puts what was typed into its form, or refuses it; it may be nil.
func (p *settingsPage) text(key string, of func(*till.Settings) *string, q textQuestion, clean func(string) (string, error)) setting {
	w := p.w
	r := p.row(key)
	now := *of(w.view.Settings)
	r.value = clip(now, 44)
	if now == "" {
		r.value = w.T("app.set.empty")
	}
	q.now = now
	q.take = func(text string, then func(error)) {
		if clean != nil {
			var err error
			if text, err = clean(text); err != nil {
				then(err)
				return
			}
		}
		p.change(func(s *till.Settings) { *of(s) = text }, then)
	}
	r.do = func() {
		w.askTextAnew(func() textQuestion {
			texts := p.row(key)
			q.title, q.text, q.yes = texts.title, texts.about, w.T("app.set.save")
			return q
		})
	}
	return r
}

// oneOf is a setting that is one of several.
func (p *settingsPage) oneOf(key string, names []string, now int, take func(*till.Settings, int)) setting {
	w := p.w
	r := p.row(key)
	r.value = names[now]
	r.do = func() {
		w.openChoices("setting", func() (string, []choice) {
			var all []choice
			for i, name := range names {
				c := choice{text: name, do: func() { p.change(func(s *till.Settings) { take(s, i) }, nil) }}
				if i == now {
					c.sign = kit.SignCheck
				}
				all = append(all, c)
			}
			return r.title, all
		})
	}
	return r
}

func (p *settingsPage) shopRows(s *till.Settings) []setting {
	any := textQuestion{empty: true}
	return []setting{
		p.text("shop_name", func(s *till.Settings) *string { return &s.Shop.Name }, textQuestion{}, nil),
		p.text("shop_address", func(s *till.Settings) *string { return &s.Shop.Address }, any, nil),
		p.text("shop_inn", func(s *till.Settings) *string { return &s.Shop.INN }, textQuestion{empty: true, digitsOnly: true, most: 12}, func(text string) (string, error) {
			if till.CheckINN(text) != nil {
				return "", &refusal{key: "app.set.bad_inn"}
			}
			return text, nil
		}),
		p.text("shop_till", func(s *till.Settings) *string { return &s.Shop.Till }, textQuestion{most: 20}, nil),
		p.footerRow(s),
	}
}

func (p *settingsPage) printerRows(s *till.Settings) []setting {
	w := p.w
	var names []string
	at := 0
	profiles := escpos.Profiles()
	current, _ := till.Profile(s.Printer.Profile)
	for i, profile := range profiles {
		key := "app.set.profile." + profile.Name
		name := profile.Title
		if w.lang.Has(key) {
			name = w.T(key)
		}
		names = append(names, name)
		if profile.Name == current.Name {
			at = i
		}
	}
	test := p.row("printer_test")
	test.value = w.T("app.set.print")
	test.do = w.printTest
	slips := p.row("slips")
	slips.value = w.T("app.set.slips_open")
	slips.do = w.openSlips
	return []setting{
		p.findRow(), p.addressRow(),
		p.oneOf("printer_profile", names, at, func(s *till.Settings, i int) { s.Printer.Profile, s.Printer.Letters = profiles[i].Name, till.Letters{} }),
		p.lettersRow(s), test, slips,
		p.toggle("print_receipts", func(s *till.Settings) *bool { return &s.PrintReceipts }),
	}
}

func (p *settingsPage) sellingRows(s *till.Settings) []setting {
	w := p.w
	most := p.row("max_discount")
	most.value = w.percent(s.MaxDiscount)
	most.do = func() {
		w.askNumber(numberQuestion{title: most.title, kind: numberPercent, now: int64(s.MaxDiscount), yes: w.T("app.set.save"),
			take: func(v int64, then func(error)) {
				p.change(func(s *till.Settings) { s.MaxDiscount = register.Percent(v) }, func(err error) {
					if err != nil {
						w.fail(err)
					}
					then(err)
				})
			}})
	}
	stock := []till.StockControl{till.StockOff, till.StockShow, till.StockWarn, till.StockForbid}
	var names []string
	at := 0
	for i, c := range stock {
		names = append(names, w.T("app.set.stock."+string(c)))
		if c == s.Stock {
			at = i
		}
	}
	return []setting{
		p.toggle("card", func(s *till.Settings) *bool { return &s.Card }),
		p.notes(s),
		most,
		p.toggle("vat_on_top", func(s *till.Settings) *bool { return &s.VATOnTop }),
		p.oneOf("stock", names, at, func(s *till.Settings, i int) { s.Stock = stock[i] }),
		p.toggle("return_without_sale", func(s *till.Settings) *bool { return &s.ReturnWithoutSale }),
		p.toggle("return_other_shift", func(s *till.Settings) *bool { return &s.ReturnOtherShift }),
		p.toggle("count_cash", func(s *till.Settings) *bool { return &s.CountCash }),
	}
}

// notes are the sums for one touch.
func (p *settingsPage) notes(s *till.Settings) setting {
	w := p.w
	r := p.row("notes")
	var all, plain []string
	for _, n := range s.Notes {
		all = append(all, strings.TrimSuffix(strings.TrimSuffix(w.lang.Sum(n), ",00"), ".00"))
		plain = append(plain, strings.TrimSuffix(n.String(), ".00"))
	}
	r.value = strings.Join(all, " · ")
	r.do = func() {
		w.askTextAnew(func() textQuestion {
			return textQuestion{title: p.row("notes").title, text: p.row("notes").about, now: strings.Join(plain, " "), empty: true, yes: w.T("app.set.save"),
				take: func(text string, then func(error)) {
					notes, err := readNotes(text)
					if err != nil {
						then(err)
						return
					}
					p.change(func(s *till.Settings) { s.Notes = notes }, then)
				}}
		})
	}
	return r
}

// noteButtons is how many notes have a button at most.
const noteButtons = 12

func readNotes(text string) ([]register.Money, error) {
	var out []register.Money
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
		m, err := register.ParseMoney(word)
		if err != nil || m <= 0 || m > register.MaxMoney || len(out) == noteButtons {
			return nil, &refusal{key: "app.set.bad_notes"}
		}
		out = append(out, m)
	}
	return out, nil
}

func (p *settingsPage) screenRows(*till.Settings) []setting {
	w := p.w
	language := p.row("language")
	language.options = []string{"Русский", "English"}
	if w.lang.Tag() == i18n.English {
		language.at = 1
	}
	language.pick = func(i int) { w.SetLanguage([]string{i18n.Russian, i18n.English}[i]) }
	look := p.row("look")
	look.options = []string{w.T("app.set.light"), w.T("app.set.dark")}
	if w.look.Dark {
		look.at = 1
	}
	look.pick = func(i int) { w.SetDark(i == 1) }
	return []setting{
		language, look,
		p.toggle("sounds", func(s *till.Settings) *bool { return &s.Sounds }),
		p.toggle("full_screen", func(s *till.Settings) *bool { return &s.FullScreen }),
		p.toggle("buyer_window", func(s *till.Settings) *bool { return &s.BuyerWindow }),
	}
}

// rightRows are who may do what by himself.
func (p *settingsPage) rightRows(s *till.Settings) []setting {
	w := p.w
	roles := till.Roles()
	var out []setting
	for _, right := range till.Rights() {
		r := setting{title: w.T("right." + string(right)), about: w.T("app.set.right_about")}
		for i, role := range roles {
			r.options = append(r.options, w.T("app.set.role."+string(role)))
			if s.Least(right) == role {
				r.at = i
			}
		}
		if right == till.RightSettings || right == till.RightStaff {
			r.about = w.T("app.set.right_owner")
		} else {
			r.pick = func(i int) { p.change(func(s *till.Settings) { s.Rights[right] = roles[i] }, nil) }
		}
		out = append(out, r)
	}
	return out
}

// printTest prints a slip by which one sees that the printer is set up well.
func (w *Window) printTest() {
	w.gate.commit(w.deps.Till.PrintTest, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.praise(w.T("app.set.printing"))
	})
}
