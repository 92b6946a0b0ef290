package picture

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// Every sign of the code tables that printers have can be drawn.
func TestLettersOfCodeTables(t *testing.T) {
	tables := map[string]*charmap.Charmap{
		"437": charmap.CodePage437, "850": charmap.CodePage850, "855": charmap.CodePage855, "866": charmap.CodePage866,
		"1251": charmap.Windows1251, "1252": charmap.Windows1252,
	}
	for name, table := range tables {
		for b := 0x20; b <= 0xFF; b++ {
			r := table.DecodeByte(byte(b))
			if r == 0x7F || r == 0xFFFD || r >= 0x80 && r <= 0xA0 || r == 0xAD {
				continue
			}
			if !Has(r) {
				t.Errorf("no %q (%U) of page %s", r, r, name)
			}
		}
	}
	for _, r := range "₽₸ҚқҢңӘәҰұҮүҒғҺһӨөІіЇїЄєҐґЎў×—–…«»" {
		if !Has(r) {
			t.Errorf("no %q", r)
		}
	}
	for _, r := range "茶🍎א\u0301\n\x00" {
		if Has(r) {
			t.Errorf("there is a letter for %U", r)
		}
	}
}

func TestLettersThatCannotBeRead(t *testing.T) {
	if _, err := readLetters([]byte("no picture"), "a\n"); err == nil {
		t.Error("letters were read from no picture")
	}
}

// drawLetter draws a letter with # and dots, from row to row.
func drawLetter(r rune, s Style, from, to int) string {
	b := NewBitmap(LetterWidth*times(s.Width), LetterHeight*times(s.Height))
	b.Letter(r, 0, 0, s)
	var out strings.Builder
	for y := from; y < to; y++ {
		out.WriteByte('\n')
		for x := range b.Width {
			out.WriteByte(map[bool]byte{true: '#', false: '.'}[b.Dot(x, y)])
		}
	}
	return out.String()
}

func TestStyles(t *testing.T) {
	tests := []struct {
		name     string
		letter   rune
		style    Style
		from, to int
		want     string
	}{
		{"plain", 'Г', Style{}, 3, 7, "\n............\n.##########.\n.##.........\n.##........."},
		{"bold", 'Г', Style{Bold: true}, 4, 6, "\n.###########\n.###........"},
		{"lines of boxes are not made bold", '│', Style{Bold: true}, 0, 1, "\n.....##....."},
		{"reverse", 'Г', Style{Reverse: true}, 3, 5, "\n############\n#..........#"},
		{"underlined", 'Г', Style{Underline: true}, 21, 24, "\n............\n############\n############"},
		{"wide", 'Г', Style{Width: 2}, 5, 6, "\n..####.................."},
		{"tall", 'Г', Style{Height: 2}, 7, 10, "\n............\n.##########.\n.##########."},
		{"large lines join", '─', Style{Width: 2, Height: 2}, 22, 24, "\n########################\n########################"},
		{"none", '茶', Style{}, 4, 7, "\n............\n..########..\n..#......#.."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := drawLetter(tt.letter, tt.style, tt.from, tt.to); got != tt.want {
				t.Errorf("drawn as%s\nwant%s", got, tt.want)
			}
		})
	}
}

// Stairs of large letters are smoothed: a slope has fewer dots in its inner corners than doubled dots would.
func TestLargeLettersAreSmooth(t *testing.T) {
	small, large := NewBitmap(LetterWidth, LetterHeight), NewBitmap(2*LetterWidth, 2*LetterHeight)
	small.Letter('И', 0, 0, Style{})
	large.Letter('И', 0, 0, Style{Width: 2, Height: 2})
	differs := 0
	for y := range large.Height {
		for x := range large.Width {
			if large.Dot(x, y) != small.Dot(x/2, y/2) {
				differs++
			}
		}
	}
	if differs == 0 || differs > 100 {
		t.Errorf("%d dots differ from doubled ones", differs)
	}
}
