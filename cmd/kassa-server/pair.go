package main

import (
	"context"
	"time"

	"kassa/server/pg"
)

// store is the flag that names a store.
func (f *flags) store() *string {
	return f.String("store", "", "the store's `name` or id; not needed when there is only one")
}

// pair prints a one-time code.
func (p *program) pair(ctx context.Context, args []string) error {
	f := p.flags("pair", "print a one-time code that lets a till into a store")
	dsn, format, store := f.dsn(), f.format(), f.store()
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
	s, err := pg.Open(ctx, address)
	if err != nil {
		return err
	}
	defer s.Close()
	shop, err := s.FindStore(ctx, *store)
	if err != nil {
		return err
	}
	code, expires, err := s.NewPairingCode(ctx, time.Now().UTC(), shop.Account, shop.ID)
	if err != nil {
		return err
	}
	result := map[string]string{"code": code, "store": shop.Name, "expires": expires.Format(time.RFC3339)}
	return p.print(asJSON, result, code)
}
