package register

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// Discount is what is taken off a line or a receipt: a percentage, or a sum. The zero Discount takes nothing off.
type Discount struct {
	Percent Percent `json:"percent,omitempty"`
	Sum     Money   `json:"sum,omitempty"`
}

// ErrDiscount tells that a discount is not allowed: above the shop's limit, on goods that have none, or both a
// percentage and a sum.
var ErrDiscount = errors.New("register: discount not allowed")

// IsZero tells whether nothing is taken off.
func (d Discount) IsZero() bool { return d == Discount{} }

// Of is what the discount takes off a sum, at most all of it.
func (d Discount) Of(m Money) Money {
	if d.Percent > 0 {
		return min(d.Percent, Hundred).Of(m)
	}
	return min(d.Sum, max(m, 0))
}

// within tells whether the discount can be given in full on base, of which a cashier may take off so many per cent and
// so much.
func (d Discount) within(base Money, most Percent, limit Money) error {
	switch {
	case d.Percent > most, d.Of(base) > limit:
		return fmt.Errorf("%w: more than %s %% or %s", ErrDiscount, most, limit)
	case d.Sum > base:
		return fmt.Errorf("%w: %s off %s", ErrDiscount, d.Sum, base)
	}
	return nil
}

func (d Discount) check() error {
	switch {
	case d.Percent < 0, d.Percent > Hundred, d.Sum < 0, d.Sum > MaxMoney, d.Percent > 0 && d.Sum > 0:
		return fmt.Errorf("%w: %s %%, %s", ErrDiscount, d.Percent, d.Sum)
	}
	return nil
}

// Spread divides a sum over parts in proportion to their weights, exactly: the shares add up to the sum, and none
// differs from its exact value by a kopeck or more. The kopecks that are left over after rounding down go to the largest
// remainders, among equal ones to the first; a part with no weight gets none. Where the sum is not above the weights'
// sum, no share is above its weight. With no weight at all, or no sum, everything is zero. Weights are from zero to
// MaxMoney; others count as the nearest of these.
func Spread(sum Money, weights []Money) []Money {
	shares := make([]Money, len(weights))
	var whole uint64
	for _, w := range weights {
		whole += weight(w)
	}
	if sum <= 0 || whole == 0 {
		return shares
	}
	rests := make([]uint64, len(weights))
	order := make([]int, len(weights))
	left := sum
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(sum), weight(w))
		q, r := bits.Div64(hi, lo, whole)
		shares[i], rests[i], order[i] = Money(q), r, i
		left -= Money(q)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rests[b], rests[a]) })
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}

func weight(m Money) uint64 { return uint64(min(max(m, 0), MaxMoney)) }
