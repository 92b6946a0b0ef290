package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// monthsAhead is how many months of partitions are kept ready beyond the current one.
const monthsAhead = 2

// MakePartitions makes the partitions of operations for the month of now and the next two. Operations that arrived in a
// month without a partition are moved out of the default one. It is safe to call at any time, from several processes.
func (s *Store) MakePartitions(ctx context.Context, now time.Time) error {
	now = now.UTC()
	for i := range monthsAhead + 1 {
		month := time.Date(now.Year(), now.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		if err := s.tryPartition(ctx, month); err != nil {
			return fmt.Errorf("making the partition of %s: %w", month.Format("2006-01"), err)
		}
	}
	return nil
}

// tryPartition gives up soon when a long reader holds the default partition, and tries again: everybody who came after
// would wait as well.
func (s *Store) tryPartition(ctx context.Context, month time.Time) error {
	for try := 1; ; try++ {
		err := s.makePartition(ctx, month)
		if !hasCode(err, lockNotAvailable) || try == ddlTries {
			return err
		}
		if err := pause(ctx, ddlPause); err != nil {
			return err
		}
	}
}

func (s *Store) makePartition(ctx context.Context, month time.Time) error {
	name := "operations_" + month.Format("2006_01")
	// Not to_regclass: it asks a cache, which within one transaction may not have heard of what another has just made.
	const exists = `select exists (select from pg_tables where schemaname = current_schema() and tablename = $1)`
	var there bool
	if err := s.pool.QueryRow(ctx, exists, name).Scan(&there); err != nil || there {
		return err
	}
	const day = "2006-01-02"
	from, to := month.Format(day), month.AddDate(0, 1, 0).Format(day)
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(migrationLock+1)); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, exists, name).Scan(&there); err != nil || there {
			return err
		}
		if _, err := tx.Exec(ctx, "set local lock_timeout = '"+ddlLockTimeout+"'"); err != nil {
			return err
		}
		// The names and dates are ours: nothing from outside is in these texts.
		for _, statement := range []string{
			`create table ` + name + ` (like operations including defaults including constraints)`,
			`lock table operations_default in access exclusive mode`,
			`with moved as (delete from operations_default where received_at >= '` + from + ` 00:00+00'
				and received_at < '` + to + ` 00:00+00' returning ` + operationColumns + `)
			 insert into ` + name + ` (` + operationColumns + `) select ` + operationColumns + ` from moved`,
			`alter table operations attach partition ` + name + `
				for values from ('` + from + ` 00:00+00') to ('` + to + ` 00:00+00')`,
		} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}
