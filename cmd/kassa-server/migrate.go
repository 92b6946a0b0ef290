package main

import (
	"context"
	"fmt"

	"kassa/server/pg"
)

// migrate brings the schema up to date.
func (p *program) migrate(ctx context.Context, args []string) error {
	f := p.flags("migrate", "bring the database's schema up to date; safe to repeat, and while servers run")
	dsn := f.dsn()
	if err := f.parse(args); err != nil {
		return err
	}
	address, err := dsn()
	if err != nil {
		return err
	}
	if err := pg.Migrate(ctx, address); err != nil {
		return err
	}
	s, err := pg.Open(ctx, address)
	if err != nil {
		return err
	}
	defer s.Close()
	version, err := s.Version(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "the schema is at version %d\n", version)
	return nil
}
