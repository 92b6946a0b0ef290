package pricelist

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// Limits against workbooks that are small on the disk and huge when unpacked. Sheets are streamed: for them time is what
// has an end, not memory.
const (
	maxDirectory = 16 << 20  // of the parts that say where the sheets are
	maxShared    = 256 << 20 // of the texts that cells share
	maxSheets    = 256
	maxParts     = 100_000
)

// workbook is an XLSX file (ECMA-376): a ZIP whose parts are XML. It is read here rather than by excelize, which takes
// some twenty seconds for each pass over 800,000 rows, cannot tell a number from a text that looks like one, and ends
// quietly where a sheet's XML is broken. excelize writes, and in the tests it checks what is read here.
type workbook struct {
	parts  map[string]*zip.File // by their names in lower case
	sheets map[string]string    // a sheet's name: its part
	shared sharedTexts
}

// openBook opens a workbook at its first sheet that looks like a list. The error is a *NotAList.
func (f *File) openBook() error {
	z, err := zip.NewReader(f.src, f.size)
	if err != nil {
		return damaged("a ZIP without its directory", err)
	}
	if len(z.File) > maxParts {
		return &NotAList{Why: WhyTooBig}
	}
	w := &workbook{parts: map[string]*zip.File{}, sheets: map[string]string{}}
	for _, p := range z.File {
		w.parts[partName(p.Name)] = p
	}
	names, err := w.directory()
	if err != nil {
		return err
	}
	f.book = w
	f.format.Kind, f.format.Sheets = KindXLSX, names
	return f.chooseSheet("")
}

func partName(name string) string {
	return strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(name, "\\", "/")), "/")
}

// directory learns the sheets' names, in order, and reads the texts that their cells share.
func (w *workbook) directory() ([]string, error) {
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"` // r:id, in one of two namespaces
		} `xml:"sheets>sheet"`
	}
	if err := w.decode(main, &book); err != nil {
		return nil, err
	}
	related, err := w.relations(main)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range book.Sheets {
		r, ok := related[s.ID]
		if !ok || !strings.HasSuffix(r.kind, "/worksheet") || w.parts[r.part] == nil || w.sheets[s.Name] != "" || len(names) == maxSheets {
			continue // a sheet of a chart or of macros
		}
		w.sheets[s.Name] = r.part
		names = append(names, s.Name)
	}
	if len(names) == 0 {
		return nil, damaged(main, errors.New("no sheets"))
	}
	for _, r := range related {
		if strings.HasSuffix(r.kind, "/sharedStrings") && w.parts[r.part] != nil {
			return names, w.readShared(r.part)
		}
	}
	return names, nil
}

// mainPart finds the workbook's own part. The error says what else the ZIP may be.
func (w *workbook) mainPart() (string, error) {
	const usual = "xl/workbook.xml"
	if w.parts[usual] != nil {
		return usual, nil
	}
	if related, err := w.relations(""); err == nil {
		for _, r := range related {
			if strings.HasSuffix(r.kind, "/officeDocument") && w.parts[r.part] != nil && strings.HasSuffix(r.part, ".xml") && strings.Contains(r.part, "workbook") {
				return r.part, nil
			}
		}
	}
	if w.parts["[content_types].xml"] != nil || w.parts["mimetype"] != nil {
		return "", &NotAList{Why: WhyDocument}
	}
	return "", &NotAList{Why: WhyArchive}
}

type relation struct{ kind, part string }

// relations are the parts that a part refers to, by id; of the whole package when it has no name.
func (w *workbook) relations(part string) (map[string]relation, error) {
	dir, base := path.Split(part)
	name := dir + "_rels/" + base + ".rels"
	var list struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := w.decode(name, &list); err != nil {
		return nil, err
	}
	out := make(map[string]relation, len(list.All))
	for _, r := range list.All {
		target := strings.ReplaceAll(r.Target, "\\", "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		out[r.ID] = relation{r.Type, partName(target)}
	}
	return out, nil
}

// decode reads one of the small parts. The error is a *NotAList.
func (w *workbook) decode(name string, to any) error {
	r, err := w.open(name, maxDirectory)
	if err != nil {
		return err
	}
	if err := errors.Join(xml.NewDecoder(r).Decode(to), r.Close()); err != nil {
		return damaged(name, err)
	}
	return nil
}

// open opens a part of no more than a number of bytes. The error is a *NotAList.
func (w *workbook) open(name string, limit int64) (io.ReadCloser, error) {
	p := w.parts[name]
	if p == nil {
		return nil, damaged(name, errors.New("there is no such part"))
	}
	if p.UncompressedSize64 > uint64(limit) {
		return nil, &NotAList{Why: WhyTooBig, Detail: name}
	}
	r, err := p.Open()
	if err != nil {
		return nil, damaged(name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{&limited{r, limit}, r}, nil
}

// chooseSheet reads the beginning of a sheet; without a name, of the first one with headings, or else of the first one
// with anything.
func (f *File) chooseSheet(name string) error {
	if name != "" {
		if !slices.Contains(f.format.Sheets, name) {
			return &NotAList{Why: WhyNoSheet, Detail: name}
		}
		return f.trySheet(name)
	}
	var fallback *File
	var firstErr error
	for _, s := range f.format.Sheets {
		next := *f
		err := next.trySheet(s)
		switch {
		case err == nil && next.layout.row >= 0:
			*f = next
			return nil
		case err == nil && fallback == nil:
			fallback = &next
		case err != nil && firstErr == nil:
			firstErr = err
		}
	}
	if fallback == nil {
		return firstErr
	}
	*f = *fallback
	return nil
}

func (f *File) trySheet(name string) error {
	r, err := f.book.rows(name, f.size, nil)
	if err != nil {
		return err
	}
	head, lines, err := headOf(r)
	if err := errors.Join(err, r.close()); err != nil {
		return err
	}
	f.format.Sheet = name
	return f.take(head, lines)
}

// rows begins a pass over a sheet. read, if not nil, is told how far it is, as a share of the file's size.
func (w *workbook) rows(sheet string, size int64, read *int64) (rows, error) {
	name := w.sheets[sheet]
	r, err := w.open(name, maxText)
	if err != nil {
		return nil, err
	}
	s := &sheetRows{part: name, closer: r, shared: &w.shared}
	if read == nil {
		s.tokens = newTokens(r)
		return s, nil
	}
	s.tokens = newTokens(&share{r: r, total: int64(w.parts[name].UncompressedSize64), of: size, to: read})
	return s, nil
}

// share tells how far a reader is, as a share of another size.
type share struct {
	r            io.Reader
	n, total, of int64
	to           *int64
}

func (s *share) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.n += int64(n)
	if s.total > 0 {
		*s.to = int64(float64(s.of) * min(1, float64(s.n)/float64(s.total)))
	}
	return n, err
}
