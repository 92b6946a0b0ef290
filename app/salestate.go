package app

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kassa/app/till"
	"kassa/register"
)

// saleState is what the cashier has typed and selected on the sale screen. The receipt itself is the till's.
type saleState struct {
	text     string            // in the field
	quantity register.Quantity // typed before '*', for the next thing; zero when none
	selected int               // line of the receipt
	lines    int               // how many there were
	shelf    shelf
	path     []till.Group // the groups that were gone into, the top one first
	found    found
	letters  bool  // the keyboard for fingers is shown
	seen     int64 // the sale whose "sold" was put away
	told     int64 // the sale whose "sold" is on the screen, or was last
	toldAt   time.Time
}

// shelf is where the tiles come from.
type shelf int

const (
	shelfUnset      shelf = iota // the favourites, if there are any
	shelfFavourites              // what the shop chose
	shelfTree                    // the groups
)

// group is the path of the group whose goods are shown; empty for all of them.
func (s *saleState) group() string {
	if len(s.path) == 0 {
		return ""
	}
	return s.path[len(s.path)-1].Path
}

// found is what a search gave.
type found struct {
	text  string // what was searched for; empty when nothing is shown
	goods []register.Product
	at    int // the selected one
}

// longestText is how much the field takes: a barcode has at most 64 characters.
const longestText = 64

// follow keeps the selection on a line that exists; a line that was added is selected.
func (s *saleState) follow(v till.View) {
	if len(v.Lines) > s.lines || s.selected >= len(v.Lines) {
		s.selected = len(v.Lines) - 1
	}
	s.selected = max(s.selected, 0)
	s.lines = len(v.Lines)
}

// sold is the sale that the screen still shows as just sold.
func (s *saleState) sold(v till.View) *till.Sold {
	if v.Last == nil || v.Last.Number == s.seen || len(v.Lines) > 0 || v.QR != nil {
		return nil
	}
	return v.Last
}

// tell notes that a sale is shown as just sold.
func (s *saleState) tell(sold *till.Sold, now time.Time) {
	if sold.Number != s.told {
		s.told, s.toldAt = sold.Number, now
	}
}

// unread tells that a sale has been shown as just sold for so short a time that nobody can have read what money to give.
func (s *saleState) unread(v till.View, now time.Time) bool {
	const glance = 700 * time.Millisecond
	sold := s.sold(v)
	return sold != nil && sold.Number == s.told && now.Sub(s.toldAt) < glance
}

// typed adds a character to the field. A '*' after a number makes it the quantity of what comes next.
func (s *saleState) typed(r rune) (err error) {
	switch {
	case r == '*' && s.text != "" && !strings.ContainsFunc(s.text, notNumeric):
		q, err := register.ParseQuantity(s.text)
		s.text = ""
		if err != nil {
			return &till.Problem{Code: till.CodeBadQuantity, Err: err}
		}
		s.quantity = q
	case unicode.IsControl(r) || r == utf8.RuneError:
	case r == ' ' && s.text == "":
	case utf8.RuneCountInString(s.text) < longestText:
		s.text += string(r)
	}
	return nil
}

func notNumeric(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' }

// erase takes the last character away, and after the last of them the quantity.
func (s *saleState) erase() {
	if s.text == "" {
		s.quantity = 0
		return
	}
	_, n := utf8.DecodeLastRuneInString(s.text)
	s.text = s.text[:len(s.text)-n]
}

// take gives the quantity for what is being added, and forgets it.
func (s *saleState) take() (q register.Quantity, typed bool) {
	q, typed = s.quantity, s.quantity != 0
	s.quantity = 0
	if !typed {
		q = register.One
	}
	return q, typed
}

// scannedAfterSearch gives the barcode that a scanner typed behind a word that had been searched for.
func (s *saleState) scannedAfterSearch() (code string, ok bool) {
	const shortest = 8 // EAN-8
	code, ok = strings.CutPrefix(s.text, s.found.text)
	if !ok || s.found.text == "" || len(code) < shortest || strings.Trim(code, "0123456789") != "" {
		return "", false
	}
	return code, true
}

// searchable tells whether a text is worth a search: two letters or more, with no digits that make it look like a code.
func searchable(text string) bool {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n >= 2
}

// codeLike tells whether a text that was ended with Enter is more likely a code than a word.
func codeLike(text string) bool {
	return strings.ContainsFunc(text, unicode.IsDigit) && !strings.Contains(text, " ") || !searchable(text)
}
