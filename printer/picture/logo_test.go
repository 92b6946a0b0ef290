package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"testing"

	"kassa/printer"
)

func encode(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bomb is a PNG whose head promises so many dots.
func bomb(width, height uint32) []byte {
	head := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(head[4:], width)
	binary.BigEndian.PutUint32(head[8:], height)
	head[12], head[13] = 1, 0 // a bit for each dot
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func gray(width, height int, shade func(x, y int) uint8) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetGray(x, y, color.Gray{Y: shade(x, y)})
		}
	}
	return img
}

func TestPicturesThatCannotBePrinted(t *testing.T) {
	whole := encode(t, gray(40, 40, func(x, y int) uint8 { return uint8(x * y) }))
	for name, data := range map[string][]byte{
		"nothing": nil, "no PNG": []byte("GIF89a"), "cut short": whole[:len(whole)-30], "no dots": bomb(0, 0),
		"too wide": bomb(MaxSide+1, 1), "too tall": bomb(1, MaxSide+1), "too much": bomb(MaxSide, MaxSide), "a bomb": bomb(1<<31-1, 1<<31-1),
		"too many bytes": append(bytes.Clone(whole), make([]byte, MaxPNG)...),
	} {
		t.Run(name, func(t *testing.T) {
			if err := Check(printer.Picture{PNG: data}); !errors.Is(err, ErrPicture) {
				t.Errorf("error %v, want ErrPicture", err)
			}
		})
	}
	if err := Check(printer.Picture{PNG: whole}); err != nil {
		t.Errorf("a good one: %v", err)
	}
}

func black(b *Bitmap) int { return len(dots(b)) }

func TestReadPicture(t *testing.T) {
	half := gray(20, 10, func(x, _ int) uint8 { return map[bool]uint8{true: 0x30, false: 0xD0}[x < 10] })
	clear := image.NewNRGBA(image.Rect(0, 0, 20, 10)) // transparent black
	clear.SetNRGBA(3, 3, color.NRGBA{A: 0xFF})
	tests := []struct {
		name          string
		img           image.Image
		photo         bool
		dots          int
		width, height int
		black         int
	}{
		{"line art", half, false, 384, 20, 10, 100},
		{"transparency is white", clear, false, 384, 20, 10, 1},
		{"two colours", paletted(20, 10), false, 384, 20, 10, 100},
		{"too wide for the paper", gray(800, 100, func(int, int) uint8 { return 0 }), false, 384, 384, 48, 384 * 48},
		{"too tall", gray(100, 1280, func(int, int) uint8 { return 0 }), false, 384, 50, 640, 50 * 640},
		{"all white", gray(9, 9, func(int, int) uint8 { return 0xFF }), true, 384, 9, 9, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := Read(printer.Picture{PNG: encode(t, tt.img), Photo: tt.photo}, tt.dots)
			if err != nil {
				t.Fatal(err)
			}
			if b.Width != tt.width || b.Height != tt.height || black(b) != tt.black {
				t.Errorf("%d by %d with %d black dots, want %d by %d with %d", b.Width, b.Height, black(b), tt.width, tt.height, tt.black)
			}
		})
	}
}

// paletted is a picture of one bit a dot, as logos are kept: its left half is black.
func paletted(width, height int) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
	for y := range height {
		for x := range width / 2 {
			img.SetColorIndex(x, y, 1)
		}
	}
	return img
}

// A photograph keeps its shades: the darker a part, the more of its dots are black.
func TestPhotosKeepTheirShades(t *testing.T) {
	img := gray(96, 60, func(x, _ int) uint8 { return uint8(0x30 + x/24*0x30) })
	b, err := Read(printer.Picture{PNG: encode(t, img), Photo: true}, 384)
	if err != nil {
		t.Fatal(err)
	}
	last := 1 << 30
	for part := range 4 {
		n := 0
		for y := range b.Height {
			for x := part * 24; x < part*24+24; x++ {
				if b.Dot(x, y) {
					n++
				}
			}
		}
		if n >= last || n == 0 && part < 3 {
			t.Errorf("part %d has %d black dots after %d", part, n, last)
		}
		last = n
	}
}

func FuzzRead(f *testing.F) {
	f.Add(encode(f, paletted(16, 4)), 384, false)
	f.Add(encode(f, gray(40, 40, func(x, y int) uint8 { return uint8(x * y) })), 20, true)
	f.Add(bomb(1<<20, 1<<20), 576, false)
	f.Fuzz(func(t *testing.T, data []byte, width int, photo bool) {
		width = width&0x3FF + 1
		b, err := Read(printer.Picture{PNG: data, Photo: photo}, width)
		switch {
		case err != nil && !errors.Is(err, ErrPicture):
			t.Fatal(err)
		case err == nil && (b.Width > width || b.Height > maxRows || len(b.Bits) != b.Stride*b.Height):
			t.Fatalf("%d by %d on %d", b.Width, b.Height, width)
		}
	})
}
