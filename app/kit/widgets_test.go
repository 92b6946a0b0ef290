package kit_test

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"kassa/app/kit"
)

func TestWrapNeverLeavesItsPlace(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.Light().Theme())
	style := fyne.TextStyle{Bold: true}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[а-яА-Яa-z0-9«»%,.]{1,24}`), 0, 14).Draw(t, "words")
		text := strings.Join(words, " ")
		width := float32(rapid.IntRange(40, 400).Draw(t, "width"))
		most := rapid.IntRange(1, 4).Draw(t, "lines")
		lines := kit.Wrap(text, width, 15, style, most)
		if len(lines) == 0 || len(lines) > most {
			t.Fatalf("%d lines of %d: %q", len(lines), most, lines)
		}
		for _, l := range lines {
			if w := fyne.MeasureText(l, 15, style).Width; w > width+1 {
				t.Fatalf("%q is %v wide, there are %v", l, w, width)
			}
		}
		all := strings.Join(lines, "")
		if !strings.HasSuffix(all, "…") && strings.ReplaceAll(all, " ", "") != strings.ReplaceAll(text, " ", "") {
			t.Fatalf("%q became %q", text, lines)
		}
	})
}

// grid is a grid of numbers.
func grid(t *testing.T, width float32, n int, near func()) (*kit.Grid, map[*canvas.Text]bool) {
	t.Helper()
	cells := map[*canvas.Text]bool{}
	g := kit.NewGrid(kit.Light(), kit.GridSpec{
		CellWidth: width, CellHeight: 50, Gap: 10, NearEnd: near,
		New: func() fyne.CanvasObject {
			c := canvas.NewText("", nil)
			cells[c] = true
			return c
		},
		Show: func(i int, o fyne.CanvasObject) { o.(*canvas.Text).Text = string(rune('a' + i%26)) },
	})
	w := test.NewTempWindow(t, g)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(400, 300))
	g.SetCount(n)
	return g, cells
}

func TestGridMakesOnlyTheCellsInSight(t *testing.T) {
	test.NewTempApp(t)
	g, cells := grid(t, 0, 100_000, nil)
	if len(cells) > 12 {
		t.Fatalf("%d cells for a height of five", len(cells))
	}
	g.ToEnd()
	g.Reveal(50_000)
	g.Page(1)
	if len(cells) > 12 {
		t.Fatalf("%d cells after scrolling", len(cells))
	}
	g.SetCount(3)
	shown := 0
	for c := range cells {
		if c.Visible() {
			shown++
		}
	}
	if shown != 3 {
		t.Fatalf("%d of 3 are shown", shown)
	}
	g.SetCount(0)
}

func TestGridAsksForMoreNearItsEnd(t *testing.T) {
	test.NewTempApp(t)
	asked := 0
	g, _ := grid(t, 100, 100, func() { asked++ })
	if g.Columns() != 3 {
		t.Fatalf("%d columns", g.Columns())
	}
	if asked != 0 {
		t.Fatal("asked for more at the beginning")
	}
	g.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, -100_000)})
	if asked == 0 {
		t.Fatal("asked for nothing at the end")
	}
}

// Rows of different heights stand under one another with no hole, wherever the list is scrolled to.
func TestGridOfDifferentHeights(t *testing.T) {
	test.NewTempApp(t)
	cells := map[int]fyne.CanvasObject{}
	height := func(i int, _ float32) float32 { return float32(20 + 10*(i%3)) }
	g := kit.NewGrid(kit.Light(), kit.GridSpec{
		CellHeight: 20, Gap: 2, Height: height,
		New:  func() fyne.CanvasObject { return kit.Blank(10, 10) },
		Show: func(i int, o fyne.CanvasObject) { cells[i] = o },
	})
	w := test.NewTempWindow(t, g)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(200, 100))
	stands := func() {
		t.Helper()
		bottom := float32(0)
		for i := range 1000 {
			o, ok := cells[i]
			if !ok || !o.Visible() {
				continue
			}
			if o.Size().Height != height(i, 0) {
				t.Fatalf("row %d is %v high", i, o.Size().Height)
			}
			if bottom > 0 && o.Position().Y != bottom+2 {
				t.Fatalf("row %d is at %v, behind one that ends at %v", i, o.Position().Y, bottom)
			}
			bottom = o.Position().Y + o.Size().Height
		}
	}
	g.SetCount(1000)
	stands()
	clear(cells)
	g.Reveal(500)
	g.Reload()
	stands()
	if o := cells[500]; o == nil || o.Position().Y < 0 || o.Position().Y+o.Size().Height > 100 {
		t.Fatalf("row 500 is not in sight: %v", o)
	}
	clear(cells)
	g.ToEnd()
	g.Reload()
	stands()
	if o := cells[999]; o == nil || o.Position().Y+o.Size().Height != 100 {
		t.Fatal("the end is not at the bottom")
	}
	g.SetCount(0)
}

func TestFlexGivesWhatIsLeftToThoseThatGrow(t *testing.T) {
	a, b, c := kit.Blank(50, 10), kit.Blank(10, 10), kit.Blank(10, 10)
	row := kit.Row(10, a, kit.Grow(b), kit.GrowBy(3, c))
	row.Resize(fyne.NewSize(270, 20))
	if b.Size().Width != 50 || c.Size().Width != 150 {
		t.Fatalf("got %v and %v", b.Size(), c.Size())
	}
	wide := kit.Row(0, kit.Grow(kit.Blank(100, 1)), kit.Grow(c))
	wide.Resize(fyne.NewSize(120, 20))
	if c.Size().Width != 20 {
		t.Fatalf("the one that needs more takes it: %v", c.Size())
	}
}

func TestButtonIsAsLargeAsAFingerAndSilentWhenDisabled(t *testing.T) {
	test.NewTempApp(t)
	presses := 0
	b := kit.NewButton(kit.Light(), kit.ButtonSpec{Text: "OK"}, func() { presses++ })
	if m := b.MinSize(); m.Height < kit.Touch || m.Width < kit.Touch {
		t.Fatalf("only %v", m)
	}
	b.Tapped(nil)
	b.SetDisabled(true)
	b.Tapped(nil)
	if presses != 1 {
		t.Fatalf("%d presses", presses)
	}
}

// Contrast of text on its ground after WCAG 2: 4.5 for text, 3 for large and bold text.
func TestContrast(t *testing.T) {
	for name, l := range map[string]*kit.Look{"light": kit.Light(), "dark": kit.Dark()} {
		for pair, c := range map[string]float64{
			"ink on surface":       contrast(l.Ink, l.Surface),
			"muted on surface":     contrast(l.Muted, l.Surface),
			"muted on background":  contrast(l.Muted, l.Background),
			"ink on raised":        contrast(l.Ink, l.Raised),
			"bar ink on bar":       contrast(l.BarInk, l.Bar),
			"bar muted on bar":     contrast(l.BarMuted, l.Bar),
			"good on its ground":   contrast(l.Good, l.GoodSoft),
			"warn on its ground":   contrast(l.Warn, l.WarnSoft),
			"bad on its ground":    contrast(l.Bad, l.BadSoft),
			"accent on its ground": contrast(l.Ink, l.AccentSoft),
			"practice":             contrast(l.OnPractice, l.Practice),
			"accent button":        contrast(l.OnAccent, l.Accent),
		} {
			if c < 4.3 {
				t.Errorf("%s, %s: contrast %.1f", name, pair, c)
			}
		}
		if c := contrast(l.OnPrimary, l.Primary); c < 3 {
			t.Errorf("%s, primary button: contrast %.1f", name, c)
		}
	}
}

func TestFingerThatSlidesALittleStillTouches(t *testing.T) {
	test.NewTempApp(t)
	touches, moved := 0, float32(0)
	b := kit.NewButton(kit.Light(), kit.ButtonSpec{Text: "OK"}, func() { touches++ })
	b.DragWith(func(e *fyne.DragEvent) { moved += e.Dragged.DY })
	slide := func(by ...float32) {
		for _, y := range by {
			b.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, y)})
		}
		b.DragEnd()
	}
	slide(3, 3, -2)
	if touches != 1 || moved != 0 {
		t.Fatalf("%d touches, moved %v", touches, moved)
	}
	slide(5, 5, 5, 10, -20)
	if touches != 1 || moved != 5 {
		t.Fatalf("%d touches, moved %v", touches, moved)
	}
	slide(2)
	if touches != 2 {
		t.Fatalf("%d touches", touches)
	}
}

// Fyne forgets the renderer of what was hidden for a minute and asks for another when it is shown again, at the same
// size: what was written has to stand there.
func TestTextIsWrittenAgainAfterItsRendererWasForgotten(t *testing.T) {
	text := kit.NewText("Следующий покупатель", kit.Style{})
	text.Resize(fyne.NewSize(400, 30))
	for range 2 {
		objects := text.CreateRenderer().Objects()
		if len(objects) != 1 || objects[0].(*canvas.Text).Text != "Следующий покупатель" || objects[0].Size().Width != 400 {
			t.Fatalf("%d objects: %+v", len(objects), objects)
		}
	}
}

// contrast is how well two colours are told apart, from 1 to 21 (WCAG 2, relative luminance).
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

func TestAButtonOfTwoLinesKeepsItsWordsWhole(t *testing.T) {
	test.NewTempApp(t)
	for _, text := range []string{"QR: нет связи", "Напечатать копию", "Выдать заказ", "Копия чека"} {
		b := kit.NewButton(kit.Light(), kit.ButtonSpec{Text: text, Key: "F11", Size: 16, Lines: 2}, nil)
		w := test.NewTempWindow(t, b)
		w.SetPadded(false)
		w.Resize(b.MinSize()) // the narrowest that it may be
		var lines []string
		for _, o := range test.WidgetRenderer(b).Objects() {
			if label, ok := o.(*kit.Text); ok {
				for _, line := range test.WidgetRenderer(label).Objects() {
					lines = append(lines, line.(*canvas.Text).Text)
				}
			}
		}
		if got := strings.Join(lines, " "); got != text {
			t.Errorf("%q is written %q", text, lines)
		}
	}
}
