// Package bankhttp is what every bank's adapter needs of HTTP: an address that is checked, certificates that the owner
// chose, a deadline, no redirects, and an answer of bounded size.
package bankhttp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"

	"kassa/banks"
)

// MaxBody is how long an answer may be, in bytes: a registry of a thousand orders has half of it.
const MaxBody = 2 << 20

// Config is what a Client is made of.
type Config struct {
	BaseURL string           // https, or http on loopback
	CA      string           // PEM; trusted in addition to the system's
	Cert    *tls.Certificate // shown to the bank; nil for none
	Timeout time.Duration    // of one call; ten seconds when zero
	Public  bool             // https to addresses on the internet only; see banks.Options
	// Transport carries the calls instead of the network; CA and Cert are not used then.
	Transport http.RoundTripper
}

// Client calls one bank. It is safe for concurrent use.
type Client struct {
	base    string
	http    *http.Client
	timeout time.Duration
}

// New checks the configuration; it sends nothing. The error matches banks.ErrSettings.
func New(c Config) (*Client, error) {
	base, err := baseURL(c.BaseURL, c.Public)
	if err != nil {
		return nil, err
	}
	if c.Timeout <= 0 {
		c.Timeout = 10 * time.Second
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 16 // many payments are followed over few connections
	t.MaxResponseHeaderBytes = 64 << 10
	if c.Public {
		t.DialContext = (&net.Dialer{Timeout: c.Timeout, Control: publicOnly}).DialContext
	}
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CA != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM([]byte(c.CA)) {
			return nil, fmt.Errorf("%w: %s holds no certificate in PEM", banks.ErrSettings, banks.FieldCA)
		}
		t.TLSClientConfig.RootCAs = pool
	}
	if c.Cert != nil {
		t.TLSClientConfig.Certificates = []tls.Certificate{*c.Cert}
	}
	var carrier http.RoundTripper = t
	if c.Transport != nil {
		carrier = c.Transport
	}
	return &Client{base: base, timeout: c.Timeout, http: &http.Client{
		Transport: carrier,
		// A redirect would carry a signed request to an address that nobody chose.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// baseURL checks the address: what crosses a network is encrypted.
func baseURL(text string, public bool) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%w: %s is no address", banks.ErrSettings, banks.FieldURL)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return "", fmt.Errorf("%w: %s must begin with https", banks.ErrSettings, banks.FieldURL)
	}
	// A name is looked at when it has become an address, by publicOnly.
	if ip, err := netip.ParseAddr(u.Hostname()); public && (u.Scheme != "https" || err == nil && !onInternet(ip)) {
		return "", errNotPublic
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// errNotPublic tells that an address leads to this machine or to the network that it stands in.
var errNotPublic = fmt.Errorf("%w: %s must begin with https and lead to the internet", banks.ErrSettings, banks.FieldURL)

// publicOnly refuses a connection to an address that is not on the internet. It sees what the name was resolved to: a name
// may lead anywhere, and elsewhere tomorrow.
func publicOnly(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !onInternet(to.Addr()) {
		return errNotPublic
	}
	return nil
}

// notPublic are the networks that are not on the internet, or lead to others through a translator, beside those that netip
// knows (IANA's registries of special-purpose addresses, RFC 6890).
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("::/96"), netip.MustParsePrefix("fec0::/10"),
}

func onInternet(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	inside := func(p netip.Prefix) bool { return p.Contains(ip) }
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !slices.ContainsFunc(notPublic, inside)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Reply is a bank's answer.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends a request to a path below the base address and reads the whole answer, whatever its status. Any error matches
// banks.ErrUnknown: nobody knows whether the bank has done what it was asked to.
func (c *Client) Do(ctx context.Context, method, path string, header http.Header, body string) (Reply, error) {
	ctx, stop := context.WithTimeout(ctx, c.timeout)
	defer stop()
	r, err := c.do(ctx, method, path, header, body)
	if err != nil {
		return Reply{}, fmt.Errorf("%w: %w", banks.ErrUnknown, err)
	}
	return r, nil
}

func (c *Client) do(ctx context.Context, method, path string, header http.Header, body string) (Reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+strings.TrimPrefix(path, "/"), strings.NewReader(body))
	if err != nil {
		return Reply{}, errors.New("the request cannot be made")
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("User-Agent", "kassa")
	res, err := c.http.Do(req)
	if err != nil {
		return Reply{}, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, MaxBody+1))
	switch {
	case err != nil:
		return Reply{}, fmt.Errorf("reading the answer: %w", err)
	case len(answer) > MaxBody:
		return Reply{}, fmt.Errorf("the answer is longer than %d bytes", MaxBody)
	}
	return Reply{Status: res.StatusCode, Header: res.Header, Body: answer}, nil
}

// Clean makes a bank's text fit for one line of at most n letters.
func Clean(text string, n int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(n, len(runes))])
}
