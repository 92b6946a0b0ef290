package printersim

import (
	"bytes"
	"errors"
	"image"
	"math/bits"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kassa/printer/picture"
)

func decode(t testing.TB, job string) Paper {
	t.Helper()
	p, err := Decode([]byte(job))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func span(text string) Span { return Span{Text: text, Width: 1, Height: 1} }

func line(spans ...Span) Item { return Item{Line: &Line{Spans: spans, Pitch: usualPitch}} }

func TestDecode(t *testing.T) {
	tests := []struct {
		name string
		job  string
		want Paper
	}{
		{"nothing", "", Paper{}},
		{"Latin", "Hello\n", Paper{Items: []Item{line(span("Hello"))}}},
		{"CP866 as table 17", "\x1bt\x11\x8f\xe0\xa8\xa2\xa5\xe2 \xfc 5\n", Paper{Items: []Item{line(span("Привет № 5"))}}},
		{"CP1251 as table 46", "\x1bt\x2e\xcf\xf0\xe8\n", Paper{Items: []Item{line(span("При"))}}},
		{"the table that a printer starts with has no Cyrillic", "\x8f\xe0\n", Paper{Items: []Item{line(span("Åα"))}}},
		{"a table that the printer lacks", "\x1bt\x63a\x8f\n", Paper{Items: []Item{line(span("a"))}, Unknown: []byte{0x8f}, Ignored: 1}},
		{"styles", "a\x1bE\x01b\x1d!\x11c\x1b@d\x1b-\x01e\x1dB\x01f\n", Paper{Items: []Item{line(
			span("d"), Span{Text: "e", Width: 1, Height: 1, Underline: true},
			Span{Text: "f", Width: 1, Height: 1, Underline: true, Reverse: true},
		)}}},
		{"bold and big", "a\x1bE\x01b\x1d!\x11c\n", Paper{Items: []Item{line(
			span("a"), Span{Text: "b", Width: 1, Height: 1, Bold: true}, Span{Text: "c", Width: 2, Height: 2, Bold: true},
		)}}},
		{"print mode", "\x1b!\x30a\n", Paper{Items: []Item{line(Span{Text: "a", Width: 2, Height: 2})}}},
		{"alignment, at the line's start only", "\x1ba\x01a\x1ba\x02b\n", Paper{Items: []Item{
			{Line: &Line{Spans: []Span{span("ab")}, Place: AtCenter, Pitch: usualPitch}},
		}}},
		{"line pitch", "\x1b3\x40a\n\x1b2b\n", Paper{Items: []Item{
			{Line: &Line{Spans: []Span{span("a")}, Pitch: 64}}, line(span("b")),
		}}},
		{"feeds join", "\x1bJ\x10\x1bd\x02", Paper{Items: []Item{{Feed: 16 + 60}}}},
		{"feed prints the line", "a\x1bd\x02", Paper{Items: []Item{line(span("a")), {Feed: 30}}}},
		{"cut with feed, and without", "\x1dVB\x10\x1dV\x00", Paper{Items: []Item{{Feed: 16}, {Cut: true}, {Cut: true}}, Cuts: 2}},
		{"drawer", "\x1bp\x00\x19\xfa\x1bp1\x19\xfa\x10\x14\x01\x00\x01", Paper{Drawer: 3}},
		{"drawer at no pin", "\x1bp\x07\x19\xfa", Paper{Unknown: []byte("\x1bp\x07\x19\xfa"), Ignored: 5}},
		{"status questions are no part of the paper", "\x10\x04\x01\x10\x04\x04a\n", Paper{Items: []Item{line(span("a"))}}},
		{"unknown commands", "\x1b\x01a\n\x1dZZb\n\x7f\x07", Paper{
			Items:   []Item{line(span("a")), line(span("Zb"))},
			Unknown: []byte("\x1b\x01\x1dZ\x7f\x07"), Ignored: 6,
		}},
		{"an unfinished line stays in the printer", "a\nb", Paper{Items: []Item{line(span("a"))}, Unfinished: "b"}},
		{"an unfinished command", "a\n\x1dv0\x00\x02\x00\x02\x00abc", Paper{
			Items: []Item{line(span("a"))}, Unknown: []byte("\x1dv0\x00\x02\x00\x02\x00abc"), Ignored: 11,
		}},
		{"QR code", qrJob("\x1d(k\x03\x001E1", "https://qr.nspk.ru/A"), Paper{
			Items: []Item{{Code: &Code{Content: "https://qr.nspk.ru/A", Level: 'M', Module: 5, Modules: 25, Place: AtCenter}}},
			QR:    []string{"https://qr.nspk.ru/A"},
		}},
		{"QR code, the size sent as level", qrJob("\x1d(k\x03\x001E\x05", "A"), Paper{
			Items:   []Item{{Code: &Code{Content: "A", Level: 'L', Module: 5, Modules: 21, Place: AtCenter}}},
			Unknown: []byte("\x1d(k\x03\x001E\x05"), Ignored: 8, QR: []string{"A"},
		}},
		{"barcode", "\x1ba\x01\x1dh\x40\x1dw\x02\x1dH\x02\x1df\x00\x1dkI\x05{C\x0c{B", Paper{
			Items:    []Item{{Barcode: &Barcode{Content: "12", Symbols: []byte{105, 12, 100, 8}, Module: 2, Height: 64, Text: true, Place: AtCenter}}},
			Barcodes: []string{"12"},
		}},
		{"barcode with braces", "\x1dkI\x06{Ba{{b", Paper{
			Items:    []Item{{Barcode: &Barcode{Content: "a{b", Symbols: []byte{104, 65, 91, 66, 34}, Module: 3, Height: 162}}},
			Barcodes: []string{"a{b"},
		}},
		{"EAN-13", "\x1dh\x40\x1dw\x02\x1dH\x02\x1dkC\x0d4601234567893", Paper{
			Items:    []Item{{Barcode: &Barcode{Content: "4601234567893", EAN13: true, Module: 2, Height: 64, Text: true}}},
			Barcodes: []string{"4601234567893"},
		}},
		{"EAN-13 with no check digit", "\x1dkC\x0c460123456789", Paper{
			Items:    []Item{{Barcode: &Barcode{Content: "4601234567893", EAN13: true, Module: 3, Height: 162}}},
			Barcodes: []string{"4601234567893"},
		}},
		{"EAN-13 with a wrong one", "\x1dkC\x0d4601234567890", Paper{Unknown: []byte("\x1dkC\x0d4601234567890"), Ignored: 17}},
		{"area", "\x1dL\x10\x00\x1dW\x00\x01a\n\x1b@b\n", Paper{Items: []Item{
			{Line: &Line{Spans: []Span{span("a")}, Pitch: usualPitch}, Left: 16, Width: 256}, line(span("b")),
		}}},
		{"buzzers", "\x1b(A\x04\x0001\x01\x05\x1bB\x02\x05", Paper{Beeps: 2}},
		{"buzzer that never ends", "\x1bB\x00\x05", Paper{Unknown: []byte("\x1bB\x00\x05"), Ignored: 4}},
		{"process id", "a\n\x1d(H\x06\x0000AB12", Paper{Items: []Item{line(span("a"))}, ProcessIDs: []string{"AB12"}}},
		{"process id that cannot be seen", "\x1d(H\x06\x0000AB1\x05", Paper{Unknown: []byte("\x1d(H\x06\x0000AB1\x05"), Ignored: 11}},
		{"motion units", "\x1dP\x00\xb4a\n", Paper{Items: []Item{line(span("a"))}}},
		{"graphics", "\x1d(L\x0c\x000p0\x01\x011\x08\x00\x02\x00\x80\x01\x1d(L\x02\x0002", Paper{Items: []Item{
			{Picture: &Picture{Image: &picture.Bitmap{Width: 8, Height: 2, Stride: 1, Bits: []byte{0x80, 0x01}}}},
		}}},
		{"long graphics", "\x1d8L\x0b\x00\x00\x000p0\x01\x011\x04\x00\x01\x00\xf0\x1d(L\x02\x0002", Paper{Items: []Item{
			{Picture: &Picture{Image: &picture.Bitmap{Width: 8, Height: 1, Stride: 1, Bits: []byte{0xf0}}}},
		}}},
		{"graphics of another length", "\x1d(L\x0b\x000p0\x01\x011\x08\x00\x02\x00\x80a\n", Paper{
			Items: []Item{line(span("a"))}, Unknown: []byte("\x1d(L\x0b\x000p0\x01\x011\x08\x00\x02\x00\x80"), Ignored: 16,
		}},
		{"stripes", "\x1b3\x18\x1b*!\x02\x00\x80\x00\x00\x00\x00\x01\n\x1b2a\n", Paper{Items: []Item{
			{Picture: &Picture{Image: stripe(8, [2]int{0, 0}, [2]int{1, 23})}}, line(span("a")),
		}}},
		{"stripes of another density", "\x1b*\x00\x01\x00a\n", Paper{
			Items: []Item{line(span("a"))}, Unknown: []byte("\x1b*\x00\x01\x00"), Ignored: 5,
		}},
		{"barcode of no code set", "\x1dkI\x0212", Paper{Unknown: []byte("\x1dkI\x0212"), Ignored: 6}},
		{"barcode of nothing", "\x1dkI\x02{C", Paper{Unknown: []byte("\x1dkI\x02{C"), Ignored: 6}},
		{"barcode of another system", "\x1dkE\x03123", Paper{Unknown: []byte("\x1dkE\x03123"), Ignored: 7}},
		{"barcode cut short", "\x1dkI\x09{C", Paper{Unknown: []byte("\x1dkI\x09{C"), Ignored: 6}},
		{"barcode of no height, too wide, in no font", "\x1dh\x00\x1dw\x09\x1dH\x07\x1df\x05", Paper{
			Unknown: []byte("\x1dh\x00\x1dw\x09\x1dH\x07\x1df\x05"), Ignored: 12,
		}},
		{"barcode that would open the drawer", "\x1dkI\x06{C\x10\x14\x01\x05", Paper{
			Items:    []Item{{Barcode: &Barcode{Content: "16200105", Symbols: []byte{105, 16, 20, 1, 5, 81}, Module: 3, Height: 162}}},
			Barcodes: []string{"16200105"}, RealTime: 1,
		}},
		{"QR code that would open the drawer", qrJob("", "a\x10\x14\x01\x00\x01"), Paper{
			Items: []Item{{Code: &Code{Content: "a\x10\x14\x01\x00\x01", Level: 'L', Module: 5, Modules: 21, Place: AtCenter}}},
			QR:    []string{"a\x10\x14\x01\x00\x01"}, RealTime: 1,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Columns = DefaultColumns
			if diff := cmp.Diff(tt.want, decode(t, tt.job), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// stripe is a picture of an ESC * with some black dots.
func stripe(width int, dots ...[2]int) *picture.Bitmap {
	b := picture.NewBitmap(width, stripeRows)
	b.Width = 2
	for _, at := range dots {
		b.Fill(image.Rect(at[0], at[1], at[0]+1, at[1]+1))
	}
	return b
}

// Chinese firmware reads letters of two bytes after every ESC @, until it is told not to.
func TestDoubleByteLetters(t *testing.T) {
	for name, tt := range map[string]struct {
		model     Model
		job, want string
	}{
		"usual":                    {Usual(), "\x1b@\x1bt\x11\x8f\xe0\xa8\n", "При\n"},
		"clone":                    {Clone(), "\x1b@\x1bt\x11\x8f\xe0\xa8\xa2\n", "忇á\n"},
		"clone, told":              {Clone(), "\x1b@\x1c.\x1bt\x11\x8f\xe0\xa8\n", "При\n"},
		"clone, told before reset": {Clone(), "\x1c.\x1b@\x1bt\x11\x8f\xe0\n", "忇\n"},
		"clone, switched back":     {Clone(), "\x1b@\x1c.\x1c&\xc4\xe3\n", "你\n"},
		"rongta":                   {Rongta(), "\x1b@\x1c.\x1bt\x07\x8f\xe0\xa8\n", "При\n"},
		"kefar":                    {Kefar(), "\x1b@\x1c.\x1bt\x0c\x8f\xe0\xa8\n", "При\n"},
	} {
		p, err := tt.model.Decode([]byte(tt.job))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Text(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func qrJob(level, content string) string {
	n := len(content) + 3
	return "\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05" + level +
		"\x1d(k" + string([]byte{byte(n), byte(n >> 8)}) + "1P0" + content + "\x1d(k\x03\x001Q0"
}

func TestBandsAreOnePicture(t *testing.T) {
	band := "\x1dv0\x00\x02\x00\x02\x00\x80\x01\xff\xff"
	p := decode(t, band+band+"a\n"+band)
	pictures := p.Pictures()
	if len(pictures) != 2 {
		t.Fatalf("%d pictures, want 2", len(pictures))
	}
	img := pictures[0]
	if img.Width != 16 || img.Height != 4 {
		t.Fatalf("the first is %d by %d", img.Width, img.Height)
	}
	var dark []image.Point
	for y := 0; y < 4; y += 2 {
		for x := range 16 {
			if img.Dot(x, y) {
				dark = append(dark, image.Pt(x, y))
			}
		}
	}
	if diff := cmp.Diff([]image.Point{{0, 0}, {15, 0}, {0, 2}, {15, 2}}, dark); diff != "" {
		t.Error(diff)
	}
}

func TestPictureMayNotHoldCommands(t *testing.T) {
	if n := decode(t, "\x1dv0\x00\x05\x00\x01\x00\x10\x14\x01\x00\x01").RealTime; n != 1 {
		t.Errorf("%d real-time commands found, want 1", n)
	}
}

func TestWidest(t *testing.T) {
	if n := decode(t, "abc\n\x1d!\x10abcd\n").Widest(); n != 8 {
		t.Errorf("%d columns, want 8", n)
	}
}

func TestLimits(t *testing.T) {
	if _, err := Decode(make([]byte, MaxJob+1)); !errors.Is(err, ErrTooLong) {
		t.Errorf("error %v, want ErrTooLong", err)
	}
	tests := []struct {
		name string
		part string
		draw bool // one picture of so long a paper is enough
	}{
		{"lines", "a\n", false}, {"feeds", "\x1bJ\xff", false}, {"cuts", "\x1dV\x00", false}, {"letters", "a", false},
		{"pictures", "\x1dv0\x03\x01\x00\x01\x00a", false}, {"wide letters", "\x1d!\x77aaaaaaaaa\n", true},
		{"codes", "\x1d(k\x04\x001P0a\x1d(k\x03\x001Q0", false}, {"junk", "\x01", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := decode(t, string(bytes.Repeat([]byte(tt.part), MaxJob/len(tt.part))))
			if len(p.Items) > maxItems || len(p.Unknown) > maxUnknown {
				t.Errorf("%d items, %d unknown bytes are held", len(p.Items), len(p.Unknown))
			}
			if want := tt.name != "junk"; p.Truncated != want {
				t.Errorf("truncated %t, want %t", p.Truncated, want)
			}
			if tt.draw {
				if _, err := p.Image(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// The same paper has the same picture, and the picture has the paper's width.
func TestImage(t *testing.T) {
	p := decode(t, "\x1bt\x11\x1d!\x11\x88\x92\x8e\x83\n\x1d!\x01a\n\x1d!\x00\x1dB\x01b\x1dB\x00\x1b-\x01c\n\xc4\xc4\n")
	for _, columns := range []int{48, 32} {
		p.Columns = columns
		img, err := p.Image()
		if err != nil {
			t.Fatal(err)
		}
		if w := img.Bounds().Dx(); w != columns*cellWidth+picture.Border {
			t.Errorf("%d columns: %d wide", columns, w)
		}
	}
}

// A printer breaks a line that is too wide by itself; the picture shows it.
func TestImageOfALineThatIsTooWide(t *testing.T) {
	ink := func(job string) int {
		area, _, err := decode(t, job).print()
		if err != nil {
			t.Fatal(err)
		}
		dark := 0
		for _, b := range area.Bits {
			dark += bits.OnesCount8(b)
		}
		return dark
	}
	letters := string(bytes.Repeat([]byte("x"), 60))
	if got, want := ink(letters+"\n"), 60*ink("x\n"); got != want {
		t.Errorf("60 letters take %d of ink, want %d", got, want)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x1b@\x1c.\x1bt\x11\x1bp\x00\x19\xfaHello\n\x1ba\x01\x1bE\x01\x1d!\x11A\n\x1dVB\x00"))
	f.Add([]byte("\x1dv0\x00\x02\x00\x02\x00\x80\x01\xff\xff\x1bJ\x10\x1bd\x04"))
	f.Add([]byte(qrJob("\x1d(k\x03\x001E1", "https://qr.nspk.ru/A")))
	f.Add([]byte("\x1ba\x01\x1dh\x40\x1dw\x02\x1dH\x02\x1df\x00\x1dkI\x0a{B16{C\x04\x0c\x63"))
	f.Add([]byte("\x1d(L\x0c\x000p0\x01\x011\x08\x00\x02\x00\x80\x01\x1d(L\x02\x0002\x1d8L\x0b\x00\x00\x000p0\x01\x011\x04\x00\x01\x00\xf0"))
	f.Add([]byte("\x1b3\x18\x1b*!\x02\x00\x80\x00\x00\x00\x00\x01\n\x1b2\x1dL\x10\x00\x1dW\x00\x01\x1dkC\x0d4601234567893"))
	f.Add([]byte("\x1d(H\x06\x0000AB12\x1b(A\x04\x0001\x01\x05\x1bB\x02\x05\x1c&\x1c.\x1dP\x00\xb4"))
	f.Add([]byte("\x10\x04\x01\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x10\x05\x02"))
	f.Add([]byte("\x1d!\x77abcdefgh\n\x1b3\x00a\nb\n\x1dB\x01c\x1b-\x01d\n"))
	f.Fuzz(func(t *testing.T, job []byte) {
		if len(job) > 4096 {
			return // pictures of paper by the metre are slow, and have a test of their own
		}
		m := Usual()
		m.Chinese = len(job)%2 == 0
		p, err := m.Decode(job)
		if err != nil {
			t.Fatal(err)
		}
		if p.Ignored < len(p.Unknown) || len(p.Items) > maxItems {
			t.Fatalf("%d unknown of %d bytes, %d items", p.Ignored, len(p.Unknown), len(p.Items))
		}
		_ = p.Text()
		if p.length(p.Columns) < 3000 {
			if _, err := p.Image(); err != nil {
				t.Fatal(err)
			}
		}
		// The interpreter must not care how the bytes are cut into pieces.
		if len(job) > 0 {
			checkPieces(t, m, job, p)
		}
	})
}

// checkPieces decodes a job as it comes from a network, byte by byte.
func checkPieces(t *testing.T, m Model, job []byte, want Paper) {
	in, pending := newInterpreter(m), []byte(nil)
	for _, b := range job {
		pending = append(pending, b)
		for len(pending) > 0 {
			n, _ := in.step(pending)
			if n == 0 {
				break
			}
			pending = pending[n:]
		}
	}
	if got := in.finish(pending); got.Text() != want.Text() || got.Ignored != want.Ignored || got.Drawer != want.Drawer {
		t.Fatalf("in pieces: %q, whole: %q", got.Text(), want.Text())
	}
}
