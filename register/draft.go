package register

import (
	"fmt"
	"slices"
)

// Draft is a cart as it is stored: while it is rung up, on hold, or waiting for a QR payment.
type Draft struct {
	Rules    Rules     `json:"rules,omitzero"`
	Lines    []Line    `json:"lines"`
	Discount Discount  `json:"discount,omitzero"`
	Customer *Customer `json:"customer,omitempty"`
	Comment  string    `json:"comment,omitempty"`
	Contact  string    `json:"contact,omitempty"`  // where the receipt is sent: e-mail, or phone as +7…
	NoPaper  bool      `json:"no_paper,omitempty"` // and the buyer wants no paper
	Order    *Order    `json:"order,omitempty"`
}

// Order is a prepaid order that is being handed over.
type Order struct {
	Prepayment Ref   `json:"prepayment"`
	Paid       Money `json:"paid"` // what is left of the prepayment, to be set off against the total
}

// Draft is the cart as it is to be stored.
func (c *Cart) Draft() Draft {
	return Draft{Rules: c.rules, Lines: c.Lines(), Discount: c.discount, Customer: c.Customer(), Comment: c.comment,
		Contact: c.contact, NoPaper: c.noPaper, Order: c.Order()}
}

func (o *Order) clone() *Order {
	if o == nil {
		return nil
	}
	own := *o
	return &own
}

// Total is what the draft comes to.
func (d Draft) Total() Money { return total(d.Lines) }

// RestoreCart makes a cart of what was stored, checking that every line still follows from what stands on the receipt.
// The error is ErrBadOperation where it does not, or that of the part which no cart would have taken.
func RestoreCart(d Draft) (Cart, error) {
	c := Cart{rules: d.Rules, lines: slices.Clone(d.Lines), discount: d.Discount, customer: d.Customer.clone(), comment: d.Comment,
		contact: d.Contact, noPaper: d.NoPaper, order: d.Order.clone()}
	if err := d.check(); err != nil {
		return Cart{}, fmt.Errorf("restoring the receipt: %w", err)
	}
	if c.order != nil {
		return c, nil
	}
	if c.compute(); !slices.Equal(c.lines, d.Lines) {
		return Cart{}, fmt.Errorf("restoring the receipt: %w", errLine)
	}
	return c, nil
}

func (d Draft) check() error {
	if d.Rules != d.Rules.sane() {
		return fmt.Errorf("%w: limit of %s %%", ErrDiscount, d.Rules.MaxDiscount)
	}
	if err := d.Discount.check(); err != nil {
		return err
	}
	if err := checkBuyer(d.Customer, d.Comment); err != nil {
		return err
	}
	if err := checkContact(d.Contact, d.NoPaper); err != nil {
		return err
	}
	if len(d.Lines) > 0 {
		if err := checkLines(d.Lines, total(d.Lines)); err != nil {
			return err
		}
	}
	if d.Order != nil {
		return d.Order.check(d.Total())
	}
	for i, l := range d.Lines {
		if l.OnTop != d.Rules.OnTop {
			return fmt.Errorf("line %d: %w", i+1, errLine)
		}
	}
	return nil
}

func (o Order) check(total Money) error {
	if o.Paid <= 0 || o.Paid > total {
		return fmt.Errorf("%w: %s prepaid for %s", ErrPrepaid, o.Paid, total)
	}
	return nil
}

// OrderCart is the cart that hands a prepaid order over: its lines, which cannot be changed, and what is left of the
// prepayment. The receipt goes where the buyer wanted the prepayment's, and to paper. The error is ErrPrepaid when nothing
// is.
func OrderCart(p Prepayment, ref Ref, left Money) (Cart, error) {
	return RestoreCart(Draft{Lines: p.Lines, Customer: p.Customer, Comment: p.Comment, Contact: p.Contact, Order: &Order{Prepayment: ref, Paid: left}})
}
