// Package tbank speaks T-Bank's acquiring API v2 (developer.tbank.ru/eacq): SBP payments by dynamic QR.
//
// A payment is opened with Init and its code fetched with GetQr; GetState and, by our own id, CheckOrder tell where it
// stands; Cancel closes it before the payment and refunds it after. Every request is signed with the terminal's
// password, which itself is never sent. Errors of the business come with HTTP 200.
//
// Three things about this API shape the code. Init is not idempotent: our id goes as OrderId, and after a lost answer,
// or when the bank calls the order a duplicate, CheckOrder finds the payment that was made. A Cancel that arrives just
// after the payer confirmed is a refund; only the status in its answer tells which it was. And a refund has no id of
// ours: what became of one is told by the payment's status and sums, as far as they can tell (see refund.go).
package tbank

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"kassa/banks"
	"kassa/banks/bankhttp"
)

// Production is the bank's address. A terminal whose key ends in DEMO is used at the same address.
const Production = "https://securepay.tinkoff.ru/v2/"

// The limits that the bank documents for SBP.
var capabilities = banks.Capabilities{
	MinAmount: 10_00,
	MaxAmount: 1_000_000_00,
	MinLife:   time.Minute,
	MaxLife:   90 * 24 * time.Hour,
	Poll:      3 * time.Second, // the pace of the bank's own SDK; the document names none
	Rate:      10,              // the document names none; it has codes for too many calls

	PartialRefund: true,
	LookUp:        true,
	Close:         true,
	CloseRefunds:  true,
}

// Config is what a shop's contract with the bank gives.
type Config struct {
	BaseURL  string // up to and with "/v2/"; https, or http on loopback
	Terminal string // TerminalKey
	Password string // the terminal's; it signs requests and is not sent
	CA       string // PEM; trusted in addition to the system's: the bank moves to the Russian Trusted CA

	Clock     func() time.Time  // time.Now when nil
	Timeout   time.Duration     // of one request; ten seconds when zero
	Public    bool              // keeps to addresses on the internet; see banks.Options
	Transport http.RoundTripper // carries the calls; nil for the network
}

// Format keeps the password out of everything that prints a Config.
func (c Config) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "tbank terminal "+c.Terminal+" at "+c.BaseURL)
}

// LogValue keeps the password out of logs.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(slog.String("base_url", c.BaseURL), slog.String("terminal", c.Terminal))
}

// Bank is one terminal at T-Bank. It is safe for concurrent use.
type Bank struct {
	http     *bankhttp.Client
	terminal string
	clock    func() time.Time
	// The password lives in these two alone, where nothing that prints a Bank can reach it.
	sign   func(root map[string]any) string
	redact func(text string) string
}

// New checks the configuration; it sends nothing. The error matches banks.ErrSettings.
func New(c Config) (*Bank, error) {
	client, err := bankhttp.New(bankhttp.Config{BaseURL: c.BaseURL, CA: c.CA, Timeout: c.Timeout, Public: c.Public, Transport: c.Transport})
	if err != nil {
		return nil, err
	}
	// The newest text of the bank allows 64 letters, the older one 20.
	if c.Terminal == "" || len(c.Terminal) > 64 {
		return nil, fmt.Errorf("%w: %s must have 1 to 64 letters", banks.ErrSettings, fieldTerminal)
	}
	if c.Password == "" {
		return nil, fmt.Errorf("%w: %s is empty", banks.ErrSettings, fieldPassword)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return &Bank{
		http:     client,
		terminal: c.Terminal,
		clock:    c.Clock,
		sign:     func(root map[string]any) string { return Token(root, c.Password) },
		redact:   func(text string) string { return strings.ReplaceAll(text, c.Password, "***") },
	}, nil
}

// Name is "tbank".
func (b *Bank) Name() string { return name }

// Can tells the limits that the bank documents for SBP.
func (b *Bank) Can() banks.Capabilities { return capabilities }

// Check asks for an order that does not exist: the bank looks at the terminal and the signature first.
func (b *Bank) Check(ctx context.Context) error {
	_, err := b.checkOrder(ctx, "kassa-check")
	if errors.Is(err, banks.ErrNotFound) {
		return nil
	}
	return err
}
