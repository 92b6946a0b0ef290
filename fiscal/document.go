package fiscal

import (
	"time"

	"kassa/register"
)

// Kind is what a document is.
type Kind string

// The kinds of document. Reports and moves of cash are not kept in the fiscal storage, the others are.
const (
	OpenShift        Kind = "open_shift"
	CloseShift       Kind = "close_shift" // the Z report
	Sale             Kind = "sale"        // приход, tag 1054 = 1; prepayments and their offset too
	Return           Kind = "return"      // возврат прихода, tag 1054 = 2; prepayments given back too
	SaleCorrection   Kind = "sale_correction"
	ReturnCorrection Kind = "return_correction" // FFD 1.1 and later
	CashIn           Kind = "cash_in"
	CashOut          Kind = "cash_out"
	XReport          Kind = "x_report"
)

// Stored tells whether documents of this kind get a number in the fiscal storage.
func (k Kind) Stored() bool { return k == OpenShift || k == CloseShift || k.Receipt() }

// Receipt tells whether documents of this kind have lines and payments.
func (k Kind) Receipt() bool {
	return k == Sale || k == Return || k == SaleCorrection || k == ReturnCorrection
}

// Taxation is the seller's tax system, tag 1055. The empty one leaves it to a device that is registered with a single one.
type Taxation string

// The tax systems that exist in 2026.
const (
	TaxationOSN     Taxation = "osn"     // general
	TaxationUSN     Taxation = "usn"     // simplified, on income
	TaxationUSNNet  Taxation = "usn_net" // simplified, on income less expenses
	TaxationESHN    Taxation = "eshn"    // agricultural
	TaxationPatent  Taxation = "patent"
	TaxationDefault Taxation = ""
)

// Method is the sign of the method of settlement, tag 1214; its numbers are the format's own (FNS order
// ЕД-7-20/662@, table 28).
type Method int

// The methods of settlement.
const (
	FullPrepayment Method = 1 // known goods, paid in full before they are handed over
	PartPrepayment Method = 2 // known goods, paid in part before
	Advance        Method = 3 // goods not known yet
	FullPayment    Method = 4 // paid in full when handed over; what was prepaid is set off
	PartPayment    Method = 5
	Credit         Method = 6
	CreditPayment  Method = 7
)

// Object is the sign of what is settled for, tag 1212; its numbers are the format's own (table 29).
type Object int

// The objects that a till sells.
const (
	Goods   Object = 1
	Work    Object = 3
	Service Object = 4
	Money   Object = 10 // an advance
)

// Operator is who stands at the till: tags 1021 and 1203.
type Operator struct {
	Name string `json:"name"`
	INN  string `json:"inn,omitempty"` // twelve digits, or none
}

// Document is what a registrar is asked to make. It is plain data, and is kept as JSON from before the first try on:
// what is asked again is the same to the byte.
type Document struct {
	Kind     Kind     `json:"kind"`
	Mark     string   `json:"mark"` // the operation's id: kept in the document (tags 1085 and 1086) where there is room for it
	Operator Operator `json:"operator"`

	Total register.Money `json:"total,omitempty"` // of a receipt; of a move of cash, the cash

	// Of receipts alone.
	Lines      []Line      `json:"lines,omitempty"`
	Payments   Payments    `json:"payments,omitzero"`
	Taxation   Taxation    `json:"taxation,omitempty"`
	Contact    string      `json:"contact,omitempty"`  // the buyer's e-mail, or phone as +7…, tag 1008
	NoPaper    bool        `json:"no_paper,omitempty"` // the buyer wants it electronically alone; there is a Contact
	Buyer      *Buyer      `json:"buyer,omitempty"`
	Correction *Correction `json:"correction,omitempty"` // of corrections alone
	Notes      []string    `json:"notes,omitempty"`      // printed below, no part of the document: cash given, change, thanks
}

// Buyer is named on receipts for businesses: tags 1227 and 1228.
type Buyer struct {
	Name string `json:"name"`
	INN  string `json:"inn,omitempty"`
}

// Line is one settled thing. Sum is Price times Quantity to the kopeck, discounts already taken off: a receipt knows no
// discounts (tags 1030, 1079, 1023, 1043, 1199, 1214, 1212, 2108).
type Line struct {
	Name     string            `json:"name"`
	Price    register.Money    `json:"price"`
	Quantity register.Quantity `json:"quantity"`
	Unit     register.Unit     `json:"unit"`
	Sum      register.Money    `json:"sum"`
	VAT      register.VAT      `json:"vat"`
	Method   Method            `json:"method"`
	Object   Object            `json:"object"`
	Off      register.Money    `json:"off,omitempty"` // what was taken off, for a device that prints such a remark
}

// Payments say how a receipt was settled; they add up to its total. Cash is without the change.
type Payments struct {
	Cash       register.Money `json:"cash,omitempty"`       // tag 1031
	Electronic register.Money `json:"electronic,omitempty"` // 1081: card, and QR through SBP or a bank
	Prepaid    register.Money `json:"prepaid,omitempty"`    // 1215: an earlier prepayment set off
	Credit     register.Money `json:"credit,omitempty"`     // 1216
	Other      register.Money `json:"other,omitempty"`      // 1217
}

// Sum is what all payments come to.
func (p Payments) Sum() register.Money { return p.Cash + p.Electronic + p.Prepaid + p.Credit + p.Other }

// Correction says why a correction is made: tags 1173, 1178 and 1179.
type Correction struct {
	ByOrder bool      `json:"by_order,omitempty"` // of the tax service; by the seller's own will otherwise
	Date    time.Time `json:"date"`               // of the settlement that is put right, in the shop's zone; the day alone counts
	Number  string    `json:"number,omitempty"`   // of the order, or of the shop's own memo
	Wrong   string    `json:"wrong,omitempty"`    // the sign of the wrong receipt, tag 1192
}
