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
	// manyGoods is from how many goods the words that begin with some letters are taken one by one, the most frequent
	// first, instead of gathering all their goods before the first is seen.
	manyGoods = 6000
	// fewWords is how many words stand for the beginning or the middle of a word in one question.
	fewWords = 32
	// mostMiddles bounds the words whose middles are looked at for one search.
	mostMiddles = 256
	// mostNumbers bounds the goods whose barcodes, codes and articles are looked at for a middle.
	mostNumbers = 500
)

// Search finds goods by their names in both languages, their code, article and barcodes. All words of the text must be
// there, in any order. First comes what has the whole text as its barcode, code or article; then goods with words that
// begin with those of the text; then the same for a text that was typed on the other keyboard layout (vjkjrj for молоко,
// ьшдл for milk), word by word; then goods that have the words in the middle of theirs, from three letters, or four in
// the middle of a barcode. Within each of these goods go by name. ё is е, and small letters are capital ones.
//
// At most limit goods are returned: of more that are found in one of the four ways, those that the catalogue has first,
// which is by name where it came from one price list. Of a text that is longer than any name, only the first 16 words
// count.
func (s *Store) Search(ctx context.Context, text string, limit int) ([]register.Product, error) {
	f := &finder{Store: s, ctx: ctx, limit: limit, seen: map[int64]bool{}, typed: typed(text)}
	for _, step := range []func() error{f.exact, f.beginnings, f.bothLayouts, f.middles} {
		if len(f.found) >= limit || len(f.typed) == 0 {
			break
		}
		if err := step(); err != nil {
			return nil, fmt.Errorf("searching goods: %w", err)
		}
	}
	if err := s.withStock(ctx, f.found); err != nil {
		return nil, err
	}
	return f.found, nil
}

// word is a word of a search as the catalogue's words are, and in the other layout. Either may be several words: a key
// that types a letter in one layout types a comma in the other.
type word struct {
	text  string // as it was typed
	ways  [2][]string
	exact [2]string // the whole text, in the two layouts; in the first word only
}

// typed cuts a search's text into words.
func typed(text string) []word {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > maxText {
		text = string([]rune(text)[:maxText])
	}
	var all []word
	for i, part := range strings.Fields(text) {
		if i == maxWords {
			break
		}
		w := word{text: part, ways: [2][]string{words(part), words(otherLayout(part))}}
		if len(w.ways[0])+len(w.ways[1]) > 0 && !slices.ContainsFunc(all, func(o word) bool { return o.text == part }) {
			all = append(all, w)
		}
	}
	if len(all) > 0 {
		all[0].exact = [2]string{text, otherLayout(text)}
	}
	return all
}

// finder is one search.
type finder struct {
	*Store
	ctx   context.Context
	limit int
	typed []word
	found []register.Product
	seen  map[int64]bool
}

// exact finds what has the text as its barcode, code or article.
func (f *finder) exact() error {
	for _, text := range f.typed[0].exact {
		keys, err := f.keys(`select product from barcodes where barcode = ?1 union select key from products where code = ?1
			union select key from (select key from products where article = ?1 and article <> '' limit ?2)`, text, f.limit)
		if err != nil {
			return err
		}
		if err := f.add(keys); err != nil {
			return err
		}
	}
	return nil
}

// beginnings finds words that begin with those of the text, as it was typed.
func (f *finder) beginnings() error {
	var all []string
	for _, w := range f.typed {
		q, err := f.beginWith(w.ways[0])
		if err != nil {
			return err
		}
		if q == "" {
			return nil // a word without letters is perhaps one in the other layout
		}
		all = append(all, q)
	}
	return f.match(strings.Join(all, " AND "))
}

// bothLayouts does the same, each word in either layout.
func (f *finder) bothLayouts() error {
	var all []string
	for _, w := range f.typed {
		var either []string
		for _, way := range w.ways {
			q, err := f.beginWith(way)
			if err != nil {
				return err
			}
			if q != "" {
				either = append(either, q)
			}
		}
		all = append(all, "("+strings.Join(either, " OR ")+")")
	}
	return f.match(strings.Join(all, " AND "))
}

// beginWith asks for words that begin with each of the given; nothing when there is none.
func (f *finder) beginWith(list []string) (string, error) {
	var all []string
	for _, w := range list {
		q, err := f.beginning(w)
		if err != nil {
			return "", err
		}
		all = append(all, q)
	}
	if len(all) == 0 {
		return "", nil
	}
	return "(" + strings.Join(all, " AND ") + ")", nil
}

// beginning asks for words that begin with some letters. Up to three letters the index has the goods ready. For more it
// gathers the goods of all such words, which takes its time when they are many: then the most frequent words are asked
// for, which it reads one good after the other until there are enough.
func (f *finder) beginning(letters string) (string, error) {
	all := `"` + letters + `"*`
	if utf8.RuneCountInString(letters) <= 3 {
		return all, nil
	}
	rows, err := f.goods.r.QueryContext(f.ctx, `select word, goods from words where word >= ? and word < ? order by goods desc, word`,
		letters, letters+"\U0010ffff")
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var total int
	var most []string
	for rows.Next() {
		var w string
		var goods int
		if err := rows.Scan(&w, &goods); err != nil {
			return "", err
		}
		if total += goods; len(most) < fewWords {
			most = append(most, w)
		}
	}
	if total < manyGoods {
		return all, rows.Err()
	}
	return anyOf(most), rows.Err()
}

func anyOf(list []string) string { return `("` + strings.Join(list, `" OR "`) + `")` }

// middles finds the words of the text in the middle of the catalogue's.
func (f *finder) middles() error {
	if len(f.typed) == 1 && len(f.typed[0].ways[0]) <= 1 && len(f.typed[0].ways[1]) <= 1 {
		return f.middlesOfOne()
	}
	return f.middlesOfMany()
}

// middlesOfOne goes through the words that a single one is in the middle of, some at a time.
func (f *finder) middlesOfOne() error {
	for _, way := range f.typed[0].ways {
		for _, letters := range way {
			for from := 0; from < mostMiddles && len(f.found) < f.limit; from += fewWords {
				list, err := f.around(letters, from)
				if err != nil {
					return err
				}
				if len(list) == 0 {
					break
				}
				if err := f.match(anyOf(list)); err != nil {
					return err
				}
			}
			if err := f.numbers(letters); err != nil {
				return err
			}
		}
	}
	return nil
}

// middlesOfMany asks for all words of the text at once, each at the beginning or in the middle of one.
func (f *finder) middlesOfMany() error {
	var all []string
	for _, w := range f.typed {
		var either []string
		for _, way := range w.ways {
			q, err := f.anywhere(way)
			if err != nil {
				return err
			}
			if q != "" {
				either = append(either, q)
			}
		}
		all = append(all, "("+strings.Join(either, " OR ")+")")
	}
	if err := f.match(strings.Join(all, " AND ")); err != nil {
		return err
	}
	for _, w := range f.typed {
		for _, way := range w.ways {
			for _, letters := range way {
				if err := f.numbers(letters); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// anywhere asks for words that begin with each of the given or have it in their middle.
func (f *finder) anywhere(list []string) (string, error) {
	var all []string
	for _, w := range list {
		q, err := f.beginning(w)
		if err != nil {
			return "", err
		}
		around, err := f.around(w, 0)
		if err != nil {
			return "", err
		}
		if len(around) > 0 {
			q = "(" + q + " OR " + anyOf(around) + ")"
		}
		all = append(all, q)
	}
	if len(all) == 0 {
		return "", nil
	}
	return "(" + strings.Join(all, " AND ") + ")", nil
}

// around gives words that have the letters in their middle, the most frequent ones first, some at a time.
func (f *finder) around(letters string, from int) ([]string, error) {
	parts := pieces(letters)
	if len(parts) == 0 {
		return nil, nil
	}
	rows, err := f.goods.r.QueryContext(f.ctx, `select w.word from word_pieces p cross join words w on w.key = p.rowid
		where p.word_pieces match ? and instr(w.word, ?) > 1 order by p.rowid limit ? offset ?`,
		`"`+strings.Join(parts, `" AND "`)+`"`, letters, fewWords, from)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var w string
		if err := rows.Scan(&w); err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	return list, rows.Err()
}

// numbers finds goods that have the letters in the middle of a barcode, a code or an article, and the rest of the text
// anywhere.
func (f *finder) numbers(letters string) error {
	n := utf8.RuneCountInString(letters)
	if n < 3 || len(f.found) >= f.limit {
		return nil
	}
	// The pieces of long numbers are at every second place: the first one, or the second, must be at such a place.
	question := `("` + strings.Join(every(letters, 0, 2), `" AND "`) + `")`
	if n > 3 {
		question += ` OR ("` + strings.Join(every(letters, 1, 2), `" AND "`) + `")`
	}
	keys, err := f.keys(`select rowid from product_numbers where product_numbers match ? order by rowid limit ?`, question, mostNumbers)
	if err != nil {
		return err
	}
	return f.addIf(keys, f.hasAll)
}

// hasAll tells whether a product has every word of the text somewhere: what the indexes found is checked by it where
// they cannot tell for certain.
func (f *finder) hasAll(p register.Product) bool {
	q := packed{Product: p}
	have := append(wordsOfNames(&q), wordsOfNumbers(&q)...)
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
