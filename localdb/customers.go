package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"kassa/register"
)

// Errors of customers.
var (
	ErrNoCustomer = errors.New("localdb: no such customer")
	ErrCardTaken  = errors.New("localdb: the discount card is somebody else's")
)

const selectCustomer = `select id, name, phone, email, coalesce(card, ''), discount from customers `

// SetCustomer adds a customer or changes one. The error is ErrCardTaken when the card belongs to another.
func (s *Store) SetCustomer(ctx context.Context, c register.Customer) error {
	if err := c.Check(); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		var other int
		err := tx.QueryRowContext(ctx, `select count(*) from customers where card = ? and id <> ?`, c.Card, c.ID).Scan(&other)
		if err != nil {
			return fmt.Errorf("storing customer %s: %w", c.ID, err)
		}
		if other > 0 {
			return ErrCardTaken
		}
		_, err = tx.ExecContext(ctx, `insert into customers (id, name, phone, email, card, discount, words)
			values (?, ?, ?, ?, nullif(?, ''), ?, ?)
			on conflict (id) do update set name = excluded.name, phone = excluded.phone, email = excluded.email, card = excluded.card,
				discount = excluded.discount, words = excluded.words`,
			c.ID, c.Name, c.Phone, c.Email, c.Card, int64(c.Discount), customerWords(c))
		if err != nil {
			return fmt.Errorf("storing customer %s: %w", c.ID, err)
		}
		return nil
	})
}

// CustomerByCard finds whose discount card it is.
func (s *Store) CustomerByCard(ctx context.Context, card string) (register.Customer, error) {
	return scanCustomer(s.r.QueryRowContext(ctx, selectCustomer+`where card = ?`, card))
}

// CustomerByID finds a customer.
func (s *Store) CustomerByID(ctx context.Context, id string) (register.Customer, error) {
	return scanCustomer(s.r.QueryRowContext(ctx, selectCustomer+`where id = ?`, id))
}

// Customers returns those whose name, phone, card or e-mail hold all words of a text, by name; an empty text means all.
// A phone is found however it is typed: 8 and +7 are the same, and brackets, dashes and blanks do not count.
func (s *Store) Customers(ctx context.Context, text string, offset, limit int) ([]register.Customer, error) {
	like, args := wordsLike("words", text)
	rows, err := s.r.QueryContext(ctx, selectCustomer+`where `+like+` order by name, id limit ? offset ?`, append(args, limit, offset)...)
	if err != nil {
		return nil, fmt.Errorf("reading customers: %w", err)
	}
	defer rows.Close()
	var all []register.Customer
	for rows.Next() {
		c, err := scanCustomer(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

func scanCustomer(row interface{ Scan(...any) error }) (register.Customer, error) {
	var c register.Customer
	err := row.Scan(&c.ID, &c.Name, &c.Phone, &c.Email, &c.Card, &c.Discount)
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrNoCustomer
	}
	if err != nil {
		return c, fmt.Errorf("reading a customer: %w", err)
	}
	return c, nil
}

// foldText makes texts comparable: lower case, ё as е, as people type it.
func foldText(text string) string { return strings.ReplaceAll(strings.ToLower(text), "ё", "е") }

// customerWords is what a customer is found by.
func customerWords(c register.Customer) string {
	return foldText(strings.Join([]string{c.Name, phoneWords(c.Phone), c.Card, c.Email}, " "))
}

// phoneWords writes a phone in digits. A Russian one begins with 7 or 8, as people are used to: it is kept both ways.
func phoneWords(phone string) string {
	d := digits(phone)
	switch {
	case len(d) == 11 && (d[0] == '7' || d[0] == '8'):
		return "7" + d[1:] + " 8" + d[1:]
	case len(d) == 10 && d[0] == '9':
		return "7" + d + " 8" + d
	}
	return d
}

// maxLikes is how many words of a text count.
const maxLikes = 16

// wordsLike is a condition that a column of folded words holds every word of a text, and its arguments. Numbers with
// brackets and dashes are also looked for without them; a text of nothing else also as one number.
func wordsLike(column, text string) (string, []any) {
	var args []any
	holds := func(word string) string {
		args = append(args, "%"+likeText(word)+"%")
		return column + ` like ? escape '\'`
	}
	words := strings.Fields(foldText(text))
	terms := []string{"1"}
	for _, w := range words[:min(len(words), maxLikes)] {
		if d := digits(w); d != "" && d != w && isPhone(w) {
			terms = append(terms, "("+holds(w)+" or "+holds(d)+")")
		} else {
			terms = append(terms, holds(w))
		}
	}
	all := strings.Join(terms, " and ")
	if d := digits(text); len(words) > 1 && d != "" && isPhone(text) {
		return "(" + all + " or " + holds(d) + ")", args
	}
	return "(" + all + ")", args
}

// isPhone tells whether a text holds nothing but what phone numbers are written with.
func isPhone(text string) bool { return strings.Trim(text, "+0123456789 ()-") == "" }

// likeText is a word for the right side of a LIKE that escapes with a backslash.
func likeText(word string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
