package till

import (
	"context"
	"encoding/json"
	"errors"

	"kassa/fiscal"
	"kassa/localdb"
	"kassa/register"
)

// maxFiscalQueue bounds a list of the registrar's documents: nobody looks at more.
const maxFiscalQueue = 500

// FiscalQueue lists the documents that have not ended, oldest first.
func (t *Till) FiscalQueue(ctx context.Context) ([]FiscalDocument, error) {
	rows, err := t.c.Store.OpenFiscal(ctx, maxFiscalQueue)
	if err != nil {
		return nil, disk(err)
	}
	return fiscalRows(rows), nil
}

func fiscalRows(rows []localdb.FiscalRow) []FiscalDocument {
	all := make([]FiscalDocument, len(rows))
	for i, r := range rows {
		all[i] = FiscalDocument{ID: r.ID, Kind: fiscal.Kind(r.Kind), Total: r.Total, State: FiscalState(r.State), Message: r.Message, Asked: r.Created,
			Decided: r.Decided, Position: r.Position, Operation: r.Operation, Receipt: receiptOf(r.Operation)}
		if r.Trouble != "" {
			all[i].Trouble = fiscalCode(fiscal.Trouble(r.Trouble))
		}
	}
	return all
}

// ResolveFiscal decides about a document of which the registrar cannot tell whether it was made: made ends it, otherwise
// it is made again. The history keeps who decided. The problem is CodeNoFiscalDoc when there is nothing to decide.
func (t *Till) ResolveFiscal(ctx context.Context, id string, made bool) error {
	row, l, err := t.fiscalIn(ctx, id, localdb.FiscalUnclear, RightFiscal)
	if err != nil {
		return err
	}
	who := t.decider(l)
	if made {
		err = t.endFiscal(ctx, row, l, localdb.FiscalDone, register.FiscalDocument{Of: refOf(row), Document: row.Kind, Decided: who})
	} else {
		err = fiscalStore(t.c.Store.AgainFiscal(ctx, id, localdb.FiscalUnclear, who, nil))
	}
	t.fiscalChanged(ctx)
	return t.unused(l, err)
}

// RetryFiscal has a refused document made again, as the settings are now; with an empty id, all of them, and what stands
// in the others' way is looked at at once.
func (t *Till) RetryFiscal(ctx context.Context, id string) error {
	if t.View().Cashier == "" {
		return problem(CodeNotSignedIn, nil)
	}
	defer t.fiscalChanged(ctx)
	if id != "" {
		row, err := t.c.Store.FiscalByID(ctx, id)
		if err != nil {
			return fiscalStore(err)
		}
		return t.retryFiscal(ctx, row)
	}
	rows, err := t.c.Store.OpenFiscal(ctx, maxFiscalQueue)
	if err != nil {
		return disk(err)
	}
	for _, row := range rows {
		if row.State == localdb.FiscalRefused {
			if err := t.retryFiscal(ctx, row); err != nil && !errors.Is(err, problem(CodeNoFiscalDoc, nil)) {
				return err
			}
		}
	}
	return nil
}

// retryFiscal has a document made again that does not exist, written anew: what was wrong may have been a setting.
func (t *Till) retryFiscal(ctx context.Context, row localdb.FiscalRow) error {
	if row.State != localdb.FiscalRefused {
		return problem(CodeNoFiscalDoc, nil)
	}
	var document json.RawMessage
	if row.Position > 0 {
		entries, err := t.fiscalNow().fiscalEntries(row.Operation, func(id string) ([]register.Operation, error) {
			return t.c.Store.Chain(ctx, id, row.Position)
		})
		if err != nil {
			return disk(err)
		}
		if len(entries) != 1 || entries[0].State == localdb.FiscalRefused {
			return problem(CodeFiscalDocument, nil)
		}
		document = entries[0].Document
	}
	return fiscalStore(t.c.Store.AgainFiscal(ctx, row.ID, localdb.FiscalRefused, "", document))
}

// DropFiscal gives a refused document up: there is none of it, and there will be none. Only who may change the settings
// may do so, and the history keeps who did.
func (t *Till) DropFiscal(ctx context.Context, id string) error {
	row, l, err := t.fiscalIn(ctx, id, localdb.FiscalRefused, RightSettings)
	if err != nil {
		return err
	}
	err = t.endFiscal(ctx, row, l, localdb.FiscalDropped,
		register.FiscalDocument{Of: refOf(row), Document: row.Kind, Decided: t.decider(l), GivenUp: true})
	t.fiscalChanged(ctx)
	return t.unused(l, err)
}

// fiscalIn finds a document that is in a state, for somebody with a right.
func (t *Till) fiscalIn(ctx context.Context, id string, state localdb.FiscalState, right Right) (row localdb.FiscalRow, l *leave, err error) {
	if row, err = t.c.Store.FiscalByID(ctx, id); err != nil {
		return row, nil, fiscalStore(err)
	}
	if row.State != state {
		return row, nil, problem(CodeNoFiscalDoc, nil)
	}
	l, err = t.may(right)
	return row, l, err
}

// decider is who decides: who gave the leave, or the cashier.
func (t *Till) decider(l *leave) string {
	if l != nil {
		return l.by
	}
	return t.View().Cashier
}

func (t *Till) endFiscal(ctx context.Context, row localdb.FiscalRow, l *leave, state localdb.FiscalState, body register.FiscalDocument) error {
	_, err := t.commit(ctx, localdb.Entry{Kind: register.KindFiscalDocument, Cashier: t.View().Cashier, Approved: l.name(), Body: body,
		FiscalEnd: &localdb.FiscalEnd{ID: row.ID, State: state, From: row.State}}) // it may be under way again by now
	return fiscalStore(err)
}

// fiscalStore gives an error of the queue its sentence.
func fiscalStore(err error) error {
	if errors.Is(err, localdb.ErrNoFiscal) {
		return problem(CodeNoFiscalDoc, err)
	}
	return disk(err)
}
