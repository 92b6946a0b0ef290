package localdb

import (
	"strings"
	"testing"

	"kassa/register"
)

// moveCash commits one cash in.
func moveCash(t *testing.T, s *Store, id, reason string) error {
	t.Helper()
	_, err := s.Commit(t.Context(), Entry{ID: id, Kind: register.KindCashIn, Shift: 1, Body: register.CashMove{Sum: 100, Reason: reason}})
	return err
}

// whole holds that a database is whole and has so many operations.
func whole(t *testing.T, s *Store, operations int64) {
	t.Helper()
	r, err := s.Verify(t.Context())
	if err != nil || len(r.Faults) > 0 || r.Operations != operations {
		t.Errorf("%d operations, faults %q, %v; want %d", r.Operations, r.Faults, err, operations)
	}
}

// TestAFileThatMayNotGrow lets SQLite run out of pages in the middle of a commit.
func TestAFileThatMayNotGrow(t *testing.T) {
	s := sold(t, t.TempDir())
	if _, err := s.w.ExecContext(t.Context(), `pragma max_page_count = 1`); err != nil { // as it is now, and no more
		t.Fatal(err)
	}
	reason := strings.Repeat("п", register.MaxComment)
	var sales int64
	var err error
	for err == nil && sales < 1000 {
		if err = moveCash(t, s, "op-"+strings.Repeat("i", int(sales)), reason); err == nil {
			sales++
		}
	}
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Fatalf("after %d sales: %v; want that the disk is full", sales, err)
	}
	whole(t, s, 1+sales)
	if err := moveCash(t, s, "refused again", reason); err == nil {
		t.Error("it took a sale with no room")
	}
	if _, err := s.w.ExecContext(t.Context(), `pragma max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if err := moveCash(t, s, "with room", reason); err != nil {
		t.Errorf("with room again: %v", err)
	}
	whole(t, s, 2+sales)
}
