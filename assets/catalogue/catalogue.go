// Package catalogue holds the demo catalogue: everyday goods of an invented shop, for practice and for tests. The file
// is a price list like any other, so whoever wants its goods reads it with the reader of price lists.
//
// Its barcodes are EAN-13 numbers that begin with 04: GS1 sets them aside for use inside a company, so none of them
// can meet the barcode of a real product. Goods that are weighed or cut, and services, have a short code and no barcode.
package catalogue

import (
	_ "embed"
	"io"
	"strings"
)

//go:embed demo.csv
var demo string

// Demo opens the demo catalogue: UTF-8 text, comma separated, the first line names the columns
// (barcode,code,name,name_en,group,group_en,price,vat,unit), prices are in roubles. Any number of readers may be open.
func Demo() io.Reader { return strings.NewReader(demo) }
