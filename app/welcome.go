package app

import (
	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

// welcome is shown once, after a till was set up: what may be done before the first sale.
type welcome struct {
	w    *Window
	root fyne.CanvasObject
	keys *kit.Layer
}

func (w *Window) openWelcome() {
	w.openPage(page{name: nameWelcome, make: func() screen { return newWelcome(w) }})
}

func newWelcome(w *Window) *welcome {
	l := w.look
	const width = 560
	end := func() { w.closePage(nameWelcome) }
	goods := func() { end(); w.openGoodsList() }
	printer := func() { end(); w.openSettingsAt(settingsPrinter) }
	way := func(sign kit.Sign, key, text string, do func()) fyne.CanvasObject {
		return w.button(kit.ButtonSpec{Sign: sign, Text: text, Key: key, Left: true, Size: 18, Height: 68}, do)
	}
	numbers := map[string]func(){"1": goods, "2": printer}
	return &welcome{
		w: w,
		root: kit.Centre(kit.Card(l, 36, kit.Column(16,
			kit.CentreX(kit.Stack(kit.Dot(l.GoodSoft, 72), kit.Pad(18, kit.Icon(kit.SignCheck, l.Good, 36)))),
			kit.NewText(w.T("app.welcome.title", "shop", w.view.Shop.Name), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: width}),
			kit.NewText(w.T("app.welcome.text"), kit.Style{Size: 17, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: width}),
			way(kit.SignBasket, "1", w.T("app.welcome.goods"), goods),
			way(kit.SignPrint, "2", w.T("app.welcome.printer"), printer),
			w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.welcome.sell"), Key: "Enter", Height: 68, Size: kit.TextLarge}, end)))),
		keys: w.numberLayer(nameWelcome, map[fyne.KeyName]func(){
			fyne.KeyReturn: end, fyne.KeyEscape: end, fyne.KeyF1: w.openHelp, fyne.KeyF12: w.openMenu}, numbers),
	}
}

func (p *welcome) object() fyne.CanvasObject { return p.root }
func (p *welcome) layer() *kit.Layer         { return p.keys }
func (p *welcome) update(till.View)          {}
