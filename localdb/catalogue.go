package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"kassa/migrations/goods"
)

// CatalogueName is the name of the catalogue's database within the data folder.
const CatalogueName = "goods.db"

// catalogue is the database of goods. It is a file of its own because SQLite has one writer a file: a price list of a
// million lines is one transaction of many seconds here, and a sale is written into the other file meanwhile.
type catalogue struct {
	w, r    *sql.DB
	imports sync.Mutex // one price list at a time
	few     int        // how many goods a list has at most that is looked up without reading the catalogue whole
	file    *os.File   // what w writes to, and its log
	log     *os.File
	barcode *sql.Stmt // prepared: a scan must not wait for the parser
	counted *sql.Stmt // on the till's file: the stock of a product
}

// fewGoods is what catalogue.few is.
const fewGoods = 1000

// writerCache is the writer's page cache in KiB, when no price list is taken in.
const writerCache = 4000

// openCatalogue opens the catalogue. One that is damaged, or that a later program made, does not keep the till from
// selling: it is set aside, and the till begins with an empty one, which a price list fills again.
func (s *Store) openCatalogue(ctx context.Context) error {
	err := s.tryCatalogue(ctx)
	if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrTooNew) {
		return err
	}
	if closeErr := s.goods.close(); closeErr != nil {
		return errors.Join(err, closeErr)
	}
	s.goods = catalogue{}
	aside := fmt.Sprintf("%s.set-aside-%s", CatalogueName, s.now().UTC().Format("20060102-150405"))
	for _, end := range []string{"", "-wal", "-shm"} {
		moveErr := os.Rename(filepath.Join(s.dir, CatalogueName+end), filepath.Join(s.dir, aside+end))
		if moveErr != nil && !errors.Is(moveErr, os.ErrNotExist) {
			return errors.Join(err, fmt.Errorf("setting the catalogue aside: %w", moveErr))
		}
	}
	s.aside = aside
	return s.tryCatalogue(ctx)
}

// SetAside is the name of the file that holds the catalogue that could not be opened, in the data folder; empty when all
// is well.
func (s *Store) SetAside() string { return s.aside }

func (s *Store) tryCatalogue(ctx context.Context) error {
	s.goods.few = fewGoods
	path := filepath.Join(s.dir, CatalogueName)
	var err error
	more := fmt.Sprintf("_pragma=cache_size(-%d)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(16000000)&_txlock=immediate", writerCache)
	if s.goods.w, err = connect(path, more, 1); err != nil {
		return err
	}
	if err := s.migrateFile(ctx, s.goods.w, CatalogueName, goods.Files); err != nil {
		return err
	}
	if s.goods.r, err = connect(path, "_pragma=cache_size(-8000)&mode=ro", 3); err != nil {
		return err
	}
	if s.goods.barcode, err = s.goods.r.PrepareContext(ctx, productByBarcode); err != nil {
		return fmt.Errorf("preparing statements: %w", err)
	}
	if s.goods.counted, err = s.r.PrepareContext(ctx, stockOf); err != nil {
		return fmt.Errorf("preparing statements: %w", err)
	}
	if err := s.setNamedStock(ctx); err != nil {
		return err
	}
	return s.goods.openFiles(path)
}

func (c *catalogue) close() error {
	var errs []error
	if c.log != nil {
		errs = append(errs, c.log.Close()) // before SQLite removes it: Windows removes no open file
	}
	for _, st := range []*sql.Stmt{c.barcode, c.counted} {
		if st != nil {
			errs = append(errs, st.Close())
		}
	}
	for _, db := range []*sql.DB{c.r, c.w} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if c.file != nil {
		errs = append(errs, c.file.Close())
	}
	return errors.Join(errs...)
}
