package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"kassa/server/pg"
)

// checked is what check found.
type checked struct {
	Version    int         `json:"version"`
	Journals   int64       `json:"journals"`
	Operations int64       `json:"operations"`
	Damaged    []damage    `json:"damaged"`
	Forked     []uuid.UUID `json:"forked"`
}

type damage struct {
	Journal uuid.UUID `json:"journal"`
	Why     string    `json:"why"`
}

// check looks at everything that can be proved.
func (p *program) check(ctx context.Context, args []string) error {
	f := p.flags("check", "check that the database answers, its schema, and the chain of every journal; exit 1 when something is wrong")
	dsn, format := f.dsn(), f.format()
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
	c := checked{Damaged: []damage{}}
	if c.Version, err = s.Version(ctx); err != nil {
		return err
	}
	if c.Forked, err = s.Forks(ctx); err != nil {
		return err
	}
	c.Journals, c.Operations, err = s.CheckChains(ctx, func(journal uuid.UUID, why string) {
		c.Damaged = append(c.Damaged, damage{Journal: journal, Why: why})
	})
	if err != nil {
		return err
	}
	text := fmt.Sprintf("schema version %d, %d journals, %d operations", c.Version, c.Journals, c.Operations)
	for _, j := range c.Forked {
		text += fmt.Sprintf("\njournal %s: another history with the same numbers was offered", j)
	}
	for _, d := range c.Damaged {
		text += fmt.Sprintf("\njournal %s: %s", d.Journal, d.Why)
	}
	if err := p.print(asJSON, c, text); err != nil {
		return err
	}
	if len(c.Damaged) > 0 {
		return fmt.Errorf("%d journals are damaged", len(c.Damaged))
	}
	return nil
}
