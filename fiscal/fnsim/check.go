package fnsim

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kassa/fiscal"
	"kassa/register"
)

// taxations are the bits of tag 1055.
var taxations = map[fiscal.Taxation]int{
	fiscal.TaxationOSN: 1, fiscal.TaxationUSN: 2, fiscal.TaxationUSNNet: 4, fiscal.TaxationESHN: 16, fiscal.TaxationPatent: 32,
}

// units are the codes of tag 2108 (order ЕД-7-20/662@, table of measures of quantity).
var units = []int{0, 10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51, 70, 71, 72, 73, 80, 81, 82, 83, 255}

// mostLines is as much as 32 KB of tags can hold at all.
const mostLines = 1000

// ready tells why the device cannot make a document of this kind now, whatever it says.
func (d *Device) ready(doc Document, now time.Time) error {
	switch {
	case d.Off:
		return refuse(NoLink, "")
	case doc.Kind != fiscal.XReport && d.NoFN:
		return refuse(NoFN, "")
	case !known(doc.Kind):
		return refuse(BadKind, string(doc.Kind))
	}
	if err := d.shiftAllows(doc.Kind, now); err != nil {
		return err
	}
	if err := d.storageAllows(doc.Kind, now); err != nil {
		return err
	}
	return d.printerAllows(doc)
}

func known(k fiscal.Kind) bool {
	return k.Stored() || k == fiscal.CashIn || k == fiscal.CashOut || k == fiscal.XReport
}

func (d *Device) shiftAllows(k fiscal.Kind, now time.Time) error {
	open := !d.Shift.Opened.IsZero()
	switch {
	case k == fiscal.OpenShift && open:
		return refuse(ShiftOpen, "")
	case k == fiscal.OpenShift || k.Receipt() && !open && d.setup.AutoOpen:
		return nil
	case !open:
		return refuse(ShiftClosed, "")
	case d.expired(now) && k != fiscal.CloseShift && k != fiscal.XReport:
		return refuse(ShiftExpired, "")
	}
	return nil
}

func (d *Device) storageAllows(k fiscal.Kind, now time.Time) error {
	if !k.Stored() {
		return nil
	}
	if last := d.FN.Records[len(d.FN.Records)-1].At; now.Truncate(time.Minute).Before(last) {
		return refuse(ClockBehind, "the last document is of %s", last.Format(time.RFC3339))
	}
	if k == fiscal.CloseShift {
		return nil // a shift can always be closed
	}
	unsent, _, since := d.unsent()
	switch {
	case !now.Before(d.FN.Until):
		return refuse(FNExpired, "")
	case d.FN.last() >= d.FN.Capacity:
		return refuse(FNFull, "")
	case unsent > 0 && now.Sub(since) >= patience:
		return refuse(OFDTimeout, "")
	}
	return nil
}

func (d *Device) printerAllows(doc Document) error {
	switch {
	case doc.NoPaper:
		return nil
	case d.CoverOpen:
		return refuse(CoverOpen, "")
	case d.PaperOut:
		return refuse(NoPaper, "")
	case len(d.Pending) > 0:
		return refuse(ReportBlocks, "")
	}
	return nil
}

// checked tells what is wrong with a document, and completes it: the sums, the VAT and the change.
func (d *Device) checked(doc Document, now time.Time) (Record, error) {
	r := Record{Document: plainly(doc)}
	if err := operator(doc.Operator); err != nil {
		return Record{}, err
	}
	switch {
	case doc.Kind == fiscal.CashIn || doc.Kind == fiscal.CashOut:
		if doc.Cash <= 0 || doc.Cash > register.MaxMoney {
			return Record{}, refuse(BadSum, "cash %v", doc.Cash)
		}
	case doc.Kind.Receipt():
		for _, check := range []func(*Record) error{
			d.taxation, d.people, d.lines, func(r *Record) error { return d.correction(r, now) }, d.total, d.payments, d.size,
		} {
			if err := check(&r); err != nil {
				return Record{}, err
			}
		}
	}
	if d.Drawer+moved(r) < 0 {
		return Record{}, refuse(DrawerTooLow, "it holds %v", d.Drawer)
	}
	return r, nil
}

func operator(o fiscal.Operator) error {
	switch {
	case utf8.RuneCountInString(o.Name) > 64:
		return refuse(BadRequisite, "1021: above 64 letters")
	case o.INN != "" && (len(o.INN) != 12 || !ValidINN(o.INN)):
		return refuse(BadRequisite, "1203: no INN of twelve digits")
	case o.INN != "" && o.Name == "":
		return refuse(RequisiteMissing, "1021")
	}
	return nil
}

func (d *Device) taxation(r *Record) error {
	if r.Taxation == fiscal.TaxationDefault && len(d.setup.Taxations) == 1 {
		r.Taxation = d.setup.Taxations[0]
	}
	if !slices.Contains(d.setup.Taxations, r.Taxation) {
		return refuse(BadTaxation, "1055: %q is not among those registered", r.Taxation)
	}
	return nil
}

// people checks the buyer, the contact and the user's own tags.
func (d *Device) people(r *Record) error {
	switch {
	case r.Contact != "" && !contact(r.Contact):
		return refuse(BadRequisite, "1008: neither an e-mail nor a phone")
	case r.NoPaper && r.Contact == "":
		return refuse(RequisiteMissing, "1008: there is no paper either")
	case r.Buyer != nil && (utf8.RuneCountInString(r.Buyer.Name) > 256 || r.Buyer.INN != "" && !ValidINN(r.Buyer.INN)):
		return refuse(BadRequisite, "1227, 1228")
	case (r.Attribute.Name == "") != (r.Attribute.Value == ""):
		return refuse(RequisiteMissing, "1085, 1086: one without the other")
	case utf8.RuneCountInString(r.Attribute.Name) > 64 || utf8.RuneCountInString(r.Attribute.Value) > 256:
		return refuse(BadRequisite, "1085, 1086: above 64 or 256 letters")
	case utf8.RuneCountInString(r.Extra) > 16:
		return refuse(BadRequisite, "1192: above 16 letters")
	}
	return nil
}

// contact tells whether a text is an e-mail or a phone as tag 1008 wants it.
func contact(c string) bool {
	if len(c) > 64 {
		return false
	}
	if at := strings.IndexByte(c, '@'); at > 0 {
		return strings.Contains(c[at:], ".") && !strings.ContainsAny(c, " ,;")
	}
	digits := strings.TrimPrefix(c, "+")
	return len(digits) >= 10 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}

func (d *Device) lines(r *Record) error {
	bare := r.Correction != nil && d.setup.FFD == FFD105
	switch {
	case bare && len(r.Lines) > 0:
		return refuse(NotInFFD, "1059: a correction of FFD 1.05 has no lines")
	case !bare && (len(r.Lines) == 0 || len(r.Lines) > mostLines):
		return refuse(BadLines, "1059: %d lines", len(r.Lines))
	}
	var old, usual bool
	r.Lines = slices.Clone(r.Lines)
	for i, l := range r.Lines {
		if err := d.line(l); err != nil {
			return err
		}
		tax := rates[l.VAT].tax(l.Sum)
		if l.VATSum == nil {
			r.Lines[i].VATSum = &tax
		} else if *l.VATSum < 0 || *l.VATSum > l.Sum {
			return refuse(TaxTooBig, "1200: %v of %v", *l.VATSum, l.Sum)
		}
		old, usual = old || eighteen(l.VAT), usual || twenty(l.VAT)
	}
	if old && usual {
		return refuse(MixedVAT, "")
	}
	r.VAT = taxes(r.Lines)
	return nil
}

func (d *Device) line(l Line) error {
	exact, err := l.Price.Times(l.Quantity)
	v, rated := rates[l.VAT]
	switch {
	case l.Name == "" && l.Method != fiscal.Advance:
		return refuse(RequisiteMissing, "1030")
	case utf8.RuneCountInString(l.Name) > 128:
		return refuse(BadRequisite, "1030: above 128 letters")
	case l.Quantity <= 0 || l.Quantity > register.MaxQuantity:
		return refuse(BadQuantity, "1023: %v", l.Quantity)
	case l.Price < 0 || l.Sum < 0 || err != nil:
		return refuse(BadSum, "1079: %v, 1043: %v", l.Price, l.Sum)
	case l.Sum-exact > 1 || exact-l.Sum > 1:
		return refuse(BadSum, "1043: %v is not %v × %v", l.Sum, l.Price, l.Quantity)
	case !rated || v.since22 && d.setup.NoVAT22:
		return refuse(BadVAT, "1199: %q", l.VAT)
	case l.Method < fiscal.FullPrepayment || l.Method > fiscal.CreditPayment:
		return refuse(BadMethod, "1214: %d", l.Method)
	case !object(l.Object):
		return refuse(BadObject, "1212: %d", l.Object)
	}
	return d.measure(l)
}

// object tells whether a line may be for this: marked goods (30 to 33) would need their code, which this device has no
// room for.
func object(o fiscal.Object) bool { return o >= 1 && o <= 26 }

func (d *Device) measure(l Line) error {
	switch {
	case d.setup.FFD == FFD12 && l.Measure == nil:
		return refuse(RequisiteMissing, "2108")
	case d.setup.FFD == FFD12 && !slices.Contains(units, *l.Measure):
		return refuse(BadMeasure, "2108: %d", *l.Measure)
	case d.setup.FFD == FFD12 && l.Unit != "" || d.setup.FFD != FFD12 && l.Measure != nil:
		return refuse(NotInFFD, "1197, 2108")
	case utf8.RuneCountInString(l.Unit) > 16:
		return refuse(BadRequisite, "1197: above 16 letters")
	}
	return nil
}

func (d *Device) correction(r *Record, now time.Time) error {
	is, c := r.Kind == fiscal.SaleCorrection || r.Kind == fiscal.ReturnCorrection, r.Correction
	switch {
	case !is && c != nil:
		return refuse(RequisiteDenied, "1173")
	case !is && len(r.Taxes) > 0:
		return refuse(RequisiteDenied, "the sums of VAT come from the lines")
	case !is:
		return nil
	case c == nil:
		return refuse(RequisiteMissing, "1173, 1178")
	case r.Kind == fiscal.ReturnCorrection && d.setup.FFD == FFD105:
		return refuse(NotInFFD, "a correction of a return")
	case c.Date.IsZero():
		return refuse(RequisiteMissing, "1178")
	case c.Date.In(d.setup.Zone).Format(time.DateOnly) > now.Format(time.DateOnly):
		return refuse(BadDate, "1178: it is in the future")
	case c.ByOrder && c.Number == "":
		return refuse(RequisiteMissing, "1179")
	case utf8.RuneCountInString(c.Number) > 32:
		return refuse(BadRequisite, "1179: above 32 letters")
	case d.setup.FFD != FFD105 && len(r.Taxes) > 0:
		return refuse(RequisiteDenied, "the sums of VAT come from the lines")
	}
	return d.bareTaxes(r)
}

// bareTaxes checks the sums of VAT of a correction without lines.
func (d *Device) bareTaxes(r *Record) error {
	if d.setup.FFD != FFD105 {
		return nil
	}
	if len(r.Taxes) == 0 || r.Total == nil {
		return refuse(RequisiteMissing, "1020, 1102 to 1107: a correction without lines needs its total and its VAT")
	}
	var sum register.Money
	for _, t := range r.Taxes {
		if v, rated := rates[t.VAT]; !rated || v.since22 && d.setup.NoVAT22 {
			return refuse(BadVAT, "%q", t.VAT)
		}
		if t.Sum < 0 {
			return refuse(BadSum, "VAT %v", t.Sum)
		}
		sum += t.Sum
	}
	if sum > *r.Total {
		return refuse(TaxTooBig, "%v of %v", sum, *r.Total)
	}
	r.VAT = slices.Clone(r.Taxes)
	return nil
}

// total checks that the total is the lines', or less by kopecks.
func (d *Device) total(r *Record) error {
	var sum register.Money
	for _, l := range r.Lines {
		sum += l.Sum
	}
	if len(r.Lines) == 0 {
		sum = *r.Total
	}
	total := sum
	if r.Total != nil {
		total = *r.Total
	}
	if total < 0 || total > register.MaxMoney || total > sum || total/100 != sum/100 {
		return refuse(BadTotal, "1020: %v, the lines come to %v", total, sum)
	}
	r.Sum, r.Total = total, &total
	return nil
}

// payments checks what was paid, and takes the change off the cash.
func (d *Device) payments(r *Record) error {
	p := r.Payments
	for _, sum := range []register.Money{p.Cash, p.Electronic, p.Prepaid, p.Credit, p.Other} {
		if sum < 0 || sum > register.MaxMoney {
			return refuse(BadSum, "a payment of %v", sum)
		}
	}
	switch other := p.Sum() - p.Cash; {
	case other > r.Sum:
		return refuse(NonCashTooMuch, "%v of %v", other, r.Sum)
	case p.Sum() < r.Sum:
		return refuse(NotPaid, "%v of %v", p.Sum(), r.Sum)
	}
	r.Change = p.Sum() - r.Sum
	r.Payments.Cash -= r.Change
	return nil
}

// size keeps a document within 32 KB, by about what its tags take.
func (d *Device) size(r *Record) error {
	n := 400 + len([]rune(r.Attribute.Value+r.Attribute.Name+r.Contact))
	for _, l := range r.Lines {
		n += 70 + utf8.RuneCountInString(l.Name)
	}
	if n > 32<<10 {
		return refuse(TooLong, "%d bytes", n)
	}
	return nil
}

// taxes sums the lines' VAT by rate.
func taxes(lines []Line) []Tax {
	var all []Tax
	for _, l := range lines {
		i := slices.IndexFunc(all, func(t Tax) bool { return t.VAT == l.VAT })
		if i < 0 {
			i, all = len(all), append(all, Tax{VAT: l.VAT})
		}
		sum := *l.VATSum
		if rates[l.VAT].percent == 0 {
			sum = l.Sum // tags 1104 and 1105 are turnovers
		}
		all[i].Sum += sum
	}
	return all
}
