package app

import (
	"fmt"
	"maps"
	"regexp"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// functionKey is a function key's name in a text.
var functionKey = regexp.MustCompile(`\bF(1[0-2]|[1-9])\b`)

// keyWords is a text with the keys in it called as the shop has them.
func (w *Window) keyWords(text string) string {
	if len(w.moved) == 0 {
		return text
	}
	return functionKey.ReplaceAllStringFunc(text, w.moved.At)
}

// followKeys takes up where the shop has the keys, and tells whether that has changed: then everything is to be painted
// anew, since keys stand on buttons and in texts.
func (w *Window) followKeys(v till.View) bool {
	var want till.Keys
	if v.Settings != nil {
		want = v.Settings.Keys
	}
	if maps.Equal(want, w.moved) {
		return false
	}
	w.moved = want
	means := map[fyne.KeyName]fyne.KeyName{}
	for k, at := range want {
		means[fyne.KeyName(at)] = fyne.KeyName(k)
	}
	w.router.Move(means)
	w.reword()
	return true
}

// reword calls the keys in all texts as the shop has them.
func (w *Window) reword() {
	w.lang = w.spoken
	if len(w.moved) > 0 {
		w.lang = w.spoken.Reworded(w.keyWords)
	}
}

// keyRows are what the till does by function keys, and by which.
func (p *settingsPage) keyRows(s *till.Settings) []setting {
	w := p.w
	var all []setting
	for i, k := range till.FunctionKeys() {
		r := setting{title: capital(w.T(fmt.Sprintf("app.help.f%d", i+1))), about: w.T("app.set.key_usual", "key", k), value: s.Keys.At(k)}
		r.do = func() { p.askKey(k, r.title) }
		all = append(all, r)
	}
	if len(s.Keys) > 0 {
		r := p.row("keys_back")
		r.do = func() { p.change(func(s *till.Settings) { s.Keys = nil }, nil) }
		all = append(all, r)
	}
	return all
}

// capital begins a text with a capital letter.
func capital(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// askKey asks by which key something is to be done from now on: it is pressed, or touched.
func (p *settingsPage) askKey(k, title string) {
	w := p.w
	var d *dialog
	shut := func() { w.close(d) }
	take := func(at string) func() {
		return func() {
			shut()
			p.change(func(s *till.Settings) { s.Keys = s.Keys.Move(k, at) }, nil)
		}
	}
	d = w.open(func() body {
		keys := w.view.Settings.Keys
		layer := &kit.Layer{Name: "key", Closed: true, Scan: w.scanBlocked, Keys: map[fyne.KeyName]func(){fyne.KeyEscape: shut}}
		rows := kit.Column(8)
		row := kit.Row(8)
		for i, other := range till.FunctionKeys() {
			// What is pressed on the keyboard comes as what the till does by it.
			layer.Keys[fyne.KeyName(other)] = take(keys.At(other))
			at := till.FunctionKeys()[i]
			b := kit.NewButton(w.look, kit.ButtonSpec{Text: at, Size: 20, Height: 64}, func() { w.gate.enter(take(at)) })
			b.SetChosen(keys.At(k) == at)
			if row.Add(kit.Grow(b)); (i+1)%4 == 0 {
				rows.Add(row)
				row = kit.Row(8)
			}
		}
		return body{beside: shut, layer: layer, content: kit.Pad(20, kit.Column(14,
			kit.Row(8,
				kit.Grow(kit.Middle(kit.NewText(title, kit.Style{Size: kit.TextLarge, Bold: true, Color: w.look.Ink, Shrink: true}))),
				w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, shut)),
			kit.NewText(w.T("app.set.press_key"), kit.Style{Size: 16, Color: w.look.Muted, Lines: 2, Width: 460}),
			kit.Least(460, 0, rows)))}
	})
}
