// Package tbanksim is a practice bank: the SBP part of T-Bank's acquiring API v2 over real HTTP, as strict as the
// document is about signatures, types and lengths, with controls in place of the payer and of everything that can go
// wrong. The code under test never knows that it talks to it: it is given another base URL.
//
// The bank answers under /v2/: Init, GetQr, GetState, CheckOrder, Cancel, GetQrState and, for terminals whose key ends
// in DEMO, SbpPayTest. A field that it does not know is refused, where the real bank would pass over it: a wrong name
// should be found here.
//
// The controls are under /control/ and are those of banksim.AddControls; a payment's id is its PaymentId. Beside them,
// POST /control/payments/{id}/notify makes the bank tell of a payment's status again. The faults are the constants of
// type Fault; a fault's method is one of the bank's, or "Notification".
//
// Notifications go to the URL of the terminal, or to that of the payment's Init, while Run runs or when Deliver is called;
// one that is not answered with "OK" is sent again each hour of the first day and each day of a month.
//
// The bank is deterministic: what it does depends on its clock and on what it was asked. Payments live in memory. Ids
// begin at the clock's time of start, so that a restarted bank does not give an id again.
package tbanksim

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"kassa/banks/banksim"
	"kassa/register"
)

// Config is a bank's contract with one shop.
type Config struct {
	Terminal string
	Password string

	Clock      func() time.Time // time.Now when nil
	RefundTime time.Duration    // how long a refund is under way; two seconds when zero
	Hang       time.Duration    // how long a request that is not answered is held, at most; thirty seconds when zero

	// AmountShrinks makes Amount in GetState, CheckOrder and notifications what a partial refund left of the sum. The
	// bank's document does not say whether it is that or the sum itself.
	AmountShrinks bool

	Notify string       // the URL that notifications go to; an Init's own NotificationURL goes before it; none when empty
	HTTP   *http.Client // sends the notifications; one with a deadline of ten seconds when nil
	Log    *slog.Logger // of notifications that were not taken; silent when nil
}

// Bank is the practice bank. It is safe for concurrent use.
type Bank struct {
	conf   Config
	faults *banksim.Faults

	mu       sync.Mutex
	payments []*payment // oldest first
	nextID   int64
	outbox   []*note // notifications that were not taken yet, in the order of their making
}

// New opens a bank that knows one terminal.
func New(c Config) (*Bank, error) {
	if c.Terminal == "" || c.Password == "" {
		return nil, errors.New("tbanksim: a terminal and a password are needed")
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
		c.HTTP = &http.Client{Timeout: 10 * time.Second}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Bank{conf: c, faults: newFaults(), nextID: c.Clock().Unix()*1000 + 1}, nil
}

// Handler serves the bank under /v2/ and its controls under /control/.
func (b *Bank) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v2/{method}", b.serveMethod)
	b.addControls(mux)
	return mux
}

// Payment is what the controls tell of a payment.
type Payment = banksim.Payment

// Payments lists the payments of an order, or all of them when order is empty, oldest first.
func (b *Bank) Payments(order string) []Payment {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []Payment{}
	for _, p := range b.payments {
		if order == "" || p.order == order {
			p.tick(b.conf.Clock())
			list = append(list, p.tell())
		}
	}
	return list
}

// Pay is the payer paying. With late it works for a payment that is closed already, as happens when a payer confirmed
// in time and the bank hears of it too late.
func (b *Bank) Pay(id string, late bool) error {
	return b.control(id, func(p *payment, _ time.Time) bool { return p.pay(late) })
}

// Process makes the payer confirm and the bank work on it.
func (b *Bank) Process(id string) error {
	return b.control(id, func(p *payment, _ time.Time) bool { return p.moveUnpaid(authorizing) })
}

// Reject makes the bank refuse the payer.
func (b *Bank) Reject(id string) error {
	return b.control(id, func(p *payment, _ time.Time) bool { return p.moveUnpaid(rejected) })
}

// Expire ends the code's time now.
func (b *Bank) Expire(id string) error {
	return b.control(id, func(p *payment, _ time.Time) bool { return p.moveUnpaid(deadlineExpired) })
}

// Refund is a refund made in the bank's cabinet, done at once; amount zero means all that is left.
func (b *Bank) Refund(id string, amount register.Money) error {
	return b.control(id, func(p *payment, _ time.Time) bool {
		if amount == 0 {
			amount = p.left()
		}
		if p.status != confirmed && p.status != partialRefunded || amount < 1 || amount > p.left() {
			return false
		}
		p.lastRefund, p.cancelCode, p.cancelWords = amount, "", ""
		p.giveBack(amount)
		return true
	})
}

// control does something to a payment as it is now.
func (b *Bank) control(id string, do func(*payment, time.Time) bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.find(id)
	if p == nil {
		return fmt.Errorf("%w: %q", banksim.ErrNoPayment, id)
	}
	now := b.conf.Clock()
	p.tick(now)
	if was := p.status; !do(p, now) {
		return fmt.Errorf("%w: %s is %s", banksim.ErrStatus, id, was)
	}
	return nil
}

// find gives the payment with the bank's id, or nil.
func (b *Bank) find(id string) *payment {
	i := slices.IndexFunc(b.payments, func(p *payment) bool { return p.id == id })
	if i < 0 {
		return nil
	}
	return b.payments[i]
}

// open makes a payment.
func (b *Bank) open(order string, amount register.Money, now, expires time.Time) *payment {
	p := &payment{
		notify: b.conf.Notify,
		id:     strconv.FormatInt(b.nextID, 10),
		number: b.nextID,
		order:  order, amount: amount,
		status: statusNew, created: now, expires: expires,
	}
	b.nextID++
	b.payments = append(b.payments, p)
	return p
}
