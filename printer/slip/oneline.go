package slip

import (
	"unicode/utf8"

	"kassa/printer"
	"kassa/register"
)

// oneLineColumns is the narrowest paper on which goods stand on a line each: on less, hardly a name would fit.
const oneLineColumns = 48

// oneLined are the goods on a line each: name, quantity and price, sum. What was taken off or added stands below, in the
// same columns. false when the shop does not want that, or some name does not fit: then all goods take two lines, for
// a receipt that mixes both is hard to read.
func (p *paper) oneLined(all []register.Line) (printer.Table, bool) {
	t := printer.Table{Columns: []printer.Column{{Share: 1}, {Align: printer.Right}, {Align: printer.Right}}}
	if !p.shop.Form.OneLine || p.shop.Columns < oneLineColumns {
		return t, false
	}
	add := func(cells ...string) { t.Rows = append(t.Rows, printer.Row{Cells: cells}) }
	for i, l := range all {
		add(p.numbered(i+1, l), p.quantity(l), p.lang.Sum(p.first(l)))
		if l.Comment != "" {
			add(indent + l.Comment)
		}
		for _, c := range p.changes(l) {
			add(c.Left, "", c.Right)
		}
	}
	return t, fits(t, p.shop.Columns)
}

// fits tells whether every cell of a table has room on one line.
func fits(t printer.Table, columns int) bool {
	var widest [3]int
	for _, r := range t.Rows {
		for i, cell := range r.Cells {
			widest[i] = max(widest[i], utf8.RuneCountInString(cell))
		}
	}
	return widest[0]+pairGap+widest[1]+pairGap+widest[2] <= columns
}
