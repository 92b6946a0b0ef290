package till

import (
	"context"
	"errors"
	"strings"
	"time"

	"kassa/localdb"
	"kassa/register"
)

// Scan puts what a barcode stands for on the receipt and returns its line. q is register.One unless the cashier asked
// for more. A text that is no barcode of ours is tried as the shop's own code.
func (t *Till) Scan(ctx context.Context, barcode string, q register.Quantity) (int, error) {
	barcode = strings.TrimSpace(barcode)
	if err := t.mayRing(); err != nil {
		return 0, err
	}
	if err := register.CheckBarcode(barcode); err != nil {
		return 0, problem(CodeUnknownBarcode, err, "barcode", short(barcode))
	}
	p, err := t.find(ctx, barcode)
	if errors.Is(err, localdb.ErrNoProduct) {
		return 0, problem(CodeUnknownBarcode, err, "barcode", short(barcode))
	}
	if err != nil {
		return 0, disk(err)
	}
	return t.put(p, q)
}

// find looks for a barcode as it is, then as the other writing of the same UPC-A or EAN-13 number, then for a code.
func (t *Till) find(ctx context.Context, barcode string) (register.Product, error) {
	p, err := t.c.Store.ProductByBarcode(ctx, barcode)
	if other := otherWriting(barcode); errors.Is(err, localdb.ErrNoProduct) && other != "" {
		p, err = t.c.Store.ProductByBarcode(ctx, other)
	}
	if errors.Is(err, localdb.ErrNoProduct) {
		p, err = t.c.Store.ProductByCode(ctx, barcode)
	}
	return p, err
}

// otherWriting: a UPC-A of 12 digits is the EAN-13 with a zero before it (GS1 General Specifications, 5.2), and
// scanners send either.
func otherWriting(barcode string) string {
	switch {
	case strings.Trim(barcode, "0123456789") != "":
		return ""
	case len(barcode) == 12:
		return "0" + barcode
	case len(barcode) == 13 && barcode[0] == '0':
		return barcode[1:]
	}
	return ""
}

func short(text string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if r < ' ' {
			return '?'
		}
		return r
	}, text))
	if len(runes) > 32 {
		return string(runes[:32]) + "…"
	}
	return string(runes)
}

// Add puts a product on the receipt and returns its line.
func (t *Till) Add(ctx context.Context, productID string, q register.Quantity) (int, error) {
	if err := t.mayRing(); err != nil {
		return 0, err
	}
	p, err := t.c.Store.ProductByID(ctx, productID)
	if errors.Is(err, localdb.ErrNoProduct) {
		return 0, problem(CodeUnknownProduct, err)
	}
	if err != nil {
		return 0, disk(err)
	}
	return t.put(p, q)
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

func (t *Till) put(p register.Product, q register.Quantity) (line int, err error) {
	err = t.changeCart(func(c *register.Cart) error {
		line, err = c.Add(p, q)
		return named(err, p.Name)
	})
	return line, err
}

// SetQuantity changes a line's quantity.
func (t *Till) SetQuantity(line int, q register.Quantity) error {
	return t.changeCart(func(c *register.Cart) error { return named(c.SetQuantity(line, q), "") })
}

// Remove takes a line off the receipt.
func (t *Till) Remove(line int) error {
	return t.changeCart(func(c *register.Cart) error {
		_, err := c.Remove(line)
		return named(err, "")
	})
}

// Clear empties the receipt.
func (t *Till) Clear() error {
	return t.changeCart(func(c *register.Cart) error {
		c.Clear()
		return nil
	})
}

func (t *Till) changeCart(f func(*register.Cart) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.ringing(); err != nil {
		return err
	}
	if err := f(&t.cart); err != nil {
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
	} {
		if errors.Is(err, c.is) {
			return problem(c.code, err, "name", name)
		}
	}
	return err
}

// keepDraft writes the receipt to the disk after every change, so that a power cut loses at most what was rung up in
// the last moments, and an orderly end nothing.
func (t *Till) keepDraft(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-t.draft:
			t.saveDraft()
		}
	}
	select {
	case <-t.draft:
		t.saveDraft()
	default:
	}
}

// saveDraft writes the receipt as it stands, also while the till is being stopped.
func (t *Till) saveDraft() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	t.drafts.Lock()
	defer t.drafts.Unlock()
	t.mu.Lock()
	lines, frozen := t.cart.Lines(), t.current != nil
	t.mu.Unlock()
	if frozen {
		return
	}
	if err := t.c.Store.SaveDraft(ctx, lines); err != nil {
		t.c.Log.Warn("keeping the receipt", "error", err)
	}
}

// Search finds goods by words of their names, codes or barcodes; two letters at least.
func (t *Till) Search(ctx context.Context, text string, limit int) ([]register.Product, error) {
	if len([]rune(strings.TrimSpace(text))) < 2 {
		return nil, nil
	}
	found, err := t.c.Store.Search(ctx, text, limit)
	return found, disk(err)
}

// Groups lists the groups of goods.
func (t *Till) Groups(ctx context.Context) ([]Group, error) {
	groups, err := t.c.Store.Groups(ctx)
	out := make([]Group, len(groups))
	for i, g := range groups {
		out[i] = Group(g)
	}
	return out, disk(err)
}

// Goods is a page of a group's goods by name; an empty group means all.
func (t *Till) Goods(ctx context.Context, group string, offset, limit int) ([]register.Product, error) {
	goods, err := t.c.Store.Goods(ctx, group, offset, limit)
	return goods, disk(err)
}
