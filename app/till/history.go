package till

import (
	"context"

	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/slip"
	"kassa/register"
)

// History is a page of the history, newest first, from before a position; zero starts at the newest.
func (t *Till) History(ctx context.Context, before int64, limit int) ([]Operation, error) {
	stored, err := t.c.Store.History(ctx, before, limit)
	if err != nil {
		return nil, disk(err)
	}
	page := make([]Operation, len(stored))
	for i, s := range stored {
		page[i] = listed(s)
	}
	return page, nil
}

func listed(s localdb.Stored) Operation {
	o := Operation{Operation: s.Operation, Position: s.Position, Sent: s.Sent}
	switch s.Kind {
	case register.KindSale:
		if sold, err := soldBy(s.Operation); err == nil {
			o.Receipt, o.Total, o.Method = sold.Receipt, sold.Total, sold.Method
		}
	case register.KindShiftClosed:
		var b register.ShiftClosed
		if s.Decode(&b) == nil {
			o.Total = b.Totals.SalesSum
		}
	}
	return o
}

// PrintCopy prints the slip of an operation of the history again, marked as a copy.
func (t *Till) PrintCopy(ctx context.Context, position int64) error {
	if t.c.Printer == nil {
		return problem(CodeNoPrinter, nil)
	}
	o, err := t.c.Store.At(ctx, position)
	if err != nil {
		return disk(err)
	}
	doc, err := t.copyOf(o.Operation)
	if err != nil {
		return err
	}
	return t.queue(ctx, "copy", doc)
}

func (t *Till) copyOf(op register.Operation) (doc printer.Document, err error) {
	switch op.Kind {
	case register.KindSale:
		doc, err = slip.Copy(t.slipShop(), op, t.c.Now(), t.c.Language)
	case register.KindShiftClosed:
		doc, err = slip.ShiftReport(t.slipShop(), op, t.c.Language)
	default:
		return doc, problem(CodeNotPrintable, nil)
	}
	if err != nil {
		return doc, problem(CodeNotPrintable, err)
	}
	return doc, nil
}

func (t *Till) queue(ctx context.Context, name string, doc printer.Document) error {
	j, err := job(name, doc)
	if err == nil {
		err = t.c.Store.QueueSlip(ctx, j)
	}
	if err != nil {
		return disk(err)
	}
	t.countJobs(ctx)
	poke(t.print)
	return nil
}
