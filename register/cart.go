package register

import (
	"errors"
	"fmt"
	"slices"
)

// MaxLines is how many lines one receipt takes.
const MaxLines = 500

// Errors of a cart.
var (
	ErrNoLine     = errors.New("register: no such line")
	ErrWholeUnits = errors.New("register: sold in whole pieces only")
	ErrNoPrice    = errors.New("register: the product has no price")
	ErrEmptyCart  = errors.New("register: the receipt is empty")
	ErrLocked     = errors.New("register: the lines of a prepaid order cannot be changed")
	ErrMarked     = errors.New("register: marked goods cannot be sold yet")
)

// Rules are what a shop allows on a receipt.
type Rules struct {
	MaxDiscount Percent `json:"max_discount,omitempty"` // the most that a cashier may take off a line, or off a receipt
	OnTop       bool    `json:"vat_on_top,omitempty"`   // prices hold no VAT: it is added
}

// sane keeps the limit between nothing and the whole.
func (r Rules) sane() Rules {
	r.MaxDiscount = min(max(r.MaxDiscount, 0), Hundred)
	return r
}

// Cart is the receipt that is being rung up. The zero Cart is empty and ready, and allows no discounts. It is a value
// with no lock: its owner keeps it on one goroutine.
//
// What a receipt comes to depends on what stands on it, not on the order in which it was put there:
//
//  1. A line's own discount is taken from its price times quantity, never more than the shop's limit.
//  2. The receipt's discount is taken from what is then left of the goods that may be discounted. It is what the
//     cashier gave, cut so that it and the lines' own discounts together keep within the shop's limit for those goods,
//     or what the customer's card gives, whichever is more. The card is the owner's promise and knows no limit.
//  3. The receipt's discount is spread over those lines in proportion to what is left of them, see Spread.
//  4. VAT is computed line by line.
type Cart struct {
	rules    Rules
	lines    []Line
	discount Discount
	customer *Customer
	comment  string
	contact  string
	noPaper  bool
	order    *Order
}

// NewCart is an empty cart under a shop's rules.
func NewCart(rules Rules) Cart { return Cart{rules: rules.sane()} }

// SetRules puts the cart under other rules, as when the settings changed or one who may gave the cashier leave. The
// lines of a prepaid order stay as they are; for them the rules are those of the next receipt. A receipt that would come
// to more than one can hold, were the VAT added, keeps its rules.
func (c *Cart) SetRules(r Rules) {
	r = r.sane()
	if c.order != nil {
		c.rules = r
		return
	}
	_ = c.try(func(n *Cart) error {
		n.rules = r
		for i := range n.lines {
			n.lines[i].OnTop = r.OnTop
		}
		return nil
	})
}

// Rules are those that the cart is under.
func (c *Cart) Rules() Rules { return c.rules }

// Add puts q of a product on the receipt, at its price, and returns the line's index. Pieces of a product that is on
// the receipt already go to its line, unless that has a price, a discount or a remark of its own, or the catalogue has
// changed meanwhile; weighed goods get a line for each weighing, as the buyer sees them on the scales. The error is
// ErrNotQuantity, ErrWholeUnits, ErrNoPrice, ErrTooMuch, ErrLocked, ErrMarked for goods that may only be sold with their
// marking code, or ErrBadProduct or ErrText for a product that could not be stored and printed. As with every change,
// the cart is unchanged when there is an error.
func (c *Cart) Add(p Product, q Quantity) (int, error) { return c.AddPriced(p, q, p.Price) }

// AddPriced is Add at a price that the cashier named, or that stands in a barcode. Whether that is allowed is for the
// caller to know.
func (c *Cart) AddPriced(p Product, q Quantity, price Money) (int, error) {
	switch {
	case c.order != nil:
		return 0, ErrLocked
	case p.Marked:
		return 0, fmt.Errorf("adding %q: %w", clip(p.Name), ErrMarked)
	case price <= 0:
		return 0, fmt.Errorf("adding %q: %w", clip(p.Name), ErrNoPrice)
	case price > MaxMoney:
		return 0, fmt.Errorf("adding %q: %w", clip(p.Name), ErrTooMuch)
	}
	l := newLine(p, price, c.rules.OnTop)
	if err := l.checkGoods(); err != nil {
		return 0, fmt.Errorf("adding %q: %w", clip(p.Name), err)
	}
	if err := l.checkQuantity(q); err != nil {
		return 0, fmt.Errorf("adding %q: %w", clip(p.Name), err)
	}
	if !l.Unit.Weighed() {
		if i := slices.IndexFunc(c.lines, l.same); i >= 0 {
			return i, c.SetQuantity(i, c.lines[i].Quantity+q)
		}
	}
	l.Quantity = q
	if err := c.try(func(n *Cart) error { n.lines = append(n.lines, l); return nil }); err != nil {
		return 0, fmt.Errorf("adding %q: %w", clip(p.Name), err)
	}
	return len(c.lines) - 1, nil
}

// same tells whether another line is of the same goods at the same price, with nothing of its own.
func (l Line) same(o Line) bool {
	o.Quantity, o.Off, o.Sum, o.VATSum = l.Quantity, l.Off, l.Sum, l.VATSum
	return o == l
}

// Repeat puts the goods of a line on the receipt once more: another piece, or the same weight again, and returns the
// line.
func (c *Cart) Repeat(i int) (int, error) {
	if i < 0 || i >= len(c.lines) {
		return 0, ErrNoLine
	}
	if !c.lines[i].Unit.Weighed() {
		return i, c.SetQuantity(i, c.lines[i].Quantity+One)
	}
	err := c.try(func(n *Cart) error { n.lines = append(n.lines, n.lines[i]); return nil })
	if err != nil {
		return 0, err
	}
	return len(c.lines) - 1, nil
}

// SetQuantity changes a line's quantity. The cart is unchanged when there is an error.
func (c *Cart) SetQuantity(i int, q Quantity) error {
	return c.change(i, func(l *Line) error {
		l.Quantity = q
		return l.checkQuantity(q)
	})
}

// SetPrice changes a line's price. Whether that is allowed is for the caller to know.
func (c *Cart) SetPrice(i int, price Money) error {
	return c.change(i, func(l *Line) error {
		if price <= 0 {
			return ErrNoPrice
		}
		if price > MaxMoney {
			return ErrTooMuch
		}
		l.FreePrice = l.FreePrice || price != l.Price
		l.Price = price
		return l.checkQuantity(l.Quantity)
	})
}

// SetLineDiscount gives a line a discount, or with the zero Discount none. The error is ErrDiscount above the shop's
// limit, above the line's price, and for goods that have no discounts.
func (c *Cart) SetLineDiscount(i int, d Discount) error {
	if err := d.check(); err != nil {
		return err
	}
	return c.change(i, func(l *Line) error {
		if !d.IsZero() && l.NoDiscount {
			return fmt.Errorf("%w: on these goods", ErrDiscount)
		}
		l.Discount = d
		return d.within(l.Gross(), c.rules.MaxDiscount, c.rules.MaxDiscount.Of(l.Gross()))
	})
}

// SetDiscount gives the receipt a discount, or with the zero Discount none. A percentage may be given before there are
// goods. The error is ErrDiscount when it could not be given in full, or when there are goods and none may be discounted.
func (c *Cart) SetDiscount(d Discount) error {
	if err := d.check(); err != nil {
		return err
	}
	return c.try(func(n *Cart) error {
		n.discount = d
		base, limit := n.discountable()
		if !d.IsZero() && base == 0 && len(n.lines) > 0 {
			return fmt.Errorf("%w: on these goods", ErrDiscount)
		}
		return d.within(base, n.rules.MaxDiscount, limit)
	})
}

// SetCustomer says whose receipt it is; nil is nobody's. The discount of the customer's card applies from then on. The
// error is ErrBadCustomer for one that could not be stored.
func (c *Cart) SetCustomer(who *Customer) error {
	return c.try(func(n *Cart) error {
		n.customer = who.clone()
		if who == nil {
			return nil
		}
		return who.Check()
	})
}

// SetLineComment puts a remark on a line.
func (c *Cart) SetLineComment(i int, text string) error {
	return c.change(i, func(l *Line) error { l.Comment = text; return checkText(text, MaxComment) })
}

// SetComment puts a remark on the receipt.
func (c *Cart) SetComment(text string) error {
	if err := checkText(text, MaxComment); err != nil {
		return err
	}
	c.comment = text
	return nil
}

// SetContact says where the buyer wants the receipt sent, as ParseContact reads it, and whether the paper may then be
// left out; the empty contact takes it back. The contact of a known customer is never taken by itself: it is for the
// buyer to give. A prepaid order can be given one too. The error is ErrContact.
func (c *Cart) SetContact(contact string, noPaper bool) error {
	contact, err := ParseContact(contact)
	if err == nil {
		err = checkContact(contact, noPaper)
	}
	if err != nil {
		return err
	}
	c.contact, c.noPaper = contact, noPaper
	return nil
}

// Remove takes a line off the receipt and returns it.
func (c *Cart) Remove(i int) (Line, error) {
	if i < 0 || i >= len(c.lines) {
		return Line{}, ErrNoLine
	}
	l := c.lines[i]
	return l, c.try(func(n *Cart) error { n.lines = slices.Delete(n.lines, i, i+1); return nil })
}

// Clear empties the cart and keeps its rules.
func (c *Cart) Clear() { *c = Cart{rules: c.rules} }

// change alters one line.
func (c *Cart) change(i int, f func(*Line) error) error {
	if i < 0 || i >= len(c.lines) {
		return ErrNoLine
	}
	return c.try(func(n *Cart) error { return f(&n.lines[i]) })
}

// try makes a change on a copy and takes it over if the receipt is still one that can be printed and paid. Copies of a
// Cart share their lines, so these are never changed in place.
func (c *Cart) try(f func(*Cart) error) error {
	if c.order != nil {
		return ErrLocked
	}
	n := *c
	n.lines = slices.Clone(c.lines)
	if err := f(&n); err != nil {
		return err
	}
	if len(n.lines) > MaxLines {
		return ErrTooMuch
	}
	var gross Money
	for _, l := range n.lines {
		gross += l.Gross()
	}
	if n.compute(); gross > MaxMoney || n.Total() > MaxMoney {
		return ErrTooMuch
	}
	*c = n
	return nil
}

// own is what a line's own discount takes off.
func (c *Cart) own(l Line) Money {
	if l.NoDiscount {
		return 0
	}
	gross := l.Gross()
	return min(l.Discount.Of(gross), c.rules.MaxDiscount.Of(gross))
}

// discountable is what is left, after the lines' own discounts, of the goods that may be discounted, and how much of it
// a cashier may still take off.
func (c *Cart) discountable() (base, limit Money) {
	var gross, own Money
	for _, l := range c.lines {
		if !l.NoDiscount {
			gross += l.Gross()
			own += c.own(l)
		}
	}
	return gross - own, max(c.rules.MaxDiscount.Of(gross)-own, 0)
}

// compute brings every line's sums up to date.
func (c *Cart) compute() {
	base, limit := c.discountable()
	off := min(c.discount.Of(base), limit)
	if c.customer != nil {
		off = max(off, c.customer.Discount.Of(base))
	}
	weights := make([]Money, len(c.lines))
	for i, l := range c.lines {
		if !l.NoDiscount {
			weights[i] = l.Gross() - c.own(l)
		}
	}
	for i, extra := range Spread(off, weights) {
		c.lines[i] = c.lines[i].settle(c.own(c.lines[i]) + extra)
	}
}

// Len is the number of lines.
func (c *Cart) Len() int { return len(c.lines) }

// Lines returns a copy of the lines, in the order of the receipt.
func (c *Cart) Lines() []Line { return slices.Clone(c.lines) }

// Discount is what the cashier gave on the receipt.
func (c *Cart) Discount() Discount { return c.discount }

// Customer is whose receipt it is; nil when nobody said. It is a copy.
func (c *Cart) Customer() *Customer { return c.customer.clone() }

// Comment is the remark on the receipt.
func (c *Cart) Comment() string { return c.comment }

// Contact is where the buyer wants the receipt sent, and whether the paper may then be left out.
func (c *Cart) Contact() (contact string, noPaper bool) { return c.contact, c.noPaper }

// Order is the prepaid order that is being handed over; nil for a usual sale. It is a copy.
func (c *Cart) Order() *Order { return c.order.clone() }

// Total is the sum of all lines: what the receipt comes to.
func (c *Cart) Total() Money { return total(c.lines) }

// Off is all that was taken off.
func (c *Cart) Off() Money { return off(c.lines) }

// Due is what is still to be paid: the total without what a prepayment has paid.
func (c *Cart) Due() Money {
	if c.order == nil {
		return c.Total()
	}
	return c.Total() - c.order.Paid
}

func total(lines []Line) Money {
	var t Money
	for _, l := range lines {
		t += l.Sum
	}
	return t
}

func off(lines []Line) Money {
	var m Money
	for _, l := range lines {
		m += l.Off
	}
	return m
}
