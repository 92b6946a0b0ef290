package register

import (
	"errors"
	"fmt"
)

// Method is how a buyer pays, or gets money back.
type Method string

// The payment methods. QR stands alone; cash and card may be mixed; what a prepayment has paid may stand with any.
const (
	Cash    Method = "cash"
	Card    Method = "card"
	QR      Method = "qr"
	Prepaid Method = "prepaid" // set off against a prepayment; in a return, given back to it
)

// Payment is one way in which an operation was paid, or paid back.
type Payment struct {
	Method Method `json:"method"`
	Amount Money  `json:"amount"`           // what it pays of the total
	Given  Money  `json:"given,omitempty"`  // cash handed over
	Change Money  `json:"change,omitempty"` // cash handed back
	Slip   string `json:"slip,omitempty"`   // what the card terminal's slip says: its number, the authorisation code
	QRID   string `json:"qr_id,omitempty"`  // our id of the QR payment
	BankID string `json:"bank_id,omitempty"`
	Bank   string `json:"bank,omitempty"`
}

// Errors of a payment.
var (
	ErrTooLittle = errors.New("register: paid less than the total")
	ErrPayment   = errors.New("register: payment not allowed")
)

// maxSlip is how much of a card terminal's slip is kept, in runes.
const maxSlip = 64

// PayCash computes the payment of a sum by the cash that the buyer gave. The error is ErrTooLittle or ErrTooMuch.
func PayCash(sum, given Money) (Payment, error) {
	switch {
	case given < sum:
		return Payment{}, fmt.Errorf("%w: %s of %s", ErrTooLittle, given, sum)
	case given > MaxMoney:
		return Payment{}, ErrTooMuch
	}
	return Payment{Method: Cash, Amount: sum, Given: given, Change: given - sum}, nil
}

// PayMixed pays card of a sum by card, and the rest by the cash that the buyer gave. With all of it on the card there
// is no cash payment. The error is ErrTooLittle, ErrTooMuch or ErrPayment.
func PayMixed(sum, card Money, slip string, given Money) ([]Payment, error) {
	if card < 0 || card > sum {
		return nil, fmt.Errorf("%w: %s by card for %s", ErrPayment, card, sum)
	}
	var all []Payment
	if card > 0 {
		all = append(all, Payment{Method: Card, Amount: card, Slip: slip})
	}
	if rest := sum - card; rest > 0 {
		cash, err := PayCash(rest, given)
		if err != nil {
			return nil, err
		}
		all = append(all, cash)
	}
	return all, nil
}

// checkPayments tells whether payments may stand together and come to the sum exactly.
func checkPayments(payments []Payment, sum Money) error {
	var paid Money
	seen := map[Method]bool{}
	for _, p := range payments {
		if err := p.check(); err != nil {
			return err
		}
		if seen[p.Method] {
			return fmt.Errorf("%w: %s twice", ErrPayment, p.Method)
		}
		seen[p.Method] = true
		paid += p.Amount
	}
	switch {
	case seen[QR] && (seen[Cash] || seen[Card]):
		return fmt.Errorf("%w: QR is not mixed with cash or card", ErrPayment)
	case paid < sum:
		return fmt.Errorf("%w: %s of %s", ErrTooLittle, paid, sum)
	case paid > sum:
		return fmt.Errorf("%w: %s paid for %s", ErrPayment, paid, sum)
	}
	return nil
}

func (p Payment) check() error {
	if p.Amount <= 0 || p.Amount > MaxMoney {
		return fmt.Errorf("%w: %s of %s", ErrPayment, p.Method, p.Amount)
	}
	switch p.Method {
	case Cash:
		if p.Given-p.Change != p.Amount || p.Change < 0 {
			return fmt.Errorf("%w: %s given, %s back, for %s", ErrPayment, p.Given, p.Change, p.Amount)
		}
	case Card:
		return checkText(p.Slip, maxSlip)
	case QR:
		if p.QRID == "" {
			return fmt.Errorf("%w: QR with no payment behind it", ErrPayment)
		}
	case Prepaid:
	default:
		return fmt.Errorf("%w: method %q", ErrPayment, clip(string(p.Method)))
	}
	return nil
}

// by is what was paid by one method.
func by(payments []Payment, m Method) Money {
	var sum Money
	for _, p := range payments {
		if p.Method == m {
			sum += p.Amount
		}
	}
	return sum
}

// pay is a payment by a method that needs no particulars: what a shop pays back.
func pay(m Method, sum Money) Payment {
	p := Payment{Method: m, Amount: sum}
	if m == Cash {
		p.Given = sum
	}
	return p
}
