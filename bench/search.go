package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"kassa/app/till"
	"kassa/localdb"
	"kassa/register"
)

// searches is how many times each kind of search is made.
const searches = 300

// found is how many goods a search of the sale screen asks for.
const found = 60

// search measures the search of goods as it is typed: two letters and more, beginnings and middles of words, several
// words, the wrong keyboard layout, and what is not there.
func (b *bench) search(ctx context.Context) (err error) {
	store, err := localdb.Open(ctx, localdb.Options{Dir: b.goods})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	t, err := till.New(ctx, till.Config{Store: store})
	if err != nil {
		return err
	}
	words, err := sampleWords(ctx, store)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(3, 4))
	pick := func(least int) []rune {
		for {
			if w := []rune(words[random.IntN(len(words))]); len(w) >= least {
				return w
			}
		}
	}
	say("searching goods")
	for _, kind := range []struct {
		name string
		text func() string
	}{
		{"two letters", func() string { return string(pick(2)[:2]) }},
		{"a word's beginning", func() string { return string(pick(4)[:4]) }},
		{"a word's middle", func() string { return string(pick(6)[2:5]) }},
		{"two words, parts of them", func() string { return string(pick(5)[1:4]) + " " + string(pick(3)[:3]) }},
		{"the wrong layout", func() string { return onOtherKeys(string(pick(4)[:4])) }},
		{"nothing of that name", func() string { return string(pick(5)[:3]) + "ъъ" }},
	} {
		var all times
		for range searches {
			text := kind.text()
			began := time.Now()
			if _, err := t.Search(ctx, text, found); err != nil {
				return fmt.Errorf("searching %q: %w", text, err)
			}
			all = append(all, time.Since(began))
		}
		b.add("search, "+kind.name, all.summary(), "", "")
	}
	return nil
}

// sampleWords are words of goods' names, in lower case.
func sampleWords(ctx context.Context, store *localdb.Store) ([]string, error) {
	var words []string
	n := 0
	err := store.EachProduct(ctx, func(p register.Product) error {
		if n++; n%97 == 0 {
			words = append(words, strings.FieldsFunc(strings.ToLower(p.Name), func(r rune) bool { return strings.ContainsRune(" ,.«»\"()%-/'", r) })...)
		}
		return nil
	})
	if err == nil && len(words) == 0 {
		err = errors.New("the goods have no names")
	}
	return words, err
}

// onOtherKeys is a text as it comes out when the keyboard speaks the other language.
func onOtherKeys(text string) string {
	const latin, russian = "qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхъфывапролджэячсмитьбю"
	from, to := []rune(latin), []rune(russian)
	return strings.Map(func(r rune) rune {
		for i := range from {
			switch r {
			case from[i]:
				return to[i]
			case to[i]:
				return from[i]
			}
		}
		return r
	}, text)
}
