package register

import (
	"errors"
	"fmt"
	"strings"
)

// Money is a sum in kopecks. Floating point never touches it.
type Money int64

// MaxMoney bounds every sum that the register accepts: 99 999 999.99, which is also the widest sum that a 32 column
// receipt can show in double size.
const MaxMoney Money = 9_999_999_999

// ErrTooMuch tells that a sum, a quantity or a number of lines is beyond what a receipt can hold.
var ErrTooMuch = errors.New("register: more than a receipt can hold")

// ErrNotMoney tells that a text is not a sum of money.
var ErrNotMoney = errors.New("register: not a sum of money")

// String writes the sum as roubles with two decimals and a dot, as in "1234.50". Screens and receipts group and
// punctuate it their own way.
func (m Money) String() string {
	sign := ""
	u := uint64(m)
	if m < 0 {
		sign, u = "-", -u
	}
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}

// ParseMoney reads roubles as people and price lists write them: "1234", "1 234,50", "1234.5". It takes no sign, at most
// two decimals (further ones must be zeros) and nothing above MaxMoney. The error is ErrNotMoney or ErrTooMuch.
func ParseMoney(text string) (Money, error) {
	v, err := parseFixed(text, 2, int64(MaxMoney))
	switch {
	case errors.Is(err, ErrTooMuch):
		return 0, fmt.Errorf("reading %q: %w", clip(text), ErrTooMuch)
	case err != nil:
		return 0, fmt.Errorf("reading %q: %w", clip(text), ErrNotMoney)
	}
	return Money(v), nil
}

// Times gives the price of q, rounded half up to the kopeck. The error is ErrTooMuch.
func (m Money) Times(q Quantity) (Money, error) {
	if m < 0 || m > MaxMoney || q < 0 || q > MaxQuantity {
		return 0, ErrTooMuch
	}
	// MaxMoney × MaxQuantity is below 10^18 and fits an int64.
	sum := Money((int64(m)*int64(q) + 500) / 1000)
	if sum > MaxMoney {
		return 0, ErrTooMuch
	}
	return sum, nil
}

var errNotFixed = errors.New("not a decimal number")

// parseFixed reads an unsigned decimal number with a point or a comma and with spaces as group marks, scaled by
// 10^decimals.
func parseFixed(text string, decimals int, limit int64) (int64, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 64 {
		return 0, errNotFixed
	}
	var v int64
	var digits, after int
	point := false
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			if point {
				after++
				if after > decimals {
					if r != '0' {
						return 0, errNotFixed
					}
					continue
				}
			}
			digits++
			v = v*10 + int64(r-'0')
			if v > limit {
				return 0, ErrTooMuch
			}
		case (r == '.' || r == ',') && !point:
			point = true
		case (r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009') && digits > 0 && !point:
		default:
			return 0, errNotFixed
		}
	}
	if digits == 0 {
		return 0, errNotFixed
	}
	for ; after < decimals; after++ {
		v *= 10
		if v > limit {
			return 0, ErrTooMuch
		}
	}
	return v, nil
}

// clip keeps what an error quotes short, whatever came in.
func clip(text string) string {
	const most = 40
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}
