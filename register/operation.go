package register

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Kind names what happened. Kinds are stored and sent as text, so that a new one needs no change of any table.
type Kind string

// The kinds of operation that this version writes.
const (
	KindShiftOpened Kind = "shift_opened"
	KindSale        Kind = "sale"
	KindShiftClosed Kind = "shift_closed"
)

// Method is how a buyer pays.
type Method string

// The payment methods. QR stands alone; cash and card may be mixed.
const (
	Cash Method = "cash"
	Card Method = "card"
	QR   Method = "qr"
)

// Payment is one way in which a sale was paid.
type Payment struct {
	Method Method `json:"method"`
	Amount Money  `json:"amount"`           // what it paid of the total
	Given  Money  `json:"given,omitempty"`  // cash handed over
	Change Money  `json:"change,omitempty"` // cash handed back
	QRID   string `json:"qr_id,omitempty"`  // our id of the QR payment
	BankID string `json:"bank_id,omitempty"`
	Bank   string `json:"bank,omitempty"`
}

// ShiftOpened is the body of KindShiftOpened.
type ShiftOpened struct {
	Float Money `json:"float"` // cash that the drawer holds at the start
}

// Sale is the body of KindSale.
type Sale struct {
	Receipt  int64     `json:"receipt"` // number of the receipt within its shift, from 1
	Lines    []Line    `json:"lines"`
	Total    Money     `json:"total"`
	Payments []Payment `json:"payments"`
}

// ShiftClosed is the body of KindShiftClosed. Totals are what the till believed; anybody can compute them again from
// the operations of the shift.
type ShiftClosed struct {
	Totals Totals `json:"totals"`
}

// Operation is one immutable fact in a till's history, before and after it is stored. Body is the kind's particulars
// as JSON: one of the types above.
type Operation struct {
	Journal string          `json:"journal"`
	Number  int64           `json:"number"`
	ID      string          `json:"id"`
	Kind    Kind            `json:"kind"`
	Version int             `json:"version"` // of the body's form
	At      time.Time       `json:"at"`      // UTC, milliseconds; the till's clock, never trusted for order
	Shift   int64           `json:"shift"`
	Cashier string          `json:"cashier"` // name, as it stood on the day
	Body    json.RawMessage `json:"body"`
}

// BodyVersion is the version of the bodies that this package writes.
const BodyVersion = 1

// ErrBadOperation tells that an operation's bytes cannot be understood; the wrapping error says why.
var ErrBadOperation = errors.New("register: operation cannot be understood")

// Decode reads the body into v, which must be a pointer to the body's type.
func (o Operation) Decode(v any) error {
	if err := json.Unmarshal(o.Body, v); err != nil {
		return fmt.Errorf("%w: body of %s %d: %w", ErrBadOperation, o.Kind, o.Number, err)
	}
	return nil
}

// Sale reads the body of a sale.
func (o Operation) Sale() (Sale, error) {
	var s Sale
	if o.Kind != KindSale {
		return s, fmt.Errorf("%w: %s is not a sale", ErrBadOperation, o.Kind)
	}
	return s, o.Decode(&s)
}

// NewSale settles a cart: it checks that the payments are allowed together and pay exactly the total.
func NewSale(cart *Cart, payments []Payment) (Sale, error) {
	if cart.Len() == 0 {
		return Sale{}, ErrEmptyCart
	}
	s := Sale{Lines: cart.Lines(), Total: cart.Total(), Payments: payments}
	return s, s.CheckPayments()
}

// Errors of a payment.
var (
	ErrTooLittle = errors.New("register: paid less than the total")
	ErrPayment   = errors.New("register: payment not allowed")
)

// CheckPayments tells whether the payments may stand together and pay the total exactly.
func (s Sale) CheckPayments() error {
	var paid Money
	for _, p := range s.Payments {
		if p.Amount <= 0 || p.Amount > MaxMoney {
			return fmt.Errorf("%w: %s of %s", ErrPayment, p.Method, p.Amount)
		}
		switch p.Method {
		case Cash:
			if p.Given-p.Change != p.Amount || p.Change < 0 {
				return fmt.Errorf("%w: %s given, %s back, for %s", ErrPayment, p.Given, p.Change, p.Amount)
			}
		case Card:
		case QR:
			if len(s.Payments) != 1 {
				return fmt.Errorf("%w: QR is not mixed with other methods", ErrPayment)
			}
			if p.QRID == "" {
				return fmt.Errorf("%w: QR with no payment behind it", ErrPayment)
			}
		default:
			return fmt.Errorf("%w: method %q", ErrPayment, clip(string(p.Method)))
		}
		paid += p.Amount
	}
	switch {
	case paid < s.Total:
		return fmt.Errorf("%w: %s of %s", ErrTooLittle, paid, s.Total)
	case paid > s.Total:
		return fmt.Errorf("%w: %s paid for %s", ErrPayment, paid, s.Total)
	}
	return nil
}

// PayCash computes the payment of a total by the cash that the buyer gave. The error is ErrTooLittle or ErrTooMuch.
func PayCash(total, given Money) (Payment, error) {
	switch {
	case given < total:
		return Payment{}, fmt.Errorf("%w: %s of %s", ErrTooLittle, given, total)
	case given > MaxMoney:
		return Payment{}, ErrTooMuch
	}
	return Payment{Method: Cash, Amount: total, Given: given, Change: given - total}, nil
}
