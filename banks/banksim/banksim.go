// Package banksim is what the practice banks have in common: how one is described, so that a program can open every
// one that there is without knowing any.
//
// A bank's simulator stands in a folder of its own beside the bank's adapter (banks/tbank/tbanksim) and exports
// a function called Sim that gives its description. Package banks/every/sims lists them all.
package banksim

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"time"

	"kassa/banks"
	"kassa/register"
)

// Sim describes a practice bank.
type Sim struct {
	Name   string // as the adapter's: "tbank"
	Title  string // for people: "T-Bank"
	Listen string // the address where it listens when none is chosen; a free port of this machine when empty
	Flags  []Flag // what its contract with a shop is made of
	// Open makes the bank; it listens nowhere and starts nothing. The error is about the options.
	Open func(o Options) (*Bank, error)
}

// Flag is one thing that can be chosen about a practice bank.
type Flag struct {
	Name    string // of the command line's flag, without dashes
	Usage   string // one line; a word in back quotes names the value
	Default string // makes a contract for practice
}

// Options are what a practice bank is opened with. The zero value of every field is usable.
type Options struct {
	Clock  func() time.Time  // time.Now when nil
	Rand   io.Reader         // keys and ids; crypto/rand when nil
	Log    *slog.Logger      // silent when nil
	Host   string            // the name or address at which it is called, for its certificate; 127.0.0.1 when empty
	Values map[string]string // of Sim.Flags, by name; the defaults where one is absent
}

// Value is the value of a flag of s, or its default.
func (o Options) Value(s Sim, name string) string {
	if v, there := o.Values[name]; there {
		return v
	}
	for _, f := range s.Flags {
		if f.Name == name {
			return f.Default
		}
	}
	return ""
}

// Bank is a practice bank that was opened.
type Bank struct {
	// Handler serves the bank's interface and, where Control is nil, the controls under /control/.
	Handler http.Handler
	TLS     *tls.Config // for serving Handler; plain HTTP when nil
	// Control serves the controls under /control/ at an address of its own, over plain HTTP: a bank that asks its callers
	// for certificates has one.
	Control http.Handler
	Path    string // of the interface below the address, with both slashes: "/v2/"
	// Settings are what the bank's adapter takes to call this one, all but the address (banks.FieldURL).
	Settings banks.Settings
	// Held lists the payments at the bank, oldest first, for whoever compares the books with it.
	Held func() []Held
	// Run does the bank's own work, such as sending notifications, until the context ends; nil where it has none.
	Run func(ctx context.Context) error
}

// Held is one payment as the bank has it.
type Held struct {
	ID       string // the shop's
	BankID   string // the bank's, by which the controls know it
	Amount   register.Money
	Paid     bool // the money came, whatever went back since
	Refunded register.Money
}

// Repeat has a bank's own work done now, after each pause and whenever wake is sent to, until the context ends. wake may be
// nil.
func Repeat(ctx context.Context, pause time.Duration, wake <-chan struct{}, work func(context.Context) int) error {
	t := time.NewTicker(pause)
	defer t.Stop()
	for {
		work(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-t.C:
		}
	}
}
