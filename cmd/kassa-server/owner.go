package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kassa/server/pg"
)

// ownerCreate makes an account.
func (p *program) ownerCreate(ctx context.Context, args []string) error {
	f := p.flags("owner create", "make an account with its owner and, with --store, its first store")
	dsn, password, format := f.dsn(), f.password(), f.format()
	var n pg.NewOwner
	f.StringVar(&n.Login, "login", "", "`name` or e-mail address that the owner logs in with")
	f.StringVar(&n.Account, "account", "", "`name` of the business; the login when not given")
	f.StringVar(&n.Store, "store", "", "`name` of the first store")
	f.StringVar(&n.Zone, "zone", pg.DefaultZone, "the store's time `zone`")
	if err := f.parse(args); err != nil {
		return err
	}
	asJSON, err := format()
	if err != nil {
		return err
	}
	if n.Login == "" {
		return usagef("--login is missing")
	}
	address, err := dsn()
	if err != nil {
		return err
	}
	if n.Password, err = password(); err != nil {
		return err
	}
	s, err := pg.Open(ctx, address)
	if err != nil {
		return err
	}
	defer s.Close()
	o, err := s.CreateOwner(ctx, time.Now().UTC(), n)
	if errors.Is(err, pg.ErrConflict) {
		return fmt.Errorf("there is an owner with the login %q already", n.Login)
	}
	if err != nil {
		return err
	}
	result := map[string]string{"account": o.Account.String(), "owner": o.ID.String(), "login": o.Login, "store": n.Store}
	return p.print(asJSON, result, "account "+o.Account.String())
}

// storeCreate makes another store.
func (p *program) storeCreate(ctx context.Context, args []string) error {
	f := p.flags("store create", "make another store in an account")
	dsn, format := f.dsn(), f.format()
	login := f.String("login", "", "`login` of an owner of the account")
	name := f.String("name", "", "the store's `name`")
	zone := f.String("zone", pg.DefaultZone, "the store's time `zone`")
	if err := f.parse(args); err != nil {
		return err
	}
	asJSON, err := format()
	if err != nil {
		return err
	}
	if *login == "" || *name == "" {
		return usagef("--login or --name is missing")
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
	o, err := s.FindOwner(ctx, *login)
	if err != nil {
		return fmt.Errorf("owner %q: %w", *login, err)
	}
	shop, err := s.CreateStore(ctx, time.Now().UTC(), pg.NewStore{Account: o.Account, Name: *name, Zone: *zone})
	if err != nil {
		return err
	}
	return p.print(asJSON, map[string]string{"store": shop.ID.String(), "name": shop.Name}, "store "+shop.ID.String())
}
