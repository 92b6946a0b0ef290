package till

import (
	"context"
	"errors"
	"strings"

	"kassa/localdb"
	"kassa/register"
)

// Scanned is what a scan came to: exactly one of its parts.
type Scanned struct {
	Line     int                // of the receipt, that goods were put on; -1 when it was something else
	Customer *register.Customer // whose discount card it was: the receipt is theirs now
	Receipt  *Operation         // the sale or prepayment whose slip it was
	Weigh    *register.Product  // goods sold by weight whose code says no weight: nothing was added, ask how much
}

// Scan takes a code wherever it comes from: goods go on the receipt, q of them; a customer's card gives the receipt a
// customer; a receipt's own code finds the receipt. A text that is none of them is tried as the shop's own number of
// goods. A q of zero is a quantity that nobody named: one piece or pack, the label's weight, or a question about it.
func (t *Till) Scan(ctx context.Context, code string, q register.Quantity) (Scanned, error) {
	code = strings.TrimSpace(code)
	nothing := Scanned{Line: -1}
	if gtin, ok := register.MarkingCode(code); ok {
		return nothing, t.refuseMarked(ctx, gtin)
	}
	if err := register.CheckBarcode(code); err != nil {
		return nothing, problem(CodeUnknownBarcode, err, "barcode", short(code))
	}
	if op, err := t.SaleByCode(ctx, code); err == nil {
		return Scanned{Line: -1, Receipt: &op}, nil
	}
	if err := t.mayRing(); err != nil {
		return nothing, err
	}
	p, pack, err := t.find(ctx, code)
	asked := q != 0
	if !asked {
		q = register.One
	}
	switch {
	case err == nil && !asked && p.Unit.Weighed() && pack == register.One && !p.Marked:
		return Scanned{Line: -1, Weigh: &p}, nil
	case err == nil:
		return t.scanned(t.ring(p, times(q, pack), p.Price))
	case !errors.Is(err, localdb.ErrNoProduct):
		return nothing, disk(err)
	}
	// A card that the shop has given out is asked for before the masks, which fit every number of their prefix.
	who, err := t.c.Store.CustomerByCard(ctx, code)
	switch {
	case err == nil:
		err := t.changeCart(func(c *register.Cart) error { return named(c.SetCustomer(&who), "") })
		return Scanned{Line: -1, Customer: &who}, err
	case !errors.Is(err, localdb.ErrNoCustomer):
		return nothing, disk(err)
	}
	if line, ok, err := t.weigh(ctx, code, q); ok {
		return t.scanned(line, err)
	}
	return nothing, problem(CodeUnknownBarcode, localdb.ErrNoProduct, "barcode", short(code))
}

// refuseMarked tells that goods whose marking code was scanned cannot be sold, by their name if they are known.
func (t *Till) refuseMarked(ctx context.Context, gtin string) error {
	if err := t.mayRing(); err != nil {
		return err
	}
	name := strings.TrimPrefix(gtin, "0") // EAN-13 but for boxes
	if p, _, err := t.find(ctx, name); err == nil {
		name = p.Name
	} else if !errors.Is(err, localdb.ErrNoProduct) {
		return disk(err)
	}
	return problem(CodeMarked, register.ErrMarked, "name", name)
}

func (t *Till) scanned(line int, err error) (Scanned, error) {
	if err != nil {
		return Scanned{Line: -1}, err
	}
	return Scanned{Line: line}, nil
}

// times is q packs. Where that is more than a line can hold, the register says so.
func times(q, pack register.Quantity) register.Quantity {
	if q <= 0 {
		return q
	}
	if pack > register.MaxQuantity/q*register.One {
		return register.MaxQuantity + 1
	}
	return q * pack / register.One
}

// find looks for a barcode as it is, then as the other writing of the same UPC-A or EAN-13 number, then for a code.
func (t *Till) find(ctx context.Context, barcode string) (p register.Product, pack register.Quantity, err error) {
	p, pack, err = t.c.Store.ProductByBarcode(ctx, barcode)
	if other := otherWriting(barcode); errors.Is(err, localdb.ErrNoProduct) && other != "" {
		p, pack, err = t.c.Store.ProductByBarcode(ctx, other)
	}
	if errors.Is(err, localdb.ErrNoProduct) {
		p, err = t.c.Store.ProductByCode(ctx, barcode)
		pack = register.One
	}
	return p, pack, err
}

// weigh reads a scale's barcode. ok is false when no mask of the shop fits it, or nobody knows the number in it.
func (t *Till) weigh(ctx context.Context, code string, q register.Quantity) (line int, ok bool, err error) {
	for _, m := range t.View().Settings.Scales {
		w, fits, err := m.Read(code)
		if !fits {
			continue
		}
		if err != nil {
			return 0, true, problem(CodeEmptyWeight, err)
		}
		p, err := t.byScaleCode(ctx, w.Code)
		if errors.Is(err, localdb.ErrNoProduct) {
			continue
		}
		if err != nil {
			return 0, true, disk(err)
		}
		line, err := t.ringWeighing(p, w, q)
		return line, true, err
	}
	return 0, false, nil
}

// labelled finds the goods that a scale's label was printed for. ok is false when no mask of the shop fits it, or nobody
// knows the number in it.
func (t *Till) labelled(ctx context.Context, code string) (p register.Product, ok bool) {
	for _, m := range t.View().Settings.Scales {
		w, fits, err := m.Read(code)
		if !fits || err != nil {
			continue
		}
		if p, err := t.byScaleCode(ctx, w.Code); err == nil {
			return p, true
		}
	}
	return p, false
}

// byScaleCode finds goods by the number that a scale prints, which is the shop's code with or without zeros before it.
func (t *Till) byScaleCode(ctx context.Context, code string) (register.Product, error) {
	p, err := t.c.Store.ProductByCode(ctx, code)
	if plain := strings.TrimLeft(code, "0"); errors.Is(err, localdb.ErrNoProduct) && plain != "" && plain != code {
		p, err = t.c.Store.ProductByCode(ctx, plain)
	}
	return p, err
}

func (t *Till) ringWeighing(p register.Product, w register.Weighing, q register.Quantity) (int, error) {
	switch w.Kind {
	case register.ScalePrice:
		// The label's price stands: a weight that was computed back from it would not come to the same kopecks.
		p.Unit = register.Piece
		return t.ring(p, q, register.Money(w.Value))
	case register.ScalePieces:
		return t.ring(p, times(q, register.Quantity(w.Value)*register.One), p.Price)
	}
	return t.ring(p, times(q, register.Quantity(w.Value)), p.Price)
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
