// Package qrpaysim is a practice provider of QRPay API 1.0 (dev.moysklad.ru/doc/api/qr-pay/1.0) over real HTTP, as strict
// as the document is about tokens and bodies, with controls in place of the payer and of everything that can go
// wrong. The code under test never knows that it talks to it: it is given another base URL.
//
// The provider answers under /qrpay/: payment/qr, payment/state and payment/cancel. It fetches the caller's public keys
// from the address that Config.JWKS names, finds the key by the token's kid, checks signature, issuer, iat and exp, and
// refuses an id that it has seen before. A field that it does not know is refused: a wrong name should be found here.
//
// What the document leaves open it does like this. The same payment/qr again gives the same string while nobody has
// paid, and is refused with another sum or when the payment is over. Closing what is closed, and giving back what has
// all gone back, is answered like the first time and does nothing. A cancel that arrives while the payer's bank works is
// refused. A code has a life of its own; afterwards, or when it was cancelled, payment/state says REJECTED, or, with
// Config.Mute, goes on with IN_PROGRESS: the document has no word for either. Money that went back is DONE still.
//
// The controls are under /control/ and are those of banksim.AddControls; a payment's id is the operation's. The faults
// are banksim's, those below, and fit the methods qr, state and cancel.
//
// The provider is deterministic: what it does depends on its clock and on what it was asked. Payments live in memory.
package qrpaysim

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"kassa/banks/banksim"
	"kassa/register"
)

// Path is where the provider's interface is, below its address.
const Path = "/qrpay/"

// Config is a provider's agreement with one shop.
type Config struct {
	Account string // accountId
	Store   string // retailStoreId
	Issuer  string // what the tokens' iss must be
	JWKS    string // the address of the caller's public keys
	Keys    []byte // the keys themselves, in place of JWKS

	Mute  bool             // has no word for what was closed
	Life  time.Duration    // of a code; fifteen minutes when zero
	Clock func() time.Time // time.Now when nil
	Hang  time.Duration    // how long a request that is not answered is held, at most; thirty seconds when zero
}

// Faults of the provider, beside those of banksim.
const (
	UnknownStatus    banksim.Fault = "unknown-status"     // state: a word that no document has
	OtherPayment     banksim.Fault = "other-payment"      // qr, state: operationId is another one
	PayloadBare      banksim.Fault = "payload-bare"       // qr: the link has no query
	PayloadOtherSum  banksim.Fault = "payload-other-sum"  // qr: the link names one kopeck more
	PayloadCurrency  banksim.Fault = "payload-currency"   // qr: the link names another currency
	PayloadCRC       banksim.Fault = "payload-crc"        // qr: the link's checksum is wrong
	PayloadMissing   banksim.Fault = "payload-missing"    // qr: no link
	Refuse           banksim.Fault = "refuse"             // no effect, HTTP 422 with the code that code says, 1 by default
	TokenRefused     banksim.Fault = "token-refused"      // no effect, HTTP 401 whatever the token is
	NotFound         banksim.Fault = "not-found"          // state, cancel: the payment is not to be seen yet
	PaidDuringCancel banksim.Fault = "paid-during-cancel" // cancel: the payer pays just before it, so that it is a refund
	PaidAfterCancel  banksim.Fault = "paid-after-cancel"  // cancel: the code is closed, and paid after all a moment later
	RefundNoBalance  banksim.Fault = "refund-no-balance"  // cancel: a refund is refused, the shop's balance is too small
	RepeatRefused    banksim.Fault = "repeat-refused"     // cancel: a refund is refused when nothing is left
)

var methods = []string{methodQR, methodState, methodCancel}

// The methods, as faults name them.
const (
	methodQR     = "qr"
	methodState  = "state"
	methodCancel = "cancel"
)

var faults = map[banksim.Fault][]string{
	UnknownStatus:    {methodState},
	OtherPayment:     {methodQR, methodState},
	PayloadBare:      {methodQR},
	PayloadOtherSum:  {methodQR},
	PayloadCurrency:  {methodQR},
	PayloadCRC:       {methodQR},
	PayloadMissing:   {methodQR},
	Refuse:           nil,
	TokenRefused:     nil,
	NotFound:         {methodState, methodCancel},
	PaidDuringCancel: {methodCancel},
	PaidAfterCancel:  {methodCancel},
	RefundNoBalance:  {methodCancel},
	RepeatRefused:    {methodCancel},
}

// Bank is the practice provider. It is safe for concurrent use.
type Bank struct {
	*banksim.Faults

	conf   Config
	tokens *tokens

	mu       sync.Mutex
	payments []*payment // oldest first
}

// New opens a provider that knows one shop.
func New(c Config) (*Bank, error) {
	if c.Account == "" || c.Store == "" || c.Issuer == "" {
		return nil, errors.New("qrpaysim: an account, a store and an issuer are needed")
	}
	if (c.JWKS == "") == (len(c.Keys) == 0) {
		return nil, errors.New("qrpaysim: either the caller's keys or their address is needed")
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Life == 0 {
		c.Life = 15 * time.Minute
	}
	if c.Hang == 0 {
		c.Hang = 30 * time.Second
	}
	tokens, err := newTokens(c)
	if err != nil {
		return nil, err
	}
	return &Bank{Faults: banksim.NewFaults(methods, faults), conf: c, tokens: tokens}, nil
}

// Handler serves the provider under Path and its controls under /control/.
func (b *Bank) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+Path+"payment/{method}", b.serve)
	banksim.AddControls(mux, b, b.Faults)
	return mux
}

// Payments lists the payments of an operation, or all of them when order is empty, oldest first.
func (b *Bank) Payments(order string) []banksim.Payment {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []banksim.Payment{}
	for _, p := range b.payments {
		if order == "" || p.id == order {
			p.tick(b.conf.Clock())
			list = append(list, p.tell())
		}
	}
	return list
}

// Pay is the payer paying. With late it works for a payment that is closed already, as happens when a payer confirmed
// in time and the provider hears of it too late.
func (b *Bank) Pay(id string, late bool) error {
	return b.control(id, func(p *payment) bool { return p.pay(late) })
}

// Process makes the payer confirm and his bank work on it.
func (b *Bank) Process(id string) error {
	return b.control(id, func(p *payment) bool { return p.move(processing, waiting) })
}

// Reject makes the payer's bank refuse.
func (b *Bank) Reject(id string) error {
	return b.control(id, func(p *payment) bool { return p.move(rejected, waiting, processing) })
}

// Expire ends the code's time now.
func (b *Bank) Expire(id string) error {
	return b.control(id, func(p *payment) bool { return p.move(expired, waiting, processing) })
}

// Refund is a refund made at the provider; amount zero means all that is left.
func (b *Bank) Refund(id string, amount register.Money) error {
	return b.control(id, func(p *payment) bool {
		if amount == 0 {
			amount = p.left()
		}
		if p.status != done || amount < 1 || amount > p.left() {
			return false
		}
		p.refunded += amount
		return true
	})
}

// control does something to a payment as it is now.
func (b *Bank) control(id string, do func(*payment) bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.find(id)
	if p == nil {
		return fmt.Errorf("%w: %q", banksim.ErrNoPayment, id)
	}
	p.tick(b.conf.Clock())
	if was := p.status; !do(p) {
		return fmt.Errorf("%w: %s is %s", banksim.ErrStatus, id, was)
	}
	return nil
}

// find gives the payment of an operation, or nil.
func (b *Bank) find(id string) *payment {
	i := slices.IndexFunc(b.payments, func(p *payment) bool { return p.id == id })
	if i < 0 {
		return nil
	}
	return b.payments[i]
}
