package localdb

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// patch writes what has changed and nothing else.
func (im *importer) patch() error {
	p, err := im.newPatcher()
	if err != nil {
		return err
	}
	defer p.close()
	goods := im.shelves.goods
	// A code that goes from one product to another must be given up before it is taken.
	for i := range goods {
		if g := goods[i]; g.was != 0 && g.was != g.now {
			if err := p.giveUpCode(uint32(i)); err != nil {
				return err
			}
		}
	}
	for i := range goods {
		if goods[i].changed() {
			if err := p.write(uint32(i)); err != nil {
				return err
			}
		}
		im.meter.part(shareRead, 100-shareRead, i, len(goods))
	}
	return im.addWords(p.counts)
}

type patcher struct {
	*importer
	counts map[string]int64 // words that came
	last   int64            // key

	price, noCode, update, insert, barcode, dropBarcode, words, dropWords, numbers, dropNumbers *sql.Stmt
}

func (im *importer) newPatcher() (*patcher, error) {
	p := &patcher{importer: im, counts: map[string]int64{}}
	if err := im.tx.QueryRowContext(im.ctx, `select coalesce(max(key), 0) from products`).Scan(&p.last); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&p.price, `update products set price = ? where key = ?`},
		{&p.noCode, `update products set code = null where key = ?`},
		{&p.update, `update products set id = ?2, code = ?3, article = ?4, name = ?5, name_en = ?6, group_key = ?7, unit = ?8, price = ?9, vat = ?10,
			no_discount = ?11, free_price = ?12, marked = ?13, barcodes = ?14, packs = ?15 where key = ?1`},
		{&p.insert, productValues + ` values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&p.barcode, `insert into barcodes (barcode, product, quantity) values (?, ?, ?)
			on conflict (barcode) do update set product = excluded.product, quantity = excluded.quantity`},
		{&p.dropBarcode, `delete from barcodes where barcode = ? and product = ?`},
		{&p.words, `insert into product_words (rowid, words) values (?, ?)`},
		{&p.dropWords, `delete from product_words where rowid = ?`},
		{&p.numbers, `insert into product_numbers (rowid, pieces) values (?, ?)`},
		{&p.dropNumbers, `delete from product_numbers where rowid = ?`},
	} {
		st, err := im.tx.PrepareContext(im.ctx, s.text)
		if err != nil {
			p.close()
			return nil, err
		}
		*s.to = st
	}
	return p, nil
}

func (p *patcher) close() {
	for _, st := range []*sql.Stmt{p.price, p.noCode, p.update, p.insert, p.barcode, p.dropBarcode, p.words, p.dropWords, p.numbers, p.dropNumbers} {
		if st != nil {
			st.Close()
		}
	}
}

func run(ctx context.Context, st *sql.Stmt, args ...any) error {
	_, err := st.ExecContext(ctx, args...)
	return err
}

func (p *patcher) giveUpCode(n uint32) error {
	was, now := p.shelves.was(n), p.shelves.at(n)
	if was.Code == "" || was.Code == now.Code {
		return nil
	}
	return run(p.ctx, p.noCode, p.shelves.goods[n].key)
}

func (p *patcher) write(n uint32) error {
	g := &p.shelves.goods[n]
	if g.was == g.now {
		return run(p.ctx, p.price, int64(g.nowPrice), g.key)
	}
	now := p.shelves.at(n)
	if g.was == 0 {
		p.last++
		g.key = p.last
		if err := run(p.ctx, p.insert, p.productArgs(g.key, &now)...); err != nil {
			return err
		}
		return p.writeIndex(g.key, nil, &now)
	}
	if err := run(p.ctx, p.update, p.productArgs(g.key, &now)...); err != nil {
		return err
	}
	was := p.shelves.was(n)
	return p.writeIndex(g.key, &was, &now)
}

// writeIndex writes what a product is found by. was is nil for a new one.
func (p *patcher) writeIndex(key int64, was, now *packed) error {
	names, numbers := wordsOf(now)
	sameNames, sameNumbers := false, false
	if was != nil {
		wasNames, wasNumbers := wordsOf(was)
		sameNames, sameNumbers = slices.Equal(names, wasNames), slices.Equal(numbers, wasNumbers)
		for _, b := range barcodesOf(was.Product) {
			if err := run(p.ctx, p.dropBarcode, b, key); err != nil {
				return err
			}
		}
	}
	for _, b := range now.Barcodes {
		if err := run(p.ctx, p.barcode, b, key, nil); err != nil {
			return err
		}
	}
	for _, k := range now.Packs {
		if err := run(p.ctx, p.barcode, k.Barcode, key, int64(k.Quantity)); err != nil {
			return err
		}
	}
	if !sameNames || !sameNumbers {
		if err := p.replace(key, was != nil, p.words, p.dropWords, strings.Join(append(slices.Clone(names), numbers...), " ")); err != nil {
			return err
		}
	}
	if !sameNumbers {
		if err := p.replace(key, was != nil, p.numbers, p.dropNumbers, allPieces(numbers)); err != nil {
			return err
		}
	}
	if !sameNames {
		for _, w := range names {
			p.counts[w]++
		}
	}
	return nil
}

// replace puts a row of an index in the place of the one that was there.
func (p *patcher) replace(key int64, there bool, put, drop *sql.Stmt, text string) error {
	if there {
		if err := run(p.ctx, drop, key); err != nil {
			return err
		}
	}
	if text == "" {
		return nil
	}
	return run(p.ctx, put, key, text)
}
