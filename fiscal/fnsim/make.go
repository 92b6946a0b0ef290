package fnsim

import (
	"context"
	"slices"
	"time"

	"kassa/fiscal"
)

// Make makes a document. The Record is for ever, even where NotPrinted tells that it is not on paper; an *Error means that
// the document does not exist, except LinkLost, which means that the caller cannot know. ErrPower tells that the power
// went; the document may exist. A document begins only when the one before it has ended; with a context that ends
// before, it is not made.
func (d *Device) Make(ctx context.Context, doc Document) (Record, error) {
	select {
	case d.work <- struct{}{}:
		defer func() { <-d.work }()
	case <-ctx.Done():
		return Record{}, refuse(Busy, "")
	}
	p := d.Faults.meet(ofDevice, string(doc.Kind))
	switch p.Name {
	case Refuse:
		return Record{}, refuse(p.Code, "planned")
	case LostBefore:
		return Record{}, refuse(LinkLost, "before")
	case PowerBefore:
		d.SetPower(false)
		return Record{}, ErrPower
	case HangBefore:
		d.Faults.hang(ctx)
		return Record{}, refuse(LinkLost, "before")
	case Slow:
		if !wait(ctx, p.Delay) {
			return Record{}, refuse(LinkLost, "before")
		}
	}
	r, err := d.make(doc, p.Name)
	if err != nil {
		return Record{}, err
	}
	switch p.Name {
	case LostAfter:
		return Record{}, refuse(LinkLost, "after")
	case PowerAfter:
		return Record{}, ErrPower
	case HangAfter:
		d.Faults.hang(ctx)
		return Record{}, refuse(LinkLost, "after")
	}
	return r, nil
}

// make makes a document at once, unless the device refuses it.
func (d *Device) make(doc Document, f Fault) (Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if err := d.ready(doc, now); err != nil {
		return Record{}, err
	}
	r, err := d.checked(doc, now)
	if err != nil {
		return Record{}, err
	}
	opened := doc.Kind.Receipt() && d.Shift.Opened.IsZero()
	if opened {
		shift := d.store(Document{Kind: fiscal.OpenShift, Operator: doc.Operator}, now)
		d.print(shift, true)
	}
	r = d.keep(r, now)
	r.AutoOpened = opened
	d.Off = d.Off || f == PowerAfter
	r.NotPrinted = d.print(r, f != PaperEnds && f != PowerAfter)
	d.PaperOut = d.PaperOut || f == PaperEnds && !doc.NoPaper
	if d.Drawer += moved(r); r.Kind.Stored() {
		kept := &d.FN.Records[r.Number-1]
		kept.NotPrinted, kept.AutoOpened, kept.Drawer = r.NotPrinted, opened, d.Drawer
	}
	r.Drawer = d.Drawer
	if moved(r) != 0 && !r.Kind.Stored() {
		d.Moved = append(d.Moved, r)
	}
	d.send()
	return r, nil
}

// store keeps a document that needs no check.
func (d *Device) store(doc Document, now time.Time) Record { return d.keep(Record{Document: doc}, now) }

// keep gives a document its numbers, counts it, and puts it into the fiscal storage where it belongs there.
func (d *Device) keep(r Record, now time.Time) Record {
	set := d.setup
	r.At = now.Truncate(time.Minute)
	switch {
	case r.Kind == fiscal.OpenShift:
		d.Shift = shift{Number: d.Shift.Number + 1, Opened: r.At, First: d.FN.last() + 1}
	case r.Kind == fiscal.CloseShift:
		r.Receipts, r.Documents = d.Shift.Totals.receipts(), d.FN.last()+2-d.Shift.First
		r.Unsent, _, r.UnsentSince = d.unsent()
		r.Warnings = d.warnings(now)
		d.Shift.Opened = time.Time{}
	default:
		d.Shift.Totals.count(r)
	}
	r.Shift = d.Shift.Number
	if !r.Kind.Stored() && r.Kind != Registering {
		return r
	}
	r.FN, r.Number, r.FFD = d.FN.Number, d.FN.last()+1, set.FFD
	r.Sign = sign(set.Seed, r.FN, r.Number)
	r.Registration, r.Serial, r.INN, r.User = Registration(set.Order, set.INN, set.Serial), set.Serial, set.INN, set.User
	if r.Kind.Receipt() {
		r.InShift = d.Shift.Totals.receipts()
		r.QR = qr(r)
	}
	d.FN.Records = append(d.FN.Records, r)
	return r
}

// warnings are the tags of what will stand in the fiscal storage's way: its keys end in 30 days, or in 3, its memory is
// 99 % full, or the tax data operator has been silent for two days.
func (d *Device) warnings(now time.Time) []int {
	var all []int
	count, _, since := d.unsent()
	for _, w := range []struct {
		tag int
		set bool
	}{
		{1050, !now.Before(d.FN.Until.Add(-30 * 24 * time.Hour))},
		{1051, !now.Before(d.FN.Until.Add(-3 * 24 * time.Hour))},
		{1052, d.FN.last()*100 >= d.FN.Capacity*99},
		{1053, count > 0 && now.Sub(since) > 2*24*time.Hour},
	} {
		if w.set {
			all = append(all, w.tag)
		}
	}
	return all
}

// Resume prints what was not printed to its end. The error is NoPaper, CoverOpen or NoLink.
func (d *Device) Resume() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.Off:
		return refuse(NoLink, "")
	case len(d.Pending) == 0:
		return nil
	case d.CoverOpen:
		return refuse(CoverOpen, "")
	case d.PaperOut:
		return refuse(NoPaper, "")
	}
	d.paper.feed(d.Pending)
	d.Pending = nil
	return nil
}

// Copy prints a document of the fiscal storage again.
func (d *Device) Copy(number int64) error {
	r, err := d.Find(number)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.printerAllows(Document{}); err != nil {
		return err
	}
	d.paper.feed(slices.Concat([]string{d.middle("КОПИЯ")}, d.text(r)))
	return nil
}

// wait waits, and tells whether the context lasted.
func wait(ctx context.Context, pause time.Duration) bool {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
