package localdb

import (
	"context"
	"database/sql"
	"fmt"

	"kassa/register"
)

// Rebuild computes every projection of the journals anew from the records, in one transaction: what operations are found
// by, lines and payments, prepayments, shifts, the drawer. Nothing is sold meanwhile. The stock, the queues of the printer and
// the fiscal registrar, and the QR payments are no projections, and stay. When a record cannot be read, everything stays as it was.
func (s *Store) Rebuild(ctx context.Context) error {
	s.commits.Lock()
	defer s.commits.Unlock()
	s.tail = nil
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		w := s.writer(ctx, tx)
		if err := w.forget(); err != nil {
			return err
		}
		span := int64(1)
		for last := int64(0); ; {
			page, err := w.records(last)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, r := range page {
				if span, err = w.projectAgain(r, span); err != nil {
					return fmt.Errorf("operation at %d: %w", r.position, err)
				}
			}
			last = page[len(page)-1].position
		}
	})
	if err != nil {
		return fmt.Errorf("computing everything anew: %w", err)
	}
	return nil
}

// forget empties the projections.
func (w *writer) forget() error {
	for _, text := range []string{`delete from operation_lines`, `delete from operation_payments`, `delete from prepayments`,
		`delete from shifts`, `delete from operation_spans`, `update drawer set balance = 0`} {
		if _, err := w.tx.ExecContext(w.ctx, text); err != nil {
			return err
		}
	}
	return nil
}

type placedRecord struct {
	position int64
	record   []byte
}

func (w *writer) records(after int64) ([]placedRecord, error) {
	rows, err := w.tx.QueryContext(w.ctx, `select position, record from operations where position > ? order by position limit ?`, after, recountPage)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []placedRecord
	for rows.Next() {
		var r placedRecord
		if err := rows.Scan(&r.position, &r.record); err != nil {
			return nil, err
		}
		page = append(page, r)
	}
	return page, rows.Err()
}

// projectAgain computes what follows from an operation. span is where the span begins that it is in, or ends; next is
// where the next operation's does.
func (w *writer) projectAgain(r placedRecord, span int64) (next int64, err error) {
	op, err := register.DecodeOperation(r.record)
	if err != nil {
		return 0, err
	}
	body, err := bodyOf(op)
	if err != nil {
		return 0, err
	}
	f := factsOf(body)
	_, err = w.tx.ExecContext(w.ctx, `update operations set kind = ?, at = ?, shift = ?, receipt = ?, total = ?, customer = nullif(?, ''), basis = nullif(?, '')
		where position = ?`, string(op.Kind), ms(op.At), op.Shift, f.receipt, int64(f.total), f.customer, f.basis, r.position)
	if err != nil {
		return 0, err
	}
	var totals register.Totals
	if op.Kind != register.KindShiftOpened && op.Kind != register.KindFiscalDocument {
		if totals, err = w.openTotals(op.Shift); err != nil {
			return 0, err
		}
	}
	if _, err := w.project(r.position, op, body, f, totals); err != nil {
		return 0, err
	}
	return w.endSpan(span, r.position, op.Kind)
}
