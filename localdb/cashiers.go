package localdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// Cashier is somebody who signs in at the till.
type Cashier struct {
	ID      string
	Name    string
	PINHash string
	Role    string
	Active  bool // may sign in; SetCashier makes it so
}

// The roles, from the least to the most that one may do.
const (
	RoleCashier = "cashier" // sells
	RoleSenior  = "senior"  // gives leave for what a cashier may not
	RoleOwner   = "owner"   // may do everything, and says who else may
)

// RoleRank orders the roles: who ranks higher may do all that a lower one may. It is -1 for what is no role.
func RoleRank(role string) int {
	return slices.Index([]string{RoleCashier, RoleSenior, RoleOwner}, role)
}

// Errors of cashiers.
var (
	ErrNoCashier = errors.New("localdb: no such cashier")
	ErrRole      = errors.New("localdb: no such role")
	ErrLastOwner = errors.New("localdb: nobody else is an owner")
)

// SetCashier adds a cashier or changes one, who may sign in from then on. The error is ErrRole, or ErrLastOwner when
// nobody would be left who may do everything.
func (s *Store) SetCashier(ctx context.Context, c Cashier) error {
	if RoleRank(c.Role) < 0 {
		return fmt.Errorf("storing cashier %s: %w: %q", c.Name, ErrRole, c.Role)
	}
	return s.changeCashiers(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into cashiers (id, name, pin_hash, role) values (?, ?, ?, ?)
			on conflict (id) do update set name = excluded.name, pin_hash = excluded.pin_hash, role = excluded.role, active = 1`,
			c.ID, c.Name, c.PINHash, c.Role)
		if err != nil {
			return fmt.Errorf("storing cashier %s: %w", c.Name, err)
		}
		return nil
	})
}

// SetPIN changes a cashier's PIN. The error is ErrNoCashier.
func (s *Store) SetPIN(ctx context.Context, id, pinHash string) error {
	return s.changeCashiers(ctx, func(tx *sql.Tx) error {
		return changeCashier(ctx, tx, id, `update cashiers set pin_hash = ? where id = ?`, pinHash, id)
	})
}

// RemoveCashier lets somebody in no more. The name stays for the history, and SetCashier lets in again. The error is
// ErrNoCashier or ErrLastOwner.
func (s *Store) RemoveCashier(ctx context.Context, id string) error {
	return s.changeCashiers(ctx, func(tx *sql.Tx) error {
		return changeCashier(ctx, tx, id, `update cashiers set active = 0 where id = ?`, id)
	})
}

func changeCashier(ctx context.Context, tx *sql.Tx, id, text string, args ...any) error {
	res, err := tx.ExecContext(ctx, text, args...)
	if err != nil {
		return fmt.Errorf("changing cashier %s: %w", id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(fmt.Errorf("changing cashier %s: %w", id, ErrNoCashier), err)
	}
	return nil
}

// changeCashiers makes a change unless it would take the last owner away. A till that never had an owner needs none.
func (s *Store) changeCashiers(ctx context.Context, change func(*sql.Tx) error) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		before, err := owners(ctx, tx)
		if err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		after, err := owners(ctx, tx)
		if err == nil && before > 0 && after == 0 {
			return ErrLastOwner
		}
		return err
	})
}

func owners(ctx context.Context, tx *sql.Tx) (n int, err error) {
	err = tx.QueryRowContext(ctx, `select count(*) from cashiers where role = ? and active = 1`, RoleOwner).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting owners: %w", err)
	}
	return n, nil
}

// Cashiers returns those who may sign in, by name.
func (s *Store) Cashiers(ctx context.Context) ([]Cashier, error) {
	return s.cashiers(ctx, `where active = 1`)
}

// AllCashiers returns also those who may not sign in any more, by name.
func (s *Store) AllCashiers(ctx context.Context) ([]Cashier, error) { return s.cashiers(ctx, ``) }

func (s *Store) cashiers(ctx context.Context, where string) ([]Cashier, error) {
	rows, err := s.r.QueryContext(ctx, `select id, name, pin_hash, role, active from cashiers `+where+` order by name, id`)
	if err != nil {
		return nil, fmt.Errorf("reading cashiers: %w", err)
	}
	defer rows.Close()
	var all []Cashier
	for rows.Next() {
		var c Cashier
		if err := rows.Scan(&c.ID, &c.Name, &c.PINHash, &c.Role, &c.Active); err != nil {
			return nil, fmt.Errorf("reading cashiers: %w", err)
		}
		all = append(all, c)
	}
	return all, rows.Err()
}
