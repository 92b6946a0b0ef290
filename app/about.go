package app

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/till"
)

const nameAbout = "about"

// aboutState is what was read of the till.
type aboutState struct {
	is   till.About
	read bool
}

// aboutScreen tells what this program and its database are, and gives what the one who helps has to know.
type aboutScreen struct {
	w     *Window
	state *aboutState
	root  fyne.CanvasObject
	keys  *kit.Layer
	sheet *sheet
}

// openAbout tells about the till over the sale.
func (w *Window) openAbout() {
	state := &aboutState{}
	w.closePage(nameAbout)
	w.openPage(page{name: nameAbout, make: func() screen { return newAbout(w, state) }})
}

func newAbout(w *Window, state *aboutState) *aboutScreen {
	a := &aboutScreen{w: w, state: state, sheet: w.newSheet()}
	l := w.look
	back := func() { w.closePage(nameAbout) }
	a.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, back),
			kit.Grow(kit.Middle(kit.NewText(w.T("app.menu.about"), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Shrink: true}))),
			w.button(kit.ButtonSpec{Sign: kit.SignFile, Text: w.T("app.about.save"), Key: "F6", Size: 15, Height: 56}, a.save),
			w.button(kit.ButtonSpec{Kind: kit.Accent, Sign: kit.SignCopy, Text: w.T("app.about.copy"), Key: "F5", Size: 15, Height: 56}, a.copy)),
		kit.NewText(w.T("app.about.text"), kit.Style{Size: 15, Color: l.Muted, Lines: 2, Width: 960}),
		kit.Grow(kit.Card(l, 12, a.sheet.grid))))
	a.keys = &kit.Layer{Name: nameAbout, Scan: w.scanBlocked, Keys: map[fyne.KeyName]func(){
		fyne.KeyEscape: back, fyne.KeyReturn: back, fyne.KeyF5: a.copy, fyne.KeyF6: a.save, fyne.KeyF1: w.openHelp, fyne.KeyF12: w.openMenu,
		fyne.KeyDown: func() { a.sheet.grid.Page(1) }, fyne.KeyUp: func() { a.sheet.grid.Page(-1) },
		fyne.KeyPageDown: func() { a.sheet.grid.Page(1) }, fyne.KeyPageUp: func() { a.sheet.grid.Page(-1) },
	}}
	a.paint()
	if !state.read {
		a.load()
	}
	return a
}

func (a *aboutScreen) object() fyne.CanvasObject { return a.root }
func (a *aboutScreen) layer() *kit.Layer         { return a.keys }
func (a *aboutScreen) update(till.View)          { a.paint() }

func (a *aboutScreen) load() {
	w, st := a.w, a.state
	var is till.About
	w.fetch(func(ctx context.Context) (err error) {
		is, err = w.deps.Till.About(ctx)
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
		}
		st.is, st.read = is, true
		if now, ok := w.screen.(*aboutScreen); ok {
			now.paint()
		}
	})
}

func (a *aboutScreen) paint() {
	w, is := a.w, a.state.is
	version := w.deps.Version
	if version == "" {
		version = "dev"
	}
	f := &facts{w: w}
	f.add(w.T("app.about.version"), version)
	f.add(w.T("app.about.shop"), w.view.Shop.Name)
	f.add(w.T("app.about.till"), w.view.Shop.Till)
	if a.state.read {
		f.head(w.T("app.about.database"))
		f.add(w.T("app.about.folder"), is.Folder)
		f.add(w.T("app.about.size"), w.fileSize(is.Size))
		f.add(w.T("app.about.operations"), w.lang.Integer(is.Operations))
		f.add(w.T("app.about.goods"), w.lang.Integer(is.Goods))
		f.add(w.T("app.about.staff"), strconv.Itoa(is.Staff))
		f.add(w.T("app.about.journal"), is.Journal)
	}
	f.head(w.T("app.about.around"))
	address := ""
	if s := w.view.Settings; s != nil {
		address = s.Printer.Address
	}
	_, state := w.printerGauge(w.view.Printer)
	f.add(w.T("app.bar.printer"), joined(state, address))
	_, state = w.serverGauge(w.view.Server)
	f.add(w.T("app.bar.server"), joined(state, publicURL(is.Server)))
	_, state = w.bankGauge(w.view.Bank)
	f.add(w.T("app.bar.bank"), joined(state, is.Bank))
	a.sheet.extend(f.rows)
}

// joined is two words, or the one that there is.
func joined(a, b string) string {
	if b == "" {
		return a
	}
	return a + " · " + b
}

func (a *aboutScreen) copy() {
	w := a.w
	w.fyne.Clipboard().SetContent(w.diagnostics(a.state.is))
	w.praise(w.T("app.about.copied"))
}

// save writes the diagnostics to a file, on a memory stick where one is plugged in.
func (a *aboutScreen) save() {
	w := a.w
	text, places := w.diagnostics(a.state.is), w.places()
	var path string
	w.fetch(func(context.Context) (err error) {
		path, err = saveDiagnostics(text, places, w.deps.Now())
		return err
	}, func(err error) {
		if err != nil {
			w.deps.Log.Error("saving the diagnostics", "err", err)
			w.warn(w.T("app.about.not_saved"))
			return
		}
		w.toast.say(moodGood, w.T("app.about.saved"), path)
	})
}
