package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"kassa/migrations/till"
)

// FileName is the database's name within the data folder.
const FileName = "till.db"

// Errors of opening.
var (
	ErrInUse   = errors.New("localdb: another program has the data folder open")
	ErrTooNew  = errors.New("localdb: the database was written by a newer version of the program")
	ErrDamaged = errors.New("localdb: the database file is damaged")
)

// Options are what a Store is opened with.
type Options struct {
	Dir   string           // the data folder; made when missing
	Now   func() time.Time // the clock; time.Now when nil
	NewID func() string    // ids; UUIDv7 when nil
}

// Store is an open till database. It is safe for concurrent use.
type Store struct {
	dir   string
	now   func() time.Time
	newID func() string
	lock  *folderLock
	w, r  *sql.DB
	goods catalogue
	aside string // name of a catalogue that could not be opened

	commits sync.Mutex // one commit at a time: it holds the journal's tail
	tail    *tail      // nil: read it again
	stmts   commitStatements
}

// Open opens the till's database in a folder, makes it when there is none, and brings its schema up to date. The error
// is ErrInUse, ErrTooNew, ErrDamaged, or what the disk said.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	lock, err := lockFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: o.Dir, now: o.Now, newID: o.NewID, lock: lock}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	path := filepath.Join(s.dir, FileName)
	var err error
	if s.w, err = connect(path, "_pragma=journal_mode(WAL)&_txlock=immediate", 1); err != nil {
		return err
	}
	if err := s.migrate(ctx, till.Files); err != nil {
		return err
	}
	if s.r, err = connect(path, "mode=ro", 4); err != nil {
		return err
	}
	if err := s.ensureJournal(ctx); err != nil {
		return err
	}
	if err := s.openCatalogue(ctx); err != nil {
		return err
	}
	return s.prepareCommit(ctx)
}

// connect opens a pool on the file. foreign_keys and the rest are set in the address, so that every connection of the
// pool has them. The journal mode stands in the file itself: the writer sets it, and a reader must not try.
func connect(path, more string, most int) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = "_pragma=busy_timeout(5000)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-16000)&" + more
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", filepath.Base(path), err)
	}
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	return db, nil
}

// Close closes the database and gives the folder free.
func (s *Store) Close() error {
	var errs []error
	s.stmts.close()
	errs = append(errs, s.goods.close())
	if s.r != nil {
		errs = append(errs, s.r.Close())
	}
	if s.w != nil {
		errs = append(errs, s.w.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

// Dir is the data folder.
func (s *Store) Dir() string { return s.dir }

// inTx runs f in a writing transaction.
func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning to write: %w", err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

func ms(t time.Time) int64 { return t.UnixMilli() }

func fromMS(v int64) time.Time { return time.UnixMilli(v).UTC() }
