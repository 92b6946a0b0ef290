// Package kkmserver speaks to KkmServer (kkmserver.ru), a program that serves fiscal registrars of several makes over
// HTTP and JSON: POST to /Execute, Basic authorization, a command in each request.
//
// The maker's pages are the source of the protocol; what is used here was read in its public clients, which repeat the
// maker's comments on every field: salesduck/kkmserver-types (TypeScript, 2024), alexanderfefelov/kkmserver-api (Scala),
// Muraveiko/kkmserver (JavaScript) and DJAlone1992/kkmServerClasses (PHP, with the rates of 2026).
//
// # Once
//
// The IdCommand of a document is the id of its try. KkmServer keeps the results of commands by it, and GetRezult tells
// them again. A program that was restarted may have forgotten them; then the document is looked for in the device's
// memory: GetDataKKT tells the number of the last document, and GetDataCheck what a document holds: its kind, its
// payments, its lines, and the text of the printed slip. The mark of the operation goes out as the user's attribute
// (tags 1085 and 1086); GetDataCheck is not documented to give it back, but its slip is the text of the document. A
// receipt whose slip shows the mark is ours, and one that shows another is not. One that shows none and agrees in kind,
// payments and lines is ours when KkmServer knows that it had our command, and unclear otherwise: several tills may share
// one KkmServer, and sell the same coffee.
//
// An error does not prove that there is no document: a driver that runs out of paper in the middle fails although the
// fiscal storage has taken the receipt. So after every failure the memory is looked at before the document is called
// refused.
package kkmserver

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"kassa/fiscal"
)

// The names of the settings.
const (
	FieldURL      = "url"
	FieldLogin    = "login"
	FieldPassword = "password"
	FieldDevice   = "device"
	FieldINN      = "inn"
)

// ErrSettings tells that a setting is wrong; its text says which and why.
var ErrSettings = errors.New("kkmserver: wrong setting")

// fields are the driver's settings. "Admin" is the login that KkmServer is installed with, 5893 its port.
func fields() []fiscal.Field {
	return []fiscal.Field{
		{Name: FieldURL, Default: "http://localhost:5893"},
		{Name: FieldLogin, Default: "Admin"},
		{Name: FieldPassword, Secret: true, Optional: true},
		{Name: FieldDevice, Optional: true, Default: "0"},
		{Name: FieldINN, Optional: true},
	}
}

// Driver describes KkmServer.
func Driver() fiscal.Driver {
	return fiscal.Driver{Name: "kkmserver", Title: "KkmServer", Fields: fields(), Open: open}
}

// Device is one registrar behind a KkmServer.
type Device struct {
	url    string // of /Execute
	number int    // KkmServer's own number of the registrar; zero: the first that fits
	inn    string // of the registrar's owner; may be empty
	http   *http.Client
	now    func() time.Time
	// The password lives in these alone, where nothing that prints a Device can reach it.
	authorize func(*http.Request)
	redact    func(string) string

	deadline time.Duration // of one document
	question time.Duration // of one question
	pause    time.Duration

	mu           sync.Mutex
	registration registration
	zone         *time.Location // of the device's clock, once it is known
}

// registration is what does not change while a fiscal storage lives.
type registration struct{ fn, number string }

var innText = regexp.MustCompile(`^([0-9]{10}|[0-9]{12})$`)

// open makes a device of settings. The error is ErrSettings. It asks nothing.
func open(s fiscal.Settings, o fiscal.Options) (fiscal.Device, error) {
	value := map[string]string{}
	for _, f := range fields() {
		value[f.Name] = strings.TrimSpace(s.Value(f))
	}
	address, err := executeURL(value[FieldURL])
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(value[FieldDevice])
	if err != nil || number < 0 || number > 999 {
		return nil, fmt.Errorf("%w: %s is a number from 0", ErrSettings, FieldDevice)
	}
	if inn := value[FieldINN]; inn != "" && !innText.MatchString(inn) {
		return nil, fmt.Errorf("%w: %s has 10 or 12 digits", ErrSettings, FieldINN)
	}
	login, password := value[FieldLogin], s[FieldPassword]
	if strings.Contains(login, ":") || strings.ContainsFunc(login+password, func(r rune) bool { return r < ' ' }) {
		return nil, fmt.Errorf("%w: %s and %s are of one line, with no colon in the login", ErrSettings, FieldLogin, FieldPassword)
	}
	carrier := o.Transport
	if carrier == nil {
		// No proxy, and a connection for each question: nothing is ever sent twice by itself.
		carrier = &http.Transport{
			DialContext:       (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
		}
	}
	d := &Device{
		url: address, number: number, inn: value[FieldINN], now: o.Now, deadline: o.Deadline, pause: o.Pause,
		http: &http.Client{
			Transport: carrier,
			// A redirect would carry the password to an address that nobody chose.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		authorize: func(r *http.Request) { r.SetBasicAuth(login, password) },
		redact: func(text string) string {
			if len(password) < 3 {
				return text
			}
			return strings.ReplaceAll(text, password, "***")
		},
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.deadline <= 0 {
		d.deadline = 90 * time.Second
	}
	if d.pause <= 0 {
		d.pause = 300 * time.Millisecond
	}
	d.question = min(10*time.Second, d.deadline)
	return d, nil
}

// executeURL is the address that commands go to.
func executeURL(text string) (string, error) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%w: %s is an address such as http://localhost:5893", ErrSettings, FieldURL)
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/Execute") + "/Execute"
	return u.String(), nil
}

var _ fiscal.Device = (*Device)(nil)
