package localdb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kassa/register"
)

const (
	// maxWords is how many words of a search count.
	maxWords = 16
	// maxText is how many letters of a search count: more than any name has.
	maxText = 256
	// manyGoods and manyWords: words with more goods than that are asked for one by one, unless they are more than that.
	manyGoods = 1500
	manyWords = 600
	// fewWords is how many words around some letters are asked for at a time, the most frequent first.
	fewWords = 32
	// mostMiddles bounds the words whose middles are looked at for one search.
	mostMiddles = 256
	// mostNumbers bounds the goods whose barcodes, codes and articles are looked at for a middle.
	mostNumbers = 500
	// wholeBarcode is how many letters a text has at least that can be nothing but a barcode, an EAN-8 being the shortest.
	wholeBarcode = 8
	// indexed is up to how many letters the index has the goods of a word's beginning ready.
	indexed = 3
)

// Search finds goods by their names in both languages, their code, article and barcodes. All words of the text must be
// there, in any order. First comes what has the whole text as its barcode, code or article; then goods with words that
// begin with those of the text; then the same for a text that was typed on the other keyboard layout (vjkjrj for молоко,
// ьшдл for milk), word by word; then goods that have the words in the middle of theirs, from three letters, or four in
// the middle of a barcode. Within each of these goods go by name, save that of many middles the more frequent words come
// first. ё is е, and small letters are capital ones.
//
// At most limit goods are returned: of more that are found in one of the four ways, those that the catalogue has first,
// which is by name where it came from one price list. Of a text that is longer than any name, only the first 16 words
// count.
func (s *Store) Search(ctx context.Context, text string, limit int) ([]register.Product, error) {
	f := newFinder(ctx, s, text, limit)
	err := f.run()
	if err == nil {
		err = s.withStock(ctx, f.found)
	}
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // whatever it was that noticed first
	}
	if err != nil {
		return nil, fmt.Errorf("searching goods: %w", err)
	}
	return f.found, nil
}

// finder is one search.
type finder struct {
	*Store
	ctx   context.Context
	limit int
	text  string
	typed []word
	found []register.Product
	seen  map[int64]bool
	begin map[string]string // what beginning has answered
	asked map[string]bool   // what match was asked
}

func newFinder(ctx context.Context, s *Store, text string, limit int) *finder {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > maxText {
		text = string([]rune(text)[:maxText])
	}
	return &finder{Store: s, ctx: ctx, limit: limit, text: text, typed: typed(text),
		seen: map[int64]bool{}, begin: map[string]string{}, asked: map[string]bool{}}
}

// run takes one way of finding after the other until there is enough.
func (f *finder) run() error {
	if len(f.typed) == 0 {
		return nil
	}
	for _, step := range []func() error{f.exact, f.beginnings, f.bothLayouts, f.middles} {
		if len(f.found) >= f.limit {
			return nil
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// exact finds what has the text as its barcode, code or article.
func (f *finder) exact() error {
	for _, text := range []string{f.text, otherLayout(f.text)} {
		keys, err := f.keys(`select product from barcodes where barcode = ?1 union select key from products where code = ?1
			union select key from (select key from products where article = ?1 and article <> '' limit ?2)`, text, f.limit)
		if err != nil {
			return err
		}
		if err := f.add(keys); err != nil {
			return err
		}
		if len(keys) > 0 && len(text) >= wholeBarcode && digits(text) == text {
			f.limit = 0 // nobody types a whole barcode to find what has it in its middle
		}
	}
	return nil
}

// beginnings finds words that begin with those of the text, as it was typed.
func (f *finder) beginnings() error {
	if err := f.barcodes(); err != nil || len(f.found) >= f.limit {
		return err
	}
	return f.all(func(w word) (string, error) { return f.way(w.ways[0], f.beginning) })
}

// barcodes finds barcodes that begin with the text, if it is a number and there are so many of them that the index of
// words would take its time to gather them.
func (f *finder) barcodes() error {
	if len(f.typed) > 1 || len(f.text) <= indexed || digits(f.text) != f.text {
		return nil
	}
	keys, err := f.keys(`select distinct product from barcodes where barcode >= ? and barcode < ? limit ?`, f.text, f.text+"~", f.limit+len(f.seen))
	if err != nil || len(keys) < f.limit+len(f.seen) {
		return err
	}
	return f.add(keys)
}

// bothLayouts does the same, each word in either layout.
func (f *finder) bothLayouts() error {
	if !slices.ContainsFunc(f.typed, word.twofold) {
		return nil
	}
	return f.all(func(w word) (string, error) { return f.eitherWay(w, f.beginning) })
}

// middles finds the words of the text in the middle of the catalogue's.
func (f *finder) middles() error {
	var err error
	if w := f.typed[0]; len(f.typed) == 1 && len(w.ways[0]) <= 1 && len(w.ways[1]) <= 1 {
		err = f.middlesOfOne()
	} else {
		err = f.all(func(w word) (string, error) { return f.eitherWay(w, f.anywhere) })
	}
	if err != nil {
		return err
	}
	for _, w := range f.typed {
		for _, part := range slices.Concat(w.ways[:]...) {
			if err := f.numbers(part); err != nil {
				return err
			}
		}
	}
	return nil
}

// middlesOfOne goes through the words that a single one is in the middle of, some at a time.
func (f *finder) middlesOfOne() error {
	for _, part := range slices.Concat(f.typed[0].ways[:]...) {
		for from := 0; from < mostMiddles && len(f.found) < f.limit; from += fewWords {
			list, err := f.around(part, from)
			if err != nil {
				return err
			}
			if err := f.match(anyOf(list)); err != nil {
				return err
			}
			if len(list) < fewWords {
				break
			}
		}
	}
	return nil
}

// all finds goods for which every word's question is answered. A word with an empty question is in no product.
func (f *finder) all(ask func(word) (string, error)) error {
	var all []string
	for _, w := range f.typed {
		question, err := ask(w)
		if err != nil || question == "" {
			return err
		}
		all = append(all, question)
	}
	return f.match(strings.Join(all, " AND "))
}

// numbers finds goods that have a part of a word in the middle of a barcode, a code or an article, and the rest of the
// text anywhere.
func (f *finder) numbers(letters string) error {
	if len(f.found) >= f.limit {
		return nil
	}
	var either []string // what is cut into short pieces and what is cut into long ones
	if utf8.RuneCountInString(letters) < longNumber {
		either = append(either, allOf(pieces(letters)))
	}
	either = append(either, allOf(cut(letters, longPieceLength)))
	question := joined(slices.DeleteFunc(either, func(q string) bool { return q == "" }), " OR ")
	if question == "" {
		return nil
	}
	keys, err := f.keys(`select rowid from product_numbers where product_numbers match ? order by rowid limit ?`, question, mostNumbers)
	if err != nil {
		return err
	}
	if digits(letters) == letters {
		// Digits are in the text as they were typed: the most of what is not wanted need not be read.
		keys, err = f.keys(`select p.key from json_each(?1) j cross join products p on p.key = j.value
			where instr(p.barcodes, ?2) > 0 or instr(p.code, ?2) > 0 or instr(p.article, ?2) > 0 or instr(p.packs, ?2) > 0`, asJSON(keys), letters)
		if err != nil {
			return err
		}
	}
	return f.addIf(keys, f.hasAll)
}

// hasAll tells whether a product has every word of the text somewhere: what the indexes found is checked by it where
// they cannot tell for certain.
func (f *finder) hasAll(p register.Product) bool {
	names, numbers := wordsOf(&packed{Product: p})
	have := append(names, numbers...)
	for _, w := range f.typed {
		if !slices.ContainsFunc(w.ways[:], func(way []string) bool {
			return len(way) > 0 && !slices.ContainsFunc(way, func(part string) bool {
				return !slices.ContainsFunc(have, func(h string) bool { return strings.Contains(h, part) })
			})
		}) {
			return false
		}
	}
	return true
}

// match adds goods that an index of words finds.
func (f *finder) match(question string) error {
	if question == "" || f.asked[question] {
		return nil
	}
	f.asked[question] = true
	keys, err := f.keys(`select rowid from product_words where product_words match ? order by rowid limit ?`, question, f.limit+len(f.seen))
	if err != nil {
		return err
	}
	return f.add(keys)
}

func (f *finder) keys(query string, args ...any) ([]int64, error) {
	rows, err := f.goods.r.QueryContext(f.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var keys []int64
	for rows.Next() {
		var k sql.NullInt64
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		keys = append(keys, k.Int64)
	}
	return keys, rows.Err()
}

func (f *finder) add(keys []int64) error {
	return f.addIf(keys, func(register.Product) bool { return true })
}

// addIf reads goods that were not found before and adds those that are wanted, by name.
func (f *finder) addIf(keys []int64, want func(register.Product) bool) error {
	fresh := slices.DeleteFunc(keys, func(k int64) bool { return f.seen[k] })
	for len(fresh) > 0 && len(f.found) < f.limit {
		step := fresh[:min(f.limit-len(f.found), len(fresh))]
		fresh = fresh[len(step):]
		rows, err := f.goods.r.QueryContext(f.ctx, `select `+productColumns+` from json_each(?) j cross join products p on p.key = j.value
			left join groups g on g.key = p.group_key`, asJSON(step))
		if err != nil {
			return err
		}
		err = f.take(rows, want)
		if err := errors.Join(err, rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (f *finder) take(rows *sql.Rows, want func(register.Product) bool) error {
	from := len(f.found)
	for rows.Next() {
		key, p, err := scanProduct(rows)
		if err != nil {
			return err
		}
		if want(p) {
			f.seen[key] = true
			f.found = append(f.found, p)
		}
	}
	slices.SortFunc(f.found[from:], func(a, b register.Product) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return rows.Err()
}
