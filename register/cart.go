package register

import (
	"errors"
	"fmt"
)

// MaxLines is how many lines one receipt takes.
const MaxLines = 500

// Errors of a cart.
var (
	ErrNoLine     = errors.New("register: no such line")
	ErrWholeUnits = errors.New("register: sold in whole pieces only")
	ErrNoPrice    = errors.New("register: the product has no price")
	ErrEmptyCart  = errors.New("register: the receipt is empty")
)

// Line is one line of a receipt: what was sold, at what price, and what it came to. The product's particulars are
// copied, so that a later change of the catalogue does not change the receipt.
type Line struct {
	Product  string   `json:"product"`
	Name     string   `json:"name"`
	Barcode  string   `json:"barcode,omitempty"`
	Unit     Unit     `json:"unit"`
	Quantity Quantity `json:"quantity"`
	Price    Money    `json:"price"`
	Sum      Money    `json:"sum"`
	VAT      VAT      `json:"vat"`
	VATSum   Money    `json:"vat_sum"`
}

// Cart is the receipt that is being rung up. The zero Cart is empty and ready. It is a value with no lock: its owner
// keeps it on one goroutine.
type Cart struct {
	lines []Line
}

// Add puts q of a product on the receipt and returns the line's index. Pieces of a product that is on the receipt
// already go to its line; weighed goods get a line for each weighing, as the buyer sees them on the scales.
// The cart is unchanged when there is an error.
func (c *Cart) Add(p Product, q Quantity) (int, error) {
	if p.Price <= 0 {
		return 0, fmt.Errorf("adding %q: %w", clip(p.Name), ErrNoPrice)
	}
	if !p.Unit.Weighed() {
		for i, l := range c.lines {
			if l.Product == p.ID && l.Price == p.Price && l.VAT == p.VAT {
				return i, c.SetQuantity(i, l.Quantity+q)
			}
		}
	}
	if len(c.lines) >= MaxLines {
		return 0, fmt.Errorf("adding %q: %w", clip(p.Name), ErrTooMuch)
	}
	l := Line{Product: p.ID, Name: p.Name, Unit: p.Unit, Price: p.Price, VAT: p.VAT}
	if len(p.Barcodes) > 0 {
		l.Barcode = p.Barcodes[0]
	}
	l, err := l.with(q)
	if err != nil {
		return 0, err
	}
	if c.Total()+l.Sum > MaxMoney {
		return 0, fmt.Errorf("adding %q: %w", clip(p.Name), ErrTooMuch)
	}
	c.lines = append(c.lines, l)
	return len(c.lines) - 1, nil
}

// SetQuantity changes a line's quantity. The cart is unchanged when there is an error.
func (c *Cart) SetQuantity(i int, q Quantity) error {
	if i < 0 || i >= len(c.lines) {
		return ErrNoLine
	}
	l, err := c.lines[i].with(q)
	if err != nil {
		return err
	}
	if c.Total()-c.lines[i].Sum+l.Sum > MaxMoney {
		return ErrTooMuch
	}
	c.lines[i] = l
	return nil
}

// Remove takes a line off the receipt and returns it.
func (c *Cart) Remove(i int) (Line, error) {
	if i < 0 || i >= len(c.lines) {
		return Line{}, ErrNoLine
	}
	l := c.lines[i]
	c.lines = append(c.lines[:i:i], c.lines[i+1:]...)
	return l, nil
}

// Clear empties the cart.
func (c *Cart) Clear() { c.lines = nil }

// Len is the number of lines.
func (c *Cart) Len() int { return len(c.lines) }

// Lines returns a copy of the lines, in the order of the receipt.
func (c *Cart) Lines() []Line { return append([]Line(nil), c.lines...) }

// Total is the sum of all lines.
func (c *Cart) Total() Money {
	var t Money
	for _, l := range c.lines {
		t += l.Sum
	}
	return t
}

// RestoreCart makes a cart of lines that were stored, checking that they still add up.
func RestoreCart(lines []Line) (Cart, error) {
	if len(lines) > MaxLines {
		return Cart{}, ErrTooMuch
	}
	for i, l := range lines {
		if err := l.check(); err != nil {
			return Cart{}, fmt.Errorf("restoring line %d: %w", i+1, err)
		}
	}
	return Cart{lines: append([]Line(nil), lines...)}, nil
}

func (l Line) with(q Quantity) (Line, error) {
	switch {
	case q <= 0:
		return l, fmt.Errorf("%w: %s", ErrNotQuantity, q)
	case q > MaxQuantity:
		return l, ErrTooMuch
	case !l.Unit.Weighed() && !q.Whole():
		return l, fmt.Errorf("%w: %s", ErrWholeUnits, q)
	}
	sum, err := l.Price.Times(q)
	if err != nil {
		return l, err
	}
	l.Quantity, l.Sum, l.VATSum = q, sum, l.VAT.Included(sum)
	return l, nil
}

var errLine = errors.New("the line does not add up")

func (l Line) check() error {
	if !l.Unit.Valid() || !l.VAT.Valid() || l.Price <= 0 {
		return errLine
	}
	want, err := l.with(l.Quantity)
	if err != nil {
		return err
	}
	if want != l {
		return errLine
	}
	return nil
}
