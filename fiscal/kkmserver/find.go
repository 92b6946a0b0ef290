package kkmserver

import (
	"context"
	"errors"
	"strings"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// Find asks for the try's id, and looks into the device's memory when KkmServer has forgotten it.
func (d *Device) Find(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	ctx, stop := context.WithTimeout(ctx, d.deadline)
	defer stop()
	known, err := d.result(ctx, try)
	if err != nil {
		return fiscal.Receipt{}, fate(fiscal.ErrUnknown, err)
	}
	if known != nil {
		return d.follow(ctx, try, *known)
	}
	return d.forgotten(ctx, try)
}

// forgotten looks for the document of a try that KkmServer does not know, at the device itself.
func (d *Device) forgotten(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	s, err := d.ask(ctx)
	if err != nil {
		return fiscal.Receipt{}, fate(fiscal.ErrUnknown, err)
	}
	switch kind := try.Document.Kind; {
	case kind.Stored():
		return d.inMemory(ctx, try, s, false)
	case kind == fiscal.CashIn || kind == fiscal.CashOut:
		return d.inDrawer(try, s)
	}
	return fiscal.Receipt{}, &fiscal.Error{Fate: fiscal.ErrAbsent, Trouble: fiscal.TroubleOther} // a report may be printed again
}

// afterFailure tells a document that was refused from one that was made although its command failed, as when the paper
// ran out in the middle of it.
func (d *Device) afterFailure(ctx context.Context, try fiscal.Try, failure *fiscal.Error) (fiscal.Receipt, error) {
	s, err := d.ask(ctx)
	if err != nil {
		return fiscal.Receipt{}, fate(fiscal.ErrUnknown, err)
	}
	known := *failure
	if likely := s.likely(d.now()); known.Trouble == fiscal.TroubleOther && likely != "" {
		known.Trouble = likely // its words told nothing
	}
	refused := fate(fiscal.ErrRefused, &known)
	var r fiscal.Receipt
	switch kind := try.Document.Kind; {
	case kind.Stored():
		r, err = d.inMemory(ctx, try, s, true)
	case (kind == fiscal.CashIn || kind == fiscal.CashOut) && s.drawer:
		r, err = d.inDrawer(try, s)
	default:
		return fiscal.Receipt{}, refused
	}
	if errors.Is(err, fiscal.ErrAbsent) {
		return fiscal.Receipt{}, refused
	}
	return r, err
}

// inDrawer looks whether a move of cash has moved the drawer.
func (d *Device) inDrawer(try fiscal.Try, s standing) (fiscal.Receipt, error) {
	moved := try.Document.Total
	if try.Document.Kind == fiscal.CashOut {
		moved = -moved
	}
	switch {
	case !s.drawer || s.FN != try.Before.FN:
	case s.Drawer == try.Before.Drawer:
		return fiscal.Receipt{}, &fiscal.Error{Fate: fiscal.ErrAbsent, Trouble: fiscal.TroubleOther}
	case s.Drawer == try.Before.Drawer+moved:
		return fiscal.Receipt{At: s.Clock.Truncate(time.Minute), Found: true}, nil
	}
	return fiscal.Receipt{}, unclear("the drawer holds what neither having moved nor not having moved explains")
}

func unclear(words string) error {
	return &fiscal.Error{Fate: fiscal.ErrUnclear, Trouble: fiscal.TroubleOther, Words: words}
}

// mostLooked bounds how many documents are looked at. A till that works with its device leaves one or two.
const mostLooked = 200

// inMemory looks for the document of a try among those that came after Before. When the device is known to have had the
// command, one that agrees needs no mark.
func (d *Device) inMemory(ctx context.Context, try fiscal.Try, s standing, had bool) (fiscal.Receipt, error) {
	if s.FN != try.Before.FN || s.Last < try.Before.Last || s.Last-try.Before.Last > mostLooked {
		return fiscal.Receipt{}, unclear("the fiscal storage is another one, or has gone on without this till")
	}
	if s.Last == 0 && !had {
		return fiscal.Receipt{}, unclear("the device does not tell the number of its last document") // every memory has one
	}
	var m memory
	for n := try.Before.Last + 1; n <= s.Last; n++ {
		r, err := d.look(ctx, n)
		if err != nil {
			return fiscal.Receipt{}, fate(fiscal.ErrUnknown, err)
		}
		m.see(try.Document, n, r, s)
	}
	if had && len(m.ours) == 0 {
		m.ours, m.alike = m.alike, nil
	}
	switch {
	case len(m.ours) == 1:
		got := m.ours[0]
		got.Found = true
		got.Registration = s.registration
		got.NotPrinted = s.PaperOut && !try.Document.NoPaper
		got.Shift = m.shift(try.Document.Kind, s)
		return got, nil
	case len(m.ours) > 1:
		return fiscal.Receipt{}, unclear("several documents could be it")
	case len(m.alike) > 0:
		return fiscal.Receipt{}, unclear("a document is like it, and shows no mark")
	case m.unreadable:
		return fiscal.Receipt{}, unclear("a document cannot be read")
	}
	return fiscal.Receipt{}, &fiscal.Error{Fate: fiscal.ErrAbsent, Trouble: fiscal.TroubleOther}
}

// memory is what was seen of the device's memory, document by document.
type memory struct {
	ours, alike []fiscal.Receipt
	unreadable  bool
	reports     int64 // since the last one of ours or alike
}

// see looks at one more document.
func (m *memory) see(doc fiscal.Document, number int64, r *reply, s standing) {
	got, verdict, report := compare(doc, number, r, s)
	if report {
		m.reports++
	}
	switch verdict {
	case ours:
		m.ours, m.reports = append(m.ours, got), 0
	case alike:
		m.alike, m.reports = append(m.alike, got), 0
	case unreadable:
		m.unreadable = true
	}
}

// shift is the number of the shift of the one document that was found. Every shift that came since has left two reports,
// one at each end; it is zero when they do not add up, for other reports are in the memory, too.
func (m *memory) shift(kind fiscal.Kind, s standing) int64 {
	reports, inOpen := m.reports, s.Shift != fiscal.ShiftClosed
	if kind == fiscal.CloseShift {
		reports++ // the shift's end is the document itself
	}
	if (reports%2 == 0) != inOpen {
		return 0
	}
	return max(0, s.Number-reports/2)
}

// look reads a document of the device's memory. It is nil when the device cannot give it.
func (d *Device) look(ctx context.Context, number int64) (*reply, error) {
	c := d.the("GetDataCheck")
	c.FiscalNumber, c.Timeout = number, seconds(d.question)
	r, err := d.call(ctx, c, d.question)
	if err != nil {
		return nil, err
	}
	switch *r.Status {
	case statusOK:
		return &r, nil
	case statusRuns, statusWaits:
		return nil, &fiscal.Error{Trouble: fiscal.TroubleBusy}
	}
	if e := d.failed(r); e.Trouble.Passes() {
		return nil, e
	}
	return nil, nil
}

// verdict is what a look at a document has shown.
type verdict int

const (
	other verdict = iota
	ours
	alike // and it shows no mark
	unreadable
)

// compare holds a document of the memory against the one that is looked for, and tells whether it is a report.
func compare(doc fiscal.Document, number int64, r *reply, s standing) (got fiscal.Receipt, v verdict, report bool) {
	if r == nil {
		got, v = unseen(doc, number, s)
		return got, v, true
	}
	qr, ok := parseQR(r.QRCode, s.zone)
	if !ok || qr.number != number || qr.fn != s.FN {
		got, v = unseen(doc, number, s)
		return got, v, true
	}
	got, report = receiptOfQR(doc, qr), qr.kind == 0
	switch {
	case !fits(doc, qr):
		return fiscal.Receipt{}, other, report
	case report && (!shiftIs(doc.Kind, s) || !namedAs(doc.Kind, r.Check)):
		return fiscal.Receipt{}, other, true
	case report:
		return got, ours, true
	}
	return got, marked(doc, r, s.FFD), false
}

// marked judges a receipt whose kind and sum are right.
func marked(doc fiscal.Document, r *reply, ffd string) verdict {
	switch {
	case doc.Mark != "" && strings.Contains(r.Slip, doc.Mark):
		return ours
	case strings.Contains(r.Slip, markName+": "), strings.Contains(r.Slip, markName+" "):
		return other // another operation's
	case r.Check == nil:
		return alike // an older KkmServer tells no more than kind and sum
	}
	same, err := agree(doc, *r.Check, ffd)
	switch {
	case err != nil:
		return unreadable
	case !same:
		return other
	}
	return alike
}

// unseen judges a document that the device cannot show, as it may be with reports of a shift: when it is the last one and
// the shift is as the report would leave it, it is the report. Make refuses a report of a shift that is so already.
func unseen(doc fiscal.Document, number int64, s standing) (fiscal.Receipt, verdict) {
	if doc.Kind.Receipt() || !shiftIs(doc.Kind, s) || number != s.Last {
		return fiscal.Receipt{}, unreadable
	}
	return fiscal.Receipt{FN: s.FN, Number: number, At: s.Clock.Truncate(time.Minute)}, ours
}

// shiftIs tells whether the shift is as a report leaves it.
func shiftIs(kind fiscal.Kind, s standing) bool {
	return kind == fiscal.OpenShift && s.Shift != fiscal.ShiftClosed || kind == fiscal.CloseShift && s.Shift == fiscal.ShiftClosed
}

// namedAs tells whether a report may be of a kind, by its name where it has one.
func namedAs(kind fiscal.Kind, c *check) bool {
	if c == nil {
		return true
	}
	name := strings.ToLower(c.CheckType)
	opens, closes := strings.Contains(name, "откр"), strings.Contains(name, "закр")
	return kind == fiscal.OpenShift && !closes || kind == fiscal.CloseShift && !opens
}

// agree compares kind, payments and lines. Corrections of FFD 1.05 have no lines.
func agree(doc fiscal.Document, c check, ffd string) (bool, error) {
	name := strings.ToLower(c.CheckType)
	correction := doc.Kind == fiscal.SaleCorrection || doc.Kind == fiscal.ReturnCorrection
	if name != "" && strings.Contains(name, "корр") != correction {
		return false, nil
	}
	for _, p := range []struct {
		told text
		want register.Money
	}{
		{c.Cash, doc.Payments.Cash}, {c.ElectronicPayment, doc.Payments.Electronic}, {c.AdvancePayment, doc.Payments.Prepaid},
		{c.Credit, doc.Payments.Credit}, {c.CashProvision, doc.Payments.Other}, {c.AllSumm, doc.Total},
	} {
		got, err := p.told.money()
		if err != nil || got != p.want {
			return false, err
		}
	}
	lines := doc.Lines
	if correction && !withLines(ffd) {
		lines = nil
	}
	if len(c.Register) != len(lines) {
		return false, nil
	}
	for i, l := range lines {
		quantity, err1 := c.Register[i].Quantity.quantity()
		sum, err2 := c.Register[i].Amount.money()
		if err := errors.Join(err1, err2); err != nil || quantity != l.Quantity || sum != l.Sum {
			return false, err
		}
	}
	return true, nil
}
