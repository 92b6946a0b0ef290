package till

import (
	"context"
	"errors"
	"strings"

	"kassa/localdb"
	"kassa/register"
)

// Customers is a page of those whose name, phone, card or e-mail hold all words of a text, by name; an empty text means
// all.
func (t *Till) Customers(ctx context.Context, text string, offset, limit int) ([]register.Customer, error) {
	found, err := t.c.Store.Customers(ctx, text, offset, limit)
	return found, disk(err)
}

// SaveCustomer adds a customer, when there is no id, or changes one. Anybody may add one who has no discount; a
// discount, and a change, need RightCustomers.
func (t *Till) SaveCustomer(ctx context.Context, c register.Customer) (register.Customer, error) {
	if t.View().Cashier == "" {
		return c, problem(CodeNotSignedIn, nil)
	}
	if c.ID == "" && c.Discount == 0 {
		return t.saveCustomer(ctx, c)
	}
	l, err := t.may(RightCustomers)
	if err != nil {
		return c, err
	}
	c, err = t.saveCustomer(ctx, c)
	return c, t.unused(l, err)
}

func (t *Till) saveCustomer(ctx context.Context, c register.Customer) (register.Customer, error) {
	c.Name, c.Phone, c.Card, c.Email = strings.TrimSpace(c.Name), strings.TrimSpace(c.Phone), strings.TrimSpace(c.Card), strings.TrimSpace(c.Email)
	if c.ID == "" {
		c.ID = t.c.NewID()
	}
	err := t.c.Store.SetCustomer(ctx, c)
	switch {
	case errors.Is(err, register.ErrBadCustomer):
		return c, problem(CodeBadCustomer, err)
	case errors.Is(err, localdb.ErrCardTaken):
		return c, problem(CodeCardTaken, err)
	}
	return c, disk(err)
}

// SetCustomer says whose receipt it is; an empty id is nobody's.
func (t *Till) SetCustomer(ctx context.Context, id string) error {
	var who *register.Customer
	if id != "" {
		c, err := t.c.Store.CustomerByID(ctx, id)
		if errors.Is(err, localdb.ErrNoCustomer) {
			return problem(CodeNoCustomer, err)
		}
		if err != nil {
			return disk(err)
		}
		who = &c
	}
	return t.changeCart(func(c *register.Cart) error { return named(c.SetCustomer(who), "") })
}
