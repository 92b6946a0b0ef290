package app

import (
	"context"
	"errors"
	"maps"
	"strings"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/every"
)

const nameBank = "bank"

// chooseBank offers all banks that the till can work with.
func (p *settingsPage) chooseBank() {
	w := p.w
	w.openChoices("banks", func() (string, []choice) {
		var all []choice
		for _, a := range every.Banks() {
			c := choice{sign: kit.SignBank, text: a.Title.In(w.lang.Tag()), do: func() { p.openBank(a) }}
			if a.Name == p.state.links.Bank {
				c.sign = kit.SignCheck
			}
			all = append(all, c)
		}
		return w.T("app.bankpage.choose"), all
	})
}

// openBank shows the fields of a bank, which the owner fills in with what the contract gives.
func (p *settingsPage) openBank(a banks.Adapter) {
	w, links := p.w, p.state.links
	f := &form{
		name: nameBank, sign: kit.SignBank, current: links.Bank == a.Name, values: map[string]string{},
		title:  func() string { return a.Title.In(w.lang.Tag()) },
		about:  func() string { return w.T("app.bankpage.text") },
		ready:  func() string { return w.T("app.bankpage.ready") },
		asking: func() string { return w.T("app.bankpage.asking") },
		yes:    func() string { return w.T("app.bankpage.connect") },
		save: func(ctx context.Context, values map[string]string) error {
			return w.deps.Till.SetBank(ctx, a.Name, values)
		},
		saved:   func() { p.load(); w.praise(w.T("app.set.bank_done")) },
		refused: func(err error) string { return w.bankRefusal(a, err) },
	}
	for _, field := range a.Fields {
		f.fields = append(f.fields, formField{name: field.Name, secret: field.Secret, long: field.Long, optional: field.Optional, fallback: field.Default,
			label: func() string { return field.Label.In(w.lang.Tag()) }, hint: func() string { return field.Hint.In(w.lang.Tag()) }})
	}
	if f.current {
		maps.Copy(f.values, links.Values)
		f.remove = p.askRemoveBank
	}
	w.openForm(f)
}

func (p *settingsPage) askRemoveBank() {
	w := p.w
	w.ask("bank_remove", w.T("app.bankpage.remove_ask"), w.T("app.bankpage.remove_text"), w.T("app.bankpage.remove"), w.T("app.back"), kit.Danger, func() {
		w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SetBank(ctx, "", nil) }, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.closePage(nameBank)
			p.load()
			w.praise(w.T("app.set.bank_gone"))
		})
	})
}

// bankRefusal says why a bank's settings were not taken: in the bank's words, or by the field's name.
func (w *Window) bankRefusal(a banks.Adapter, err error) string {
	var p *till.Problem
	if !errors.As(err, &p) {
		return w.paragraph(err)
	}
	switch p.Code {
	case till.CodeBankSettings:
		text := w.T("app.bankpage.refused")
		for i := 0; i+1 < len(p.Args); i += 2 {
			if words, ok := p.Args[i+1].(string); ok && p.Args[i] == "message" && words != "" {
				text += " " + w.T("app.qr.bank_says", "text", clip(words, 160))
			}
		}
		return text
	case till.CodeBadSetting:
		for _, f := range a.Fields {
			if p.Err != nil && strings.Contains(p.Err.Error(), f.Name) {
				return w.T("app.bankpage.bad_field", "field", f.Label.In(w.lang.Tag()))
			}
		}
		return w.T("app.bankpage.bad")
	}
	return w.paragraph(err)
}
