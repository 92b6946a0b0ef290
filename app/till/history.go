package till

import (
	"context"

	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/slip"
	"kassa/register"
)

// listed is an operation as a list shows it.
func listed(s localdb.Stored) Operation {
	o := Operation{Operation: s.Operation, Position: s.Position, Sent: s.Sent}
	switch s.Kind {
	case register.KindShiftOpened:
		var b register.ShiftOpened
		if s.Decode(&b) == nil {
			o.Total = b.Float
		}
	case register.KindShiftClosed:
		var b register.ShiftClosed
		if s.Decode(&b) == nil {
			o.Total = b.Totals.Sales.Sum - b.Totals.Returns.Sum
		}
	case register.KindLineRemoved:
		var b register.LineRemoved
		if s.Decode(&b) == nil {
			o.Total = b.Line.Sum
		}
	case register.KindReceiptCleared:
		var b register.ReceiptCleared
		if s.Decode(&b) == nil {
			o.Total = b.Total
		}
	case register.KindFiscalDocument:
		if b, err := s.FiscalDocument(); err == nil {
			o.Receipt, o.Total = b.Of.Receipt, b.Total
		}
	default:
		if sold, err := soldBy(s.Operation); err == nil {
			o.Receipt, o.Total, o.Method, o.Payments = sold.Receipt, sold.Total, sold.Method, sold.Payments
		}
	}
	return o
}

// PrintCopy prints the slip of an operation of the history again, marked as a copy, with what a fiscal registrar made of
// it.
func (t *Till) PrintCopy(ctx context.Context, position int64) error {
	if t.parts().printer == nil {
		return problem(CodeNoPrinter, nil)
	}
	o, err := t.c.Store.At(ctx, position)
	if err != nil {
		return disk(err)
	}
	doc, err := t.copyOf(ctx, o.Operation)
	if err != nil {
		return err
	}
	return t.queue(ctx, "copy", doc)
}

// copyOf is the slip of an operation made again, with what a fiscal registrar made of it.
func (t *Till) copyOf(ctx context.Context, op register.Operation) (doc printer.Document, err error) {
	if !op.Kind.Money() && op.Kind != register.KindShiftClosed {
		return doc, problem(CodeNotPrintable, nil)
	}
	made, err := t.c.Store.FiscalOf(ctx, op.ID)
	if err != nil {
		return doc, disk(err)
	}
	if receipt, ok := madeOf(made); ok {
		doc, err = slip.CopyOfReceipt(t.slipShop(), op, receipt, t.c.Now(), t.c.Language)
	} else {
		doc, err = slip.Copy(t.slipShop(), op, t.c.Now(), t.c.Language)
	}
	if err != nil {
		return doc, problem(CodeNotPrintable, err)
	}
	return doc, nil
}

// queue puts a slip into the print queue that follows from no operation.
func (t *Till) queue(ctx context.Context, name string, doc printer.Document) error {
	j, err := job(name, doc)
	if err != nil {
		return disk(err)
	}
	if life := slipLife(name); life > 0 {
		j.Expires = t.c.Now().Add(life)
	}
	return t.queueJob(ctx, j)
}

func (t *Till) queueJob(ctx context.Context, j localdb.PrintJob) error {
	err := t.c.Store.QueueSlip(ctx, j)
	if err != nil {
		return disk(err)
	}
	t.countJobs(ctx)
	poke(t.print)
	return nil
}
