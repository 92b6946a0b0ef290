package tbank_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banktest"
	"kassa/banks/tbank"
	"kassa/banks/tbank/tbanksim"
)

func TestNewRefuses(t *testing.T) {
	good := tbank.Config{BaseURL: tbank.Production, Terminal: "1DEMO", Password: "p"}
	for name, spoil := range map[string]func(*tbank.Config){
		"no address":            func(c *tbank.Config) { c.BaseURL = "" },
		"no host":               func(c *tbank.Config) { c.BaseURL = "https:///v2/" },
		"nothing encrypted":     func(c *tbank.Config) { c.BaseURL = "http://securepay.tinkoff.ru/v2/" },
		"another scheme":        func(c *tbank.Config) { c.BaseURL = "ftp://127.0.0.1/v2/" },
		"a user in the address": func(c *tbank.Config) { c.BaseURL = "https://u:p@securepay.tinkoff.ru/v2/" },
		"a query":               func(c *tbank.Config) { c.BaseURL += "?x=1" },
		"no terminal":           func(c *tbank.Config) { c.Terminal = "" },
		"a terminal too long":   func(c *tbank.Config) { c.Terminal = strings.Repeat("1", 65) },
		"no password":           func(c *tbank.Config) { c.Password = "" },
		"no certificate":        func(c *tbank.Config) { c.CA = "PEM" },
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			spoil(&c)
			if _, err := tbank.New(c); !errors.Is(err, banks.ErrSettings) {
				t.Errorf("taken, or refused as %v", err)
			}
		})
	}
	for _, address := range []string{tbank.Production, "https://securepay.tinkoff.ru/v2", "http://127.0.0.1:1/v2/", "http://[::1]:1/v2/", "http://localhost:1/v2/"} {
		c := good
		c.BaseURL = address
		if _, err := tbank.New(c); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestPasswordStaysInside prints everything that could hold the password in every way, and makes a bank that says
// it back.
func TestPasswordStaysInside(t *testing.T) {
	const secret = "s3cr3t-Pa55"
	var sent bytes.Buffer
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(&sent, r.Body)
		_, _ = io.WriteString(w, `{"Success":false,"ErrorCode":"204","Message":"bad token for `+secret+`","Details":"`+secret+`"}`)
	}))
	defer server.Close()
	conf := tbank.Config{BaseURL: server.URL + "/v2/", Terminal: "1DEMO", Password: secret}
	b, err := tbank.New(conf)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Create(t.Context(), banks.Request{ID: "1", Amount: 1000, Expires: time.Now().Add(time.Hour)})
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", conf, "bank", b, "err", err)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", conf, "bank", b, "err", err)
	shown := log.String() + err.Error()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		shown += fmt.Sprintf(verb+verb+verb+verb, conf, &conf, b, *b) + fmt.Sprintf(verb, err)
	}
	if strings.Contains(shown, secret) || strings.Contains(shown, fmt.Sprintf("%x", secret)) {
		t.Errorf("it was shown: %s", shown)
	}
	if sent.Len() == 0 || strings.Contains(sent.String(), secret) {
		t.Errorf("it was sent: %s", sent.String())
	}
}

// TestTimeOut asks a bank that never answers; the adapter gives up by itself.
func TestTimeOut(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	b := connect(t, server.URL+"/v2/", password, banktest.NewClock(), 20*time.Millisecond)
	a, r := attempt(t, b)
	a, err := banks.Create(t.Context(), b, a, r)
	if !errors.Is(err, banks.ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) || a.State != banks.StateCreateUnknown {
		t.Errorf("create: %s, %v", a.State, err)
	}
	if _, err := b.Cancel(t.Context(), banks.Ref{ID: r.ID, BankID: "1", Amount: r.Amount}); !errors.Is(err, banks.ErrUnknown) {
		t.Errorf("cancel: %v", err)
	}
}

// TestWhatIsSent looks at Init as it crosses the wire.
func TestWhatIsSent(t *testing.T) {
	var root map[string]any
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v2/Init" {
			d := json.NewDecoder(r.Body)
			d.UseNumber()
			_ = d.Decode(&root)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	b := connect(t, server.URL+"/v2/", password, banktest.NewClock(), time.Minute)
	_, _ = b.Create(t.Context(), banks.Request{
		ID: "0190a1b2-0000-7000-8000-000000000001", Amount: 19900, Purpose: "Покупка\n" + strings.Repeat("я", 200),
		Expires: time.Date(2026, 3, 1, 9, 14, 59, 1, time.UTC),
	})
	want := map[string]any{
		"TerminalKey": terminal, "Amount": json.Number("19900"), "OrderId": "0190a1b2-0000-7000-8000-000000000001",
		"Description": "Покупка " + strings.Repeat("я", 132), "PayType": "O", "RedirectDueDate": "2026-03-01T12:15:00+03:00",
	}
	want["Token"] = tbank.Token(want, password)
	if len(root) != len(want) {
		t.Errorf("sent %v", root)
	}
	for name, v := range want {
		if root[name] != v {
			t.Errorf("%s is %v, want %v", name, root[name], v)
		}
	}
}

// TestRedirectIsNotFollowed holds that a signed request goes to no address but the bank's.
func TestRedirectIsNotFollowed(t *testing.T) {
	followed := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusPermanentRedirect))
	defer server.Close()
	b, err := tbank.New(tbank.Config{BaseURL: server.URL, Terminal: terminal, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Check(t.Context()); !errors.Is(err, banks.ErrUnknown) || followed {
		t.Errorf("%v; followed: %v", err, followed)
	}
}

// TestPartialRefundsOfTheCabinet looks at a payment of which the owner gave parts back at the bank.
func TestPartialRefundsOfTheCabinet(t *testing.T) {
	sim, url, c := open(t)
	b := connect(t, url, password, c, time.Minute)
	a, r := attempt(t, b)
	a, err := banks.Create(t.Context(), b, a, r)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sim.Pay(a.BankID, false), sim.Refund(a.BankID, 4900)); err != nil {
		t.Fatal(err)
	}
	if a, err = banks.Ask(t.Context(), b, a); err != nil || a.State != banks.StatePartlyRefunded {
		t.Fatalf("%s, %v", a.State, err)
	}
	if a, err = a.RefundSent("r1", 15000); err != nil {
		t.Fatal(err)
	}
	if a, err = banks.Cancel(t.Context(), b, a); err != nil || a.State != banks.StateRefundPending {
		t.Fatalf("%s, %v", a.State, err)
	}
	c.Advance(time.Minute)
	if a, err = banks.Ask(t.Context(), b, a); err != nil || a.State != banks.StateRefunded || a.Refunded != a.Amount || a.Outside() != 4900 {
		t.Fatalf("%+v, %v", a, err)
	}
}

// TestCodeRefused holds that a payment whose code the bank does not give is closed there, too.
func TestCodeRefused(t *testing.T) {
	sim, url, c := open(t)
	b := connect(t, url, password, c, time.Minute)
	if err := sim.Break(tbanksim.FaultPlan{Name: tbanksim.SBPOff, Times: 1}); err != nil {
		t.Fatal(err)
	}
	a, r := attempt(t, b)
	a, err := banks.Create(t.Context(), b, a, r)
	var refusal *banks.Refusal
	if !errors.As(err, &refusal) || refusal.Code != "3001" || refusal.Reason != banks.ReasonSettings || a.State != banks.StateFailed {
		t.Fatalf("%s, %v", a.State, err)
	}
	if p := sim.Payments(r.ID); len(p) != 1 || p[0].Status != "CANCELED" {
		t.Errorf("%+v", p)
	}
}

// TestLostInitIsFound holds that a creation whose first answer was lost goes on by our own id.
func TestLostInitIsFound(t *testing.T) {
	sim, url, c := open(t)
	b := connect(t, url, password, c, time.Minute)
	if err := sim.Break(tbanksim.FaultPlan{Name: tbanksim.AnswerLost, Times: 1, Method: "Init"}); err != nil {
		t.Fatal(err)
	}
	a, r := attempt(t, b)
	a, err := banks.Create(t.Context(), b, a, r)
	if err != nil || a.State != banks.StateWaiting || a.Payload == "" || len(sim.Payments("")) != 1 {
		t.Errorf("%+v, %v, %d payments", a, err, len(sim.Payments("")))
	}
}

// TestAnswersInWords asks a bank that says what it is told to.
func TestAnswersInWords(t *testing.T) {
	const paid = `{"Success":true,"ErrorCode":"0","OrderId":"ours","PaymentId":"5","Status":"CONFIRMED","Amount":19900}`
	for _, c := range []struct {
		name, body string
		ref        banks.Ref
		want       banks.State
		err        error
	}{
		{name: "paid", body: paid, ref: banks.Ref{ID: "ours", BankID: "5"}, want: banks.StatePaid},
		{name: "another order of the shop", body: paid, ref: banks.Ref{ID: "other", BankID: "5"}, err: banks.ErrUnknown},
		{name: "another payment of the shop", body: paid, ref: banks.Ref{ID: "ours", BankID: "6"}, err: banks.ErrUnknown},
		{name: "an answer without end", body: paid + strings.Repeat(" ", 300<<10), ref: banks.Ref{ID: "ours", BankID: "5"}, err: banks.ErrUnknown},
		{
			name: "the paid one of an order, not the newest",
			body: `{"Success":true,"ErrorCode":"0","OrderId":"ours","Payments":[
				{"PaymentId":"9","Status":"REJECTED","Amount":19900},{"PaymentId":"5","Status":"CONFIRMED","Amount":19900},
				{"PaymentId":"10","Status":"REJECTED","Amount":19900}]}`,
			ref: banks.Ref{ID: "ours"}, want: banks.StatePaid,
		},
		{name: "an order without a payment", body: `{"Success":true,"ErrorCode":"0","OrderId":"ours"}`, ref: banks.Ref{ID: "ours"}, err: banks.ErrNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, c.body) }))
			defer server.Close()
			ans, err := connect(t, server.URL, password, banktest.NewClock(), time.Minute).State(t.Context(), c.ref)
			if ans.State != c.want || !errors.Is(err, c.err) {
				t.Errorf("%+v, %v; want %s, %v", ans, err, c.want, c.err)
			}
		})
	}
}

func attempt(t *testing.T, b banks.Bank) (banks.Attempt, banks.Request) {
	t.Helper()
	r := banks.Request{
		ID: "0190a1b2-0000-7000-8000-000000000001", Amount: 19900, Purpose: "Покупка 0001", Expires: banktest.NewClock().Now().Add(15 * time.Minute),
	}
	a, err := banks.Begin(b, r)
	if err != nil {
		t.Fatal(err)
	}
	return a, r
}
