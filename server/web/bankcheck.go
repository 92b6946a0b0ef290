package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"kassa/banks"
	"kassa/i18n"
)

const (
	// checkLimit is how long a bank may take to answer a check while an owner waits.
	checkLimit   = checkSeconds * time.Second
	checkSeconds = 15
	// checksAtOnce bounds the calls to addresses that owners typed in.
	checksAtOnce = 4
)

// verdict is what a check of a bank's settings came to.
type verdict struct {
	Key    string // of the text that says it
	Field  string // name of the field to look at; empty for none
	Label  string // of that field
	Detail string // the bank's own words, or what exactly is wrong with a field
	Asked  bool   // the bank was asked, or was not to be reached
}

// Text says it.
func (v verdict) Text(l *i18n.Language) string {
	return l.T(v.Key, "field", v.Label, "seconds", checkSeconds)
}

// Good tells that the bank knows us.
func (v verdict) Good() bool { return v.Key == worksKey }

const worksKey = "web.check.works"

// check asks the bank whether it knows us by these settings.
func (s *site) check(ctx context.Context, a banks.Adapter, settings banks.Settings) verdict {
	whole, err := a.Check(settings)
	if err != nil {
		return explain(a, err)
	}
	bank, err := a.Open(whole, s.bankOptions())
	if err != nil {
		return explain(a, err)
	}
	s.ring.try(bank, s.Clock())
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	select {
	case s.asking <- struct{}{}:
		defer func() { <-s.asking }()
	case <-ctx.Done():
		return verdict{Key: "web.check.timeout", Field: banks.FieldURL}
	}
	v := verdict{Key: worksKey}
	if err := bank.Check(ctx); err != nil {
		v = explain(a, err)
	}
	v.Asked = true
	return v
}

// explain says in an owner's words why a check failed.
func explain(a banks.Adapter, err error) verdict {
	var refusal *banks.Refusal
	switch {
	case errors.Is(err, banks.ErrSettings):
		return explainField(a, err)
	case errors.As(err, &refusal):
		v := verdict{Key: "web.check.refused", Detail: strings.TrimSpace(refusal.Code + " " + refusal.Message)}
		if refusal.Reason == banks.ReasonSettings {
			v.Key = "web.check.settings"
		}
		return v
	}
	if v, ok := explainTLS(err); ok {
		return v
	}
	return explainNetwork(err)
}

// explainField finds the field that an adapter's error names.
func explainField(a banks.Adapter, err error) verdict {
	_, why, _ := strings.Cut(err.Error(), banks.ErrSettings.Error()+": ")
	name, _, _ := strings.Cut(why, " ")
	v := verdict{Key: "web.check.fields", Detail: why}
	for _, f := range a.Fields {
		if f.Name != name {
			continue
		}
		v.Field, v.Key = name, "web.check.field"
		switch name {
		case banks.FieldURL:
			v.Key, v.Detail = "web.check.url", ""
		case banks.FieldCA:
			v.Key, v.Detail = "web.check.ca", ""
		}
	}
	return v
}

// explainTLS tells what is wrong with the encrypted connection.
func explainTLS(err error) (verdict, bool) {
	var (
		unknown  x509.UnknownAuthorityError
		host     x509.HostnameError
		invalid  x509.CertificateInvalidError
		alert    tls.AlertError
		noRecord tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &unknown):
		return verdict{Key: "web.check.unknown_certificate", Field: banks.FieldCA}, true
	case errors.As(err, &host):
		return verdict{Key: "web.check.other_certificate", Field: banks.FieldURL}, true
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return verdict{Key: "web.check.expired_certificate"}, true
	case errors.As(err, &invalid):
		return verdict{Key: "web.check.bad_certificate", Field: banks.FieldCA}, true
	case errors.As(err, &alert):
		return verdict{Key: "web.check.client_certificate", Detail: alert.Error()}, true
	case errors.As(err, &noRecord), errors.Is(err, http.ErrSchemeMismatch):
		return verdict{Key: "web.check.not_encrypted", Field: banks.FieldURL}, true
	}
	return verdict{}, false
}

// explainNetwork tells why nobody answered, or that somebody else did.
func explainNetwork(err error) verdict {
	var (
		dns  *net.DNSError
		away net.Error
		call *net.OpError
	)
	switch {
	case errors.Is(err, banks.ErrNotFound):
		return verdict{Key: "web.check.nonsense", Field: banks.FieldURL}
	case errors.As(err, &dns) && dns.IsNotFound:
		return verdict{Key: "web.check.no_host", Field: banks.FieldURL}
	case errors.Is(err, syscall.ECONNREFUSED):
		return verdict{Key: "web.check.nobody", Field: banks.FieldURL}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &away) && away.Timeout():
		return verdict{Key: "web.check.timeout", Field: banks.FieldURL}
	case errors.As(err, &call), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return verdict{Key: "web.check.broken"}
	}
	return verdict{Key: "web.check.nonsense", Field: banks.FieldURL}
}
