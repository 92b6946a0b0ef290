// Package client is the till's side of the wire: one method for each call of package wire. It keeps no state and tries
// nothing twice; who calls it decides what a failure means.
package client

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kassa/sync/wire"
)

// Errors of a call.
var (
	// ErrUnreachable tells that no answer came, or none that a server of ours gives: nothing is known of the outcome.
	ErrUnreachable = errors.New("client: the server cannot be reached")
	// ErrRefused tells that the server answered with an error; see Refusal.
	ErrRefused = errors.New("client: the server refused")
	// ErrAddress tells that a server's address cannot be used.
	ErrAddress = errors.New("client: not a usable server address")
)

// Refusal is an error that the server answered with. It matches ErrRefused.
type Refusal struct {
	Status int
	Wire   wire.Error
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("client: the server refused (%d %s): %s", r.Status, r.Wire.Code, r.Wire.Message)
}

// Is makes every Refusal match ErrRefused.
func (r *Refusal) Is(target error) bool { return target == ErrRefused }

// Code gives the wire's code of a refusal, or "" when err is none.
func Code(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Wire.Code
	}
	return ""
}

// callTimeout bounds a call that does not wait on purpose.
const callTimeout = 15 * time.Second

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

// Client calls one server for one till. It is safe for concurrent use.
type Client struct {
	base   string
	secret string
	http   *http.Client
}

// New makes a client for a server at base ("https://kassa.example") with the secret that pairing gave. hc may be nil.
func New(base, secret string, hc *http.Client) (*Client, error) {
	if err := CheckAddress(base); err != nil {
		return nil, err
	}
	if hc == nil {
		hc = &http.Client{}
	}
	c := *hc
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: base, secret: secret, http: &c}, nil
}

// CheckAddress accepts https, and plain http on this machine alone: the secret and the sales go over it.
func CheckAddress(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Path != "" && u.Path != "/" {
		return fmt.Errorf("%w: it looks like https://kassa.example", ErrAddress)
	}
	switch u.Scheme {
	case "https":
		return nil
	case "http":
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return nil
		}
		return fmt.Errorf("%w: plain http is for this machine only, use https", ErrAddress)
	}
	return fmt.Errorf("%w: it begins with https://", ErrAddress)
}

// Pair exchanges a one-time code for the till's secret.
func Pair(ctx context.Context, base string, p wire.Pair) (wire.Paired, error) {
	var paired wire.Paired
	c, err := New(base, "", nil)
	if err != nil {
		return paired, err
	}
	err = c.call(ctx, http.MethodPost, "/api/v1/pair", p, &paired)
	return paired, err
}

// Upload sends operations. A gap or a fork is a *Refusal that holds the server's Ack.
func (c *Client) Upload(ctx context.Context, journal string, b wire.Batch) (wire.Ack, error) {
	var ack wire.Ack
	err := c.call(ctx, http.MethodPost, "/api/v1/journals/"+url.PathEscape(journal)+"/operations", b, &ack)
	return ack, err
}

// NewPayment asks for a QR; repeating it with the same id is harmless.
func (c *Client) NewPayment(ctx context.Context, p wire.NewPayment) (wire.Payment, error) {
	var out wire.Payment
	err := c.call(ctx, http.MethodPost, "/api/v1/payments", p, &out)
	return out, err
}

// Payment asks for a payment's state. The server answers as soon as the revision is above the given one, or after wait.
func (c *Client) Payment(ctx context.Context, id string, revision int64, wait time.Duration) (wire.Payment, error) {
	var out wire.Payment
	q := url.Values{"revision": {strconv.FormatInt(revision, 10)}, "wait": {strconv.Itoa(int(wait / time.Second))}}
	ctx, cancel := context.WithTimeout(ctx, wait+callTimeout)
	defer cancel()
	err := c.do(ctx, http.MethodGet, "/api/v1/payments/"+url.PathEscape(id)+"?"+q.Encode(), nil, &out)
	return out, err
}

// CancelPayment cancels or refunds a payment; repeating it is harmless.
func (c *Client) CancelPayment(ctx context.Context, id string, how wire.Cancel) (wire.Payment, error) {
	var out wire.Payment
	err := c.call(ctx, http.MethodPost, "/api/v1/payments/"+url.PathEscape(id)+"/cancel", how, &out)
	return out, err
}

// Status asks the server how it is.
func (c *Client) Status(ctx context.Context) (wire.Status, error) {
	var out wire.Status
	err := c.call(ctx, http.MethodGet, "/api/v1/status", nil, &out)
	return out, err
}

func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return c.do(ctx, method, path, in, out)
}

func (c *Client) do(ctx context.Context, method, path string, in, out any) error {
	req, err := c.request(ctx, method, path, in)
	if err != nil {
		return err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return fmt.Errorf("%w: reading the answer: %w", ErrUnreachable, err)
	}
	if len(body) > maxAnswer {
		return fmt.Errorf("%w: the answer has more than %d bytes", ErrUnreachable, maxAnswer)
	}
	if res.StatusCode/100 != 2 {
		return refusal(res.StatusCode, body)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%w: the answer cannot be read: %w", ErrUnreachable, err)
	}
	return nil
}

// refusal reads an error answer. One that is not ours comes from something between us and the server.
func refusal(status int, body []byte) error {
	r := &Refusal{Status: status}
	if err := json.Unmarshal(body, &r.Wire); err != nil || r.Wire.Code == "" {
		return fmt.Errorf("%w: answer %d that is not ours", ErrUnreachable, status)
	}
	if status >= 500 || status == http.StatusTooManyRequests {
		return fmt.Errorf("%w: %w", ErrUnreachable, r)
	}
	return r
}

func (c *Client) request(ctx context.Context, method, path string, in any) (*http.Request, error) {
	var body bytes.Buffer
	if in != nil {
		z := gzip.NewWriter(&body)
		if err := errors.Join(json.NewEncoder(z).Encode(in), z.Close()); err != nil {
			return nil, fmt.Errorf("packing the request: %w", err)
		}
	}
	base := c.base
	if base[len(base)-1] == '/' {
		base = base[:len(base)-1]
	}
	req, err := http.NewRequestWithContext(ctx, method, base+path, &body)
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Content-Encoding", "gzip")
	}
	if c.secret != "" {
		req.Header.Set("Authorization", "Bearer "+c.secret)
	}
	return req, nil
}
