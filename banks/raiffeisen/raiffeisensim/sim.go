// Package raiffeisensim is a practice bank: the part of Raiffeisenbank's SBP API that a till needs, over real HTTP, as
// strict as the bank's document (sbp.yaml) about fields, patterns, lengths, dates and sums, with controls in place of the
// payer and of everything that can go wrong. The code under test never knows that it talks to it: it is given another
// base URL.
//
// The bank answers under /api/ the calls of the document: qr/register (dynamic codes only), qrs/{qrId} (GET and DELETE),
// qr/{qrId}/info, qr/{qrId}/payment-info, refund, refund/{refundId} and settings/v1/callback, the address that
// notifications go to. A field that it does not know is refused, where the real bank may pass over it: a wrong name
// should be found here. Sums are written the way the document's samples have them, 1110.11 and 12399.1 and 150, and in
// notifications with both decimals, so that nobody signs what he has not read.
//
// What the document leaves open is decided against the caller. An order that has no successful payment may be registered
// again, and both codes can be paid (Config.OnePayment changes that). A refund's id is taken once. Errors of version 2
// of the API come with HTTP 4xx, those of version 1 with HTTP 200.
//
// The controls are those of package banksim, and:
//
//	GET    /control/notifications       what was sent, and what waits to be
//	GET    /control/clock               the bank's time
//	POST   /control/clock?advance=15m   moves it
//
// The faults of the connection are those of package banksim, the bank's own are this package's constants; their methods
// are Register, QR, Info, PaymentInfo, Delete, Refund, RefundInfo, Callback and, of notifications, Notice.
//
// The bank is deterministic: what it does depends on its clock and on what it was asked. Codes live in memory. Ids begin
// at the clock's time of start, so that a restarted bank does not give an id again.
package raiffeisensim

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"kassa/banks/banksim"
	"kassa/register"
)

// Config is a bank's contract with one shop.
type Config struct {
	SecretKey string
	Merchant  string // sbpMerchantId
	Account   string // of twenty digits: the only one that a code may name; empty for none

	Clock      func() time.Time // time.Now when nil
	RefundTime time.Duration    // how long a refund is under way; two seconds when zero
	Hang       time.Duration    // how long a request that is not answered is held, at most; thirty seconds when zero
	OnePayment bool             // the second code of an order cannot be paid after the first
	Callback   string           // where notifications go until settings/v1/callback says; none when empty
	HTTP       *http.Client     // sends notifications; one with a limit of five seconds when nil
}

// Bank is the practice bank. It is safe for concurrent use.
type Bank struct {
	conf   Config
	faults *banksim.Faults

	mu       sync.Mutex
	ahead    time.Duration // of the clock, by the controls
	payments []*payment    // oldest first
	byID     map[string]*payment
	byOrder  map[string][]*payment // oldest first
	refunds  map[string]*refund    // by the shop's id
	nextID   int64
	callback string
	notes    []*note // oldest first
	waiting  []*note // those that are not over

	delivering sync.Mutex
	wake       chan struct{}
}

// New opens a bank that knows one shop.
func New(c Config) (*Bank, error) {
	if c.SecretKey == "" || c.Merchant == "" {
		return nil, errors.New("raiffeisensim: a secret key and a merchant are needed")
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.RefundTime == 0 {
		c.RefundTime = 2 * time.Second
	}
	if c.Hang == 0 {
		c.Hang = 30 * time.Second
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 5 * time.Second}
	}
	return &Bank{
		conf: c, faults: newFaults(), nextID: c.Clock().Unix()*1000 + 1, callback: c.Callback, wake: make(chan struct{}, 1),
		byID: map[string]*payment{}, byOrder: map[string][]*payment{}, refunds: map[string]*refund{},
	}, nil
}

// Handler serves the bank under /api/ and its controls under /control/.
func (b *Bank) Handler() http.Handler {
	mux := http.NewServeMux()
	b.addCalls(mux)
	b.addControls(mux)
	return mux
}

// Faults are what waits to go wrong.
func (b *Bank) Faults() *banksim.Faults { return b.faults }

// Payments lists the codes of an order, or all of them when order is empty, oldest first.
func (b *Bank) Payments(order string) []banksim.Payment {
	b.mu.Lock()
	defer b.mu.Unlock()
	payments := b.payments
	if order != "" {
		payments = b.byOrder[order]
	}
	list := []banksim.Payment{}
	for _, p := range payments {
		p.tick(b.now())
		list = append(list, p.tell())
	}
	return list
}

// Held lists the codes as whoever compares books with the bank needs them, oldest first.
func (b *Bank) Held() []banksim.Held {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []banksim.Held{}
	for _, p := range b.payments {
		p.tick(b.now())
		list = append(list, banksim.Held{
			ID: p.order, BankID: p.id, Amount: p.amount, Paid: p.pay == paySuccess, Refunded: p.refunded(),
		})
	}
	return list
}

// Pay is the payer paying. With late it works for a code that is closed already, as happens when a payer confirmed in
// time and the bank hears of it too late.
func (b *Bank) Pay(id string, late bool) error {
	return b.control(id, func(p *payment) bool { return b.pay(p, late) })
}

// Process makes the payer confirm and the bank work on it.
func (b *Bank) Process(id string) error {
	return b.control(id, func(p *payment) bool {
		if p.qr != qrNew {
			return false
		}
		p.qr, p.pay = qrBusy, payBusy
		return true
	})
}

// Reject makes the bank refuse the payer. The code stays as it is, and may be tried again.
func (b *Bank) Reject(id string) error {
	return b.control(id, func(p *payment) bool {
		if p.qr != qrNew && p.qr != qrBusy {
			return false
		}
		p.qr = qrNew
		b.happens(p, payDeclined)
		return true
	})
}

// Expire ends the code's time now. A payment that the bank works on is refused with it.
func (b *Bank) Expire(id string) error {
	return b.control(id, func(p *payment) bool {
		switch p.qr {
		case qrNew:
		case qrBusy:
			b.happens(p, payDeclined)
		default:
			return false
		}
		p.qr = qrExpired
		return true
	})
}

// Refund is a refund made in the bank's cabinet, done at once; amount zero means all that is left. No call of the bank
// tells of it.
func (b *Bank) Refund(id string, amount register.Money) error {
	return b.control(id, func(p *payment) bool {
		if amount == 0 {
			amount = p.left()
		}
		if p.pay != paySuccess || amount < 1 || amount > p.left() {
			return false
		}
		p.outside += amount
		return true
	})
}

// Advance moves the bank's clock; it does not go back.
func (b *Bank) Advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ahead += max(d, 0)
	b.awake()
}

// Now is the bank's time.
func (b *Bank) Now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now()
}

func (b *Bank) now() time.Time { return b.conf.Clock().Add(b.ahead) }

// control does something to a code as it is now.
func (b *Bank) control(id string, do func(*payment) bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.byID[id]
	if p == nil {
		return fmt.Errorf("%w: %q", banksim.ErrNoPayment, id)
	}
	p.tick(b.now())
	if qr, pay := p.qr, p.pay; !do(p) {
		return fmt.Errorf("%w: %s is %s, %s", banksim.ErrStatus, id, qr, pay)
	}
	return nil
}

// open keeps a new code, and gives it its id.
func (b *Bank) open(p *payment) {
	p.number = b.nextID
	p.id = qrIDOf(p.number)
	b.nextID++
	b.payments = append(b.payments, p)
	b.byID[p.id] = p
	b.byOrder[p.order] = append(b.byOrder[p.order], p)
}

// pay takes the money.
func (b *Bank) pay(p *payment, late bool) bool {
	switch p.qr {
	case qrNew, qrBusy:
	case qrCancelled, qrExpired:
		if !late {
			return false
		}
	default:
		return false
	}
	if b.conf.OnePayment && b.paid(p.order) != nil {
		return false
	}
	p.qr = qrPaid
	b.happens(p, paySuccess)
	return true
}

// happens gives a payment its result, and tells of it.
func (b *Bank) happens(p *payment, status string) {
	b.nextID++
	p.pay, p.paidAt, p.transaction = status, b.now(), b.nextID
	b.tell(p)
}

// paid gives the oldest code of an order that was paid and from which something is left, or one from which nothing is, or
// nil.
func (b *Bank) paid(order string) *payment {
	var all *payment
	for _, p := range b.byOrder[order] {
		if p.pay == paySuccess {
			if p.left() > 0 {
				return p
			}
			all = p
		}
	}
	return all
}
