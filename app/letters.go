package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
)

// letterRows are the keys for searching by finger, in each language: no more in a row than a small window has room for.
var letterRows = map[string][]string{
	"ru": {"1234567890-", "йцукенгшщзх", "фывапролджэ", "ячсмитьбюъё"},
	"en": {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm-'"},
}

// letterPad is a keyboard for a finger. What it types goes where the keyboard's letters go.
func (w *Window) letterPad(done func()) fyne.CanvasObject {
	l := w.look
	column := kit.Column(6)
	key := func(spec kit.ButtonSpec, f func()) fyne.CanvasObject {
		spec.Height = kit.Touch
		return kit.Grow(w.button(spec, f))
	}
	rows := letterRows[w.lang.Tag()]
	for _, letters := range rows {
		row := kit.Row(3)
		for _, r := range letters {
			row.Add(kit.Grow(w.button(kit.ButtonSpec{Kind: kit.Plain, Text: string(r), Size: 19, Height: kit.Touch}, func() { w.router.Rune(r) })))
		}
		column.Add(row)
	}
	column.Add(kit.Row(5,
		key(kit.ButtonSpec{Text: w.T("app.letters.hide"), Sign: kit.SignDown}, done),
		kit.GrowBy(2, w.button(kit.ButtonSpec{Text: w.T("app.letters.space"), Height: kit.Touch}, func() { w.router.Rune(' ') })),
		key(kit.ButtonSpec{Sign: kit.SignErase}, func() { w.router.Key(fyne.KeyBackspace) }),
	))
	return kit.Stack(kit.Fill(l.Surface, kit.Radius), kit.Pad(8, column))
}
