package localdb_test

import (
	"os"
	"path/filepath"
	"testing"
)

// A power cut while the key file is made must not leave one in which nothing can ever be kept.
func TestAnEmptyKeyFileIsNoEnd(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "till.key"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	if err := s.SetSecret(t.Context(), "bank", "password"); err != nil {
		t.Fatal(err)
	}
	var got string
	if ok, err := s.Secret(t.Context(), "bank", &got); err != nil || !ok || got != "password" {
		t.Errorf("got %q, %t, %v", got, ok, err)
	}
}
