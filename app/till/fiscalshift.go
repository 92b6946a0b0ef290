package till

import (
	"context"
	"encoding/json"
	"time"

	"kassa/fiscal"
	"kassa/localdb"
	"kassa/register"
)

// The registrar has a shift of its own, which law 54-FZ limits to 24 hours. It follows the till's: a shift that is opened
// or closed at the till is a document like any other. Where they have come apart (the registrar was bought, exchanged or
// dead meanwhile) what is needed is made in between.

// shiftSlack is by how much the registrar's clock may differ from the till's.
const shiftSlack = 10 * time.Minute

// shiftFor brings the registrar's shift into the state that a document needs. ready: it is so. Otherwise done tells
// whether something was done about it, and there is no need to wait.
func (r *registrar) shiftFor(ctx context.Context, row localdb.FiscalRow, doc fiscal.Document, st fiscal.State) (ready, done bool) {
	switch {
	case st.Shift == fiscal.ShiftExpired && doc.Kind == fiscal.OpenShift && row.Position == 0:
		// It was wanted for a document that comes after it, and that one will want the end of this shift first.
		return false, r.skip(ctx, row)
	case st.Shift == fiscal.ShiftExpired && doc.Kind != fiscal.CloseShift:
		if !r.mayCloseFor(row, st) {
			r.hinder(CodeFiscalShiftExpired, "")
			return false, false
		}
		return false, r.between(ctx, fiscal.CloseShift, doc.Operator)
	case doc.Kind == fiscal.OpenShift && st.Shift == fiscal.ShiftOpen, doc.Kind == fiscal.CloseShift && st.Shift == fiscal.ShiftClosed:
		return false, r.skip(ctx, row)
	case st.Shift == fiscal.ShiftClosed && doc.Kind != fiscal.OpenShift:
		return false, r.between(ctx, fiscal.OpenShift, doc.Operator)
	}
	return true, false
}

// mayCloseFor tells whether the registrar's expired shift may be closed by itself: the owner chose so, or it is not that
// of the till's shift anyway.
func (r *registrar) mayCloseFor(row localdb.FiscalRow, st fiscal.State) bool {
	ours := r.t.View().Shift
	switch {
	case r.set.CloseExpired, !ours.Open, row.Operation.Kind == register.KindShiftOpened:
		return true
	case row.Position > 0 && row.Operation.Shift != ours.Number:
		return true
	}
	return !st.Expires.IsZero() && ours.Opened.After(st.Expires.Add(-day).Add(shiftSlack))
}

// between queues a document of the registrar's own shift, which is made before those of operations.
func (r *registrar) between(ctx context.Context, kind fiscal.Kind, by fiscal.Operator) bool {
	if err := r.t.addFiscal(ctx, kind, by); err != nil {
		r.t.c.Log.Error("queueing a fiscal document", "kind", kind, "error", err)
		r.hinder(CodeDisk, "")
		return false
	}
	return true
}

func (t *Till) addFiscal(ctx context.Context, kind fiscal.Kind, by fiscal.Operator) error {
	doc := fiscal.Document{Kind: kind, Mark: t.c.NewID(), Operator: by}
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return t.c.Store.AddFiscal(ctx, localdb.FiscalEntry{ID: doc.Mark, Kind: string(kind), Document: text})
}

// CloseDeviceShift closes the registrar's own shift, which is older than 24 hours or soon will be: what waits is made after
// that, in a new one. The till's shift stays as it is. The problem is CodeNoFiscal where there is no registrar, and
// CodeFiscalShiftClosed when its shift is not open as far as the till knows.
func (t *Till) CloseDeviceShift(ctx context.Context) error {
	v := t.View()
	switch {
	case !v.Fiscal.Configured:
		return problem(CodeNoFiscal, nil)
	case !v.Fiscal.MayCloseShift:
		return problem(CodeFiscalShiftClosed, nil)
	}
	l, err := t.may(RightCloseShift)
	if err != nil {
		return err
	}
	if err := t.addFiscal(ctx, fiscal.CloseShift, fiscal.Operator{Name: v.Cashier}); err != nil {
		return t.unused(l, disk(err))
	}
	t.fiscalChanged(ctx)
	return nil
}

// printFiscalX has the registrar print its X report, which is kept nowhere: it is asked at once, or not at all.
func (t *Till) printFiscalX(ctx context.Context) error {
	r := t.fiscalNow()
	if r.device == nil {
		return problem(CodeFiscalSettings, nil)
	}
	ctx, stop := context.WithTimeout(ctx, printTimeout)
	defer stop()
	if r.turn.take(ctx) != nil {
		return problem(CodeFiscalBusy, ctx.Err())
	}
	defer r.turn.give()
	before, err := r.device.Before(ctx)
	if err == nil {
		_, err = r.device.Make(ctx, fiscal.Try{ID: t.c.NewID(), Before: before, Document: fiscal.Report(t.View().Cashier)})
	}
	return fiscalProblem(err)
}

// fiscalProblem gives a registrar's error its sentence.
func fiscalProblem(err error) error {
	if err == nil {
		return nil
	}
	code, words := fiscalTrouble(err)
	return problem(code, err, "message", words)
}
