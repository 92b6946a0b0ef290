//go:build unix

package localdb

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// limitFiles lets no file of the process grow beyond a size, as a full disk does, until the function is called.
func limitFiles(t *testing.T, size int64) (lift func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // what is left is the error of the write
	var was unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	now := was
	now.Cur = uint64(size)
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &now); err != nil {
		t.Fatal(err)
	}
	lift = func() {
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &was); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(lift)
	return lift
}

// TestADiskThatIsFullAtCommit lets every write beyond what is on the disk fail: the log's pages, at the commit itself.
func TestADiskThatIsFullAtCommit(t *testing.T) {
	s := sold(t, t.TempDir())
	log, err := os.Stat(filepath.Join(s.dir, FileName+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	for room := range int64(12) { // in 4 KiB steps: none, then a part of what a commit writes, then enough
		lift := limitFiles(t, log.Size()+room*4096)
		err := moveCash(t, s, fmt.Sprint("tight-", room), "")
		lift()
		var found bool
		if _, found, _ = s.OperationByID(t.Context(), fmt.Sprint("tight-", room)); found != (err == nil) {
			t.Errorf("with room for %d pages: %v, and on the disk: %v", room, err, found)
		}
		if room == 0 && err == nil {
			t.Error("no room, and it was taken")
		}
		if err := moveCash(t, s, fmt.Sprint("free-", room), ""); err != nil {
			t.Errorf("after a commit with room for %d pages, with room again: %v", room, err)
		}
		if log, err = os.Stat(filepath.Join(s.dir, FileName+"-wal")); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Verify(t.Context())
	if err != nil || len(r.Faults) > 0 || r.Operations < 13 {
		t.Errorf("%d operations, faults %q, %v", r.Operations, r.Faults, err)
	}
}
