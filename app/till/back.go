package till

import (
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
	// DecideHere: were it BackUnclear, DecideBack is the place. What was begun through a server is decided on its page.
	DecideHere bool
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
	// itself: somebody looks at the bank, and decides by DecideBack or on the server's page (Back.DecideHere).
	BackUnclear BackState = "unclear"
	// BackRefused: nothing went back, and Trouble says why: CodeBackBalance, CodeBackFailed, CodeBackRefused,
	// CodeBackTooMuch, CodeBackSettings. RetryBack sends it again, DropBack gives it up.
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

// PrepaymentReturnOrder says what goes back of a prepayment.
type PrepaymentReturnOrder struct {
	Prepayment string // its id
	Amount     register.Money
	Reason     string
	Outside    Outside
}
