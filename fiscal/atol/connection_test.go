package atol

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kassa/fiscal"
)

// TestSettings opens devices of the till's settings.
func TestSettings(t *testing.T) {
	driver := Driver()
	for name, c := range map[string]struct {
		s  fiscal.Settings
		ok bool
	}{
		"none": {fiscal.Settings{}, true}, "an account": {fiscal.Settings{"login": "a", "password": "b"}, true},
		"elsewhere": {fiscal.Settings{"url": "http://192.168.0.5:16732/", "device": "2"}, true}, "https": {fiscal.Settings{"url": "https://till/atol"}, true},
		"no address": {fiscal.Settings{"url": "127.0.0.1:16732"}, false}, "another scheme": {fiscal.Settings{"url": "ftp://a"}, false},
		"an address with a password": {fiscal.Settings{"url": "http://a:b@c"}, false}, "an address with a query": {fiscal.Settings{"url": "http://a/?b=c"}, false},
		"a password without a login": {fiscal.Settings{"password": "b"}, false}, "a login with a colon": {fiscal.Settings{"login": "a:b"}, false},
	} {
		d, err := driver.Open(c.s, fiscal.Options{})
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrSettings) {
			t.Errorf("%s: %v, %v", name, d, err)
		}
	}
}

// TestRequestsCarryTheAccount looks at what goes over the wire.
func TestRequestsCarryTheAccount(t *testing.T) {
	var seen []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		login, password, there := r.BasicAuth()
		seen = append(seen, r.URL.String(), login+password)
		if !there {
			seen = append(seen, "nobody")
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	defer server.Close()
	for _, c := range []Config{{URL: server.URL + "/", Login: "kassa", Password: secret, Device: "till 2"}, {URL: server.URL}} {
		d, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Before(t.Context()); err == nil || strings.Contains(err.Error(), secret) {
			t.Error(err)
		}
	}
	want := "/api/v2/operations/queryFnInfo?deviceID=till+2 kassa" + secret + " /api/v2/operations/queryFnInfo  nobody"
	if got := strings.Join(seen, " "); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestHugeAnswers are not read to their end.
func TestHugeAnswers(t *testing.T) {
	s := &script{ask: map[string]answer{"FnInfo": {200, `{"fnInfo":{"serial":"` + strings.Repeat("9", maxAnswer) + `"}}`}}}
	if b, err := s.open(t, nil).Before(t.Context()); err == nil {
		t.Errorf("%+v", b)
	}
}

// TestNobodyHome has nobody listen at the address: nothing was sent, and so there is nothing.
func TestNobodyHome(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	d, err := New(Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	try := fiscal.Try{ID: "u", Before: before1041, Document: example()}
	if _, err := d.Make(t.Context(), try); !errors.Is(err, fiscal.ErrAbsent) || fiscal.TroubleOf(err) != fiscal.TroubleOff {
		t.Error(err)
	}
	if _, err := d.Find(t.Context(), try); !errors.Is(err, fiscal.ErrUnknown) || fiscal.TroubleOf(err) != fiscal.TroubleOff {
		t.Error(err)
	}
	if _, err := d.State(t.Context()); fiscal.TroubleOf(err) != fiscal.TroubleOff {
		t.Error(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := d.Make(ctx, try); !errors.Is(err, fiscal.ErrAbsent) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestNothingGivesThePasswordAway prints everything that holds it.
func TestNothingGivesThePasswordAway(t *testing.T) {
	c := Config{URL: "http://127.0.0.1:1", Login: "kassa", Password: secret}
	d, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{c, &c, d, *d} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, secret) {
				t.Errorf("%s of %T: %s", verb, v, text)
			}
		}
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("opened", "config", c)
	if strings.Contains(log.String(), secret) {
		t.Error(log.String())
	}
}
