package till

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"kassa/i18n"
	"kassa/localdb"
	"kassa/printer"
	"kassa/printer/slip"
	"kassa/register"
)

// OpenShift opens the next shift.
func (t *Till) OpenShift(ctx context.Context) error {
	cashier, err := t.begin(func() error {
		switch {
		case t.cashier == "":
			return problem(CodeNotSignedIn, nil)
		case t.shift.Open:
			return problem(CodeShiftOpen, nil)
		}
		return nil
	})
	if err != nil {
		return err
	}
	defer t.end()
	float, err := t.c.Store.Drawer(ctx)
	if err != nil {
		return disk(err)
	}
	_, err = t.commit(ctx, localdb.Entry{Kind: register.KindShiftOpened, Shift: t.View().Shift.Number + 1,
		Cashier: cashier, Body: register.ShiftOpened{Float: float}})
	return err
}

// CloseShift closes the shift and prints its report. A payment on hold stands in the way while its code can be paid; one
// whose time is over does not, though nobody may know yet how it ended: it becomes a sale of the next shift if it was
// paid.
func (t *Till) CloseShift(ctx context.Context) (register.Totals, error) {
	cashier, err := t.begin(func() error {
		switch {
		case t.cashier == "":
			return problem(CodeNotSignedIn, nil)
		case !t.shift.Open:
			return problem(CodeNoShift, nil)
		case t.current != nil || slices.ContainsFunc(t.parked, (*follower).payable):
			return problem(CodeQROpen, nil)
		case t.cart.Len() > 0:
			return problem(CodeCartNotEmpty, nil)
		}
		return nil
	})
	if err != nil {
		return register.Totals{}, err
	}
	defer t.end()
	op, err := t.commit(ctx, localdb.Entry{Kind: register.KindShiftClosed, Shift: t.View().Shift.Number, Cashier: cashier,
		Body: register.ShiftClosed{}, Slips: t.slips("shift", slip.ShiftReport)})
	if err != nil {
		return register.Totals{}, err
	}
	var body register.ShiftClosed
	err = op.Decode(&body)
	return body.Totals, err
}

// begin takes the till for one commit if allowed agrees, and returns the cashier. end gives it free.
func (t *Till) begin(allowed func() error) (cashier string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy {
		return "", problem(CodeFrozen, nil)
	}
	if err := allowed(); err != nil {
		return "", err
	}
	t.busy = true
	t.changed()
	return t.cashier, nil
}

func (t *Till) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.busy = false
	t.changed()
}

// commit writes an operation, and reads again what it changed. A disk that failed in the middle leaves it open whether
// the operation was written: that is looked up before anybody is told.
func (t *Till) commit(ctx context.Context, e localdb.Entry) (register.Operation, error) {
	// A window that closes must not stop a sale half way.
	ctx = context.WithoutCancel(ctx)
	e.ID = t.c.NewID()
	op, err := t.c.Store.Commit(ctx, e)
	if err != nil {
		found, ok, lookErr := t.c.Store.OperationByID(ctx, e.ID)
		switch {
		case lookErr != nil:
			t.c.Log.Error("committing", "kind", e.Kind, "error", errors.Join(err, lookErr))
			return op, problem(CodeDiskDoubt, errors.Join(err, lookErr))
		case !ok:
			t.c.Log.Error("committing", "kind", e.Kind, "error", err)
			return op, disk(err)
		}
		op = found
	}
	t.mu.Lock()
	if err := t.shift.apply(op); err != nil {
		t.c.Log.Error("counting the shift", "error", err)
	}
	t.server.Waiting++
	t.mu.Unlock()
	poke(t.print)
	if t.sync != nil {
		t.sync.Wake()
	}
	return op, nil
}

// apply counts an operation that was committed.
func (s *Shift) apply(op register.Operation) error {
	switch op.Kind {
	case register.KindShiftOpened:
		*s = Shift{Open: true, Number: op.Shift, Opened: op.At}
	case register.KindShiftClosed:
		s.Open = false
	}
	return s.Totals.Apply(op)
}

// slips makes the print jobs of a commit, or none when there is no printer. A slip that cannot be made does not stop
// the sale: it is logged, and the operation can be printed from the history.
func (t *Till) slips(name string, draw func(slip.Shop, register.Operation, *i18n.Language) (printer.Document, error)) func(register.Operation) ([]localdb.PrintJob, error) {
	if t.c.Printer == nil {
		return nil
	}
	return func(op register.Operation) ([]localdb.PrintJob, error) {
		doc, err := draw(t.slipShop(), op, t.c.Language)
		if err != nil {
			t.c.Log.Error("drawing a slip", "slip", name, "error", err)
			return nil, nil
		}
		j, err := job(name, doc)
		return []localdb.PrintJob{j}, err
	}
}

func job(name string, doc printer.Document) (localdb.PrintJob, error) {
	b, err := json.Marshal(doc)
	return localdb.PrintJob{Name: name, Document: b}, err
}

func (t *Till) slipShop() slip.Shop {
	return slip.Shop{Name: t.c.Shop.Name, Address: t.c.Shop.Address, INN: t.c.Shop.INN, Till: t.c.Shop.Till, Footer: t.c.Shop.Footer, Zone: t.c.Zone}
}
