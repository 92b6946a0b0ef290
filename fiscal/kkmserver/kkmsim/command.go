package kkmsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// command is what a caller sends.
type command struct {
	Command      string
	IDCommand    string `json:"IdCommand"`
	NumDevice    int
	InnKkm       string
	KktNumber    string
	Timeout      int
	CashierName  string
	CashierVATIN string

	Amount       *json.Number
	FiscalNumber int64
	NumberCopies int

	IsFiscalCheck        *bool
	TypeCheck            *int
	NotPrint             bool
	PayByProcessing      *bool
	ClientAddress        string
	ClientInfo           string
	ClientINN            string
	TaxVariant           string
	UserAttribute        *struct{ Name, Value string }
	AdditionalAttribute  string
	CorrectionType       *int
	CorrectionBaseDate   string
	CorrectionBaseNumber string
	CheckStrings         []struct {
		Register  *line
		PrintText *struct{ Text string }
	}

	Cash, ElectronicPayment, AdvancePayment, Credit, CashProvision json.Number

	SumTaxNone, SumTax0, SumTax5, SumTax7, SumTax10, SumTax20, SumTax22 json.Number
	SumTax105, SumTax107, SumTax110, SumTax120, SumTax122               json.Number
}

// line is one thing that is sold.
type line struct {
	Name                  string
	Quantity              json.Number
	Price                 json.Number
	Amount                json.Number
	Department            int
	Tax                   *int
	SignMethodCalculation int
	SignCalculationObject int
	MeasureOfQuantity     *int
	MeasurementUnit       string
}

// read reads a command; a field that it does not have is an error.
func read(body []byte) (command, error) {
	var c command
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return c, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return c, errors.New("после команды есть ещё что-то")
	}
	if utf8.RuneCountInString(c.IDCommand) > 40 {
		return c, errors.New("IdCommand длиннее 40 символов")
	}
	return c, nil
}

var number = regexp.MustCompile(`^[0-9]{1,10}(\.[0-9]{1,3})?$`)

// scaled reads a decimal number as a whole number of its parts.
func scaled(n json.Number, digits int) (int64, error) {
	if n == "" {
		return 0, nil
	}
	whole, part, _ := strings.Cut(string(n), ".")
	if !number.MatchString(string(n)) || len(part) > digits {
		return 0, fmt.Errorf("неверное число %q", string(n))
	}
	return strconv.ParseInt(whole+part+strings.Repeat("0", digits-len(part)), 10, 64)
}

// sums reads sums, and remembers the first that is none.
type sums struct{ err error }

func (s *sums) read(n json.Number) register.Money {
	v, err := scaled(n, 2)
	if err != nil && s.err == nil {
		s.err = err
	}
	return register.Money(v)
}

// rates are the numbers of the rates.
var rates = map[int]register.VAT{
	-1: register.VATNone, 0: register.VAT0, 5: register.VAT5, 7: register.VAT7, 10: register.VAT10, 20: register.VAT20, 22: register.VAT22,
	105: register.VAT5of105, 107: register.VAT7of107, 110: register.VAT10of110, 120: register.VAT20of120, 122: register.VAT22of122,
}

// taxVariants are the numbers of the tax systems; 3 was the one on imputed income, which is no more.
var taxVariants = map[string]fiscal.Taxation{
	"": fiscal.TaxationDefault, "0": fiscal.TaxationOSN, "1": fiscal.TaxationUSN, "2": fiscal.TaxationUSNNet, "4": fiscal.TaxationESHN, "5": fiscal.TaxationPatent,
}

// typeChecks are the receipts that a till makes.
var typeChecks = map[int]fiscal.Kind{0: fiscal.Sale, 1: fiscal.Return, 2: fiscal.SaleCorrection, 3: fiscal.ReturnCorrection}

// documentOf reads the document that a command wants.
func (s *Sim) documentOf(c command) (fnsim.Document, error) {
	doc := fnsim.Document{Kind: documents[c.Command], Operator: fiscal.Operator{Name: c.CashierName, INN: c.CashierVATIN}}
	var m sums
	switch c.Command {
	case "DepositingCash", "PaymentCash":
		if c.Amount == nil {
			return doc, errors.New("не указана сумма Amount")
		}
		doc.Cash = m.read(*c.Amount)
		return doc, m.err
	case "RegisterCheck":
		return doc, s.receipt(c, &doc)
	}
	return doc, nil
}

// receipt reads RegisterCheck.
func (s *Sim) receipt(c command, doc *fnsim.Document) error {
	var known bool
	switch {
	case c.IsFiscalCheck == nil || !*c.IsFiscalCheck:
		return errors.New("IsFiscalCheck: эта практика печатает только фискальные чеки")
	case c.TypeCheck == nil:
		return errors.New("не указан TypeCheck")
	case c.PayByProcessing == nil || *c.PayByProcessing:
		return errors.New("эквайринг не настроен: укажите PayByProcessing = false")
	case c.CashierName == "":
		return errors.New("не указан кассир CashierName")
	}
	if doc.Kind, known = typeChecks[*c.TypeCheck]; !known {
		return fmt.Errorf("неверный TypeCheck %d", *c.TypeCheck)
	}
	if doc.Taxation, known = taxVariants[c.TaxVariant]; !known {
		return fmt.Errorf("неверный TaxVariant %q", c.TaxVariant)
	}
	doc.Contact, doc.NoPaper, doc.Extra = c.ClientAddress, c.NotPrint, c.AdditionalAttribute
	if c.ClientInfo != "" || c.ClientINN != "" {
		doc.Buyer = &fiscal.Buyer{Name: c.ClientInfo, INN: c.ClientINN}
	}
	if c.UserAttribute != nil {
		doc.Attribute = fnsim.Attribute(*c.UserAttribute)
	}
	var m sums
	doc.Payments = fiscal.Payments{Cash: m.read(c.Cash), Electronic: m.read(c.ElectronicPayment), Prepaid: m.read(c.AdvancePayment),
		Credit: m.read(c.Credit), Other: m.read(c.CashProvision)}
	if m.err != nil {
		return m.err
	}
	if err := s.strings(c, doc); err != nil {
		return err
	}
	return s.correction(c, doc)
}

// strings reads the lines and the texts.
func (s *Sim) strings(c command, doc *fnsim.Document) error {
	for i, one := range c.CheckStrings {
		switch {
		case (one.Register == nil) == (one.PrintText == nil):
			return fmt.Errorf("строка %d: одно из Register и PrintText", i+1)
		case one.PrintText != nil:
			doc.Texts = append(doc.Texts, one.PrintText.Text)
			continue
		}
		l, err := lineOf(*one.Register)
		if err != nil {
			return fmt.Errorf("строка %d: %w", i+1, err)
		}
		doc.Lines = append(doc.Lines, l)
	}
	return nil
}

func lineOf(l line) (fnsim.Line, error) {
	if l.Tax == nil {
		return fnsim.Line{}, errors.New("не указан НДС Tax")
	}
	vat, known := rates[*l.Tax]
	if !known {
		return fnsim.Line{}, fmt.Errorf("неверная ставка НДС %d", *l.Tax)
	}
	var m sums
	quantity, err := scaled(l.Quantity, 3)
	made := fnsim.Line{Name: l.Name, Price: m.read(l.Price), Quantity: register.Quantity(quantity), Sum: m.read(l.Amount), VAT: vat,
		Method: fiscal.Method(l.SignMethodCalculation), Object: fiscal.Object(l.SignCalculationObject), Measure: l.MeasureOfQuantity, Unit: l.MeasurementUnit}
	return made, errors.Join(err, m.err)
}

// correction reads what corrections alone have.
func (s *Sim) correction(c command, doc *fnsim.Document) error {
	if c.CorrectionType == nil && c.CorrectionBaseDate == "" && c.CorrectionBaseNumber == "" {
		return nil
	}
	date, err := time.Parse("2006-01-02T15:04:05", c.CorrectionBaseDate)
	if err != nil || c.CorrectionType == nil {
		return errors.New("коррекция: CorrectionType и CorrectionBaseDate")
	}
	// The day counts, and the device asks which day it is where it stands.
	date = time.Date(date.Year(), date.Month(), date.Day(), 12, 0, 0, 0, s.device.Look().Clock.Location())
	doc.Correction = &fiscal.Correction{ByOrder: *c.CorrectionType == 1, Date: date, Number: c.CorrectionBaseNumber, Wrong: c.AdditionalAttribute}
	if c.Amount == nil {
		return nil
	}
	var m sums
	total := m.read(*c.Amount)
	doc.Total = &total
	for _, t := range []struct {
		vat register.VAT
		sum json.Number
	}{
		{register.VATNone, c.SumTaxNone}, {register.VAT0, c.SumTax0}, {register.VAT5, c.SumTax5}, {register.VAT7, c.SumTax7},
		{register.VAT10, c.SumTax10}, {register.VAT20, c.SumTax20}, {register.VAT22, c.SumTax22}, {register.VAT5of105, c.SumTax105},
		{register.VAT7of107, c.SumTax107}, {register.VAT10of110, c.SumTax110}, {register.VAT20of120, c.SumTax120}, {register.VAT22of122, c.SumTax122},
	} {
		if sum := m.read(t.sum); sum > 0 {
			doc.Taxes = append(doc.Taxes, fnsim.Tax{VAT: t.vat, Sum: sum})
		}
	}
	return m.err
}
