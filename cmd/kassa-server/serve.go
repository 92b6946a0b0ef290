package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"kassa/server"
)

// serve runs the server until it is told to stop.
func (p *program) serve(ctx context.Context, args []string) error {
	f := p.flags("serve", "serve tills and owners until SIGINT or SIGTERM")
	dsn, key, format := f.dsn(), f.key(), f.format()
	listen := f.String("listen", "127.0.0.1:8080", "`address` to listen on; port 0 chooses a free one")
	forwarded := f.Bool("trust-forwarded", false, "believe X-Forwarded-For: behind a proxy of your own only")
	secure := f.Bool("secure-cookies", false, "cookies for https only: behind a proxy that speaks TLS")
	local := f.Bool("local-banks", false, "let owners enter banks at addresses of this machine and its network: for practice, or when the owners are you")
	if err := f.parse(args); err != nil {
		return err
	}
	asJSON, err := format()
	if err != nil {
		return err
	}
	address, err := dsn()
	if err != nil {
		return err
	}
	k, err := key()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(p.err, nil))
	if k == nil {
		log.Warn("no key (KASSA_SERVER_KEY): QR payments will not work")
	}
	s, err := server.New(ctx, server.Config{DSN: address, Key: k, Logger: log, Version: version,
		TrustForwarded: *forwarded, SecureCookies: *secure, PublicBanks: !*local})
	if err != nil {
		return err
	}
	defer s.Close()
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	url := "http://" + l.Addr().String()
	if err := p.print(asJSON, map[string]string{"url": url}, "listening on "+url); err != nil {
		return err
	}
	err = s.Run(ctx, l)
	log.Info("stopped")
	return err
}
