package slip

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kassa/printer"
)

// Form is what a shop chose of the look of its slips. The zero value is the usual form: every part is shown, and each of
// the goods takes two lines.
type Form struct {
	Header  []string `json:"header,omitempty"`   // lines of the shop's own under its name, address and INN
	Hidden  []Part   `json:"hidden,omitempty"`   // what is left out
	OneLine bool     `json:"one_line,omitempty"` // goods on a line each, on paper that is wide enough for all of a receipt's

	// Logo stands above the shop's name. It is kept apart from the form: see package till.
	Logo *printer.Picture `json:"-"`
}

// Part is a part of slips that a shop may leave out. What a slip must say is none: its title, that it is not fiscal, when
// it was made, the goods, and the sums.
type Part string

// The parts that can be left out.
const (
	PartAddress    Part = "address"
	PartINN        Part = "inn"
	PartCashier    Part = "cashier"   // with who approved what
	PartNumbers    Part = "numbers"   // of the goods, counted from one
	PartDiscounts  Part = "discounts" // what was taken off: of each line, and in all
	PartVAT        Part = "vat"       // the tax within the sums, rate by rate
	PartCustomer   Part = "customer"
	PartSignatures Part = "signatures" // the places to sign
	PartBarcode    Part = "barcode"    // by which a return begins with a scan
)

// Parts lists what can be left out, in the order of a slip.
func Parts() []Part {
	return []Part{PartAddress, PartINN, PartCashier, PartCustomer, PartNumbers, PartDiscounts, PartVAT, PartSignatures, PartBarcode}
}

// Bounds of the lines that a shop may add.
const (
	MaxLines   = 6
	MaxLetters = 120 // letters of one line, which is wrapped on paper
)

// ErrForm tells that a form cannot be used; the wrapping error says why.
var ErrForm = errors.New("slip: bad form")

// Check tells what is wrong with a form, or nil: ErrForm.
func (f Form) Check() error {
	if err := CheckLines(f.Header); err != nil {
		return err
	}
	for i, p := range f.Hidden {
		if !slices.Contains(Parts(), p) || slices.Contains(f.Hidden[:i], p) {
			return fmt.Errorf("%w: the part %.20q", ErrForm, p)
		}
	}
	return nil
}

// CheckLines tells what is wrong with the lines that a shop adds above or below, or nil: ErrForm.
func CheckLines(lines []string) error {
	if len(lines) > MaxLines {
		return fmt.Errorf("%w: %d lines", ErrForm, len(lines))
	}
	for _, l := range lines {
		if utf8.RuneCountInString(l) > MaxLetters || !utf8.ValidString(l) || strings.ContainsFunc(l, unicode.IsControl) {
			return fmt.Errorf("%w: the line %.40q", ErrForm, l)
		}
	}
	return nil
}

// Shows tells whether a part stands on the slips.
func (f Form) Shows(p Part) bool { return !slices.Contains(f.Hidden, p) }

// Show gives the form with a part shown, or left out.
func (f Form) Show(p Part, shown bool) Form {
	hidden := slices.DeleteFunc(slices.Clone(f.Hidden), func(h Part) bool { return h == p })
	if !shown {
		hidden = append(hidden, p)
	}
	f.Hidden = hidden
	return f
}

// Clone is a copy that shares nothing but the logo, which nobody changes.
func (f Form) Clone() Form {
	f.Header, f.Hidden = slices.Clone(f.Header), slices.Clone(f.Hidden)
	return f
}
