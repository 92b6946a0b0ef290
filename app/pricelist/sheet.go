package pricelist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// sharedTexts are the texts that a workbook keeps apart from its cells, one after the other.
type sharedTexts struct {
	all  []byte
	ends []uint32
}

func (s *sharedTexts) at(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return string(s.all[from:s.ends[i]]), true
}

func (w *workbook) readShared(part string) error {
	r, err := w.open(part, 2*maxShared)
	if err != nil {
		return err
	}
	err = w.shared.read(newTokens(r))
	switch err := errors.Join(err, r.Close()); {
	case errors.Is(err, ErrNotAList):
		return err
	case err != nil:
		return damaged(part, err)
	}
	return nil
}

func (s *sharedTexts) read(t *tokens) error {
	var text richText
	for {
		err := t.next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("the shared texts end early: %w", errXML)
		}
		if err != nil {
			return err
		}
		text.take(t)
		if t.kind != tokenEnd {
			continue
		}
		switch string(t.name) {
		case "si":
			s.all = append(s.all, decodeBstr(text.bytes)...)
			s.ends = append(s.ends, uint32(len(s.all)))
			if len(s.all)+4*len(s.ends) > maxShared {
				return &NotAList{Why: WhyTooBig}
			}
			text.bytes = text.bytes[:0]
		case "sst":
			return nil
		}
	}
}

// richText gathers the text of a shared or inline text: what stands in its <t>, but for the reading aids of <rPh>.
type richText struct {
	bytes  []byte
	inText bool
	aid    bool
}

func (x *richText) take(t *tokens) {
	switch t.kind {
	case tokenText:
		if x.inText && !x.aid {
			x.bytes = append(x.bytes, t.text...)
		}
		return
	case tokenStart, tokenEnd:
		switch string(t.name) {
		case "t":
			x.inText = t.kind == tokenStart
		case "rPh":
			x.aid = t.kind == tokenStart
		}
	}
}

// bstr is how a spreadsheet writes characters that XML cannot hold (ECMA-376, 22.9.2.19).
var bstr = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

func decodeBstr(text []byte) []byte {
	if !bytes.Contains(text, []byte("_x")) {
		return text
	}
	return bstr.ReplaceAllFunc(text, func(m []byte) []byte {
		v, err := strconv.ParseUint(string(m[2:6]), 16, 32)
		if err != nil || !utf8.ValidRune(rune(v)) {
			return m
		}
		return utf8.AppendRune(nil, rune(v))
	})
}

// sheetRows reads the rows of a sheet.
type sheetRows struct {
	*tokens
	part   string
	closer io.Closer
	shared *sharedTexts
	inside bool // <sheetData>
	done   bool
	row    int
	cells  []string
	cell   cell
}

// cell is the one that is being read.
type cell struct {
	column  int // from 0
	kind    string
	value   []byte
	inValue bool
	inline  richText
}

func (s *sheetRows) close() error { return s.closer.Close() }

func (s *sheetRows) next() ([]string, int, error) {
	if s.done {
		return nil, s.row, io.EOF
	}
	s.cells = s.cells[:0]
	for {
		err := s.tokens.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil, s.row, s.fault(fmt.Errorf("the sheet ends early: %w", errXML))
		case errors.Is(err, ErrNotAList):
			return nil, s.row, err
		case err != nil:
			return nil, s.row, s.fault(err)
		}
		over, err := s.token()
		switch {
		case err != nil:
			return nil, s.row, s.fault(err)
		case s.done:
			return nil, s.row, io.EOF
		case over:
			return s.cells, s.row, nil
		}
	}
}

func (s *sheetRows) fault(err error) error {
	return damaged(fmt.Sprintf("%s after row %d", s.part, s.row), err)
}

// token takes in what was just read and tells whether a row is over.
func (s *sheetRows) token() (rowOver bool, err error) {
	if s.kind == tokenText {
		switch {
		case s.cell.inValue:
			s.cell.value = append(s.cell.value, s.text...)
		default:
			s.cell.inline.take(s.tokens)
		}
		return false, nil
	}
	start := s.kind == tokenStart
	switch string(s.name) {
	case "sheetData":
		s.inside, s.done = start, !start
	case "worksheet":
		s.done = !start // a sheet with no data at all
	case "row":
		if s.inside && start {
			return false, s.startRow()
		}
		return s.inside, nil
	case "c":
		if s.inside && start {
			return false, s.startCell()
		}
		return false, s.endCell()
	case "v":
		s.cell.inValue = start
	default:
		s.cell.inline.take(s.tokens)
	}
	return false, nil
}

func (s *sheetRows) startRow() error {
	before := s.row
	s.row++
	s.cell.column = -1
	if r := s.attr("r"); r != nil {
		n, err := strconv.Atoi(string(r))
		if err != nil || n <= before {
			return fmt.Errorf("row %q: %w", shorten(string(r)), errXML)
		}
		s.row = n
	}
	return nil
}

func (s *sheetRows) startCell() error {
	c := &s.cell
	c.column++
	c.kind, c.value = "", c.value[:0]
	c.inline = richText{bytes: c.inline.bytes[:0]}
	if ref := s.attr("r"); ref != nil {
		letters := bytes.TrimRight(ref, "0123456789")
		n, ok := columnNumber(string(letters))
		if !ok || len(letters) > 3 {
			return fmt.Errorf("cell %q: %w", shorten(string(ref)), errXML)
		}
		c.column = n - 1
	}
	switch t := string(s.attr("t")); t {
	case "s", "str", "inlineStr", "b", "e", "d":
		c.kind = t
	}
	return nil
}

func (s *sheetRows) endCell() error {
	text := ""
	switch s.cell.kind {
	case "s":
		if len(s.cell.value) == 0 {
			break
		}
		i, err := strconv.Atoi(string(bytes.TrimSpace(s.cell.value)))
		if err != nil {
			return fmt.Errorf("a shared text %q: %w", shorten(string(s.cell.value)), errXML)
		}
		var ok bool
		if text, ok = s.shared.at(i); !ok {
			return fmt.Errorf("there is no shared text %d: %w", i, errXML)
		}
	case "inlineStr":
		text = string(decodeBstr(s.cell.inline.bytes))
	case "str":
		text = string(decodeBstr(s.cell.value))
	case "":
		text = asShown(string(s.cell.value))
	default:
		text = string(s.cell.value)
	}
	i := s.cell.column
	if text == "" || i < 0 || i >= maxColumns {
		return nil
	}
	for len(s.cells) <= i {
		s.cells = append(s.cells, "")
	}
	s.cells[i] = strings.ToValidUTF8(text, "\ufffd")
	return nil
}

// asShown writes a number as people do: without an exponent, and without the dust that binary fractions leave, as in
// 4.600000000017E12 or 84.899999999999991. Spreadsheets count with fifteen digits.
func asShown(number string) string {
	if len(number) <= 12 && !strings.ContainsAny(number, "Ee") {
		return number
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || v > 1e18 || v < -1e18 {
		return number
	}
	short := strconv.FormatFloat(v, 'f', 9, 64)
	if cut := strings.TrimRight(short, "0"); len(cut) < len(short)-4 {
		return strings.TrimSuffix(cut, ".")
	}
	if v, err = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64); err != nil {
		return number
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
