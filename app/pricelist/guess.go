package pricelist

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kassa/register"
)

// Guess guesses which column holds what: from the names of the columns first, from what stands in the sample's cells
// where names say nothing. It always gives a mapping, which may lack the name or the price; see Mapping.Check.
func Guess(headings []string, sample [][]string) Mapping {
	m := Mapping{Columns: make([]Field, len(headings))}
	columns := make([]column, len(headings))
	for i := range columns {
		columns[i] = look(sample, i)
	}
	m.byName(headings, columns)
	m.byContent(headings, columns)
	if g := m.Column(FieldGroup); g >= 0 {
		m.GroupDivider = groupDivider(headings, sample, g)
	} else {
		m.GroupRows = hasGroupRows(m, sample)
	}
	return m
}

// byName gives every field the column whose heading names it best. Of two that are called alike, the one with better
// cells wins.
func (m *Mapping) byName(headings []string, columns []column) {
	type offer struct {
		column int
		field  Field
		sure   int
	}
	var offers []offer
	for i, h := range headings {
		if f, sure := meaning(h); f != FieldNone && columns[i].mayBe(f) {
			offers = append(offers, offer{i, f, sure * (25 + 75*columns[i].fit(f)/100)})
		}
	}
	slices.SortStableFunc(offers, func(a, b offer) int { return b.sure - a.sure })
	for _, o := range offers {
		if o.field == FieldBarcode || m.Column(o.field) < 0 {
			m.Columns[o.column] = o.field
		}
	}
}

// byContent finds barcode, name and price by what the cells hold, among the columns whose headings say nothing.
func (m *Mapping) byContent(headings []string, columns []column) {
	named := slices.ContainsFunc(m.Columns, func(f Field) bool { return f != FieldNone })
	free := func(i int) bool { return m.Columns[i] == FieldNone && (!named || squeeze(headings[i]) == "") }
	for i, c := range columns {
		if free(i) && c.filled > 0 && 10*c.barcodes >= 6*c.filled {
			m.Columns[i] = FieldBarcode
		}
	}
	if m.Column(FieldName) < 0 {
		best, most := -1, 0
		for i, c := range columns {
			if free(i) && c.filled > 0 && 2*c.texts > c.filled && c.letters/c.filled > most {
				best, most = i, c.letters/c.filled
			}
		}
		if best >= 0 && most >= 4 {
			m.Columns[best] = FieldName
		}
	}
	for _, f := range []Field{FieldUnit, FieldVAT, FieldPrice, FieldCode} {
		if named && f != FieldPrice || m.Column(f) >= 0 {
			continue
		}
		best, most := -1, 0
		for i, c := range columns {
			if n := c.speaksFor(f); free(i) && n > most {
				best, most = i, n
			}
		}
		if best >= 0 {
			m.Columns[best] = f
		}
	}
}

// column counts what the cells of a sample's column look like.
type column struct {
	filled, different                                  int
	barcodes, numbers, kopecks, prices, texts, letters int
	units, rates, percents, flags, marks               int
}

func look(sample [][]string, i int) column {
	var c column
	seen := map[string]bool{}
	for _, cells := range sample {
		if i >= len(cells) {
			continue
		}
		text := strings.TrimSpace(cells[i])
		if text == "" {
			continue
		}
		c.filled++
		seen[text] = true
		c.count(text)
	}
	c.different = len(seen)
	return c
}

func (c *column) count(text string) {
	if codes := splitBarcodes(text); len(codes) > 0 && checked(codes[0]) {
		c.barcodes++
	}
	if _, ok := stock(text); ok {
		c.numbers++
	}
	if _, ok := price(text); ok {
		c.prices++
		if strings.ContainsAny(text, ".,") {
			c.kopecks++
		}
	}
	if strings.IndexFunc(text, isLetter) >= 0 {
		c.texts++
		c.letters += utf8.RuneCountInString(text)
	}
	if _, ok := units[squeeze(text)]; ok {
		c.units++
	}
	if _, ok := rate(text); ok {
		c.rates++
		if strings.ContainsAny(text, "%НнHh") {
			c.percents++
		}
	}
	if _, ok := flag(text); ok {
		c.flags++
	}
	if _, ok := marked(text); ok {
		c.marks++
	}
}

func isLetter(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 'А' && r <= 'я'
}

// fit tells in per cent how well the cells suit a field that the heading names.
func (c column) fit(f Field) int {
	if c.filled == 0 {
		return 30 // better than wrong, worse than right
	}
	n := c.filled
	switch f {
	case FieldPrice:
		n = c.prices
	case FieldStock:
		n = c.numbers
	case FieldName:
		n = c.texts
	case FieldVAT:
		n = c.rates
	case FieldNoDiscount, FieldFreePrice:
		n = c.flags
	case FieldMarked:
		n = c.marks
	}
	return 100 * n / c.filled
}

// mayBe tells whether the cells do not speak against a field that the heading names. "Маркировка" is what makers of
// cables and lamps call their models, too.
func (c column) mayBe(f Field) bool {
	return f != FieldMarked || 2*c.marks >= c.filled
}

// speaksFor tells how strongly the cells of a column without a heading look like a field; zero when they do not.
func (c column) speaksFor(f Field) int {
	most := func(n int) bool { return n > 0 && 10*n >= 8*c.filled }
	switch f {
	case FieldUnit:
		if most(c.units) && c.texts > 0 {
			return c.units
		}
	case FieldVAT:
		if most(c.rates) && c.percents > 0 {
			return c.percents
		}
	case FieldPrice:
		if most(c.prices) && 2*c.barcodes < c.filled {
			return c.prices + 2*c.kopecks
		}
	case FieldCode:
		if most(c.numbers) && c.kopecks == 0 && c.different == c.filled && c.barcodes == 0 {
			return c.filled
		}
	}
	return 0
}

// groupDividers are what other programs put between the levels of a group's path.
var groupDividers = []string{" > ", " -> ", " / ", "|", "\\", ">"}

// groupDivider finds what divides the levels of paths: what stands in the most cells. The register's own is in names, too,
// as in "Чай/кофе", so it gives way to another that is there as often. A list that Write has written needs no guess.
func groupDivider(headings []string, sample [][]string, column int) string {
	if slices.Equal(trimmed(headings), fieldNames()) {
		return ""
	}
	count := func(divider string) (n int) {
		for _, cells := range sample {
			if column < len(cells) && strings.Contains(cells[column], divider) {
				n++
			}
		}
		return n
	}
	best, most := "", count(register.GroupSeparator)
	for _, d := range groupDividers {
		if n := count(d); n > most || n == most && n > 0 && best == "" {
			best, most = d, n
		}
	}
	return best
}

func trimmed(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// hasGroupRows tells whether lines that hold a name and nothing else are clearly groups: there is one before the first
// good, goods follow each of them sooner or later, and they are fewer than the goods.
func hasGroupRows(m Mapping, sample [][]string) bool {
	name, price := m.Column(FieldName), m.Column(FieldPrice)
	if name < 0 || price < 0 {
		return false
	}
	groups, goods := 0, 0
	for _, cells := range sample {
		switch {
		case groupRow(cells, name) != "":
			groups++
		case price < len(cells) && strings.TrimSpace(cells[price]) != "":
			if groups == 0 {
				return false
			}
			goods++
		}
	}
	return groups > 0 && goods > groups
}

// groupRow gives the only text of a line that stands in the column of names or to the left of it; "" for other lines.
func groupRow(cells []string, name int) string {
	text := ""
	for i, c := range cells {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		if text != "" || i > name || strings.IndexFunc(c, isLetter) < 0 {
			return ""
		}
		text = c
	}
	return text
}
