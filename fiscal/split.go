package fiscal

import (
	"errors"

	"kassa/register"
)

// part is so much of a line's goods at one price. The sum is the price times the quantity, to the kopeck.
type part struct {
	price    register.Money
	quantity register.Quantity
	sum      register.Money
}

var errPrice = errors.New("no price makes the sum")

// split writes goods of which so much came to a sum as prices times quantities. A receipt knows no discounts, and a
// registrar holds every line to its price times its quantity; so 3 pieces for 89.99 are 2 at 30.00 and 1 at 29.99. There
// is one part wherever one price makes the sum, the till's own price if that does; else two, whose prices are a kopeck
// apart, the dearer first. What comes to nothing is left out. The error is for sums that no receipt of the till has.
func split(price register.Money, q register.Quantity, sum register.Money) ([]part, error) {
	if q <= 0 || sum < 0 {
		return nil, errPrice
	}
	if sum == 0 {
		return nil, nil
	}
	low := register.Money(int64(sum) * 1000 / int64(q))
	for _, p := range []register.Money{price, low, low + 1} {
		if is(p, q, sum) {
			return []part{{p, q, sum}}, nil
		}
	}
	if q.Whole() {
		return twoPrices(low, q, sum, register.One)
	}
	return twoPrices(low, q, sum, 1)
}

// is tells whether a price makes a sum.
func is(price register.Money, q register.Quantity, sum register.Money) bool {
	m, err := price.Times(q)
	return err == nil && price > 0 && m == sum
}

// twoPrices puts as much of the quantity as is needed, in steps, at a kopeck above the low price.
func twoPrices(low register.Money, q register.Quantity, sum register.Money, step register.Quantity) ([]part, error) {
	// In thousandths of a kopeck: what the low price leaves of the sum. A kopeck more for one thousandth makes one of it.
	rest := register.Quantity(int64(sum)*1000 - int64(low)*int64(q))
	// Each part is rounded by itself. Where both are rounded up, the border is moved by a little.
	for i := range register.Quantity(2 * 1000) {
		dear := (rest/step + (i+1)/2*(1-i%2*2)) * step
		if dear <= 0 || dear >= q {
			continue
		}
		high, err := (low + 1).Times(dear)
		if err != nil {
			return nil, errPrice
		}
		lower, err := low.Times(q - dear)
		if err != nil {
			return nil, errPrice
		}
		if high+lower != sum {
			continue
		}
		parts := []part{{low + 1, dear, high}}
		if lower > 0 {
			parts = append(parts, part{low, q - dear, lower})
		}
		return parts, nil
	}
	return nil, errPrice
}
