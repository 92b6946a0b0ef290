package till

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

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
// paid. counted is the cash that was found in the drawer; nil when nobody counted. Receipts on hold stay on hold.
func (t *Till) CloseShift(ctx context.Context, counted *register.Money) (register.ShiftClosed, error) {
	var closed register.ShiftClosed
	if counted != nil && (*counted < 0 || *counted > register.MaxMoney) {
		return closed, problem(CodeTooMuch, nil)
	}
	var l *leave
	cashier, err := t.begin(func() (err error) {
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
		l, err = t.allowed(RightCloseShift)
		return err
	})
	if err != nil {
		return closed, err
	}
	defer t.end()
	op, err := t.commit(ctx, localdb.Entry{Kind: register.KindShiftClosed, Shift: t.View().Shift.Number, Cashier: cashier,
		Approved: l.name(), Body: register.ShiftClosed{Counted: counted}, Slips: t.slips("shift")})
	if err != nil {
		return closed, t.unused(l, err)
	}
	err = op.Decode(&closed)
	return closed, err
}

// PrintX prints what the shift has come to until now; where a fiscal registrar prints in the till's place, its own X report.
func (t *Till) PrintX(ctx context.Context) error {
	v := t.View()
	switch {
	case v.Cashier == "":
		return problem(CodeNotSignedIn, nil)
	case !v.Shift.Open:
		return problem(CodeNoShift, nil)
	case t.parts().printer == nil && !t.silenced():
		return problem(CodeNoPrinter, nil)
	}
	if _, err := t.may(RightReports); err != nil {
		return err
	}
	if t.silenced() {
		return t.printFiscalX(ctx)
	}
	doc := slip.XReport(t.slipShop(), slip.Shift{Number: v.Shift.Number, Opened: v.Shift.Opened, Cashier: v.Cashier}, v.Shift.Totals, t.c.Now(), t.c.Language)
	return t.queue(ctx, "x", doc)
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
	t.applyRules()
	t.changed()
}

// commit writes an operation, and reads again what it changed. A disk that failed in the middle leaves it open whether
// the operation was written: that is looked up before anybody is told.
func (t *Till) commit(ctx context.Context, e localdb.Entry) (register.Operation, error) {
	// A window that closes must not stop a sale half way.
	ctx = context.WithoutCancel(ctx)
	e.ID = t.c.NewID()
	waiting := 0
	if t.fiscalised() && e.Kind != register.KindFiscalDocument {
		e.Fiscal = func(op register.Operation, history func(string) ([]register.Operation, error)) ([]localdb.FiscalEntry, error) {
			all, err := t.fiscalNow().fiscalEntries(op, history)
			waiting = len(all)
			return all, err
		}
	}
	openDrawer := t.withDrawer(&e)
	op, err := t.c.Store.Commit(ctx, e)
	openDrawer(err == nil)
	if err != nil {
		found, ok, lookErr := t.c.Store.OperationByID(ctx, e.ID)
		switch {
		case lookErr != nil:
			t.c.Log.Error("committing", "kind", e.Kind, "error", errors.Join(err, lookErr))
			return op, problem(CodeDiskDoubt, errors.Join(err, lookErr))
		case !ok:
			t.c.Log.Error("committing", "kind", e.Kind, "error", err)
			return op, refused(err)
		}
		op = found
	}
	t.mu.Lock()
	if op.At.After(t.newest) {
		t.newest = op.At
	}
	if err := t.shift.apply(op); err != nil {
		t.c.Log.Error("counting the shift", "error", err)
	}
	t.server.Waiting++
	t.registrar.counts.Waiting += waiting // nobody is told that a receipt is made before it is; it is counted anew soon
	t.mu.Unlock()
	poke(t.print)
	if e.Fiscal != nil {
		t.fiscalNow().news(ctx)
	}
	t.wakeSync()
	return op, nil
}

// refused tells why nothing was committed: the register's rules, what changed meanwhile, or the disk.
func refused(err error) error {
	switch {
	case errors.Is(err, localdb.ErrDrawer):
		return problem(CodeDrawer, err)
	case errors.Is(err, localdb.ErrShift):
		return problem(CodeNoShift, err)
	case errors.Is(err, localdb.ErrRefundOpen):
		return problem(CodeBackOpen, err)
	case errors.Is(err, localdb.ErrSold):
		return problem(CodeLateSold, err)
	}
	return disk(named(err, ""))
}

// apply counts an operation that was committed.
func (s *Shift) apply(op register.Operation) error {
	switch op.Kind {
	case register.KindShiftOpened:
		*s = Shift{Open: true, Number: op.Shift, Opened: op.At, Cashier: op.Cashier}
	case register.KindShiftClosed:
		s.Open = false
	}
	return s.Totals.Apply(op)
}

// slips makes the print jobs of a commit, or none when there is no printer. A slip that cannot be made does not stop
// the sale: it is logged, and the operation can be printed from the history. A shop that prints no receipts unasked, or
// leaves them to a fiscal registrar, and a buyer who wants no paper, still have the drawer opened for cash.
func (t *Till) slips(name string) func(register.Operation) ([]localdb.PrintJob, error) {
	if t.parts().printer == nil {
		return nil
	}
	quiet, silenced := !t.View().Settings.PrintReceipts, t.silenced() && !t.registrarStands()
	return func(op register.Operation) ([]localdb.PrintJob, error) {
		doc, has, err := slip.For(t.slipShop(), op, t.c.Language)
		if err != nil {
			t.c.Log.Error("drawing a slip", "slip", name, "error", err)
			return nil, nil
		}
		if silenced || paperless(op) || quiet && op.Kind != register.KindShiftClosed {
			doc = printer.Document{OpenDrawer: doc.OpenDrawer}
			has = doc.OpenDrawer
		}
		if !has {
			return nil, nil
		}
		j, err := job(name, doc)
		return []localdb.PrintJob{j}, err
	}
}

// paperless tells whether a buyer has the receipt sent, and wants nothing on paper. What a buyer signs is paper all the same.
func paperless(op register.Operation) bool {
	if op.Kind != register.KindSale && op.Kind != register.KindPrepayment {
		return false
	}
	var wish struct {
		NoPaper bool `json:"no_paper"`
	}
	return op.Decode(&wish) == nil && wish.NoPaper
}

// job makes the print job of a slip; opening the drawer is no part of it. Where there is nothing to print, there is no job.
func job(name string, doc printer.Document) (localdb.PrintJob, error) {
	j := localdb.PrintJob{Name: name, Drawer: doc.OpenDrawer}
	if len(doc.Elements) == 0 {
		return j, nil
	}
	doc.OpenDrawer = false
	var err error
	j.Document, err = json.Marshal(doc)
	return j, err
}

// slipShop is what slips say of the shop, in the form that it chose.
func (t *Till) slipShop() slip.Shop {
	shop := t.View().Settings.SlipShop(t.parts().profile.Columns, t.c.Zone)
	shop.Registrar = shop.Registrar || t.fiscalised()
	return shop
}

// SlipShop is what slips say of the shop, in the form that it chose, on paper of so many columns.
func (s *Settings) SlipShop(columns int, zone *time.Location) slip.Shop {
	return slip.Shop{
		Name: s.Shop.Name, Address: s.Shop.Address, INN: s.Shop.INN, Till: s.Shop.Till, Footer: s.Shop.Footer, Zone: zone,
		Form: s.Slip, Columns: columns, Registrar: s.Fiscal.Driver != "",
	}
}
