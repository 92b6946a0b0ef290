package escpos

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kassa/printer"
)

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

func TestReplace(t *testing.T) {
	tests := []struct{ name, encoding, text, want string }{
		{"quotes and dashes", CP866, "«Ёлочка» — “a” – b…", `"Ёлочка" - "a" - b...`},
		{"a page's own signs stay", CP1251, "«Ёлочка» — …", "«Ёлочка» — …"},
		{"money", CP866, "1\u202f234,50\u00a0₽ × 2", "1\u00a0234,50\u00a0руб. x 2"},
		{"short i as two runes", CP866, "Чай И\u0306", "Чай Й"},
		{"foreign letters", CP866, "Crème brûlée Łódź", "Creme brulee Lodz"},
		{"neighbours' letters", CP866, "Қымыз Сніданок", "Кымыз Снiданок"},
		{"compatible forms", CP1251, "2² ﬁ ½", "22 fi 1/2"},
		{"emoji", CP866, "Сок 🍎", "Сок ?"},
		{"emoji joined", CP866, "👨\u200d👩\ufe0f", "??"},
		{"control characters", CP866, "a\x10\x04\x01\x7fb\tc", "a????b c"},
		{"not UTF-8", CP866, "a\xff\xfeb", "a?b"},
		{"soft hyphen and no-break space", CP1251, "бу\u00adлка\u00a01", "булка\u00a01"},
		{"Chinese", CP866, "茶", "?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page, err := newCodePage(tt.encoding)
			if err != nil {
				t.Fatal(err)
			}
			if got := page.replace(tt.text); got != tt.want {
				t.Errorf("%q became %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

// Whatever a text holds, each rune that comes out of replacing has a byte of its own, and none is a command.
func TestReplacedTextIsPrintable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		page, err := newCodePage(rapid.SampledFrom([]string{CP866, CP1251}).Draw(t, "encoding"))
		if err != nil {
			t.Fatal(err)
		}
		raw := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
		out := strings.NewReplacer("\n", "", "\u00a0", " ").Replace(page.replace(raw.Draw(t, "text")))
		encoded := page.encode(out)
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
		page, err := newCodePage(encoding)
		if err != nil {
			t.Fatal(err)
		}
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

func TestModuleSize(t *testing.T) {
	tests := []struct{ modules, dots, want int }{
		{33, 576, 8}, {37, 576, 7}, {41, 576, 6}, {49, 384, 5}, {105, 384, 3}, {21, 576, 12},
	}
	for _, tt := range tests {
		if got, ok := moduleSize(tt.modules, tt.dots); got != tt.want || !ok {
			t.Errorf("%d modules on %d dots: %d, %t; want %d", tt.modules, tt.dots, got, ok, tt.want)
		}
	}
}

func TestNativeQRGivesWayToAPicture(t *testing.T) {
	store := []byte{gs, '(', 'k', 6, 0, '1', 'P', '0'}
	for content, native := range map[string]bool{"abc": true, "\x10\x04\x01": false} {
		doc := printer.Document{Elements: []printer.Element{{QR: content}}}
		job, err := Encode(doc, Epson80())
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
	const before, after = "\x1ba\x01\x1dh\x40", "\x1ba\x00\x1bd\x04"
	tests := []struct{ name, content, want string }{
		{"pairs of digits", "9000000041502304", before + "\x1dw\x02\x1dH\x02\x1df\x00\x1dkI\x0a{C\x5a\x00\x00\x00\x29\x32\x17\x04" + after},
		{"digits that are a command", "160412", before + "\x1dw\x03\x1dH\x02\x1df\x00\x1dkI\x0a{C{B16{C\x04\x0c" + after},
		{"letters", "A{1", before + "\x1dw\x03\x1dH\x02\x1df\x00\x1dkI\x06{BA{{1" + after},
		{"not ASCII", "Ж1", "\x1ba\x01\x861\n" + after},
		{"too wide", strings.Repeat("A", 16), "\x1ba\x01" + strings.Repeat("A", 16) + "\n" + after},
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

// The picture reads 10 14 01 (open the drawer) when it stands at a multiple of eight dots.
func TestRasterIsMovedAsideFromCommands(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 24, 300))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for _, x := range []int{3, 11, 13, 23} {
		img.SetGray(x, 7, color.Gray{})
	}
	if !hasRealTime(rasterAt(img, 0, 24)) {
		t.Fatal("the picture is no trap")
	}
	out, ok := raster(img, 24+16)
	if !ok || hasRealTime(out) {
		t.Fatalf("found %t, command inside %t", ok, hasRealTime(out))
	}
	rows, black := 0, 0
	for len(out) > 0 {
		if !bytes.HasPrefix(out, []byte{gs, 'v', '0', 0}) {
			t.Fatalf("no picture at %x", out[:min(len(out), 8)])
		}
		stride, height := int(out[4])|int(out[5])<<8, int(out[6])|int(out[7])<<8
		if height > bandRows {
			t.Errorf("a band of %d rows", height)
		}
		for _, b := range out[8 : 8+stride*height] {
			for ; b != 0; b &= b - 1 {
				black++
			}
		}
		rows += height
		out = out[8+stride*height:]
	}
	if rows != 300 || black != 4 {
		t.Errorf("%d rows with %d black dots, want 300 with 4", rows, black)
	}
}

func TestTooLong(t *testing.T) {
	if _, err := Encode(text(strings.Repeat("a", MaxJob+1)), Generic80()); !errors.Is(err, ErrTooLong) {
		t.Errorf("error %v, want ErrTooLong", err)
	}
}
