package localdb

import (
	"context"
	"database/sql"
	"fmt"

	"kassa/register"
)

// SetFavourite puts a product at the end of the favourites, or takes it from them. One that is there already keeps its
// place.
func (s *Store) SetFavourite(ctx context.Context, productID string, on bool) error {
	text := `delete from favourites where product = ?`
	if on {
		text = `insert into favourites (product, place) select ?, coalesce(max(place), 0) + 1 from favourites where true on conflict do nothing`
	}
	if _, err := s.w.ExecContext(ctx, text, productID); err != nil {
		return fmt.Errorf("changing the favourites: %w", err)
	}
	return nil
}

// OrderFavourites puts the favourites into the order given. Favourites that ids does not name follow in the order that
// they had; ids that are no favourites are passed over.
func (s *Store) OrderFavourites(ctx context.Context, ids []string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `update favourites set place = place + ?`, len(ids)); err != nil {
			return fmt.Errorf("ordering the favourites: %w", err)
		}
		for i, id := range ids {
			if _, err := tx.ExecContext(ctx, `update favourites set place = ? where product = ?`, i+1, id); err != nil {
				return fmt.Errorf("ordering the favourites: %w", err)
			}
		}
		return nil
	})
}

// Favourites returns the favourites in their order. One that the catalogue does not hold is left out, and is there
// again when the catalogue holds it again.
func (s *Store) Favourites(ctx context.Context) ([]register.Product, error) {
	rows, err := s.r.QueryContext(ctx, `select product from favourites order by place, product`)
	if err != nil {
		return nil, fmt.Errorf("reading the favourites: %w", err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("reading the favourites: %w", err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the favourites: %w", err)
	}
	return s.productsByID(ctx, ids)
}
