package pricelist

import (
	"errors"
	"fmt"
)

// ErrNotAList tells that a file is no price list, or none that can be read as asked. The error is a *NotAList.
var ErrNotAList = errors.New("pricelist: not a price list")

// NotAList says why a file is no price list. Why is a key of the texts for the screen, "import.not_a_list.<why>".
type NotAList struct {
	Why    Why
	Detail string // for the log: what was found
	Err    error  // what lies below, if anything
}

// Why is the reason for which a whole file cannot be read.
type Why string

// The reasons.
const (
	WhyEmpty    Why = "empty"
	WhyPicture  Why = "picture"
	WhyPDF      Why = "pdf"
	WhyOldExcel Why = "old_excel" // .xls, the binary format of Excel 97 to 2003
	WhyPassword Why = "password"  // an XLSX that opens with a password
	WhyArchive  Why = "archive"   // a ZIP, RAR or 7z with something else inside
	WhyDocument Why = "document"  // a text document, an ODS sheet, a web page
	WhyBinary   Why = "binary"    // neither text nor any of the above
	WhyEncoding Why = "encoding"  // text in an encoding that is not known
	WhyNoTable  Why = "no_table"  // text without columns
	WhyDamaged  Why = "damaged"   // torn or spoilt on the way
	WhyTooBig   Why = "too_big"
	WhyNoSheet  Why = "no_sheet" // the workbook has no sheet of that name
	WhyNoName   Why = "no_name"  // no column is the name
	WhyNoPrice  Why = "no_price" // no column is the price
	WhyColumn   Why = "column"   // a field is mapped twice, or to a column that is not there
)

// Whys lists the reasons for which a whole file cannot be read, so that a test can hold them against the texts.
func Whys() []Why {
	return []Why{WhyEmpty, WhyPicture, WhyPDF, WhyOldExcel, WhyPassword, WhyArchive, WhyDocument, WhyBinary, WhyEncoding, WhyNoTable, WhyDamaged,
		WhyTooBig, WhyNoSheet, WhyNoName, WhyNoPrice, WhyColumn}
}

func (n *NotAList) Error() string {
	text := fmt.Sprintf("%v: %s", ErrNotAList, n.Why)
	if n.Detail != "" {
		text += ": " + n.Detail
	}
	if n.Err != nil {
		text += ": " + n.Err.Error()
	}
	return text
}

// Is makes every NotAList match ErrNotAList.
func (n *NotAList) Is(target error) bool { return target == ErrNotAList }

func (n *NotAList) Unwrap() error { return n.Err }
