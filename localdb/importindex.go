package localdb

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strings"
)

// wordsOf gives a product's words in two kinds: those of its names, together with what else reads like a word, and the
// numbers among its code, article and barcodes. Of the first there are few, shared by many products: their middles are
// looked for word by word. Of numbers hardly two products share one: their middles are looked for product by product.
func wordsOf(p *packed) (names, numbers []string) {
	text := p.Name + " " + p.NameEn
	for _, k := range p.Packs {
		text += " " + k.Name
	}
	names = words(text)
	for _, w := range words(p.Code + " " + p.Article + " " + strings.Join(barcodesOf(p.Product), " ")) {
		if wordlike(w) {
			names = append(names, w)
		} else {
			numbers = append(numbers, w)
		}
	}
	return names, numbers
}

// wordlike tells whether the first four letters of a word are there and no digits. The beginning of such a word, if it
// is no shorter, can only be the beginning of words in table words.
func wordlike(word string) bool {
	n := 0
	for _, r := range word {
		if '0' <= r && r <= '9' {
			return false
		}
		if n++; n > indexed {
			return true
		}
	}
	return false
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
	fillHash    = 8 << 20 // bytes of words in memory, a part of what it takes there; FTS5's own default is 1 MiB
	defaultHash = 1 << 20
	// fillCrisis is from how many segments FTS5 merges whatever is said; its own default is 16.
	fillCrisis    = 256
	defaultCrisis = 16
	defaultMerge  = 4
)

// found is what a product is found by.
type found struct {
	words, pieces string
}

// fillIndex fills all that a search reads, in the order given.
func (im *importer) fillIndex(order []uint32) error {
	byWords, err := im.filler("product_words", "words")
	if err != nil {
		return err
	}
	defer byWords.close()
	byNumbers, err := im.filler("product_numbers", "pieces")
	if err != nil {
		return err
	}
	defer byNumbers.close()
	counts := map[string]int64{}
	for i, f := range ahead(len(order), func(i int) found {
		p := im.shelves.at(order[i])
		names, numbers := wordsOf(&p)
		for _, w := range names {
			counts[w]++
		}
		return found{strings.Join(append(names, numbers...), " "), allPieces(numbers)}
	}) {
		if err := errors.Join(byWords.add(int64(i+1), f.words), byNumbers.add(int64(i+1), f.pieces)); err != nil {
			return err
		}
		im.meter.part(shareRead+shareBarcodes+shareProducts, shareIndex, i, len(order))
	}
	if err := errors.Join(byWords.finish(), byNumbers.finish()); err != nil {
		return err
	}
	return im.fillWords(counts)
}

// filler fills an FTS5 table.
type filler struct {
	im    *importer
	table string
	put   *sql.Stmt
}

func (im *importer) filler(table, column string) (*filler, error) {
	if err := im.configure(table, fillHash, 0, fillCrisis); err != nil {
		return nil, err
	}
	// One row a statement: before a statement of many SQLite marks a place to come back to, and there FTS5 writes out
	// what it has gathered.
	put, err := im.tx.PrepareContext(im.ctx, `insert into `+table+` (rowid, `+column+`) values (?, ?)`)
	return &filler{im, table, put}, err
}

func (f *filler) add(key int64, text string) error {
	if text == "" {
		return nil
	}
	return run(f.im.ctx, f.put, key, text)
}

func (f *filler) finish() error {
	for _, command := range []string{"flush", "optimize"} { // of several segments each takes its part of every search
		if _, err := f.im.tx.ExecContext(f.im.ctx, `insert into `+f.table+` (`+f.table+`) values (?)`, command); err != nil {
			return err
		}
	}
	return f.im.configure(f.table, defaultHash, defaultMerge, defaultCrisis)
}

func (f *filler) close() { f.put.Close() }

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
	f, err := im.filler("word_pieces", "pieces")
	if err != nil {
		return err
	}
	defer f.close()
	for i, c := range all {
		if err := f.add(int64(i+1), strings.Join(pieces(c.word), " ")); err != nil {
			return err
		}
	}
	return f.finish()
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
