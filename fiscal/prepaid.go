package fiscal

import (
	"errors"
	"fmt"

	"kassa/register"
)

var errPrepaid = errors.New("more than is left of the prepayment")

func (d *Document) prepayment(op register.Operation) error {
	b, err := op.Prepayment()
	if err == nil {
		err = b.Check()
	}
	if err != nil {
		return err
	}
	d.Kind, d.Total, d.Contact, d.NoPaper = Sale, b.Amount, b.Contact, b.NoPaper
	shares := make([]register.Money, len(b.Shares))
	for i, s := range b.Shares {
		shares[i] = s.Sum
	}
	if err := d.prepaid(b, shares); err != nil {
		return err
	}
	return d.pay(b.Payments)
}

// prepaymentReturn gives a part of a prepayment back. What it is for each line follows from what the buyer still had on
// each.
func (d *Document) prepaymentReturn(op register.Operation, c Chain) error {
	b, err := op.PrepaymentReturn()
	if err != nil {
		return err
	}
	if c.Prepayment == nil {
		return errors.New("its prepayment is not known")
	}
	had, err := prepaidBefore(*c.Prepayment, c.Before)
	if err != nil {
		return err
	}
	shares, err := had.giveBack(b.Amount)
	if err != nil {
		return err
	}
	d.Kind, d.Total, d.Contact, d.NoPaper = Return, b.Amount, b.Contact, b.NoPaper
	if err := d.prepaid(*c.Prepayment, shares); err != nil {
		return err
	}
	return d.pay(b.Payments)
}

// prepaid takes over the lines of a prepayment, each at its share of the money.
func (d *Document) prepaid(p register.Prepayment, shares []register.Money) error {
	method := PartPrepayment
	if p.Amount == p.Total {
		method = FullPrepayment
	}
	for i, l := range p.Lines {
		parts, err := split(0, l.Quantity, shares[i])
		if err != nil {
			return fmt.Errorf("%q: %w", l.Name, err)
		}
		d.add(l, 0, l.VAT.Calculated(), method, parts)
	}
	return nil
}

// prepaid is where a prepayment's money is, line by line: with the shop for the buyer, or set off against goods that
// were handed over.
type prepaid struct {
	left, used []register.Money
}

// prepaidBefore follows a prepayment's money through the operations that moved it.
func prepaidBefore(p register.Prepayment, before []register.Operation) (prepaid, error) {
	m := prepaid{left: make([]register.Money, len(p.Lines)), used: make([]register.Money, len(p.Lines))}
	if len(p.Shares) != len(p.Lines) {
		return m, errors.New("its prepayment has not a share for each line")
	}
	for i, s := range p.Shares {
		m.left[i] = s.Sum
	}
	for _, op := range before {
		if op.Kind == register.KindPrepayment {
			continue // itself
		}
		if err := m.follow(op); err != nil {
			return m, fmt.Errorf("after %s %d: %w", op.Kind, op.Number, err)
		}
	}
	return m, nil
}

func (m prepaid) follow(op register.Operation) error {
	switch op.Kind {
	case register.KindPrepaymentReturn:
		b, err := op.PrepaymentReturn()
		if err == nil {
			_, err = m.giveBack(b.Amount)
		}
		return err
	case register.KindSale:
		b, err := op.Sale()
		if err != nil {
			return err
		}
		return m.setOff(prepaidOf(b.Payments))
	case register.KindReturn:
		b, err := op.Return()
		if err != nil {
			return err
		}
		return m.restore(b)
	}
	return errors.New("it moves no prepaid money")
}

// giveBack takes an amount of what the buyer has, from each line in proportion to what is left on it; so any chain of
// returns that is complete comes to exactly each line's share.
func (m prepaid) giveBack(amount register.Money) ([]register.Money, error) {
	return move(amount, m.left, m.left, nil)
}

func (m prepaid) setOff(amount register.Money) error {
	_, err := move(amount, m.left, m.left, m.used)
	return err
}

// restore puts back what the return of handed-over goods gave to the prepayment: on the lines that came back first, as
// far as they were prepaid, so that a later return of the money is taxed as the goods that it was for.
func (m prepaid) restore(r register.SaleReturn) error {
	amount := prepaidOf(r.Payments)
	came := make([]register.Money, len(m.used))
	for _, l := range r.Lines {
		if l.Of >= 1 && l.Of <= len(came) {
			came[l.Of-1] = min(l.Sum, m.used[l.Of-1])
		}
	}
	first := min(amount, sum(came))
	if _, err := move(first, came, m.used, m.left); err != nil {
		return err
	}
	_, err := move(amount-first, m.used, m.used, m.left)
	return err
}

// move spreads an amount by weights, takes the shares from one side and adds them to another.
func move(amount register.Money, weights, from, to []register.Money) ([]register.Money, error) {
	if amount < 0 || amount > sum(weights) {
		return nil, fmt.Errorf("%w: %s", errPrepaid, amount)
	}
	shares := register.Spread(amount, weights)
	for i, s := range shares {
		from[i] -= s
		if to != nil {
			to[i] += s
		}
	}
	return shares, nil
}

func sum(all []register.Money) register.Money {
	var s register.Money
	for _, m := range all {
		s += m
	}
	return s
}

func prepaidOf(payments []register.Payment) register.Money {
	var s register.Money
	for _, p := range payments {
		if p.Method == register.Prepaid {
			s += p.Amount
		}
	}
	return s
}
