package till

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// About is what the till tells of itself, for the owner and for whoever helps. There is nothing secret in it.
type About struct {
	Version    string
	Folder     string // of the database
	Size       int64  // bytes of the database's files
	Operations int64  // in the history, over all journals
	Journal    string // id of the journal that the last operation is in; empty when there is none
	Number     int64  // of the last operation in it
	Waiting    int64  // operations that the server does not have yet
	Goods      int64
	Staff      int // who may sign in
	Connections
}

// About reads what there is to tell. It touches every part of the database, and takes its time on a large one.
func (t *Till) About(ctx context.Context) (About, error) {
	a := About{Version: t.c.Version, Folder: t.c.Store.Dir()}
	newest, err := t.c.Store.History(ctx, 0, 1)
	if err == nil && len(newest) > 0 {
		a.Operations, a.Journal, a.Number = newest[0].Position, newest[0].Journal, newest[0].Number
	}
	var errs [5]error
	errs[0] = err
	a.Waiting, errs[1] = t.c.Store.Waiting(ctx)
	a.Goods, errs[2] = t.c.Store.GoodsCount(ctx)
	staff, err := t.c.Store.Cashiers(ctx)
	a.Staff, errs[3] = len(staff), err
	a.Size, errs[4] = databaseSize(a.Folder)
	if err := errors.Join(errs[:]...); err != nil {
		return a, disk(err)
	}
	a.Connections, err = t.Connections(ctx)
	return a, err
}

// databaseSize is what the database's files take, those that SQLite keeps beside them included.
func databaseSize(dir string) (sum int64, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if !strings.Contains(e.Name(), ".db") {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, e.Name()))
		if errors.Is(err, fs.ErrNotExist) { // SQLite takes such a file away when it has no use for it
			continue
		}
		if err != nil {
			return 0, err
		}
		sum += info.Size()
	}
	return sum, nil
}
