package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"kassa/register"
)

// ErrNoProduct tells that there is no such product.
var ErrNoProduct = errors.New("localdb: no such product")

const productColumns = `p.id, coalesce(p.code, ''), p.name, p.name_en, p.group_name, p.group_en, p.unit, p.price, p.vat, p.barcodes`

const productByBarcode = `select ` + productColumns + ` from barcodes b join products p on p.key = b.product where b.barcode = ?`

// ProductByBarcode finds what a barcode stands for.
func (s *Store) ProductByBarcode(ctx context.Context, barcode string) (register.Product, error) {
	return found(scanProduct(s.barcode.QueryRowContext(ctx, barcode)))
}

// ProductByID finds a product.
func (s *Store) ProductByID(ctx context.Context, id string) (register.Product, error) {
	return s.product(ctx, `select `+productColumns+` from products p where p.id = ?`, id)
}

// ProductByCode finds a product by the shop's own number.
func (s *Store) ProductByCode(ctx context.Context, code string) (register.Product, error) {
	return s.product(ctx, `select `+productColumns+` from products p where p.code = ?`, code)
}

func (s *Store) product(ctx context.Context, query string, arg any) (register.Product, error) {
	return found(scanProduct(s.r.QueryRowContext(ctx, query, arg)))
}

func found(p register.Product, err error) (register.Product, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNoProduct
	}
	return p, err
}

func scanProduct(row interface{ Scan(...any) error }) (register.Product, error) {
	var p register.Product
	var barcodes string
	err := row.Scan(&p.ID, &p.Code, &p.Name, &p.NameEn, &p.Group, &p.GroupEn, &p.Unit, &p.Price, &p.VAT, &barcodes)
	if err != nil {
		return p, fmt.Errorf("reading a product: %w", err)
	}
	if barcodes != "" {
		p.Barcodes = strings.Split(barcodes, "\n")
	}
	return p, nil
}

func (s *Store) products(ctx context.Context, query string, args ...any) ([]register.Product, error) {
	rows, err := s.r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading goods: %w", err)
	}
	defer rows.Close()
	var all []register.Product
	for rows.Next() {
		p, err := scanProduct(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// Goods returns a page of a group's goods by name; an empty group means all goods.
func (s *Store) Goods(ctx context.Context, group string, offset, limit int) ([]register.Product, error) {
	if group == "" {
		return s.products(ctx, `select `+productColumns+` from products p order by p.name limit ? offset ?`, limit, offset)
	}
	return s.products(ctx, `select `+productColumns+` from products p where p.group_name = ? order by p.name limit ? offset ?`, group, limit, offset)
}

// EachProduct calls f with every product, by name, until f returns an error.
func (s *Store) EachProduct(ctx context.Context, f func(register.Product) error) error {
	rows, err := s.r.QueryContext(ctx, `select `+productColumns+` from products p order by p.name, p.key`)
	if err != nil {
		return fmt.Errorf("reading goods: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		p, err := scanProduct(rows)
		if err != nil {
			return err
		}
		if err := f(p); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Group is a group of goods and how many it holds.
type Group struct {
	Name   string
	NameEn string // empty when its goods name none
	Count  int
}

// Groups returns the groups by name. Goods without a group are in none.
func (s *Store) Groups(ctx context.Context) ([]Group, error) {
	rows, err := s.r.QueryContext(ctx, `select group_name, max(group_en), count(*) from products where group_name <> '' group by group_name order by group_name`)
	if err != nil {
		return nil, fmt.Errorf("reading groups: %w", err)
	}
	defer rows.Close()
	var all []Group
	for rows.Next() {
		var g Group
		if err := rows.Scan(&g.Name, &g.NameEn, &g.Count); err != nil {
			return nil, fmt.Errorf("reading groups: %w", err)
		}
		all = append(all, g)
	}
	return all, rows.Err()
}

// maxWords is how many words of a search count.
const maxWords = 16

// Search finds goods whose name, code or barcode has words that begin with the given ones, in any order. Of a text that
// is longer than any name, only the first 16 words count.
func (s *Store) Search(ctx context.Context, text string, limit int) ([]register.Product, error) {
	var terms []string
	for _, w := range words(text) {
		if len(terms) == maxWords {
			break
		}
		terms = append(terms, `"`+w+`"*`)
	}
	if len(terms) == 0 {
		return nil, nil
	}
	return s.products(ctx, `select `+productColumns+` from products p
		where p.key in (select rowid from product_words where product_words match ? limit ?) order by p.name`,
		strings.Join(terms, " "), limit)
}

// words cuts a text into what is indexed: runs of letters and digits in lower case, ё as е, as people type it.
func words(text string) []string {
	text = strings.ReplaceAll(strings.ToLower(text), "ё", "е")
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
