// Package server is the central server put together: the store (server/pg), the tills' API (server/api), the work on
// payments (server/payments) and the owner's pages (server/web).
//
// A server process keeps nothing that matters: any number may run on one database, and any may die at any time.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"kassa/banks/every"
	"kassa/server/api"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/server/web"
)

// Config says what a server works with.
type Config struct {
	DSN    string  // of the PostgreSQL database, migrated (pg.Migrate)
	Key    *pg.Key // of the banks' credentials; with none, no bank can be used
	Logger *slog.Logger
	Clock  func() time.Time // the database's when nil, so that all processes reckon by one
	// Version is the program's, shown to tills and owners.
	Version string
	// TrustForwarded believes the X-Forwarded-For header: for a server behind a proxy of its owner's.
	TrustForwarded bool
	// SecureCookies marks cookies for encrypted connections only: for a server behind a proxy that speaks TLS.
	SecureCookies bool
	// PublicBanks keeps banks to addresses on the internet: for a server whose owners are not those who run it.
	PublicBanks bool
	// OpenBank makes a bank's client; by default payments.OpenPublic or payments.Open, as PublicBanks says.
	OpenBank payments.Opener
}

// Server is a central server.
type Server struct {
	store    *pg.Store
	payments *payments.Service
	handler  http.Handler
	log      *slog.Logger
	clock    func() time.Time
	keep     func(context.Context) // keeps the clock right
}

// New opens the database and puts a server together. It does nothing by itself before Run; Close it in the end. The
// error is pg.ErrSchema when the database must be migrated first.
func New(ctx context.Context, c Config) (*Server, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	store, err := pg.Open(ctx, c.DSN)
	if err != nil {
		return nil, err
	}
	keep := func(context.Context) {}
	if c.Clock == nil {
		var database clock
		if err := database.set(ctx, store, c.Logger); err != nil {
			store.Close()
			return nil, err
		}
		c.Clock = database.Now
		keep = func(ctx context.Context) { database.keep(ctx, store, c.Logger) }
	}
	if c.OpenBank == nil {
		c.OpenBank = payments.Open
		if c.PublicBanks {
			c.OpenBank = payments.OpenPublic
		}
	}
	s := &Server{store: store, log: c.Logger, clock: c.Clock, keep: keep}
	s.payments = payments.New(payments.Config{Store: store, Key: c.Key, Open: c.OpenBank, Clock: c.Clock, Logger: c.Logger})
	peer := peerOf(c.TrustForwarded)
	pages, err := web.New(web.Config{Store: store, Key: c.Key, Banks: every.Banks(), Payments: s.payments, Clock: c.Clock, Logger: c.Logger,
		Peer: peer, SecureCookies: c.SecureCookies, PublicBanks: c.PublicBanks})
	if err != nil {
		store.Close()
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.health)
	calls := api.New(api.Config{Store: store, Payments: s.payments, Clock: c.Clock, Logger: c.Logger, Version: c.Version, Peer: peer})
	mux.Handle("/api/", calls)
	mux.Handle("POST /bank/", calls)
	mux.Handle("/", pages)
	s.handler = recovering(c.Logger, mux)
	return s, nil
}

// Close ends the connections to the database.
func (s *Server) Close() { s.store.Close() }

// Store is the server's database.
func (s *Server) Store() *pg.Store { return s.store }

// Handler answers everything that the server serves. QR payments move on only while Run or Work runs.
func (s *Server) Handler() http.Handler { return s.handler }

// Time-outs of the HTTP server. A till on a poor line may take long to send 16 MiB; nobody may take for ever.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 5 * time.Minute
	writeTimeout  = 6 * time.Minute // counts from the request's header, so it is longer than readTimeout
	idleTimeout   = 2 * time.Minute
	stopPatience  = 20 * time.Second
)

// Run serves l and does the work in the background until ctx is done. Then it lets requests and questions to banks come
// to their end, for a while.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	httpServer := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var work sync.WaitGroup
	work.Go(func() { s.Work(ctx) })
	served := make(chan error, 1)
	go func() { served <- httpServer.Serve(l) }()
	var err error
	select {
	case err = <-served:
		cancel()
	case <-ctx.Done():
		stop, end := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
		defer end()
		if err = httpServer.Shutdown(stop); err != nil {
			err = errors.Join(err, httpServer.Close())
		}
		if serveErr := <-served; !errors.Is(serveErr, http.ErrServerClosed) {
			err = errors.Join(err, serveErr)
		}
	}
	work.Wait()
	if err != nil {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

// partitionPause is how often it is looked whether the next months have their partitions.
const partitionPause = 6 * time.Hour

// Work does what is done in the background, until ctx is done. It is part of Run.
func (s *Server) Work(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { s.payments.Run(ctx) })
	all.Go(func() { s.keep(ctx) })
	for {
		if err := s.store.MakePartitions(ctx, s.clock()); err != nil && ctx.Err() == nil {
			s.log.Error("cannot make partitions", "error", err)
		}
		timer := time.NewTimer(partitionPause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// health tells a supervisor or a load balancer whether the server can work.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err := s.store.Ping(ctx); err != nil {
		s.log.Error("not healthy", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "the database does not answer")
		return
	}
	fmt.Fprintln(w, "ok")
}

// recovering keeps a fault in one request from being more than that, and logs it.
func recovering(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if fault := recover(); fault != nil && fault != http.ErrAbortHandler {
				log.Error("a request panicked", "method", r.Method, "path", r.URL.Path, "fault", fault)
				http.Error(w, `{"code":"internal","message":"internal error"}`, http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
