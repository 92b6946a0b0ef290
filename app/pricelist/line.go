package pricelist

import (
	"errors"
	"fmt"
)

// ErrBadLine tells that one line cannot be read; the error is a *BadLine.
var ErrBadLine = errors.New("pricelist: line cannot be read")

// BadLine is a line that cannot be read.
type BadLine struct {
	Line   int    // from 1, titles and headings included; in a workbook the row's number
	Reason Reason // a key of the texts for the screen, "import.reason.<reason>"
	Value  string // what stands there, shortened
	First  int    // with ReasonTwice: the line in which it stood first
}

// Reason tells what is wrong with a line.
type Reason string

// The reasons.
const (
	ReasonQuote   Reason = "quote"   // a quote that is never closed
	ReasonLong    Reason = "long"    // longer than any line of a list
	ReasonName    Reason = "name"    // no name
	ReasonPrice   Reason = "price"   // no price, or none that can be read
	ReasonVAT     Reason = "vat"     // no such rate
	ReasonUnit    Reason = "unit"    // no such unit
	ReasonBarcode Reason = "barcode" // it cannot be a barcode
	ReasonRounded Reason = "rounded" // Excel has rounded the barcode: 4,6E+12
	ReasonCode    Reason = "code"    // longer than a code can be
	ReasonArticle Reason = "article" // longer than an article can be
	ReasonGroup   Reason = "group"   // the path of groups is too long
	ReasonStock   Reason = "stock"   // the stock cannot be read
	ReasonFlag    Reason = "flag"    // neither yes nor no
	ReasonPack    Reason = "pack"    // the packs cannot be read
	ReasonText    Reason = "text"    // bytes that are no letters, or control characters
	ReasonTwice   Reason = "twice"   // the barcode or the code stood in an earlier line
	ReasonRefused Reason = "refused" // the register refuses the product for another reason
)

// Reasons lists the reasons, so that a test can hold them against the texts.
func Reasons() []Reason {
	return []Reason{ReasonQuote, ReasonLong, ReasonName, ReasonPrice, ReasonVAT, ReasonUnit, ReasonBarcode, ReasonRounded, ReasonCode,
		ReasonArticle, ReasonGroup, ReasonStock, ReasonFlag, ReasonPack, ReasonText, ReasonTwice, ReasonRefused}
}

func (b *BadLine) Error() string {
	return fmt.Sprintf("pricelist: line %d: %s: %q", b.Line, b.Reason, b.Value)
}

// Is makes every BadLine match ErrBadLine.
func (b *BadLine) Is(target error) bool { return target == ErrBadLine }

// Warning is something in a good line that its owner may want to look at. It stops nothing.
type Warning struct {
	Line  int
	Kind  WarningKind // a key of the texts for the screen, "import.warning.<kind>"
	Value string      // what stands there, shortened
}

// WarningKind tells what a warning is about.
type WarningKind string

// The kinds of warnings.
const (
	WarnShortened  WarningKind = "shortened"   // the name was cut to what a receipt holds
	WarnVAT20      WarningKind = "vat20"       // 20 % was the main rate until the end of 2025; it is read as it stands
	WarnCheckDigit WarningKind = "check_digit" // a barcode of digits whose check digit is wrong
	WarnUnit       WarningKind = "unit"        // bottles, packs, pairs: counted in pieces
	WarnNoKey      WarningKind = "no_key"      // neither barcode nor code: a second import cannot recognise it
	WarnTotal      WarningKind = "total"       // a line of totals, left out
)

// WarningKinds lists the kinds, so that a test can hold them against the texts.
func WarningKinds() []WarningKind {
	return []WarningKind{WarnShortened, WarnVAT20, WarnCheckDigit, WarnUnit, WarnNoKey, WarnTotal}
}

// shorten keeps what is quoted from a file short.
func shorten(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
