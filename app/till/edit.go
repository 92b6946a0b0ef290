package till

import (
	"context"
	"errors"

	"kassa/localdb"
	"kassa/register"
)

// errKept tells that a change takes goods off the receipt, and is one for audited.
var errKept = errors.New("till: the change is to be kept")

// SetQuantity changes a line's quantity. A smaller one needs RightRemove, like taking goods off, and is kept.
func (t *Till) SetQuantity(ctx context.Context, line int, q register.Quantity) error {
	err := t.changeCart(func(c *register.Cart) error {
		if line >= 0 && line < c.Len() && q > 0 && q < c.Lines()[line].Quantity {
			return errKept
		}
		if err := t.moreInStock(ctx, c, line, q); err != nil {
			return err
		}
		return named(c.SetQuantity(line, q), "")
	})
	if !errors.Is(err, errKept) {
		return err
	}
	return t.audited(ctx, RightRemove, func(c *register.Cart) (localdb.Entry, error) {
		before := c.Lines()
		if line >= len(before) {
			return localdb.Entry{}, register.ErrNoLine
		}
		was := before[line]
		if err := c.SetQuantity(line, q); err != nil {
			return localdb.Entry{}, err
		}
		now := c.Lines()[line]
		was.Quantity, was.Sum, was.VATSum, was.Off = was.Quantity-now.Quantity, was.Sum-now.Sum, was.VATSum-now.VATSum, was.Off-now.Off
		return localdb.Entry{Kind: register.KindLineRemoved, Body: register.LineRemoved{Line: was}}, nil
	})
}

// moreInStock refuses a quantity that the shop does not have where it was told to. t.mu is held.
func (t *Till) moreInStock(ctx context.Context, c *register.Cart, line int, q register.Quantity) error {
	if t.settings.Stock != StockForbid || line < 0 || line >= c.Len() {
		return nil
	}
	l := c.Lines()[line]
	left, counted, err := t.c.Store.Stock(ctx, l.Product)
	if err != nil || !counted {
		return disk(err)
	}
	return t.inStock(c, register.Product{ID: l.Product, Name: l.Name, Stock: &left}, q-l.Quantity)
}

// Repeat puts the goods of a line on the receipt once more, and returns the line.
func (t *Till) Repeat(ctx context.Context, line int) (at int, err error) {
	err = t.changeCart(func(c *register.Cart) error {
		if line >= 0 && line < c.Len() {
			l := c.Lines()[line]
			more := register.One
			if l.Unit.Weighed() {
				more = l.Quantity
			}
			if err := t.moreInStock(ctx, c, line, l.Quantity+more); err != nil {
				return err
			}
		}
		at, err = c.Repeat(line)
		return named(err, "")
	})
	return at, err
}

// SetPrice changes a line's price. Goods that have no free price need RightPrice, every time.
func (t *Till) SetPrice(ctx context.Context, line int, price register.Money) error {
	return t.changeCart(func(c *register.Cart) error {
		if line >= 0 && line < c.Len() {
			if err := t.mayPrice(ctx, c.Lines()[line].Product); err != nil {
				return err
			}
		}
		return named(c.SetPrice(line, price), "")
	})
}

// mayPrice tells whether the cashier may name the price of goods. The catalogue says whether it is free: on a line, the
// mark of a free price tells only that somebody has changed it. t.mu is held.
func (t *Till) mayPrice(ctx context.Context, product string) error {
	p, err := t.c.Store.ProductByID(ctx, product)
	switch {
	case err == nil && p.FreePrice:
		return nil
	case err != nil && !errors.Is(err, localdb.ErrNoProduct):
		return disk(err)
	}
	_, err = t.allowed(RightPrice)
	return err
}

// SetLineDiscount gives a line a discount; the zero Discount takes it away.
func (t *Till) SetLineDiscount(_ context.Context, line int, d register.Discount) error {
	return t.discount(d, func(c *register.Cart) error { return c.SetLineDiscount(line, d) })
}

// SetDiscount gives the receipt a discount; the zero Discount takes it away.
func (t *Till) SetDiscount(_ context.Context, d register.Discount) error {
	return t.discount(d, func(c *register.Cart) error { return c.SetDiscount(d) })
}

func (t *Till) discount(d register.Discount, f func(*register.Cart) error) error {
	return t.changeCart(func(c *register.Cart) error {
		if !d.IsZero() {
			if _, err := t.allowed(RightDiscount); err != nil {
				return err
			}
		}
		err := f(c)
		if p := named(err, ""); p != nil {
			return withMost(p, c.Rules().MaxDiscount)
		}
		return nil
	})
}

// withMost adds the shop's limit to the problem of a discount.
func withMost(err error, most register.Percent) error {
	if p, ok := err.(*Problem); ok && p.Code == CodeDiscount {
		return problem(CodeDiscount, p.Err, "most", most.String())
	}
	return err
}

// SetLineComment puts a remark on a line.
func (t *Till) SetLineComment(_ context.Context, line int, text string) error {
	return t.changeCart(func(c *register.Cart) error { return named(c.SetLineComment(line, text), "") })
}

// SetComment puts a remark on the receipt.
func (t *Till) SetComment(_ context.Context, text string) error {
	return t.changeCart(func(c *register.Cart) error { return named(c.SetComment(text), "") })
}

// Remove takes a line off the receipt, and keeps that it was there.
func (t *Till) Remove(ctx context.Context, line int) error {
	return t.audited(ctx, RightRemove, func(c *register.Cart) (localdb.Entry, error) {
		l, err := c.Remove(line)
		return localdb.Entry{Kind: register.KindLineRemoved, Body: register.LineRemoved{Line: l}}, err
	})
}

// Clear gives the receipt up, and keeps what stood on it. A prepaid order that was to be handed over stays as it was.
func (t *Till) Clear(ctx context.Context) error {
	err := t.changeCart(func(c *register.Cart) error {
		if c.Len() > 0 && c.Order() == nil {
			return errKept
		}
		*c = register.NewCart(t.settings.rules())
		return nil
	})
	if !errors.Is(err, errKept) {
		return err
	}
	return t.audited(ctx, RightClear, func(c *register.Cart) (localdb.Entry, error) {
		body := register.ReceiptCleared{Lines: c.Lines(), Total: c.Total()}
		c.Clear()
		return localdb.Entry{Kind: register.KindReceiptCleared, Body: body}, nil
	})
}

// audited changes the receipt and commits what is kept of the change, both or none.
func (t *Till) audited(ctx context.Context, right Right, change func(*register.Cart) (localdb.Entry, error)) error {
	var cart register.Cart
	var l *leave
	cashier, err := t.begin(func() (err error) {
		if err := t.ringing(); err != nil {
			return err
		}
		cart = t.cart
		l, err = t.allowed(right)
		return err
	})
	if err != nil {
		return err
	}
	defer t.end()
	e, err := change(&cart)
	if err != nil {
		return t.unused(l, named(err, ""))
	}
	draft := cart.Draft()
	e.Shift, e.Cashier, e.Approved, e.Draft = t.View().Shift.Number, cashier, l.name(), &draft
	t.drafts.Lock()
	defer t.drafts.Unlock()
	if _, err := t.commit(ctx, e); err != nil {
		return t.unused(l, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cart = cart
	t.last, t.parkedSold = nil, nil
	t.changed()
	return nil
}
