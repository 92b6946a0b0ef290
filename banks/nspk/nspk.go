// Package nspk reads and makes the links that stand in SBP's QR codes:
//
//	https://qr.nspk.ru/<32 letters and digits>?type=02&bank=100000000004&sum=19900&cur=RUB&crc=B4C5
//
// The operator (NSPK) publishes no text on them; what is known comes from sixteen published links that agree with each
// other. So a link is never refused for what it lacks or for its checksum: newer ones come without any query at all, and
// what the bank gave is shown as it is. One thing is looked at before a code is shown: a sum that is named and is not
// the one that was asked for (Check).
package nspk

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"kassa/register"
)

// Errors of this package.
var (
	// ErrNotLink tells that a text is no NSPK link; other systems' codes are not for this package to judge.
	ErrNotLink = errors.New("nspk: not a link of qr.nspk.ru")
	// ErrSum tells that a link names another sum or currency than was asked for, or one that cannot be read.
	ErrSum = errors.New("nspk: the link names another sum")
)

// The types of a link.
const (
	TypeStatic  = "01" // printed once, paid many times
	TypeDynamic = "02" // one payment of a fixed sum
)

// Host is where every link leads.
const Host = "qr.nspk.ru"

// maxLength is far above any real link (about 110 characters), and what a QR code can still hold well.
const maxLength = 1024

// Link is what a link says.
type Link struct {
	ID       string
	Type     string         // TypeStatic, TypeDynamic, or empty
	Bank     string         // the bank's number in SBP, twelve digits, or empty
	Sum      register.Money // zero when the link has none
	Currency string         // "RUB", or empty
	CRC      CRC
}

// CRC tells what a link's checksum is worth. It is for logs: no link is refused over it.
type CRC string

// What a checksum can be.
const (
	CRCNone  CRC = ""
	CRCRight CRC = "right"
	CRCWrong CRC = "wrong"
)

// Parse reads a link. The error is ErrNotLink, or ErrSum for a sum that is no number of kopecks above zero or is
// named twice.
func Parse(link string) (Link, error) {
	if len(link) > maxLength {
		return Link{}, fmt.Errorf("%w: %d characters", ErrNotLink, len(link))
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" || !strings.EqualFold(strings.TrimSuffix(u.Hostname(), "."), Host) || u.User != nil {
		return Link{}, ErrNotLink
	}
	l := Link{ID: strings.Trim(u.Path, "/")}
	if l.ID == "" || strings.Contains(l.ID, "/") {
		return Link{}, fmt.Errorf("%w: it has no id", ErrNotLink)
	}
	named := false
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		key, value, _ := strings.Cut(pair, "=")
		switch key {
		case "type":
			l.Type = value
		case "bank":
			l.Bank = value
		case "cur":
			l.Currency = value
		case "sum":
			sum, err := strconv.ParseUint(value, 10, 63)
			if err != nil || named || sum == 0 || sum > uint64(register.MaxMoney) {
				return Link{}, fmt.Errorf("%w: it cannot be read", ErrSum)
			}
			l.Sum, named = register.Money(sum), true
		case "crc":
			l.CRC = check(link, value)
		}
	}
	return l, nil
}

// Check tells whether a code may be shown for a payment of amount: ErrSum when it is an NSPK link that names another sum
// or a currency other than the rouble. A link without a sum passes, and so does a text that is no NSPK link.
func Check(link string, amount register.Money) error {
	if rest, plain := strings.CutPrefix(link, "http://"); plain {
		link = "https://" + rest // no such link is known, and a payer's app may take it for one
	}
	l, err := Parse(link)
	switch {
	case errors.Is(err, ErrNotLink):
		return nil
	case err != nil:
		return err
	case l.Sum != 0 && l.Sum != amount:
		return fmt.Errorf("%w: %v instead of %v", ErrSum, l.Sum, amount)
	case l.Currency != "" && l.Currency != "RUB":
		return fmt.Errorf("%w: it is not in roubles", ErrSum)
	}
	return nil
}

// Make writes a link with its checksum. An empty field is left out; a link with nothing but an id has no query.
func Make(l Link) string {
	var pairs []string
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, key+"="+value)
		}
	}
	add("type", l.Type)
	add("bank", l.Bank)
	if l.Sum != 0 {
		add("sum", strconv.FormatInt(int64(l.Sum), 10))
	}
	add("cur", l.Currency)
	link := "https://" + Host + "/" + l.ID
	if len(pairs) == 0 {
		return link
	}
	link += "?" + strings.Join(pairs, "&")
	return fmt.Sprintf("%s&crc=%04X", link, crc16(link))
}

// check compares a checksum with the text before it. All of that text counts: scheme, host, path and the order of the
// query.
func check(link, crc string) CRC {
	covered, _, _ := strings.Cut(link, "&crc=")
	if strings.EqualFold(fmt.Sprintf("%04X", crc16(covered)), crc) {
		return CRCRight
	}
	return CRCWrong
}

// crc16 is CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, nothing reflected.
func crc16(text string) uint16 {
	crc := uint16(0xFFFF)
	for _, b := range []byte(text) {
		crc ^= uint16(b) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}
