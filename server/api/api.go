// Package api is the server's side of the wire between tills and server: JSON over HTTP, as package wire describes it.
//
// Whatever a till may send gets an answer that it can act upon: every error has a code, and the codes are part of the
// contract. Secrets, pairing codes and what operations say are never logged.
package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"

	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/server/throttle"
	"kassa/sync/accept"
	"kassa/sync/wire"
)

// Config is what an API needs.
type Config struct {
	Store    *pg.Store
	Payments *payments.Service
	Clock    func() time.Time
	Logger   *slog.Logger
	Version  string // the server's, told to tills
	// Peer tells who a request comes from, for counting wrong guesses.
	Peer func(*http.Request) string
}

// API answers tills. It is an http.Handler.
type API struct {
	Config
	mux     *http.ServeMux
	guesses *throttle.Throttle
	foreign *throttle.Throttle // notifications that are no bank's
}

// Wrong guesses that one address may make: twenty at once, and then one more each six seconds. The code itself dies
// after a few wrong tries at it; this keeps the database out of the game.
const (
	guessesAtOnce = 20
	guessPause    = 6 * time.Second
)

// New makes an API. Its paths begin with /api/ for tills and with /bank/ for banks.
func New(c Config) *API {
	a := &API{Config: c, mux: http.NewServeMux(), guesses: throttle.New(c.Clock, guessesAtOnce, guessPause),
		foreign: throttle.New(c.Clock, foreignAtOnce, foreignPause)}
	a.mux.HandleFunc("POST /api/v1/pair", a.answer(a.pair))
	a.mux.HandleFunc("GET /api/v1/status", a.answer(a.forTill(a.status)))
	a.mux.HandleFunc("GET /api/v1/journals/{journal}", a.answer(a.forTill(a.head)))
	a.mux.HandleFunc("POST /api/v1/journals/{journal}/operations", a.answer(a.forTill(a.operations)))
	a.mux.HandleFunc("POST /api/v1/payments", a.answer(a.forTill(a.createPayment)))
	a.mux.HandleFunc("GET /api/v1/payments/{id}", a.answer(a.forTill(a.payment)))
	a.mux.HandleFunc("POST /api/v1/payments/{id}/cancel", a.answer(a.forTill(a.cancelPayment)))
	a.mux.HandleFunc("POST /bank/{setting}", a.bankNotice)
	a.mux.HandleFunc("/api/", a.answer(func(*http.Request) (any, error) {
		return nil, &problem{code: wire.CodeNotFound, message: "no such address"}
	}))
	return a
}

func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// problem is an error that a till is told of.
type problem struct {
	code    string
	message string
	ack     *wire.Ack
	retry   time.Duration // when it may try again; zero when that is not known
}

func (p *problem) Error() string { return p.message }

func invalid(format string, args ...any) error {
	return &problem{code: wire.CodeInvalid, message: fmt.Sprintf(format, args...)}
}

// statuses are the HTTP statuses of the codes.
var statuses = map[string]int{
	wire.CodeInvalid:      http.StatusBadRequest,
	wire.CodeUnauthorized: http.StatusUnauthorized,
	wire.CodeNotFound:     http.StatusNotFound,
	wire.CodeConflict:     http.StatusConflict,
	wire.CodeGap:          http.StatusConflict,
	wire.CodeFork:         http.StatusConflict,
	wire.CodeTooLarge:     http.StatusRequestEntityTooLarge,
	wire.CodeSlowDown:     http.StatusTooManyRequests,
	wire.CodeInternal:     http.StatusInternalServerError,
	wire.CodeUnavailable:  http.StatusServiceUnavailable,
}

// answer turns a function that gives a body or an error into a handler.
func (a *API) answer(do func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := do(r)
		status := http.StatusOK
		if err != nil {
			p := a.explain(r, err)
			status = statuses[p.code]
			body = wire.Error{Code: p.code, Message: p.message, Ack: p.ack}
			if p.retry > 0 {
				w.Header().Set("Retry-After", fmt.Sprint(int64((p.retry+time.Second-1)/time.Second)))
			}
			if p.code == wire.CodeUnauthorized {
				w.Header().Set("WWW-Authenticate", "Bearer")
			}
		}
		text, err := json.Marshal(body)
		if err != nil {
			a.Logger.Error("an answer cannot be encoded", "path", r.URL.Path, "error", err)
			http.Error(w, `{"code":"internal"}`, http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(status)
		_, _ = w.Write(text) // a till that has gone asks again
	}
}

// explain finds the code of an error. What has none is our own fault: it is logged under a number, and the till is told
// the number only.
func (a *API) explain(r *http.Request, err error) *problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, accept.ErrTooLarge):
		return &problem{code: wire.CodeTooLarge, message: err.Error()}
	case errors.Is(err, accept.ErrInvalid), errors.Is(err, payments.ErrInvalid):
		return &problem{code: wire.CodeInvalid, message: err.Error()}
	case errors.Is(err, payments.ErrConflict):
		return &problem{code: wire.CodeConflict, message: err.Error()}
	case errors.Is(err, pg.ErrNotFound):
		return &problem{code: wire.CodeNotFound, message: "no such thing"}
	case errors.Is(err, context.Canceled):
		return &problem{code: wire.CodeUnavailable, message: "the request was given up"}
	}
	incident := make([]byte, 4)
	rand.Read(incident) // never fails: crypto/rand ends the program instead
	number := hex.EncodeToString(incident)
	a.Logger.Error("a request failed", "incident", number, "method", r.Method, "path", r.URL.Path, "error", err)
	return &problem{code: wire.CodeInternal, message: "internal error, incident " + number}
}

// forTill lets in who has a till's secret.
func (a *API) forTill(do func(*http.Request, pg.Till) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		secret, ok := bearer(r)
		if !ok {
			return nil, &problem{code: wire.CodeUnauthorized, message: "no secret, or not in the form Bearer"}
		}
		till, err := a.Store.Authenticate(r.Context(), a.Clock().UTC(), secret)
		if errors.Is(err, pg.ErrNotFound) {
			return nil, &problem{code: wire.CodeUnauthorized, message: "the secret is not known, or was revoked"}
		}
		if err != nil {
			return nil, err
		}
		return do(r, till)
	}
}

func pathID(r *http.Request, name string) (uuid.UUID, error) {
	text := r.PathValue(name)
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.UUID{}, invalid("%s is not a UUID in lower case", name)
	}
	return id, nil
}
