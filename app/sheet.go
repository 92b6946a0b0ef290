package app

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kassa/app/kit"
)

// sheet shows rows of text one under another, each as high as its text: what an operation is made of. It scrolls, and
// is as quick for a receipt of a thousand lines as for one of two.
type sheet struct {
	w    *Window
	grid *kit.Grid
	rows []row
}

// row is one row of a sheet.
type row struct {
	kind  rowKind
	name  string // what it is
	about string // its particulars, under the name; goods only
	value string // at the right, or under the name when it is long
	ink   color.Color
	open  func() // what a touch opens; may be nil
}

// rowKind is what a row looks like.
type rowKind int

const (
	rowFact  rowKind = iota // a caption and a value
	rowGoods                // goods: a name, how many at what price, what they come to
	rowHead                 // begins a part of the sheet
	rowLink                 // leads somewhere
)

func (w *Window) newSheet() *sheet {
	s := &sheet{w: w}
	s.grid = kit.NewGrid(w.look, kit.GridSpec{
		CellHeight: kit.Touch,
		Height: func(i int, width float32) float32 {
			if i >= len(s.rows) {
				return 0
			}
			return s.rows[i].place(width).height
		},
		New: func() fyne.CanvasObject { return newSheetRow(w) },
		Show: func(i int, o fyne.CanvasObject) {
			if i < len(s.rows) {
				o.(*sheetRow).show(s.rows[i])
			}
		},
	})
	return s
}

// set shows other rows, from the top.
func (s *sheet) set(rows []row) {
	s.rows = rows
	s.grid.SetCount(len(rows))
	s.grid.ToTop()
}

// extend shows other rows and stays where it is.
func (s *sheet) extend(rows []row) {
	s.rows = rows
	s.grid.SetCount(len(rows))
}

// placed is where the parts of a row go.
type placed struct {
	height              float32
	name, about         float32 // their heights
	nameWide, valueWide float32
	value               float32 // its height
	below               bool    // the value stands under the name
}

// The sizes of a row's texts.
const (
	rowName  = 15
	rowAbout = 13
	rowSum   = 17
)

func textHeight(size float32, bold bool) float32 {
	return fyne.MeasureText("Й", size, fyne.TextStyle{Bold: bold}).Height
}

// wrapped is how many lines a text takes, at most most.
func wrapped(text string, width, size float32, bold bool, most int) int {
	return len(kit.Wrap(text, max(width, 1), size, fyne.TextStyle{Bold: bold}, most))
}

// place finds out where the parts of a row go in a width.
func (r row) place(width float32) (p placed) {
	const edge, gap = 12, 14
	width -= 2 * edge
	size := r.valueSize()
	natural := fyne.MeasureText(r.value, size, fyne.TextStyle{Bold: true}).Width + 1
	p.valueWide, p.value = natural, textHeight(size, true)
	p.nameWide = width - natural - gap
	if r.value == "" {
		p.nameWide = width
	}
	if r.kind == rowFact && r.value != "" && natural > width*0.55 {
		p.below, p.nameWide, p.valueWide = true, width, width
		p.value = textHeight(size, true) * float32(wrapped(r.value, width, size, true, 4))
	}
	nameLines := wrapped(r.name, p.nameWide, r.nameSize(), r.bold(), 3)
	p.name = textHeight(r.nameSize(), r.bold()) * float32(nameLines)
	if r.about != "" {
		p.about = textHeight(rowAbout, false)
	}
	switch r.kind {
	case rowGoods:
		p.height = max(p.name+p.about, p.value) + 14
	case rowHead:
		p.height = p.name + 16
	case rowLink:
		p.height = max(p.name+p.about+12, kit.Touch)
	default:
		p.height = max(p.name, p.value) + 10
		if p.below {
			p.height = p.name + p.value + 12
		}
	}
	return p
}

func (r row) nameSize() float32 {
	if r.kind == rowHead {
		return rowAbout
	}
	return rowName
}

func (r row) valueSize() float32 {
	if r.kind == rowGoods {
		return rowSum
	}
	return rowName
}

func (r row) bold() bool { return r.kind != rowFact }

// sheetRow paints a row.
type sheetRow struct {
	*kit.Press
	w                  *Window
	row                row
	name, about, value *kit.Text
	rule               *kit.Ground
	arrow              *canvas.Image
	all                *fyne.Container
}

func newSheetRow(w *Window) *sheetRow {
	l := w.look
	r := &sheetRow{w: w}
	r.rule = kit.Fill(l.Line, 0)
	r.arrow = kit.Icon(kit.SignRight, l.Accent, 18)
	r.name = kit.NewText("", kit.Style{Size: rowName, Color: l.Ink, Lines: 3})
	r.about = kit.NewText("", kit.Style{Size: rowAbout, Color: l.Muted, Shrink: true})
	r.value = kit.NewText("", kit.Style{Size: rowName, Bold: true, Color: l.Ink, Align: fyne.TextAlignTrailing, Lines: 4})
	r.all = &fyne.Container{Layout: sheetLayout{r}, Objects: []fyne.CanvasObject{r.rule, r.name, r.about, r.value, r.arrow}}
	r.Press = kit.NewPress(r.all, 8, l.Surface, kit.Mix(l.Surface, l.Accent, 0.06), nil)
	return r
}

func (r *sheetRow) show(is row) {
	w, l := r.w, r.w.look
	r.row = is
	nameInk, valueInk := color.Color(l.Ink), is.ink
	switch is.kind {
	case rowFact, rowHead:
		nameInk = l.Muted
	case rowLink:
		nameInk = l.Accent
	}
	if valueInk == nil {
		valueInk = l.Ink
	}
	r.name.SetStyle(is.name, func(s *kit.Style) { s.Size, s.Bold, s.Color = is.nameSize(), is.bold(), nameInk })
	r.about.Set(is.about)
	r.value.SetStyle(is.value, func(s *kit.Style) {
		s.Size, s.Color, s.Align = is.valueSize(), valueInk, fyne.TextAlignTrailing
		if is.place(r.all.Size().Width).below {
			s.Align = fyne.TextAlignLeading
		}
	})
	show(is.kind == rowGoods, r.rule)
	show(is.kind == rowLink, r.arrow)
	r.Press.Tap = nil
	if is.open != nil {
		r.Press.Tap = func() { w.gate.enter(is.open) }
	}
	rest := l.Surface
	if is.kind == rowLink {
		rest = l.AccentSoft
	}
	r.SetGround(rest, kit.Mix(rest, l.Accent, 0.06))
	r.all.Layout.Layout(nil, r.all.Size())
}

// sheetLayout puts the parts of a row where place says.
type sheetLayout struct{ r *sheetRow }

func (y sheetLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	r, p := y.r, y.r.row.place(s.Width)
	at := func(o fyne.CanvasObject, x, top, width, height float32) {
		o.Move(fyne.NewPos(x, top))
		o.Resize(fyne.NewSize(max(width, 0), height))
	}
	const edge = 12
	top := (s.Height - p.name - p.about) / 2
	switch {
	case p.below:
		top = 5
		at(r.value, edge, top+p.name+1, p.valueWide, p.value)
	case r.row.kind == rowHead:
		top = s.Height - p.name - 3
		fallthrough
	default:
		at(r.value, s.Width-edge-p.valueWide, (s.Height-p.value)/2, p.valueWide, p.value)
	}
	at(r.name, edge, top, p.nameWide, p.name)
	at(r.about, edge, top+p.name-1, p.nameWide, p.about)
	at(r.rule, edge, s.Height-1, s.Width-2*edge, 1)
	at(r.arrow, s.Width-edge-18, (s.Height-18)/2, 18, 18)
}

func (sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, 24) }
