package till

import (
	"context"
	"encoding/json"
	"errors"

	"kassa/fiscal"
	"kassa/localdb"
	"kassa/register"
)

// refusedOften is how often in a row a document may be refused for a reason that nobody knows before it is put aside, so
// that those behind it are made.
const refusedOften = 3

// fiscalTrouble is the sentence for an error of a registrar, and its own words.
func fiscalTrouble(err error) (Code, string) {
	var e *fiscal.Error
	if errors.As(err, &e) {
		return fiscalCode(e.Trouble), e.Words
	}
	return CodeFiscalOther, ""
}

// begin has a waiting document made, if the registrar can now. What it is asked for is on the disk before it hears of it.
func (r *registrar) begin(ctx context.Context, row localdb.FiscalRow) bool {
	st, ok := r.look(ctx)
	if !ok {
		return false
	}
	r.goOnPrinting(ctx, st, paperTrouble(fiscal.Trouble(row.Trouble)))
	var doc fiscal.Document
	if err := json.Unmarshal(row.Document, &doc); err != nil || doc.Kind == "" {
		return r.aside(ctx, row, fiscal.TroubleDocument, "")
	}
	if st.Blocked != "" || (st.PaperOut || st.CoverOpen) && !doc.NoPaper {
		return false // look has shown why
	}
	if settled, done := r.made(ctx, row, doc, st); settled {
		return done
	}
	if ready, done := r.shiftFor(ctx, row, doc, st); !ready {
		return done
	}
	if (doc.Kind == fiscal.CashIn || doc.Kind == fiscal.CashOut) && !st.Can.CashMoves {
		return r.skip(ctx, row) // it is no fiscal document: a registrar that keeps no drawer wants none
	}
	if row.Position > 0 {
		doc = fiscal.Late(doc, row.Operation, st.Can, r.t.c.Now(), r.t.c.Zone)
	}
	try, err := r.fix(ctx, row, doc)
	if err != nil {
		return false
	}
	row.State = localdb.FiscalSending
	return r.make(ctx, row, try)
}

// fix keeps a try on the disk.
func (r *registrar) fix(ctx context.Context, row localdb.FiscalRow, doc fiscal.Document) (fiscal.Try, error) {
	call, stop := context.WithTimeout(ctx, fiscalLook)
	defer stop()
	before, err := r.device.Before(call)
	if err != nil {
		r.fail(err)
		return fiscal.Try{}, err
	}
	try := fiscal.Try{ID: r.t.c.NewID(), Before: before, Document: doc}
	document, err1 := json.Marshal(doc)
	kept, err2 := json.Marshal(try)
	if err := errors.Join(err1, err2); err != nil {
		return try, err
	}
	if err := r.t.c.Store.SendFiscal(ctx, row.ID, string(doc.Kind), document, kept); err != nil {
		r.t.c.Log.Error("keeping a fiscal document's try", "document", row.ID, "error", err)
		r.hinder(CodeDisk, "")
		return try, err
	}
	return try, nil
}

// make sends a try that is on the disk.
func (r *registrar) make(ctx context.Context, row localdb.FiscalRow, try fiscal.Try) bool {
	receipt, err := r.device.Make(ctx, try)
	return r.judge(ctx, row, try, receipt, err)
}

// follow finds out what became of a try that was or may have been sent.
func (r *registrar) follow(ctx context.Context, row localdb.FiscalRow) bool {
	var try fiscal.Try
	if err := json.Unmarshal(row.Try, &try); err != nil {
		r.t.c.Log.Error("reading a fiscal document's try", "document", row.ID, "error", err)
		return r.note(ctx, row, localdb.FiscalUnclear, fiscal.TroubleOther, "")
	}
	st, ok := r.look(ctx)
	if ok && st.FN != "" && try.Before.FN != "" && st.FN != try.Before.FN {
		// Another fiscal storage knows nothing of it, whatever the registrar says.
		return r.note(ctx, row, localdb.FiscalUnclear, fiscal.TroubleMemory, "")
	}
	receipt, err := r.device.Find(ctx, try)
	if errors.Is(err, fiscal.ErrAbsent) {
		return ok && r.make(ctx, row, try) // unless it may be another fiscal storage that has no trace of it
	}
	if err == nil {
		receipt.Found = true
	}
	return r.judge(ctx, row, try, receipt, err)
}

// judge takes in what the registrar said of a try. Whatever is not certain leaves the try as it is, to be asked about.
func (r *registrar) judge(ctx context.Context, row localdb.FiscalRow, try fiscal.Try, receipt fiscal.Receipt, err error) bool {
	switch {
	case err == nil:
		return r.finish(ctx, row, try.Document, receipt)
	case ctx.Err() != nil:
		return false
	}
	r.t.c.Log.Warn("a fiscal document", "document", row.ID, "kind", try.Document.Kind, "error", err)
	trouble, words := fiscal.TroubleOf(err), ""
	var e *fiscal.Error
	if errors.As(err, &e) {
		words = e.Words
	}
	switch {
	case errors.Is(err, fiscal.ErrRefused), errors.Is(err, fiscal.ErrCannot):
		return r.refuse(ctx, row, trouble, words, err)
	case errors.Is(err, fiscal.ErrUnclear):
		return r.note(ctx, row, localdb.FiscalUnclear, trouble, words)
	}
	r.fail(err)
	if !errors.Is(err, fiscal.ErrAbsent) && r.puzzled(row, trouble) {
		return r.note(ctx, row, localdb.FiscalUnclear, trouble, words)
	}
	r.note(ctx, row, localdb.FiscalSending, trouble, words)
	return false
}

// puzzled tells whether the registrar has been answering for long, and nobody knows what it means about a document: it will
// not say anything else, and those behind would wait for ever. What waits in a queue that stands still is not meant: that
// may still be made.
func (r *registrar) puzzled(row localdb.FiscalRow, trouble fiscal.Trouble) bool {
	r.t.mu.Lock()
	stuck := r.state.Blocked != "" || r.link != LinkUp
	r.t.mu.Unlock()
	switch trouble {
	case fiscal.TroubleOther, fiscal.TroubleDocument, fiscal.TroubleCannot:
	default:
		stuck = true
	}
	if stuck || r.puzzle.id != row.ID {
		r.puzzle = puzzle{row.ID, r.t.c.Now()}
		return false
	}
	return r.t.c.Now().Sub(r.puzzle.since) >= fiscalPuzzled
}

// refuse decides what becomes of a document that the registrar did not make. What anybody can put right is tried again,
// and those behind it wait, for they would fare the same; what lies in the document itself is put aside.
func (r *registrar) refuse(ctx context.Context, row localdb.FiscalRow, trouble fiscal.Trouble, words string, err error) bool {
	if errors.Is(err, fiscal.ErrCannot) {
		trouble = fiscal.TroubleCannot
	}
	aside := false
	switch trouble {
	case fiscal.TroubleDocument, fiscal.TroubleCannot, fiscal.TroubleCash:
		aside = true
	case fiscal.TroubleOther:
		r.refused[row.ID]++
		aside = r.refused[row.ID] >= refusedOften
	}
	if aside && row.Position > 0 {
		delete(r.refused, row.ID)
		return r.aside(ctx, row, trouble, words)
	}
	r.fail(err)
	noted := r.note(ctx, row, localdb.FiscalWaiting, trouble, words)
	if aside && noted && fiscal.Kind(row.Kind) == fiscal.CloseShift && r.mayMake() {
		delete(r.refused, row.ID)
		return r.skip(ctx, row) // somebody wished for it too early: receipts can still be made
	}
	return false
}

// mayMake tells whether the registrar's shift was open, and young enough for receipts, when it last told.
func (r *registrar) mayMake() bool {
	r.t.mu.Lock()
	defer r.t.mu.Unlock()
	return r.state.Shift == fiscal.ShiftOpen
}

// aside puts a document aside that the registrar does not make, so that those behind it are made.
func (r *registrar) aside(ctx context.Context, row localdb.FiscalRow, trouble fiscal.Trouble, words string) bool {
	return r.note(ctx, row, localdb.FiscalRefused, trouble, words)
}

// note keeps where a document stands.
func (r *registrar) note(ctx context.Context, row localdb.FiscalRow, state localdb.FiscalState, trouble fiscal.Trouble, words string) bool {
	if err := r.t.c.Store.NoteFiscal(context.WithoutCancel(ctx), row.ID, state, string(trouble), clipped(words, 200)); err != nil {
		r.t.c.Log.Error("keeping a fiscal document", "document", row.ID, "error", err)
		r.hinder(CodeDisk, "")
		return false
	}
	return true
}

// skip ends a document that is needless.
func (r *registrar) skip(ctx context.Context, row localdb.FiscalRow) bool {
	if err := r.t.c.Store.SkipFiscal(ctx, row.ID); err != nil {
		r.t.c.Log.Error("keeping a fiscal document", "document", row.ID, "error", err)
		r.hinder(CodeDisk, "")
		return false
	}
	return true
}

// finish writes into the history what the registrar made, and ends the document in the same transaction.
func (r *registrar) finish(ctx context.Context, row localdb.FiscalRow, doc fiscal.Document, receipt fiscal.Receipt) bool {
	delete(r.refused, row.ID)
	if doc.Kind.Receipt() && receipt.Total != 0 && receipt.Total != doc.Total {
		r.t.c.Log.Error("the fiscal registrar made a document of another sum", "document", row.ID, "asked", doc.Total, "made", receipt.Total)
	}
	said, err := json.Marshal(receipt)
	if err != nil {
		r.t.c.Log.Error("keeping a fiscal document", "document", row.ID, "error", err)
		return false
	}
	body := r.body(row, doc, receipt)
	_, err = r.t.commit(ctx, localdb.Entry{Kind: register.KindFiscalDocument, Cashier: doc.Operator.Name, Body: body,
		FiscalEnd: &localdb.FiscalEnd{ID: row.ID, State: localdb.FiscalDone, Receipt: said, Unprinted: receipt.NotPrinted}})
	if err != nil && !r.ended(ctx, row.ID) {
		r.hinder(CodeDisk, "")
		return false
	}
	if brings := doc.Payments.Cash > 0 && doc.Kind == fiscal.Sale || doc.Kind == fiscal.CashIn; brings {
		r.cashCame(ctx)
	}
	return true
}

// ended tells whether a document has ended, though its commit seemed to have failed.
func (r *registrar) ended(ctx context.Context, id string) bool {
	row, err := r.t.c.Store.FiscalByID(context.WithoutCancel(ctx), id)
	return err == nil && (row.State == localdb.FiscalDone || row.State == localdb.FiscalDropped)
}

// cashCame has what was refused for want of cash in the registrar's drawer made again.
func (r *registrar) cashCame(ctx context.Context) {
	if err := r.t.c.Store.AgainAllFiscal(ctx, string(fiscal.TroubleCash)); err != nil {
		r.t.c.Log.Error("having fiscal documents made again", "error", err)
	}
}

// body is what the history keeps of a document. A registrar that answers nonsense has made it all the same.
func (r *registrar) body(row localdb.FiscalRow, doc fiscal.Document, receipt fiscal.Receipt) register.FiscalDocument {
	b := register.FiscalDocument{Of: refOf(row), Document: string(doc.Kind), FN: receipt.FN, Number: receipt.Number, Sign: receipt.Sign, At: receipt.At,
		Shift: receipt.Shift, InShift: receipt.InShift, Registration: receipt.Registration, Total: receipt.Total, QR: receipt.QR,
		NotPrinted: receipt.NotPrinted, Found: receipt.Found, Decided: row.Decided}
	if b.At.IsZero() {
		b.At = r.t.c.Now().UTC()
	}
	if err := b.Check(); err != nil {
		r.t.c.Log.Error("the fiscal registrar's answer does not agree with itself", "document", row.ID, "error", err)
		return register.FiscalDocument{Of: b.Of, Document: b.Document, At: b.At, Total: doc.Total, NotPrinted: b.NotPrinted, Found: b.Found, Decided: b.Decided}
	}
	return b
}

// refOf names the operation of a document; the zero Ref where there is none.
func refOf(row localdb.FiscalRow) register.Ref {
	if row.Position == 0 {
		return register.Ref{}
	}
	return row.Operation.Ref(receiptOf(row.Operation))
}

// receiptOf is the number of an operation's receipt within its shift; zero where it has none.
func receiptOf(op register.Operation) int64 {
	sold, err := soldBy(op)
	if err != nil {
		return 0
	}
	return sold.Receipt
}

// clipped is the beginning of a text of the registrar's.
func clipped(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
