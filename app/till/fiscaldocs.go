package till

import (
	"context"
	"encoding/json"
	"fmt"

	"kassa/fiscal"
	"kassa/localdb"
	"kassa/register"
)

// fiscalNow is the registrar that is plugged in.
func (t *Till) fiscalNow() *registrar {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.registrar
}

// fiscalEntries makes what the registrar is to make of an operation, in the operation's own transaction. What cannot be
// written as a document stops no sale: it is put aside at once, for somebody to look at.
func (r *registrar) fiscalEntries(op register.Operation, history func(id string) ([]register.Operation, error)) ([]localdb.FiscalEntry, error) {
	chain, err := fiscalChain(op, history)
	if err != nil {
		return nil, err
	}
	doc, wanted, err := fiscal.For(op, chain, fiscal.Seller{Taxation: r.set.Taxation})
	e := localdb.FiscalEntry{ID: op.ID, Kind: string(doc.Kind), Total: doc.Total}
	switch {
	case err != nil:
		r.t.c.Log.Error("making a fiscal document", "operation", op.ID, "error", err)
		e.State, e.Trouble = localdb.FiscalRefused, string(fiscal.TroubleDocument)
		e.Kind, e.Document = string(op.Kind), json.RawMessage("null")
		return []localdb.FiscalEntry{e}, nil
	case !wanted:
		return nil, nil
	}
	doc.Notes = r.t.fiscalNotes(op)
	if e.Document, err = json.Marshal(doc); err != nil {
		return nil, err
	}
	return []localdb.FiscalEntry{e}, nil
}

// fiscalChain reads what a prepayment's return depends on: the prepayment, and all that moved its money before.
func fiscalChain(op register.Operation, history func(id string) ([]register.Operation, error)) (c fiscal.Chain, err error) {
	if op.Kind != register.KindPrepaymentReturn {
		return c, nil
	}
	body, err := op.PrepaymentReturn()
	if err != nil {
		return c, nil // For says so
	}
	all, err := history(body.Prepayment.ID)
	if err != nil {
		return c, fmt.Errorf("reading prepayment %s: %w", body.Prepayment.ID, err)
	}
	for _, o := range all {
		switch o.Kind {
		case register.KindPrepayment:
			p, err := o.Prepayment()
			if err != nil {
				return c, nil
			}
			c.Prepayment = &p
		case register.KindPrepaymentReturn, register.KindSale, register.KindReturn:
			c.Before = append(c.Before, o)
		}
	}
	return c, nil
}

// fiscalNotes stand below the document on paper: what cash was given, and the change.
func (t *Till) fiscalNotes(op register.Operation) []string {
	sold, err := soldBy(op)
	if err != nil || sold.Change == 0 {
		return nil
	}
	lang := t.c.Language
	return []string{lang.T("slip.given") + ": " + lang.Money(sold.Given), lang.T("slip.change") + ": " + lang.Money(sold.Change)}
}

// fiscalChanged has the registrar look at its queue again, and shows how it stands.
func (t *Till) fiscalChanged(ctx context.Context) {
	t.fiscalNow().count(ctx)
	poke(t.fiscalNews)
}

// news has the registrar look at its queue. Where there is none to look, only the count is shown.
func (r *registrar) news(ctx context.Context) {
	if r.device == nil {
		r.count(ctx)
	}
	poke(r.t.fiscalNews)
}

// FiscalOf is what the registrar made of an operation of the history, and is still to make.
func (t *Till) FiscalOf(ctx context.Context, operation string) (FiscalRecord, error) {
	made, err := t.c.Store.FiscalOf(ctx, operation)
	if err != nil {
		return FiscalRecord{}, disk(err)
	}
	open, err := t.c.Store.OpenFiscalOf(ctx, operation)
	if err != nil {
		return FiscalRecord{}, disk(err)
	}
	return FiscalRecord{Made: made, Open: fiscalRows(open)}, nil
}

// PrintFiscalCopy has the registrar print its document of an operation again, as a copy. The problem is CodeNoFiscalDoc
// where it made none, and CodeFiscalCannot for a registrar that prints no copies, or has another fiscal storage by now: there
// the number is another buyer's.
func (t *Till) PrintFiscalCopy(ctx context.Context, operation string) error {
	r := t.fiscalNow()
	if r.device == nil {
		return problem(CodeNoFiscal, nil)
	}
	made, err := t.c.Store.FiscalOf(ctx, operation)
	if err != nil {
		return disk(err)
	}
	receipt, ok := madeOf(made)
	if !ok {
		return problem(CodeNoFiscalDoc, nil)
	}
	ctx, stop := context.WithTimeout(ctx, printTimeout)
	defer stop()
	if r.turn.take(ctx) != nil {
		return problem(CodeFiscalBusy, ctx.Err())
	}
	defer r.turn.give()
	before, err := r.device.Before(ctx)
	switch {
	case err != nil:
		return fiscalProblem(err)
	case before.FN != receipt.FN:
		return problem(CodeFiscalCannot, nil)
	}
	return fiscalProblem(r.device.Copy(ctx, receipt.Number))
}

// madeOf is the last of some documents that stands in a fiscal storage.
func madeOf(made []register.FiscalDocument) (d register.FiscalDocument, ok bool) {
	for _, m := range made {
		if m.Number > 0 {
			d, ok = m, true
		}
	}
	return d, ok
}

// silenced tells whether the till's own slips are left to the registrar, which prints the law's.
func (t *Till) silenced() bool {
	set := t.parts().fiscalSet
	return t.fiscalised() && !set.OwnSlips
}

// registrarStands tells whether the registrar makes nothing now: a buyer who leaves gets the till's own slip meanwhile,
// which says that it is no receipt.
func (t *Till) registrarStands() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.registrar.absent != "" || t.registrar.trouble != "" && t.registrar.trouble != CodeFiscalBusy
}

// fiscalised tells whether operations become fiscal documents: a registrar was chosen, be it dead or not.
func (t *Till) fiscalised() bool {
	p := t.parts()
	return p.fiscal != nil || p.fiscalSet.Driver != ""
}
