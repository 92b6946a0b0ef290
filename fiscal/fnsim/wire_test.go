package fnsim

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// served is a device with its controls, and a method "ask" that counts how often it took effect.
func served(t *testing.T) (d *Device, url string, asked *atomic.Int32) {
	t.Helper()
	d, asked = opened(t, noon()), new(atomic.Int32)
	mux := http.NewServeMux()
	AddControls(mux, d)
	mux.Handle("/ask", Wire(d.Faults, func(*http.Request) string { return "ask" }, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"answer":42}`)
	})))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return d, server.URL, asked
}

// call gives the status, or zero, and the body.
func call(ctx context.Context, t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(text)
}

// TestFaultsOfTheConnection: a request takes effect or not as the fault says, and the answer is spoiled.
func TestFaultsOfTheConnection(t *testing.T) {
	for f, want := range map[Fault]struct {
		effect bool
		status int
		body   func(string) bool
	}{
		RequestLost:  {false, 0, nil},
		AnswerLost:   {true, 0, nil},
		HTTP500:      {false, 500, isPage},
		HTTP503:      {false, 503, isPage},
		HTTP500After: {true, 500, isPage},
		Nonsense:     {true, 200, isPage},
		Truncated:    {true, 201, func(b string) bool { return b == `{"answ` }},
		Empty:        {true, 201, func(b string) bool { return b == "" }},
		Huge:         {true, 201, func(b string) bool { return len(b) > 10<<20 && strings.HasSuffix(b, `{"answer":42}`) }},
		SlowAnswer:   {true, 201, func(b string) bool { return b == `{"answer":42}` }},
		Redirect:     {false, 307, nil},
	} {
		d, url, asked := served(t)
		plan(t, d, Plan{Name: f, Times: 1, On: "ask", Delay: time.Millisecond})
		status, body := call(t.Context(), t, http.MethodPost, url+"/ask", "{}")
		if status != want.status || (asked.Load() == 1) != want.effect || want.body != nil && !want.body(body) {
			t.Errorf("%s: %d %.60q, asked %d times", f, status, body, asked.Load())
		}
		if status, body = call(t.Context(), t, http.MethodPost, url+"/ask", "{}"); status != 201 || body != `{"answer":42}` {
			t.Errorf("after %s: %d %.60q", f, status, body)
		}
	}
}

func isPage(body string) bool { return strings.HasPrefix(body, "<html>") }

// TestHangingConnections come to an end when the caller gives up, and when the fault is mended.
func TestHangingConnections(t *testing.T) {
	for f, effect := range map[Fault]int32{RequestHangs: 0, AnswerHangs: 1} {
		d, url, asked := served(t)
		plan(t, d, Plan{Name: f})
		ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if status, _ := call(ctx, t, http.MethodPost, url+"/ask", "{}"); status != 0 || asked.Load() != effect {
			t.Errorf("%s: %d, asked %d times", f, status, asked.Load())
		}
		stop()
		time.AfterFunc(50*time.Millisecond, d.Faults.Mend)
		if status, _ := call(t.Context(), t, http.MethodPost, url+"/ask", "{}"); status != 0 {
			t.Errorf("%s, mended: %d", f, status)
		}
	}
}

// TestControls moves the device from outside.
func TestControls(t *testing.T) {
	d, url, _ := served(t)
	do := func(method, path string, want int) string {
		t.Helper()
		status, body := call(t.Context(), t, method, url+"/control/"+path, "")
		if status != want {
			t.Errorf("%s %s: %d %s", method, path, status, body)
		}
		return body
	}
	look := func() (s Status) {
		t.Helper()
		if err := json.Unmarshal([]byte(do("GET", "state", 200)), &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, path := range []string{"paper?in=false", "cover?open=true", "ofd?on=false", "clock?ahead=1h", "power?on=false"} {
		do("POST", path, 200)
	}
	if s := look(); !s.PaperOut || !s.CoverOpen || !s.NoOFD || !s.Off || s.Clock.Hour() != 13 {
		t.Errorf("%+v", s)
	}
	for _, path := range []string{"paper?in=true", "cover?open=false", "ofd?on=true", "clock?ahead=0s", "power?on=true", "resume"} {
		do("POST", path, 200)
	}
	do("POST", "fn?in=false", 200)
	if s := look(); s.FN != "" {
		t.Errorf("%+v", s)
	}
	do("POST", "fn?in=true", 200)
	do("POST", "fn?capacity=3", 200)
	do("POST", "fn?until=2030-01-01T00:00:00Z", 200)
	if s := look(); s.FNUntil.Year() != 2030 || s.Last != 2 {
		t.Errorf("%+v", s)
	}
	do("POST", "fn?replace=9999078902000999", 409) // the shift is open
	for _, path := range []string{"paper", "fn", "clock", "fn?until=x", "fn?in=x", "fn?capacity=x", "faults/slow?times=x", "faults/slow?delay=x", "faults/refuse"} {
		do("POST", path, 400)
	}
	do("POST", "faults/nosuch", 404)
	r := made(t, d, shopping())
	if body := do("GET", "documents?after=2", 200); !strings.Contains(body, r.QR[:20]) || strings.Contains(body, "open_shift") {
		t.Error(body)
	}
	do("GET", "documents/3", 200)
	do("GET", "documents/4", 404)
	do("GET", "documents/x", 404)
	if body := do("GET", "tape", 200); !strings.Contains(body, "КАССОВЫЙ ЧЕК") {
		t.Error(body)
	}
	do("POST", "faults/refuse?code=44&times=2&on=sale&delay=1s", 200)
	if all := d.Faults.Waiting(); len(all) != 1 || all[0] != (Plan{Name: Refuse, Times: 2, On: "sale", Code: 44, Delay: time.Second}) {
		t.Errorf("%+v", all)
	}
	if body := do("GET", "faults", 200); !strings.Contains(body, "answer-lost") {
		t.Error(body)
	}
	do("DELETE", "faults", 200)
	if status, _ := call(t.Context(), t, "POST", url+"/control/faults", `{"name":"slow","times":0}`); status != 200 || len(d.Faults.Waiting()) != 1 {
		t.Errorf("%d, %+v", status, d.Faults.Waiting())
	}
	if status, _ := call(t.Context(), t, "POST", url+"/control/faults", `{"nosuch":1}`); status != 400 {
		t.Errorf("%d", status)
	}
}
