package localdb

import (
	"context"
	"fmt"
)

// Cashier is somebody who may sign in at the till.
type Cashier struct {
	ID      string
	Name    string
	PINHash string
	Role    string
}

// RoleCashier is the role of who sells.
const RoleCashier = "cashier"

// SetCashier adds a cashier or changes one.
func (s *Store) SetCashier(ctx context.Context, c Cashier) error {
	_, err := s.w.ExecContext(ctx, `insert into cashiers (id, name, pin_hash, role) values (?, ?, ?, ?)
		on conflict (id) do update set name = excluded.name, pin_hash = excluded.pin_hash, role = excluded.role, active = 1`,
		c.ID, c.Name, c.PINHash, c.Role)
	if err != nil {
		return fmt.Errorf("storing cashier %s: %w", c.Name, err)
	}
	return nil
}

// Cashiers returns those who may sign in, by name.
func (s *Store) Cashiers(ctx context.Context) ([]Cashier, error) {
	rows, err := s.r.QueryContext(ctx, `select id, name, pin_hash, role from cashiers where active = 1 order by name, id`)
	if err != nil {
		return nil, fmt.Errorf("reading cashiers: %w", err)
	}
	defer rows.Close()
	var all []Cashier
	for rows.Next() {
		var c Cashier
		if err := rows.Scan(&c.ID, &c.Name, &c.PINHash, &c.Role); err != nil {
			return nil, fmt.Errorf("reading cashiers: %w", err)
		}
		all = append(all, c)
	}
	return all, rows.Err()
}
