package localdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"kassa/register"
)

const stockOf = `select quantity from stock where product = ?`

// Stock tells what the shop has of a product. counted is false when the product is not counted, or not there.
func (s *Store) Stock(ctx context.Context, productID string) (q register.Quantity, counted bool, err error) {
	err = s.goods.counted.QueryRowContext(ctx, productID).Scan(&q)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("reading the stock: %w", err)
	}
	return q, true, nil
}

// SetStock says what the shop has of a product; nil means that it is not counted any more.
func (s *Store) SetStock(ctx context.Context, productID string, q *register.Quantity) error {
	var err error
	if q == nil {
		_, err = s.w.ExecContext(ctx, `delete from stock where product = ?`, productID)
	} else {
		_, err = s.w.ExecContext(ctx, setStock, productID, int64(*q))
	}
	if err != nil {
		return fmt.Errorf("setting the stock: %w", err)
	}
	return nil
}

const setStock = `insert into stock (product, quantity) values (?, ?) on conflict (product) do update set quantity = excluded.quantity`

// stocks reads what the shop has of some products. Those that are not counted are not in the map.
func (s *Store) stocks(ctx context.Context, ids []string) (map[string]register.Quantity, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("reading the stock: %w", err)
	}
	rows, err := s.r.QueryContext(ctx, `select product, quantity from stock where product in (select value from json_each(?))`, string(list))
	if err != nil {
		return nil, fmt.Errorf("reading the stock: %w", err)
	}
	defer rows.Close()
	found := map[string]register.Quantity{}
	for rows.Next() {
		var id string
		var q register.Quantity
		if err := rows.Scan(&id, &q); err != nil {
			return nil, fmt.Errorf("reading the stock: %w", err)
		}
		found[id] = q
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the stock: %w", err)
	}
	return found, nil
}

// withStock fills in the stock of goods that were read from the catalogue.
func (s *Store) withStock(ctx context.Context, goods []register.Product) error {
	if len(goods) == 0 {
		return nil
	}
	ids := make([]string, len(goods))
	for i, p := range goods {
		ids[i] = p.ID
	}
	found, err := s.stocks(ctx, ids)
	if err != nil || len(found) == 0 {
		return err
	}
	for i := range goods {
		if q, ok := found[goods[i].ID]; ok {
			goods[i].Stock = &q
		}
	}
	return nil
}

// named is a line of named_stock: what a price list says of a product's stock.
type named struct {
	seq      int64
	product  string
	quantity int64
}

// stockStep is how many products have their stock set in one transaction: a sale waits for one of these at most.
const stockStep = 1000

// setNamedStock sets what the last price list named. The list and the stock are in two files, and no transaction spans
// them: the list's transaction leaves the stock in named_stock, from where it is set step by step, each step together
// with a note of how far it got. A power cut in between is made good at the next start, and no step is done twice: a
// sale that was made after it would be forgotten.
func (s *Store) setNamedStock(ctx context.Context) error {
	var list string
	var waits bool
	err := s.goods.w.QueryRowContext(ctx, `select id, exists (select 1 from named_stock) from last_import`).Scan(&list, &waits)
	if err != nil {
		return fmt.Errorf("setting the stock that a price list names: %w", err)
	}
	for waits {
		if waits, err = s.stockStep(ctx, list); err != nil {
			return fmt.Errorf("setting the stock that a price list names: %w", err)
		}
	}
	return nil
}

// stockStep does one step and tells whether there are more.
func (s *Store) stockStep(ctx context.Context, list string) (more bool, err error) {
	var done int64
	err = s.r.QueryRowContext(ctx, `select seq from stock_import where import = ?`, list).Scan(&done)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	step, err := s.namedStock(ctx, done)
	if err != nil {
		return false, err
	}
	if len(step) == 0 {
		_, err := s.goods.w.ExecContext(ctx, `delete from named_stock`)
		return false, err
	}
	return true, s.inTx(ctx, func(tx *sql.Tx) error {
		st, err := tx.PrepareContext(ctx, setStock)
		if err != nil {
			return err
		}
		defer st.Close()
		for _, n := range step {
			if _, err := st.ExecContext(ctx, n.product, n.quantity); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `insert into stock_import (one, import, seq) values (1, ?, ?)
			on conflict (one) do update set import = excluded.import, seq = excluded.seq`, list, step[len(step)-1].seq)
		return err
	})
}

func (s *Store) namedStock(ctx context.Context, after int64) ([]named, error) {
	rows, err := s.goods.w.QueryContext(ctx, `select seq, product, quantity from named_stock where seq > ? order by seq limit ?`, after, stockStep)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var step []named
	for rows.Next() {
		var n named
		if err := rows.Scan(&n.seq, &n.product, &n.quantity); err != nil {
			return nil, err
		}
		step = append(step, n)
	}
	return step, rows.Err()
}
