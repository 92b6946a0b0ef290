// Package pgcluster runs a temporary PostgreSQL of one's own, for tests and for practice: no service to install and
// configure, no port to collide, nothing left behind.
//
// The cluster listens on a Unix socket in a private directory only. PostgreSQL refuses to run as root; when the caller
// is root, the cluster runs as the user postgres, which Debian's package makes. On Linux it stops when the process that
// started it dies, however it dies.
package pgcluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNotInstalled tells that PostgreSQL's server programs were not found.
var ErrNotInstalled = errors.New("pgcluster: PostgreSQL is not installed (on Debian: apt-get install postgresql)")

// User owns the cluster: a superuser who needs no password on the private socket.
const User = "kassa"

// Options say how a cluster is kept.
type Options struct {
	// Dir keeps the data; it is made when missing and must be empty or hold a cluster that Start made before. When Dir
	// is empty the data is in a temporary directory that Stop removes. When the caller is root, every parent of Dir
	// must let the user postgres through.
	Dir string
	// Durable keeps fsync on. Without it a power cut loses the cluster, and everything is several times faster.
	Durable bool
}

// Cluster is a PostgreSQL that runs. Its methods are safe for concurrent use, Stop included.
type Cluster struct {
	sockets string   // directory of the Unix socket
	remove  []string // what Stop deletes
	process *process
}

// Start makes a cluster in a new directory, or opens the one that is there, and waits until it answers. The error is
// ErrNotInstalled when the machine has no PostgreSQL.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	bin, err := findBin()
	if err != nil {
		return nil, err
	}
	who, err := runAs()
	if err != nil {
		return nil, err
	}
	c := &Cluster{}
	if err := c.start(ctx, bin, who, o); err != nil {
		c.cleanUp()
		return nil, fmt.Errorf("starting a temporary PostgreSQL: %w", err)
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context, bin string, who *owner, o Options) error {
	var err error
	if c.sockets, err = c.tempDir(who); err != nil {
		return err
	}
	data := o.Dir
	if data == "" {
		data = filepath.Join(c.sockets, "data")
	}
	if err := who.makeDir(data); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); errors.Is(err, os.ErrNotExist) {
		if err := initDB(ctx, bin, who, data); err != nil {
			return err
		}
	}
	c.process, err = startProcess(who, data, filepath.Join(bin, "postgres"), c.args(data, o)...)
	if err != nil {
		return err
	}
	if err := c.waitReady(ctx); err != nil {
		return errors.Join(err, c.stopProcess())
	}
	return nil
}

// tempDir makes the directory of the socket. A socket's path may have 107 bytes at most (unix(7)), so a deep TMPDIR is
// passed over.
func (c *Cluster) tempDir(who *owner) (string, error) {
	base := os.TempDir()
	if len(base) > 60 {
		base = "/tmp"
	}
	dir, err := os.MkdirTemp(base, "kassa-pg-")
	if err != nil {
		return "", err
	}
	c.remove = append(c.remove, dir)
	return dir, who.own(dir)
}

func (c *Cluster) args(data string, o Options) []string {
	settings := map[string]string{
		"listen_addresses":        "",
		"unix_socket_directories": c.sockets,
		"max_connections":         "200",
		"shared_buffers":          "64MB",
		"logging_collector":       "off",
		"log_min_messages":        "fatal",
		"timezone":                "UTC",
		"autovacuum_naptime":      "30s",
	}
	if !o.Durable {
		settings["fsync"] = "off"
		settings["synchronous_commit"] = "off"
		settings["full_page_writes"] = "off"
	}
	args := []string{"-D", data}
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

// waitReady returns as soon as the cluster takes connections.
func (c *Cluster) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.DSN("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.process.done:
			return fmt.Errorf("PostgreSQL ended while starting: %s", c.process.output())
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// DSN is the address of a database of the cluster. The database "postgres" is always there.
func (c *Cluster) DSN(db string) string {
	q := url.Values{"host": {c.sockets}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(User), Path: "/" + db, RawQuery: q.Encode()}
	return u.String()
}

// CreateDatabase makes an empty database.
func (c *Cluster) CreateDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("creating database %s: %w", name, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("creating database %s: %w", name, err)
	}
	return nil
}

// Stop ends the cluster, closing its connections, and removes what is temporary. A second call does nothing.
func (c *Cluster) Stop() error {
	err := c.stopProcess()
	c.cleanUp()
	return err
}

func (c *Cluster) stopProcess() error {
	if c.process == nil {
		return nil
	}
	return c.process.stop()
}

func (c *Cluster) cleanUp() {
	for _, dir := range c.remove {
		os.RemoveAll(dir)
	}
}

func initDB(ctx context.Context, bin string, who *owner, data string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", User, "-A", "trust",
		"-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	cmd.Dir = data
	cmd.SysProcAttr = who.attributes()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(out.String()))
	}
	return nil
}

// findBin finds the directory of PostgreSQL's server programs, the newest version first. Debian keeps them out of PATH.
func findBin() (string, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	newest, best := "", -1
	for _, dir := range dirs {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		if err == nil && version > best && hasServer(dir) {
			newest, best = dir, version
		}
	}
	if newest != "" {
		return newest, nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", ErrNotInstalled
	}
	if path, err = filepath.EvalSymlinks(path); err != nil || !hasServer(filepath.Dir(path)) {
		return "", ErrNotInstalled
	}
	return filepath.Dir(path), nil
}

func hasServer(dir string) bool {
	for _, name := range []string{"postgres", "initdb"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

// stopSignals end PostgreSQL, from the friendliest: "fast" closes connections and writes everything; "immediate" does
// not.
var stopSignals = []os.Signal{syscall.SIGINT, syscall.SIGQUIT, os.Kill}
