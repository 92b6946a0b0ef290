package pg_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/sync/accept"
)

// The size of a batch and of a record, as tills send them.
const (
	benchBatch  = 500
	benchRecord = 900
)

func benchRecords(after accept.Head) accept.Batch {
	records := make([]string, benchBatch)
	for i := range records {
		head := fmt.Sprintf(`{"journal":"x","number":%d,"id":"y","kind":"sale","version":1,"at":"2026-11-22T09:00:00Z","shift":3,"cashier":"Анна","body":{"receipt":1,"total":0,"pad":"`,
			after.Number+int64(i)+1)
		records[i] = head + strings.Repeat("x", benchRecord-len(head)) + `"}}`
	}
	return batch(after, records...)
}

// BenchmarkAppend takes batches of 500 operations; BenchmarkRawInsert writes the same rows by the same kind of
// statement with nothing around it. The ratio of the two is the price of the chain, the lock and the reading.
func BenchmarkAppend(b *testing.B) {
	s, err := pg.Open(b.Context(), pgtest.DSN(b))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	till := benchTill(b, s)
	journal := uuid.New()
	var head accept.Head
	for b.Loop() {
		b.StopTimer()
		next := benchRecords(head)
		b.StartTimer()
		d, err := s.Append(b.Context(), now, till, journal, next)
		if err != nil {
			b.Fatal(err)
		}
		head = d.Head
	}
	b.ReportMetric(float64(b.N*benchBatch)/b.Elapsed().Seconds(), "operations/s")
}

func BenchmarkRawInsert(b *testing.B) {
	dsn := pgtest.DSN(b)
	s, err := pg.Open(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	till := benchTill(b, s)
	pool, err := pgxpool.New(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	var head accept.Head
	for b.Loop() {
		b.StopTimer()
		next := benchRecords(head)
		head = next.Last()
		var numbers []int64
		var hashes, records [][]byte
		for i := range next.Records {
			r := next.Records[i]
			numbers, hashes, records = append(numbers, r.Number), append(hashes, next.Records[i].Hash[:]), append(records, r.Bytes)
		}
		b.StartTimer()
		_, err := pool.Exec(b.Context(), `insert into operations (account_id, store_id, till_id, journal_id, received_at, number,
				hash, record, at, kind, version, shift, cashier, total, receipt, method)
			select $1, $2, $3, $4, $5, u.*, $5, 'sale', 1, 3, 'Анна', 0, 1, 'cash' from unnest($6::bigint[], $7::bytea[], $8::bytea[]) u`,
			till.Account, till.Store, till.ID, till.ID, now, numbers, hashes, records)
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*benchBatch)/b.Elapsed().Seconds(), "operations/s")
}

func benchTill(b *testing.B, s *pg.Store) pg.Till {
	b.Helper()
	o, err := s.CreateOwner(b.Context(), now, pg.NewOwner{Login: "anna", Password: "correct horse", Store: "x"})
	if err != nil {
		b.Fatal(err)
	}
	shops, err := s.Stores(b.Context(), o.Account)
	if err != nil {
		b.Fatal(err)
	}
	code, _, err := s.NewPairingCode(b.Context(), now, o.Account, shops[0].ID)
	if err != nil {
		b.Fatal(err)
	}
	till, _, err := s.Pair(b.Context(), now.Add(time.Second), code, "Till", "bench")
	if err != nil {
		b.Fatal(err)
	}
	return till
}
