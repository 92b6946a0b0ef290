package till

import (
	"context"

	"kassa/localdb"
	"kassa/printer"
	"kassa/register"
)

// CashIn puts cash into the drawer that no buyer paid: change for the day.
func (t *Till) CashIn(ctx context.Context, sum register.Money, reason string) (Sold, error) {
	return t.moveCash(ctx, register.KindCashIn, RightCashIn, sum, reason)
}

// CashOut takes cash out of the drawer: to the bank, for a purchase. The problem is CodeDrawer when there is not so much.
func (t *Till) CashOut(ctx context.Context, sum register.Money, reason string) (Sold, error) {
	return t.moveCash(ctx, register.KindCashOut, RightCashOut, sum, reason)
}

func (t *Till) moveCash(ctx context.Context, kind register.Kind, right Right, sum register.Money, reason string) (Sold, error) {
	move := register.CashMove{Sum: sum, Reason: reason}
	if err := move.Check(); err != nil {
		return Sold{}, named(err, "")
	}
	if t.View().Shift.Totals.CashEnd < sum && kind == register.KindCashOut {
		return Sold{}, problem(CodeDrawer, nil, "sum", t.View().Shift.Totals.CashEnd)
	}
	l, err := t.may(right)
	if err != nil {
		return Sold{}, err
	}
	op, err := t.record(ctx, localdb.Entry{Kind: kind, Approved: l.name(), Body: move, Slips: t.slips("cash")})
	if err != nil {
		return Sold{}, t.unused(l, err)
	}
	return soldBy(op)
}

// OpenDrawer opens the drawer without a sale, and keeps that somebody did.
func (t *Till) OpenDrawer(ctx context.Context, reason string) error {
	if t.parts().printer == nil {
		return problem(CodeNoPrinter, nil)
	}
	if !plain(reason, register.MaxComment) {
		return problem(CodeBadText, nil)
	}
	l, err := t.may(RightDrawer)
	if err != nil {
		return err
	}
	_, err = t.record(ctx, localdb.Entry{Kind: register.KindDrawerOpened, Approved: l.name(), Body: register.DrawerOpened{Reason: reason},
		Slips: func(register.Operation) ([]localdb.PrintJob, error) {
			j, err := job("drawer", printer.Document{OpenDrawer: true})
			return []localdb.PrintJob{j}, err
		}})
	return t.unused(l, err)
}
