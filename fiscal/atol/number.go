package atol

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kassa/register"
)

var errNumber = errors.New("not a number of its kind")

// decimal writes money and quantities as exact JSON numbers.
type decimal string

func (d decimal) MarshalJSON() ([]byte, error) { return []byte(d), nil }

func roubles(m register.Money) decimal { return decimal(m.String()) }

// money reads roubles. The driver keeps them as floating point and may write 179.80000000000001; what is further from
// whole kopecks than such noise is refused.
type money register.Money

func (m *money) UnmarshalJSON(text []byte) error {
	t, err := plain(text)
	if err != nil || t == "" {
		return err
	}
	k, err := kopecks(t)
	*m = money(k)
	return err
}

// kopecks reads a decimal number of roubles.
func kopecks(text string) (register.Money, error) {
	text, negative := strings.CutPrefix(text, "-")
	whole, part, _ := strings.Cut(text, ".")
	if whole == "" || len(whole) > 12 || len(part) > 24 || !digits(whole) || !digits(part) {
		return 0, fmt.Errorf("money: %w", errNumber)
	}
	v, err := strconv.ParseInt(whole+(part + "000000")[:6], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("money: %w", errNumber)
	}
	k := (v + 5000) / 10000
	if off := v - k*10000; off < -1 || off > 1 {
		return 0, fmt.Errorf("money: parts of a kopeck: %w", errNumber)
	}
	if negative {
		k = -k
	}
	return register.Money(k), nil
}

func digits(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// whole reads a whole number that is not below zero, written as a number or as a text.
type whole int64

func (w *whole) UnmarshalJSON(text []byte) error {
	t, err := plain(text)
	if err != nil || t == "" {
		return err
	}
	head, zeros, _ := strings.Cut(t, ".")
	v, err := strconv.ParseInt(head, 10, 64)
	if err != nil || v < 0 || strings.Trim(zeros, "0") != "" {
		return fmt.Errorf("%w", errNumber)
	}
	*w = whole(v)
	return nil
}

// text reads a text, or a number as it is written.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	s, err := plain(b)
	*t = text(s)
	return err
}

// plain gives the text of a JSON text or number; empty for null.
func plain(b []byte) (string, error) {
	switch b = bytes.TrimSpace(b); {
	case bytes.Equal(b, []byte("null")):
		return "", nil
	case len(b) > 0 && b[0] == '"':
		var s string
		err := json.Unmarshal(b, &s)
		return s, err
	case len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9') && len(b) <= 64:
		return string(b), nil
	}
	return "", fmt.Errorf("%w", errNumber)
}

// moment reads a time: ISO 8601, with its zone where the device tells one. What is no time is the zero time.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(b []byte) error {
	s, err := plain(b)
	if err != nil {
		return err
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02", "2006.01.02", "02.01.2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			m.Time = t
			return nil
		}
	}
	return nil
}

// flag reads true and false, and the 1 and 0 of old services.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	switch string(bytes.Trim(bytes.TrimSpace(b), `"`)) {
	case "true", "1":
		*f = true
	case "false", "0", "null", "":
		*f = false
	default:
		return errors.New("neither true nor false")
	}
	return nil
}

// sign reads a fiscal sign: ten digits, as a text or a number, or the six bytes of tag 1077 (two for the service, then the
// sign, big end first) in base64 or hexadecimal.
func sign(s string) (uint32, error) {
	if digits(s) && s != "" && len(s) <= 10 {
		v, err := strconv.ParseUint(s, 10, 32)
		if err != nil {
			return 0, fmt.Errorf("fiscal sign: %w", errNumber)
		}
		return uint32(v), nil
	}
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString} {
		if b, err := decode(s); err == nil && len(b) == 6 {
			return binary.BigEndian.Uint32(b[2:]), nil
		}
	}
	return 0, fmt.Errorf("fiscal sign: %w", errNumber)
}
