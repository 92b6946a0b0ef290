package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kassa/register"
)

// ErrNoProduct tells that there is no such product.
var ErrNoProduct = errors.New("localdb: no such product")

const (
	productColumns = `p.key, p.id, coalesce(p.code, ''), p.article, p.name, p.name_en, coalesce(g.path, ''), coalesce(g.path_en, ''),
		p.unit, p.price, p.vat, p.no_discount, p.free_price, p.marked, p.barcodes, p.packs`
	fromProducts = ` from products p left join groups g on g.key = p.group_key `

	productByBarcode = `select ` + productColumns + `, coalesce(b.quantity, 1000)
		from barcodes b join products p on p.key = b.product left join groups g on g.key = p.group_key where b.barcode = ?`
)

// ProductByBarcode finds what a barcode stands for, and how much of it: register.One for a product's own barcode, the
// pack's quantity for that of a pack.
func (s *Store) ProductByBarcode(ctx context.Context, barcode string) (register.Product, register.Quantity, error) {
	var q register.Quantity
	_, p, err := scanProduct(s.goods.barcode.QueryRowContext(ctx, barcode), &q)
	if p, err = s.found(ctx, p, err); err != nil {
		return p, 0, err
	}
	return p, q, nil
}

// ProductByID finds a product.
func (s *Store) ProductByID(ctx context.Context, id string) (register.Product, error) {
	return s.product(ctx, `select `+productColumns+fromProducts+`where p.id = ?`, id)
}

// ProductByCode finds a product by the shop's own number.
func (s *Store) ProductByCode(ctx context.Context, code string) (register.Product, error) {
	return s.product(ctx, `select `+productColumns+fromProducts+`where p.code = ?`, code)
}

func (s *Store) product(ctx context.Context, query string, arg any) (register.Product, error) {
	_, p, err := scanProduct(s.goods.r.QueryRowContext(ctx, query, arg))
	return s.found(ctx, p, err)
}

// found adds the stock to a product that was read.
func (s *Store) found(ctx context.Context, p register.Product, err error) (register.Product, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNoProduct
	}
	if err != nil {
		return p, err
	}
	if q, counted, err := s.Stock(ctx, p.ID); err != nil {
		return p, err
	} else if counted {
		p.Stock = &q
	}
	return p, nil
}

func scanProduct(row interface{ Scan(...any) error }, more ...any) (key int64, p register.Product, err error) {
	var barcodes, packs string
	err = row.Scan(append([]any{&key, &p.ID, &p.Code, &p.Article, &p.Name, &p.NameEn, &p.Group, &p.GroupEn, &p.Unit, &p.Price, &p.VAT,
		&p.NoDiscount, &p.FreePrice, &p.Marked, &barcodes, &packs}, more...)...)
	if err != nil {
		return 0, p, fmt.Errorf("reading a product: %w", err)
	}
	if barcodes != "" {
		p.Barcodes = strings.Split(barcodes, "\n")
	}
	if packs != "" {
		if err := json.Unmarshal([]byte(packs), &p.Packs); err != nil {
			return 0, p, fmt.Errorf("reading the packs of %s: %w", p.ID, err)
		}
	}
	return key, p, nil
}

func (s *Store) products(ctx context.Context, query string, args ...any) ([]register.Product, error) {
	rows, err := s.goods.r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading goods: %w", err)
	}
	defer rows.Close()
	var all []register.Product
	for rows.Next() {
		_, p, err := scanProduct(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading goods: %w", err)
	}
	return all, s.withStock(ctx, all)
}

// productsByID returns goods in the order of ids, without those that are not there.
func (s *Store) productsByID(ctx context.Context, ids []string) ([]register.Product, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("reading goods: %w", err)
	}
	return s.products(ctx, `select `+productColumns+` from json_each(?) j cross join products p on p.id = j.value
		left join groups g on g.key = p.group_key order by j.key`, string(list))
}

// Goods returns a page of the goods that are right in a group, by name; an empty group means those that are in none.
// The page begins after the product with the id after, or with the first when that is empty: any page takes the same
// short time, which one by number would not.
func (s *Store) Goods(ctx context.Context, group, after string, limit int) ([]register.Product, error) {
	var in int64
	if group = cleanPath(group); group != "" {
		err := s.goods.r.QueryRowContext(ctx, `select key from groups where path = ?`, group).Scan(&in)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the group: %w", err)
		}
	}
	at, err := s.place(ctx, after)
	if err != nil {
		return nil, err
	}
	return s.products(ctx, `select `+productColumns+fromProducts+
		`where p.group_key = ?1 and p.name >= ?2 and (p.name > ?2 or p.key > ?3) order by p.name, p.key limit ?4`, in, at.name, at.key, limit)
}

// AllGoods returns a page of all goods, those in no group first, then group by group, by name within each. The page
// begins after the product with the id after, or with the first when that is empty.
func (s *Store) AllGoods(ctx context.Context, after string, limit int) ([]register.Product, error) {
	at, err := s.place(ctx, after)
	if err != nil {
		return nil, err
	}
	// Two ranges that are read in the order of the index; one with an "or" around both would be sorted.
	page, err := s.products(ctx, `select `+productColumns+fromProducts+
		`where p.group_key = ?1 and p.name >= ?2 and (p.name > ?2 or p.key > ?3) order by p.name, p.key limit ?4`, at.group, at.name, at.key, limit)
	if err != nil || len(page) == limit {
		return page, err
	}
	rest, err := s.products(ctx, `select `+productColumns+fromProducts+
		`where p.group_key > ? order by p.group_key, p.name, p.key limit ?`, at.group, limit-len(page))
	return append(page, rest...), err
}

// place is where a product stands in the order of AllGoods.
type place struct {
	group, key int64
	name       string
}

// place finds where a product stands; the beginning for an empty id.
func (s *Store) place(ctx context.Context, id string) (at place, err error) {
	if id == "" {
		return place{}, nil
	}
	err = s.goods.r.QueryRowContext(ctx, `select group_key, name, key from products where id = ?`, id).Scan(&at.group, &at.name, &at.key)
	if errors.Is(err, sql.ErrNoRows) {
		return at, ErrNoProduct
	}
	if err != nil {
		return at, fmt.Errorf("reading a product: %w", err)
	}
	return at, nil
}

// everyPage is how many goods EachProduct reads at a time.
const everyPage = 500

// EachProduct calls f with every product, in the order of AllGoods, until f returns an error.
func (s *Store) EachProduct(ctx context.Context, f func(register.Product) error) error {
	for after := ""; ; {
		page, err := s.AllGoods(ctx, after, everyPage)
		if err != nil {
			return err
		}
		for _, p := range page {
			if err := f(p); err != nil {
				return err
			}
		}
		if len(page) < everyPage {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

// countGoods tells how many goods the catalogue holds.
func (s *Store) countGoods(ctx context.Context) (n int64, err error) {
	if err := s.goods.r.QueryRowContext(ctx, `select count(*) from products`).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting goods: %w", err)
	}
	return n, nil
}
