package pricelist

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// openText learns a text's encoding, its line breaks and what divides its columns.
func (f *File) openText() error {
	raw, err := f.unpacked(nil)
	if err != nil {
		return err
	}
	head, err := io.ReadAll(io.LimitReader(raw, maxHead))
	if err != nil {
		return f.torn(err)
	}
	cut := len(head) == maxHead
	if err := refuse(head); err != nil {
		return err
	}
	f.format.Kind = KindCSV
	if f.format.Encoding, err = f.encoding(head, raw, cut); err != nil {
		return err
	}
	text, err := io.ReadAll(decoded(bytes.NewReader(head), f.format.Encoding))
	if err != nil {
		return &NotAList{Why: WhyEncoding, Err: err}
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return &NotAList{Why: WhyBinary}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return &NotAList{Why: WhyEmpty}
	}
	f.format.newline = '\n'
	if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0 {
		f.format.newline = '\r'
	}
	return f.chooseDivider(text, cut)
}

// encoding learns how a text is written; where it begins in plain ASCII, from its first letters beyond.
func (f *File) encoding(head []byte, rest io.Reader, more bool) (Encoding, error) {
	for more && plain(head) {
		next := make([]byte, maxHead)
		n, err := io.ReadFull(rest, next)
		if more = err == nil; n == 0 {
			break // a file that is torn here is found out by whoever reads it
		}
		head = next[:n]
	}
	return encodingOf(head, more)
}

func plain(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// chooseDivider takes the divider with which headings are found, or else the most lines have the same number of columns.
func (f *File) chooseDivider(text []byte, cut bool) error {
	if cut {
		// The last line may be torn.
		text = text[:bytes.LastIndexByte(text, f.format.newline)+1]
	}
	best, bestScore := "", -1
	var bestHead [][]string
	var bestLines []int
	for _, d := range []string{";", "\t", ",", "|"} {
		head, lines, err := headOf(newCSVRows(bytes.NewReader(text), d[0], f.format.newline))
		if err != nil {
			return err
		}
		if score := dividerScore(head); score > bestScore {
			best, bestScore, bestHead, bestLines = d, score, head, lines
		}
	}
	f.format.Divider = best
	if len(bestHead) == 0 && cut {
		return &NotAList{Why: WhyNoTable, Detail: "the first line has no end"}
	}
	return f.take(bestHead, bestLines)
}

// dividerScore tells how much like a table lines look.
func dividerScore(head [][]string) int {
	widths := map[int]int{}
	most := 0
	for _, cells := range head {
		if n := len(cells); n > 1 {
			widths[n]++
			most = max(most, widths[n])
		}
	}
	score := 0
	if len(head) > 0 {
		score = 100 * most / len(head)
	}
	return score + 100*findLayout(head).score
}

// unpacked gives a text's bytes as they are before decoding. read, if not nil, is told how many bytes of the file were used.
func (f *File) unpacked(read *int64) (io.Reader, error) {
	var r io.Reader = io.NewSectionReader(f.src, 0, f.size)
	if read != nil {
		r = &counter{r, read}
	}
	if !f.format.Packed {
		return r, nil
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, damaged("a gzip file", err)
	}
	return &limited{z, maxText}, nil
}

// torn tells a damaged file from a disk that fails.
func (f *File) torn(err error) error {
	switch {
	case errors.Is(err, ErrNotAList):
		return err
	case f.format.Packed && !errors.Is(err, os.ErrClosed):
		return damaged("a gzip file", err)
	}
	return fmt.Errorf("reading the price list: %w", err)
}

type counter struct {
	io.Reader
	n *int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += int64(n)
	return n, err
}

// limited ends in an error where io.LimitReader would end quietly.
type limited struct {
	io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, &NotAList{Why: WhyTooBig}
	}
	return n, err
}
