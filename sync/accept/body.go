package accept

import (
	"errors"

	"github.com/google/uuid"

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
	if f.Aside != Understood {
		f.Uses = nil
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
			f.basis(b.Prepayment)
			return b.Check()
		})
	},
	register.KindReturn: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.SaleReturn) error {
			f.paid(b.Receipt, -b.Total, b.Payments)
			f.basis(b.Sale)
			return b.Check()
		})
	},
	register.KindPrepayment: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.Prepayment) error {
			f.paid(b.Receipt, b.Amount, b.Payments)
			return b.Check()
		})
	},
	register.KindPrepaymentReturn: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.PrepaymentReturn) error {
			f.paid(b.Receipt, -b.Amount, b.Payments)
			f.basis(&b.Prepayment)
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
		return check(o, func(register.LineRemoved) error { return nil })
	},
	register.KindReceiptCleared: func(_ *Facts, o register.Operation) Aside { return check(o, receiptCleared) },
	register.KindDrawerOpened: func(_ *Facts, o register.Operation) Aside {
		return check(o, func(register.DrawerOpened) error { return nil })
	},
	register.KindFiscalDocument: func(f *Facts, o register.Operation) Aside {
		return check(o, func(b register.FiscalDocument) error {
			f.basis(&b.Of)
			return b.Check()
		})
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
		f.use(sum, p)
		switch method := tidy(string(p.Method)); {
		case i == 0:
			f.Method = method
		case f.Method != method:
			f.Method = Mixed
		}
	}
}

// use takes over which QR payment stands behind a payment. An id that is none is not looked for.
func (f *Facts) use(sum register.Money, p register.Payment) {
	id, err := uuid.Parse(p.QRID)
	if p.Method != register.QR || err != nil {
		return
	}
	u := Use{Payment: id, Amount: p.Amount}
	if sum < 0 {
		u.Amount = -p.Amount
	}
	f.Uses = append(f.Uses, u)
}

// moved takes over cash that was put into the drawer or taken out of it.
func (f *Facts) moved(sum register.Money) {
	total := int64(sum)
	f.Total, f.Method = &total, string(register.Cash)
}

// basis takes over what an operation goes back to, where that can be a place in a journal.
func (f *Facts) basis(ref *register.Ref) {
	if ref == nil || ref.Number < 1 {
		return
	}
	if journal, err := uuid.Parse(ref.Journal); err == nil {
		f.Basis = &Place{Journal: journal, Number: ref.Number}
	}
}

// prepaymentReturn has no check of its own in the register, where it is always held against its prepayment. Held against
// one that was paid in the very same way, it is held against itself.
func prepaymentReturn(b register.PrepaymentReturn) error {
	for _, p := range b.Payments {
		if p.Method == register.Prepaid {
			return errSums
		}
	}
	return b.CheckAgainst(register.Prepayment{Payments: b.Payments}, b.Amount, nil)
}

func shiftClosed(b register.ShiftClosed) error {
	if b.Counted != nil && *b.Counted < 0 {
		return errSums
	}
	return b.Totals.Balance()
}

func receiptCleared(b register.ReceiptCleared) error {
	if (register.Draft{Lines: b.Lines}).Total() != b.Total {
		return errSums
	}
	return nil
}
