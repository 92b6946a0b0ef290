// Package web is the owner's back office: plain pages, drawn on the server, in Russian and English.
package web

import (
	"log/slog"
	"net/http"
	"time"

	"kassa/server/pg"
)

// Config is what the pages need.
type Config struct {
	Store  *pg.Store
	Clock  func() time.Time
	Logger *slog.Logger
	// Peer tells who a request comes from, for counting wrong passwords.
	Peer func(*http.Request) string
	// SecureCookies marks cookies for encrypted connections only, also when this server itself speaks plain HTTP.
	SecureCookies bool
}

// New makes the pages' handler.
func New(c Config) (http.Handler, error) {
	return http.NotFoundHandler(), nil
}
