package register

import (
	"errors"
	"fmt"
	"slices"
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
	Contact    string       `json:"contact,omitempty"`  // where the receipt is sent: e-mail, or phone as +7…
	NoPaper    bool         `json:"no_paper,omitempty"` // and the buyer wants no paper
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
	left := slices.Clone(s.Lines)
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

// Refundable is what can still be paid back by each method. It adds up to what is left of the goods.
func (s Sale) Refundable(earlier []SaleReturn) map[Method]Money {
	back := make([][]Payment, len(earlier))
	for i, r := range earlier {
		back[i] = r.Payments
	}
	return refundable(s.Payments, back...)
}

// NewReturn takes goods of a sale back. What is paid for a part of a line is the part's share of the line's sum, so
// computed that any number of partial returns of a line comes to what was paid for it, and to the tax that was in it, to
// the kopeck. The money goes back as it was paid; of cash and card, prefer goes first, and what was set off against a
// prepayment goes back to it last. What was paid by QR goes back by the same QR payment, which the return's payment
// names. Goods that nothing was paid for come back with no payment. The error is ErrReturned, ErrNotQuantity,
// ErrWholeUnits, ErrNoLine, ErrEmptyCart or ErrText.
func NewReturn(sale Sale, ref Ref, earlier []SaleReturn, wants []Want, prefer Method, reason string) (SaleReturn, error) {
	r := SaleReturn{Sale: &ref, Customer: sale.Customer, Reason: reason}
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
	if r.Payments = refund(r.Total, sale.Payments, sale.Refundable(earlier), prefer); by(r.Payments, Prepaid) > 0 {
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
	// What stays after this return is computed from the whole line: so no chain of returns can drift.
	stays := left.Quantity - q
	sum, vat := whole.tax(Money(share(int64(whole.net()), int64(stays), int64(whole.Quantity))))
	l := whole
	l.Quantity, l.Sum, l.VATSum = q, left.Sum-sum, left.VATSum-vat
	return l.withOff(), nil
}

// withOff says what was taken off a part of a line. Where rounding made the part a kopeck dearer than its price times
// its quantity, nothing was.
func (l Line) withOff() Line {
	l.Off = max(l.Gross()-l.net(), 0)
	return l
}

// NewFreeReturn takes goods back that no sale is known for: a cart is rung up with them, and the money goes out by one
// method, cash or card. The error is ErrEmptyCart, ErrLocked for a prepaid order, ErrPayment or ErrText.
func NewFreeReturn(cart *Cart, method Method, reason string) (SaleReturn, error) {
	switch {
	case cart.Len() == 0 || cart.Total() <= 0:
		return SaleReturn{}, ErrEmptyCart
	case cart.Order() != nil:
		return SaleReturn{}, ErrLocked
	case method != Cash && method != Card:
		return SaleReturn{}, fmt.Errorf("%w: %s back with no sale", ErrPayment, clip(string(method)))
	}
	r := SaleReturn{Total: cart.Total(), Payments: []Payment{pay(method, cart.Total())}, Customer: cart.Customer(), Reason: reason}
	r.Contact, r.NoPaper = cart.Contact()
	for _, l := range cart.Lines() {
		r.Lines = append(r.Lines, ReturnLine{Line: l})
	}
	return r, r.Check()
}

// Check tells what is wrong with a return by itself, or nil. Whether it keeps within its sale is for CheckAgainst.
func (r SaleReturn) Check() error {
	if err := r.checkLines(); err != nil {
		return err
	}
	if err := checkBuyer(r.Customer, r.Reason); err != nil {
		return err
	}
	if err := checkContact(r.Contact, r.NoPaper); err != nil {
		return err
	}
	if (by(r.Payments, Prepaid) > 0) != (r.Prepayment != nil) {
		return fmt.Errorf("%w: given back to no prepayment", ErrPayment)
	}
	return checkPayments(r.Payments, r.Total)
}

func (r SaleReturn) checkLines() error {
	lines := make([]Line, len(r.Lines))
	for i, l := range r.Lines {
		lines[i] = l.Line
		if (l.Of > 0) != (r.Sale != nil) || l.Of < 0 {
			return fmt.Errorf("%w: line %d", ErrReturned, l.Of)
		}
	}
	switch {
	case r.Sale == nil:
		return checkLines(lines, r.Total)
	case len(lines) == 0:
		return ErrEmptyCart
	case len(lines) > MaxLines:
		return ErrTooMuch
	}
	for i, l := range lines {
		if err := l.checkPart(); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return checkTotal(total(lines), r.Total)
}

// checkPart tells whether a part of a line can be true. Its sums are not its own price times its own quantity, but what
// is left of the whole line's.
func (l Line) checkPart() error {
	if err := l.checkGoods(); err != nil {
		return err
	}
	if err := l.checkQuantity(l.Quantity); err != nil {
		return err
	}
	if l.Sum < 0 || l.Sum > MaxMoney || l.VATSum < 0 || l.VATSum > l.Sum || l.withOff() != l {
		return errLine
	}
	return nil
}

// CheckAgainst tells whether a return keeps within its sale, after earlier returns of it: never more goods than were
// sold, never more money than was paid, by no other method than it was paid. The error is ErrNoLine, ErrReturned,
// ErrRefund, ErrBadOperation, or one of Check's.
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
			return fmt.Errorf("line %d: %w", l.Of, errLine)
		}
		left[l.Of-1].Quantity = 0 // a line may stand in a return once
	}
	if by(r.Payments, Prepaid) > 0 && (sale.Prepayment == nil || r.Prepayment.ID != sale.Prepayment.ID) {
		return fmt.Errorf("%w: to another prepayment", ErrRefund)
	}
	return checkRefund(r.Payments, sale.Payments, sale.Refundable(earlier))
}
