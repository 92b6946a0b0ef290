package register

import "fmt"

// Totals are the counters of one shift: what an X or a Z report shows.
type Totals struct {
	Sales     int64 `json:"sales"`     // number of sales
	SalesSum  Money `json:"sales_sum"` // what they came to
	Cash      Money `json:"cash"`      // of it, by payment method
	Card      Money `json:"card"`
	QR        Money `json:"qr"`
	CashStart Money `json:"cash_start"` // drawer at the shift's opening
	CashEnd   Money `json:"cash_end"`   // drawer now, as it should be
}

// Apply adds one operation. Operations of a kind that it does not know leave the totals as they are.
func (t *Totals) Apply(o Operation) error {
	switch o.Kind {
	case KindShiftOpened:
		var b ShiftOpened
		if err := o.Decode(&b); err != nil {
			return err
		}
		*t = Totals{CashStart: b.Float, CashEnd: b.Float}
	case KindSale:
		s, err := o.Sale()
		if err != nil {
			return err
		}
		t.addSale(s)
	}
	return nil
}

func (t *Totals) addSale(s Sale) {
	t.Sales++
	t.SalesSum += s.Total
	for _, p := range s.Payments {
		switch p.Method {
		case Cash:
			t.Cash += p.Amount
		case Card:
			t.Card += p.Amount
		case QR:
			t.QR += p.Amount
		}
	}
	t.CashEnd += s.Drawer()
}

// Drawer is how much cash the sale put into the drawer.
func (s Sale) Drawer() Money {
	var m Money
	for _, p := range s.Payments {
		if p.Method == Cash {
			m += p.Amount
		}
	}
	return m
}

// Balance tells whether the totals agree with themselves.
func (t Totals) Balance() error {
	if t.Cash+t.Card+t.QR != t.SalesSum {
		return fmt.Errorf("%w: %s + %s + %s is not %s", ErrBadOperation, t.Cash, t.Card, t.QR, t.SalesSum)
	}
	if t.CashStart+t.Cash != t.CashEnd {
		return fmt.Errorf("%w: drawer %s + %s is not %s", ErrBadOperation, t.CashStart, t.Cash, t.CashEnd)
	}
	return nil
}
