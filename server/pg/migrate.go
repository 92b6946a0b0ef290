package pg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/source/iofs"

	"kassa/migrations/server"
)

// Needs is the schema version that this program needs at least; a newer one, made by a later release, is only wider.
const Needs = 1

// Migrate brings the database's schema up to date. Any number of processes may call it at once: one works, the others
// wait. It may be cut off at any moment and called again.
func Migrate(ctx context.Context, dsn string) error {
	if err := migrateFiles(ctx, dsn, server.Files); err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}
	s, err := Open(ctx, dsn)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.MakePartitions(ctx, time.Now())
}

func migrateFiles(ctx context.Context, dsn string, files fs.FS) error {
	source, err := iofs.New(files, ".")
	if err != nil {
		return err
	}
	driver, err := connectDriver(ctx, dsn)
	if err != nil {
		return errors.Join(err, source.Close())
	}
	m, err := migrate.NewWithInstance("files", source, "postgres", driver)
	if err != nil {
		return errors.Join(err, source.Close(), driver.Close())
	}
	// The context decides how long to wait for another process; golang-migrate's own limit would leave its attempt to
	// lock running.
	m.LockTimeout = 24 * time.Hour
	err = m.Up()
	if errors.Is(err, migrate.ErrNoChange) {
		err = nil
	}
	sourceErr, driverErr := m.Close()
	return errors.Join(err, sourceErr, driverErr)
}
