// Package sber speaks Sber's "Плати QR" (Pay QR) API v3: payments by dynamic QR, either an SBP code or Sber's own.
//
// An order is opened with /creation under a number that is our own id; /status tells where it stands by that number alone;
// /revocation closes it unpaid; /cancel gives money back, in parts if asked to; /registry lists what was paid. The bank
// knows its client by a TLS certificate and by an OAuth token, one for each scope, that lives about a minute.
// Errors of the business come with HTTP 200. The sources are the bank's OpenAPI 3.0.3 and developers.sber.ru.
//
// Three things about this API shape the code.
//
// A code has no end that the bank knows of. State goes on saying that an order waits after Request.Expires; whoever
// follows the payment cancels it then, and the adapter sends /revocation. The string for the code comes in the answer
// to /creation and nowhere else: an order whose answer was lost can be found, but not shown, and is revoked too.
//
// A refund has no id of ours, and the order's state may stay PAID after it. What went back is therefore counted from the
// order's list of operations: those of the types REFUND and REVERSE that succeeded. A refund is one operation of its whole
// sum, so a list that has grown by less does not hold it. REVERSE is never sent: it works for one day, once, and not for
// SBP, while REFUND always does.
//
// What a repeated order number does is not documented. Create never sends one twice by itself; a refusal that could be
// about it is looked into with /status.
package sber

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"kassa/banks"
	"kassa/banks/bankhttp"
)

// Production is the bank's address. Its certificate is by the Russian Ministry's authority, which few systems trust
// by themselves.
const Production = "https://mc.api.sberbank.ru:443/"

// The kinds of code, by the SBP member whose number /creation names. Without a number the bank makes a code of its own,
// which only Sber's app can read.
const (
	KindSBP  = "100000000111" // an SBP code: any bank's app pays it
	KindSBP2 = "110000000111" // the other number that the document allows
	KindOwn  = ""
)

// The bank documents a pace (X-Rate-Limit-Limit was seen in answers) and no limits of the sum or of a code's life. The
// largest sum is SBP's own; twenty minutes are how long the documents say a shop typically waits.
var capabilities = banks.Capabilities{
	MinAmount:     1,
	MaxAmount:     1_000_000_00,
	MinLife:       time.Minute,
	MaxLife:       20 * time.Minute,
	Poll:          3 * time.Second,
	Rate:          20,
	PartialRefund: true,
	LookUp:        true,
	Close:         true,
}

// Config is what a shop's contract with the bank gives.
type Config struct {
	BaseURL      string // https, or http on loopback; the paths begin with prod/
	ClientID     string
	ClientSecret string
	MemberID     string           // member_id, at most 8 characters
	IDQR         string           // id_qr; for SBP it is the terminal's number
	TID          string           // the terminal's number, at most 8 characters; IDQR when empty
	Kind         string           // KindSBP, KindSBP2 or KindOwn
	Cert         *tls.Certificate // shown to the bank; nil only where the address is not https
	CA           string           // PEM; trusted in addition to the system's

	Clock     func() time.Time  // time.Now when nil
	Random    io.Reader         // of rq_uid; crypto/rand when nil. Calls at once read it one after another
	Timeout   time.Duration     // of one request; ten seconds when zero
	Public    bool              // keeps to addresses on the internet; see banks.Options
	Transport http.RoundTripper // carries the calls; nil for the network
}

// Format keeps the secrets out of everything that prints a Config.
func (c Config) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "sber client "+c.ClientID+" at "+c.BaseURL)
}

// LogValue keeps the secrets out of logs.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(slog.String("base_url", c.BaseURL), slog.String("client_id", c.ClientID))
}

var (
	_ banks.Notified   = (*Bank)(nil)
	_ banks.Registered = (*Bank)(nil)
)

// Bank is one contract with Sber. It is safe for concurrent use.
type Bank struct {
	http   *bankhttp.Client
	tokens *tokens
	uids   *uids
	clock  func() time.Time
	cert   *x509.Certificate // of the client; nil for none

	member, idQR, tid, kind string
	// redact takes the client's secret out of a text of the bank's.
	redact func(text string) string
}

// What the bank's schema takes.
var (
	shortID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,8}$`)
	longID  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,36}$`)
)

// New checks the configuration; it sends nothing. The error matches banks.ErrSettings and names the field.
func New(c Config) (*Bank, error) {
	if c.TID == "" {
		c.TID = c.IDQR
	}
	for _, f := range []struct {
		ok         bool
		name, want string
	}{
		{c.ClientID != "" && !strings.Contains(c.ClientID, ":"), fieldClientID, "is empty, or has a colon"},
		{c.ClientSecret != "", fieldClientSecret, "is empty"},
		{shortID.MatchString(c.MemberID), fieldMemberID, "has 1 to 8 letters and digits"},
		{longID.MatchString(c.IDQR), fieldIDQR, "has 1 to 36 letters and digits"},
		{shortID.MatchString(c.TID), fieldTID, "has 1 to 8 letters and digits"},
		{c.Kind == KindSBP || c.Kind == KindSBP2 || c.Kind == KindOwn, fieldKind, "is one of sbp, sber and " + KindSBP2},
		{c.Cert != nil || !strings.HasPrefix(c.BaseURL, "https:"), fieldCert, "is needed: the bank knows its clients by it"},
	} {
		if !f.ok {
			return nil, fmt.Errorf("%w: %s %s", banks.ErrSettings, f.name, f.want)
		}
	}
	client, err := bankhttp.New(bankhttp.Config{BaseURL: c.BaseURL, CA: c.CA, Cert: c.Cert, Timeout: c.Timeout, Public: c.Public, Transport: c.Transport})
	if err != nil {
		return nil, err
	}
	b := &Bank{
		http: client, clock: c.Clock, uids: &uids{random: c.Random},
		member: c.MemberID, idQR: c.IDQR, tid: c.TID, kind: c.Kind,
		redact: func(text string) string { return strings.ReplaceAll(text, c.ClientSecret, "***") },
	}
	if b.clock == nil {
		b.clock = time.Now
	}
	if b.uids.random == nil {
		b.uids.random = rand.Reader
	}
	if c.Cert != nil {
		if b.cert, err = x509.ParseCertificate(c.Cert.Certificate[0]); err != nil {
			return nil, fmt.Errorf("%w: %s cannot be read", banks.ErrSettings, fieldCert)
		}
	}
	b.tokens = newTokens(b, c.ClientID, c.ClientSecret)
	return b, nil
}

// Name is "sber".
func (b *Bank) Name() string { return "sber" }

// Can tells what the bank can do, and the limits.
func (b *Bank) Can() banks.Capabilities { return capabilities }

// Check gets a token for each thing that is done with payments, and asks for an order that does not exist. An expired
// certificate of ours, and one of the bank's that is not trusted, are settings to mend.
func (b *Bank) Check(ctx context.Context) error {
	if b.cert != nil && b.clock().After(b.cert.NotAfter) {
		return &banks.Refusal{
			Reason: banks.ReasonSettings, Code: "certificate",
			Message: "the client certificate ended on " + b.cert.NotAfter.UTC().Format(time.DateOnly),
		}
	}
	for _, e := range []endpoint{creation, status, revocation, cancel} {
		if _, err := b.tokens.get(ctx, e.scope); err != nil {
			return certificateRefusal(err)
		}
	}
	_, err := b.order(ctx, "kassa-check")
	if errors.Is(err, banks.ErrNotFound) {
		return nil
	}
	return certificateRefusal(err)
}

// certificateRefusal makes a refusal of what went wrong with certificates, and leaves other errors as they are.
func certificateRefusal(err error) error {
	var theirs *tls.CertificateVerificationError
	var op *net.OpError
	switch {
	case errors.As(err, &theirs):
		return &banks.Refusal{
			Reason: banks.ReasonSettings, Code: "ca",
			Message: bankhttp.Clean("the bank's certificate is not trusted: "+theirs.Err.Error(), maxWords),
		}
	case errors.As(err, &op) && op.Op == "remote error":
		return &banks.Refusal{
			Reason: banks.ReasonSettings, Code: "certificate",
			Message: bankhttp.Clean("the bank does not take the client certificate: "+op.Err.Error(), maxWords),
		}
	}
	return err
}
