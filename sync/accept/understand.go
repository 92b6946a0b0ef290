package accept

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"kassa/register"
)

// Aside is why an operation was set aside: stored and acknowledged as any other, and shown to the owner as one that the
// server does not understand.
type Aside string

// The reasons. Understood is none.
const (
	Understood   Aside = ""
	Unreadable   Aside = "unreadable"    // the bytes are not an operation
	OtherPlace   Aside = "other_place"   // the journal or the number inside are not those that it was sent under
	UnknownKind  Aside = "unknown_kind"  // a newer till's, perhaps
	NewerVersion Aside = "newer_version" // likewise
	BadBody      Aside = "bad_body"      // the particulars cannot be read
	BadSums      Aside = "bad_sums"      // lines, total and payments do not agree
)

// Asides lists every reason.
func Asides() []Aside {
	return []Aside{Unreadable, OtherPlace, UnknownKind, NewerVersion, BadBody, BadSums}
}

// Facts are what lists show of an operation, read out of its bytes. Texts are cut to a sane length and hold no control
// characters, whatever the record says.
type Facts struct {
	At      time.Time // the till's clock; the time of receipt where the till's cannot be
	Kind    string
	Version int
	Shift   int64
	Cashier string
	Receipt *int64 // of sales, prepayments and their returns
	Total   *int64 // what it moved, in kopecks, of kinds that move money; negative where the money went out
	Method  string // how that was paid: cash, card, qr, prepaid, or Mixed
	Basis   *Place // the operation that this one goes back to: a return's sale, the prepayment of what is handed over, what a fiscal document is of
	Uses    []Use  // the QR payments that it names; of an operation that was understood
	Aside   Aside
}

// WantsFiscal tells whether the operation is a settlement with a buyer, of which a fiscal registrar makes a document. One
// for which no money was moved is none.
func (f Facts) WantsFiscal() bool {
	if f.Aside != Understood || f.Total == nil || *f.Total == 0 {
		return false
	}
	switch register.Kind(f.Kind) {
	case register.KindSale, register.KindReturn, register.KindPrepayment, register.KindPrepaymentReturn:
		return true
	}
	return false
}

// Fiscal tells whether the operation says what a fiscal registrar made of another one, which is its Basis if it names one.
func (f Facts) Fiscal() bool {
	return f.Aside == Understood && f.Kind == string(register.KindFiscalDocument)
}

// Place is where an operation stands. Whether the server has it is another question.
type Place struct {
	Journal uuid.UUID
	Number  int64
}

// Use is a QR payment that an operation names.
type Use struct {
	Payment uuid.UUID
	Amount  register.Money // above zero for what was sold, below for what was given back
}

// Mixed is the method of an operation that was paid in more than one way.
const Mixed = "mixed"

// maxText is the longest text of Facts, in letters.
const maxText = 100

// Understand reads what can be read of an operation that was received in a journal.
func Understand(journal string, r Record, received time.Time) Facts {
	f := Facts{At: received}
	o, err := register.DecodeOperation(r.Bytes)
	if err != nil {
		f.Aside = Unreadable
		return f
	}
	f.Kind, f.Cashier = tidy(string(o.Kind)), tidy(o.Cashier)
	f.Version, f.Shift = o.Version, o.Shift
	if plausible(o.At, received) {
		f.At = o.At.UTC()
	}
	if o.Journal != journal || o.Number != r.Number {
		f.Aside = OtherPlace
		return f
	}
	f.body(o)
	return f
}

// plausible tells whether a till's time can be shown and sorted by: not before this program existed, and at most a day
// ahead of the server's clock.
func plausible(at, received time.Time) bool {
	return at.Year() >= 2020 && at.Before(received.Add(Ahead))
}

// Ahead is how far a till's clock may run ahead of the server's and still be believed for lists.
const Ahead = 24 * time.Hour

// tidy makes a text fit for a column and a page. PostgreSQL takes no zero byte in a text.
func tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > maxText {
		text = string([]rune(text)[:maxText])
	}
	return text
}
