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
	Packs    []Pack   `json:"packs,omitempty"`
	Code     string   `json:"code,omitempty"`    // the shop's own short number; scales print it too
	Article  string   `json:"article,omitempty"` // the maker's or supplier's number; need not be unique
	Name     string   `json:"name"`
	NameEn   string   `json:"name_en,omitempty"`  // shown when the till speaks English; may be empty
	Group    string   `json:"group,omitempty"`    // a path in the tree of groups, as in "Food/Dairy"
	GroupEn  string   `json:"group_en,omitempty"` // the same path in English; may be empty
	Unit     Unit     `json:"unit"`
	Price    Money    `json:"price"` // of one unit; zero when it has none
	VAT      VAT      `json:"vat"`

	NoDiscount bool      `json:"no_discount,omitempty"` // never sold below its price
	FreePrice  bool      `json:"free_price,omitempty"`  // the cashier names the price
	Marked     bool      `json:"marked,omitempty"`      // every piece has a marking code of its own, without which it may not be sold
	Stock      *Quantity `json:"stock,omitempty"`       // what the shop has, below zero when it sold more; nil when it is not counted
}

// Pack is several units sold under one barcode: a crate, a block.
type Pack struct {
	Barcode  string   `json:"barcode"`
	Name     string   `json:"name,omitempty"`
	Quantity Quantity `json:"quantity"` // of the product's units
}

// GroupSeparator stands between the levels of a group's path.
const GroupSeparator = "/"

// Limits of a product's texts, in runes. A name of 128 is what a fiscal registrar can hold (tag 1030).
const (
	MaxName    = 128
	MaxBarcode = 64
	MaxCode    = 32
	MaxArticle = 64
	MaxGroup   = 256
	MaxPacks   = 32
)

// maxID bounds the id of a product, a customer and a QR payment, in runes.
const maxID = 64

// ErrBadProduct tells that a product cannot be sold as described; the wrapping error says why.
var ErrBadProduct = errors.New("register: bad product")

// Check tells what is wrong with a product, or nil.
func (p Product) Check() error {
	switch {
	case p.ID == "":
		return fmt.Errorf("%w: no id", ErrBadProduct)
	case checkText(p.ID, maxID) != nil:
		return fmt.Errorf("%w: id %q", ErrBadProduct, clip(p.ID))
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
	case utf8.RuneCountInString(p.Article) > MaxArticle || !printable(p.Article):
		return fmt.Errorf("%w: article %q", ErrBadProduct, clip(p.Article))
	case p.Stock != nil && (*p.Stock > MaxStock || *p.Stock < -MaxStock):
		return fmt.Errorf("%w: stock %s", ErrBadProduct, *p.Stock)
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
	if len(p.Packs) > MaxPacks {
		return fmt.Errorf("%w: more than %d packs", ErrBadProduct, MaxPacks)
	}
	for _, k := range p.Packs {
		if err := k.check(p.Unit); err != nil {
			return fmt.Errorf("%w: pack %q: %w", ErrBadProduct, clip(k.Name), err)
		}
	}
	return nil
}

func (k Pack) check(u Unit) error {
	switch {
	case k.Quantity <= 0 || k.Quantity > MaxQuantity:
		return ErrNotQuantity
	case !u.Weighed() && !k.Quantity.Whole():
		return ErrWholeUnits
	case utf8.RuneCountInString(k.Name) > MaxName || !printable(k.Name):
		return errors.New("bad name")
	}
	return CheckBarcode(k.Barcode)
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
