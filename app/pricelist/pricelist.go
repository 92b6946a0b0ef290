// Package pricelist reads price lists: CSV with a line of headings, in UTF-8, the columns divided by commas, semicolons
// or tabs. A line that cannot be read is told with its number and the reason, and does not stop the rest.
//
// Known headings are barcode, code, name, name_en, group, group_en, price, vat and unit, or their Russian names; name and price
// must be there, others are ignored. Several barcodes stand in one cell with spaces between. Without a rate a product
// is sold at VAT 22 %, without a unit in pieces.
package pricelist

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"kassa/register"
)

// Errors of reading.
var (
	// ErrNotAList tells that a file is no price list at all.
	ErrNotAList = errors.New("pricelist: not a price list")
	// ErrBadLine tells that one line cannot be read; the error is a *BadLine.
	ErrBadLine = errors.New("pricelist: line cannot be read")
)

// BadLine is a line that cannot be read.
type BadLine struct {
	Line   int // from 1, the headings included
	Reason Reason
	Value  string // what stands there, shortened
}

// Reason tells what is wrong with a line.
type Reason string

// The reasons.
const (
	ReasonColumns Reason = "columns" // quotes or columns are broken
	ReasonName    Reason = "name"
	ReasonPrice   Reason = "price"
	ReasonVAT     Reason = "vat"
	ReasonUnit    Reason = "unit"
	ReasonBarcode Reason = "barcode"
	ReasonText    Reason = "text"  // not UTF-8, or control characters
	ReasonOther   Reason = "other" // the register refuses the product
	ReasonTwice   Reason = "twice" // the barcode or the code stood in an earlier line
)

func (b *BadLine) Error() string {
	return fmt.Sprintf("pricelist: line %d: %s: %q", b.Line, b.Reason, b.Value)
}

// Is makes every BadLine match ErrBadLine.
func (b *BadLine) Is(target error) bool { return target == ErrBadLine }

// maxLine is the size of the buffer that the headings must fit in.
const maxLine = 64 << 10

// Reader reads one price list.
type Reader struct {
	csv     *csv.Reader
	columns map[string]int
	seen    map[string]struct{}
}

var headings = map[string]string{
	"barcode": "barcode", "barcodes": "barcode", "штрихкод": "barcode", "штрих-код": "barcode", "ean": "barcode",
	"code": "code", "код": "code",
	"name": "name", "название": "name", "наименование": "name", "товар": "name",
	"name_en": "name_en",
	"group":   "group", "группа": "group",
	"group_en": "group_en",
	"price":    "price", "цена": "price",
	"vat": "vat", "ндс": "vat", "ставка ндс": "vat",
	"unit": "unit", "ед": "unit", "ед.": "unit", "единица": "unit", "ед. изм.": "unit",
}

// NewReader reads the headings. The error is ErrNotAList.
func NewReader(r io.Reader) (*Reader, error) {
	b := bufio.NewReaderSize(r, maxLine)
	if bom, err := b.Peek(3); err == nil && bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		b.Discard(3)
	}
	head, err := b.Peek(4096)
	if len(head) == 0 || err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: it is empty", ErrNotAList)
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if bytes.IndexByte(head, 0) >= 0 || !utf8.Valid(line) {
		return nil, fmt.Errorf("%w: it is not text in UTF-8", ErrNotAList)
	}
	c := csv.NewReader(b)
	c.Comma = divider(line)
	c.FieldsPerRecord = -1
	c.LazyQuotes = true
	c.ReuseRecord = true
	record, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: the headings: %w", ErrNotAList, err)
	}
	rd := &Reader{csv: c, columns: map[string]int{}, seen: map[string]struct{}{}}
	for i, h := range record {
		if known, ok := headings[strings.ToLower(strings.TrimSpace(h))]; ok {
			if _, twice := rd.columns[known]; !twice {
				rd.columns[known] = i
			}
		}
	}
	for _, must := range []string{"name", "price"} {
		if _, ok := rd.columns[must]; !ok {
			return nil, fmt.Errorf("%w: no column %q in the first line", ErrNotAList, must)
		}
	}
	return rd, nil
}

func divider(line []byte) rune {
	best, most := ',', 0
	for _, d := range ",;\t" {
		if n := bytes.Count(line, []byte(string(d))); n > most {
			best, most = d, n
		}
	}
	return best
}

// Next gives the next product, with no id yet. The error is io.EOF at the end, a *BadLine, after which reading goes on,
// or what the file's reader said.
func (r *Reader) Next() (register.Product, error) {
	record, err := r.csv.Read()
	line, _ := r.csv.FieldPos(0)
	var broken *csv.ParseError
	switch {
	case errors.As(err, &broken):
		return register.Product{}, &BadLine{Line: broken.Line, Reason: ReasonColumns}
	case err != nil:
		return register.Product{}, err
	}
	p, bad := r.product(record)
	if bad != nil {
		bad.Line = line
		bad.Value = shorten(bad.Value)
		return p, bad
	}
	return p, nil
}

func (r *Reader) cell(record []string, column string) string {
	i, ok := r.columns[column]
	if !ok || i >= len(record) {
		return ""
	}
	return strings.TrimSpace(record[i])
}

func (r *Reader) product(record []string) (register.Product, *BadLine) {
	for _, c := range record {
		if !utf8.ValidString(c) {
			return register.Product{}, &BadLine{Reason: ReasonText, Value: strings.ToValidUTF8(c, "?")}
		}
	}
	p := register.Product{
		Code: r.cell(record, "code"), Name: oneLine(r.cell(record, "name")), NameEn: oneLine(r.cell(record, "name_en")),
		Group: oneLine(r.cell(record, "group")), GroupEn: oneLine(r.cell(record, "group_en")), Barcodes: strings.Fields(r.cell(record, "barcode")),
		Unit: register.Piece, VAT: register.VAT22,
	}
	if p.Name == "" {
		return p, &BadLine{Reason: ReasonName}
	}
	p.Name, p.NameEn = fit(p.Name), fit(p.NameEn)
	var err error
	if p.Price, err = register.ParseMoney(r.cell(record, "price")); err != nil {
		return p, &BadLine{Reason: ReasonPrice, Value: r.cell(record, "price")}
	}
	if text := r.cell(record, "vat"); text != "" {
		if p.VAT, err = register.ParseVAT(text); err != nil {
			return p, &BadLine{Reason: ReasonVAT, Value: text}
		}
	}
	if text := r.cell(record, "unit"); text != "" {
		var ok bool
		if p.Unit, ok = units[strings.ToLower(text)]; !ok {
			return p, &BadLine{Reason: ReasonUnit, Value: text}
		}
	}
	return p, r.check(p)
}

func (r *Reader) check(p register.Product) *BadLine {
	keys := make([]string, 0, 2)
	for _, b := range p.Barcodes {
		if register.CheckBarcode(b) != nil {
			return &BadLine{Reason: ReasonBarcode, Value: b}
		}
		keys = append(keys, "b"+b)
	}
	if p.Code != "" {
		keys = append(keys, "c"+p.Code)
	}
	p.ID = "-"
	if err := p.Check(); err != nil {
		return &BadLine{Reason: ReasonOther, Value: err.Error()}
	}
	for _, k := range keys {
		if _, twice := r.seen[k]; twice {
			return &BadLine{Reason: ReasonTwice, Value: k[1:]}
		}
	}
	for _, k := range keys {
		r.seen[k] = struct{}{}
	}
	return nil
}

var units = map[string]register.Unit{
	"pcs": register.Piece, "шт": register.Piece, "шт.": register.Piece, "piece": register.Piece,
	"kg": register.Kilogram, "кг": register.Kilogram, "кг.": register.Kilogram,
	"l": register.Litre, "л": register.Litre, "л.": register.Litre,
	"m": register.Metre, "м": register.Metre, "м.": register.Metre,
}

// oneLine makes one line of a cell that holds several.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// fit cuts a name to what a receipt can hold.
func fit(name string) string {
	if utf8.RuneCountInString(name) <= register.MaxName {
		return name
	}
	return strings.TrimSpace(string([]rune(name)[:register.MaxName-1])) + "…"
}

func shorten(text string) string {
	runes := []rune(text)
	if len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}
