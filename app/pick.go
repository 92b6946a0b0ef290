package app

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
)

// option is one of several things to choose from.
type option struct {
	text   string
	chosen bool
	do     func()
}

// openOptions asks for one of several things, of which one is chosen already. The arrows go through them, Enter takes
// the one that is marked, and a digit the one that it stands on.
func (w *Window) openOptions(name string, columns int, make func() (title string, all []option)) {
	at := -1
	var d *dialog
	shut := func() { w.close(d) }
	d = w.open(func() body {
		l := w.look
		title, all := make()
		var buttons []fyne.CanvasObject
		numbers := map[string]func(){}
		press := func(i int) func() { return func() { shut(); all[i].do() } }
		for i, o := range all {
			if o.chosen && at < 0 {
				at = i
			}
			number := ""
			if i < 9 { // two digits are more than a hand types in time
				number = strconv.Itoa(i + 1)
				numbers[number] = press(i)
			}
			buttons = append(buttons, w.button(kit.ButtonSpec{Text: o.text, Key: number, Size: 16, Height: 60, Left: true}, press(i)))
		}
		at = max(at, 0)
		mark := func() {
			for i, b := range buttons {
				b.(*kit.Button).SetChosen(i == at)
			}
		}
		move := func(by int) func() {
			return func() {
				at = max(min(at+by, len(all)-1), 0)
				mark()
			}
		}
		mark()
		layer := w.numberLayer(name, map[fyne.KeyName]func(){
			fyne.KeyEscape: shut, fyne.KeyUp: move(-columns), fyne.KeyDown: move(columns), fyne.KeyLeft: move(-1), fyne.KeyRight: move(1),
		}, numbers)
		number := layer.Keys[fyne.KeyReturn]
		digits := layer.Rune
		typed := false
		layer.Rune = func(r rune) bool { typed = true; return digits(r) }
		layer.Keys[fyne.KeyReturn] = func() {
			if typed {
				typed = false
				number()
				return
			}
			press(at)()
		}
		return body{
			beside: shut,
			content: kit.Pad(20, kit.Column(12,
				kit.Row(8,
					kit.Grow(kit.Middle(kit.NewText(title, kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink, Shrink: true}))),
					w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, shut)),
				kit.Least(float32(columns)*250, 0, kit.Even(columns, kit.Gap, buttons...)))),
			layer: layer,
		}
	})
}
