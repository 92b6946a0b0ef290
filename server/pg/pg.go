// Package pg keeps the central server's data in PostgreSQL. All SQL of the server stands here.
//
// An exported method is one transaction and says so by being one call: when it returns without an error its work is
// committed. Every method takes the account that it works for, except those that find out who is calling. Ids are
// UUIDs, times are UTC, sums are kopecks.
package pg

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Errors that callers decide by.
var (
	ErrNotFound = errors.New("pg: no such row")
	ErrConflict = errors.New("pg: it exists already, with other content")
	ErrSchema   = errors.New("pg: the database's schema is older than this program needs: run kassa-server migrate")
)

// Store is the database. It is safe for concurrent use.
type Store struct {
	pool *pgxpool.Pool
}

// Connection settings that keep one bad client or query from holding up the rest. A transaction left idle would also
// hold back every reader that relies on the oldest snapshot.
var sessionSettings = map[string]string{
	"application_name":                    "kassa-server",
	"timezone":                            "UTC",
	"statement_timeout":                   "60000",
	"idle_in_transaction_session_timeout": "30000",
}

// Open connects and checks that the schema is what this program needs; the error is ErrSchema when it is older.
func Open(ctx context.Context, dsn string) (*Store, error) {
	return OpenDialing(ctx, dsn, nil)
}

// OpenDialing is Open with connections that dial makes; pgx's own dialer when nil.
func OpenDialing(ctx context.Context, dsn string, dial pgconn.DialFunc) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		// The parser's text may quote the DSN; it hides the password itself.
		return nil, fmt.Errorf("reading the database address: %w", err)
	}
	if dial != nil {
		config.ConnConfig.DialFunc = dial
	}
	for name, value := range sessionSettings {
		config.ConnConfig.RuntimeParams[name] = value
	}
	config.ConnConfig.ConnectTimeout = 10 * time.Second
	if config.MaxConns < 16 {
		config.MaxConns = 16
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	s := &Store{pool: pool}
	version, err := s.Version(ctx)
	if err == nil && version < Needs {
		err = fmt.Errorf("%w (it is %d, needed is %d)", ErrSchema, version, Needs)
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// Close ends all connections. Calls that are under way are waited for.
func (s *Store) Close() { s.pool.Close() }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("asking the database: %w", err)
	}
	return nil
}

// Version is the schema's version.
func (s *Store) Version(ctx context.Context) (int, error) {
	var there bool
	err := s.pool.QueryRow(ctx, `select to_regclass('schema_version') is not null`).Scan(&there)
	if err != nil {
		return 0, fmt.Errorf("reading the schema's version: %w", err)
	}
	if !there {
		return 0, nil
	}
	var version int
	err = s.pool.QueryRow(ctx, `select version from schema_version`).Scan(&version)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("reading the schema's version: %w", err)
	}
	return version, nil
}

// ClockAhead is how much the database's clock is ahead of this machine's. It is known as exactly as the database is quick:
// the quickest of a few answers counts.
func (s *Store) ClockAhead(ctx context.Context) (time.Duration, error) {
	var ahead time.Duration
	quickest := time.Duration(math.MaxInt64)
	for range 3 {
		asked := time.Now()
		var there time.Time
		if err := s.pool.QueryRow(ctx, `select clock_timestamp()`).Scan(&there); err != nil {
			return 0, fmt.Errorf("reading the database's clock: %w", err)
		}
		if took := time.Since(asked); took < quickest {
			quickest, ahead = took, there.Sub(asked.Add(took/2))
		}
	}
	return ahead, nil
}

// inTx runs do in a transaction and commits it when do returns nil.
func (s *Store) inTx(ctx context.Context, do func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.pool, do)
}

// found turns the absence of a row into ErrNotFound.
func found(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// PostgreSQL's condition codes (appendix A of its manual).
const (
	uniqueViolation  = "23505"
	lockNotAvailable = "55P03"
)

func hasCode(err error, code string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == code
}
