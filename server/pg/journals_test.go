package pg_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"kassa/register"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/sync/accept"
)

// batch is the operations after a head, as a till would send them.
func batch(after accept.Head, records ...string) accept.Batch {
	b := accept.Batch{After: after}
	for _, r := range records {
		last := b.Last()
		b.Records = append(b.Records, accept.Record{Number: last.Number + 1, Hash: register.Link(last.Hash, []byte(r)), Bytes: []byte(r)})
	}
	return b
}

// both opens a new database as the server and as one who damages it.
func both(t *testing.T) (*pg.Store, *pgxpool.Pool) {
	t.Helper()
	dsn := pgtest.DSN(t)
	s, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	pool, err := pgxpool.New(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return s, pool
}

func TestCheckChainsFindsDamage(t *testing.T) {
	tests := []struct{ name, damage, want string }{
		{"none", `select 1`, ""},
		{"a record changed", `update operations set record = 'x' where number = 2`, "operation 2 does not have its hash"},
		{"a record gone", `delete from operations where number = 2`, "operation 3 follows 1"},
		{"the last one gone", `delete from operations where number = 3`, "it ends at operation 2; 3 were acknowledged"},
		{"one twice", `insert into operations select * from operations where number = 2`, "operation 2 follows 2"},
		{"acknowledged too little", `update journals set number = 2`, "it ends at operation 3; 2 were acknowledged"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, pool := both(t)
			_, _, till, _ := shop(t, s, "anna")
			journal := uuid.New()
			if _, err := s.Append(t.Context(), now, till, journal, batch(accept.Head{}, "a", "b", "c")); err != nil {
				t.Fatal(err)
			}
			if _, err := pool.Exec(t.Context(), test.damage); err != nil {
				t.Fatal(err)
			}
			got := ""
			if _, _, err := s.CheckChains(t.Context(), func(_ uuid.UUID, why string) { got = why }); err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

func TestAHoleStopsTheUpload(t *testing.T) {
	s, pool := both(t)
	_, _, till, _ := shop(t, s, "anna")
	journal := uuid.New()
	b := batch(accept.Head{}, "a", "b", "c")
	if _, err := s.Append(t.Context(), now, till, journal, b); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `delete from operations where number = 2`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append(t.Context(), now, till, journal, b); err == nil || !strings.Contains(err.Error(), "hole") {
		t.Errorf("a damaged history is taken for whole: %v", err)
	}
}

// TestMonths receives operations in a month that has no partition, makes the partitions, and goes on.
func TestMonths(t *testing.T) {
	s, pool := both(t)
	_, _, till, _ := shop(t, s, "anna")
	journal := uuid.New()
	later := time.Date(2031, 3, 31, 23, 59, 59, 0, time.UTC)
	head := accept.Head{}
	for i, at := range []time.Time{later, later.Add(2 * time.Second)} {
		b := batch(head, "x"+string(rune('a'+i)))
		if _, err := s.Append(t.Context(), at, till, journal, b); err != nil {
			t.Fatal(err)
		}
		head = b.Last()
	}
	count := func(table string) (n int) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), `select count(*) from `+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count("operations_default"); n != 2 {
		t.Fatalf("%d operations were caught", n)
	}
	for range 2 {
		if err := s.MakePartitions(t.Context(), later); err != nil {
			t.Fatal(err)
		}
	}
	if a, b, c := count("operations_default"), count("operations_2031_03"), count("operations_2031_04"); a != 0 || b != 1 || c != 1 {
		t.Errorf("the months hold %d, %d, %d", a, b, c)
	}
	var indexes int
	err := pool.QueryRow(t.Context(), `select count(*) from pg_indexes where tablename = 'operations_2031_03'`).Scan(&indexes)
	if err != nil || indexes != 6 {
		t.Errorf("the new partition has %d indexes, %v", indexes, err)
	}
	if _, err := s.Append(t.Context(), later.Add(time.Minute), till, journal, batch(head, "xc")); err != nil {
		t.Fatal(err)
	}
	if _, n, err := s.CheckChains(t.Context(), func(_ uuid.UUID, why string) { t.Error(why) }); err != nil || n != 3 {
		t.Errorf("%d operations, %v", n, err)
	}
	list, err := s.Operations(t.Context(), till.Account, pg.OperationFilter{From: later.Add(-time.Hour), To: later.Add(time.Hour), Limit: 10})
	if err != nil || len(list) != 3 {
		t.Errorf("listed are %d, %v", len(list), err)
	}
}

func TestMakePartitionsFromTwoProcesses(t *testing.T) {
	s, _ := both(t)
	later := time.Date(2032, 6, 1, 0, 0, 0, 0, time.UTC)
	done := make(chan error)
	for range 4 {
		go func() { done <- s.MakePartitions(t.Context(), later) }()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
