package fiscal_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"kassa/app/till"
	"kassa/fiscal"
	"kassa/fiscal/fiscaltest"
	"kassa/fiscal/fnsim"
	"kassa/localdb"
	"kassa/register"
)

// settle brings everything to its end: the world works again, and people do what is left for them.
func (s *shop) settle() {
	s.log.add("the dust settles")
	s.net.setTrust(1000)
	device := s.unit
	device.Faults.Mend()
	device.SetOFD(true)
	device.SetSkew(0)
	for round := range 400 {
		if s.tidy() {
			return
		}
		if round < 60 {
			time.Sleep(5 * time.Second)
		} else {
			time.Sleep(time.Minute)
		}
	}
	s.wrong("it does not come to an end: %s", s.leftover())
}

// tidy does what is left to do, and tells whether there is nothing.
func (s *shop) tidy() bool {
	ctx, stop := briefly()
	defer stop()
	s.colleague()
	v := s.View()
	switch f := v.Fiscal; {
	case v.Cashier == "":
		s.says("signs in", s.SignIn(ctx, pin))
	case !v.Shift.Open:
		s.says("opens a shift", s.OpenShift(ctx))
	case len(v.Lines) > 0:
		_, err := s.PayCash(ctx, v.Due)
		s.says("takes cash", err)
	case slices.Contains(f.Warnings, till.CodeFiscalShiftExpired):
		s.says("closes the registrar's shift", s.CloseDeviceShift(ctx))
	case f.Waiting == 0 && f.Unclear == 0 && f.Refused == 0 && f.Unprinted == 0:
		queue, err := s.FiscalQueue(ctx)
		s.must(err)
		return len(queue) == 0
	}
	return false
}

// leftover says what has not ended.
func (s *shop) leftover() string {
	queue, err := s.FiscalQueue(context.Background())
	s.must(err)
	return fmt.Sprintf("%+v; %+v; the device: %+v", s.View().Fiscal, queue, s.unit.Look())
}

// history is the till's, oldest first.
func (s *shop) history(ctx context.Context) []localdb.Stored {
	var all []localdb.Stored
	for after := int64(0); ; {
		page, err := s.store.Since(ctx, after, 500)
		s.must(err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		after = page[len(page)-1].Position
	}
}

// wanted is the document that an operation must have become; its kind is empty for one that wants none.
func (s *shop) wanted(ctx context.Context, op register.Operation) fiscal.Document {
	var chain fiscal.Chain
	if op.Kind == register.KindPrepaymentReturn {
		chain = s.chain(ctx, op)
	}
	doc, wanted, err := fiscal.For(op, chain, fiscal.Seller{Taxation: fiscal.TaxationOSN})
	s.must(err)
	if !wanted {
		return fiscal.Document{}
	}
	return doc
}

// chain is what a prepayment's return goes back to, read from the history alone.
func (s *shop) chain(ctx context.Context, op register.Operation) (c fiscal.Chain) {
	body, err := op.PrepaymentReturn()
	s.must(err)
	sales := map[string]bool{}
	for _, o := range s.history(ctx) {
		if o.ID == op.ID {
			return c
		}
		switch o.Kind {
		case register.KindPrepayment:
			if o.ID == body.Prepayment.ID {
				p, err := o.Prepayment()
				s.must(err)
				c.Prepayment = &p
			}
		case register.KindPrepaymentReturn:
			b, err := o.PrepaymentReturn()
			s.must(err)
			if b.Prepayment.ID == body.Prepayment.ID {
				c.Before = append(c.Before, o.Operation)
			}
		case register.KindSale:
			b, err := o.Sale()
			s.must(err)
			if b.Prepayment != nil && b.Prepayment.ID == body.Prepayment.ID {
				sales[o.ID] = true
				c.Before = append(c.Before, o.Operation)
			}
		case register.KindReturn:
			b, err := o.Return()
			s.must(err)
			if b.Sale != nil && sales[b.Sale.ID] {
				c.Before = append(c.Before, o.Operation)
			}
		}
	}
	return c
}

// wrong notes that the shop is not as it should be.
func (s *shop) wrong(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// check compares the registrar with the till.
func (s *shop) check() {
	ctx := context.Background()
	history := s.history(ctx)
	records := s.unit.All()
	s.checkReceipts(ctx, history, records)
	s.checkCash(history)
	s.checkTold(ctx, records)
	s.checkDevice(records)
}

// checkReceipts finds the one receipt of every operation, and no others.
func (s *shop) checkReceipts(ctx context.Context, history []localdb.Stored, records []fnsim.Record) {
	left := map[int]bool{}
	for i, r := range records {
		if r.Kind.Receipt() {
			left[i] = true
		}
	}
	for _, o := range history {
		doc := s.wanted(ctx, o.Operation)
		if !doc.Kind.Receipt() {
			continue
		}
		var found []fnsim.Record
		for i, r := range records {
			if left[i] && belongs(r, o.Operation) {
				found = append(found, r)
				delete(left, i)
			}
		}
		if len(found) != 1 {
			s.wrong("%s %d (%s) of %v has %d documents at the registrar: %+v", o.Kind, o.Number, o.ID, doc.Total, len(found), found)
			continue
		}
		s.checkReceipt(doc, o.Operation, found[0])
	}
	for i := range left {
		s.wrong("the registrar has a document that no operation wanted: %+v", records[i])
	}
}

// belongs tells whether a document bears the mark of an operation. Corrections of FFD 1.05 have no room for it, and name the
// operation's number.
func belongs(r fnsim.Record, op register.Operation) bool {
	if r.Attribute.Value == "" && r.Correction != nil {
		return r.Correction.Number == fmt.Sprint(op.Number)
	}
	return r.Attribute.Value == op.ID
}

// checkReceipt compares one operation with its document.
func (s *shop) checkReceipt(doc fiscal.Document, op register.Operation, r fnsim.Record) {
	if r.Correction != nil {
		if late := r.At.Sub(op.At); late < 24*time.Hour-10*time.Minute {
			s.wrong("%s %d became a correction after %v", op.Kind, op.Number, late)
		}
		doc.Kind = map[fiscal.Kind]fiscal.Kind{fiscal.Sale: fiscal.SaleCorrection, fiscal.Return: fiscal.ReturnCorrection}[doc.Kind]
		doc.Correction = &fiscal.Correction{Date: op.At.In(zone), Number: fmt.Sprint(op.Number)}
	}
	if err := fiscaltest.Compare(doc, r); err != nil {
		s.wrong("%s %d: %v", op.Kind, op.Number, err)
	}
	for _, l := range r.Lines {
		ahead := l.Method == fiscal.FullPrepayment || l.Method == fiscal.PartPrepayment || l.Method == fiscal.Advance
		if v := l.VAT; v.Percent() > 0 && ahead == v.Valid() {
			s.wrong("%s %d: a line of method %d at the rate %s", op.Kind, op.Number, l.Method, v)
		}
	}
}

// checkCash compares the moves of cash, and the drawers.
func (s *shop) checkCash(history []localdb.Stored) {
	type move struct {
		kind fiscal.Kind
		sum  register.Money
	}
	var ours, device []move
	var drawer register.Money
	for _, o := range history {
		doc := s.wanted(context.Background(), o.Operation)
		switch doc.Kind {
		case fiscal.CashIn:
			drawer += doc.Total
		case fiscal.CashOut:
			drawer -= doc.Total
		case fiscal.Sale:
			drawer += doc.Payments.Cash
			continue
		case fiscal.Return:
			drawer -= doc.Payments.Cash
			continue
		default:
			continue
		}
		ours = append(ours, move{doc.Kind, doc.Total})
	}
	for _, r := range s.unit.Moves() {
		device = append(device, move{r.Kind, r.Cash})
	}
	order := func(a, b move) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.sum, b.sum)) }
	slices.SortFunc(ours, order)
	slices.SortFunc(device, order)
	if !slices.Equal(ours, device) {
		s.wrong("moves of cash: %v, at the registrar %v", ours, device)
	}
	if have := s.unit.Look().Drawer; have != drawer {
		s.wrong("the registrar's drawer holds %v, want %v", have, drawer)
	}
}

// checkTold compares what the till keeps of documents with the documents.
func (s *shop) checkTold(ctx context.Context, records []fnsim.Record) {
	type number struct {
		fn string
		n  int64
	}
	told, decided, byNumber := map[number]bool{}, map[fiscal.Kind]int{}, map[number]fnsim.Record{}
	for _, r := range records {
		byNumber[number{r.FN, r.Number}] = r
	}
	for _, d := range s.made(ctx) {
		kind := fiscal.Kind(d.Document)
		if d.Found {
			s.found++
		}
		switch {
		case !kind.Stored():
			continue
		case d.Number == 0:
			if decided[kind]++; d.Decided == "" {
				s.wrong("a document that nobody decided about has no number: %+v", d)
			}
			continue
		case told[number{d.FN, d.Number}]:
			s.wrong("document %d is told of twice", d.Number)
		}
		at := byNumber[number{d.FN, d.Number}]
		told[number{d.FN, d.Number}] = true
		r := fiscal.Receipt{FN: d.FN, Number: d.Number, Sign: d.Sign, At: d.At, Shift: d.Shift, InShift: d.InShift, Registration: d.Registration,
			Total: d.Total, QR: d.QR, Found: d.Found}
		if err := fiscaltest.CompareReceipt(r, at); err != nil {
			s.wrong("%v", err)
		}
		if at.Kind != kind || at.Attribute.Value != "" && at.Attribute.Value != d.Of.ID {
			s.wrong("document %d is %s of %s, and told as %s of %s", d.Number, at.Kind, at.Attribute.Value, kind, d.Of.ID)
		}
	}
	for _, r := range records {
		if !told[number{r.FN, r.Number}] && r.Kind != fnsim.Registering {
			decided[r.Kind]--
		}
	}
	for kind, n := range decided {
		if n != 0 {
			s.wrong("%d documents of kind %s at the registrar that the till does not know of", -n, kind)
		}
	}
}

// checkDevice checks that all is on paper, sent, and numbered without a gap.
func (s *shop) checkDevice(records []fnsim.Record) {
	if look := s.unit.Look(); look.Unprinted || look.Unsent != 0 {
		s.wrong("something is not printed or not sent: %+v", look)
	}
	last := fnsim.Record{}
	for _, r := range records {
		if r.FN == last.FN && r.Number != last.Number+1 || r.FN != last.FN && r.Number != 1 {
			s.wrong("document %d of %s comes after %d of %s", r.Number, r.FN, last.Number, last.FN)
		}
		last = r
	}
}
