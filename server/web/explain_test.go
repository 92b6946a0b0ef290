package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/every"
)

// TestAnAddressOfTheServersOwn is not called, by whatever name, on a server whose owners are not those who run it.
func TestAnAddressOfTheServersOwn(t *testing.T) {
	called := false
	inside := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer inside.Close()
	adapter, ok := every.Bank("tbank")
	if !ok {
		t.Fatal("there is no such bank")
	}
	s := &site{Config: Config{Clock: time.Now, PublicBanks: true}, asking: make(chan struct{}, 1)}
	for _, address := range []string{inside.URL, strings.Replace(inside.URL, "127.0.0.1", "localhost", 1), "http://localhost:1/"} {
		v := s.check(t.Context(), adapter, banks.Settings{banks.FieldURL: address, "terminal": "T", "password": "p"})
		if v.Key != "web.check.url" || v.Field != banks.FieldURL || called {
			t.Errorf("%s: %+v, called: %v", address, v, called)
		}
	}
}

func TestExplain(t *testing.T) {
	adapter := banks.Adapter{Fields: []banks.Field{{Name: "terminal"}, {Name: banks.FieldURL}}}
	unknown := func(err error) error { return fmt.Errorf("%w: %w", banks.ErrUnknown, err) }
	for _, c := range []struct {
		name  string
		err   error
		key   string
		field string
	}{
		{"a field", fmt.Errorf("tbank: %w: terminal has more than 20 letters", banks.ErrSettings), "web.check.field", "terminal"},
		{"fields together", fmt.Errorf("tbank: %w: they do not belong together", banks.ErrSettings), "web.check.fields", ""},
		{"a wrong key", &banks.Refusal{Reason: banks.ReasonSettings, Code: "204"}, "web.check.settings", ""},
		{"another refusal", unknown(&banks.Refusal{Reason: banks.ReasonOther, Code: "99"}), "web.check.refused", ""},
		{"another name", unknown(x509.HostnameError{Certificate: &x509.Certificate{}, Host: "bank.example"}), "web.check.other_certificate", "url"},
		{"an old certificate", unknown(x509.CertificateInvalidError{Reason: x509.Expired}), "web.check.expired_certificate", ""},
		{"a bad certificate", unknown(x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}), "web.check.bad_certificate", "ca"},
		{"our certificate", unknown(tls.AlertError(42)), "web.check.client_certificate", ""},
		{"no such host", unknown(&net.OpError{Err: &net.DNSError{IsNotFound: true}}), "web.check.no_host", "url"},
		{"no answer", unknown(context.DeadlineExceeded), "web.check.timeout", "url"},
		{"cut off", unknown(io.ErrUnexpectedEOF), "web.check.broken", ""},
		{"no route", unknown(&net.OpError{Op: "dial", Err: errors.New("no route to host")}), "web.check.broken", ""},
		{"a page of HTML", unknown(errors.New("invalid character '<'")), "web.check.nonsense", "url"},
		{"nothing there", banks.ErrNotFound, "web.check.nonsense", "url"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if v := explain(adapter, c.err); v.Key != c.key || v.Field != c.field || v.Good() {
				t.Errorf("%+v", v)
			}
		})
	}
}
