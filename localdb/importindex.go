package localdb

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strings"
)

// wordsOfNames are the words of a product's names: those whose middles are looked for word by word.
func wordsOfNames(p *packed) []string {
	text := p.Name + " " + p.NameEn
	for _, k := range p.Packs {
		text += " " + k.Name
	}
	return words(text)
}

// wordsOfNumbers are the words of what is mostly numbers. Hardly two products share one, so their middles are looked
// for product by product.
func wordsOfNumbers(p *packed) []string {
	return words(p.Code + " " + p.Article + " " + strings.Join(barcodesOf(p.Product), " "))
}

func allPieces(list []string) string {
	var b strings.Builder
	for _, w := range list {
		for _, piece := range numberPieces(w) {
			b.WriteString(piece)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// An FTS5 index gathers words in memory and writes them out as segments, which it merges as they grow in number. A
// list that fills it wants few and large ones, and no merging of what was just written.
const (
	fillHash    = 32 << 20 // bytes of words in memory; FTS5's own default is 1 MiB
	defaultHash = 1 << 20
	// fillCrisis is from how many segments FTS5 merges whatever is said; its own default is 16.
	fillCrisis    = 256
	defaultCrisis = 16
	defaultMerge  = 4
)

// fillIndex fills all that a search reads, in the order given.
func (im *importer) fillIndex(order []uint32) error {
	counts := map[string]int64{}
	err := im.fillFTS("product_words", "words", len(order), shareRead+shareProducts+shareBarcodes, shareWords, func(i int) (int64, string) {
		n := order[i]
		p := im.shelves.at(n)
		names := wordsOfNames(&p)
		for _, w := range names {
			counts[w]++
		}
		return im.shelves.goods[n].key, strings.Join(append(names, wordsOfNumbers(&p)...), " ")
	})
	if err != nil {
		return err
	}
	before := shareRead + shareProducts + shareBarcodes + shareWords
	err = im.fillFTS("product_numbers", "pieces", len(order), before, shareNumbers, func(i int) (int64, string) {
		p := im.shelves.at(order[i])
		return im.shelves.goods[order[i]].key, allPieces(wordsOfNumbers(&p))
	})
	if err != nil {
		return err
	}
	return im.fillWords(counts)
}

// fillFTS fills one index with n rows.
func (im *importer) fillFTS(table, column string, n, before, share int, row func(i int) (key int64, text string)) error {
	if err := im.configure(table, fillHash, 0, fillCrisis); err != nil {
		return err
	}
	// One row a statement: before a statement of many SQLite marks a place to come back to, and there FTS5 writes out
	// what it has gathered.
	put, err := im.tx.PrepareContext(im.ctx, `insert into `+table+` (rowid, `+column+`) values (?, ?)`)
	if err != nil {
		return err
	}
	defer put.Close()
	for i := range n {
		key, text := row(i)
		if text == "" {
			continue
		}
		if err := run(im.ctx, put, key, text); err != nil {
			return err
		}
		im.meter.part(before, share, i, n)
	}
	if _, err := im.tx.ExecContext(im.ctx, `insert into `+table+` (`+table+`) values ('flush')`); err != nil {
		return err
	}
	return im.configure(table, defaultHash, defaultMerge, defaultCrisis)
}

func (im *importer) configure(table string, hash, merge, crisis int) error {
	for _, o := range []struct {
		name  string
		value int
	}{{"hashsize", hash}, {"automerge", merge}, {"crisismerge", crisis}} {
		if _, err := im.tx.ExecContext(im.ctx, `insert into `+table+` (`+table+`, rank) values (?, ?)`, o.name, o.value); err != nil {
			return err
		}
	}
	return nil
}

type counted struct {
	word  string
	goods int64
}

// fillWords fills table words, the most frequent word first.
func (im *importer) fillWords(counts map[string]int64) error {
	all := make([]counted, 0, len(counts))
	for w, n := range counts {
		all = append(all, counted{w, n})
	}
	slices.SortFunc(all, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.goods, a.goods), strings.Compare(a.word, b.word))
	})
	b, err := im.bulk(`insert into words (key, word, goods)`, 3)
	if err != nil {
		return err
	}
	defer b.close()
	for i, c := range all {
		if err := b.add(int64(i+1), c.word, c.goods); err != nil {
			return err
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	return im.fillFTS("word_pieces", "pieces", len(all), 100, 0, func(i int) (int64, string) {
		return int64(i + 1), strings.Join(pieces(all[i].word), " ")
	})
}

// addWords counts words of goods that came to the catalogue, and adds those that it did not have.
func (im *importer) addWords(counts map[string]int64) error {
	known, err := im.tx.PrepareContext(im.ctx, `update words set goods = goods + ? where word = ? returning key`)
	if err != nil {
		return err
	}
	defer known.Close()
	for w, n := range counts {
		var key int64
		err := known.QueryRowContext(im.ctx, n, w).Scan(&key)
		if err == nil {
			continue
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := im.addWord(w, n); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) addWord(word string, goods int64) error {
	res, err := im.tx.ExecContext(im.ctx, `insert into words (word, goods) values (?, ?)`, word, goods)
	if err != nil {
		return err
	}
	key, err := res.LastInsertId()
	if err != nil {
		return err
	}
	_, err = im.tx.ExecContext(im.ctx, `insert into word_pieces (rowid, pieces) values (?, ?)`, key, strings.Join(pieces(word), " "))
	return err
}
