package localdb_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"kassa/localdb"
	"kassa/register"
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

// dump reads the journal and all that follows from it, past the store.
func dump(dir string) (string, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, localdb.FileName)+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		return "", err
	}
	defer db.Close()
	var out strings.Builder
	for _, table := range []string{"operations", "operation_lines", "operation_payments", "prepayments", "shifts", "operation_spans", "drawer", "stock",
		"print_jobs", "draft", "held_receipts"} {
		if err := dumpTable(&out, db, table); err != nil {
			return "", err
		}
	}
	return out.String(), nil
}

// difference is the first row in which two dumps differ.
func difference(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("row %d was\n%s\nand is\n%s", i, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d rows were %d", len(b), len(a))
}

func dumpTable(out *strings.Builder, db *sql.DB, table string) error {
	rows, err := db.Query(`select * from ` + table + ` order by 1, 2`)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return err
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = fmt.Sprintf("%q", b)
			}
		}
		fmt.Fprintf(out, "%s %v\n", table, values)
	}
	return rows.Err()
}

func journal(t *testing.T, w *shop) string {
	t.Helper()
	last, err := w.store.History(t.Context(), 0, 1)
	if err != nil || len(last) == 0 {
		t.Fatalf("reading the journal's end: %v", err)
	}
	return last[0].Journal
}

// appendRecord puts a record at the end of a closed journal, as a program that knows more kinds would.
func appendRecord(t *testing.T, dir, record string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, localdb.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var hash []byte
	if err := db.QueryRow(`select hash from operations order by position desc limit 1`).Scan(&hash); err != nil {
		t.Fatal(err)
	}
	o, err := register.DecodeOperation([]byte(record))
	if err != nil {
		t.Fatal(err)
	}
	next := register.Link(register.Hash(hash), []byte(record))
	_, err = db.Exec(`insert into operations (position, journal, number, id, kind, at, shift, record, hash) values (?1, 1, ?1, ?2, ?3, ?4, 1, ?5, ?6)`, o.Number, o.ID, string(o.Kind), o.At.UnixMilli(), []byte(record), next[:])
	if err != nil {
		t.Fatal(err)
	}
}
