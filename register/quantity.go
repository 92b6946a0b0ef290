package register

import (
	"errors"
	"fmt"
	"strings"
)

// Quantity is an amount of goods in thousandths of its unit: 1500 is 1.5 kg, 2000 is two pieces.
type Quantity int64

// One is one piece, or one whole unit.
const One Quantity = 1000

// MaxQuantity bounds the quantity of one line: 99 999.999.
const MaxQuantity Quantity = 99_999_999

// MaxStock bounds what a shop can have, or owe, of one product.
const MaxStock Quantity = 999_999_999_999

// ErrNotQuantity tells that a text is not a quantity of goods, or is zero.
var ErrNotQuantity = errors.New("register: not a quantity")

// String writes the quantity with a dot and no trailing zeros, as in "1.5".
func (q Quantity) String() string {
	sign := ""
	u := uint64(q)
	if q < 0 {
		sign, u = "-", -u
	}
	if u%1000 == 0 {
		return fmt.Sprintf("%s%d", sign, u/1000)
	}
	return sign + strings.TrimRight(fmt.Sprintf("%d.%03d", u/1000, u%1000), "0")
}

// Whole tells whether q is a whole number of units.
func (q Quantity) Whole() bool { return q%One == 0 }

// ParseQuantity reads a quantity above zero as people type it: "2", "0,356", "1.5". The error is ErrNotQuantity or
// ErrTooMuch.
func ParseQuantity(text string) (Quantity, error) {
	v, err := parseFixed(text, 3, int64(MaxQuantity))
	switch {
	case errors.Is(err, ErrTooMuch):
		return 0, fmt.Errorf("reading %q: %w", clip(text), ErrTooMuch)
	case err != nil || v == 0:
		return 0, fmt.Errorf("reading %q: %w", clip(text), ErrNotQuantity)
	}
	return Quantity(v), nil
}
