package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"kassa/server/pg"
)

// key prints a new key.
func (p *program) key(_ context.Context, args []string) error {
	f := p.flags("key", "print a new key for the banks' credentials; keep it outside the database, and keep it")
	if err := f.parse(args); err != nil {
		return err
	}
	k, err := pg.NewKey(rand.Reader)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.out, k)
	return nil
}
