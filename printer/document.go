package printer

// Align places text on a line.
type Align string

// The alignments. The zero value is left.
const (
	Left   Align = ""
	Center Align = "center"
	Right  Align = "right"
)

// Document is one slip, top to bottom. It is plain data: it marshals to JSON and back unchanged.
type Document struct {
	Elements   []Element `json:"elements"`
	OpenDrawer bool      `json:"open_drawer,omitempty"` // kick the drawer before the first line
	Beep       bool      `json:"beep,omitempty"`        // sound the buzzer, where the printer has one
}

// Element is one piece of a Document; exactly one of its parts is set.
type Element struct {
	Text    *Text  `json:"text,omitempty"`
	Pair    *Pair  `json:"pair,omitempty"`
	Rule    bool   `json:"rule,omitempty"`    // a line across the paper
	Feed    int    `json:"feed,omitempty"`    // empty lines
	QR      string `json:"qr,omitempty"`      // a QR code of this text, centred
	Barcode string `json:"barcode,omitempty"` // a Code 128 of this text, centred, with the text below it

	// EAN13 is an EAN-13 of these 13 digits, or of 12 whose check digit is then added, centred, with the digits below it.
	// What is none is printed as text.
	EAN13   string   `json:"ean13,omitempty"`
	Table   *Table   `json:"table,omitempty"`
	Picture *Picture `json:"picture,omitempty"`
}

// Text is a paragraph, wrapped at words.
type Text struct {
	Text  string `json:"text"`
	Align Align  `json:"align,omitempty"`
	Bold  bool   `json:"bold,omitempty"`
	Big   bool   `json:"big,omitempty"` // double width and height

	// Reverse prints white on black, with a space at each side: for warnings.
	Reverse bool `json:"reverse,omitempty"`
}

// Pair is a text at the left edge and another at the right one of the same line. The left text gives way: it is wrapped
// or goes to a line of its own; the right one is never broken.
type Pair struct {
	Left  string `json:"left"`
	Right string `json:"right"`
	Bold  bool   `json:"bold,omitempty"`
	Big   bool   `json:"big,omitempty"`
}

// Table is rows of cells in columns. When the columns are too narrow for what stands in them, all rows give the columns
// up together: see Layout.
type Table struct {
	// Head names the columns, with a rule below; it is left out when the columns are given up.
	Head    []string `json:"head,omitempty"`
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
}

// Column is how the cells of one column stand.
type Column struct {
	Align Align `json:"align,omitempty"`
	// Share is the column's part of the room that is left by columns without a share, which are as wide as their widest cell
	// and are never wrapped. When no column has a share, the first one has it all.
	Share int `json:"share,omitempty"`
	// Lead stands before the cell where the columns are given up: "2 шт" and "52,00" become "2 шт × 52,00" when it is "× ".
	Lead string `json:"lead,omitempty"`
}

// Row is one row of a Table. Cells that are missing are empty.
type Row struct {
	Cells []string `json:"cells"`
	Bold  bool     `json:"bold,omitempty"`
}

// Picture is a logo, centred. A picture that is wider than the paper is made smaller. One that cannot be read, or is
// larger than printer/picture takes, is left out of the paper: picture.Check tells that before.
type Picture struct {
	PNG   []byte `json:"png"`
	Photo bool   `json:"photo,omitempty"` // shades become dots; otherwise what is darker than half is black
}

// Rewrite gives a copy of the document in which f was applied to every text that is printed as letters. What QR codes
// and barcodes hold stays as it is.
func (d Document) Rewrite(f func(string) string) Document {
	elements := make([]Element, len(d.Elements))
	for i, e := range d.Elements {
		if e.Text != nil {
			t := *e.Text
			t.Text = f(t.Text)
			e.Text = &t
		}
		if e.Pair != nil {
			p := *e.Pair
			p.Left, p.Right = f(p.Left), f(p.Right)
			e.Pair = &p
		}
		if e.Table != nil {
			t := e.Table.rewrite(f)
			e.Table = &t
		}
		elements[i] = e
	}
	d.Elements = elements
	return d
}

func (t Table) rewrite(f func(string) string) Table {
	texts := func(cells []string) []string {
		out := make([]string, len(cells))
		for i, c := range cells {
			out[i] = f(c)
		}
		return out
	}
	out := Table{Columns: make([]Column, len(t.Columns)), Rows: make([]Row, len(t.Rows))}
	if len(t.Head) > 0 {
		out.Head = texts(t.Head)
	}
	for i, c := range t.Columns {
		c.Lead = f(c.Lead)
		out.Columns[i] = c
	}
	for i, r := range t.Rows {
		r.Cells = texts(r.Cells)
		out.Rows[i] = r
	}
	return out
}
