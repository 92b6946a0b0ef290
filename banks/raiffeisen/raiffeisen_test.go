package raiffeisen_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/banktest"
	"kassa/banks/raiffeisen"
	"kassa/banks/raiffeisen/raiffeisensim"
)

const (
	secretKey = "sim-secret-key"
	merchant  = "MA0000000001"
)

// open starts a practice bank on loopback and gives it with its address and its clock.
func open(t *testing.T) (*raiffeisensim.Bank, string, *banktest.Clock) {
	t.Helper()
	c := banktest.NewClock()
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
func connect(t *testing.T, url, key string, c *banktest.Clock, timeout time.Duration) banks.Bank {
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
