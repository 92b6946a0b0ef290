package slip_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"testing"

	"kassa/printer"
	"kassa/printer/slip"
)

func encoded(t testing.TB, img image.Image, as string) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, img)
	if as == "jpeg" {
		b.Reset()
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sign is a black frame of so many dots in the middle of a transparent picture.
func sign(width, height, border int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	frame := img.Rect.Inset(border)
	draw.Draw(img, frame, image.Black, image.Point{}, draw.Src)
	draw.Draw(img, frame.Inset(max(min(frame.Dx(), frame.Dy())/8, 1)), image.White, image.Point{}, draw.Src)
	return img
}

// slope goes from black at the left to white at the right.
func slope(width, height int) image.Image {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for x := range width {
		draw.Draw(img, image.Rect(x, 0, x+1, height), image.NewUniform(color.Gray{Y: uint8(x * 255 / width)}), image.Point{}, draw.Src)
	}
	return img
}

func TestLogos(t *testing.T) {
	for _, tt := range []struct {
		name          string
		file          []byte
		width, height int
	}{
		{"small", encoded(t, sign(120, 60, 10), "png"), 100, 40},
		{"too wide", encoded(t, sign(1000, 200, 0), "png"), 384, 76},
		{"too high", encoded(t, sign(300, 960, 0), "png"), 75, 240},
		{"photograph", encoded(t, slope(300, 100), "jpeg"), 266, 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			logo, err := slip.ReadLogo(tt.file, 384)
			if err != nil {
				t.Fatal(err)
			}
			if err := slip.CheckLogo(logo); err != nil {
				t.Error(err)
			}
			img, err := png.Decode(bytes.NewReader(logo.PNG))
			if err != nil {
				t.Fatal(err)
			}
			// The light end of the slope counts as a border, give or take what JPEG makes of it.
			if b := img.Bounds(); b.Dx() < tt.width-3 || b.Dx() > tt.width+3 || b.Dy() != tt.height {
				t.Errorf("%v, want %d by %d", b, tt.width, tt.height)
			}
			black, all := 0, 0
			for y := range img.Bounds().Dy() {
				for x := range img.Bounds().Dx() {
					r, _, _, _ := img.At(x, y).RGBA()
					if r != 0 && r != 0xFFFF {
						t.Fatalf("a shade of %x", r)
					}
					if all++; r == 0 {
						black++
					}
				}
			}
			if black < all/5 || black > all*4/5 {
				t.Errorf("%d of %d dots are black", black, all)
			}
		})
	}
}

func TestWhatIsNoLogo(t *testing.T) {
	whole := encoded(t, slope(64, 64), "jpeg")
	blank := image.NewGray(image.Rect(0, 0, 50, 50))
	draw.Draw(blank, blank.Rect, image.White, image.Point{}, draw.Src)
	for name, file := range map[string][]byte{
		"nothing":   nil,
		"text":      []byte("logo"),
		"GIF":       []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00"),
		"cut off":   whole[:len(whole)/2],
		"one dot":   encoded(t, sign(1, 1, 0), "png"),
		"endless":   encoded(t, image.NewGray(image.Rect(0, 0, 4001, 8)), "png"),
		"white":     encoded(t, blank, "png"),
		"too large": make([]byte, slip.MaxLogoFile+1),
	} {
		if logo, err := slip.ReadLogo(file, 384); !errors.Is(err, slip.ErrLogo) || logo != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, p := range map[string]printer.Picture{
		"no PNG":   {PNG: whole},
		"too high": {PNG: encoded(t, sign(8, 300, 0), "png")},
		"too much": {PNG: append(encoded(t, sign(8, 8, 0), "png"), make([]byte, 1<<17)...)},
	} {
		if err := slip.CheckLogo(&p); !errors.Is(err, slip.ErrLogo) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := slip.CheckLogo(nil); err != nil {
		t.Error(err)
	}
}

func FuzzLogo(f *testing.F) {
	f.Add(encoded(f, slope(20, 20), "jpeg"))
	f.Add(encoded(f, sign(20, 20, 2), "png"))
	f.Fuzz(func(t *testing.T, file []byte) {
		logo, err := slip.ReadLogo(file, 576)
		if (err == nil) != (logo != nil) {
			t.Fatalf("%v, %v", logo, err)
		}
		if err == nil {
			err = slip.CheckLogo(logo)
		}
		if err != nil && !errors.Is(err, slip.ErrLogo) {
			t.Fatal(err)
		}
	})
}
