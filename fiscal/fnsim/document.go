package fnsim

import (
	"maps"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// Registering is the kind of the document that a fiscal storage begins with.
const Registering fiscal.Kind = "registration"

// Document is what the device is asked to make, read from whatever protocol it came by. Sums are in kopecks.
type Document struct {
	Kind     fiscal.Kind     `json:"kind"`
	Operator fiscal.Operator `json:"operator,omitzero"`

	Cash register.Money `json:"cash,omitempty"` // of a move of cash

	Lines      []Line             `json:"lines,omitempty"`
	Payments   fiscal.Payments    `json:"payments,omitzero"` // Cash as given: what is above the total is the change
	Total      *register.Money    `json:"total,omitempty"`   // nil: the sum of the lines
	Taxes      []Tax              `json:"taxes,omitempty"`   // of a correction without lines
	Taxation   fiscal.Taxation    `json:"taxation,omitempty"`
	Contact    string             `json:"contact,omitempty"`
	NoPaper    bool               `json:"no_paper,omitempty"`
	Buyer      *fiscal.Buyer      `json:"buyer,omitempty"`
	Correction *fiscal.Correction `json:"correction,omitempty"`
	Attribute  Attribute          `json:"attribute,omitzero"`
	Extra      string             `json:"extra,omitempty"` // tag 1192; of corrections, and of receipts that mend another

	Texts []string `json:"texts,omitempty"` // printed below
}

// Line is one settled thing.
type Line struct {
	Name     string            `json:"name"`
	Price    register.Money    `json:"price"`
	Quantity register.Quantity `json:"quantity"`
	Sum      register.Money    `json:"sum"`
	VAT      register.VAT      `json:"vat"`
	VATSum   *register.Money   `json:"vat_sum,omitempty"` // nil: the device computes it
	Method   fiscal.Method     `json:"method"`
	Object   fiscal.Object     `json:"object"`
	Measure  *int              `json:"measure,omitempty"` // tag 2108, FFD 1.2; there it must be
	Unit     string            `json:"unit,omitempty"`    // tag 1197, FFD 1.05 and 1.1; may be empty
}

// Tax is the sum of one rate.
type Tax struct {
	VAT register.VAT   `json:"vat"`
	Sum register.Money `json:"sum"`
}

// Attribute is the user's own, tag 1084: a name (1085) and a value (1086).
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Record is a document that the device made. Those that Stored() tells are in the fiscal storage for ever; of the others
// FN, Number, Sign and the like are empty.
type Record struct {
	Document
	FN           string         `json:"fn,omitempty"`
	Number       int64          `json:"number,omitempty"` // tag 1040
	Sign         uint32         `json:"sign,omitempty"`   // tag 1077
	At           time.Time      `json:"at"`               // the device's clock, to the minute, in its zone; tag 1012
	Shift        int64          `json:"shift,omitempty"`  // tag 1038
	InShift      int64          `json:"in_shift,omitempty"`
	Registration string         `json:"registration,omitempty"`
	Sum          register.Money `json:"sum,omitempty"`    // tag 1020
	Change       register.Money `json:"change,omitempty"` // given back; Payments.Cash is without it
	VAT          []Tax          `json:"vat,omitempty"`    // the receipt's, by rate, in the order of the lines
	QR           string         `json:"qr,omitempty"`     // of receipts alone
	NotPrinted   bool           `json:"not_printed,omitempty"`
	Sent         bool           `json:"sent,omitempty"`     // the tax data operator has it
	Receipts     int64          `json:"receipts,omitempty"` // of the end of a shift: tag 1118
	Drawer       register.Money `json:"drawer"`             // what the drawer holds afterwards

	Documents   int64     `json:"documents,omitempty"`   // of the end of a shift: tag 1111
	Unsent      int       `json:"unsent,omitempty"`      // of the end of a shift: tag 1097
	UnsentSince time.Time `json:"unsent_since,omitzero"` // and 1098
	Warnings    []int     `json:"warnings,omitempty"`    // of the end of a shift: those of the tags 1050 to 1053 that are set
	Serial      string    `json:"serial,omitempty"`      // of the device, tag 1013
	INN         string    `json:"inn,omitempty"`         // of the user, tag 1018
	User        string    `json:"user,omitempty"`        // tag 1048
	FFD         string    `json:"ffd,omitempty"`         // tag 1209
	AutoOpened  bool      `json:"auto_opened,omitempty"` // the shift was opened for it
}

// Direction is tag 1054: 1 for a sale, 2 for a return, 0 for what is no receipt.
func (r Record) Direction() int { return direction(r.Kind) }

func direction(k fiscal.Kind) int {
	switch k {
	case fiscal.Sale, fiscal.SaleCorrection:
		return 1
	case fiscal.Return, fiscal.ReturnCorrection:
		return 2
	}
	return 0
}

// measures are tag 2108 for the units of a till.
var measures = map[register.Unit]int{register.Piece: 0, register.Kilogram: 11, register.Metre: 22, register.Litre: 41}

// FromFiscal writes a document of the till as this device wants it, for tests that need no protocol.
func FromFiscal(d fiscal.Document, ffd string) Document {
	doc := Document{Kind: d.Kind, Operator: d.Operator, Payments: d.Payments, Taxation: d.Taxation, Contact: d.Contact, NoPaper: d.NoPaper,
		Buyer: d.Buyer, Correction: d.Correction, Texts: d.Notes}
	switch {
	case d.Kind == fiscal.CashIn || d.Kind == fiscal.CashOut:
		doc.Cash = d.Total
		return doc
	case !d.Kind.Receipt():
		return doc
	}
	total := d.Total
	doc.Total = &total
	doc.Attribute = Attribute{Name: "Операция", Value: d.Mark}
	if d.Correction != nil {
		doc.Extra = d.Correction.Wrong
	}
	taxes := map[register.VAT]register.Money{}
	for _, l := range d.Lines {
		line := Line{Name: l.Name, Price: l.Price, Quantity: l.Quantity, Sum: l.Sum, VAT: l.VAT, Method: l.Method, Object: l.Object}
		if ffd == FFD12 {
			m := measures[l.Unit]
			line.Measure = &m
		}
		doc.Lines = append(doc.Lines, line)
		taxes[l.VAT] += rates[l.VAT].tax(l.Sum)
	}
	if d.Correction != nil && ffd == FFD105 {
		doc.Lines = nil
		for _, v := range sortedRates(maps.Keys(taxes)) {
			doc.Taxes = append(doc.Taxes, Tax{v, taxes[v]})
		}
	}
	return doc
}
