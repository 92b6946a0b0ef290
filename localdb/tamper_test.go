package localdb_test

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"testing"

	"kassa/localdb"
)

// tamper changes a closed database behind the store's back.
func tamper(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, localdb.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`pragma foreign_keys = 0`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func containsText(b []byte, text string) bool { return bytes.Contains(b, []byte(text)) }
