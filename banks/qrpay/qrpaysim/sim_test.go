package qrpaysim

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"kassa/banks/banksim"
)

const (
	account = "a1"
	store   = "s1"
	issuer  = "https://caller.example"
)

// key is one for all tests: making it takes long.
var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func keySet(kid string, k *rsa.PublicKey) string {
	number := func(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }
	return fmt.Sprintf(`{"keys":[{"kty":"EC","kid":"other","crv":"P-256"},{"kty":"RSA","kid":%q,"use":"sig","alg":"RS256","n":%q,"e":%q}]}`,
		kid, number(k.N), number(big.NewInt(int64(k.E))))
}

// client speaks to a practice provider with raw messages, so that they can be wrong in any way.
type client struct {
	t    *testing.T
	bank *Bank
	url  string
	now  time.Time
	ids  int

	mu      sync.Mutex
	keys    string // what the caller serves
	fetches int
}

func open(t *testing.T, mute bool) *client {
	t.Helper()
	c := &client{t: t, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), keys: keySet("k1", &key().PublicKey)}
	caller := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.fetches++
		_, _ = io.WriteString(w, c.keys)
	}))
	t.Cleanup(caller.Close)
	var err error
	c.bank, err = New(Config{Account: account, Store: store, Issuer: issuer, JWKS: caller.URL, Mute: mute, Clock: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c.bank.Handler())
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// token signs claims; those of a good token where they are not given.
func (c *client) token(change jwt.MapClaims) string {
	c.t.Helper()
	c.ids++
	claims := jwt.MapClaims{"id": fmt.Sprint("id", c.ids), "iat": c.now.Unix(), "exp": c.now.Add(time.Minute).Unix(), "iss": issuer}
	for name, v := range change {
		if claims[name] = v; v == nil {
			delete(claims, name)
		}
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = "k1"
	text, err := token.SignedString(key())
	if err != nil {
		c.t.Fatal(err)
	}
	return text
}

// raw sends a request as it is.
func (c *client) raw(method, authorization, kind, body string) (int, string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+Path+"payment/"+method, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", authorization)
	req.Header.Set("Content-Type", kind)
	return c.send(req)
}

func (c *client) send(req *http.Request) (int, string) {
	c.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(res.Body); err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, text.String()
}

// call sends a good request.
func (c *client) call(method, id string, amount int) (int, string) {
	c.t.Helper()
	return c.raw(method, "Bearer "+c.token(nil), "application/json", body(id, amount))
}

func body(id string, amount int) string {
	return fmt.Sprintf(`{"amount":%d,"operationId":%q,"accountId":%q,"retailStoreId":%q}`, amount, id, account, store)
}

// is calls and compares.
func (c *client) is(method, id string, amount, status int, holds string) {
	c.t.Helper()
	if got, text := c.call(method, id, amount); got != status || !strings.Contains(text, holds) {
		c.t.Errorf("%s %s: %d %s, want %d with %q", method, id, got, text, status, holds)
	}
}

// control sends a command to the controls.
func (c *client) control(method, path, text string) (int, string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+"/control/"+path, strings.NewReader(text))
	if err != nil {
		c.t.Fatal(err)
	}
	return c.send(req)
}

func TestTokens(t *testing.T) {
	c := open(t, false)
	hour := time.Hour
	unsigned := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"id": "n", "iat": c.now.Unix(), "exp": c.now.Add(hour).Unix(), "iss": issuer})
	unsigned.Header["kid"] = "k1"
	none, err := unsigned.SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	symmetric := jwt.NewWithClaims(jwt.SigningMethodHS256, unsigned.Claims)
	symmetric.Header["kid"] = "k1"
	hmac, err := symmetric.SignedString([]byte(keySet("k1", &key().PublicKey)))
	if err != nil {
		t.Fatal(err)
	}
	stranger := jwt.NewWithClaims(jwt.SigningMethodRS256, unsigned.Claims)
	stranger.Header["kid"] = "k2"
	foreign, err := stranger.SignedString(key())
	if err != nil {
		t.Fatal(err)
	}
	good := c.token(nil)
	parts := strings.Split(good, ".")
	for name, authorization := range map[string]string{
		"none":                       "",
		"another scheme":             "Basic " + good,
		"no JWT":                     "Bearer x",
		"not signed":                 "Bearer " + none,
		"signed with the public key": "Bearer " + hmac,
		"a key of nobody":            "Bearer " + foreign,
		"another one's signature":    "Bearer " + parts[0] + "." + parts[1] + "." + strings.Split(c.token(nil), ".")[2],
		"of another issuer":          "Bearer " + c.token(jwt.MapClaims{"iss": "https://other.example"}),
		"of no issuer":               "Bearer " + c.token(jwt.MapClaims{"iss": nil}),
		"expired":                    "Bearer " + c.token(jwt.MapClaims{"exp": c.now.Add(-10 * time.Second).Unix()}),
		"for ever":                   "Bearer " + c.token(jwt.MapClaims{"exp": nil}),
		"of tomorrow":                "Bearer " + c.token(jwt.MapClaims{"iat": c.now.Add(hour).Unix()}),
		"of no time":                 "Bearer " + c.token(jwt.MapClaims{"iat": nil}),
		"without an id":              "Bearer " + c.token(jwt.MapClaims{"id": nil}),
		"with a number for an id":    "Bearer " + c.token(jwt.MapClaims{"id": 5}),
	} {
		if status, text := c.raw("qr", authorization, "application/json", body("o", 100)); status != http.StatusUnauthorized || !strings.Contains(text, `"errors":[{"code":101`) {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	if len(c.bank.Payments("")) != 0 {
		t.Error("a payment was made")
	}
	if status, text := c.raw("qr", "Bearer "+good, "application/json", body("o", 100)); status != http.StatusOK {
		t.Errorf("a good token: %d %s", status, text)
	}
	if status, _ := c.raw("qr", "Bearer "+good, "application/json", body("o", 100)); status != http.StatusUnauthorized {
		t.Error("a token was taken twice")
	}
}

// TestKeysAreFetched holds that keys are fetched again when they are old, or when one is not among them.
func TestKeysAreFetched(t *testing.T) {
	c := open(t, false)
	c.is("state", "o", 100, http.StatusNotFound, `"code":7`)
	c.is("state", "o", 100, http.StatusNotFound, `"code":7`)
	if c.fetches != 1 {
		t.Errorf("%d fetches for two calls", c.fetches)
	}
	c.now = c.now.Add(keysLife)
	c.mu.Lock()
	c.keys = keySet("k9", &key().PublicKey)
	c.mu.Unlock()
	c.is("state", "o", 100, http.StatusUnauthorized, "k1")
	for _, broken := range []string{"", "<html></html>", `{"keys":[]}`, `{"keys":[{"kty":"RSA","kid":"k1","n":"AQAB","e":"AQAB"}]}`, `{"keys":[{"kty":"RSA","kid":"k1","n":"*","e":"AQAB"}]}`} {
		c.mu.Lock()
		c.keys = broken
		c.mu.Unlock()
		c.is("state", "o", 100, http.StatusUnauthorized, "errors")
	}
	c.mu.Lock()
	c.keys = keySet("k1", &key().PublicKey)
	c.mu.Unlock()
	c.is("state", "o", 100, http.StatusNotFound, `"code":7`)
}

func TestBodies(t *testing.T) {
	c := open(t, false)
	good := body("o", 100)
	for name, b := range map[string]struct {
		kind, body string
		status     int
	}{
		"another type":    {"text/plain", good, 400},
		"no JSON":         {"application/json", "x", 400},
		"a list":          {"application/json", "[" + good + "]", 400},
		"cut off":         {"application/json", good[:len(good)-1], 400},
		"two":             {"application/json", good + good, 400},
		"too long":        {"application/json", strings.Repeat(" ", maxBody) + good, 400},
		"another field":   {"application/json", strings.Replace(good, "{", `{"purpose":"x",`, 1), 400},
		"a field twice":   {"application/json", strings.Replace(good, "{", `{"amount":100,`, 1), 400},
		"a wrong letter":  {"application/json", strings.Replace(good, "operationId", "operationID", 1), 400},
		"no amount":       {"application/json", strings.Replace(good, `"amount":100,`, "", 1), 412},
		"no operation":    {"application/json", strings.Replace(good, `"operationId":"o",`, "", 1), 412},
		"empty operation": {"application/json", body("", 100), 412},
		"long operation":  {"application/json", body(strings.Repeat("o", 65), 100), 400},
		"sum in quotes":   {"application/json", strings.Replace(good, "100", `"100"`, 1), 400},
		"sum of nothing":  {"application/json", body("o", 0), 400},
		"sum below zero":  {"application/json", body("o", -1), 400},
		"half a kopeck":   {"application/json", strings.Replace(good, "100", "100.5", 1), 400},
		"another account": {"application/json", strings.Replace(good, account, "a2", 1), 404},
		"another store":   {"application/json", strings.Replace(good, store, "s2", 1), 404},
	} {
		status, text := c.raw("qr", "Bearer "+c.token(nil), b.kind, b.body)
		var list struct {
			Errors []struct {
				Error, ErrorMessage string
				Code                int
			}
		}
		if err := json.Unmarshal([]byte(text), &list); err != nil || status != b.status || len(list.Errors) != 1 || list.Errors[0].Error == "" || list.Errors[0].Code == 0 {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	if len(c.bank.Payments("")) != 0 {
		t.Error("a payment was made")
	}
	if status, _ := c.raw("refund", "Bearer "+c.token(nil), "application/json", good); status != http.StatusNotFound {
		t.Error("a method that there is none of")
	}
}

func TestLifeOfAPayment(t *testing.T) {
	c := open(t, false)
	pay := func(id string) {
		t.Helper()
		if status, text := c.control("POST", "payments/"+id+"/pay", ""); status != http.StatusOK {
			t.Fatalf("%d %s", status, text)
		}
	}
	c.is("qr", "o1", 19900, 200, `"data":"https://qr.nspk.ru/`)
	_, first := c.call("qr", "o1", 19900)
	_, second := c.call("qr", "o1", 19900)
	if first != second {
		t.Errorf("the same operation has two codes: %s, %s", first, second)
	}
	c.is("qr", "o1", 19901, 409, `"code":3`)
	c.is("state", "o1", 19900, 200, "IN_PROGRESS")
	c.is("state", "o1", 1, 400, "errors")
	pay("o1")
	c.is("state", "o1", 19900, 200, "DONE")
	c.is("qr", "o1", 19900, 409, `"code":3`)
	c.is("cancel", "o1", 4900, 200, "")
	c.is("cancel", "o1", 19900, 400, "errors")
	c.is("cancel", "o1", 15000, 200, "")
	c.is("cancel", "o1", 15000, 200, "")
	c.is("state", "o1", 19900, 200, "DONE")
	if p := c.bank.Payments("o1"); len(p) != 1 || p[0].Refunded != 19900 {
		t.Errorf("%+v", p)
	}

	c.is("qr", "o2", 100, 200, "data")
	c.is("cancel", "o2", 50, 400, "errors")
	c.is("cancel", "o2", 100, 200, "")
	c.is("state", "o2", 100, 200, "REJECTED")
	c.is("cancel", "o2", 100, 200, "")
	if status, _ := c.control("POST", "payments/o2/pay", ""); status != http.StatusConflict {
		t.Error("a cancelled code was paid")
	}
	if status, _ := c.control("POST", "payments/o2/pay?late=true", ""); status != http.StatusOK {
		t.Error("a cancelled code was not paid late")
	}

	c.is("qr", "o3", 100, 200, "data")
	c.control("POST", "payments/o3/process", "")
	c.is("cancel", "o3", 100, 409, `"code":4`)
	c.is("state", "o3", 100, 200, "IN_PROGRESS")
	c.control("POST", "payments/o3/reject", "")
	c.is("state", "o3", 100, 200, "REJECTED")

	c.is("qr", "o4", 100, 200, "data")
	c.now = c.now.Add(15 * time.Minute)
	c.is("state", "o4", 100, 200, "REJECTED")
	c.is("cancel", "nosuch", 100, 404, `"code":7`)
	if status, _ := c.control("POST", "payments/nosuch/pay", ""); status != http.StatusNotFound {
		t.Error("nobody's payment was paid")
	}
}

func TestMute(t *testing.T) {
	c := open(t, true)
	c.is("qr", "o1", 100, 200, "data")
	c.is("cancel", "o1", 100, 200, "")
	c.is("state", "o1", 100, 200, "IN_PROGRESS")
	c.is("qr", "o2", 100, 200, "data")
	c.control("POST", "payments/o2/expire", "")
	c.is("state", "o2", 100, 200, "IN_PROGRESS")
	c.is("qr", "o3", 100, 200, "data")
	c.control("POST", "payments/o3/reject", "")
	c.is("state", "o3", 100, 200, "REJECTED")
}

func TestFaults(t *testing.T) {
	c := open(t, false)
	c.is("qr", "o", 100, 200, "data")
	if status, text := c.control("POST", "faults/refuse?times=2&method=state&code=77", ""); status != 200 || !strings.Contains(text, `"name":"refuse"`) {
		t.Fatalf("%d %s", status, text)
	}
	c.is("cancel", "nosuch", 100, 404, `"code":7`)
	c.is("state", "o", 100, 422, `"code":77`)
	c.is("state", "o", 100, 422, `"code":77`)
	c.is("state", "o", 100, 200, "IN_PROGRESS")
	if status, _ := c.control("POST", "faults", `{"name":"http-503","times":0}`); status != 200 {
		t.Fatal(status)
	}
	c.is("state", "o", 100, 503, "<html>")
	c.is("state", "o", 100, 503, "<html>")
	c.control("DELETE", "faults", "")
	c.is("state", "o", 100, 200, "IN_PROGRESS")
	for _, bad := range []string{"faults/nosuch", "faults/refuse?times=-1", "faults/refuse?times=x", "faults/payload-bare?method=state", "faults/slow?delay=x"} {
		if status, _ := c.control("POST", bad, ""); status < 400 || status > 499 {
			t.Errorf("%s: %d", bad, status)
		}
	}
	for fault, holds := range map[banksim.Fault]string{
		PayloadBare: `"data":"https://qr.nspk.ru/BD10SIM`, PayloadOtherSum: "sum=101", PayloadCurrency: "cur=USD", PayloadCRC: "ZZZZ", PayloadMissing: `{"operationId":"o"}`,
		OtherPayment: "f1c50d66", banksim.Huge: strings.Repeat(" ", 1000), banksim.Truncated: `{"{"`,
	} {
		if err := c.bank.Break(banksim.Plan{Name: fault, Times: 1}); err != nil {
			t.Fatal(err)
		}
		c.is("qr", "o", 100, 200, holds)
	}
	if err := c.bank.Break(banksim.Plan{Name: UnknownStatus, Times: 1}); err != nil {
		t.Fatal(err)
	}
	c.is("state", "o", 100, 200, "QUANTUM_REVIEW")
	if err := c.bank.Break(banksim.Plan{Name: PaidDuringCancel, Times: 1}); err != nil {
		t.Fatal(err)
	}
	c.is("cancel", "o", 100, 200, "")
	if p := c.bank.Payments("o")[0]; p.Status != "DONE" || p.Refunded != 100 {
		t.Errorf("%+v", p)
	}
	if err := c.bank.Break(banksim.Plan{Name: RepeatRefused, Times: 1}); err != nil {
		t.Fatal(err)
	}
	c.is("cancel", "o", 100, 409, `"code":6`)
}

func TestNewRefuses(t *testing.T) {
	good := Config{Account: account, Store: store, Issuer: issuer, Keys: []byte(keySet("k1", &key().PublicKey))}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Config){
		"no account": func(c *Config) { c.Account = "" },
		"no keys":    func(c *Config) { c.Keys = nil },
		"both":       func(c *Config) { c.JWKS = "http://127.0.0.1/" },
		"no key set": func(c *Config) { c.Keys = []byte("x") },
	} {
		c := good
		spoil(&c)
		if _, err := New(c); err == nil {
			t.Error(name)
		}
	}
	if _, err := Sim().Open(banksim.Options{Values: map[string]string{"mute": "perhaps"}}); err == nil {
		t.Error("a flag that cannot be read was taken")
	}
}
