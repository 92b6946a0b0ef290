package kkmserver

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	"kassa/fiscal"
	"kassa/register"
)

// The widths of the format (order ЕД-7-20/662@, FFD): tags 1030, 1021, 1227, 1192 and 1179.
const (
	widthName     = 128
	widthOperator = 64
	widthBuyer    = 256
	widthWrong    = 16
	widthNumber   = 32
	widthText     = 200 // of a line that is only printed; drivers break it
)

// command is what KkmServer is asked. Each command fills its own part.
type command struct {
	Command      string `json:"Command"`
	IDCommand    string `json:"IdCommand,omitempty"`
	NumDevice    int    `json:"NumDevice"`
	InnKkm       string `json:"InnKkm,omitempty"`
	Timeout      int    `json:"Timeout,omitempty"` // seconds until it answers that the command still runs
	CashierName  string `json:"CashierName,omitempty"`
	CashierVATIN string `json:"CashierVATIN,omitempty"`

	Amount       *roubles `json:"Amount,omitempty"`       // of a move of cash, and of a correction with no lines
	FiscalNumber int64    `json:"FiscalNumber,omitempty"` // GetDataCheck
	NumberCopies int      `json:"NumberCopies,omitempty"`

	*receipt // RegisterCheck
}

// receipt are the fields of RegisterCheck.
type receipt struct {
	IsFiscalCheck bool `json:"IsFiscalCheck"`
	TypeCheck     int  `json:"TypeCheck"`
	NotPrint      bool `json:"NotPrint"`
	// A KkmServer that serves a card terminal, too, would charge a card for what is electronic when this is left out.
	PayByProcessing bool `json:"PayByProcessing"`

	ClientAddress string `json:"ClientAddress,omitempty"`
	ClientInfo    string `json:"ClientInfo,omitempty"`
	ClientINN     string `json:"ClientINN,omitempty"`
	TaxVariant    string `json:"TaxVariant,omitempty"`

	UserAttribute       *userAttribute `json:"UserAttribute,omitempty"`
	AdditionalAttribute string         `json:"AdditionalAttribute,omitempty"`

	CorrectionType       *int   `json:"CorrectionType,omitempty"`
	CorrectionBaseDate   string `json:"CorrectionBaseDate,omitempty"`
	CorrectionBaseNumber string `json:"CorrectionBaseNumber,omitempty"`
	*taxes

	CheckStrings []checkString `json:"CheckStrings"`

	Cash              roubles `json:"Cash"`
	ElectronicPayment roubles `json:"ElectronicPayment"`
	AdvancePayment    roubles `json:"AdvancePayment"`
	Credit            roubles `json:"Credit"`
	CashProvision     roubles `json:"CashProvision"`
}

// taxes are the sums of a correction that has no lines. The names of the rates of 2025 and 2026 follow the older ones.
type taxes struct {
	SumTaxNone roubles `json:"SumTaxNone"`
	SumTax0    roubles `json:"SumTax0"`
	SumTax5    roubles `json:"SumTax5"`
	SumTax7    roubles `json:"SumTax7"`
	SumTax10   roubles `json:"SumTax10"`
	SumTax20   roubles `json:"SumTax20"`
	SumTax22   roubles `json:"SumTax22"`
	SumTax105  roubles `json:"SumTax105"`
	SumTax107  roubles `json:"SumTax107"`
	SumTax110  roubles `json:"SumTax110"`
	SumTax120  roubles `json:"SumTax120"`
	SumTax122  roubles `json:"SumTax122"`
}

// userAttribute is tag 1084: 1085 and 1086.
type userAttribute struct {
	Name  string `json:"Name"`
	Value string `json:"Value"`
}

// markName names our mark in it.
const markName = "Операция"

// checkString is one thing on the paper.
type checkString struct {
	Register  *registerLine `json:"Register,omitempty"`
	PrintText *printText    `json:"PrintText,omitempty"`
}

type registerLine struct {
	Name                  string  `json:"Name"`
	Quantity              amount  `json:"Quantity"`
	Price                 roubles `json:"Price"`
	Amount                roubles `json:"Amount"`
	Tax                   int     `json:"Tax"`
	SignMethodCalculation int     `json:"SignMethodCalculation"`
	SignCalculationObject int     `json:"SignCalculationObject"`
	MeasureOfQuantity     *int    `json:"MeasureOfQuantity,omitempty"` // FFD 1.2
}

type printText struct {
	Text string `json:"Text"`
}

// rates are KkmServer's numbers of the rates: the per cent, 100 + per cent for a calculated one, and -1 for none.
var rates = map[register.VAT]int{
	register.VATNone: -1, register.VAT0: 0, register.VAT5: 5, register.VAT7: 7, register.VAT10: 10, register.VAT20: 20, register.VAT22: 22,
	register.VAT5of105: 105, register.VAT7of107: 107, register.VAT10of110: 110, register.VAT20of120: 120, register.VAT22of122: 122,
}

// plainLetters put letters that a registrar's printer has, code page 866, in the place of those that it does not.
var plainLetters = strings.NewReplacer("«", `"`, "»", `"`, "„", `"`, "“", `"`, "”", `"`, "’", "'", "‘", "'", "—", "-", "–", "-", "−", "-",
	"…", "...", "₽", "р.", "×", "x", "•", "*")

// plain writes a text with them.
func plain(s string) string { return plainLetters.Replace(s) }

// measures are tag 2108.
var measures = map[register.Unit]int{register.Piece: 0, register.Kilogram: 11, register.Metre: 22, register.Litre: 41}

// taxVariants are KkmServer's numbers of the tax systems.
var taxVariants = map[fiscal.Taxation]string{
	fiscal.TaxationOSN: "0", fiscal.TaxationUSN: "1", fiscal.TaxationUSNNet: "2", fiscal.TaxationESHN: "4", fiscal.TaxationPatent: "5",
}

// typeChecks are KkmServer's numbers of the receipts.
var typeChecks = map[fiscal.Kind]int{fiscal.Sale: 0, fiscal.Return: 1, fiscal.SaleCorrection: 2, fiscal.ReturnCorrection: 3}

// commands are KkmServer's names of what a document needs.
var commands = map[fiscal.Kind]string{
	fiscal.OpenShift: "OpenShift", fiscal.CloseShift: "CloseShift", fiscal.XReport: "XReport",
	fiscal.CashIn: "DepositingCash", fiscal.CashOut: "PaymentCash",
	fiscal.Sale: "RegisterCheck", fiscal.Return: "RegisterCheck", fiscal.SaleCorrection: "RegisterCheck", fiscal.ReturnCorrection: "RegisterCheck",
}

// the begins a command to this registrar.
func (d *Device) the(name string) command {
	return command{Command: name, NumDevice: d.number, InnKkm: d.inn}
}

// commandOf writes a try as a command, for a device of a version of the format.
func (d *Device) commandOf(t fiscal.Try, ffd string) command {
	doc := t.Document
	c := d.the(commands[doc.Kind])
	c.IDCommand = t.ID
	c.CashierName, c.CashierVATIN = clean(plain(doc.Operator.Name), widthOperator), doc.Operator.INN
	switch {
	case doc.Kind == fiscal.CashIn || doc.Kind == fiscal.CashOut:
		c.Amount = ref(roubles(doc.Total))
	case doc.Kind.Receipt():
		c.receipt = receiptOf(doc, ffd)
		if doc.Correction != nil && !withLines(ffd) {
			c.Amount = ref(roubles(doc.Total))
		}
	}
	return c
}

func ref[T any](v T) *T { return &v }

// withLines tells whether corrections have lines in a version of the format.
func withLines(ffd string) bool { return ffd == "1.1" || ffd == "1.2" }

func receiptOf(doc fiscal.Document, ffd string) *receipt {
	r := &receipt{
		IsFiscalCheck: true, TypeCheck: typeChecks[doc.Kind], NotPrint: doc.NoPaper,
		ClientAddress: doc.Contact, TaxVariant: taxVariants[doc.Taxation],
		Cash: roubles(doc.Payments.Cash), ElectronicPayment: roubles(doc.Payments.Electronic),
		AdvancePayment: roubles(doc.Payments.Prepaid), Credit: roubles(doc.Payments.Credit), CashProvision: roubles(doc.Payments.Other),
	}
	if doc.Mark != "" {
		r.UserAttribute = &userAttribute{Name: markName, Value: doc.Mark}
	}
	if doc.Buyer != nil {
		r.ClientInfo, r.ClientINN = clean(plain(doc.Buyer.Name), widthBuyer), doc.Buyer.INN
	}
	lines := doc.Lines
	if why := doc.Correction; why != nil {
		r.CorrectionType = ref(0)
		if why.ByOrder {
			r.CorrectionType = ref(1)
		}
		r.CorrectionBaseDate = why.Date.Format(time.DateOnly) + "T00:00:00"
		r.CorrectionBaseNumber = clip(why.Number, widthNumber)
		r.AdditionalAttribute = clip(why.Wrong, widthWrong)
		if !withLines(ffd) {
			r.taxes, lines = taxesOf(doc.Lines), nil
		}
	}
	for _, l := range lines {
		r.CheckStrings = append(r.CheckStrings, checkString{Register: lineOf(l, ffd)})
		if l.Off > 0 {
			r.CheckStrings = append(r.CheckStrings, checkString{PrintText: &printText{"Скидка " + l.Off.String()}})
		}
	}
	for _, note := range doc.Notes {
		r.CheckStrings = append(r.CheckStrings, checkString{PrintText: &printText{printed(note)}})
	}
	return r
}

// printed is a line of text for the paper; its spaces stay, for they may make columns.
func printed(note string) string {
	return clip(strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, plain(note)), widthText)
}

func lineOf(l fiscal.Line, ffd string) *registerLine {
	line := &registerLine{
		Name: cmp.Or(clean(plain(l.Name), widthName), "-"), Quantity: amount(l.Quantity), Price: roubles(l.Price), Amount: roubles(l.Sum),
		Tax: rates[l.VAT], SignMethodCalculation: int(l.Method), SignCalculationObject: int(l.Object),
	}
	if m, known := measures[l.Unit]; ffd == "1.2" {
		if !known {
			m = 255 // another one
		}
		line.MeasureOfQuantity = &m
	}
	return line
}

// taxesOf sums lines by rate: the tax, and the turnover where there is none.
func taxesOf(lines []fiscal.Line) *taxes {
	var t taxes
	to := map[register.VAT]*roubles{
		register.VATNone: &t.SumTaxNone, register.VAT0: &t.SumTax0, register.VAT5: &t.SumTax5, register.VAT7: &t.SumTax7,
		register.VAT10: &t.SumTax10, register.VAT20: &t.SumTax20, register.VAT22: &t.SumTax22, register.VAT5of105: &t.SumTax105,
		register.VAT7of107: &t.SumTax107, register.VAT10of110: &t.SumTax110, register.VAT20of120: &t.SumTax120, register.VAT22of122: &t.SumTax122,
	}
	for _, l := range lines {
		sum, known := to[l.VAT]
		switch {
		case !known:
		case l.VAT.Percent() == 0:
			*sum += roubles(l.Sum)
		default:
			*sum += roubles(l.VAT.Included(l.Sum))
		}
	}
	return &t
}

// refusal tells what of a document this protocol or this version of the format cannot carry, before anything is sent.
func refusal(doc fiscal.Document, ffd string) *fiscal.Error {
	refuse := func(t fiscal.Trouble, words string) *fiscal.Error {
		return &fiscal.Error{Fate: fiscal.ErrRefused, Trouble: t, Words: words}
	}
	if commands[doc.Kind] == "" {
		return refuse(fiscal.TroubleCannot, "no such document")
	}
	if doc.Kind == fiscal.ReturnCorrection && !withLines(ffd) {
		return refuse(fiscal.TroubleCannot, "FFD 1.05 has no correction of a return")
	}
	if _, known := taxVariants[doc.Taxation]; !known && doc.Taxation != fiscal.TaxationDefault {
		return refuse(fiscal.TroubleDocument, "no such tax system")
	}
	if doc.NoPaper && doc.Contact == "" {
		return refuse(fiscal.TroubleDocument, "no paper, and no contact")
	}
	var sum register.Money
	for _, l := range doc.Lines {
		if _, known := rates[l.VAT]; !known {
			return refuse(fiscal.TroubleDocument, "no such rate of VAT")
		}
		sum += l.Sum
	}
	// The protocol has no total: what is paid above the lines would be change, and what the lines are below would pass.
	if doc.Kind.Receipt() && (sum != doc.Total || doc.Payments.Sum() != doc.Total) {
		return refuse(fiscal.TroubleDocument, "lines, payments and total differ")
	}
	return nil
}
