package pgcluster_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kassa/server/pgcluster"
)

func TestStartAndStop(t *testing.T) {
	ctx := t.Context()
	c, err := pgcluster.Start(ctx, pgcluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CreateDatabase(ctx, "shop"); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, c.DSN("shop"), "select current_database() || ' ' || current_setting('server_encoding')"); got != "shop UTF8" {
		t.Errorf("the database says %q", got)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(); err != nil {
		t.Errorf("stopping twice: %v", err)
	}
	if _, err := pgx.Connect(ctx, c.DSN("shop")); err == nil {
		t.Error("the cluster answers after Stop")
	}
}

func TestDataOutlivesARestart(t *testing.T) {
	dir, err := os.MkdirTemp("", "kassa-keep-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	o := pgcluster.Options{Dir: dir + "/data", Durable: true}
	for _, step := range []string{"create table kept (n int)", "insert into kept values (7)"} {
		c := start(t, o)
		ask(t, c.DSN("postgres"), step+"; select 'done'")
		if err := c.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	c := start(t, o)
	if got := ask(t, c.DSN("postgres"), "select n::text || current_setting('fsync') from kept"); got != "7on" {
		t.Errorf("after the restart: %q", got)
	}
}

// TestDiesWithItsParent runs this test binary again, has it start a cluster, and kills it with no chance to stop
// anything.
func TestDiesWithItsParent(t *testing.T) {
	if os.Getenv("KASSA_PGCLUSTER_CHILD") != "" {
		c := start(t, pgcluster.Options{})
		os.Stdout.WriteString("dsn " + c.DSN("postgres") + "\n")
		time.Sleep(time.Minute)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestDiesWithItsParent$")
	cmd.Env = append(os.Environ(), "KASSA_PGCLUSTER_CHILD=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var dsn string
	for lines := bufio.NewScanner(out); dsn == "" && lines.Scan(); {
		dsn, _ = strings.CutPrefix(lines.Text(), "dsn ")
		if !strings.HasPrefix(dsn, "postgres:") {
			dsn = ""
		}
	}
	if dsn == "" {
		t.Fatal("the child started no cluster")
	}
	ask(t, dsn, "select 'alive'")
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(config.Host) })
	for range 600 {
		conn, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			return
		}
		conn.Close(t.Context())
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("PostgreSQL outlived its parent")
}

func TestAnUnusableDirectoryIsExplained(t *testing.T) {
	c, err := pgcluster.Start(t.Context(), pgcluster.Options{Dir: "data"})
	if err == nil {
		c.Stop()
		t.Fatal("started in a relative directory")
	}
	if !strings.Contains(err.Error(), `"data" is not an absolute path`) {
		t.Errorf("the error does not say why: %v", err)
	}
	if os.Geteuid() != 0 {
		return // the rest is about a user that is not the caller
	}
	dir, err := os.MkdirTemp("", "kassa-closed-") // mode 0700, of root
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	c, err = pgcluster.Start(t.Context(), pgcluster.Options{Dir: dir + "/data"})
	if err == nil {
		c.Stop()
		t.Fatal("started where its user cannot go")
	}
	if !strings.Contains(err.Error(), "cannot get into "+dir) {
		t.Errorf("the error does not say where: %v", err)
	}
}

func TestACancelledStartLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c, err := pgcluster.Start(ctx, pgcluster.Options{})
	if err == nil {
		c.Stop()
		t.Fatal("started with a cancelled context")
	}
	if !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "initdb") {
		t.Errorf("unexpected error: %v", err)
	}
}

func start(t *testing.T, o pgcluster.Options) *pgcluster.Cluster {
	t.Helper()
	c, err := pgcluster.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop() })
	return c
}

// ask runs statements and returns the last one's only value.
func ask(t *testing.T, dsn, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	results, err := conn.PgConn().Exec(t.Context(), sql).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := results[len(results)-1].Rows
	if len(rows) != 1 {
		t.Fatalf("%d rows from %q", len(rows), sql)
	}
	return string(rows[0][0])
}
