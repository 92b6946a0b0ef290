package app

import (
	"slices"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// dialog is something over the screen that has to be answered or put away first.
type dialog struct {
	make func() body // builds it, again after a change of language or palette: what was typed lives outside
	body body
}

// body is what a dialog is made of.
type body struct {
	content fyne.CanvasObject
	layer   *kit.Layer
	update  func(till.View) // may be nil
	beside  func()          // a press beside the dialog; may be nil
	fill    bool            // takes the whole window
}

// open puts a dialog on top.
func (w *Window) open(make func() body) *dialog {
	d := &dialog{make: make}
	d.body = make()
	w.dialogs = append(w.dialogs, d)
	w.stackDialogs()
	if d.body.update != nil {
		d.body.update(w.view)
	}
	return d
}

// close puts a dialog away; it may be away already.
func (w *Window) close(d *dialog) {
	for i, o := range w.dialogs {
		if o == d {
			w.router.Remove(d.body.layer)
			w.dialogs = append(w.dialogs[:i:i], w.dialogs[i+1:]...)
			w.stackDialogs()
			return
		}
	}
}

// remake builds a dialog anew where it stands; it may be away already.
func (w *Window) remake(d *dialog) {
	if slices.Contains(w.dialogs, d) {
		d.body = d.make()
		w.stackDialogs()
		if d.body.update != nil {
			d.body.update(w.view)
		}
	}
}

// dropDialogs puts all of them away.
func (w *Window) dropDialogs() {
	for len(w.dialogs) > 0 {
		w.close(w.dialogs[len(w.dialogs)-1])
	}
}

// stackDialogs paints the dialogs and gives them the keys, in their order.
func (w *Window) stackDialogs() {
	w.router.Base(w.screen.layer())
	w.layers.Objects = nil
	for _, d := range w.dialogs {
		d.body.layer.Closed = true
		w.router.Push(d.body.layer)
		veil := kit.NewVeil(w.look.Scrim, func() {
			if d.body.beside != nil {
				w.gate.enter(d.body.beside)
			}
		})
		// The veil inside keeps presses between two buttons from reaching the one outside.
		box := kit.Stack(kit.Fill(w.look.Surface, kit.Radius+4), kit.Pad(kit.Radius, kit.NewVeil(w.look.Surface, nil)), d.body.content)
		if d.body.fill {
			w.layers.Objects = append(w.layers.Objects, veil, kit.Pad(kit.Inset, box))
		} else {
			w.layers.Objects = append(w.layers.Objects, veil, kit.Centre(box))
		}
	}
	w.layers.Refresh()
	w.toast.replace()
}

// ask asks a question that has two answers. Esc is always no.
func (w *Window) ask(name, title, text, yes, no string, kind kit.Kind, then func()) *dialog {
	var d *dialog
	shut := func() { w.close(d) }
	agree := func() { w.close(d); then() }
	d = w.open(func() body {
		const width = 480
		return body{
			content: kit.Pad(28, kit.Column(kit.Inset,
				kit.NewText(title, kit.Style{Size: kit.TextTitle, Bold: true, Color: w.look.Ink, Lines: 3, Width: width}),
				kit.NewText(text, kit.Style{Color: w.look.Muted, Lines: 6, Width: width}),
				kit.Blank(0, kit.Gap),
				kit.Row(kit.Gap,
					kit.Grow(w.button(kit.ButtonSpec{Text: no, Key: "Esc", Height: kit.TouchBig}, shut)),
					kit.Grow(w.button(kit.ButtonSpec{Kind: kind, Text: yes, Key: "Enter", Height: kit.TouchBig}, agree)),
				))),
			layer: &kit.Layer{
				Name: name,
				Keys: map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyReturn: agree},
				Scan: w.scanBlocked,
			},
			beside: shut,
		}
	})
	return d
}

// scanBlocked tells that a scan was not taken because a question stands on the screen.
func (w *Window) scanBlocked(code string) {
	w.sound(SoundError)
	w.warn(w.T("app.scan.blocked", "code", clip(code, longestText)))
}
