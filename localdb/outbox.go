package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kassa/register"
)

// Tail is a run of operations that follow one another in a journal.
type Tail struct {
	Journal   string
	After     int64 // the number before the first one
	AfterHash register.Hash
	Stored    []Stored
}

// ErrForked tells that the server holds other operations under our numbers.
var ErrForked = errors.New("localdb: the server has another history of this journal")

// Unsent returns the oldest operations that the server is not known to have, at most limit of them, and how many such
// there are in all. The backlog is what stands above the acknowledged number: there is no second queue to keep true.
func (s *Store) Unsent(ctx context.Context, limit int) (Tail, int64, error) {
	var t Tail
	waiting, err := s.Waiting(ctx)
	if err != nil {
		return t, 0, err
	}
	var seq int64
	err = s.r.QueryRowContext(ctx, `select j.seq, j.id, j.acknowledged from journals j
		where exists (select 1 from operations o where o.journal = j.seq and o.number > j.acknowledged)
		or j.seq = (select max(seq) from journals) order by j.seq limit 1`).Scan(&seq, &t.Journal, &t.After)
	if err != nil {
		return t, 0, fmt.Errorf("reading what is unsent: %w", err)
	}
	if t.After > 0 {
		if t.AfterHash, err = s.hashAt(ctx, seq, t.After); err != nil {
			return t, 0, err
		}
	}
	t.Stored, err = s.stored(ctx, selectStored+`where o.journal = ? and o.number > ? order by o.number limit ?`, seq, t.After, limit)
	return t, waiting, err
}

// Waiting counts the operations that the server is not known to have.
func (s *Store) Waiting(ctx context.Context) (int64, error) { return waiting(ctx, s.r) }

func waiting(ctx context.Context, db querier) (int64, error) {
	var n int64
	err := db.QueryRowContext(ctx, `select coalesce(sum(
		(select coalesce(max(number), 0) from operations o where o.journal = j.seq) - j.acknowledged), 0) from journals j`).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting what is unsent: %w", err)
	}
	return n, nil
}

// Acknowledge notes how far the server has a journal, which may be less than was thought. The error is ErrForked when
// the server's hash is not ours at that number.
func (s *Store) Acknowledge(ctx context.Context, journal string, number int64, hash register.Hash) error {
	var seq int64
	err := s.r.QueryRowContext(ctx, `select seq from journals where id = ?`, journal).Scan(&seq)
	if err != nil {
		return fmt.Errorf("acknowledging journal %s: %w", journal, err)
	}
	if number > 0 {
		ours, err := s.hashAt(ctx, seq, number)
		if errors.Is(err, ErrNoOperation) || err == nil && ours != hash {
			return fmt.Errorf("acknowledging %d: %w", number, ErrForked)
		}
		if err != nil {
			return err
		}
	}
	if _, err := s.w.ExecContext(ctx, `update journals set acknowledged = ? where seq = ?`, number, seq); err != nil {
		return fmt.Errorf("acknowledging %d: %w", number, err)
	}
	return nil
}

func (s *Store) hashAt(ctx context.Context, seq, number int64) (register.Hash, error) {
	var h register.Hash
	var b []byte
	err := s.r.QueryRowContext(ctx, `select hash from operations where journal = ? and number = ?`, seq, number).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return h, ErrNoOperation
	}
	if err != nil {
		return h, fmt.Errorf("reading the hash of %d: %w", number, err)
	}
	copy(h[:], b)
	return h, nil
}
