package banksim

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

const own Fault = "own"

func newFaults() *Faults {
	return NewFaults([]string{"create", "state"}, map[Fault][]string{own: {"state"}})
}

func TestBreakRefuses(t *testing.T) {
	for name, p := range map[string]Plan{
		"no fault":                 {Name: "nosuch"},
		"times below zero":         {Name: Slow, Times: -1},
		"no method":                {Name: Slow, Method: "nosuch"},
		"a method that it has not": {Name: own, Method: "create"},
		"a delay below zero":       {Name: Slow, Delay: -time.Second},
	} {
		f := newFaults()
		if err := f.Break(p); err == nil || len(f.Waiting()) != 0 {
			t.Errorf("%s: %v, %v", name, err, f.Waiting())
		}
	}
	if err := newFaults().Break(Plan{Name: "nosuch"}); !errors.Is(err, ErrNoFault) {
		t.Error(err)
	}
}

// TestMeet lets faults wait for requests: the first that fits happens, as often as it should.
func TestMeet(t *testing.T) {
	f := newFaults()
	for _, p := range []Plan{{Name: own, Times: 2}, {Name: HTTP500, Times: 1, Method: "create"}, {Name: AnswerLost}} {
		if err := f.Break(p); err != nil {
			t.Fatal(err)
		}
	}
	if w := f.Waiting(); len(w) != 3 || w[0].Times != 2 || w[2].Times != 0 {
		t.Errorf("%+v", w)
	}
	for i, c := range []struct {
		method string
		want   Fault
	}{
		{"state", own}, {"create", HTTP500}, {"state", own}, {"state", AnswerLost}, {"create", AnswerLost}, {"create", AnswerLost},
	} {
		if got := f.Meet(c.method); got.Name != c.want {
			t.Errorf("%d: %s meets %q, want %q", i, c.method, got.Name, c.want)
		}
	}
	f.Mend()
	if got := f.Meet("create"); got.Name != "" || len(f.Waiting()) != 0 {
		t.Errorf("%+v after everything was mended", got)
	}
}

// TestOnTheWire holds what a caller sees of each fault of the connection, and whether the bank did what it was asked.
func TestOnTheWire(t *testing.T) {
	const body = `{"answer":"yes"}`
	type seen struct {
		status int // zero: no answer
		body   string
		done   bool
	}
	page := func(status int) string {
		w := httptest.NewRecorder()
		Page(w, status)
		return w.Body.String()
	}
	for fault, want := range map[Fault]seen{
		"": {200, body, true}, AnswerLost: {0, "", true}, AnswerHangs: {0, "", true}, RequestLost: {0, "", false}, RequestHangs: {0, "", false},
		HTTP500: {500, page(500), false}, HTTP503: {503, page(503), false}, HTTP504: {504, page(504), false}, HTTP429: {429, page(429), false},
		HTTP500After: {500, page(500), true}, Slow: {200, body, true}, Nonsense: {200, page(200), true},
		Truncated: {200, `{"` + body[:len(body)/2], true}, Redirect: {307, "", false},
	} {
		t.Run(string(fault), func(t *testing.T) {
			done := false
			plan := Plan{Name: fault, Delay: time.Millisecond}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if NoEffect(w, r, plan, time.Millisecond) {
					return
				}
				done = true
				Send(w, r, http.StatusOK, []byte(body), plan, time.Millisecond)
			}))
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			var got seen
			if res, err := client.Post(server.URL, "application/json", nil); err == nil {
				text, _ := io.ReadAll(res.Body)
				res.Body.Close()
				got.status, got.body = res.StatusCode, string(text)
			}
			server.Close()
			if got.done = done; got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		})
	}
}

func TestValue(t *testing.T) {
	s := Sim{Flags: []Flag{{Name: "a", Default: "1"}, {Name: "b"}}}
	o := Options{Values: map[string]string{"b": "2", "c": ""}}
	if o.Value(s, "a") != "1" || o.Value(s, "b") != "2" || o.Value(s, "c") != "" || o.Value(s, "d") != "" {
		t.Error("a flag has another value than it was given")
	}
}
