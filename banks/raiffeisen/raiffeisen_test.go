package raiffeisen_test

import (
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/raiffeisen"
	"kassa/banks/raiffeisen/raiffeisensim"
)

const (
	secretKey = "sim-secret-key"
	merchant  = "MA0000000001"
)

// clock is a clock that is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// open starts a practice bank on loopback and gives it with its address and its clock.
func open(t *testing.T) (*raiffeisensim.Bank, string, *clock) {
	t.Helper()
	c := newClock()
	sim, err := raiffeisensim.New(raiffeisensim.Config{
		SecretKey: secretKey, Merchant: merchant, Clock: c.Now, Hang: 20 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	return sim, server.URL, c
}

// connect gives an adapter for it.
func connect(t *testing.T, url, key string, c *clock, timeout time.Duration) banks.Bank {
	t.Helper()
	b, err := raiffeisen.Adapter().Open(banks.Settings{
		banks.FieldURL: url, raiffeisen.FieldSecretKey: key, raiffeisen.FieldMerchant: merchant,
	}, banks.Options{Clock: c.Now, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func arm(t *testing.T, sim *raiffeisensim.Bank, f banksim.Fault, method string, times int) func() {
	return func() {
		plan := banksim.Plan{Name: f, Times: times, Method: method, Delay: 20 * time.Millisecond}
		if err := sim.Faults().Break(plan); err != nil {
			t.Fatal(err)
		}
	}
}
