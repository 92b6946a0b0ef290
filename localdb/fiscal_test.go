package localdb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"kassa/localdb"
	"kassa/register"
)

// fiscalOf is a fiscal document of an operation.
func fiscalOf(op register.Operation, number int64) register.FiscalDocument {
	return register.FiscalDocument{Of: op.Ref(1), Document: "sale", FN: "9999078902000123", Number: number, Sign: 5, At: time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC), Total: 1000}
}

// queue commits an operation and has a document of it queued.
func (w *shop) queue(kind register.Kind, body any) register.Operation {
	w.Helper()
	op, err := w.store.Commit(w.Context(), localdb.Entry{ID: w.id(), Kind: kind, Shift: w.shift, Cashier: "Анна", Body: body,
		Fiscal: func(op register.Operation, _ func(string) ([]register.Operation, error)) ([]localdb.FiscalEntry, error) {
			return []localdb.FiscalEntry{{ID: op.ID, Kind: string(kind), Total: 1000, Document: json.RawMessage(`{"mark":"` + op.ID + `"}`)}}, nil
		}})
	w.ok(err)
	return op
}

func (w *shop) queueSale() register.Operation {
	w.Helper()
	body, err := register.NewSale(cart(w, piece("a", 1000, 1)), []register.Payment{cash(1000)})
	w.ok(err)
	return w.queue(register.KindSale, body)
}

// end commits what became of a queued document.
func (w *shop) end(id string, body register.FiscalDocument, end localdb.FiscalEnd) error {
	w.Helper()
	end.ID = id
	_, err := w.store.Commit(w.Context(), localdb.Entry{ID: w.id(), Kind: register.KindFiscalDocument, Cashier: "Анна", Body: body, FiscalEnd: &end})
	return err
}

func (w *shop) next() (row localdb.FiscalRow) {
	w.Helper()
	row, ok, err := w.store.NextFiscal(w.Context())
	w.ok(err)
	if !ok {
		return localdb.FiscalRow{}
	}
	return row
}

func (w *shop) counts(want localdb.FiscalCounts) {
	w.Helper()
	got, err := w.store.FiscalCounts(w.Context())
	if got.Since = want.Since; err != nil || got != want {
		w.Errorf("the queue holds %+v, %v; want %+v", got, err, want)
	}
}

func TestAFiscalDocumentIsWrittenInAnyShift(t *testing.T) {
	w := newShop(t)
	shift := func(want int64) {
		t.Helper()
		w.reopen() // what follows is read from the disk
		op := w.do(register.KindFiscalDocument, fiscalOf(register.Operation{ID: "any", Journal: "j"}, 1))
		again := w.do(register.KindFiscalDocument, fiscalOf(register.Operation{ID: "any", Journal: "j"}, 2))
		if op.Shift != want || again.Shift != want {
			t.Errorf("it stands in shifts %d and %d, want %d", op.Shift, again.Shift, want)
		}
	}
	w.shift = 7 // whatever the caller says
	shift(0)
	w.shift = 0
	w.openShift()
	op, _ := w.sell(cart(w, piece("a", 1000, 1)))
	shift(1)
	w.sell(cart(w, piece("a", 1000, 1)))
	if b := w.closeShift(nil); b.Totals.Receipts != 2 || b.Totals.Sales.Count != 2 || b.Totals.CashEnd != 2000 {
		t.Errorf("the shift came to %+v", b.Totals)
	}
	shift(1)
	late := w.do(register.KindFiscalDocument, fiscalOf(op, 9))
	w.openShift()
	shift(2)
	w.sell(cart(w, piece("a", 1000, 1)))
	w.healthy()
	before := w.everything()
	w.ok(w.store.Rebuild(t.Context()))
	if after := w.everything(); after != before {
		t.Errorf("computed anew, it differs: %s", difference(before, after))
	}
	made, err := w.store.FiscalOf(t.Context(), op.ID)
	if err != nil || len(made) != 1 || made[0] != fiscalOf(op, 9) {
		t.Errorf("the registrar made %+v of the sale, %v", made, err)
	}
	if found, ok, err := w.store.OperationByID(t.Context(), late.ID); err != nil || !ok || found.Kind != register.KindFiscalDocument {
		t.Errorf("it is a %s, %v", found.Kind, err)
	}
	w.refused(register.ErrFiscal, register.KindFiscalDocument, register.FiscalDocument{Document: "sale"})
}

func TestAFiscalDocumentIsQueuedWithItsOperation(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op := w.queueSale()
	w.reopen()
	row := w.next()
	if row.ID != op.ID || row.State != localdb.FiscalWaiting || row.Kind != "sale" || row.Total != 1000 || string(row.Document) != `{"mark":"`+op.ID+`"}` ||
		row.Operation.ID != op.ID || row.Position != 2 || row.Try != nil || row.Created.Before(op.At) {
		t.Errorf("%+v is queued", row)
	}
	// A commit that fails queues nothing, and what cannot be queued is not sold.
	before := w.everything()
	body, err := register.NewSale(cart(w, piece("a", 1000, 1)), []register.Payment{cash(1000)})
	w.ok(err)
	for name, made := range map[string]func(register.Operation, func(string) ([]register.Operation, error)) ([]localdb.FiscalEntry, error){
		"an error": func(register.Operation, func(string) ([]register.Operation, error)) ([]localdb.FiscalEntry, error) {
			return nil, errors.New("no")
		},
		"a mark that was given": func(register.Operation, func(string) ([]register.Operation, error)) ([]localdb.FiscalEntry, error) {
			return []localdb.FiscalEntry{{ID: op.ID, Kind: "sale", Document: json.RawMessage(`{}`)}}, nil
		},
	} {
		if _, err := w.store.Commit(t.Context(), localdb.Entry{ID: w.id(), Kind: register.KindSale, Shift: 1, Cashier: "Анна", Body: body, Fiscal: made}); err == nil {
			t.Errorf("%s: sold", name)
		}
	}
	if after := w.everything(); after != before {
		t.Errorf("a refused sale changed the database: %s", difference(before, after))
	}
	w.counts(localdb.FiscalCounts{Waiting: 1})
}

func TestAFiscalDocumentEndsOnceAndWithItsWord(t *testing.T) {
	w := newShop(t)
	w.openShift()
	op := w.queueSale()
	try := json.RawMessage(`{"id":"t1"}`)
	w.ok(w.store.SendFiscal(t.Context(), op.ID, "sale", json.RawMessage(`{"late":true}`), try))
	if err := w.store.SendFiscal(t.Context(), op.ID, "sale", nil, json.RawMessage(`{"id":"t2"}`)); !errors.Is(err, localdb.ErrNoFiscal) {
		t.Errorf("a try is replaced by another: %v", err)
	}
	w.reopen()
	if row := w.next(); row.State != localdb.FiscalSending || string(row.Try) != string(try) || string(row.Document) != `{"late":true}` {
		t.Errorf("after a restart it is %+v", row)
	}
	w.ok(w.store.NoteFiscal(t.Context(), op.ID, localdb.FiscalSending, "off", "Нет связи"))
	if row := w.next(); string(row.Try) != string(try) || row.Trouble != "off" || row.Message != "Нет связи" {
		t.Errorf("with trouble it is %+v", row)
	}
	for state, from := range map[localdb.FiscalState]localdb.FiscalState{localdb.FiscalDropped: localdb.FiscalRefused, localdb.FiscalDone: localdb.FiscalUnclear} {
		if err := w.end(op.ID, fiscalOf(op, 3), localdb.FiscalEnd{State: state, From: from}); !errors.Is(err, localdb.ErrNoFiscal) {
			t.Errorf("it is %s by somebody who saw it %s: %v", state, from, err)
		}
	}
	w.ok(w.end(op.ID, fiscalOf(op, 3), localdb.FiscalEnd{State: localdb.FiscalDone, From: localdb.FiscalSending, Receipt: json.RawMessage(`{"number":3}`), Unprinted: true}))
	before := w.everything()
	if err := w.end(op.ID, fiscalOf(op, 4), localdb.FiscalEnd{State: localdb.FiscalDone}); !errors.Is(err, localdb.ErrNoFiscal) {
		t.Errorf("it ends twice: %v", err)
	}
	for name, err := range map[string]error{
		"noted":      w.store.NoteFiscal(t.Context(), op.ID, localdb.FiscalWaiting, "", ""),
		"sent":       w.store.SendFiscal(t.Context(), op.ID, "sale", nil, nil),
		"made again": w.store.AgainFiscal(t.Context(), op.ID, localdb.FiscalDone, "", nil),
		"skipped":    w.store.SkipFiscal(t.Context(), op.ID),
		"of no row":  w.store.SkipFiscal(t.Context(), "nothing"),
	} {
		if !errors.Is(err, localdb.ErrNoFiscal) {
			t.Errorf("what has ended is %s: %v", name, err)
		}
	}
	if after := w.everything(); after != before {
		t.Errorf("that changed the database: %s", difference(before, after))
	}
	w.counts(localdb.FiscalCounts{Unprinted: 1})
	w.ok(w.store.PrintedFiscal(t.Context()))
	w.counts(localdb.FiscalCounts{})
	row, err := w.store.FiscalByID(t.Context(), op.ID)
	if err != nil || row.State != localdb.FiscalDone {
		t.Errorf("it is %+v, %v", row, err)
	}
	if _, err := w.store.FiscalByID(t.Context(), "nothing"); !errors.Is(err, localdb.ErrNoFiscal) {
		t.Errorf("what is not there: %v", err)
	}
	w.healthy()
}

func TestFiscalDocumentsGoInOrder(t *testing.T) {
	w := newShop(t)
	w.openShift()
	a, b, c := w.queueSale(), w.queueSale(), w.queueSale()
	w.ok(w.store.NoteFiscal(t.Context(), a.ID, localdb.FiscalRefused, "document", "НДС"))
	if row := w.next(); row.ID != b.ID {
		t.Errorf("after one that was refused comes %s", row.ID)
	}
	w.ok(w.store.SendFiscal(t.Context(), b.ID, "sale", nil, json.RawMessage(`{}`)))
	w.ok(w.store.AddFiscal(t.Context(), localdb.FiscalEntry{ID: "z", Kind: "close_shift", Document: json.RawMessage(`{}`)}))
	if row := w.next(); row.ID != b.ID {
		t.Errorf("%s comes before the one that was sent", row.ID)
	}
	w.ok(w.store.NoteFiscal(t.Context(), b.ID, localdb.FiscalUnclear, "other", ""))
	if row := w.next(); row.ID != "z" || row.Position != 0 || row.Operation.ID != "" {
		t.Errorf("%+v comes before the device's own", row)
	}
	w.ok(w.store.SkipFiscal(t.Context(), "z"))
	if row := w.next(); row.ID != c.ID {
		t.Errorf("then comes %s", row.ID)
	}
	w.counts(localdb.FiscalCounts{Waiting: 1, Unclear: 1, Refused: 1})
	w.ok(w.store.AgainFiscal(t.Context(), b.ID, localdb.FiscalUnclear, "Ольга", nil))
	w.ok(w.store.AgainFiscal(t.Context(), a.ID, localdb.FiscalRefused, "", json.RawMessage(`{"new":1}`)))
	if row := w.next(); row.ID != a.ID || string(row.Document) != `{"new":1}` || row.Trouble != "" || row.Decided != "" {
		t.Errorf("made again: %+v", row)
	}
	open, err := w.store.OpenFiscal(t.Context(), 10)
	w.ok(err)
	var ids []string
	for _, r := range open {
		ids = append(ids, r.ID)
		if want := map[string]string{b.ID: "Ольга"}[r.ID]; r.Decided != want || r.Try != nil {
			t.Errorf("%s was decided by %q, try %s", r.ID, r.Decided, r.Try)
		}
	}
	if !slices.Equal(ids, []string{a.ID, b.ID, c.ID}) {
		t.Errorf("the queue is %v", ids)
	}
	of, err := w.store.OpenFiscalOf(t.Context(), b.ID)
	if err != nil || len(of) != 1 || of[0].ID != b.ID {
		t.Errorf("of one operation: %+v, %v", of, err)
	}
	w.ok(w.store.NoteFiscal(t.Context(), a.ID, localdb.FiscalRefused, "cash", ""))
	w.ok(w.store.NoteFiscal(t.Context(), b.ID, localdb.FiscalRefused, "document", ""))
	w.ok(w.store.AgainAllFiscal(t.Context(), "cash"))
	w.counts(localdb.FiscalCounts{Waiting: 2, Refused: 1})
}

func TestOldFiscalDocumentsGo(t *testing.T) {
	w := newShop(t)
	w.openShift()
	first, refused := w.queueSale(), w.queueSale()
	w.ok(w.end(first.ID, fiscalOf(first, 1), localdb.FiscalEnd{State: localdb.FiscalDone, Unprinted: true}))
	w.ok(w.store.NoteFiscal(t.Context(), refused.ID, localdb.FiscalRefused, "document", ""))
	for i := range 230 {
		id := fmt.Sprint("shift ", i)
		w.ok(w.store.AddFiscal(t.Context(), localdb.FiscalEntry{ID: id, Kind: "open_shift", Document: json.RawMessage(`{}`)}))
		w.ok(w.end(id, register.FiscalDocument{Document: "open_shift", Decided: "Анна"}, localdb.FiscalEnd{State: localdb.FiscalDone}))
	}
	for id, want := range map[string]bool{first.ID: true, refused.ID: true, "shift 0": false, "shift 25": false, "shift 40": true, "shift 229": true} {
		if _, err := w.store.FiscalByID(t.Context(), id); (err == nil) != want {
			t.Errorf("%s is kept: %v", id, err)
		}
	}
	w.healthy()
}

func TestTheChainOfAPrepayment(t *testing.T) {
	w := newShop(t)
	w.openShift()
	w.sell(cart(w, piece("z", 100, 1)))
	prepaid, _ := w.order(cart(w, piece("a", 5000, 2)), 6000)
	first, err := w.repay(prepaid, 1000)
	w.ok(err)
	repaid := w.do(register.KindPrepaymentReturn, first)
	w.do(register.KindFiscalDocument, fiscalOf(prepaid, 1))
	handed := w.do(register.KindSale, w.handOver(prepaid))
	w.do(register.KindFiscalDocument, fiscalOf(handed, 2))
	back := w.do(register.KindReturn, w.giveBack(handed, register.Want{Line: 0, Quantity: 2 * register.One}))
	second, err := w.repay(prepaid, 500)
	w.ok(err)
	var seen []string
	last, err := w.store.Commit(t.Context(), localdb.Entry{ID: w.id(), Kind: register.KindPrepaymentReturn, Shift: w.shift, Cashier: "Анна", Body: second,
		Fiscal: func(op register.Operation, history func(string) ([]register.Operation, error)) ([]localdb.FiscalEntry, error) {
			all, err := history(prepaid.ID)
			for _, o := range all {
				seen = append(seen, o.ID)
			}
			return nil, err
		}})
	w.ok(err)
	want := []string{prepaid.ID, repaid.ID, handed.ID, back.ID}
	if !slices.Equal(seen, want) {
		t.Errorf("before it came %v, want %v", seen, want)
	}
	all, err := w.store.Chain(t.Context(), prepaid.ID, 1_000)
	w.ok(err)
	var ids []string
	for _, o := range all {
		ids = append(ids, o.ID)
	}
	if !slices.Equal(ids, append(want, last.ID)) {
		t.Errorf("all of it is %v", ids)
	}
	if none, err := w.store.Chain(t.Context(), "nothing", 1_000); err != nil || len(none) != 0 {
		t.Errorf("of nothing: %v, %v", none, err)
	}
	if !reflect.DeepEqual(all[0], prepaid) {
		t.Errorf("%+v, want %+v", all[0], prepaid)
	}
	w.counts(localdb.FiscalCounts{})
}
