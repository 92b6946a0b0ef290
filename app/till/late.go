package till

import (
	"time"

	"kassa/banks"
	"kassa/register"
)

// Late is money that reached the bank after the cashier had put its code away: cancelled, expired, rejected, given up.
// It stays until it became a sale or went back.
type Late struct {
	ID       string        // of the QR payment
	Kind     register.Kind // what it was for: KindSale or KindPrepayment
	Amount   register.Money
	Left     register.Money // what the bank has of it still; less than Amount when somebody gave a part back
	Began    time.Time      // when its code was made
	At       time.Time      // when the till heard of the money
	Lines    []register.Line
	Customer *register.Customer
	// SameSold: the receipt was sold otherwise, by another code or in cash. The money can only be given back.
	SameSold bool
	State    banks.State // StatePaid, StatePartlyRefunded, or StateRefundPending while it goes back
	Trouble  Code        // why it did not go back, or what stands in the way now
	Message  string      // the bank's own text, if it gave one
	// DecideHere: with CodeBackUnclear, DecideBack is the place. What was begun through a server is decided on its page.
	DecideHere bool
}

// CanFinish tells whether FinishLate is to be offered.
func (l Late) CanFinish() bool { return l.State == banks.StatePaid && !l.SameSold }

// CanRefund tells whether RefundLate is to be offered.
func (l Late) CanRefund() bool { return l.State.Paid() }
