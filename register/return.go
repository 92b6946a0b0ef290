package register

import (
	"errors"
	"fmt"
)

// SaleReturn is the body of KindReturn: goods that came back, and the money for them. Without a basis nobody knows which
// sale they came from.
type SaleReturn struct {
	Receipt    int64        `json:"receipt"`
	Sale       *Ref         `json:"sale,omitempty"` // the basis
	Lines      []ReturnLine `json:"lines"`
	Total      Money        `json:"total"`
	Payments   []Payment    `json:"payments"` // what was paid back
	Customer   *Customer    `json:"customer,omitempty"`
	Prepayment *Ref         `json:"prepayment,omitempty"` // what the Prepaid payment is given back to
	Reason     string       `json:"reason,omitempty"`
}

// ReturnLine is a line of a return: the goods, with what is paid back for them.
type ReturnLine struct {
	Of int `json:"of,omitempty"` // the line of the sale, from 1; zero without a basis
	Line
}

// Want asks for a part of a sale's line to be taken back.
type Want struct {
	Line     int // of the sale, from 0
	Quantity Quantity
}

// Errors of a return.
var (
	ErrReturned = errors.New("register: more than is left to return")
	ErrRefund   = errors.New("register: more money back than was paid this way")
)

// Left is what can still be returned of a sale after earlier returns: a line for each of the sale's, with the quantity
// and the sums that are left; the quantity is zero where nothing is.
func (s Sale) Left(earlier []SaleReturn) []Line {
	left := append([]Line(nil), s.Lines...)
	for _, r := range earlier {
		for _, l := range r.Lines {
			if l.Of < 1 || l.Of > len(left) {
				continue
			}
			of := &left[l.Of-1]
			of.Quantity -= l.Quantity
			of.Sum -= l.Sum
			of.VATSum -= l.VATSum
			*of = of.withOff()
		}
	}
	return left
}

// Refundable is what can still be paid back by each method. It never adds up to less than what is left of the goods.
func (s Sale) Refundable(earlier []SaleReturn) map[Method]Money {
	left := map[Method]Money{}
	for _, p := range s.Payments {
		left[p.Method] += p.Amount
	}
	for _, r := range earlier {
		for _, p := range r.Payments {
			left[p.Method] -= p.Amount
		}
	}
	return left
}

// NewReturn takes goods of a sale back. What is paid for a part of a line is the part's share of the line's sum, so
// computed that any number of partial returns of a line comes to what was paid for it, to the kopeck. The money goes
// back as it was paid; of a mixed payment, prefer goes first, and what was set off against a prepayment goes back to it
// last. The error is ErrReturned, ErrNotQuantity, ErrWholeUnits, ErrNoLine or ErrEmptyCart.
func NewReturn(sale Sale, ref Ref, earlier []SaleReturn, wants []Want, prefer Method, reason string) (SaleReturn, error) {
	r := SaleReturn{Sale: &ref, Customer: sale.Customer, Reason: reason}
	if err := checkText(reason, MaxComment); err != nil {
		return r, err
	}
	left := sale.Left(earlier)
	seen := map[int]bool{}
	for _, w := range wants {
		if w.Line < 0 || w.Line >= len(left) || seen[w.Line] {
			return r, fmt.Errorf("%w: %d", ErrNoLine, w.Line+1)
		}
		seen[w.Line] = true
		l, err := part(sale.Lines[w.Line], left[w.Line], w.Quantity)
		if err != nil {
			return r, err
		}
		r.Lines = append(r.Lines, ReturnLine{Of: w.Line + 1, Line: l})
		r.Total += l.Sum
	}
	if len(r.Lines) == 0 {
		return r, ErrEmptyCart
	}
	if r.Payments = refund(r.Total, sale.Refundable(earlier), prefer); by(r.Payments, Prepaid) > 0 {
		r.Prepayment = sale.Prepayment
	}
	return r, r.Check()
}

// part is q of a line of which some is left.
func part(whole, left Line, q Quantity) (Line, error) {
	switch {
	case q <= 0:
		return Line{}, fmt.Errorf("%w: %s", ErrNotQuantity, q)
	case !whole.Unit.Weighed() && !q.Whole():
		return Line{}, fmt.Errorf("%w: %s", ErrWholeUnits, q)
	case q > left.Quantity:
		return Line{}, fmt.Errorf("%w: %s of %s", ErrReturned, q, left.Quantity)
	}
	// What stays after this return is rounded from the whole line: so no chain of returns can drift.
	stays := left.Quantity - q
	l := whole
	l.Quantity = q
	l.Sum = left.Sum - Money(share(int64(whole.Sum), int64(stays), int64(whole.Quantity)))
	l.VATSum = left.VATSum - Money(share(int64(whole.VATSum), int64(stays), int64(whole.Quantity)))
	return l.withOff(), nil
}

// withOff says what was taken off a part of a line. Where rounding made the part a kopeck dearer than its price times
// its quantity, nothing was.
func (l Line) withOff() Line {
	net := l.Sum
	if l.OnTop {
		net -= l.VATSum
	}
	l.Off = max(l.Gross()-net, 0)
	return l
}

// refund divides a sum over the methods by which it may be paid back: what is preferred of cash and card first, what
// goes back to a prepayment last.
func refund(sum Money, left map[Method]Money, prefer Method) []Payment {
	order := []Method{Card, Cash, QR, Prepaid}
	if prefer == Cash {
		order = []Method{Cash, Card, QR, Prepaid}
	}
	var all []Payment
	for _, m := range order {
		if part := min(sum, left[m]); part > 0 {
			all = append(all, pay(m, part))
			sum -= part
		}
	}
	return all
}

// NewFreeReturn takes goods back that no sale is known for: a cart is rung up with them, and the money goes out by one
// method, cash or card.
func NewFreeReturn(cart *Cart, method Method, reason string) (SaleReturn, error) {
	if cart.Len() == 0 {
		return SaleReturn{}, ErrEmptyCart
	}
	if method != Cash && method != Card {
		return SaleReturn{}, fmt.Errorf("%w: %s back with no sale", ErrPayment, method)
	}
	r := SaleReturn{Total: cart.Total(), Payments: []Payment{pay(method, cart.Total())}, Customer: cart.Customer(), Reason: reason}
	for _, l := range cart.Lines() {
		r.Lines = append(r.Lines, ReturnLine{Line: l})
	}
	return r, r.Check()
}

// Check tells what is wrong with a return by itself, or nil. Whether it keeps within its sale is for CheckAgainst.
func (r SaleReturn) Check() error {
	lines := make([]Line, len(r.Lines))
	for i, l := range r.Lines {
		lines[i] = l.Line
		if (l.Of > 0) != (r.Sale != nil) {
			return fmt.Errorf("%w: line %d", ErrReturned, l.Of)
		}
	}
	if err := checkLines(lines, r.Total); err != nil {
		return err
	}
	if (by(r.Payments, Prepaid) > 0) != (r.Prepayment != nil) {
		return fmt.Errorf("%w: given back to no prepayment", ErrPayment)
	}
	return checkPayments(r.Payments, r.Total)
}

// CheckAgainst tells whether a return keeps within its sale, after earlier returns of it: never more goods than were
// sold, never more money than was paid, by no other method than it was paid.
func (r SaleReturn) CheckAgainst(sale Sale, earlier []SaleReturn) error {
	if err := r.Check(); err != nil {
		return err
	}
	left := sale.Left(earlier)
	for _, l := range r.Lines {
		if l.Of < 1 || l.Of > len(left) || l.Product != left[l.Of-1].Product {
			return fmt.Errorf("%w: line %d", ErrNoLine, l.Of)
		}
		want, err := part(sale.Lines[l.Of-1], left[l.Of-1], l.Quantity)
		if err != nil {
			return err
		}
		if want != l.Line {
			return fmt.Errorf("%w: line %d", errLine, l.Of)
		}
		left[l.Of-1].Quantity = 0 // a line may stand in a return once
	}
	may := sale.Refundable(earlier)
	for _, p := range r.Payments {
		if p.Amount > may[p.Method] {
			return fmt.Errorf("%w: %s by %s", ErrRefund, p.Amount, p.Method)
		}
	}
	return nil
}
