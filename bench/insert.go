package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/server/pgcluster"
)

// batch is the number of rows of one insert: the sync worker's.
const batch = 500

// stored is a row of the server's table of operations.
type stored struct {
	Account, Store, Till, Journal uuid.UUID
	Number                        int64
	Received                      time.Time
	Hash, Record                  []byte
	At                            time.Time
	Kind                          string
	Version, Shift                int64
	Cashier                       string
	Receipt, Total                *int64
	Method, Aside                 string
}

const columns = `account_id, store_id, till_id, journal_id, number, received_at, hash, record, at, kind, version, shift,
	cashier, receipt, total, method, aside`

// insertAgain reads what the server stored and inserts it into a second database of the same schema: one statement of
// many rows for each batch, each in a transaction of its own.
func insertAgain(ctx context.Context, cluster *pgcluster.Cluster, want int) (time.Duration, error) {
	rows, err := readBack(ctx, cluster)
	if err != nil {
		return 0, err
	}
	if len(rows) != want {
		return 0, fmt.Errorf("the server holds %d operations, not the %d that were sent", len(rows), want)
	}
	if err := newDatabase(ctx, cluster, "raw"); err != nil {
		return 0, err
	}
	conn, err := pgx.Connect(ctx, cluster.DSN("raw"))
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	began := time.Now()
	for len(rows) > 0 {
		n := min(batch, len(rows))
		if err := insert(ctx, conn, rows[:n]); err != nil {
			return 0, fmt.Errorf("inserting rows: %w", err)
		}
		rows = rows[n:]
	}
	return time.Since(began), nil
}

func readBack(ctx context.Context, cluster *pgcluster.Cluster) ([]stored, error) {
	conn, err := pgx.Connect(ctx, cluster.DSN("kassa"))
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, `select `+columns+` from operations order by number`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[stored])
}

// insert hands each column over as an array: the fastest way there is beside COPY.
func insert(ctx context.Context, conn *pgx.Conn, rows []stored) error {
	_, err := conn.Exec(ctx, `insert into operations (`+columns+`)
		select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::timestamptz[], $7::bytea[],
			$8::bytea[], $9::timestamptz[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::bigint[],
			$15::bigint[], $16::text[], $17::text[])`,
		column(rows, func(r stored) uuid.UUID { return r.Account }), column(rows, func(r stored) uuid.UUID { return r.Store }),
		column(rows, func(r stored) uuid.UUID { return r.Till }), column(rows, func(r stored) uuid.UUID { return r.Journal }),
		column(rows, func(r stored) int64 { return r.Number }), column(rows, func(r stored) time.Time { return r.Received }),
		column(rows, func(r stored) []byte { return r.Hash }), column(rows, func(r stored) []byte { return r.Record }),
		column(rows, func(r stored) time.Time { return r.At }), column(rows, func(r stored) string { return r.Kind }),
		column(rows, func(r stored) int64 { return r.Version }), column(rows, func(r stored) int64 { return r.Shift }),
		column(rows, func(r stored) string { return r.Cashier }), column(rows, func(r stored) *int64 { return r.Receipt }),
		column(rows, func(r stored) *int64 { return r.Total }), column(rows, func(r stored) string { return r.Method }),
		column(rows, func(r stored) string { return r.Aside }))
	return err
}

func column[T any](rows []stored, of func(stored) T) []T {
	all := make([]T, len(rows))
	for i, r := range rows {
		all[i] = of(r)
	}
	return all
}
