package till

import (
	"context"
	"errors"

	"kassa/fiscal"
	"kassa/localdb"
)

// A till's database may be an older copy: a disk was restored. A receipt that waits in it may have been made since, of
// which the copy knows nothing. The registrar's memory does: it has gone on past the last document that the copy knows.

// made looks for a receipt that was left from before the till's start among those documents that the till does not know
// of. settled: the document is not to be made now, and done tells whether to go on with the next.
func (r *registrar) made(ctx context.Context, row localdb.FiscalRow, doc fiscal.Document, st fiscal.State) (settled, done bool) {
	if row.Seq > r.left || row.Decided != "" || row.Position == 0 || !doc.Kind.Receipt() || r.sought[row.ID] || st.FN == "" {
		return false, false
	}
	known, err := r.t.c.Store.LastFiscal(ctx, st.FN)
	if err != nil {
		r.t.c.Log.Error("reading what the fiscal registrar made", "error", err)
		r.hinder(CodeDisk, "")
		return true, false
	}
	if known == 0 || known >= st.Last {
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
	r.sought[row.ID] = true
	return false, false
}
