package till

import (
	"context"
	"time"

	"kassa/register"
)

// Back is money on its way back to a buyer by QR, for goods of a sale or a prepayment. It is on the disk before the bank
// hears of it, and becomes a return when the bank has said that the money went back.
type Back struct {
	ID      string         // of the refund
	Kind    register.Kind  // what it becomes: KindReturn or KindPrepaymentReturn
	Basis   register.Ref   // the sale or the prepayment that it goes back to
	Payment string         // id of the QR payment that it goes back by
	Amount  register.Money // what the bank gives back
	Total   register.Money // what the return comes to, with what goes back to a prepayment
	Lines   []register.ReturnLine
	Began   time.Time
	State   BackState
	Trouble Code   // why it is as it is: what stands in the way now, or why it was refused
	Message string // the bank's own text, if it gave one
	Left    bool   // it was found open when the till was started
}

// BackState tells where a refund by QR stands.
type BackState string

// The states of a refund by QR.
const (
	// BackSending: the bank has not answered yet. With a Trouble it cannot be reached; the till goes on by itself.
	BackSending BackState = "sending"
	// BackPending: the bank has taken it and works. Some banks need minutes, some a day: the next buyer can be served.
	BackPending BackState = "pending"
	// BackUnclear: the answer was lost, and the bank cannot tell whether it was carried out. It is never sent again by
	// itself: somebody looks at the bank, and decides on the server's page or, without a server, by DecideBack.
	BackUnclear BackState = "unclear"
	// BackRefused: nothing went back, and Trouble says why: CodeBackBalance, CodeBackFailed, CodeBackRefused,
	// CodeBackTooMuch, CodeBankSettings. RetryBack sends it again, DropBack gives it up.
	BackRefused BackState = "refused"
	// BackDone: the money went back, and the return is not written yet. Trouble says why: CodeNoShift, CodeDisk.
	BackDone BackState = "done"
)

// Outside tells what a return makes of money that somebody has given back at the bank itself.
type Outside string

// The ways to treat money that went back outside of the till. With the zero one, a return that such money would cover is
// refused with CodeBackOutside, so that the cashier is asked.
const (
	OutsideCounts  Outside = "counts"  // it was for these goods: the return is written, and the bank is not asked
	OutsideIgnored Outside = "ignored" // it was for something else: the bank gives the sum back now
)

// StartReturn takes goods of a sale back whose money goes back by QR; PlanReturn tells whether it does, by the payments of
// its plan. When it has returned without an error the refund is on the disk and shows in View.Back, also after a power
// cut. The return is written, and shows in View.Last, when the bank says that the money went back.
//
// The bank is asked about the payment first, which may take some seconds. The problem is CodeBackOffline when it does not
// answer, CodeBackOutside, CodeBackTooMuch, CodeBackWhole, CodeBackOpen, or one of Return's; nothing was begun then.
func (t *Till) StartReturn(ctx context.Context, r ReturnOrder) error {
	return problem(CodeQRUnavailable, nil)
}

// StartPrepaymentReturn gives an amount of a prepayment back that was paid by QR. It is to ReturnPrepayment what
// StartReturn is to Return.
func (t *Till) StartPrepaymentReturn(ctx context.Context, r PrepaymentReturnOrder) error {
	return problem(CodeQRUnavailable, nil)
}

// PrepaymentReturnOrder says what goes back of a prepayment.
type PrepaymentReturnOrder struct {
	Prepayment string // its id
	Amount     register.Money
	Reason     string
	Outside    Outside
}

// ParkBack lets the refund on the screen go on in the background: View.Backs.
func (t *Till) ParkBack(context.Context) error { return problem(CodeNoBack, nil) }

// ResumeBack puts a refund of View.Backs on the screen; another one that is there goes to View.Backs.
func (t *Till) ResumeBack(_ context.Context, id string) error { return problem(CodeNoBack, nil) }

// RetryBack sends a refused refund again. Banks count failed refunds of a payment and take no more after some.
func (t *Till) RetryBack(ctx context.Context, id string) error { return problem(CodeNoBack, nil) }

// DropBack gives a refused refund up. Nothing was returned then, and the goods can be returned again.
func (t *Till) DropBack(ctx context.Context, id string) error { return problem(CodeNoBack, nil) }

// DecideBack ends a refund in BackUnclear at a till that has no server, by what a person has seen at the bank: went is true
// when the money went back. It needs RightSettings, and keeps who decided. With a server, its page is the place: the
// problem is CodeNotAllowed.
func (t *Till) DecideBack(ctx context.Context, id string, went bool) error {
	return problem(CodeNoBack, nil)
}
