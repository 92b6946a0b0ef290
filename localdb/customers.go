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
		words := foldText(strings.Join([]string{c.Name, c.Phone, digits(c.Phone), c.Card, c.Email}, " "))
		_, err = tx.ExecContext(ctx, `insert into customers (id, name, phone, email, card, discount, words)
			values (?, ?, ?, ?, nullif(?, ''), ?, ?)
			on conflict (id) do update set name = excluded.name, phone = excluded.phone, email = excluded.email, card = excluded.card,
				discount = excluded.discount, words = excluded.words`,
			c.ID, c.Name, c.Phone, c.Email, c.Card, int64(c.Discount), words)
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
func (s *Store) Customers(ctx context.Context, text string, offset, limit int) ([]register.Customer, error) {
	query, args := selectCustomer+`where 1`, []any{}
	for i, w := range strings.Fields(foldText(text)) {
		if i == maxWords {
			break
		}
		query += ` and words like ? escape '\'`
		args = append(args, "%"+likeText(w)+"%")
	}
	rows, err := s.r.QueryContext(ctx, query+` order by name, id limit ? offset ?`, append(args, limit, offset)...)
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

// likeText is a text for the right side of a LIKE that escapes with a backslash.
func likeText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(foldText(strings.TrimSpace(text)))
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
