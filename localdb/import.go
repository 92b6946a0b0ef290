package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"kassa/register"
)

// Imported tells what an import did.
type Imported struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
}

// ImportGoods adds goods to the catalogue, all of them or none. A product that shares its first barcode, or else its
// code, with one that is there replaces it and keeps its id; the others get ids of their own unless they bring one.
// What the sequence does not name stays. progress, if not nil, is called now and then with the number of goods done.
func (s *Store) ImportGoods(ctx context.Context, goods iter.Seq2[register.Product, error], progress func(int)) (Imported, error) {
	var done Imported
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		im, err := newImporter(ctx, s, tx)
		if err != nil {
			return err
		}
		defer im.close()
		n := 0
		for p, err := range goods {
			if err != nil {
				return err
			}
			if err := im.put(p); err != nil {
				return fmt.Errorf("importing %q: %w", p.Name, err)
			}
			if n++; progress != nil && n%1000 == 0 {
				progress(n)
			}
		}
		done = im.done
		return nil
	})
	if err != nil {
		return Imported{}, fmt.Errorf("importing goods: %w", err)
	}
	return done, nil
}

type importer struct {
	*Store
	ctx  context.Context
	done Imported

	byBarcode, byCode, insert, update, barcode, dropBarcodes, index, dropIndex, old *sql.Stmt
}

func newImporter(ctx context.Context, s *Store, tx *sql.Tx) (*importer, error) {
	im := &importer{Store: s, ctx: ctx}
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&im.byBarcode, `select product from barcodes where barcode = ?`},
		{&im.byCode, `select key from products where code = ?`},
		{&im.old, `select ` + productColumns + ` from products p where p.key = ?`},
		{&im.insert, `insert into products (id, code, name, name_en, group_name, group_en, unit, price, vat, barcodes)
			values (?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&im.update, `update products set code = nullif(?, ''), name = ?, name_en = ?, group_name = ?, group_en = ?, unit = ?, price = ?, vat = ?,
			barcodes = ? where key = ?`},
		{&im.barcode, `insert into barcodes (barcode, product) values (?, ?)
			on conflict (barcode) do update set product = excluded.product`},
		{&im.dropBarcodes, `delete from barcodes where product = ?`},
		{&im.index, `insert into product_words (rowid, words) values (?, ?)`},
		{&im.dropIndex, `delete from product_words where rowid = ?`},
	} {
		st, err := tx.PrepareContext(ctx, p.text)
		if err != nil {
			im.close()
			return nil, fmt.Errorf("preparing: %w", err)
		}
		*p.to = st
	}
	return im, nil
}

func (im *importer) close() {
	for _, st := range []*sql.Stmt{im.byBarcode, im.byCode, im.insert, im.update, im.barcode, im.dropBarcodes, im.index, im.dropIndex, im.old} {
		if st != nil {
			st.Close()
		}
	}
}

func (im *importer) put(p register.Product) error {
	key, err := im.find(p)
	if err != nil {
		return err
	}
	if key == 0 {
		return im.add(p)
	}
	return im.change(key, p)
}

func (im *importer) find(p register.Product) (key int64, err error) {
	for _, q := range []struct {
		st  *sql.Stmt
		arg string
	}{{im.byBarcode, first(p.Barcodes)}, {im.byCode, p.Code}} {
		if q.arg == "" {
			continue
		}
		err := q.st.QueryRowContext(im.ctx, q.arg).Scan(&key)
		if err == nil || !errors.Is(err, sql.ErrNoRows) {
			return key, err
		}
	}
	return 0, nil
}

func (im *importer) add(p register.Product) error {
	if p.ID == "" {
		p.ID = im.newID()
	}
	if err := p.Check(); err != nil {
		return err
	}
	res, err := im.insert.ExecContext(im.ctx, p.ID, p.Code, p.Name, p.NameEn, p.Group, p.GroupEn, string(p.Unit), int64(p.Price),
		string(p.VAT), strings.Join(p.Barcodes, "\n"))
	if err != nil {
		return err
	}
	key, err := res.LastInsertId()
	if err != nil {
		return err
	}
	im.done.Added++
	return im.link(key, p)
}

func (im *importer) change(key int64, p register.Product) error {
	old, err := scanProduct(im.old.QueryRowContext(im.ctx, key))
	if err != nil {
		return err
	}
	p.ID = old.ID
	if p.Code == "" {
		p.Code = old.Code
	}
	if err := p.Check(); err != nil {
		return err
	}
	if same(old, p) {
		im.done.Same++
		return nil
	}
	_, err = im.update.ExecContext(im.ctx, p.Code, p.Name, p.NameEn, p.Group, p.GroupEn, string(p.Unit), int64(p.Price), string(p.VAT),
		strings.Join(p.Barcodes, "\n"), key)
	if err != nil {
		return err
	}
	for _, st := range []*sql.Stmt{im.dropBarcodes, im.dropIndex} {
		if _, err := st.ExecContext(im.ctx, key); err != nil {
			return err
		}
	}
	im.done.Changed++
	return im.link(key, p)
}

// link writes what a product is found by.
func (im *importer) link(key int64, p register.Product) error {
	for _, b := range p.Barcodes {
		if _, err := im.barcode.ExecContext(im.ctx, b, key); err != nil {
			return err
		}
	}
	text := strings.Join(words(p.Name+" "+p.NameEn+" "+p.Code+" "+strings.Join(p.Barcodes, " ")), " ")
	_, err := im.index.ExecContext(im.ctx, key, text)
	return err
}

func same(a, b register.Product) bool {
	return a.Code == b.Code && a.Name == b.Name && a.NameEn == b.NameEn && a.Group == b.Group && a.GroupEn == b.GroupEn && a.Unit == b.Unit &&
		a.Price == b.Price && a.VAT == b.VAT && strings.Join(a.Barcodes, " ") == strings.Join(b.Barcodes, " ")
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
