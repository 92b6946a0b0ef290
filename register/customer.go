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

// ErrBadCustomer tells that a customer cannot be kept as described; the wrapping error says why.
var ErrBadCustomer = errors.New("register: bad customer")

// Check tells what is wrong with a customer, or nil.
func (c Customer) Check() error {
	switch {
	case c.ID == "":
		return fmt.Errorf("%w: no id", ErrBadCustomer)
	case strings.TrimSpace(c.Name) == "" || checkText(c.Name, MaxName) != nil:
		return fmt.Errorf("%w: name %q", ErrBadCustomer, clip(c.Name))
	case checkText(c.Phone, 32) != nil || strings.Trim(c.Phone, "+0123456789 ()-") != "":
		return fmt.Errorf("%w: phone", ErrBadCustomer)
	case checkText(c.Email, 64) != nil || c.Email != "" && !strings.Contains(c.Email, "@"):
		return fmt.Errorf("%w: e-mail", ErrBadCustomer)
	case c.Discount < 0 || c.Discount > Hundred:
		return fmt.Errorf("%w: discount %s", ErrBadCustomer, c.Discount)
	case c.Card != "" && CheckBarcode(c.Card) != nil:
		return fmt.Errorf("%w: card %q", ErrBadCustomer, clip(c.Card))
	}
	return nil
}
