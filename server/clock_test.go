package server

import (
	"log/slog"
	"testing"
	"time"

	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
)

// TestTheDatabasesClockCounts, however wrong this machine's was thought to be.
func TestTheDatabasesClockCounts(t *testing.T) {
	store, err := pg.Open(t.Context(), pgtest.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var c clock
	c.ahead.Store(int64(3 * time.Hour))
	if off := time.Until(c.Now()); off < 2*time.Hour {
		t.Fatalf("the clock is %v ahead", off)
	}
	if err := c.set(t.Context(), store, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	// The database is on this machine.
	if off := time.Until(c.Now()).Abs(); off > time.Minute {
		t.Errorf("the clock is %v off", off)
	}
}
