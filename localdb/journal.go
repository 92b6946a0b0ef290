package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kassa/register"
)

// tail is where the current journal ends.
type tail struct {
	seq    int64 // of the journal
	id     string
	number int64
	hash   register.Hash
	// position is that of the last operation of all journals.
	position int64
	// span is the position of the first operation that is in no span yet.
	span int64
	// shift is the one that is open, and totals are its counters; zero where they are to be read.
	shift  int64
	totals register.Totals
}

// PrintJob is a slip to be put into the print queue. One without a Document is put nowhere.
type PrintJob struct {
	Name     string          // what it is: sale, copy, qr, shift
	Document json.RawMessage // the slip, in whatever form the printer's side reads
	Expires  time.Time       // it is of no use later; zero for one that always is
	About    string          // the QR payment that it is of no use without; empty for none

	// Drawer tells that the cash drawer is to be opened when the job is put into the queue. That is kept nowhere: a drawer
	// is opened at once or not at all.
	Drawer bool
}

// Entry is what Commit is asked to write.
type Entry struct {
	ID      string // of the operation; made by the caller, so that a commit whose answer was lost can be looked up
	Kind    register.Kind
	Shift   int64
	Cashier string
	// Approved is who gave the cashier leave; empty where none was needed.
	Approved string
	Body     any
	// QRPayment is the QR payment that the operation settles; empty when there is none.
	QRPayment string
	// QRRefund is the refund by QR that the operation settles; empty when there is none.
	QRRefund string
	// Draft is the receipt that is being rung up from then on, written in the same transaction, so that a receipt that
	// was sold is never there to be sold again; nil leaves what is there.
	Draft *register.Draft
	// Fiscal makes what a fiscal registrar is to make of the operation, which is queued in the same transaction. history
	// is Store.Chain as it stands before the operation. It may be nil, and must not use the Store.
	Fiscal func(op register.Operation, history func(id string) ([]register.Operation, error)) ([]FiscalEntry, error)
	// FiscalEnd is the queued document that an operation of register.KindFiscalDocument settles; nil when there is none.
	FiscalEnd *FiscalEnd
	// Slips makes the print jobs that follow from the operation, once its number is known. It may be nil and must not
	// use the Store.
	Slips func(register.Operation) ([]PrintJob, error)
}

// Commit writes an operation and everything that follows from it in one transaction. When it has returned without an
// error the operation is on the disk. When it returns an error nothing was written; only an error of the disk itself
// leaves that in doubt, and OperationByID tells. A context that has ended keeps it from beginning; what has begun is
// carried through.
//
// The body must be the register's type of the kind, by value. Commit gives receipts their number within the shift and a
// shift's end its totals. It refuses what goes beyond the sale or the prepayment that it goes back to, with the
// register's errors, what the drawer does not hold (ErrDrawer), everything in a shift that is not open (ErrShift), and
// what is paid, or paid back, by a QR payment or a refund that it does not settle. ErrRefundOpen tells that money of the
// basis is on its way back, and ErrSold that the receipt of the QR payment was sold otherwise.
func (s *Store) Commit(ctx context.Context, e Entry) (register.Operation, error) {
	s.commits.Lock()
	defer s.commits.Unlock()
	if err := ctx.Err(); err != nil {
		return register.Operation{}, fmt.Errorf("committing %s: %w", e.Kind, err)
	}
	op, next, err := s.commit(context.WithoutCancel(ctx), e)
	if err != nil {
		s.tail = nil
		return register.Operation{}, fmt.Errorf("committing %s: %w", e.Kind, err)
	}
	s.tail = next
	return op, nil
}

func (s *Store) commit(ctx context.Context, e Entry) (op register.Operation, next *tail, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		last := s.tail
		if last == nil {
			if last, err = readTail(ctx, tx); err != nil {
				return err
			}
		}
		op, next, err = s.writer(ctx, tx).write(e, last)
		return err
	})
	return op, next, err
}

// write writes an entry after the journal's end and returns the new end.
func (w *writer) write(e Entry, last *tail) (op register.Operation, next *tail, err error) {
	totals := last.totals
	switch {
	case e.Kind == register.KindFiscalDocument:
		if e.Shift, err = w.anyShift(last); err != nil {
			return op, nil, err
		}
	case e.Kind != register.KindShiftOpened && (last.shift == 0 || last.shift != e.Shift):
		if totals, err = w.openTotals(e.Shift); err != nil {
			return op, nil, err
		}
	}
	body, err := w.complete(e, totals)
	if err != nil {
		return op, nil, err
	}
	op = register.Operation{Journal: last.id, Number: last.number + 1, ID: e.ID, Kind: e.Kind, Version: register.BodyVersion,
		At: w.now().UTC().Truncate(time.Millisecond), Shift: e.Shift, Cashier: e.Cashier, Approved: e.Approved}
	if op.Body, err = json.Marshal(body); err != nil {
		return op, nil, err
	}
	record, err := op.Encode()
	if err != nil {
		return op, nil, err
	}
	next = &tail{seq: last.seq, id: last.id, number: op.Number, hash: register.Link(last.hash, record), position: last.position + 1}
	f := factsOf(body)
	if err := w.store(op, record, next, f); err != nil {
		return op, nil, err
	}
	if err := w.settle(e, next.position); err != nil {
		return op, nil, err
	}
	if next.totals, err = w.project(next.position, op, body, f, totals); err != nil {
		return op, nil, err
	}
	if next.span, err = w.endSpan(last.span, next.position, e.Kind); err != nil {
		return op, nil, err
	}
	switch e.Kind {
	case register.KindShiftClosed:
	case register.KindFiscalDocument:
		next.shift = last.shift
	default:
		next.shift = e.Shift
	}
	return op, next, w.followUp(next.position, op, e, f)
}

func readTail(ctx context.Context, tx *sql.Tx) (*tail, error) {
	t := &tail{}
	err := tx.QueryRowContext(ctx, `select seq, id, (select coalesce(max(position), 0) from operations),
		(select coalesce(max(last), 0) + 1 from operation_spans) from journals order by seq desc limit 1`).
		Scan(&t.seq, &t.id, &t.position, &t.span)
	if err != nil {
		return nil, fmt.Errorf("reading the journal: %w", err)
	}
	var hash []byte
	err = tx.QueryRowContext(ctx, `select number, hash from operations where journal = ? order by number desc limit 1`, t.seq).
		Scan(&t.number, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return t, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the journal's end: %w", err)
	}
	copy(t.hash[:], hash)
	return t, nil
}

// ensureJournal opens the till's first journal.
func (s *Store) ensureJournal(ctx context.Context) error {
	_, err := s.w.ExecContext(ctx, `insert into journals (id, opened_at) select ?, ? where not exists (select 1 from journals)`,
		s.newID(), ms(s.now()))
	if err != nil {
		return fmt.Errorf("opening the first journal: %w", err)
	}
	return nil
}

// OperationByID finds an operation. ok is false when there is none.
func (s *Store) OperationByID(ctx context.Context, id string) (op register.Operation, ok bool, err error) {
	var record []byte
	err = s.r.QueryRowContext(ctx, `select record from operations where id = ?`, id).Scan(&record)
	if errors.Is(err, sql.ErrNoRows) {
		return op, false, nil
	}
	if err != nil {
		return op, false, fmt.Errorf("reading operation %s: %w", id, err)
	}
	op, err = register.DecodeOperation(record)
	return op, err == nil, err
}
