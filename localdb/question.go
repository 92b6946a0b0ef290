package localdb

import "strings"

// Questions are what an FTS5 index is asked, in its own words. Those made here hold letters and digits in quotes, and
// nothing that was typed otherwise.

// eitherWay asks for a word as it was typed or in the other layout.
func (f *finder) eitherWay(w word, ask func(string) (string, error)) (string, error) {
	var either []string
	for _, way := range w.ways {
		question, err := f.way(way, ask)
		if err != nil {
			return "", err
		}
		if question != "" {
			either = append(either, question)
		}
	}
	return joined(either, " OR "), nil
}

// way asks for all parts of a word in one layout.
func (f *finder) way(parts []string, ask func(string) (string, error)) (string, error) {
	var all []string
	for _, part := range parts {
		question, err := ask(part)
		if err != nil || question == "" {
			return "", err
		}
		all = append(all, question)
	}
	return joined(all, " AND "), nil
}

// beginning asks for words that begin with some letters. Up to three letters the index has the goods ready. For more it
// gathers the goods of all such words before it gives the first, which takes its time when they are many: then it is
// asked for each of the words, and reads their goods one after the other until there are enough.
func (f *finder) beginning(letters string) (string, error) {
	all := `"` + letters + `"*`
	if !wordlike(letters) {
		return all, nil
	}
	if question, ok := f.begin[letters]; ok {
		return question, nil
	}
	list, goods, err := f.beginWith(letters)
	if err != nil {
		return "", err
	}
	question := all
	if len(list) == 0 || goods > manyGoods && len(list) < manyWords {
		question = anyOf(list)
	}
	f.begin[letters] = question
	return question, nil
}

// beginWith gives the words that begin with some letters, and how many goods have them.
func (f *finder) beginWith(letters string) (list []string, goods int, err error) {
	rows, err := f.goods.r.QueryContext(f.ctx, `select word, goods from words where word >= ? and word < ? limit ?`,
		letters, letters+"\U0010ffff", manyWords)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var w string
		var n int
		if err := rows.Scan(&w, &n); err != nil {
			return nil, 0, err
		}
		list, goods = append(list, w), goods+n
	}
	return list, goods, rows.Err()
}

// anywhere asks for words that begin with some letters or have them in their middle.
func (f *finder) anywhere(letters string) (string, error) {
	question, err := f.beginning(letters)
	if err != nil {
		return "", err
	}
	around, err := f.around(letters, 0)
	if err != nil {
		return "", err
	}
	var either []string
	for _, q := range []string{question, anyOf(around)} {
		if q != "" {
			either = append(either, q)
		}
	}
	return joined(either, " OR "), nil
}

// around gives words that have the letters in their middle, the most frequent ones first, some at a time.
func (f *finder) around(letters string, from int) ([]string, error) {
	question := allOf(pieces(letters))
	if question == "" {
		return nil, nil
	}
	rows, err := f.goods.r.QueryContext(f.ctx, `select w.word from word_pieces p cross join words w on w.key = p.rowid
		where p.word_pieces match ? and instr(w.word, ?) > 1 order by p.rowid limit ? offset ?`,
		question, letters, fewWords, from)
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

// anyOf and allOf ask for any, or all, of some words.
func anyOf(list []string) string { return joined(quoted(list), " OR ") }
func allOf(list []string) string { return joined(quoted(list), " AND ") }

func quoted(list []string) []string {
	all := make([]string, len(list))
	for i, w := range list {
		all[i] = `"` + w + `"`
	}
	return all
}

// joined puts questions together; none make an empty one.
func joined(questions []string, by string) string {
	if len(questions) < 2 {
		return strings.Join(questions, by)
	}
	return "(" + strings.Join(questions, by) + ")"
}
