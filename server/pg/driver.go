package pg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/golang-migrate/migrate/v4/database"
	"github.com/jackc/pgx/v5"
)

// driver is golang-migrate's way into PostgreSQL, in place of its own driver, which has two faults for us: a process
// that dies inside a migration leaves the database "dirty" until a person comes, and one that waits for another's lock
// holds a snapshot that a CREATE INDEX CONCURRENTLY of the other waits for, for ever (golang-migrate issue 960).
//
// Here the new version is written in the transaction of the file itself, so that there is nothing dirty to be found,
// and the lock is tried for again and again, holding nothing in between.
type driver struct {
	ctx     context.Context
	conn    *pgx.Conn
	target  int // version of the file that is about to run
	written int // version that Run has written already
}

const (
	migrationLock = 0x6b61737361 // any number that nobody else in this database uses
	lockPause     = 100 * time.Millisecond

	// An ALTER that waits for one long reader makes everybody behind it wait as well. So it gives up soon and tries again.
	ddlLockTimeout = "200ms"
	ddlTries       = 150
	ddlPause       = 200 * time.Millisecond

	noTransaction = "-- kassa: no transaction"
)

func connectDriver(ctx context.Context, dsn string) (*driver, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	return &driver{ctx: ctx, conn: conn, target: database.NilVersion, written: database.NilVersion}, nil
}

// Open is not used: the driver is made with its connection.
func (d *driver) Open(string) (database.Driver, error) {
	return nil, errors.New("pg: the migration driver opens no addresses")
}

// Close ends the connection, and the lock with it.
func (d *driver) Close() error {
	return d.conn.Close(context.WithoutCancel(d.ctx))
}

// Lock waits until no other process migrates this database.
func (d *driver) Lock() error {
	for {
		var got bool
		err := d.conn.QueryRow(d.ctx, `select pg_try_advisory_lock($1)`, int64(migrationLock)).Scan(&got)
		if err != nil {
			return fmt.Errorf("locking: %w", err)
		}
		if got {
			return nil
		}
		if err := pause(d.ctx, lockPause); err != nil {
			return fmt.Errorf("waiting for another process that migrates: %w", err)
		}
	}
}

// Unlock lets the next process in.
func (d *driver) Unlock() error {
	if d.conn.IsClosed() {
		return nil // a session's locks end with it
	}
	_, err := d.conn.Exec(context.WithoutCancel(d.ctx), `select pg_advisory_unlock($1)`, int64(migrationLock))
	return err
}

// SetVersion only remembers the version before a file runs, and writes it afterwards where Run has not.
func (d *driver) SetVersion(version int, dirty bool) error {
	d.target = version
	if dirty || d.written == version {
		return nil
	}
	return pgx.BeginFunc(d.ctx, d.conn, func(tx pgx.Tx) error { return d.write(tx) })
}

func (d *driver) write(tx pgx.Tx) error {
	if _, err := tx.Exec(d.ctx, `delete from schema_version`); err != nil {
		return fmt.Errorf("writing version %d: %w", d.target, err)
	}
	if d.target == database.NilVersion {
		return nil
	}
	if _, err := tx.Exec(d.ctx, `insert into schema_version (version) values ($1)`, d.target); err != nil {
		return fmt.Errorf("writing version %d: %w", d.target, err)
	}
	return nil
}

// Version reads the version. Only the table's absence means that there is none: any other failure is an error, or
// every migration would be run again.
func (d *driver) Version() (int, bool, error) {
	if _, err := d.conn.Exec(d.ctx, `create table if not exists schema_version (version bigint not null)`); err != nil {
		return 0, false, fmt.Errorf("making the table of the schema's version: %w", err)
	}
	version := database.NilVersion
	err := d.conn.QueryRow(d.ctx, `select version from schema_version`).Scan(&version)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, false, fmt.Errorf("reading the schema's version: %w", err)
	}
	return version, false, nil
}

// Run runs one file.
func (d *driver) Run(file io.Reader) error {
	text, err := io.ReadAll(file)
	if err != nil {
		return fmt.Errorf("reading migration %d: %w", d.target, err)
	}
	run := d.runInTransaction
	if strings.HasPrefix(string(text), noTransaction) {
		run = d.runAlone
	}
	if err := run(string(text)); err != nil {
		return fmt.Errorf("migration %d: %w", d.target, err)
	}
	return nil
}

func (d *driver) runInTransaction(text string) error {
	for try := 1; ; try++ {
		err := pgx.BeginFunc(d.ctx, d.conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(d.ctx, "set local lock_timeout = '"+ddlLockTimeout+"'"); err != nil {
				return err
			}
			// The simple protocol takes a whole file of statements.
			if _, err := tx.Exec(d.ctx, text, pgx.QueryExecModeSimpleProtocol); err != nil {
				return err
			}
			return d.write(tx)
		})
		if err == nil {
			d.written = d.target
			return nil
		}
		if !hasCode(err, lockNotAvailable) || try == ddlTries {
			return err
		}
		if err := pause(d.ctx, ddlPause); err != nil {
			return err
		}
	}
}

// runAlone runs statements that PostgreSQL refuses inside a transaction, CREATE INDEX CONCURRENTLY above all. A
// statement ends with a semicolon at the end of a line.
func (d *driver) runAlone(text string) error {
	for statement := range strings.SplitSeq(text, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := d.conn.Exec(d.ctx, statement, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
	}
	return nil
}

// Drop is refused: nothing of ours ever drops a database.
func (d *driver) Drop() error {
	return errors.New("pg: dropping everything is not supported")
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
