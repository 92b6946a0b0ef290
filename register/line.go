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

type text struct {
	text string
	most int // runes
}

func checkTexts(texts ...text) error {
	for _, t := range texts {
		if err := checkText(t.text, t.most); err != nil {
			return err
		}
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

// settle computes what the line comes to when off, at most its gross, is taken from it.
func (l Line) settle(off Money) Line {
	l.Off = off
	l.Sum, l.VATSum = l.tax(l.Gross() - off)
	return l
}

// tax is what the buyer pays for goods of a price, and the tax within it.
func (l Line) tax(price Money) (sum, vat Money) {
	if l.OnTop {
		vat = l.VAT.OnTop(price)
		return price + vat, vat
	}
	return price, l.VAT.Included(price)
}

// net is the price after discounts: without the tax where that comes on top.
func (l Line) net() Money {
	if l.OnTop {
		return l.Sum - l.VATSum
	}
	return l.Sum
}

var errLine = fmt.Errorf("%w: the line does not add up", ErrBadOperation)

// checkGoods tells whether the line's particulars are such that the receipt can be stored and printed.
func (l Line) checkGoods() error {
	switch {
	case l.Product == "":
		return fmt.Errorf("%w: no id", ErrBadProduct)
	case !l.Unit.Valid():
		return fmt.Errorf("%w: unit %q", ErrBadProduct, clip(string(l.Unit)))
	case !l.VAT.Valid():
		return fmt.Errorf("%w: VAT rate %q", ErrBadProduct, clip(string(l.VAT)))
	}
	return checkTexts(
		text{l.Product, maxID}, text{l.Name, MaxName}, text{l.NameEn, MaxName}, text{l.Barcode, MaxBarcode},
		text{l.Article, MaxArticle}, text{l.Comment, MaxComment})
}

// check tells whether a line that was stored is whole, and its sums follow from its price, its quantity and what was
// taken off.
func (l Line) check() error {
	if err := l.checkGoods(); err != nil {
		return err
	}
	if err := l.Discount.check(); err != nil {
		return err
	}
	if l.Price <= 0 || l.Price > MaxMoney {
		return fmt.Errorf("%w: price %s", ErrBadProduct, l.Price)
	}
	if err := l.checkQuantity(l.Quantity); err != nil {
		return err
	}
	gross := l.Gross()
	if l.Off < 0 || l.Off > gross || l.NoDiscount && (l.Off > 0 || !l.Discount.IsZero()) || l.settle(l.Off) != l {
		return errLine
	}
	return nil
}
