package pricelist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Kind is what sort of file a list is.
type Kind string

// The kinds.
const (
	KindCSV  Kind = "csv"
	KindXLSX Kind = "xlsx"
)

// Encoding is how a text file writes its letters.
type Encoding string

// The encodings.
const (
	UTF8        Encoding = "utf-8"
	UTF16       Encoding = "utf-16"
	Windows1251 Encoding = "windows-1251"
)

// magics are the first bytes of files that are no lists.
var magics = []struct {
	bytes string
	why   Why
}{
	{"\xff\xd8\xff", WhyPicture}, {"\x89PNG", WhyPicture}, {"GIF8", WhyPicture}, {"BM", WhyPicture}, {"II*\x00", WhyPicture}, {"MM\x00*", WhyPicture},
	{"%PDF", WhyPDF}, {"Rar!", WhyArchive}, {"7z\xbc\xaf", WhyArchive}, {"\xfd7zXZ", WhyArchive}, {"BZh", WhyArchive}, {"{\\rtf", WhyDocument},
}

// refuse tells what a file is that begins so and is no list; nil when it may be one.
func refuse(head []byte) error {
	if len(head) == 0 {
		return &NotAList{Why: WhyEmpty}
	}
	for _, m := range magics {
		if !bytes.HasPrefix(head, []byte(m.bytes)) {
			continue
		}
		if m.bytes == "BM" && bytes.IndexByte(head, 0) < 0 {
			continue // a text may begin with these two letters
		}
		return &NotAList{Why: m.why}
	}
	if bytes.HasPrefix(head, []byte("RIFF")) && len(head) > 12 && string(head[8:12]) == "WEBP" {
		return &NotAList{Why: WhyPicture}
	}
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte(utf8BOM)), " \t\r\n"))
	for _, tag := range []string{"<?xml", "<!doctype", "<html", "<table", "mime-version:"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return &NotAList{Why: WhyDocument, Detail: "a web page or XML"}
		}
	}
	return nil
}

const utf8BOM = "\xef\xbb\xbf"

// oleMagic begins the container in which old Excel files lie, and new ones that have a password.
const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// refuseOLE tells the two apart: an encrypted workbook is a stream of its own in the container (MS-OFFCRYPTO, 2.3.4.4).
func refuseOLE(r io.Reader) error {
	mark := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		if bytes.Contains(buf[:kept+n], mark) {
			return &NotAList{Why: WhyPassword}
		}
		if err != nil {
			return &NotAList{Why: WhyOldExcel}
		}
		total := kept + n
		kept = min(len(mark)-1, total)
		copy(buf, buf[total-kept:total])
	}
}

// maxHead is how much of a text is looked at to learn its encoding and its columns.
const maxHead = 256 << 10

// encodingOf learns how a text is written from how it begins. The error is a *NotAList.
func encodingOf(head []byte, cut bool) (Encoding, error) {
	if len(head) >= 2 && (head[0] == 0xff && head[1] == 0xfe || head[0] == 0xfe && head[1] == 0xff) {
		return UTF16, nil
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return "", &NotAList{Why: WhyBinary}
	}
	letters, invalid := utf8Letters(head, cut)
	if invalid == 0 || letters > 4*invalid {
		return UTF8, nil
	}
	if !cyrillic1251(head) {
		return "", &NotAList{Why: WhyEncoding}
	}
	return Windows1251, nil
}

// utf8Letters counts the letters beyond ASCII, and the bytes that cannot be UTF-8. A letter that the end of a piece of
// text cuts through is neither.
func utf8Letters(text []byte, cut bool) (letters, invalid int) {
	for len(text) > 0 {
		if text[0] < utf8.RuneSelf {
			text = text[1:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case r != utf8.RuneError || size > 1:
			letters++
		case !cut || utf8.FullRune(text):
			invalid++
		}
		text = text[size:]
	}
	return letters, invalid
}

// cyrillic1251 tells whether a text makes sense in Windows-1251: nearly all of its bytes beyond ASCII are Russian letters
// or the usual signs, and small letters are the most of the letters in words. DOS and Mac texts fail here.
func cyrillic1251(text []byte) bool {
	const signs = "\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa7\xa9\xab\xae\xb0\xb1\xb7\xb9\xbb" // … ‘ ’ “ ” • – — ™ nbsp § © « ® ° ± · № »
	good, bad, cased, mixed := 0, 0, 0, 0
	for i, b := range text {
		switch {
		case b < utf8.RuneSelf:
		case b >= 0xc0, b == 0xa8, b == 0xb8: // А to я, Ё, ё
			good++
			if i > 0 && text[i-1] >= 0xe0 {
				if cased++; b >= 0xc0 && b < 0xe0 {
					mixed++ // a capital after a small letter
				}
			}
		case strings.IndexByte(signs, b) >= 0:
		default:
			bad++
		}
	}
	return good > 50*bad && 5*mixed <= cased
}

// decoded gives a text as UTF-8 without a byte order mark.
func decoded(r io.Reader, e Encoding) io.Reader {
	switch e {
	case UTF16:
		return transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case Windows1251:
		return transform.NewReader(r, charmap.Windows1251.NewDecoder())
	}
	return &afterBOM{r: r}
}

// afterBOM leaves out a byte order mark at the start.
type afterBOM struct {
	r       io.Reader
	started bool
}

func (a *afterBOM) Read(p []byte) (int, error) {
	if a.started || len(p) < len(utf8BOM) {
		return a.r.Read(p)
	}
	a.started = true
	n, err := io.ReadAtLeast(a.r, p, len(utf8BOM))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	if n >= len(utf8BOM) && string(p[:len(utf8BOM)]) == utf8BOM {
		n = copy(p, p[len(utf8BOM):n])
	}
	return n, err
}

// damaged wraps what a decompressor says.
func damaged(what string, err error) error {
	return &NotAList{Why: WhyDamaged, Detail: fmt.Sprintf("reading %s", what), Err: err}
}
