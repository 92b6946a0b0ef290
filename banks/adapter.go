package banks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"kassa/register"
)

// Adapter is a bank as the owner chooses it: its name, what its contract gives, and how a Bank is made of that. A bank's
// folder exports it as a function called Adapter; package banks/every lists them all.
type Adapter struct {
	Name   string // as Bank.Name
	Title  Text
	Fields []Field
	// Open makes the bank; it sends nothing. The error says what is wrong with the settings, without their secrets.
	Open func(s Settings, o Options) (Bank, error)
}

// Text is a text for a person, in the languages that the pages have.
type Text struct{ Ru, En string }

// In is the text in a language by its short name; Russian for any other.
func (t Text) In(language string) string {
	if language == "en" {
		return t.En
	}
	return t.Ru
}

// Field is one thing that the contract with a bank gives. Fields that all adapters have, by name: FieldURL, FieldCA.
type Field struct {
	Name     string
	Label    Text
	Hint     Text
	Secret   bool // never shown again
	Long     bool // several lines: a key or a certificate in PEM
	Optional bool
	Default  string // used when it is empty, and shown as the example
}

// Fields that every adapter has.
const (
	FieldURL = "url" // the bank's address; the bank's own when empty
	FieldCA  = "ca"  // certificates, in PEM, that the bank's is trusted by in addition to the system's
)

// Settings are the values of an adapter's fields, by their names. They hold secrets: nothing that prints them shows more
// than the names.
type Settings map[string]string

// Format keeps the secrets out of everything that prints Settings.
func (s Settings) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "settings of "+strings.Join(s.names(), ", "))
}

// LogValue keeps the secrets out of logs.
func (s Settings) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(s)) }

func (s Settings) names() []string {
	names := make([]string, 0, len(s))
	for name := range s {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Options are what a program gives a Bank beside the owner's settings.
type Options struct {
	Clock   func() time.Time // time.Now when nil
	Timeout time.Duration    // of one call; ten seconds when zero
	// Public keeps to addresses on the internet: https, and no address of this machine or of the network that it stands in. It
	// is for a program whose owner is not the one who types the bank's address.
	Public bool
	// Transport carries the calls; nil for the network. A simulation of months has a bank without sockets behind it.
	Transport http.RoundTripper
}

// ErrSettings tells that an adapter's settings cannot be used. The error's text names the field.
var ErrSettings = errors.New("banks: the bank's settings are not complete")

// maxSetting is how long a field's value may be: two certificates and a key.
const maxSetting = 32 << 10

// Check takes only the adapter's own fields, fills in the defaults, and refuses what is missing or too long: ErrSettings.
func (a Adapter) Check(s Settings) (Settings, error) {
	all := Settings{}
	for _, f := range a.Fields {
		v := strings.TrimSpace(s[f.Name])
		if v == "" {
			v = f.Default
		}
		switch {
		case v == "" && !f.Optional:
			return nil, fmt.Errorf("%w: %s is empty", ErrSettings, f.Name)
		case len(v) > maxSetting || !utf8.ValidString(v):
			return nil, fmt.Errorf("%w: %s is too long or no text", ErrSettings, f.Name)
		case !f.Long && strings.ContainsAny(v, "\r\n"):
			return nil, fmt.Errorf("%w: %s has more than one line", ErrSettings, f.Name)
		case v != "":
			all[f.Name] = v
		}
	}
	return all, nil
}

// Notified is a Bank that tells of payments by itself. What it tells is never believed: it makes the server ask.
type Notified interface {
	// Notice reads a notification and checks that the bank has sent it. The answer is to be sent in any case where the
	// error is nil. A Notice with neither id is about something that is none of ours. The error is ErrNotice.
	Notice(header http.Header, body []byte) (Notice, error)
}

// ErrNotice tells that a notification is not the bank's, or cannot be read.
var ErrNotice = errors.New("banks: this notification is not to be believed")

// Notice is what a notification tells, and what the bank wants to hear.
type Notice struct {
	ID     string // ours, where it names it
	BankID string // the bank's

	ContentType string // of the answer, which goes with HTTP 200
	Answer      string
}

// Registered is a Bank that gives a list of what was paid and given back: reconciliation compares it with the books.
type Registered interface {
	// Registry lists the payments that had money move from and with one time to, but without, another. Errors are as in
	// Bank.
	Registry(ctx context.Context, from, to time.Time) ([]Entry, error)
}

// Entry is one payment of a bank's registry.
type Entry struct {
	ID       string // ours
	BankID   string
	Amount   register.Money
	Refunded register.Money // in all, since it was paid
	Paid     time.Time
}
