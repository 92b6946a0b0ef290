package pricelist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// File is an open price list. Its methods may be called from several goroutines, except that nothing else may run during
// Choose and Close.
type File struct {
	src    io.ReaderAt
	size   int64
	closer io.Closer
	book   *workbook // nil for text
	format Format
	layout layout
	head   [][]string // the first lines
	lines  []int      // their numbers
}

// Format is what a file turned out to be.
type Format struct {
	Kind     Kind
	Packed   bool     // with gzip
	Encoding Encoding // of a text
	Divider  string   // between the columns of a text
	Sheets   []string // of a workbook
	Sheet    string   // the one that is read
	Headings int      // the line with the headings, from 1; 0 when there is none

	newline byte
}

// Choice overrules what Open has guessed; empty fields leave it guessed.
type Choice struct {
	Sheet    string // of a workbook
	Headings int    // the line with the headings; -1 says that there is none
}

const (
	maxHeadLines = 200       // how many lines Guess and Sample see
	maxBlank     = 100_000   // how many empty lines Open looks through
	maxText      = 4 << 30   // of a text, unpacked: time, not memory, is what a larger one would cost
	maxRead      = 256 << 20 // of a list that comes from a reader
)

// Open opens a price list. The error is a *NotAList, or what the file system says.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the price list: %w", err)
	}
	st, err := file.Stat()
	if err == nil && st.IsDir() {
		err = &NotAList{Why: WhyBinary, Detail: "a folder"}
	}
	var f *File
	if err == nil {
		f, err = OpenReader(file, st.Size())
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	f.closer = file
	return f, nil
}

// NewReader reads a whole list into memory and opens it.
func NewReader(r io.Reader) (*File, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxRead+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the price list: %w", err)
	case len(data) > maxRead:
		return nil, &NotAList{Why: WhyTooBig}
	}
	return OpenReader(bytes.NewReader(data), int64(len(data)))
}

// OpenReader opens a price list of size bytes. What it is shows in its bytes, whatever its name was. The error is a
// *NotAList, or what r says.
func OpenReader(r io.ReaderAt, size int64) (*File, error) {
	f := &File{src: r, size: size}
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the price list: %w", err)
	}
	var err error
	switch {
	case bytes.HasPrefix(head, []byte(oleMagic)):
		return nil, refuseOLE(io.NewSectionReader(r, 0, size))
	case bytes.HasPrefix(head, []byte("PK")) && len(head) > 3 && head[2] < 9 && head[3] < 9:
		err = f.openBook()
	default:
		f.format.Packed = bytes.HasPrefix(head, []byte("\x1f\x8b"))
		err = f.openText()
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Close closes the file that Open has opened.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Format tells what the file turned out to be.
func (f *File) Format() Format {
	out := f.format
	out.Sheets = slices.Clone(out.Sheets)
	return out
}

// Width is how many columns there are, as far as the first lines show.
func (f *File) Width() int {
	width := len(f.layout.headings)
	for _, cells := range f.head {
		width = max(width, len(cells))
	}
	return width
}

// Headings are the columns' names, "" for a column that has none; as many as Width says.
func (f *File) Headings() []string {
	out := make([]string, f.Width())
	for i, h := range f.layout.headings {
		out[i] = oneLine(h)
	}
	return out
}

// Sample gives up to n of the first lines after the headings, as they stand in the file.
func (f *File) Sample(n int) [][]string {
	out := make([][]string, 0, n)
	for _, cells := range f.head[f.layout.start():] {
		if len(out) == n {
			break
		}
		out = append(out, slices.Clone(cells))
	}
	return out
}

// Guess guesses which column holds what, see the function Guess.
func (f *File) Guess() Mapping { return Guess(f.Headings(), f.Sample(maxHeadLines)) }

// Choose reads the file's beginning again, with another sheet or other headings. After an error the file is as it was. The
// error is a *NotAList.
func (f *File) Choose(c Choice) error {
	next := *f
	switch {
	case next.book != nil:
		if err := next.chooseSheet(c.Sheet); err != nil {
			return err
		}
	case c.Sheet != "":
		return &NotAList{Why: WhyNoSheet, Detail: "a text has no sheets"}
	default:
		if err := next.take(next.head, next.lines); err != nil {
			return err
		}
	}
	if c.Headings != 0 {
		next.layout = layout{row: -1}
		for i, line := range next.lines {
			if line == c.Headings {
				next.layout = layout{row: i, depth: 1, headings: next.head[i]}
			}
		}
		if c.Headings > 0 && next.layout.row < 0 {
			return &NotAList{Why: WhyColumn, Detail: fmt.Sprintf("line %d is not among the first", c.Headings)}
		}
		next.format.Headings = max(c.Headings, 0)
	}
	*f = next
	return nil
}

// start is the first line of goods, an index into the lines that were looked at.
func (l layout) start() int {
	if l.row < 0 {
		return 0
	}
	return l.row + l.depth
}

// take makes a list's first lines its own: titles, headings, goods. The error is a *NotAList.
func (f *File) take(head [][]string, lines []int) error {
	f.head, f.lines = head, lines
	f.layout = findLayout(head)
	f.format.Headings = 0
	if f.layout.row >= 0 {
		f.format.Headings = lines[f.layout.row]
	}
	switch {
	case len(head) == 0:
		return &NotAList{Why: WhyEmpty}
	case f.Width() < 2:
		return &NotAList{Why: WhyNoTable}
	}
	return nil
}

// headOf reads the first lines, leaving out those that cannot be read.
func headOf(r rows) (head [][]string, lines []int, err error) {
	blank := 0
	for len(head) < maxHeadLines {
		cells, line, err := r.next()
		switch {
		case errors.Is(err, io.EOF):
			return head, lines, nil
		case errors.Is(err, ErrBadLine):
			continue
		case err != nil:
			return nil, nil, err
		case len(cells) == 0:
			if blank++; blank > maxBlank {
				return head, lines, nil
			}
			continue
		}
		copied := make([]string, len(cells))
		for i, c := range cells {
			copied[i] = strings.Clone(c)
		}
		head, lines = append(head, copied), append(lines, line)
	}
	return head, lines, nil
}

// rows begins a pass over the goods. read is told how far the file was read.
func (f *File) rows(read *int64) (rows, error) {
	if f.book != nil {
		return f.book.rows(f.format.Sheet, f.size, read)
	}
	raw, err := f.unpacked(read)
	if err != nil {
		return nil, err
	}
	return newCSVRows(decoded(raw, f.format.Encoding), f.format.Divider[0], f.format.newline), nil
}
