package accept

import (
	"errors"
	"fmt"

	"kassa/register"
)

// errSums tells that the particulars can be read and do not agree with themselves.
var errSums = errors.New("accept: the sums do not agree")

// body reads the particulars of the kinds that this version knows. A body is held against itself alone: whether a return
// keeps within its sale is not asked here, because the sale may lie in another journal that has not arrived.
func (f *Facts) body(o register.Operation) {
	read, known := readers[o.Kind]
	switch {
	case !known:
		f.Aside = UnknownKind
	case o.Version > register.BodyVersion:
		f.Aside = NewerVersion
	default:
		f.Aside = read(f, o)
	}
}

// readers fill in the facts of a kind and say what is wrong with the body.
var readers = map[register.Kind]func(*Facts, register.Operation) Aside{
	register.KindShiftOpened: func(_ *Facts, o register.Operation) Aside {
		return check(o, func(register.ShiftOpened) error { return nil })
	},
	register.KindSale: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.Sale) error {
			f.paid(b.Receipt, b.Total, b.Payments)
			return sale(b)
		})
	},
	register.KindReturn: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.SaleReturn) error {
			f.paid(b.Receipt, -b.Total, b.Payments)
			return saleReturn(b)
		})
	},
	register.KindPrepayment: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.Prepayment) error {
			f.paid(b.Receipt, b.Amount, b.Payments)
			return prepayment(b)
		})
	},
	register.KindPrepaymentReturn: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.PrepaymentReturn) error {
			f.paid(b.Receipt, -b.Amount, b.Payments)
			return prepaymentReturn(b)
		})
	},
	register.KindCashIn: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.CashMove) error {
			f.moved(b.Sum)
			return b.Check()
		})
	},
	register.KindCashOut: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.CashMove) error {
			f.moved(-b.Sum)
			return b.Check()
		})
	},
	register.KindShiftClosed: func(_ *Facts, o register.Operation) Aside { return check(o, shiftClosed) },
	register.KindLineRemoved: func(_ *Facts, o register.Operation) Aside {
		return check(o, func(b register.LineRemoved) error { return lines([]register.Line{b.Line}) })
	},
	register.KindReceiptCleared: func(_ *Facts, o register.Operation) Aside { return check(o, receiptCleared) },
	register.KindDrawerOpened: func(_ *Facts, o register.Operation) Aside {
		return check(o, func(register.DrawerOpened) error { return nil })
	},
}

// check reads a body and asks whether it agrees with itself.
func check[T any](o register.Operation, agrees func(T) error) Aside {
	var b T
	if o.Decode(&b) != nil {
		return BadBody
	}
	if agrees(b) != nil {
		return BadSums
	}
	return Understood
}

// paid takes over what a buyer paid, or was paid back.
func (f *Facts) paid(receipt int64, sum register.Money, payments []register.Payment) {
	total := int64(sum)
	f.Receipt, f.Total = &receipt, &total
	for i, p := range payments {
		switch method := tidy(string(p.Method)); {
		case i == 0:
			f.Method = method
		case f.Method != method:
			f.Method = Mixed
		}
	}
}

// moved takes over cash that was put into the drawer or taken out of it.
func (f *Facts) moved(sum register.Money) {
	total := int64(sum)
	f.Total, f.Method = &total, string(register.Cash)
}

func sale(b register.Sale) error {
	if err := lines(b.Lines); err != nil {
		return err
	}
	return b.Check()
}

func saleReturn(b register.SaleReturn) error {
	if len(b.Lines) > register.MaxLines {
		return register.ErrTooMuch
	}
	whole := make([]register.Line, len(b.Lines))
	for i, l := range b.Lines {
		whole[i] = l.Line
		if err := part(l.Line); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if b.Sale == nil {
		// Goods that no sale is known for were rung up anew: their lines are whole ones.
		if err := lines(whole); err != nil {
			return err
		}
	}
	return b.Check()
}

// part checks a line that may be a piece of a sold one. Its sums are shares of that line's, so they cannot be computed
// from the price; but they cannot be just anything either.
func part(l register.Line) error {
	switch {
	case !l.Unit.Valid(), !l.VAT.Valid(),
		l.Price <= 0, l.Price > register.MaxMoney,
		l.Quantity <= 0, l.Quantity > register.MaxQuantity, !l.Unit.Weighed() && !l.Quantity.Whole(),
		l.Sum < 0, l.Sum > 2*register.MaxMoney, l.VATSum < 0, l.VATSum > l.Sum, l.Off < 0, l.Off > l.Gross():
		return errSums
	}
	return nil
}

func prepayment(b register.Prepayment) error {
	if err := lines(b.Lines); err != nil {
		return err
	}
	return b.Check()
}

func prepaymentReturn(b register.PrepaymentReturn) error {
	if b.Amount <= 0 {
		return errSums
	}
	for _, p := range b.Payments {
		if p.Method == register.Prepaid {
			return errSums
		}
	}
	// Held against a prepayment that was paid in the very same way, it is held against itself.
	return b.CheckAgainst(register.Prepayment{Payments: b.Payments}, b.Amount, nil)
}

func shiftClosed(b register.ShiftClosed) error {
	if b.Counted != nil && *b.Counted < 0 {
		return errSums
	}
	return b.Totals.Balance()
}

func receiptCleared(b register.ReceiptCleared) error {
	if err := lines(b.Lines); err != nil {
		return err
	}
	if (register.Draft{Lines: b.Lines}).Total() != b.Total {
		return errSums
	}
	return nil
}

// lines checks lines of goods each by itself, as a prepaid order's are: what a receipt's discount gave to each of them
// depends on the shop's rules on that day, which the operation does not hold. Everything that computes with lines comes
// after it, so that no sum can overflow.
func lines(all []register.Line) error {
	_, err := register.RestoreCart(register.Draft{Lines: all, Order: &register.Order{}})
	return err
}
