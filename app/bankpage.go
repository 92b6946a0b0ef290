package app

import (
	"context"
	"errors"
	"maps"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/banks"
	"kassa/banks/every"
)

const nameBank = "bank"

// bankState is what was typed of a bank's contract. It outlives a change of language or palette.
type bankState struct {
	bank    banks.Adapter
	current bool            // it is the bank that the till works with
	values  banks.Settings  // what is to be kept; of secrets only what was typed now
	typed   map[string]bool // what was changed
	at      int
	wrong   func() string // why it was not taken; may be nil
	done    func()        // once it is connected or taken away
}

// bankPage is where the owner enters what the contract with a bank gives.
type bankPage struct {
	w     *Window
	state *bankState
	root  fyne.CanvasObject
	keys  *kit.Layer
	list  *kit.Grid
	note  *kit.Text
	noted *kit.Ground
	yes   *kit.Button
}

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

// openBank shows the fields of a bank.
func (p *settingsPage) openBank(a banks.Adapter) {
	w, links := p.w, p.state.links
	state := &bankState{bank: a, current: links.Bank == a.Name, values: banks.Settings{}, typed: map[string]bool{}, done: p.load}
	if state.current {
		maps.Copy(state.values, links.Values)
	}
	w.closePage(nameBank)
	w.openPage(page{name: nameBank, make: func() screen { return newBankPage(w, state) }})
}

func newBankPage(w *Window, state *bankState) *bankPage {
	p := &bankPage{w: w, state: state}
	l := w.look
	p.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 82, Gap: 6,
		New: func() fyne.CanvasObject { return newBankRow(p) },
		Show: func(i int, o fyne.CanvasObject) {
			if i < len(state.bank.Fields) {
				o.(*bankRow).show(i)
			}
		},
	})
	p.note = kit.NewText("", kit.Style{Size: 16, Color: l.Ink, Lines: 3})
	p.noted = kit.Fill(l.AccentSoft, kit.Radius)
	p.yes = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.bankpage.connect"), Key: "F10", Height: 56}, p.connect)
	head := kit.Row(12,
		w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, p.close),
		kit.Grow(kit.Middle(kit.NewText(state.bank.Title.In(w.lang.Tag()), kit.Style{Size: 24, Bold: true, Color: l.Ink, Shrink: true}))))
	if state.current {
		head.Add(w.button(kit.ButtonSpec{Text: w.T("app.bankpage.remove"), Key: "F8", Height: 56, Size: 15}, p.askRemove))
	}
	head.Add(p.yes)
	p.root = kit.Pad(kit.Inset-4, kit.Column(12, head,
		kit.Stack(p.noted, kit.Pad(12, &fyne.Container{Layout: noteLayout{p.note}, Objects: []fyne.CanvasObject{p.note}})),
		kit.Grow(p.list)))
	p.keys = &kit.Layer{Name: nameBank, Scan: w.scanBlocked, Keys: map[fyne.KeyName]func(){
		fyne.KeyEscape: p.close, fyne.KeyReturn: func() { p.edit(state.at) }, fyne.KeyF10: p.connect, fyne.KeyF1: w.openHelp,
		fyne.KeyUp: func() { p.choose(state.at - 1) }, fyne.KeyDown: func() { p.choose(state.at + 1) },
		fyne.KeyHome: func() { p.choose(0) }, fyne.KeyEnd: func() { p.choose(len(state.bank.Fields) - 1) },
		fyne.KeyDelete: func() { p.clear(state.at) },
	}}
	if state.current {
		p.keys.Keys[fyne.KeyF8] = p.askRemove
	}
	p.paint()
	return p
}

// noteLayout gives a text all the width, and as many lines as it needs there.
type noteLayout struct{ text *kit.Text }

func (n noteLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	n.text.SetStyle(n.text.Value(), func(st *kit.Style) { st.Width = s.Width })
	objects[0].Resize(s)
}

func (n noteLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 46) }

func (p *bankPage) object() fyne.CanvasObject { return p.root }
func (p *bankPage) layer() *kit.Layer         { return p.keys }
func (p *bankPage) update(till.View)          {}
func (p *bankPage) close()                    { p.w.closePage(nameBank) }

func (p *bankPage) paint() {
	w, l, st := p.w, p.w.look, p.state
	text, ground := w.T("app.bankpage.text"), l.AccentSoft
	if p.missing() < 0 {
		text = w.T("app.bankpage.ready")
	}
	if st.wrong != nil {
		text, ground = st.wrong(), l.BadSoft
	}
	p.note.Set(text)
	p.noted.FillColor = ground
	p.noted.Refresh()
	p.yes.SetDisabled(p.missing() >= 0)
	p.list.SetCount(len(st.bank.Fields))
	p.list.Reload()
	p.list.Reveal(st.at)
	p.root.Refresh()
}

func (p *bankPage) choose(i int) {
	st := p.state
	if i < 0 || i >= len(st.bank.Fields) {
		return
	}
	old := st.at
	st.at = i
	p.list.ReloadItem(old)
	p.list.ReloadItem(i)
	p.list.Reveal(i)
}

// kept tells whether a secret is known to the till from before.
func (st *bankState) kept(f banks.Field) bool { return st.current && f.Secret && !st.typed[f.Name] }

// missing is the first field that must be filled in and is not; -1 when there is none.
func (p *bankPage) missing() int {
	st := p.state
	for i, f := range st.bank.Fields {
		if !f.Optional && f.Default == "" && st.values[f.Name] == "" && !st.kept(f) {
			return i
		}
	}
	return -1
}

// edit asks for a field: a line is typed, a key comes from a file or the clipboard.
func (p *bankPage) edit(i int) {
	w, st := p.w, p.state
	if i < 0 || i >= len(st.bank.Fields) {
		return
	}
	p.choose(i)
	f := st.bank.Fields[i]
	label := func() string { return f.Label.In(w.lang.Tag()) }
	if f.Long {
		w.openChoices("bank-text", func() (string, []choice) {
			all := []choice{
				{sign: kit.SignFile, text: w.T("app.bankpage.from_file"), do: func() { w.openKeyFile(label, func(text string) { w.setBankField(st, i, text) }) }},
				{sign: kit.SignCopy, text: w.T("app.bankpage.paste"), do: func() { w.pasteBankField(st, i) }},
			}
			if st.values[f.Name] != "" {
				all = append(all, choice{sign: kit.SignTrash, text: w.T("app.bankpage.clear"), do: func() { w.setBankField(st, i, "") }})
			}
			return label(), all
		})
		return
	}
	now := st.values[f.Name]
	if f.Secret {
		now = ""
	}
	w.askTextAnew(func() textQuestion {
		return textQuestion{
			name: "bank_field", sign: kit.SignBank, title: label(), text: f.Hint.In(w.lang.Tag()), hint: f.Default, now: now, most: 400,
			secret: f.Secret, empty: f.Optional || f.Default != "" || st.kept(f), scan: true, yes: w.T("app.bankpage.take"),
			take: func(text string, then func(error)) {
				then(nil)
				if text == "" && st.kept(f) {
					return
				}
				w.setBankField(st, i, text)
			},
		}
	})
}

// clear empties a field; a secret that is kept stays.
func (p *bankPage) clear(i int) {
	if f := p.state.bank.Fields[i]; p.state.values[f.Name] != "" {
		p.w.setBankField(p.state, i, "")
	}
}

// setBankField takes a value, and goes on to the next field that is missing.
func (w *Window) setBankField(st *bankState, i int, text string) {
	name := st.bank.Fields[i].Name
	st.values[name], st.typed[name], st.wrong = text, text != "", nil
	p, ok := w.screen.(*bankPage)
	if !ok || p.state != st {
		return
	}
	if next := p.missing(); next >= 0 && text != "" {
		st.at = next
	}
	p.paint()
}

// pasteBankField takes a key or a certificate out of the clipboard.
func (w *Window) pasteBankField(st *bankState, i int) {
	text, err := keyText(w.fyne.Clipboard().Content())
	if err != nil {
		w.warn(w.T("app.bankpage.bad_paste"))
		return
	}
	w.setBankField(st, i, text)
}

// connect has the bank asked whether it takes the settings, and works with it from then on.
func (p *bankPage) connect() {
	w, st := p.w, p.state
	if i := p.missing(); i >= 0 {
		p.choose(i)
		field := st.bank.Fields[i]
		st.wrong = func() string { return w.T("app.bankpage.missing", "field", field.Label.In(w.lang.Tag())) }
		p.paint()
		return
	}
	w.inform(w.T("app.bankpage.asking"))
	p.set(st.bank.Name, maps.Clone(st.values), "app.set.bank_done")
}

func (p *bankPage) askRemove() {
	w := p.w
	w.ask("bank_remove", w.T("app.bankpage.remove_ask"), w.T("app.bankpage.remove_text"), w.T("app.bankpage.remove"), w.T("app.back"), kit.Danger,
		func() { p.set("", nil, "app.set.bank_gone") })
}

func (p *bankPage) set(name string, values banks.Settings, done string) {
	w, st := p.w, p.state
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SetBank(ctx, name, values) }, func(err error) {
		w.toast.clear()
		if err == nil {
			w.closePage(nameBank)
			st.done()
			w.praise(w.T(done))
			return
		}
		w.sound(SoundError)
		st.wrong = func() string { return w.bankRefusal(st.bank, err) }
		if c, ok := w.screen.(*bankPage); ok && c.state == st {
			c.paint()
		}
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

// bankRow shows one field: what it is, where it is found, and whether it is filled in.
type bankRow struct {
	*kit.Press
	p     *bankPage
	i     int
	title *kit.Text
	about *kit.Text
	value *kit.Text
}

func newBankRow(p *bankPage) *bankRow {
	w, l := p.w, p.w.look
	r := &bankRow{p: p}
	r.title = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 14, Color: l.Muted, Lines: 2})
	r.value = kit.NewText("", kit.Style{Size: 16, Bold: true, Color: l.Accent, Align: fyne.TextAlignTrailing, Lines: 2, Width: 300})
	r.Press = kit.NewPress(kit.PadSides(6, 16, 6, 16, kit.Row(16,
		kit.Grow(kit.Middle(kit.Column(0, r.title, r.about))), kit.Middle(r.value), kit.Middle(kit.Icon(kit.SignRight, l.Muted, 18)))),
		kit.Radius, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() { w.gate.enter(func() { p.edit(r.i) }) })
	return r
}

func (r *bankRow) show(i int) {
	p := r.p
	w, l, st := p.w, p.w.look, p.state
	f := st.bank.Fields[i]
	r.i = i
	r.title.Set(f.Label.In(w.lang.Tag()))
	hint := f.Hint.In(w.lang.Tag())
	room := p.list.Size().Width - 300 - 90
	lines := 2
	if fyne.MeasureText(hint, 14, fyne.TextStyle{}).Width < room {
		lines = 1
	}
	r.about.SetStyle(hint, func(s *kit.Style) { s.Lines = lines })
	value, ink := st.values[f.Name], l.Ink
	switch {
	case value != "" && f.Long:
		value = w.T("app.bankpage.has_text", "size", w.fileSize(int64(len(value))))
	case value != "" && f.Secret:
		value = strings.Repeat("•", min(utf8.RuneCountInString(value), 12))
	case value != "":
		value = clip(value, 44)
	case st.kept(f):
		value = w.T("app.bankpage.kept")
	case f.Default != "":
		value, ink = clip(f.Default, 44), l.Muted
	case f.Optional:
		value, ink = w.T("app.bankpage.optional"), l.Muted
	default:
		value, ink = w.T("app.bankpage.fill"), l.Accent
	}
	r.value.SetStyle(value, func(s *kit.Style) { s.Color = ink })
	ground := l.Surface
	if i == st.at {
		ground = l.AccentSoft
	}
	r.SetGround(ground, kit.Mix(ground, l.Accent, 0.06))
	r.Press.Refresh()
}
