package escpos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	buffer "github.com/hennedo/escpos"
	"pgregory.net/rapid"

	"kassa/printer"
	"kassa/printer/picture"
)

func epson() Profile {
	p, _ := ProfileByName("epson-80")
	return p
}

func text(s string) printer.Document {
	return printer.Document{Elements: []printer.Element{{Text: &printer.Text{Text: s}}}}
}

func TestJobBytes(t *testing.T) {
	big := printer.Document{OpenDrawer: true, Elements: []printer.Element{
		{Text: &printer.Text{Text: "Ё№", Align: printer.Center, Bold: true, Big: true}},
		{Feed: 1},
		{Pair: &printer.Pair{Left: "A", Right: "1"}},
	}}
	pair := "A" + strings.Repeat(" ", 30) + "1\n"
	none, chinese := Generic58(), Generic58()
	none.DoubleByteOff, none.CodePage = false, CodePage{CP1251, 46}
	chinese.Cut = CutFull
	tests := []struct {
		name    string
		doc     printer.Document
		profile Profile
		want    string
	}{
		{"plain, CP1251, no knife", text("Ж—"), none, "\x1b@\x1bt\x2e\xc6\x97\n\x1bd\x04"},
		{"styles and drawer", big, chinese, "\x1b@\x1c.\x1bt\x11\x1bp\x00\x19\xfa" +
			"\x1ba\x01\x1bE\x01\x1d!\x11\x1b3\x36\xf0\xfc\n" +
			"\x1ba\x00\x1bE\x00\x1d!\x00\x1b2\n" + pair + "\x1dVA\x00"},
		{"the drawer alone", printer.Document{OpenDrawer: true}, Generic80(), "\x1b@\x1c.\x1bt\x11\x1bp\x00\x19\xfa"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Encode(tt.doc, tt.profile)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// page is the letters of a code page; of no encoding, those that are drawn here.
func page(t interface {
	Helper()
	Fatal(args ...any)
}, encoding string, pictures bool) letters {
	t.Helper()
	p := Generic80()
	p.CodePage.Encoding = encoding
	if encoding == "" {
		p.Text = TextPicture
	}
	if !pictures {
		p.Raster = RasterNone
		p.QR = CodeText
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p.letters()
}

func TestReplace(t *testing.T) {
	tests := []struct {
		name, encoding, text, want string
		pictures                   bool
	}{
		{"quotes and dashes", CP866, "«Ёлочка» — “a” – b…", `"Ёлочка" - "a" - b...`, false},
		{"a page's own signs stay", CP1251, "«Ёлочка» — …", "«Ёлочка» — …", false},
		{"money", CP866, "1\u202f234,50\u00a0₽ × 2", "1\u00a0234,50\u00a0руб. x 2", false},
		{"short i as two runes", CP866, "Чай И\u0306", "Чай Й", false},
		{"foreign letters", CP866, "Crème brûlée Łódź", "Creme brulee Lodz", false},
		{"neighbours' letters", CP866, "Қымыз Сніданок", "Кымыз Снiданок", false},
		{"neighbours' letters are drawn", CP866, "Қымыз Сніданок Café ½", "Қымыз Сніданок Cafe 1/2", true},
		{"what cannot be drawn either", CP866, "茶 🍎", "? ?", true},
		{"box drawing is drawn", CP1251, "a─b", "a─b", true},
		{"text as pictures keeps every sign", "", "«Чай» — 5 ₽ × 2 Қ", "«Чай» — 5 ₽ × 2 Қ", true},
		{"text as pictures, letters that there are none of", "", "茶 🍎 e\u0301", "? ? é", true},
		{"compatible forms", CP1251, "2² ﬁ ½", "22 fi 1/2", false},
		{"emoji", CP866, "Сок 🍎", "Сок ?", false},
		{"emoji joined", CP866, "👨\u200d👩\ufe0f", "??", false},
		{"control characters", CP866, "a\x10\x04\x01\x7fb\tc", "a????b c", false},
		{"not UTF-8", CP866, "a\xff\xfeb", "a?b", false},
		{"soft hyphen and no-break space", CP1251, "бу\u00adлка\u00a01", "булка\u00a01", false},
		{"Chinese", CP866, "茶", "?", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := page(t, tt.encoding, tt.pictures).replace(tt.text); got != tt.want {
				t.Errorf("%q became %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

// Whatever a text holds, each rune that comes out of replacing has a byte of its own, and none is a command.
func TestReplacedTextIsPrintable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		page := page(t, rapid.SampledFrom([]string{CP866, CP1251}).Draw(t, "encoding"), false)
		raw := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
		out := strings.NewReplacer("\n", "", "\u00a0", " ").Replace(page.replace(raw.Draw(t, "text")))
		encoded := page.encode(nil, out)
		if len(encoded) != utf8.RuneCountInString(out) {
			t.Fatalf("%d bytes for %q", len(encoded), out)
		}
		back, err := page.table.NewDecoder().Bytes(encoded)
		if err != nil || string(back) != out {
			t.Fatalf("%q prints as %q", out, back)
		}
		for _, b := range encoded {
			if b < ' ' || b == 0x7F {
				t.Fatalf("%q holds the command %#x", out, b)
			}
		}
	})
}

func TestReplacementsCanBePrinted(t *testing.T) {
	for _, encoding := range []string{CP866, CP1251} {
		page := page(t, encoding, false)
		for r, s := range replacements {
			for _, part := range s {
				if !page.has(part) && replacements[part] == "" {
					t.Errorf("%s: %q is replaced by %q, which cannot be printed", encoding, r, s)
				}
			}
		}
	}
}

func TestBadProfiles(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Profile)
	}{
		{"no columns", func(p *Profile) { p.Columns = 0 }},
		{"too many columns", func(p *Profile) { p.Columns = 1000 }},
		{"too few dots", func(p *Profile) { p.DotsWidth = 500 }},
		{"encoding", func(p *Profile) { p.CodePage.Encoding = "koi8-r" }},
		{"cut", func(p *Profile) { p.Cut = "axe" }},
		{"dpi", func(p *Profile) { p.DPI = 0 }},
		{"text", func(p *Profile) { p.Text = "telex" }},
		{"raster", func(p *Profile) { p.Raster = "paint" }},
		{"QR codes", func(p *Profile) { p.QR = "stamp" }},
		{"barcodes", func(p *Profile) { p.Bars = "stamp" }},
		{"buzzer", func(p *Profile) { p.Buzzer = "bell" }},
		{"QR codes as pictures that it cannot take", func(p *Profile) { p.Raster = RasterNone }},
		{"text as pictures that it cannot take", func(p *Profile) { p.Text, p.Raster, p.QR = TextPicture, RasterNone, CodeText }},
		{"drawer at no pin", func(p *Profile) { p.Drawer.Pin = 3 }},
		{"drawer pulse too long", func(p *Profile) { p.Drawer.Off = 600 }},
		{"drawer with no rest", func(p *Profile) { p.Drawer.On = 510 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Generic80()
			tt.change(&p)
			if _, err := Encode(text("a"), p); !errors.Is(err, ErrProfile) {
				t.Errorf("error %v, want ErrProfile", err)
			}
		})
	}
}

func TestProfilesKeepTheirFormInJSON(t *testing.T) {
	for _, p := range Profiles() {
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back Profile
		if err := json.Unmarshal(data, &back); err != nil || back != p {
			t.Errorf("%+v became %+v (%v)", p, back, err)
		}
	}
}

func TestQRBounds(t *testing.T) {
	tests := []struct {
		name    string
		profile Profile
		bytes   int
		err     error
	}{
		{"payment link", Generic58(), 105, nil},
		{"longest on 58 mm", Generic58(), 997, nil},
		{"too long for 58 mm", Generic58(), 1200, ErrQR},
		{"too long for any", Generic80(), 5000, ErrQR},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := printer.Document{Elements: []printer.Element{{QR: strings.Repeat("a", tt.bytes)}}}
			if _, err := Encode(doc, tt.profile); !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
		})
	}
}

func TestNativeQRGivesWayToAPicture(t *testing.T) {
	store := []byte{gs, '(', 'k', 6, 0, '1', 'P', '0'}
	for content, native := range map[string]bool{"abc": true, "\x10\x04\x01": false} {
		doc := printer.Document{Elements: []printer.Element{{QR: content}}}
		job, err := Encode(doc, epson())
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(job, store); got != native {
			t.Errorf("%q: native %t, want %t", content, got, native)
		}
		if hasRealTime(job) {
			t.Errorf("%q: the job holds a real-time command", content)
		}
	}
}

func TestBarcodeBytes(t *testing.T) {
	const before, after = "\x1ba\x01\x1dh\x40", "\x1bJ\x06\x1ba\x00\x1bd\x04"
	const plain = "\x1ba\x00\x1bd\x04"
	tests := []struct{ name, content, want string }{
		{"pairs of digits", "9000000041502304", before + "\x1dw\x02\x1dH\x02\x1dkI\x0a{C\x5a\x00\x00\x00\x29\x32\x17\x04" + after},
		{"digits that are a command", "160412", before + "\x1dw\x03\x1dH\x02\x1dkI\x0a{C{B16{C\x04\x0c" + after},
		{"letters", "A{1", before + "\x1dw\x03\x1dH\x02\x1dkI\x06{BA{{1" + after},
		{"not ASCII", "Ж1", "\x1ba\x01\x861\n" + plain},
		{"too wide", strings.Repeat("A", 16), "\x1ba\x01" + strings.Repeat("A", 16) + "\n" + plain},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Encode(printer.Document{Elements: []printer.Element{{Barcode: tt.content}}}, Generic58())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff("\x1b@\x1c.\x1bt\x11"+tt.want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// No picture holds the bytes of a command that printers obey everywhere, and what is changed for that is one dot beside a
// black one.
func TestPicturesHoldNoCommands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.SampledFrom([]byte{0x10, 0x04, 0x05, 0x14, 0x00, 0x01, 0xFF}), 1, 200).Draw(t, "dots")
		before := bytes.Clone(b)
		disarm(b)
		if hasRealTime(b) {
			t.Fatalf("% x became % x", before, b)
		}
		for i := range b {
			if b[i] != before[i] && (before[i] != 0x10 || b[i] != 0x18) {
				t.Fatalf("% x became % x", before, b)
			}
		}
	})
}

// A picture leaves in bands that no printer's memory is too small for, each of the length that it announces, by every
// command there is; and what comes out at the other end is the same dots.
func TestPictureBytes(t *testing.T) {
	b := picture.NewBitmap(40, 300)
	for _, at := range []image.Point{{3, 0}, {31, 0}, {12, 150}, {30, 299}} {
		b.Fill(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
	}
	for _, raster := range []Raster{RasterGSV0, RasterGraphics, RasterColumns} {
		t.Run(string(raster), func(t *testing.T) {
			var out bytes.Buffer
			e := encoder{profile: Profile{Raster: raster}, job: buffer.New(&out)}
			e.bitmap(b)
			if err := e.job.Print(); err != nil {
				t.Fatal(err)
			}
			var heads []string
			for job := out.Bytes(); len(job) > 0; {
				head, n := pictureCommand(job)
				if n == 0 || n > len(job) {
					t.Fatalf("no command at % x", job[:min(len(job), 16)])
				}
				heads, job = append(heads, head), job[n:]
			}
			if diff := cmp.Diff(pictureHeads[raster], heads); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var pictureHeads = map[Raster][]string{
	RasterGSV0: {"GS v 0 4x128", "GS v 0 4x128", "GS v 0 4x44"},
	RasterGraphics: {
		"GS ( L 522 32x128", "GS ( L print", "GS ( L 522 32x128", "GS ( L print", "GS ( L 186 32x44", "GS ( L print",
	},
	RasterColumns: {
		"ESC 3 24", "ESC * 32", "ESC * 32", "ESC * 32", "ESC * 32", "ESC * 32", "ESC * 32", "ESC * 32",
		"ESC * 32", "ESC * 32", "ESC * 32", "ESC * 32", "ESC * 32", "ESC * 32", "ESC 2",
	},
}

// pictureCommand reads the command at the beginning of a job, and its length.
func pictureCommand(job []byte) (string, int) {
	word := func(i int) int { return int(job[i]) | int(job[i+1])<<8 }
	switch {
	case bytes.HasPrefix(job, []byte("\x1dv0\x00")):
		return fmt.Sprintf("GS v 0 %dx%d", word(4), word(6)), 8 + word(4)*word(6)
	case bytes.HasPrefix(job, []byte("\x1d(L\x02\x0002")):
		return "GS ( L print", 7
	case bytes.HasPrefix(job, []byte("\x1d(L")):
		return fmt.Sprintf("GS ( L %d %dx%d", word(3), word(11), word(13)), 5 + word(3)
	case bytes.HasPrefix(job, []byte("\x1b*!")):
		n := 5 + 3*word(3)
		if job[n] != '\n' {
			return "", 0
		}
		return fmt.Sprintf("ESC * %d", word(3)), n + 1
	case bytes.HasPrefix(job, []byte("\x1b3")):
		return fmt.Sprintf("ESC 3 %d", job[2]), 3
	case bytes.HasPrefix(job, []byte("\x1b2")):
		return "ESC 2", 2
	}
	return "", 0
}

func TestTooLong(t *testing.T) {
	if _, err := Encode(text(strings.Repeat("a", MaxJob+1)), Generic80()); !errors.Is(err, ErrTooLong) {
		t.Errorf("error %v, want ErrTooLong", err)
	}
}
