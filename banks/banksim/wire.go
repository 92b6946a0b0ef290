package banksim

import (
	"bytes"
	"fmt"
	"net/http"
	"time"
)

// NoEffect plays the faults in which a request never reaches the bank's books, and tells whether p was one. A request
// that is not answered is held for hang at most.
func NoEffect(w http.ResponseWriter, r *http.Request, p Plan, hang time.Duration) bool {
	switch p.Name {
	case RequestLost:
		panic(http.ErrAbortHandler)
	case RequestHangs:
		Wait(r, hang)
		panic(http.ErrAbortHandler)
	case HTTP500:
		Page(w, http.StatusInternalServerError)
	case HTTP503:
		Page(w, http.StatusServiceUnavailable)
	case HTTP504:
		Page(w, http.StatusGatewayTimeout)
	case HTTP429:
		Page(w, http.StatusTooManyRequests)
	case Redirect:
		http.Redirect(w, r, "/elsewhere"+r.URL.Path, http.StatusTemporaryRedirect)
	default:
		return false
	}
	return true
}

// Send writes an answer of JSON, unless the fault is that it does not arrive whole.
func Send(w http.ResponseWriter, r *http.Request, status int, body []byte, p Plan, hang time.Duration) {
	switch p.Name {
	case AnswerLost:
		panic(http.ErrAbortHandler)
	case AnswerHangs:
		Wait(r, hang)
		panic(http.ErrAbortHandler)
	case HTTP500After:
		Page(w, http.StatusInternalServerError)
		return
	case Nonsense:
		Page(w, http.StatusOK)
		return
	case Slow:
		Wait(r, p.Delay)
	case Truncated:
		// An empty answer has no half: it becomes the beginning of one.
		body = append([]byte(`{"`), body[:len(body)/2]...)
	case Huge:
		body = append(bytes.Repeat([]byte(" "), 10<<20), body...)
	}
	if len(body) > 0 {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// Page is what a gateway answers in place of the bank.
func Page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<html><head><title>%d %[2]s</title></head><body><h1>%[2]s</h1></body></html>\n", status, http.StatusText(status))
}

// Wait holds a request until its caller gives up or the time is over.
func Wait(r *http.Request, most time.Duration) {
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-r.Context().Done():
	case <-t.C:
	}
}
