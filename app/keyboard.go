package app

import (
	"unicode"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/i18n"
)

// keyboardState is how the keyboard on the screen stands.
type keyboardState struct {
	other bool // the alphabet of the other language
	upper bool // the next letter is a capital
	signs bool // punctuation in place of letters
}

// textRows are the letters for writing a text, in each alphabet.
var textRows = map[string][3]string{
	"ru": {"йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю"},
	"en": {"qwertyuiop", "asdfghjkl'", "zxcvbnm"},
}

// signRows are the punctuation marks.
var signRows = [3]string{"@#№%&*+=/_", "()\"«»':;!?", "-–,.\\|"}

// alphabet is the tag of the letters that are shown.
func (k *keyboardState) alphabet(tag string) string {
	if (tag == i18n.English) != k.other {
		return i18n.English
	}
	return i18n.Russian
}

// keyboard is a full keyboard for a finger: two alphabets, capitals, digits and punctuation. What it types goes where the
// keyboard's characters go.
func (w *Window) keyboard(state *keyboardState) fyne.CanvasObject {
	place := kit.Stack()
	var paint func()
	paint = func() {
		place.Objects = []fyne.CanvasObject{w.keyboardKeys(state, paint)}
		place.Refresh()
	}
	paint()
	return place
}

func (w *Window) keyboardKeys(state *keyboardState, changed func()) fyne.CanvasObject {
	key := func(r rune) fyne.CanvasObject {
		if state.upper {
			r = unicode.ToUpper(r)
		}
		return kit.Grow(w.button(kit.ButtonSpec{Text: string(r), Size: 19, Height: kit.Touch}, func() {
			w.router.Rune(r)
			if state.upper {
				state.upper = false
				changed()
			}
		}))
	}
	fill := func(row *fyne.Container, runes string) *fyne.Container {
		for _, r := range runes {
			row.Add(key(r))
		}
		return row
	}
	turn := func(text string, sign kit.Sign, chosen bool, f func()) fyne.CanvasObject {
		b := w.button(kit.ButtonSpec{Text: text, Sign: sign, Size: 15, Height: kit.Touch}, func() { f(); changed() })
		b.SetChosen(chosen)
		return b
	}
	rows := signRows
	tag := state.alphabet(w.lang.Tag())
	if !state.signs {
		rows = textRows[tag]
	}
	third := kit.Row(5)
	if !state.signs {
		third.Add(turn("", kit.SignUp, state.upper, func() { state.upper = !state.upper }))
	}
	fill(third, rows[2])
	third.Add(kit.Least(64, 0, w.button(kit.ButtonSpec{Sign: kit.SignErase, Height: kit.Touch}, func() { w.router.Key(fyne.KeyBackspace) })))
	other := "EN"
	if tag == i18n.English {
		other = "РУ"
	}
	marks := "?#@"
	if state.signs {
		marks = "АБВ"
	}
	return kit.Column(5,
		fill(kit.Row(5), "1234567890"), fill(kit.Row(5), rows[0]), fill(kit.Row(5), rows[1]), third,
		kit.Row(5,
			kit.Least(72, 0, turn(marks, "", state.signs, func() { state.signs = !state.signs })),
			kit.Least(72, 0, turn(other, kit.SignLanguage, false, func() { state.other, state.signs = !state.other, false })),
			key('-'), key('@'),
			kit.GrowBy(5, w.button(kit.ButtonSpec{Text: w.T("app.letters.space"), Height: kit.Touch}, func() { w.router.Rune(' ') })),
			key(','), key('.')))
}
