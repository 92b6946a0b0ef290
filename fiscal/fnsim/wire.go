package fnsim

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
)

// Wire serves h, and plays the faults of the connection that wait in f. method names a request as plans name it.
func Wire(f *Faults, method func(*http.Request) string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := f.meet(ofWire, method(r))
		if p.Name == "" {
			h.ServeHTTP(w, r)
			return
		}
		if !f.noEffect(w, r, p) {
			f.answer(w, r, h, p)
		}
	})
}

// noEffect plays the faults in which a request never arrives, and tells whether p was one.
func (f *Faults) noEffect(w http.ResponseWriter, r *http.Request, p Plan) bool {
	switch p.Name {
	case RequestLost:
		panic(http.ErrAbortHandler)
	case RequestHangs:
		f.hangUp(r)
	case HTTP500:
		page(w, http.StatusInternalServerError)
	case HTTP503:
		page(w, http.StatusServiceUnavailable)
	case Redirect:
		http.Redirect(w, r, "/elsewhere"+r.URL.Path, http.StatusTemporaryRedirect)
	default:
		return false
	}
	return true
}

// answer has a request take effect, and spoils its answer.
func (f *Faults) answer(w http.ResponseWriter, r *http.Request, h http.Handler, p Plan) {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	body := rec.Body.Bytes()
	switch p.Name {
	case AnswerLost:
		panic(http.ErrAbortHandler)
	case AnswerHangs:
		f.hangUp(r)
	case HTTP500After:
		page(w, http.StatusInternalServerError)
		return
	case Nonsense:
		page(w, http.StatusOK)
		return
	case Truncated:
		body = body[:len(body)/2]
	case Empty:
		body = nil
	case Huge:
		body = append(bytes.Repeat([]byte(" "), 10<<20), body...)
	case SlowAnswer:
		wait(r.Context(), p.Delay)
	}
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	w.Header().Del("Content-Length")
	w.WriteHeader(rec.Code)
	_, _ = w.Write(body)
}

// hangUp holds a request until its caller gives up. Its body must have been read for the server to notice.
func (f *Faults) hangUp(r *http.Request) {
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, 1<<20))
	f.hang(r.Context())
	panic(http.ErrAbortHandler)
}

// page is what some gateway answers in place of the program.
func page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<html><head><title>%d %[2]s</title></head><body><h1>%[2]s</h1></body></html>\n", status, http.StatusText(status))
}
