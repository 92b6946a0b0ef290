package pricelist

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kassa/register"
)

// Field is what a column of a list can hold.
type Field string

// The fields. FieldNone is a column that is not read.
const (
	FieldNone       Field = ""
	FieldBarcode    Field = "barcode" // several columns may hold barcodes, and one cell several of them
	FieldCode       Field = "code"
	FieldArticle    Field = "article"
	FieldName       Field = "name"
	FieldNameEn     Field = "name_en"
	FieldGroup      Field = "group"
	FieldGroupEn    Field = "group_en"
	FieldPrice      Field = "price"
	FieldVAT        Field = "vat"
	FieldUnit       Field = "unit"
	FieldStock      Field = "stock"
	FieldNoDiscount Field = "no_discount"
	FieldFreePrice  Field = "free_price"
	FieldMarked     Field = "marked"
	FieldPacks      Field = "packs" // see Write for how packs are written
)

// Fields lists what a column can hold, in the order in which Write puts the columns.
func Fields() []Field {
	return []Field{FieldBarcode, FieldCode, FieldArticle, FieldName, FieldNameEn, FieldGroup, FieldGroupEn, FieldPrice, FieldVAT, FieldUnit,
		FieldStock, FieldNoDiscount, FieldFreePrice, FieldMarked, FieldPacks}
}

// Mapping says how a list is to be read. Guess makes one; its user may change it.
type Mapping struct {
	// Columns holds what each column is, from the left. Columns further to the right are not read.
	Columns []Field
	// GroupDivider stands between the levels of a group's path in this list; register.GroupSeparator when empty.
	GroupDivider string
	// GroupRows takes a line that holds a name and nothing else for the group of the lines after it.
	GroupRows bool
	// VAT is the rate of goods for which the list names none; 22 % when empty.
	VAT register.VAT
}

// Column is the first column that holds a field, from 0, or -1.
func (m Mapping) Column(f Field) int { return slices.Index(m.Columns, f) }

// Set makes a column (from 0) hold a field. Another column that held it no longer does, except that there may be several
// with barcodes.
func (m *Mapping) Set(column int, f Field) {
	for len(m.Columns) <= column {
		m.Columns = append(m.Columns, FieldNone)
	}
	if f != FieldNone && f != FieldBarcode {
		if i := m.Column(f); i >= 0 {
			m.Columns[i] = FieldNone
		}
	}
	m.Columns[column] = f
}

// Check tells whether a list can be read so: name and price must have a column, no field but the barcode may have two.
// The error is a *NotAList with WhyNoName, WhyNoPrice or WhyColumn.
func (m Mapping) Check() error {
	seen := map[Field]bool{}
	for _, f := range m.Columns {
		switch {
		case f != FieldNone && !slices.Contains(Fields(), f):
			return &NotAList{Why: WhyColumn, Detail: fmt.Sprintf("there is no field %q", f)}
		case seen[f] && f != FieldNone && f != FieldBarcode:
			return &NotAList{Why: WhyColumn, Detail: fmt.Sprintf("%s has two columns", f)}
		}
		seen[f] = true
	}
	switch {
	case !seen[FieldName]:
		return &NotAList{Why: WhyNoName}
	case !seen[FieldPrice]:
		return &NotAList{Why: WhyNoPrice}
	case m.VAT != "" && !m.VAT.Valid():
		return &NotAList{Why: WhyColumn, Detail: fmt.Sprintf("there is no VAT rate %q", m.VAT)}
	}
	return nil
}

// Change changes the mapping as a command line says it: "name=3,price=E,vat=0". Columns are counted from 1 or named by
// a workbook's letters; 0 takes the field from its column. width is the number of columns there are.
func (m *Mapping) Change(text string, width int) error {
	// The first column that is named for barcodes replaces the guess; further ones add to it.
	barcodes := false
	for part := range strings.SplitSeq(text, ",") {
		name, column, ok := strings.Cut(strings.TrimSpace(part), "=")
		f := Field(strings.ToLower(strings.TrimSpace(name)))
		if !ok || !slices.Contains(Fields(), f) {
			return &NotAList{Why: WhyColumn, Detail: fmt.Sprintf("%q is not FIELD=COLUMN", shorten(part))}
		}
		n, ok := columnNumber(strings.TrimSpace(column))
		if !ok || n > width {
			return &NotAList{Why: WhyColumn, Detail: fmt.Sprintf("%s: there is no column %q among %d", f, shorten(column), width)}
		}
		if f != FieldBarcode || !barcodes {
			m.drop(f)
		}
		barcodes = barcodes || f == FieldBarcode
		if n > 0 {
			m.Set(n-1, f)
		}
	}
	return nil
}

func (m *Mapping) drop(f Field) {
	for i, have := range m.Columns {
		if have == f {
			m.Columns[i] = FieldNone
		}
	}
}

// columnNumber reads "3", "C" or "AA"; zero is "none".
func columnNumber(text string) (int, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return n, n >= 0
	}
	n := 0
	for _, r := range strings.ToUpper(text) {
		if r < 'A' || r > 'Z' || n > maxColumns {
			return 0, false
		}
		n = n*26 + int(r-'A') + 1
	}
	return n, n > 0
}

// maxColumns is how many columns of a line are looked at, as many as two letters can name.
const maxColumns = 702
