package localdb

import (
	"bytes"
	"cmp"
	"database/sql"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kassa/register"
)

// write brings the database to what the shelves hold.
func (im *importer) write() error {
	sh := im.shelves
	heavy := 0 // what more than a price has to be written for
	for _, g := range sh.goods {
		if g.was != g.now {
			heavy++
		}
	}
	im.countGroups()
	if err := im.writeGroups(); err != nil {
		return fmt.Errorf("writing groups: %w", err)
	}
	var err error
	if im.whole && heavy > int(im.had)/2 {
		err = im.rewrite()
	} else {
		err = im.patch()
	}
	if err != nil {
		return fmt.Errorf("writing goods: %w", err)
	}
	if err := im.writeStock(); err != nil {
		return fmt.Errorf("writing the stock: %w", err)
	}
	im.meter.end()
	return nil
}

// countGroups counts the goods that came and went in each group and those above it, and the groups below each.
func (im *importer) countGroups() {
	sh := im.shelves
	move := func(at ref, by int64) {
		if at == 0 {
			return
		}
		for n := unpack(sh.get(at)).group; n != 0; n = sh.groups[n].above {
			sh.groups[n].goods += by
		}
	}
	for _, g := range sh.goods {
		if g.was != g.now {
			move(g.was, -1)
			move(g.now, 1)
		}
	}
	for n := range sh.groups {
		if g := &sh.groups[n]; n != 0 && g.goods > 0 {
			sh.groups[g.above].branches++
		}
	}
}

// writeGroups writes all groups anew: there are few.
func (im *importer) writeGroups() error {
	groups := im.shelves.groups[1:]
	var last int64
	for _, g := range groups {
		last = max(last, g.key)
	}
	if _, err := im.tx.ExecContext(im.ctx, `delete from groups`); err != nil {
		return err
	}
	b, err := im.bulk(`insert into groups (key, path, parent, name, path_en, name_en, goods, branches)`, 8)
	if err != nil {
		return err
	}
	defer b.close()
	for n := range groups {
		g := &groups[n]
		if g.goods == 0 {
			continue
		}
		if g.key == 0 {
			last++
			g.key = last
		}
		if err := b.add(g.key, g.path, g.parent, g.name, g.pathEn, g.nameEn, g.goods, g.branches); err != nil {
			return err
		}
	}
	return b.flush()
}

// rewrite empties the catalogue and fills it in the order of names.
func (im *importer) rewrite() error {
	for _, text := range []string{
		`delete from products`, `delete from barcodes`, `delete from words`,
		`insert into product_words (product_words) values ('delete-all')`,
		`insert into product_numbers (product_numbers) values ('delete-all')`,
		`insert into word_pieces (word_pieces) values ('delete-all')`,
	} {
		if _, err := im.tx.ExecContext(im.ctx, text); err != nil {
			return err
		}
	}
	order := im.byName()
	for i, n := range order {
		im.shelves.goods[n].key = int64(i + 1)
	}
	im.shelves.codes, im.shelves.ids = nil, nil
	if err := im.fillBarcodes(); err != nil {
		return err
	}
	im.shelves.barcodes = nil
	if err := im.fillProducts(order); err != nil {
		return err
	}
	return im.fillIndex(order)
}

// byName gives the places of all goods in the order of their names. The beginnings of the names are compared first, side
// by side in memory: the names themselves lie all over it.
func (im *importer) byName() []uint32 {
	type entry struct {
		begin uint64
		good  uint32
	}
	sh := im.shelves
	name := func(n uint32) []byte { return nameOf(sh.get(sh.goods[n].now)) }
	entries := make([]entry, len(sh.goods))
	for i := range entries {
		var begin [8]byte
		copy(begin[:], name(uint32(i)))
		entries[i] = entry{binary.BigEndian.Uint64(begin[:]), uint32(i)}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.begin != b.begin {
			return cmp.Compare(a.begin, b.begin)
		}
		return cmp.Or(bytes.Compare(name(a.good), name(b.good)), cmp.Compare(a.good, b.good))
	})
	order := make([]uint32, len(entries))
	for i, e := range entries {
		order[i] = e.good
	}
	return order
}

const productValues = `insert into products (key, id, code, article, name, name_en, group_key, unit, price, vat, no_discount, free_price, marked, barcodes, packs)`

// productArgs are the values of productValues.
func (im *importer) productArgs(key int64, p *packed) []any {
	packs := ""
	if len(p.Packs) > 0 {
		packs = asJSON(p.Packs)
	}
	return []any{key, p.ID, codeOf(p), p.Article, p.Name, p.NameEn, im.shelves.groups[p.group].key, string(p.Unit), int64(p.Price), string(p.VAT),
		p.NoDiscount, p.FreePrice, p.Marked, strings.Join(p.Barcodes, "\n"), packs}
}

func codeOf(p *packed) any {
	if p.Code == "" {
		return nil
	}
	return p.Code
}

func (im *importer) fillProducts(order []uint32) error {
	b, err := im.bulk(productValues, 15)
	if err != nil {
		return err
	}
	defer b.close()
	for i, args := range ahead(len(order), func(i int) []any {
		p := im.shelves.at(order[i])
		return im.productArgs(int64(i+1), &p)
	}) {
		if err := b.add(args...); err != nil {
			return err
		}
		im.meter.part(shareRead+shareBarcodes, shareProducts, i, len(order))
	}
	return b.flush()
}

// fillBarcodes fills table barcodes in its own order, which is how a tree is filled fast.
func (im *importer) fillBarcodes() error {
	b, err := im.bulk(`insert into barcodes (barcode, product, quantity)`, 3)
	if err != nil {
		return err
	}
	defer b.close()
	all := slices.Sorted(maps.Keys(im.shelves.barcodes))
	for i, code := range all {
		o := im.shelves.barcodes[code]
		var quantity any
		if o.pack {
			p := im.shelves.at(o.good)
			quantity = quantityOf(p.Packs, code)
		}
		if err := b.add(code, im.shelves.goods[o.good].key, quantity); err != nil {
			return err
		}
		im.meter.part(shareRead, shareBarcodes, i, len(all))
	}
	return b.flush()
}

func quantityOf(packs []register.Pack, barcode string) any {
	for _, k := range packs {
		if k.Barcode == barcode {
			return int64(k.Quantity)
		}
	}
	return nil
}

// writeStock leaves what the list says of the stock to setNamedStock.
func (im *importer) writeStock() error {
	b, err := im.bulk(`insert into named_stock (seq, product, quantity)`, 3)
	if err != nil {
		return err
	}
	defer b.close()
	for i, l := range im.shelves.stocks {
		if err := b.add(int64(i+1), im.shelves.at(l.good).ID, int64(l.quantity)); err != nil {
			return err
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	_, err = im.tx.ExecContext(im.ctx, `update last_import set id = ?`, im.newID())
	return err
}

// bulk inserts rows, many with one statement: what a statement costs is mostly not the rows.
type bulk struct {
	im      *importer
	full    *sql.Stmt
	insert  string // without its values
	columns int
	args    []any
}

const bulkRows = 64

func (im *importer) bulk(insert string, columns int) (*bulk, error) {
	b := &bulk{im: im, insert: insert, columns: columns, args: make([]any, 0, bulkRows*columns)}
	var err error
	b.full, err = im.tx.PrepareContext(im.ctx, b.text(bulkRows))
	return b, err
}

func (b *bulk) text(rows int) string {
	row := "(?" + strings.Repeat(", ?", b.columns-1) + ")"
	return b.insert + " values " + row + strings.Repeat(", "+row, rows-1)
}

func (b *bulk) add(row ...any) error {
	if b.args = append(b.args, row...); len(b.args) < cap(b.args) {
		return nil
	}
	_, err := b.full.ExecContext(b.im.ctx, b.args...)
	b.args = b.args[:0]
	return err
}

// flush writes the rows that are left.
func (b *bulk) flush() error {
	if len(b.args) == 0 {
		return nil
	}
	_, err := b.im.tx.ExecContext(b.im.ctx, b.text(len(b.args)/b.columns), b.args...)
	b.args = b.args[:0]
	return err
}

func (b *bulk) close() { b.full.Close() }
