package sber_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/banktest"
	"kassa/banks/sber"
	"kassa/banks/sber/sbersim"
)

// settings are an owner's, for a bank on loopback.
func settings() banks.Settings {
	return banks.Settings{
		banks.FieldURL: "http://127.0.0.1:1", "client_id": clientID, "client_secret": secret, "member_id": memberID, "id_qr": idQR,
	}
}

func TestSettings(t *testing.T) {
	ca, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	pair, err := ca.Client("till", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	other, err := ca.Client("another", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	withCert := banks.Settings{banks.FieldURL: "", "cert": "Bag Attributes\n" + pair.Cert, "key": pair.Key}
	for name, test := range map[string]struct {
		change banks.Settings
		field  string // that the error names; empty when it is taken
	}{
		"practice":                 {},
		"Sber's own codes":         {change: banks.Settings{"kind": "sber"}},
		"the other SBP number":     {change: banks.Settings{"kind": sber.KindSBP2}},
		"a plate and its terminal": {change: banks.Settings{"id_qr": "1000100051-plate", "tid": "20001234"}},
		"production":               {change: withCert},
		"no client":                {change: banks.Settings{"client_id": ""}, field: "client_id"},
		"a client with a colon":    {change: banks.Settings{"client_id": "a:b"}, field: "client_id"},
		"no secret":                {change: banks.Settings{"client_secret": " "}, field: "client_secret"},
		"no member":                {change: banks.Settings{"member_id": ""}, field: "member_id"},
		"a long member":            {change: banks.Settings{"member_id": "123456789"}, field: "member_id"},
		"no code":                  {change: banks.Settings{"id_qr": ""}, field: "id_qr"},
		"a code in words":          {change: banks.Settings{"id_qr": "плата"}, field: "id_qr"},
		"a long terminal":          {change: banks.Settings{"id_qr": "1000100051"}, field: "tid"},
		"another kind":             {change: banks.Settings{"kind": "visa"}, field: "kind"},
		"nothing encrypted":        {change: banks.Settings{banks.FieldURL: "http://mc.api.sberbank.ru"}, field: "url"},
		"production, no cert":      {change: banks.Settings{banks.FieldURL: ""}, field: "cert"},
		"a cert without its key":   {change: banks.Settings{"cert": pair.Cert}, field: "key"},
		"a key without its cert":   {change: banks.Settings{"key": pair.Key}, field: "cert"},
		"another's key":            {change: banks.Settings{"cert": pair.Cert, "key": other.Key}, field: "key"},
		"a CA of no PEM":           {change: banks.Settings{"ca": "MIIB"}, field: "ca"},
	} {
		t.Run(name, func(t *testing.T) {
			s := settings()
			maps.Copy(s, test.change)
			b, err := sber.Adapter().Open(s, banks.Options{})
			if (b == nil) != (err != nil) {
				t.Errorf("%v with %v", b, err)
			}
			switch {
			case test.field == "" && err != nil:
				t.Error(err)
			case test.field != "" && (!errors.Is(err, banks.ErrSettings) || !strings.Contains(err.Error(), test.field)):
				t.Errorf("%v, want a word on %s", err, test.field)
			case err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "PRIVATE")):
				t.Errorf("a secret is shown: %v", err)
			}
		})
	}
}

// TestSecretsStayInside prints everything that could hold a secret in every way, and makes a bank that says it back.
func TestSecretsStayInside(t *testing.T) {
	const token = "t0ken-of-the-bank"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/oauth") {
			_, _ = io.WriteString(w, `{"access_token":"`+token+`","expires_in":60}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"httpCode":"400","httpMessage":"bad `+secret+`","moreInformation":"`+secret+`"}`)
	}))
	defer server.Close()
	conf := config(server.URL, banktest.NewClock())
	b := connect(t, conf)
	err := b.Check(t.Context())
	if err == nil {
		t.Fatal("the check passes")
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", conf, "bank", b, "err", err)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", conf, "bank", b, "err", err)
	shown := log.String() + err.Error()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		shown += fmt.Sprintf(verb+verb+verb+verb, conf, &conf, b, *b) + fmt.Sprintf(verb, err)
	}
	for _, hidden := range []string{secret, token} {
		if strings.Contains(shown, hidden) || strings.Contains(shown, fmt.Sprintf("%x", hidden)) {
			t.Errorf("%s was shown: %s", hidden, shown)
		}
	}
}

// count is a source of random numbers that counts, for requests that can be read.
type count struct{ n byte }

func (c *count) Read(p []byte) (int, error) {
	clear(p)
	c.n++
	p[len(p)-1] = c.n
	return len(p), nil
}

// listener keeps what crosses the wire on its way to a bank.
type listener struct {
	mu   sync.Mutex
	sent []string
	bank http.Handler
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	l.mu.Lock()
	l.sent = append(l.sent, r.URL.Path+" RqUID:"+r.Header.Get("RqUID")+"\n"+string(body))
	l.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	l.bank.ServeHTTP(w, r)
}

// TestWhatIsSent looks at a payment's life as it crosses the wire.
func TestWhatIsSent(t *testing.T) {
	w := open(t, func(c *sbersim.Config) { c.Random = &count{n: 0xA0} })
	heard := &listener{bank: w.sim.Handler()}
	server := httptest.NewServer(heard)
	defer server.Close()
	w.conf.BaseURL, w.conf.Random = server.URL, &count{}
	b := connect(t, w.conf)
	r := banks.Request{
		ID: "0190a1b2-0000-7000-8000-000000000001", Amount: 19900, Purpose: "Покупка\n" + strings.Repeat("я", 300),
		Expires: w.clock.Now().Add(15 * time.Minute),
	}
	ans, err := b.Create(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.sim.Pay(ans.BankID, false); err != nil {
		t.Fatal(err)
	}
	ref := banks.Ref{ID: r.ID, BankID: ans.BankID, Amount: r.Amount, Refund: banks.Refund{ID: "r", Amount: 5000}}
	if _, err := b.Cancel(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	ref.Refund = banks.Refund{}
	if ans, err := b.Cancel(t.Context(), ref); err != nil || ans.State != banks.StatePartlyRefunded {
		t.Fatalf("%+v, %v", ans, err)
	}
	if _, err := b.Registry(t.Context(), w.clock.Now(), w.clock.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`/prod/tokens/v3/oauth RqUID:00000000000000000000000000000001
grant_type=client_credentials&scope=https%3A%2F%2Fapi.sberbank.ru%2Fqr%2Forder.create`,
		`/prod/qr/order/v3/creation RqUID:00000000000000000000000000000002
{"rq_uid":"00000000000000000000000000000002","rq_tm":"2026-03-01T09:00:00Z","member_id":"00001234","order_number":"0190a1b2-0000-7000-8000-000000000001",` +
			`"order_create_date":"2026-03-01T09:00:00Z","id_qr":"20001234","order_sum":19900,"currency":"643","description":"Покупка ` + strings.Repeat("я", 248) + `","sbp_member_id":"100000000111"}`,
		`/prod/tokens/v3/oauth RqUID:00000000000000000000000000000003
grant_type=client_credentials&scope=https%3A%2F%2Fapi.sberbank.ru%2Fqr%2Forder.status`,
		`/prod/qr/order/v3/status RqUID:00000000000000000000000000000004
{"rq_uid":"00000000000000000000000000000004","rq_tm":"2026-03-01T09:00:00Z","tid":"20001234","partner_order_number":"0190a1b2-0000-7000-8000-000000000001"}`,
		`/prod/tokens/v3/oauth RqUID:00000000000000000000000000000005
grant_type=client_credentials&scope=https%3A%2F%2Fapi.sberbank.ru%2Fqr%2Forder.cancel`,
		`/prod/qr/order/v3/cancel RqUID:00000000000000000000000000000006
{"rq_uid":"00000000000000000000000000000006","rq_tm":"2026-03-01T09:00:00Z","order_id":"` + ans.BankID + `","operation_type":"REFUND",` +
			`"operation_id":"` + ans.BankID + `-00000002","auth_code":"000002","id_qr":"20001234","tid":"20001234","cancel_operation_sum":5000,"operation_currency":"643"}`,
		`/prod/qr/order/v3/status RqUID:00000000000000000000000000000007
{"rq_uid":"00000000000000000000000000000007","rq_tm":"2026-03-01T09:00:00Z","tid":"20001234","partner_order_number":"0190a1b2-0000-7000-8000-000000000001"}`,
		`/prod/tokens/v3/oauth RqUID:00000000000000000000000000000008
grant_type=client_credentials&scope=https%3A%2F%2Fapi.sberbank.ru%2Fqr%2Forder.revoke`,
		`/prod/qr/order/v3/revocation RqUID:00000000000000000000000000000009
{"rq_uid":"00000000000000000000000000000009","rq_tm":"2026-03-01T09:00:00Z","order_id":"` + ans.BankID + `"}`,
		`/prod/qr/order/v3/status RqUID:0000000000000000000000000000000a
{"rq_uid":"0000000000000000000000000000000a","rq_tm":"2026-03-01T09:00:00Z","tid":"20001234","partner_order_number":"0190a1b2-0000-7000-8000-000000000001"}`,
		`/prod/tokens/v3/oauth RqUID:0000000000000000000000000000000b
grant_type=client_credentials&scope=auth%3A%2F%2Fqr%2Forder.registry`,
		`/prod/qr/order/v3/registry RqUID:0000000000000000000000000000000c
{"rqUid":"0000000000000000000000000000000c","rqTm":"2026-03-01T09:00:00Z","idQR":"20001234","startPeriod":"2026-02-15T12:00:00Z","endPeriod":"2026-03-01T13:00:01Z","registryType":"REGISTRY"}`,
	}
	for i, text := range want { // after the last come halves of its period
		if i >= len(heard.sent) || heard.sent[i] != text {
			t.Fatalf("request %d of %d:\n%s\nwant:\n%s", i+1, len(heard.sent), heard.sent[min(i, len(heard.sent)-1)], text)
		}
	}
}

// TestTokenEndsEarly holds that a call goes on with a fresh token when the bank does not take the one it has, and that a
// bank that takes none is a matter of settings.
func TestTokenEndsEarly(t *testing.T) {
	for _, fault := range []banksim.Plan{
		{Name: sbersim.TokenExpired, Times: 1}, {Name: sbersim.TokenWrongScope, Times: 1},
	} {
		w := open(t)
		if err := w.sim.Break(fault); err != nil {
			t.Fatal(err)
		}
		a, r := attempt(t, w)
		if a, err := banks.Create(t.Context(), w.bank, a, r); err != nil || a.State != banks.StateWaiting || len(w.sim.Payments("")) != 1 {
			t.Errorf("%s: %s, %v", fault.Name, a.State, err)
		}
	}
	w := open(t)
	if err := w.sim.Break(banksim.Plan{Name: sbersim.TokenExpired}); err != nil {
		t.Fatal(err)
	}
	a, r := attempt(t, w)
	a, err := banks.Create(t.Context(), w.bank, a, r)
	var refusal *banks.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != banks.ReasonSettings || refusal.Code != "HTTP 401" || a.State != banks.StateFailed {
		t.Errorf("%s, %v", a.State, err)
	}
}

// TestTokensOfADay counts the tokens of a payment that is followed for ten minutes.
func TestTokensOfADay(t *testing.T) {
	w := open(t)
	heard := &listener{bank: w.sim.Handler()}
	server := httptest.NewServer(heard)
	defer server.Close()
	w.conf.BaseURL = server.URL
	b := connect(t, w.conf)
	a, r := attempt(t, w)
	a, err := banks.Create(t.Context(), b, a, r)
	if err != nil {
		t.Fatal(err)
	}
	const every = 3 * time.Second
	for range 10 * time.Minute / every {
		if a, err = banks.Ask(t.Context(), b, a); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(every)
	}
	tokens := 0
	for _, text := range heard.sent {
		if strings.HasPrefix(text, "/prod/tokens/") {
			tokens++
		}
	}
	if want := 1 + 14; tokens != want { // ten minutes have 14 times 45 seconds, the last not whole
		t.Errorf("%d tokens, want %d", tokens, want)
	}
}

func attempt(t *testing.T, w world) (banks.Attempt, banks.Request) {
	t.Helper()
	r := banks.Request{
		ID: "0190a1b2-0000-7000-8000-000000000001", Amount: 19900, Purpose: "Покупка 0001", Expires: w.clock.Now().Add(15 * time.Minute),
	}
	a, err := banks.Begin(w.bank, r)
	if err != nil {
		t.Fatal(err)
	}
	return a, r
}

// TestStubTimesOut holds the bank's own practice: a sum whose creation ends in HTTP 504 with nothing made.
func TestStubTimesOut(t *testing.T) {
	w := open(t, func(c *sbersim.Config) { c.Stub = true })
	a, r := attempt(t, w)
	a.Amount, r.Amount = 6002, 6002
	a, err := banks.Create(t.Context(), w.bank, a, r)
	if !errors.Is(err, banks.ErrUnknown) || a.State != banks.StateCreateUnknown {
		t.Fatalf("%s, %v", a.State, err)
	}
	var missing banks.Missing
	for proven := false; !proven; w.clock.Advance(3 * time.Second) {
		if a, err = banks.Ask(t.Context(), w.bank, a); !errors.Is(err, banks.ErrNotFound) {
			t.Fatalf("%s, %v", a.State, err)
		}
		missing, proven = missing.Heard(w.clock.Now(), true)
	}
	if a, err = a.CreateFailed(); err != nil || a.State != banks.StateFailed || len(w.sim.Payments("")) != 0 {
		t.Errorf("%s, %v, %d orders", a.State, err, len(w.sim.Payments("")))
	}
	r.Amount++
	if ans, err := w.bank.Create(t.Context(), r); err != nil || ans.State != banks.StateWaiting {
		t.Errorf("the same number with another sum: %+v, %v", ans, err)
	}
	w.clock.Advance(time.Minute)
	if ans, err := w.bank.State(t.Context(), banks.Ref{ID: r.ID}); err != nil || ans.State != banks.StatePaid || ans.Amount != 6003 {
		t.Errorf("a minute later: %+v, %v", ans, err)
	}
}

// TestRepeatedNumber holds that a number used again leads to the first order, whatever the bank makes of it.
func TestRepeatedNumber(t *testing.T) {
	w := open(t, func(c *sbersim.Config) { c.Repeat = sbersim.RepeatRefused })
	_, r := attempt(t, w)
	first, err := w.bank.Create(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if ans, err := w.bank.Create(t.Context(), r); !errors.Is(err, banks.ErrUnknown) || len(w.sim.Payments("")) != 1 {
		t.Errorf("a code that cannot be shown again: %+v, %v", ans, err)
	}
	if err := w.sim.Pay(first.BankID, false); err != nil {
		t.Fatal(err)
	}
	if ans, err := w.bank.Create(t.Context(), r); err != nil || ans.State != banks.StatePaid || ans.BankID != first.BankID {
		t.Errorf("after the payment: %+v, %v", ans, err)
	}
}

// TestKinds holds that Sber's own codes are made without an SBP member and are taken as they are.
func TestKinds(t *testing.T) {
	w := open(t)
	w.conf.Kind = sber.KindOwn
	_, r := attempt(t, w)
	ans, err := connect(t, w.conf).Create(t.Context(), r)
	if err != nil || ans.Payload != "https://sberbank.ru/qr/?dynamicQr="+ans.BankID {
		t.Errorf("%+v, %v", ans, err)
	}
}

// TestOtherSumIsRevoked holds that an order whose code names another sum is closed at the bank.
func TestOtherSumIsRevoked(t *testing.T) {
	w := open(t)
	if err := w.sim.Break(banksim.Plan{Name: sbersim.PayloadOtherSum, Times: 1}); err != nil {
		t.Fatal(err)
	}
	_, r := attempt(t, w)
	if _, err := w.bank.Create(t.Context(), r); !errors.Is(err, banks.ErrAmountDiffers) {
		t.Error(err)
	}
	if p := w.sim.Payments(r.ID); len(p) != 1 || p[0].Status != "REVOKED" {
		t.Errorf("%+v", p)
	}
}

// TestDeclined holds that an order that the bank declines at once was never made.
func TestDeclined(t *testing.T) {
	w := open(t)
	w.breaks(t, sbersim.CreationDeclined, "")
	a, r := attempt(t, w)
	a, err := banks.Create(t.Context(), w.bank, a, r)
	var refusal *banks.Refusal
	if !errors.As(err, &refusal) || refusal.Code != "DECLINED" || a.State != banks.StateFailed {
		t.Errorf("%s, %v", a.State, err)
	}
}

// TestRevocationRefused holds that an order that waits on is not taken for cancelled, nor for one that was paid.
func TestRevocationRefused(t *testing.T) {
	w := open(t)
	_, r := attempt(t, w)
	ans, err := w.bank.Create(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	ref := banks.Ref{ID: r.ID, BankID: ans.BankID, Amount: r.Amount}
	w.breaks(t, sbersim.Refuse, "revocation")
	if ans, err := w.bank.Cancel(t.Context(), ref); !errors.Is(err, banks.ErrRefused) {
		t.Errorf("%+v, %v", ans, err)
	}
	if err := w.sim.Process(ans.BankID); err != nil {
		t.Fatal(err)
	}
	if ans, err := w.bank.Cancel(t.Context(), ref); err != nil || ans.State != banks.StateProcessing {
		t.Errorf("while it is being paid: %+v, %v", ans, err)
	}
	if err := w.sim.Pay(ans.BankID, false); err != nil {
		t.Fatal(err)
	}
	if ans, err := w.bank.Cancel(t.Context(), ref); err != nil || ans.State != banks.StatePaid || ans.Amount != r.Amount {
		t.Errorf("after the payment: %+v, %v", ans, err)
	}
}

// TestExpiryIsOurs holds that an order goes on waiting after its time at a bank that knows of none, and can be revoked.
func TestExpiryIsOurs(t *testing.T) {
	w := open(t, func(c *sbersim.Config) { c.Life = 0 })
	a, r := attempt(t, w)
	a, err := banks.Create(t.Context(), w.bank, a, r)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(24 * time.Hour)
	if a, err = banks.Ask(t.Context(), w.bank, a); err != nil || a.State != banks.StateWaiting {
		t.Fatalf("%s, %v", a.State, err)
	}
	if a, err = a.CancelSent(); err != nil {
		t.Fatal(err)
	}
	if a, err = banks.Cancel(t.Context(), w.bank, a); err != nil || a.State != banks.StateCancelled {
		t.Errorf("%s, %v", a.State, err)
	}
}

// TestCheck holds that an owner reads what is wrong.
func TestCheck(t *testing.T) {
	w := openTLS(t)
	_, good := secured(t, w.sim.Handler())
	good[banks.FieldURL] = w.conf.BaseURL
	other, err := sbersim.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Client("till", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change banks.Settings
		ahead  time.Duration
		code   string // of the refusal; empty when the check passes
	}{
		"all is well":                 {},
		"another's certificate":       {change: banks.Settings{"cert": foreign.Cert, "key": foreign.Key}, code: "certificate"},
		"an authority of no trust":    {change: banks.Settings{"ca": other.PEM()}, code: "ca"},
		"a certificate that is over":  {ahead: 10 * 365 * 24 * time.Hour, code: "certificate"},
		"a wrong secret":              {change: banks.Settings{"client_secret": "wrong"}, code: "HTTP 401"},
		"another terminal":            {change: banks.Settings{"tid": "99"}, code: "020000"},
		"an address of another place": {change: banks.Settings{"url": w.conf.BaseURL + "/elsewhere"}, code: "-"},
	} {
		t.Run(name, func(t *testing.T) {
			s := maps.Clone(good)
			maps.Copy(s, test.change)
			b, err := sber.Adapter().Open(s, banks.Options{Clock: func() time.Time { return w.clock.Now().Add(test.ahead) }})
			if err != nil {
				t.Fatal(err)
			}
			err = b.Check(t.Context())
			var refusal *banks.Refusal
			switch {
			case test.code == "" && err != nil, test.code == "-" && !errors.Is(err, banks.ErrUnknown):
				t.Error(err)
			case test.code != "" && test.code != "-" && (!errors.As(err, &refusal) || refusal.Code != test.code || refusal.Reason != banks.ReasonSettings):
				t.Errorf("%v, want %s", err, test.code)
			}
		})
	}
}
