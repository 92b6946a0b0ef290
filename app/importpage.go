package app

import (
	"context"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/pricelist"
	"kassa/app/till"
)

const nameImport = "import"

// importState is where the page of an import stands; the import itself is the window's.
type importState struct {
	files fileState
	at    int // the chosen row
	tab   importTab
}

// importTab is what is shown of a list that was read.
type importTab int

const (
	tabGoods importTab = iota
	tabBad
	tabWarnings
)

// importScreen takes a price list in: which file, which columns, what it would do, and how far it is.
type importScreen struct {
	w       *Window
	state   *importState
	root    fyne.CanvasObject
	keys    *kit.Layer
	title   *kit.Text
	place   *fyne.Container
	act     *fyne.Container // what moves on, at the upper right
	list    *kit.Grid       // what the arrows go through; may be nil
	count   int
	painted string
}

// openImport goes on with an import that is under way, or begins with choosing a file.
func (w *Window) openImport() {
	if j := w.importing; j != nil && j.phase == importDone {
		w.dropImport()
	}
	state := &importState{files: fileState{dir: w.fyne.Preferences().String(preferFolder)}}
	w.closePage(nameImport)
	w.openPage(page{name: nameImport, make: func() screen { return newImportScreen(w, state) }})
}

func newImportScreen(w *Window, state *importState) *importScreen {
	s := &importScreen{w: w, state: state, keys: &kit.Layer{Name: nameImport, Scan: w.scanBlocked}}
	l := w.look
	s.title = kit.NewText("", kit.Style{Size: 24, Bold: true, Color: l.Ink, Shrink: true})
	s.place, s.act = kit.Stack(), kit.Row(8)
	s.root = kit.Pad(kit.Inset-4, kit.Column(12,
		kit.Row(12,
			w.button(kit.ButtonSpec{Sign: kit.SignBack, Text: w.T("app.back"), Key: "Esc", Height: 56}, func() { s.keys.Keys[fyne.KeyEscape]() }),
			kit.Grow(kit.Middle(s.title)), s.act),
		kit.Grow(s.place)))
	s.paint()
	return s
}

func (s *importScreen) object() fyne.CanvasObject { return s.root }
func (s *importScreen) layer() *kit.Layer         { return s.keys }
func (s *importScreen) update(till.View)          {}

// leave closes the page. An import that is at work goes on.
func (s *importScreen) leave() {
	w := s.w
	j := w.importing
	switch {
	case j != nil && j.working():
		w.inform(w.T("app.import.goes_on"))
	case j != nil && j.phase == importDone:
		w.dropImport()
		w.closePage(nameImport)
		w.openGoodsList()
		return
	default:
		w.dropImport()
	}
	w.closePage(nameImport)
}

// again goes back to choosing a file.
func (s *importScreen) again() {
	s.w.dropImport()
	s.state.at = 0
	s.paint()
}

// paint shows what the import is at.
func (s *importScreen) paint() {
	j := s.w.importing
	is := fmt.Sprintf("files %v %v", s.state.files, s.state.at)
	if j != nil {
		is = fmt.Sprint(j.phase, j.percent(), j.err, j.mapping, j.list.Format(), s.state.tab, s.state.at)
	}
	if is == s.painted {
		return
	}
	s.painted = is
	s.list, s.count = nil, 0
	s.keys.Rune = nil
	s.keys.Keys = map[fyne.KeyName]func(){
		fyne.KeyEscape: s.leave, fyne.KeyF1: s.w.openHelp, fyne.KeyF12: s.w.openMenu,
		fyne.KeyUp: func() { s.choose(s.state.at - 1) }, fyne.KeyDown: func() { s.choose(s.state.at + 1) },
		fyne.KeyPageUp: func() { s.choose(max(s.state.at-6, 0)) }, fyne.KeyPageDown: func() { s.choose(min(s.state.at+6, s.count-1)) },
	}
	s.act.Objects = nil
	title := s.w.T("app.import.title")
	var content fyne.CanvasObject
	if j == nil {
		content = s.browse()
	} else {
		title = filepath.Base(j.path)
		switch j.phase {
		case importColumns:
			content = s.columns(j)
		case importReport:
			content = s.report(j)
		case importDone:
			content = s.done(j)
		default:
			content = s.progress(j)
		}
	}
	s.title.Set(title)
	s.place.Objects = []fyne.CanvasObject{content}
	s.root.Refresh()
	if s.list != nil {
		s.list.SetCount(s.count)
		s.list.Reveal(s.state.at)
	}
}

func (s *importScreen) choose(i int) {
	if s.list == nil || i < 0 || i >= s.count {
		return
	}
	old := s.state.at
	s.state.at = i
	s.list.ReloadItem(old)
	s.list.ReloadItem(i)
	s.list.Reveal(i)
}

// forward puts the button that moves on at the upper right.
func (s *importScreen) forward(kind kit.Kind, text, key string, name fyne.KeyName, do func()) {
	b := s.w.button(kit.ButtonSpec{Kind: kind, Text: text, Key: key, Size: 16, Height: 56}, do)
	s.act.Add(b)
	s.keys.Keys[name] = do
}

// browse shows where the price list may be.
func (s *importScreen) browse() fyne.CanvasObject {
	w, st := s.w, s.state
	b := &browser{
		w: w, st: &st.files, at: &st.at, endings: listEndings, about: w.T("app.import.which"), none: w.T("app.files.none"),
		layer: s.keys, choose: s.choose, paint: s.paint, repaint: w.paintImport,
		take: func(path string) {
			w.fyne.Preferences().SetString(preferFolder, st.files.dir)
			s.openFile(path)
		},
	}
	content := b.content()
	s.list, s.count = b.list, len(st.files.all)
	return content
}

// openFile opens a price list, and reads it to its end when its columns are clear.
func (s *importScreen) openFile(path string) {
	w, st := s.w, s.state
	var job *importJob
	w.fetch(func(context.Context) (err error) {
		job, err = newImport(w, path, pricelist.Choice{})
		return err
	}, func(err error) {
		if err != nil {
			st.files.trouble = w.importTrouble(err)
			w.paintImport()
			return
		}
		w.dropImport()
		w.importing = job
		st.files.trouble, st.at, st.tab = "", 0, tabGoods
		if job.mapping.Check() == nil {
			job.check()
		}
		w.paintImport()
	})
}

// progress shows how far the work is.
func (s *importScreen) progress(j *importJob) fyne.CanvasObject {
	w, l := s.w, s.w.look
	const width = 520
	text := w.T("app.import.checking")
	if j.phase == importWriting {
		text = w.T("app.import.writing")
	}
	s.keys.Keys[fyne.KeyF8] = j.stop
	part := float32(j.percent()) / 100
	return kit.Centre(kit.Card(l, 32, kit.Column(16,
		kit.NewText(text, kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 2, Width: width}),
		kit.Stack(kit.Least(width, 16, kit.Fill(l.Raised, 8)),
			kit.Row(0, kit.GrowBy(max(part, 0.001), kit.Fill(l.Accent, 8)), kit.GrowBy(max(1-part, 0.001), kit.Blank(0, 0)))),
		kit.NewText(w.T("app.percent", "n", j.percent()), kit.Style{Size: kit.TextLarge, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter}),
		kit.NewText(w.T("app.import.meanwhile"), kit.Style{Size: 16, Color: l.Muted, Align: fyne.TextAlignCenter, Lines: 3, Width: width}),
		kit.Row(kit.Gap,
			kit.Grow(w.button(kit.ButtonSpec{Text: w.T("app.import.leave"), Key: "Esc", Height: 60}, s.leave)),
			kit.Grow(w.button(kit.ButtonSpec{Kind: kit.Danger, Text: w.T("app.import.stop"), Key: "F8", Height: 60}, j.stop))))))
}

// done tells what was changed.
func (s *importScreen) done(j *importJob) fyne.CanvasObject {
	w, l := s.w, s.w.look
	const width = 480
	rows := [][2]string{
		{w.T("app.import.new"), w.lang.Integer(int64(j.done.Added))},
		{w.T("app.import.changed"), w.lang.Integer(int64(j.done.Changed))},
		{w.T("app.import.same"), w.lang.Integer(int64(j.done.Same))},
	}
	if j.skip {
		rows = append(rows, [2]string{w.T("app.import.left_out"), w.lang.Integer(int64(j.report.BadLines))})
	}
	s.keys.Keys[fyne.KeyReturn] = s.leave
	return kit.Centre(kit.Card(l, 32, kit.Column(16,
		kit.CentreX(kit.Stack(kit.Dot(l.GoodSoft, 72), kit.Pad(18, kit.Icon(kit.SignCheck, l.Good, 36)))),
		kit.NewText(w.T("app.import.done_title"), kit.Style{Size: kit.TextTitle, Bold: true, Color: l.Ink, Align: fyne.TextAlignCenter, Width: width}),
		kit.Tinted(l.Background, 16, w.table(rows, width-32)),
		w.button(kit.ButtonSpec{Kind: kit.Primary, Text: w.T("app.ok"), Key: "Enter", Height: 60, Size: 18}, s.leave))))
}

// report shows what an import would do.
func (s *importScreen) report(j *importJob) fyne.CanvasObject {
	w, l, r := s.w, s.w.look, &j.report
	s.act.Add(w.button(kit.ButtonSpec{Sign: kit.SignSliders, Text: w.T("app.import.columns"), Key: "F4", Size: 15, Height: 56}, func() { s.toColumns(j) }))
	s.keys.Keys[fyne.KeyF4] = func() { s.toColumns(j) }
	s.keys.Keys[fyne.KeyEscape] = s.again
	text, ink := w.T("app.import.ready", "goods", w.lang.N("app.import.goods", int64(r.Goods))), l.Ink
	switch {
	case r.Goods == 0:
		text, ink = w.T("app.import.nothing"), l.Bad
	case r.BadLines > 0:
		text, ink = w.T("app.import.some_bad", "bad", w.lang.N("app.import.lines", int64(r.BadLines))), l.Warn
		s.forward(kit.Accent, w.T("app.import.without_bad", "goods", w.lang.Integer(int64(r.Goods))), "F10", fyne.KeyF10, func() { j.write(true) })
	default:
		s.forward(kit.Primary, w.T("app.import.take", "goods", w.lang.Integer(int64(r.Goods))), "Enter", fyne.KeyReturn, func() { j.write(false) })
	}
	if j.err != nil {
		text, ink = w.importTrouble(j.err), l.Bad
	}
	tabs := kit.Row(8)
	names := []string{
		w.T("app.import.tab_goods", "n", w.lang.Integer(int64(r.Goods))),
		w.T("app.import.tab_bad", "n", w.lang.Integer(int64(r.BadLines))),
		w.T("app.import.tab_warnings", "n", w.lang.Integer(int64(r.Warned))),
	}
	turn := func(to importTab) { s.state.tab, s.state.at = max(min(to, tabWarnings), tabGoods), 0; s.paint() }
	for i, name := range names {
		b := w.button(kit.ButtonSpec{Kind: kit.Chip, Text: name, Size: 15}, func() { turn(importTab(i)) })
		b.SetChosen(importTab(i) == s.state.tab)
		tabs.Add(b)
	}
	s.keys.Keys[fyne.KeyLeft] = func() { turn(s.state.tab - 1) }
	s.keys.Keys[fyne.KeyRight] = func() { turn(s.state.tab + 1) }
	return kit.Column(10,
		kit.NewText(text, kit.Style{Size: 17, Bold: true, Color: ink, Lines: 2, Width: 900}),
		tabs, kit.Grow(kit.Card(l, 8, s.reportRows(r))))
}

// reportRows are the goods, the bad lines or the warnings.
func (s *importScreen) reportRows(r *pricelist.Report) fyne.CanvasObject {
	w := s.w
	sheet := w.newSheet()
	var rows []row
	more := 0
	switch s.state.tab {
	case tabGoods:
		for _, p := range r.Preview {
			rows = append(rows, row{kind: rowGoods, name: w.nameOf(p), about: w.productLine(p), value: w.priceOf(p)})
		}
		more = r.Goods - len(r.Preview)
	case tabBad:
		for _, b := range r.Bad {
			rows = append(rows, row{name: w.badLine(b)})
		}
		more = r.BadLines - len(r.Bad)
	case tabWarnings:
		for _, n := range r.Warnings {
			text := w.T("import.warning." + string(n.Kind))
			if n.Value != "" {
				text += ": " + n.Value
			}
			rows = append(rows, row{name: w.T("app.import.line", "n", w.lang.Integer(int64(n.Line)), "text", text)})
		}
		more = r.Warned - len(r.Warnings)
	}
	if more > 0 {
		rows = append(rows, row{kind: rowHead, name: w.T("app.import.more", "n", w.lang.Integer(int64(more)))})
	}
	if len(rows) == 0 {
		rows = append(rows, row{name: w.T("app.import.none_here")})
	}
	sheet.set(rows)
	s.keys.Keys[fyne.KeyDown] = func() { sheet.grid.Page(1) }
	s.keys.Keys[fyne.KeyUp] = func() { sheet.grid.Page(-1) }
	s.keys.Keys[fyne.KeyPageDown], s.keys.Keys[fyne.KeyPageUp] = s.keys.Keys[fyne.KeyDown], s.keys.Keys[fyne.KeyUp]
	return sheet.grid
}

func (s *importScreen) toColumns(j *importJob) {
	j.phase, s.state.at = importColumns, 0
	s.paint()
}
