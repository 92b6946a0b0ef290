package register

import (
	"errors"
	"fmt"
	"strings"
)

// VAT is a rate of value added tax, included in the price. Its text is what is stored and sent: "22", "10", "0", "none".
type VAT string

// The rates of the Russian Tax Code, article 164, as in force from 2026; 20 stays for goods sold before. VATNone means
// that the sale is not taxed at all, which a receipt tells apart from 0 %.
const (
	VATNone VAT = "none"
	VAT0    VAT = "0"
	VAT5    VAT = "5"
	VAT7    VAT = "7"
	VAT10   VAT = "10"
	VAT20   VAT = "20"
	VAT22   VAT = "22"
)

// ErrNotVAT tells that a text names no known rate.
var ErrNotVAT = errors.New("register: no such VAT rate")

// ParseVAT reads a rate as price lists write it: "22", "22%", "НДС 10 %", "none", "без НДС", "-". An empty text is
// ErrNotVAT: a price list's reader decides what silence means.
func ParseVAT(text string) (VAT, error) {
	t := strings.ToLower(strings.TrimSpace(text))
	t = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(t, "ндс"), "%"))
	switch t {
	case "none", "без", "без ндс", "не облагается", "-", "no":
		return VATNone, nil
	}
	v := VAT(t)
	if v != VATNone && v.Valid() {
		return v, nil
	}
	return "", fmt.Errorf("reading %q: %w", clip(text), ErrNotVAT)
}

// Valid tells whether v is one of the rates above.
func (v VAT) Valid() bool {
	switch v {
	case VATNone, VAT0, VAT5, VAT7, VAT10, VAT20, VAT22:
		return true
	}
	return false
}

// Percent is the rate in per cent; zero for VAT0 and VATNone.
func (v VAT) Percent() int64 {
	switch v {
	case VAT5:
		return 5
	case VAT7:
		return 7
	case VAT10:
		return 10
	case VAT20:
		return 20
	case VAT22:
		return 22
	}
	return 0
}

// Included is the tax contained in a sum, rounded half up to the kopeck, as fiscal registrars compute it.
func (v VAT) Included(sum Money) Money {
	p := v.Percent()
	if p == 0 || sum <= 0 {
		return 0
	}
	n, d := int64(sum)*p, 100+p
	return Money((2*n + d) / (2 * d))
}
