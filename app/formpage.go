package app

import (
	"context"
	"maps"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// formField is one line of a form: what somebody's contract or device asks for.
type formField struct {
	name     string
	label    func() string
	hint     func() string // where it is found; also the text of the question
	secret   bool          // never shown again
	long     bool          // several lines: a key or a certificate in PEM
	optional bool
	fallback string // used when it is empty, and shown as the example
}

// form is what is asked for, and what is done with it.
type form struct {
	name    string // of the page and its layer
	sign    kit.Sign
	title   func() string
	about   func() string // while something is missing
	ready   func() string // when nothing is
	asking  func() string // told while save is at work
	yes     func() string // on the button that saves
	fields  []formField
	current bool              // it is what the till works with: secrets that were not typed are kept
	values  map[string]string // what is to be kept; of secrets only what was typed now
	save    func(ctx context.Context, values map[string]string) error
	saved   func()                 // after it was saved and the page is gone
	refused func(err error) string // why it was not taken
	remove  func()                 // asks whether it is to be taken away; nil where it cannot be

	typed map[string]bool // what was changed
	at    int
	wrong func() string // why it was not taken; may be nil
}

// formPage is where the fields of a form are filled in. Its form outlives a change of language or palette.
type formPage struct {
	w     *Window
	state *form
	root  fyne.CanvasObject
	keys  *kit.Layer
	list  *kit.Grid
	note  *kit.Text
	noted *kit.Ground
	yes   *kit.Button
}

// openForm shows a form.
func (w *Window) openForm(f *form) {
	f.typed = map[string]bool{}
	w.closePage(f.name)
	w.openPage(page{name: f.name, make: func() screen { return newFormPage(w, f) }})
}

func newFormPage(w *Window, state *form) *formPage {
	p := &formPage{w: w, state: state}
	l := w.look
	p.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 82, Gap: 6,
		New: func() fyne.CanvasObject { return newFormRow(p) },
		Show: func(i int, o fyne.CanvasObject) {
			if i < len(state.fields) {
				o.(*formRow).show(i)
			}
		},
	})
	p.note = kit.NewText("", kit.Style{Size: 16, Color: l.Ink, Lines: 3})
	p.noted = kit.Fill(l.AccentSoft, kit.Radius)
	p.yes = w.button(kit.ButtonSpec{Kind: kit.Primary, Text: state.yes(), Key: "F10", Height: 56}, p.save)
	head := kit.Row(12,
		w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, p.close),
		kit.Grow(kit.Middle(kit.NewText(state.title(), kit.Style{Size: 24, Bold: true, Color: l.Ink, Shrink: true}))))
	if state.remove != nil {
		head.Add(w.button(kit.ButtonSpec{Text: w.T("app.bankpage.remove"), Key: "F8", Height: 56, Size: 15}, state.remove))
	}
	head.Add(p.yes)
	p.root = kit.Pad(kit.Inset-4, kit.Column(12, head,
		kit.Stack(p.noted, kit.Pad(12, &fyne.Container{Layout: noteLayout{p.note}, Objects: []fyne.CanvasObject{p.note}})),
		kit.Grow(p.list)))
	p.keys = &kit.Layer{Name: state.name, Scan: w.scanBlocked, Keys: map[fyne.KeyName]func(){
		fyne.KeyEscape: p.close, fyne.KeyReturn: func() { p.edit(state.at) }, fyne.KeyF10: p.save, fyne.KeyF1: w.openHelp,
		fyne.KeyUp: func() { p.choose(state.at - 1) }, fyne.KeyDown: func() { p.choose(state.at + 1) },
		fyne.KeyHome: func() { p.choose(0) }, fyne.KeyEnd: func() { p.choose(len(state.fields) - 1) },
		fyne.KeyDelete: func() { p.clear(state.at) },
	}}
	if state.remove != nil {
		p.keys.Keys[fyne.KeyF8] = state.remove
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

func (p *formPage) object() fyne.CanvasObject { return p.root }
func (p *formPage) layer() *kit.Layer         { return p.keys }
func (p *formPage) update(till.View)          {}
func (p *formPage) close()                    { p.w.closePage(p.state.name) }

func (p *formPage) paint() {
	l, st := p.w.look, p.state
	text, ground := st.about(), l.AccentSoft
	if p.missing() < 0 {
		text = st.ready()
	}
	if st.wrong != nil {
		text, ground = st.wrong(), l.BadSoft
	}
	p.note.Set(text)
	p.noted.FillColor = ground
	p.noted.Refresh()
	p.yes.SetDisabled(p.missing() >= 0)
	p.list.SetCount(len(st.fields))
	p.list.Reload()
	p.list.Reveal(st.at)
	p.root.Refresh()
}

func (p *formPage) choose(i int) {
	st := p.state
	if i < 0 || i >= len(st.fields) {
		return
	}
	old := st.at
	st.at = i
	p.list.ReloadItem(old)
	p.list.ReloadItem(i)
	p.list.Reveal(i)
}

// kept tells whether a secret is known to the till from before.
func (st *form) kept(f formField) bool { return st.current && f.secret && !st.typed[f.name] }

// missing is the first field that must be filled in and is not; -1 when there is none.
func (p *formPage) missing() int {
	st := p.state
	for i, f := range st.fields {
		if !f.optional && f.fallback == "" && st.values[f.name] == "" && !st.kept(f) {
			return i
		}
	}
	return -1
}

// edit asks for a field: a line is typed, a key comes from a file or the clipboard.
func (p *formPage) edit(i int) {
	w, st := p.w, p.state
	if i < 0 || i >= len(st.fields) {
		return
	}
	p.choose(i)
	f := st.fields[i]
	label := f.label
	if f.long {
		w.openChoices("form-text", func() (string, []choice) {
			all := []choice{
				{sign: kit.SignFile, text: w.T("app.bankpage.from_file"), do: func() { w.openKeyFile(label, func(text string) { w.setField(st, i, text) }) }},
				{sign: kit.SignCopy, text: w.T("app.bankpage.paste"), do: func() { w.pasteField(st, i) }},
			}
			if st.values[f.name] != "" {
				all = append(all, choice{sign: kit.SignTrash, text: w.T("app.bankpage.clear"), do: func() { w.setField(st, i, "") }})
			}
			return label(), all
		})
		return
	}
	now := st.values[f.name]
	if f.secret {
		now = ""
	}
	w.askTextAnew(func() textQuestion {
		return textQuestion{
			name: "form_field", sign: st.sign, title: label(), text: f.hint(), hint: f.fallback, now: now, most: 400,
			secret: f.secret, empty: f.optional || f.fallback != "" || st.kept(f), scan: true, yes: w.T("app.bankpage.take"),
			take: func(text string, then func(error)) {
				then(nil)
				if text == "" && st.kept(f) {
					return
				}
				w.setField(st, i, text)
			},
		}
	})
}

// clear empties a field; a secret that is kept stays.
func (p *formPage) clear(i int) {
	if f := p.state.fields[i]; p.state.values[f.name] != "" {
		p.w.setField(p.state, i, "")
	}
}

// setField takes a value, and goes on to the next field that is missing.
func (w *Window) setField(st *form, i int, text string) {
	name := st.fields[i].name
	st.values[name], st.typed[name], st.wrong = text, text != "", nil
	p, ok := w.screen.(*formPage)
	if !ok || p.state != st {
		return
	}
	if next := p.missing(); next >= 0 && text != "" {
		st.at = next
	}
	p.paint()
}

// pasteField takes a key or a certificate out of the clipboard.
func (w *Window) pasteField(st *form, i int) {
	text, err := keyText(w.fyne.Clipboard().Content())
	if err != nil {
		w.warn(w.T("app.bankpage.bad_paste"))
		return
	}
	w.setField(st, i, text)
}

// save has the values tried, and kept when they work.
func (p *formPage) save() {
	w, st := p.w, p.state
	if i := p.missing(); i >= 0 {
		p.choose(i)
		field := st.fields[i]
		st.wrong = func() string { return w.T("app.bankpage.missing", "field", field.label()) }
		p.paint()
		return
	}
	w.inform(st.asking())
	values := maps.Clone(st.values)
	w.gate.commit(func(ctx context.Context) error { return st.save(ctx, values) }, func(err error) {
		w.toast.clear()
		if err == nil {
			w.closePage(st.name)
			st.saved()
			return
		}
		w.sound(SoundError)
		st.wrong = func() string { return st.refused(err) }
		if c, ok := w.screen.(*formPage); ok && c.state == st {
			c.paint()
		}
	})
}

// formRow shows one field: what it is, where it is found, and whether it is filled in.
type formRow struct {
	*kit.Press
	p     *formPage
	i     int
	title *kit.Text
	about *kit.Text
	value *kit.Text
}

func newFormRow(p *formPage) *formRow {
	w, l := p.w, p.w.look
	r := &formRow{p: p}
	r.title = kit.NewText("", kit.Style{Size: 17, Bold: true, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 14, Color: l.Muted, Lines: 2})
	r.value = kit.NewText("", kit.Style{Size: 16, Bold: true, Color: l.Accent, Align: fyne.TextAlignTrailing, Lines: 2, Width: 300})
	r.Press = kit.NewPress(kit.PadSides(6, 16, 6, 16, kit.Row(16,
		kit.Grow(kit.Middle(kit.Column(0, r.title, r.about))), kit.Middle(r.value), kit.Middle(kit.Icon(kit.SignRight, l.Muted, 18)))),
		kit.Radius, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() { w.gate.enter(func() { p.edit(r.i) }) })
	return r
}

func (r *formRow) show(i int) {
	p := r.p
	w, l, st := p.w, p.w.look, p.state
	f := st.fields[i]
	r.i = i
	r.title.Set(f.label())
	hint := f.hint()
	room := p.list.Size().Width - 300 - 90
	lines := 2
	if fyne.MeasureText(hint, 14, fyne.TextStyle{}).Width < room {
		lines = 1
	}
	r.about.SetStyle(hint, func(s *kit.Style) { s.Lines = lines })
	value, ink := st.values[f.name], l.Ink
	switch {
	case value != "" && f.long:
		value = w.T("app.bankpage.has_text", "size", w.fileSize(int64(len(value))))
	case value != "" && f.secret:
		value = strings.Repeat("•", min(utf8.RuneCountInString(value), 12))
	case value != "":
		value = clip(value, 44)
	case st.kept(f):
		value = w.T("app.bankpage.kept")
	case f.fallback != "":
		value, ink = clip(f.fallback, 44), l.Muted
	case f.optional:
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
