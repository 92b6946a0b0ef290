package server

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"kassa/server/pg"
)

// clock tells the time by the database's clock. Leases, and for how long a bank has had no trace of a refund, are reckoned by
// one process and judged by another: were their machines' clocks a few seconds apart, money could go back twice.
//
// It is safe for concurrent use.
type clock struct {
	ahead atomic.Int64 // of this machine's clock, in nanoseconds
}

// Now is the time.
func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// clockPause is how often the two clocks are compared.
const clockPause = time.Minute

// clockWarning is the difference from which on somebody should look at the machines' clocks.
const clockWarning = 2 * time.Second

// set compares this machine's clock with the database's.
func (c *clock) set(ctx context.Context, store *pg.Store, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, clockPause)
	defer cancel()
	ahead, err := store.ClockAhead(ctx)
	if err != nil {
		return err
	}
	if moved := ahead - time.Duration(c.ahead.Swap(int64(ahead))); moved.Abs() > clockWarning {
		log.Warn("this machine's clock and the database's differ; the database's counts", "ahead", ahead.Round(time.Millisecond))
	}
	return nil
}

// keep compares the clocks again and again, until ctx is done.
func (c *clock) keep(ctx context.Context, store *pg.Store, log *slog.Logger) {
	tick := time.NewTicker(clockPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := c.set(ctx, store, log); err != nil && ctx.Err() == nil {
			log.Error("cannot read the database's clock", "error", err)
		}
	}
}
