package app

import (
	"context"
	"fmt"

	"kassa/app/till"
	"kassa/register"
)

// fiscalDocument adds what a fiscal registrar made of an operation, as its receipt names it.
func (f *facts) fiscalDocument(d register.FiscalDocument, open func(register.Ref)) {
	w := f.w
	f.add(w.T("app.fiscal.what"), w.T("app.registrar.kind."+d.Document))
	f.some(w.T("app.operation.sum"), d.Total)
	if d.Number > 0 {
		f.add(w.T("app.fiscal.number"), fmt.Sprint(d.Number))
		f.add(w.T("app.fiscal.sign"), fmt.Sprintf("%010d", d.Sign))
		f.add(w.T("app.fiscal.fn"), d.FN)
	}
	f.add(w.T("app.fiscal.registration"), d.Registration)
	if !d.At.IsZero() {
		f.add(w.T("app.fiscal.at"), d.At.Format("02.01.2006 15:04")) // as on its paper: the device's own clock and zone
	}
	if d.Shift > 0 {
		f.add(w.T("app.fiscal.shift"), w.lang.Integer(d.Shift))
	}
	for _, note := range []struct {
		is  bool
		key string
	}{{d.NotPrinted, "app.fiscal.not_printed"}, {d.Found, "app.fiscal.found"}, {d.GivenUp, "app.fiscal.given_up"}, {d.Decided != "" && !d.GivenUp, "app.fiscal.decided"}} {
		if note.is {
			f.rows = append(f.rows, row{name: w.T(note.key, "name", d.Decided)})
		}
	}
	if d.Of.ID != "" {
		f.link(w.T("app.fiscal.of", "time", w.lang.DateTime(d.Of.At)), func() { open(d.Of) })
	}
}

// contact adds where the buyer had the fiscal receipt sent.
func (f *facts) contact(to string, noPaper bool) {
	name := f.w.T("app.operation.sent_to")
	if noPaper {
		name = f.w.T("app.operation.sent_only")
	}
	f.add(name, to)
}

// fiscalTold names a fiscal document in a line.
func (w *Window) fiscalTold(o till.Operation) string {
	d, err := o.FiscalDocument()
	switch {
	case err != nil:
		return w.T("app.history.newer")
	case d.GivenUp:
		return w.T("app.fiscal.line_given_up", "name", d.Decided)
	case d.Number == 0:
		return w.T("app.fiscal.line_made", "time", w.lang.DateTime(o.At))
	}
	return w.T("app.fiscal.line", "number", fmt.Sprint(d.Number), "sign", fmt.Sprintf("%010d", d.Sign))
}

// hasFiscal tells whether the registrar can print a copy of the operation that is shown: it made a document of it.
func (p *operationPane) hasFiscal() bool {
	if f := p.w.view.Fiscal; !f.Configured || !f.AsOf.IsZero() && !f.State.Can.Copies {
		return false
	}
	for _, o := range p.h.state.related.all {
		if o.Kind == register.KindFiscalDocument {
			if d, err := o.FiscalDocument(); err == nil && d.Number > 0 {
				return true
			}
		}
	}
	return false
}

// printFiscal has the registrar print its own copy.
func (p *operationPane) printFiscal() {
	o := p.h.shown()
	if o == nil || !p.hasFiscal() {
		return
	}
	w, id := p.w, o.ID
	w.inform(w.T("app.fiscal.copying"))
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.PrintFiscalCopy(ctx, id) }, func(err error) {
		w.toast.clear()
		if err != nil {
			w.fail(err)
			return
		}
		w.praise(w.T("app.fiscal.copied"))
	})
}
