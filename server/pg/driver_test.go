package pg

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"kassa/server/pgcluster"
)

// The tests of the driver run migrations of their own, for which the package's inside is needed, and so they start
// their own cluster.
func TestDriver(t *testing.T) {
	c, err := pgcluster.Start(t.Context(), pgcluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop() })
	files := func(texts ...string) fstest.MapFS {
		fsys := fstest.MapFS{}
		for i, text := range texts {
			fsys["000"+string(rune('1'+i))+"_step.up.sql"] = &fstest.MapFile{Data: []byte(text)}
		}
		return fsys
	}
	one := `create table goods (n int); insert into goods values (1);`
	cases := map[string]func(t *testing.T, dsn string, conn *pgx.Conn){
		"a failed file leaves the version before it": func(t *testing.T, dsn string, conn *pgx.Conn) {
			err := migrateFiles(t.Context(), dsn, files(one, `insert into goods values (2); select 1/0;`))
			if err == nil || !strings.Contains(err.Error(), "migration 2") {
				t.Fatalf("got %v", err)
			}
			expect(t, conn, "1 1")
			if err := migrateFiles(t.Context(), dsn, files(one, `insert into goods values (2);`)); err != nil {
				t.Fatalf("the next start: %v", err)
			}
			expect(t, conn, "2 2")
		},
		"running again changes nothing": func(t *testing.T, dsn string, conn *pgx.Conn) {
			for range 2 {
				if err := migrateFiles(t.Context(), dsn, files(one)); err != nil {
					t.Fatal(err)
				}
			}
			expect(t, conn, "1 1")
		},
		"an index is made concurrently": func(t *testing.T, dsn string, conn *pgx.Conn) {
			index := noTransaction + "\ndrop index concurrently if exists goods_n;\ncreate index concurrently goods_n on goods (n);\n"
			for range 2 {
				if err := migrateFiles(t.Context(), dsn, files(one, index)); err != nil {
					t.Fatal(err)
				}
			}
			expect(t, conn, "2 1")
		},
		"a file waits for a reader without holding up others": func(t *testing.T, dsn string, conn *pgx.Conn) {
			if err := migrateFiles(t.Context(), dsn, files(one)); err != nil {
				t.Fatal(err)
			}
			tx, err := conn.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), `select from goods`); err != nil {
				t.Fatal(err)
			}
			done := make(chan error)
			go func() {
				done <- migrateFiles(t.Context(), dsn, files(one, `alter table goods add column m int;`))
			}()
			awaitTry(t, c.DSN("postgres"))
			if err := tx.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			expect(t, conn, "2 1")
		},
		"an unreadable version is an error, not a fresh start": func(t *testing.T, dsn string, conn *pgx.Conn) {
			if _, err := conn.Exec(t.Context(), `create table schema_version (other text)`); err != nil {
				t.Fatal(err)
			}
			if err := migrateFiles(t.Context(), dsn, files(one)); err == nil {
				t.Fatal("migrated all the same")
			}
		},
	}
	n := 0
	for name, run := range cases {
		n++
		db := "driver" + string(rune('a'+n))
		t.Run(name, func(t *testing.T) {
			if err := c.CreateDatabase(t.Context(), db); err != nil {
				t.Fatal(err)
			}
			conn, err := pgx.Connect(t.Context(), c.DSN(db))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(context.Background())
			run(t, c.DSN(db), conn)
		})
	}
}

// expect reads the version and the number of goods.
func expect(t *testing.T, conn *pgx.Conn, want string) {
	t.Helper()
	var got string
	err := conn.QueryRow(t.Context(), `select (select version from schema_version) || ' ' || (select count(*) from goods)`).Scan(&got)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("version and goods are %s, want %s", got, want)
	}
}

// awaitTry waits until an ALTER is seen waiting for its lock.
func awaitTry(t *testing.T, dsn string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for {
		var waiting bool
		err := conn.QueryRow(t.Context(), `select exists (select from pg_stat_activity
			where wait_event_type = 'Lock' and query like 'alter table goods%')`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
		if waiting {
			return
		}
	}
}
