package qrpay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"kassa/banks"
	"kassa/banks/banktest"
	"kassa/banks/qrpay"
)

func TestNewRefuses(t *testing.T) {
	c := banktest.NewClock()
	short := newKey(t, 1024)
	for name, spoil := range map[string]func(*qrpay.Config){
		"no address":        func(c *qrpay.Config) { c.BaseURL = "" },
		"nothing encrypted": func(c *qrpay.Config) { c.BaseURL = "http://provider.example/qrpay/" },
		"no account":        func(c *qrpay.Config) { c.Account = "" },
		"no store":          func(c *qrpay.Config) { c.Store = "" },
		"no issuer":         func(c *qrpay.Config) { c.Issuer = "" },
		"a long account":    func(c *qrpay.Config) { c.Account = strings.Repeat("1", 201) },
		"a long key id":     func(c *qrpay.Config) { c.KeyID = strings.Repeat("1", 201) },
		"no key":            func(c *qrpay.Config) { c.PrivateKey = "" },
		"a key that is none": func(c *qrpay.Config) {
			c.PrivateKey = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("no key")}))
		},
		"a short key":                func(c *qrpay.Config) { c.PrivateKey = short },
		"a certificate that is none": func(c *qrpay.Config) { c.CA = "no certificate" },
	} {
		t.Run(name, func(t *testing.T) {
			conf := config("https://provider.example/qrpay/", c)
			spoil(&conf)
			if _, err := qrpay.New(conf); !errors.Is(err, banks.ErrSettings) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestKeyStaysInside prints everything that could hold the key in every way, and makes a provider that says the token back.
func TestKeyStaysInside(t *testing.T) {
	var token string
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprintf(w, `{"errors":[{"error":"bad","code":1,"errorMessage":"%s"}]}`, token[:150]+token[150:])
	}))
	conf := config(url, banktest.NewClock())
	b := connect(t, conf)
	_, err := b.Create(t.Context(), banks.Request{ID: "1", Amount: 1000, Expires: banktest.NewClock().Now().Add(time.Hour)})
	if !errors.Is(err, banks.ErrRefused) {
		t.Fatal(err)
	}
	settings := banks.Settings{"private_key": conf.PrivateKey}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", conf, "bank", b, "err", err, "settings", settings)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", conf, "bank", b, "err", err, "settings", settings)
	shown := log.String() + err.Error()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		shown += fmt.Sprintf(verb+verb+verb+verb, conf, &conf, b, *b) + fmt.Sprintf(verb, err) + fmt.Sprintf(verb, settings)
	}
	block, _ := pem.Decode([]byte(conf.PrivateKey))
	lines := strings.Split(conf.PrivateKey, "\n")
	line := lines[len(lines)/2] // the first lines hold the modulus, which is public
	for name, secret := range map[string]string{
		"the token": token[:60], "the key": line, "the key in hex": fmt.Sprintf("%x", line), "the key's bytes": fmt.Sprintf("%x", block.Bytes[300:330]),
	} {
		if strings.Contains(shown, secret) {
			t.Errorf("%s was shown", name)
		}
	}
	if bytes.Contains(b.JWKS(), []byte(line)) || bytes.Contains(b.JWKS(), []byte(`"d"`)) {
		t.Error("the private half is in the key set")
	}
}

// sent is one request as it crossed the wire.
type sent struct {
	path, kind, token string
	body              map[string]any
}

// TestWhatIsSent looks at the three calls as they cross the wire, and checks their tokens as a provider would.
func TestWhatIsSent(t *testing.T) {
	var got []sent
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := sent{path: r.Method + " " + r.URL.Path, kind: r.Header.Get("Content-Type")}
		s.token, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		d := json.NewDecoder(r.Body)
		d.UseNumber()
		_ = d.Decode(&s.body)
		got = append(got, s)
		switch r.URL.Path {
		case "/base/payment/qr":
			_, _ = io.WriteString(w, `{"operationId":"ours","data":"https://qr.nspk.ru/X"}`)
		case "/base/payment/state":
			_, _ = io.WriteString(w, `{"operationId":"ours","status":"IN_PROGRESS"}`)
		}
	}))
	c := banktest.NewClock()
	conf := config(url+"/base", c)
	conf.KeyID = "key-1"
	b := connect(t, conf)
	if _, err := b.Create(t.Context(), banks.Request{ID: "ours", Amount: 19900, Expires: c.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	ref := banks.Ref{ID: "ours", BankID: "ours", Amount: 19900, State: banks.StateWaiting}
	if _, err := b.State(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	ref.Refund = banks.Refund{ID: "r", Amount: 4900}
	if _, err := b.Cancel(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(conf.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	amounts := []string{"19900", "19900", "4900"}
	seen := map[string]bool{}
	for i, path := range []string{"POST /base/payment/qr", "POST /base/payment/state", "POST /base/payment/cancel"} {
		s := got[i]
		if s.path != path || s.kind != "application/json" {
			t.Errorf("%d: %s with %s", i, s.path, s.kind)
		}
		want := map[string]any{"amount": json.Number(amounts[i]), "operationId": "ours", "accountId": account, "retailStoreId": store}
		if fmt.Sprint(s.body) != fmt.Sprint(want) {
			t.Errorf("sent %v, want %v", s.body, want)
		}
		claims := jwt.MapClaims{}
		token, err := jwt.ParseWithClaims(s.token, claims, func(*jwt.Token) (any, error) { return &key.PublicKey, nil },
			jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(c.Now), jwt.WithExpirationRequired())
		if err != nil {
			t.Fatal(err)
		}
		id, _ := claims["id"].(string)
		if token.Header["kid"] != "key-1" || claims["iss"] != issuer || id == "" || seen[id] || len(claims) != 4 {
			t.Errorf("token %v, %v", token.Header, claims)
		}
		seen[id] = true
		issued, _ := claims.GetIssuedAt()
		expires, _ := claims.GetExpirationTime()
		if !issued.Equal(c.Now()) || expires.Sub(issued.Time) != 2*time.Minute {
			t.Errorf("issued %v, expires %v", issued, expires)
		}
	}
}

// provider answers with what a test says: the state, and to a cancel.
type provider struct {
	states      []string // in turn; the last for good
	cancel      int      // HTTP status
	qr          int
	cancels     int
	lastAmount  json.Number
	askedQR     int
	askedStates int
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct{ Amount json.Number }
	_ = json.NewDecoder(r.Body).Decode(&body)
	answer := func(status int, ok string) {
		if status == 0 || status == http.StatusOK {
			_, _ = io.WriteString(w, ok)
			return
		}
		w.WriteHeader(status)
		if status < 500 {
			_, _ = io.WriteString(w, `{"errors":[{"error":"no","code":42}]}`)
		}
	}
	switch r.URL.Path {
	case "/payment/qr":
		p.askedQR++
		answer(p.qr, `{"operationId":"ours","data":"https://qr.nspk.ru/X?type=02&sum=19900&cur=RUB"}`)
	case "/payment/state":
		state := p.states[min(p.askedStates, len(p.states)-1)]
		p.askedStates++
		if status, err := json.Number(state).Int64(); err == nil {
			answer(int(status), "")
			return
		}
		answer(0, `{"operationId":"ours","status":"`+state+`"}`)
	case "/payment/cancel":
		p.cancels++
		p.lastAmount = body.Amount
		answer(p.cancel, "")
	}
}

// TestStateIsUnderstood asks for a payment that this side has somewhere, and that the provider has a word for.
func TestStateIsUnderstood(t *testing.T) {
	whole := banks.Refund{ID: "r", Amount: 19900}
	part := banks.Refund{ID: "r", Amount: 4900}
	rest := banks.Refund{ID: "r", Amount: 15000, Base: 4900}
	for _, c := range []struct {
		name    string
		ref     banks.Ref // ID and Amount are added
		says    provider
		want    banks.State
		outcome banks.Outcome
		err     error
		payload bool
		cancels int
	}{
		{name: "waits", ref: banks.Ref{BankID: "ours", State: banks.StateWaiting}, says: provider{states: []string{"IN_PROGRESS"}}, want: banks.StateWaiting},
		{name: "paid", ref: banks.Ref{BankID: "ours", State: banks.StateWaiting}, says: provider{states: []string{"DONE"}}, want: banks.StatePaid},
		{name: "rejected", ref: banks.Ref{BankID: "ours", State: banks.StateWaiting}, says: provider{states: []string{"REJECTED"}}, want: banks.StateRejected},
		{name: "creation lost", ref: banks.Ref{State: banks.StateCreateUnknown}, says: provider{states: []string{"IN_PROGRESS"}}, want: banks.StateWaiting, payload: true},
		{name: "creation lost, no code again", ref: banks.Ref{State: banks.StateCreateUnknown}, says: provider{states: []string{"IN_PROGRESS"}, qr: 409}, want: banks.StateWaiting},
		{name: "creation lost, no answer again", ref: banks.Ref{State: banks.StateCreateUnknown}, says: provider{states: []string{"IN_PROGRESS"}, qr: 503}, err: banks.ErrUnknown},
		{name: "creation lost and paid", ref: banks.Ref{State: banks.StateCreateUnknown}, says: provider{states: []string{"DONE"}}, want: banks.StatePaid},
		{name: "never made", ref: banks.Ref{State: banks.StateCreateUnknown}, says: provider{states: []string{"404"}}, err: banks.ErrNotFound},
		{name: "never made, with another status", ref: banks.Ref{State: banks.StateCreateUnknown}, says: provider{states: []string{"412"}}, err: banks.ErrNotFound},
		{name: "too many questions", ref: banks.Ref{BankID: "ours", State: banks.StateWaiting}, says: provider{states: []string{"429"}}, err: banks.ErrUnknown},
		{name: "token not taken", ref: banks.Ref{BankID: "ours", State: banks.StateWaiting}, says: provider{states: []string{"401"}}, err: banks.ErrRefused},
		{name: "cancel lost, still open", ref: banks.Ref{BankID: "ours", State: banks.StateCancelling}, says: provider{states: []string{"IN_PROGRESS"}}, want: banks.StateWaiting},
		{name: "cancel lost, closed", ref: banks.Ref{BankID: "ours", State: banks.StateCancelling}, says: provider{states: []string{"REJECTED"}}, want: banks.StateCancelled},
		{name: "cancel lost, paid or given back", ref: banks.Ref{BankID: "ours", State: banks.StateCancelling}, says: provider{states: []string{"DONE"}}, want: banks.StateRefundPending},
		{name: "cancelled, a word for it", ref: banks.Ref{BankID: "ours", State: banks.StateCancelled}, says: provider{states: []string{"REJECTED"}}, want: banks.StateCancelled},
		{name: "cancelled, no word for it", ref: banks.Ref{BankID: "ours", State: banks.StateCancelled}, says: provider{states: []string{"IN_PROGRESS"}}, want: banks.StateCancelled},
		{name: "cancelled, paid late", ref: banks.Ref{BankID: "ours", State: banks.StateCancelled}, says: provider{states: []string{"DONE"}}, want: banks.StatePaid},
		{name: "given up, there after all", ref: banks.Ref{State: banks.StateFailed}, says: provider{states: []string{"DONE"}}, want: banks.StatePaid},
		{name: "part, answer lost", ref: banks.Ref{BankID: "ours", State: banks.StateRefundPending, Refund: part}, says: provider{states: []string{"DONE"}}, want: banks.StatePaid},
		{name: "whole, answer lost", ref: banks.Ref{BankID: "ours", State: banks.StateRefundPending, Refund: whole}, says: provider{states: []string{"DONE"}}, want: banks.StateRefunded, outcome: banks.RefundDone, cancels: 1},
		{name: "rest, answer lost", ref: banks.Ref{BankID: "ours", State: banks.StateRefundPending, Refund: rest, Refunded: 4900}, says: provider{states: []string{"DONE"}}, want: banks.StateRefunded, outcome: banks.RefundDone, cancels: 1},
		{name: "whole, refused again", ref: banks.Ref{BankID: "ours", State: banks.StateRefundPending, Refund: whole}, says: provider{states: []string{"DONE"}, cancel: 409}, want: banks.StateRefundPending, cancels: 1},
		{name: "whole, lost again", ref: banks.Ref{BankID: "ours", State: banks.StateRefundPending, Refund: whole}, says: provider{states: []string{"DONE"}, cancel: 504}, err: banks.ErrUnknown, cancels: 1},
		{name: "whole, and a word for it", ref: banks.Ref{BankID: "ours", State: banks.StateRefundPending, Refund: whole}, says: provider{states: []string{"REJECTED"}}, want: banks.StateRefunded, outcome: banks.RefundDone},
		{name: "refunded, and a word for it", ref: banks.Ref{BankID: "ours", State: banks.StateRefunded, Refunded: 19900}, says: provider{states: []string{"REJECTED"}}, want: banks.StateRefunded},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := connect(t, config(serve(t, &c.says), banktest.NewClock()))
			c.ref.ID, c.ref.Amount = "ours", 19900
			ans, err := b.State(t.Context(), c.ref)
			if ans.State != c.want || ans.Refund != c.outcome || !errors.Is(err, c.err) || (ans.Payload != "") != c.payload {
				t.Errorf("%+v, %v", ans, err)
			}
			if c.says.cancels != c.cancels {
				t.Errorf("%d cancels were sent", c.says.cancels)
			}
			if c.cancels > 0 && c.says.lastAmount.String() != fmt.Sprint(int64(c.ref.Refund.Amount)) {
				t.Errorf("cancelled %s", c.says.lastAmount)
			}
		})
	}
}

// TestClosing closes a code at a provider that says one thing before and another after.
func TestClosing(t *testing.T) {
	for _, c := range []struct {
		name    string
		says    provider
		want    banks.State
		err     error
		cancels int
	}{
		{name: "nobody paid", says: provider{states: []string{"IN_PROGRESS", "REJECTED"}}, want: banks.StateCancelled, cancels: 1},
		{name: "nobody paid, no word for it", says: provider{states: []string{"IN_PROGRESS"}}, want: banks.StateCancelled, cancels: 1},
		{name: "paid before", says: provider{states: []string{"DONE"}}, want: banks.StatePaid},
		{name: "closed before", says: provider{states: []string{"REJECTED"}}, want: banks.StateCancelled},
		{name: "paid in between, given back", says: provider{states: []string{"IN_PROGRESS", "DONE"}}, want: banks.StateRefunded, cancels: 2},
		{name: "paid in between, cancel refused", says: provider{states: []string{"IN_PROGRESS", "DONE"}, cancel: 409}, want: banks.StatePaid, cancels: 1},
		{name: "refused", says: provider{states: []string{"IN_PROGRESS"}, cancel: 409}, err: banks.ErrRefused, cancels: 1},
		{name: "refused, closed by itself", says: provider{states: []string{"IN_PROGRESS", "REJECTED"}, cancel: 409}, want: banks.StateCancelled, cancels: 1},
		{name: "answer lost", says: provider{states: []string{"IN_PROGRESS"}, cancel: 503}, err: banks.ErrUnknown, cancels: 1},
		{name: "not told what came of it", says: provider{states: []string{"IN_PROGRESS", "503"}}, err: banks.ErrUnknown, cancels: 1},
		{name: "lost from sight", says: provider{states: []string{"IN_PROGRESS", "404"}}, err: banks.ErrUnknown, cancels: 1},
		{name: "not there", says: provider{states: []string{"404"}}, err: banks.ErrNotFound},
		{name: "not told before", says: provider{states: []string{"500"}}, err: banks.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := connect(t, config(serve(t, &c.says), banktest.NewClock()))
			ans, err := b.Cancel(t.Context(), banks.Ref{ID: "ours", BankID: "ours", Amount: 19900, State: banks.StateCancelling})
			if ans.State != c.want || !errors.Is(err, c.err) || c.says.cancels != c.cancels {
				t.Errorf("%+v, %v, %d cancels", ans, err, c.says.cancels)
			}
		})
	}
}

// TestTimeOut asks a provider that never answers; the adapter gives up by itself.
func TestTimeOut(t *testing.T) {
	release := make(chan struct{})
	url := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer close(release)
	conf := config(url, banktest.NewClock())
	conf.Timeout = 20 * time.Millisecond
	b := connect(t, conf)
	_, err := b.Create(t.Context(), banks.Request{ID: "1", Amount: 100, Expires: banktest.NewClock().Now().Add(time.Hour)})
	if !errors.Is(err, banks.ErrUnknown) {
		t.Errorf("create: %v", err)
	}
	if _, err := b.State(t.Context(), banks.Ref{ID: "1", Amount: 100}); !errors.Is(err, banks.ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("state: %v", err)
	}
}

// TestAdapter opens the bank as an owner's page does.
func TestAdapter(t *testing.T) {
	_, _, conf, c := open(t, false)
	settings := banks.Settings{
		banks.FieldURL: conf.BaseURL, "account_id": account, "store_id": store, "private_key": "\n" + conf.PrivateKey + "\n", "issuer": issuer,
	}
	bank, err := qrpay.Adapter().Open(settings, banks.Options{Clock: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := bank.Check(t.Context()); err != nil {
		t.Error(err)
	}
	settings["issuer"] = "" // the protocol's own, which this provider does not take
	if bank, err = qrpay.Adapter().Open(settings, banks.Options{Clock: c.Now}); err != nil {
		t.Fatal(err)
	}
	var refusal *banks.Refusal
	if err := bank.Check(t.Context()); !errors.As(err, &refusal) || refusal.Reason != banks.ReasonSettings {
		t.Errorf("%v", err)
	}
	for _, missing := range []string{banks.FieldURL, "account_id", "store_id", "private_key"} {
		without := banks.Settings{}
		for k, v := range settings {
			without[k] = v
		}
		delete(without, missing)
		if _, err := qrpay.Adapter().Open(without, banks.Options{}); !errors.Is(err, banks.ErrSettings) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}
