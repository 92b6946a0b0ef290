package sbersim

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kassa/banks/banksim"
)

// control sends a request to the controls.
func (c *client) control(method, path string) (int, string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+"/control/"+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestControls(t *testing.T) {
	c := open(t)
	paid, worked, declinedID, expiredID := c.made("a", 1000), c.made("b", 1000), c.made("c", 1000), c.made("d", 1000)
	for _, step := range []struct {
		method, path string
		code         int
		want         string
	}{
		{"POST", "payments/" + paid + "/fail", 200, ""},
		{"POST", "payments/" + paid + "/pay", 200, `"status":"PAID"`},
		{"POST", "payments/" + paid + "/pay", 409, ""},
		{"POST", "payments/" + paid + "/fail", 409, ""},
		{"POST", "payments/" + paid + "/refund?amount=900", 200, `"refunded":900`},
		{"POST", "payments/" + paid + "/refund?amount=101", 409, ""},
		{"POST", "payments/" + paid + "/refund", 200, `"refunded":1000`},
		{"GET", "payments/" + paid, 200, `"status":"PAID"`},
		{"GET", "payments/" + paid + "/notice", 200, `"operationType":"REFUND"`},
		{"GET", "payments/1/notice", 404, ""},
		{"POST", "payments/1/fail", 404, ""},
		{"POST", "payments/" + worked + "/process", 200, `"status":"ON_PAYMENT"`},
		{"POST", "payments/" + worked + "/pay", 200, `"status":"PAID"`},
		{"POST", "payments/" + declinedID + "/reject", 200, `"status":"DECLINED"`},
		{"POST", "payments/" + expiredID + "/expire", 200, `"status":"EXPIRED"`},
		{"POST", "payments/" + expiredID + "/pay?late=true", 200, `"status":"PAID"`},
		{"GET", "payments?order=b", 200, worked},
		{"GET", "clock", 200, `"now":"2026-03-01T09:00:00Z"`},
		{"POST", "clock?advance=20m", 200, `"now":"2026-03-01T09:20:00Z"`},
		{"POST", "clock?advance=soon", 400, ""},
		{"POST", "clock?advance=-1h", 400, ""},
		{"POST", "faults/refuse?code=030000&times=2&method=status", 200, `"code":"030000"`},
		{"POST", "faults/token-wrong-scope?method=status", 400, ""},
		{"POST", "faults/http-500?method=oauth", 200, ""},
		{"POST", "faults/earthquake", 404, ""},
		{"DELETE", "faults", 200, `"waiting":[]`},
	} {
		code, text := c.control(step.method, step.path)
		if code != step.code || !strings.Contains(text, step.want) {
			t.Errorf("%s %s: %d %s", step.method, step.path, code, text)
		}
	}
}

// TestEveryFaultHappens meets each of the bank's own faults at each method that it fits, and looks for a difference from
// a day on which nothing goes wrong: an answer, an end without one, or an order that stands elsewhere.
func TestEveryFaultHappens(t *testing.T) {
	for f, only := range fits {
		if slices.Contains(only, noticeMethod) {
			continue // TestNoticesAreSent
		}
		t.Run(string(f), func(t *testing.T) {
			for _, method := range only {
				if day(t, method, f) == day(t, method, "") {
					t.Errorf("nothing was different at %s", method)
				}
			}
		})
	}
}

// day is what comes of one call on a day with a fault: the answer, and where the orders stand afterwards.
func day(t *testing.T, method string, f banksim.Fault) string {
	c := open(t)
	waits, paid := c.made("waits", 1000), c.made("paid", 1000)
	if err := c.bank.Pay(paid, false); err != nil {
		t.Fatal(err)
	}
	request := map[string]fields{
		"oauth":      {"tid": testTID, "partner_order_number": "waits"},
		"creation":   creationOf("new", 500),
		"status":     {"tid": testTID, "partner_order_number": "paid"},
		"revocation": {"order_id": waits},
		"cancel":     c.refundOf("paid", 400),
		"registry":   period(testIDQR, "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"),
	}[method]
	if f != "" {
		if err := c.bank.Break(banksim.Plan{Name: f, Times: 1, Method: method}); err != nil {
			t.Fatal(err)
		}
	}
	called := method
	if method == oauthMethod {
		called = "status"
	}
	status, text := c.send(called, request)
	return fmt.Sprint(status, text, c.bank.Payments(""), c.status("paid"))
}

func TestNoticeOfAnOrder(t *testing.T) {
	c := open(t)
	id := c.made("a", 1000)
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, `"orderState":"CREATED"`},
		{func() error { return c.bank.Pay(id, false) }, `"operationSum":1000`},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		body, err := c.bank.Notice(id)
		if err != nil || !json.Valid(body) || !strings.Contains(string(body), step.want) || !strings.Contains(string(body), `"partnerOrderNumber":"a"`) {
			t.Errorf("%s, %v", body, err)
		}
	}
}

// TestSimOverTLS opens the practice bank as a program does, and calls it with and without a certificate.
func TestSimOverTLS(t *testing.T) {
	bank, err := Sim().Open(banksim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := log.New(io.Discard, "", 0) // handshakes that must fail do
	server := &http.Server{Handler: bank.Handler, ReadHeaderTimeout: time.Minute, ErrorLog: silent}
	go func() { _ = server.Serve(tls.NewListener(l, bank.TLS)) }()
	defer server.Close()

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(bank.Settings["ca"]))
	pair, err := tls.X509KeyPair([]byte(bank.Settings["cert"]), []byte(bank.Settings["key"]))
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewCA()
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Client("somebody", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	foreignPair, err := tls.X509KeyPair([]byte(foreign.Cert), []byte(foreign.Key))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		conf *tls.Config
		ok   bool
	}{
		"with its certificate": {&tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}, true},
		"with none":            {&tls.Config{RootCAs: roots}, false},
		"with another's":       {&tls.Config{RootCAs: roots, Certificates: []tls.Certificate{foreignPair}}, false},
		"without trust":        {&tls.Config{RootCAs: x509.NewCertPool(), Certificates: []tls.Certificate{pair}}, false},
	} {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: test.conf}}
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "https://"+l.Addr().String()+"/prod/tokens/v3/oauth", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			res.Body.Close()
			if res.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s: %d", name, res.StatusCode)
			}
		}
		client.CloseIdleConnections()
	}
}

func TestSim(t *testing.T) {
	s := Sim()
	for _, flags := range []map[string]string{{"tls": "perhaps"}, {"stub": "2"}, {"rate": "-1"}, {"member-id": "123456789"}} {
		if _, err := s.Open(banksim.Options{Values: flags}); err == nil {
			t.Errorf("%v: taken", flags)
		}
	}
	bank, err := s.Open(banksim.Options{Values: map[string]string{"tls": "false"}})
	if err != nil || bank.TLS != nil || bank.Control != nil || bank.Settings["cert"] != "" || len(bank.Held()) != 0 {
		t.Errorf("%+v, %v", bank, err)
	}
}

func TestHeld(t *testing.T) {
	c := open(t)
	id := c.made("a", 1000)
	if err := c.bank.Pay(id, false); err != nil {
		t.Fatal(err)
	}
	if err := c.bank.Refund(id, 300); err != nil {
		t.Fatal(err)
	}
	want := []banksim.Held{{ID: "a", BankID: id, Amount: 1000, Paid: true, Refunded: 300}}
	if got := c.bank.held(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}
