package register

import (
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
		return d.Percent.Of(m)
	}
	return min(d.Sum, m)
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
// remainders, among equal ones to the first. Weights must not be negative; where the sum is not above the weights' sum,
// no share is above its weight. With no weight at all, everything is zero.
func Spread(sum Money, weights []Money) []Money {
	shares := make([]Money, len(weights))
	var whole uint64
	for _, w := range weights {
		whole += uint64(max(w, 0))
	}
	if sum <= 0 || whole == 0 {
		return shares
	}
	rests := make([]uint64, len(weights))
	order := make([]int, len(weights))
	left := sum
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(sum), uint64(max(w, 0)))
		q, r := bits.Div64(hi, lo, whole)
		shares[i], rests[i], order[i] = Money(q), r, i
		left -= Money(q)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rests[a] > rests[b]:
			return -1
		case rests[a] < rests[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}
