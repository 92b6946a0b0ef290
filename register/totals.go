package register

import "fmt"

// Totals are the counters of one shift: what an X or a Z report shows.
type Totals struct {
	Sales             Counter `json:"sales,omitzero"`
	Returns           Counter `json:"returns,omitzero"`
	Prepayments       Counter `json:"prepayments,omitzero"`
	PrepaymentReturns Counter `json:"prepayment_returns,omitzero"`
	CashIn            Counter `json:"cash_in,omitzero"`
	CashOut           Counter `json:"cash_out,omitzero"`
	Off               Money   `json:"off,omitempty"`     // discounts in the sales
	Removed           int64   `json:"removed,omitempty"` // lines taken off receipts, and receipts given up
	Receipts          int64   `json:"receipts,omitempty"`
	CashStart         Money   `json:"cash_start"` // drawer at the shift's opening
	CashEnd           Money   `json:"cash_end"`   // drawer now, as it should be
}

// Counter counts the operations of one kind and their money by payment method.
type Counter struct {
	Count   int64 `json:"count,omitempty"`
	Sum     Money `json:"sum,omitempty"`
	Cash    Money `json:"cash,omitempty"`
	Card    Money `json:"card,omitempty"`
	QR      Money `json:"qr,omitempty"`
	Prepaid Money `json:"prepaid,omitempty"` // set off against prepayments, or given back to them
}

func (c *Counter) add(sum Money, payments []Payment) {
	c.Count++
	c.Sum += sum
	c.Cash += by(payments, Cash)
	c.Card += by(payments, Card)
	c.QR += by(payments, QR)
	c.Prepaid += by(payments, Prepaid)
}

func (c Counter) balance(what Kind) error {
	if c.Cash+c.Card+c.QR+c.Prepaid != c.Sum {
		return fmt.Errorf("%w: %s: %s + %s + %s + %s is not %s", ErrBadOperation, what, c.Cash, c.Card, c.QR, c.Prepaid, c.Sum)
	}
	return nil
}

// Apply adds one operation. Operations of a kind that it does not know leave the totals as they are, and so does one
// that cannot be understood; the error is ErrBadOperation.
func (t *Totals) Apply(o Operation) error {
	switch o.Kind {
	case KindShiftOpened:
		var b ShiftOpened
		if err := o.Decode(&b); err != nil {
			return err
		}
		if err := o.believe(-maxDrawer, maxDrawer, b.Float); err != nil {
			return err
		}
		*t = Totals{CashStart: b.Float, CashEnd: b.Float}
		return nil
	case KindLineRemoved, KindReceiptCleared:
		t.Removed++
		return nil
	}
	c := t.counter(o.Kind)
	if c == nil {
		return nil
	}
	m, err := o.moved()
	if err != nil {
		return err
	}
	c.add(m.sum, m.payments)
	t.Off += m.off
	t.CashEnd += m.drawer()
	if o.Kind != KindCashIn && o.Kind != KindCashOut {
		t.Receipts++
	}
	return nil
}

// counter is where operations of a kind are counted; nil for kinds that move no money.
func (t *Totals) counter(k Kind) *Counter {
	switch k {
	case KindSale:
		return &t.Sales
	case KindReturn:
		return &t.Returns
	case KindPrepayment:
		return &t.Prepayments
	case KindPrepaymentReturn:
		return &t.PrepaymentReturns
	case KindCashIn:
		return &t.CashIn
	case KindCashOut:
		return &t.CashOut
	}
	return nil
}

// Taken is the money that came in less what went out, by method, without moves of cash that nobody was paid by.
func (t Totals) Taken(m Method) Money {
	pick := func(c Counter) Money {
		return map[Method]Money{Cash: c.Cash, Card: c.Card, QR: c.QR}[m]
	}
	return pick(t.Sales) - pick(t.Returns) + pick(t.Prepayments) - pick(t.PrepaymentReturns)
}

// Balance tells whether the totals agree with themselves.
func (t Totals) Balance() error {
	for _, c := range []struct {
		Counter
		kind Kind
	}{
		{t.Sales, KindSale}, {t.Returns, KindReturn}, {t.Prepayments, KindPrepayment}, {t.PrepaymentReturns, KindPrepaymentReturn},
		{t.CashIn, KindCashIn}, {t.CashOut, KindCashOut},
	} {
		if err := c.balance(c.kind); err != nil {
			return err
		}
	}
	if want := t.CashStart + t.Taken(Cash) + t.CashIn.Sum - t.CashOut.Sum; want != t.CashEnd {
		return fmt.Errorf("%w: the drawer holds %s and should hold %s", ErrBadOperation, t.CashEnd, want)
	}
	return nil
}
