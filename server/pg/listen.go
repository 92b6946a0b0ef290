package pg

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

const paymentsChannel = "kassa_payments"

// ListenPayments calls changed with the id of every payment that changes, in whatever process, until the context ends or
// the connection is lost. Changes before ready is called are not told.
func (s *Store) ListenPayments(ctx context.Context, ready func(), changed func(id uuid.UUID)) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("listening for payments: %w", err)
	}
	// A connection that listens must not go back to the pool.
	c := conn.Hijack()
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, `listen `+paymentsChannel); err != nil {
		return fmt.Errorf("listening for payments: %w", err)
	}
	ready()
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("listening for payments: %w", err)
		}
		if id, err := uuid.Parse(n.Payload); err == nil {
			changed(id)
		}
	}
}
