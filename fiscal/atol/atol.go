// Package atol speaks to fiscal registrars of ATOL through "Web Requests": the maker's own service (a successor of its
// "Web server"), which stands on the till's machine over the driver and takes tasks as JSON over HTTP. What it does is
// known from ATOL's OpenAPI files (fptr-web-requests 1.0.0.0 to 1.0.4.0) and from the scripts and the header of driver 10.
//
// A document is a job with a uuid of ours. The service keeps jobs in a queue, runs them one by one and tells their
// outcome when asked; it takes no uuid twice. So the id of a fiscal.Try is the job's uuid, and a request whose answer was
// lost is never repeated under another. A job that the service forgot (its results are deleted after a month, or with
// the service) is looked for in the fiscal storage: every document after the one that was the last before the try is
// read, and compared by the operation's mark, which receipts carry as a "user attribute" (tags 1084 to 1086), by kind
// and by sums.
//
// A job that is "blocked" is no answer: the service itself does not know the outcome yet, and will ask the device.
package atol

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"kassa/fiscal"
)

// Name is the driver's name in settings.
const Name = "atol"

// ErrSettings tells that the settings cannot be used.
var ErrSettings = errors.New("atol: the settings cannot be used")

// The settings of the driver.
var (
	fieldURL      = fiscal.Field{Name: "url", Optional: true, Default: "http://127.0.0.1:16732"}
	fieldLogin    = fiscal.Field{Name: "login", Optional: true}
	fieldPassword = fiscal.Field{Name: "password", Secret: true, Optional: true}
	fieldDevice   = fiscal.Field{Name: "device", Optional: true} // of a service that serves several
)

// Driver describes the driver to a till.
func Driver() fiscal.Driver {
	return fiscal.Driver{
		Name:   Name,
		Title:  "АТОЛ Web Requests",
		Fields: []fiscal.Field{fieldURL, fieldLogin, fieldPassword, fieldDevice},
		Open: func(s fiscal.Settings, o fiscal.Options) (fiscal.Device, error) {
			return New(Config{
				URL: s.Value(fieldURL), Login: s.Value(fieldLogin), Password: s.Value(fieldPassword), Device: s.Value(fieldDevice),
				Options: o,
			})
		},
	}
}

// Config is how a service is reached.
type Config struct {
	URL      string // of the service, without "/api/v2"; http or https
	Login    string // of its single account; empty for an old service, which knows no accounts
	Password string
	Device   string // deviceID; empty for the service's default device
	fiscal.Options
}

// Format keeps the password out of everything that prints a Config.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "atol at "+c.URL) }

// LogValue keeps the password out of logs.
func (c Config) LogValue() slog.Value { return slog.StringValue("atol at " + c.URL) }

// Device is one registrar behind one service. It is a fiscal.Device, and safe for concurrent use.
type Device struct {
	client   *client
	now      func() time.Time
	deadline time.Duration
	pause    time.Duration
}

var _ fiscal.Device = (*Device)(nil)

// New checks the configuration; it sends nothing. The error matches ErrSettings.
func New(c Config) (*Device, error) {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%w: %s must begin with http:// or https://", ErrSettings, fieldURL.Name)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%w: %s must be a bare address", ErrSettings, fieldURL.Name)
	case c.Login == "" && c.Password != "" || strings.Contains(c.Login, ":"):
		return nil, fmt.Errorf("%w: %s", ErrSettings, fieldLogin.Name)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Deadline <= 0 {
		c.Deadline = 90 * time.Second
	}
	if c.Pause <= 0 {
		c.Pause = 300 * time.Millisecond
	}
	return &Device{client: newClient(u, c), now: c.Now, deadline: c.Deadline, pause: c.Pause}, nil
}

// Format gives nothing away.
func (d *Device) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "atol at "+d.client.base) }
