package register

import "fmt"

// Draft is a cart as it is stored: while it is rung up, on hold, or waiting for a QR payment.
type Draft struct {
	Rules    Rules     `json:"rules,omitzero"`
	Lines    []Line    `json:"lines"`
	Discount Discount  `json:"discount,omitzero"`
	Customer *Customer `json:"customer,omitempty"`
	Comment  string    `json:"comment,omitempty"`
	Order    *Order    `json:"order,omitempty"`
}

// Order is a prepaid order that is being handed over.
type Order struct {
	Prepayment Ref   `json:"prepayment"`
	Paid       Money `json:"paid"` // what is left of the prepayment, to be set off against the total
}

// Draft is the cart as it is to be stored.
func (c *Cart) Draft() Draft {
	return Draft{Rules: c.rules, Lines: c.Lines(), Discount: c.discount, Customer: c.customer, Comment: c.comment, Order: c.order}
}

// Total is what the draft comes to.
func (d Draft) Total() Money { return total(d.Lines) }

// RestoreCart makes a cart of what was stored, checking that it still adds up.
func RestoreCart(d Draft) (Cart, error) {
	c := Cart{rules: d.Rules, lines: append([]Line(nil), d.Lines...), discount: d.Discount, customer: d.Customer, comment: d.Comment, order: d.Order}
	if len(c.lines) > MaxLines {
		return Cart{}, ErrTooMuch
	}
	if err := d.Discount.check(); err != nil {
		return Cart{}, err
	}
	if err := checkText(d.Comment, MaxComment); err != nil {
		return Cart{}, err
	}
	for i, l := range c.lines {
		if err := l.check(); err != nil {
			return Cart{}, fmt.Errorf("restoring line %d: %w", i+1, err)
		}
	}
	if d.Order != nil {
		if d.Order.Paid < 0 || d.Order.Paid > c.Total() {
			return Cart{}, fmt.Errorf("restoring the order: %w", errLine)
		}
		return c, nil
	}
	if c.compute(); c.Total() != total(d.Lines) || c.Total() > MaxMoney {
		return Cart{}, fmt.Errorf("restoring the receipt: %w", errLine)
	}
	return c, nil
}

// OrderCart is the cart that hands a prepaid order over: its lines, which cannot be changed, and what was paid.
func OrderCart(p Prepayment, ref Ref, left Money) (Cart, error) {
	return RestoreCart(Draft{Lines: p.Lines, Customer: p.Customer, Comment: p.Comment, Order: &Order{Prepayment: ref, Paid: left}})
}
