package pg_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/sync/accept"
)

// TestCheckChainsWhileTillsSend: operations that arrive after the check has begun are no damage.
func TestCheckChainsWhileTillsSend(t *testing.T) {
	s, pool := both(t)
	_, _, till, _ := shop(t, s, "anna")
	damaged, growing := uuid.UUID{1}, uuid.UUID{2}
	b := batch(accept.Head{}, "a", "b")
	for _, journal := range []uuid.UUID{damaged, growing} {
		if _, err := s.Append(t.Context(), now, till, journal, b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pool.Exec(t.Context(), `update operations set record = 'x' where journal_id = $1 and number = 2`, damaged); err != nil {
		t.Fatal(err)
	}
	var found []uuid.UUID
	_, _, err := s.CheckChains(t.Context(), func(journal uuid.UUID, why string) {
		found = append(found, journal)
		if journal != damaged {
			t.Errorf("journal %s: %s", journal, why)
			return
		}
		if _, err := s.Append(t.Context(), now, till, growing, batch(b.Last(), "c", "d")); err != nil {
			t.Error(err)
		}
	})
	if err != nil || len(found) == 0 {
		t.Errorf("found %v, %v", found, err)
	}
}

// TestLeaseDueKeepsItsLimit whatever way PostgreSQL chooses to carry the statement out.
func TestLeaseDueKeepsItsLimit(t *testing.T) {
	dsn := pgtest.DSN(t)
	s, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, place, till, _ := shop(t, s, "anna")
	setting := uuid.New()
	for range 12 {
		at := now
		id := uuid.New()
		p := pg.Payment{Account: till.Account, ID: id, Store: place.ID, Till: till.ID, Setting: setting, Created: now, AskAt: &at,
			Attempt: banks.Attempt{ID: id.String(), Amount: 100, Expires: now.Add(time.Hour), State: banks.StateWaiting}}
		if _, _, err := s.CreatePayment(t.Context(), p, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	// What the planner may come to with a table whose statistics are old.
	other, err := pg.Open(t.Context(), dsn+"&enable_hashjoin=off&enable_mergejoin=off&enable_hashagg=off&enable_sort=off&enable_material=off")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	list, err := other.LeaseDue(t.Context(), now, now.Add(time.Minute), []pg.Lane{{Setting: setting, Room: 3, AtOnce: 1}})
	if err != nil || len(list) != 3 {
		t.Errorf("%d payments were reserved, %v", len(list), err)
	}
}

// TestPartitionsDoNotHoldUpTheTills: a long report reads while the next months are made. Who comes after is not held up.
func TestPartitionsDoNotHoldUpTheTills(t *testing.T) {
	s, pool := both(t)
	report, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer report.Rollback(context.WithoutCancel(t.Context()))
	if _, err := report.Exec(t.Context(), `lock table operations_default in access share mode`); err != nil {
		t.Fatal(err)
	}
	made := make(chan error, 1)
	go func() { made <- s.MakePartitions(t.Context(), time.Date(2033, 1, 1, 0, 0, 0, 0, time.UTC)) }()
	for waiting := false; !waiting; {
		err := pool.QueryRow(t.Context(), `select exists (select from pg_locks where mode = 'AccessExclusiveLock' and not granted)`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pool.Exec(t.Context(), `set statement_timeout = '5s'; select count(*) from operations`); err != nil {
		t.Errorf("another reader: %v", err)
	}
	if err := report.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-made; err != nil {
		t.Error(err)
	}
}
