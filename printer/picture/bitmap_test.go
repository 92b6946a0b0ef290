package picture

import (
	"image"
	"testing"

	"pgregory.net/rapid"
)

// plain is a bitmap that is simple enough to be right.
type plain map[image.Point]bool

func dots(b *Bitmap) plain {
	p := plain{}
	for y := range b.Height {
		for x := range b.Width {
			if b.Dot(x, y) {
				p[image.Pt(x, y)] = true
			}
		}
	}
	return p
}

func check(t *rapid.T, b *Bitmap, want plain) {
	t.Helper()
	for y := -2; y < b.Height+2; y++ {
		for x := -2; x < b.Width+2; x++ {
			at := image.Pt(x, y)
			inside := at.In(image.Rect(0, 0, b.Width, b.Height))
			if got := b.Dot(x, y); got != (want[at] && inside) {
				t.Fatalf("%v is %t on %d by %d", at, got, b.Width, b.Height)
			}
		}
	}
	if rest := b.Width % 8; rest != 0 {
		for y := range b.Height {
			if b.Row(y)[b.Stride-1]<<rest != 0 {
				t.Fatalf("row %d has ink beyond the edge", y)
			}
		}
	}
}

func TestInkStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := NewBitmap(rapid.IntRange(0, 60).Draw(t, "width"), rapid.IntRange(0, 40).Draw(t, "height"))
		want := plain{}
		place := rapid.IntRange(-30, 70)
		for range rapid.IntRange(0, 4).Draw(t, "things") {
			x, y := place.Draw(t, "x"), place.Draw(t, "y")
			switch rapid.IntRange(0, 2).Draw(t, "thing") {
			case 0:
				r := image.Rect(x, y, place.Draw(t, "right"), place.Draw(t, "bottom"))
				b.Fill(r)
				for at := range each(r) {
					want[at] = true
				}
			case 1:
				from := NewBitmap(rapid.IntRange(0, 20).Draw(t, "from width"), rapid.IntRange(0, 5).Draw(t, "from height"))
				for range 3 {
					px, py := rapid.IntRange(0, 19).Draw(t, "px"), rapid.IntRange(0, 4).Draw(t, "py")
					from.Fill(image.Rect(px, py, px+2, py+1))
				}
				b.Paste(from, x, y)
				for at := range dots(from) {
					want[at.Add(image.Pt(x, y))] = true
				}
			default:
				s := Style{
					Bold: rapid.Bool().Draw(t, "bold"), Underline: rapid.Bool().Draw(t, "underline"), Reverse: rapid.Bool().Draw(t, "reverse"),
					Width: rapid.IntRange(0, 3).Draw(t, "wide"), Height: rapid.IntRange(0, 3).Draw(t, "tall"),
				}
				letter := rapid.SampledFrom([]rune("AЖщ─№ ₽茶")).Draw(t, "letter")
				alone := NewBitmap(3*LetterWidth, 3*LetterHeight)
				alone.Letter(letter, 0, 0, s)
				b.Letter(letter, x, y, s)
				for at := range dots(alone) {
					want[at.Add(image.Pt(x, y))] = true
				}
			}
		}
		check(t, b, want)
		ink := image.Rectangle{}
		for at := range dots(b) {
			ink = ink.Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
		}
		if got := b.Ink(); got != ink {
			t.Fatalf("the ink lies in %v, want %v", got, ink)
		}
	})
}

// each gives the points of a rectangle.
func each(r image.Rectangle) func(func(image.Point) bool) {
	return func(yield func(image.Point) bool) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if !yield(image.Pt(x, y)) {
					return
				}
			}
		}
	}
}
