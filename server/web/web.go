// Package web is the owner's back office: plain pages, drawn on the server, in Russian and English. They need no
// script, load nothing from elsewhere, and fit a desk and a phone.
//
// Everybody who is logged in sees their own account and nothing else: the account comes from the session and goes into
// every question to the store.
package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/i18n"
	"kassa/register"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/server/throttle"
)

//go:embed templates static
var files embed.FS

// Config is what the pages need.
type Config struct {
	Store *pg.Store
	Key   *pg.Key         // of the banks' credentials; with none, no bank can be chosen
	Banks []banks.Adapter // that an owner can choose from
	// Payments does what an owner decides about a payment.
	Payments *payments.Service
	Clock    func() time.Time
	Logger   *slog.Logger
	// Peer tells who a request comes from, for counting wrong passwords.
	Peer func(*http.Request) string
	// SecureCookies marks cookies for encrypted connections only, also when this server itself speaks plain HTTP.
	SecureCookies bool
	// PublicBanks keeps banks to addresses on the internet.
	PublicBanks bool
}

// site is the back office.
type site struct {
	Config
	languages map[string]*i18n.Language
	templates map[string]*template.Template
	style     asset
	passwords *throttle.Throttle
	checking  chan struct{} // a slot for each password that is checked at a time: each takes 64 MiB
	asking    chan struct{} // a slot for each bank that is asked at a time on an owner's behalf
	ring      keyRing
}

// Wrong passwords that a login, or an address, may have at once, and the pause for each one after that.
const (
	passwordsAtOnce = 5
	passwordPause   = 30 * time.Second
	checkedAtOnce   = 2
)

// New makes the pages' handler.
func New(c Config) (http.Handler, error) {
	s := &site{Config: c, languages: map[string]*i18n.Language{},
		passwords: throttle.New(c.Clock, passwordsAtOnce, passwordPause), checking: make(chan struct{}, checkedAtOnce),
		asking: make(chan struct{}, checksAtOnce), ring: keyRing{keys: map[uuid.UUID][]json.RawMessage{}}}
	for _, tag := range i18n.Tags() {
		l, err := i18n.Load(tag)
		if err != nil {
			return nil, fmt.Errorf("preparing the pages: %w", err)
		}
		s.languages[tag] = l
	}
	var err error
	if s.templates, err = parseTemplates(); err != nil {
		return nil, fmt.Errorf("preparing the pages: %w", err)
	}
	if s.style, err = newAsset("static/style.css", "text/css; charset=utf-8"); err != nil {
		return nil, fmt.Errorf("preparing the pages: %w", err)
	}
	return secure(http.NewCrossOriginProtection().Handler(s.routes())), nil
}

func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /style.css", s.style)
	mux.HandleFunc("POST /language", s.chooseLanguage)
	mux.HandleFunc("GET /login", s.loginPage)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("GET /{$}", s.forOwner(s.front))
	mux.HandleFunc("GET /operations", s.forOwner(s.operations))
	mux.HandleFunc("GET /operations/{journal}/{number}", s.forOwner(s.operation))
	mux.HandleFunc("GET /payments", s.forOwner(s.payments))
	mux.HandleFunc("GET /payments/{id}", s.forOwner(s.payment))
	mux.HandleFunc("POST /payments/{id}/ask", s.forOwner(s.askNow))
	mux.HandleFunc("GET /payments/{id}/{do}", s.forOwner(s.decide))
	mux.HandleFunc("POST /payments/{id}/{do}", s.forOwner(s.decided))
	mux.HandleFunc("GET /reconciliation", s.forOwner(s.reconciliation))
	mux.HandleFunc("POST /reconciliation", s.forOwner(s.reconcile))
	mux.HandleFunc("GET /troubles", s.forOwner(s.troublesPage))
	mux.HandleFunc("GET /troubles/close", s.forOwner(s.confirmClose))
	mux.HandleFunc("POST /troubles/close", s.forOwner(s.closeTrouble))
	mux.HandleFunc("GET /banks", s.forOwner(s.banks))
	mux.HandleFunc("GET /banks/{store}", s.forOwner(s.bank))
	mux.HandleFunc("POST /banks/{store}", s.forOwner(s.setBank))
	mux.HandleFunc("GET /banks/{store}/off", s.forOwner(s.confirmNoBank))
	mux.HandleFunc("POST /banks/{store}/off", s.forOwner(s.noBank))
	mux.HandleFunc("GET "+jwksPath, s.jwks)
	mux.HandleFunc("GET /pairing", s.forOwner(s.pairing))
	mux.HandleFunc("POST /pairing", s.forOwner(s.newCode))
	mux.HandleFunc("GET /tills/{id}/revoke", s.forOwner(s.confirmRevoke))
	mux.HandleFunc("POST /tills/{id}/revoke", s.forOwner(s.revoke))
	mux.HandleFunc("GET /", s.forOwner(func(visit) error { return pg.ErrNotFound }))
	return mux
}

// maxForm is how long a form may be: a bank's certificates and key, twice.
const maxForm = 256 << 10

// secure sets the headers that keep strangers' pages and scripts out.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy",
			"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next.ServeHTTP(w, r)
	})
}

func parseTemplates() (map[string]*template.Template, error) {
	functions := template.FuncMap{
		"int64": func(n int) int64 { return int64(n) }, // plurals count in int64, len in int
		"neg":   func(m register.Money) register.Money { return -m },
		"dict": func(pairs ...any) map[string]any { // what a template within a page gets
			d := map[string]any{}
			for i := 0; i+1 < len(pairs); i += 2 {
				d[pairs[i].(string)] = pairs[i+1]
			}
			return d
		},
	}
	layout, err := template.New("").Funcs(functions).ParseFS(files, "templates/layout.html")
	if err != nil {
		return nil, err
	}
	pages, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	all := map[string]*template.Template{}
	for _, path := range pages {
		name := path[len("templates/") : len(path)-len(".html")]
		if name == "layout" {
			continue
		}
		page, err := layout.Clone()
		if err != nil {
			return nil, err
		}
		if all[name], err = page.ParseFS(files, path); err != nil {
			return nil, err
		}
	}
	return all, nil
}
