package localdb_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

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
