package till

import (
	"context"
	"errors"

	"kassa/localdb"
	"kassa/printer/slip"
	"kassa/register"
)

// PayCash sells what is on the receipt for cash. When it has returned without an error the sale is on the disk.
func (t *Till) PayCash(ctx context.Context, given register.Money) (Sold, error) {
	var cart register.Cart
	cashier, err := t.begin(func() error {
		if err := t.ringing(); err != nil {
			return err
		}
		cart = t.cart
		return nil
	})
	if err != nil {
		return Sold{}, err
	}
	defer t.end()
	pay, err := register.PayCash(cart.Total(), given)
	switch {
	case cart.Len() == 0:
		return Sold{}, problem(CodeEmptyCart, nil)
	case errors.Is(err, register.ErrTooLittle):
		return Sold{}, problem(CodeTooLittle, err, "missing", cart.Total()-given)
	case err != nil:
		return Sold{}, named(err, "")
	}
	sale, err := register.NewSale(&cart, []register.Payment{pay})
	if err != nil {
		return Sold{}, named(err, "")
	}
	t.drafts.Lock()
	defer t.drafts.Unlock()
	op, err := t.commit(ctx, localdb.Entry{Kind: register.KindSale, Shift: t.View().Shift.Number, Cashier: cashier,
		Body: sale, ClearDraft: true, Slips: t.slips("sale", slip.Sale)})
	if err != nil {
		return Sold{}, err
	}
	sold, err := soldBy(op)
	if err != nil {
		return Sold{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cart.Clear()
	t.last = &sold
	t.changed()
	return sold, nil
}

// soldBy reads from the committed operation what the cashier is told.
func soldBy(op register.Operation) (Sold, error) {
	sale, err := op.Sale()
	if err != nil {
		return Sold{}, err
	}
	s := Sold{Number: op.Number, Receipt: sale.Receipt, Total: sale.Total}
	for _, p := range sale.Payments {
		s.Method = p.Method
		s.Given += p.Given
		s.Change += p.Change
	}
	return s, nil
}
