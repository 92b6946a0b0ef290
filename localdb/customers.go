package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
		return storeCustomer(ctx, tx, c)
	})
}

func storeCustomer(ctx context.Context, tx *sql.Tx, c register.Customer) error {
	words := customerWords(c)
	var key int64
	err := tx.QueryRowContext(ctx, `insert into customers (id, name, phone, email, card, discount, words)
		values (?, ?, ?, ?, nullif(?, ''), ?, ?)
		on conflict (id) do update set name = excluded.name, phone = excluded.phone, email = excluded.email, card = excluded.card,
			discount = excluded.discount, words = excluded.words
		returning key`,
		c.ID, c.Name, c.Phone, c.Email, c.Card, int64(c.Discount), words).Scan(&key)
	if err == nil {
		_, err = tx.ExecContext(ctx, `delete from customer_words where rowid = ?`, key)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `insert into customer_words (rowid, words) values (?, ?)`, key, words)
	}
	if err != nil {
		return fmt.Errorf("storing customer %s: %w", c.ID, err)
	}
	return nil
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
	want := parseWords(text)
	where, args := want.like("words")
	few, err := s.fewCustomers(ctx, want)
	if err != nil {
		return nil, err
	}
	if few {
		where, args = `key in (select rowid from customer_words where customer_words match ?) and `+where, append([]any{want.match()}, args...)
	}
	rows, err := s.r.QueryContext(ctx, selectCustomer+`where `+where+` order by name, id limit ? offset ?`, append(args, limit, offset)...)
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

// manyCustomers is how many are found sooner by going through all of them by name.
const manyCustomers = 1000

// fewCustomers tells whether so few hold a text's words that it is best to look them up.
func (s *Store) fewCustomers(ctx context.Context, w wanted) (bool, error) {
	match := w.match()
	if match == "" {
		return false, nil
	}
	var n int
	err := s.r.QueryRowContext(ctx, `select count(*) from (select 1 from customer_words where customer_words match ? limit ?)`,
		match, manyCustomers).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("reading customers: %w", err)
	}
	return n < manyCustomers, nil
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
