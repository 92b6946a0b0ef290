package kit

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"pgregory.net/rapid"
)

// someCells are cells of a grid, scrolled somewhere.
func someCells(t *rapid.T) cells {
	whole := func(name string, least, most int) float32 { return float32(rapid.IntRange(least, most).Draw(t, name)) }
	c := cells{
		size:   fyne.NewSize(whole("width", 60, 300), whole("height", 40, 200)),
		height: whole("cell height", 20, 60), gap: whole("gap", 2, 8),
		columns: rapid.IntRange(1, 4).Draw(t, "columns"), count: rapid.IntRange(0, 30).Draw(t, "count"),
	}
	c.width = floor((c.size.Width - c.gap*float32(c.columns-1)) / float32(c.columns))
	if most := int(c.top(c.rows()) - c.size.Height); most > 0 {
		c.at = whole("scrolled", 0, most)
	}
	return c
}

func TestALatticeIsAllThatIsNoCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := someCells(t)
		between := c.between()
		for y := float32(0.5); y < c.size.Height; y += 3 {
			for x := float32(0.5); x < c.size.Width; x += 3 {
				painted := false
				for _, r := range between {
					painted = painted || x > r.x && x < r.x+r.width && y > r.y && y < r.y+r.height
				}
				// Between rows the bands paint; there columns end where the last row does.
				row := int((y + c.at) / (c.height + c.gap))
				band := row < c.rows() && y > c.top(row)+c.height
				if want := c.outside(x, y, 0) > 0.5; want != painted && !band {
					t.Fatalf("at %v, %v of %+v: painted %v, want %v", x, y, c, painted, want)
				}
			}
		}
	})
}

func TestALatticePaintsABandOverEveryRowInSight(t *testing.T) {
	test.NewTempApp(t)
	l := newLattice(rgb(0xeef1f5), 12)
	c := cells{size: fyne.NewSize(420, 300), width: 200, height: 112, gap: 8, columns: 2, count: 9, at: 60}
	l.shaded(c)
	var bands []*band
	for _, o := range l.root.Objects {
		if b, ok := o.(*band); ok {
			bands = append(bands, b)
		}
	}
	if len(bands) != 4 { // over the rows 0, 1 and 2, and under row 2
		t.Fatalf("%d bands, want 4", len(bands))
	}
	b := bands[1]
	if b.Position() != fyne.NewPos(0, 40) || b.Size() != fyne.NewSize(408, 32) {
		t.Errorf("the band between the first two rows is at %v, %v large", b.Position(), b.Size())
	}
	s := test.WidgetRenderer(b).Objects()[0].(*canvas.Shader)
	if u := s.Uniforms; u["cell"] != 200 || u["gap"] != 8 || u["radius"] != 12 || u["width"] != 408 {
		t.Errorf("it is painted with %v", u)
	}
}

func TestAWindowIsClearedWithWhatItsScreenStandsOn(t *testing.T) {
	l := Light()
	th := l.Theme()
	if got := th.Color(theme.ColorNameBackground, theme.VariantLight); got != color.Color(l.Background) {
		t.Errorf("cleared with %v at first", got)
	}
	th.ClearWith(l.Surface)
	if got := th.Color(theme.ColorNameBackground, theme.VariantLight); got != color.Color(l.Surface) {
		t.Errorf("cleared with %v", got)
	}
}

func TestAPlainGroundEndsWhereItsObjectDoes(t *testing.T) {
	test.NewTempApp(t)
	g := Fill(rgb(0xff0000), 0)
	r := g.shaded()
	r.Layout(fyne.NewSize(40, 1))
	s := r.Objects()[0].(*canvas.Shader)
	// Fyne paints a shader one unit beyond each of its edges.
	if s.Name != "kassa-plain" || s.Position() != fyne.NewPos(1, 1) || s.Size() != fyne.NewSize(38, -1) {
		t.Errorf("painted by %s at %v, %v large", s.Name, s.Position(), s.Size())
	}
	g.CornerRadius = 4
	r.Refresh()
	if s.Name == "kassa-plain" || s.Position() != fyne.NewPos(0, 0) {
		t.Errorf("with corners painted by %s at %v", s.Name, s.Position())
	}
}

func TestAGridScrollsByPartsOfAUnit(t *testing.T) {
	test.NewTempApp(t)
	var first fyne.CanvasObject
	g := NewGrid(Light(), GridSpec{
		CellWidth: 100, CellHeight: 50, Gap: 8, Between: rgb(0xeef1f5), Radius: 12,
		New: func() fyne.CanvasObject { return Blank(1, 1) },
		Show: func(i int, o fyne.CanvasObject) {
			if i == 0 {
				first = o
			}
		},
	})
	w := test.NewTempWindow(t, g)
	w.Resize(fyne.NewSize(340, 200))
	g.SetCount(40)
	for range 10 { // a finger on a screen with two pixels a unit
		g.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, -0.5)})
	}
	if got := first.Position().Y; got != -5 {
		t.Errorf("five units up by halves: the first cell stands at %v", got)
	}
	for range 9 {
		g.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, 0.4)})
	}
	if got := first.Position().Y; got != -1 {
		t.Errorf("and 3.6 down again: it stands at %v", got)
	}
}
