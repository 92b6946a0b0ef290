package atolsim

import (
	"strings"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// getter is a task that makes no document.
type getter func() (any, error)

// documents are the tasks that make a document.
var documents = map[string]fiscal.Kind{
	"openShift": fiscal.OpenShift, "closeShift": fiscal.CloseShift, "reportX": fiscal.XReport, "cashIn": fiscal.CashIn,
	"cashOut": fiscal.CashOut, "sell": fiscal.Sale, "sellReturn": fiscal.Return, "sellCorrection": fiscal.SaleCorrection,
	"sellReturnCorrection": fiscal.ReturnCorrection,
}

// notHere are tasks of the real service that this device does not do: error 11.
var notHere = map[string]bool{
	"buy": true, "buyReturn": true, "buyCorrection": true, "buyReturnCorrection": true, "reportOfdExchangeStatus": true,
	"registration": true, "changeRegistrationParameters": true, "fnChange": true, "closeArchive": true, "setDateTime": true,
	"setDeviceParameters": true, "getDeviceParameters": true, "beginMarkingCodeValidation": true, "getMarkingCodeValidationStatus": true,
	"acceptMarkingCode": true, "declineMarkingCode": true, "cancelMarkingCodeValidation": true, "clearMarkingCodeValidationResult": true,
	"validateMarks": true, "checkImcWorkState": true, "pingIsm": true, "reportDepartments": true, "printDocumentsFromJournal": true,
	"getLicenses": true, "ismExchangeStatus": true, "getDepartmentSum": true, "reportFnRegistrations": true,
}

// readTask reads a task as the service's scripts do, before the device is touched: a document to make, or something else
// to do. The error is invalid, or an *fnsim.Error.
func (s *Server) readTask(values map[string]any) (fnsim.Document, getter, error) {
	f := newFields(values)
	name := f.text("type", true)
	var doc fnsim.Document
	var get getter
	kind, makes := documents[name]
	switch {
	case makes:
		doc = document(f, kind, s.device.Look().FFD)
	case notHere[name]:
		return doc, nil, &fnsim.Error{Code: notSupported, What: name}
	default:
		get = s.other(f, name)
	}
	if *f.err != nil {
		return doc, nil, *f.err
	}
	return doc, get, nil
}

const notSupported fnsim.Code = 11

// document reads a task that makes a document.
func document(f *fields, kind fiscal.Kind, ffd string) fnsim.Document {
	d := fnsim.Document{Kind: kind}
	if o := f.object("operator", false); o != nil {
		d.Operator = fiscal.Operator{Name: o.text("name", true), INN: o.text("vatin", false)}
		o.others()
	}
	for _, name := range []string{"preItems", "postItems"} {
		for _, item := range f.list(name, false) {
			readItem(item, &d, false)
		}
	}
	switch {
	case kind == fiscal.CashIn || kind == fiscal.CashOut:
		d.Cash = f.money("cashSum", true)
	case kind.Receipt():
		receipt(f, &d, ffd)
	default:
		f.flag("electronically")
	}
	f.others()
	return d
}

var taxations = map[string]fiscal.Taxation{
	"osn": fiscal.TaxationOSN, "usnIncome": fiscal.TaxationUSN, "usnIncomeOutcome": fiscal.TaxationUSNNet, "esn": fiscal.TaxationESHN,
	"patent": fiscal.TaxationPatent,
}

// receipt reads what sell and its sisters have.
func receipt(f *fields, d *fnsim.Document, ffd string) {
	d.Taxation, _ = choice(f, "taxationType", false, taxations)
	d.NoPaper, d.Total = f.flag("electronically"), f.optional("total")
	client(f, d)
	corrects := d.Kind == fiscal.SaleCorrection || d.Kind == fiscal.ReturnCorrection
	if corrects {
		correction(f, d)
	}
	bare := corrects && ffd == fnsim.FFD105
	for _, item := range f.list("items", !bare) {
		readItem(item, d, true)
	}
	if !bare && len(d.Lines) == 0 {
		f.fail("items", "нет ни одной позиции")
	}
	for _, p := range f.list("payments", true) {
		readPayment(p, &d.Payments)
	}
	for _, t := range f.list("taxes", bare) {
		v, _ := choice(t, "type", true, rates)
		tax := fnsim.Tax{VAT: v, Sum: t.money("sum", true)}
		if t.others(); bare {
			d.Taxes = append(d.Taxes, tax)
		}
	}
	if bare {
		f.money("total", true)
	}
	f.seen = append(f.seen, "ignoreNonFiscalPrintErrors", "useVAT18", "paymentsPlace", "paymentsAddress", "machineNumber", "companyInfo",
		"agentInfo", "supplierInfo", "industryInfo", "operationInfo", "validateMarkingCodes", "customParameters")
}

func client(f *fields, d *fnsim.Document) {
	c := f.object("clientInfo", false)
	if c == nil {
		return
	}
	d.Contact = c.text("emailOrPhone", false)
	if b := (fiscal.Buyer{Name: c.text("name", false), INN: c.text("vatin", false)}); b != (fiscal.Buyer{}) {
		d.Buyer = &b
	}
	c.others("birthDate", "citizenship", "identityDocumentCode", "identityDocumentData", "address")
}

func correction(f *fields, d *fnsim.Document) {
	byOrder, _ := choice(f, "correctionType", true, map[string]bool{"self": false, "instruction": true})
	d.Correction = &fiscal.Correction{ByOrder: byOrder, Number: f.text("correctionBaseNumber", true)}
	day := f.text("correctionBaseDate", true)
	date, err := time.Parse("2006.01.02", day)
	if err != nil && day != "" {
		f.fail("correctionBaseDate", "ожидается дата ГГГГ.ММ.ДД")
	}
	d.Correction.Date = date
}

func readPayment(p *fields, sums *fiscal.Payments) {
	to, _ := choice(p, "type", true, map[string]*register.Money{
		"cash": &sums.Cash, "0": &sums.Cash, "electronically": &sums.Electronic, "1": &sums.Electronic, "prepaid": &sums.Prepaid,
		"2": &sums.Prepaid, "credit": &sums.Credit, "3": &sums.Credit, "other": &sums.Other, "4": &sums.Other,
	})
	sum := p.money("sum", true)
	if p.others("printItems"); to != nil {
		*to += sum
	}
}

// readItem reads one item. Positions and attributes stand in a receipt's items alone.
func readItem(f *fields, d *fnsim.Document, inReceipt bool) {
	switch kind := f.text("type", true); {
	case kind == "text":
		if t := f.text("text", false); t != "" {
			d.Texts = append(d.Texts, t)
		}
		choice(f, "alignment", false, map[string]bool{"left": true, "center": true, "right": true})
		choice(f, "wrap", false, map[string]bool{"none": true, "chars": true, "words": true})
		f.others("font", "doubleWidth", "doubleHeight", "storeInJournal")
	case kind == "barcode":
		f.text("barcode", true)
		f.text("barcodeType", true)
		f.others("alignment", "scale", "height", "printText", "overlay", "correction", "version", "columns")
	case kind == "pictureFromMemory" || kind == "pixels":
	case inReceipt && kind == "position":
		d.Lines = append(d.Lines, position(f))
	case inReceipt && kind == "userAttribute":
		d.Attribute = fnsim.Attribute{Name: f.text("name", true), Value: f.text("value", true)}
		f.flag("print")
		f.others()
	case inReceipt && kind == "additionalAttribute":
		d.Extra = f.text("value", true)
		f.flag("print")
		f.others()
	default:
		f.fail("type", "недопустимое значение")
	}
}

// position reads a line of a receipt.
func position(f *fields) fnsim.Line {
	l := fnsim.Line{Name: f.text("name", true), Price: f.money("price", true), Sum: f.money("amount", true), Method: fiscal.FullPrepayment, Object: fiscal.Goods}
	q, _ := f.number("quantity", true, 1000)
	l.Quantity = register.Quantity(q)
	if t := f.object("tax", true); t != nil {
		l.VAT, _ = choice(t, "type", true, rates)
		l.VATSum = t.optional("sum")
		t.others()
	}
	if m, set := choice(f, "paymentMethod", false, methods); set {
		l.Method = m
	}
	if o, set := choice(f, "paymentObject", false, objects); set {
		l.Object = o
	}
	measure(f, &l)
	f.flag("piece")
	f.number("department", false, 1)
	f.money("infoDiscountAmount", false)
	f.money("infoDiscountSum", false)
	for _, name := range []string{"imcParams", "markingCode", "nomenclatureCode", "productCodes"} {
		if f.value(name, false) != nil {
			f.fail(name, "маркированные товары не поддерживаются")
		}
	}
	f.others("agentInfo", "supplierInfo", "industryInfo", "additionalAttribute", "additionalAttributePrint", "exciseSum", "countryCode",
		"customsDeclaration", "userParam3", "userParam4", "userParam5", "userParam6")
	return l
}

// measure reads the unit: a code or its name in FFD 1.2, a free text before.
func measure(f *fields, l *fnsim.Line) {
	v := f.value("measurementUnit", false)
	if v == nil {
		return
	}
	if code, known := measures[strings.TrimSpace(asText(v))]; known {
		l.Measure = &code
		return
	}
	l.Unit = f.text("measurementUnit", false)
}
