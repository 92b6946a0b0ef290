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
	QRID   string `json:"qr_id,omitempty"`  // our id of the QR payment; in a return, of the one that is paid back
	BankID string `json:"bank_id,omitempty"`
	Bank   string `json:"bank,omitempty"`
}

// maxSlip is how much of a card terminal's slip is kept, in runes.
const maxSlip = 64

// Errors of a payment.
var (
	ErrTooLittle = errors.New("register: paid less than the total")
	ErrPayment   = errors.New("register: payment not allowed")
)

// PayCash computes the payment of a sum above zero by the cash that the buyer gave. The error is ErrTooLittle,
// ErrTooMuch or ErrPayment.
func PayCash(sum, given Money) (Payment, error) {
	switch {
	case sum <= 0:
		return Payment{}, fmt.Errorf("%w: %s in cash", ErrPayment, sum)
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
		return fmt.Errorf("%w: %s of %s", ErrPayment, clip(string(p.Method)), p.Amount)
	}
	switch p.Method {
	case Cash:
		if p.Given < p.Amount || p.Given > MaxMoney || p.Change != p.Given-p.Amount {
			return fmt.Errorf("%w: %s given, %s back, for %s", ErrPayment, p.Given, p.Change, p.Amount)
		}
	case Card, Prepaid:
	case QR:
		if p.QRID == "" {
			return fmt.Errorf("%w: QR with no payment behind it", ErrPayment)
		}
	default:
		return fmt.Errorf("%w: method %q", ErrPayment, clip(string(p.Method)))
	}
	if p.Method != Cash && (p.Given != 0 || p.Change != 0) {
		return fmt.Errorf("%w: change from %s", ErrPayment, p.Method)
	}
	// What a bank calls its payment is no reason to refuse a sale that was paid.
	return checkTexts(text{p.Slip, maxSlip}, text{p.QRID, maxID})
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

// refundable is what can still be paid back by each method: what was paid, less what went back.
func refundable(paid []Payment, back ...[]Payment) map[Method]Money {
	left := map[Method]Money{}
	for _, p := range paid {
		left[p.Method] += p.Amount
	}
	for _, payments := range back {
		for _, p := range payments {
			left[p.Method] -= p.Amount
		}
	}
	return left
}

// refund divides a sum over the methods by which it may be paid back: what is preferred of cash and card first, what
// goes back to a prepayment last. A QR payment is paid back by the bank that took it, and is named for it.
func refund(sum Money, paid []Payment, left map[Method]Money, prefer Method) []Payment {
	order := []Method{Card, Cash, QR, Prepaid}
	if prefer == Cash {
		order = []Method{Cash, Card, QR, Prepaid}
	}
	var all []Payment
	for _, m := range order {
		part := min(sum, left[m])
		if part <= 0 {
			continue
		}
		p := pay(m, part)
		if m == QR {
			was := qrOf(paid)
			p.QRID, p.BankID, p.Bank = was.QRID, was.BankID, was.Bank
		}
		all = append(all, p)
		sum -= part
	}
	return all
}

// checkRefund tells whether money goes back as it was paid: by the same methods, never more than is left, by the same
// QR payment.
func checkRefund(back, paid []Payment, left map[Method]Money) error {
	for _, p := range back {
		if p.Amount > left[p.Method] {
			return fmt.Errorf("%w: %s by %s", ErrRefund, p.Amount, clip(string(p.Method)))
		}
		if p.Method == QR && p.QRID != qrOf(paid).QRID {
			return fmt.Errorf("%w: by another QR payment", ErrRefund)
		}
	}
	return nil
}

// qrOf is the QR payment among others.
func qrOf(payments []Payment) Payment {
	for _, p := range payments {
		if p.Method == QR {
			return p
		}
	}
	return Payment{}
}

// pay is a payment by a method that needs no particulars: what a shop pays back.
func pay(m Method, sum Money) Payment {
	p := Payment{Method: m, Amount: sum}
	if m == Cash {
		p.Given = sum
	}
	return p
}
