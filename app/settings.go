package app

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

const nameSettings = "settings"

// settingsState is what the page of the settings shows. It outlives a change of language or palette.
type settingsState struct {
	section int
	at      int    // the chosen row
	text    string // what is searched for
	letters bool   // the keyboard for fingers is shown
	undo    *till.Settings

	staff []till.Member
	links till.Connections
}

// setting is one row of the page.
type setting struct {
	title, about string
	value        string
	plain        bool     // value is no more than that: there is nothing to change
	onOff        *bool    // a switch
	options      []string // a row of choices, of which at is chosen
	at           int
	pick         func(int)
	do           func() // what a press does; may be nil
}

// settingsSection is one part of the settings.
type settingsSection struct {
	name string
	sign kit.Sign
	rows []setting
}

// settingsPage is where the shop chooses how the till works.
type settingsPage struct {
	w        *Window
	state    *settingsState
	root     fyne.CanvasObject
	keys     *kit.Layer
	sections []settingsSection
	tabs     []*kit.Button
	rows     []setting
	list     *kit.Grid
	field    *kit.Field
	pad      fyne.CanvasObject
	body     *fyne.Container
	none     fyne.CanvasObject
	undo     *kit.Button
}

// settingsPrinter is the printer's place among the sections.
const settingsPrinter = 1

// openSettings shows the settings over the sale.
func (w *Window) openSettings() { w.openSettingsAt(0) }

// openSettingsAt shows a section of the settings.
func (w *Window) openSettingsAt(section int) {
	state := &settingsState{section: section}
	w.openPage(page{name: nameSettings, make: func() screen { return newSettings(w, state) }})
}

func newSettings(w *Window, state *settingsState) *settingsPage {
	p := &settingsPage{w: w, state: state}
	l := w.look
	back := func() { w.closePage(nameSettings) }
	p.field = kit.NewField(l, kit.SignSearch, w.T("app.set.search"))
	touched := kit.NewPress(p.field, kit.Radius, l.Surface, l.Surface, func() {
		w.gate.enter(func() { state.letters = !state.letters; show(state.letters, p.pad); p.body.Refresh() })
	})
	p.undo = w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.set.undo"), Key: "F4", Height: 56, Size: 15}, p.takeBack)
	p.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 78, Gap: 6,
		New:  func() fyne.CanvasObject { return newSettingRow(w, p) },
		Show: func(i int, o fyne.CanvasObject) { p.showRow(i, o.(*settingRow)) },
	})
	p.none = kit.Centre(kit.NewText(w.T("app.set.none"), kit.Style{Size: kit.TextLarge, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: 420}))
	p.pad = w.letterPad(func() { state.letters = false; show(false, p.pad); p.body.Refresh() })
	show(state.letters, p.pad)
	tabs := kit.Column(3)
	p.sections = w.settingSections(p)
	tall := tabHeight(w.window.Canvas().Size().Height, len(p.sections))
	for i, s := range p.sections {
		b := w.button(kit.ButtonSpec{Sign: s.sign, Text: s.name, Left: true, Size: 16, Height: tall}, func() { p.turn(i) })
		p.tabs = append(p.tabs, b)
		tabs.Add(b)
	}
	p.body = kit.Column(8, kit.Grow(kit.Stack(p.list, p.none)), p.pad)
	p.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, back),
			kit.Middle(kit.NewText(w.T("app.set.title"), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink})),
			kit.Blank(8, 0), kit.Grow(touched), p.undo),
		kit.Grow(kit.Row(12, kit.Least(224, 0, tabs), kit.Grow(p.body)))))
	p.keys = &kit.Layer{
		Name: nameSettings, Scan: w.scanBlocked, Rune: p.typed,
		Keys: map[fyne.KeyName]func(){
			fyne.KeyEscape: p.escape, fyne.KeyReturn: p.act, fyne.KeyF4: p.takeBack,
			fyne.KeyUp: func() { p.choose(state.at - 1) }, fyne.KeyDown: func() { p.choose(state.at + 1) },
			fyne.KeyHome: func() { p.choose(0) }, fyne.KeyEnd: func() { p.choose(len(p.rows) - 1) },
			fyne.KeyPageUp: func() { p.turn(state.section - 1) }, fyne.KeyPageDown: func() { p.turn(state.section + 1) },
			fyne.KeyTab:  func() { p.turn((state.section + 1) % len(p.sections)) },
			fyne.KeyLeft: func() { p.slide(-1) }, fyne.KeyRight: func() { p.slide(1) },
			fyne.KeyBackspace: func() { p.typed('\b') },
			fyne.KeyF1:        w.openHelp, fyne.KeyF12: w.openMenu,
		},
	}
	p.paint()
	p.load()
	return p
}

// tabHeight is how tall each of the sections' buttons can be, so that all of them are seen at once.
func tabHeight(window float32, sections int) float32 {
	const around, gap, most = 154, 3, 54 // around: the head of the page and what lies between
	return min((window-around)/float32(max(sections, 1))-gap, most)
}

func (p *settingsPage) object() fyne.CanvasObject { return p.root }
func (p *settingsPage) layer() *kit.Layer         { return p.keys }
func (p *settingsPage) update(till.View)          { p.paint() }

// load reads what is not in the view: the staff, and what the till is connected to.
func (p *settingsPage) load() {
	w, st := p.w, p.state
	var staff []till.Member
	var links till.Connections
	w.fetch(func(ctx context.Context) (err error) {
		if staff, err = w.deps.Till.Staff(ctx); err != nil {
			return err
		}
		links, err = w.deps.Till.Connections(ctx)
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		st.staff, st.links = staff, links
		if current, ok := w.screen.(*settingsPage); ok {
			current.paint()
		}
	})
}

// paint shows the rows as they are now.
func (p *settingsPage) paint() {
	st := p.state
	p.sections = p.w.settingSections(p)
	if st.text == "" {
		p.rows = p.sections[st.section].rows
	} else {
		p.rows = p.found()
	}
	for i, b := range p.tabs {
		b.SetChosen(st.text == "" && i == st.section)
	}
	st.at = max(min(st.at, len(p.rows)-1), 0)
	p.field.Set("", st.text)
	show(len(p.rows) == 0, p.none)
	p.undo.SetDisabled(st.undo == nil)
	p.list.SetCount(len(p.rows))
}

// found are the rows of all sections that hold every word that is searched for.
func (p *settingsPage) found() []setting {
	words := strings.Fields(folded(p.state.text))
	var out []setting
	for _, s := range p.sections {
		for _, r := range s.rows {
			in := folded(s.name + " " + r.title + " " + r.about + " " + r.value)
			if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(in, word) }) {
				r.about = strings.TrimSuffix(s.name+". "+r.about, ". ")
				out = append(out, r)
			}
		}
	}
	return out
}

// folded is a text as a search compares it.
func folded(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }

func (p *settingsPage) showRow(i int, r *settingRow) {
	if i < len(p.rows) {
		r.show(i, p.rows[i], i == p.state.at)
	}
}

// typed takes a letter of a search. Digits are left alone: they are a barcode.
func (p *settingsPage) typed(r rune) bool {
	st := p.state
	runes := []rune(st.text)
	switch {
	case r == '\b' && len(runes) > 0:
		st.text = string(runes[:len(runes)-1])
	case r == '\b', r >= '0' && r <= '9' || r < ' ' || len(runes) >= 40:
		return false
	case r == ' ' && len(runes) == 0:
		return true
	default:
		st.text += string(r)
	}
	st.at = 0
	p.paint()
	p.list.ToTop()
	return true
}

func (p *settingsPage) escape() {
	if p.state.text != "" {
		p.state.text, p.state.at = "", 0
		p.paint()
		return
	}
	p.w.closePage(nameSettings)
}

// turn shows another section.
func (p *settingsPage) turn(to int) {
	st := p.state
	st.section, st.at, st.text = max(min(to, len(p.sections)-1), 0), 0, ""
	p.paint()
	p.list.ToTop()
}

func (p *settingsPage) choose(i int) {
	if i < 0 || i >= len(p.rows) {
		return
	}
	old := p.state.at
	p.state.at = i
	p.list.ReloadItem(old)
	p.list.ReloadItem(i)
	p.list.Reveal(i)
}

// act does what a press on the chosen row does.
func (p *settingsPage) act() {
	if p.state.at >= len(p.rows) {
		return
	}
	switch r := p.rows[p.state.at]; {
	case r.do != nil:
		r.do()
	case r.pick != nil:
		r.pick((r.at + 1) % len(r.options))
	}
}

// slide takes the option beside the one that is chosen.
func (p *settingsPage) slide(by int) {
	if p.state.at >= len(p.rows) {
		return
	}
	r := p.rows[p.state.at]
	if to := r.at + by; r.pick != nil && to >= 0 && to < len(r.options) {
		r.pick(to)
	}
}

// change keeps other settings at once. then may be nil; without it the page tells of an error.
func (p *settingsPage) change(f func(*till.Settings), then func(error)) {
	w, st := p.w, p.state
	before := w.view.Settings.Clone()
	next := before.Clone()
	f(&next)
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SetSettings(ctx, next) }, func(err error) {
		switch {
		case err == nil:
			st.undo = &before
			w.toast.say(moodGood, w.T("app.set.saved"), w.T("app.set.saved_text"))
		case then == nil:
			w.fail(err)
		}
		w.refresh()
		if then != nil {
			then(err)
		}
		w.repaintSettings()
	})
}

// takeBack makes the settings what they were before the last change.
func (p *settingsPage) takeBack() {
	w, st := p.w, p.state
	if st.undo == nil {
		return
	}
	before := *st.undo
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SetSettings(ctx, before) }, func(err error) {
		if err != nil {
			w.fail(err)
		} else {
			st.undo = nil
			w.praise(w.T("app.set.undone"))
		}
		w.refresh()
		w.repaintSettings()
	})
}

// repaintSettings paints the page, if it is there, after something that no view tells of.
func (w *Window) repaintSettings() {
	if p, ok := w.screen.(*settingsPage); ok {
		p.paint()
	}
}
