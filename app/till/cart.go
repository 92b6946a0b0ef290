package till

import (
	"context"
	"errors"

	"kassa/localdb"
	"kassa/register"
)

// Add puts a product on the receipt and returns its line.
func (t *Till) Add(ctx context.Context, productID string, q register.Quantity) (int, error) {
	if err := t.mayRing(); err != nil {
		return 0, err
	}
	p, err := t.product(ctx, productID)
	if err != nil {
		return 0, err
	}
	return t.ring(p, q, p.Price)
}

// AddPriced is Add at a price that the cashier names. Goods that have no free price need RightPrice.
func (t *Till) AddPriced(ctx context.Context, productID string, q register.Quantity, price register.Money) (int, error) {
	if err := t.mayRing(); err != nil {
		return 0, err
	}
	p, err := t.product(ctx, productID)
	if err != nil {
		return 0, err
	}
	var l *leave
	if !p.FreePrice && price != p.Price {
		if l, err = t.may(RightPrice); err != nil {
			return 0, err
		}
	}
	line, err := t.ring(p, q, price)
	return line, t.unused(l, err)
}

func (t *Till) product(ctx context.Context, id string) (register.Product, error) {
	p, err := t.c.Store.ProductByID(ctx, id)
	if errors.Is(err, localdb.ErrNoProduct) {
		return p, problem(CodeUnknownProduct, err)
	}
	return p, disk(err)
}

func (t *Till) mayRing() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ringing()
}

// ringing tells whether the cart may be changed. t.mu is held.
func (t *Till) ringing() error {
	switch {
	case t.cashier == "":
		return problem(CodeNotSignedIn, nil)
	case !t.shift.Open:
		return problem(CodeNoShift, nil)
	case t.current != nil || t.busy:
		return problem(CodeFrozen, nil)
	}
	return nil
}

// ring puts goods on the receipt, at the VAT rate of the day, if the shop has so many or does not mind.
func (t *Till) ring(p register.Product, q register.Quantity, price register.Money) (line int, err error) {
	if p.Marked {
		return 0, problem(CodeMarked, register.ErrMarked, "name", p.Name)
	}
	if p.FreePrice && price == 0 {
		return 0, problem(CodePriceNeeded, nil, "name", p.Name, "product", p.ID)
	}
	p.VAT = p.VAT.On(t.c.Now().In(t.c.Zone))
	err = t.changeCart(func(c *register.Cart) error {
		if err := t.inStock(c, p, q); err != nil {
			return err
		}
		line, err = c.AddPriced(p, q, price)
		return named(err, p.Name)
	})
	return line, err
}

// inStock refuses more than the shop has where it was told to. t.mu is held.
func (t *Till) inStock(c *register.Cart, p register.Product, q register.Quantity) error {
	if t.settings.Stock != StockForbid || p.Stock == nil {
		return nil
	}
	for _, l := range c.Lines() {
		if l.Product == p.ID {
			q += l.Quantity
		}
	}
	if q > *p.Stock {
		return problem(CodeNoStock, nil, "name", p.Name, "left", max(*p.Stock, 0))
	}
	return nil
}

func (t *Till) changeCart(f func(*register.Cart) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.ringing(); err != nil {
		return err
	}
	l := t.leave
	if err := f(&t.cart); err != nil {
		t.leave = l // nothing came of it
		return err
	}
	t.last, t.parkedSold = nil, nil
	t.changed()
	poke(t.draft)
	return nil
}

// named gives the register's error its sentence.
func named(err error, name string) error {
	for _, c := range []struct {
		is   error
		code Code
	}{
		{register.ErrNoPrice, CodeNoPrice}, {register.ErrNotQuantity, CodeBadQuantity}, {register.ErrWholeUnits, CodeWholePieces},
		{register.ErrTooMuch, CodeTooMuch}, {register.ErrNoLine, CodeNoLine}, {register.ErrEmptyCart, CodeEmptyCart},
		{register.ErrLocked, CodeLocked}, {register.ErrDiscount, CodeDiscount}, {register.ErrText, CodeBadText},
		{register.ErrReturned, CodeReturned}, {register.ErrRefund, CodeRefund}, {register.ErrPrepaid, CodePrepaid},
		{register.ErrContact, CodeBadContact}, {register.ErrMarked, CodeMarked}, {register.ErrTooLittle, CodeTooLittle}, {register.ErrPayment, CodePayment},
	} {
		if errors.Is(err, c.is) {
			return problem(c.code, err, "name", name)
		}
	}
	return err
}
