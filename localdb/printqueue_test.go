package localdb_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kassa/localdb"
)

func TestOldPrintJobsGo(t *testing.T) {
	w := newShop(t)
	var doubt int64
	for i := range 230 {
		w.ok(w.store.QueueSlip(t.Context(), localdb.PrintJob{Name: fmt.Sprint("slip-", i), Document: []byte(`{}`)}))
		j, ok, err := w.store.NextJob(t.Context())
		if err != nil || !ok || j.Name != fmt.Sprint("slip-", i) {
			t.Fatalf("took %+v, %v, %v", j, ok, err)
		}
		state := localdb.JobSent
		if i%2 == 0 {
			state = localdb.JobConfirmed
		}
		if i == 3 {
			state, doubt = localdb.JobDoubt, j.Seq
		}
		w.ok(w.store.FinishJob(t.Context(), j.Seq, state, ""))
	}
	if n := jobs(t, w.dir); n != 201 {
		t.Errorf("%d jobs are kept, want the last 200 and the one in doubt", n)
	}
	if left, err := w.store.JobsInDoubt(t.Context()); err != nil || len(left) != 1 || left[0].Seq != doubt {
		t.Errorf("in doubt: %+v, %v", left, err)
	}
}

func jobs(t *testing.T, dir string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, localdb.FileName)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(context.Background(), `select count(*) from print_jobs`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStaleJobsAreDropped(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s, err := localdb.Open(t.Context(), localdb.Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, life := range map[string]time.Duration{"test": time.Minute, "x": time.Hour, "sale": 0} {
		j := localdb.PrintJob{Name: name, Document: []byte(`{}`)}
		if life > 0 {
			j.Expires = now.Add(life)
		}
		ok(s.QueueSlip(t.Context(), j))
	}
	ok(s.QueueSlip(t.Context(), localdb.PrintJob{Name: "drawer", Drawer: true}))
	counts(t, s, 3, 0)
	now = now.Add(time.Minute)
	var taken []string
	for {
		j, has, err := s.NextJob(t.Context())
		ok(err)
		if !has {
			break
		}
		taken = append(taken, j.Name)
		if j.Name == "x" && !j.Expires.Equal(now.Add(59*time.Minute)) || !j.At.Equal(now.Add(-time.Minute)) {
			t.Errorf("took %+v", j)
		}
		ok(s.FinishJob(t.Context(), j.Seq, localdb.JobSent, ""))
	}
	slices.Sort(taken)
	if !slices.Equal(taken, []string{"sale", "x"}) {
		t.Errorf("took %q", taken)
	}
	dropped, err := s.DroppedJobs(t.Context(), now.Add(-time.Hour), 10)
	if err != nil || len(dropped) != 1 || dropped[0].Name != "test" || dropped[0].Reason != localdb.ReasonStale {
		t.Errorf("dropped %+v, %v", dropped, err)
	}
	if later, err := s.DroppedJobs(t.Context(), now.Add(time.Second), 10); err != nil || len(later) != 0 {
		t.Errorf("dropped later: %+v, %v", later, err)
	}
}

func TestJobsThatAreLetGo(t *testing.T) {
	w := newShop(t)
	take := func(want string) localdb.Job {
		t.Helper()
		j, ok, err := w.store.NextJob(t.Context())
		if err != nil || !ok || j.Name != want {
			t.Fatalf("took %+v, %v, %v", j, ok, err)
		}
		return j
	}
	drop := func(seq int64, want bool) {
		t.Helper()
		if ok, err := w.store.DropJob(t.Context(), seq, localdb.ReasonLetGo); err != nil || ok != want {
			t.Errorf("dropped: %v, %v, want %v", ok, err, want)
		}
	}
	for _, name := range []string{"sent", "sending", "waiting"} {
		w.ok(w.store.QueueSlip(t.Context(), localdb.PrintJob{Name: name, Document: []byte(`{}`), About: "qr"}))
	}
	sent := take("sent")
	w.ok(w.store.FinishJob(t.Context(), sent.Seq, localdb.JobSent, ""))
	sending := take("sending")
	open, err := w.store.OpenJobs(t.Context(), 10)
	if err != nil || len(open) != 2 || open[0].State != localdb.JobSending || open[1].State != localdb.JobWaiting || open[1].About != "qr" {
		t.Fatalf("open %+v, %v", open, err)
	}
	drop(sent.Seq, false)
	drop(sending.Seq, false)
	drop(open[1].Seq, true)
	drop(open[1].Seq, false)
	// A job that was sent turns out to be cut off; one that is not sent any more does not.
	for range 2 {
		w.ok(w.store.DoubtSentJob(t.Context(), sent.Seq, "paper_out"))
		w.ok(w.store.DoubtSentJob(t.Context(), sending.Seq, "paper_out"))
	}
	doubt, err := w.store.JobsInDoubt(t.Context())
	if err != nil || len(doubt) != 1 || doubt[0].Seq != sent.Seq || doubt[0].Reason != "paper_out" {
		t.Errorf("in doubt %+v, %v", doubt, err)
	}
	drop(sent.Seq, true)
	if left, err := w.store.DroppedJobs(t.Context(), time.Time{}, 10); err != nil || len(left) != 0 {
		t.Errorf("told of what somebody let go: %+v, %v", left, err)
	}
	if j, ok, err := w.store.JobByNumber(t.Context(), sending.Seq); err != nil || !ok || j.Name != "sending" {
		t.Errorf("by number: %+v, %v, %v", j, ok, err)
	}
	if _, ok, err := w.store.JobByNumber(t.Context(), 99); err != nil || ok {
		t.Errorf("a job that is not there: %v, %v", ok, err)
	}
}
