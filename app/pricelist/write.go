package pricelist

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/xuri/excelize/v2"

	"kassa/register"
)

// Output is a format that Write knows.
type Output string

// The formats. OutputCSV is for programs: UTF-8, commas, a decimal point. OutputCSVExcel is what a Russian Excel opens at a double
// click: a byte order mark, semicolons, a decimal comma.
const (
	OutputCSV      Output = "csv"
	OutputCSVExcel Output = "csv-excel"
	OutputXLSX     Output = "xlsx"
)

// ErrTooManyGoods tells that a sheet cannot hold so many.
var ErrTooManyGoods = errors.New("pricelist: more goods than a sheet has rows")

// Write writes goods as a list that Open reads back to the same goods, but for their ids. The columns are called as the fields are.
// Several barcodes of a product stand in one cell with spaces between; its packs as "BARCODE=QUANTITY NAME; …". The first
// error of the sequence ends the writing and is returned.
func Write(w io.Writer, o Output, goods iter.Seq2[register.Product, error]) error {
	switch o {
	case OutputCSV:
		return writeCSV(w, ',', goods)
	case OutputCSVExcel:
		if _, err := io.WriteString(w, utf8BOM); err != nil {
			return err
		}
		return writeCSV(w, ';', goods)
	case OutputXLSX:
		return writeXLSX(w, goods)
	}
	return fmt.Errorf("pricelist: no format %q to write", o)
}

func fieldNames() []string {
	var names []string
	for _, f := range Fields() {
		names = append(names, string(f))
	}
	return names
}

func writeCSV(w io.Writer, divider rune, goods iter.Seq2[register.Product, error]) error {
	buffered := bufio.NewWriterSize(w, 64<<10)
	c := csv.NewWriter(buffered)
	c.Comma = divider
	c.UseCRLF = divider == ';'
	if err := c.Write(fieldNames()); err != nil {
		return err
	}
	for p, err := range goods {
		if err != nil {
			return err
		}
		row := record(p)
		for i, text := range row {
			switch f := Fields()[i]; {
			case f == FieldPrice || f == FieldStock:
				if divider == ';' {
					row[i] = strings.Replace(text, ".", ",", 1)
				}
			case text != "" && formula(text[0]):
				row[i] = "'" + text // keeps a spreadsheet from taking it for a formula
			}
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return errors.Join(c.Error(), buffered.Flush())
}

// record is a product's line, in the order of Fields.
func record(p register.Product) []string {
	barcodes := make([]string, len(p.Barcodes))
	for i, b := range p.Barcodes {
		barcodes[i] = quote(b, " ,;.")
	}
	packs := make([]string, len(p.Packs))
	for i, k := range p.Packs {
		packs[i] = quote(k.Barcode, " =;") + "=" + k.Quantity.String()
		if k.Name != "" {
			packs[i] += " " + quote(k.Name, ";")
		}
	}
	stock := ""
	if p.Stock != nil {
		stock = p.Stock.String()
	}
	return []string{strings.Join(barcodes, " "), p.Code, p.Article, p.Name, p.NameEn, p.Group, p.GroupEn, p.Price.String(), string(p.VAT), string(p.Unit),
		stock, yes(p.NoDiscount), yes(p.FreePrice), yes(p.Marked), strings.Join(packs, "; ")}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// sheetName is the sheet that Write makes.
const sheetName = "Goods"

func writeXLSX(w io.Writer, goods iter.Seq2[register.Product, error]) (err error) {
	file := excelize.NewFile()
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.SetSheetName(file.GetSheetName(0), sheetName); err != nil {
		return err
	}
	sheet, err := file.NewStreamWriter(sheetName)
	if err != nil {
		return err
	}
	if err := writeSheet(sheet, goods); err != nil {
		return err
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return file.Write(w)
}

func writeSheet(sheet *excelize.StreamWriter, goods iter.Seq2[register.Product, error]) error {
	cells := make([]any, len(Fields()))
	for i, name := range fieldNames() {
		cells[i] = name
	}
	if err := sheet.SetRow("A1", cells); err != nil {
		return err
	}
	row := 1
	for p, err := range goods {
		if err != nil {
			return err
		}
		if row++; row > excelize.TotalRows {
			return ErrTooManyGoods
		}
		at, err := excelize.CoordinatesToCellName(1, row)
		if err != nil {
			return err
		}
		fill(cells, p)
		if err := sheet.SetRow(at, cells); err != nil {
			return err
		}
	}
	return nil
}

// fill makes a row of a sheet: price and stock are numbers, everything else is text, so that no barcode is rounded.
func fill(cells []any, p register.Product) {
	for i, text := range record(p) {
		cells[i] = nil
		switch f := Fields()[i]; {
		case f == FieldPrice:
			cells[i] = float64(p.Price) / 100
		case f == FieldStock && p.Stock != nil:
			cells[i] = float64(*p.Stock) / 1000
		case text != "":
			cells[i] = text
		}
	}
}
