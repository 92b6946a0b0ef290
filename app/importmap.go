package app

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"kassa/app/kit"
	"kassa/app/pricelist"
	"kassa/register"
)

// mapSample is how many cells of a column are shown.
const mapSample = 3

// columns asks which column of the list holds what.
func (s *importScreen) columns(j *importJob) fyne.CanvasObject {
	w, l := s.w, s.w.look
	headings, sample := j.list.Headings(), j.list.Sample(mapSample)
	s.count = len(headings)
	s.state.at = max(min(s.state.at, s.count-1), 0)
	s.list = kit.NewGrid(l, kit.GridSpec{
		CellHeight: 68, Gap: 4,
		New: func() fyne.CanvasObject { return newColumnRow(w, func(i int) { s.choose(i); s.askField(j, i) }) },
		Show: func(i int, o fyne.CanvasObject) {
			if i < len(headings) {
				o.(*columnRow).show(i, headings[i], cells(sample, i), fieldAt(j.mapping, i), i == s.state.at)
			}
		},
	})
	err := j.mapping.Check()
	text, ink := w.T("app.import.columns_text"), l.Muted
	switch {
	case err != nil:
		text, ink = w.importTrouble(err), l.Bad
	case j.err != nil:
		text, ink = w.importTrouble(j.err), l.Bad
	}
	k := s.keys.Keys
	k[fyne.KeyEscape] = s.again
	k[fyne.KeyLeft] = func() { s.slide(j, -1) }
	k[fyne.KeyRight] = func() { s.slide(j, 1) }
	k[fyne.KeyF3] = func() { s.askField(j, s.state.at) }
	check := func() {
		if j.mapping.Check() == nil {
			s.state.at = 0
			j.check()
		}
	}
	s.forward(kit.Primary, w.T("app.import.check"), "Enter", fyne.KeyReturn, check)
	s.act.Objects[0].(*kit.Button).SetDisabled(err != nil)
	return kit.Column(10,
		kit.NewText(text, kit.Style{Size: 16, Color: ink, Lines: 2, Width: 900}),
		kit.Grow(kit.Row(12, kit.Grow(s.list), kit.Least(272, 0, s.mapOptions(j)))))
}

// mapOptions are what a list can be told besides its columns.
func (s *importScreen) mapOptions(j *importJob) fyne.CanvasObject {
	w, l := s.w, s.w.look
	format := j.list.Format()
	option := func(name, value, key string, do func()) fyne.CanvasObject {
		return kit.Column(4, kit.NewText(name, kit.Style{Size: 14, Color: l.Muted, Lines: 2, Width: 248}),
			w.button(kit.ButtonSpec{Text: value, Key: key, Size: 15, Height: 52, Left: true}, do))
	}
	column := kit.Column(12)
	if len(format.Sheets) > 1 {
		do := func() { s.askSheet(j) }
		s.keys.Keys[fyne.KeyF5] = do
		column.Add(option(w.T("app.import.sheet"), clip(format.Sheet, 22), "F5", do))
	}
	vat := j.mapping.VAT
	if vat == "" {
		vat = register.VAT22
	}
	do := func() { s.askVAT(j) }
	s.keys.Keys[fyne.KeyF6] = do
	column.Add(option(w.T("app.import.vat"), w.lang.VAT(vat), "F6", do))
	rows := w.T("app.import.rows_off")
	if j.mapping.GroupRows {
		rows = w.T("app.import.rows_on")
	}
	turn := func() { j.mapping.GroupRows = !j.mapping.GroupRows; s.paint() }
	s.keys.Keys[fyne.KeyF7] = turn
	column.Add(option(w.T("app.import.rows"), rows, "F7", turn))
	heads := func() { s.askHeadings(j) }
	s.keys.Keys[fyne.KeyF8] = heads
	column.Add(option(w.T("app.import.headings"), w.headingsLine(format.Headings), "F8", heads))
	about := string(format.Encoding)
	if format.Kind == pricelist.KindXLSX {
		about = "XLSX"
	}
	column.Add(kit.NewText(w.T("app.import.format", "format", strings.ToUpper(about)), kit.Style{Size: 14, Color: l.Muted, Lines: 2, Width: 248}))
	return kit.Card(l, 12, column)
}

// headingsLine names the line in which the headings stand.
func (w *Window) headingsLine(n int) string {
	if n <= 0 {
		return w.T("app.import.no_headings")
	}
	return w.T("app.import.headings_line", "n", w.lang.Integer(int64(n)))
}

// mostHeadings is the last line that can be chosen for the headings; a guess may find them further down.
const mostHeadings = 11

func (s *importScreen) askHeadings(j *importJob) {
	w := s.w
	w.openOptions("headings", 3, func() (string, []option) {
		var all []option
		format := j.list.Format()
		for n := range mostHeadings + 1 {
			choice := pricelist.Choice{Sheet: format.Sheet, Headings: n}
			if n == 0 {
				choice.Headings = -1
			}
			all = append(all, option{text: w.headingsLine(n), chosen: n == format.Headings, do: func() { s.reread(j, choice) }})
		}
		return w.T("app.import.headings"), all
	})
}

// reread opens the list otherwise, and guesses its columns anew.
func (s *importScreen) reread(j *importJob, c pricelist.Choice) {
	w := s.w
	var job *importJob
	w.fetch(func(context.Context) (err error) {
		job, err = newImport(w, j.path, c)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			w.toast.say(moodBad, w.T("app.import.failed"), w.importTrouble(err))
		case w.importing != j: // given up meanwhile
			job.list.Close()
		default:
			w.dropImport()
			w.importing, s.state.at = job, 0
			w.paintImport()
		}
	})
}

func (s *importScreen) askSheet(j *importJob) {
	w := s.w
	w.openOptions("sheet", 2, func() (string, []option) {
		var all []option
		format := j.list.Format()
		for _, name := range format.Sheets[:min(len(format.Sheets), 12)] {
			all = append(all, option{text: name, chosen: name == format.Sheet, do: func() { s.reread(j, pricelist.Choice{Sheet: name}) }})
		}
		return w.T("app.import.sheet"), all
	})
}

func (s *importScreen) askVAT(j *importJob) {
	w := s.w
	w.openOptions("vat", 2, func() (string, []option) {
		var all []option
		for _, v := range []register.VAT{register.VAT22, register.VAT20, register.VAT10, register.VAT7, register.VAT5, register.VAT0, register.VATNone} {
			all = append(all, option{text: w.lang.VAT(v), chosen: v == j.mapping.VAT || j.mapping.VAT == "" && v == register.VAT22,
				do: func() { j.mapping.VAT = v; s.paint() }})
		}
		return w.T("app.import.vat"), all
	})
}

// askField asks what a column holds.
func (s *importScreen) askField(j *importJob, column int) {
	w := s.w
	w.openOptions("field", 3, func() (string, []option) {
		var all []option
		for _, f := range fieldChoices() {
			all = append(all, option{text: w.fieldName(f), chosen: f == fieldAt(j.mapping, column), do: func() {
				setField(&j.mapping, column, f)
				s.paint()
			}})
		}
		return j.list.Headings()[column], all
	})
}

// slide takes the field beside the one that a column holds.
func (s *importScreen) slide(j *importJob, by int) {
	all := fieldChoices()
	if s.count == 0 {
		return
	}
	at := slices.Index(all, fieldAt(j.mapping, s.state.at))
	setField(&j.mapping, s.state.at, all[(at+by+len(all))%len(all)])
	s.paint()
}

// fieldChoices are what a column may hold, the usual first.
func fieldChoices() []pricelist.Field {
	all := []pricelist.Field{pricelist.FieldNone, pricelist.FieldName, pricelist.FieldPrice, pricelist.FieldBarcode}
	for _, f := range pricelist.Fields() {
		if !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

func fieldAt(m pricelist.Mapping, column int) pricelist.Field {
	if column < 0 || column >= len(m.Columns) {
		return pricelist.FieldNone
	}
	return m.Columns[column]
}

// setField makes a column hold a field, of a mapping that is painted already and must not change under it.
func setField(m *pricelist.Mapping, column int, f pricelist.Field) {
	m.Columns = slices.Clone(m.Columns)
	m.Set(column, f)
}

func (w *Window) fieldName(f pricelist.Field) string {
	if f == pricelist.FieldNone {
		return w.T("import.field.none")
	}
	return w.T("import.field." + string(f))
}

// cells are those of a column in the first lines.
func cells(sample [][]string, column int) string {
	var out []string
	for _, line := range sample {
		if column < len(line) && strings.TrimSpace(line[column]) != "" {
			out = append(out, clip(strings.TrimSpace(line[column]), 28))
		}
	}
	return strings.Join(out, " · ")
}

// productLine is what stands under a product's name in a preview.
func (w *Window) productLine(p register.Product) string {
	var parts []string
	if len(p.Barcodes) > 0 {
		parts = append(parts, p.Barcodes[0])
	}
	for _, text := range []string{p.Code, p.Article, w.lang.VAT(p.VAT), w.groupOf(p)} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " · ")
}

// columnRow shows one column of a list.
type columnRow struct {
	*kit.Press
	w     *Window
	i     int
	name  *kit.Text
	about *kit.Text
	field *kit.Text
}

func newColumnRow(w *Window, tap func(int)) *columnRow {
	l := w.look
	r := &columnRow{w: w}
	r.name = kit.NewText("", kit.Style{Size: 16, Bold: true, Color: l.Ink, Shrink: true})
	r.about = kit.NewText("", kit.Style{Size: 13, Color: l.Muted, Shrink: true})
	r.field = kit.NewText("", kit.Style{Size: 16, Bold: true, Color: l.Accent, Align: fyne.TextAlignTrailing, Shrink: true})
	r.Press = kit.NewPress(kit.PadSides(0, 16, 0, 16, kit.Row(14,
		kit.Grow(kit.Middle(kit.Column(0, r.name, r.about))),
		kit.Least(190, 0, kit.Middle(r.field)), kit.Middle(kit.Icon(kit.SignRight, l.Muted, 18)))),
		kit.Radius, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), func() { w.gate.enter(func() { tap(r.i) }) })
	return r
}

func (r *columnRow) show(i int, name, about string, f pricelist.Field, chosen bool) {
	w, l := r.w, r.w.look
	r.i = i
	if name == "" {
		name = w.T("app.import.column", "n", i+1)
	}
	r.name.Set(name)
	r.about.Set(about)
	ink := l.Accent
	if f == pricelist.FieldNone {
		ink = l.Muted
	}
	r.field.SetStyle(w.fieldName(f), func(s *kit.Style) { s.Color = ink })
	if chosen {
		r.SetGround(l.AccentSoft, l.AccentSoft)
	} else {
		r.SetGround(l.Surface, kit.Mix(l.Surface, l.Accent, 0.06))
	}
}
