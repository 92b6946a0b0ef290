package qrpay_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/banktest"
	"kassa/banks/qrpay"
	"kassa/banks/qrpay/qrpaysim"
)

const (
	account = "3066cc26-67ca-11f0-0a83-147100000002"
	store   = "3238f1cc-67ca-11f0-0a80-0383000000be"
	issuer  = "https://kassa.example"
)

// newKey makes a private key in PEM.
func newKey(t *testing.T, bits int) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// keys are two keys for all tests: making them takes long. The second is nobody's.
var keys = sync.OnceValue(func() [2]string {
	var made [2]string
	for i := range made {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		made[i] = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	}
	return made
})

func config(url string, c *banktest.Clock) qrpay.Config {
	return qrpay.Config{
		BaseURL: url, Account: account, Store: store, Issuer: issuer, PrivateKey: keys()[0], Clock: c.Now, Timeout: time.Minute,
	}
}

func connect(t *testing.T, conf qrpay.Config) *qrpay.Bank {
	t.Helper()
	b, err := qrpay.New(conf)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// serve serves until the test ends and gives the address.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// open starts a practice provider that fetches the caller's keys, and gives it with an adapter and their clock.
func open(t *testing.T, mute bool) (*qrpaysim.Bank, *qrpay.Bank, qrpay.Config, *banktest.Clock) {
	t.Helper()
	c := banktest.NewClock()
	conf := config("http://127.0.0.1:1", c)
	jwks := connect(t, conf).JWKS()
	caller := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/jwks.json" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(jwks)
	}))
	sim, err := qrpaysim.New(qrpaysim.Config{
		Account: account, Store: store, Issuer: issuer, JWKS: caller + "/.well-known/jwks.json", Mute: mute, Clock: c.Now,
		Hang: 20 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	conf.BaseURL = serve(t, sim.Handler()) + qrpaysim.Path
	return sim, connect(t, conf), conf, c
}

func TestBank(t *testing.T) {
	banktest.Run(t, func(t *testing.T) banktest.Fixture {
		sim, bank, conf, c := open(t, false)
		once := func(f banksim.Fault) func() {
			return func() {
				if err := sim.Break(banksim.Plan{Name: f, Times: 1}); err != nil {
					t.Fatal(err)
				}
			}
		}
		return banktest.Fixture{
			Bank: bank,
			Now:  c.Now, Advance: c.Advance,
			Pay:                   func(id string) error { return sim.Pay(id, false) },
			PayLate:               func(id string) error { return sim.Pay(id, true) },
			Reject:                sim.Reject,
			At:                    func(id string) []banktest.Held { return held(sim, id) },
			Troubles:              troubles(t, sim),
			Mend:                  sim.Mend,
			PayDuringCancel:       once(qrpaysim.PaidDuringCancel),
			NextCodeDiffers:       once(qrpaysim.PayloadOtherSum),
			NextCodeOtherCurrency: once(qrpaysim.PayloadCurrency),
			NextCodeBare:          once(qrpaysim.PayloadBare),
			Refuse:                once(qrpaysim.Refuse),
			WrongPassword: func(t *testing.T) banks.Bank {
				conf.PrivateKey = keys()[1]
				return connect(t, conf)
			},
		}
	})
}

// troubles are the faults of the connection and of the answer, at each method and at all of them for good.
func troubles(t *testing.T, sim *qrpaysim.Bank) map[string]func() {
	arm := func(f banksim.Fault, method string, times int) func() {
		return func() {
			if err := sim.Break(banksim.Plan{Name: f, Times: times, Method: method, Delay: 20 * time.Millisecond}); err != nil {
				t.Fatal(err)
			}
		}
	}
	all := map[string]func(){}
	for _, f := range []banksim.Fault{
		banksim.AnswerLost, banksim.AnswerHangs, banksim.RequestLost, banksim.RequestHangs, banksim.HTTP500, banksim.HTTP503,
		banksim.HTTP504, banksim.HTTP429, banksim.HTTP500After, banksim.Slow, banksim.Nonsense, banksim.Truncated, banksim.Huge,
		banksim.Redirect, qrpaysim.UnknownStatus, qrpaysim.OtherPayment, qrpaysim.PayloadBare, qrpaysim.PayloadCRC,
		qrpaysim.PayloadMissing, qrpaysim.Refuse, qrpaysim.TokenRefused, qrpaysim.NotFound,
	} {
		all[string(f)+" once"] = arm(f, "", 1)
		all[string(f)+" for good"] = arm(f, "", 0)
	}
	for _, f := range []banksim.Fault{banksim.AnswerLost, banksim.RequestLost, banksim.Nonsense, qrpaysim.Refuse} {
		for _, method := range []string{"qr", "state", "cancel"} {
			all[string(f)+" at "+method] = arm(f, method, 1)
		}
	}
	return all
}

func held(sim *qrpaysim.Bank, id string) []banktest.Held {
	var list []banktest.Held
	for _, p := range sim.Payments(id) {
		list = append(list, banktest.Held{BankID: p.ID, Paid: p.Status == "DONE", Amount: p.Amount, Refunded: p.Refunded})
	}
	return list
}
