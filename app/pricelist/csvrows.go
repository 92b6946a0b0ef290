package pricelist

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// rows gives a list's lines as cells, one after the other, empty lines without cells. The cells are good until the next call. The error is io.EOF at
// the end, or a *BadLine, after which reading goes on.
type rows interface {
	next() (cells []string, line int, err error)
	close() error
}

// Limits of one record of text. A quoted cell may hold line breaks, but one that goes on for longer than this is taken
// for a quote that somebody forgot to close: its first line alone is lost.
const (
	maxRecord      = 64 << 10
	maxRecordLines = 32
)

// csvRows reads records of RFC 4180 from UTF-8 text, more patiently than encoding/csv: a cell whose quotes are not where
// they should be is taken as it stands.
type csvRows struct {
	r       io.Reader
	divider byte
	newline byte
	buf     []byte
	at, end int // what is read and not used yet
	eof     bool
	line    int // how many lines were used
	cells   []string
}

func newCSVRows(r io.Reader, divider, newline byte) *csvRows {
	return &csvRows{r: r, divider: divider, newline: newline, buf: make([]byte, 4*maxRecord)}
}

func (c *csvRows) close() error { return nil }

func (c *csvRows) next() ([]string, int, error) {
	size, err := c.lineEnd(0)
	if err != nil {
		return nil, c.line + 1, err
	}
	if size == 0 {
		return nil, c.line, io.EOF
	}
	if size > maxRecord {
		return nil, c.line + 1, c.skipLong()
	}
	text := c.trimmed(size)
	line := c.line + 1
	if len(text) == 0 {
		c.use(size, 1)
		return nil, line, nil
	}
	if bytes.IndexByte(text, '"') >= 0 {
		return c.quoted(size, line)
	}
	c.use(size, 1)
	if !utf8.Valid(text) {
		return nil, line, badText(text, line)
	}
	c.split(string(text))
	return c.cells, line, nil
}

// lineEnd gives the length of the line that begins at an offset from what is used, its line break included; more than
// maxRecord when it is longer. Zero means that there is nothing left.
func (c *csvRows) lineEnd(from int) (int, error) {
	searched := from
	for {
		window := c.buf[c.at:c.end]
		if i := bytes.IndexByte(window[searched:], c.newline); i >= 0 {
			return searched + i + 1 - from, nil
		}
		searched = len(window)
		if searched-from > maxRecord {
			return searched - from, nil
		}
		if c.eof {
			return searched - from, nil
		}
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
}

func (c *csvRows) fill() error {
	if c.at > 0 {
		copy(c.buf, c.buf[c.at:c.end])
		c.at, c.end = 0, c.end-c.at
	}
	n, err := c.r.Read(c.buf[c.end:])
	c.end += n
	if errors.Is(err, io.EOF) {
		c.eof = true
		return nil
	}
	return err
}

func (c *csvRows) use(size, lines int) {
	c.at += size
	c.line += lines
}

// trimmed is the first size bytes without the line break.
func (c *csvRows) trimmed(size int) []byte {
	text := c.buf[c.at : c.at+size]
	if n := len(text); n > 0 && text[n-1] == c.newline {
		text = text[:n-1]
	}
	if n := len(text); n > 0 && text[n-1] == '\r' {
		text = text[:n-1]
	}
	return text
}

// skipLong leaves out a line that is longer than any line of a list.
func (c *csvRows) skipLong() error {
	bad := &BadLine{Line: c.line + 1, Reason: ReasonLong, Value: shorten(strings.ToValidUTF8(string(c.buf[c.at:c.at+256]), "?"))}
	for {
		size, err := c.lineEnd(0)
		if err != nil {
			return err
		}
		ended := size == 0 || c.buf[c.at+size-1] == c.newline
		c.use(size, 0)
		if ended {
			c.line++
			return bad
		}
	}
}

func badText(text []byte, line int) *BadLine {
	return &BadLine{Line: line, Reason: ReasonText, Value: shorten(strings.ToValidUTF8(string(text[:min(len(text), 512)]), "?"))}
}

func (c *csvRows) split(text string) {
	c.cells = c.cells[:0]
	for len(c.cells) < maxColumns {
		i := strings.IndexByte(text, c.divider)
		if i < 0 {
			break
		}
		c.cells = append(c.cells, text[:i])
		text = text[i+1:]
	}
	c.cells = append(c.cells, text)
}

// quoted reads a record whose first line holds quotes; it may go on over several lines.
func (c *csvRows) quoted(size, line int) ([]string, int, error) {
	total := size
	for lines := 1; ; lines++ {
		text := c.trimmed(total)
		cells, state := c.splitQuoted(text, lines > 1)
		if state == whole {
			c.use(total, lines)
			if !utf8.Valid(text) {
				return nil, line, badText(text, line)
			}
			c.cells = cells
			return cells, line, nil
		}
		more := 0
		if state == open && lines < maxRecordLines {
			var err error
			if more, err = c.lineEnd(total); err != nil {
				return nil, line, err
			}
		}
		if more == 0 || total+more > maxRecord {
			first := c.trimmed(size)
			bad := &BadLine{Line: line, Reason: ReasonQuote, Value: shorten(strings.ToValidUTF8(string(first[:min(len(first), 512)]), "?"))}
			c.use(size, 1)
			return nil, line, bad
		}
		total += more
	}
}

// The ways in which a record with quotes can end.
type recordState int

const (
	whole  recordState = iota
	open               // inside a quoted cell
	broken             // a quote where none can be
)

// splitQuoted divides one record. A quoted cell that is followed by something other than a divider is, on a record's first
// line, text with quotes in it, as in "Ромашка" ООО; once the record has gone on over a line break, the quote that opened
// it was never meant to.
func (c *csvRows) splitQuoted(text []byte, longer bool) ([]string, recordState) {
	cells := c.cells[:0]
	for {
		cell, rest, state := c.quotedCell(text)
		switch {
		case state == broken && longer:
			return cells, broken
		case state == broken:
			cell, rest = c.rawCell(text)
		case state == open:
			return cells, open
		}
		if len(cells) < maxColumns {
			cells = append(cells, cell)
		}
		if rest == nil {
			return cells, whole
		}
		text = rest[1:]
	}
}

// quotedCell reads a cell; what is left begins with the divider, or is nil at the end.
func (c *csvRows) quotedCell(text []byte) (cell string, rest []byte, state recordState) {
	start := 0
	for start < len(text) && text[start] == ' ' {
		start++
	}
	if start == len(text) || text[start] != '"' {
		cell, rest = c.rawCell(text)
		return cell, rest, whole
	}
	doubled := false
	for i := start + 1; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		if i+1 < len(text) && text[i+1] == '"' {
			doubled = true
			i++
			continue
		}
		cell = string(text[start+1 : i])
		if doubled {
			cell = strings.ReplaceAll(cell, `""`, `"`)
		}
		after := i + 1
		for after < len(text) && text[after] == ' ' {
			after++
		}
		switch {
		case after == len(text):
			return cell, nil, whole
		case text[after] == c.divider:
			return cell, text[after:], whole
		}
		return "", nil, broken
	}
	return "", nil, open
}

// rawCell reads up to the next divider. Quotes around the whole of it are taken off.
func (c *csvRows) rawCell(text []byte) (cell string, rest []byte) {
	raw := text
	if i := bytes.IndexByte(text, c.divider); i >= 0 {
		raw, rest = text[:i], text[i:]
	}
	cell = string(raw)
	if n := len(cell); n > 1 && cell[0] == '"' && cell[n-1] == '"' {
		cell = cell[1 : n-1]
	}
	return cell, rest
}
