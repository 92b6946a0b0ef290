package client_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kassa/sync/client"
	"kassa/sync/wire"
)

func TestAddresses(t *testing.T) {
	for _, good := range []string{"https://kassa.example", "https://kassa.example:8443/", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:80"} {
		if err := client.CheckAddress(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "kassa.example", "http://kassa.example", "http://192.168.1.5", "ftp://kassa.example", "https://user:pw@kassa.example",
		"https://kassa.example/path", "https://kassa.example?x=1", "http://127.0.0.1.example", "https://", "\x00"} {
		if err := client.CheckAddress(bad); !errors.Is(err, client.ErrAddress) {
			t.Errorf("%q was taken: %v", bad, err)
		}
	}
}

func serve(t *testing.T, h http.HandlerFunc) *client.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := client.New(s.URL, "secret", nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhatIsSent(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		z, err := gzip.NewReader(r.Body)
		var b wire.Batch
		if err == nil {
			err = json.NewDecoder(z).Decode(&b)
		}
		if err != nil || b.After != 7 || r.Header.Get("Authorization") != "Bearer secret" || r.URL.Path != "/api/v1/journals/j/operations" {
			t.Errorf("%s %s: %+v, %v", r.Method, r.URL, b, err)
		}
		w.Write([]byte(`{"number":9,"hash":"aa"}`))
	})
	ack, err := c.Upload(t.Context(), "j", wire.Batch{After: 7})
	if err != nil || ack.Number != 9 {
		t.Errorf("got %+v, %v", ack, err)
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   error
		code   string
	}{
		{"a refusal", reply(409, `{"code":"gap","message":"m","ack":{"number":3,"hash":"h"}}`), client.ErrRefused, wire.CodeGap},
		{"not known", reply(401, `{"code":"unauthorized"}`), client.ErrRefused, wire.CodeUnauthorized},
		{"busy", reply(503, `{"code":"unavailable"}`), client.ErrUnreachable, wire.CodeUnavailable},
		{"too fast", reply(429, `{"code":"slow_down"}`), client.ErrUnreachable, wire.CodeSlowDown},
		{"a proxy's page", reply(502, `<html>Bad gateway</html>`), client.ErrUnreachable, ""},
		{"a hotel's login page", reply(200, `<html>Welcome</html>`), client.ErrUnreachable, ""},
		{"nothing", reply(200, ``), client.ErrUnreachable, ""},
		{"too much", reply(200, `"`+strings.Repeat("x", 2<<20)+`"`), client.ErrUnreachable, ""},
		{"elsewhere", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com/", http.StatusFound)
		}, client.ErrUnreachable, ""},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Write([]byte(`{"till":`))
		}, client.ErrUnreachable, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := serve(t, c.answer).Status(t.Context())
			if !errors.Is(err, c.want) || client.Code(err) != c.code {
				t.Errorf("got %v, code %q; want %v, %q", err, client.Code(err), c.want, c.code)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error gives the secret away: %v", err)
			}
		})
	}
}

func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		w.Write([]byte(body))
	}
}

func TestALongPollSaysHowLong(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if q := r.URL.Query(); q.Get("revision") != "4" || q.Get("wait") != "20" {
			t.Errorf("asked %s", r.URL)
		}
		w.Write([]byte(`{"id":"p","revision":5}`))
	})
	if p, err := c.Payment(t.Context(), "p", 4, 20*time.Second); err != nil || p.Revision != 5 {
		t.Errorf("got %+v, %v", p, err)
	}
}
