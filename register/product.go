package register

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Unit is what a product is counted in.
type Unit string

// The units that a price list may name. Goods in pieces are sold whole; the others in thousandths.
const (
	Piece    Unit = "pcs"
	Kilogram Unit = "kg"
	Litre    Unit = "l"
	Metre    Unit = "m"
)

// Weighed tells whether parts of a unit can be sold.
func (u Unit) Weighed() bool { return u != Piece }

// Valid tells whether u is one of the units above.
func (u Unit) Valid() bool {
	switch u {
	case Piece, Kilogram, Litre, Metre:
		return true
	}
	return false
}

// Product is one thing that can be sold.
type Product struct {
	ID       string   `json:"id"`
	Barcodes []string `json:"barcodes,omitempty"`
	Code     string   `json:"code,omitempty"` // the shop's own short number
	Name     string   `json:"name"`
	NameEn   string   `json:"name_en,omitempty"` // shown when the till speaks English; may be empty
	Group    string   `json:"group,omitempty"`
	GroupEn  string   `json:"group_en,omitempty"` // the group's English name; may be empty
	Unit     Unit     `json:"unit"`
	Price    Money    `json:"price"`
	VAT      VAT      `json:"vat"`
}

// Limits of a product's texts, in runes. A name of 128 is what a fiscal registrar can hold (tag 1030).
const (
	MaxName    = 128
	MaxBarcode = 64
	MaxCode    = 32
	MaxGroup   = 64
)

// ErrBadProduct tells that a product cannot be sold as described; the wrapping error says why.
var ErrBadProduct = errors.New("register: bad product")

// Check tells what is wrong with a product, or nil.
func (p Product) Check() error {
	switch {
	case p.ID == "":
		return fmt.Errorf("%w: no id", ErrBadProduct)
	case strings.TrimSpace(p.Name) == "":
		return fmt.Errorf("%w: no name", ErrBadProduct)
	case utf8.RuneCountInString(p.Name) > MaxName, utf8.RuneCountInString(p.NameEn) > MaxName:
		return fmt.Errorf("%w: name longer than %d letters", ErrBadProduct, MaxName)
	case !printable(p.Name) || !printable(p.NameEn) || !printable(p.Group) || !printable(p.GroupEn):
		return fmt.Errorf("%w: control characters in the text", ErrBadProduct)
	case utf8.RuneCountInString(p.Group) > MaxGroup, utf8.RuneCountInString(p.GroupEn) > MaxGroup:
		return fmt.Errorf("%w: group longer than %d letters", ErrBadProduct, MaxGroup)
	case utf8.RuneCountInString(p.Code) > MaxCode || !printable(p.Code):
		return fmt.Errorf("%w: code %q", ErrBadProduct, clip(p.Code))
	case p.Price < 0 || p.Price > MaxMoney:
		return fmt.Errorf("%w: price %s", ErrBadProduct, p.Price)
	case !p.VAT.Valid():
		return fmt.Errorf("%w: VAT rate %q", ErrBadProduct, clip(string(p.VAT)))
	case !p.Unit.Valid():
		return fmt.Errorf("%w: unit %q", ErrBadProduct, clip(string(p.Unit)))
	}
	for _, b := range p.Barcodes {
		if err := CheckBarcode(b); err != nil {
			return fmt.Errorf("%w: %w", ErrBadProduct, err)
		}
	}
	return nil
}

// ErrNotBarcode tells that a text cannot be a barcode.
var ErrNotBarcode = errors.New("register: not a barcode")

// CheckBarcode accepts what a linear barcode can hold: 1 to MaxBarcode printable ASCII characters with no space at
// either end. Check digits are not verified: shops print codes of their own, and real price lists hold wrong ones.
func CheckBarcode(text string) error {
	if text == "" || len(text) > MaxBarcode || text != strings.TrimSpace(text) {
		return fmt.Errorf("%w: %q", ErrNotBarcode, clip(text))
	}
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return fmt.Errorf("%w: %q", ErrNotBarcode, clip(text))
		}
	}
	return nil
}

func printable(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}
