package picture

import (
	"bytes"
	_ "embed" // the letters
	"fmt"
	"image/png"
	"strings"
	"sync"
)

// The letters, 32 in a row of the picture and of the text. They are in OFL.txt's terms.
var (
	//go:embed letters/letters.png
	lettersPNG []byte
	//go:embed letters/letters.txt
	lettersText string
)

// Dots of a letter: those of font A of receipt printers.
const (
	LetterWidth  = 12
	LetterHeight = 24
)

// glyph is a letter row by row; bit 11 is the leftmost dot.
type glyph [LetterHeight]uint16

// letters are all letters that can be drawn, read once.
var letters = sync.OnceValue(func() map[rune]*glyph {
	all, err := readLetters(lettersPNG, lettersText)
	if err != nil {
		panic(err) // the files are part of the program, and a test reads them
	}
	return all
})

func readLetters(data []byte, text string) (map[rune]*glyph, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("picture: reading the letters: %w", err)
	}
	all := map[rune]*glyph{}
	for row, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		for column, r := range []rune(line) {
			g := new(glyph)
			for y := range g {
				for x := range LetterWidth {
					if v, _, _, _ := img.At(column*LetterWidth+x, row*LetterHeight+y).RGBA(); v == 0 {
						g[y] |= 0x800 >> x
					}
				}
			}
			all[r] = g
		}
	}
	return all, nil
}

// Has tells whether there is a letter to draw r with. Another one is drawn as an empty box.
func Has(r rune) bool { return letters()[r] != nil }

// Style is how letters look.
type Style struct {
	Bold, Underline, Reverse bool
	Width, Height            int // times the usual size, from 1 to 8, as printers have them; 0 is 1
}

// maxTimes is how much larger than usual letters can be.
const maxTimes = 8

func times(n int) int { return min(max(n, 1), maxTimes) }

// Letter draws a letter with the upper left corner of its cell at (x, y). Large letters have their stairs smoothed, as
// printers do.
func (b *Bitmap) Letter(r rune, x, y int, s Style) {
	g := glyphOf(r, s)
	wide, tall := times(s.Width), times(s.Height)
	if wide == 1 && tall == 1 && x >= 0 && y >= 0 && x+LetterWidth <= b.Width && y+LetterHeight <= b.Height {
		b.stamp(&g, x, y)
		return
	}
	if wide%2 == 0 && tall%2 == 0 {
		for row := range g {
			upper, lower := g.smooth(row)
			for i := range tall {
				dots := upper
				if i >= tall/2 {
					dots = lower
				}
				b.letterRow(stretch(dots, 2*LetterWidth, wide/2), x, y+row*tall+i, wide)
			}
		}
		return
	}
	for row, dots := range g {
		for i := range tall {
			b.letterRow(stretch(uint64(dots), LetterWidth, wide), x, y+row*tall+i, wide)
		}
	}
}

// glyphOf is the letter with what its style adds to its dots.
func glyphOf(r rune, s Style) glyph {
	found := letters()[r]
	if found == nil {
		found = missing()
	}
	g := *found
	if s.Bold && !joins(r) && r != dense {
		for i, dots := range g {
			g[i] |= dots >> 1
		}
	}
	if s.Underline {
		g[LetterHeight-1], g[LetterHeight-2] = 0xFFF, 0xFFF
	}
	if s.Reverse {
		for i := range g {
			g[i] ^= 0xFFF
		}
	}
	return g
}

// stamp puts a letter of the usual size on the paper, inside which it lies.
func (b *Bitmap) stamp(g *glyph, x, y int) {
	at, shift := y*b.Stride+x/8, 12-x%8
	last := x%8 > 4 // the letter reaches into a third byte
	for _, dots := range g {
		if dots != 0 {
			v := uint32(dots) << shift
			b.Bits[at] |= byte(v >> 16)
			b.Bits[at+1] |= byte(v >> 8)
			if last {
				b.Bits[at+2] |= byte(v)
			}
		}
		at += b.Stride
	}
}

// dense is the sign that would run together when it is made bold.
const dense = '№'

// joins tells the signs for boxes and blocks, which meet their neighbours and are not made bold.
func joins(r rune) bool { return r >= 0x2500 && r < 0x25A0 }

// missing is the box that stands for a letter that there is none for.
func missing() *glyph {
	g := new(glyph)
	for y := 5; y < 19; y++ {
		g[y] = 0b001000000100
	}
	g[5], g[18] = 0b001111111100, 0b001111111100
	return g
}

// letterRow puts one row of a letter on the paper; dots are 12 x wide.
func (b *Bitmap) letterRow(dots [2]uint64, x, y, wide int) {
	half := LetterWidth * wide / 2
	b.or(dots[0], half, x, y)
	b.or(dots[1], half, x+half, y)
}

// stretch repeats each of n dots so many times, and gives the left half and the right half of them.
func stretch(dots uint64, n, times int) (halves [2]uint64) {
	if times == 1 {
		return [2]uint64{dots >> (n / 2), dots & (1<<(n/2) - 1)}
	}
	one := uint64(1)<<times - 1
	for i := range n {
		if dots>>(n-1-i)&1 != 0 {
			side := i / (n / 2)
			halves[side] |= one << ((n/2 - 1 - i%(n/2)) * times)
		}
	}
	return halves
}

// smooth doubles one row of a letter in both directions. A corner of the four dots that come from one takes the colour of
// its two neighbours when these agree and the opposite ones do not (the Scale2x rule). Beyond the cell's edge lies what
// lies at the edge, so that the lines of boxes stay whole.
func (g *glyph) smooth(row int) (upper, lower uint64) {
	const all = 1<<LetterWidth - 1
	p := g[row]
	u, d := g[max(row-1, 0)], g[min(row+1, LetterHeight-1)]
	l, r := p>>1|p&0x800, p<<1&all|p&1
	pick := func(a, b, notA, notB uint16) uint16 { // a where a == b, a != notA and b != notB; otherwise p
		mask := ^(a ^ b) & (a ^ notA) & (b ^ notB)
		return a&mask | p&^mask
	}
	upper = weave(pick(l, u, d, r), pick(u, r, l, d))
	lower = weave(pick(l, d, u, r), pick(d, r, l, u))
	return upper, lower
}

// weave puts the dots of two rows side by side: the first of left, the first of right, the second of left, and so on.
func weave(left, right uint16) uint64 {
	var out uint64
	for i := LetterWidth - 1; i >= 0; i-- {
		out = out<<2 | uint64(left>>i&1)<<1 | uint64(right>>i&1)
	}
	return out
}
