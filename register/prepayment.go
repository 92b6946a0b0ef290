package register

import (
	"errors"
	"fmt"
	"slices"
)

// Prepayment is the body of KindPrepayment: money for goods that are handed over later.
type Prepayment struct {
	Receipt  int64         `json:"receipt"`
	Lines    []Line        `json:"lines"`  // what was ordered
	Total    Money         `json:"total"`  // what the order comes to
	Amount   Money         `json:"amount"` // what is paid now
	Shares   []PrepaidPart `json:"shares"` // of Amount, a part for each line
	Payments []Payment     `json:"payments"`
	Customer *Customer     `json:"customer,omitempty"`
	Comment  string        `json:"comment,omitempty"`
	Contact  string        `json:"contact,omitempty"`  // where the receipt is sent: e-mail, or phone as +7…
	NoPaper  bool          `json:"no_paper,omitempty"` // and the buyer wants no paper
}

// PrepaidPart is what a prepayment pays of one line.
type PrepaidPart struct {
	Sum    Money `json:"sum"`
	VAT    VAT   `json:"vat"` // the calculated rate
	VATSum Money `json:"vat_sum"`
}

// PrepaymentReturn is the body of KindPrepaymentReturn: prepaid money that went back, in whole or in part.
type PrepaymentReturn struct {
	Receipt    int64     `json:"receipt"`
	Prepayment Ref       `json:"prepayment"`
	Amount     Money     `json:"amount"`
	Payments   []Payment `json:"payments"`
	Customer   *Customer `json:"customer,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	Contact    string    `json:"contact,omitempty"`  // where the receipt is sent: e-mail, or phone as +7…
	NoPaper    bool      `json:"no_paper,omitempty"` // and the buyer wants no paper
}

// ErrPrepaid tells that more is asked of a prepayment than is left of it, or that it is done with.
var ErrPrepaid = errors.New("register: more than is left of the prepayment")

// NewPrepayment takes an amount, at most the total, for the goods of a cart. The amount is spread over the lines in
// proportion to their sums, and taxed at the calculated rates. The error is ErrEmptyCart, ErrLocked for an order that is
// prepaid already, ErrTooLittle, ErrPayment or ErrText.
func NewPrepayment(cart *Cart, amount Money, payments []Payment) (Prepayment, error) {
	p := Prepayment{Lines: cart.Lines(), Total: cart.Total(), Amount: amount, Payments: slices.Clone(payments), Customer: cart.Customer(), Comment: cart.Comment()}
	p.Contact, p.NoPaper = cart.Contact()
	switch {
	case cart.Len() == 0 || p.Total <= 0:
		return p, ErrEmptyCart
	case cart.Order() != nil:
		return p, ErrLocked
	case amount <= 0 || amount > p.Total:
		return p, fmt.Errorf("%w: %s prepaid for %s", ErrPayment, amount, p.Total)
	}
	p.Shares = prepaidParts(p.Lines, amount)
	return p, p.Check()
}

func prepaidParts(lines []Line, amount Money) []PrepaidPart {
	weights := make([]Money, len(lines))
	for i, l := range lines {
		weights[i] = l.Sum
	}
	parts := make([]PrepaidPart, len(lines))
	for i, sum := range Spread(amount, weights) {
		rate := lines[i].VAT.Calculated()
		parts[i] = PrepaidPart{Sum: sum, VAT: rate, VATSum: rate.Included(sum)}
	}
	return parts
}

// Check tells what is wrong with a prepayment, or nil.
func (p Prepayment) Check() error {
	if err := checkLines(p.Lines, p.Total); err != nil {
		return err
	}
	if err := checkBuyer(p.Customer, p.Comment); err != nil {
		return err
	}
	if err := checkContact(p.Contact, p.NoPaper); err != nil {
		return err
	}
	if p.Amount <= 0 || p.Amount > p.Total || len(p.Shares) != len(p.Lines) || by(p.Payments, Prepaid) != 0 {
		return fmt.Errorf("%w: %s prepaid for %s", ErrPayment, p.Amount, p.Total)
	}
	for i, want := range prepaidParts(p.Lines, p.Amount) {
		if p.Shares[i] != want {
			return fmt.Errorf("%w: share %d", errLine, i+1)
		}
	}
	return checkPayments(p.Payments, p.Amount)
}

// PrepaymentState is what became of a prepayment's money.
type PrepaymentState struct {
	Paid     Money
	Returned Money // went back to the buyer
	Used     Money // set off when the goods were handed over
	Restored Money // came back to the prepayment when handed-over goods were returned
}

// Left is what the buyer still has with the shop.
func (s PrepaymentState) Left() Money { return s.Paid - s.Returned - s.Used + s.Restored }

// Open tells whether the goods can still be handed over.
func (s PrepaymentState) Open() bool { return s.Used == 0 && s.Left() > 0 }

// Refundable is what can still be paid back by each method.
func (p Prepayment) Refundable(earlier []PrepaymentReturn) map[Method]Money {
	back := make([][]Payment, len(earlier))
	for i, r := range earlier {
		back[i] = r.Payments
	}
	return refundable(p.Payments, back...)
}

// NewPrepaymentReturn gives an amount of a prepayment back, as it was paid; of a mixed payment, prefer goes first. left
// is what the buyer still has with the shop. The error is ErrPrepaid or ErrText.
func NewPrepaymentReturn(p Prepayment, ref Ref, left Money, earlier []PrepaymentReturn, amount Money, prefer Method, reason string) (PrepaymentReturn, error) {
	r := PrepaymentReturn{Prepayment: ref, Amount: amount, Customer: p.Customer, Reason: reason}
	if amount <= 0 || amount > left {
		return r, fmt.Errorf("%w: %s of %s", ErrPrepaid, amount, left)
	}
	r.Payments = refund(amount, p.Payments, p.Refundable(earlier), prefer)
	return r, r.CheckAgainst(p, left, earlier)
}

// CheckAgainst tells whether the return keeps within its prepayment, of which left is left, after earlier returns. The
// error is ErrPrepaid, ErrRefund, ErrTooLittle, ErrPayment, ErrBadCustomer, ErrContact or ErrText.
func (r PrepaymentReturn) CheckAgainst(p Prepayment, left Money, earlier []PrepaymentReturn) error {
	if r.Amount <= 0 || r.Amount > left {
		return fmt.Errorf("%w: %s of %s", ErrPrepaid, r.Amount, left)
	}
	if err := checkRefund(r.Payments, p.Payments, p.Refundable(earlier)); err != nil {
		return err
	}
	if err := checkBuyer(r.Customer, r.Reason); err != nil {
		return err
	}
	if err := checkContact(r.Contact, r.NoPaper); err != nil {
		return err
	}
	return checkPayments(r.Payments, r.Amount)
}
