package kkmserver

import (
	"cmp"
	"context"
	"errors"
	"time"

	"kassa/fiscal"
)

// longest is how long KkmServer keeps an answer back while the document is made; after that it is asked again.
const longest = 20 * time.Second

// Make has the document made. It asks for the try's id and for the device's memory before it sends anything: a try that
// was made already is found, and not sent again.
func (d *Device) Make(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	ctx, stop := context.WithTimeout(ctx, d.deadline)
	defer stop()
	known, err := d.result(ctx, try)
	if err != nil {
		return fiscal.Receipt{}, unsent(err)
	}
	if known != nil {
		return made(d.follow(ctx, try, *known))
	}
	s, err := d.ask(ctx)
	if err != nil {
		return fiscal.Receipt{}, unsent(err)
	}
	if s.FN == "" && try.Document.Kind.Stored() {
		return fiscal.Receipt{}, &fiscal.Error{Fate: fiscal.ErrAbsent, Trouble: fiscal.TroubleUnregistered}
	}
	if try.Document.Kind.Stored() && (s.Last != try.Before.Last || s.FN != try.Before.FN) {
		if r, err := d.inMemory(ctx, try, s, false); !errors.Is(err, fiscal.ErrAbsent) {
			return made(r, err)
		}
	}
	if err := mayMake(try.Document, s); err != nil {
		return fiscal.Receipt{}, err
	}
	return made(d.send(ctx, try, s))
}

// unsent gives the error of a question before the document was sent its fate. It is ErrAbsent only where nobody was spoken
// to at all, or nobody listened: the try may have been sent before.
func unsent(err error) error {
	var never notSent
	if errors.As(err, &never) {
		return fate(fiscal.ErrAbsent, err)
	}
	return fate(fiscal.ErrUnknown, err)
}

// made keeps to the errors of Make: what cannot be told now is ErrUnknown, and Find says more.
func made(r fiscal.Receipt, err error) (fiscal.Receipt, error) {
	if errors.Is(err, fiscal.ErrUnclear) {
		err = fate(fiscal.ErrUnknown, err)
	}
	return r, err
}

// mayMake refuses what the device would refuse, or do in its own way: KkmServer can be set to open and close shifts by
// itself, and a till wants to know of them.
func mayMake(doc fiscal.Document, s standing) error {
	if err := refusal(doc, s.FFD); err != nil {
		return err
	}
	refuse := func(t fiscal.Trouble) error { return &fiscal.Error{Fate: fiscal.ErrRefused, Trouble: t} }
	switch {
	case s.Blocked == fiscal.TroubleUnregistered && doc.Kind.Stored():
		return refuse(fiscal.TroubleUnregistered)
	case doc.Kind == fiscal.OpenShift && s.Shift == fiscal.ShiftOpen:
		return refuse(fiscal.TroubleShiftOpen)
	case (doc.Kind == fiscal.OpenShift || doc.Kind.Receipt()) && s.Shift == fiscal.ShiftExpired:
		return refuse(fiscal.TroubleShiftExpired)
	case (doc.Kind == fiscal.CloseShift || doc.Kind.Receipt()) && s.Shift == fiscal.ShiftClosed:
		return refuse(fiscal.TroubleShiftClosed)
	}
	return nil
}

// send sends the document and waits for its end.
func (d *Device) send(ctx context.Context, try fiscal.Try, s standing) (fiscal.Receipt, error) {
	c := d.commandOf(try, s.FFD)
	wait := min(longest, d.deadline/3)
	c.Timeout = max(1, int(wait/time.Second))
	r, err := d.call(ctx, c, min(wait+d.question, d.deadline*2/3)) // and time is left to ask what became of it
	var never notSent
	switch {
	case errors.As(err, &never):
		return fiscal.Receipt{}, fate(fiscal.ErrAbsent, err)
	case err != nil:
		return d.afterLoss(ctx, try, err)
	}
	return d.follow(ctx, try, r)
}

// afterLoss looks for the end of a document whose answer was lost. That KkmServer does not know the id is no proof yet:
// the command may still be on its way.
func (d *Device) afterLoss(ctx context.Context, try fiscal.Try, lost error) (fiscal.Receipt, error) {
	known, err := d.result(ctx, try)
	if err != nil || known == nil {
		return fiscal.Receipt{}, fate(fiscal.ErrUnknown, lost)
	}
	return d.follow(ctx, try, *known)
}

// result asks for the command of a try by its id. It is nil when KkmServer does not know the id.
func (d *Device) result(ctx context.Context, try fiscal.Try) (*reply, error) {
	c := command{Command: "GetRezult", IDCommand: try.ID}
	r, err := d.call(ctx, c, d.question)
	if err != nil {
		return nil, err
	}
	if r.Rezult == nil {
		if *r.Status == statusFailed && troubleOf(r.Error).Passes() {
			return nil, d.failed(r) // of KkmServer itself; other words are those for an id that it does not know
		}
		return nil, nil
	}
	if r.Rezult.IDCommand != "" && r.Rezult.IDCommand != try.ID || r.Rezult.Command != "" && r.Rezult.Command != commands[try.Document.Kind] {
		return nil, &fiscal.Error{Trouble: fiscal.TroubleOff, Err: errForeign}
	}
	if *r.Rezult.Status == statusNotFound && r.Rezult.IDCommand == "" {
		return nil, nil
	}
	return r.Rezult, nil
}

// follow waits for the end of a command that KkmServer knows.
func (d *Device) follow(ctx context.Context, try fiscal.Try, r reply) (fiscal.Receipt, error) {
	for *r.Status == statusRuns || *r.Status == statusWaits || *r.Status == statusBefore {
		before := *r.Status == statusBefore
		if !before {
			if err := d.rest(ctx); err != nil {
				return fiscal.Receipt{}, err
			}
		}
		known, err := d.result(ctx, try)
		switch {
		case err != nil:
			return fiscal.Receipt{}, fate(fiscal.ErrUnknown, err)
		case known == nil || before && *known.Status == statusBefore:
			return d.forgotten(ctx, try)
		}
		r = *known
	}
	if *r.Status == statusOK {
		return d.succeeded(ctx, try, r)
	}
	return d.afterFailure(ctx, try, d.failed(r))
}

// rest waits for the pause between questions. The error is ErrUnknown when the time is over.
func (d *Device) rest(ctx context.Context) error {
	t := time.NewTimer(d.pause)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return &fiscal.Error{Fate: fiscal.ErrUnknown, Trouble: fiscal.TroubleBusy, Err: ctx.Err()}
	}
}

// succeeded reads the end of a command that went well.
func (d *Device) succeeded(ctx context.Context, try fiscal.Try, r reply) (fiscal.Receipt, error) {
	if !try.Document.Kind.Stored() {
		return fiscal.Receipt{At: d.now().Truncate(time.Minute)}, nil
	}
	s, asked := d.ask(ctx)
	if asked != nil {
		d.mu.Lock()
		s.State.FN, s.registration, s.zone = d.registration.fn, d.registration.number, cmp.Or(d.zone, d.now().Location())
		d.mu.Unlock()
	}
	got, ok := receiptFrom(try.Document, r, s.zone)
	if !ok {
		if asked != nil {
			return fiscal.Receipt{}, fate(fiscal.ErrUnknown, asked)
		}
		// It names another document, or none.
		if got, err := d.inMemory(ctx, try, s, true); !errors.Is(err, fiscal.ErrAbsent) {
			return got, err
		}
		return fiscal.Receipt{}, unclear("KkmServer says that it was made, and the device does not have it")
	}
	if got.FN == s.FN {
		got.Registration = s.registration
	}
	got.NotPrinted = s.PaperOut && !try.Document.NoPaper
	return got, nil
}

// receiptFrom reads the receipt of an answer. It is not ok when the answer tells of none, or of another.
func receiptFrom(doc fiscal.Document, r reply, zone *time.Location) (fiscal.Receipt, bool) {
	qr, ok := parseQR(r.QRCode, zone)
	number, err1 := r.CheckNumber.number()
	shift, err2 := r.SessionNumber.number()
	inShift, err3 := r.SessionCheckNumber.number()
	if !ok || err1 != nil || err2 != nil || err3 != nil || number != 0 && number != qr.number || !fits(doc, qr) {
		return fiscal.Receipt{}, false
	}
	got := receiptOfQR(doc, qr)
	got.Shift, got.InShift = shift, inShift
	return got, true
}

// fits tells whether a QR code can be of a document.
func fits(doc fiscal.Document, qr code) bool {
	if !doc.Kind.Receipt() {
		return qr.kind == 0
	}
	want := 1
	if doc.Kind == fiscal.Return || doc.Kind == fiscal.ReturnCorrection {
		want = 2
	}
	return qr.kind == want && qr.sum == doc.Total
}

// receiptOfQR gives what a QR code tells. The text that is kept is the format's own: no seconds.
func receiptOfQR(doc fiscal.Document, qr code) fiscal.Receipt {
	got := fiscal.Receipt{FN: qr.fn, Number: qr.number, Sign: qr.sign, At: qr.at}
	if doc.Kind.Receipt() {
		got.Total = qr.sum
		got.QR = fiscal.QRText(doc.Kind, got)
	}
	return got
}
