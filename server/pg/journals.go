package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/register"
	"kassa/sync/accept"
)

// Head tells how far the server has a journal; the zero Head when it has nothing of it.
func (s *Store) Head(ctx context.Context, account, journal uuid.UUID) (accept.Head, error) {
	var h accept.Head
	var hash []byte
	err := s.pool.QueryRow(ctx, `select number, hash from journals where account_id = $1 and journal_id = $2`,
		account, journal).Scan(&h.Number, &hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return accept.Head{}, nil
	}
	if err != nil {
		return accept.Head{}, fmt.Errorf("reading journal %s: %w", journal, err)
	}
	copy(h.Hash[:], hash)
	return h, nil
}

// Append takes a batch into a journal: what is new is stored and the journal's head moved, in one transaction under
// the lock of the journal's row. Whether the batch fits is accept.Decide's decision; a gap stores nothing, a fork
// stores only that it was seen.
func (s *Store) Append(ctx context.Context, now time.Time, t Till, journal uuid.UUID, b accept.Batch) (accept.Decision, error) {
	var d accept.Decision
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		have, err := lockJournal(ctx, tx, now, t, journal)
		if err != nil {
			return err
		}
		from, to := b.Overlap(have)
		known, err := storedHashes(ctx, tx, t.Account, journal, from, to)
		if err != nil {
			return err
		}
		if d, err = accept.Decide(have, known, b); err != nil {
			return err
		}
		switch {
		case d.Verdict == accept.Fork:
			return noteFork(ctx, tx, now, t.Account, journal, d.At)
		case d.Verdict == accept.Gap:
			return nil
		}
		return appendTail(ctx, tx, now, t, journal, b, d)
	})
	if err != nil {
		return accept.Decision{}, fmt.Errorf("appending to journal %s: %w", journal, err)
	}
	return d, nil
}

// lockJournal locks the journal's row, making it first when it is new, so that one batch at a time is worked on.
func lockJournal(ctx context.Context, tx pgx.Tx, now time.Time, t Till, journal uuid.UUID) (accept.Head, error) {
	var h accept.Head
	_, err := tx.Exec(ctx, `insert into journals (account_id, journal_id, till_id, number, hash, created_at, updated_at)
		values ($1, $2, $3, 0, $4, $5, $5) on conflict do nothing`, t.Account, journal, t.ID, h.Hash[:], now)
	if err != nil {
		return h, err
	}
	var hash []byte
	err = tx.QueryRow(ctx, `select number, hash from journals where account_id = $1 and journal_id = $2 for update`,
		t.Account, journal).Scan(&h.Number, &hash)
	copy(h.Hash[:], hash)
	return h, err
}

func storedHashes(ctx context.Context, tx pgx.Tx, account, journal uuid.UUID, from, to int64) (map[int64]register.Hash, error) {
	if from > to {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `select number, hash from operations
		where account_id = $1 and journal_id = $2 and number between $3 and $4`, account, journal, from, to)
	if err != nil {
		return nil, err
	}
	known := make(map[int64]register.Hash, to-from+1)
	var number int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&number, &hash}, func() error {
		known[number] = register.Hash(hash)
		return nil
	})
	return known, err
}

func noteFork(ctx context.Context, tx pgx.Tx, now time.Time, account, journal uuid.UUID, at int64) error {
	_, err := tx.Exec(ctx, `update journals set forked_at = $3, fork_number = least(coalesce(fork_number, $4), $4)
		where account_id = $1 and journal_id = $2`, account, journal, now, at)
	return err
}

func appendTail(ctx context.Context, tx pgx.Tx, now time.Time, t Till, journal uuid.UUID, b accept.Batch, d accept.Decision) error {
	if err := insertOperations(ctx, tx, now, t, journal, d.Tail); err != nil {
		return err
	}
	if len(d.Tail) > 0 {
		_, err := tx.Exec(ctx, `update journals set number = $3, hash = $4, updated_at = $5, till_id = $6
			where account_id = $1 and journal_id = $2`, t.Account, journal, d.Head.Number, d.Head.Hash[:], now, t.ID)
		if err != nil {
			return err
		}
	}
	var skew *int64
	if !b.SentAt.IsZero() {
		ms := b.SentAt.Sub(now).Milliseconds()
		skew = &ms
	}
	_, err := tx.Exec(ctx, `update tills set operations = operations + $3, clock_skew_ms = coalesce($4, clock_skew_ms),
		seen_at = $5 where account_id = $1 and till_id = $2`, t.Account, t.ID, len(d.Tail), skew, now)
	return err
}

// insertOperations writes all rows by one statement, a parameter for each column: as fast as COPY at these sizes.
func insertOperations(ctx context.Context, tx pgx.Tx, now time.Time, t Till, journal uuid.UUID, tail []accept.Record) error {
	if len(tail) == 0 {
		return nil
	}
	n := len(tail)
	var (
		numbers, versions, shifts     = make([]int64, n), make([]int64, n), make([]int64, n)
		receipts, totals              = make([]*int64, n), make([]*int64, n)
		bases, basisNumbers           = make([]*uuid.UUID, n), make([]*int64, n)
		hashes, records               = make([][]byte, n), make([][]byte, n)
		ats                           = make([]time.Time, n)
		kinds, cashiers, methods, why = make([]string, n), make([]string, n), make([]string, n), make([]string, n)
		used                          []use
		fiscal                        fiscalBatch
	)
	for i, r := range tail {
		f := accept.Understand(journal.String(), r, now)
		numbers[i], hashes[i], records[i] = r.Number, tail[i].Hash[:], r.Bytes
		ats[i], kinds[i], versions[i], shifts[i], cashiers[i] = f.At, f.Kind, int64(f.Version), f.Shift, f.Cashier
		receipts[i], totals[i], methods[i], why[i] = f.Receipt, f.Total, f.Method, string(f.Aside)
		if f.Basis != nil {
			bases[i], basisNumbers[i] = &f.Basis.Journal, &f.Basis.Number
		}
		fiscal.add(journal, r.Number, f)
		for _, u := range f.Uses {
			used = append(used, use{u, r.Number, f.Kind, f.At})
		}
	}
	_, err := tx.Exec(ctx, `insert into operations (account_id, store_id, till_id, journal_id, received_at,
			number, hash, record, at, kind, version, shift, cashier, receipt, total, method, aside, basis_journal,
			basis_number)
		select $1, $2, $3, $4, $5, u.* from unnest($6::bigint[], $7::bytea[], $8::bytea[], $9::timestamptz[], $10::text[],
			$11::bigint[], $12::bigint[], $13::text[], $14::bigint[], $15::bigint[], $16::text[], $17::text[], $18::uuid[],
			$19::bigint[]) u`,
		t.Account, t.Store, t.ID, journal, now,
		numbers, hashes, records, ats, kinds, versions, shifts, cashiers, receipts, totals, methods, why, bases,
		basisNumbers)
	if err != nil {
		return err
	}
	if err := fiscal.store(ctx, tx, now, t, journal); err != nil {
		return err
	}
	return insertUses(ctx, tx, now, t, journal, used)
}

// Forks lists the journals, of every account, that another history was offered for.
func (s *Store) Forks(ctx context.Context) ([]uuid.UUID, error) {
	rows, err := s.pool.Query(ctx, `select journal_id from journals where forked_at is not null order by forked_at`)
	if err != nil {
		return nil, fmt.Errorf("listing forks: %w", err)
	}
	forks, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("listing forks: %w", err)
	}
	return forks, nil
}

// CheckChains follows the chain of every journal, of every account, from its start to what was acknowledged, and calls
// bad for each journal that is not whole. It returns how many journals and operations it saw.
func (s *Store) CheckChains(ctx context.Context, bad func(journal uuid.UUID, why string)) (journals, operations int64, err error) {
	rows, _ := s.pool.Query(ctx, `select account_id, journal_id, number, hash from journals order by account_id, journal_id`)
	type end struct {
		Account, Journal uuid.UUID
		Number           int64
		Hash             []byte
	}
	ends, err := pgx.CollectRows(rows, pgx.RowToStructByPos[end])
	if err != nil {
		return 0, 0, fmt.Errorf("checking the journals: %w", err)
	}
	for _, e := range ends {
		n, why, err := s.checkChain(ctx, e.Account, e.Journal, accept.Head{Number: e.Number, Hash: register.Hash(e.Hash)})
		if err != nil {
			return journals, operations, fmt.Errorf("checking journal %s: %w", e.Journal, err)
		}
		journals, operations = journals+1, operations+n
		if why != "" {
			bad(e.Journal, why)
		}
	}
	return journals, operations, nil
}

// chainPage is how many records are read at once, so that a long journal does not fill the memory.
const chainPage = 5000

func (s *Store) checkChain(ctx context.Context, account, journal uuid.UUID, want accept.Head) (n int64, why string, err error) {
	var have accept.Head
	for {
		rows, err := s.pool.Query(ctx, `select number, hash, record from operations
			where account_id = $1 and journal_id = $2 and number > $3 order by number limit $4`,
			account, journal, have.Number, chainPage)
		if err != nil {
			return n, "", err
		}
		var number int64
		var hash, record []byte
		page, why := 0, ""
		_, err = pgx.ForEachRow(rows, []any{&number, &hash, &record}, func() error {
			page++
			next := accept.Head{Number: have.Number + 1, Hash: register.Link(have.Hash, record)}
			switch {
			case why != "":
			case number != next.Number:
				why = fmt.Sprintf("operation %d follows %d", number, have.Number)
			case register.Hash(hash) != next.Hash:
				why = fmt.Sprintf("operation %d does not have its hash", number)
			}
			have = next
			return nil
		})
		n += int64(page)
		switch {
		case err != nil || why != "":
			return n, why, err
		case page < chainPage && have.Number > want.Number:
			// Perhaps a till has sent more since the head was read.
			now, err := s.Head(ctx, account, journal)
			if err != nil {
				return n, "", err
			}
			if now == want {
				return n, fmt.Sprintf("it ends at operation %d; %d were acknowledged", have.Number, want.Number), nil
			}
			want = now
		case page < chainPage && have != want:
			return n, fmt.Sprintf("it ends at operation %d; %d were acknowledged", have.Number, want.Number), nil
		case page < chainPage:
			return n, "", nil
		}
	}
}
