package register

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// VAT is a rate of value added tax. Its text is what is stored and sent: "22", "10", "0", "none", "22/122".
type VAT string

// The rates of the Russian Tax Code, articles 164 and 145: 22 % in force from 2026, 20 % before; 5 % and 7 % from 2025
// for those on the simplified system who chose them. VATNone means that the sale is not taxed at all, which a receipt
// tells apart from 0 %.
const (
	VATNone VAT = "none"
	VAT0    VAT = "0"
	VAT5    VAT = "5"
	VAT7    VAT = "7"
	VAT10   VAT = "10"
	VAT20   VAT = "20"
	VAT22   VAT = "22"
)

// The calculated rates, for money that is taken before the goods are handed over: article 164, paragraph 4.
const (
	VAT5of105  VAT = "5/105"
	VAT7of107  VAT = "7/107"
	VAT10of110 VAT = "10/110"
	VAT20of120 VAT = "20/120"
	VAT22of122 VAT = "22/122"
)

// ErrNotVAT tells that a text names no known rate.
var ErrNotVAT = errors.New("register: no such VAT rate")

// ParseVAT reads the rate of a product as price lists write it: "22", "22%", "НДС 10 %", "none", "без НДС", "-". An
// empty text is ErrNotVAT: a price list's reader decides what silence means.
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

// Valid tells whether v is a rate that goods can have.
func (v VAT) Valid() bool {
	switch v {
	case VATNone, VAT0, VAT5, VAT7, VAT10, VAT20, VAT22:
		return true
	}
	return false
}

// Calculated is the rate for a prepayment of goods that have the rate v: 22/122 for 22. 0 % and "none" stay.
func (v VAT) Calculated() VAT {
	switch v {
	case VAT5:
		return VAT5of105
	case VAT7:
		return VAT7of107
	case VAT10:
		return VAT10of110
	case VAT20:
		return VAT20of120
	case VAT22:
		return VAT22of122
	}
	return v
}

// Percent is the rate in per cent; zero for VAT0 and VATNone.
func (v VAT) Percent() int64 {
	switch v {
	case VAT5, VAT5of105:
		return 5
	case VAT7, VAT7of107:
		return 7
	case VAT10, VAT10of110:
		return 10
	case VAT20, VAT20of120:
		return 20
	case VAT22, VAT22of122:
		return 22
	}
	return 0
}

// InForce tells whether goods that are sold on a day of the shop's calendar can have the rate. The zero day is any day.
func (v VAT) InForce(day time.Time) bool {
	if day.IsZero() {
		return v.Valid()
	}
	year := day.Year()
	switch v {
	case VAT22:
		return year >= 2026
	case VAT20:
		return year >= 2019 && year < 2026
	case VAT5, VAT7:
		return year >= 2025
	}
	return v.Valid()
}

// On is the rate at which goods that the catalogue gives the rate v are sold on a day: the general rate of that day for
// goods under the general rate, so that a price list of last year does not sell at a rate that is gone.
func (v VAT) On(day time.Time) VAT {
	switch {
	case v == VAT20 && VAT22.InForce(day) && !day.IsZero():
		return VAT22
	case v == VAT22 && VAT20.InForce(day) && !day.IsZero():
		return VAT20
	}
	return v
}

// Included is the tax contained in a sum, rounded half up to the kopeck, as fiscal registrars compute it.
func (v VAT) Included(sum Money) Money {
	p := v.Percent()
	return Money(share(int64(sum), p, 100+p))
}

// OnTop is the tax that comes on top of a sum without tax, rounded half up to the kopeck.
func (v VAT) OnTop(net Money) Money {
	return Money(share(int64(net), v.Percent(), 100))
}
