package localdb

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"kassa/migrations/till"
	"kassa/register"
)

// later are the migrations of a later release: those of this one, and another.
func later(t *testing.T, text string) fs.FS {
	t.Helper()
	files := fstest.MapFS{"0002_later.up.sql": {Data: []byte(text)}}
	names, err := fs.Glob(till.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(till.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: b}
	}
	return files
}

// sold is a till with a shift open, for which a later release comes.
func sold(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	_, err = s.Commit(t.Context(), Entry{ID: "o", Kind: register.KindShiftOpened, Shift: 1, Body: register.ShiftOpened{}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func version(t *testing.T, s *Store) int {
	t.Helper()
	conn, err := s.w.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	v, err := schemaVersion(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestALaterReleaseBacksUpAndMigrates(t *testing.T) {
	dir := t.TempDir()
	s := sold(t, dir)
	if err := s.migrate(t.Context(), later(t, `create table later (x integer) strict;`)); err != nil {
		t.Fatal(err)
	}
	if v := version(t, s); v != 2 {
		t.Errorf("version %d", v)
	}
	r, err := s.Verify(t.Context())
	if err != nil || len(r.Faults) > 0 || r.Operations != 1 {
		t.Errorf("after the migration: %+v, %v", r, err)
	}
	backups, err := filepath.Glob(filepath.Join(dir, "before-version-2-*.db"))
	if err != nil || len(backups) != 1 {
		t.Fatalf("backups: %v, %v", backups, err)
	}
	// The backup is a till that can be gone back to.
	old := t.TempDir()
	if err := os.Rename(backups[0], filepath.Join(old, FileName)); err != nil {
		t.Fatal(err)
	}
	b, err := Open(t.Context(), Options{Dir: old})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if r, err := b.Verify(t.Context()); err != nil || len(r.Faults) > 0 || r.Operations != 1 || version(t, b) != 1 {
		t.Errorf("the backup: %+v, %v", r, err)
	}
}

func TestAMigrationThatFailsLeavesTheTillAsItWas(t *testing.T) {
	s := sold(t, t.TempDir())
	if err := s.migrate(t.Context(), later(t, `delete from shifts; create table shifts (x integer);`)); err == nil {
		t.Fatal("migrated")
	}
	if v := version(t, s); v != 1 {
		t.Errorf("version %d", v)
	}
	_, err := s.Commit(context.Background(), Entry{ID: "p", Kind: register.KindShiftClosed, Shift: 1, Body: register.ShiftClosed{}})
	r, verifyErr := s.Verify(t.Context())
	if err := errors.Join(err, verifyErr); err != nil || len(r.Faults) > 0 || r.Operations != 2 {
		t.Errorf("after the failure: %+v, %v", r, err)
	}
}
