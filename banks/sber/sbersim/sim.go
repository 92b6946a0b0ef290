// Package sbersim is a practice bank: Sber's "Плати QR" (Pay QR) API v3 over real HTTP, with or without TLS, as strict as
// the bank's OpenAPI 3.0.3 is about fields, patterns and lengths, with controls in place of the payer and of everything
// that can go wrong. The code under test never knows that it talks to it: it is given another base URL.
//
// Tokens are given under /prod/tokens/v3/oauth (and v2), one for one scope, for sixty seconds. The methods are under
// /prod/qr/order/v3/: creation, status, revocation, cancel and registry. What the gateway refuses (a token that is over
// or of another scope, a field that the schema does not have) gets an HTTP error with httpCode in it; what the bank
// itself refuses gets HTTP 200 and an error_code. Only the families of these codes are documented, their first two
// digits: here they all end in 0000, as 170000, the one that is documented whole, does.
//
// The controls are under /control/ as in package banksim (a payment's payment_id is the bank's order_id, its order_id the
// shop's order_number), and besides:
//
//	POST   /control/payments/{order_id}/fail     an attempt of the payer's fails, the order goes on waiting
//	GET    /control/payments/{order_id}/notice   the notification that the bank would send now
//	POST   /control/payments/{order_id}/notify   the bank sends it, where it has an address for it
//	GET    /control/clock                        the bank's time
//	POST   /control/clock?advance=DURATION       moves it on
//
// The methods that a fault can be narrowed to are those above, oauth, and notify, the bank's own call to the shop. The faults are those of package banksim and the
// constants here.
//
// What the bank does depends on its clock, its random numbers, and on what it was asked. Orders live in memory.
package sbersim

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"kassa/banks/banksim"
	"kassa/register"
)

// Repeat is what a second creation with the same order number comes to. The bank's documents do not say.
type Repeat string

// What it can come to.
const (
	RepeatSame    Repeat = ""        // the first order is answered, its code with it; another sum is refused
	RepeatRefused Repeat = "refused" // family 08
	RepeatSecond  Repeat = "second"  // another order; /status tells of the newest
)

// Config is a bank's contract with one shop.
type Config struct {
	ClientID     string
	ClientSecret string
	MemberID     string
	IDQR         string
	TID          string // IDQR when empty

	Notify string       // the URL that notifications of operations go to; none are sent when empty
	HTTP   *http.Client // sends them; one that waits for ten seconds when nil

	Clock  func() time.Time // time.Now when nil
	Random io.Reader        // of tokens and ids; crypto/rand when nil
	Hang   time.Duration    // how long a request that is not answered is held, at most; thirty seconds when zero

	TokenLife      time.Duration // a minute when zero
	Life           time.Duration // after which an unpaid order is EXPIRED; never when zero, as the documents have it
	Repeat         Repeat
	ShowRefunded   bool          // order_state becomes REFUNDED or REVERSED; else it stays PAID, as a client of the bank warns
	Rate           int           // calls a second, above which HTTP 429 comes; no limit when zero
	RegistryPeriod time.Duration // the longest of a registry; 48 hours when zero
	// Stub makes it behave as the bank's own test address: an order is paid by itself after a minute, and a creation for
	// 60.02 roubles ends in HTTP 504 without an order.
	Stub bool
}

// Bank is the practice bank. It is safe for concurrent use.
type Bank struct {
	conf   Config
	faults *banksim.Faults

	mu      sync.Mutex
	ahead   time.Duration // of the clock
	orders  []*order      // oldest first
	ids     map[string]*order
	numbers map[string]*order // the newest of each
	tokens  map[string]token
	notes   []*note       // on their way, oldest first
	wake    chan struct{} // tells Run of a new one
	counter int           // of operations and codes
	second  time.Time
	calls   int // in that second
}

// New opens a bank that knows one shop.
func New(c Config) (*Bank, error) {
	if c.ClientID == "" || c.ClientSecret == "" || c.MemberID == "" || c.IDQR == "" {
		return nil, errors.New("sbersim: a client id, a client secret, a member id and an id_qr are needed")
	}
	if c.TID == "" {
		c.TID = c.IDQR
	}
	if !shortID.MatchString(c.MemberID) || !shortID.MatchString(c.TID) || !longID.MatchString(c.IDQR) {
		return nil, errors.New("sbersim: member id and tid have 1 to 8 letters and digits, id_qr has 1 to 36")
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 10 * time.Second}
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Hang == 0 {
		c.Hang = 30 * time.Second
	}
	if c.TokenLife == 0 {
		c.TokenLife = time.Minute
	}
	if c.RegistryPeriod == 0 {
		c.RegistryPeriod = 48 * time.Hour
	}
	return &Bank{conf: c, faults: newFaults(), wake: make(chan struct{}, 1), tokens: map[string]token{}, ids: map[string]*order{}, numbers: map[string]*order{}}, nil
}

// Handler serves the bank and its controls. Over TLS it is served on what CA.Listen gives.
func (b *Bank) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /prod/tokens/v3/oauth", b.serveToken)
	mux.HandleFunc("POST /prod/tokens/v2/oauth", b.serveToken)
	mux.HandleFunc("POST /prod/qr/order/v3/{method}", b.serveMethod)
	b.addControls(mux)
	return mux
}

// Payments lists the orders with a number of the shop's, or all of them when it is empty, oldest first.
func (b *Bank) Payments(number string) []banksim.Payment {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []banksim.Payment{}
	for _, o := range b.orders {
		if number == "" || o.number == number {
			b.tick(o)
			list = append(list, o.tell(b.conf))
		}
	}
	return list
}

// Pay is the payer paying. With late it works for an order that is closed already, as happens when a payer confirmed
// in time and the bank hears of it too late.
func (b *Bank) Pay(id string, late bool) error {
	return b.control(id, func(o *order) bool { return b.pay(o, late) })
}

// Process makes the payer confirm and the bank work on it.
func (b *Bank) Process(id string) error {
	return b.control(id, func(o *order) bool { return o.move(onPayment) })
}

// Fail is an attempt of the payer's that comes to nothing: the order waits on.
func (b *Bank) Fail(id string) error {
	return b.control(id, func(o *order) bool {
		if o.state != created && o.state != onPayment {
			return false
		}
		o.state = created
		b.operate(o, "PAY", o.amount, "51", "Недостаточно средств")
		return true
	})
}

// Reject makes the bank decline the order.
func (b *Bank) Reject(id string) error {
	return b.control(id, func(o *order) bool {
		done := o.move(declined)
		if done {
			b.tell(o)
		}
		return done
	})
}

// Expire ends the order now.
func (b *Bank) Expire(id string) error {
	return b.control(id, func(o *order) bool { return o.move(expired) })
}

// Refund is a refund made in the bank's cabinet; amount zero means all that is left.
func (b *Bank) Refund(id string, amount register.Money) error {
	return b.control(id, func(o *order) bool {
		if amount == 0 {
			amount = o.left()
		}
		if o.state != paid || amount < 1 || amount > o.left() {
			return false
		}
		b.operate(o, "REFUND", amount, "00", "OK")
		return true
	})
}

// Now is the bank's time.
func (b *Bank) Now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now()
}

// Advance moves the bank's time on.
func (b *Bank) Advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ahead += d
}

func (b *Bank) now() time.Time { return b.conf.Clock().Add(b.ahead).UTC() }

// control does something to an order as it is now.
func (b *Bank) control(id string, do func(*order) bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.find(id)
	if o == nil {
		return fmt.Errorf("%w: %q", banksim.ErrNoPayment, id)
	}
	if was := o.state; !do(o) {
		return fmt.Errorf("%w: %s is %s", banksim.ErrStatus, id, was)
	}
	return nil
}

// find gives the order with the bank's id, brought up to now, or nil.
func (b *Bank) find(id string) *order { return b.current(b.ids[id]) }

// numbered gives the newest order with a number of the shop's, brought up to now, or nil.
func (b *Bank) numbered(number string) *order { return b.current(b.numbers[number]) }

func (b *Bank) current(o *order) *order {
	if o != nil {
		b.tick(o)
	}
	return o
}

// random gives n random bytes in hex.
func (b *Bank) random(n int) (string, error) {
	id := make([]byte, n)
	if _, err := io.ReadFull(b.conf.Random, id); err != nil {
		return "", fmt.Errorf("sbersim: random numbers: %w", err)
	}
	return hex.EncodeToString(id), nil
}
