package register

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// Line is one line of a receipt: what was sold, at what price, what was taken off, and what it came to. The product's
// particulars are copied, so that a later change of the catalogue does not change the receipt.
type Line struct {
	Product    string   `json:"product"`
	Name       string   `json:"name"`
	NameEn     string   `json:"name_en,omitempty"`
	Barcode    string   `json:"barcode,omitempty"`
	Article    string   `json:"article,omitempty"`
	Unit       Unit     `json:"unit"`
	Quantity   Quantity `json:"quantity"`
	Price      Money    `json:"price"`
	Discount   Discount `json:"discount,omitzero"`     // the line's own, as it was given
	Off        Money    `json:"off,omitempty"`         // all that was taken off, the share of the receipt's discount included
	Sum        Money    `json:"sum"`                   // what the buyer pays
	VAT        VAT      `json:"vat"`                   // the rate
	VATSum     Money    `json:"vat_sum"`               // the tax within Sum
	OnTop      bool     `json:"vat_on_top,omitempty"`  // the price holds no tax: it was added to make Sum
	NoDiscount bool     `json:"no_discount,omitempty"` // nothing may be taken off
	FreePrice  bool     `json:"free_price,omitempty"`  // the cashier named the price
	Comment    string   `json:"comment,omitempty"`
}

// Gross is the price of the quantity, before anything is taken off.
func (l Line) Gross() Money {
	m, err := l.Price.Times(l.Quantity)
	if err != nil {
		return 0 // no line that was checked
	}
	return m
}

// MaxComment is how long the remark on a line or a receipt may be, in runes.
const MaxComment = 200

// ErrText tells that a remark or a name is too long, or holds control characters.
var ErrText = errors.New("register: text cannot be taken")

func checkText(text string, most int) error {
	if utf8.RuneCountInString(text) > most || !printable(text) {
		return fmt.Errorf("%w: %q", ErrText, clip(text))
	}
	return nil
}

func newLine(p Product, price Money, onTop bool) Line {
	l := Line{Product: p.ID, Name: p.Name, NameEn: p.NameEn, Article: p.Article, Unit: p.Unit, Price: price, VAT: p.VAT, OnTop: onTop,
		NoDiscount: p.NoDiscount, FreePrice: price != p.Price}
	if len(p.Barcodes) > 0 {
		l.Barcode = p.Barcodes[0]
	}
	return l
}

// checkQuantity tells whether so much of the line's goods can be sold.
func (l Line) checkQuantity(q Quantity) error {
	switch {
	case q <= 0:
		return fmt.Errorf("%w: %s", ErrNotQuantity, q)
	case q > MaxQuantity:
		return ErrTooMuch
	case !l.Unit.Weighed() && !q.Whole():
		return fmt.Errorf("%w: %s", ErrWholeUnits, q)
	}
	_, err := l.Price.Times(q)
	return err
}

// settle computes what the line comes to when off is taken from it.
func (l Line) settle(off Money) Line {
	l.Off = off
	net := l.Gross() - off
	if l.OnTop {
		l.VATSum = l.VAT.OnTop(net)
		l.Sum = net + l.VATSum
		return l
	}
	l.Sum, l.VATSum = net, l.VAT.Included(net)
	return l
}

var errLine = errors.New("the line does not add up")

// check tells whether a line that was stored is whole.
func (l Line) check() error {
	if !l.Unit.Valid() || !l.VAT.Valid() || l.Price <= 0 || l.Price > MaxMoney || l.Off < 0 || l.Off > l.Gross() || l.settle(l.Off) != l {
		return errLine
	}
	if err := l.Discount.check(); err != nil {
		return err
	}
	return l.checkQuantity(l.Quantity)
}
