package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/database"
	"github.com/golang-migrate/migrate/v4/source"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"modernc.org/sqlite"
)

// migrate brings the schema of the till's own file up to date.
func (s *Store) migrate(ctx context.Context, migrations fs.FS) error {
	return s.migrateFile(ctx, s.w, FileName, migrations)
}

// migrateFile brings a file's schema up to date. A file that has a version already is checked and copied first; each migration
// runs in one transaction together with its version number, so that a power cut leaves either the old schema or the
// new one.
func (s *Store) migrateFile(ctx context.Context, db *sql.DB, name string, migrations fs.FS) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("opening %s: %w", name, damaged(err))
	}
	defer conn.Close()
	have, err := schemaVersion(ctx, conn)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", damaged(err))
	}
	files, err := iofs.New(migrations, ".")
	if err != nil {
		return fmt.Errorf("reading migrations: %w", err)
	}
	newest, err := newestVersion(files)
	if err != nil {
		return fmt.Errorf("reading migrations: %w", err)
	}
	if have > newest {
		return checkOldest(ctx, conn, have, newest)
	}
	if have == newest {
		return nil
	}
	if have > 0 {
		if err := s.backupBeforeMigration(ctx, conn, name, have); err != nil {
			return err
		}
	}
	m, err := migrate.NewWithInstance("till", files, "sqlite", &sqliteDriver{ctx: ctx, conn: conn})
	if err != nil {
		return fmt.Errorf("preparing migrations: %w", err)
	}
	if err := m.Up(); err != nil && !errors.Is(err, migrate.ErrNoChange) {
		return fmt.Errorf("migrating %s from version %d: %w", name, have, err)
	}
	return nil
}

// damaged marks SQLite's words for a file that is no good: SQLITE_CORRUPT (11) and SQLITE_NOTADB (26).
func damaged(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && (e.Code()&0xff == 11 || e.Code()&0xff == 26) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

func newestVersion(files source.Driver) (int, error) {
	v, err := files.First()
	if err != nil {
		return 0, err
	}
	for {
		next, err := files.Next(v)
		if errors.Is(err, os.ErrNotExist) {
			return int(v), nil
		}
		if err != nil {
			return 0, err
		}
		v = next
	}
}

func checkOldest(ctx context.Context, conn *sql.Conn, have, newest int) error {
	var oldest int
	if err := conn.QueryRowContext(ctx, `select oldest from schema_state where one = 1`).Scan(&oldest); err != nil {
		return fmt.Errorf("%w: version %d: %w", ErrTooNew, have, err)
	}
	if oldest > newest {
		return fmt.Errorf("%w: it needs schema %d, this program knows %d", ErrTooNew, oldest, newest)
	}
	return nil
}

func schemaVersion(ctx context.Context, conn *sql.Conn) (int, error) {
	var v int
	if err := conn.QueryRowContext(ctx, `pragma user_version`).Scan(&v); err != nil {
		return 0, err
	}
	return v, nil
}

// backupBeforeMigration keeps a verified copy of the file as it was, named by its version.
func (s *Store) backupBeforeMigration(ctx context.Context, conn *sql.Conn, name string, version int) error {
	if err := quickCheck(ctx, conn); err != nil {
		return err
	}
	path := filepath.Join(s.dir, fmt.Sprintf("before-version-%d-%s-%s", version+1, s.now().UTC().Format("20060102T150405"), name))
	if _, err := conn.ExecContext(ctx, `vacuum into ?`, path); err != nil {
		return fmt.Errorf("backing up before migration: %w", err)
	}
	copied, err := connect(path, "mode=ro", 1)
	if err != nil {
		return err
	}
	defer copied.Close()
	c, err := copied.Conn(ctx)
	if err != nil {
		return fmt.Errorf("opening the backup: %w", err)
	}
	defer c.Close()
	return quickCheck(ctx, c)
}

func quickCheck(ctx context.Context, conn *sql.Conn) error {
	var said string
	if err := conn.QueryRowContext(ctx, `pragma quick_check(1)`).Scan(&said); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if said != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, said)
	}
	return nil
}

// sqliteDriver is golang-migrate's view of the database. Its own SQLite driver notes "dirty" in one transaction and
// runs the file in another: killed between the two it answers "Dirty database version" for ever, and the till is a
// brick. Here marking dirty opens a transaction, the file runs in it, and marking clean commits both.
type sqliteDriver struct {
	ctx  context.Context
	conn *sql.Conn
	open bool
}

var errNotOpen = errors.New("localdb: a migration outside its transaction")

func (d *sqliteDriver) Open(string) (database.Driver, error) {
	return nil, errors.New("localdb: migrations run on an open connection only")
}
func (d *sqliteDriver) Close() error  { return nil }
func (d *sqliteDriver) Lock() error   { return nil } // the folder's lock is held
func (d *sqliteDriver) Unlock() error { return d.rollback() }

func (d *sqliteDriver) Run(migration io.Reader) error {
	if !d.open {
		return errNotOpen
	}
	text, err := io.ReadAll(migration)
	if err != nil {
		return err
	}
	_, err = d.conn.ExecContext(d.ctx, string(text))
	return err
}

func (d *sqliteDriver) SetVersion(version int, dirty bool) error {
	if dirty {
		if _, err := d.conn.ExecContext(d.ctx, `begin immediate`); err != nil {
			return err
		}
		d.open = true
	}
	if !d.open {
		return errNotOpen
	}
	// A pragma takes no parameters; version is a number.
	if _, err := d.conn.ExecContext(d.ctx, fmt.Sprintf(`pragma user_version = %d`, version)); err != nil {
		return err
	}
	if dirty {
		return nil
	}
	if _, err := d.conn.ExecContext(d.ctx, `commit`); err != nil {
		return err
	}
	d.open = false
	return nil
}

func (d *sqliteDriver) Version() (int, bool, error) {
	v, err := schemaVersion(d.ctx, d.conn)
	if v == 0 {
		v = database.NilVersion
	}
	return v, false, err
}

func (d *sqliteDriver) Drop() error { return errors.New("localdb: a till's database is never dropped") }

func (d *sqliteDriver) rollback() error {
	if !d.open {
		return nil
	}
	d.open = false
	_, err := d.conn.ExecContext(d.ctx, `rollback`)
	return err
}
