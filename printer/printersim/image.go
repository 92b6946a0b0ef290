package printersim

import (
	"image"

	"kassa/printer/picture"
)

// Image draws the paper, one pixel for each dot, as it would lie on a table: with straight edges when it was cut, toothed
// ones when it was torn off.
func (p Paper) Image() (image.Image, error) {
	ink, cuts, err := p.print()
	if err != nil {
		return nil, err
	}
	return picture.Sheet{Ink: ink, Torn: p.Cuts == 0, Cuts: cuts}.Image(), nil
}

// Ink is what was printed, dot by dot.
func (p Paper) Ink() (*picture.Bitmap, error) {
	ink, _, err := p.print()
	return ink, err
}

// print puts all ink on the printed area and tells where cuts lie between pieces of paper.
func (p Paper) print() (ink *picture.Bitmap, cuts []int, err error) {
	columns := p.Columns
	if columns <= 0 {
		columns = DefaultColumns
	}
	ink = picture.NewBitmap(max(p.Dots, columns*cellWidth), p.length(columns))
	pen := pen{ink: ink}
	y := 0
	for i, item := range p.Items {
		pen.enter(item)
		height := item.Feed
		switch {
		case item.Line != nil:
			height = pen.text(*item.Line, y)
		case item.Picture != nil:
			ink.Paste(item.Picture.Image, pen.offset(item.Picture.Place, item.Picture.Image.Width), y)
			height = item.Picture.Image.Height
		case item.Code != nil:
			height, err = pen.code(*item.Code, y)
		case item.Barcode != nil:
			pen.barcode(*item.Barcode, y)
			height = item.Barcode.rows()
		case item.Cut && i < len(p.Items)-1:
			cuts = append(cuts, y)
		}
		if err != nil {
			return nil, nil, err
		}
		y += height
	}
	return ink, cuts, nil
}

// length is how many dots of paper the items take, with lines that the printer has to break.
func (p Paper) length(columns int) int {
	rows := 0
	for _, item := range p.Items {
		switch {
		case item.Line != nil:
			pieces := 1 + item.Line.Columns()/columns
			if item.Line.Columns() <= columns {
				pieces = 1
			}
			rows += pieces * item.Line.height()
		case item.Picture != nil:
			rows += item.Picture.Image.Height
		case item.Code != nil:
			rows += item.Code.Modules * item.Code.Module
		case item.Barcode != nil:
			rows += item.Barcode.rows()
		}
		rows += item.Feed
	}
	return min(rows, maxRows)
}
