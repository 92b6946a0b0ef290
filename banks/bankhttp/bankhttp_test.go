package bankhttp

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/banks"
)

// open makes a client of a server on loopback.
func open(t *testing.T, c Config, h http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c.BaseURL = server.URL + "/v2"
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestAddressIsChecked(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://bank.example/v2/": true, "https://bank.example": true, "http://127.0.0.1:1/": true, "http://[::1]:1": true,
		"http://localhost:1": true, "http://127.1.2.3/": true,
		"": false, "bank.example": false, "https:///v2/": false, "http://bank.example/": false, "ftp://127.0.0.1/": false,
		"https://u:p@bank.example/": false, "https://bank.example/?a=b": false, "https://bank.example/#a": false,
		"http://127.0.0.1.bank.example/": false, "http://localhost.bank.example/": false, "https://%zz/": false,
	} {
		if _, err := New(Config{BaseURL: address}); (err == nil) != ok || err != nil && !errors.Is(err, banks.ErrSettings) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestRequestAndAnswer(t *testing.T) {
	client := open(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Method+" "+r.URL.String()+" "+r.Header.Get("X-Key")+" "+string(body))
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "answer")
	})
	for _, path := range []string{"Init?a=b", "/Init?a=b"} {
		r, err := client.Do(t.Context(), http.MethodPut, path, http.Header{"X-Key": {"k"}}, "asked")
		if err != nil || r.Status != http.StatusTeapot || string(r.Body) != "answer" || r.Header.Get("X-Seen") != "PUT /v2/Init?a=b k asked" {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// TestNoAnswer holds that whatever goes wrong on the way is "nobody knows", and nothing else.
func TestNoAnswer(t *testing.T) {
	followed := false
	for name, h := range map[string]http.HandlerFunc{
		"it hangs":      func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"it hangs up":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"it is endless": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, MaxBody+1)) },
		"it is cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "half")
		},
		"its header is endless": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Long", strings.Repeat("x", 2<<20)) },
	} {
		t.Run(name, func(t *testing.T) {
			if r, err := open(t, Config{Timeout: 200 * time.Millisecond}, h).Do(t.Context(), http.MethodPost, "x", nil, ""); !errors.Is(err, banks.ErrUnknown) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	client := open(t, Config{}, func(http.ResponseWriter, *http.Request) { followed = true })
	if _, err := client.Do(ctx, http.MethodGet, "x", nil, ""); !errors.Is(err, banks.ErrUnknown) || !errors.Is(err, context.Canceled) || followed {
		t.Errorf("with no time left: %v", err)
	}
	for name, bad := range map[string]func() (Reply, error){
		"a method of two words": func() (Reply, error) { return client.Do(t.Context(), "GET X", "x", nil, "") },
		"a path that is none":   func() (Reply, error) { return client.Do(t.Context(), "GET", "%zz", nil, "") },
		"a header of two lines": func() (Reply, error) { return client.Do(t.Context(), "GET", "x", http.Header{"A": {"b\nc"}}, "") },
	} {
		if _, err := bad(); !errors.Is(err, banks.ErrUnknown) || followed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	followed := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	defer elsewhere.Close()
	client := open(t, Config{}, http.RedirectHandler(elsewhere.URL, http.StatusPermanentRedirect).ServeHTTP)
	r, err := client.Do(t.Context(), http.MethodPost, "x", nil, "signed")
	if err != nil || r.Status != http.StatusPermanentRedirect || followed {
		t.Errorf("%+v, %v; followed: %v", r, err, followed)
	}
}

// TestCertificates has a bank whose certificate no system trusts, and that asks for one.
func TestCertificates(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.Config.ErrorLog = nil
	server.StartTLS()
	defer server.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	cert := selfSigned(t)
	for name, c := range map[string]struct {
		conf Config
		ok   bool
	}{
		"both":           {Config{CA: ca, Cert: &cert}, true},
		"no certificate": {Config{CA: ca}, false},
		"no trust":       {Config{Cert: &cert}, false},
	} {
		c.conf.BaseURL = server.URL
		client, err := New(c.conf)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Do(t.Context(), http.MethodGet, "", nil, ""); (err == nil) != c.ok || err != nil && !errors.Is(err, banks.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{"PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		if _, err := New(Config{BaseURL: server.URL, CA: bad}); !errors.Is(err, banks.ErrSettings) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestClean(t *testing.T) {
	for given, want := range map[string]string{
		"Покупка 0001":             "Покупка 0001",
		"  a\r\nb\tc  ":            "a b c",
		"bell\a and \x1b[31mred":   "bell and [31mred",
		"a\u202eb\u0000c\ufffdd":   "abcd",
		strings.Repeat("я", 1000):  strings.Repeat("я", 20),
		"\xff\xfe":                 "",
		"half a letter at the end": "half a letter at the",
	} {
		if got := Clean(given, 20); got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}

func TestPublicAddresses(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://bank.example/v2/": true, "https://8.8.8.8/": true, "https://[2a02:6b8::1]/": true,
		"http://127.0.0.1:1/": false, "http://localhost:1/": false, "https://127.0.0.1/": false, "https://10.0.0.5/": false,
		"https://172.16.0.1/": false, "https://192.168.1.1/": false, "https://169.254.169.254/": false, "https://100.64.0.1/": false,
		"https://0.0.0.0/": false, "https://[::1]/": false, "https://[::ffff:10.0.0.1]/": false, "https://[fd00::1]/": false,
		"https://[fe80::1]/": false, "https://[64:ff9b::a00:1]/": false, "https://[::]/": false, "https://224.0.0.1/": false,
	} {
		if _, err := New(Config{BaseURL: address, Public: true}); (err == nil) != ok || err != nil && !errors.Is(err, banks.ErrSettings) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestANameThatLeadsHome is refused when it has become an address; nothing is sent.
func TestANameThatLeadsHome(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was called") }))
	defer server.Close()
	client, err := New(Config{BaseURL: strings.Replace(server.URL, "127.0.0.1", "localhost", 1), Public: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Do(t.Context(), http.MethodGet, "x", nil, "")
	if !errors.Is(err, banks.ErrUnknown) || !errors.Is(err, banks.ErrSettings) {
		t.Errorf("the error is %v", err)
	}
}
