package kkmserver

import (
	"encoding/json"
	"errors"
	"math/big"
	"regexp"
	"time"

	"kassa/register"
)

// roubles are written as a JSON number with two decimals, digit by digit.
type roubles register.Money

// MarshalJSON writes 266.64.
func (r roubles) MarshalJSON() ([]byte, error) { return []byte(register.Money(r).String()), nil }

// amount is a quantity, written as a JSON number with at most three decimals.
type amount register.Quantity

// MarshalJSON writes 0.356.
func (a amount) MarshalJSON() ([]byte, error) { return []byte(register.Quantity(a).String()), nil }

// text is a value that comes as a string, as a number or not at all: the same field does either.
type text string

// UnmarshalJSON takes a string, a number or null.
func (t *text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, (*string)(t))
	}
	if string(data) == "null" {
		*t = ""
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*t = text(n)
	return nil
}

var (
	errValue = errors.New("kkmserver: a value is not what it should be")
	decimal  = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,20})?$`)
)

// scaled reads a decimal number as a whole number of its parts: 100 for kopecks. KkmServer reckons in binary floating
// point in places, so that 0.30000000000000004 is 30; what is further off is an error.
func (t text) scaled(parts int64) (int64, error) {
	if !decimal.MatchString(string(t)) {
		return 0, errValue
	}
	r, ok := new(big.Rat).SetString(string(t))
	if !ok {
		return 0, errValue
	}
	r.Mul(r, big.NewRat(parts, 1))
	half := big.NewRat(1, 2)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	whole := new(big.Rat).Add(r, half)
	n := new(big.Int).Quo(whole.Num(), whole.Denom())
	off := r.Sub(r, new(big.Rat).SetInt(n))
	if off.Abs(off).Cmp(big.NewRat(1, 10_000)) > 0 || !n.IsInt64() {
		return 0, errValue
	}
	return n.Int64(), nil
}

// money reads roubles; what is missing is zero.
func (t text) money() (register.Money, error) {
	if t == "" {
		return 0, nil
	}
	n, err := t.scaled(100)
	if err != nil || n < -int64(register.MaxMoney) || n > int64(register.MaxMoney) {
		return 0, errValue
	}
	return register.Money(n), nil
}

// quantity reads an amount of goods.
func (t text) quantity() (register.Quantity, error) {
	n, err := t.scaled(1000)
	if err != nil || n < 0 || n > int64(register.MaxQuantity) {
		return 0, errValue
	}
	return register.Quantity(n), nil
}

// number reads a whole number from zero that fits 32 bits without a sign; what is missing is zero.
func (t text) number() (int64, error) {
	if t == "" {
		return 0, nil
	}
	n, err := t.scaled(1)
	if err != nil || n < 0 || n > 1<<32-1 {
		return 0, errValue
	}
	return n, nil
}

// local reads a time with no zone, such as 2024-01-11T13:10:00; parts of a second and a zone after it are let go. It is
// zero when there is none: .NET writes 0001-01-01 for that.
func (t text) local(zone *time.Location) time.Time {
	const layout = "2006-01-02T15:04:05"
	if len(t) < len(layout) {
		return time.Time{}
	}
	at, err := time.ParseInLocation(layout, string(t[:len(layout)]), zone)
	if err != nil || at.Year() < 2000 || at.Year() > 2200 {
		return time.Time{}
	}
	return at
}
