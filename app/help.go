package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
)

// openHelp shows what the keys do.
func (w *Window) openHelp() {
	var d *dialog
	shut := func() { w.close(d) }
	d = w.open(func() body {
		l := w.look
		line := func(key, text string) fyne.CanvasObject {
			return kit.Row(14,
				kit.Least(120, 32, kit.Stack(kit.Fill(l.Raised, 7), kit.Middle(kit.NewText(key, kit.Style{Size: 15, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter})))),
				kit.Grow(kit.Middle(kit.NewText(w.T(text), kit.Style{Size: 15, Color: l.Ink, Lines: 2, Width: 290}))))
		}
		left := kit.Column(8,
			line("F1", "app.help.f1"),
			line("Enter", "app.help.enter"), line("F2", "app.help.f2"), line("F3", "app.help.f3"),
			line("3 *", "app.help.star"), line("Del", "app.help.del"), line("Esc", "app.help.esc"))
		right := kit.Column(8,
			line("F7", "app.help.f7"),
			line("F10", "app.help.f10"), line("F11", "app.help.f11"), line("F12", "app.help.f12"),
			line(w.T("app.keys.updown"), "app.help.updown"), line(w.T("app.keys.leftright"), "app.help.leftright"))
		return body{
			beside: shut,
			content: kit.Pad(26, kit.Column(18,
				kit.Row(8, kit.Grow(kit.Middle(kit.NewText(w.T("app.help.title"), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Shrink: true}))),
					w.button(kit.ButtonSpec{Kind: kit.Quiet, Sign: kit.SignClose, Key: "Esc"}, shut)),
				kit.Row(28, left, right),
				kit.Tinted(l.AccentSoft, 14, kit.NewText(w.T("app.help.scan"), kit.Style{Size: 15, Color: l.Ink, Lines: 4, Width: 848})),
			)),
			layer: &kit.Layer{
				Name: "help", Scan: w.scanBlocked,
				Keys: map[fyne.KeyName]func(){fyne.KeyEscape: shut, fyne.KeyReturn: shut, fyne.KeyF1: shut},
			},
		}
	})
}

// openAbout tells what this program is.
func (w *Window) openAbout() {
	w.openNote(func() note {
		version := w.deps.Version
		if version == "" {
			version = "dev"
		}
		return note{
			name: "about", sign: kit.SignInfo, title: w.T("app.about.title"), text: w.T("app.about.text"),
			rows: [][2]string{
				{w.T("app.about.version"), version},
				{w.T("app.about.till"), w.view.Shop.Till},
				{w.T("app.about.shop"), w.view.Shop.Name},
			},
		}
	})
}

// openPractice tells what practice mode is.
func (w *Window) openPractice() {
	w.openNote(func() note {
		return note{name: "practice", sign: kit.SignInfo, mood: moodWarn, title: w.T("app.practice.title"), text: w.T("app.practice.text")}
	})
}
