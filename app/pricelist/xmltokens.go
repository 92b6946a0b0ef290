package pricelist

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// tokens reads the XML of a workbook's large parts: tags and the text between them, in a single pass and with no memory
// per token. encoding/xml gives the same at a fifth of the speed, which is what a list of a million goods would wait for.
type tokens struct {
	r       io.Reader
	buf     []byte
	at, end int
	eof     bool

	// The token that next has found, good until the next call.
	kind  tokenKind
	name  []byte // of a tag, without its namespace
	attrs []byte // of a start tag, unparsed
	text  []byte // between tags, unescaped

	closing bool // the start tag just given ends itself
}

type tokenKind int

const (
	tokenStart tokenKind = iota
	tokenEnd
	tokenText
)

// maxToken bounds one tag or text. A cell of a spreadsheet holds 32,767 letters at most.
const maxToken = 1 << 20

var errXML = errors.New("malformed XML")

func newTokens(r io.Reader) *tokens { return &tokens{r: r, buf: make([]byte, 64<<10)} }

// next finds the next token. The error is io.EOF between tokens, errXML, or what the reader says.
func (t *tokens) next() error {
	if t.closing {
		t.closing, t.kind = false, tokenEnd
		return nil
	}
	for {
		if t.at == t.end {
			if err := t.fill(); err != nil {
				return err
			}
		}
		if t.buf[t.at] != '<' {
			return t.takeText()
		}
		size, err := t.find([]byte(">"), 1)
		if err != nil {
			return err
		}
		if size > 2 && (t.buf[t.at+1] == '!' || t.buf[t.at+1] == '?') {
			found, err := t.takeSpecial()
			if found || err != nil {
				return err
			}
			continue
		}
		return t.takeTag()
	}
}

// fill reads more, making room where the token fills the buffer. The error is io.EOF when there is no more.
func (t *tokens) fill() error {
	if t.eof {
		return io.EOF
	}
	if t.at > 0 {
		copy(t.buf, t.buf[t.at:t.end])
		t.at, t.end = 0, t.end-t.at
	}
	if t.end == len(t.buf) {
		if len(t.buf) >= maxToken {
			return errXML
		}
		t.buf = append(t.buf, make([]byte, len(t.buf))...)
	}
	n, err := io.ReadAtLeast(t.r, t.buf[t.end:], 1)
	t.end += n
	if errors.Is(err, io.EOF) {
		t.eof = true
		return io.EOF
	}
	return err
}

// find gives how long the token is up to and including a mark, which is searched for from an offset on.
func (t *tokens) find(mark []byte, from int) (int, error) {
	for {
		if window := t.buf[t.at:t.end]; from < len(window) {
			if i := bytes.Index(window[from:], mark); i >= 0 {
				return from + i + len(mark), nil
			}
			from = max(from, len(window)-len(mark)+1)
		}
		if err := t.fill(); errors.Is(err, io.EOF) {
			return 0, errXML
		} else if err != nil {
			return 0, err
		}
	}
}

func (t *tokens) takeText() error {
	from := 0
	for {
		window := t.buf[t.at:t.end]
		if i := bytes.IndexByte(window[from:], '<'); i >= 0 {
			t.kind, t.text = tokenText, unescape(window[:from+i])
			t.at += from + i
			return nil
		}
		from = len(window)
		if err := t.fill(); errors.Is(err, io.EOF) {
			t.kind, t.text = tokenText, unescape(t.buf[t.at:t.end])
			t.at = t.end
			return nil
		} else if err != nil {
			return err
		}
	}
}

// takeSpecial reads a comment, a declaration or CDATA; only the last is a token. A document type is refused: no workbook has
// one, and what it can declare is a way to attack.
func (t *tokens) takeSpecial() (found bool, err error) {
	const cdata = "<![CDATA["
	end := "?>"
	switch window := t.buf[t.at:t.end]; {
	case bytes.HasPrefix(window, []byte("<!--")):
		end = "-->"
	case bytes.HasPrefix(window, []byte(cdata)):
		end = "]]>"
	case bytes.HasPrefix(window, []byte("<!")):
		return false, errXML
	}
	size, err := t.find([]byte(end), 2)
	if err != nil {
		return false, err
	}
	body := t.buf[t.at : t.at+size]
	t.at += size
	if end != "]]>" {
		return false, nil
	}
	t.kind, t.text = tokenText, body[len(cdata):size-len(end)]
	return true, nil
}

func (t *tokens) takeTag() error {
	size, err := t.tagEnd()
	if err != nil {
		return err
	}
	tag := t.buf[t.at+1 : t.at+size-1]
	t.at += size
	t.kind = tokenStart
	switch {
	case len(tag) > 0 && tag[0] == '/':
		t.kind, tag = tokenEnd, tag[1:]
	case len(tag) > 0 && tag[len(tag)-1] == '/':
		t.closing, tag = true, tag[:len(tag)-1]
	}
	t.attrs = nil
	if i := bytes.IndexAny(tag, " \t\r\n"); i >= 0 {
		tag, t.attrs = tag[:i], tag[i:]
	}
	if i := bytes.IndexByte(tag, ':'); i >= 0 {
		tag = tag[i+1:]
	}
	if len(tag) == 0 {
		return errXML
	}
	t.name = tag
	return nil
}

// tagEnd gives the length of a tag; an attribute's value may hold a ">".
func (t *tokens) tagEnd() (int, error) {
	size, err := t.find([]byte(">"), 1)
	for err == nil {
		tag := t.buf[t.at : t.at+size]
		if quotesClosed(tag) {
			return size, nil
		}
		size, err = t.find([]byte(">"), size)
	}
	return 0, err
}

func quotesClosed(tag []byte) bool {
	var open byte
	for _, c := range tag {
		switch {
		case open == 0 && (c == '"' || c == '\''):
			open = c
		case c == open:
			open = 0
		}
	}
	return open == 0
}

// attr gives an attribute's value as it is written, or nil.
func (t *tokens) attr(name string) []byte {
	rest := t.attrs
	for {
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimSpace(rest[:eq])
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if rest[0] != '"' && rest[0] != '\'' || end < 0 {
			return nil
		}
		if string(key) == name {
			return rest[1 : end+1]
		}
		rest = rest[end+2:]
	}
}

// unescape puts characters for the entities of a text, in place.
func unescape(text []byte) []byte {
	from := bytes.IndexByte(text, '&')
	if from < 0 {
		return text
	}
	out := text[:from]
	for rest := text[from:]; len(rest) > 0; {
		if rest[0] != '&' {
			i := bytes.IndexByte(rest, '&')
			if i < 0 {
				i = len(rest)
			}
			out, rest = append(out, rest[:i]...), rest[i:]
			continue
		}
		r, size := entity(rest)
		if size == 0 {
			out, rest = append(out, '&'), rest[1:]
			continue
		}
		out, rest = utf8.AppendRune(out, r), rest[size:]
	}
	return out
}

// entity reads "&lt;" or "&#1071;"; a size of zero means that it is none.
func entity(text []byte) (r rune, size int) {
	end := bytes.IndexByte(text[:min(len(text), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(text[1:end])
	switch name {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	}
	if name[0] != '#' {
		return 0, 0
	}
	base, digits := 10, name[1:]
	if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
		base, digits = 16, digits[1:]
	}
	v, err := strconv.ParseUint(digits, base, 32)
	// The shortest entity is four bytes for a character below 10, so what is written never overtakes what is read.
	if err != nil || v > utf8.MaxRune || !utf8.ValidRune(rune(v)) {
		return 0, 0
	}
	return rune(v), end + 1
}
