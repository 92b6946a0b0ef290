package register

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxContact is how long a buyer's e-mail or phone may be, in runes: what a fiscal registrar can hold (tag 1008).
const MaxContact = 64

// ErrContact tells that a text is neither an e-mail address nor a phone number, or that there is to be no paper and
// nowhere to send the receipt instead.
var ErrContact = errors.New("register: neither an e-mail address nor a phone number")

// ParseContact reads what a buyer gave to have the receipt sent to: an e-mail address, or a phone number as people write
// it, which becomes + and digits. A number with no country code is Russian: "8 (912) 345-67-89", "9123456789" and
// "+7 912 345-67-89" are all "+79123456789". The empty text is no contact. The error is ErrContact.
func ParseContact(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	contact, ok := parsePhone(text)
	if strings.Contains(text, "@") {
		contact, ok = parseEmail(text)
	}
	if !ok {
		return "", fmt.Errorf("reading %q: %w", clip(text), ErrContact)
	}
	return contact, nil
}

// checkContact tells whether a contact is in the form that ParseContact gives it, and whether paper may be left out:
// law 54-FZ allows it only where the receipt is sent.
func checkContact(contact string, noPaper bool) error {
	if noPaper && contact == "" {
		return fmt.Errorf("%w: no paper, and nowhere to send it", ErrContact)
	}
	if parsed, err := ParseContact(contact); err != nil || parsed != contact {
		return fmt.Errorf("%w: %q", ErrContact, clip(contact))
	}
	return nil
}

// parsePhone reads a number of 10 to 15 digits (E.164), the shortest being a Russian one with no country code.
func parsePhone(text string) (string, bool) {
	rest, international := strings.CutPrefix(text, "+")
	var digits strings.Builder
	for _, r := range rest {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case strings.ContainsRune(" \u00a0-–().", r):
		default:
			return "", false
		}
	}
	d := digits.String()
	switch {
	case international && len(d) >= 8 && len(d) <= 15 && d[0] != '0':
		return "+" + d, d[0] != '7' || len(d) == 11
	case !international && len(d) == 11 && (d[0] == '8' || d[0] == '7'):
		return "+7" + d[1:], true
	case !international && len(d) == 10 && d[0] == '9':
		return "+7" + d, true
	}
	return "", false
}

// parseEmail checks the shape alone: whether the address exists is for the operator that sends the receipt. The domain
// is written in small letters, and may be a Cyrillic one.
func parseEmail(text string) (string, bool) {
	at := strings.LastIndexByte(text, '@')
	local, domain := text[:at], strings.ToLower(text[at+1:])
	email := local + "@" + domain
	switch {
	case utf8.RuneCountInString(email) > MaxContact,
		local == "" || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, ".."),
		!only(local, "!#$%&'*+-/=?^_`{|}~."),
		!only(domain, "-."):
		return "", false
	}
	labels := strings.Split(domain, ".")
	for _, l := range labels {
		if l == "" || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") {
			return "", false
		}
	}
	return email, len(labels) >= 2 && utf8.RuneCountInString(labels[len(labels)-1]) >= 2
}

// only tells whether a text is made of Latin and Cyrillic letters, digits and a few signs.
func only(text, signs string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || unicode.Is(unicode.Cyrillic, r)
		return !letter && !strings.ContainsRune(signs, r)
	}) < 0
}
