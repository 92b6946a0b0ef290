package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// JobState is where a print job stands.
type JobState string

// The states of a print job. A job that was cut off in the middle is in doubt: it is not repeated by itself, a person
// decides.
const (
	JobWaiting   JobState = "waiting"
	JobSending   JobState = "sending"
	JobSent      JobState = "sent"      // whole, and nobody can tell whether it is on paper
	JobConfirmed JobState = "confirmed" // the printer said that it is on paper
	JobDoubt     JobState = "doubt"
	JobDropped   JobState = "dropped"
)

// The reasons that the queue itself gives.
const (
	ReasonStale = "stale" // the job waited for longer than it is of use
	ReasonCut   = "cut"   // the program stopped while the job was being sent
	ReasonLetGo = "let_go"
)

// jobOpen are the jobs that are not done with, in the words of their index: SQLite takes it for no others.
const jobOpen = `state in ('waiting', 'sending', 'doubt')`

// keptJobs is how many of the newest jobs are kept when they are done with, to see what was printed last.
const keptJobs = 200

// Job is one slip of the print queue.
type Job struct {
	Seq      int64
	ID       string
	Name     string
	Position int64 // of its operation; zero when it has none
	State    JobState
	Reason   string // of being in doubt or dropped
	About    string
	At       time.Time // when it was put into the queue
	Expires  time.Time // zero when it never does
	Document json.RawMessage
}

const selectJob = `seq, id, name, coalesce(operation, 0), state, reason, about, created_at, coalesce(expires_at, 0), document`

func scanJob(scan func(...any) error) (j Job, err error) {
	var doc string
	var at, expires int64
	if err := scan(&j.Seq, &j.ID, &j.Name, &j.Position, &j.State, &j.Reason, &j.About, &at, &expires, &doc); err != nil {
		return Job{}, err
	}
	j.Document, j.At = json.RawMessage(doc), time.UnixMilli(at).UTC()
	if expires != 0 {
		j.Expires = time.UnixMilli(expires).UTC()
	}
	return j, nil
}

// QueueSlip puts a slip into the print queue that follows from no operation: a copy, a QR slip.
func (s *Store) QueueSlip(ctx context.Context, j PrintJob) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		return s.writer(ctx, tx).queue(nil, j)
	})
}

// NextJob takes the oldest waiting job and marks it as being sent. ok is false when none waits. Jobs that waited for
// longer than they are of use are dropped. A job that a stopped program left as being sent must be put in doubt first:
// see DoubtLeftJobs.
func (s *Store) NextJob(ctx context.Context) (j Job, ok bool, err error) {
	now := ms(s.now())
	_, err = s.w.ExecContext(ctx, `update print_jobs set state = 'dropped', reason = ?1, updated_at = ?2
		where `+jobOpen+` and state = 'waiting' and expires_at <= ?2`, ReasonStale, now)
	if err != nil {
		return j, false, fmt.Errorf("dropping stale print jobs: %w", err)
	}
	row := s.w.QueryRowContext(ctx, `update print_jobs set state = 'sending', updated_at = ?
		where seq = (select min(seq) from print_jobs where `+jobOpen+` and state = 'waiting')
		returning `+selectJob, now)
	j, err = scanJob(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return j, false, nil
	}
	if err != nil {
		return j, false, fmt.Errorf("taking a print job: %w", err)
	}
	return j, true, nil
}

// FinishJob notes what became of a job that was being sent, and why where it is in doubt or dropped. Old ones that are
// done with go, a few at a time: a slip can be made again from its operation.
func (s *Store) FinishJob(ctx context.Context, seq int64, state JobState, reason string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update print_jobs set state = ?, reason = ?, updated_at = ? where seq = ?`, string(state), reason, ms(s.now()), seq)
		if err != nil {
			return fmt.Errorf("noting print job %d: %w", seq, err)
		}
		_, err = tx.ExecContext(ctx, `delete from print_jobs where seq in (
			select seq from print_jobs where seq <= (select max(seq) from print_jobs) - ?
				and state in ('sent', 'confirmed', 'dropped') order by seq limit 10)`, keptJobs)
		if err != nil {
			return fmt.Errorf("dropping old print jobs: %w", err)
		}
		return nil
	})
}

// DoubtLeftJobs puts jobs in doubt that were being sent when the program stopped.
func (s *Store) DoubtLeftJobs(ctx context.Context) error {
	_, err := s.w.ExecContext(ctx, `update print_jobs set state = 'doubt', reason = ?, updated_at = ? where `+jobOpen+` and state = 'sending'`,
		ReasonCut, ms(s.now()))
	if err != nil {
		return fmt.Errorf("looking for cut off print jobs: %w", err)
	}
	return nil
}

// DoubtSentJob puts a job in doubt that was sent whole, when it turns out that the printer stopped in the middle of it.
func (s *Store) DoubtSentJob(ctx context.Context, seq int64, reason string) error {
	_, err := s.w.ExecContext(ctx, `update print_jobs set state = 'doubt', reason = ?, updated_at = ? where seq = ? and state = 'sent'`, reason, ms(s.now()), seq)
	if err != nil {
		return fmt.Errorf("noting print job %d: %w", seq, err)
	}
	return nil
}

// OpenJobs returns the jobs that are not done with, oldest first: those in doubt, on which a person must decide, and of
// the others as many as limit allows.
func (s *Store) OpenJobs(ctx context.Context, limit int) ([]Job, error) {
	return s.jobs(ctx, `select `+selectJob+` from print_jobs where `+jobOpen+` and state = 'doubt'
		union all select * from (select `+selectJob+` from print_jobs where `+jobOpen+` and state <> 'doubt' order by seq limit ?)
		order by seq`, limit)
}

// DroppedJobs returns the newest jobs that were dropped since a moment and that nobody let go, newest first.
func (s *Store) DroppedJobs(ctx context.Context, since time.Time, limit int) ([]Job, error) {
	return s.jobs(ctx, `select `+selectJob+` from print_jobs where state = 'dropped' and reason not in ('', ?) and updated_at >= ?
		order by seq desc limit ?`, ReasonLetGo, ms(since), limit)
}

// JobsInDoubt returns the jobs that a person must decide on.
func (s *Store) JobsInDoubt(ctx context.Context) ([]Job, error) {
	return s.jobs(ctx, `select `+selectJob+` from print_jobs where `+jobOpen+` and state = 'doubt' order by seq`)
}

// JobByNumber returns a job by its Seq. ok is false when there is none any more.
func (s *Store) JobByNumber(ctx context.Context, seq int64) (j Job, ok bool, err error) {
	all, err := s.jobs(ctx, `select `+selectJob+` from print_jobs where seq = ?`, seq)
	if err != nil || len(all) == 0 {
		return Job{}, false, err
	}
	return all[0], true, nil
}

func (s *Store) jobs(ctx context.Context, query string, args ...any) ([]Job, error) {
	rows, err := s.r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading print jobs: %w", err)
	}
	defer rows.Close()
	var jobs []Job
	for rows.Next() {
		j, err := scanJob(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("reading print jobs: %w", err)
		}
		jobs = append(jobs, j)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading print jobs: %w", err)
	}
	return jobs, nil
}

// ReplaceJob drops a job that is in doubt and queues another slip in its place, in one transaction. A job that is in doubt
// no more is left alone: whoever decided first has decided.
func (s *Store) ReplaceJob(ctx context.Context, seq int64, reason string, by *PrintJob) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `update print_jobs set state = 'dropped', reason = ?, updated_at = ? where seq = ? and state = 'doubt'`, reason, ms(s.now()), seq)
		if err != nil {
			return fmt.Errorf("dropping print job %d: %w", seq, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 || by == nil {
			return err
		}
		return s.writer(ctx, tx).queue(nil, *by)
	})
}

// DropJob drops a job that waits or is in doubt. One that is being sent, or is done with, is left alone; ok tells.
func (s *Store) DropJob(ctx context.Context, seq int64, reason string) (ok bool, err error) {
	res, err := s.w.ExecContext(ctx, `update print_jobs set state = 'dropped', reason = ?, updated_at = ? where seq = ? and state in ('waiting', 'doubt')`, reason, ms(s.now()), seq)
	if err != nil {
		return false, fmt.Errorf("dropping print job %d: %w", seq, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// JobCounts counts the jobs that wait or are being sent, and those in doubt.
func (s *Store) JobCounts(ctx context.Context) (waiting, doubt int, err error) {
	err = s.r.QueryRowContext(ctx, `select count(*) filter (where state in ('waiting', 'sending')), count(*) filter (where state = 'doubt')
		from print_jobs where `+jobOpen).Scan(&waiting, &doubt)
	if err != nil {
		return 0, 0, fmt.Errorf("counting print jobs: %w", err)
	}
	return waiting, doubt, nil
}
