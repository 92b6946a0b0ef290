package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/fiscal"
)

const nameRegistrar = "registrar"

// registrarSettings are the settings of the fiscal registrar.
func (p *settingsPage) registrarSettings(s *till.Settings) []setting {
	w := p.w
	choose := p.row("registrar")
	choose.value = w.T("app.set.registrar_none")
	if d, ok := w.driver(s.Fiscal.Driver); ok {
		choose.value = d.Title
	}
	choose.do = p.chooseRegistrar
	if s.Fiscal.Driver == "" {
		return []setting{choose}
	}
	taxations := till.Taxations()
	var names []string
	for _, t := range taxations {
		names = append(names, w.T("app.taxation."+string(cmpOr(t, "default"))))
	}
	tax := p.row("taxation")
	at := max(slices.Index(taxations, s.Fiscal.Taxation), 0)
	tax.value = names[at]
	tax.do = func() {
		w.openChoices("setting", func() (string, []choice) {
			var all []choice
			for i, name := range names {
				c := choice{text: name, do: func() { p.setRegistrar(func(f *till.FiscalSettings) { f.Taxation = taxations[i] }) }}
				if i == at {
					c.sign = kit.SignCheck
				}
				all = append(all, c)
			}
			return tax.title, all
		})
	}
	return []setting{choose, tax,
		p.registrarToggle("own_slips", func(f *till.FiscalSettings) *bool { return &f.OwnSlips }),
		p.registrarToggle("close_expired", func(f *till.FiscalSettings) *bool { return &f.CloseExpired })}
}

func cmpOr(t fiscal.Taxation, otherwise string) string {
	if t == fiscal.TaxationDefault {
		return otherwise
	}
	return string(t)
}

func (p *settingsPage) registrarToggle(key string, of func(*till.FiscalSettings) *bool) setting {
	r := p.row(key)
	now := p.w.view.Settings.Fiscal
	on := *of(&now)
	r.onOff = &on
	r.do = func() { p.setRegistrar(func(f *till.FiscalSettings) { b := of(f); *b = !*b }) }
	return r
}

// setRegistrar changes what the shop chose of its registrar; the registrar itself stays.
func (p *settingsPage) setRegistrar(change func(*till.FiscalSettings)) {
	w := p.w
	set := w.view.Settings.Fiscal
	change(&set)
	values := maps.Clone(p.state.links.RegistrarValues)
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SetFiscal(ctx, set, values) }, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			w.toast.say(moodGood, w.T("app.set.saved"), w.T("app.set.saved_text"))
		}
		w.refresh()
		w.repaintSettings()
	})
}

func (w *Window) driver(name string) (fiscal.Driver, bool) {
	all := w.deps.Till.Drivers()
	i := slices.IndexFunc(all, func(d fiscal.Driver) bool { return d.Name == name })
	if i < 0 {
		return fiscal.Driver{}, false
	}
	return all[i], true
}

// chooseRegistrar offers all makes of registrar that the till can work with.
func (p *settingsPage) chooseRegistrar() {
	w := p.w
	w.openChoices("registrars", func() (string, []choice) {
		var all []choice
		for _, d := range w.deps.Till.Drivers() {
			c := choice{sign: kit.SignHistory, text: d.Title, do: func() { p.openRegistrarForm(d) }}
			if d.Name == w.view.Settings.Fiscal.Driver {
				c.sign = kit.SignCheck
			}
			all = append(all, c)
		}
		return w.T("app.registrarpage.choose"), all
	})
}

// openRegistrarForm shows the fields of a make of registrar. Its answer is waited for before it is kept, so that a wrong
// address is told at once; a registrar that does not answer now can be kept all the same.
func (p *settingsPage) openRegistrarForm(d fiscal.Driver) {
	w, links, now := p.w, p.state.links, p.w.view.Settings.Fiscal
	set := now
	set.Driver = d.Name
	text := func(key string, args ...any) func() string { return func() string { return w.T(key, args...) } }
	f := &form{
		name: nameRegistrar, sign: kit.SignHistory, current: now.Driver == d.Name, values: map[string]string{},
		title:  func() string { return d.Title },
		about:  text("app.registrarpage.text"),
		ready:  text("app.registrarpage.ready"),
		asking: text("app.registrarpage.asking"),
		yes:    text("app.bankpage.connect"),
		saved:  func() { p.load(); w.refresh(); w.praise(w.T("app.registrarpage.done")) },
	}
	for _, field := range d.Fields {
		key := "fiscal." + d.Name + "." + field.Name
		f.fields = append(f.fields, formField{name: field.Name, secret: field.Secret, optional: field.Optional, fallback: field.Default,
			label: text(key), hint: text(key + ".hint")})
	}
	if f.current {
		maps.Copy(f.values, links.RegistrarValues)
		f.remove = p.askRemoveRegistrar
	}
	f.save = func(ctx context.Context, values map[string]string) error {
		if _, err := w.deps.Till.CheckFiscal(ctx, set, values); err != nil {
			return err
		}
		return w.deps.Till.SetFiscal(ctx, set, values)
	}
	f.refused = func(err error) string { return w.registrarRefusal(d, err) }
	w.openForm(f)
}

// registrarRefusal says why a registrar's settings were not taken.
func (w *Window) registrarRefusal(d fiscal.Driver, err error) string {
	var p *till.Problem
	if !errors.As(err, &p) {
		return w.paragraph(err)
	}
	if p.Code == till.CodeBadSetting {
		for _, f := range d.Fields {
			if p.Err != nil && strings.Contains(p.Err.Error(), f.Name) {
				return w.T("app.bankpage.bad_field", "field", w.T("fiscal."+d.Name+"."+f.Name))
			}
		}
		return w.T("app.bankpage.bad")
	}
	title, _ := w.trouble(p.Code)
	text := w.T("app.registrarpage.refused", "why", title)
	for i := 0; i+1 < len(p.Args); i += 2 {
		if words, ok := p.Args[i+1].(string); ok && p.Args[i] == "message" && words != "" {
			text += " " + w.T("app.registrar.says", "text", clip(words, 160))
		}
	}
	return text
}

func (p *settingsPage) askRemoveRegistrar() {
	w := p.w
	set := w.view.Settings.Fiscal
	set.Driver = "" // what else was chosen is for the next one, too
	w.ask("registrar_remove", w.T("app.registrarpage.remove_ask"), w.T("app.registrarpage.remove_text"), w.T("app.bankpage.remove"), w.T("app.back"), kit.Danger, func() {
		w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SetFiscal(ctx, set, nil) }, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.closePage(nameRegistrar)
			p.load()
			w.refresh()
			w.praise(w.T("app.registrarpage.gone"))
		})
	})
}
