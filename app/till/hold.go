package till

import (
	"context"
	"errors"
	"strings"
	"time"

	"kassa/localdb"
	"kassa/register"
)

// Held is a receipt that was put aside.
type Held struct {
	ID      string
	At      time.Time
	Name    string // what the cashier called it; may be empty
	Cashier string
	Lines   int
	Total   register.Money
}

// Hold puts the receipt aside, so that the next buyer can be served. A name helps to find it again.
func (t *Till) Hold(ctx context.Context, name string) error {
	if !plain(name, maxName) {
		return problem(CodeBadName, nil)
	}
	var cart register.Draft
	cashier, err := t.begin(func() error {
		if err := t.ringing(); err != nil {
			return err
		}
		if t.cart.Len() == 0 {
			return problem(CodeEmptyCart, nil)
		}
		cart = t.cart.Draft()
		return nil
	})
	if err != nil {
		return err
	}
	defer t.end()
	t.drafts.Lock()
	defer t.drafts.Unlock()
	err = t.c.Store.Hold(context.WithoutCancel(ctx), localdb.Held{ID: t.c.NewID(), At: t.c.Now(), Name: strings.TrimSpace(name), Cashier: cashier, Cart: cart})
	if err != nil {
		return disk(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cart = register.NewCart(t.settings.rules())
	t.held++
	t.changed()
	return nil
}

// Held lists the receipts on hold, oldest first.
func (t *Till) Held(ctx context.Context) ([]Held, error) {
	stored, err := t.c.Store.HeldReceipts(ctx)
	if err != nil {
		return nil, disk(err)
	}
	all := make([]Held, len(stored))
	for i, h := range stored {
		all[i] = Held{ID: h.ID, At: h.At, Name: h.Name, Cashier: h.Cashier, Lines: h.Lines, Total: h.Total}
	}
	return all, nil
}

// Unhold goes on with a receipt on hold. What is being rung up must be empty.
func (t *Till) Unhold(ctx context.Context, id string) error {
	_, err := t.begin(func() error {
		if err := t.ringing(); err != nil {
			return err
		}
		if t.cart.Len() > 0 {
			return problem(CodeCartNotEmpty, nil)
		}
		return nil
	})
	if err != nil {
		return err
	}
	defer t.end()
	t.drafts.Lock()
	defer t.drafts.Unlock()
	h, err := t.c.Store.Unhold(context.WithoutCancel(ctx), id)
	switch {
	case errors.Is(err, localdb.ErrNoHeld):
		return problem(CodeNoHeld, err)
	case errors.Is(err, localdb.ErrBadHeld):
		return problem(CodeBadHeld, err)
	}
	if err != nil {
		return disk(err)
	}
	cart, err := register.RestoreCart(h.Cart)
	if err != nil {
		return problem(CodeNoHeld, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cart = cart
	t.cart.SetRules(t.settings.rules())
	t.held--
	t.last, t.parkedSold = nil, nil
	t.changed()
	return nil
}
