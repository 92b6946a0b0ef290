// Package pgtest gives each test a database of its own in a real PostgreSQL.
//
// A package whose tests need one has
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }
//
// The cluster is made once for all tests of the package, when the first one asks for it. With KASSA_TEST_PG set to the
// address of a database in which others may be made, that server is used and no cluster is made.
package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"kassa/migrations/server"
	"kassa/server/pg"
	"kassa/server/pgcluster"
)

// Variable names the environment variable with the address of a server to use.
const Variable = "KASSA_TEST_PG"

// shared is the server of this test process.
var shared struct {
	mu       sync.Mutex
	running  bool // Run was called and has not ended
	cluster  *pgcluster.Cluster
	admin    string // address of a database to make others from; empty until it is needed
	template string // name of the migrated database; empty until it is needed
}

// Run runs a package's tests and then stops the cluster that they used.
func Run(m *testing.M) int {
	shared.mu.Lock()
	shared.running = true
	shared.mu.Unlock()
	code := m.Run()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	shared.running = false
	if shared.cluster != nil {
		if err := shared.cluster.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// DSN gives the address of a new database with the server's schema. It is dropped when the test ends.
func DSN(t testing.TB) string {
	t.Helper()
	admin := start(t)
	return create(t, admin, template(t, admin))
}

// Empty gives the address of a new, empty database. It is dropped when the test ends.
func Empty(t testing.TB) string {
	t.Helper()
	return create(t, start(t), "template0")
}

// Pool opens a new database with the server's schema.
func Pool(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// start gives the address of a server, starting one when there is none.
func start(t testing.TB) string {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.admin != "" {
		return shared.admin
	}
	if shared.admin = os.Getenv(Variable); shared.admin != "" {
		return shared.admin
	}
	if !shared.running {
		t.Fatal("pgtest: the package needs func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }")
	}
	cluster, err := pgcluster.Start(context.Background(), pgcluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	shared.cluster, shared.admin = cluster, cluster.DSN("postgres")
	return shared.admin
}

// template gives the name of a migrated database, making it when it is not there. Its name tells which migrations it has,
// so that test processes of one server can share it.
func template(t testing.TB, admin string) string {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.template != "" {
		return shared.template
	}
	name := "kassa_template_" + fingerprint(t)
	ctx := context.Background()
	conn := connect(t, admin)
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `select pg_advisory_lock(hashtext($1))`, name); err != nil {
		t.Fatal(err)
	}
	var there bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if !there {
		making := name + "_" + suffix()
		exec(t, conn, "create database "+quote(making))
		if err := pg.Migrate(ctx, withDatabase(t, admin, making)); err != nil {
			t.Fatal(err)
		}
		exec(t, conn, "alter database "+quote(making)+" rename to "+quote(name))
	}
	shared.template = name
	return name
}

func fingerprint(t testing.TB) string {
	h := sha256.New()
	err := fs.WalkDir(server.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(server.Files, path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(text), text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func create(t testing.TB, admin, template string) string {
	t.Helper()
	name := "kassa_test_" + suffix()
	conn := connect(t, admin)
	defer conn.Close(context.Background())
	exec(t, conn, "create database "+quote(name)+" template "+quote(template))
	t.Cleanup(func() {
		conn := connect(t, admin)
		defer conn.Close(context.Background())
		exec(t, conn, "drop database "+quote(name)+" with (force)")
	})
	return withDatabase(t, admin, name)
}

// suffix makes a name unlike every other.
func suffix() string {
	id := uuid.New()
	return hex.EncodeToString(id[:8])
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func exec(t testing.TB, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

// withDatabase changes the database in an address of the form postgres://….
func withDatabase(t testing.TB, dsn, name string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme == "" {
		t.Fatalf("pgtest: %s must be an address of the form postgres://user@host/database", Variable)
	}
	u.Path = "/" + name
	return u.String()
}
