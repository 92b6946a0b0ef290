package register

import (
	"errors"
	"fmt"
	"strings"
)

// Customer is a buyer whom the shop knows.
type Customer struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Phone    string  `json:"phone,omitempty"`
	Email    string  `json:"email,omitempty"`
	Card     string  `json:"card,omitempty"`     // number of the discount card, as its barcode says
	Discount Percent `json:"discount,omitempty"` // that the card gives on every receipt
}

// Limits of a customer's texts, in runes. An e-mail of 64 is what a fiscal registrar can hold (tag 1008).
const (
	maxPhone = 32
	maxEmail = 64
)

// ErrBadCustomer tells that a customer cannot be kept as described; the wrapping error says why.
var ErrBadCustomer = errors.New("register: bad customer")

// Check tells what is wrong with a customer, or nil.
func (c Customer) Check() error {
	switch {
	case c.ID == "":
		return fmt.Errorf("%w: no id", ErrBadCustomer)
	case checkText(c.ID, maxID) != nil:
		return fmt.Errorf("%w: id %q", ErrBadCustomer, clip(c.ID))
	case strings.TrimSpace(c.Name) == "" || checkText(c.Name, MaxName) != nil:
		return fmt.Errorf("%w: name %q", ErrBadCustomer, clip(c.Name))
	case checkText(c.Phone, maxPhone) != nil || strings.Trim(c.Phone, "+0123456789 ()-") != "":
		return fmt.Errorf("%w: phone", ErrBadCustomer)
	case checkText(c.Email, maxEmail) != nil || c.Email != "" && !strings.Contains(c.Email, "@"):
		return fmt.Errorf("%w: e-mail", ErrBadCustomer)
	case c.Discount < 0 || c.Discount > Hundred:
		return fmt.Errorf("%w: discount %s", ErrBadCustomer, c.Discount)
	case c.Card != "" && CheckBarcode(c.Card) != nil:
		return fmt.Errorf("%w: card %q", ErrBadCustomer, clip(c.Card))
	}
	return nil
}

// clone keeps a receipt's customer apart from whoever named it.
func (c *Customer) clone() *Customer {
	if c == nil {
		return nil
	}
	own := *c
	return &own
}
