package till

import (
	"context"
	"errors"

	"kassa/fiscal"
	"kassa/localdb"
)

// A till's database may be an older copy: a disk was restored. A receipt that waits in it may have been made since, of
// which the copy knows nothing. The registrar's memory does: it has gone on past the last document that the copy knows.

// leftover is what was there when the till was started, and what is known of it.
type leftover struct {
	newest int64            // the newest document that was queued
	known  map[string]int64 // by fiscal storage: the last document that the till knew of
	first  map[string]int64 // by fiscal storage: the last document that it had when it was first asked
	sought map[string]bool  // by document: the registrar is known not to have made it
}

func newLeftover(ctx context.Context, store *localdb.Store) (*leftover, error) {
	newest, known, err := store.FiscalKnown(ctx)
	return &leftover{newest: newest, known: known, first: map[string]int64{}, sought: map[string]bool{}}, err
}

// saw takes in what a registrar says of itself. It says so before it is asked to make anything.
func (l *leftover) saw(st fiscal.State) {
	if _, ok := l.first[st.FN]; !ok && st.FN != "" {
		l.first[st.FN] = st.Last
	}
}

// since is the document after which the registrar may have made a receipt that the till does not know to be made.
func (l *leftover) since(row localdb.FiscalRow, kind fiscal.Kind, fn string) (number int64, ok bool) {
	if row.Seq > l.newest || row.Decided != "" || row.Position == 0 || !kind.Receipt() || l.sought[row.ID] {
		return 0, false
	}
	number = l.known[fn]
	return number, number > 0 && number < l.first[fn]
}

// made looks for a receipt that was left from before the till's start among those documents that the till did not know
// of. settled: the document is not to be made now, and done tells whether to go on with the next.
func (r *registrar) made(ctx context.Context, row localdb.FiscalRow, doc fiscal.Document, st fiscal.State) (settled, done bool) {
	known, ok := r.left.since(row, doc.Kind, st.FN)
	if !ok {
		return false, false
	}
	asked := []fiscal.Document{doc}
	if late := fiscal.Late(doc, row.Operation, st.Can, r.t.c.Now(), r.t.c.Zone); late.Kind != doc.Kind {
		asked = append(asked, late)
	}
	for _, d := range asked {
		try := fiscal.Try{ID: r.t.c.NewID(), Before: fiscal.Before{FN: st.FN, Last: known}, Document: d}
		receipt, err := r.device.Find(ctx, try)
		switch {
		case err == nil:
			receipt.Found = true
			return true, r.finish(ctx, row, d, receipt)
		case ctx.Err() != nil:
			return true, false
		case errors.Is(err, fiscal.ErrUnclear):
			trouble, words := fiscal.TroubleOf(err), ""
			var e *fiscal.Error
			if errors.As(err, &e) {
				words = e.Words
			}
			return true, r.note(ctx, row, localdb.FiscalUnclear, trouble, words)
		case !errors.Is(err, fiscal.ErrAbsent) && !errors.Is(err, fiscal.ErrRefused):
			r.fail(err)
			return true, false
		}
	}
	r.left.sought[row.ID] = true
	return false, false
}
