package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// JobState is where a print job stands.
type JobState string

// The states of a print job. A job that was cut off in the middle is in doubt: it is not repeated by itself, a person
// decides.
const (
	JobWaiting JobState = "waiting"
	JobSending JobState = "sending"
	JobSent    JobState = "sent"
	JobDoubt   JobState = "doubt"
	JobDropped JobState = "dropped"
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
	Document json.RawMessage
}

// QueueSlip puts a slip into the print queue that follows from no operation: a copy, a QR slip.
func (s *Store) QueueSlip(ctx context.Context, j PrintJob) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		return s.writer(ctx, tx).queue(nil, j)
	})
}

// NextJob takes the oldest waiting job and marks it as being sent. ok is false when none waits. A job that a stopped
// program left as being sent must be put in doubt first: see DoubtLeftJobs.
func (s *Store) NextJob(ctx context.Context) (j Job, ok bool, err error) {
	var doc string
	var position sql.NullInt64
	err = s.w.QueryRowContext(ctx, `update print_jobs set state = 'sending', updated_at = ?
		where seq = (select min(seq) from print_jobs where `+jobOpen+` and state = 'waiting')
		returning seq, id, name, operation, state, document`, ms(s.now())).
		Scan(&j.Seq, &j.ID, &j.Name, &position, &j.State, &doc)
	if errors.Is(err, sql.ErrNoRows) {
		return j, false, nil
	}
	if err != nil {
		return j, false, fmt.Errorf("taking a print job: %w", err)
	}
	j.Position, j.Document = position.Int64, json.RawMessage(doc)
	return j, true, nil
}

// FinishJob notes what became of a job. Old ones that are done with go, a few at a time: a slip can be made again from
// its operation.
func (s *Store) FinishJob(ctx context.Context, seq int64, state JobState) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update print_jobs set state = ?, updated_at = ? where seq = ?`, string(state), ms(s.now()), seq)
		if err != nil {
			return fmt.Errorf("noting print job %d: %w", seq, err)
		}
		_, err = tx.ExecContext(ctx, `delete from print_jobs where seq in (
			select seq from print_jobs where seq <= (select max(seq) from print_jobs) - ? and state in ('sent', 'dropped') order by seq limit 10)`, keptJobs)
		if err != nil {
			return fmt.Errorf("dropping old print jobs: %w", err)
		}
		return nil
	})
}

// DoubtLeftJobs puts jobs in doubt that were being sent when the program stopped.
func (s *Store) DoubtLeftJobs(ctx context.Context) error {
	if _, err := s.w.ExecContext(ctx, `update print_jobs set state = 'doubt', updated_at = ? where `+jobOpen+` and state = 'sending'`, ms(s.now())); err != nil {
		return fmt.Errorf("looking for cut off print jobs: %w", err)
	}
	return nil
}

// JobsInDoubt returns the jobs that a person must decide on.
func (s *Store) JobsInDoubt(ctx context.Context) ([]Job, error) {
	rows, err := s.r.QueryContext(ctx, `select seq, id, name, coalesce(operation, 0), state, document from print_jobs
		where `+jobOpen+` and state = 'doubt' order by seq`)
	if err != nil {
		return nil, fmt.Errorf("reading print jobs: %w", err)
	}
	defer rows.Close()
	var jobs []Job
	for rows.Next() {
		var j Job
		var doc string
		if err := rows.Scan(&j.Seq, &j.ID, &j.Name, &j.Position, &j.State, &doc); err != nil {
			return nil, fmt.Errorf("reading print jobs: %w", err)
		}
		j.Document = json.RawMessage(doc)
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}

// ReplaceJob drops a job that is in doubt and queues another slip in its place, in one transaction.
func (s *Store) ReplaceJob(ctx context.Context, seq int64, by *PrintJob) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `update print_jobs set state = 'dropped', updated_at = ? where seq = ? and state = 'doubt'`, ms(s.now()), seq)
		if err != nil {
			return fmt.Errorf("dropping print job %d: %w", seq, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 || by == nil {
			return err
		}
		return s.writer(ctx, tx).queue(nil, *by)
	})
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
