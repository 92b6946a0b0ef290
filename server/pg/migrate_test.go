package pg_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
)

func TestMigrateFromManyProcessesAtOnce(t *testing.T) {
	dsn := pgtest.Empty(t)
	if _, err := pg.Open(t.Context(), dsn); !errors.Is(err, pg.ErrSchema) {
		t.Fatalf("an empty database opens with %v", err)
	}
	errs := make([]error, 4)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = pg.Migrate(t.Context(), dsn) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	s, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if v, err := s.Version(t.Context()); err != nil || v != pg.Needs {
		t.Errorf("version %d, %v", v, err)
	}
}

func TestMigrateGivesUpWithItsContext(t *testing.T) {
	dsn := pgtest.Empty(t)
	holder, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close(context.Background())
	if _, err := holder.Exec(t.Context(), `select pg_advisory_lock(x'6b61737361'::bigint)`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := pg.Migrate(ctx, dsn); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for the lock ended with %v", err)
	}
}
