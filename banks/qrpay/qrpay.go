// Package qrpay speaks QRPay API 1.0 (dev.moysklad.ru/doc/api/qr-pay/1.0) as the caller: the protocol in which Kassa
// MoySklad asks any provider of QR payments for a code. A provider that was written for it works with this package.
//
// There are three calls, each with the sum in kopecks and an id of ours: payment/qr gives the string for the code,
// payment/state says IN_PROGRESS, DONE or REJECTED, payment/cancel closes what is unpaid and gives back what is paid,
// whole or in part, with an empty answer. Each request carries a token that the caller signs and that works once; the
// provider checks it with the caller's public keys, see Keyed.
//
// The protocol has no word for a code that was closed or has expired, nor for money that went back. That shapes the
// code in three ways. A code is closed between two looks at its state, so that a code that nobody paid is told from one
// whose payer was faster. What a provider says of a code that this side has closed is understood by
// banks.Ref.State. And a refund whose answer was lost can be told by asking in one case alone: when it was for all
// that was left, it is sent again, since nobody can give the same money back twice. Of a smaller one the answers
// tell nothing, and a person looks at the provider.
package qrpay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"kassa/banks"
	"kassa/banks/bankhttp"
)

// Name is this protocol's name among the banks.
const Name = "qrpay"

// capabilities: the protocol itself names no limits. The sums are those between which SBP takes money, the pace is
// modest, and the life is not the provider's to know: this side closes a code when its time is over.
var capabilities = banks.Capabilities{
	MinAmount:     1,
	MaxAmount:     1_000_000_00,
	MinLife:       time.Minute,
	MaxLife:       24 * time.Hour,
	Poll:          2 * time.Second,
	Rate:          10,
	PartialRefund: true,
	LookUp:        true,
	Close:         true,
	CloseRefunds:  true,
}

// Keyed is a bank that checks its callers by public keys which it fetches from them. Whoever runs it serves the
// document at /.well-known/jwks.json of an address that the provider is told. A program that has several such banks
// serves the keys of all of them in one document.
type Keyed interface {
	// JWKS gives the public keys as a JSON Web Key Set (RFC 7517).
	JWKS() []byte
}

// Config is what an agreement with a provider gives.
type Config struct {
	BaseURL string // the provider's endpointBase; https, or http on loopback
	CA      string // PEM; trusted in addition to the system's
	Account string // accountId
	Store   string // retailStoreId

	PrivateKey string // RSA in PEM, of 2048 bits or more; it signs and is not sent
	KeyID      string // names the key (kid); the key's thumbprint (RFC 7638) when empty
	Issuer     string // who signs (iss)

	Clock     func() time.Time  // time.Now when nil
	Timeout   time.Duration     // of one request; ten seconds when zero
	Public    bool              // keeps to addresses on the internet; see banks.Options
	Transport http.RoundTripper // carries the calls; nil for the network
}

// Format keeps the key out of everything that prints a Config.
func (c Config) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "qrpay account "+c.Account+", store "+c.Store+" at "+c.BaseURL)
}

// LogValue keeps the key out of logs.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(slog.String("base_url", c.BaseURL), slog.String("account", c.Account), slog.String("store", c.Store))
}

// Bank is one store at a provider. It is safe for concurrent use.
type Bank struct {
	http    *bankhttp.Client
	account string
	store   string
	clock   func() time.Time
	signer  *signer
}

// Bank is both.
var (
	_ banks.Bank = (*Bank)(nil)
	_ Keyed      = (*Bank)(nil)
)

// New checks the configuration; it sends nothing. The error matches banks.ErrSettings.
func New(c Config) (*Bank, error) {
	for field, value := range map[string]string{fieldAccount: c.Account, fieldStore: c.Store, fieldIssuer: c.Issuer} {
		if value == "" || len(value) > maxName {
			return nil, fmt.Errorf("%w: %s must have 1 to %d letters", banks.ErrSettings, field, maxName)
		}
	}
	if len(c.KeyID) > maxName {
		return nil, fmt.Errorf("%w: %s is longer than %d letters", banks.ErrSettings, fieldKeyID, maxName)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	signer, err := newSigner(c.PrivateKey, c.KeyID, c.Issuer)
	if err != nil {
		return nil, err
	}
	client, err := bankhttp.New(bankhttp.Config{BaseURL: c.BaseURL, CA: c.CA, Timeout: c.Timeout, Public: c.Public, Transport: c.Transport})
	if err != nil {
		return nil, err
	}
	return &Bank{http: client, account: c.Account, store: c.Store, clock: c.Clock, signer: signer}, nil
}

// maxName is how long an account, a store, a key's id or an issuer may be.
const maxName = 200

// Name is "qrpay".
func (b *Bank) Name() string { return Name }

// Can tells what the protocol can do.
func (b *Bank) Can() banks.Capabilities { return capabilities }

// JWKS gives the public half of the key; see Keyed.
func (b *Bank) JWKS() []byte { return b.signer.jwks() }

// Check asks for an operation that does not exist: a provider looks at the token first.
func (b *Bank) Check(ctx context.Context) error {
	_, err := b.state(ctx, "kassa-check", capabilities.MinAmount)
	if errors.Is(err, banks.ErrNotFound) {
		return nil
	}
	return err
}
