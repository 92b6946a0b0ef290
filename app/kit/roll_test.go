package kit_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kassa/app/kit"
)

// paperOf is a white picture with a black end.
func paperOf(width, height int) image.Image {
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
	draw.Draw(img, image.Rect(0, height-10, width, height), image.Black, image.Point{}, draw.Src)
	return img
}

func TestRoll(t *testing.T) {
	test.NewTempApp(t)
	r := kit.NewRoll()
	w := test.NewTempWindow(t, r)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(200, 100))
	dark := func() bool {
		t.Helper()
		v, _, _, _ := w.Canvas().Capture().At(100, 97).RGBA()
		return v < 0x4000
	}
	r.SetImage(paperOf(200, 400))
	if dark() {
		t.Error("the end is seen at the beginning")
	}
	r.Page(1)
	r.Page(20)
	if !dark() {
		t.Error("the end is not seen at the end")
	}
	r.ToTop()
	if dark() {
		t.Error("the end is seen at the beginning again")
	}
	r.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -1000)})
	if !dark() {
		t.Error("the wheel does not move it")
	}
	r.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, 1000)})
	if dark() {
		t.Error("the finger does not move it")
	}
	r.SetImage(paperOf(400, 200)) // at half its size it fits exactly
	if !dark() {
		t.Error("a wide picture is not made smaller")
	}
}
