package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"kassa/register"
)

// nbsp keeps a number and what belongs to it on one line.
const nbsp = "\u00a0"

// Integer groups thousands: "12 345" in Russian, "12,345" in English.
func (l *Language) Integer(n int64) string {
	if n < 0 {
		return "-" + l.group(uint64(-n))
	}
	return l.group(uint64(n))
}

func (l *Language) group(n uint64) string {
	mark := ","
	if l.tag == Russian {
		mark = nbsp
	}
	s := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(mark)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (l *Language) point() string {
	if l.tag == Russian {
		return ","
	}
	return "."
}

// Sum writes money without the currency: "1 234,50" or "1,234.50".
func (l *Language) Sum(m register.Money) string {
	sign, u := "", uint64(m)
	if m < 0 {
		sign, u = "-", -u
	}
	return fmt.Sprintf("%s%s%s%02d", sign, l.group(u/100), l.point(), u%100)
}

// Money writes money with the currency: "1 234,50 ₽" or "₽1,234.50".
func (l *Language) Money(m register.Money) string {
	if l.tag == Russian {
		return l.Sum(m) + nbsp + l.T("common.currency")
	}
	if m < 0 {
		return "-" + l.T("common.currency") + l.Sum(-m)
	}
	return l.T("common.currency") + l.Sum(m)
}

// Quantity writes a quantity without its unit: "1,5" or "1.5".
func (l *Language) Quantity(q register.Quantity) string {
	whole, part, _ := strings.Cut(q.String(), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return q.String()
	}
	text := l.Integer(n)
	if part != "" {
		text += l.point() + part
	}
	return text
}

// Unit names a unit of goods, short.
func (l *Language) Unit(u register.Unit) string { return l.T("unit." + string(u)) }

// VAT names a rate.
func (l *Language) VAT(v register.VAT) string {
	if v == register.VATNone {
		return l.T("vat.none")
	}
	return l.T("vat.rate", "rate", string(v))
}

// Date writes a day: "22.11.2026" or "22 Nov 2026".
func (l *Language) Date(t time.Time) string {
	if l.tag == Russian {
		return t.In(l.zone).Format("02.01.2006")
	}
	return t.In(l.zone).Format("2 Jan 2006")
}

// Time writes a time of day: "14:05".
func (l *Language) Time(t time.Time) string { return t.In(l.zone).Format("15:04") }

// DateTime writes a day and a time.
func (l *Language) DateTime(t time.Time) string { return l.Date(t) + nbsp + l.Time(t) }

// Duration writes a rest of time as minutes and seconds: "4:05".
func (l *Language) Duration(d time.Duration) string {
	if d < 0 {
		d = 0
	}
	s := int64((d + time.Second - 1) / time.Second)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
