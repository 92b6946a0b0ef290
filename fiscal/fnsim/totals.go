package fnsim

import (
	"maps"

	"kassa/fiscal"
	"kassa/register"
)

// Count is how often something happened, and for how much.
type Count struct {
	Count int64          `json:"count"`
	Sum   register.Money `json:"sum"`
}

// Turnover is what receipts of one kind came to.
type Turnover struct {
	Count
	Payments fiscal.Payments `json:"payments"`
}

// Totals are the counters of a shift. Corrections count with the receipts of their direction, as tags 1129 and 1130 do.
type Totals struct {
	Receipts map[fiscal.Kind]Turnover `json:"receipts"` // of Sale and Return
	In       Count                    `json:"in"`       // cash put into the drawer
	Out      Count                    `json:"out"`      // and taken out
	Inside   int64                    `json:"inside"`   // receipts of the shift, tag 1118
}

func (t Totals) receipts() int64 { return t.Inside }

func (t Totals) clone() Totals {
	t.Receipts = maps.Clone(t.Receipts)
	return t
}

// count adds a document.
func (t *Totals) count(r Record) {
	add := func(c *Count, sum register.Money) { c.Count++; c.Sum += sum }
	switch {
	case r.Kind == fiscal.CashIn:
		add(&t.In, r.Cash)
	case r.Kind == fiscal.CashOut:
		add(&t.Out, r.Cash)
	case r.Kind.Receipt():
		kind := fiscal.Sale
		if direction(r.Kind) == 2 {
			kind = fiscal.Return
		}
		if t.Receipts == nil {
			t.Receipts = map[fiscal.Kind]Turnover{}
		}
		sum, p := t.Receipts[kind], r.Payments
		add(&sum.Count, r.Sum)
		sum.Payments.Cash += p.Cash
		sum.Payments.Electronic += p.Electronic
		sum.Payments.Prepaid += p.Prepaid
		sum.Payments.Credit += p.Credit
		sum.Payments.Other += p.Other
		t.Receipts[kind] = sum
		t.Inside++
	}
}

// moved is by how much a document changes the drawer.
func moved(r Record) register.Money {
	switch {
	case r.Kind == fiscal.CashIn:
		return r.Cash
	case r.Kind == fiscal.CashOut:
		return -r.Cash
	case direction(r.Kind) == 1:
		return r.Payments.Cash
	case direction(r.Kind) == 2:
		return -r.Payments.Cash
	}
	return 0
}
