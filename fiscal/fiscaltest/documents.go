package fiscaltest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

var anna = fiscal.Operator{Name: "Иванова А. П.", INN: "500100732259"}

// doc is a document with nothing in it but who made it.
func (s *till) doc(kind fiscal.Kind) fiscal.Document {
	s.t.Helper()
	return fiscal.Document{Kind: kind, Mark: s.newID(), Operator: anna}
}

func (s *till) cash(kind fiscal.Kind, sum register.Money) fiscal.Document {
	s.t.Helper()
	d := s.doc(kind)
	d.Total = sum
	return d
}

// line is goods of one kind at their full price.
func line(name string, price register.Money, q register.Quantity, vat register.VAT) fiscal.Line {
	sum, err := price.Times(q)
	if err != nil {
		panic(err) // the tests' own figures
	}
	return fiscal.Line{Name: name, Price: price, Quantity: q, Unit: register.Piece, Sum: sum, VAT: vat, Method: fiscal.FullPayment,
		Object: fiscal.Goods}
}

// shopping are three lines that come to 536.34, with the tax of 2026.
func shopping() []fiscal.Line {
	milk, cheese, bag := line("Молоко 1 л", 89_90, 2000, register.VAT10), line("Сыр весовой", 749_00, 356, register.VAT22),
		line("Пакет", 89_90, 1000, register.VATNone)
	cheese.Unit, milk.Off = register.Kilogram, 17_98
	return []fiscal.Line{milk, cheese, bag}
}

// receipt is a receipt that is paid in one way.
func (s *till) receipt(kind fiscal.Kind, lines []fiscal.Line, pay func(sum register.Money) fiscal.Payments) fiscal.Document {
	s.t.Helper()
	d := s.doc(kind)
	d.Lines, d.Taxation = lines, fiscal.TaxationOSN
	for _, l := range lines {
		d.Total += l.Sum
	}
	d.Payments = pay(d.Total)
	return d
}

func inCash(sum register.Money) fiscal.Payments { return fiscal.Payments{Cash: sum} }
func byCard(sum register.Money) fiscal.Payments { return fiscal.Payments{Electronic: sum} }

// sale is the usual sale in cash.
func (s *till) sale() fiscal.Document {
	s.t.Helper()
	return s.receipt(fiscal.Sale, shopping(), inCash)
}

// correction puts a sale of the day before right.
func (s *till) correction(kind fiscal.Kind) fiscal.Document {
	s.t.Helper()
	d := s.receipt(kind, shopping(), byCard)
	d.Correction = &fiscal.Correction{Date: s.Now().Add(-24 * time.Hour), Number: "12"}
	return d
}

// Compare tells in what a document of the device is another than the one that was asked for.
func Compare(d fiscal.Document, r fnsim.Record) error {
	var all []error
	differ := func(what string, have, want any) {
		if have != want {
			all = append(all, fmt.Errorf("%s %d: %s is %v at the device, want %v", d.Kind, r.Number, what, have, want))
		}
	}
	differ("kind", r.Kind, d.Kind)
	differ("operator", r.Operator, d.Operator)
	if !d.Kind.Receipt() {
		if d.Kind == fiscal.CashIn || d.Kind == fiscal.CashOut {
			differ("cash", r.Cash, d.Total)
		}
		return errors.Join(all...)
	}
	differ("total", r.Sum, d.Total)
	differ("payments", r.Payments, d.Payments)
	differ("contact", r.Contact, d.Contact)
	differ("no paper", r.NoPaper, d.NoPaper)
	if d.Taxation != fiscal.TaxationDefault {
		differ("taxation", r.Taxation, d.Taxation)
	}
	if d.Buyer != nil && r.Buyer != nil {
		differ("buyer", *r.Buyer, *d.Buyer)
	} else {
		differ("a buyer", r.Buyer != nil, d.Buyer != nil)
	}
	compareCorrection(d, r, differ)
	compareTaxes(d, r, differ)
	if d.Correction == nil || r.FFD != fnsim.FFD105 {
		compareLines(d, r, differ)
	}
	return errors.Join(all...)
}

func compareCorrection(d fiscal.Document, r fnsim.Record, differ func(string, any, any)) {
	differ("a correction", r.Correction != nil, d.Correction != nil)
	if d.Correction == nil || r.Correction == nil {
		return
	}
	have, want := *r.Correction, *d.Correction
	differ("by order", have.ByOrder, want.ByOrder)
	differ("date of settlement", have.Date.Format(time.DateOnly), want.Date.Format(time.DateOnly))
	differ("number of the correction", have.Number, want.Number)
	if r.FFD != fnsim.FFD105 || r.Extra != "" { // there, corrections without lines may have no room for it
		differ("sign of the wrong receipt", r.Extra, want.Wrong)
	}
}

// compareTaxes computes the taxes by line, half up, as order ЕД-7-20/662@ and the till do.
func compareTaxes(d fiscal.Document, r fnsim.Record, differ func(string, any, any)) {
	have, want := map[register.VAT]register.Money{}, map[register.VAT]register.Money{}
	for _, t := range r.VAT {
		have[t.VAT] += t.Sum
	}
	for _, l := range d.Lines {
		tax := l.VAT.Included(l.Sum)
		if l.VAT.Percent() == 0 {
			tax = l.Sum // tags 1104 and 1105 are turnovers
		}
		want[l.VAT] += tax
	}
	if !maps.Equal(have, want) {
		differ("VAT", fmt.Sprint(have), fmt.Sprint(want))
	}
}

// units are what tags 2108 and 1197 may say.
var units = map[register.Unit]struct {
	code int
	text []string
}{
	register.Piece: {0, []string{"шт", "шт."}}, register.Kilogram: {11, []string{"кг", "кг."}}, register.Litre: {41, []string{"л", "л."}},
	register.Metre: {22, []string{"м", "м."}},
}

func compareLines(d fiscal.Document, r fnsim.Record, differ func(string, any, any)) {
	differ("number of lines", len(r.Lines), len(d.Lines))
	if len(r.Lines) != len(d.Lines) {
		return
	}
	for i, want := range d.Lines {
		have, in := r.Lines[i], func(what string) string { return fmt.Sprintf("%s of line %d", what, i+1) }
		differ(in("name"), have.Name, plain(want.Name))
		differ(in("price"), have.Price, want.Price)
		differ(in("quantity"), have.Quantity, want.Quantity)
		differ(in("sum"), have.Sum, want.Sum)
		differ(in("VAT"), have.VAT, want.VAT)
		differ(in("method"), have.Method, want.Method)
		differ(in("object"), have.Object, want.Object)
		unit := units[want.Unit]
		if have.Measure != nil {
			differ(in("measure"), *have.Measure, unit.code)
		} else if have.Unit != "" && !slices.Contains(unit.text, have.Unit) {
			differ(in("unit"), have.Unit, want.Unit)
		}
	}
}

// plain writes a text with letters that code page 866 has, as an adapter should.
func plain(text string) string {
	return strings.NewReplacer("«", `"`, "»", `"`, "—", "-", "–", "-").Replace(text)
}

// CompareReceipt tells in what an adapter told of a document other things than the device has. The number of the receipt
// in its shift, the device's registration, and the shift of what was found in its memory may be missing. The time is that of the device's clock: a protocol may
// not tell its zone.
func CompareReceipt(r fiscal.Receipt, at fnsim.Record) error {
	var all []error
	differ := func(what string, have, want any) {
		if have != want {
			all = append(all, fmt.Errorf("%s %d: %s is told as %v, want %v", at.Kind, at.Number, what, have, want))
		}
	}
	differ("the fiscal storage", r.FN, at.FN)
	differ("number", r.Number, at.Number)
	differ("sign", r.Sign, at.Sign)
	differ("time", r.At.Format("2006-01-02 15:04"), at.At.Format("2006-01-02 15:04"))
	if r.Shift != 0 || !r.Found {
		differ("shift", r.Shift, at.Shift)
	}
	differ("total", r.Total, at.Sum)
	differ("QR code", r.QR, at.QR)
	if r.InShift != 0 {
		differ("number in the shift", r.InShift, at.InShift)
	}
	if r.Registration != "" {
		differ("registration", r.Registration, at.Registration)
	}
	return errors.Join(all...)
}
