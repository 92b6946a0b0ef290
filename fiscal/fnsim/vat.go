package fnsim

import "kassa/register"

// VAT18 and VAT18of118 are rates of before 2019: a device still knows them.
const (
	VAT18      register.VAT = "18"
	VAT18of118 register.VAT = "18/118"
)

// rate is what the format knows of a rate of VAT.
type rate struct {
	code    int   // tag 1199
	percent int64 // of the sum without tax
	tag     int   // of the receipt's sum; zero: in container 1115
	since22 bool  // came with the firmware of 2026
}

// rates are tags 1199 and 1102 to 1107 of order ЕД-7-20/662@, with the codes 7 to 12 of its later editions. 18 % was code
// 1 before 20 % was.
var rates = map[register.VAT]rate{
	VAT18:               {code: 1, percent: 18, tag: 1102},
	VAT18of118:          {code: 3, percent: 18, tag: 1106},
	register.VAT20:      {code: 1, percent: 20, tag: 1102},
	register.VAT10:      {code: 2, percent: 10, tag: 1103},
	register.VAT20of120: {code: 3, percent: 20, tag: 1106},
	register.VAT10of110: {code: 4, percent: 10, tag: 1107},
	register.VAT0:       {code: 5, tag: 1104},
	register.VATNone:    {code: 6, tag: 1105},
	register.VAT5:       {code: 7, percent: 5},
	register.VAT7:       {code: 8, percent: 7},
	register.VAT5of105:  {code: 9, percent: 5},
	register.VAT7of107:  {code: 10, percent: 7},
	register.VAT22:      {code: 11, percent: 22, since22: true},
	register.VAT22of122: {code: 12, percent: 22, since22: true},
}

// tax is the VAT contained in a sum, half up to the kopeck.
func (r rate) tax(sum register.Money) register.Money {
	whole := 100 + r.percent
	return register.Money((2*int64(sum)*r.percent + whole) / (2 * whole))
}

// eighteen and twenty tell which of the rates that share a code this is.
func eighteen(v register.VAT) bool { return v == VAT18 || v == VAT18of118 }
func twenty(v register.VAT) bool   { return v == register.VAT20 || v == register.VAT20of120 }
