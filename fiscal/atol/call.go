package atol

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"kassa/fiscal"
)

const (
	maxAnswer = 1 << 20 // far above any answer: a document in the fiscal storage has at most 32 KB
	maxWords  = 200     // of the device's own words in an error

	dialTimeout = 5 * time.Second
	callTimeout = 10 * time.Second // of a call to the queue
	askTimeout  = 35 * time.Second // of a question: the service itself waits for the driver for 30 seconds, and then says so
)

// client calls one service. It is safe for concurrent use.
type client struct {
	base  string // without a slash at its end
	query string // "?deviceID=…", or empty
	http  *http.Client
	// The password lives in these two alone, where nothing that prints a client can reach it.
	sign   func(*http.Request)
	redact func(string) string
}

func newClient(u *url.URL, c Config) *client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil // the service stands in the shop
	t.DialContext = (&net.Dialer{Timeout: dialTimeout}).DialContext
	t.MaxResponseHeaderBytes, t.IdleConnTimeout = 64<<10, 10*time.Second
	carrier := c.Transport
	if carrier == nil {
		carrier = t
	}
	k := &client{
		base: strings.TrimSuffix(u.String(), "/"),
		http: &http.Client{
			Transport: carrier,
			// A redirect would carry the password to an address that nobody chose.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		sign:   func(*http.Request) {},
		redact: func(text string) string { return text },
	}
	if c.Device != "" {
		k.query = "?deviceID=" + url.QueryEscape(c.Device)
	}
	if c.Login != "" {
		k.sign = func(r *http.Request) { r.SetBasicAuth(c.Login, c.Password) }
	}
	if c.Password != "" {
		basic := base64.StdEncoding.EncodeToString([]byte(c.Login + ":" + c.Password))
		k.redact = strings.NewReplacer(c.Password, "***", basic, "***").Replace
	}
	return k
}

// reply is an answer of the service, or of whoever stands at its address.
type reply struct {
	status int
	body   []byte
}

// errNotSent tells that not a byte of a request left.
var errNotSent = errors.New("nothing was sent")

// call sends a request and reads the whole answer, whatever its status. An error matches errNotSent where nobody can
// have heard the request; after any other, nobody knows.
func (c *client) call(ctx context.Context, method, path string, body any) (reply, error) {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return reply{}, fmt.Errorf("writing the request: %w: %w", errNotSent, err)
		}
	}
	if err := ctx.Err(); err != nil {
		return reply{}, fmt.Errorf("%w: %w", errNotSent, err)
	}
	timeout := callTimeout
	if strings.HasPrefix(path, "operations/") {
		timeout = askTimeout
	}
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v2/"+path+c.query, bytes.NewReader(text))
	if err != nil {
		return reply{}, fmt.Errorf("making the request: %w", errNotSent)
	}
	req.Header.Set("User-Agent", "kassa")
	if path != "requests" {
		// A question that met a connection which the service had just closed goes out again by itself; a job never does.
		// The header is not sent.
		req.Header["Idempotency-Key"] = nil
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	c.sign(req)
	res, err := c.http.Do(req)
	var dial *net.OpError
	switch {
	case errors.As(err, &dial) && dial.Op == "dial":
		return reply{}, fmt.Errorf("%w: %w", errNotSent, err)
	case err != nil:
		return reply{}, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return reply{}, fmt.Errorf("reading the answer: %w", err)
	case len(answer) > maxAnswer:
		return reply{}, fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	return reply{res.StatusCode, answer}, nil
}

// clean makes a text of the other side fit for one line, with no secrets in it.
func (c *client) clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	runes := []rune(c.redact(strings.Join(strings.Fields(text), " ")))
	return string(runes[:min(maxWords, len(runes))])
}

// problem turns a call that gave no answer into a question's error.
func (c *client) problem(err error) *fiscal.Error {
	return &fiscal.Error{Trouble: fiscal.TroubleOff, Err: err}
}

// complaint turns an answer that is not what was asked for into a question's error.
func (c *client) complaint(r reply) *fiscal.Error {
	e := &fiscal.Error{Code: fmt.Sprintf("HTTP %d", r.status), Trouble: fiscal.TroubleOff}
	f, told := readFault(r.body)
	if told {
		e.Trouble, e.Words = f.trouble(), c.clean(string(f.Description))
		e.Code += fmt.Sprintf(", %d", f.Code)
	}
	switch {
	case r.status == http.StatusUnauthorized:
		e.Trouble = fiscal.TroubleAccess
	case r.status == http.StatusRequestTimeout:
		e.Trouble = fiscal.TroubleBusy
	case r.status == http.StatusForbidden: // the device is not activated in the service
		e.Trouble = fiscal.TroubleOff
	case !told: // another program at the address, or a gateway before the service
		e.Err = errForeign
	case r.status == statusFailed:
		e.Err = deviceError{f}
	}
	return e
}

// statusFailed is the service's own HTTP status: a question failed, or the format of a job is wrong.
const statusFailed = 420

var errForeign = errors.New("the answer is not the service's")

// deviceError carries an error that the device gave.
type deviceError struct{ fault }

func (e deviceError) Error() string { return fmt.Sprintf("error %d of the driver", e.Code) }
