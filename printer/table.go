package printer

import (
	"strings"
	"unicode/utf8"
)

// cellLines is how many lines one cell of a table takes at most: names on more lines are read better across the paper.
const cellLines = 2

// layTable sets a table in columns or, where that would break words, one row below the other.
func layTable(t Table, columns int) []Line {
	widths := t.widths(columns)
	if widths == nil {
		return t.stack(columns)
	}
	var lines []Line
	if len(t.Head) > 0 {
		lines = append(t.row(Row{Cells: t.Head}, widths), ruleLine(columns))
	}
	for _, r := range t.Rows {
		lines = append(lines, t.row(r, widths)...)
	}
	return lines
}

// size is how many columns the table has.
func (t Table) size() int {
	n := max(len(t.Columns), len(t.Head))
	for _, r := range t.Rows {
		n = max(n, len(r.Cells))
	}
	return n
}

// column is how the cells of column i stand, and the part of the room that it has.
func (t Table) column(i int) Column {
	var c Column
	if i < len(t.Columns) {
		c = t.Columns[i]
	}
	c.Share = max(c.Share, 0)
	if i == 0 && !t.shared() {
		c.Share = 1
	}
	return c
}

// shared tells whether any column has a share.
func (t Table) shared() bool {
	for _, c := range t.Columns {
		if c.Share > 0 {
			return true
		}
	}
	return false
}

// cells calls f with each cell of column i, the head's included.
func (t Table) cells(i int, f func(cell string)) {
	if i < len(t.Head) {
		f(t.Head[i])
	}
	for _, r := range t.Rows {
		if i < len(r.Cells) {
			f(r.Cells[i])
		}
	}
}

// maxShare bounds the shares, so that their sum stays a number.
const maxShare = 1000

// widths divides the paper among the columns; nil means that they do not fit. Columns in which nothing stands have no
// width, and no gap beside them.
func (t Table) widths(columns int) []int {
	n := t.size()
	widths := make([]int, n)
	shares, used, left := 0, 0, columns
	for i := range n {
		most := 0
		t.cells(i, func(cell string) { most = max(most, utf8.RuneCountInString(oneLine(cell))) })
		if most == 0 {
			continue
		}
		used++
		if share := t.column(i).Share; share > 0 {
			shares += min(share, maxShare)
			widths[i] = -1
			continue
		}
		widths[i] = most
		left -= most
	}
	if left -= max(used-1, 0) * pairGap; left < 0 {
		return nil
	}
	for i := range n {
		if widths[i] >= 0 {
			continue
		}
		share := min(t.column(i).Share, maxShare)
		widths[i] = left * share / shares
		left -= widths[i]
		shares -= share
		if !t.fits(i, widths[i]) {
			return nil
		}
	}
	return widths
}

// fits tells whether all cells of column i can be read in so many columns of paper.
func (t Table) fits(i, width int) bool {
	ok := width > 0
	t.cells(i, func(cell string) {
		ok = ok && longestWord(cell)+indentOf(cell, width) <= width && len(wrap(cell, width)) <= cellLines
	})
	return ok
}

// oneLine is a cell that is not wrapped.
func oneLine(cell string) string { return strings.Join(words(cell), " ") }

// row sets one row in columns of the given widths.
func (t Table) row(r Row, widths []int) []Line {
	pieces := make([][]string, len(widths))
	height := 1
	for i, width := range widths {
		if width == 0 || i >= len(r.Cells) {
			continue
		}
		if pieces[i] = []string{oneLine(r.Cells[i])}; t.column(i).Share > 0 {
			pieces[i] = wrap(r.Cells[i], width)
		}
		height = max(height, len(pieces[i]))
	}
	lines := make([]Line, 0, height)
	for at := range height {
		var b strings.Builder
		for i, width := range widths {
			if width == 0 {
				continue
			}
			if b.Len() > 0 {
				b.WriteString(strings.Repeat(" ", pairGap))
			}
			text := ""
			if at < len(pieces[i]) {
				text = pieces[i][at]
			}
			b.WriteString(pad(text, t.column(i).Align, width))
		}
		lines = append(lines, Line{Left: strings.TrimRight(b.String(), " "), Bold: r.Bold})
	}
	return lines
}

// pad puts a text into a field of so many columns.
func pad(text string, align Align, width int) string {
	free := max(width-utf8.RuneCountInString(text), 0)
	before := 0
	switch align {
	case Right:
		before = free
	case Center:
		before = free / 2
	}
	return strings.Repeat(" ", before) + text + strings.Repeat(" ", free-before)
}

// stack sets the rows without columns.
func (t Table) stack(columns int) []Line {
	var lines []Line
	for _, r := range t.Rows {
		lines = append(lines, t.stackRow(r, columns)...)
	}
	return lines
}

// stackIndent sets the cells below the first one off from it.
const stackIndent = "  "

func (t Table) stackRow(r Row, columns int) []Line {
	var rest []string // cells after the first, with what leads them
	for i, cell := range r.Cells {
		if i > 0 && oneLine(cell) != "" {
			rest = append(rest, t.column(i).Lead+cell)
		}
	}
	first := ""
	if len(r.Cells) > 0 {
		first = r.Cells[0]
	}
	switch n := len(rest); {
	case n == 0:
		return layText(Text{Text: first, Bold: r.Bold}, columns)
	case n == 1:
		return layPair(Pair{Left: first, Right: rest[0], Bold: r.Bold}, columns)
	default:
		below := Pair{Left: stackIndent + strings.Join(rest[:n-1], " "), Right: rest[n-1], Bold: r.Bold}
		lines := layPair(below, columns)
		if oneLine(first) != "" {
			lines = append(layText(Text{Text: first, Bold: r.Bold}, columns), lines...)
		}
		return lines
	}
}
