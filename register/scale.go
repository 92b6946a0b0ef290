package register

import (
	"errors"
	"fmt"
	"strings"
)

// ScaleKind tells what the value in a shop's own barcode is.
type ScaleKind string

// What scales and packing machines print.
const (
	ScaleWeight ScaleKind = "weight" // thousandths of the unit: grams
	ScalePieces ScaleKind = "pieces"
	ScalePrice  ScaleKind = "price" // kopecks, for all of it
)

// ScaleMask tells how the barcodes that begin with a prefix are built. GS1 leaves the prefixes 20 to 29 to the shop, and
// there is no standard for what stands behind them. A digit in the pattern must stand in the barcode as it is; C is a
// digit of the product's code, W one of the value, K the check digit of EAN-13, X any digit: "20CCCCCWWWWWK" or, for all
// of 20 to 29, "2CCCCCCWWWWWK".
type ScaleMask struct {
	Pattern string    `json:"pattern"`
	Kind    ScaleKind `json:"kind"`
}

// Weighing is what a scale's barcode says.
type Weighing struct {
	Code  string // of the product, with the zeros before it
	Kind  ScaleKind
	Value int64 // thousandths, pieces or kopecks; above zero
}

// Errors of scales' barcodes.
var (
	ErrBadMask     = errors.New("register: pattern of a scale's barcode cannot be used")
	ErrEmptyWeight = errors.New("register: the scale's barcode holds no weight")
)

// Check tells what is wrong with a mask, or nil.
func (m ScaleMask) Check() error {
	switch m.Kind {
	case ScaleWeight, ScalePieces, ScalePrice:
	default:
		return fmt.Errorf("%w: kind %q", ErrBadMask, clip(string(m.Kind)))
	}
	p := m.Pattern
	switch {
	case len(p) < 8 || len(p) > 20 || strings.Trim(p, "0123456789CWKX") != "":
		return fmt.Errorf("%w: %q", ErrBadMask, clip(p))
	case p[0] < '0' || p[0] > '9':
		return fmt.Errorf("%w: %q begins with no prefix", ErrBadMask, p)
	case !oneRun(p, 'C', 2, 8) || !oneRun(p, 'W', 2, 7):
		return fmt.Errorf("%w: %q needs the code and the value, each in one piece", ErrBadMask, p)
	case strings.Count(p, "K") > 1 || strings.Contains(p, "K") && (!strings.HasSuffix(p, "K") || len(p) != 13):
		return fmt.Errorf("%w: %q: the check digit is the last of thirteen", ErrBadMask, p)
	}
	return nil
}

// oneRun tells whether a letter stands in one piece of least to most places.
func oneRun(pattern string, letter byte, least, most int) bool {
	n := strings.Count(pattern, string(letter))
	return n >= least && n <= most && strings.Contains(pattern, strings.Repeat(string(letter), n))
}

// Read takes a barcode apart. ok is false when it is none of this mask's: another length, another prefix, a wrong check
// digit. The error is ErrEmptyWeight when the value is zero.
func (m ScaleMask) Read(barcode string) (w Weighing, ok bool, err error) {
	if len(barcode) != len(m.Pattern) || strings.Trim(barcode, "0123456789") != "" {
		return w, false, nil
	}
	w.Kind = m.Kind
	for i := range len(barcode) {
		d := barcode[i]
		switch m.Pattern[i] {
		case 'C':
			w.Code += string(d)
		case 'W':
			w.Value = w.Value*10 + int64(d-'0')
		case 'K':
			if d != CheckDigit(barcode[:i]) {
				return Weighing{}, false, nil
			}
		case 'X':
		default:
			if d != m.Pattern[i] {
				return Weighing{}, false, nil
			}
		}
	}
	if w.Value == 0 {
		return w, true, ErrEmptyWeight
	}
	return w, true, nil
}

// CheckDigit is the last digit of an EAN-8, UPC-A or EAN-13 whose other digits are given (GS1 General Specifications,
// 7.9): it makes the sum of all digits, every second from the right times three, a multiple of ten.
func CheckDigit(digits string) byte {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}
