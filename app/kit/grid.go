package kit

import (
	"image/color"
	"math"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Grid is a scrolling list, or a grid of tiles, of any length: only the cells that can be seen exist. It scrolls by wheel
// and by finger, and never takes the focus.
type Grid struct {
	widget.BaseWidget
	spec  GridSpec
	look  *Look
	count int
	at    float32 // how far it is scrolled down

	tops []float32 // where each item begins, and the last one ends, when they differ in height
	wide float32   // the width that tops was measured for

	cells   []fyne.CanvasObject
	indexes []int // which item each cell shows; -1 for none
	content *fyne.Container
	lattice *lattice
	clip    *container.Clip
	bar     *Ground
	track   *thumb
	columns int
	inside  bool
}

// GridSpec says what a grid is made of.
type GridSpec struct {
	CellWidth  float32 // the least width of a cell; 0 for one column
	CellHeight float32
	Height     func(i int, width float32) float32 // of item i, where they differ; for one column only
	Gap        float32
	New        func() fyne.CanvasObject
	Show       func(i int, cell fyne.CanvasObject) // must not query or change the list
	NearEnd    func()                              // the last items came into sight: time to load more

	// Between is the colour between cells that have no ground of their own, or one without corners: Radius rounds them all.
	// Such cells are of one height.
	Between color.NRGBA
	Radius  float32
}

// barRoom is what the scroll bar takes at the right.
const barRoom = 14

// NewGrid makes an empty grid.
func NewGrid(l *Look, spec GridSpec) *Grid {
	g := &Grid{spec: spec, look: l, columns: 1}
	g.ExtendBaseWidget(g)
	return g
}

// Count is how many items there are.
func (g *Grid) Count() int { return g.count }

// Columns is how many columns fit.
func (g *Grid) Columns() int { return g.columns }

// SetCount tells how many items there are and shows them anew.
func (g *Grid) SetCount(n int) {
	g.count = n
	g.Reload()
}

// Reload shows every visible item anew.
func (g *Grid) Reload() {
	for i := range g.indexes {
		g.indexes[i] = -1
	}
	g.tops = nil
	g.arrange()
}

// ReloadItem shows one item anew, if it is in sight.
func (g *Grid) ReloadItem(i int) {
	for c, n := range g.indexes {
		if n == i && i < g.count {
			g.spec.Show(i, g.cells[c])
		}
	}
}

// ToTop scrolls to the beginning.
func (g *Grid) ToTop() { g.scrollTo(0) }

// ToEnd scrolls to the end.
func (g *Grid) ToEnd() { g.scrollTo(g.total()) }

// Reveal scrolls as little as is needed to see item i.
func (g *Grid) Reveal(i int) {
	top := g.top(i)
	switch bottom := top + g.height(i); {
	case top < g.at:
		g.scrollTo(top)
	case bottom > g.at+g.Size().Height:
		g.scrollTo(bottom - g.Size().Height)
	}
}

// Page scrolls by screens: 1 down, -1 up.
func (g *Grid) Page(n int) { g.scrollTo(g.at + float32(n)*(g.Size().Height-g.spec.CellHeight/2)) }

// Scrolled implements fyne.Scrollable.
func (g *Grid) Scrolled(e *fyne.ScrollEvent) { g.scrollTo(g.at - e.Scrolled.DY) }

// Dragged implements fyne.Draggable: a finger moves what is under it.
func (g *Grid) Dragged(e *fyne.DragEvent) { g.scrollTo(g.at - e.Dragged.DY) }

// DragEnd implements fyne.Draggable.
func (g *Grid) DragEnd() {}

func (g *Grid) rows() int { return (g.count + g.columns - 1) / g.columns }

func (g *Grid) total() float32 {
	if g.count == 0 {
		return 0
	}
	if g.tops != nil {
		return g.tops[len(g.tops)-1] - g.spec.Gap
	}
	return float32(g.rows())*(g.spec.CellHeight+g.spec.Gap) - g.spec.Gap
}

// measure finds out where the items begin, when they differ in height.
func (g *Grid) measure(width float32) {
	if g.spec.Height == nil || g.tops != nil && len(g.tops) == g.count+1 && g.wide == width {
		return
	}
	g.wide = width
	g.tops = make([]float32, g.count+1)
	for i := range g.count {
		g.tops[i+1] = g.tops[i] + g.spec.Height(i, width) + g.spec.Gap
	}
}

func (g *Grid) top(i int) float32 {
	if g.tops != nil {
		return g.tops[max(min(i, len(g.tops)-1), 0)]
	}
	return float32(i/g.columns) * (g.spec.CellHeight + g.spec.Gap)
}

func (g *Grid) height(i int) float32 {
	if g.tops != nil && i >= 0 && i+1 < len(g.tops) {
		return g.tops[i+1] - g.tops[i] - g.spec.Gap
	}
	return g.spec.CellHeight
}

// seen are the items in sight: the first one, and the one behind the last.
func (g *Grid) seen(height float32) (first, last int) {
	if g.tops != nil {
		first = max(sort.Search(len(g.tops), func(i int) bool { return g.tops[i] > g.at })-1, 0)
		last = min(sort.Search(len(g.tops), func(i int) bool { return g.tops[i] >= g.at+height }), g.count)
		return min(first, last), last
	}
	step := g.spec.CellHeight + g.spec.Gap
	return int(g.at/step) * g.columns, min((int((g.at+height)/step)+1)*g.columns, g.count)
}

func (g *Grid) scrollTo(at float32) {
	at = max(min(at, g.total()-g.Size().Height), 0)
	if at == g.at {
		return
	}
	g.at = at
	g.arrange()
}

// CreateRenderer implements fyne.Widget.
func (g *Grid) CreateRenderer() fyne.WidgetRenderer {
	g.content = &fyne.Container{}
	under := &fyne.Container{Objects: []fyne.CanvasObject{g.content}}
	if g.spec.Between.A != 0 {
		g.lattice = newLattice(g.spec.Between, g.spec.Radius)
		under.Objects = []fyne.CanvasObject{g.content, g.lattice.root}
	}
	g.clip = container.NewClip(under)
	g.bar = Fill(Mix(g.look.Muted, g.look.Background, 0.35), 4)
	g.track = newThumb(g)
	return &painted{
		objects: []fyne.CanvasObject{g.clip, g.bar, g.track},
		layout:  func(fyne.Size) { g.arrange() },
		min:     func() fyne.Size { return fyne.NewSize(max(g.spec.CellWidth, 80), min(g.spec.CellHeight, 48)) },
		refresh: g.arrange,
	}
}

// arrange puts cells under what can be seen. A cell keeps its item as long as the item stays in sight.
func (g *Grid) arrange() {
	if g.content == nil || g.inside {
		return
	}
	g.inside = true // showing a cell may lead back here
	defer func() { g.inside = false }()
	s := g.Size()
	if s.Width <= 0 || s.Height <= 0 {
		return
	}
	g.clip.Resize(s)
	width := s.Width
	g.measure(width - barRoom)
	if g.total() > s.Height || g.spec.CellWidth > 0 || g.spec.Height != nil {
		width -= barRoom
	}
	g.columns = 1
	if g.spec.CellWidth > 0 {
		g.columns = max(int((width+g.spec.Gap)/(g.spec.CellWidth+g.spec.Gap)), 1)
	}
	g.at = max(min(g.at, g.total()-s.Height), 0)
	first, last := g.seen(s.Height)
	g.ensure(last - first)
	cell := fyne.NewSize((width-g.spec.Gap*float32(g.columns-1))/float32(g.columns), g.spec.CellHeight)
	at := g.at
	if g.lattice != nil { // it and the cells are painted apart, and each would round by itself
		cell.Width, at = floor(cell.Width), floor(at+0.5)
		g.lattice.place(cells{size: s, width: cell.Width, height: cell.Height, gap: g.spec.Gap, columns: g.columns, count: g.count, at: at})
	}
	shown := make(map[int]bool, len(g.cells))
	for i := first; i < last; i++ {
		n := i % len(g.cells)
		shown[n] = true
		o := g.cells[n]
		cell.Height = g.height(i)
		o.Resize(cell)
		o.Move(fyne.NewPos(float32(i%g.columns)*(cell.Width+g.spec.Gap), g.top(i)-at))
		if g.indexes[n] != i {
			g.indexes[n] = i
			g.spec.Show(i, o)
		}
		if !o.Visible() {
			o.Show()
		}
	}
	for n, o := range g.cells {
		if !shown[n] && o.Visible() {
			o.Hide()
			g.indexes[n] = -1
		}
	}
	g.placeBar(s)
	canvas.Refresh(g)
	if g.spec.NearEnd != nil && g.count > 0 && last >= g.count-2*g.columns {
		g.inside = false
		g.spec.NearEnd()
	}
}

func floor(n float32) float32 { return float32(math.Floor(float64(n))) }

func (g *Grid) ensure(n int) {
	n += 2 * g.columns // so that cells are not reused within one screen
	if n <= len(g.cells) {
		return
	}
	for len(g.cells) < n {
		o := g.spec.New()
		if d, ok := o.(dragged); ok {
			d.DragWith(g.Dragged)
		}
		o.Hide()
		g.cells = append(g.cells, o)
		g.indexes = append(g.indexes, -1)
	}
	for i := range g.indexes {
		g.indexes[i] = -1
	}
	g.content.Objects = g.cells
}

func (g *Grid) placeBar(s fyne.Size) {
	total := g.total()
	if total <= s.Height {
		g.bar.Hide()
		g.track.Hide()
		return
	}
	length := max(s.Height*s.Height/total, 36)
	y := (s.Height - length) * g.at / (total - s.Height)
	g.bar.Resize(fyne.NewSize(6, length))
	g.bar.Move(fyne.NewPos(s.Width-7, y))
	g.bar.Show()
	g.track.Resize(fyne.NewSize(barRoom, s.Height))
	g.track.Move(fyne.NewPos(s.Width-barRoom, 0))
	g.track.Show()
}

// thumb is the place of the scroll bar: dragging there moves the bar rather than what is shown.
type thumb struct {
	widget.BaseWidget
	g *Grid
}

func newThumb(g *Grid) *thumb {
	t := &thumb{g: g}
	t.ExtendBaseWidget(t)
	return t
}

func (t *thumb) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(Blank(1, 1))
}

func (t *thumb) Dragged(e *fyne.DragEvent) {
	if h := t.g.Size().Height; h > 0 {
		t.g.scrollTo(t.g.at + e.Dragged.DY*t.g.total()/h)
	}
}

func (t *thumb) DragEnd() {}
