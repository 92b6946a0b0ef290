package register

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// Percent is a share in hundredths of a per cent: 1050 is 10.5 %.
type Percent int64

// Hundred is the whole of something.
const Hundred Percent = 10_000

// ErrNotPercent tells that a text is no share between 0 and 100 %.
var ErrNotPercent = errors.New("register: not a percentage")

// ParsePercent reads a percentage from 0 to 100 as people type it: "10", "7,5", "12.5 %".
func ParsePercent(text string) (Percent, error) {
	v, err := parseFixed(strings.TrimSuffix(strings.TrimSpace(text), "%"), 2, int64(Hundred))
	if err != nil {
		return 0, fmt.Errorf("reading %q: %w", clip(text), ErrNotPercent)
	}
	return Percent(v), nil
}

// String writes the percentage with a dot and no trailing zeros, as in "7.5".
func (p Percent) String() string {
	sign := ""
	u := uint64(p)
	if p < 0 {
		sign, u = "-", -u
	}
	if u%100 == 0 {
		return fmt.Sprintf("%s%d", sign, u/100)
	}
	return sign + strings.TrimRight(fmt.Sprintf("%d.%02d", u/100, u%100), "0")
}

// Of is the share of a sum, rounded half up to the kopeck. Nothing is the share of a sum below zero.
func (p Percent) Of(m Money) Money {
	return Money(share(int64(m), int64(p), int64(Hundred)))
}

// share is a × b / c rounded half up, with no overflow in between. It is zero where one of them is not above zero, and
// the largest int64 where the result is beyond that.
func share(a, b, c int64) int64 {
	if a <= 0 || b <= 0 || c <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	lo, carry := bits.Add64(lo, uint64(c)/2, 0)
	if hi += carry; hi >= uint64(c) {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, uint64(c))
	return int64(min(q, math.MaxInt64))
}
