package payments

import (
	"context"

	"kassa/server/pg"
)

// Work is what is done for a payment under a lease.
func (s *Service) Work(ctx context.Context, p pg.Payment) (pg.Payment, error) { return s.work(ctx, p) }

// ReconcileDue makes the comparisons whose time has come.
func (s *Service) ReconcileDue(ctx context.Context) error {
	return s.reconcileDue(ctx, map[string]bool{})
}
