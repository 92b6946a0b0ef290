package atol

import (
	"errors"
	"fmt"

	"kassa/fiscal"
	"kassa/register"
)

// Versions of the format of fiscal documents.
const (
	ffd105 = "1.05"
	ffd11  = "1.1"
	ffd12  = "1.2"
)

// job is what the service's queue takes.
type job struct {
	UUID    string `json:"uuid"`
	Request []task `json:"request"`
}

// task is one task of a job: a document, or something else that the device does.
type task struct {
	Type           string    `json:"type"`
	TaxationType   string    `json:"taxationType,omitempty"`
	Electronically *bool     `json:"electronically,omitempty"`
	Operator       *operator `json:"operator,omitempty"`

	CorrectionType       string `json:"correctionType,omitempty"`
	CorrectionBaseDate   string `json:"correctionBaseDate,omitempty"`
	CorrectionBaseNumber string `json:"correctionBaseNumber,omitempty"`

	Client    *clientInfo `json:"clientInfo,omitempty"`
	Items     []any       `json:"items,omitempty"`
	Payments  []payment   `json:"payments,omitempty"`
	Taxes     []taxSum    `json:"taxes,omitempty"`
	Total     *decimal    `json:"total,omitempty"`
	PostItems []any       `json:"postItems,omitempty"`

	CashSum *decimal `json:"cashSum,omitempty"`

	Number      int64 `json:"fiscalDocumentNumber,omitempty"`
	WithRawData *bool `json:"withRawData,omitempty"`
}

type operator struct {
	Name  string `json:"name"`
	VATIN string `json:"vatin,omitempty"`
}

type clientInfo struct {
	Contact string `json:"emailOrPhone,omitempty"`
	Name    string `json:"name,omitempty"`
	VATIN   string `json:"vatin,omitempty"`
}

type payment struct {
	Type string  `json:"type"`
	Sum  decimal `json:"sum"`
}

type taxSum struct {
	Type string  `json:"type"`
	Sum  decimal `json:"sum"`
}

// position is a line of a receipt. Its tax goes without a sum: the device computes it.
type position struct {
	Type            string   `json:"type"`
	Name            string   `json:"name"`
	Price           decimal  `json:"price"`
	Quantity        decimal  `json:"quantity"`
	Amount          decimal  `json:"amount"`
	InfoDiscount    *decimal `json:"infoDiscountAmount,omitempty"`
	MeasurementUnit string   `json:"measurementUnit,omitempty"`
	Piece           bool     `json:"piece,omitempty"`
	PaymentMethod   string   `json:"paymentMethod"` // the service's default is a full prepayment, which would be wrong
	PaymentObject   string   `json:"paymentObject"`
	Tax             taxType  `json:"tax"`
}

type taxType struct {
	Type string `json:"type"`
}

type attribute struct {
	Type  string `json:"type"`
	Name  string `json:"name,omitempty"`
	Value string `json:"value"`
	Print bool   `json:"print"`
}

type note struct {
	Type string `json:"type"`
	Text string `json:"text"`
	Wrap string `json:"wrap"`
}

// markName is the name of our user attribute, tag 1085.
const markName = "Операция"

// noNumber stands for the number of a memo that was not given: the service wants one.
const noNumber = "б/н"

var taskTypes = map[fiscal.Kind]string{
	fiscal.OpenShift: "openShift", fiscal.CloseShift: "closeShift", fiscal.XReport: "reportX",
	fiscal.CashIn: "cashIn", fiscal.CashOut: "cashOut", fiscal.Sale: "sell", fiscal.Return: "sellReturn",
	fiscal.SaleCorrection: "sellCorrection", fiscal.ReturnCorrection: "sellReturnCorrection",
}

var taxations = map[fiscal.Taxation]string{
	fiscal.TaxationDefault: "", fiscal.TaxationOSN: "osn", fiscal.TaxationUSN: "usnIncome", fiscal.TaxationUSNNet: "usnIncomeOutcome",
	fiscal.TaxationESHN: "esn", fiscal.TaxationPatent: "patent",
}

var taxTypes = map[register.VAT]string{
	register.VATNone: "none", register.VAT0: "vat0", register.VAT5: "vat5", register.VAT7: "vat7", register.VAT10: "vat10",
	register.VAT20: "vat20", register.VAT22: "vat22", register.VAT5of105: "vat105", register.VAT7of107: "vat107",
	register.VAT10of110: "vat110", register.VAT20of120: "vat120", register.VAT22of122: "vat122",
}

var methods = map[fiscal.Method]string{
	fiscal.FullPrepayment: "fullPrepayment", fiscal.PartPrepayment: "prepayment", fiscal.Advance: "advance",
	fiscal.FullPayment: "fullPayment", fiscal.PartPayment: "partialPayment", fiscal.Credit: "credit", fiscal.CreditPayment: "creditPayment",
}

var objects = map[fiscal.Object]string{fiscal.Goods: "commodity", fiscal.Work: "job", fiscal.Service: "service", fiscal.Money: "payment"}

// measures are the units' names in FFD 1.2 (tag 2108), units their texts in the versions before (tag 1197).
var (
	measures = map[register.Unit]string{register.Piece: "piece", register.Kilogram: "kilogram", register.Litre: "liter", register.Metre: "meter"}
	units    = map[register.Unit]string{register.Piece: "шт", register.Kilogram: "кг", register.Litre: "л", register.Metre: "м"}
)

// Errors of documents that no device would take.
var (
	errBadDocument = errors.New("the document cannot be written as a task of the service")
	errNotInFFD    = errors.New("the device's version of the format has no such document")
)

// taskOf writes a document as a task for a device of a version of the format. The error is errBadDocument or
// errNotInFFD.
func taskOf(doc fiscal.Document, ffd string) (task, error) {
	name, known := taskTypes[doc.Kind]
	if !known {
		return task{}, fmt.Errorf("%w: kind %q", errNotInFFD, doc.Kind)
	}
	t := task{Type: name}
	if o := printable(doc.Operator.Name, maxOperator); o != "" {
		t.Operator = &operator{Name: o, VATIN: doc.Operator.INN}
	}
	switch {
	case doc.Kind == fiscal.CashIn || doc.Kind == fiscal.CashOut:
		if doc.Total <= 0 {
			return task{}, fmt.Errorf("%w: cash of %s", errBadDocument, doc.Total)
		}
		sum := roubles(doc.Total)
		t.CashSum = &sum
	case doc.Kind.Receipt():
		if err := t.receipt(doc, ffd); err != nil {
			return task{}, err
		}
	}
	return t, nil
}

// receipt adds what receipts and corrections have.
func (t *task) receipt(doc fiscal.Document, ffd string) error {
	taxation, known := taxations[doc.Taxation]
	switch {
	case doc.Kind == fiscal.ReturnCorrection && ffd == ffd105:
		return fmt.Errorf("%w: a correction of a return", errNotInFFD)
	case !known:
		return fmt.Errorf("%w: taxation %q", errBadDocument, doc.Taxation)
	case doc.Payments.Sum() != doc.Total || doc.Total < 0:
		return fmt.Errorf("%w: paid %s of %s", errBadDocument, doc.Payments.Sum(), doc.Total)
	case doc.NoPaper && doc.Contact == "":
		return fmt.Errorf("%w: no paper, and nowhere to send it", errBadDocument)
	case (doc.Kind == fiscal.SaleCorrection || doc.Kind == fiscal.ReturnCorrection) != (doc.Correction != nil):
		return fmt.Errorf("%w: a correction must say what it corrects", errBadDocument)
	}
	total := roubles(doc.Total)
	t.TaxationType, t.Electronically, t.Total, t.Payments = taxation, &doc.NoPaper, &total, payments(doc.Payments)
	t.Client = client1008(doc)
	for _, n := range doc.Notes {
		if n = printable(n, maxNote); n != "" {
			t.PostItems = append(t.PostItems, note{"text", n, "words"})
		}
	}
	if doc.Correction != nil {
		t.correction(*doc.Correction)
		if ffd == ffd105 {
			return t.sumTaxes(doc.Lines)
		}
	}
	return t.lines(doc, ffd)
}

func client1008(doc fiscal.Document) *clientInfo {
	c := clientInfo{Contact: printable(doc.Contact, maxContact)}
	if doc.Buyer != nil {
		c.Name, c.VATIN = printable(doc.Buyer.Name, maxBuyer), doc.Buyer.INN
	}
	if c == (clientInfo{}) {
		return nil
	}
	return &c
}

func payments(p fiscal.Payments) []payment {
	var list []payment
	add := func(kind string, sum register.Money) {
		if sum != 0 {
			list = append(list, payment{kind, roubles(sum)})
		}
	}
	add("electronically", p.Electronic)
	add("prepaid", p.Prepaid)
	add("credit", p.Credit)
	add("other", p.Other)
	add("cash", p.Cash)
	if list == nil {
		list = []payment{{"cash", roubles(0)}}
	}
	return list
}

func (t *task) correction(c fiscal.Correction) {
	t.CorrectionType = "self"
	if c.ByOrder {
		t.CorrectionType = "instruction"
	}
	t.CorrectionBaseDate = c.Date.Format("2006.01.02")
	if t.CorrectionBaseNumber = printable(c.Number, maxBaseNumber); t.CorrectionBaseNumber == "" {
		t.CorrectionBaseNumber = noNumber
	}
}

// lines adds the positions, and the attributes that stand among them.
func (t *task) lines(doc fiscal.Document, ffd string) error {
	if len(doc.Lines) == 0 {
		return fmt.Errorf("%w: no lines", errBadDocument)
	}
	for i, l := range doc.Lines {
		p := position{
			Type: "position", Name: printable(l.Name, maxName), Price: roubles(l.Price), Quantity: decimal(l.Quantity.String()),
			Amount: roubles(l.Sum), MeasurementUnit: units[l.Unit], Piece: l.Unit == register.Piece && l.Quantity.Whole(),
			PaymentMethod: methods[l.Method], PaymentObject: objects[l.Object], Tax: taxType{taxTypes[l.VAT]},
		}
		if ffd == ffd12 {
			p.MeasurementUnit = measures[l.Unit]
		}
		if l.Off > 0 {
			off := roubles(l.Off)
			p.InfoDiscount = &off
		}
		if p.Name == "" || p.MeasurementUnit == "" || p.PaymentMethod == "" || p.PaymentObject == "" || p.Tax.Type == "" || l.Quantity <= 0 || l.Price < 0 || l.Sum < 0 {
			return fmt.Errorf("%w: line %d", errBadDocument, i+1)
		}
		t.Items = append(t.Items, p)
	}
	if doc.Correction != nil && doc.Correction.Wrong != "" {
		t.Items = append(t.Items, attribute{Type: "additionalAttribute", Value: printable(doc.Correction.Wrong, maxExtra), Print: true})
	}
	if mark := printable(doc.Mark, maxMark); mark != "" {
		t.Items = append(t.Items, attribute{Type: "userAttribute", Name: markName, Value: mark})
	}
	return nil
}

// sumTaxes adds the sums by rate that a correction has instead of lines in FFD 1.05. For what is not taxed, or at 0 %,
// the sum is the turnover (tags 1104 and 1105).
func (t *task) sumTaxes(lines []fiscal.Line) error {
	sums := map[string]register.Money{}
	var order []string
	for i, l := range lines {
		name := taxTypes[l.VAT]
		if name == "" {
			return fmt.Errorf("%w: line %d", errBadDocument, i+1)
		}
		if _, there := sums[name]; !there {
			order = append(order, name)
		}
		if l.VAT.Percent() == 0 {
			sums[name] += l.Sum
		} else {
			sums[name] += l.VAT.Included(l.Sum)
		}
	}
	for _, name := range order {
		t.Taxes = append(t.Taxes, taxSum{name, roubles(sums[name])})
	}
	if len(t.Taxes) == 0 {
		return fmt.Errorf("%w: a correction without taxes", errBadDocument)
	}
	return nil
}
