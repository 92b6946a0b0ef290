package pricelist

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits against workbooks that are small on the disk and huge when unpacked. Sheets and shared texts larger than
// maxInMemory are unpacked into temporary files; excelize keeps everything else in memory.
const (
	maxUnpacked = 1 << 30
	maxInMemory = 8 << 20
	maxOthers   = 96 << 20 // pictures, styles and what else is not a sheet
	maxSheets   = 256
)

// workbook reads the sheets of an XLSX file.
type workbook struct {
	file *excelize.File
}

func (w *workbook) close() error { return w.file.Close() }

// openBook opens a workbook at its first sheet that looks like a list. The error is a *NotAList.
func (f *File) openBook() error {
	if err := isWorkbook(f.src, f.size); err != nil {
		return err
	}
	file, err := excelize.OpenReader(io.NewSectionReader(f.src, 0, f.size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxInMemory,
	})
	if err != nil {
		if file != nil {
			err = errors.Join(err, file.Close())
		}
		return damaged("a workbook", err)
	}
	f.book = &workbook{file}
	f.format.Kind = KindXLSX
	f.format.Sheets = file.GetSheetList()
	if len(f.format.Sheets) == 0 || len(f.format.Sheets) > maxSheets {
		return damaged("a workbook", errors.New("no sheets"))
	}
	return f.chooseSheet("")
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
	var read int64
	r, err := f.book.rows(name, f.size, &read)
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

func (w *workbook) rows(sheet string, size int64, read *int64) (rows, error) {
	r, err := w.file.Rows(sheet)
	if err != nil {
		return nil, damaged("a sheet", err)
	}
	s := &sheetRows{rows: r, size: size, read: read}
	if ref, err := w.file.GetSheetDimension(sheet); err == nil {
		_, corner, _ := strings.Cut(ref, ":")
		if _, row, err := excelize.CellNameToCoordinates(corner); err == nil {
			s.total = row
		}
	}
	return s, nil
}

// sheetRows reads a sheet's rows that hold anything.
type sheetRows struct {
	rows  *excelize.Rows
	row   int
	total int // as the sheet says; zero when it does not
	size  int64
	read  *int64
}

func (s *sheetRows) close() error { return s.rows.Close() }

func (s *sheetRows) next() ([]string, int, error) {
	for s.rows.Next() {
		s.row++
		cells, err := s.rows.Columns()
		if err != nil {
			return nil, s.row, damaged(fmt.Sprintf("row %d", s.row), err)
		}
		if s.total > 0 {
			*s.read = min(s.size, s.size*int64(s.row)/int64(s.total))
		}
		if len(cells) == 0 {
			continue
		}
		cells = cells[:min(len(cells), maxColumns)]
		for i, c := range cells {
			cells[i] = asShown(c)
		}
		return cells, s.row, nil
	}
	if err := s.rows.Error(); err != nil {
		return nil, s.row, damaged(fmt.Sprintf("row %d", s.row), err)
	}
	return nil, s.row, io.EOF
}

// stored is a number that a spreadsheet shows otherwise than it keeps it: 4.600000000017E12, 84.899999999999991.
var stored = regexp.MustCompile(`^-?\d+(\.\d+)?[Ee][+-]?\d{1,3}$|^-?\d+\.\d{9,}$`)

// asShown writes such a number with the 15 digits that spreadsheets count with, and no exponent.
func asShown(cell string) string {
	if len(cell) < 4 || cell[0] != '-' && (cell[0] < '0' || cell[0] > '9') || !stored.MatchString(cell) {
		return cell
	}
	if !strings.ContainsAny(cell, ".+-") {
		return cell // "12E3" is somebody's code rather than a number
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil || v > 1e18 || v < -1e18 {
		return cell
	}
	if v, err = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64); err != nil {
		return cell
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
