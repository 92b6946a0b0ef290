package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
)

// helpGroup is what the keys do on one screen.
type helpGroup struct {
	title string
	keys  [][2]string // the key, and the text's key
}

// helpColumns are all keys, in four columns.
func (w *Window) helpColumns() [4][]helpGroup {
	updown, leftright := w.T("app.keys.updown"), w.T("app.keys.leftright")
	return [4][]helpGroup{
		{{w.T("app.help.sale"), [][2]string{
			{"Enter", "app.help.enter"}, {"3 *", "app.help.star"}, {"F2", "app.help.f2"}, {"F3", "app.help.f3"}, {"F4", "app.help.f4"},
			{"F5", "app.help.f5"}, {"F6", "app.help.f6"}, {"F7", "app.help.f7"}, {"F8", "app.help.f8"}, {"F9", "app.help.f9"},
			{"F10", "app.help.f10"}, {"F11", "app.help.f11"},
		}}, {w.T("app.help.qr"), [][2]string{
			{"F6", "app.help.qr_park"}, {"F11", "app.help.qr_again"}, {"F8", "app.help.qr_drop"},
		}}},
		{{w.T("app.help.sale"), [][2]string{
			{"Del", "app.help.del"}, {w.T("app.keys.space"), "app.help.space"}, {updown, "app.help.updown"}, {leftright, "app.help.leftright"}, {"Esc", "app.help.esc"},
		}}, {w.T("app.help.everywhere"), [][2]string{
			{"F1", "app.help.f1"}, {"F12", "app.help.f12"}, {"Esc", "app.help.back"}, {"Enter", "app.help.agree"}, {"Tab", "app.help.scanner"},
		}}, {w.T("app.help.import"), [][2]string{
			{"Backspace", "app.help.up"}, {"F4", "app.help.columns"}, {"F8", "app.help.stop"},
		}}},
		{{w.T("app.help.lists"), [][2]string{
			{updown, "app.help.choose"}, {"PgUp PgDn", "app.help.pages"}, {"а…я a…z", "app.help.search"}, {"F5", "app.help.print"},
		}}, {w.T("app.help.past"), [][2]string{
			{leftright, "app.help.day"}, {"F2", "app.help.days"}, {"F3", "app.help.kind"}, {"F4", "app.help.method"}, {"F6", "app.help.shift_of"}, {"F7", "app.help.all"},
		}}, {w.T("app.help.settings"), [][2]string{
			{"PgUp PgDn", "app.help.section"}, {leftright, "app.help.option"}, {"F4", "app.help.undo"},
		}}},
		{{w.T("app.help.returns"), [][2]string{
			{leftright, "app.help.pieces"}, {"F3", "app.help.f3"}, {"F6", "app.help.whole"}, {"F7", "app.help.nothing"},
		}}, {w.T("app.help.orders"), [][2]string{
			{"F9", "app.help.hand_over"}, {"F8", "app.help.give_back"},
		}}, {w.T("app.help.customers"), [][2]string{
			{"F3", "app.help.edit"}, {"F4", "app.help.add"}, {"Del", "app.help.take_off"},
		}}, {w.T("app.help.shift"), [][2]string{
			{"F6 F7", "app.help.cash_moves"}, {"F8", "app.help.drawer"}, {"F9", "app.help.shut_shift"},
		}}},
	}
}

// openHelp shows what the keys do, on all screens, in one look.
func (w *Window) openHelp() {
	if w.router.Top() == nameHelp {
		return
	}
	var d *dialog
	shut := func() { w.close(d) }
	d = w.open(func() body {
		l := w.look
		size, height, gap := float32(13), float32(22), float32(3)
		if w.window.Canvas().Size().Height >= 720 {
			size, height, gap = 15, 31, 6
		}
		row := kit.Row(14)
		for _, groups := range w.helpColumns() {
			column := kit.Column(gap)
			for i, g := range groups {
				if i > 0 {
					column.Add(kit.Blank(0, gap))
				}
				column.Add(kit.NewText(g.title, kit.Style{Size: size, Bold: true, Color: l.Muted, Shrink: true}))
				for _, k := range g.keys {
					column.Add(kit.Row(10,
						kit.Least(6*size, height, kit.Stack(kit.Fill(l.Raised, 6), kit.PadSides(0, 4, 0, 4, kit.Middle(kit.NewText(w.keyWords(k[0]),
							kit.Style{Size: size - 1, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Fit: true}))))),
						kit.Grow(kit.Middle(kit.NewText(w.T(k[1]), kit.Style{Size: size, Color: l.Ink, Fit: true})))))
				}
			}
			row.Add(kit.Grow(column))
		}
		return body{
			fill: true, beside: shut,
			content: kit.Pad(20, kit.Column(10,
				kit.Row(8, kit.Grow(kit.Middle(kit.NewText(w.T("app.help.title"), kit.Style{Size: 24, Bold: true, Color: l.Ink, Shrink: true}))),
					w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, shut)),
				kit.Grow(row),
				kit.Tinted(l.AccentSoft, 10, kit.NewText(w.T("app.help.scan"), kit.Style{Size: 14, Color: l.Ink, Lines: 2, Width: 900})),
			)),
			layer: &kit.Layer{
				Name: nameHelp, Scan: w.scanBlocked,
				Keys: map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyReturn: shut, fyne.KeyF1: shut},
			},
		}
	})
}

const nameHelp = "help"

// openPractice tells what practice mode is.
func (w *Window) openPractice() {
	w.openNote(func() note {
		return note{name: "practice", sign: kit.SignInfo, mood: moodWarn, title: w.T("app.practice.title"), text: w.T("app.practice.text")}
	})
}
