package raiffeisen

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"kassa/register"
)

// roubles is a sum as the bank writes it: a JSON number of roubles. It keeps the bank's own digits, which notifications
// are signed over.
type roubles string

var errNotRoubles = errors.New("not a sum in roubles")

// UnmarshalJSON takes a number, or null; what number it is shows in money.
func (r *roubles) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if data[0] != '-' && (data[0] < '0' || data[0] > '9') {
		return errNotRoubles
	}
	*r = roubles(data)
	return nil
}

// MarshalJSON writes the number as it is.
func (r roubles) MarshalJSON() ([]byte, error) { return json.Marshal(json.Number(r)) }

// write gives the bank's form of a sum that is not below zero: "199.00".
func write(m register.Money) roubles { return roubles(m.String()) }

// maxDigits is far above any sum, with its decimals and its exponent.
const maxDigits = 40

// money reads the sum exactly: no sign, kopecks at most, nothing above register.MaxMoney. An exponent is understood,
// since the bank's platform (Java) writes 100 as 1E+2 when left alone.
func (r roubles) money() (register.Money, error) {
	if r == "" || len(r) > maxDigits {
		return 0, errNotRoubles
	}
	mantissa, exponent, powers := strings.Cut(strings.ToLower(string(r)), "e")
	whole, part, _ := strings.Cut(mantissa, ".")
	digits := whole + part
	shift := 2 - len(part) // of the point, to make kopecks of the digits
	if powers {
		e, err := strconv.ParseInt(exponent, 10, 16)
		if err != nil || e < -maxDigits || e > maxDigits {
			return 0, errNotRoubles
		}
		shift += int(e)
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, errNotRoubles
	}
	if shift < 0 {
		for digits = strings.Repeat("0", -shift) + digits; shift < 0; shift++ {
			var odd string
			digits, odd = digits[:len(digits)-1], digits[len(digits)-1:]
			if odd != "0" {
				return 0, errNotRoubles // a part of a kopeck
			}
		}
	}
	digits = strings.TrimLeft(digits+strings.Repeat("0", shift), "0")
	if digits == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || n > uint64(register.MaxMoney) {
		return 0, errNotRoubles
	}
	return register.Money(n), nil
}
