package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"

	"kassa/register"
)

// Imported tells what an import did.
type Imported struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
}

// ImportGoods puts a price list into the catalogue, all of it or nothing; a till may sell meanwhile and waits for
// nothing. A product that shares its first barcode, or else its code, or else its id with one that is there replaces it
// and keeps its id; the others get ids of their own unless they bring one. It also keeps its code if the list names
// none, and its stock. A barcode or a code that another product had is taken from that one. What the sequence does not
// name stays.
//
// The sequence is read to its end before anything is written. progress, if not nil, is called now and then with the
// number of goods done, counting the reading of the list as a quarter of the work.
func (s *Store) ImportGoods(ctx context.Context, goods iter.Seq2[register.Product, error], progress func(int)) (Imported, error) {
	s.goods.imports.Lock()
	defer s.goods.imports.Unlock()
	done, err := s.importGoods(ctx, goods, newMeter(progress))
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // whatever it was that noticed first
	}
	if err != nil {
		return Imported{}, fmt.Errorf("importing goods: %w", err)
	}
	// The goods are in: what remains is carried through even if nobody waits for it any more.
	if err := s.setNamedStock(context.WithoutCancel(ctx)); err != nil {
		return done, err
	}
	return done, nil
}

func (s *Store) importGoods(ctx context.Context, goods iter.Seq2[register.Product, error], m *meter) (Imported, error) {
	if err := s.setNamedStock(ctx); err != nil { // left over by a disk that was full
		return Imported{}, err
	}
	im, err := s.newImporter(ctx, m)
	if err != nil {
		return Imported{}, err
	}
	defer im.close()
	// Goods in memory are many and live long: without this as much garbage would be let grow beside them.
	defer debug.SetGCPercent(debug.SetGCPercent(importGarbage))
	if err := im.read(goods); err != nil {
		return Imported{}, err
	}
	if err := im.compareStock(); err != nil {
		return Imported{}, err
	}
	if err := im.write(); err != nil {
		return Imported{}, err
	}
	return im.shelves.done, im.commit()
}

// importer is one import: a transaction of the catalogue's writer, and the shelves.
type importer struct {
	*Store
	ctx     context.Context
	conn    *sql.Conn
	tx      *sql.Tx
	shelves *shelves
	meter   *meter
	flusher *flusher
	whole   bool  // the shelves hold the whole catalogue
	had     int64 // goods in the catalogue
}

// importGarbage is how much garbage is let grow during an import, in per cent of what is in use.
const importGarbage = 30

// importCache is the writer's page cache in KiB while a price list is taken in.
const importCache = 64000

func (s *Store) newImporter(ctx context.Context, m *meter) (*importer, error) {
	im := &importer{Store: s, ctx: ctx, meter: m, shelves: newShelves(s.newID), flusher: newFlusher(s.goods.log, s.goods.file)}
	var err error
	if im.conn, err = s.goods.w.Conn(ctx); err != nil {
		im.flusher.end()
		return nil, fmt.Errorf("beginning to write: %w", err)
	}
	if err := im.begin(); err != nil {
		im.close()
		return nil, err
	}
	return im, nil
}

func (im *importer) begin() error {
	if _, err := im.conn.ExecContext(im.ctx, fmt.Sprintf(`pragma cache_size = -%d`, importCache)); err != nil {
		return fmt.Errorf("beginning to write: %w", err)
	}
	var err error
	if im.tx, err = im.conn.BeginTx(im.ctx, nil); err != nil {
		return fmt.Errorf("beginning to write: %w", err)
	}
	if err := im.tx.QueryRowContext(im.ctx, `select count(*) from products`).Scan(&im.had); err != nil {
		return fmt.Errorf("counting goods: %w", err)
	}
	return im.loadGroups()
}

func (im *importer) commit() error {
	if err := im.tx.Commit(); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

// close ends the transaction, unless it was committed, and gives the memory and the log's place on the disk back.
func (im *importer) close() {
	ctx := context.WithoutCancel(im.ctx)
	if im.tx != nil {
		im.tx.Rollback()
	}
	for _, text := range []string{
		fmt.Sprintf(`pragma cache_size = -%d`, writerCache), `pragma shrink_memory`, `pragma wal_checkpoint(truncate)`,
	} {
		im.conn.ExecContext(ctx, text) // no more than housekeeping
	}
	im.conn.Close()
	im.flusher.end()
	if im.whole {
		im.shelves = nil
		debug.FreeOSMemory()
	}
}

// few is how many goods a list may have for the importer to look up what it touches instead of reading the catalogue
// whole: a part of the catalogue, but some in any case.
func (im *importer) few() int { return max(im.goods.few, int(im.had/16)) }

// read puts the list over the catalogue, in memory.
func (im *importer) read(goods iter.Seq2[register.Product, error]) error {
	var list []register.Product // until it is known how long it is
	n := 0
	im.whole = im.had == 0
	for p, err := range goods {
		if err != nil {
			return err
		}
		if n++; n%1000 == 0 {
			if err := im.ctx.Err(); err != nil {
				return err
			}
			im.meter.read(n)
		}
		if im.whole {
			if err := im.put(p); err != nil {
				return err
			}
			continue
		}
		if list = append(list, p); len(list) > im.few() {
			if err := im.loadAll(); err != nil {
				return err
			}
			if err := im.put(list...); err != nil {
				return err
			}
			list = nil
		}
	}
	im.meter.total = n
	if err := im.loadRelated(list); err != nil {
		return err
	}
	return im.put(list...)
}

func (im *importer) put(list ...register.Product) error {
	for _, p := range list {
		if err := im.shelves.put(p); err != nil {
			return fmt.Errorf("product %q: %w", p.Name, err)
		}
	}
	return nil
}

func (im *importer) loadGroups() error {
	rows, err := im.tx.QueryContext(im.ctx, `select key, path, parent, name, path_en, name_en, goods from groups order by path`)
	if err != nil {
		return fmt.Errorf("reading groups: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var g group
		if err := rows.Scan(&g.key, &g.path, &g.parent, &g.name, &g.pathEn, &g.nameEn, &g.goods); err != nil {
			return fmt.Errorf("reading groups: %w", err)
		}
		im.shelves.addGroup(g)
	}
	return rows.Err()
}

func (im *importer) loadAll() error {
	im.whole = true
	return im.load(`select ` + productColumns + fromProducts + `order by p.key`)
}

// loadStep is how many goods of a list are looked up at a time.
const loadStep = 500

// loadRelated reads what the list can touch.
func (im *importer) loadRelated(list []register.Product) error {
	seen := map[int64]bool{}
	for len(list) > 0 {
		step := list[:min(loadStep, len(list))]
		list = list[len(step):]
		var barcodes, codes, ids []string
		for _, p := range step {
			barcodes, codes, ids = append(barcodes, barcodesOf(p)...), append(codes, p.Code), append(ids, p.ID)
		}
		keys, err := im.related(barcodes, codes, ids)
		if err != nil {
			return err
		}
		var fresh []int64
		for _, k := range keys {
			if !seen[k] {
				seen[k], fresh = true, append(fresh, k)
			}
		}
		if err := im.load(`select `+productColumns+` from json_each(?) j cross join products p on p.key = j.value
			left join groups g on g.key = p.group_key`, asJSON(fresh)); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) related(barcodes, codes, ids []string) ([]int64, error) {
	rows, err := im.tx.QueryContext(im.ctx, `
		select b.product from json_each(?) j cross join barcodes b on b.barcode = j.value
		union select p.key from json_each(?) j cross join products p on p.code = j.value
		union select p.key from json_each(?) j cross join products p on p.id = j.value`,
		asJSON(barcodes), asJSON(codes), asJSON(ids))
	if err != nil {
		return nil, fmt.Errorf("looking up goods: %w", err)
	}
	defer rows.Close()
	var keys []int64
	for rows.Next() {
		var k int64
		if err := rows.Scan(&k); err != nil {
			return nil, fmt.Errorf("looking up goods: %w", err)
		}
		keys = append(keys, k)
	}
	return keys, rows.Err()
}

// load reads goods of the catalogue onto the shelves.
func (im *importer) load(query string, args ...any) error {
	rows, err := im.tx.QueryContext(im.ctx, query, args...)
	if err != nil {
		return fmt.Errorf("reading goods: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		key, p, err := scanProduct(rows)
		if err != nil {
			return err
		}
		im.shelves.load(key, p)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading goods: %w", err)
	}
	return nil
}

// compareStock drops what the list says of the stock where it says what is so already.
func (im *importer) compareStock() error {
	sh := im.shelves
	// Of a product that the list names twice the last line counts.
	named := make([]bool, len(sh.goods))
	slices.Reverse(sh.stocks)
	sh.stocks = slices.DeleteFunc(sh.stocks, func(l listedStock) bool {
		before := named[l.good]
		named[l.good] = true
		return before
	})
	kept := sh.stocks[:0]
	for rest := sh.stocks; len(rest) > 0; {
		step := rest[:min(loadStep, len(rest))]
		rest = rest[len(step):]
		ids := make([]string, len(step))
		for i, l := range step {
			ids[i] = sh.at(l.good).ID
		}
		have, err := im.stocks(im.ctx, ids)
		if err != nil {
			return err
		}
		for i, l := range step {
			if q, counted := have[ids[i]]; counted && q == l.quantity {
				continue
			}
			if l.same {
				sh.done.Same--
				sh.done.Changed++
			}
			kept = append(kept, l)
		}
	}
	sh.stocks = kept
	return nil
}

// asJSON writes a list as SQLite's json_each takes it.
func asJSON[T string | int64 | register.Pack](list []T) string {
	b, err := json.Marshal(list)
	if err != nil { // of such lists there is no error
		return "[]"
	}
	return string(b)
}
