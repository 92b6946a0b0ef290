package printersim

import (
	"fmt"

	"github.com/skip2/go-qrcode"

	"kassa/printer/picture"
)

func (c Code) modules() ([][]bool, error) {
	level, ok := map[byte]qrcode.RecoveryLevel{
		'L': qrcode.Low, 'M': qrcode.Medium, 'Q': qrcode.High, 'H': qrcode.Highest,
	}[c.Level]
	if !ok {
		return nil, fmt.Errorf("printersim: QR level %q", c.Level)
	}
	code, err := qrcode.New(c.Content, level)
	if err != nil {
		return nil, fmt.Errorf("drawing a QR code: %w", err)
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}

// pen puts what was printed on the ink of a paper. It belongs to one drawing.
type pen struct {
	ink     *picture.Bitmap
	left    int // of the area that is printed in
	right   int
	last    Code // the code drawn last, and what it looks like
	modules [][]bool
}

// enter goes to the area that an item was printed in.
func (p *pen) enter(item Item) {
	p.left, p.right = min(item.Left, p.ink.Width), p.ink.Width
	if item.Width > 0 {
		p.right = min(p.left+item.Width, p.ink.Width)
	}
}

// text draws a line whose top is at y. Letters beyond the area go to further lines, as printers put them; the height of
// all is returned.
func (p *pen) text(l Line, y int) int {
	tallest := 1
	for _, s := range l.Spans {
		tallest = max(tallest, s.Height)
	}
	x := p.offset(l.Place, l.Columns()*cellWidth)
	top := y
	for _, s := range l.Spans {
		style := picture.Style{Bold: s.Bold, Underline: s.Underline, Reverse: s.Reverse, Width: s.Width, Height: s.Height}
		for _, r := range s.Text {
			if x+s.Width*cellWidth > p.right && x > p.left {
				x, y = p.left, y+max(l.Pitch, tallest*cellHeight)
			}
			p.ink.Letter(r, x, y+(tallest-s.Height)*cellHeight, style)
			x += s.Width * cellWidth
		}
	}
	return y - top + l.height()
}

// code draws a QR code with its top at y and gives its height. A code wider than the paper is not
// printed: its place stays empty.
func (p *pen) code(c Code, y int) (int, error) {
	if c.Content != p.last.Content || c.Level != p.last.Level {
		modules, err := c.modules()
		if err != nil {
			return 0, err
		}
		p.last, p.modules = c, modules
	}
	size := c.Modules * c.Module
	if size <= p.right-p.left {
		p.ink.Squares(p.modules, c.Module, p.offset(c.Place, size), y)
	}
	return size, nil
}

// offset is where something so wide begins.
func (p *pen) offset(place Place, width int) int {
	free := max(p.right-p.left-width, 0)
	switch place {
	case AtCenter:
		return p.left + free/2
	case AtRight:
		return p.left + free
	}
	return p.left
}
